//! Bundles this laptop wrote on sticks: the key each answer opens by until it is in, and what the station asked for to go
//! with the next. Of this laptop alone. Must not know files.

use rusqlite::{OptionalExtension, params};
use sync::ids::{BundleId, ReplicaId};
use zeroize::Zeroizing;

use crate::error::Result;
use crate::row::{Bytes, int, uint};
use crate::store::{Reader, Store};
use crate::write::begin;

/// Bundles remembered; older ones go, and with them the keys of answers that never came.
const KEPT: u32 = 100;

/// A bundle about to get its name.
#[derive(Debug)]
pub struct NewBundle {
    /// Its id.
    pub bundle: BundleId,
    /// Which replica wrote it.
    pub replica: ReplicaId,
    /// When, UTC milliseconds of the laptop.
    pub at: i64,
    /// Label of the medium.
    pub medium: String,
    /// Name of the file.
    pub file: String,
    /// Entries in it.
    pub entries: u64,
    /// Its size.
    pub bytes: u64,
    /// The key the answer is sealed under.
    pub reply_key: Zeroizing<[u8; 32]>,
    /// What the station had asked for when it was packed.
    pub asked: Vec<u8>,
}

/// What an answer brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answered {
    /// When it was taken, UTC milliseconds of the laptop.
    pub at: i64,
    /// Entries the station received.
    pub received: u64,
    /// Of these, entries it set aside.
    pub set_aside: u64,
    /// Entries fetched.
    pub fetched: u64,
    /// What the station asks for with the next bundle; nothing when it asks for nothing.
    pub pending: Option<Vec<u8>>,
    /// Code of what the station could not take.
    pub fault: Option<String>,
}

/// A bundle as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleRow {
    /// Its id.
    pub bundle: BundleId,
    /// When it was written.
    pub at: i64,
    /// Label of the medium.
    pub medium: String,
    /// Name of the file.
    pub file: String,
    /// Entries in it.
    pub entries: u64,
    /// Its size.
    pub bytes: u64,
    /// What came back.
    pub answered: Option<Answered>,
}

/// What opens an answer.
#[derive(Debug)]
pub struct Awaited {
    /// Which replica wrote the bundle.
    pub replica: ReplicaId,
    /// When, UTC milliseconds of the laptop.
    pub at: i64,
    /// The key; gone once an answer was taken.
    pub reply_key: Option<Zeroizing<[u8; 32]>>,
    /// What the bundle was packed with.
    pub asked: Vec<u8>,
    /// When the answer was taken.
    pub answered_at: Option<i64>,
}

impl Store {
    /// Remembers a bundle before its file gets its name: an answer that cannot be opened would be of no use.
    ///
    /// # Errors
    /// [`crate::StoreError::DiskFull`], [`crate::StoreError::Io`].
    pub fn bundle_put(&self, new: &NewBundle) -> Result<()> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        transaction.execute(
            "INSERT INTO bundle (bundle, replica, at, medium, file, entries, bytes, reply_key, asked)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                new.bundle.as_bytes(),
                new.replica.as_bytes(),
                new.at,
                new.medium,
                new.file,
                int(new.entries),
                int(new.bytes),
                new.reply_key.as_slice(),
                new.asked,
            ],
        )?;
        transaction.execute(
            "DELETE FROM bundle WHERE rowid <= (SELECT rowid FROM bundle ORDER BY rowid DESC LIMIT 1 OFFSET ?1)",
            [KEPT],
        )?;
        transaction.commit()?;
        Ok(())
    }

    /// Remembers that the answer is in; its key is gone from then on.
    ///
    /// # Errors
    /// [`crate::StoreError::DiskFull`], [`crate::StoreError::Io`].
    pub fn bundle_answered(&self, bundle: BundleId, answered: &Answered) -> Result<()> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        transaction.execute(
            "UPDATE bundle SET reply_key = NULL, asked = x'', answered_at = ?2, received = ?3, set_aside = ?4, fetched = ?5,
                fault = ?6 WHERE bundle = ?1",
            params![
                bundle.as_bytes(),
                answered.at,
                int(answered.received),
                int(answered.set_aside),
                int(answered.fetched),
                answered.fault,
            ],
        )?;
        transaction.execute("DELETE FROM bundle_pending", [])?;
        if let Some(pending) = &answered.pending {
            transaction.execute("INSERT INTO bundle_pending (one, asked) VALUES (1, ?1)", [pending])?;
        }
        transaction.commit()?;
        Ok(())
    }
}

/// What the station asked for with its last answer.
///
/// # Errors
/// Those of the database.
pub fn pending(reader: &Reader<'_>) -> Result<Option<Vec<u8>>> {
    let found =
        reader.conn().prepare_cached("SELECT asked FROM bundle_pending")?.query_row([], |row| row.get(0)).optional()?;
    Ok(found)
}

/// What opens the answer to a bundle; nothing for one this laptop never wrote, or has forgotten.
///
/// # Errors
/// Those of the database.
pub fn awaited(reader: &Reader<'_>, bundle: BundleId) -> Result<Option<Awaited>> {
    let found = reader
        .conn()
        .prepare_cached("SELECT replica, at, reply_key, asked, answered_at FROM bundle WHERE bundle = ?1")?
        .query_row([bundle.as_bytes()], |row| {
            Ok(Awaited {
                replica: ReplicaId::from_bytes(row.get::<_, Bytes<16>>(0)?.0),
                at: row.get(1)?,
                reply_key: row.get::<_, Option<Bytes<32>>>(2)?.map(|bytes| Zeroizing::new(bytes.0)),
                asked: row.get(3)?,
                answered_at: row.get(4)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Bundles, newest first.
///
/// # Errors
/// Those of the database.
pub fn recent(reader: &Reader<'_>, limit: u32) -> Result<Vec<BundleRow>> {
    let mut statement = reader.conn().prepare_cached(
        "SELECT bundle, at, medium, file, entries, bytes, answered_at, received, set_aside, fetched, fault
         FROM bundle ORDER BY rowid DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([limit], |row| {
        let answered_at: Option<i64> = row.get(6)?;
        let answered = Answered {
            at: answered_at.unwrap_or_default(),
            received: uint(row.get(7)?),
            set_aside: uint(row.get(8)?),
            fetched: uint(row.get(9)?),
            pending: None,
            fault: row.get(10)?,
        };
        Ok(BundleRow {
            bundle: BundleId::from_bytes(row.get::<_, Bytes<16>>(0)?.0),
            at: row.get(1)?,
            medium: row.get(2)?,
            file: row.get(3)?,
            entries: uint(row.get(4)?),
            bytes: uint(row.get(5)?),
            answered: answered_at.map(|_| answered),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
