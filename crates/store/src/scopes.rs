//! The scopes this laptop may show: records of others stay in the log and out of the views. Owns the set, and what becomes
//! of a scope when it is taken away or given back. Must not decide who holds what: the caller reads the directory.

use std::collections::BTreeSet;

use failpoint::{Point, reached};
use rusqlite::{Connection, OptionalExtension, params};
use sync::ids::{DocumentId, ReplicaId, ScopeId};

use crate::error::Result;
use crate::project::{self, Before, Touched};
use crate::row::document_of;
use crate::store::Store;
use crate::tag::Tag;
use crate::write::begin;

/// Whether records of a scope are shown.
pub(crate) fn may_show(conn: &Connection, scope: &str) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM held_scope WHERE scope = ?1) OR NOT EXISTS (SELECT 1 FROM held_scope)",
        )?
        .query_row([scope], |row| row.get(0))?)
}

/// Keeps what lists called a record that leaves the views because it moved away, not because its scope was taken away.
pub(crate) fn depart(conn: &Connection, document: DocumentId, to: &str) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO departed (document, kind, title) SELECT ?1, kind, title FROM document
         WHERE id = ?2 AND EXISTS (SELECT 1 FROM movement WHERE document = ?1)
            AND NOT EXISTS (SELECT 1 FROM left_scope WHERE scope = ?3)",
    )?
    .execute(params![document.as_bytes(), document.to_string(), to])?;
    Ok(())
}

fn held(conn: &Connection) -> Result<BTreeSet<String>> {
    let mut statement = conn.prepare_cached("SELECT scope FROM held_scope")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl Store {
    /// Shows the records of these scopes and of no other. What is not shown stays in the log and is sent. Cheap when
    /// nothing changed.
    ///
    /// # Errors
    /// [`crate::StoreError::DiskFull`], [`crate::StoreError::Io`], [`crate::StoreError::Busy`].
    pub fn hold_scopes(&self, scopes: &BTreeSet<ScopeId>, now_ms: i64) -> Result<BTreeSet<Tag>> {
        let wanted: BTreeSet<String> = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        if self.read(|reader| held(reader.conn()))? == wanted {
            return Ok(BTreeSet::new());
        }
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let before = held(&transaction)?;
        // the first word about scopes hides whatever is not named
        let lost: Vec<String> = if before.is_empty() {
            shown(&transaction)?.into_iter().filter(|scope| !wanted.contains(scope)).collect()
        } else {
            before.difference(&wanted).cloned().collect()
        };
        let gained: Vec<String> = wanted.difference(&before).cloned().collect();
        note(&transaction, &wanted, &lost, now_ms)?;
        let mut documents = BTreeSet::new();
        for scope in &lost {
            documents.extend(shown_in(&transaction, scope)?);
        }
        if !before.is_empty() {
            for scope in &gained {
                documents.extend(logged_in(&transaction, scope)?);
            }
        }
        let changed = project_again(&transaction, &documents)?;
        reached(Point::ScopesWritten);
        transaction.commit()?;
        Ok(changed)
    }
}

fn note(conn: &Connection, wanted: &BTreeSet<String>, lost: &[String], now_ms: i64) -> Result<()> {
    conn.execute("DELETE FROM held_scope", [])?;
    for scope in wanted {
        conn.prepare_cached("INSERT INTO held_scope (scope) VALUES (?1)")?.execute([scope])?;
        conn.prepare_cached("DELETE FROM left_scope WHERE scope = ?1")?.execute([scope])?;
    }
    for scope in lost {
        conn.prepare_cached("INSERT OR IGNORE INTO left_scope (scope, since) VALUES (?1, ?2)")?
            .execute(params![scope, now_ms])?;
    }
    Ok(())
}

fn shown(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached("SELECT DISTINCT scope FROM document")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Records in the views that are in a scope.
fn shown_in(conn: &Connection, scope: &str) -> Result<Vec<DocumentId>> {
    let mut statement = conn.prepare_cached("SELECT id FROM document WHERE scope = ?1")?;
    let rows = statement.query_map([scope], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.iter().map(|id| crate::row::document(id)).collect()
}

/// Records that were made in a scope or moved at all: one of them may be in it now.
fn logged_in(conn: &Connection, scope: &str) -> Result<Vec<DocumentId>> {
    let mut statement = conn
        .prepare_cached("SELECT DISTINCT document FROM entry WHERE scope = ?1 UNION SELECT document FROM movement")?;
    let rows = statement.query_map([scope], |row| document_of(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Puts records into the views or takes them out, as their scopes ask.
pub(crate) fn project_again(conn: &Connection, documents: &BTreeSet<DocumentId>) -> Result<BTreeSet<Tag>> {
    let mut touched = Touched::default();
    let mut changed = BTreeSet::new();
    for document in documents {
        let before = project::is_shown(conn, *document)?;
        let state = before.map_or(Before::Nothing, |_| Before::Something);
        let kind = project::refresh(conn, *document, state, &mut touched)?;
        changed.extend(before.into_iter().chain(kind).map(Tag::Of));
        if touched.is_large() {
            project::derive(conn, &mut touched)?;
        }
    }
    project::derive(conn, &mut touched)?;
    if !documents.is_empty() {
        changed.extend([Tag::Conflict, Tag::Sync, Tag::Status, Tag::Session]);
    }
    Ok(changed)
}

/// The scope of a record that is in the log, shown or not.
///
/// # Errors
/// Those of the database.
pub fn whereabouts(reader: &crate::Reader<'_>, document: DocumentId) -> Result<Option<ScopeId>> {
    let loaded = project::load(reader.conn(), document)?;
    loaded.map(|loaded| crate::row::scope(&loaded.scope)).transpose()
}

/// A scope that was taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftScope {
    /// The scope.
    pub scope: ScopeId,
    /// Since when, device time.
    pub since: i64,
    /// Own entries of it that are still to be sent.
    pub unsent: u64,
    /// When its records left the file; absent while they are kept.
    pub dropped_at: Option<i64>,
}

/// Scopes that were taken away, newest first.
///
/// # Errors
/// Those of the database.
pub fn left(reader: &crate::Reader<'_>) -> Result<Vec<LeftScope>> {
    let conn = reader.conn();
    let Some(identity) = crate::identity::read(conn)? else { return Ok(Vec::new()) };
    let through = crate::row::int(crate::exchange::receipts_through(reader)?);
    let mut statement = conn.prepare_cached(
        "SELECT l.scope, l.since, l.dropped_at, (SELECT count(*) FROM entry e
            WHERE e.replica = ?1 AND e.lane_index > ?2 AND e.scope = l.scope)
         FROM left_scope l ORDER BY l.since DESC, l.scope",
    )?;
    let mut rows = statement.query(params![identity.replica.as_bytes(), through])?;
    let mut left = Vec::new();
    while let Some(row) = rows.next()? {
        left.push(LeftScope {
            scope: crate::row::scope(&row.get::<_, String>(0)?)?,
            since: row.get(1)?,
            dropped_at: row.get(2)?,
            unsent: crate::row::uint(row.get(3)?),
        });
    }
    Ok(left)
}

/// What a record was called when it left, if it did.
pub(crate) fn departed(conn: &Connection, document: DocumentId) -> Result<Option<(String, String)>> {
    Ok(conn
        .prepare_cached("SELECT kind, title FROM departed WHERE document = ?1")?
        .query_row([document.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

impl Store {
    /// Takes the records of scopes that were taken away out of the file: once nothing of them is left to be sent and a backup
    /// of the station holds what was written here. Own entries stay in the lane, which stands on them. `kept` are the
    /// scopes still held by the station's own time: a laptop's clock destroys nothing. Gives the scopes dropped.
    ///
    /// # Errors
    /// [`crate::StoreError::DiskFull`], [`crate::StoreError::Io`], [`crate::StoreError::Busy`].
    pub fn drop_left_scopes(&self, kept: &BTreeSet<ScopeId>, now_ms: i64) -> Result<Vec<ScopeId>> {
        if self.read(|reader| waiting(reader.conn()))?.is_empty() {
            return Ok(Vec::new());
        }
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let own = crate::identity::read(&transaction)?.ok_or(crate::StoreError::NoIdentity)?.replica;
        let mut dropped = Vec::new();
        for scope in waiting(&transaction)? {
            let known = crate::row::scope(&scope)?;
            if kept.contains(&known) || !may_drop(&transaction, own, &scope)? {
                continue;
            }
            drop_scope(&transaction, own, &scope)?;
            transaction.execute("UPDATE left_scope SET dropped_at = ?2 WHERE scope = ?1", params![scope, now_ms])?;
            dropped.push(known);
        }
        if !dropped.is_empty() {
            transaction
                .execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?1, '1')", [crate::erase::PENDING])?;
        }
        reached(Point::CellDropped);
        transaction.commit()?;
        drop(writer);
        reached(Point::CellDropCommitted);
        self.finish_erasures()?;
        Ok(dropped)
    }
}

/// Scopes taken away whose records are still in the file.
fn waiting(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached("SELECT scope FROM left_scope WHERE dropped_at IS NULL ORDER BY scope")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether the station has a receipt given for every own entry of a scope, and a backup that holds them.
fn may_drop(conn: &Connection, own: ReplicaId, scope: &str) -> Result<bool> {
    let last: Option<i64> = conn
        .prepare_cached("SELECT max(lane_index) FROM entry WHERE replica = ?1 AND scope = ?2")?
        .query_row(params![own.as_bytes(), scope], |row| row.get(0))?;
    let safe: Option<i64> = conn
        .prepare_cached("SELECT backup_watermark FROM station_state")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let received = crate::row::int(crate::exchange::receipted(conn)?);
    Ok(last.is_none_or(|last| last <= received && safe.is_some_and(|safe| last <= safe)))
}

/// Records of the scope that were never in one still held.
fn drop_scope(conn: &Connection, own: ReplicaId, scope: &str) -> Result<()> {
    for document in logged_in(conn, scope)? {
        let Some(loaded) = project::load(conn, document)? else { continue };
        if loaded.scope != scope || was_in_held(conn, document)? {
            continue;
        }
        conn.prepare_cached(
            "DELETE FROM movement WHERE entry IN (SELECT id FROM entry WHERE document = ?1 AND replica <> ?2
                AND replica NOT IN (SELECT predecessor FROM succession))",
        )?
        .execute(params![document.as_bytes(), own.as_bytes()])?;
        conn.prepare_cached(
            "DELETE FROM entry WHERE document = ?1 AND replica <> ?2 AND replica NOT IN (SELECT predecessor FROM succession)",
        )?
        .execute(params![document.as_bytes(), own.as_bytes()])?;
        let text = document.to_string();
        conn.prepare_cached("DELETE FROM departed WHERE document = ?1")?.execute([document.as_bytes()])?;
        conn.prepare_cached("DELETE FROM draft WHERE instr(key, ?1) OR instr(json, ?1)")?.execute([&text])?;
    }
    conn.execute("DELETE FROM quarantine WHERE scope = ?1", [scope])?;
    for table in ["cursor", "backlog", "log", "checkpoint"] {
        conn.execute(&format!("DELETE FROM {table} WHERE scope = ?1"), [scope])?;
    }
    Ok(())
}

/// Whether a record was ever in a scope still held: that scope's log names it, and it may come back there.
fn was_in_held(conn: &Connection, document: DocumentId) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM entry e JOIN held_scope h ON h.scope = e.scope WHERE e.document = ?1)
                OR EXISTS (SELECT 1 FROM movement m JOIN entry e ON e.id = m.entry JOIN held_scope h ON h.scope = e.scope
                           WHERE m.document = ?1)",
        )?
        .query_row([document.as_bytes()], |row| row.get(0))?)
}
