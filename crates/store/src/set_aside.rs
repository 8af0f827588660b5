//! Acts the station set aside: why, what they touched, what they said. Must not try them again.

use std::collections::BTreeMap;

use documents::ChangeHash;
use domain::kind::Kind;
use domain::shape::Scalar;
use rusqlite::{OptionalExtension, Row, params};
use sync::ids::{ActId, DocumentId, OfficerId, ScopeId};
use sync::lane::EntryKind;
use sync::receipt::RefusalReason;

use crate::error::{Result, StoreError};
use crate::identity;
use crate::row::{act_of, document_of, hash_of, int, officer_of, scope};
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
    /// When it was written again by another act.
    pub rewritten_at: Option<i64>,
    /// Records it touched: the kind where it is known, the title where the record is in the views. An erased one has neither.
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
    /// The scope it was written in.
    pub scope: ScopeId,
    /// What the entry does.
    pub kind: EntryKind,
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

/// Which entries are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those the station set aside.
    Refused,
    /// And own ones it never took: of a laptop that was revoked.
    RefusedAndUnsent,
}

// Own entries without a receipt, as if refused for the revocation.
const UNSENT: &str = "SELECT act, device_at, officer, ?3, document, id FROM entry
    WHERE replica = ?1 AND lane_index > ?2 AND refused IS NULL";

pub(crate) const LIST: &str = "SELECT act, device_at, officer, refused, document, id FROM entry INDEXED BY entry_refused WHERE refused IS NOT NULL";

fn rewritten_at(reader: &Reader<'_>, act: ActId) -> Result<Option<i64>> {
    let found = reader
        .conn()
        .prepare_cached("SELECT at FROM rewritten WHERE act = ?1")?
        .query_row([act.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// Acts set aside, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(reader: &Reader<'_>, which: Which) -> Result<Vec<SetAsideAct>> {
    let read = |row: &Row<'_>| {
        let why = reason(row.get(3)?);
        Ok((row.get::<_, i64>(5)?, act_of(row, 0)?, row.get(1)?, officer_of(row, 2)?, why, document_of(row, 4)?))
    };
    let mut rows = reader.conn().prepare_cached(LIST)?.query_map([], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    if which == Which::RefusedAndUnsent {
        let own = identity::read(reader.conn())?.ok_or(StoreError::NoIdentity)?.replica;
        let mut statement = reader.conn().prepare_cached(UNSENT)?;
        let judged = int(crate::exchange::receipts_through(reader)?);
        let revoked = RefusalReason::ReplicaRevoked.number();
        let more = statement.query_map(params![own.as_bytes(), judged, revoked], read)?;
        rows.extend(more.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    rows.sort_by_key(|(id, ..)| *id);
    let mut acts: BTreeMap<ActId, SetAsideAct> = BTreeMap::new();
    for (_, act, at, officer, why, document) in rows {
        let known = acts.entry(act).or_insert(SetAsideAct {
            act,
            at,
            officer,
            reason: why,
            entries: 0,
            rewritten_at: rewritten_at(reader, act)?,
            records: Vec::new(),
        });
        known.entries = known.entries.saturating_add(1);
        if follows(known.reason) && !follows(why) {
            known.reason = why;
        }
        if !known.records.iter().any(|(id, _, _)| *id == document) {
            let shown = crate::project::is_shown(reader.conn(), document)?;
            let kind = if shown.is_some() { shown } else { made_as(reader, act, document)? };
            known.records.push((document, kind, crate::record::title(reader, document)?));
        }
    }
    let mut list: Vec<SetAsideAct> = acts.into_values().collect();
    list.sort_by_key(|act| (std::cmp::Reverse(act.at), act.act));
    Ok(list)
}

/// The kind of a record that an act was to make: it is in no view, because the act was refused.
fn made_as(reader: &Reader<'_>, act: ActId, document: DocumentId) -> Result<Option<Kind>> {
    let body: Option<Vec<u8>> = reader
        .conn()
        .prepare_cached("SELECT body FROM entry WHERE act = ?1 AND document = ?2 ORDER BY id LIMIT 1")?
        .query_row(params![act.as_bytes(), document.as_bytes()], |row| row.get(0))
        .optional()?;
    let sets = body.and_then(|body| documents::describe(&body).ok()).map(|summary| summary.sets).unwrap_or_default();
    Ok(sets.iter().find(|(key, _)| key == "_kind").and_then(|(_, kind)| Kind::parse(kind.as_text()?)))
}

/// The entries of an act set aside, in the order they were written.
///
/// # Errors
/// Those of the database.
pub fn entries(reader: &Reader<'_>, act: ActId, which: Which) -> Result<Vec<SetAsideEntry>> {
    let mut statement = reader.conn().prepare_cached(
        "SELECT document, hash, device_at, officer, refused, body, scope, kind FROM entry
         WHERE act = ?1 AND (refused IS NOT NULL OR (?2 AND replica = ?3 AND lane_index > ?4)) ORDER BY id",
    )?;
    let own = identity::read(reader.conn())?.ok_or(StoreError::NoIdentity)?.replica;
    let judged = int(crate::exchange::receipts_through(reader)?);
    let unsent_too = which == Which::RefusedAndUnsent;
    let mut rows = statement.query(params![act.as_bytes(), unsent_too, own.as_bytes(), judged])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let sets = documents::describe(&row.get::<_, Vec<u8>>(5)?).map(|summary| summary.sets).unwrap_or_default();
        entries.push(SetAsideEntry {
            document: document_of(row, 0)?,
            change: hash_of(row, 1)?,
            at: row.get(2)?,
            officer: officer_of(row, 3)?,
            scope: scope(&row.get::<_, String>(6)?)?,
            kind: EntryKind::from_number(row.get(7)?),
            reason: row.get::<_, Option<i64>>(4)?.map_or(RefusalReason::ReplicaRevoked, reason),
            sets,
        });
    }
    Ok(entries)
}
