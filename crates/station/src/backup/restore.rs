//! A backup becomes a station again, on another machine or in another folder. Never over a station that is there.
//! Must not know how laptops find their place afterwards; it opens the epoch in which they do.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use failpoint::{Point, reached};
use minicbor::{Decode, Encode};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sync::enrolment::EnrolmentCode;

use super::container::{Manifest, Sealed};
use super::{BackupFault, code_key, open_file, sound_facts, station_id};
use crate::db::{self, DATABASE_FILE};
use crate::epoch::{self, EpochCause};
use crate::fault::StationFault;
use crate::key::{self, DatabaseKey, KEY_FILE};
use crate::station::{self, Station};

/// Name of the database until it counts.
const UNFINISHED: &str = "station.db.restoring";

/// Name of the key file until it counts.
const KEY_UNFINISHED: &str = "key.restoring";

/// That a station was brought back, kept in its database.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Restored {
    /// The moment of the backup, UTC milliseconds.
    #[n(0)]
    pub made_at_ms: i64,
    /// When it was brought back.
    #[n(1)]
    pub restored_at_ms: i64,
    /// Newest version of the directory in the backup.
    #[n(2)]
    pub directory_version: u64,
    /// The epoch opened then.
    #[n(3)]
    pub epoch: u32,
    /// Entries in the backup.
    #[n(4)]
    pub entries: u64,
}

/// Brings the station in the backup `from` back into the folder `dir`, checked and durable, in a new log epoch.
///
/// # Errors
/// [`StationFault`]; there is no station in `dir` then, and the same call may be made again.
pub fn restore(from: &Path, code: &EnrolmentCode, dir: &Path, now_ms: i64) -> Result<Restored, StationFault> {
    let (sealed, rest) = open_file(from)?;
    let manifest = sealed.open(&code_key(&sealed.label, code)?)?;
    let key = DatabaseKey::new(manifest.database_key);
    refuse_a_station(dir, &key)?;
    fs::create_dir_all(dir).map_err(BackupFault::Write)?;
    clear(dir);
    let outcome = build(dir, &sealed, &manifest, rest, now_ms).and_then(|restored| {
        settle(dir, &key)?;
        Ok(restored)
    });
    if outcome.is_err() {
        clear(dir);
    }
    outcome
}

fn refuse_a_station(dir: &Path, key: &DatabaseKey) -> Result<(), StationFault> {
    for end in ["", "-wal", "-shm", "-journal"] {
        if dir.join(format!("{DATABASE_FILE}{end}")).try_exists().map_err(BackupFault::Read)? {
            return Err(BackupFault::StationThere { path: dir.to_owned() }.into());
        }
    }
    // The key may be there from a restore that ended between its last two steps.
    let path = dir.join(KEY_FILE);
    let there = path.try_exists().map_err(BackupFault::Read)?;
    if there && DatabaseKey::read(dir)?.bytes() != key.bytes() {
        return Err(BackupFault::KeyThere { path }.into());
    }
    Ok(())
}

/// What cannot be removed is in the way of the next step, which then says so.
fn clear(dir: &Path) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(dir.join(format!("{UNFINISHED}{end}")));
    }
    let _ = fs::remove_file(dir.join(KEY_UNFINISHED));
}

/// Writes the database under its unfinished name, checks it and marks it.
fn build(
    dir: &Path,
    sealed: &Sealed,
    manifest: &Manifest,
    rest: impl std::io::Read,
    now_ms: i64,
) -> Result<Restored, StationFault> {
    let path = dir.join(UNFINISHED);
    let mut file = BufWriter::new(key::create_private(&path).map_err(BackupFault::Write)?);
    sealed.unpack(manifest, rest, &mut file)?;
    drop(file);
    reached(Point::UnsealWritten);
    let key = DatabaseKey::new(manifest.database_key);
    let copy = db::open_copy(&path, &key)?;
    if sound_facts(&copy)? != manifest.facts || station_id(&copy)? != sealed.label.station {
        return Err(BackupFault::NotTheSame.into());
    }
    drop(copy);
    let mut connection = db::open_file(&path, &key)?;
    let restored = mark(&mut connection, sealed, manifest, now_ms)?;
    reached(Point::UnsealMarked);
    // One file again, so that it can be given its name in one step.
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;")?;
    connection.close().map_err(|(_, fault)| fault)?;
    File::open(&path).and_then(|file| file.sync_all()).map_err(BackupFault::Write)?;
    Ok(restored)
}

fn mark(
    connection: &mut Connection,
    sealed: &Sealed,
    manifest: &Manifest,
    now_ms: i64,
) -> Result<Restored, StationFault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let restored = Restored {
        made_at_ms: sealed.label.made_at_ms,
        restored_at_ms: now_ms,
        directory_version: manifest.facts.directory_version,
        epoch: epoch::open_above(&transaction, &station::signing_key(&transaction)?, 0, EpochCause::Restored, now_ms)?,
        entries: manifest.facts.entries,
    };
    let bytes = minicbor::to_vec(&restored).map_err(|_| StationFault::Damaged { what: "mark of the restore" })?;
    station::put_setting(&transaction, "restored", &bytes)?;
    transaction.commit()?;
    Ok(restored)
}

/// The key first, the database last: a folder without a database is no station.
fn settle(dir: &Path, key: &DatabaseKey) -> Result<(), StationFault> {
    if !dir.join(KEY_FILE).try_exists().map_err(BackupFault::Read)? {
        key.write_as(dir, KEY_UNFINISHED)?;
        fs::rename(dir.join(KEY_UNFINISHED), dir.join(KEY_FILE)).map_err(BackupFault::Write)?;
    }
    reached(Point::UnsealKeyed);
    fs::rename(dir.join(UNFINISHED), dir.join(DATABASE_FILE)).map_err(BackupFault::Write)?;
    reached(Point::UnsealNamed);
    Ok(key::sync_folder(dir).map_err(BackupFault::Write)?)
}

impl Station {
    /// The last time this station was brought back from a backup.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn restored(&self) -> Result<Option<Restored>, StationFault> {
        let bytes: Option<Vec<u8>> = self
            .lock()
            .query_row("SELECT value FROM setting WHERE name = 'restored'", [], |row| row.get(0))
            .optional()?;
        let damaged = |_| StationFault::Damaged { what: "mark of the restore" };
        bytes.map(|bytes| minicbor::decode(&bytes).map_err(damaged)).transpose()
    }
}
