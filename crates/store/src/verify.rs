//! Checking the data for its owner: every body against its hash, the chains, the file, the views. Damage is named, views are
//! mended from the log, nothing is deleted. Must not touch truth.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::Connection;
use sync::ids::ReplicaId;
use sync::lane::{self, EntryKind};

use crate::conn::{self, Access};
use crate::error::{Result, StoreError};
use crate::rebuild::{Commits, Progress, rebuild};
use crate::replica::DATABASE;
use crate::row::{Bytes, hash_of, replica_of, sync_hash_of, uint};
use crate::store::Store;
use crate::{audit, check, identity};

/// Entries between two reports of progress.
const REPORT_EVERY: u64 = 1_000;
/// The folder of the copy, inside the replica's; as encrypted as the original.
const COPY: &str = "check.part";

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
    /// Checks everything and mends the views. The views are made again in a copy beside the database, so that work goes on
    /// meanwhile; only where they differ are they made again in place.
    ///
    /// # Errors
    /// [`StoreError::Cancelled`], [`StoreError::Damaged`] when the file cannot be read to its end, [`StoreError::DiskFull`].
    pub fn verify(&self, progress: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<Checked> {
        // the cipher's check reads the file alone: a page that a power cut tore in a checkpoint is whole in the log only
        self.checkpoint()?;
        // a connection of its own: one that has searched before keeps the shape of the index it saw then, and would call
        // what others wrote since a damage
        let integrity_ok = file_is_sound(&conn::open(&self.database(), self.key(), Access::ReadOnly)?)?;
        let mut checked = self.read(|reader| {
            let conn = reader.conn();
            let mut checked = Checked { integrity_ok, ..Checked::default() };
            entries(conn, &mut checked, progress)?;
            checked.broken_audit = audit::broken(conn)?;
            Ok::<_, StoreError>(checked)
        })?;
        let folder = self.folder().join(COPY);
        remove(&folder)?;
        std::fs::create_dir(&folder)?;
        let outcome = self.compare(&folder.join(DATABASE), &mut checked, progress);
        remove(&folder)?;
        outcome?;
        if checked.differences > 0 {
            self.rebuild(progress)?;
        }
        Ok(checked)
    }

    fn compare(
        &self,
        copy: &Path,
        checked: &mut Checked,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<()> {
        self.copy_to(copy)?;
        let conn = conn::open(copy, self.key(), Access::ReadWrite)?;
        // nobody needs this copy after a power cut
        conn.execute_batch("PRAGMA synchronous = OFF; BEGIN IMMEDIATE")?;
        let mut rows: HashMap<u64, i64> = HashMap::new();
        check::each_digest(&conn, &mut |digest| *rows.entry(digest).or_default() += 1)?;
        checked.documents = rebuild(&conn, Commits::AsItGoes, progress)?.documents;
        let mut made = 0_u64;
        check::each_digest(&conn, &mut |digest| {
            made = made.saturating_add(1);
            *rows.entry(digest).or_default() -= 1;
        })?;
        conn.execute_batch("COMMIT")?;
        checked.rows = made;
        checked.differences = rows.values().map(|count| count.unsigned_abs()).sum();
        Ok(())
    }
}

fn remove(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn file_is_sound(conn: &Connection) -> Result<bool> {
    let plain: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let mut statement = conn.prepare("PRAGMA cipher_integrity_check")?;
    let pages_bad = statement.query([])?.next()?.is_some();
    Ok(plain == "ok" && !pages_bad)
}

fn entries(
    conn: &Connection,
    checked: &mut Checked,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<()> {
    let total = uint(conn.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?);
    let own = identity::read(conn)?.map(|identity| identity.replica);
    let mut statement = conn.prepare(
        "SELECT replica, lane_index, kind, header, salt, body, hash, header_hash FROM entry ORDER BY replica, lane_index",
    )?;
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
            // lanes of others have gaps here, and branches where a disk was copied: the logs they came in vouch for them
            (chained || own != Some(replica)) && header.index == index
        });
        let fits = fits && sync_hash_of(row, 7)? == here;
        let kind = EntryKind::from_number(row.get(2)?);
        if !fits || !body_fits(&header_bytes, row, kind)? {
            checked.bad_entries.push((replica, index));
        }
        before = Some((replica, index, here));
        checked.entries = checked.entries.saturating_add(1);
        if checked.entries.is_multiple_of(REPORT_EVERY)
            && progress(Progress { done: checked.entries, total }).is_break()
        {
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
    // erased: the header stands for itself
    if body.is_empty() {
        return Ok(lane::header_hash(header_bytes).0 == hash);
    }
    let named = match kind {
        EntryKind::Change | EntryKind::Decision => sync::change::check(&body).is_ok_and(|facts| facts.hash.0 == hash),
        EntryKind::Move | EntryKind::Freeze | EntryKind::Erase | EntryKind::Other(_) => {
            lane::header_hash(header_bytes).0 == hash
        }
    };
    Ok(named && lane::commitment(&salt, &body) == header.commitment)
}
