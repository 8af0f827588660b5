//! Households moved between cells, over three laptops and a station.

use serde_json::{Value, json};
use sync::directory::Role;
use sync::laptop::Outcome;

use crate::test_host::BEGIN_MS;
use crate::world::{Laptop, World};

/// Officers of one cell each, and a chief of both.
struct Three {
    world: World,
    alice: Laptop,
    bob: Laptop,
    chief: Laptop,
}

impl Three {
    fn new() -> Self {
        let world = World::new();
        let alice = world.officer(1, "陈国良", Role::Officer, &["QF-03"]);
        let bob = world.officer(2, "沈月琴", Role::Officer, &["QF-05"]);
        let chief = world.officer(3, "周海", Role::Chief, &["QF-03", "QF-05"]);
        let (alice, bob, chief) =
            (world.laptop(alice, "QF-07"), world.laptop(bob, "QF-08"), world.laptop(chief, "QF-01"));
        Self { world, alice, bob, chief }
    }

    fn sync(&self, laptop: &Laptop) {
        let outcome = self.world.sync(laptop);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }

    fn sync_all(&self) {
        for laptop in [&self.alice, &self.bob, &self.chief] {
            self.sync(laptop);
        }
    }

    fn sound(&self) {
        for laptop in [&self.alice, &self.bob, &self.chief] {
            laptop.sound();
        }
    }
}

fn moved(laptop: &Laptop, household: &str, to: &str) -> Value {
    let preview = laptop.call("household_move_preview", json!({ "household": household, "to_cell": to }));
    laptop.call(
        "household_move",
        json!({ "household": household, "to_cell": to, "heads": preview["heads"], "reason": "网格调整" }),
    )
}

fn count(laptop: &Laptop, command: &str) -> u64 {
    let order = if command == "household_count" { "address" } else { "name" };
    laptop.call(command, json!({ "order": order, "limit": 1 }))["count"].as_u64().unwrap()
}

fn visit(laptop: &Laptop, household: &str, notes: &str) {
    let fields = json!({ "household": household, "kind": "11", "at": BEGIN_MS, "notes": notes });
    laptop.call("visit_save", json!({ "heads": [], "fields": fields }));
}

#[test]
fn a_household_moves_with_its_people_address_visits_and_history() {
    let three = Three::new();
    let (household, resident) = three.alice.household("3 组 27 号", "赵荣江", "13800005127");
    three.alice.household("3 组 28 号", "钱二", "13800005128");
    visit(&three.alice, &household, "门口电线老化");
    three.sync_all();
    let preview = three.alice.call("household_move_preview", json!({ "household": household, "to_cell": "QF-05" }));
    let kinds: Vec<&str> =
        preview["goes"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["household", "address", "resident", "residence", "visit"]);
    assert_eq!((&preview["unsent"], &preview["holds_target"]), (&json!(0), &json!(false)));
    assert_eq!(preview["stays"], json!([]));

    let done = moved(&three.alice, &household, "QF-05");
    assert_eq!((&done["records"], &done["shown"]), (&json!(5), &json!(false)));
    // gone from this laptop at once, with a note; the other household stays
    assert_eq!(three.alice.fails("household_open", json!({ "document": household })), "denied_not_held");
    assert_eq!((count(&three.alice, "household_count"), count(&three.alice, "resident_count")), (1, 1));
    let note = &three.alice.call("moved_list", json!({}))["rows"][0];
    assert_eq!(
        (&note["title"], &note["to_cell_name"], &note["officer"], &note["state"]),
        (&json!("赵荣江 3 组 27 号"), &json!("杨家坞网格"), &json!("陈国良"), &json!("here"))
    );
    assert_eq!(three.bob.fails("household_open", json!({ "document": household })), "not_found");

    three.sync_all();
    three.sync_all();
    let page = three.bob.call("household_open", json!({ "document": household }));
    assert_eq!((&page["head_name"], &page["cell"]), (&json!("赵荣江"), &json!("QF-05")));
    assert_eq!(page["address_path"][1], "3 组 27 号", "{page}");
    assert_eq!(page["visits"][0]["notes"], "门口电线老化");
    let history = three.bob.call("history", json!({ "document": resident }));
    assert!(history.as_array().unwrap().iter().any(|row| row["officer"] == "陈国良"), "{history}");
    assert_eq!(count(&three.bob, "household_count"), 1);
    let seen = three.chief.call("household_open", json!({ "document": household }));
    assert_eq!((&seen["cell"], &seen["cell_name"]), (&json!("QF-05"), &json!("杨家坞网格")));
    let found = three.alice.call("search", json!({ "query": "赵荣江", "limit": 5 }));
    assert!(!found.to_string().contains(&household), "{found}");
    three.sound();
}

#[test]
fn late_edits_follow_a_moved_household_and_are_accepted() {
    let three = Three::new();
    let (household, resident) = three.alice.household("3 组 27 号", "赵荣江", "13800005127");
    three.sync_all();
    // offline at the same time: the chief moves, the officer corrects
    moved(&three.chief, &household, "QF-05");
    let heads = three.alice.call("resident_open", json!({ "document": resident }))["heads"].clone();
    let fields = json!({ "employer": "枫溪茶厂" });
    three.alice.call("resident_save", json!({ "document": resident, "heads": heads, "fields": fields }));
    visit(&three.alice, &household, "搬家前最后一次");
    three.sync(&three.chief);
    three.sync(&three.alice);
    assert_eq!(three.alice.call("sync_status", json!({}))["unsent"], 0);
    assert_eq!(three.alice.call("set_aside_list", json!({}))["rows"].as_array().unwrap().len(), 0);
    assert_eq!(count(&three.alice, "household_count"), 0);
    three.sync_all();
    let page = three.bob.call("resident_open", json!({ "document": resident }));
    assert!(page.to_string().contains("枫溪茶厂"), "{page}");
    three.sound();
}

#[test]
fn of_two_moves_of_one_household_the_second_is_set_aside_with_its_act() {
    let three = Three::new();
    three.world.cell("QF-09", "白塔湖网格", "330681001209", "白塔湖村");
    let (household, _) = three.alice.household("3 组 27 号", "赵荣江", "13800005127");
    three.sync_all();
    moved(&three.chief, &household, "QF-05");
    moved(&three.alice, &household, "QF-09");
    three.sync(&three.chief);
    three.sync(&three.alice);
    let aside = three.alice.call("set_aside_list", json!({}));
    assert_eq!(aside["rows"][0]["reason"], "document_in_another_scope", "{aside}");
    let notes = three.alice.call("moved_list", json!({}));
    let states: Vec<&str> =
        notes["rows"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert!(states.contains(&"set_aside") && states.contains(&"station"), "{notes}");
    assert_eq!(three.alice.fails("household_open", json!({ "document": household })), "denied_not_held");
    three.sync_all();
    assert_eq!(three.bob.call("household_open", json!({ "document": household }))["cell"], "QF-05");
    three.sound();
}

#[test]
fn a_household_goes_and_comes_back_and_every_laptop_says_the_same() {
    let three = Three::new();
    let (household, _) = three.alice.household("3 组 27 号", "赵荣江", "13800005127");
    three.sync_all();
    for (laptop, to) in
        [(&three.alice, "QF-05"), (&three.bob, "QF-03"), (&three.alice, "QF-05"), (&three.chief, "QF-03")]
    {
        moved(laptop, &household, to);
        three.sync(laptop);
        three.sync_all();
        three.sync_all();
        let (here, there) = if to == "QF-03" { (&three.alice, &three.bob) } else { (&three.bob, &three.alice) };
        assert_eq!(here.call("household_open", json!({ "document": household }))["cell"], to);
        assert_eq!(there.fails("household_open", json!({ "document": household })), "denied_not_held");
        assert_eq!(three.chief.call("household_open", json!({ "document": household }))["cell"], to);
        three.sound();
    }
}

#[test]
fn who_lives_elsewhere_stays_and_his_name_goes_along() {
    let three = Three::new();
    let (old, resident) = three.chief.household("3 组 27 号", "赵荣江", "13800005127");
    let (new, _) = three.chief.household("3 组 30 号", "孙三", "13800005130");
    // he moves in with the neighbours: his former residence stays with the old household
    three.chief.call(
        "member_add",
        json!({ "household": new, "resident": resident, "relation": "97", "from_on": "2026-10-01" }),
    );
    let preview = three.chief.call("household_move_preview", json!({ "household": old, "to_cell": "QF-05" }));
    let stays = preview["stays"].as_array().unwrap();
    assert!(stays.iter().any(|one| one["document"] == json!(resident) && one["why"] == "lives_elsewhere"), "{preview}");
    moved(&three.chief, &old, "QF-05");
    three.sync_all();
    three.sync_all();
    let there = three.bob.call("household_open", json!({ "document": old }));
    assert_eq!(there["head_name"], "赵荣江");
    assert_eq!(three.bob.fails("resident_open", json!({ "document": resident })), "not_found");
    assert_eq!(three.alice.call("resident_open", json!({ "document": resident }))["name"], "赵荣江");
    three.sound();
}

#[test]
fn a_move_needs_a_reason_another_cell_and_the_household_as_it_was_seen() {
    let three = Three::new();
    let (household, _) = three.alice.household("3 组 27 号", "赵荣江", "13800005127");
    let preview = three.alice.call("household_move_preview", json!({ "household": household, "to_cell": "QF-05" }));
    let ask = |to: &str, heads: &Value, reason: &str| {
        let request = json!({ "household": household, "to_cell": to, "heads": heads, "reason": reason });
        three.alice.fails("household_move", request)
    };
    assert_eq!(ask("QF-05", &preview["heads"], " "), "reason_too_short");
    assert_eq!(ask("QF-03", &preview["heads"], "网格调整"), "move_same_cell");
    assert_eq!(ask("QF-77", &preview["heads"], "网格调整"), "cell_unknown");
    let page = three.alice.call("household_open", json!({ "document": household }));
    let save = json!({ "document": household, "heads": page["heads"], "fields": { "notes": "有狗" } });
    three.alice.call("household_save", save);
    assert_eq!(ask("QF-05", &preview["heads"], "网格调整"), "stale_form");
    moved(&three.alice, &household, "QF-05");
    three.sync_all();
    three.sync_all();
    let audit = three.chief.call("audit_list", json!({ "limit": 50 }));
    assert!(!audit.to_string().contains("网格调整"), "the reason stays in the audit of the laptop that moved: {audit}");
    three.sound();
}
