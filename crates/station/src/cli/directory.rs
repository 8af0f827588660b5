//! Acts on the directory: cells, officers, assignments; and its showing.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};
use sync::directory::{AssignedTo, Assignment, DataKind, Directory, Officer, Role, Village, station_day};
use sync::ids::{OfficerId, ScopeId};

use super::out::{instant, table};
use super::{CliFault, Out, new_uuid};
use crate::edit;
use crate::http::now_ms;
use crate::station::Station;

#[derive(Args)]
pub(super) struct CellAdd {
    /// Code of the cell, e.g. QF-01.
    #[arg(long)]
    code: String,
    /// Name of the cell.
    #[arg(long)]
    name: String,
    /// A village as code:name, the code with 12 digits; once for each village.
    #[arg(long = "village", value_name = "CODE:NAME", num_args = 1..)]
    villages: Vec<String>,
}

#[derive(Args)]
pub(super) struct OfficerAdd {
    /// The officer's name.
    #[arg(long)]
    name: String,
    /// Police number.
    #[arg(long)]
    number: String,
    /// officer, auxiliary, clerk, chief, auditor or admin.
    #[arg(long)]
    role: String,
}

#[derive(Args)]
pub(super) struct Assign {
    /// Police number or id of the officer.
    #[arg(long)]
    officer: String,
    /// cell:CODE, cell:CODE:sensitive, or all for every cell.
    #[arg(long)]
    scope: String,
    /// First day, YYYY-MM-DD; today when absent.
    #[arg(long)]
    from: Option<String>,
    /// Last day; open when absent.
    #[arg(long)]
    to: Option<String>,
}

pub(super) fn add_cell(dir: &Path, args: &CellAdd, out: Out) -> Result<(), CliFault> {
    let villages: Vec<Village> = args.villages.iter().map(|text| village(text)).collect::<Result<_, _>>()?;
    let station = Station::open(dir)?;
    let act = format!("cell add {}", args.code);
    let (version, ()) =
        station.edit(&act, now_ms(), |directory| edit::add_cell(directory, &args.code, &args.name, &villages))?;
    let lines = [format!("Cell {} added with {} villages; directory version {version}", args.code, villages.len())];
    Ok(out.say(&lines, &json!({ "cell": args.code, "directory_version": version }))?)
}

fn village(text: &str) -> Result<Village, CliFault> {
    let (code, name) = text.split_once([':', '：']).ok_or_else(|| CliFault::Village { text: text.to_owned() })?;
    Ok(Village { code: code.trim().to_owned(), name: name.trim().to_owned() })
}

pub(super) fn add_officer(dir: &Path, args: &OfficerAdd, out: Out) -> Result<(), CliFault> {
    let role = Role::KNOWN.iter().copied().find(|role| role.code() == args.role).ok_or_else(|| CliFault::Role {
        text: args.role.clone(),
        known: Role::KNOWN.iter().map(|role| role.code()).collect::<Vec<_>>().join(", "),
    })?;
    let id = OfficerId(new_uuid()?);
    let officer = Officer { id, name: args.name.clone(), police_number: args.number.clone(), role };
    let station = Station::open(dir)?;
    let act = format!("officer add {id}");
    let (version, ()) = station.edit(&act, now_ms(), |directory| edit::add_officer(directory, officer))?;
    let lines = [format!("Officer {} added as {id}; directory version {version}", args.number)];
    Ok(out.say(&lines, &json!({ "officer": id.to_string(), "directory_version": version }))?)
}

pub(super) fn assign(dir: &Path, args: &Assign, out: Out) -> Result<(), CliFault> {
    let to = if args.scope == "all" {
        AssignedTo::AllCells
    } else {
        let scope: ScopeId = args.scope.parse().map_err(|fault| CliFault::Id { text: args.scope.clone(), fault })?;
        AssignedTo::Scope(scope)
    };
    let from_on = args.from.clone().unwrap_or_else(|| station_day(now_ms()));
    let station = Station::open(dir)?;
    let act = format!("assign {} {}", args.officer, args.scope);
    let (version, officer) = station.edit(&act, now_ms(), |directory| {
        let officer = edit::find_officer(directory, &args.officer)?.id;
        let to_on = args.to.clone();
        edit::assign(directory, Assignment { officer, to, from_on: from_on.clone(), to_on })?;
        Ok(officer)
    })?;
    let lines = [format!("{} is assigned to {} from {from_on}; directory version {version}", args.officer, args.scope)];
    Ok(out.say(&lines, &json!({ "officer": officer.to_string(), "scope": args.scope, "directory_version": version }))?)
}

pub(super) fn show(dir: &Path, out: Out) -> Result<(), CliFault> {
    let station = Station::open(dir)?;
    let directory = station.directory()?;
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
    lines.extend(table(&["NUMBER", "NAME", "ROLE", "ASSIGNED", "LAPTOPS"], &officers));
    Ok(out.say(&lines, &directory_value(&directory))?)
}

fn officer_row(directory: &Directory, officer: &Officer) -> Vec<String> {
    let assigned =
        directory.assignments.iter().filter(|one| one.officer == officer.id).map(|one| {
            format!("{} {}..{}", scope_text(&one.to), one.from_on, one.to_on.as_deref().unwrap_or_default())
        });
    let laptops = directory
        .replicas
        .iter()
        .filter(|one| one.officer == officer.id)
        .map(|one| format!("{} ({})", one.laptop_label, one.state.code()));
    vec![
        officer.police_number.clone(),
        officer.name.clone(),
        officer.role.code().to_owned(),
        assigned.collect::<Vec<_>>().join(", "),
        laptops.collect::<Vec<_>>().join(", "),
    ]
}

fn scope_text(to: &AssignedTo) -> String {
    match to {
        AssignedTo::Scope(scope) => scope.to_string(),
        AssignedTo::AllCells => "all".to_owned(),
    }
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
        "assignments": directory.assignments.iter()
            .map(|one| json!({ "officer": one.officer.to_string(), "scope": scope_text(&one.to),
                               "from_on": one.from_on, "to_on": one.to_on })).collect::<Vec<_>>(),
        "replicas": directory.replicas.iter()
            .map(|one| json!({ "id": one.id.to_string(), "officer": one.officer.to_string(),
                               "laptop": one.laptop_label, "state": one.state.code(),
                               "certified_at": one.certified_at_ms })).collect::<Vec<_>>(),
    })
}

pub(super) fn log(dir: &Path, out: Out) -> Result<(), CliFault> {
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
