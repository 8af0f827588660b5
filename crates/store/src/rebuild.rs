//! Making all views anew from the log, record by record. Owns the order and the progress; must not know what a row holds.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use failpoint::{Point, reached};
use rusqlite::{Connection, OptionalExtension, params};
use sync::ids::DocumentId;

use crate::conn;
use crate::error::{Result, StoreError};
use crate::project::{self, Before, Change, Follow, Step};
use crate::row::{document_of, hash_of, uint};
use crate::schema::{self, Indexes};
use crate::scopes;
use crate::search;
use crate::store::Store;

/// Records of one step; memory and, when committing, the log grow with it.
const STEP: i64 = 2_000;
/// Steps between commits.
const COMMIT_EVERY: u64 = 10;

/// How far a rebuild is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Records done.
    pub done: u64,
    /// Of so many.
    pub total: u64,
}

/// What a rebuild made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebuilt {
    /// Records in the views.
    pub documents: u64,
}

/// Whether the work is committed as it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Commits {
    /// In steps; until the end the file says that its views are being made.
    AsItGoes,
    /// Not at all: the caller's transaction.
    Never,
}

impl Store {
    /// Whether the views were made by another version, or a rebuild was cut short. Then nothing but [`Store::rebuild`],
    /// backup and sending should be done.
    ///
    /// # Errors
    /// Those of the database.
    pub fn needs_rebuild(&self) -> Result<bool> {
        self.read(|reader| {
            let version: Option<i64> =
                reader.conn().query_row("SELECT version FROM projection", [], |row| row.get(0)).optional()?;
            Ok(version != Some(schema::PROJECTION_VERSION))
        })
    }

    /// Drops all views and makes them anew. Stopped by `progress` or a power cut, it begins again next time.
    ///
    /// # Errors
    /// [`StoreError::Cancelled`], [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn rebuild(&self, progress: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<Rebuilt> {
        let writer = self.writer();
        conn::widen_cache(&writer)?;
        writer.execute_batch("BEGIN IMMEDIATE")?;
        let outcome = rebuild(&writer, Commits::AsItGoes, progress);
        if outcome.is_err() && !writer.is_autocommit() {
            writer.execute_batch("ROLLBACK")?;
        }
        let ended = if outcome.is_ok() { writer.execute_batch("COMMIT") } else { Ok(()) };
        conn::narrow_cache(&writer)?;
        let rebuilt = outcome?;
        ended?;
        writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(rebuilt)
    }
}

/// Makes the views anew inside the caller's transaction.
pub(crate) fn rebuild(
    conn: &Connection,
    commits: Commits,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Rebuilt> {
    conn.execute("INSERT OR REPLACE INTO projection (one, version) VALUES (1, 0)", [])?;
    schema::empty_views(conn)?;
    reached(Point::RebuildEmptied);
    let total = uint(conn.query_row("SELECT count(DISTINCT document) FROM entry", [], |row| row.get(0))?);
    let mut done = Progress { done: 0, total };
    let mut after: Vec<u8> = Vec::new();
    let mut steps = 0_u64;
    let mut documents = 0_u64;
    while let Some(last) = step(conn, &after, &mut done, &mut documents)? {
        after = last;
        steps += 1;
        if progress(done).is_break() {
            return Err(StoreError::Cancelled);
        }
        if commits == Commits::AsItGoes && steps.is_multiple_of(COMMIT_EVERY) {
            conn.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
        }
    }
    // every record is in; what follows still tells that it goes on, and still hears of an end
    let mut tell = || if progress(done).is_break() { Err(StoreError::Cancelled) } else { Ok(()) };
    schema::index_views(conn, Indexes::Links)?;
    project::derive_all(conn, &mut tell)?;
    schema::index_views(conn, Indexes::Lists)?;
    search::fill_index(conn, &mut || {
        tell()?;
        reached(Point::RebuildPart);
        if commits == Commits::AsItGoes {
            conn.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
        }
        Ok(())
    })?;
    reached(Point::RebuildFilled);
    conn.execute("UPDATE projection SET version = ?1", [schema::PROJECTION_VERSION])?;
    Ok(Rebuilt { documents })
}

/// Puts the next records after `after` into the views; gives the last one, or nothing when there are no more.
fn step(conn: &Connection, after: &[u8], done: &mut Progress, documents: &mut u64) -> Result<Option<Vec<u8>>> {
    let last: Option<Vec<u8>> = conn
        .prepare_cached(
            "SELECT max(document) FROM (SELECT DISTINCT document FROM entry WHERE document > ?1 ORDER BY document LIMIT ?2)",
        )?
        .query_row(params![after, STEP], |row| row.get(0))?;
    let Some(last) = last else { return Ok(None) };
    let mut steps = project::steps_between(conn, after, &last)?;
    let mut statement = conn.prepare_cached(
        "SELECT id, kind, scope, device_at, hash, body, document, refused IS NULL AND body <> x'' FROM entry
         WHERE document > ?1 AND document <= ?2 ORDER BY document, id",
    )?;
    let mut rows = statement.query(params![after, last])?;
    let mut open: Option<(DocumentId, Vec<Change>)> = None;
    while let Some(row) = rows.next()? {
        let document = document_of(row, 6)?;
        if open.as_ref().is_none_or(|(known, _)| *known != document) {
            *documents += put(conn, open.take(), &mut steps)?;
            done.done += 1;
            open = Some((document, Vec::new()));
        }
        if row.get::<_, bool>(7)?
            && let Some((_, changes)) = &mut open
        {
            changes.push(Change {
                id: row.get(0)?,
                kind: sync::lane::EntryKind::from_number(row.get(1)?),
                scope: row.get(2)?,
                device_at: row.get(3)?,
                hash: hash_of(row, 4)?,
                body: row.get(5)?,
            });
        }
    }
    *documents += put(conn, open, &mut steps)?;
    Ok(Some(last))
}

fn put(
    conn: &Connection,
    record: Option<(DocumentId, Vec<Change>)>,
    steps: &mut BTreeMap<DocumentId, Vec<Step>>,
) -> Result<u64> {
    let Some((document, changes)) = record else { return Ok(0) };
    let steps = steps.remove(&document).unwrap_or_default();
    let Some(loaded) = project::of_rows(document, changes, &steps) else { return Ok(0) };
    if !scopes::may_show(conn, &loaded.scope)? {
        return Ok(0);
    }
    let id = document.to_string();
    project::put(conn, &loaded.facts(&id), Before::Nothing, Follow::All)?;
    Ok(1)
}
