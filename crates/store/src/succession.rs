//! A database that goes on as a new replica: it was restored from a backup, or its disk was copied and another copy wrote on
//! in its lane. What had not reached the station goes into the new lane unchanged, naming what it replaces, so that ten
//! copies of one disk can each do so and nothing is there twice. The old key signs the new one in. The folder and its key
//! file keep the name they were made with; who the replica is, is said inside the database, so one transaction settles it.
//! Must not know why another copy was noticed.

use failpoint::{Point, reached};
use rusqlite::{Connection, OptionalExtension, params};
use sync::crypto::SignKey;
use sync::ids::ReplicaId;
use sync::lane::{self, Entry, EntryDraft, EntryKind, Replaces};
use sync::succession::SignedSuccession;
use zeroize::Zeroizing;

use crate::audit;
use crate::error::{Result, StoreError};
use crate::identity::{self, Identity};
use crate::row::{Bytes, hash_of, int, replica_of, uint};
use crate::store::{Reader, Store};
use crate::write::{AuditAction, AuditNote, begin, read_lane_head, write_lane_head};

/// The replica that begins.
#[derive(Debug)]
pub struct Successor {
    /// Its id, never used before.
    pub replica: ReplicaId,
    /// Seed of its signing key.
    pub signing_key: Zeroizing<[u8; 32]>,
    /// The laptop's clock, UTC milliseconds.
    pub now_ms: i64,
}

/// Why a database went on as a new replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It was restored from a backup in the app.
    Backup,
    /// Its disk was copied or put back, and another copy wrote on.
    Copy,
}

impl Cause {
    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Copy => "copy",
        }
    }
}

/// That a database went on as a new replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Succeeded {
    /// The new replica.
    pub replica: ReplicaId,
    /// The one it goes on for.
    pub predecessor: ReplicaId,
    /// When, device time.
    pub at: i64,
    /// Why.
    pub cause: Cause,
    /// Entries carried over into the new lane.
    pub carried: u64,
}

impl Store {
    /// Goes on as a new replica, in one transaction or not at all.
    ///
    /// # Errors
    /// [`StoreError::NoIdentity`], [`StoreError::DiskFull`], [`StoreError::Io`], [`StoreError::Busy`].
    pub fn succeed(&self, new: &Successor) -> Result<Succeeded> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let (_, succeeded) = take_over(&transaction, new, Cause::Copy)?;
        reached(Point::SucceedWritten);
        transaction.commit()?;
        reached(Point::SucceedCommitted);
        Ok(succeeded)
    }
}

/// The newest succession of this database, if there was one.
///
/// # Errors
/// Those of the database.
pub fn newest(reader: &Reader<'_>) -> Result<Option<Succeeded>> {
    let found = reader
        .conn()
        .prepare_cached("SELECT replica, predecessor, at, cause, carried FROM succession WHERE replica = (SELECT replica FROM identity)")?
        .query_row([], |row| {
            Ok(Succeeded {
                replica: replica_of(row, 0)?,
                predecessor: replica_of(row, 1)?,
                at: row.get(2)?,
                cause: if row.get::<_, String>(3)? == Cause::Backup.as_str() { Cause::Backup } else { Cause::Copy },
                carried: uint(row.get(4)?),
            })
        })
        .optional()?;
    Ok(found)
}

/// Makes the database of one replica that of another; gives who it was.
pub(crate) fn take_over(conn: &Connection, new: &Successor, cause: Cause) -> Result<(Identity, Succeeded)> {
    let old = identity::read(conn)?.ok_or(StoreError::NoIdentity)?;
    let (signer, signer_key) = old.signer();
    let key = SignKey::from_seed(&new.signing_key);
    let identity = Identity {
        replica: new.replica,
        signing_key: new.signing_key.clone(),
        certified: false,
        refused: None,
        predecessor: Some(signer),
        predecessor_key: Some(signer_key.seed()),
        succession: Some(SignedSuccession::sign(old.station, (signer, &signer_key), (new.replica, &key))),
        ..old.clone()
    };
    identity::insert(conn, &identity)?;
    let carried = carry(conn, &old, signer, new.replica)?;
    // receipts, the station's head and what it asked for speak of the old lane
    conn.execute(
        "INSERT OR REPLACE INTO receipt_before
         SELECT ?1, first_index, last_index, epoch, station_at, received_at, refused, accepted, lane_hash, signed FROM receipt",
        [old.replica.as_bytes()],
    )?;
    conn.execute_batch("DELETE FROM receipt; DELETE FROM station_state; DELETE FROM bundle_pending;")?;
    conn.execute(
        "INSERT INTO succession (replica, predecessor, at, cause, carried) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![new.replica.as_bytes(), old.replica.as_bytes(), new.now_ms, cause.as_str(), int(carried)],
    )?;
    let action = match cause {
        Cause::Backup => AuditAction::Restore,
        Cause::Copy => AuditAction::Succeed,
    };
    audit::append(conn, old.officer, new.now_ms, &AuditNote::of(action))?;
    let succeeded = Succeeded { replica: new.replica, predecessor: old.replica, at: new.now_ms, cause, carried };
    Ok((old, succeeded))
}

/// An entry of the old lane that the station is not known to have.
struct Unsent {
    index: u64,
    entry: Entry,
    hash: [u8; 32],
}

/// Entries beyond the last receipt, those set aside before the station judged them included: nothing of the old lane may stay
/// where another copy's entries will come. With them what has a receipt but was not pulled yet: it could not be given back to
/// a station restored meanwhile. What was pulled back from the station is on its branch and stays. Their ids, in order: one
/// is read at a time, however much there is.
fn unsent(conn: &Connection, replica: ReplicaId) -> Result<Vec<i64>> {
    let mut statement = conn.prepare(
        "SELECT id FROM entry
         WHERE replica = ?1 AND (lane_index > (SELECT coalesce(max(last_index), 0) FROM receipt)
             OR (refused IS NULL AND scope IN (SELECT scope FROM cursor)))
           AND header_hash NOT IN (SELECT header_hash FROM log WHERE replica = ?1 AND aside IS NULL)
         ORDER BY lane_index",
    )?;
    let found = statement.query_map([replica.as_bytes()], |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn read(conn: &Connection, id: i64) -> Result<Unsent> {
    Ok(conn.prepare_cached("SELECT lane_index, header, salt, body, hash FROM entry WHERE id = ?1")?.query_row(
        [id],
        |row| {
            let entry = Entry { header: row.get(1)?, salt: row.get::<_, Bytes<32>>(2)?.0, body: row.get(3)? };
            Ok(Unsent { index: uint(row.get(0)?), entry, hash: hash_of(row, 4)? })
        },
    )?)
}

/// Writes the unsent entries of the old lane into the new one, in their order, each naming what it replaces. A lane that the
/// station never listed cannot be named: its entries keep what they named themselves.
fn carry(conn: &Connection, old: &Identity, signer: ReplicaId, to: ReplicaId) -> Result<u64> {
    let mut head = read_lane_head(conn, to)?;
    let mut carried = 0;
    for id in unsent(conn, old.replica)? {
        let Unsent { index, entry, hash: before } = read(conn, id)?;
        let header = entry.read_header().map_err(|_| StoreError::Unreadable { what: "header" })?;
        let replaces = match old.replica == signer {
            true => Some(Replaces { replica: old.replica, index }),
            false => header.replaces,
        };
        let draft = EntryDraft {
            scope: header.scope,
            document: header.document,
            act: header.act,
            officer: header.officer,
            directory_version: header.directory_version,
            device_at_ms: header.device_at_ms,
            kind: header.kind,
            salt: entry.salt,
            body: entry.body,
            replaces,
        };
        let (again, next) = lane::append(head, draft).map_err(|_| StoreError::Unreadable { what: "lane" })?;
        head = next;
        // a change has its own hash in every lane; a control goes by its header, and so does what was erased
        let hash = match header.kind {
            EntryKind::Change | EntryKind::Decision if !again.body.is_empty() => before,
            EntryKind::Change
            | EntryKind::Decision
            | EntryKind::Move
            | EntryKind::Freeze
            | EntryKind::Erase
            | EntryKind::Other(_) => head.hash.0,
        };
        conn.prepare_cached("UPDATE carried SET hash = ?3 WHERE document = ?1 AND hash = ?2")?.execute(params![
            header.document.as_bytes(),
            before,
            hash
        ])?;
        put_carried(conn, (old.replica, index), (header.document.as_bytes(), &hash), &entry.header)?;
        conn.prepare_cached(
            "UPDATE entry SET replica = ?2, lane_index = ?3, header = ?4, hash = ?5, header_hash = ?6 WHERE id = ?1",
        )?
        .execute(params![id, to.as_bytes(), int(head.index), again.header, hash, head.hash.as_bytes()])?;
        carried += 1;
    }
    write_lane_head(conn, to, head)?;
    Ok(carried)
}

/// Keeps the header a change has in a lane other than the one it is kept under: that lane's place of a scope log names it.
pub(crate) fn put_carried(
    conn: &Connection,
    (replica, index): (ReplicaId, u64),
    (document, hash): (&[u8; 16], &[u8; 32]),
    header: &[u8],
) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO carried (replica, lane_index, header_hash, document, hash, header)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        replica.as_bytes(),
        int(index),
        lane::header_hash(header).as_bytes(),
        document,
        hash,
        header
    ])?;
    Ok(())
}
