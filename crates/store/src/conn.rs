//! Opening SQLCipher files: key, settings, checks. Must not know tables beyond asking whether there are any.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::error::{Result, StoreError};
use crate::keys::DataKey;
use crate::schema;

/// The oldest SQLite whose WAL recovery is trusted (design: versions).
const SQLITE_MIN: i32 = 3_051_003;
/// How long a connection waits for another one's lock.
const BUSY: Duration = Duration::from_secs(10);
/// Statements kept ready on a connection; the write path uses about eighty.
const STATEMENTS: usize = 160;
/// Page cache of the writer, KiB.
const WRITER_CACHE_KIB: u32 = 32 * 1024;
/// Page cache of a reader, KiB.
const READER_CACHE_KIB: u32 = 8 * 1024;

/// Page cache of the writer while all views are made anew, KiB: whole tables are gone over, each page is deciphered and
/// checked whenever it comes back, and nothing else runs meanwhile.
const REBUILD_CACHE_KIB: u32 = 96 * 1024;

/// Pages of the log at which a save writes them into the file itself: only when nothing did so between saves. 64 MiB.
const LOG_PAGES_MAX: u32 = 16_384;

/// Gives the writer more cache for a rebuild.
pub(crate) fn widen_cache(writer: &Connection) -> Result<()> {
    Ok(writer.execute_batch(&format!("PRAGMA cache_size = -{REBUILD_CACHE_KIB};"))?)
}

/// Takes it back, and gives the memory back to the system.
pub(crate) fn narrow_cache(writer: &Connection) -> Result<()> {
    Ok(writer.execute_batch(&format!("PRAGMA cache_size = -{WRITER_CACHE_KIB}; PRAGMA shrink_memory;"))?)
}

/// Whether the file may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// A new file; must not exist.
    Create,
    /// An existing file.
    ReadWrite,
    /// An existing file, never written through this connection.
    ReadOnly,
}

/// Opens a file of ours.
pub(crate) fn open(path: &Path, key: &DataKey, access: Access) -> Result<Connection> {
    let found = rusqlite::version_number();
    if found < SQLITE_MIN {
        return Err(StoreError::SqliteTooOld { found });
    }
    let there = path.try_exists()?;
    match access {
        Access::Create if there => return Err(StoreError::AlreadyExists),
        Access::ReadWrite | Access::ReadOnly if !there => return Err(StoreError::Missing),
        Access::ReadWrite | Access::ReadOnly if std::fs::metadata(path)?.len() == 0 => return Err(StoreError::Damaged),
        Access::Create | Access::ReadWrite | Access::ReadOnly => {}
    }
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
        | match access {
            Access::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            Access::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Access::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
    let conn = Connection::open_with_flags(path, flags)?;
    unlock(&conn, key)?;
    settle(&conn, access)?;
    Ok(conn)
}

/// Gives the key. The text is wiped here; SQLite wipes its own copy when the connection closes.
fn unlock(conn: &Connection, key: &DataKey) -> Result<()> {
    conn.busy_timeout(BUSY)?;
    // SQLCipher tells every failed page to stderr otherwise; what fails reaches the caller as an error
    conn.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    conn.execute_batch(&Zeroizing::new(format!("PRAGMA key = \"x'{}'\";", key.hex().as_str())))?;
    Ok(())
}

fn settle(conn: &Connection, access: Access) -> Result<()> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // the first read proves the key
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if access != Access::Create {
        let id: i32 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        if tables == 0 || id != schema::APPLICATION_ID {
            return Err(StoreError::NotOurFile);
        }
    }
    let cache = match access {
        Access::Create | Access::ReadWrite => WRITER_CACHE_KIB,
        Access::ReadOnly => READER_CACHE_KIB,
    };
    conn.execute_batch(&format!(
        "PRAGMA cache_size = -{cache}; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
    ))?;
    match access {
        Access::ReadOnly => conn.execute_batch("PRAGMA query_only = ON;")?,
        Access::Create | Access::ReadWrite => {
            conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0))?;
            conn.execute_batch(&format!(
                "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
                 PRAGMA wal_autocheckpoint = {LOG_PAGES_MAX}; PRAGMA journal_size_limit = 67108864;",
            ))?;
        }
    }
    Ok(())
}
