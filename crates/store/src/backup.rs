//! A backup: a folder with an encrypted copy of the database and the key file, read back before it counts.
//! Must not restore (see `restore`).

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use failpoint::{Point, reached};

use crate::conn::{self, Access};
use crate::error::{Result, StoreError};
use crate::keys;
use crate::replica::{self, DATABASE};
use crate::row::uint;
use crate::store::Store;

/// How the folder of a backup ends.
pub const SUFFIX: &str = "fqbackup";
/// How it ends until it has been read back.
const UNFINISHED: &str = "part";

/// A backup made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupMade {
    /// The folder.
    pub path: PathBuf,
    /// Bytes of its files.
    pub bytes: u64,
    /// Lane entries in it.
    pub entries: u64,
}

impl Store {
    /// Makes a backup as `<folder>/<name>.fqbackup` and reads it back. It holds one consistent moment; writers go on.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`], [`StoreError::DiskFull`], [`StoreError::Io`], [`StoreError::BackupNotTheSame`].
    pub fn backup(&self, folder: &Path, name: &str) -> Result<BackupMade> {
        let path = folder.join(format!("{name}.{SUFFIX}"));
        if path.try_exists()? {
            return Err(StoreError::AlreadyExists);
        }
        replica::make_folder(folder)?;
        let part = folder.join(format!("{name}.{UNFINISHED}"));
        if part.try_exists()? {
            fs::remove_dir_all(&part)?;
        }
        fs::create_dir(&part)?;
        let outcome = self.copy_into(&part).and_then(|entries| {
            reached(Point::BackupRead);
            fs::rename(&part, &path)?;
            reached(Point::BackupNamed);
            keys::sync_folder(folder)?;
            let bytes = size(&path.join(DATABASE))?.saturating_add(size(&path.join(keys::FILE))?);
            Ok(BackupMade { path: path.clone(), bytes, entries })
        });
        if outcome.is_err() {
            // what is left of an attempt is of no use and in the way of the next; the error says why it failed
            for left in [&part, &path] {
                let _ = fs::remove_dir_all(left);
            }
        }
        outcome
    }

    /// Copies the database as it is at one moment, under the same key. Gives the entries and audit rows counted before.
    pub(crate) fn copy_to(&self, target: &Path) -> Result<(i64, i64)> {
        let source = conn::open(&self.database(), self.key(), Access::ReadWrite)?;
        let expected = facts(&source)?;
        let target = target.to_str().ok_or(StoreError::Unreadable { what: "path" })?;
        source.execute("VACUUM INTO ?1", [target])?;
        Ok(expected)
    }

    fn copy_into(&self, part: &Path) -> Result<u64> {
        let target = part.join(DATABASE);
        let expected = self.copy_to(&target)?;
        reached(Point::BackupCopied);
        fs::copy(self.folder().join(keys::FILE), part.join(keys::FILE))?;
        let copy = conn::open(&target, self.key(), Access::ReadOnly)?;
        let sound: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        let found = facts(&copy)?;
        drop(copy);
        // entries may have been added between counting and copying, never lost
        if sound != "ok" || found.0 < expected.0 || found.1 < expected.1 {
            return Err(StoreError::BackupNotTheSame);
        }
        for file in [DATABASE, keys::FILE] {
            File::open(part.join(file))?.sync_all()?;
        }
        keys::sync_folder(part)?;
        Ok(uint(found.0))
    }
}

/// Entries and audit rows.
fn facts(conn: &rusqlite::Connection) -> Result<(i64, i64)> {
    Ok(conn.query_row("SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM audit)", [], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?)
}

fn size(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path)?.len())
}
