//! A dispute at work: opened with two parties, then step by step along its course, as an officer would at the case page.

use chrono::Days;
use domain::codes::{CodeTableName, code_table};
use domain::week::on_date;
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use serde_json::{Map, Value, json};

use super::case_plan::{Course, End, Step, course};
use super::worker::{Home, Known, Worker};
use crate::SimulateError;
use crate::laptop::{list, text};
use crate::phrases::Around;

const SOURCES: [&str; 7] = ["32", "31", "33", "11", "12", "21", "34"];
const PLACES: [&str; 4] = ["村调解室", "派出所调解室", "镇综治中心", "当事人家中"];
const GRADE_REASONS: [&str; 5] = [
    "口角，无损失无伤情，当场可劝解",
    "双方有情绪，损失较小，一次调解可了结",
    "邻里积怨，需两次以上调解",
    "事实有争议，涉及多个部门",
    "有激化苗头，须联合处置并上报",
];
const RATINGS: [&str; 3] = ["双方满意", "基本满意", "一方表示遗憾，认可程序"];

/// A case with its course.
#[derive(Debug, Clone, Default)]
pub(super) struct Case {
    document: String,
    heads: Vec<Value>,
    course: Course,
    money_yuan: u32,
    place: String,
    parties: Vec<String>,
    sessions: u32,
}

impl Case {
    /// When its next step is due.
    pub(super) fn due(&self) -> Option<i64> {
        self.course.steps.front().map(|(at, _)| *at)
    }

    fn wrote(&mut self, written: &Value) -> Result<(), SimulateError> {
        text(written, "/document", "dispute_save")?.clone_into(&mut self.document);
        self.heads = list(written, "/heads", "dispute_save")?.to_vec();
        Ok(())
    }

    fn save(&mut self, worker: &Worker<'_>, fields: Value) -> Result<(), SimulateError> {
        let request = json!({ "document": self.document, "heads": self.heads, "fields": fields });
        let written = worker.laptop.call("dispute_save", request)?;
        self.wrote(&written)
    }

    fn step(&mut self, worker: &Worker<'_>, to: &str, reason: Option<&str>) -> Result<(), SimulateError> {
        let request = json!({ "document": self.document, "heads": self.heads, "to": to, "reason": reason });
        let written = worker.laptop.call("dispute_step", request)?;
        self.wrote(&written)
    }
}

/// A party as a home shows it.
struct Party {
    resident: String,
    name: String,
}

/// Opens a case between two homes.
pub(super) fn open(worker: &mut Worker<'_>, at_ms: i64) -> Result<Case, SimulateError> {
    let kinds: Vec<(String, usize)> = worker.phrases.kinds("dispute").map(|(kind, n)| (kind.to_owned(), n)).collect();
    let chosen = kinds.choose_weighted(&mut worker.rng, |(_, weight)| *weight).map(|(kind, _)| kind.clone());
    let class = chosen.unwrap_or_else(|_| "02".to_owned());
    let (category, label) = category(worker, &class);
    let (first, home) = party(worker)?;
    let (second, _) = party(worker)?;
    let money_yuan = worker.rng.random_range(2..200_u32) * 100;
    let around = Around { place: &home.village, on: on_date(at_ms), money: money_yuan };
    let facts = worker.phrases.pick(&mut worker.rng, "dispute", &class, &around);
    let course = course(&mut worker.rng, at_ms, worker.last_ms);
    let cell = worker.cells.iter().find(|cell| cell.villages.iter().any(|village| village.name == home.village));
    let cell = cell.or_else(|| worker.cells.first()).map(|cell| cell.code.clone()).unwrap_or_default();
    let place = format!("{}{}", home.village, home.address);
    let mut fields = Map::new();
    let mut put = |key: String, value: Value| fields.insert(key, value);
    put("cell".into(), json!(cell));
    put("title".into(), json!(format!("{}与{}{label}", first.name, second.name)));
    put("category".into(), json!(category));
    put("source".into(), json!(SOURCES.choose(&mut worker.rng)));
    put("scale".into(), json!("01"));
    put("place".into(), json!(place));
    put("people_count".into(), json!(worker.rng.random_range(2..7_u32)));
    put("facts".into(), json!(facts));
    put("money_at_stake_fen".into(), json!(u64::from(money_yuan) * 100));
    put("found_at".into(), json!(at_ms));
    if worker.rng.random_bool(0.08) {
        put("police_mediation".into(), json!(true));
    }
    for (role, party) in [("applicant", &first), ("respondent", &second)] {
        let item = item(worker);
        put(format!("parties/{item}/role"), json!(role));
        put(format!("parties/{item}/name"), json!(party.name));
        put(format!("parties/{item}/resident"), json!(party.resident));
    }
    let written = worker.laptop.call("dispute_save", json!({ "document": null, "heads": [], "fields": fields }))?;
    let mut case =
        Case { course, money_yuan, place: home.village, parties: vec![first.name, second.name], ..Case::default() };
    case.wrote(&written)?;
    Ok(case)
}

/// Takes the next step of the course.
pub(super) fn go_on(worker: &mut Worker<'_>, case: &mut Case, at_ms: i64) -> Result<(), SimulateError> {
    let Some((_, step)) = case.course.steps.pop_front() else { return Ok(()) };
    let on = on_date(at_ms);
    match step {
        Step::Accept => case.step(worker, "accepted", None),
        Step::Grade => grade(worker, case),
        Step::Assign => assign(worker, case),
        Step::Investigate => case.step(worker, "investigating", None),
        Step::Mediate => case.step(worker, "mediating", None),
        Step::Session(end) => session(worker, case, at_ms, end),
        Step::Agree => agree(worker, case, at_ms),
        Step::Perform => case.step(worker, "performing", None),
        Step::FileForConfirmation => {
            case.save(worker, json!({ "confirmation_court": "市人民法院", "confirmation_filed_on": on.to_string() }))?;
            case.step(worker, "confirmation", None)
        }
        Step::Confirmed => {
            case.save(worker, json!({ "confirmation_ruled_on": on.to_string() }))?;
            case.step(worker, "performing", None)
        }
        Step::Performed => {
            let revisit = on + Days::new(25);
            case.save(worker, json!({ "performed_on": on.to_string(), "revisit_on": revisit.to_string() }))?;
            case.step(worker, "revisit", None)
        }
        Step::Revisit => {
            let around = Around { place: &case.place, on, money: case.money_yuan };
            let notes = worker.phrases.pick(&mut worker.rng, "visit", "followup", &around);
            let rating = RATINGS.choose(&mut worker.rng);
            case.save(worker, json!({ "revisited_on": on.to_string(), "revisit_notes": notes, "rating": rating }))?;
            case.step(worker, "rated", None)
        }
        Step::Archive => case.step(worker, "archived", None),
        Step::Fail => case.step(worker, "failed", None),
        Step::FileAway => case.step(worker, "archived", Some("双方不愿再调，已告知诉讼途径和时效")),
        Step::Leave(to) => leave(worker, case, to),
    }
}

fn grade(worker: &Worker<'_>, case: &mut Case) -> Result<(), SimulateError> {
    let grade = case.course.grade;
    let tier = match grade {
        0..=2 => "village",
        3 => "town",
        _ => "station",
    };
    let reason = GRADE_REASONS.get(usize::from(grade).saturating_sub(1)).copied().unwrap_or_default();
    case.save(worker, json!({ "grade": grade.to_string(), "grade_reason": reason, "tier": tier }))?;
    case.step(worker, "graded", None)
}

/// Asks a mediator whose kind suits the grade, if there is one.
fn assign(worker: &mut Worker<'_>, case: &mut Case) -> Result<(), SimulateError> {
    let suits = format!("M{}", 6 - case.course.grade.clamp(1, 5));
    let fitting: Vec<&Known> = worker.mediators.iter().filter(|one| one.kind == suits).collect();
    let pool = if fitting.is_empty() { worker.mediators.iter().collect() } else { fitting };
    let Some(asked) = pool.choose(&mut worker.rng).map(|one| (*one).clone()) else { return Ok(()) };
    let item = item(worker);
    let fields = json!({
        format!("mediators/{item}/mediator"): asked.document,
        format!("mediators/{item}/name"): asked.name,
        format!("mediators/{item}/host"): true,
    });
    case.save(worker, fields)?;
    case.step(worker, "assigned", None)
}

fn session(worker: &mut Worker<'_>, case: &mut Case, at_ms: i64, end: End) -> Result<(), SimulateError> {
    case.sessions += 1;
    let (kind, outcome) = match (case.sessions, end) {
        (1, End::PutOff) => ("back_to_back", "rescheduled"),
        (_, End::PutOff) => ("joint", "rescheduled"),
        (1, End::Failed) => ("back_to_back", "failed"),
        (_, End::Failed) => ("face_to_face", "failed"),
        (_, End::Agreed) => ("face_to_face", "agreed"),
    };
    let around = Around { place: &case.place, on: on_date(at_ms), money: case.money_yuan };
    let phrase = if end == End::Failed { "fail" } else { "process" };
    let record = worker.phrases.pick(&mut worker.rng, "mediation", phrase, &around);
    let item = item(worker);
    let place = PLACES.choose(&mut worker.rng);
    let fields = json!({
        format!("sessions/{item}/kind"): kind,
        format!("sessions/{item}/at"): at_ms,
        format!("sessions/{item}/place"): place,
        format!("sessions/{item}/present"): format!("{}、调解员", case.parties.join("、")),
        format!("sessions/{item}/record"): record,
        format!("sessions/{item}/outcome"): outcome,
    });
    case.save(worker, fields)
}

fn agree(worker: &mut Worker<'_>, case: &mut Case, at_ms: i64) -> Result<(), SimulateError> {
    let on = on_date(at_ms);
    let around = Around { place: &case.place, on, money: case.money_yuan / 2 };
    let terms = worker.phrases.pick(&mut worker.rng, "mediation", "terms", &around);
    let form = if case.course.grade >= 2 { "written" } else { "oral" };
    let by = on + Days::new(worker.rng.random_range(5..25));
    case.save(
        worker,
        json!({
            "agreement_form": form, "agreement_terms": terms, "agreement_on": on.to_string(),
            "perform_by_on": by.to_string(), "money_settled_fen": u64::from(case.money_yuan / 2) * 100,
        }),
    )?;
    case.step(worker, "agreed", None)
}

fn leave(worker: &Worker<'_>, case: &mut Case, to: &str) -> Result<(), SimulateError> {
    let (receiver, reason) = match to {
        "referred" => (Some("镇司法所"), "属司法所职责，移交办理"),
        "escalated" => (Some("市综治中心"), "有激化苗头，上报联合处置"),
        "to_court" => (None, "当事人选择诉讼"),
        "penalty_case" => (None, "动手致轻微伤，转治安案件办理"),
        _ => (None, "双方自行和解，申请撤回"),
    };
    if let Some(receiver) = receiver {
        case.save(worker, json!({ "receiver": receiver }))?;
    }
    case.step(worker, to, Some(reason))
}

/// A category of a class, and how a title ends.
fn category(worker: &mut Worker<'_>, class: &str) -> (String, String) {
    let table = code_table(CodeTableName::DisputeCategory);
    let fine = |code: &str| code.starts_with(class) && code.len() > 4;
    let rows: Vec<_> = table.rows.iter().filter(|row| fine(&row.code)).collect();
    let wide: Vec<_> = table.rows.iter().filter(|row| row.code.starts_with(class)).collect();
    let pool = if rows.is_empty() { wide } else { rows };
    match pool.choose(&mut worker.rng) {
        Some(row) => {
            let label = row.zh.trim_end_matches("纠纷").trim_end_matches("争议");
            let label = if label == "其他" { String::new() } else { label.to_owned() };
            (row.code.clone(), format!("{label}纠纷"))
        }
        None => (class.to_owned(), "纠纷".to_owned()),
    }
}

/// The head of a home by chance.
fn party(worker: &mut Worker<'_>) -> Result<(Party, Home), SimulateError> {
    let at = worker.any_home();
    let home = worker.homes.get(at).cloned().ok_or_else(|| SimulateError::answer("household_list", "home"))?;
    let page = worker.laptop.call("household_open", json!({ "document": home.document }))?;
    let member = |key: &str| text(&page, &format!("/members/0/{key}"), "household_open").map(str::to_owned);
    Ok((Party { resident: member("resident")?, name: member("name")? }, home))
}

/// A fresh id of an item of a collection.
fn item(worker: &mut Worker<'_>) -> String {
    uuid::Builder::from_random_bytes(worker.rng.random()).into_uuid().to_string()
}
