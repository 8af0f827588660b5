//! The open database: one writer, several readers. Owns connections and transactions; must not know what they carry.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use sync::known::Known;

use crate::conn::{self, Access};
use crate::error::{Result, StoreError};
use crate::identity::{self, Identity};
use crate::keys::DataKey;
use crate::replica::DATABASE;
use crate::schema;

/// Readers kept open. More are opened when more are asked for at once, and closed again.
const READERS: usize = 4;

/// The open database of one replica. Shared between threads behind an `Arc`; closing drops the keys.
pub struct Store {
    folder: PathBuf,
    key: DataKey,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    known: Known,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// A consistent view of the database for the time of one [`Store::read`].
#[derive(Debug)]
pub struct Reader<'a> {
    conn: &'a Connection,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(conn: &'a Connection) -> Self {
        Self { conn }
    }

    /// The connection, for queries of this crate.
    pub(crate) const fn conn(&self) -> &'a Connection {
        self.conn
    }
}

/// What is known of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Where it is.
    pub folder: PathBuf,
    /// Bytes of the database with its log.
    pub database_bytes: u64,
    /// Lane entries in it.
    pub entries: u64,
    /// Version of SQLite.
    pub sqlite: String,
    /// Version of SQLCipher.
    pub sqlcipher: String,
}

impl Store {
    /// Makes the database of a new replica in `folder`, which must exist.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`], [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn create(folder: &Path, key: &DataKey, new: &Identity) -> Result<Self> {
        let path = folder.join(DATABASE);
        let writer = conn::open(&path, key, Access::Create)?;
        schema::create(&writer)?;
        identity::insert(&writer, new)?;
        Ok(Self::with(folder, key, writer))
    }

    /// Opens the database of a replica. No document is opened. Ask [`Store::needs_rebuild`] before reading views.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NotOurFile`], [`StoreError::Damaged`], [`StoreError::NewerVersion`].
    pub fn open(folder: &Path, key: &DataKey) -> Result<Self> {
        let path = folder.join(DATABASE);
        let writer = conn::open(&path, key, Access::ReadWrite)?;
        schema::migrate(&writer)?;
        Ok(Self::with(folder, key, writer))
    }

    fn with(folder: &Path, key: &DataKey, writer: Connection) -> Self {
        Self {
            folder: folder.to_owned(),
            key: key.clone(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            known: Known::here(),
        }
    }

    /// As an earlier build, which knew only so much.
    #[doc(hidden)]
    #[must_use]
    pub fn knowing(self, known: Known) -> Self {
        Self { known, ..self }
    }

    /// What this build reads.
    pub(crate) const fn known(&self) -> &Known {
        &self.known
    }

    /// The folder of the replica.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) const fn key(&self) -> &DataKey {
        &self.key
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }

    /// The writer. A panic inside a transaction rolls it back, so a poisoned lock holds a sound connection.
    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads from one snapshot of the database. Writers do not wait for it, nor it for them.
    ///
    /// # Errors
    /// Those of `work`; [`StoreError::Busy`], [`StoreError::Damaged`].
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Reader<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let conn = self.take_reader()?;
        conn.execute_batch("BEGIN").map_err(StoreError::from)?;
        let outcome = work(&Reader::new(&conn));
        // a snapshot that cannot be closed is not used again
        if conn.execute_batch("ROLLBACK").is_ok() {
            self.return_reader(conn);
        }
        outcome
    }

    fn take_reader(&self) -> Result<Connection> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match kept {
            Some(conn) => Ok(conn),
            None => conn::open(&self.database(), &self.key, Access::ReadOnly),
        }
    }

    /// Closes the readers that are kept: a search index merged behind their backs would look damaged to them.
    pub(crate) fn close_readers(&self) {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn return_reader(&self, conn: Connection) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(conn);
        }
    }

    /// Who this replica is.
    ///
    /// # Errors
    /// [`StoreError::NoIdentity`], [`StoreError::Damaged`].
    pub fn identity(&self) -> Result<Identity> {
        self.read(|reader| identity::read(reader.conn())?.ok_or(StoreError::NoIdentity))
    }

    /// Records that the station certified this replica.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn set_certified(&self) -> Result<()> {
        self.writer().execute("UPDATE identity SET certified = 1, refused = NULL, predecessor_key = NULL", [])?;
        Ok(())
    }

    /// Records why the station refused this replica for good.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn set_refused(&self, code: &str) -> Result<()> {
        self.writer().execute("UPDATE identity SET refused = ?1", [code])?;
        Ok(())
    }

    /// What is known of the file.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Damaged`].
    pub fn files(&self) -> Result<FileFacts> {
        let mut bytes = std::fs::metadata(self.database())?.len();
        if let Ok(wal) = std::fs::metadata(self.folder.join(format!("{DATABASE}-wal"))) {
            bytes = bytes.saturating_add(wal.len());
        }
        let (entries, sqlcipher) = self.read(|reader| {
            let entries: i64 = reader.conn().query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?;
            let sqlcipher: String = reader.conn().query_row("PRAGMA cipher_version", [], |row| row.get(0))?;
            Ok::<_, StoreError>((entries, sqlcipher))
        })?;
        Ok(FileFacts {
            folder: self.folder.clone(),
            database_bytes: bytes,
            entries: crate::row::uint(entries),
            sqlite: rusqlite::version().to_owned(),
            sqlcipher,
        })
    }

    /// Writes the log into the file, as far as readers let it, through a connection of its own: no save waits for it. Worth
    /// calling after some saves and before the laptop is locked; a save that finds the log grown too long does it itself.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn checkpoint(&self) -> Result<()> {
        let conn = conn::open(&self.database(), &self.key, Access::ReadWrite)?;
        conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Pages of the database now, for tests of full disks.
    ///
    /// # Errors
    /// Those of the database.
    #[doc(hidden)]
    pub fn pages_for_tests(&self) -> Result<i64> {
        Ok(self.writer().query_row("PRAGMA page_count", [], |row| row.get(0))?)
    }

    /// Commits without waiting for the disk, as a store that breaks its promise would: the control of power-cut tests.
    ///
    /// # Errors
    /// Those of the database.
    #[doc(hidden)]
    pub fn sync_lazily_for_tests(&self) -> Result<()> {
        Ok(self.writer().execute_batch("PRAGMA synchronous = NORMAL")?)
    }

    /// Lets the database grow to so many pages and no further, as a full disk would.
    ///
    /// # Errors
    /// Those of the database.
    #[doc(hidden)]
    pub fn limit_pages_for_tests(&self, pages: i64) -> Result<()> {
        self.writer().query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
        Ok(())
    }
}
