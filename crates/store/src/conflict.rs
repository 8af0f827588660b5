//! Conflicts for people: what differs, who wrote it, what stood before both. Must not decide.

use std::collections::{BTreeMap, BTreeSet};

use documents::{ChangeHash, Document, Reading};
use domain::kind::Kind;
use domain::shape::Scalar;
use rusqlite::{Connection, params};
use sync::ids::{DocumentId, OfficerId, ReplicaId};

use crate::error::{Result, StoreError};
use crate::project::{self, Change};
use crate::record::{Judged, SaveState};
use crate::row::{document, officer_of, replica_of};
use crate::store::Reader;

/// A record with open conflicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenConflict {
    /// Record.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub title: String,
    /// Fields open.
    pub open: u32,
    /// Who wrote the values.
    pub officers: BTreeSet<OfficerId>,
    /// Device time of the newest of these values.
    pub at: i64,
}

/// A settled field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Record.
    pub document: DocumentId,
    /// Its name.
    pub title: String,
    /// Key.
    pub key: String,
    /// Who settled it.
    pub officer: OfficerId,
    /// When, device time.
    pub at: i64,
}

/// The card of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What the record says.
    pub reading: Reading,
    /// Its name.
    pub title: String,
    /// Fields in conflict.
    pub fields: Vec<CardField>,
    /// Fields only one side changed since the branches parted.
    pub merged: Vec<MergedField>,
}

/// A field in conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardField {
    /// Key.
    pub key: String,
    /// What stood before the branches parted.
    pub before: Scalar,
    /// The values, the one shown first.
    pub sides: Vec<Side>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The change that wrote it; names the value in a decision.
    pub change: ChangeHash,
    /// The value.
    pub value: Scalar,
    /// Who.
    pub officer: OfficerId,
    /// On which replica.
    pub replica: ReplicaId,
    /// When, device time.
    pub at: i64,
    /// Where it is.
    pub state: SaveState,
}

/// A field only one side changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedField {
    /// Key.
    pub key: String,
    /// Value now.
    pub value: Scalar,
    /// Who.
    pub officer: OfficerId,
}

/// Records with open conflicts.
///
/// # Errors
/// Those of the database.
pub fn count(reader: &Reader<'_>) -> Result<u64> {
    let count = reader
        .conn()
        .prepare_cached("SELECT count(DISTINCT document) FROM conflict")?
        .query_row([], |row| row.get::<_, i64>(0))?;
    Ok(crate::row::uint(count))
}

/// Records with open conflicts, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(reader: &Reader<'_>) -> Result<Vec<OpenConflict>> {
    let mut statement = reader.conn().prepare_cached(
        "SELECT d.id, d.kind, d.title, count(DISTINCT c.key) FROM conflict c JOIN document d ON d.id = c.document GROUP BY d.id",
    )?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<rusqlite::Result<Vec<(String, String, String, u32)>>>()?;
    let mut list = Vec::new();
    for (id, kind, title, open) in rows {
        let kind = Kind::parse(&kind).ok_or(StoreError::Unreadable { what: "kind" })?;
        let (officers, at) = writers(reader.conn(), &id)?;
        list.push(OpenConflict { document: document(&id)?, kind, title, open, officers, at });
    }
    list.sort_by_key(|row| (std::cmp::Reverse(row.at), row.document));
    Ok(list)
}

fn writers(conn: &Connection, id: &str) -> Result<(BTreeSet<OfficerId>, i64)> {
    let mut statement = conn.prepare_cached(
        "SELECT e.officer, e.device_at FROM conflict c JOIN entry e ON e.document = ?2 AND e.hash = c.change WHERE c.document = ?1",
    )?;
    let rows = statement
        .query_map(params![id, document(id)?.as_bytes()], |row| Ok((officer_of(row, 0)?, row.get::<_, i64>(1)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let at = rows.iter().map(|(_, at)| *at).max().unwrap_or(0);
    Ok((rows.into_iter().map(|(officer, _)| officer).collect(), at))
}

/// Fields settled since an instant of device time, newest first.
///
/// # Errors
/// Those of the database.
pub fn settled(reader: &Reader<'_>, since_at: i64) -> Result<Vec<Settled>> {
    let mut statement = reader.conn().prepare_cached(
        "SELECT d.id, d.title, s.key, e.officer, s.at FROM decision s JOIN document d ON d.id = s.document
         JOIN entry e ON e.id = s.entry WHERE s.at >= ?1 ORDER BY s.at DESC, d.id, s.key",
    )?;
    let mut rows = statement.query([since_at])?;
    let mut settled = Vec::new();
    while let Some(row) = rows.next()? {
        settled.push(Settled {
            document: document(&row.get::<_, String>(0)?)?,
            title: row.get(1)?,
            key: row.get(2)?,
            officer: officer_of(row, 3)?,
            at: row.get(4)?,
        });
    }
    Ok(settled)
}

/// The card of a record, open conflicts or none.
///
/// # Errors
/// [`StoreError::NotFound`]; those of the database.
pub fn card(reader: &Reader<'_>, document: DocumentId) -> Result<Card> {
    let loaded = project::load(reader.conn(), document)?.ok_or(StoreError::NotFound { document })?;
    let judged = Judged::of(reader)?;
    let past = Past::of(&loaded.live);
    let mut opened = Document::open(loaded.live.iter().map(|change| change.body.as_slice()))?;
    let mut fields = Vec::new();
    let mut all_sides = BTreeSet::new();
    for (key, candidates) in &loaded.reading.conflicts {
        let changes: Vec<ChangeHash> = candidates.iter().map(|candidate| candidate.change).collect();
        let mut sides = Vec::new();
        for candidate in candidates {
            if let Some(author) = author(reader.conn(), document, &candidate.change)? {
                sides.push(Side {
                    change: candidate.change,
                    value: candidate.value.clone(),
                    officer: author.officer,
                    replica: author.replica,
                    at: author.at,
                    state: judged.state(author.replica, author.lane_index, author.refused),
                });
            }
        }
        let before = value_at(&mut opened, &past.heads_of(&past.common(&changes)), key);
        all_sides.extend(changes);
        fields.push(CardField { key: key.clone(), before, sides });
    }
    let all_sides: Vec<ChangeHash> = all_sides.into_iter().collect();
    let merged = merged(reader.conn(), document, &loaded.live, &past.common(&all_sides), &loaded.reading)?;
    Ok(Card { title: crate::record::title(reader, document)?, reading: loaded.reading, fields, merged })
}

fn value_at(opened: &mut Document, heads: &[ChangeHash], key: &str) -> Scalar {
    if heads.is_empty() {
        return Scalar::Null;
    }
    opened.at(heads).and_then(|mut past| past.read()).map(|reading| reading.get(key).clone()).unwrap_or_default()
}

struct Author {
    officer: OfficerId,
    replica: ReplicaId,
    at: i64,
    lane_index: i64,
    refused: Option<i64>,
}

fn author(conn: &Connection, document: DocumentId, change: &ChangeHash) -> Result<Option<Author>> {
    use rusqlite::OptionalExtension;
    let found = conn
        .prepare_cached(
            "SELECT officer, replica, device_at, lane_index, refused FROM entry WHERE document = ?1 AND hash = ?2",
        )?
        .query_row(params![document.as_bytes(), change], |row| {
            Ok(Author {
                officer: officer_of(row, 0)?,
                replica: replica_of(row, 1)?,
                at: row.get(2)?,
                lane_index: row.get(3)?,
                refused: row.get(4)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Keys that only one officer set since the branches parted.
fn merged(
    conn: &Connection,
    document: DocumentId,
    live: &[Change],
    common: &BTreeSet<ChangeHash>,
    reading: &Reading,
) -> Result<Vec<MergedField>> {
    if common.is_empty() {
        return Ok(Vec::new());
    }
    let mut setters: BTreeMap<String, BTreeSet<OfficerId>> = BTreeMap::new();
    for change in live.iter().filter(|change| !common.contains(&change.hash)) {
        let (Ok(summary), Some(author)) = (documents::describe(&change.body), author(conn, document, &change.hash)?)
        else {
            continue;
        };
        for (key, _) in summary.sets {
            setters.entry(key).or_default().insert(author.officer);
        }
    }
    let alone = setters.into_iter().filter(|(key, _)| !reading.conflicts.contains_key(key));
    Ok(alone
        .filter(|(_, officers)| officers.len() == 1)
        .filter_map(|(key, officers)| {
            let value = reading.get(&key).clone();
            officers.into_iter().next().map(|officer| MergedField { key, value, officer })
        })
        .collect())
}

/// Which change builds on which.
struct Past {
    deps: BTreeMap<ChangeHash, Vec<ChangeHash>>,
}

impl Past {
    fn of(live: &[Change]) -> Self {
        let deps = live
            .iter()
            .filter_map(|change| documents::describe(&change.body).ok().map(|summary| (change.hash, summary.deps)))
            .collect();
        Self { deps }
    }

    /// Everything a change builds on, itself left out.
    fn ancestors(&self, change: ChangeHash) -> BTreeSet<ChangeHash> {
        let mut found = BTreeSet::new();
        let mut open: Vec<ChangeHash> = self.deps.get(&change).cloned().unwrap_or_default();
        while let Some(next) = open.pop() {
            if found.insert(next) {
                open.extend(self.deps.get(&next).into_iter().flatten().copied());
            }
        }
        found
    }

    /// What all of `changes` build on.
    fn common(&self, changes: &[ChangeHash]) -> BTreeSet<ChangeHash> {
        changes
            .iter()
            .map(|change| self.ancestors(*change))
            .reduce(|known, next| known.intersection(&next).copied().collect())
            .unwrap_or_default()
    }

    /// The newest of a set that is closed under building on.
    fn heads_of(&self, set: &BTreeSet<ChangeHash>) -> Vec<ChangeHash> {
        let below: BTreeSet<ChangeHash> =
            set.iter().flat_map(|change| self.deps.get(change).into_iter().flatten().copied()).collect();
        set.difference(&below).copied().collect()
    }
}

/// A rule across records that is broken: shown as work, never rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItem {
    /// Code of the rule: `id_number_twice`, `two_main_residences`.
    pub rule: String,
    /// The record.
    pub document: DocumentId,
    /// Its name.
    pub title: String,
    /// The record it clashes with.
    pub other: DocumentId,
    /// Its name.
    pub other_title: String,
}

/// Rules across records that are broken.
///
/// # Errors
/// Those of the database.
pub fn work_items(reader: &Reader<'_>) -> Result<Vec<WorkItem>> {
    let mut statement = reader.conn().prepare_cached(
        "SELECT w.rule, w.document, d.title, w.other, o.title FROM work_item w
         LEFT JOIN document d ON d.id = w.document LEFT JOIN document o ON o.id = w.other ORDER BY w.rule, w.key, w.document, w.other",
    )?;
    let mut rows = statement.query([])?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(WorkItem {
            rule: row.get(0)?,
            document: document(&row.get::<_, String>(1)?)?,
            title: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
            other: document(&row.get::<_, String>(3)?)?,
            other_title: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
        });
    }
    Ok(items)
}
