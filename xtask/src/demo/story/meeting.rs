//! Steps 3 and 7: exchanges with the station, the conflict and its end.

use serde_json::{Value, json};

use super::{Story, list, must, number, text};
use crate::demo::laptop::Laptop;
use crate::demo::station::Enrolment;
use crate::failure::Outcome;

/// Syncs to the end; the attempt's row.
pub(super) fn sync_complete(laptop: &Laptop) -> Outcome<Value> {
    let run = laptop.sync()?;
    must(text(&run, "/outcome")? == "complete", || format!("the exchange did not end: {run}"))?;
    Ok(run)
}

/// Syncs, and everything written here has the station's receipt.
pub(super) fn sync_all_sent(laptop: &Laptop) -> Outcome {
    let run = sync_complete(laptop)?;
    let (received, of) = (number(&run, "/received")?, number(&run, "/of")?);
    must(received == of, || format!("the station has {received} of {of}: {run}"))?;
    let status = laptop.call("sync_status", &json!({}))?;
    must(number(&status, "/unsent")? == 0, || format!("something is unsent: {status}"))?;
    Ok(())
}

/// The same enrolment file on another laptop: refused at the first contact, what was written there is kept.
pub(super) fn second_use_is_refused(story: &mut Story<'_>, file: &Enrolment) -> Outcome {
    let twin = story.laptop("twin")?;
    twin.enrol(file)?;
    let run = twin.sync()?;
    must(text(&run, "/outcome")? == "refused", || format!("a second use was not refused: {run}"))?;
    story.note("second_use_refused", true);
    twin.close();
    Ok(())
}

/// Both sync; the phone is in conflict on both; the first settles it; the decision reaches the second.
pub(super) fn meet(story: &mut Story<'_>, first: &Laptop, second: &Laptop, household: &str) -> Outcome {
    sync_all_sent(first)?;
    sync_all_sent(second)?;
    sync_complete(first)?;
    let mut shown = 0;
    for laptop in [first, second] {
        let page = laptop.call("household_open", &json!({ "document": household }))?;
        must(text(&page, "/notes")?.contains("傍晚在家"), || {
            format!("the field only one side edited is lost: {page}")
        })?;
        let keys = list(&page, "/conflicts")?;
        must(keys == [json!("phone")], || format!("the phone is not shown in conflict: {page}"))?;
        shown = shown.max(list(&laptop.call("conflict_list", &json!({}))?, "/open")?.len());
    }
    story.note("conflicts_shown", shown);
    decide(first, household)?;
    sync_all_sent(first)?;
    sync_complete(second)?;
    for laptop in [first, second] {
        let page = laptop.call("household_open", &json!({ "document": household }))?;
        must(list(&page, "/conflicts")?.is_empty(), || format!("the conflict is still open: {page}"))?;
    }
    let settled = list(&second.call("conflict_list", &json!({}))?, "/settled")?.len();
    must(settled > 0, || "the second laptop does not show who settled it".to_owned())?;
    story.note("conflicts_settled", settled);
    let sent = |laptop: &Laptop| number(&laptop.call("sync_status", &json!({}))?, "/received_total");
    story.note("changes_sent", sent(first)? + sent(second)?);
    let receipts = |laptop: &Laptop| -> Outcome<usize> {
        Ok(list(&laptop.call("receipt_list", &json!({ "after": null, "limit": 200 }))?, "/rows")?.len())
    };
    story.note("receipts", receipts(first)? + receipts(second)?);
    Ok(())
}

/// Settles the phone: the value of the second officer is taken.
fn decide(laptop: &Laptop, household: &str) -> Outcome {
    let card = laptop.call("conflict_open", &json!({ "document": household }))?;
    let mut decisions = Vec::new();
    for field in list(&card, "/fields")? {
        let sides = list(field, "/sides")?;
        must(sides.len() == 2, || format!("not both values are on the card: {field}"))?;
        let named: Vec<&Value> = sides.iter().filter_map(|side| side.get("change")).collect();
        let newest = sides.iter().max_by_key(|side| side.get("at").and_then(Value::as_i64));
        decisions.push(json!({
            "key": field.get("key"), "named": named, "take": newest.and_then(|side| side.get("change")), "own": null,
        }));
    }
    laptop.call(
        "conflict_decide",
        &json!({ "document": household, "heads": card.get("heads"), "decisions": decisions }),
    )?;
    Ok(())
}
