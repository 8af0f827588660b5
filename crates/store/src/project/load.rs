//! A record out of the log: which of its changes count, and what they say together. Must not write.
//!
//! A change counts when it was not refused and everything it builds on counts. What waits for a change that has not
//! arrived yet stays in the log and counts as soon as it has.

use std::collections::{BTreeMap, BTreeSet};

use documents::{ChangeHash, Document, DocumentError, Reading};
use rusqlite::Connection;
use sync::ids::DocumentId;
use sync::lane::EntryKind;

use super::Facts;
use super::place::{self, Step};
use crate::error::Result;
use crate::row::hash_of;

/// One entry of a record.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// `entry.id`.
    pub(crate) id: i64,
    pub(crate) kind: EntryKind,
    pub(crate) scope: String,
    pub(crate) device_at: i64,
    pub(crate) hash: ChangeHash,
    pub(crate) body: Vec<u8>,
}

/// A record as the log has it.
pub(crate) struct Loaded {
    pub(crate) reading: Reading,
    pub(crate) scope: String,
    /// The changes that count, oldest arrival first.
    pub(crate) live: Vec<Change>,
    pub(crate) decisions: Vec<(String, i64, i64)>,
}

impl Loaded {
    /// Counts again what decisions settled, after a change was added.
    pub(crate) fn count_decisions(&mut self) {
        self.decisions = decisions(&self.live);
    }

    /// What the projection needs.
    pub(crate) fn facts<'a>(&'a self, id: &'a str) -> Facts<'a> {
        let newest = self.live.iter().max_by_key(|change| (change.device_at, change.hash));
        let first_at = self.live.iter().map(|change| change.device_at).min().unwrap_or(0);
        Facts {
            id,
            scope: &self.scope,
            reading: &self.reading,
            changes: i64::try_from(self.live.len()).unwrap_or(i64::MAX),
            last_entry: newest.map_or(0, |change| change.id),
            last_at: newest.map_or(0, |change| change.device_at),
            first_at,
            decisions: &self.decisions,
        }
    }
}

/// The columns [`row`] reads, in its order.
pub(crate) const COLUMNS: &str = "id, kind, scope, device_at, hash, body";

pub(crate) fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Change> {
    Ok(Change {
        id: row.get(0)?,
        kind: EntryKind::from_number(row.get(1)?),
        scope: row.get(2)?,
        device_at: row.get(3)?,
        hash: hash_of(row, 4)?,
        body: row.get(5)?,
    })
}

/// Loads a record; `None` when nothing of it counts. Entries whose body was dropped say nothing.
pub(crate) fn load(conn: &Connection, document: DocumentId) -> Result<Option<Loaded>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM entry WHERE document = ?1 AND refused IS NULL AND body <> x'' ORDER BY id"
    ))?;
    let rows = statement.query_map([document.as_bytes()], row)?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(of_rows(document, rows, &place::steps(conn, document)?))
}

/// The record its entries make; `None` when nothing of it counts, or it is none that this version can read.
pub(crate) fn of_rows(document: DocumentId, rows: Vec<Change>, steps: &[Step]) -> Option<Loaded> {
    let (changes, controls): (Vec<Change>, Vec<Change>) =
        rows.into_iter().partition(|row| matches!(row.kind, EntryKind::Change | EntryKind::Decision));
    if controls.iter().any(|control| control.kind == EntryKind::Erase) {
        return None;
    }
    let (reading, live) = read(changes)?;
    if reading.id != document.uuid() {
        return None;
    }
    let scope = place::scope_of(&live, steps)?;
    let decisions = decisions(&live);
    Some(Loaded { reading, scope, live, decisions })
}

fn read(changes: Vec<Change>) -> Option<(Reading, Vec<Change>)> {
    if let [only] = changes.as_slice() {
        let reading = documents::read_one(&only.body).ok()?;
        return Some((reading, changes));
    }
    match Document::open(changes.iter().map(|change| change.body.as_slice())) {
        Ok(mut document) => document.read().ok().map(|reading| (reading, changes)),
        Err(DocumentError::MissingDependencies) => {
            let closed = closed(changes);
            if closed.is_empty() { None } else { one_by_one_if_needed(closed) }
        }
        Err(
            DocumentError::ActorReused
            | DocumentError::Malformed
            | DocumentError::Panicked
            | DocumentError::UnknownHeads
            | DocumentError::Empty
            | DocumentError::UnknownKind
            | DocumentError::NothingToChange
            | DocumentError::Refused,
        ) => one_by_one(closed(changes)),
    }
}

fn one_by_one_if_needed(changes: Vec<Change>) -> Option<(Reading, Vec<Change>)> {
    match Document::open(changes.iter().map(|change| change.body.as_slice())) {
        Ok(mut document) => document.read().ok().map(|reading| (reading, changes)),
        Err(_) => one_by_one(changes),
    }
}

/// Takes in what automerge takes, in an order that does not depend on arrival: two copies of one disk that wrote on as
/// one actor must not hide the record. What is left out stays in the log.
fn one_by_one(mut changes: Vec<Change>) -> Option<(Reading, Vec<Change>)> {
    changes.sort_by_key(|change| change.hash);
    let mut taken: Vec<Change> = Vec::new();
    let mut last = None;
    let mut grew = true;
    while grew {
        grew = false;
        let mut left = Vec::new();
        for change in std::mem::take(&mut changes) {
            taken.push(change);
            match Document::open(taken.iter().map(|known| known.body.as_slice())).and_then(|mut doc| doc.read()) {
                Ok(reading) => {
                    last = Some(reading);
                    grew = true;
                }
                Err(_) => left.extend(taken.pop()),
            }
        }
        changes = left;
    }
    taken.sort_by_key(|change| change.id);
    last.map(|reading| (reading, taken))
}

/// The changes whose dependencies are all among them.
fn closed(changes: Vec<Change>) -> Vec<Change> {
    let deps: BTreeMap<ChangeHash, Vec<ChangeHash>> = changes
        .iter()
        .filter_map(|change| documents::describe(&change.body).ok().map(|summary| (change.hash, summary.deps)))
        .collect();
    let mut here: BTreeSet<ChangeHash> = deps.keys().copied().collect();
    loop {
        let gone: Vec<ChangeHash> = here
            .iter()
            .filter(|hash| deps.get(*hash).is_none_or(|deps| deps.iter().any(|dep| !here.contains(dep))))
            .copied()
            .collect();
        if gone.is_empty() {
            break;
        }
        for hash in gone {
            here.remove(&hash);
        }
    }
    changes.into_iter().filter(|change| here.contains(&change.hash)).collect()
}

/// Keys settled by a decision, the newest decision of each key.
fn decisions(live: &[Change]) -> Vec<(String, i64, i64)> {
    let mut newest: BTreeMap<String, (i64, ChangeHash, i64)> = BTreeMap::new();
    for change in live.iter().filter(|change| change.kind == EntryKind::Decision) {
        let Ok(summary) = documents::describe(&change.body) else { continue };
        for (key, _) in summary.sets {
            let mine = (change.device_at, change.hash, change.id);
            let known = newest.entry(key).or_insert(mine);
            *known = (*known).max(mine);
        }
    }
    newest.into_iter().map(|(key, (at, _, id))| (key, at, id)).collect()
}
