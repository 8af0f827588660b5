//! Households, residents, search, reveal.

use serde_json::{Value, json};
use sync::directory::Role;

use crate::world::{Laptop, OTHER_VILLAGE, VILLAGE, World};

fn laptop(world: &World) -> Laptop {
    world.laptop(world.officer(1, "陈国良", Role::Chief, &["QF-03"]), "QF-07")
}

fn audit(laptop: &Laptop) -> Vec<(String, Value)> {
    let page = laptop.call("audit_list", json!({ "limit": 50 }));
    let rows = page["rows"].as_array().unwrap();
    rows.iter().map(|row| (row["action"].as_str().unwrap().to_owned(), row["document"].clone())).collect()
}

#[test]
fn a_household_is_found_counted_and_paged_in_every_order() {
    let world = World::new();
    let laptop = laptop(&world);
    let heads = ["赵一", "钱二", "孙三", "李四", "周五"];
    for (number, head) in heads.iter().enumerate() {
        laptop.household(&format!("3 组 {} 号", number * 7 + 2), head, "13800005127");
    }
    for order in ["address", "head", "last_visit", "members"] {
        let mut seen = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = laptop.call("household_list", json!({ "order": order, "after": after, "limit": 2 }));
            seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["document"].clone()));
            after = page["next"].clone();
            if after.is_null() {
                break;
            }
        }
        let mut distinct: Vec<String> = seen.iter().map(Value::to_string).collect();
        distinct.sort();
        distinct.dedup();
        assert_eq!((seen.len(), distinct.len()), (5, 5), "{order}");
    }
    let addresses = laptop.call("household_list", json!({ "order": "address", "limit": 50 }));
    let shown: Vec<&str> =
        addresses["rows"].as_array().unwrap().iter().map(|row| row["address"].as_str().unwrap()).collect();
    assert_eq!(shown, ["3 组 2 号", "3 组 9 号", "3 组 16 号", "3 组 23 号", "3 组 30 号"]);
    assert_eq!(addresses["rows"][0]["village"], "石桥头村");
    let count = |filter: Value| laptop.call("household_count", filter)["count"].clone();
    assert_eq!(count(json!({ "order": "head", "limit": 1 })), 5);
    assert_eq!(count(json!({ "order": "head", "limit": 1, "village": OTHER_VILLAGE })), 0);
    assert_eq!(count(json!({ "order": "head", "limit": 1, "cell": "QF-03", "kind": "family" })), 5);
    assert_eq!(count(json!({ "order": "head", "limit": 1, "not_visited_since_on": "2026-11-01" })), 5);
    let first = laptop.call("household_list", json!({ "order": "head", "limit": 2 }));
    let wrong = json!({ "order": "address", "after": first["next"], "limit": 2 });
    assert_eq!(laptop.fails("household_list", wrong), "bad_page");
    assert_eq!(laptop.fails("household_list", json!({ "order": "head", "limit": 0 })), "too_large");
    laptop.sound();
}

#[test]
fn residents_page_by_name_birth_and_address_and_show_no_number_in_full() {
    let world = World::new();
    let laptop = laptop(&world);
    let (household, _) = laptop.household("3 组 27 号", "赵荣江", "13800005127");
    for (name, number) in [("钱秀英", "11010519491231002X"), ("孙小宝", ""), ("李大", "")] {
        let mut fields = json!({ "name": name });
        if !number.is_empty() {
            fields["id_number"] = json!(number);
        }
        let request = json!({ "household": household, "fields": fields, "relation": "97", "from_on": "2020-01-01" });
        laptop.call("member_add", request);
    }
    for order in ["name", "birth", "address"] {
        let mut seen = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = laptop.call("resident_list", json!({ "order": order, "after": after, "limit": 1 }));
            let text = page.to_string();
            assert!(!text.contains("11010519491231002X") && !text.contains("13800005127"), "{text}");
            seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["document"].to_string()));
            after = page["next"].clone();
            if after.is_null() {
                break;
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 4, "{order}");
    }
    assert_eq!(laptop.call("resident_count", json!({ "order": "name", "limit": 1 }))["count"], 4);
    laptop.sound();
}

#[test]
fn what_is_shown_of_a_person_is_in_the_audit_first() {
    let world = World::new();
    let laptop = laptop(&world);
    let (household, resident) = laptop.household("3 组 27 号", "赵荣江", "13800005127");
    laptop.call("household_open", json!({ "document": household }));
    laptop.call("resident_open", json!({ "document": resident }));
    let reveal = |key: &str, reason: &str| json!({ "document": resident, "key": key, "reason": reason });
    assert_eq!(laptop.fails("reveal", reveal("phone", " ")), "reason_too_short");
    assert_eq!(laptop.fails("reveal", reveal("name", "核对")), "not_masked");
    let shown = laptop.call("reveal", reveal("phone", "核对"));
    assert_eq!(shown["value"], "13800005127");
    let found = laptop.call("search", json!({ "query": "5127", "limit": 10 }));
    assert!(!found.to_string().contains("13800005127"), "{found}");
    let audit = audit(&laptop);
    assert_eq!(audit[0].0, "search");
    assert_eq!(audit[1], ("reveal".to_owned(), json!(resident)));
    assert_eq!(audit[2], ("read".to_owned(), json!(resident)));
    assert_eq!(audit[3], ("read".to_owned(), json!(household)));
    laptop.sound();
}

#[test]
fn one_box_finds_by_name_pinyin_initials_tail_and_address() {
    let world = World::new();
    let laptop = laptop(&world);
    let (household, resident) = laptop.household("3 组 27 号", "赵荣江", "13800005127");
    for query in ["赵荣江", "荣江", "zhaorong", "zrj", "5127"] {
        let found = laptop.call("search", json!({ "query": query, "limit": 10 })).to_string();
        assert!(found.contains(&resident), "{query}: {found}");
    }
    let found = laptop.call("search", json!({ "query": "27 号", "limit": 10 })).to_string();
    assert!(found.contains(&household), "{found}");
    for hostile in ["\" OR 1=1 --", "name:*", "')", "NEAR(", "%", "赵\u{0}"] {
        laptop.call("search", json!({ "query": hostile, "limit": 10 }));
    }
    assert_eq!(laptop.fails("search", json!({ "query": "赵", "limit": 51 })), "too_large");
}

#[test]
fn a_person_moves_between_households_in_one_write() {
    let world = World::new();
    let laptop = laptop(&world);
    let (old, resident) = laptop.household("3 组 27 号", "赵荣江", "13800005127");
    let (new, _) = laptop.household("5 组 1 号", "钱秀英", "13800005128");
    let moved = json!({ "household": new, "resident": resident, "relation": "97", "from_on": "2026-11-01" });
    laptop.call("member_add", moved.clone());
    assert_eq!(laptop.fails("member_add", moved), "already_member");
    let members = |household: &str| {
        let page = laptop.call("household_open", json!({ "document": household }));
        page["members"].as_array().unwrap().len()
    };
    assert_eq!((members(&old), members(&new)), (0, 2));
    let page = laptop.call("resident_open", json!({ "document": resident }));
    assert_eq!(page["residences"][0]["household"], json!(new));
    assert_eq!(page["residences"][1]["to_on"], "2026-11-01");
    let residence = page["residences"][0]["residence"].clone();
    let leave = |on: &str| json!({ "residence": residence, "to_on": on });
    assert_eq!(laptop.fails("member_leave", leave("2026-10-01")), "field_ends_before_start");
    laptop.call("member_leave", leave("2026-11-10"));
    assert_eq!(laptop.fails("member_leave", leave("2026-11-11")), "residence_ended");
    laptop.sound();
}

#[test]
fn one_identity_number_is_taken_once() {
    let world = World::new();
    let laptop = laptop(&world);
    let (household, resident) = laptop.household("3 组 27 号", "赵荣江", "13800005127");
    let page = laptop.call("resident_open", json!({ "document": resident }));
    let fields = json!({ "id_number": "11010519491231002x" });
    laptop.call("resident_save", json!({ "document": resident, "heads": page["heads"], "fields": fields }));
    let page = laptop.call("resident_open", json!({ "document": resident }));
    assert_eq!(page["age"], 76);
    let twin = json!({
        "household": household, "fields": { "name": "赵荣河", "id_number": "11010519491231002X" },
        "relation": "97", "from_on": "2020-01-01",
    });
    assert_eq!(laptop.fails("member_add", twin), "id_number_taken");
    let stale = json!({ "document": resident, "heads": ["00"], "fields": { "phone": "13800000001" } });
    assert_eq!(laptop.fails("resident_save", stale), "stale_form");
    laptop.sound();
}

#[test]
fn the_history_of_a_record_tells_who_changed_what_and_masks_numbers() {
    let world = World::new();
    let laptop = laptop(&world);
    let (_, resident) = laptop.household("3 组 27 号", "赵荣江", "13800005127");
    let page = laptop.call("resident_open", json!({ "document": resident }));
    let fields = json!({ "phone": "13800009999", "employer": "石桥头茶厂" });
    laptop.call("resident_save", json!({ "document": resident, "heads": page["heads"], "fields": fields }));
    let history = laptop.call("history", json!({ "document": resident }));
    let rows = history.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (&rows[0]["officer"], &rows[0]["laptop"], &rows[0]["state"]),
        (&json!("陈国良"), &json!("QF-07"), &json!("here"))
    );
    let text = rows[0].to_string();
    assert!(text.contains("石桥头茶厂") && text.contains("138****9999") && !text.contains("13800009999"), "{text}");
}

#[test]
fn an_address_is_made_once_and_hostile_text_stays_text() {
    let world = World::new();
    let laptop = laptop(&world);
    let hostile = "=cmd|'/C calc'!A0 <img src=x onerror=alert(1)> '; DROP TABLE household; --";
    let (first, _) = laptop.household(hostile, "赵荣江", "13800005127");
    let (second, _) = laptop.household(hostile, "钱秀英", "13800005127");
    let open = |id: &str| laptop.call("household_open", json!({ "document": id }));
    assert_eq!(open(&first)["address"], open(&second)["address"]);
    assert_eq!(open(&first)["address_path"], json!(["石桥头村", hostile]));
    let bad = json!({ "cell": "QF-03", "village": "000000000000", "address": "x", "fields": {} });
    assert_eq!(laptop.fails("household_create", bad), "field_unknown_ref");
    let foreign = json!({ "cell": "QF-05", "village": VILLAGE, "address": "x", "fields": {} });
    assert_eq!(laptop.fails("household_create", foreign), "denied_not_held");
    laptop.sound();
}
