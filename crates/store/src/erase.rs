//! Erasing a record on this laptop: what it said goes from the log, the views, search, drafts, the audit's reasons and what
//! was kept aside; the headers stay, because chains and receipts stand on them, and so does the tombstone. Must not decide
//! what is erased: an erase entry does, once the station took it.
//!
//! `secure_delete` overwrites what is deleted inside the file, freed pages included, so no vacuum is needed: the file keeps
//! its size and holds zeros. The search index forgets words only when its parts are merged; the write-ahead log only when it
//! is written into the file and cut. Both are done here, and again later when a reader was in the way.

use std::collections::BTreeSet;

use domain::kind::Kind;
use failpoint::{Point, reached};
use rusqlite::{Connection, OptionalExtension, params};
use sync::ids::{DocumentId, OfficerId, ReplicaId};
use sync::lane::{self, EntryHeader, EntryKind, EraseBody};
use sync::receipt::RefusalReason;

use crate::error::Result;
use crate::exchange::receipted;
use crate::row::{document_of, int, officer_of};
use crate::store::{Reader, Store};

/// Set while the write-ahead log may still hold what was erased.
pub(crate) const PENDING: &str = "erase_wal_pending";

/// What is left of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// When it was erased, device time of who did.
    pub at: i64,
    /// By whom.
    pub officer: OfficerId,
    /// Why, as a code.
    pub reason: String,
}

/// Whether a record is erased here.
pub(crate) fn is_erased(conn: &Connection, document: DocumentId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM erased WHERE document = ?1)")?
        .query_row([document.as_bytes()], |row| row.get(0))?)
}

/// The tombstone of a record.
///
/// # Errors
/// Those of the database.
pub fn tombstone(reader: &Reader<'_>, document: DocumentId) -> Result<Option<Tombstone>> {
    let found = reader
        .conn()
        .prepare_cached("SELECT at, officer, reason FROM erased WHERE document = ?1")?
        .query_row([document.as_bytes()], |row| {
            Ok(Tombstone { at: row.get(0)?, officer: officer_of(row, 1)?, reason: row.get(2)? })
        })
        .optional()?;
    Ok(found)
}

/// Records whose erasure the station took, of own entries from `first` to `last` of the lane.
pub(crate) fn accepted(
    conn: &Connection,
    replica: ReplicaId,
    first: u64,
    last: u64,
) -> Result<Vec<(EntryHeader, Vec<u8>)>> {
    let mut statement = conn.prepare_cached(
        "SELECT header, body FROM entry WHERE replica = ?1 AND lane_index BETWEEN ?2 AND ?3 AND kind = ?4 AND refused IS NULL",
    )?;
    let rows = statement
        .query_map(params![replica.as_bytes(), int(first), int(last), EntryKind::Erase.number()], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows.into_iter().filter_map(|(header, body)| Some((lane::read_header(&header).ok()?, body))).collect())
}

/// Erases a record: everything but headers and tombstone. Gives the records whose views change: this one, and those whose
/// unsent entries fall with it. Does nothing the second time.
pub(crate) fn erase(
    conn: &Connection,
    own: ReplicaId,
    header: &EntryHeader,
    body: &[u8],
) -> Result<BTreeSet<DocumentId>> {
    let document = header.document;
    let reason = EraseBody::from_body(body).map(|body| body.reason).unwrap_or_default();
    let new = conn
        .prepare_cached("INSERT OR IGNORE INTO erased (document, at, officer, reason) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![document.as_bytes(), header.device_at_ms, header.officer.as_bytes(), reason])?;
    if new == 0 {
        return Ok(BTreeSet::new());
    }
    let mut documents = set_aside_unsent(conn, own, document)?;
    documents.insert(document);
    blank_entries(conn, document)?;
    let text = document.to_string();
    conn.execute("UPDATE quarantine SET salt = zeroblob(32), body = x'' WHERE document = ?1", [document.as_bytes()])?;
    conn.execute("DELETE FROM departed WHERE document = ?1", [document.as_bytes()])?;
    conn.execute("DELETE FROM draft WHERE instr(key, ?1) OR instr(json, ?1)", [&text])?;
    crate::audit::forget_reasons(conn, document)?;
    conn.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?1, '1')", [PENDING])?;
    Ok(documents)
}

/// Own entries of the record that the station has not judged are set aside, with the rest of their acts.
fn set_aside_unsent(conn: &Connection, own: ReplicaId, document: DocumentId) -> Result<BTreeSet<DocumentId>> {
    let judged = int(receipted(conn)?);
    conn.prepare_cached(
        "UPDATE entry SET refused = ?4 WHERE document = ?1 AND replica = ?2 AND lane_index > ?3 AND refused IS NULL
            AND kind <> ?5",
    )?
    .execute(params![
        document.as_bytes(),
        own.as_bytes(),
        judged,
        RefusalReason::DocumentErased.number(),
        EntryKind::Erase.number(),
    ])?;
    let mut documents = BTreeSet::new();
    crate::exchange::follow_refused(conn, own, &mut documents)?;
    Ok(documents)
}

/// Takes salt, body, hash and actor from the changes of a record; the header's own hash names the entry from then on.
/// Moves and erasures name records and scopes only, and stay.
fn blank_entries(conn: &Connection, document: DocumentId) -> Result<()> {
    conn.prepare_cached(
        "UPDATE entry SET salt = zeroblob(32), body = x'', hash = header_hash, actor = x''
         WHERE document = ?1 AND body <> x'' AND kind NOT IN (?2, ?3)",
    )?
    .execute(params![document.as_bytes(), EntryKind::Move.number(), EntryKind::Erase.number()])?;
    conn.prepare_cached("UPDATE carried SET hash = header_hash WHERE document = ?1")?.execute([document.as_bytes()])?;
    Ok(())
}

impl Store {
    /// Finishes erasures: merges the search index so that it forgets words, then writes the log into the file and cuts it.
    /// Cheap when nothing was erased; tried again at the next call when a reader was in the way.
    ///
    /// # Errors
    /// [`crate::StoreError::DiskFull`], [`crate::StoreError::Io`], [`crate::StoreError::Busy`].
    pub fn finish_erasures(&self) -> Result<()> {
        let pending = self.read(|reader| crate::local::setting(reader, PENDING))?;
        if pending.is_none() {
            return Ok(());
        }
        self.close_readers();
        let writer = self.writer();
        writer.execute("INSERT INTO search (search) VALUES ('optimize')", [])?;
        reached(Point::ErasureMerged);
        let busy: i64 = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        reached(Point::ErasureCut);
        if busy == 0 {
            writer.execute("DELETE FROM setting WHERE key = ?1", [PENDING])?;
        }
        Ok(())
    }
}

/// A record that an erasure takes along, or one that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The record.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// How lists call it.
    pub title: String,
}

/// What an erasure of a record means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasing {
    /// What goes, the record first: a person's residences, a household's residences and visits.
    pub goes: Vec<Line>,
    /// Records of their own that go on naming it in words: they can be erased by themselves.
    pub named_in: Vec<Line>,
}

const GOES: &str = "
    SELECT d.id, d.kind, d.title FROM document d WHERE d.id = ?1
    UNION ALL SELECT d.id, d.kind, d.title FROM residence m JOIN document d ON d.id = m.id WHERE m.resident = ?1
    UNION ALL SELECT d.id, d.kind, d.title FROM residence m JOIN document d ON d.id = m.id WHERE m.household = ?1
    UNION ALL SELECT d.id, d.kind, d.title FROM visit v JOIN document d ON d.id = v.id WHERE v.household = ?1";
const NAMED_IN: &str = "
    SELECT d.id, d.kind, d.title FROM household h JOIN document d ON d.id = h.id
        WHERE h.head = ?1 AND h.own_head_name IS NOT NULL
    UNION SELECT d.id, d.kind, d.title FROM dispute_party p JOIN document d ON d.id = p.dispute WHERE p.resident = ?1";

/// Works out an erasure.
///
/// # Errors
/// Those of the database.
pub fn erasing(reader: &Reader<'_>, document: DocumentId) -> Result<Erasing> {
    Ok(Erasing { goes: lines(reader.conn(), GOES, document)?, named_in: lines(reader.conn(), NAMED_IN, document)? })
}

fn lines(conn: &Connection, sql: &str, document: DocumentId) -> Result<Vec<Line>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([document.to_string()])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(kind) = Kind::parse(&row.get::<_, String>(1)?) else { continue };
        lines.push(Line { document: crate::row::document(&row.get::<_, String>(0)?)?, kind, title: row.get(2)? });
    }
    Ok(lines)
}

/// Erased records, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(reader: &Reader<'_>, limit: u32) -> Result<Vec<(DocumentId, Tombstone)>> {
    let mut statement =
        reader.conn().prepare_cached("SELECT document, at, officer, reason FROM erased ORDER BY at DESC LIMIT ?1")?;
    let rows = statement.query_map([limit], |row| {
        Ok((document_of(row, 0)?, Tombstone { at: row.get(1)?, officer: officer_of(row, 2)?, reason: row.get(3)? }))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
