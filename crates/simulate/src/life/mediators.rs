//! The register of mediators: the five kinds, their skills and where they work.

use rand::RngExt as _;
use rand::SeedableRng as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use crate::SimulateError;
use crate::laptop::Laptop;
use crate::names::{Names, Sex, mobile};
use crate::town::Town;

/// The kinds with what such a mediator is good at.
const KINDS: [(&str, [&str; 3]); 5] = [
    ("M1", ["劳动争议、工资拖欠", "合同、借贷", "征地拆迁"]),
    ("M2", ["交通事故赔偿", "医疗、消费", "建筑工程"]),
    ("M3", ["邻里、宅基地", "婚恋家庭", "物业、停车"]),
    ("M4", ["打架滋事", "醉酒、伤害", "突发群体事件"]),
    ("M5", ["婆媳、赡养", "恋爱分手", "邻里口角"]),
];
const LANGUAGES: [&str; 3] = ["普通话、兰溪话", "普通话、兰溪话、衢州话", "普通话"];

/// Registers mediators; how many.
pub(super) fn register(laptop: &Laptop, seed: u64, town: &Town) -> Result<u64, SimulateError> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x3ED1A);
    let names = Names::load()?;
    let count = rng.random_range(12..19_u64);
    for number in 0..count {
        let at = usize::try_from(number).unwrap_or(0) % KINDS.len();
        let Some((kind, skills)) = KINDS.get(at) else { continue };
        let sex = if rng.random_bool(0.55) { Sex::Male } else { Sex::Female };
        let year = rng.random_range(1955..1988);
        let name = format!("{}{}", names.surname(&mut rng), names.given(&mut rng, sex, year));
        let areas: Vec<&str> = town.cells.sample(&mut rng, 2).map(|cell| cell.name.as_str()).collect();
        let everywhere = rng.random_bool(0.4);
        let fields = json!({
            "name": name,
            "kind": kind,
            "skills": skills.choose(&mut rng),
            "languages": LANGUAGES.choose(&mut rng),
            "areas": if everywhere { None } else { Some(areas.join("、")) },
            "phone": mobile(&mut rng),
            "available": rng.random_bool(0.9),
        });
        laptop.call("mediator_save", json!({ "document": null, "heads": [], "fields": fields }))?;
    }
    Ok(count)
}
