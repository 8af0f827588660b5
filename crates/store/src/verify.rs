//! Checking the data for its owner: every body against its hash, the chains, the file, the views. Damage is named, views are
//! mended from the log, nothing is deleted. Must not touch truth.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;

use rusqlite::Connection;
use sync::ids::ReplicaId;
use sync::lane::{self, EntryKind};

use crate::error::{Result, StoreError};
use crate::rebuild::{Commits, Progress, rebuild};
use crate::row::{Bytes, hash_of, replica_of, uint};
use crate::store::Store;
use crate::{audit, check};

/// Entries between two reports of progress.
const REPORT_EVERY: u64 = 1_000;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// Entries read and compared with their hashes.
    pub entries: u64,
    /// Entries whose bytes are not what their header or hash says: replica and lane index.
    pub bad_entries: Vec<(ReplicaId, u64)>,
    /// Records made again.
    pub documents: u64,
    /// View rows compared.
    pub rows: u64,
    /// View rows that differed; they were made again.
    pub differences: u64,
    /// Audit rows that do not fit the chain, by number.
    pub broken_audit: Vec<u64>,
    /// The database file passed its own checks.
    pub integrity_ok: bool,
}

impl Store {
    /// Checks everything and mends the views. Takes seconds for a big database.
    ///
    /// # Errors
    /// [`StoreError::Cancelled`], [`StoreError::Damaged`] when the file cannot be read to its end, [`StoreError::DiskFull`].
    pub fn verify(&self, progress: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<Checked> {
        let mut checked = self.read(|reader| {
            let conn = reader.conn();
            let mut checked = Checked { integrity_ok: file_is_sound(conn)?, ..Checked::default() };
            entries(conn, &mut checked, progress)?;
            checked.broken_audit = audit::broken(conn)?;
            Ok::<_, StoreError>(checked)
        })?;
        self.mend(&mut checked, progress)?;
        Ok(checked)
    }

    fn mend(&self, checked: &mut Checked, progress: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<()> {
        let mut writer = self.writer();
        let transaction = crate::write::begin(&mut writer)?;
        // sixteen bytes a row instead of the rows themselves
        let mut rows: HashMap<u64, i64> = HashMap::new();
        check::each_row(&transaction, &mut |line| *rows.entry(digest(&line)).or_default() += 1)?;
        checked.documents = rebuild(&transaction, Commits::Never, progress)?.documents;
        let mut made = 0_u64;
        check::each_row(&transaction, &mut |line| {
            made = made.saturating_add(1);
            *rows.entry(digest(&line)).or_default() -= 1;
        })?;
        checked.rows = made;
        checked.differences = rows.values().map(|count| count.unsigned_abs()).sum();
        if checked.differences == 0 { transaction.rollback()? } else { transaction.commit()? }
        Ok(())
    }
}

fn digest(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}

fn file_is_sound(conn: &Connection) -> Result<bool> {
    let plain: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let mut statement = conn.prepare("PRAGMA cipher_integrity_check")?;
    let pages_bad = statement.query([])?.next()?.is_some();
    Ok(plain == "ok" && !pages_bad)
}

fn entries(conn: &Connection, checked: &mut Checked, progress: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<()> {
    let total = uint(conn.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?);
    let mut statement =
        conn.prepare("SELECT replica, lane_index, kind, header, salt, body, hash FROM entry ORDER BY replica, lane_index")?;
    let mut rows = statement.query([])?;
    let mut before: Option<(ReplicaId, u64, sync::ids::Hash)> = None;
    while let Some(row) = rows.next()? {
        let (replica, index) = (replica_of(row, 0)?, uint(row.get(1)?));
        let header_bytes: Vec<u8> = row.get(3)?;
        let here = lane::header_hash(&header_bytes);
        let fits = lane::read_header(&header_bytes).is_ok_and(|header| {
            let chained = match before {
                Some((known, last, hash)) if known == replica && last.saturating_add(1) == index => header.prev == hash,
                Some(_) | None => true,
            };
            chained && header.index == index
        });
        let kind = EntryKind::from_number(row.get(2)?);
        if !fits || !body_fits(&header_bytes, row, kind)? {
            checked.bad_entries.push((replica, index));
        }
        before = Some((replica, index, here));
        checked.entries = checked.entries.saturating_add(1);
        if checked.entries.is_multiple_of(REPORT_EVERY) && progress(Progress { done: checked.entries, total }).is_break() {
            return Err(StoreError::Cancelled);
        }
    }
    Ok(())
}

fn body_fits(header_bytes: &[u8], row: &rusqlite::Row<'_>, kind: EntryKind) -> Result<bool> {
    let salt = row.get::<_, Bytes<32>>(4)?.0;
    let body: Vec<u8> = row.get(5)?;
    let hash = hash_of(row, 6)?;
    let Ok(header) = lane::read_header(header_bytes) else { return Ok(false) };
    let named = match kind {
        EntryKind::Change | EntryKind::Decision => sync::change::check(&body).is_ok_and(|facts| facts.hash.0 == hash),
        EntryKind::Move | EntryKind::Freeze | EntryKind::Erase | EntryKind::Other(_) => {
            lane::header_hash(header_bytes).0 == hash
        }
    };
    Ok(named && lane::commitment(&salt, &body) == header.commitment)
}
