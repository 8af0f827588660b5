//! The server as its keeper sees it: health, metrics, logs, limits, a full disk.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use station::Station;
use station::http::{Bounds, SYNC_PATH, Serving, serve};
use sync::laptop::{FailReason, Outcome};
use sync::wire::{RequestRefusal, Response, ResponseOutcome};
use tempfile::TempDir;

use crate::kit::{self, Disk, NOW_MS, cell, document_id};
use crate::server::{Server, client, post, runtime};

/// Stands for everything about persons: in names, in the directory, in records.
const CANARY: &str = "金丝雀赵钱孙";

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_fengqiao-station"))
}

fn admin(dir: &std::path::Path, args: &[&str]) -> Value {
    let output = program().args(args).arg("--json").arg("--dir").arg(dir).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn logs_and_metrics_of_a_shift_name_nobody() {
    let folder = TempDir::new().unwrap();
    let dir = folder.path().join("station");
    let station = kit::found(&dir);
    admin(&dir, &["officer", "add", "--name", CANARY, "--number", "778899", "--role", "officer"]);
    let log_path = folder.path().join("log");
    let mut command = program();
    command.args(["serve", "--listen", "127.0.0.1:0", "--watch", "127.0.0.1:0", "--dir"]).arg(&dir);
    command.stderr(std::fs::File::create(&log_path).unwrap());
    let mut server = Server::run(command);
    let watch = server.watch.clone().unwrap();
    let (runtime, client) = (runtime(), client(&station));
    let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    laptop.write(&cell("A"), document_id(1), "name", CANARY);
    // Not the officer's cell: set aside, which is logged nowhere by name either.
    laptop.write(&cell("B"), document_id(2), "name", CANARY);
    let outcome = laptop.sync(|bytes| runtime.block_on(post(&client, server.url(SYNC_PATH), bytes)));
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    runtime.block_on(post(&client, server.url(SYNC_PATH), CANARY.as_bytes().to_vec())).unwrap();
    runtime.block_on(client.get(server.url(&format!("/{CANARY}"))).send()).unwrap();

    let read = |url: String| runtime.block_on(async { client.get(url).send().await.unwrap().text().await.unwrap() });
    let told = read(format!("{watch}/metrics"));
    for line in [
        "fengqiao_exchanges_total{outcome=\"answered\"} ",
        "fengqiao_exchanges_total{outcome=\"malformed\"} 1",
        "fengqiao_entries 2",
        "fengqiao_acts_unreviewed 1",
        "fengqiao_backup_timestamp_seconds 0.0",
        "fengqiao_exchange_seconds_bucket{le=\"0.005\"}",
        "# EOF",
    ] {
        assert!(told.contains(line), "{line} in\n{told}");
    }
    assert!(told.contains(&format!("fengqiao_replica_behind_entries{{replica=\"{}\"}} 0", kit::replica_id(1))));
    assert!(!told.contains("QF-01") && !told.contains(CANARY) && !told.contains("民警"), "{told}");
    let elsewhere = runtime.block_on(client.get(server.url("/metrics")).send()).unwrap();
    assert_eq!(elsewhere.status(), 404, "laptops are told no metrics");
    assert!(read(format!("{watch}/health/ready")).contains("\"ready\""));

    assert!(server.order("TERM").success());
    let log = std::fs::read_to_string(&log_path).unwrap();
    let events: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let named = |event: &str| events.iter().any(|one| one["event"] == event);
    assert!(["listening", "certified", "exchange", "request_refused", "stopping", "stopped"].into_iter().all(named));
    for word in [CANARY, "金丝雀", "778899", "民警", "QF-01", "青枫"] {
        assert!(!log.contains(word), "{word} in\n{log}");
    }
}

#[test]
fn metrics_are_told_on_a_loopback_address_only() {
    let dir = TempDir::new().unwrap();
    drop(kit::found(dir.path()));
    let output = program()
        .args(["serve", "--listen", "127.0.0.1:0", "--watch", "0.0.0.0:0", "--dir"])
        .arg(dir.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("loopback"));
}

/// A server in this process, with bounds of one's own; ends with the runtime.
fn serve_here(runtime: &tokio::runtime::Runtime, dir: &TempDir, bounds: Bounds) -> (Arc<Station>, u16) {
    let station = Arc::new(kit::found(dir.path()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let tls = station.certificates().unwrap().server_config().unwrap();
    let serving = Serving::new(Arc::clone(&station), listener, tls).within(bounds);
    runtime.spawn(serve(serving, std::future::pending()));
    (station, port)
}

/// A TLS connection on which bytes are written by hand.
fn connection(station: &Station, port: u16) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(station.certificates().unwrap().authority.into()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let tls = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(tls, TcpStream::connect(("127.0.0.1", port)).unwrap())
}

/// What comes until the other side ends the connection, however it does.
fn rest(from: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = from.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn whoever_dawdles_in_handshake_head_or_body_is_let_go_and_others_are_served() {
    let dir = TempDir::new().unwrap();
    let runtime = runtime();
    let short = Duration::from_millis(100);
    let bounds = Bounds {
        handshake_timeout: short,
        head_timeout: short,
        body_stall_timeout: short,
        connections_max: 4,
        ..Bounds::default()
    };
    let (station, port) = serve_here(&runtime, &dir, bounds);
    let mut silent = TcpStream::connect(("127.0.0.1", port)).unwrap();
    assert_eq!(rest(&mut silent), "");
    let mut half_head = connection(&station, port);
    half_head.write_all(b"POST /sync/v1 HTTP/1.1\r\nHost: lo").unwrap();
    assert_eq!(rest(&mut half_head), "");
    let mut half_body = connection(&station, port);
    half_body.write_all(b"POST /sync/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n12").unwrap();
    let answer = rest(&mut half_body);
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    let mut long_head = connection(&station, port);
    let _ = long_head.write_all(b"POST /sync/v1 HTTP/1.1\r\n").and_then(|()| {
        (0..2000).try_for_each(|_| long_head.write_all(b"X-Long: 0123456789012345678901234567890123456789\r\n"))
    });
    assert!(!rest(&mut long_head).starts_with("HTTP/1.1 2"));
    let mut good = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    good.write(&cell("A"), document_id(1), "name", "一");
    let (client, url) = (client(&station), format!("https://localhost:{port}{SYNC_PATH}"));
    let outcome = good.sync(|bytes| runtime.block_on(post(&client, url.clone(), bytes)));
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
}

#[test]
fn a_station_whose_disk_fills_says_that_it_is_not_ready() {
    let dir = TempDir::new().unwrap();
    let runtime = runtime();
    let (station, port) = serve_here(&runtime, &dir, Bounds { disk_reserve_bytes: u64::MAX, ..Bounds::default() });
    let client = client(&station);
    let status = |path| {
        let sent = client.get(format!("https://localhost:{port}{path}")).send();
        runtime.block_on(sent).unwrap().status().as_u16()
    };
    assert_eq!((status("/health/live"), status("/health/ready")), (200, 503));
}

#[test]
fn a_request_that_finds_no_free_hand_is_told_to_come_back() {
    let dir = TempDir::new().unwrap();
    let runtime = runtime();
    let bounds = Bounds { exchanges_max: 0, turn_timeout: Duration::ZERO, ..Bounds::default() };
    let (station, port) = serve_here(&runtime, &dir, bounds);
    let url = format!("https://localhost:{port}{SYNC_PATH}");
    let answer = runtime.block_on(post(&client(&station), url, b"whatever".to_vec())).unwrap();
    assert_eq!(Response::decode(&answer).unwrap().outcome, ResponseOutcome::Refused(RequestRefusal::Busy));
}

#[test]
fn a_laptop_that_asks_without_end_is_told_to_come_back_and_others_are_answered() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut one = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    let mut two = Disk::enrolled(&kit::issue(&station, 2, 2, Vec::new()), 2);
    one.complete(&station);
    let mut request = Vec::new();
    one.sync(|bytes| {
        request.clone_from(&bytes);
        Ok(station.exchange(&bytes, NOW_MS))
    });
    let busy = ResponseOutcome::Refused(RequestRefusal::Busy);
    let refused = |at_ms| Response::decode(&station.exchange(&request, at_ms)).unwrap().outcome == busy;
    assert!((0..5000).any(|_| refused(NOW_MS)));
    assert!(!refused(NOW_MS + 60_000));
    two.complete(&station);
}

/// Files of the server may not grow beyond a bound, as on a full disk.
#[test]
fn on_a_full_disk_work_is_refused_for_now_and_all_of_it_arrives_later() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    laptop.complete(&station);
    let client = client(&station);
    station.checkpoint().unwrap();
    drop(station);
    for number in 1..=300 {
        laptop.write(&cell("A"), document_id(number), "notes", &format!("{number} 走访记录").repeat(40));
    }
    let bytes = std::fs::metadata(dir.path().join("station.db")).unwrap().len();
    let blocks = bytes / 512 + 128;
    let mut command = Command::new("sh");
    let (program, folder) = (env!("CARGO_BIN_EXE_fengqiao-station"), dir.path().display());
    command
        .arg("-c")
        .stderr(Stdio::null())
        .arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec {program} serve --listen 127.0.0.1:0 --dir {folder}"));
    let runtime = runtime();
    let mut server = Server::run(command);
    let outcome = laptop.sync(|bytes| runtime.block_on(post(&client, server.url(SYNC_PATH), bytes)));
    let reason = FailReason::Refused(RequestRefusal::StorageFailed);
    assert!(matches!(&outcome, Outcome::Failed { reason: found, .. } if *found == reason), "{outcome:?}");
    server.kill();
    let acknowledged = laptop.receipts_through();
    let station = Station::open(dir.path()).unwrap();
    let held = station.replicas().unwrap()[0].entries;
    assert!(held >= acknowledged && held < 300, "{held} held, {acknowledged} acknowledged");
    laptop.complete(&station);
    assert_eq!(laptop.receipts_through(), 300);
    assert_eq!(station.replicas().unwrap()[0].entries, 300);
}
