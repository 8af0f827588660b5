//! What was set aside: the list, one act, its export for whoever has to look into it, and the mark that somebody did.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use sync::ids::ActId;

use super::out::{instant, table};
use super::{CliFault, Out};
use crate::account::{Reviewed, SetAsideEntry};
use crate::http::now_ms;
use crate::key::create_private;
use crate::station::Station;

#[derive(Subcommand)]
pub(super) enum SetAsideCommand {
    /// List acts set aside, reviewed ones too.
    List,
    /// Show the entries of one act.
    Show(ActArg),
    /// Write the entries of one act, bodies included, to a JSON file.
    Export(Export),
    /// Mark an act as looked into.
    Review(ReviewArgs),
}

#[derive(Args)]
pub(super) struct ActArg {
    /// Id of the act.
    act: String,
}

#[derive(Args)]
pub(super) struct ReviewArgs {
    /// Id of the act.
    act: String,
    /// Police number or id of the officer who looked into it.
    #[arg(long)]
    by: String,
    /// What was found.
    #[arg(long, default_value = "")]
    note: String,
}

pub(super) fn acts(dir: &Path, command: &SetAsideCommand, out: Out) -> Result<(), CliFault> {
    match command {
        SetAsideCommand::List => list(dir, out),
        SetAsideCommand::Show(args) => show(dir, act_id(&args.act)?, out),
        SetAsideCommand::Export(args) => export(dir, args, out),
        SetAsideCommand::Review(args) => review(dir, args, out),
    }
}

#[derive(Args)]
pub(super) struct Export {
    /// Id of the act.
    act: String,
    /// The file to write. It must not exist. It holds record text in the clear.
    #[arg(long)]
    out: PathBuf,
}

fn list(dir: &Path, out: Out) -> Result<(), CliFault> {
    let station = Station::open(dir)?;
    let acts = station.set_aside()?;
    let directory = station.directory()?;
    let name = |officer| directory.officer(officer).map(|found| found.name.clone()).unwrap_or_default();
    let rows: Vec<Vec<String>> = acts
        .iter()
        .map(|one| {
            vec![
                instant(Some(one.received_at_ms)),
                one.act.to_string(),
                one.reason.code().to_owned(),
                one.entries.to_string(),
                one.replica.to_string(),
                one.review.as_ref().map_or_else(|| "-".to_owned(), |review| name(review.officer)),
            ]
        })
        .collect();
    let value: Vec<Value> = acts
        .iter()
        .map(|one| {
            json!({
                "act": one.act.to_string(),
                "replica": one.replica.to_string(),
                "reason": one.reason.code(),
                "entries": one.entries,
                "received_at": one.received_at_ms,
                "review": one.review.as_ref().map(|review| json!({
                    "officer": review.officer.to_string(),
                    "reviewed_at": review.reviewed_at_ms,
                    "note": review.note,
                })),
            })
        })
        .collect();
    Ok(out
        .say(&table(&["RECEIVED", "ACT", "REASON", "ENTRIES", "REPLICA", "REVIEWED BY"], &rows), &Value::from(value))?)
}

fn show(dir: &Path, act: ActId, out: Out) -> Result<(), CliFault> {
    let entries = entries(dir, act)?;
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|one| {
            vec![
                one.lane_index.to_string(),
                one.document.to_string(),
                one.scope.as_ref().map(ToString::to_string).unwrap_or_default(),
                one.kind.unwrap_or_default().to_owned(),
                instant(one.device_at_ms),
                one.reason.code().to_owned(),
            ]
        })
        .collect();
    let value: Vec<Value> = entries.iter().map(without_bytes).collect();
    let head = ["INDEX", "DOCUMENT", "SCOPE", "KIND", "WRITTEN", "REASON"];
    Ok(out.say(&table(&head, &rows), &Value::from(value))?)
}

fn export(dir: &Path, args: &Export, out: Out) -> Result<(), CliFault> {
    let act = act_id(&args.act)?;
    let entries = entries(dir, act)?;
    let value: Vec<Value> = entries
        .iter()
        .map(|one| {
            let mut value = without_bytes(one);
            if let (Some(fields), Some(entry)) = (value.as_object_mut(), &one.entry) {
                fields.insert("header".to_owned(), hex::encode(&entry.header).into());
                fields.insert("salt".to_owned(), hex::encode(entry.salt).into());
                fields.insert("body".to_owned(), hex::encode(&entry.body).into());
            }
            value
        })
        .collect();
    let in_file = |source| CliFault::File { path: args.out.clone(), source };
    let mut file = create_private(&args.out).map_err(in_file)?;
    file.write_all(json!({ "act": act.to_string(), "entries": value }).to_string().as_bytes()).map_err(in_file)?;
    file.sync_all().map_err(in_file)?;
    let lines = [format!("{} entries written to {}", entries.len(), args.out.display())];
    Ok(out.say(&lines, &json!({ "act": act.to_string(), "entries": entries.len(), "file": args.out }))?)
}

fn review(dir: &Path, args: &ReviewArgs, out: Out) -> Result<(), CliFault> {
    let act = act_id(&args.act)?;
    match Station::open(dir)?.review(act, &args.by, args.note.trim(), now_ms())? {
        Reviewed::ActUnknown => Err(CliFault::ActUnknown { act }),
        Reviewed::Marked { officer } => {
            let lines = [format!("Act {act} is marked as reviewed by {}", args.by)];
            Ok(out.say(&lines, &json!({ "act": act.to_string(), "officer": officer.to_string() }))?)
        }
    }
}

fn act_id(text: &str) -> Result<ActId, CliFault> {
    text.parse().map_err(|fault| CliFault::Id { text: text.to_owned(), fault })
}

fn entries(dir: &Path, act: ActId) -> Result<Vec<SetAsideEntry>, CliFault> {
    let entries = Station::open(dir)?.set_aside_entries(act)?;
    if entries.is_empty() { Err(CliFault::ActUnknown { act }) } else { Ok(entries) }
}

fn without_bytes(one: &SetAsideEntry) -> Value {
    json!({
        "index": one.lane_index,
        "document": one.document.to_string(),
        "scope": one.scope.as_ref().map(ToString::to_string),
        "kind": one.kind,
        "device_at": one.device_at_ms,
        "reason": one.reason.code(),
    })
}
