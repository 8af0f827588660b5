//! The station's database file: opening with the key, pragmas, schema versions. Must not know what the tables mean.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::StepResult;
use rusqlite::ffi::SQLITE_BUSY;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::key::{self, DatabaseKey};

/// Name of the database in the station's folder.
pub const DATABASE_FILE: &str = "station.db";

/// `FQST`: tells a station's database from any other.
const APPLICATION_ID: i32 = 0x4651_5354;

/// How long a writer waits for another process (server and CLI) to finish its transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);

/// Schema steps in order; a database at version n has the first n. Steps only add.
const STEPS: [&str; 1] = [include_str!("db/schema_1.sql")];

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// There is a database already.
    #[error("{path} exists already")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// There is none.
    #[error("no station in this folder: {path} is missing")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The key does not open the file, or the file is damaged; these cannot be told apart.
    #[error("the key does not open {path}, or the file is damaged")]
    WrongKeyOrDamaged {
        /// The file.
        path: PathBuf,
    },
    /// Some other program's database.
    #[error("{path} is not a station's database")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Written by a newer version of the station.
    #[error("database of version {found}, this program knows {known}")]
    Newer {
        /// Its version.
        found: usize,
        /// The newest known.
        known: usize,
    },
    /// The folder could not be made or written.
    #[error("folder of the station: {0}")]
    Folder(#[from] std::io::Error),
    /// SQLite failed.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
}

/// Makes a new, empty, encrypted database in `dir`.
pub(crate) fn create(dir: &Path, key: &DatabaseKey) -> Result<Connection, OpenFault> {
    let path = dir.join(DATABASE_FILE);
    match key::create_private(&path) {
        Ok(_) => {}
        Err(fault) if fault.kind() == std::io::ErrorKind::AlreadyExists => return Err(OpenFault::Exists { path }),
        Err(fault) => return Err(fault.into()),
    }
    let mut connection = connect(&path, key)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    upgrade(&mut connection)?;
    key::sync_folder(dir)?;
    Ok(connection)
}

/// Opens the database in `dir`.
pub(crate) fn open(dir: &Path, key: &DatabaseKey) -> Result<Connection, OpenFault> {
    open_file(&dir.join(DATABASE_FILE), key)
}

/// Opens a station's database under whatever name.
pub(crate) fn open_file(path: &Path, key: &DatabaseKey) -> Result<Connection, OpenFault> {
    if !path.is_file() {
        return Err(OpenFault::Missing { path: path.to_owned() });
    }
    let mut connection = connect(path, key)?;
    check_ours(&connection, path)?;
    upgrade(&mut connection)?;
    Ok(connection)
}

/// Opens a copy of a database to look at it; nothing is brought up to date.
pub(crate) fn open_copy(path: &Path, key: &DatabaseKey) -> Result<Connection, OpenFault> {
    let connection = unlock(path, key)?;
    check_ours(&connection, path)?;
    Ok(connection)
}

/// Copies a database as it is at one moment into the new file `path`, under the same key, and opens the copy. Writers of
/// the source go on meanwhile. The copy need not be durable: it only counts after it was read back elsewhere.
pub(crate) fn copy(source: &Connection, path: &Path, key: &DatabaseKey) -> Result<Connection, OpenFault> {
    key::create_private(path)?;
    let mut copy = unlock(path, key)?;
    copy.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;")?;
    let backup = rusqlite::backup::Backup::new(source, &mut copy)?;
    if backup.step(-1)? != StepResult::Done {
        // All pages at once are either there or not; what is left is a lock that was not had in time.
        return Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(SQLITE_BUSY), None).into());
    }
    drop(backup);
    Ok(copy)
}

fn check_ours(connection: &Connection, path: &Path) -> Result<(), OpenFault> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if id == APPLICATION_ID { Ok(()) } else { Err(OpenFault::Foreign { path: path.to_owned() }) }
}

fn connect(path: &Path, key: &DatabaseKey) -> Result<Connection, OpenFault> {
    let connection = unlock(path, key)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;",
    )?;
    Ok(connection)
}

fn unlock(path: &Path, key: &DatabaseKey) -> Result<Connection, OpenFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch(&key.pragma())?;
    match connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0)) {
        Ok(_) => {}
        Err(rusqlite::Error::SqliteFailure(fault, _)) if fault.code == ErrorCode::NotADatabase => {
            return Err(OpenFault::WrongKeyOrDamaged { path: path.to_owned() });
        }
        Err(fault) => return Err(fault.into()),
    }
    Ok(connection)
}

fn upgrade(connection: &mut Connection) -> Result<(), OpenFault> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let found = usize::try_from(version).unwrap_or(usize::MAX);
    if found > STEPS.len() {
        return Err(OpenFault::Newer { found, known: STEPS.len() });
    }
    for step in STEPS.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    if found < STEPS.len() {
        transaction.pragma_update(None, "user_version", i64::try_from(STEPS.len()).unwrap_or_default())?;
    }
    transaction.commit()?;
    Ok(())
}
