//! What an officer waits for on a full laptop: the start, lists, searches, saves.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};
use sync::crypto::KdfParams;

use super::Figures;
use super::control::Control;
use super::machine::{peak_mb, resident_mb, round};
use super::prepare::{NOW_MS, PASSPHRASE};
use crate::SimulateError;
use crate::host::MadeHost;
use crate::laptop::{Laptop, list, text, value_at};
use crate::names::mobile;

/// Times each list is asked for.
const LISTS: usize = 200;
/// Saves, each with its control beside.
const SAVES: usize = 600;
/// A list this slow is asked for less often: the figure is plain long before, and the bench has to end.
const LIST_SECONDS_MOST: f64 = 8.0;
/// Rows of a page, as the screens ask for them.
const PAGE: u32 = 100;
/// Starts.
const STARTS: usize = 5;

/// The folder of the bench's replica.
pub(super) fn folder(dir: &Path) -> Result<PathBuf, SimulateError> {
    let replica = replica(dir)?.parse().map_err(|_| SimulateError::answer("prepare", "replica"))?;
    Ok(store::replica::folder(&dir.join("laptop"), replica))
}

fn replica(dir: &Path) -> Result<String, SimulateError> {
    std::fs::read_to_string(dir.join("replica")).map_err(SimulateError::file(dir))
}

/// Measures.
pub(super) fn run(dir: &Path, seed: u64) -> Result<Figures, SimulateError> {
    let mut figures = Figures::new();
    let laptop = start(dir, seed, &mut figures)?;
    lists(&laptop, &mut figures)?;
    searches(dir, &laptop, &mut figures)?;
    saves(dir, &laptop, seed, &mut figures)?;
    figures.insert("rss_mb".into(), round(resident_mb()).into());
    figures.insert("rss_peak_mb".into(), round(peak_mb()).into());
    Ok(figures)
}

/// From unlocking to the first list, without the key derivation, which is slow on purpose.
fn start(dir: &Path, seed: u64, figures: &mut Figures) -> Result<Laptop, SimulateError> {
    let folder = folder(dir)?;
    let replica = replica(dir)?;
    let mut deriving = Vec::new();
    for _ in 0..STARTS {
        let began = Instant::now();
        store::keys::unlock(&folder, PASSPHRASE)?;
        deriving.push(began.elapsed().as_secs_f64());
    }
    let kdf = deriving.iter().copied().fold(f64::MAX, f64::min);
    let opened_before = documents::opened();
    let mut starts = Vec::new();
    let mut laptop = None;
    for _ in 0..STARTS {
        drop(laptop.take());
        let host = MadeHost::new(seed ^ 0xB_E0C4, &dir.join("laptop"), NOW_MS);
        let began = Instant::now();
        let open = Laptop::open(host, KdfParams::FLOOR, &replica, PASSPHRASE)?;
        open.call("household_list", json!({ "order": "address", "limit": PAGE }))?;
        starts.push((began.elapsed().as_secs_f64() - kdf).max(0.0));
        laptop = Some(open);
    }
    let slowest = starts.iter().copied().fold(0.0, f64::max);
    figures.insert("start_seconds".into(), round(slowest).into());
    figures.insert("start_documents_opened".into(), (documents::opened() - opened_before).into());
    figures.insert("key_derivation_seconds_at_floor".into(), round(kdf).into());
    laptop.ok_or_else(|| SimulateError::answer("unlock", "laptop"))
}

/// The first page of every list in every order, with the usual filters.
fn lists(laptop: &Laptop, figures: &mut Figures) -> Result<(), SimulateError> {
    let status = laptop.call("session_status", json!({}))?;
    let cell = text(&status, "/current/cells/0/code", "session_status")?;
    let village = text(&status, "/current/cells/0/villages/0/code", "session_status")?;
    let mut asks: Vec<(&str, String, Value)> = Vec::new();
    for order in ["address", "head", "last_visit", "members"] {
        asks.push(("household_list", order.into(), json!({ "order": order, "limit": PAGE })));
        asks.push(("household_list", format!("{order}, cell"), json!({ "order": order, "cell": cell, "limit": PAGE })));
    }
    asks.push(("household_list", "village".into(), json!({ "order": "address", "village": village, "limit": PAGE })));
    let since = json!({ "order": "address", "not_visited_since_on": "2026-06-01", "limit": PAGE });
    asks.push(("household_list", "not visited".into(), since));
    for order in ["name", "birth", "address"] {
        asks.push(("resident_list", order.into(), json!({ "order": order, "limit": PAGE })));
        asks.push(("resident_list", format!("{order}, cell"), json!({ "order": order, "cell": cell, "limit": PAGE })));
    }
    for (filter, order) in [("open", "due"), ("open", "newest"), ("closed", "newest")] {
        let ask = json!({ "filter": filter, "order": order, "limit": PAGE });
        asks.push(("dispute_list", format!("{filter}, {order}"), ask));
    }
    asks.push(("visit_list", "newest".into(), json!({ "limit": PAGE })));
    asks.push(("patrol_list", "newest".into(), json!({ "limit": PAGE })));
    let mut detail = Map::new();
    let mut worst = 0.0_f64;
    for (command, name, ask) in asks {
        let took = times(LISTS, || laptop.call(command, ask.clone()).map(|_| ()))?;
        let high = p99(took);
        worst = worst.max(high);
        detail.insert(format!("{command} {name}"), round(high).into());
    }
    figures.insert("list_p99_ms".into(), round(worst).into());
    figures.insert("list_p99_ms_each".into(), Value::Object(detail));
    Ok(())
}

/// Every kind of query, first page. Queries by the end of a number are durably audited before anything is shown: their
/// figures hold one commit each.
fn searches(dir: &Path, laptop: &Laptop, figures: &mut Figures) -> Result<(), SimulateError> {
    let path = dir.join("queries.json");
    let text = std::fs::read_to_string(&path).map_err(SimulateError::file(&path))?;
    let queries: Vec<(String, String)> =
        serde_json::from_str(&text).map_err(|_| SimulateError::answer("prepare", "queries"))?;
    let mut by_kind: std::collections::BTreeMap<String, Vec<f64>> = std::collections::BTreeMap::new();
    let mut empty = 0_u64;
    for _ in 0..4 {
        for (kind, query) in &queries {
            let began = Instant::now();
            let found = laptop.call("search", json!({ "query": query, "limit": 20 }))?;
            by_kind.entry(kind.clone()).or_default().push(began.elapsed().as_secs_f64() * 1_000.0);
            empty += u64::from(list(&found, "/groups", "search")?.is_empty());
        }
    }
    let (mut highs, mut middles) = (Map::new(), Map::new());
    let mut worst = 0.0_f64;
    for (kind, took) in by_kind {
        middles.insert(kind.clone(), round(percentile(took.clone(), 50)).into());
        let high = p99(took);
        worst = worst.max(high);
        highs.insert(kind, round(high).into());
    }
    figures.insert("search_p99_ms".into(), round(worst).into());
    figures.insert("search_p50_ms_each".into(), Value::Object(middles));
    figures.insert("search_p99_ms_each".into(), Value::Object(highs));
    figures.insert("search_without_hits".into(), empty.into());
    Ok(())
}

/// Saves of household and resident forms, each followed by its control.
fn saves(dir: &Path, laptop: &Laptop, seed: u64, figures: &mut Figures) -> Result<(), SimulateError> {
    let control = Control::open(&dir.join("control.db"))?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5A4E);
    let mut forms: Vec<(&str, &str, String)> = Vec::new();
    for (open, save, listing) in
        [("household_open", "household_save", "household_list"), ("resident_open", "resident_save", "resident_list")]
    {
        let mut after = Value::Null;
        // documents from all over the list, so that pages are as cold as in real work
        while forms.iter().filter(|(known, ..)| *known == open).count() < 4_000 {
            let page = laptop.call(listing, json!({ "order": "address", "after": after, "limit": 200 }))?;
            for row in list(&page, "/rows", listing)? {
                forms.push((open, save, text(row, "/document", listing)?.to_owned()));
            }
            after = page.get("next").cloned().unwrap_or_default();
            if after.is_null() {
                break;
            }
        }
    }
    let (mut took, mut bare) = (Vec::new(), Vec::new());
    for number in 0..SAVES {
        let at = rng.random_range(0..forms.len().max(1));
        let Some((open, save, document)) = forms.get(at) else { break };
        let page = laptop.call(open, json!({ "document": document }))?;
        let notes = format!("第{number}次记事：电话已换号，当场更新并拨通确认");
        let fields = json!({ "phone": mobile(&mut rng), "notes": notes });
        let request = json!({ "document": document, "heads": value_at(&page, "heads"), "fields": fields });
        let began = Instant::now();
        laptop.call(save, request)?;
        took.push(began.elapsed().as_secs_f64() * 1_000.0);
        bare.push(control.once()?);
    }
    let middle = |all: &[f64]| percentile(all.to_vec(), 50);
    figures.insert("save_p50_ms".into(), round(middle(&took)).into());
    figures.insert("save_control_p50_ms".into(), round(middle(&bare)).into());
    figures.insert("save_p99_ms".into(), round(p99(took)).into());
    figures.insert("save_control_p99_ms".into(), round(p99(bare)).into());
    Ok(())
}

fn times(count: usize, mut work: impl FnMut() -> Result<(), SimulateError>) -> Result<Vec<f64>, SimulateError> {
    let mut took = Vec::with_capacity(count);
    let first = Instant::now();
    for _ in 0..count {
        if first.elapsed().as_secs_f64() > LIST_SECONDS_MOST {
            break;
        }
        let began = Instant::now();
        work()?;
        took.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(took)
}

fn p99(all: Vec<f64>) -> f64 {
    percentile(all, 99)
}

/// The value that so many of a hundred do not exceed.
fn percentile(mut all: Vec<f64>, percent: usize) -> f64 {
    all.sort_by(f64::total_cmp);
    let at = (all.len() * percent).div_ceil(100).saturating_sub(1);
    all.get(at).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn ninety_nine_of_a_hundred_lie_at_or_below_the_percentile() {
        let all: Vec<f64> = (1..=200).map(f64::from).collect();
        assert!((percentile(all.clone(), 99) - 198.0).abs() < 1e-9);
        assert!((percentile(all, 50) - 100.0).abs() < 1e-9);
        assert!(percentile(Vec::new(), 99).abs() < 1e-9);
    }
}
