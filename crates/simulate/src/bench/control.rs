//! The control of a save: a bare one-row INSERT and COMMIT on an equally encrypted file with equal durability, on the same
//! disk in the same run. What a save costs beyond it is ours.

use std::path::Path;
use std::time::Instant;

use rusqlite::Connection;

use crate::SimulateError;

/// The control file.
pub(super) struct Control {
    conn: Connection,
}

impl Control {
    /// A fresh file with the settings of a replica's database.
    pub(super) fn open(path: &Path) -> Result<Self, SimulateError> {
        let conn = Connection::open(path)?;
        conn.execute_batch(&format!("PRAGMA key = \"x'{}'\";", "5a".repeat(32)))?;
        conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0))?;
        conn.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
             PRAGMA wal_autocheckpoint = 16384; PRAGMA journal_size_limit = 67108864;
             CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT NOT NULL);",
        )?;
        Ok(Self { conn })
    }

    /// One row, durable; milliseconds.
    pub(super) fn once(&self) -> Result<f64, SimulateError> {
        let began = Instant::now();
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        self.conn.prepare_cached("INSERT INTO row (text) VALUES (?1)")?.execute(["一户一条记事，约二十个字左右"])?;
        self.conn.execute_batch("COMMIT")?;
        Ok(began.elapsed().as_secs_f64() * 1_000.0)
    }
}
