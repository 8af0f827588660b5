//! Officers: who they are, what they may do, and their duties from one day to another.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use sync::directory::{AssignedTo, Assignment, Directory, Officer, ReplicaState, Role, station_day};
use sync::ids::{OfficerId, ScopeId};

use super::out::table;
use super::{CliFault, Out, new_uuid};
use crate::edit;
use crate::http::now_ms;
use crate::station::Station;

#[derive(Subcommand)]
pub(super) enum OfficerCommand {
    /// List officers with their duties and laptops.
    List,
    /// Add an officer.
    Add(OfficerAdd),
    /// Give an officer another role.
    Role(OfficerRole),
    /// End all duties of an officer who leaves. Past work keeps his name.
    End(OfficerEnd),
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
pub(super) struct OfficerRole {
    /// Police number or id of the officer.
    #[arg(long)]
    officer: String,
    /// officer, auxiliary, clerk, chief, auditor or admin.
    #[arg(long)]
    role: String,
}

#[derive(Args)]
pub(super) struct OfficerEnd {
    /// Police number or id of the officer.
    #[arg(long)]
    officer: String,
    /// Last day of duty, YYYY-MM-DD; today when absent.
    #[arg(long)]
    on: Option<String>,
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

#[derive(Args)]
pub(super) struct Unassign {
    /// Police number or id of the officer.
    #[arg(long)]
    officer: String,
    /// cell:CODE, cell:CODE:sensitive, or all, as it was assigned.
    #[arg(long)]
    scope: String,
    /// Last day of duty, YYYY-MM-DD; today when absent.
    #[arg(long)]
    on: Option<String>,
}

pub(super) fn officers(dir: &Path, command: &OfficerCommand, out: Out) -> Result<(), CliFault> {
    match command {
        OfficerCommand::List => list(dir, out),
        OfficerCommand::Add(args) => add_officer(dir, args, out),
        OfficerCommand::Role(args) => set_role(dir, args, out),
        OfficerCommand::End(args) => end(dir, args, out),
    }
}

fn list(dir: &Path, out: Out) -> Result<(), CliFault> {
    let directory = Station::open(dir)?.directory()?;
    let rows: Vec<Vec<String>> = directory.officers.iter().map(|one| officer_row(&directory, one)).collect();
    let value: Vec<Value> = directory.officers.iter().map(|one| officer_value(&directory, one)).collect();
    Ok(out.say(&table(&OFFICER_HEAD, &rows), &Value::from(value))?)
}

fn add_officer(dir: &Path, args: &OfficerAdd, out: Out) -> Result<(), CliFault> {
    let role = role(&args.role)?;
    let id = OfficerId(new_uuid()?);
    let officer = Officer { id, name: args.name.clone(), police_number: args.number.clone(), role };
    let station = Station::open(dir)?;
    let act = format!("officer add {id}");
    let (version, ()) = station.edit(&act, now_ms(), |directory| edit::add_officer(directory, officer))?;
    let lines = [format!("Officer {} added as {id}; directory version {version}", args.number)];
    Ok(out.say(&lines, &json!({ "officer": id.to_string(), "directory_version": version }))?)
}

fn role(text: &str) -> Result<Role, CliFault> {
    Role::KNOWN.iter().copied().find(|role| role.code() == text).ok_or_else(|| CliFault::Role {
        text: text.to_owned(),
        known: Role::KNOWN.iter().map(|role| role.code()).collect::<Vec<_>>().join(", "),
    })
}

fn set_role(dir: &Path, args: &OfficerRole, out: Out) -> Result<(), CliFault> {
    let role = role(&args.role)?;
    let station = Station::open(dir)?;
    let act = format!("officer role {} {}", args.officer, role.code());
    let (version, id) = station.edit(&act, now_ms(), |directory| {
        let officer = edit::find_officer(directory, &args.officer)?.id;
        edit::set_role(directory, officer, role)?;
        Ok(officer)
    })?;
    let lines = [format!("Officer {} is {} now; directory version {version}", args.officer, role.code())];
    Ok(out.say(&lines, &json!({ "officer": id.to_string(), "role": role.code(), "directory_version": version }))?)
}

fn end(dir: &Path, args: &OfficerEnd, out: Out) -> Result<(), CliFault> {
    let on = args.on.clone().unwrap_or_else(|| station_day(now_ms()));
    let station = Station::open(dir)?;
    let act = format!("officer end {} {on}", args.officer);
    let (version, (id, ended)) = station.edit(&act, now_ms(), |directory| {
        let officer = edit::find_officer(directory, &args.officer)?.id;
        Ok((officer, edit::unassign(directory, officer, None, &on)?))
    })?;
    let directory = station.directory()?;
    let laptops: Vec<_> = directory
        .replicas
        .iter()
        .filter(|one| one.officer == id && one.state == ReplicaState::Active)
        .map(|one| (one.laptop_label.clone(), one.id.to_string()))
        .collect();
    let mut lines = vec![format!("{ended} duties of {} end with {on}; directory version {version}", args.officer)];
    lines.extend(
        laptops.iter().map(|(label, id)| format!("Laptop {label} still syncs; when it has: replica revoke {id}")),
    );
    let value = json!({
        "officer": id.to_string(),
        "on": on,
        "ended": ended,
        "active_replicas": laptops.iter().map(|(_, id)| id).collect::<Vec<_>>(),
        "directory_version": version,
    });
    Ok(out.say(&lines, &value)?)
}

fn assigned_to(text: &str) -> Result<AssignedTo, CliFault> {
    if text == "all" {
        return Ok(AssignedTo::AllCells);
    }
    let scope: ScopeId = text.parse().map_err(|fault| CliFault::Id { text: text.to_owned(), fault })?;
    Ok(AssignedTo::Scope(scope))
}

pub(super) fn assign(dir: &Path, args: &Assign, out: Out) -> Result<(), CliFault> {
    let to = assigned_to(&args.scope)?;
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

pub(super) fn unassign(dir: &Path, args: &Unassign, out: Out) -> Result<(), CliFault> {
    let to = assigned_to(&args.scope)?;
    let on = args.on.clone().unwrap_or_else(|| station_day(now_ms()));
    let station = Station::open(dir)?;
    let act = format!("unassign {} {} {on}", args.officer, args.scope);
    let (version, officer) = station.edit(&act, now_ms(), |directory| {
        let officer = edit::find_officer(directory, &args.officer)?.id;
        edit::unassign(directory, officer, Some(&to), &on)?;
        Ok(officer)
    })?;
    let lines = [format!("{} is on duty in {} until {on}; directory version {version}", args.officer, args.scope)];
    let value = json!({ "officer": officer.to_string(), "scope": args.scope, "on": on, "directory_version": version });
    Ok(out.say(&lines, &value)?)
}

pub(super) const OFFICER_HEAD: [&str; 5] = ["NUMBER", "NAME", "ROLE", "ASSIGNED", "LAPTOPS"];

pub(super) fn officer_row(directory: &Directory, officer: &Officer) -> Vec<String> {
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

pub(super) fn scope_text(to: &AssignedTo) -> String {
    match to {
        AssignedTo::Scope(scope) => scope.to_string(),
        AssignedTo::AllCells => "all".to_owned(),
    }
}

fn officer_value(directory: &Directory, officer: &Officer) -> Value {
    let assignments = directory.assignments.iter().filter(|one| one.officer == officer.id);
    let replicas = directory.replicas.iter().filter(|one| one.officer == officer.id);
    json!({
        "id": officer.id.to_string(),
        "name": officer.name,
        "number": officer.police_number,
        "role": officer.role.code(),
        "assignments": assignments
            .map(|one| json!({ "scope": scope_text(&one.to), "from_on": one.from_on, "to_on": one.to_on }))
            .collect::<Vec<_>>(),
        "replicas": replicas
            .map(|one| json!({ "id": one.id.to_string(), "laptop": one.laptop_label, "state": one.state.code() }))
            .collect::<Vec<_>>(),
    })
}
