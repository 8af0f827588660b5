//! The lease of a laptop: reading waits for the station, saving and sending never do; a code opens it again.

use serde_json::json;
use sync::directory::Role;
use sync::laptop::Outcome;

use crate::test_host::BEGIN_MS;
use crate::world::{Laptop, World};

const DAY_MS: i64 = 86_400_000;

fn world() -> (World, Laptop, String) {
    let world = World::new();
    let officer = world.officer(1, "陈国良", Role::Officer, &["QF-03"]);
    let alice = world.laptop(officer, "QF-07");
    let (household, _) = alice.household("3 组 27 号", "赵荣江", "13800005127");
    assert!(matches!(world.sync(&alice), Outcome::Done { .. }));
    (world, alice, household)
}

fn is_over(laptop: &Laptop) -> bool {
    laptop.call("status_bar", json!({}))["lease_over"] == true
}

#[test]
fn a_lease_locks_reading_and_nothing_else_until_the_station_is_heard() {
    let (world, alice, household) = world();
    let open = json!({ "document": household });
    alice.host.set_ms(BEGIN_MS + 60 * DAY_MS);
    alice.call("household_open", open.clone());
    alice.host.set_ms(BEGIN_MS + 61 * DAY_MS);
    assert!(is_over(&alice));
    for command in ["household_open", "history", "conflict_open"] {
        assert_eq!(alice.fails(command, open.clone()), "lease_over", "{command}");
    }
    assert_eq!(alice.fails("household_list", json!({ "order": "address", "limit": 5 })), "lease_over");
    // saving and sending go on
    let fields = json!({ "household": household, "kind": "11", "at": BEGIN_MS, "notes": "照样记" });
    alice.call("visit_save", json!({ "heads": [], "fields": fields }));
    assert!(matches!(world.sync(&alice), Outcome::Done { .. }));
    assert_eq!(alice.call("status_bar", json!({}))["unsent"], 0);
    assert!(!is_over(&alice));
    alice.call("household_open", open);
    alice.sound();
}

#[test]
fn a_clock_set_back_does_not_lengthen_a_lease_and_one_set_forward_destroys_nothing() {
    let (world, alice, household) = world();
    // fifty days, back to the first, and twenty days once more
    alice.host.set_ms(BEGIN_MS + 50 * DAY_MS);
    assert!(!is_over(&alice));
    alice.host.set_ms(BEGIN_MS);
    assert!(!is_over(&alice));
    alice.host.set_ms(BEGIN_MS + 20 * DAY_MS);
    assert!(is_over(&alice), "seventy days were counted");
    // ten years ahead, and right again
    alice.host.set_ms(BEGIN_MS + 3_650 * DAY_MS);
    assert!(is_over(&alice));
    alice.host.set_ms(BEGIN_MS + 21 * DAY_MS);
    assert!(is_over(&alice));
    assert!(matches!(world.sync(&alice), Outcome::Done { .. }));
    assert!(!is_over(&alice));
    assert_eq!(alice.call("household_open", json!({ "document": household }))["head_name"], "赵荣江");
    alice.sound();
}

#[test]
fn a_code_of_the_chief_opens_reading_once() {
    let (world, alice, household) = world();
    alice.host.set_ms(BEGIN_MS + 70 * DAY_MS);
    let ends_on = alice.call("status_bar", json!({}))["lease_ends_on"].as_str().unwrap().to_owned();
    let key = world.station.lease_key(alice.replica.parse().unwrap());
    let code = key.code(&ends_on, 14).to_string();
    assert_eq!(alice.fails("lease_extend", json!({ "code": "1234" })), "lease_code_wrong");
    let other = world.station.lease_key(sync::ids::ReplicaId::from_bytes([1; 16])).code(&ends_on, 14).to_string();
    assert_eq!(alice.fails("lease_extend", json!({ "code": other })), "lease_code_wrong");
    let given = alice.call("lease_extend", json!({ "code": code.to_lowercase() }));
    assert_eq!(given["days"], 14);
    alice.call("household_open", json!({ "document": household }));
    assert_eq!(alice.fails("lease_extend", json!({ "code": code })), "lease_code_wrong");
    alice.host.set_ms(BEGIN_MS + 84 * DAY_MS);
    assert!(!is_over(&alice));
    alice.host.set_ms(BEGIN_MS + 85 * DAY_MS);
    assert!(is_over(&alice));
    alice.sound();
}

#[test]
fn a_station_that_gives_no_lease_locks_nobody() {
    let (world, alice, household) = world();
    let none = |directory: &mut sync::directory::Directory| {
        directory.lease_days = Some(0);
        Ok(())
    };
    world.station.edit("lease-days 0", BEGIN_MS, none).unwrap();
    assert!(matches!(world.sync(&alice), Outcome::Done { .. }));
    alice.host.set_ms(BEGIN_MS + 900 * DAY_MS);
    assert!(!is_over(&alice));
    alice.call("household_open", json!({ "document": household }));
    assert_eq!(alice.fails("lease_extend", json!({ "code": "0000-0000-0000-00" })), "lease_none");
}
