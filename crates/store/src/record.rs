//! One record: what it says, where its newest change is, its history. Must not mask or permit: the caller does.

use std::collections::BTreeMap;

use documents::{ChangeHash, Reading};
use domain::kind::Kind;
use domain::shape::Scalar;
use rusqlite::{Connection, OptionalExtension, params};
use sync::ids::{ActId, DocumentId, OfficerId, ReplicaId, ScopeId};
use sync::lane::EntryKind;

use crate::error::{Result, StoreError};
use crate::exchange::receipts_through;
use crate::row::{act_of, hash_of, int, officer_of, replica_of, scope};
use crate::store::Reader;
use crate::{identity, project};

pub use crate::save_state::SaveState;

/// A record opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What it says.
    pub reading: Reading,
    /// Its scope.
    pub scope: ScopeId,
    /// How lists name it.
    pub title: String,
}

/// The foot of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foot {
    /// Where the newest change is.
    pub state: SaveState,
    /// Own changes not yet at the station.
    pub unsent: u32,
    /// Device time of the newest change.
    pub last_at: Option<i64>,
    /// Who wrote it.
    pub last_officer: Option<OfficerId>,
    /// On which replica.
    pub last_replica: Option<ReplicaId>,
    /// Station time of the newest receipt over an own change of it.
    pub received_at: Option<i64>,
    /// Changes in all, those set aside included.
    pub history_count: u32,
}

/// One change of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The change.
    pub change: ChangeHash,
    /// The command it belongs to.
    pub act: ActId,
    /// Device time.
    pub at: i64,
    /// Who.
    pub officer: OfficerId,
    /// On which replica.
    pub replica: ReplicaId,
    /// Where it is.
    pub state: SaveState,
    /// It settled a conflict.
    pub decision: bool,
    /// Keys and values it set, headers left out, in order of writing.
    pub sets: Vec<(String, Scalar)>,
}

/// Opens a record.
///
/// # Errors
/// [`StoreError::NotFound`]; those of the database.
pub fn open(reader: &Reader<'_>, document: DocumentId) -> Result<Record> {
    let loaded = project::load(reader.conn(), document)?.ok_or(StoreError::NotFound { document })?;
    Ok(Record { scope: scope(&loaded.scope)?, reading: loaded.reading, title: title(reader, document)? })
}

/// How lists name a record; empty when it is not here.
///
/// # Errors
/// Those of the database.
pub fn title(reader: &Reader<'_>, document: DocumentId) -> Result<String> {
    let found = reader
        .conn()
        .prepare_cached("SELECT title FROM document WHERE id = ?1")?
        .query_row([document.to_string()], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// The kind and scope of a record that is in the views.
///
/// # Errors
/// [`StoreError::NotFound`]; those of the database.
pub fn place(reader: &Reader<'_>, document: DocumentId) -> Result<(Kind, ScopeId)> {
    let found: Option<(String, String)> = reader
        .conn()
        .prepare_cached("SELECT kind, scope FROM document WHERE id = ?1")?
        .query_row([document.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (kind, text) = found.ok_or(StoreError::NotFound { document })?;
    let kind = Kind::parse(&kind).ok_or(StoreError::Unreadable { what: "kind" })?;
    Ok((kind, scope(&text)?))
}

/// The own replica and the highest index with a receipt: what the state of an entry is told from.
pub(crate) struct Judged {
    replica: ReplicaId,
    through: u64,
}

impl Judged {
    pub(crate) fn of(reader: &Reader<'_>) -> Result<Self> {
        let replica = identity::read(reader.conn())?.ok_or(StoreError::NoIdentity)?.replica;
        Ok(Self { replica, through: receipts_through(reader)? })
    }

    pub(crate) fn state(&self, replica: ReplicaId, lane_index: i64, refused: Option<i64>) -> SaveState {
        if refused.is_some() {
            SaveState::SetAside
        } else if replica == self.replica && lane_index > int(self.through) {
            SaveState::Here
        } else {
            SaveState::Station
        }
    }
}

/// The foot of a record.
///
/// # Errors
/// [`StoreError::NotFound`]; those of the database.
pub fn foot(reader: &Reader<'_>, document: DocumentId) -> Result<Foot> {
    let judged = Judged::of(reader)?;
    let mut statement = reader.conn().prepare_cached(
        "SELECT replica, lane_index, refused, device_at, officer, hash FROM entry WHERE document = ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([document.as_bytes()])?;
    let mut foot = Foot {
        state: SaveState::Station,
        unsent: 0,
        last_at: None,
        last_officer: None,
        last_replica: None,
        received_at: None,
        history_count: 0,
    };
    let mut newest = None;
    let mut last_own = None;
    while let Some(row) = rows.next()? {
        let (replica, index) = (replica_of(row, 0)?, row.get::<_, i64>(1)?);
        let state = judged.state(replica, index, row.get(2)?);
        foot.history_count = foot.history_count.saturating_add(1);
        if state == SaveState::Here {
            foot.unsent = foot.unsent.saturating_add(1);
        }
        if replica == judged.replica && state != SaveState::Here {
            last_own = last_own.max(Some(index));
        }
        let mine = (row.get::<_, i64>(3)?, hash_of(row, 5)?);
        if newest.is_none_or(|known| known <= mine) {
            newest = Some(mine);
            foot.state = state;
            foot.last_at = Some(mine.0);
            foot.last_officer = Some(officer_of(row, 4)?);
            foot.last_replica = Some(replica);
        }
    }
    if foot.history_count == 0 {
        return Err(StoreError::NotFound { document });
    }
    if foot.unsent > 0 {
        foot.state = SaveState::Here;
    }
    foot.received_at = last_own.map(|index| receipt_at(reader.conn(), index)).transpose()?.flatten();
    Ok(foot)
}

fn receipt_at(conn: &Connection, index: i64) -> Result<Option<i64>> {
    let found = conn
        .prepare_cached(
            "SELECT station_at, last_index FROM receipt WHERE first_index <= ?1 ORDER BY first_index DESC LIMIT 1",
        )?
        .query_row([index], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
        .optional()?;
    Ok(found.filter(|(_, last)| *last >= index).map(|(at, _)| at))
}

/// Where the newest change of each record is, for a page of a list.
///
/// # Errors
/// Those of the database.
pub fn states<'a>(
    reader: &Reader<'_>,
    documents: impl IntoIterator<Item = &'a str>,
) -> Result<BTreeMap<String, SaveState>> {
    let judged = Judged::of(reader)?;
    let mut statement = reader.conn().prepare_cached(
        "SELECT max(refused IS NULL AND replica = ?2 AND lane_index > ?3), max(refused IS NOT NULL AND replica = ?2), max(id),
            max(CASE WHEN refused IS NOT NULL THEN id END) FROM entry WHERE document = ?1",
    )?;
    let mut states = BTreeMap::new();
    for text in documents {
        let Ok(document) = text.parse::<DocumentId>() else { continue };
        let state = statement.query_row(
            params![document.as_bytes(), judged.replica.as_bytes(), int(judged.through)],
            |row| {
                let here: Option<bool> = row.get(0)?;
                let (last, refused): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
                Ok(if here == Some(true) {
                    SaveState::Here
                } else if refused.is_some() && refused == last {
                    SaveState::SetAside
                } else {
                    SaveState::Station
                })
            },
        )?;
        states.insert(text.to_owned(), state);
    }
    Ok(states)
}

/// The changes of a record, newest first.
///
/// # Errors
/// Those of the database.
pub fn history(reader: &Reader<'_>, document: DocumentId) -> Result<Vec<HistoryEntry>> {
    let judged = Judged::of(reader)?;
    let mut statement = reader.conn().prepare_cached(
        "SELECT hash, act, device_at, officer, replica, lane_index, refused, kind, body FROM entry
         WHERE document = ?1 ORDER BY device_at DESC, hash DESC",
    )?;
    let mut rows = statement.query([document.as_bytes()])?;
    let mut history = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = EntryKind::from_number(row.get(7)?);
        let sets = documents::describe(&row.get::<_, Vec<u8>>(8)?).map(|summary| summary.sets).unwrap_or_default();
        let replica = replica_of(row, 4)?;
        history.push(HistoryEntry {
            change: hash_of(row, 0)?,
            act: act_of(row, 1)?,
            at: row.get(2)?,
            officer: officer_of(row, 3)?,
            replica,
            state: judged.state(replica, row.get(5)?, row.get(6)?),
            decision: kind == EntryKind::Decision,
            sets: sets.into_iter().filter(|(key, _)| !key.starts_with('_')).collect(),
        });
    }
    Ok(history)
}
