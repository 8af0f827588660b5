//! What the sync engine reads: the own lane, cursors, the directory. Must not write.

use rusqlite::{Connection, OptionalExtension, params};
use sync::crypto::Signed;
use sync::directory::{Directory, held_hash};
use sync::ids::ReplicaId;
use sync::lane::{self, Entry, LaneHead};
use sync::laptop::{Credential, Load, LoadFrom, Loaded};
use sync::scope_log::{Cursor, LogPosition};

use super::{earlier, evidence};
use crate::error::{Result, StoreError};
use crate::identity::{self, Identity};
use crate::local::clock_seen;
use crate::row::{Bytes, int, scope, sync_hash_of, uint};
use crate::store::{Reader, Store};
use crate::write::read_lane_head;

/// The newest directory held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryHeld {
    /// Its version.
    pub version: u64,
    /// When it came, device time.
    pub received_at: i64,
    /// The signed bytes. They were verified before they were stored; verify them again before use.
    pub signed: Vec<u8>,
}

/// The newest directory held.
///
/// # Errors
/// Those of the database.
pub fn directory(reader: &Reader<'_>) -> Result<Option<DirectoryHeld>> {
    let found = reader
        .conn()
        .prepare_cached("SELECT version, received_at, signed FROM directory ORDER BY version DESC LIMIT 1")?
        .query_row([], |row| {
            Ok(DirectoryHeld { version: uint(row.get(0)?), received_at: row.get(1)?, signed: row.get(2)? })
        })
        .optional()?;
    Ok(found)
}

/// The highest index of the own lane with a receipt; 0 if none.
///
/// # Errors
/// Those of the database.
pub fn receipts_through(reader: &Reader<'_>) -> Result<u64> {
    receipted(reader.conn())
}

pub(crate) fn receipted(conn: &Connection) -> Result<u64> {
    let last: Option<i64> = conn
        .prepare_cached("SELECT last_index FROM receipt ORDER BY first_index DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(last.map_or(0, uint))
}

impl Store {
    /// Reads what the sync engine asks for, in one snapshot; what the station wants for a repair included. `credential` goes
    /// along while the directory does not list this replica.
    ///
    /// # Errors
    /// [`StoreError::NoIdentity`], [`StoreError::Unreadable`] when the lane has a gap.
    pub fn load(&self, load: &Load, credential: Option<Credential>) -> Result<Loaded> {
        self.read(|reader| {
            let conn = reader.conn();
            let Identity { replica, station, .. } = identity::read(conn)?.ok_or(StoreError::NoIdentity)?;
            let lane_end = read_lane_head(conn, replica)?;
            let station_head = station_head(conn, replica)?;
            let receipts_through = receipted(conn)?;
            let index = match load.from {
                LoadFrom::Outbox => station_head.index.min(receipts_through),
                LoadFrom::Index(index) => index,
            };
            let after = place(conn, replica, index.min(lane_end.index))?;
            let (unsent_entries, unsent_bytes) = unsent(conn, replica, after.index)?;
            let held = directory(reader)?;
            Ok(Loaded {
                directory_version: held.as_ref().map_or(0, |held| held.version),
                directory_hash: held_hash(held.as_ref().map_or(&[], |held| &held.signed)),
                credential,
                lane_end,
                station_head,
                receipts_through,
                after,
                entries: outbox(conn, replica, after.index, load.budget_bytes)?,
                unsent_entries,
                unsent_bytes,
                cursors: cursors(conn)?,
                backlogs: earlier::backlogs(conn)?,
                evidence: evidence::answer(conn, station, &load.ask, load.budget_bytes)?,
                heard_at_ms: clock_seen(reader)?.map_or(0, |seen| seen.station_at),
            })
        })
    }

    /// Keeps the directory that came with the enrolment file.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn directory_put(&self, version: u64, signed: &Signed<Directory>, now_ms: i64) -> Result<()> {
        put_directory(&self.writer(), version, signed, now_ms)
    }
}

pub(crate) fn put_directory(conn: &Connection, version: u64, signed: &Signed<Directory>, now_ms: i64) -> Result<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO directory (version, received_at, signed) VALUES (?1, ?2, ?3)")?
        .execute(params![int(version), now_ms, signed.to_bytes()])?;
    Ok(())
}

fn station_head(conn: &Connection, replica: ReplicaId) -> Result<LaneHead> {
    let found = conn
        .prepare_cached("SELECT head_index, head_hash FROM station_state WHERE head_index > 0")?
        .query_row([], |row| Ok(LaneHead { index: uint(row.get(0)?), hash: sync_hash_of(row, 1)? }))
        .optional()?;
    Ok(found.unwrap_or_else(|| LaneHead::genesis(replica)))
}

/// The place of an entry of the own lane.
fn place(conn: &Connection, replica: ReplicaId, index: u64) -> Result<LaneHead> {
    if index == 0 {
        return Ok(LaneHead::genesis(replica));
    }
    let header: Vec<u8> = conn
        .prepare_cached("SELECT header FROM entry WHERE replica = ?1 AND lane_index = ?2")?
        .query_row(params![replica.as_bytes(), int(index)], |row| row.get(0))
        .optional()?
        .ok_or(StoreError::Unreadable { what: "lane" })?;
    Ok(LaneHead { index, hash: lane::header_hash(&header) })
}

/// The outbox is a query: the own lane beyond an index.
pub(crate) const OUTBOX: &str =
    "SELECT header, salt, body FROM entry WHERE replica = ?1 AND lane_index > ?2 ORDER BY lane_index";

pub(crate) fn outbox(conn: &Connection, replica: ReplicaId, after: u64, budget_bytes: u64) -> Result<Vec<Entry>> {
    let mut statement = conn.prepare_cached(OUTBOX)?;
    let mut rows = statement.query(params![replica.as_bytes(), int(after)])?;
    let (mut entries, mut bytes) = (Vec::new(), 0_u64);
    while let Some(row) = rows.next()? {
        let entry = Entry { header: row.get(0)?, salt: row.get::<_, Bytes<32>>(1)?.0, body: row.get(2)? };
        bytes = bytes.saturating_add(u64::try_from(entry.size()).unwrap_or(u64::MAX));
        if bytes > budget_bytes && !entries.is_empty() {
            break;
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn unsent(conn: &Connection, replica: ReplicaId, after: u64) -> Result<(u64, u64)> {
    let found = conn
        .prepare_cached(
            "SELECT count(*), coalesce(sum(length(header) + length(salt) + length(body) + 16), 0)
             FROM entry WHERE replica = ?1 AND lane_index > ?2",
        )?
        .query_row(params![replica.as_bytes(), int(after)], |row| Ok((uint(row.get(0)?), uint(row.get(1)?))))?;
    Ok(found)
}

fn cursors(conn: &Connection) -> Result<Vec<Cursor>> {
    let mut statement = conn.prepare_cached("SELECT scope, epoch, seq, chain FROM cursor ORDER BY scope")?;
    let mut rows = statement.query([])?;
    let mut cursors = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        let position = LogPosition { epoch: row.get(1)?, seq: uint(row.get(2)?), chain: sync_hash_of(row, 3)? };
        cursors.push(Cursor { scope: scope(&text)?, position });
    }
    Ok(cursors)
}
