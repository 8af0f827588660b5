//! `status`: how the station is, on one screen: backup, restore, laptops, work that waits for somebody.

use std::path::Path;

use serde_json::{Value, json};

use super::out::{instant, table};
use super::{CliFault, Out};
use crate::account::Overview;
use crate::station::Station;

pub(super) fn status(dir: &Path, out: Out) -> Result<(), CliFault> {
    let station = Station::open(dir)?;
    let overview = station.overview()?;
    let mut lines = vec![
        format!("Station {}, directory version {}", overview.station, overview.directory_version),
        format!("Entries {}, log epoch {}", overview.entries, overview.epoch),
        format!("Acts set aside and not reviewed: {}", overview.acts_unreviewed),
        match &overview.backup {
            Some(backup) => format!("Last backup {}: {}", instant(Some(backup.at_ms)), backup.file_name),
            None => "No backup yet".to_owned(),
        },
    ];
    lines.extend(restore_lines(&overview));
    Ok(out.say(&lines, &value(&overview))?)
}

fn restore_lines(overview: &Overview) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(restored) = &overview.restored {
        lines.push(format!(
            "Restored {} from the backup of {}; epoch {}, directory version then {}",
            instant(Some(restored.restored_at_ms)),
            instant(Some(restored.made_at_ms)),
            restored.epoch,
            restored.directory_version
        ));
    }
    let [_, .., newest] = overview.epochs.as_slice() else { return lines };
    lines.push(format!("Epoch {} began {} ({})", newest.epoch, instant(Some(newest.opened_at_ms)), newest.cause));
    lines.push(format!("Laptops still to sync since: {}", overview.not_seen_since.len()));
    let waiting = overview.not_seen_since.iter();
    lines.extend(waiting.map(|one| format!("  {} of {}", one.laptop_label, one.officer_name)));
    let rows: Vec<Vec<String>> = overview
        .recovered
        .iter()
        .map(|one| {
            vec![
                one.epoch.to_string(),
                one.replica.to_string(),
                one.entries.to_string(),
                one.source.clone(),
                one.from_replica.to_string(),
                instant(Some(one.at_ms)),
            ]
        })
        .collect();
    if rows.is_empty() {
        lines.push("Nothing came back yet that the station had lost.".to_owned());
    } else {
        lines.push("Came back that the station had lost:".to_owned());
        lines.extend(table(&["EPOCH", "ENTRIES OF", "COUNT", "BY", "FROM", "LAST"], &rows));
    }
    lines
}

fn value(overview: &Overview) -> Value {
    let recovered: Vec<Value> = overview
        .recovered
        .iter()
        .map(|one| {
            json!({
                "at": one.at_ms,
                "epoch": one.epoch,
                "replica": one.replica.to_string(),
                "source": one.source,
                "from_replica": one.from_replica.to_string(),
                "entries": one.entries,
            })
        })
        .collect();
    json!({
        "station": overview.station.to_string(),
        "directory_version": overview.directory_version,
        "epoch": overview.epoch,
        "entries": overview.entries,
        "acts_unreviewed": overview.acts_unreviewed,
        "backup": overview.backup.as_ref()
            .map(|one| json!({ "made_at": one.at_ms, "file_name": one.file_name, "entries": one.entries })),
        "restored": overview.restored.as_ref().map(|one| json!({
            "made_at": one.made_at_ms,
            "restored_at": one.restored_at_ms,
            "directory_version": one.directory_version,
            "epoch": one.epoch,
            "entries": one.entries,
        })),
        "epochs": overview.epochs.iter()
            .map(|one| json!({ "epoch": one.epoch, "opened_at": one.opened_at_ms, "cause": one.cause }))
            .collect::<Vec<_>>(),
        "recovered": recovered,
        "not_seen_since": overview.not_seen_since.iter().map(|one| one.replica.to_string()).collect::<Vec<_>>(),
    })
}
