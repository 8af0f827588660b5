//! A small station is made whole.

use serde_json::{Value, json};
use simulate::Laptop;
use simulate::make::{Open, Order, make_open};
use sync::crypto::KdfParams;
use tempfile::TempDir;

/// Saturday 2026-11-21 17:00 at the station.
const UNTIL_MS: i64 = 1_795_251_600_000;

fn made(seed: u64) -> (Open, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let order = Order {
        station_dir: folder.path().join("station"),
        data_dir: folder.path().join("laptops"),
        residents: 200,
        seed,
        url: "https://127.0.0.1:1".to_owned(),
        until_ms: UNTIL_MS,
        weeks: 4,
        kdf: KdfParams::FLOOR,
        passphrase: "fengqiao-tests".to_owned(),
    };
    (make_open(&order).unwrap(), folder)
}

/// Amount and rows of each figure of a week.
fn figures(laptop: &Laptop, year: i64, week: i64) -> Vec<(String, u64, u64)> {
    let report = laptop.call("report_week", json!({ "year": year, "week": week })).unwrap();
    let each = report["figures"].as_array().unwrap().iter();
    each.map(|figure| {
        let key = figure["key"].as_str().unwrap().to_owned();
        let (mut behind, mut after) = (Vec::new(), Value::Null);
        loop {
            let request = json!({ "year": year, "week": week, "figure": key, "after": after, "limit": 7 });
            let page = laptop.call("report_rows", request).unwrap();
            behind.extend(page["rows"].as_array().unwrap().clone());
            after = page["next"].clone();
            if after.is_null() {
                break;
            }
        }
        let counted = behind.iter().filter(|row| row["counted"] == true);
        let rows = match figure["unit"].as_str() {
            Some("minutes") => counted.map(|row| row["minutes"].as_u64().unwrap_or(0)).sum(),
            _ => counted.count() as u64,
        };
        (key, figure["now"]["value"].as_u64().unwrap(), rows)
    })
    .collect()
}

#[test]
fn every_laptop_of_a_made_station_is_sound_and_its_reports_are_the_counts_of_their_rows() {
    let (open, _folder) = made(7);
    assert_eq!(open.made.residents, 220);
    let lived = open.made.lived;
    assert!(lived.visits >= 4 && lived.patrols >= 2 && lived.disputes >= 2 && lived.mediators >= 10, "{lived:?}");
    let mut seen = 0;
    for laptop in &open.laptops {
        let started = laptop.call("data_check", json!({})).unwrap();
        laptop.job(&started).unwrap();
        let checked = laptop.call("data_checked", started).unwrap();
        assert_eq!((&checked["differences"], &checked["integrity_ok"]), (&json!(0), &json!(true)), "{checked}");
        let bar = laptop.call("status_bar", json!({})).unwrap();
        assert_eq!((&bar["unsent"], &bar["set_aside"]), (&json!(0), &json!(0)), "{bar}");
        let receipts = laptop.call("receipt_list", json!({ "limit": 5 })).unwrap();
        assert!(!receipts["rows"].as_array().unwrap().is_empty(), "{receipts}");
        for week in 44..=47 {
            for (key, amount, rows) in figures(laptop, 2026, week) {
                assert_eq!(amount, rows, "{key} in week {week}");
                seen += amount;
            }
        }
    }
    assert!(seen > 0);
    let status = open.laptops[0].call("session_status", json!({})).unwrap();
    assert_eq!(status["current"]["profile"]["made_up"], true);
    let conflicts = open.laptops[3].call("conflict_list", json!({})).unwrap();
    assert!(!conflicts["open"].as_array().unwrap().is_empty(), "{conflicts}");
    assert_eq!(conflicts["settled"].as_array().unwrap().len() as u64, lived.settled);
}

#[test]
fn the_same_seed_makes_the_same_people_and_the_same_work() {
    let look = |open: &Open| {
        let laptop = &open.laptops[0];
        let page = laptop.call("resident_list", json!({ "order": "name", "limit": 200 })).unwrap();
        let names: Vec<String> =
            page["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
        let visits = laptop.call("visit_list", json!({ "limit": 200 })).unwrap();
        let notes: Vec<Value> = visits["rows"].as_array().unwrap().iter().map(|row| row["notes"].clone()).collect();
        (open.made.lived, names, notes)
    };
    let (one, _first) = made(11);
    let (same, _second) = made(11);
    let (other, _third) = made(12);
    assert_eq!(look(&one), look(&same));
    assert_ne!(look(&one).1, look(&other).1);
}
