//! `medium`: the sticks that bundles may travel on. USB is off for every other.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use sync::ids::MediumId;
use sync::medium::MARKER_FILE;

use super::out::{instant, table};
use super::{CliFault, Out, new_uuid};
use crate::edit;
use crate::http::now_ms;
use crate::station::Station;

#[derive(Subcommand)]
pub(super) enum MediumCommand {
    /// Register a stick and write the station's marker on it.
    Register(Register),
    /// List media, withdrawn ones too.
    List,
    /// Withdraw a stick that is lost, broken or given away.
    Withdraw(Withdraw),
}

#[derive(Args)]
pub(super) struct Register {
    /// Top folder of the stick.
    #[arg(long, value_name = "FOLDER")]
    at: PathBuf,
    /// What is written on it, e.g. "U盘 01".
    #[arg(long)]
    label: String,
}

#[derive(Args)]
pub(super) struct Withdraw {
    /// Label or id of the stick.
    medium: String,
}

pub(super) fn media(dir: &Path, command: &MediumCommand, out: Out) -> Result<(), CliFault> {
    match command {
        MediumCommand::Register(args) => register(dir, args, out),
        MediumCommand::List => list(dir, out),
        MediumCommand::Withdraw(args) => withdraw(dir, args, out),
    }
}

fn register(dir: &Path, args: &Register, out: Out) -> Result<(), CliFault> {
    let id = MediumId(new_uuid()?);
    let version = Station::open(dir)?.register_medium(&args.at, id, &args.label, now_ms())?;
    let marker = args.at.join(MARKER_FILE);
    let lines = [
        format!("{} is registered as {id}; directory version {version}", args.label),
        format!("Its marker is {}. Laptops that have not synced since believe the marker.", marker.display()),
    ];
    let value = json!({ "id": id.to_string(), "label": args.label, "marker": marker, "directory_version": version });
    Ok(out.say(&lines, &value)?)
}

fn list(dir: &Path, out: Out) -> Result<(), CliFault> {
    let directory = Station::open(dir)?.directory()?;
    let rows: Vec<Vec<String>> = directory
        .media
        .iter()
        .map(|one| {
            let at = instant(Some(one.registered_at_ms));
            vec![one.label.clone(), one.state.code().to_owned(), at, one.id.to_string()]
        })
        .collect();
    let value: Vec<Value> = directory
        .media
        .iter()
        .map(|one| {
            json!({
                "id": one.id.to_string(),
                "label": one.label,
                "state": one.state.code(),
                "registered_at": one.registered_at_ms,
            })
        })
        .collect();
    Ok(out.say(&table(&["LABEL", "STATE", "REGISTERED", "ID"], &rows), &Value::from(value))?)
}

fn withdraw(dir: &Path, args: &Withdraw, out: Out) -> Result<(), CliFault> {
    let act = format!("medium withdraw {}", args.medium);
    let (version, id) =
        Station::open(dir)?.edit(&act, now_ms(), |directory| edit::withdraw_medium(directory, &args.medium))?;
    let lines = [
        format!("{} is withdrawn; directory version {version}", args.medium),
        "Laptops refuse it from their next sync on; the station does at once.".to_owned(),
    ];
    Ok(out.say(&lines, &json!({ "id": id.to_string(), "directory_version": version }))?)
}
