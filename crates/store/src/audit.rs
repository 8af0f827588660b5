//! The audit: who did or saw what, chained by hash so that a row taken out or changed is noticed. Must not decide what is audited.

use rusqlite::{Connection, OptionalExtension, params};
use sync::crypto;
use sync::ids::{DocumentId, OfficerId};

use crate::error::Result;
use crate::row::{Bytes, hash_of, int, officer_of, uint};
use crate::store::Reader;
use crate::write::AuditNote;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Number in the chain, from 1.
    pub number: u64,
    /// Device time, UTC milliseconds.
    pub at: i64,
    /// Who.
    pub officer: OfficerId,
    /// Code of the action.
    pub action: String,
    /// Record.
    pub document: Option<DocumentId>,
    /// Key.
    pub field: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// The keyed hash of a reason.
fn reason_hash(key: &[u8; 32], reason: &str) -> [u8; 32] {
    crypto::keyed_hash(key, "fengqiao audit reason 1", reason.as_bytes()).0
}

/// The hash of a row over the one before it. The reason stands in it as its keyed hash, so that it can be erased.
fn row_hash(previous: &[u8; 32], row: &AuditRow, reason: Option<&[u8; 32]>) -> [u8; 32] {
    let flag = |text: Option<&str>| if text.is_some() { [1_u8] } else { [0] };
    crypto::hash(
        "fengqiao audit 1",
        &[
            previous,
            &row.number.to_be_bytes(),
            &row.at.to_be_bytes(),
            row.officer.as_bytes(),
            row.action.as_bytes(),
            row.document.as_ref().map_or(&[][..], |document| document.as_bytes()),
            &flag(row.field.as_deref()),
            row.field.as_deref().unwrap_or_default().as_bytes(),
            reason.map_or(&[][..], |hash| hash.as_slice()),
        ],
    )
    .0
}

pub(crate) fn append(conn: &Connection, officer: OfficerId, now_ms: i64, note: &AuditNote) -> Result<()> {
    let last = conn
        .prepare_cached("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")?
        .query_row([], |row| Ok((uint(row.get(0)?), hash_of(row, 1)?)))
        .optional()?;
    let (number, previous) = last.map_or((1, [0; 32]), |(number, hash)| (number.saturating_add(1), hash));
    let row = AuditRow {
        number,
        at: now_ms,
        officer,
        action: note.action.as_str().to_owned(),
        document: note.document,
        field: note.field.clone(),
        reason: note.reason.clone(),
    };
    let key = row.reason.is_some().then(|| fresh_key(conn)).transpose()?;
    let covered = key.as_ref().zip(row.reason.as_deref()).map(|(key, reason)| reason_hash(key, reason));
    conn.prepare_cached(
        "INSERT INTO audit (number, at, officer, action, document, field, reason, previous, hash, reason_key, reason_hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        int(row.number),
        row.at,
        row.officer.as_bytes(),
        row.action,
        row.document.as_ref().map(DocumentId::as_bytes),
        row.field,
        row.reason,
        previous,
        row_hash(&previous, &row, covered.as_ref()),
        key,
        covered,
    ])?;
    Ok(())
}

/// A key for one reason, from SQLite's random source: a line of the audit has no other.
fn fresh_key(conn: &Connection) -> Result<[u8; 32]> {
    Ok(conn.prepare_cached("SELECT randomblob(32)")?.query_row([], |row| hash_of(row, 0))?)
}

/// Takes the reasons from the lines about a record; the chain holds without them.
pub(crate) fn forget_reasons(conn: &Connection, document: DocumentId) -> Result<()> {
    conn.execute("UPDATE audit SET reason = NULL, reason_key = NULL WHERE document = ?1", [document.as_bytes()])?;
    Ok(())
}

const COLUMNS: &str = "number, at, officer, action, document, field, reason";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<AuditRow> {
    Ok(AuditRow {
        number: uint(row.get(0)?),
        at: row.get(1)?,
        officer: officer_of(row, 2)?,
        action: row.get(3)?,
        document: row.get::<_, Option<Bytes<16>>>(4)?.map(|id| DocumentId::from_bytes(id.0)),
        field: row.get(5)?,
        reason: row.get(6)?,
    })
}

/// A page of the audit, newest first: rows before number `before`.
///
/// # Errors
/// Those of the database.
pub fn page(reader: &Reader<'_>, before: Option<u64>, limit: u32) -> Result<Vec<AuditRow>> {
    let mut statement = reader
        .conn()
        .prepare_cached(&format!("SELECT {COLUMNS} FROM audit WHERE number < ?1 ORDER BY number DESC LIMIT ?2"))?;
    let rows = statement.query_map(params![before.map_or(i64::MAX, int), limit], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Numbers of rows whose hash is not what the chain says.
pub(crate) fn broken(conn: &Connection) -> Result<Vec<u64>> {
    let mut statement =
        conn.prepare(&format!("SELECT {COLUMNS}, previous, hash, reason_key, reason_hash FROM audit ORDER BY number"))?;
    let mut rows = statement.query([])?;
    let (mut expected, mut previous) = (1, [0; 32]);
    let mut broken = Vec::new();
    while let Some(found) = rows.next()? {
        let row = read(found)?;
        let (said, hash) = (hash_of(found, 7)?, hash_of(found, 8)?);
        let key: Option<Bytes<32>> = found.get(9)?;
        let covered: Option<[u8; 32]> = found.get::<_, Option<Bytes<32>>>(10)?.map(|hash| hash.0);
        let reason_fits = match (&row.reason, key) {
            (Some(reason), Some(key)) => covered == Some(reason_hash(&key.0, reason)),
            (Some(_), None) => false,
            (None, Some(_) | None) => true,
        };
        if row.number != expected
            || said != previous
            || !reason_fits
            || hash != row_hash(&previous, &row, covered.as_ref())
        {
            broken.push(row.number);
        }
        expected = row.number.saturating_add(1);
        previous = hash;
    }
    Ok(broken)
}
