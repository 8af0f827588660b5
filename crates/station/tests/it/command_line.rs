//! The real binary as the administrator uses it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use station::Station;
use sync::crypto::{self, KdfParams, RecoveryPublicKey};
use sync::enrolment::{self, EnrolmentCode};
use sync::ids::ReplicaId;
use tempfile::TempDir;

use crate::kit::{Disk, cell, document_id};

fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fengqiao-station"))
        .args(args)
        .arg("--json")
        .arg("--dir")
        .arg(dir)
        .env_remove("RUST_LOG")
        .output()
        .unwrap()
}

fn said(dir: &Path, args: &[&str]) -> Value {
    let output = run(dir, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(dir: &Path, args: &[&str]) -> (i32, String) {
    let output = run(dir, args);
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn an_administrator_founds_a_station_and_enrols_a_laptop_that_syncs() {
    let folder = TempDir::new().unwrap();
    let dir = &folder.path().join("station");
    let founded = said(dir, &["init", "--name", "青枫派出所", "--division", "330681", "--made-up"]);
    assert!(founded["recovery_code"].as_str().unwrap().parse::<EnrolmentCode>().is_ok());
    said(dir, &["cell", "add", "--code", "QF-01", "--name", "枫一", "--village", "330681101001:枫一村"]);
    for (name, number, role) in [("张三", "100001", "officer"), ("李四", "100002", "chief")] {
        said(dir, &["officer", "add", "--name", name, "--number", number, "--role", role]);
    }
    said(dir, &["assign", "--officer", "100001", "--scope", "cell:QF-01", "--from", "2026-01-01"]);
    said(dir, &["assign", "--officer", "100002", "--scope", "all"]);
    let file = folder.path().join("QF-07.fqenrol");
    let path = file.to_str().unwrap();
    let url = "https://127.0.0.1:8443";
    let told = said(dir, &["enrol", "--officer", "100001", "--laptop", "QF-07", "--url", url, "--out", path]);

    let code = told["code"].as_str().unwrap().parse().unwrap();
    let opened = enrolment::open_file(&std::fs::read(&file).unwrap(), &code).unwrap();
    assert_eq!(opened.enrolment.servers, [url]);
    assert_eq!(opened.enrolment.tls_pin.to_string(), founded["pin"].as_str().unwrap());
    assert_eq!(opened.directory.version, 6);
    let station = Station::open(dir).unwrap();
    let mut laptop = Disk::enrolled(&opened.enrolment, 1);
    laptop.write(&cell("QF-01"), document_id(1), "name", "一");
    laptop.complete(&station);
    assert_eq!(laptop.receipts_through(), 1);

    let shown = said(dir, &["directory", "show"]);
    assert_eq!(shown["version"], 7);
    assert_eq!(shown["made_up"], true);
    assert_eq!(shown["replicas"][0]["laptop"], "QF-07");
    let acts = said(dir, &["directory", "log"]);
    assert_eq!(acts.as_array().unwrap().len(), 7);
    let who = said(dir, &["who"]);
    assert_eq!((who[0]["entries"].as_u64(), who[0]["state"].as_str()), (Some(1), Some("active")));

    // The laptop was here at the hour of the tests, long before now or long after.
    let seen = who[0]["seen_at"].as_i64().unwrap();
    let days_ago = (station::http::now_ms() - seen) / 86_400_000;
    let missing = said(dir, &["who", "--days", "36500"]);
    assert_eq!(missing.as_array().unwrap().is_empty(), days_ago < 36_500);

    let replica = who[0]["replica"].as_str().unwrap();
    said(dir, &["replica", "revoke", replica]);
    laptop.write(&cell("QF-01"), document_id(2), "name", "二");
    laptop.complete(&station);
    let set_aside = said(dir, &["set-aside", "list"]);
    assert_eq!(set_aside[0]["reason"], "replica_revoked");
    let act = set_aside[0]["act"].as_str().unwrap();
    let export = folder.path().join("act.json");
    said(dir, &["set-aside", "show", act]);
    said(dir, &["set-aside", "export", act, "--out", export.to_str().unwrap()]);
    let exported: Value = serde_json::from_slice(&std::fs::read(&export).unwrap()).unwrap();
    assert!(exported["entries"][0]["body"].as_str().unwrap().starts_with("856f4a83"));
}

#[test]
fn what_cannot_be_done_is_refused_with_a_reason_and_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let dir = &folder.path().join("station");
    assert_eq!(refused(dir, &["who"]).0, 3);
    said(dir, &["init", "--name", "青枫派出所", "--division", "330681"]);
    assert_eq!(refused(dir, &["init", "--name", "又一个", "--division", "330681"]).0, 3);
    said(dir, &["cell", "add", "--code", "A", "--name", "甲", "--village", "330681101001:枫一村"]);
    said(dir, &["officer", "add", "--name", "张三", "--number", "1", "--role", "officer"]);
    let there = folder.path().join("there");
    std::fs::write(&there, "kept").unwrap();
    let taken = there.to_str().unwrap();
    for (args, code) in [
        (&["cell", "add", "--code", "A", "--name", "乙"][..], 1),
        (&["cell", "add", "--code", "B", "--name", "乙", "--village", "330681101001:枫一村"], 1),
        (&["cell", "add", "--code", "B/..", "--name", "乙"], 1),
        (&["officer", "add", "--name", "李四", "--number", "1", "--role", "officer"], 1),
        (&["officer", "add", "--name", "李四", "--number", "2", "--role", "emperor"], 1),
        (&["assign", "--officer", "9", "--scope", "cell:A"], 1),
        (&["assign", "--officer", "1", "--scope", "cell:Z"], 1),
        (&["assign", "--officer", "1", "--scope", "cell:A", "--from", "2026-02-30"], 1),
        (&["enrol", "--officer", "1", "--laptop", "L", "--url", "http://127.0.0.1", "--out", "x"], 1),
        (&["enrol", "--officer", "1", "--laptop", "L", "--url", "https://a:1", "--out", taken], 3),
        (&["replica", "revoke", "not-an-id"], 1),
        (&["replica", "revoke", "00000000-0000-0000-0000-000000000001"], 1),
        (&["set-aside", "show", "00000000-0000-0000-0000-000000000001"], 1),
        (&["nonsense"], 2),
    ] {
        let (found, message) = refused(dir, args);
        assert_eq!(found, code, "{args:?}: {message}");
        assert!(!message.is_empty());
    }
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "kept");
    assert_eq!(said(dir, &["directory", "show"])["version"], 3);
    assert_eq!(said(dir, &["replica", "list"]).as_array().unwrap().len(), 0);
}

/// A laptop's key file, format 1, field by field; the laptop's store writes the same.
fn key_file(replica: ReplicaId, params: KdfParams, recovery: RecoveryPublicKey, by_recovery: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut e = minicbor::Encoder::new(&mut out);
    e.array(8).unwrap().u32(1).unwrap().bytes(replica.as_bytes()).unwrap();
    e.array(4).unwrap().str("张三").unwrap().str("QF-07").unwrap().str("青枫派出所").unwrap().bool(true).unwrap();
    e.encode(params).unwrap().bytes(&[1; 16]).unwrap().bytes(&[2; 72]).unwrap();
    e.encode(recovery).unwrap().bytes(by_recovery).unwrap();
    out
}

#[test]
fn a_forgotten_passphrase_loses_nothing_while_the_station_has_its_recovery_code() {
    let folder = TempDir::new().unwrap();
    let dir = &folder.path().join("station");
    let recovery = crate::kit::found(dir).directory().unwrap().recovery_key;
    let (replica, data_key) = (crate::kit::replica_id(1), [5_u8; 32]);
    let context = [b"fengqiao data key 1".as_slice(), replica.as_bytes()].concat();
    let by_recovery = crypto::seal_box(&recovery, [6; 32], &context, &data_key);
    let keys = folder.path().join("keys.cbor");
    std::fs::write(&keys, key_file(replica, KdfParams::FLOOR, recovery, &by_recovery)).unwrap();
    let opened = folder.path().join("opened.cbor");
    let (keys, opened) = (keys.to_str().unwrap(), opened.to_str().unwrap());

    let wrong = EnrolmentCode::from_random([8; 12]).to_string();
    assert_eq!(refused(dir, &["recover", "--keys", keys, "--out", opened, "--code", &wrong]).0, 1);
    let code = crate::kit::recovery_code().to_string();
    let told = said(dir, &["recover", "--keys", keys, "--out", opened, "--code", &code]);

    let bytes = std::fs::read(opened).unwrap();
    let mut d = minicbor::Decoder::new(&bytes);
    assert_eq!(d.array().unwrap(), Some(8));
    for _ in 0..3 {
        d.skip().unwrap();
    }
    let params: KdfParams = d.decode().unwrap();
    let salt: [u8; 16] = d.bytes().unwrap().try_into().unwrap();
    let wrap = params.derive(told["passphrase"].as_str().unwrap().as_bytes(), &salt).unwrap();
    assert_eq!(crypto::open(&wrap, &context, d.bytes().unwrap()).unwrap().as_slice(), data_key);

    let foreign = RecoveryPublicKey([9; 32]);
    std::fs::write(keys, key_file(replica, KdfParams::FLOOR, foreign, &by_recovery)).unwrap();
    let other = folder.path().join("other.cbor");
    let (status, message) =
        refused(dir, &["recover", "--keys", keys, "--out", other.to_str().unwrap(), "--code", &code]);
    assert_eq!(status, 1);
    assert!(message.contains("another station"), "{message}");
    assert!(!other.exists());
}
