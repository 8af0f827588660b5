//! `bundle take`: what laptops wrote on a stick goes in, the answers go back beside it. Works while the server runs.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use sync::bundle::{ANSWER_SUFFIX, OUT_SUFFIX};

use super::out::instant;
use super::{CliFault, Out, random};
use crate::bundle::Taken;
use crate::http::now_ms;
use crate::medium::BUNDLES_FOLDER;
use crate::station::Station;

#[derive(Subcommand)]
pub(super) enum BundleCommand {
    /// Take a laptop's bundle and write the answer; of a stick, all that have no answer yet.
    Take(Take),
}

#[derive(Args)]
pub(super) struct Take {
    /// The bundle, or the top folder of the stick.
    #[arg(long, value_name = "FILE|FOLDER")]
    from: PathBuf,
    /// Where to write the answer; beside the bundle when absent. Only for one bundle.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

pub(super) fn bundles(dir: &Path, command: &BundleCommand, out: Out) -> Result<(), CliFault> {
    match command {
        BundleCommand::Take(args) => take(dir, args, out),
    }
}

fn take(dir: &Path, args: &Take, out: Out) -> Result<(), CliFault> {
    let station = Station::open(dir)?;
    let medium = station.medium_of(&args.from)?;
    if !args.from.is_dir() {
        let to = args.to.clone().unwrap_or_else(|| args.from.with_extension(ANSWER_SUFFIX));
        station.medium_of(&folder_of(&to))?;
        let taken = station.take_bundle(&args.from, &to, random()?, now_ms())?;
        return Ok(out.say(&lines(&station, &taken)?, &value(&taken, &medium.label))?);
    }
    let waiting = waiting(&args.from)?;
    if waiting.is_empty() {
        return Err(CliFault::NoBundle { path: args.from.clone() });
    }
    let (mut said, mut values, mut failed) = (Vec::new(), Vec::new(), 0);
    for from in waiting {
        match station.take_bundle(&from, &from.with_extension(ANSWER_SUFFIX), random()?, now_ms()) {
            Ok(taken) => {
                said.extend(lines(&station, &taken)?);
                values.push(value(&taken, &medium.label));
            }
            Err(fault) => {
                failed += 1;
                said.push(format!("{}: {fault}", from.display()));
                values.push(json!({ "file": from, "error": fault.to_string() }));
            }
        }
    }
    out.say(&said, &Value::from(values))?;
    if failed > 0 { Err(CliFault::NotTaken { count: failed }) } else { Ok(()) }
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// Bundles on a stick that have no answer beside them, by name.
fn waiting(top: &Path) -> Result<Vec<PathBuf>, CliFault> {
    let inner = top.join(BUNDLES_FOLDER);
    let folder = if inner.is_dir() { inner } else { top.to_owned() };
    let fault = |source| CliFault::File { path: folder.clone(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        if path.extension().is_some_and(|ending| ending == OUT_SUFFIX) && !path.with_extension(ANSWER_SUFFIX).exists() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn lines(station: &Station, taken: &Taken) -> Result<Vec<String>, CliFault> {
    let directory = station.directory()?;
    let laptop =
        directory.replica(taken.replica).map_or_else(|| taken.replica.to_string(), |one| one.laptop_label.clone());
    Ok(vec![
        format!(
            "Bundle {} of {laptop}, written {}: {} requests taken",
            taken.bundle,
            instant(Some(taken.made_at_ms)),
            taken.requests
        ),
        format!("Answer {}: {} bytes. It opens on that laptop only.", taken.answer.display(), taken.answer_bytes),
    ])
}

fn value(taken: &Taken, medium: &str) -> Value {
    json!({
        "replica": taken.replica.to_string(),
        "bundle": taken.bundle.to_string(),
        "made_at": taken.made_at_ms,
        "medium": medium,
        "requests": taken.requests,
        "responses": taken.responses,
        "answer": taken.answer,
        "answer_bytes": taken.answer_bytes,
    })
}
