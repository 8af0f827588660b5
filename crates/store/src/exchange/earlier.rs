//! The first sync in the database: where its way back has come to in each scope, and what a piece of earlier work does.
//! All from a backlog's place to the cursor is held. Must not judge fields.

use rusqlite::{Connection, OptionalExtension, params};
use sync::first_sync::{Backlog, VerifiedEarlier};
use sync::ids::{ScopeId, StationId};
use sync::scope_log::{LogPosition, PulledContent, PulledEntry, VerifiedPage};

use super::apply::Work;
use super::refuse;
use crate::error::Result;
use crate::row::{int, scope as read_scope, sync_hash_of, uint};
use crate::store::Reader;

/// What a first sync has still to bring of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCome {
    /// The scope.
    pub scope: ScopeId,
    /// Entries of its log that are not here yet.
    pub entries: u64,
}

/// Scopes whose earlier work is still to come, those that were taken away left out.
///
/// # Errors
/// Those of the database.
pub fn to_come(reader: &Reader<'_>) -> Result<Vec<ToCome>> {
    let mut statement = reader.conn().prepare_cached(
        "SELECT scope, seq FROM backlog WHERE scope NOT IN (SELECT scope FROM left_scope) ORDER BY scope",
    )?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, uint(row.get(1)?))))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    rows.into_iter().map(|(scope, entries)| Ok(ToCome { scope: read_scope(&scope)?, entries })).collect()
}

/// Every backlog.
pub(super) fn backlogs(conn: &Connection) -> Result<Vec<Backlog>> {
    let mut statement = conn.prepare_cached("SELECT scope, top, epoch, seq, chain FROM backlog ORDER BY scope")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let position = LogPosition { epoch: row.get(2)?, seq: uint(row.get(3)?), chain: sync_hash_of(row, 4)? };
        found.push(Backlog { scope: read_scope(&row.get::<_, String>(0)?)?, top: uint(row.get(1)?), position });
    }
    Ok(found)
}

/// The backlog of one scope.
pub(super) fn backlog(conn: &Connection, scope: &ScopeId) -> Result<Option<Backlog>> {
    let found = conn
        .prepare_cached("SELECT top, epoch, seq, chain FROM backlog WHERE scope = ?1")?
        .query_row([scope.as_str()], |row| {
            let position = LogPosition { epoch: row.get(1)?, seq: uint(row.get(2)?), chain: sync_hash_of(row, 3)? };
            Ok(Backlog { scope: scope.clone(), top: uint(row.get(0)?), position })
        })
        .optional()?;
    Ok(found)
}

fn put(conn: &Connection, backlog: &Backlog) -> Result<()> {
    let Backlog { scope, top, position } = backlog;
    if position.seq == 0 {
        return remove(conn, scope);
    }
    conn.prepare_cached("INSERT OR REPLACE INTO backlog (scope, top, epoch, seq, chain) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![scope.as_str(), int(*top), position.epoch, int(position.seq), position.chain.as_bytes()])?;
    Ok(())
}

fn remove(conn: &Connection, scope: &ScopeId) -> Result<()> {
    conn.prepare_cached("DELETE FROM backlog WHERE scope = ?1")?.execute([scope.as_str()])?;
    Ok(())
}

/// A page that begins before the cursor: what is held of the log ends there, and so does what was sent whole.
pub(super) fn rewind(conn: &Connection, page: &VerifiedPage) -> Result<()> {
    let from = page.from();
    let Some(held) = backlog(conn, page.scope())? else { return Ok(()) };
    match held.cut(from) {
        Some(left) => put(conn, &left),
        None => remove(conn, page.scope()),
    }
}

/// Gives the way back of a scope up: it is pulled from the log's beginning on, oldest first. What is held stays.
pub(super) fn begin_again(conn: &Connection, station: StationId, scope: &ScopeId) -> Result<()> {
    for table in ["backlog", "log", "checkpoint"] {
        conn.prepare_cached(&format!("DELETE FROM {table} WHERE scope = ?1"))?.execute([scope.as_str()])?;
    }
    let genesis = LogPosition::genesis(station, scope, 0);
    conn.prepare_cached("INSERT OR REPLACE INTO cursor (scope, epoch, seq, chain, signed) VALUES (?1, 0, 0, ?2, x'')")?
        .execute(params![scope.as_str(), genesis.chain.as_bytes()])?;
    Ok(())
}

/// Where an entry that was sent before its place is kept aside, if it is.
pub(super) fn aside(conn: &Connection, pulled: &PulledEntry) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached("SELECT id FROM quarantine WHERE header_hash = ?1")?
        .query_row([pulled.header_hash.as_bytes()], |row| row.get(0))
        .optional()?)
}

impl Work<'_> {
    /// Takes a piece of earlier work: what makes documents whole first, then the piece, each entry in its place. Nothing of
    /// it is taken when it names own entries that are not in this lane, or is not where the way back has come to.
    pub(super) fn earlier(&mut self, piece: &VerifiedEarlier) -> Result<()> {
        let page = piece.page();
        let (scope, end) = (page.scope(), page.checkpoint().position);
        let fresh = !self.has_cursor(scope)?;
        let top = match backlog(self.conn, scope)? {
            None if fresh => end.seq,
            Some(backlog) if !fresh && backlog.position.is(&end) => backlog.top,
            // the pages of the same answer have taken this scope elsewhere
            None | Some(_) => return Ok(()),
        };
        let Some(moves) = self.own_moves(page)? else {
            self.applied.foreign = self.applied.foreign.saturating_add(1);
            return Ok(());
        };
        if !self.holds_all_sent(page)? {
            return self.begin_again(scope);
        }
        for entry in piece.whole() {
            self.pulled(scope, entry)?;
        }
        self.place(page)?;
        for (document, hash, documents) in moves {
            self.taken(document, &hash, documents)?;
        }
        self.documents.extend(refuse::logged(self.conn, self.replica, page)?);
        self.mark(page, if fresh { &["cursor", "checkpoint"] } else { &["checkpoint"] })?;
        put(self.conn, &Backlog { scope: scope.clone(), top, position: page.from() })
    }

    /// Gives the way back of a scope up.
    pub(super) fn begin_again(&mut self, scope: &ScopeId) -> Result<()> {
        self.applied.begun_again = self.applied.begun_again.saturating_add(1);
        begin_again(self.conn, self.station, scope)
    }

    fn has_cursor(&self, scope: &ScopeId) -> Result<bool> {
        Ok(self.conn.prepare_cached("SELECT 1 FROM cursor WHERE scope = ?1")?.exists([scope.as_str()])?)
    }

    /// Whether everything a piece says was sent before is here, under this lane or as another's header of the same change.
    fn holds_all_sent(&self, page: &VerifiedPage) -> Result<bool> {
        let mut kept = self.conn.prepare_cached(
            "SELECT 1 FROM entry WHERE replica = ?1 AND lane_index = ?2 AND header_hash = ?3
             UNION ALL SELECT 1 FROM carried WHERE replica = ?1 AND lane_index = ?2 AND header_hash = ?3
             UNION ALL SELECT 1 FROM quarantine WHERE header_hash = ?3",
        )?;
        for pulled in page.entries() {
            let PulledContent::Sent { index } = pulled.content else { continue };
            if !kept.exists(params![pulled.replica.as_bytes(), int(index), pulled.header_hash.as_bytes()])? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
