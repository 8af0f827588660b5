//! What was set aside: the list, one act, and its export for whoever has to look into it.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use sync::ids::ActId;

use super::out::{instant, table};
use super::{CliFault, Out, act_id};
use crate::account::SetAsideEntry;
use crate::key::create_private;
use crate::station::Station;

#[derive(Args)]
pub(super) struct Export {
    /// Id of the act.
    act: String,
    /// The file to write. It must not exist. It holds record text in the clear.
    #[arg(long)]
    out: PathBuf,
}

pub(super) fn list(dir: &Path, out: Out) -> Result<(), CliFault> {
    let acts = Station::open(dir)?.set_aside()?;
    let rows: Vec<Vec<String>> = acts
        .iter()
        .map(|one| {
            vec![
                instant(Some(one.received_at_ms)),
                one.act.to_string(),
                one.reason.code().to_owned(),
                one.entries.to_string(),
                one.replica.to_string(),
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
            })
        })
        .collect();
    Ok(out.say(&table(&["RECEIVED", "ACT", "REASON", "ENTRIES", "REPLICA"], &rows), &Value::from(value))?)
}

pub(super) fn show(dir: &Path, act: ActId, out: Out) -> Result<(), CliFault> {
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

pub(super) fn export(dir: &Path, args: &Export, out: Out) -> Result<(), CliFault> {
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
