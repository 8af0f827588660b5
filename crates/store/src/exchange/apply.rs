//! An answer of the station into the database: receipts, entries of others, cursors, directory; one transaction.
//! Must not judge fields.

use std::collections::BTreeSet;

use documents::ChangeHash;
use failpoint::{Point, reached};
use rusqlite::{Connection, OptionalExtension, params};
use sync::crypto::Verified;
use sync::ids::{DocumentId, ReplicaId, ScopeId, StationId};
use sync::known::Known;
use sync::lane::{self, Entry, EntryHeader, EntryKind};
use sync::laptop::Batch;
use sync::receipt::Receipt;
use sync::scope_log::{EntryFault, PulledContent, PulledEntry, VerifiedPage};

use super::load::{put_directory, receipted};
use super::{Applied, earlier, refuse};
use crate::erase;
use crate::error::{Result, StoreError};
use crate::identity::{self, Identity};
use crate::project::{self, Before, Touched};
use crate::row::{hash_of, int};
use crate::store::Store;
use crate::succession::put_carried;
use crate::tag::Tag;
use crate::write::{NewEntry, begin, insert_entry, moved};

impl Store {
    /// Stores what one answer brought, in one transaction or not at all. Entries that are here already are kept once; a bad
    /// one is kept aside with its reason and blocks nothing; what waits for another change is shown once that has come.
    ///
    /// # Errors
    /// [`StoreError::NoIdentity`], [`StoreError::DiskFull`], [`StoreError::Io`], [`StoreError::Busy`].
    pub fn apply(&self, batch: &Batch, now_ms: i64) -> Result<Applied> {
        self.apply_heard(batch, Some(now_ms), now_ms)
    }

    /// As [`Store::apply`], of an answer that was carried here: `heard_at_ms` is the laptop's clock when the station's was
    /// what the answer says, as far as can be told; nothing when the station was heard after that.
    ///
    /// # Errors
    /// As [`Store::apply`].
    pub fn apply_heard(&self, batch: &Batch, heard_at_ms: Option<i64>, now_ms: i64) -> Result<Applied> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let identity = identity::read(&transaction)?.ok_or(StoreError::NoIdentity)?;
        let mut work = Work::new(&transaction, &identity, self.known(), now_ms);
        if let Some(directory) = &batch.directory {
            put_directory(&transaction, directory.value().version, directory.signed(), now_ms)?;
            work.applied.changed.insert(Tag::Session);
        }
        for receipt in &batch.receipts {
            work.receipt(receipt)?;
        }
        for page in &batch.pages {
            work.page(page)?;
        }
        for piece in &batch.earlier {
            work.earlier(piece)?;
        }
        for scope in &batch.begin_again {
            work.begin_again(scope)?;
        }
        work.station(batch, heard_at_ms)?;
        work.project()?;
        let applied = work.applied;
        reached(Point::IncomingWritten);
        transaction.commit()?;
        drop(writer);
        reached(Point::IncomingCommitted);
        self.finish_erasures()?;
        Ok(applied)
    }
}

/// A move of this lane: its document, its hash, the records it names.
type OwnMove = (DocumentId, [u8; 32], Vec<DocumentId>);

/// An answer on its way into the database.
pub(super) struct Work<'a> {
    pub(super) conn: &'a Connection,
    pub(super) replica: ReplicaId,
    pub(super) station: StationId,
    known: &'a Known,
    now_ms: i64,
    pub(super) applied: Applied,
    pub(super) documents: BTreeSet<DocumentId>,
}

impl<'a> Work<'a> {
    pub(super) fn new(conn: &'a Connection, identity: &Identity, known: &'a Known, now_ms: i64) -> Self {
        let (replica, station) = (identity.replica, identity.station);
        Self { conn, replica, station, known, now_ms, applied: Applied::default(), documents: BTreeSet::new() }
    }

    /// A station that was restored cuts its frames anew: what it says now replaces what it said of the same entries before.
    fn receipt(&mut self, receipt: &Verified<Receipt>) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM receipt WHERE first_index >= ?1")?.execute([int(receipt.first)])?;
        let covered = receipted(self.conn)?.max(receipt.first.saturating_sub(1));
        let fresh = int(receipt.last().saturating_sub(covered));
        let refused = i64::try_from(receipt.refusals.len()).unwrap_or(i64::MAX);
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO receipt (first_index, last_index, epoch, station_at, received_at, refused, accepted, lane_hash, signed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                int(receipt.first),
                int(receipt.last()),
                receipt.epoch,
                receipt.station_at_ms,
                self.now_ms,
                refused,
                fresh.saturating_sub(refused).max(0),
                receipt.head.hash.as_bytes(),
                receipt.signed().to_bytes(),
            ])?;
        self.documents.extend(refuse::receipt(self.conn, self.replica, receipt)?);
        self.applied.received = self.applied.received.saturating_add(receipt.accepted_count());
        let refused = u64::try_from(receipt.refusals.len()).unwrap_or(u64::MAX);
        self.applied.set_aside = self.applied.set_aside.saturating_add(refused);
        Ok(())
    }

    /// Nothing of a page is taken that names own entries which are not in this lane: this disk was copied, and a cursor
    /// beyond what the other copy wrote would lose it here for good.
    fn page(&mut self, page: &VerifiedPage) -> Result<()> {
        let Some(moves) = self.own_moves(page)? else {
            self.applied.foreign = self.applied.foreign.saturating_add(1);
            return Ok(());
        };
        for (document, hash, documents) in moves {
            self.taken(document, &hash, documents)?;
        }
        self.documents.extend(refuse::logged(self.conn, self.replica, page)?);
        self.rewind(page)?;
        self.place(page)?;
        let tables: &[&str] = if page.entries().is_empty() { &["cursor"] } else { &["cursor", "checkpoint"] };
        self.mark(page, tables)
    }

    /// Stores the entries of a page and their places in the log.
    pub(super) fn place(&mut self, page: &VerifiedPage) -> Result<()> {
        for pulled in page.entries() {
            let (index, aside) = self.pulled(page.scope(), pulled)?;
            self.conn
                .prepare_cached(
                    "INSERT OR REPLACE INTO log (scope, seq, replica, lane_index, header_hash, aside)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    page.scope().as_str(),
                    int(pulled.seq),
                    pulled.replica.as_bytes(),
                    int(index),
                    pulled.header_hash.as_bytes(),
                    aside
                ])?;
        }
        Ok(())
    }

    /// The own moves a page names; nothing when it names own entries that are not in this lane.
    pub(super) fn own_moves(&self, page: &VerifiedPage) -> Result<Option<Vec<OwnMove>>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT header, CASE WHEN kind = 3 THEN body END FROM entry WHERE replica = ?1 AND lane_index = ?2",
        )?;
        let mut moves = Vec::new();
        for pulled in page.entries() {
            let PulledContent::Own { index } = pulled.content else { continue };
            let found: Option<(Vec<u8>, Option<Vec<u8>>)> = statement
                .query_row(params![self.replica.as_bytes(), int(index)], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((header, body)) = found.filter(|(header, _)| lane::header_hash(header) == pulled.header_hash)
            else {
                return Ok(None);
            };
            if let (Some(body), Ok(header)) = (body, lane::read_header(&header)) {
                moves.push((header.document, pulled.header_hash.0, moved(header.kind, &body)));
            }
        }
        Ok(Some(moves))
    }

    /// Where the records a move names are follows from what the station took: they are looked at again.
    pub(super) fn taken(&mut self, document: DocumentId, hash: &[u8; 32], documents: Vec<DocumentId>) -> Result<()> {
        for named in documents {
            self.conn
                .prepare_cached(
                    "UPDATE movement SET taken = 1
                     WHERE document = ?1 AND entry = (SELECT id FROM entry WHERE document = ?2 AND hash = ?3)",
                )?
                .execute(params![named.as_bytes(), document.as_bytes(), hash])?;
            self.documents.insert(named);
        }
        Ok(())
    }

    /// A page that begins before the cursor comes from a station that was restored: its log goes another way from there.
    fn rewind(&self, page: &VerifiedPage) -> Result<()> {
        let scope = page.scope().as_str();
        let held: Option<i64> = self
            .conn
            .prepare_cached("SELECT seq FROM cursor WHERE scope = ?1")?
            .query_row([scope], |row| row.get(0))
            .optional()?;
        let from = int(page.from().seq);
        if held.is_some_and(|held| held > from) {
            for table in ["log", "checkpoint"] {
                self.conn
                    .prepare_cached(&format!("DELETE FROM {table} WHERE scope = ?1 AND seq > ?2"))?
                    .execute(params![scope, from])?;
            }
            earlier::rewind(self.conn, page)?;
        }
        Ok(())
    }

    /// Stores one entry; gives its index in its lane, and where it is kept aside, if it is.
    pub(super) fn pulled(&mut self, scope: &ScopeId, pulled: &PulledEntry) -> Result<(u64, Option<i64>)> {
        let index = pulled.header.as_ref().map_or(0, |header| header.index);
        let aside = match (&pulled.content, &pulled.header) {
            (PulledContent::Own { index }, _) => return Ok((*index, None)),
            (PulledContent::Sent { index }, _) => return Ok((*index, earlier::aside(self.conn, pulled)?)),
            (PulledContent::Change { .. }, Some(header)) if erase::is_erased(self.conn, header.document)? => {
                self.header_only(pulled, header)?
            }
            (PulledContent::Change { entry, facts }, Some(header)) => match wrong_document(header, entry) {
                Some(reason) => Some(self.keep_aside(scope, pulled, entry, reason)?),
                None => {
                    let new = new(pulled.replica, header, entry, &facts.hash.0, &facts.actor.0);
                    self.change(pulled, &new)?
                }
            },
            (PulledContent::Control { entry }, Some(header)) if !self.known.reads(header.kind) => {
                Some(self.keep_aside(scope, pulled, entry, fault_code(EntryFault::Control))?)
            }
            (PulledContent::Control { entry }, Some(header)) => {
                // a copy of a disk carries over the same control under another header
                let hash = self.same_control(header, entry)?.unwrap_or(pulled.header_hash.0);
                let aside = self.change(pulled, &new(pulled.replica, header, entry, &hash, &[]))?;
                self.taken(header.document, &hash, moved(header.kind, &entry.body))?;
                if header.kind == EntryKind::Erase {
                    self.documents.extend(erase::erase(self.conn, self.replica, header, &entry.body)?);
                }
                aside
            }
            (PulledContent::Erased { .. }, Some(header)) => self.header_only(pulled, header)?,
            (PulledContent::Erased { header }, None) => {
                let entry = Entry { header: header.clone(), salt: [0; 32], body: Vec::new() };
                Some(self.keep_aside(scope, pulled, &entry, "header_unreadable")?)
            }
            (PulledContent::Quarantined { entry, fault }, _) => {
                Some(self.keep_aside(scope, pulled, entry, fault_code(*fault))?)
            }
            (PulledContent::Change { entry, .. } | PulledContent::Control { entry }, None) => {
                Some(self.keep_aside(scope, pulled, entry, "header_unreadable")?)
            }
        };
        Ok((index, aside))
    }

    /// The hash under which a control is here already, from another lane.
    fn same_control(&self, header: &EntryHeader, entry: &Entry) -> Result<Option<[u8; 32]>> {
        let found = self
            .conn
            .prepare_cached("SELECT hash FROM entry WHERE document = ?1 AND act = ?2 AND kind = ?3 AND body = ?4")?
            .query_row(
                params![header.document.as_bytes(), header.act.as_bytes(), header.kind.number(), entry.body],
                |row| hash_of(row, 0),
            )
            .optional()?;
        Ok(found)
    }

    /// An entry whose contents were erased: its header keeps its place in lane and log.
    fn header_only(&mut self, pulled: &PulledEntry, header: &EntryHeader) -> Result<Option<i64>> {
        let bytes = match &pulled.content {
            PulledContent::Erased { header } => header,
            PulledContent::Change { entry, .. }
            | PulledContent::Control { entry }
            | PulledContent::Quarantined { entry, .. } => &entry.header,
            PulledContent::Own { .. } | PulledContent::Sent { .. } => return Ok(None),
        };
        let entry = Entry { header: bytes.clone(), salt: [0; 32], body: Vec::new() };
        if insert_entry(self.conn, &new(pulled.replica, header, &entry, &pulled.header_hash.0, &[]))?.is_some() {
            self.applied.fetched = self.applied.fetched.saturating_add(1);
        }
        Ok(None)
    }

    fn change(&mut self, pulled: &PulledEntry, new: &NewEntry<'_>) -> Result<Option<i64>> {
        if insert_entry(self.conn, new)?.is_some() {
            self.documents.insert(new.header.document);
            self.applied.fetched = self.applied.fetched.saturating_add(1);
            return Ok(None);
        }
        let document = new.header.document;
        let known: Option<(i64, bool, bool)> = self
            .conn
            .prepare_cached(
                "SELECT id, header_hash = ?3, refused IS NOT NULL FROM entry WHERE document = ?1 AND hash = ?2",
            )?
            .query_row(params![document.as_bytes(), new.hash, pulled.header_hash.as_bytes()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((id, same_entry, refused)) = known else {
            return self.fill_in(pulled, new);
        };
        if !same_entry {
            let place = (new.replica, new.header.index);
            put_carried(self.conn, place, (document.as_bytes(), new.hash), &new.entry.header)?;
        }
        if refused {
            // set aside in the own lane, and accepted from another copy's
            self.conn.prepare_cached("UPDATE entry SET refused = NULL WHERE id = ?1")?.execute([id])?;
            self.documents.insert(document);
        }
        Ok(None)
    }

    /// An entry that came as a header alone before, and comes whole now.
    fn fill_in(&mut self, pulled: &PulledEntry, new: &NewEntry<'_>) -> Result<Option<i64>> {
        self.conn
            .prepare_cached(
                "DELETE FROM entry WHERE replica = ?1 AND lane_index = ?2 AND header_hash = ?3 AND body = x''",
            )?
            .execute(params![new.replica.as_bytes(), int(new.header.index), pulled.header_hash.as_bytes()])?;
        if insert_entry(self.conn, new)?.is_some() {
            self.documents.insert(new.header.document);
            self.applied.fetched = self.applied.fetched.saturating_add(1);
        }
        Ok(None)
    }

    fn keep_aside(&mut self, scope: &ScopeId, pulled: &PulledEntry, entry: &Entry, reason: &str) -> Result<i64> {
        let header = pulled.header.as_ref();
        let kept = self
            .conn
            .prepare_cached(
                "INSERT OR IGNORE INTO quarantine (replica, lane_index, scope, document, reason, header, header_hash, salt, body,
                    received_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                pulled.replica.as_bytes(),
                header.map_or(0, |header| int(header.index)),
                scope.as_str(),
                header.map_or(&[][..], |header| header.document.as_bytes()),
                reason,
                entry.header,
                pulled.header_hash.as_bytes(),
                entry.salt,
                entry.body,
                self.now_ms,
            ])?;
        self.applied.quarantined = self.applied.quarantined.saturating_add(u64::try_from(kept).unwrap_or(0));
        let id = self
            .conn
            .prepare_cached("SELECT id FROM quarantine WHERE header_hash = ?1")?
            .query_row([pulled.header_hash.as_bytes()], |row| row.get(0))?;
        Ok(id)
    }

    /// A page's end as cursor, as checkpoint, or both.
    pub(super) fn mark(&self, page: &VerifiedPage, tables: &[&str]) -> Result<()> {
        let position = page.checkpoint().position;
        for table in tables {
            self.conn
                .prepare_cached(&format!(
                    "INSERT OR REPLACE INTO {table} (scope, epoch, seq, chain, signed) VALUES (?1, ?2, ?3, ?4, ?5)"
                ))?
                .execute(params![
                    page.scope().as_str(),
                    position.epoch,
                    int(position.seq),
                    position.chain.as_bytes(),
                    page.checkpoint().signed().to_bytes(),
                ])?;
        }
        Ok(())
    }

    fn station(&self, batch: &Batch, heard_at_ms: Option<i64>) -> Result<()> {
        if let Some(head) = batch.station_head {
            self.conn
                .prepare_cached(
                    "INSERT INTO station_state (one, head_index, head_hash, epoch, backup_watermark) VALUES (1, ?1, ?2, ?3, 0)
                     ON CONFLICT (one) DO UPDATE SET head_index = excluded.head_index, head_hash = excluded.head_hash,
                        epoch = excluded.epoch",
                )?
                .execute(params![int(head.index), head.hash.as_bytes(), batch.epoch])?;
        }
        if let Some(watermark) = batch.backup_watermark {
            self.conn.execute("UPDATE station_state SET backup_watermark = ?1", [int(watermark)])?;
        }
        if let Some(heard_at_ms) = heard_at_ms {
            self.conn
                .prepare_cached("INSERT OR REPLACE INTO clock_seen (one, station_at, device_at) VALUES (1, ?1, ?2)")?
                .execute(params![batch.station_at_ms, heard_at_ms])?;
        }
        Ok(())
    }

    pub(super) fn project(&mut self) -> Result<()> {
        let mut touched = Touched::default();
        for document in std::mem::take(&mut self.documents) {
            let before = project::is_shown(self.conn, document)?;
            let kind = project::refresh(
                self.conn,
                document,
                before.map_or(Before::Nothing, |_| Before::Something),
                &mut touched,
            )?;
            self.applied.changed.extend(before.into_iter().chain(kind).map(Tag::Of));
            self.applied.changed.insert(Tag::Conflict);
            if touched.is_large() {
                project::derive(self.conn, &mut touched)?;
            }
        }
        project::derive(self.conn, &mut touched)?;
        self.applied.changed.extend([Tag::Sync, Tag::Status]);
        Ok(())
    }
}

fn new<'a>(
    replica: ReplicaId,
    header: &'a EntryHeader,
    entry: &'a Entry,
    hash: &'a ChangeHash,
    actor: &'a [u8],
) -> NewEntry<'a> {
    NewEntry { replica, header, entry, hash, actor }
}

/// A first change names its document; one that names another would show one record's words under another's id.
fn wrong_document(header: &EntryHeader, entry: &Entry) -> Option<&'static str> {
    let Ok(summary) = documents::describe(&entry.body) else { return Some("malformed_body") };
    if !summary.deps.is_empty() {
        return None;
    }
    let named = summary.sets.iter().find(|(key, _)| key == "_id").and_then(|(_, value)| value.as_text());
    (named != Some(header.document.to_string().as_str())).then_some("another_document")
}

pub(super) fn fault_code(fault: EntryFault) -> &'static str {
    match fault {
        EntryFault::Header => "header_unreadable",
        EntryFault::BodyNotCommitted => "body_not_committed",
        EntryFault::Change(_) => "malformed_body",
        EntryFault::Control => "control_unreadable",
    }
}
