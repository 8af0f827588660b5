//! Entries into the log. Owns the insert and the head of the own lane; must not know what bodies say.

use rusqlite::{Connection, OptionalExtension, params};
use sync::ids::{DocumentId, ReplicaId};
use sync::lane::{Entry, EntryHeader, EntryKind, LaneHead, MoveBody};

use crate::error::Result;
use crate::row::{int, sync_hash_of, uint};

/// An entry on its way into the log.
pub(crate) struct NewEntry<'a> {
    pub(crate) replica: ReplicaId,
    pub(crate) header: &'a EntryHeader,
    pub(crate) entry: &'a Entry,
    /// Hash of the change, or of the header for a control.
    pub(crate) hash: &'a [u8; 32],
    /// The change's actor; empty for a control.
    pub(crate) actor: &'a [u8],
}

/// Inserts an entry; gives its id, or nothing when (document, hash) or the entry itself is there already.
pub(crate) fn insert_entry(conn: &Connection, new: &NewEntry<'_>) -> Result<Option<i64>> {
    let inserted = conn
        .prepare_cached(
            "INSERT OR IGNORE INTO entry (replica, lane_index, scope, document, kind, act, officer, directory_version, device_at,
                header, header_hash, salt, body, hash, actor)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            new.replica.as_bytes(),
            int(new.header.index),
            new.header.scope.as_str(),
            new.header.document.as_bytes(),
            new.header.kind.number(),
            new.header.act.as_bytes(),
            new.header.officer.as_bytes(),
            int(new.header.directory_version),
            new.header.device_at_ms,
            new.entry.header,
            new.entry.header_hash().as_bytes(),
            new.entry.salt,
            new.entry.body,
            new.hash,
            new.actor,
        ])?;
    if inserted == 0 {
        return Ok(None);
    }
    let id = conn.last_insert_rowid();
    note_movement(conn, id, new.header.kind, &new.entry.body)?;
    Ok(Some(id))
}

/// Notes which records a move names.
fn note_movement(conn: &Connection, id: i64, kind: EntryKind, body: &[u8]) -> Result<()> {
    for document in moved(kind, body) {
        conn.prepare_cached("INSERT OR IGNORE INTO movement (document, entry) VALUES (?1, ?2)")?
            .execute(params![document.as_bytes(), id])?;
    }
    Ok(())
}

/// The records an entry moves: none, unless it is a move.
pub(crate) fn moved(kind: EntryKind, body: &[u8]) -> Vec<DocumentId> {
    match kind {
        EntryKind::Move => MoveBody::from_body(body).map(|body| body.documents).unwrap_or_default(),
        EntryKind::Change | EntryKind::Decision | EntryKind::Freeze | EntryKind::Erase | EntryKind::Other(_) => {
            Vec::new()
        }
    }
}

/// The end of the own lane; genesis when empty.
pub(crate) fn read_lane_head(conn: &Connection, replica: ReplicaId) -> Result<LaneHead> {
    let found = conn
        .prepare_cached("SELECT idx, hash FROM lane_head WHERE replica = ?1")?
        .query_row([replica.as_bytes()], |row| Ok(LaneHead { index: uint(row.get(0)?), hash: sync_hash_of(row, 1)? }))
        .optional()?;
    Ok(found.unwrap_or_else(|| LaneHead::genesis(replica)))
}

/// Moves the end of the own lane.
pub(crate) fn write_lane_head(conn: &Connection, replica: ReplicaId, head: LaneHead) -> Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO lane_head (replica, idx, hash) VALUES (?1, ?2, ?3)")?
        .execute(params![replica.as_bytes(), int(head.index), head.hash.as_bytes()])?;
    Ok(())
}
