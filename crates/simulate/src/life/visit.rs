//! A visit: to a home or to a unit, what was noted, when to come again.

use chrono::Days;
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use serde_json::json;

use super::worker::{MINUTE_MS, Worker};
use crate::SimulateError;
use crate::phrases::Around;

/// Kinds of visits to homes: code, kind of phrase, weight.
const HOME: [(&str, &str, u32); 8] = [
    ("11", "household", 38),
    ("12", "care", 16),
    ("21", "rental", 14),
    ("41", "fraud", 12),
    ("15", "opinion", 8),
    ("31", "followup", 6),
    ("51", "household", 4),
    ("42", "fraud", 2),
];
/// Kinds of visits elsewhere.
const ELSEWHERE: [(&str, &str, u32); 4] =
    [("14", "unit", 5), ("22", "unit", 3), ("23", "unit", 2), ("24", "followup", 2)];
const UNITS: [&str; 8] = ["村委会", "小学", "卫生室", "农家书屋", "粮站", "农产品收购点", "快递代办点", "五金加工厂"];
const WISHES: [&str; 5] =
    ["希望路口加装路灯", "希望帮忙联系外出的儿子", "想补办居住证", "请多来巡几次夜", "想装一个门磁报警"];
const FINDINGS: [&str; 5] = ["电线私拉乱接", "灭火器过期", "楼道堆放杂物", "煤气软管老化", "租客未登记"];

/// Records a visit to the home given, or to any, or elsewhere.
pub(super) fn record(worker: &mut Worker<'_>, at_ms: i64, home: Option<usize>) -> Result<(), SimulateError> {
    let took = worker.rng.random_range(8..50) * MINUTE_MS;
    let on = domain::week::on_date(at_ms);
    let money = worker.rng.random_range(2..60_u32) * 100;
    if home.is_none() && worker.rng.random_bool(0.12) {
        return elsewhere(worker, at_ms - took);
    }
    let home = home.unwrap_or_else(|| worker.any_home());
    let Some(place) = worker.homes.get(home).cloned() else { return Ok(()) };
    let (kind, phrase) = pick(worker, &HOME);
    let around = Around { place: &place.village, on, money };
    let notes = worker.phrases.pick(&mut worker.rng, "visit", phrase, &around);
    let again = worker.rng.random_bool(0.28);
    let next = again.then(|| on + Days::new(worker.rng.random_range(10..75)));
    let wishes = worker.rng.random_bool(0.08).then(|| WISHES.choose(&mut worker.rng)).flatten();
    let findings = worker.rng.random_bool(0.1).then(|| FINDINGS.choose(&mut worker.rng)).flatten();
    if let Some(next) = next {
        worker.plan_visit(home, next);
    }
    let fields = json!({
        "household": place.document, "kind": kind, "at": at_ms - took, "notes": notes,
        "wishes": wishes, "findings": findings, "next_on": next.map(|next| next.to_string()),
    });
    worker.laptop.call("visit_save", json!({ "document": null, "heads": [], "fields": fields }))?;
    Ok(())
}

fn elsewhere(worker: &mut Worker<'_>, at_ms: i64) -> Result<(), SimulateError> {
    let Some(cell) = worker.any_cell() else { return Ok(()) };
    let village = cell.villages.choose(&mut worker.rng).map(|village| village.name.clone()).unwrap_or_default();
    let (kind, phrase) = pick(worker, &ELSEWHERE);
    let around = Around { place: &village, on: domain::week::on_date(at_ms), money: 500 };
    let notes = worker.phrases.pick(&mut worker.rng, "visit", phrase, &around);
    let unit = UNITS.choose(&mut worker.rng).copied().unwrap_or("村委会");
    let place = if unit == "村委会" { format!("{village}委会") } else { format!("{village}{unit}") };
    let fields = json!({ "cell": cell.code, "place": place, "kind": kind, "at": at_ms, "notes": notes });
    worker.laptop.call("visit_save", json!({ "document": null, "heads": [], "fields": fields }))?;
    Ok(())
}

fn pick<'t>(worker: &mut Worker<'_>, table: &'t [(&'t str, &'t str, u32)]) -> (&'t str, &'t str) {
    let chosen = table.choose_weighted(&mut worker.rng, |(_, _, weight)| *weight);
    chosen.map_or(("11", "household"), |(kind, phrase, _)| (*kind, *phrase))
}
