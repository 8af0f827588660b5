//! Steps 5 and 6: what the two officers write while offline.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::{must, text};
use crate::demo::laptop::Laptop;
use crate::failure::Outcome;

/// The phone as the first officer heard it.
const PHONE_FIRST: &str = "13957511111";
/// The phone as the second officer heard it.
const PHONE_SECOND: &str = "13957522222";

/// Minutes ago, as the contract counts time.
pub(super) fn ago(minutes: i64) -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX) - minutes * 60_000
}

/// The id of an item inside a record; unique within this demonstration.
pub(super) fn item(number: u32) -> String {
    let at = u64::try_from(ago(0)).unwrap_or(0) & 0xffff_ffff_ffff;
    format!("{:08x}-{:04x}-7000-8000-{number:012x}", at >> 16, at & 0xffff)
}

/// A new record.
pub(super) fn new(laptop: &Laptop, command: &str, fields: &Value) -> Outcome<String> {
    let written = laptop.call(command, &json!({ "document": null, "heads": [], "fields": fields }))?;
    Ok(text(&written, "/document")?.to_owned())
}

/// The first officer's shift.
pub(super) fn shift(laptop: &Laptop, household: &str) -> Outcome {
    new(
        laptop,
        "visit_save",
        &json!({ "kind": "11", "household": household, "at": ago(180),
            "notes": "入户核查，电话已换号。", "wishes": "希望村口装路灯。" }),
    )?;
    correct(laptop, household, &json!({ "phone": PHONE_FIRST }))?;
    patrol(laptop)?;
    let dispute = dispute(laptop)?;
    let page = laptop.call("dispute_open", &json!({ "document": dispute }))?;
    must(text(&page, "/foot/state")? == "here", || format!("the dispute does not say it is saved here: {page}"))
}

/// The second officer's corrections: the same phone, and another field.
pub(super) fn second_officer(laptop: &Laptop, household: &str) -> Outcome {
    correct(laptop, household, &json!({ "phone": PHONE_SECOND, "notes": "户主白天在镇上上班，傍晚在家。" }))
}

/// Edits a household at the heads its page was opened on.
fn correct(laptop: &Laptop, household: &str, fields: &Value) -> Outcome {
    let page = laptop.call("household_open", &json!({ "document": household }))?;
    let request = json!({ "document": household, "heads": page.get("heads"), "fields": fields });
    laptop.call("household_save", &request)?;
    let page = laptop.call("household_open", &json!({ "document": household }))?;
    must(text(&page, "/foot/state")? == "here", || format!("the household does not say it is saved here: {page}"))
}

fn patrol(laptop: &Laptop) -> Outcome<String> {
    let fields = fields(&[
        ("cell", json!("QF-01")),
        ("mode", json!("1")),
        ("start_at", json!(ago(150))),
        ("end_at", json!(ago(60))),
        ("route", json!("枫源村—上塘村—水库")),
        ("people_checked", json!(6)),
        ("vehicles_checked", json!(2)),
        ("sites_checked", json!(3)),
        ("cells/QF-01/present", json!(true)),
        (&format!("crew/{}/name", item(1)), json!("郑和平")),
        (&format!("crew/{}/kind", item(1)), json!("officer")),
        (&format!("crew/{}/name", item(2)), json!("卢大山")),
        (&format!("crew/{}/kind", item(2)), json!("volunteer")),
        (&format!("findings/{}/what", item(3)), json!("废品堆占用消防通道")),
        (&format!("findings/{}/place", item(3)), json!("上塘村文化礼堂旁")),
        (&format!("findings/{}/hazard", item(3)), json!(true)),
    ]);
    new(laptop, "patrol_save", &fields)
}

fn dispute(laptop: &Laptop) -> Outcome<String> {
    let mediator =
        json!({ "name": "金志远", "kind": "M3", "skills": "邻里、宅基地", "areas": "枫源村", "available": true });
    let mediator = new(laptop, "mediator_save", &mediator)?;
    let (applicant, respondent, host, session) = (item(11), item(12), item(13), item(14));
    let fields = fields(&[
        ("cell", json!("QF-01")),
        ("title", json!("院墙滴水引起的邻里纠纷")),
        ("category", json!("0101")),
        ("source", json!("11")),
        ("scale", json!("01")),
        ("grade", json!("3")),
        ("grade_reason", json!("两家积怨三年，需两次以上调解")),
        ("tier", json!("village")),
        ("place", json!("枫源村9组")),
        ("found_at", json!(ago(120))),
        ("facts", json!("西邻翻修院墙后，屋檐滴水落入东邻院内。")),
        (&format!("parties/{applicant}/role"), json!("applicant")),
        (&format!("parties/{applicant}/name"), json!("欧阳春晓")),
        (&format!("parties/{respondent}/role"), json!("respondent")),
        (&format!("parties/{respondent}/name"), json!("单雨桐")),
        (&format!("mediators/{host}/name"), json!("金志远")),
        (&format!("mediators/{host}/mediator"), json!(mediator)),
        (&format!("mediators/{host}/host"), json!(true)),
        (&format!("sessions/{session}/kind"), json!("back_to_back")),
        (&format!("sessions/{session}/at"), json!(ago(30))),
        (&format!("sessions/{session}/place"), json!("枫源村文化礼堂")),
        (&format!("sessions/{session}/present"), json!("欧阳春晓、单雨桐、金志远")),
        (&format!("sessions/{session}/record"), json!("双方同意改装雨水管，约定三日后面对面商定费用。")),
        (&format!("sessions/{session}/outcome"), json!("rescheduled")),
    ]);
    new(laptop, "dispute_save", &fields)
}

/// Fields of a record; those without a value are left out.
fn fields(list: &[(&str, Value)]) -> Value {
    let kept = list.iter().filter(|(_, value)| !value.is_null());
    Value::Object(kept.map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}
