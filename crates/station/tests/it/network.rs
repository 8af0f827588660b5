//! The real binary on loopback with real TLS: limits, restarts, kill -9.

use station::Station;
use station::http::SYNC_PATH;
use sync::laptop::Outcome;
use sync::limits;
use sync::wire::{Response, ResponseOutcome};
use tempfile::TempDir;

use crate::kit::{self, Disk, cell, document_id};
use crate::server::{Server, client, post, runtime};

#[test]
fn a_laptop_syncs_over_tls_and_the_watcher_sees_the_server_ready() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    laptop.write(&cell("A"), document_id(1), "name", "一");
    let server = Server::start(dir.path());
    let (runtime, client) = (runtime(), client(&station));
    let outcome = laptop.sync(|bytes| runtime.block_on(post(&client, server.url(SYNC_PATH), bytes)));
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    assert_eq!(laptop.receipts_through(), 1);

    for path in ["/health/live", "/health/ready"] {
        let response = runtime.block_on(client.get(server.url(path)).send()).unwrap();
        assert_eq!(response.status(), 200, "{path}");
    }
    let lost = runtime.block_on(client.get(server.url("/elsewhere")).send()).unwrap();
    assert_eq!(lost.status(), 404);
    let wrong = runtime.block_on(client.get(server.url(SYNC_PATH)).send()).unwrap();
    assert_eq!(wrong.status(), 405);
}

#[test]
fn a_body_beyond_the_limit_is_not_taken_and_the_server_goes_on() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let server = Server::start(dir.path());
    let (runtime, client) = (runtime(), client(&station));
    let huge = vec![0_u8; limits::REQUEST_BYTES_MAX + 1];
    let sent = runtime.block_on(client.post(server.url(SYNC_PATH)).body(huge).send());
    // The server may close the connection before all was sent; that is a refusal too.
    if let Ok(response) = sent {
        assert_eq!(response.status(), 413);
    }
    let largest = vec![0_u8; limits::REQUEST_BYTES_MAX];
    let answer = runtime.block_on(post(&client, server.url(SYNC_PATH), largest)).unwrap();
    assert!(matches!(Response::decode(&answer).unwrap().outcome, ResponseOutcome::Refused(_)));
}

#[test]
fn a_client_that_trusts_another_authority_gets_no_connection() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    drop(kit::found(dir.path()));
    let elsewhere = kit::found(other.path());
    let server = Server::start(dir.path());
    let sent = runtime().block_on(client(&elsewhere).get(server.url("/health/live")).send());
    assert!(sent.unwrap_err().is_connect());
}

#[test]
fn an_order_to_stop_is_followed_with_success() {
    let dir = TempDir::new().unwrap();
    drop(kit::found(dir.path()));
    for signal in ["TERM", "INT"] {
        let mut server = Server::start(dir.path());
        assert!(server.order(signal).success());
        assert!(!dir.path().join("station.db-wal").exists(), "one file is left to copy");
    }
}

/// Sends a whole lane while the server is killed in the middle of requests; what was acknowledged must be there.
#[test]
fn nothing_with_a_receipt_is_lost_when_the_server_is_killed_while_it_writes() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    let mut witness = Disk::enrolled(&kit::issue(&station, 2, 2, Vec::new()), 2);
    let client = client(&station);
    drop(station);
    let runtime = runtime();
    let mut written = 0;
    for round in 0..8_u64 {
        for _ in 0..120 {
            written += 1;
            laptop.write(&cell("A"), document_id(written), "notes", &"走访记录".repeat(40));
        }
        let mut server = Server::start(dir.path());
        let mut requests = 0;
        let outcome = laptop.sync(|bytes| {
            requests += 1;
            let sending = runtime.spawn({
                let (client, url) = (client.clone(), server.url(SYNC_PATH));
                async move { post(&client, url, bytes).await }
            });
            // The n-th request of a round meets a server that dies at some point of its work.
            if requests == 1 + round % 2 {
                for _ in 0..round * 400 {
                    std::thread::yield_now();
                }
                server.kill();
            }
            runtime.block_on(sending).unwrap()
        });
        drop(server);
        let acknowledged = laptop.receipts_through();
        let held = Station::open(dir.path()).unwrap().replicas().unwrap();
        let held = held.iter().find(|one| one.replica == laptop.replica).unwrap().entries;
        assert!(held >= acknowledged, "round {round}: {held} held, {acknowledged} acknowledged, {outcome:?}");
        assert!(held <= written);
    }
    let server = Server::start(dir.path());
    for disk in [&mut laptop, &mut witness] {
        let outcome = disk.sync(|bytes| runtime.block_on(post(&client, server.url(SYNC_PATH), bytes)));
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }
    assert_eq!(laptop.receipts_through(), written);
    assert_eq!(witness.documents.len() as u64, written);
    assert_eq!(witness.log_of(&cell("A")).len() as u64, written);
}
