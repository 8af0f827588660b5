//! The real binary as the administrator uses it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use station::Station;
use sync::crypto::{self, BoxPublicKey, KdfParams};
use sync::enrolment::{self, EnrolmentCode};
use sync::ids::ReplicaId;
use tempfile::TempDir;

use crate::kit::{self, Disk, cell, document_id};

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

pub(crate) fn said(dir: &Path, args: &[&str]) -> Value {
    let output = run(dir, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(crate) fn refused(dir: &Path, args: &[&str]) -> (i32, String) {
    let output = run(dir, args);
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn an_administrator_sees_the_branches_of_a_frozen_laptop_and_keeps_one() {
    let folder = TempDir::new().unwrap();
    let dir = folder.path();
    let station = kit::found(dir);
    let mut first = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    first.complete(&station);
    let mut copy = first.copied();
    copy.unlock_again(7);
    first.write(&cell("A"), document_id(1), "name", "第一支");
    first.complete(&station);
    let replica = &kit::replica_id(1).to_string();
    assert_eq!(
        refused(dir, &["replica", "thaw", replica, "--keep", &first.head().hash.to_string()]).0,
        1,
        "not frozen"
    );
    for round in 0..=sync::limits::FORK_TOLD_MAX {
        copy.write(&cell("A"), document_id(2), "phone", &round.to_string());
        copy.sync_with(&station);
    }
    assert_eq!(said(dir, &["replica", "list"])[0]["state"], "frozen");
    let branches = said(dir, &["replica", "branches", replica]);
    let of = |at: usize| (branches[at]["followed"].as_bool(), branches[at]["set_aside"].as_u64());
    assert_eq!((of(0), of(1)), ((Some(true), Some(0)), (Some(false), Some(4))));
    let keep = &branches[1]["head"].as_str().unwrap()[..12];
    let thawed = said(dir, &["replica", "thaw", replica, "--keep", keep]);
    assert_eq!((thawed["judged"].as_u64(), &thawed["head"]), (Some(4), &branches[1]["head"]));
    assert_eq!(said(dir, &["replica", "list"])[0]["state"], "active");
    assert!(said(dir, &["set-aside", "list"]).as_array().unwrap().is_empty());
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
    assert!(said(dir, &["directory", "show", "--version", "1"])["officers"].as_array().unwrap().is_empty());
    let who = said(dir, &["who"]);
    assert_eq!((who[0]["entries"].as_u64(), who[0]["state"].as_str()), (Some(1), Some("active")));

    // The laptop was here at the hour of the tests, long before now or long after.
    let seen = who[0]["seen_at"].as_i64().unwrap();
    let days_ago = (station::http::now_ms() - seen) / 86_400_000;
    let missing = said(dir, &["who", "--days", "36500"]);
    assert_eq!(missing.as_array().unwrap().is_empty(), days_ago < 36_500);

    let replica = who[0]["replica"].as_str().unwrap();
    said(dir, &["replica", "revoke", replica, "--reason", "lost"]);
    laptop.write(&cell("QF-01"), document_id(2), "name", "二");
    laptop.complete(&station);
    let set_aside = said(dir, &["set-aside", "list"]);
    assert_eq!(set_aside[0]["reason"], "replica_revoked");
    let act = set_aside[0]["act"].as_str().unwrap();
    let export = folder.path().join("act.json");
    said(dir, &["set-aside", "show", act]);
    assert_eq!(said(dir, &["status"])["acts_unreviewed"], 1);
    said(dir, &["set-aside", "review", act, "--by", "100002", "--note", "已核实"]);
    let reviewed = said(dir, &["set-aside", "list"]);
    assert_eq!(reviewed[0]["review"]["note"], "已核实");
    assert_eq!(said(dir, &["status"])["acts_unreviewed"], 0);
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
        (&["replica", "revoke", "not-an-id", "--reason", "lost"], 1),
        (&["replica", "revoke", "00000000-0000-0000-0000-000000000001", "--reason", "stolen"], 1),
        (&["replica", "revoke", "00000000-0000-0000-0000-000000000001"], 2),
        (&["officer", "role", "--officer", "9", "--role", "chief"], 1),
        (&["officer", "end", "--officer", "1"], 1),
        (&["unassign", "--officer", "1", "--scope", "cell:A"], 1),
        (&["cell", "rename", "--code", "Z", "--name", "乙"], 1),
        (&["village", "add", "--cell", "Z", "--village", "330681101009:枫九村"], 1),
        (&["directory", "show", "--version", "99"], 1),
        (&["set-aside", "review", "00000000-0000-0000-0000-000000000001", "--by", "1"], 1),
        (&["certificate", "switch"], 1),
        (&["backup"], 2),
        (&["backup", "--out", taken], 1),
        (&["backup", "check", "--from", taken, "--code-file", taken], 1),
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

#[test]
fn duties_end_on_the_day_that_was_said_and_the_log_keeps_what_was() {
    let folder = TempDir::new().unwrap();
    let dir = &folder.path().join("station");
    said(dir, &["init", "--name", "青枫派出所", "--division", "330681"]);
    for code in ["A", "B"] {
        said(dir, &["cell", "add", "--code", code, "--name", code]);
    }
    said(dir, &["village", "add", "--cell", "A", "--village", "330681101001:枫一村"]);
    said(dir, &["cell", "rename", "--code", "A", "--name", "甲"]);
    said(dir, &["officer", "add", "--name", "张三", "--number", "1", "--role", "officer"]);
    said(dir, &["officer", "role", "--officer", "1", "--role", "chief"]);
    for (scope, from) in [("cell:A", "2026-01-01"), ("cell:B", "2026-01-01"), ("all", "2026-09-01")] {
        said(dir, &["assign", "--officer", "1", "--scope", scope, "--from", from]);
    }
    said(dir, &["unassign", "--officer", "1", "--scope", "cell:B", "--on", "2026-03-31"]);
    let ended = said(dir, &["officer", "end", "--officer", "1", "--on", "2026-06-30"]);
    assert_eq!((ended["ended"].as_u64(), &ended["active_replicas"]), (Some(2), &serde_json::json!([])));
    let officers = said(dir, &["officer", "list"]);
    assert_eq!(officers[0]["role"], "chief");
    let duties: Vec<_> = officers[0]["assignments"].as_array().unwrap().iter().map(|one| &one["to_on"]).collect();
    assert_eq!(duties, ["2026-06-30", "2026-03-31"]);
    assert_eq!(said(dir, &["cell", "list"])[0]["name"], "甲");
    assert_eq!(said(dir, &["village", "list"])[0]["cell"], "A");
    let log = said(dir, &["directory", "log"]);
    assert_eq!(log.as_array().unwrap().last().unwrap()["act"], "officer end 1 2026-06-30");
}

#[test]
fn laptops_learn_of_another_server_key_before_it_is_taken() {
    let folder = TempDir::new().unwrap();
    let dir = folder.path();
    let station = crate::kit::found(dir);
    let mut laptop = Disk::enrolled(&crate::kit::issue(&station, 1, 1, Vec::new()), 1);
    laptop.complete(&station);
    let before = said(dir, &["certificate", "show"])["pin"].clone();
    let next = said(dir, &["certificate", "prepare"])["next"].clone();
    assert_ne!(before, next);
    assert_eq!(said(dir, &["directory", "show"])["pins"], serde_json::json!([before, next]));
    let (status, message) = refused(dir, &["certificate", "switch"]);
    assert!(status == 1 && message.contains("1 active laptops"), "{message}");
    laptop.complete(&station);
    // The answer that brings the directory is counted when the laptop comes again.
    laptop.complete(&station);
    said(dir, &["certificate", "switch"]);
    assert_eq!(said(dir, &["certificate", "show"]), serde_json::json!({ "pin": next, "next": null, "not_heard": [] }));
    assert_eq!(said(dir, &["directory", "show"])["pins"], serde_json::json!([next]));
}

#[test]
fn after_a_restore_the_status_says_who_has_to_come_and_what_came_back() {
    let folder = TempDir::new().unwrap();
    let (dir, new) = (folder.path().join("station"), folder.path().join("new"));
    let station = crate::kit::found(&dir);
    let mut laptop = Disk::enrolled(&crate::kit::issue(&station, 1, 1, Vec::new()), 1);
    laptop.write(&cell("A"), document_id(1), "name", "一");
    laptop.complete(&station);
    assert_eq!(said(&dir, &["status"])["restored"], Value::Null);
    let (file, code) = (folder.path().join("one.fqbackup"), folder.path().join("code"));
    std::fs::write(&code, crate::kit::recovery_code().to_string()).unwrap();
    let (file, code) = (file.to_str().unwrap(), code.to_str().unwrap());
    let made = said(&dir, &["backup", "--out", file]);
    assert_eq!(said(&dir, &["backup", "list"])[0]["made_at"], made["made_at"]);
    assert_eq!(said(&dir, &["backup", "check", "--from", file, "--code-file", code])["entries"], 1);
    said(&new, &["restore", "--from", file, "--code-file", code]);
    let status = said(&new, &["status"]);
    assert_eq!(status["restored"]["made_at"], made["made_at"]);
    assert_eq!((&status["epochs"][1]["cause"], &status["epoch"]), (&"restored".into(), &2.into()));
    assert_eq!(status["not_seen_since"], serde_json::json!([laptop.replica.to_string()]));
    let again = Station::open(&new).unwrap();
    laptop.sync(|bytes| Ok(again.exchange(&bytes, station::http::now_ms())));
    assert_eq!(said(&new, &["status"])["not_seen_since"], serde_json::json!([]));
}

/// A laptop's key file, format 1, field by field; the laptop's store writes the same.
pub(crate) fn key_file(replica: ReplicaId, params: KdfParams, recovery: BoxPublicKey, by_recovery: &[u8]) -> Vec<u8> {
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

    let written = folder.path().join("code");
    let code = written.to_str().unwrap();
    std::fs::write(code, EnrolmentCode::from_random([8; 12]).to_string()).unwrap();
    assert_eq!(refused(dir, &["recover", "--keys", keys, "--out", opened, "--code-file", code]).0, 1);
    std::fs::write(code, crate::kit::recovery_code().to_string()).unwrap();
    let told = said(dir, &["recover", "--keys", keys, "--out", opened, "--code-file", code]);

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

    let foreign = BoxPublicKey([9; 32]);
    std::fs::write(keys, key_file(replica, KdfParams::FLOOR, foreign, &by_recovery)).unwrap();
    let other = folder.path().join("other.cbor");
    let (status, message) =
        refused(dir, &["recover", "--keys", keys, "--out", other.to_str().unwrap(), "--code-file", code]);
    assert_eq!(status, 1);
    assert!(message.contains("another station"), "{message}");
    assert!(!other.exists());
}
