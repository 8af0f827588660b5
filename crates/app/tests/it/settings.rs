//! Settings, backup, checking the data.

use std::sync::Arc;

use app::{App, Host};
use serde_json::json;
use sync::crypto::KdfParams;
use sync::directory::Role;

use crate::test_host::TestHost;
use crate::world::{PASSPHRASE, World};

#[test]
fn a_backup_restores_on_another_laptop_as_a_new_replica_and_touches_nothing_there() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    let (household, _) = laptop.household("3 组 27 号", "赵荣江", "13800005127");
    assert_eq!(laptop.fails("backup_make", json!({ "folder": "relative/folder" })), "folder_unusable");
    let made = laptop.call("backup_make", json!({}));
    assert!(made["bytes"].as_u64().unwrap() > 10_000 && made["entries"].as_u64().unwrap() >= 4, "{made}");

    let host = TestHost::new(77);
    std::fs::create_dir_all(host.data_dir()).unwrap();
    let app = App::with_kdf(Arc::clone(&host) as Arc<dyn Host>, KdfParams::FLOOR);
    let restore = |path: &serde_json::Value, passphrase: &str| {
        app.call("backup_restore", json!({ "path": path, "passphrase": passphrase })).map_err(|error| error.code)
    };
    assert_eq!(restore(&json!("/nowhere"), PASSPHRASE), Err("backup_unreadable".into()));
    assert_eq!(restore(&made["path"], "not this one"), Err("wrong_passphrase".into()));
    let profile = restore(&made["path"], PASSPHRASE).unwrap();
    assert_ne!(profile["replica"], json!(laptop.replica));
    app.call("unlock", json!({ "replica": profile["replica"], "passphrase": PASSPHRASE })).unwrap();
    let page = app.call("household_open", json!({ "document": household })).unwrap();
    assert_eq!((&page["head_name"], &page["foot"]["state"]), (&json!("赵荣江"), &json!("here")));
    laptop.sound();
}

#[test]
fn settings_are_kept_within_their_bounds() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    assert_eq!(laptop.call("settings_get", json!({}))["zoom_percent"], 100);
    let settings = |zoom: u32, minutes: u32| json!({ "language": "en", "theme": "dark", "zoom_percent": zoom, "auto_lock_minutes": minutes });
    assert_eq!(laptop.fails("settings_set", settings(79, 5)), "setting_out_of_range");
    assert_eq!(laptop.fails("settings_set", settings(100, 0)), "setting_out_of_range");
    laptop.call("settings_set", settings(125, 5));
    assert_eq!(laptop.call("settings_get", json!({})), settings(125, 5));
}

#[test]
fn a_wrong_passphrase_is_told_in_the_audit_once_somebody_is_in() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Chief, &["QF-03"]), "QF-07");
    laptop.call("lock", json!({}));
    let unlock = |passphrase: &str| json!({ "replica": laptop.replica, "passphrase": passphrase });
    laptop.fails("unlock", unlock("guess number one"));
    laptop.fails("unlock", unlock("guess number two"));
    laptop.call("unlock", unlock(PASSPHRASE));
    let rows = laptop.call("audit_list", json!({ "limit": 2 }))["rows"].clone();
    assert_eq!(
        (&rows[0]["action"], &rows[1]["action"], &rows[1]["key"]),
        (&json!("unlock"), &json!("unlock_failed"), &json!("times:2"))
    );
    laptop.sound();
}

#[test]
fn one_long_job_runs_at_a_time_and_a_job_that_is_not_there_is_said_so() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    assert_eq!(laptop.fails("job_status", json!({ "job": "x" })), "job_unknown");
    assert_eq!(laptop.fails("job_cancel", json!({ "job": "x" })), "job_unknown");
    let started = laptop.call("data_check", json!({}));
    assert_eq!(laptop.finish(&started)["state"], "done");
    assert_eq!(laptop.fails("sync_now", json!({})), "sync_unavailable");
    assert_eq!(laptop.fails("no_such_command", json!({})), "unknown_command");
    assert_eq!(laptop.fails("household_open", json!({ "wrong": 1 })), "bad_request");
    assert_eq!(
        laptop.fails("set_aside_export", json!({ "act": "00000000-0000-0000-0000-000000000000" })),
        "act_unknown"
    );
}
