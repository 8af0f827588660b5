//! Who may do what: every command of the list, under every role, compared with a table.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sync::directory::Role;

use crate::test_host::BEGIN_MS;
use crate::world::{Laptop, VILLAGE, World};

const ALL: &str = "officer auxiliary clerk chief auditor admin";
const RECORDS: &str = "officer auxiliary clerk chief";
const IMPORTERS: &str = "officer clerk chief";

/// What each command needs a role for, and a request that is good apart from that.
pub(crate) fn table(ids: &BTreeMap<&str, Value>) -> BTreeMap<&'static str, (&'static str, Value)> {
    let (household, resident, residence, heads) =
        (&ids["household"], &ids["resident"], &ids["residence"], &ids["heads"]);
    let open = json!({ "document": household });
    let list = json!({ "order": "address", "limit": 5 });
    let create = json!({ "cell": "QF-03", "village": VILLAGE, "address": "9 组 9 号", "fields": {} });
    let import = json!({ "import": "none", "sheet": "x", "mapping": {} });
    let register = json!({ "name": "r.csv", "file_base64": "5aeT5ZCNLOS9j+WdgArlvKDkuIksM+e7hAo=" });
    let job = json!({ "job": "none" });
    let disputes = json!({ "filter": "open", "order": "due", "limit": 5 });
    BTreeMap::from([
        ("session_status", (ALL, json!({}))),
        ("status_bar", (ALL, json!({}))),
        ("lease_extend", (ALL, json!({ "code": "0000-0000-0000-00" }))),
        ("code_tables", (ALL, json!({}))),
        ("draft_put", (ALL, json!({ "key": "k", "json": "{}" }))),
        ("draft_get", (ALL, json!({ "key": "k" }))),
        ("draft_delete", (ALL, json!({ "key": "k" }))),
        ("household_list", (RECORDS, list.clone())),
        ("household_count", (RECORDS, list.clone())),
        ("household_open", (RECORDS, open.clone())),
        ("household_create", (RECORDS, create)),
        ("household_save", (RECORDS, json!({ "document": household, "heads": heads, "fields": { "notes": "x" } }))),
        ("resident_list", (RECORDS, list.clone())),
        ("resident_count", (RECORDS, list)),
        ("resident_open", (RECORDS, json!({ "document": resident }))),
        ("resident_save", (RECORDS, json!({ "document": resident, "heads": [], "fields": {} }))),
        ("member_add", (RECORDS, json!({ "household": household, "relation": "97", "from_on": "2026-01-01" }))),
        ("member_leave", (RECORDS, json!({ "residence": residence, "to_on": "2000-01-01" }))),
        ("reveal", (RECORDS, json!({ "document": resident, "key": "phone", "reason": "核对" }))),
        ("history", (RECORDS, open)),
        ("search", (RECORDS, json!({ "query": "赵", "limit": 5 }))),
        ("household_move_preview", (IMPORTERS, json!({ "household": household, "to_cell": "QF-05" }))),
        (
            "household_move",
            (IMPORTERS, json!({ "household": household, "to_cell": "QF-05", "heads": [], "reason": "换网格" })),
        ),
        ("moved_list", (RECORDS, json!({}))),
        ("record_erase_preview", ("chief", json!({ "document": household }))),
        ("record_erase", ("chief", json!({ "document": household, "heads": [], "reason": "mistaken" }))),
        ("erased_list", (RECORDS, json!({}))),
        ("import_inspect", (IMPORTERS, register)),
        ("import_dry_run", (IMPORTERS, import)),
        ("import_problems_export", (IMPORTERS, json!({ "import": "none" }))),
        ("import_commit", (IMPORTERS, json!({ "import": "none", "accept_before_first_sync": true }))),
        ("job_status", (ALL, job.clone())),
        ("job_cancel", (ALL, job.clone())),
        ("sync_status", (ALL, json!({}))),
        ("sync_now", (ALL, json!({}))),
        ("sync_cancel", (ALL, json!({}))),
        ("sync_runs", (ALL, json!({}))),
        ("receipt_list", (ALL, json!({ "limit": 5 }))),
        ("set_aside_list", (RECORDS, json!({}))),
        ("set_aside_export", (IMPORTERS, json!({ "act": "00000000-0000-0000-0000-000000000000" }))),
        ("set_aside_rewrite", (ALL, json!({ "act": "00000000-0000-0000-0000-000000000000", "without": [] }))),
        ("medium_list", (ALL, json!({}))),
        ("bundle_list", (ALL, json!({}))),
        ("bundle_write", (ALL, json!({ "folder": "/nowhere/at/all" }))),
        ("bundle_take", (ALL, json!({ "path": "/nowhere/at/all" }))),
        ("settings_get", (ALL, json!({}))),
        (
            "settings_set",
            (ALL, json!({ "language": "zh", "theme": "dark", "zoom_percent": 100, "auto_lock_minutes": 5 })),
        ),
        ("backup_make", (ALL, json!({ "folder": "/nowhere/at/all" }))),
        ("data_check", (ALL, json!({}))),
        ("data_checked", (ALL, job)),
        ("audit_list", ("chief auditor", json!({ "limit": 5 }))),
        ("about", (ALL, json!({}))),
        ("today", (RECORDS, json!({}))),
        ("visit_list", (RECORDS, json!({ "limit": 5 }))),
        ("visit_open", (RECORDS, json!({ "document": ids["visit"] }))),
        ("visit_save", (RECORDS, json!({ "heads": [], "fields": visit(household) }))),
        ("patrol_list", (RECORDS, json!({ "limit": 5 }))),
        ("patrol_week", (RECORDS, json!({}))),
        ("patrol_open", (RECORDS, json!({ "document": ids["patrol"] }))),
        ("patrol_save", (RECORDS, json!({ "heads": [], "fields": patrol() }))),
        ("dispute_list", (RECORDS, disputes.clone())),
        ("dispute_count", (RECORDS, disputes)),
        ("dispute_open", (RECORDS, json!({ "document": ids["dispute"] }))),
        ("dispute_save", (RECORDS, json!({ "heads": [], "fields": dispute() }))),
        ("dispute_step", (RECORDS, json!({ "document": ids["dispute"], "heads": [], "to": "nowhere" }))),
        ("mediator_list", (RECORDS, json!({}))),
        ("mediator_suggest", (RECORDS, json!({ "document": ids["dispute"] }))),
        // mediators belong to the station, where an auxiliary writes nothing
        ("mediator_save", (IMPORTERS, json!({ "heads": [], "fields": mediator() }))),
        ("conflict_list", (RECORDS, json!({}))),
        ("conflict_open", (RECORDS, json!({ "document": resident }))),
        ("conflict_decide", (IMPORTERS, json!({ "document": resident, "heads": [], "decisions": [] }))),
        ("report_week", (RECORDS, json!({}))),
        ("report_rows", (RECORDS, json!({ "year": 2026, "week": 47, "figure": "visits", "limit": 5 }))),
        ("report_export", (IMPORTERS, json!({ "year": 2026, "week": 47, "format": "xlsx" }))),
    ])
}

fn visit(household: &Value) -> Value {
    json!({ "household": household, "kind": "11", "at": BEGIN_MS })
}

fn patrol() -> Value {
    json!({ "mode": "2", "start_at": BEGIN_MS, "end_at": BEGIN_MS + 3_600_000, "cells/QF-03/present": true })
}

fn dispute() -> Value {
    json!({ "cell": "QF-03", "title": "宅基地边界", "category": "01" })
}

fn mediator() -> Value {
    json!({ "name": "俞大爷", "kind": "M1" })
}

/// Commands that end or begin the session; they are tested with it.
pub(crate) const SESSION: [&str; 5] = ["enrol", "unlock", "lock", "passphrase_change", "backup_restore"];

fn is_denied(laptop: &Laptop, command: &str, request: &Value) -> bool {
    match laptop.app.call(command, request.clone()) {
        Ok(_) => false,
        Err(error) => {
            assert!(error.kind != app::ErrorKind::Defect, "{command}: {error:?}");
            error.code.starts_with("denied_")
        }
    }
}

/// One record of each kind, by what the table calls it.
pub(crate) fn records(laptop: &Laptop) -> BTreeMap<&'static str, Value> {
    let (household, resident) = laptop.household("3 组 27 号", "赵荣江", "13800005127");
    let page = laptop.call("household_open", json!({ "document": household }));
    let save = |command: &str, fields: Value| {
        laptop.call(command, json!({ "document": null, "heads": [], "fields": fields }))["document"].clone()
    };
    BTreeMap::from([
        ("visit", save("visit_save", visit(&json!(household)))),
        ("patrol", save("patrol_save", patrol())),
        ("dispute", save("dispute_save", dispute())),
        ("mediator", save("mediator_save", mediator())),
        ("household", json!(household)),
        ("resident", json!(resident)),
        ("residence", page["members"][0]["residence"].clone()),
        ("heads", page["heads"].clone()),
    ])
}

#[test]
fn every_command_is_allowed_to_the_roles_of_the_table_and_to_no_other() {
    let world = World::new();
    let officer = world.officer(1, "陈国良", Role::Officer, &["QF-03"]);
    let first = world.laptop(officer, "QF-07");
    let ids = records(&first);
    world.sync(&first);
    let table = table(&ids);
    for (_, command, _) in app::COMMANDS {
        let known = table.contains_key(command) || SESSION.contains(command);
        assert!(known, "{command} is in no table");
    }
    let roles = [Role::Officer, Role::Auxiliary, Role::Clerk, Role::Chief, Role::Auditor, Role::Admin];
    for (number, role) in (10_u8..).zip(roles) {
        let laptop = world.laptop(world.officer(number, role.code(), role, &["QF-03"]), role.code());
        world.sync(&laptop);
        for (command, (allowed, request)) in &table {
            let expected = allowed.split(' ').any(|one| one == role.code());
            assert_eq!(!is_denied(&laptop, command, request), expected, "{command} for {}", role.code());
        }
    }
}

#[test]
fn a_record_of_a_cell_that_is_not_held_is_not_there() {
    let world = World::new();
    let alice = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    let bob = world.laptop(world.officer(2, "沈月琴", Role::Officer, &["QF-05"]), "QF-08");
    let (household, _) = alice.household("3 组 27 号", "赵荣江", "13800005127");
    world.sync(&alice);
    world.sync(&bob);
    assert_eq!(bob.fails("household_open", json!({ "document": household })), "not_found");
    assert_eq!(
        bob.fails("household_list", json!({ "order": "address", "limit": 5, "cell": "QF-03" })),
        "denied_not_held"
    );
    assert_eq!(bob.call("household_count", json!({ "order": "address", "limit": 5 }))["count"], 0);
    bob.sound();
}

#[test]
fn a_laptop_whose_clock_is_in_the_past_does_not_lock_its_officer_out() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    laptop.host.set_ms(0);
    laptop.household("3 组 27 号", "赵荣江", "13800005127");
    assert_eq!(laptop.call("status_bar", json!({}))["clock_doubtful"], true);
    laptop.sound();
}

#[test]
fn a_revoked_laptop_shows_nothing_any_more_once_it_has_heard() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    let (household, _) = laptop.household("3 组 27 号", "赵荣江", "13800005127");
    world.sync(&laptop);
    let replica = laptop.replica.parse().unwrap();
    world.station.edit("revoke", BEGIN_MS, |directory| station::edit::revoke(directory, replica)).unwrap();
    laptop.call("household_open", json!({ "document": household }));
    world.sync(&laptop);
    assert_eq!(laptop.fails("household_open", json!({ "document": household })), "revoked");
    assert_eq!(laptop.fails("household_list", json!({ "order": "address", "limit": 5 })), "revoked");
    assert_eq!(laptop.fails("search", json!({ "query": "赵", "limit": 5 })), "revoked");
    laptop.call("backup_make", json!({}));
}

#[test]
fn what_a_revoked_laptop_wrote_before_it_heard_is_set_aside_and_counted() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07");
    world.sync(&laptop);
    let replica = laptop.replica.parse().unwrap();
    world.station.edit("revoke", BEGIN_MS, |directory| station::edit::revoke(directory, replica)).unwrap();
    laptop.household("3 组 27 号", "赵荣江", "13800005127");
    world.sync(&laptop);
    let bar = laptop.call("status_bar", json!({}));
    assert_eq!((&bar["unsent"], &bar["set_aside"]), (&json!(0), &json!(4)), "{bar}");
    let status = laptop.call("sync_status", json!({}));
    assert_eq!(status["set_aside_acts"], 1, "{status}");
    laptop.sound();
}
