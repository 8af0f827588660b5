//! Two officers who share a beat write the same fields without knowing of each other: a phone number, a grade. Some of it is
//! settled afterwards, some stays open for whoever looks at the demonstration.

use serde_json::{Value, json};

use super::HOUR_MS;
use crate::SimulateError;
use crate::laptop::{Laptop, list, text, value_at};

/// Households whose phone number both change.
const PHONES: u64 = 5;
/// Cases whose grade both change.
const GRADES: usize = 2;

/// What stands in conflict.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) conflicts: u64,
    documents: Vec<String>,
}

/// Lets both write, each at the state both know.
pub(super) fn write(first: &Laptop, second: &Laptop, until_ms: i64) -> Result<Found, SimulateError> {
    let mut found = Found::default();
    let step = HOUR_MS / 30;
    let mut at = until_ms - HOUR_MS;
    let homes = first.call("household_list", json!({ "order": "last_visit", "limit": PHONES }))?;
    for (row, number) in list(&homes, "/rows", "household_list")?.iter().zip(1_u32..) {
        let document = text(row, "/document", "household_list")?;
        for (laptop, end) in [(first, 5120 + number), (second, 5210 + number)] {
            at += step;
            laptop.host.set_ms(at);
            let page = laptop.call("household_open", json!({ "document": document }))?;
            let fields = json!({ "phone": format!("1380000{end:04}") });
            save(laptop, "household_save", document, &page, &fields)?;
        }
        found.conflicts += 1;
        found.documents.push(document.to_owned());
    }
    let open = first.call("dispute_list", json!({ "filter": "open", "order": "newest", "limit": 20 }))?;
    let graded = list(&open, "/rows", "dispute_list")?.iter().filter(|row| !value_at(row, "grade").is_null());
    for row in graded.take(GRADES) {
        let document = text(row, "/document", "dispute_list")?;
        let now = row.get("grade").and_then(Value::as_str).unwrap_or("2");
        let others =
            [("3", "邻里积怨，需两次以上调解"), ("4", "事实有争议，涉及多个部门"), ("2", "双方有情绪，损失较小")];
        let mut others = others.iter().filter(|(grade, _)| *grade != now);
        for laptop in [first, second] {
            let Some((grade, reason)) = others.next() else { continue };
            at += step;
            laptop.host.set_ms(at);
            let page = laptop.call("dispute_open", json!({ "document": document }))?;
            save(laptop, "dispute_save", document, &page, &json!({ "grade": grade, "grade_reason": reason }))?;
        }
        found.conflicts += 2;
    }
    Ok(found)
}

fn save(laptop: &Laptop, command: &str, document: &str, page: &Value, fields: &Value) -> Result<(), SimulateError> {
    let request = json!({ "document": document, "heads": value_at(page, "heads"), "fields": fields });
    laptop.call(command, request).map(|_| ())
}

/// Settles the phone numbers but the first two by taking the newest value; how many fields.
pub(super) fn settle(laptop: &Laptop, found: &Found) -> Result<u64, SimulateError> {
    let mut settled = 0;
    for document in found.documents.iter().skip(2) {
        let card = laptop.call("conflict_open", json!({ "document": document }))?;
        let mut decisions = Vec::new();
        for field in list(&card, "/fields", "conflict_open")? {
            let sides = list(field, "/sides", "conflict_open")?;
            let named: Vec<&Value> = sides.iter().map(|side| value_at(side, "change")).collect();
            let newest = sides.iter().max_by_key(|side| side.get("at").and_then(Value::as_i64));
            decisions.push(json!({
                "key": value_at(field, "key"), "named": named, "take": newest.map(|side| value_at(side, "change")), "own": null,
            }));
        }
        if decisions.is_empty() {
            continue;
        }
        settled += u64::try_from(decisions.len()).unwrap_or(0);
        laptop.call(
            "conflict_decide",
            json!({ "document": document, "heads": value_at(&card, "heads"), "decisions": decisions }),
        )?;
    }
    Ok(settled)
}
