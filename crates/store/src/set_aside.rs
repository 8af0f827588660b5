//! Acts the station set aside: why, what they touched, what they said. Must not try them again.

use std::collections::BTreeMap;

use documents::ChangeHash;
use domain::kind::Kind;
use domain::shape::Scalar;
use sync::ids::{ActId, DocumentId, OfficerId};
use sync::receipt::RefusalReason;

use crate::error::Result;
use crate::row::{act_of, document_of, hash_of, officer_of};
use crate::store::Reader;

/// One act set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideAct {
    /// The act.
    pub act: ActId,
    /// When it was written, device time.
    pub at: i64,
    /// By whom.
    pub officer: OfficerId,
    /// Why: the reason of the entry that was refused for itself.
    pub reason: RefusalReason,
    /// Entries.
    pub entries: u64,
    /// Records it touched: kind and title where they are still in the views.
    pub records: Vec<(DocumentId, Option<Kind>, String)>,
}

/// One entry of an act set aside, in full, for its export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideEntry {
    /// The record.
    pub document: DocumentId,
    /// The change.
    pub change: ChangeHash,
    /// Device time.
    pub at: i64,
    /// Who.
    pub officer: OfficerId,
    /// Why.
    pub reason: RefusalReason,
    /// Keys and values it set, headers included.
    pub sets: Vec<(String, Scalar)>,
}

fn reason(number: i64) -> RefusalReason {
    RefusalReason::from_number(u8::try_from(number).unwrap_or(u8::MAX))
}

/// Whether a reason only follows another entry's.
const fn follows(reason: RefusalReason) -> bool {
    matches!(reason, RefusalReason::ActRefused | RefusalReason::DependencyRefused)
}

pub(crate) const LIST: &str = "SELECT act, device_at, officer, refused, document, id FROM entry INDEXED BY entry_refused WHERE refused IS NOT NULL";

/// Acts set aside, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(reader: &Reader<'_>) -> Result<Vec<SetAsideAct>> {
    let mut statement = reader.conn().prepare_cached(LIST)?;
    let mut rows = statement
        .query_map([], |row| {
            let why = reason(row.get(3)?);
            Ok((row.get::<_, i64>(5)?, act_of(row, 0)?, row.get(1)?, officer_of(row, 2)?, why, document_of(row, 4)?))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    rows.sort_by_key(|(id, ..)| *id);
    let mut acts: BTreeMap<ActId, SetAsideAct> = BTreeMap::new();
    for (_, act, at, officer, why, document) in rows {
        let known =
            acts.entry(act).or_insert(SetAsideAct { act, at, officer, reason: why, entries: 0, records: Vec::new() });
        known.entries = known.entries.saturating_add(1);
        if follows(known.reason) && !follows(why) {
            known.reason = why;
        }
        if !known.records.iter().any(|(id, _, _)| *id == document) {
            let kind = crate::project::is_shown(reader.conn(), document)?;
            known.records.push((document, kind, crate::record::title(reader, document)?));
        }
    }
    let mut list: Vec<SetAsideAct> = acts.into_values().collect();
    list.sort_by_key(|act| (std::cmp::Reverse(act.at), act.act));
    Ok(list)
}

/// The entries of an act set aside, in the order they were written.
///
/// # Errors
/// Those of the database.
pub fn entries(reader: &Reader<'_>, act: ActId) -> Result<Vec<SetAsideEntry>> {
    let mut statement = reader.conn().prepare_cached(
        "SELECT document, hash, device_at, officer, refused, body FROM entry WHERE act = ?1 AND refused IS NOT NULL ORDER BY id",
    )?;
    let mut rows = statement.query([act.as_bytes()])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let sets = documents::describe(&row.get::<_, Vec<u8>>(5)?).map(|summary| summary.sets).unwrap_or_default();
        entries.push(SetAsideEntry {
            document: document_of(row, 0)?,
            change: hash_of(row, 1)?,
            at: row.get(2)?,
            officer: officer_of(row, 3)?,
            reason: reason(row.get(4)?),
            sets,
        });
    }
    Ok(entries)
}
