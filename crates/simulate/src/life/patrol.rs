//! A patrol: mode, crew, way, counts, findings.

use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use serde_json::{Map, Value, json};

use super::worker::{MINUTE_MS, Worker};
use crate::SimulateError;
use crate::phrases::Around;

/// Modes with the kind of phrase and weight.
const MODES: [(&str, &str, u32); 7] = [
    ("1", "village", 9),
    ("2", "street", 7),
    ("3", "village", 4),
    ("6", "street", 5),
    ("7", "estate", 3),
    ("8", "village", 4),
    ("9", "forest", 2),
];
const COMPANY: [(&str, &str); 6] = [
    ("钱卫东", "auxiliary"),
    ("孙小军", "auxiliary"),
    ("吴阿姨", "volunteer"),
    ("李志强", "volunteer"),
    ("周网格", "grid_worker"),
    ("郑小燕", "grid_worker"),
];
const FINDINGS: [&str; 8] = [
    "路灯不亮",
    "河埠头护栏缺损",
    "井盖松动",
    "沿街店铺占道堆物",
    "废品收购点消防通道堵塞",
    "监控探头被树枝遮挡",
    "晒场秸秆靠近电线",
    "空置房门锁被撬",
];

/// Logs a patrol that ended just now.
pub(super) fn log(worker: &mut Worker<'_>, end_ms: i64) -> Result<(), SimulateError> {
    let minutes = worker.rng.random_range(35..180);
    let Some(cell) = worker.any_cell() else { return Ok(()) };
    let chosen = MODES.choose_weighted(&mut worker.rng, |(_, _, weight)| *weight);
    let (mode, phrase) = chosen.map_or(("1", "village"), |(mode, phrase, _)| (*mode, *phrase));
    let stops: Vec<String> = cell.villages.sample(&mut worker.rng, 2).map(|village| village.name.clone()).collect();
    let place = stops.first().cloned().unwrap_or_default();
    let around = Around { place: &place, on: domain::week::on_date(end_ms), money: 100 };
    let notes = worker.phrases.pick(&mut worker.rng, "patrol", phrase, &around);
    let mut fields = Map::new();
    let rng = &mut worker.rng;
    let mut put = |key: String, value: Value| fields.insert(key, value);
    put("mode".into(), json!(mode));
    put("start_at".into(), json!(end_ms - minutes * MINUTE_MS));
    put("end_at".into(), json!(end_ms));
    put("route".into(), json!(format!("派出所→{}→派出所", stops.join("→"))));
    put("people_checked".into(), json!(rng.random_range(0..25_u32)));
    put("vehicles_checked".into(), json!(rng.random_range(0..18_u32)));
    put("sites_checked".into(), json!(rng.random_range(0..7_u32)));
    put("dissuaded".into(), json!(rng.random_range(0..4_u32)));
    put("notes".into(), json!(notes));
    put(format!("cells/{}/present", cell.code), json!(true));
    if let Some(other) = worker.cells.choose(rng).filter(|_| rng.random_bool(0.3)) {
        put(format!("cells/{}/present", other.code), json!(true));
    }
    put("crew/c1/name".into(), json!(worker.officer));
    put("crew/c1/kind".into(), json!("officer"));
    let company = rng.random_range(0..3_usize);
    for (number, (name, kind)) in (2..).zip(COMPANY.sample(rng, company)) {
        put(format!("crew/c{number}/name"), json!(name));
        put(format!("crew/c{number}/kind"), json!(kind));
    }
    if rng.random_bool(0.22) {
        let what = FINDINGS.choose(rng).copied().unwrap_or("路灯不亮");
        put("findings/f1/what".into(), json!(what));
        put("findings/f1/place".into(), json!(format!("{place}村口")));
        put("findings/f1/hazard".into(), json!(rng.random_bool(0.5)));
    }
    worker.laptop.call("patrol_save", json!({ "document": null, "heads": [], "fields": fields }))?;
    Ok(())
}
