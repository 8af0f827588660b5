//! The signed directory as a whole: what it holds, and what was done to it when.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use sync::directory::{DataKind, Directory};

use super::officer::{OFFICER_HEAD, officer_row, scope_text};
use super::out::{instant, table};
use super::{CliFault, Out};
use crate::station::Station;

#[derive(Subcommand)]
pub(super) enum DirectoryCommand {
    /// Show the newest version, or an older one.
    Show(Show),
    /// List every act with its version.
    Log,
}

#[derive(Args)]
pub(super) struct Show {
    /// Which version; the newest when absent.
    #[arg(long)]
    version: Option<u64>,
}

pub(super) fn directory(dir: &Path, command: &DirectoryCommand, out: Out) -> Result<(), CliFault> {
    match command {
        DirectoryCommand::Show(args) => show(dir, args, out),
        DirectoryCommand::Log => log(dir, out),
    }
}

fn show(dir: &Path, args: &Show, out: Out) -> Result<(), CliFault> {
    let station = Station::open(dir)?;
    let directory = match args.version {
        None => station.directory()?,
        Some(version) => station.directory_version(version)?.ok_or(CliFault::VersionUnknown { version })?,
    };
    let mut lines = vec![
        format!("{}  {}  division {}", directory.station_name, directory.station, directory.division),
        format!("Version {}, signed {}", directory.version, instant(Some(directory.signed_at_ms))),
    ];
    if directory.data_kind == DataKind::MadeUp {
        lines.push("Every record is made up.".to_owned());
    }
    let cells: Vec<Vec<String>> = directory
        .cells
        .iter()
        .map(|cell| vec![cell.code.clone(), cell.name.clone(), cell.villages.join(" ")])
        .collect();
    let officers: Vec<Vec<String>> = directory.officers.iter().map(|one| officer_row(&directory, one)).collect();
    lines.push(String::new());
    lines.extend(table(&["CELL", "NAME", "VILLAGES"], &cells));
    lines.push(String::new());
    lines.extend(table(&OFFICER_HEAD, &officers));
    Ok(out.say(&lines, &directory_value(&directory))?)
}

fn directory_value(directory: &Directory) -> Value {
    json!({
        "version": directory.version,
        "station": directory.station.to_string(),
        "name": directory.station_name,
        "division": directory.division,
        "made_up": directory.data_kind == DataKind::MadeUp,
        "signed_at": directory.signed_at_ms,
        "station_key": hex::encode(directory.station_key.0),
        "pins": directory.tls_pins.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "villages": directory.villages.iter()
            .map(|one| json!({ "code": one.code, "name": one.name })).collect::<Vec<_>>(),
        "cells": directory.cells.iter()
            .map(|one| json!({ "code": one.code, "name": one.name, "villages": one.villages })).collect::<Vec<_>>(),
        "officers": directory.officers.iter()
            .map(|one| json!({ "id": one.id.to_string(), "name": one.name, "number": one.police_number,
                               "role": one.role.code() })).collect::<Vec<_>>(),
        "media": directory.media.iter()
            .map(|one| json!({ "id": one.id.to_string(), "label": one.label, "state": one.state.code() }))
            .collect::<Vec<_>>(),
        "assignments": directory.assignments.iter()
            .map(|one| json!({ "officer": one.officer.to_string(), "scope": scope_text(&one.to),
                               "from_on": one.from_on, "to_on": one.to_on })).collect::<Vec<_>>(),
        "replicas": directory.replicas.iter()
            .map(|one| json!({ "id": one.id.to_string(), "officer": one.officer.to_string(),
                               "laptop": one.laptop_label, "state": one.state.code(),
                               "certified_at": one.certified_at_ms })).collect::<Vec<_>>(),
    })
}

fn log(dir: &Path, out: Out) -> Result<(), CliFault> {
    let acts = Station::open(dir)?.directory_log()?;
    let rows: Vec<Vec<String>> = acts
        .iter()
        .map(|one| vec![one.version.to_string(), instant(Some(one.signed_at_ms)), one.act.clone()])
        .collect();
    let value: Vec<Value> = acts
        .iter()
        .map(|one| json!({ "version": one.version, "signed_at": one.signed_at_ms, "act": one.act }))
        .collect();
    Ok(out.say(&table(&["VERSION", "SIGNED", "ACT"], &rows), &Value::from(value))?)
}
