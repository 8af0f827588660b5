//! A backup becomes a new replica beside whatever is there. It never writes as the old one: that may have gone on. What the
//! backup holds of unsent work goes into the new lane, naming what it replaces. Must not overwrite a replica.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, params};
use sync::crypto::KdfParams;
use sync::ids::{OfficerId, ReplicaId};
use sync::lane::{self, Entry, EntryDraft, Replaces};
use zeroize::Zeroizing;

use crate::conn::{self, Access};
use crate::error::{Result, StoreError};
use crate::identity::{self, Identity};
use crate::keys::{self, NewKeys};
use crate::replica::{self, DATABASE};
use crate::row::{Bytes, hash_of, int, uint};
use crate::store::Store;
use crate::write::{AuditAction, AuditNote, begin, read_lane_head, write_lane_head};
use crate::{Random, audit, schema};

/// What a restored replica is made from.
pub struct NewReplica<'a> {
    /// Its id.
    pub replica: ReplicaId,
    /// Seed of its signing key.
    pub signing_key: Zeroizing<[u8; 32]>,
    /// How the passphrase is hashed.
    pub params: KdfParams,
    /// The laptop's clock, UTC milliseconds.
    pub now_ms: i64,
    /// Where random bytes come from.
    pub random: Random<'a>,
}

/// What a restore made.
#[derive(Debug)]
pub struct Restored {
    /// The new replica, open.
    pub store: Store,
    /// Who the backup was; its key signs the successor.
    pub predecessor: Identity,
    /// Unsent entries carried over into the new lane.
    pub carried: u64,
}

/// Restores a backup as a new replica in the data folder.
///
/// # Errors
/// [`StoreError::NotABackup`], [`StoreError::WrongPassphrase`], [`StoreError::AlreadyExists`], [`StoreError::NotOurFile`],
/// [`StoreError::Damaged`], [`StoreError::DiskFull`], [`StoreError::Io`].
pub fn into_new(backup: &Path, data: &Path, passphrase: &str, new: &NewReplica<'_>) -> Result<Restored> {
    if !backup.join(DATABASE).try_exists()? || !backup.join(keys::FILE).try_exists()? {
        return Err(StoreError::NotABackup);
    }
    let key = keys::unlock(backup, passphrase)?;
    let folder = replica::folder(data, new.replica);
    if folder.try_exists()? {
        return Err(StoreError::AlreadyExists);
    }
    let part = folder.with_extension("part");
    if part.try_exists()? {
        fs::remove_dir_all(&part)?;
    }
    replica::make_folder(&part)?;
    fs::copy(backup.join(DATABASE), part.join(DATABASE))?;
    let (_, label) = keys::label(backup)?;
    let recovery = keys::recovery_of(backup)?;
    let made = NewKeys { replica: new.replica, label, passphrase, params: new.params, recovery };
    keys::create(&part, &made, &key, new.random)?;
    let (predecessor, carried) = {
        let mut conn = conn::open(&part.join(DATABASE), &key, Access::ReadWrite)?;
        schema::migrate(&conn)?;
        take_over(&mut conn, new)?
    };
    fs::rename(&part, &folder)?;
    keys::sync_folder(folder.parent().unwrap_or(&folder))?;
    let store = Store::open(&folder, &key)?;
    Ok(Restored { store, predecessor, carried })
}

fn take_over(conn: &mut Connection, new: &NewReplica<'_>) -> Result<(Identity, u64)> {
    let transaction = begin(conn)?;
    let old = identity::read(&transaction)?.ok_or(StoreError::NoIdentity)?;
    let identity = Identity {
        replica: new.replica,
        signing_key: new.signing_key.clone(),
        certified: false,
        refused: None,
        predecessor: Some(old.replica),
        ..old.clone()
    };
    identity::insert(&transaction, &identity)?;
    let carried = carry(&transaction, old.replica, new.replica)?;
    // receipts and the station's head speak of the old lane
    transaction.execute(
        "INSERT INTO receipt_before SELECT ?1, first_index, last_index, epoch, station_at, received_at, refused, lane_hash, signed
         FROM receipt",
        [old.replica.as_bytes()],
    )?;
    transaction.execute_batch("DELETE FROM receipt; DELETE FROM station_state;")?;
    note(&transaction, old.officer, new.now_ms)?;
    transaction.commit()?;
    Ok((old, carried))
}

fn note(conn: &Connection, officer: OfficerId, now_ms: i64) -> Result<()> {
    audit::append(conn, officer, now_ms, &AuditNote::of(AuditAction::Restore))
}

/// Writes the unsent entries of the old lane into the new one, in their order, each naming what it replaces.
fn carry(conn: &Connection, from: ReplicaId, to: ReplicaId) -> Result<u64> {
    let through: i64 = conn.query_row("SELECT coalesce(max(last_index), 0) FROM receipt", [], |row| row.get(0))?;
    let mut head = read_lane_head(conn, to)?;
    let mut carried = 0;
    let mut statement = conn.prepare(
        "SELECT id, lane_index, header, salt, body, hash FROM entry WHERE replica = ?1 AND lane_index > ?2 AND refused IS NULL
         ORDER BY lane_index",
    )?;
    let unsent = statement
        .query_map(params![from.as_bytes(), through], |row| {
            let entry = Entry { header: row.get(2)?, salt: row.get::<_, Bytes<32>>(3)?.0, body: row.get(4)? };
            Ok((row.get(0)?, uint(row.get(1)?), entry, hash_of(row, 5)?))
        })?
        .collect::<rusqlite::Result<Vec<(i64, u64, Entry, [u8; 32])>>>()?;
    for (id, index, entry, hash) in unsent {
        let header = entry.read_header().map_err(|_| StoreError::Unreadable { what: "header" })?;
        let draft = EntryDraft {
            scope: header.scope.clone(),
            document: header.document,
            act: header.act,
            officer: header.officer,
            directory_version: header.directory_version,
            device_at_ms: header.device_at_ms,
            kind: header.kind,
            salt: entry.salt,
            body: entry.body,
            replaces: Some(Replaces { replica: from, index }),
        };
        let (again, next) = lane::append(head, draft).map_err(|_| StoreError::Unreadable { what: "lane" })?;
        head = next;
        conn.prepare_cached(
            "INSERT INTO carried (replica, lane_index, document, hash, header) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![from.as_bytes(), int(index), header.document.as_bytes(), hash, entry.header])?;
        conn.prepare_cached("UPDATE entry SET replica = ?2, lane_index = ?3, header = ?4 WHERE id = ?1")?
            .execute(params![id, to.as_bytes(), int(head.index), again.header])?;
        carried += 1;
    }
    write_lane_head(conn, to, head)?;
    Ok(carried)
}
