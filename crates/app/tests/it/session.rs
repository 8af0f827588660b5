//! Enrolling, unlocking, locking.

use std::sync::Arc;

use app::{App, Event, SyncSignal};
use serde_json::json;
use sync::crypto::KdfParams;
use sync::directory::Role;

use crate::test_host::TestHost;
use crate::world::{PASSPHRASE, World};

#[test]
fn a_laptop_is_enrolled_without_a_network_and_only_once() {
    let world = World::new();
    let officer = world.officer(1, "陈国良", Role::Officer, &["QF-03"]);
    let (file, code) = world.enrolment(officer, "QF-07");
    let host = TestHost::new(5);
    let app = App::with_kdf(Arc::clone(&host) as Arc<dyn app::Host>, KdfParams::FLOOR);
    assert_eq!(app.call("session_status", json!({})).unwrap()["state"], "empty");
    let enrol = |code: &str, passphrase: &str| {
        let request = json!({ "file_base64": file, "code": code, "passphrase": passphrase });
        app.call("enrol", request).map_err(|error| error.code)
    };
    assert_eq!(enrol(&code, "short"), Err("passphrase_too_short".into()));
    assert_eq!(enrol("0000-0000-0000", PASSPHRASE), Err("enrolment_wrong_code".into()));
    let profile = enrol(&code, PASSPHRASE).unwrap();
    assert_eq!((&profile["officer"], &profile["laptop"]), (&json!("陈国良"), &json!("QF-07")));
    assert_eq!(profile["made_up"], true);
    assert_eq!(enrol(&code, PASSPHRASE), Err("enrolment_used".into()));
    assert_eq!(app.call("session_status", json!({})).unwrap()["state"], "locked");

    let unlock = |passphrase: &str| {
        let request = json!({ "replica": profile["replica"], "passphrase": passphrase });
        app.call("unlock", request).map_err(|error| error.code)
    };
    assert_eq!(unlock("something else"), Err("wrong_passphrase".into()));
    let status = unlock(PASSPHRASE).unwrap();
    assert_eq!(status["current"]["cells"][0]["code"], "QF-03");
    assert_eq!(status["current"]["role"], "officer");
    assert_eq!(unlock(PASSPHRASE), Err("already_unlocked".into()));
}

#[test]
fn nothing_is_answered_once_the_session_is_locked() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    let (events, signals) = (laptop.app.subscribe(), laptop.app.signals());
    laptop.household("3 组 27 号", "赵荣江", "13800005127");
    laptop.call("lock", json!({}));
    assert!(events.try_iter().any(|event| matches!(event, Event::Locked { .. })));
    let heard: Vec<SyncSignal> = signals.try_iter().collect();
    assert!(heard.contains(&SyncSignal::NewWork) && heard.last() == Some(&SyncSignal::Locked), "{heard:?}");
    assert!(laptop.app.exchange().is_none());
    for (_, command, access) in app::COMMANDS {
        if *access != "open" {
            let answer = laptop.app.call(command, json!({}));
            let code = answer.err().map(|error| error.code).unwrap_or_default();
            assert_eq!(code, "locked", "{command}");
        }
    }
}

#[test]
fn a_changed_passphrase_opens_and_the_old_one_does_not() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    let (household, _) = laptop.household("3 组 27 号", "赵荣江", "13800005127");
    let change = |old: &str| json!({ "old": old, "new": "another one 2026" });
    assert_eq!(laptop.fails("passphrase_change", change("wrong old one")), "wrong_passphrase");
    laptop.call("passphrase_change", change(PASSPHRASE));
    laptop.call("lock", json!({}));
    let unlock = |passphrase: &str| json!({ "replica": laptop.replica, "passphrase": passphrase });
    assert_eq!(laptop.fails("unlock", unlock(PASSPHRASE)), "wrong_passphrase");
    laptop.call("unlock", unlock("another one 2026"));
    assert_eq!(laptop.call("household_open", json!({ "document": household }))["head_name"], "赵荣江");
    laptop.sound();
}

#[test]
fn no_word_of_a_record_is_in_any_file_of_the_folder() {
    use app::Host;
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    laptop.household("黄鹂巷九十九号", "金丝雀", "13800005127");
    laptop.call("draft_put", json!({ "key": "visit/new", "json": "\"金丝雀\"" }));
    laptop.call("lock", json!({}));
    let mut folders = vec![laptop.host.data_dir().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            for canary in ["金丝雀", "黄鹂巷", "13800005127", PASSPHRASE] {
                let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
                assert!(!found, "{canary} in {}", path.display());
            }
        }
    }
    assert!(files >= 2);
}

#[test]
fn drafts_survive_a_restart_and_are_forgotten_when_asked() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    laptop.call("draft_put", json!({ "key": "visit/new", "json": "{\"notes\":\"一半\"}" }));
    laptop.call("lock", json!({}));
    laptop.call("unlock", json!({ "replica": laptop.replica, "passphrase": PASSPHRASE }));
    let draft = laptop.call("draft_get", json!({ "key": "visit/new" }));
    assert_eq!(draft["json"], "{\"notes\":\"一半\"}");
    laptop.call("draft_delete", json!({ "key": "visit/new" }));
    assert_eq!(laptop.call("draft_get", json!({ "key": "visit/new" }))["json"], json!(null));
    let huge = "x".repeat(70_000);
    assert_eq!(laptop.fails("draft_put", json!({ "key": "k", "json": huge })), "too_large");
}

#[test]
fn two_officers_share_a_laptop_and_no_record() {
    let world = World::new();
    let first = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    let (household, _) = first.household("3 组 27 号", "赵荣江", "13800005127");
    first.call("lock", json!({}));
    let (file, code) = world.enrolment(world.officer(2, "沈月琴", Role::Officer, &["QF-03"]), "QF-07");
    let profile = first.call("enrol", json!({ "file_base64": file, "code": code, "passphrase": "another one 2026" }));
    let names = |status: &serde_json::Value| {
        let profiles = status["profiles"].as_array().unwrap();
        let mut names: Vec<String> = profiles.iter().map(|one| one["officer"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&first.call("session_status", json!({}))), ["沈月琴", "陈国良"]);
    first.call("unlock", json!({ "replica": profile["replica"], "passphrase": "another one 2026" }));
    assert_eq!(first.fails("household_open", json!({ "document": household })), "not_found");
    assert_eq!(
        first.fails("unlock", json!({ "replica": first.replica, "passphrase": PASSPHRASE })),
        "already_unlocked"
    );
    first.call("lock", json!({}));
    first.call("unlock", json!({ "replica": first.replica, "passphrase": PASSPHRASE }));
    assert_eq!(first.call("household_open", json!({ "document": household }))["head_name"], "赵荣江");
}

#[test]
fn an_enrolment_that_a_power_cut_ended_can_be_made_again() {
    use app::Host;
    let world = World::new();
    let (file, code) = world.enrolment(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    let host = TestHost::new(6);
    let app = App::with_kdf(Arc::clone(&host) as Arc<dyn Host>, KdfParams::FLOOR);
    let leftover = host.data_dir().join("replicas").join("65656565-6565-6565-6565-656565656565");
    std::fs::create_dir_all(&leftover).unwrap();
    std::fs::write(leftover.join("main.db"), b"half").unwrap();
    let request = json!({ "file_base64": file, "code": code, "passphrase": PASSPHRASE });
    let profile = app.call("enrol", request).unwrap();
    assert_eq!(profile["replica"], "65656565-6565-6565-6565-656565656565");
    assert_eq!(app.call("session_status", json!({})).unwrap()["profiles"].as_array().unwrap().len(), 1);
    app.call("unlock", json!({ "replica": profile["replica"], "passphrase": PASSPHRASE })).unwrap();
}
