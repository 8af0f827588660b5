//! Counts for the status bar and the Sync screen. Must not open records.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use crate::error::{Result, StoreError};
use crate::exchange::{directory, receipts_through};
use crate::row::{Bytes, int, uint};
use crate::store::Reader;
use crate::{conflict, identity};

/// Counts of one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// Own entries the station has given no receipt for.
    pub unsent: u64,
    /// Station time of the newest receipt.
    pub receipt_at: Option<i64>,
    /// Records with open conflicts.
    pub conflicts: u64,
    /// Own entries set aside.
    pub set_aside: u64,
    /// Acts they belong to.
    pub set_aside_acts: u64,
    /// Own entries the station has, in all.
    pub received_total: u64,
    /// Of these, by receipts that came since the day began.
    pub received_today: u64,
    /// Entries fetched by attempts, and from sticks, since the day began.
    pub fetched_today: u64,
    /// Version of the directory.
    pub directory_version: u64,
    /// When it came, device time.
    pub directory_at: Option<i64>,
    /// Entries of others kept aside because a check failed.
    pub quarantined: u64,
    /// Device time of the newest entry here, to tell a clock that went back.
    pub newest_entry_at: Option<i64>,
}

/// Counts for the status bar and the Sync screen. `day_start_at`: when the station's day began, UTC milliseconds.
///
/// # Errors
/// [`StoreError::NoIdentity`]; those of the database.
pub fn of(reader: &Reader<'_>, day_start_at: i64) -> Result<Status> {
    let conn = reader.conn();
    let replica = identity::read(conn)?.ok_or(StoreError::NoIdentity)?.replica;
    let through = receipts_through(reader)?;
    let lane_end = crate::write::read_lane_head(conn, replica)?.index;
    let (set_aside, set_aside_acts) = conn
        .prepare_cached(
            "SELECT count(*), count(DISTINCT act) FROM entry INDEXED BY entry_refused WHERE refused IS NOT NULL",
        )?
        .query_row([], |row| Ok((uint(row.get(0)?), uint(row.get(1)?))))?;
    let refused_unsent = conn
        .prepare_cached("SELECT count(*) FROM entry INDEXED BY entry_refused WHERE refused IS NOT NULL AND replica = ?1 AND lane_index > ?2")?
        .query_row(params![replica.as_bytes(), int(through)], |row| row.get(0).map(uint))?;
    let received = "SELECT coalesce(sum(accepted), 0), max(station_at) FROM
        (SELECT accepted, station_at, received_at FROM receipt
         UNION ALL SELECT accepted, station_at, received_at FROM receipt_before)";
    let (received_total, receipt_at) =
        conn.prepare_cached(received)?.query_row([], |row| Ok((uint(row.get(0)?), row.get(1)?)))?;
    let received_today = conn
        .prepare_cached(&format!("{received} WHERE received_at >= ?1"))?
        .query_row([day_start_at], |row| row.get(0).map(uint))?;
    let fetched_today = conn
        .prepare_cached(
            "SELECT (SELECT coalesce(sum(fetched), 0) FROM sync_run WHERE at >= ?1)
                + (SELECT coalesce(sum(fetched), 0) FROM bundle WHERE answered_at >= ?1)",
        )?
        .query_row([day_start_at], |row| row.get(0).map(uint))?;
    let held = directory(reader)?;
    Ok(Status {
        unsent: lane_end.saturating_sub(through).saturating_sub(refused_unsent),
        receipt_at,
        conflicts: conflict::count(reader)?,
        set_aside,
        set_aside_acts,
        received_total,
        received_today,
        fetched_today,
        directory_version: held.as_ref().map_or(0, |held| held.version),
        directory_at: held.map(|held| held.received_at),
        quarantined: conn
            .prepare_cached("SELECT count(*) FROM quarantine")?
            .query_row([], |row| row.get(0).map(uint))?,
        newest_entry_at: conn
            .prepare_cached("SELECT device_at FROM entry ORDER BY id DESC LIMIT 1")?
            .query_row([], |row| row.get(0))
            .optional()?,
    })
}

/// A signed receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// First index of the lane.
    pub first: u64,
    /// Last index.
    pub last: u64,
    /// Station time.
    pub station_at: i64,
    /// When it came, device time.
    pub received_at: i64,
    /// Entries set aside.
    pub set_aside: u64,
    /// Hash of the lane's last entry under it.
    pub lane_hash: [u8; 32],
    /// Entries by kind of record; those not in the views count under `other`.
    pub kinds: BTreeMap<String, u64>,
    /// A backup of the station covers it.
    pub backed_up: bool,
}

/// Entries of a stretch of the lane by kind of record. Views write ids as text.
const KINDS: &str = "WITH named AS (SELECT lower(hex(document)) AS x FROM entry WHERE replica = ?1 AND lane_index BETWEEN ?2 AND ?3)
    SELECT coalesce((SELECT d.kind FROM document d WHERE d.id = substr(x, 1, 8) || '-' || substr(x, 9, 4) || '-'
        || substr(x, 13, 4) || '-' || substr(x, 17, 4) || '-' || substr(x, 21)), 'other'), count(*) FROM named GROUP BY 1";

/// A page of receipts, newest first: those whose first index is below `before`.
///
/// # Errors
/// [`StoreError::NoIdentity`]; those of the database.
pub fn receipts(reader: &Reader<'_>, before: Option<u64>, limit: u32) -> Result<Vec<ReceiptRow>> {
    let conn = reader.conn();
    let replica = identity::read(conn)?.ok_or(StoreError::NoIdentity)?.replica;
    let watermark: Option<i64> = conn
        .prepare_cached("SELECT backup_watermark FROM station_state")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let mut statement = conn.prepare_cached(
        "SELECT first_index, last_index, station_at, received_at, refused, lane_hash FROM receipt
         WHERE first_index < ?1 ORDER BY first_index DESC LIMIT ?2",
    )?;
    let rows = statement
        .query_map(params![before.map_or(i64::MAX, int), limit], |row| {
            let last: i64 = row.get(1)?;
            Ok(ReceiptRow {
                first: uint(row.get(0)?),
                last: uint(last),
                station_at: row.get(2)?,
                received_at: row.get(3)?,
                set_aside: uint(row.get(4)?),
                lane_hash: row.get::<_, Bytes<32>>(5)?.0,
                kinds: BTreeMap::new(),
                backed_up: watermark.is_some_and(|through| through >= last),
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut receipts = Vec::with_capacity(rows.len());
    let mut kinds = conn.prepare_cached(KINDS)?;
    for mut row in rows {
        row.kinds = kinds
            .query_map(params![replica.as_bytes(), int(row.first), int(row.last)], |found| {
                Ok((found.get(0)?, uint(found.get(1)?)))
            })?
            .collect::<rusqlite::Result<_>>()?;
        receipts.push(row);
    }
    Ok(receipts)
}
