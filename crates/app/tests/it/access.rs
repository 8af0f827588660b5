//! Cells gained and lost while offline with unsent work; a laptop revoked.

use serde_json::json;
use station::edit::revoke;
use sync::directory::Role;
use sync::laptop::Outcome;

use crate::world::{Laptop, World};

fn sync(world: &World, laptop: &Laptop) {
    let outcome = world.sync(laptop);
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
}

fn count(laptop: &Laptop) -> u64 {
    laptop.call("household_count", json!({ "order": "address", "limit": 1 }))["count"].as_u64().unwrap()
}

/// Takes a cell away from an officer from the day before the tests begin.
fn take_away(world: &World, officer: sync::ids::OfficerId, cell: &str) {
    let scope = sync::ids::ScopeId::cell(cell).unwrap();
    world
        .station
        .edit("unassign", crate::test_host::BEGIN_MS, |directory| {
            for duty in &mut directory.assignments {
                if duty.officer == officer && duty.to == sync::directory::AssignedTo::Scope(scope.clone()) {
                    duty.to_on = Some("2026-11-01".into());
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_cell_lost_with_unsent_work_is_sent_first_then_hidden_and_comes_back_whole() {
    let world = World::new();
    let officer = world.officer(1, "陈国良", Role::Officer, &["QF-03", "QF-05"]);
    let other = world.officer(2, "沈月琴", Role::Officer, &["QF-03"]);
    let (alice, bob) = (world.laptop(officer, "QF-07"), world.laptop(other, "QF-08"));
    let (first, _) = bob.household("3 组 26 号", "钱二", "13800005126");
    sync(&world, &bob);
    sync(&world, &alice);
    // offline: her own work in the cell, and the cell is taken away meanwhile
    let (household, resident) = alice.household("3 组 27 号", "赵荣江", "13800005127");
    take_away(&world, officer, "QF-03");
    sync(&world, &alice);
    assert_eq!(alice.call("sync_status", json!({}))["unsent"], 0);
    assert_eq!(alice.call("set_aside_list", json!({}))["rows"].as_array().unwrap().len(), 0);
    let left = alice.call("sync_status", json!({}))["left"].clone();
    assert_eq!((&left[0]["cell"], &left[0]["unsent"]), (&json!("QF-03"), &json!(0)), "{left}");
    assert_eq!(count(&alice), 0);
    for household in [&household, &first] {
        assert_eq!(alice.fails("household_open", json!({ "document": household })), "denied_not_held");
    }
    assert_eq!(alice.fails("resident_open", json!({ "document": resident })), "denied_not_held");
    alice.sound();
    sync(&world, &bob);
    assert_eq!(bob.call("household_open", json!({ "document": household }))["head_name"], "赵荣江");

    // given back
    let again = sync::directory::Assignment {
        officer,
        to: sync::directory::AssignedTo::Scope(sync::ids::ScopeId::cell("QF-03").unwrap()),
        from_on: "2026-11-02".into(),
        to_on: None,
    };
    world
        .station
        .edit("assign", crate::test_host::BEGIN_MS, |directory| station::edit::assign(directory, again))
        .unwrap();
    sync(&world, &alice);
    sync(&world, &alice);
    assert_eq!(count(&alice), 2);
    assert!(alice.call("sync_status", json!({}))["left"].as_array().unwrap().is_empty());
    alice.sound();
}

#[test]
fn a_revoked_laptop_shows_nothing_and_hands_over_what_it_did_not_send() {
    let world = World::new();
    let officer = world.officer(1, "陈国良", Role::Officer, &["QF-03"]);
    let alice = world.laptop(officer, "QF-07");
    let (sent, _) = alice.household("3 组 26 号", "钱二", "13800005126");
    sync(&world, &alice);
    let (household, _) = alice.household("3 组 27 号", "赵荣江", "13800005127");
    let replica = alice.replica.parse().unwrap();
    world.station.edit("revoke", crate::test_host::BEGIN_MS, |directory| revoke(directory, replica)).unwrap();
    world.sync(&alice);
    world.sync(&alice);
    for document in [&sent, &household] {
        assert_eq!(alice.fails("household_open", json!({ "document": document })), "revoked");
    }
    let aside = alice.call("set_aside_list", json!({}));
    assert_eq!(aside["rows"][0]["reason"], "replica_revoked", "{aside}");
    assert!(aside["rows"][0]["entries"].as_u64().unwrap() >= 4, "{aside}");
    alice.call("set_aside_export", json!({ "act": aside["rows"][0]["act"] }));
}
