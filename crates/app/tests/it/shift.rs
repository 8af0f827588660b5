//! A shift of two laptops and a station.

use serde_json::{Value, json};
use sync::directory::Role;
use sync::laptop::Outcome;

use crate::world::{Laptop, World};

fn done(outcome: &Outcome) {
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
}

fn phone(laptop: &Laptop, resident: &str) -> Value {
    laptop.call("reveal", json!({ "document": resident, "key": "phone", "reason": "核对联系方式" }))["value"].clone()
}

fn open(laptop: &Laptop, resident: &str) -> Value {
    laptop.call("resident_open", json!({ "document": resident }))
}

fn save_phone(laptop: &Laptop, resident: &str, heads: &Value, phone: &str) -> Value {
    laptop.call("resident_save", json!({ "document": resident, "heads": heads, "fields": { "phone": phone } }))
}

#[test]
fn what_one_officer_records_the_other_reads_after_both_met_the_station() {
    let world = World::new();
    let (a, b) =
        (world.officer(1, "陈国良", Role::Officer, &["QF-03"]), world.officer(2, "沈月琴", Role::Officer, &["QF-03"]));
    let (alice, bob) = (world.laptop(a, "QF-07"), world.laptop(b, "QF-08"));
    let (household, resident) = alice.household("3 组 27 号", "赵荣江", "13800005127");
    assert_eq!(alice.call("household_open", json!({ "document": household }))["foot"]["state"], "here");
    let bar = alice.call("status_bar", json!({}));
    assert!(bar["unsent"].as_u64().unwrap() >= 4, "{bar}");

    done(&world.sync(&alice));
    let page = alice.call("household_open", json!({ "document": household }));
    assert_eq!(page["foot"]["state"], "station");
    assert!(page["foot"]["received_at"].is_i64());
    assert_eq!(alice.call("status_bar", json!({}))["unsent"], 0);
    assert_eq!(alice.call("sync_status", json!({}))["certified"], true);

    done(&world.sync(&bob));
    let there = bob.call("household_open", json!({ "document": household }));
    assert_eq!(there["head_name"], "赵荣江");
    assert_eq!(there["foot"]["last_officer"], "陈国良");
    assert_eq!(there["foot"]["last_laptop"], "QF-07");
    assert_eq!(phone(&bob, &resident), "13800005127");
    alice.sound();
    bob.sound();
}

#[test]
fn a_phone_edited_on_two_laptops_shows_as_a_conflict_with_both_values() {
    let world = World::new();
    let (a, b) =
        (world.officer(1, "陈国良", Role::Officer, &["QF-03"]), world.officer(2, "沈月琴", Role::Officer, &["QF-03"]));
    let (alice, bob) = (world.laptop(a, "QF-07"), world.laptop(b, "QF-08"));
    let (_, resident) = alice.household("3 组 27 号", "赵荣江", "13800005127");
    done(&world.sync(&alice));
    done(&world.sync(&bob));

    let (at_alice, at_bob) = (open(&alice, &resident), open(&bob, &resident));
    save_phone(&alice, &resident, &at_alice["heads"], "13800000001");
    save_phone(&bob, &resident, &at_bob["heads"], "13800000002");
    done(&world.sync(&alice));
    done(&world.sync(&bob));
    done(&world.sync(&alice));
    for laptop in [&alice, &bob] {
        let page = open(laptop, &resident);
        assert_eq!(page["conflicts"], json!(["phone"]));
        assert_eq!(laptop.call("status_bar", json!({}))["conflicts"], 1);
        let refused = json!({ "document": resident, "heads": page["heads"], "fields": { "phone": "13800000003" } });
        assert_eq!(laptop.fails("resident_save", refused), "field_in_conflict");
        laptop.sound();
    }
    assert_eq!(phone(&alice, &resident), phone(&bob, &resident));
}

#[test]
fn a_decision_of_one_officer_settles_the_conflict_for_both() {
    let world = World::new();
    let (a, b) =
        (world.officer(1, "陈国良", Role::Officer, &["QF-03"]), world.officer(2, "沈月琴", Role::Officer, &["QF-03"]));
    let (alice, bob) = (world.laptop(a, "QF-07"), world.laptop(b, "QF-08"));
    let (_, resident) = alice.household("3 组 27 号", "赵荣江", "13800005127");
    done(&world.sync(&alice));
    done(&world.sync(&bob));
    let (at_alice, at_bob) = (open(&alice, &resident), open(&bob, &resident));
    save_phone(&alice, &resident, &at_alice["heads"], "13800000001");
    save_phone(&bob, &resident, &at_bob["heads"], "13800000002");
    done(&world.sync(&alice));
    done(&world.sync(&bob));
    done(&world.sync(&alice));

    let card = alice.call("conflict_open", json!({ "document": resident }));
    let field = &card["fields"][0];
    assert_eq!((&field["key"], &field["masked"]), (&json!("phone"), &json!(true)));
    let sides = field["sides"].as_array().unwrap();
    assert_eq!(sides.len(), 2);
    let of_bob = sides.iter().find(|side| side["officer"] == "沈月琴").unwrap();
    assert_eq!(of_bob["laptop"], "QF-08");
    let named: Vec<&Value> = sides.iter().map(|side| &side["change"]).collect();
    let decide = |named: Value, take: Value, own: Value| {
        json!({
            "document": resident, "heads": card["heads"],
            "decisions": [{ "key": "phone", "named": named, "take": take, "own": own }],
        })
    };
    let all = json!(named);
    assert_eq!(
        alice.fails("conflict_decide", decide(json!([named[0]]), of_bob["change"].clone(), Value::Null)),
        "decision_stale"
    );
    assert_eq!(alice.fails("conflict_decide", decide(all.clone(), Value::Null, Value::Null)), "decision_unclear");
    assert_eq!(alice.fails("conflict_decide", decide(all.clone(), Value::Null, json!("不知道"))), "field_bad_phone");
    alice.call("conflict_decide", decide(all, of_bob["change"].clone(), Value::Null));
    done(&world.sync(&alice));
    done(&world.sync(&bob));
    for laptop in [&alice, &bob] {
        assert_eq!(open(laptop, &resident)["conflicts"], json!([]));
        assert_eq!(phone(laptop, &resident), "13800000002");
        let list = laptop.call("conflict_list", json!({}));
        assert_eq!(list["open"], json!([]));
        assert_eq!(list["settled"][0]["officer"], "陈国良");
        laptop.sound();
    }
}

#[test]
fn a_correction_that_arrives_while_the_form_is_open_is_not_lost() {
    let world = World::new();
    let (a, b) =
        (world.officer(1, "陈国良", Role::Officer, &["QF-03"]), world.officer(2, "沈月琴", Role::Officer, &["QF-03"]));
    let (alice, bob) = (world.laptop(a, "QF-07"), world.laptop(b, "QF-08"));
    let (_, resident) = alice.household("3 组 27 号", "赵荣江", "13800005127");
    done(&world.sync(&alice));
    done(&world.sync(&bob));

    let form = open(&alice, &resident);
    save_phone(&bob, &resident, &open(&bob, &resident)["heads"], "13800000002");
    done(&world.sync(&bob));
    done(&world.sync(&alice));
    let written = save_phone(&alice, &resident, &form["heads"], "13800000001");
    assert_eq!(written["conflicts"], json!(["phone"]));
    alice.sound();
}

#[test]
fn work_of_months_goes_in_one_exchange_and_arrives_whole() {
    let world = World::new();
    let (a, b) =
        (world.officer(1, "陈国良", Role::Officer, &["QF-03"]), world.officer(2, "沈月琴", Role::Officer, &["QF-03"]));
    let (alice, bob) = (world.laptop(a, "QF-07"), world.laptop(b, "QF-08"));
    for number in 0..60 {
        alice.household(&format!("3 组 {number} 号"), "赵荣江", "13800005127");
        alice.host.advance_ms(86_400_000);
    }
    done(&world.sync(&alice));
    bob.host.set_ms(alice.host_now());
    done(&world.sync(&bob));
    let filter = json!({ "order": "address", "limit": 50 });
    assert_eq!(bob.call("household_count", filter)["count"], 60);
    assert_eq!(alice.call("receipt_list", json!({ "limit": 50 }))["rows"][0]["set_aside"], 0);
    alice.sound();
    bob.sound();
}
