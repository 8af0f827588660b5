//! What is of this laptop alone: settings, drafts, attempts to sync, the station's clock. Must not be synced.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Result, StoreError};
use crate::row::{int, uint};
use crate::store::{Reader, Store};

/// Bytes of a draft: a form as JSON.
pub const DRAFT_BYTES_MAX: usize = 64 * 1024;
/// Attempts kept; older ones go.
const RUNS_KEPT: u32 = 500;

/// One attempt to sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRun {
    /// Began, UTC milliseconds.
    pub at: i64,
    /// Milliseconds it took.
    pub took_ms: u64,
    /// Code of the outcome.
    pub outcome: String,
    /// Entries the station received.
    pub received: u64,
    /// Of so many.
    pub of: u64,
    /// Entries fetched.
    pub fetched: u64,
    /// Bytes sent.
    pub bytes_out: u64,
    /// Bytes received.
    pub bytes_in: u64,
    /// Code of the detail.
    pub detail: Option<String>,
}

/// The station's clock as last heard, with the laptop's at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSeen {
    /// Station's, UTC milliseconds.
    pub station_at: i64,
    /// Laptop's.
    pub device_at: i64,
}

impl Store {
    /// Keeps a draft.
    ///
    /// # Errors
    /// [`StoreError::TooLong`], [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn draft_put(&self, key: &str, now_ms: i64, json: &str) -> Result<()> {
        if json.len() > DRAFT_BYTES_MAX {
            return Err(StoreError::TooLong { length: json.len(), max: DRAFT_BYTES_MAX });
        }
        self.writer()
            .prepare_cached("INSERT OR REPLACE INTO draft (key, at, json) VALUES (?1, ?2, ?3)")?
            .execute(params![key, now_ms, json])?;
        Ok(())
    }

    /// Drops a draft.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn draft_delete(&self, key: &str) -> Result<()> {
        delete_draft(&self.writer(), key)
    }

    /// Keeps a setting.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn setting_put(&self, key: &str, value: &str) -> Result<()> {
        self.writer().execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)", [key, value])?;
        Ok(())
    }

    /// Keeps an attempt to sync; the oldest go.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn sync_run_put(&self, run: &SyncRun) -> Result<()> {
        let writer = self.writer();
        writer.execute(
            "INSERT OR REPLACE INTO sync_run (at, took_ms, outcome, received, of, fetched, bytes_out, bytes_in, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                run.at,
                int(run.took_ms),
                run.outcome,
                int(run.received),
                int(run.of),
                int(run.fetched),
                int(run.bytes_out),
                int(run.bytes_in),
                run.detail,
            ],
        )?;
        writer.execute(
            "DELETE FROM sync_run WHERE at <= (SELECT at FROM sync_run ORDER BY at DESC LIMIT 1 OFFSET ?1)",
            [RUNS_KEPT],
        )?;
        Ok(())
    }
}

pub(crate) fn delete_draft(conn: &Connection, key: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM draft WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// A draft: when it was kept, and its JSON.
///
/// # Errors
/// Those of the database.
pub fn draft(reader: &Reader<'_>, key: &str) -> Result<Option<(i64, String)>> {
    let found = reader
        .conn()
        .prepare_cached("SELECT at, json FROM draft WHERE key = ?1")?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found)
}

/// A setting.
///
/// # Errors
/// Those of the database.
pub fn setting(reader: &Reader<'_>, key: &str) -> Result<Option<String>> {
    let found = reader
        .conn()
        .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// Attempts to sync, newest first.
///
/// # Errors
/// Those of the database.
pub fn sync_runs(reader: &Reader<'_>, limit: u32) -> Result<Vec<SyncRun>> {
    let mut statement = reader.conn().prepare_cached(
        "SELECT at, took_ms, outcome, received, of, fetched, bytes_out, bytes_in, detail FROM sync_run ORDER BY at DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([limit], |row| {
        Ok(SyncRun {
            at: row.get(0)?,
            took_ms: uint(row.get(1)?),
            outcome: row.get(2)?,
            received: uint(row.get(3)?),
            of: uint(row.get(4)?),
            fetched: uint(row.get(5)?),
            bytes_out: uint(row.get(6)?),
            bytes_in: uint(row.get(7)?),
            detail: row.get(8)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The station's clock as last heard.
///
/// # Errors
/// Those of the database.
pub fn clock_seen(reader: &Reader<'_>) -> Result<Option<ClockSeen>> {
    let found = reader
        .conn()
        .prepare_cached("SELECT station_at, device_at FROM clock_seen")?
        .query_row([], |row| Ok(ClockSeen { station_at: row.get(0)?, device_at: row.get(1)? }))
        .optional()?;
    Ok(found)
}
