//! An answer of the station into the database: receipts, entries of others, cursors, directory; one transaction.
//! Must not judge fields.

use std::collections::BTreeSet;

use documents::ChangeHash;
use rusqlite::{Connection, OptionalExtension, params};
use sync::crypto::Verified;
use sync::ids::{DocumentId, Hash, ReplicaId};
use sync::lane::{self, Entry, EntryHeader, EntryKind};
use sync::laptop::Batch;
use sync::receipt::Receipt;
use sync::scope_log::{PulledContent, PulledEntry, VerifiedPage};

use super::load::put_directory;
use super::{Applied, refuse};
use crate::erase;
use crate::error::{Result, StoreError};
use crate::identity;
use crate::project::{self, Before, Touched};
use crate::row::int;
use crate::store::Store;
use crate::tag::Tag;
use crate::write::{NewEntry, begin, insert_entry, moved};

impl Store {
    /// Stores what one answer brought, in one transaction or not at all. Entries that are here already are kept once; a bad
    /// one is kept aside with its reason and blocks nothing; what waits for another change is shown once that has come.
    ///
    /// # Errors
    /// [`StoreError::NoIdentity`], [`StoreError::DiskFull`], [`StoreError::Io`], [`StoreError::Busy`].
    pub fn apply(&self, batch: &Batch, now_ms: i64) -> Result<Applied> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let replica = identity::read(&transaction)?.ok_or(StoreError::NoIdentity)?.replica;
        let mut work =
            Work { conn: &transaction, replica, now_ms, applied: Applied::default(), documents: BTreeSet::new() };
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
        work.station(batch)?;
        work.project()?;
        let applied = work.applied;
        transaction.commit()?;
        drop(writer);
        self.finish_erasures()?;
        Ok(applied)
    }
}

struct Work<'a> {
    conn: &'a Connection,
    replica: ReplicaId,
    now_ms: i64,
    applied: Applied,
    documents: BTreeSet<DocumentId>,
}

impl Work<'_> {
    fn receipt(&mut self, receipt: &Verified<Receipt>) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO receipt (first_index, last_index, epoch, station_at, received_at, refused, lane_hash, signed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                int(receipt.first),
                int(receipt.last()),
                receipt.epoch,
                receipt.station_at_ms,
                self.now_ms,
                i64::try_from(receipt.refusals.len()).unwrap_or(i64::MAX),
                receipt.head.hash.as_bytes(),
                receipt.signed().to_bytes(),
            ])?;
        self.documents.extend(refuse::receipt(self.conn, self.replica, receipt)?);
        self.applied.received = self.applied.received.saturating_add(receipt.accepted_count());
        let refused = u64::try_from(receipt.refusals.len()).unwrap_or(u64::MAX);
        self.applied.set_aside = self.applied.set_aside.saturating_add(refused);
        Ok(())
    }

    fn page(&mut self, page: &VerifiedPage) -> Result<()> {
        let epoch = page.checkpoint().position.epoch;
        for pulled in page.entries() {
            let place = (epoch, pulled.seq);
            match (&pulled.content, &pulled.header) {
                (PulledContent::Own { index }, _) => self.own(*index, &pulled.header_hash, place)?,
                (PulledContent::Change { .. }, Some(header)) if erase::is_erased(self.conn, header.document)? => {
                    self.header_only(pulled, header, place)?;
                }
                (PulledContent::Change { entry, facts }, Some(header)) => match wrong_document(header, entry) {
                    Some(reason) => self.keep_aside(page, pulled, entry, reason)?,
                    None => {
                        let new = new(pulled.replica, header, entry, &facts.hash.0, &facts.actor.0, place);
                        self.change(page, pulled, &new)?;
                    }
                },
                (PulledContent::Control { entry }, Some(header)) => {
                    self.documents.extend(moved(header.kind, &entry.body));
                    self.change(page, pulled, &new(pulled.replica, header, entry, &pulled.header_hash.0, &[], place))?;
                    if header.kind == EntryKind::Erase {
                        self.documents.extend(erase::erase(self.conn, self.replica, header, &entry.body)?);
                    }
                }
                (PulledContent::Erased { .. }, Some(header)) => self.header_only(pulled, header, place)?,
                (PulledContent::Erased { header }, None) => {
                    let entry = Entry { header: header.clone(), salt: [0; 32], body: Vec::new() };
                    self.keep_aside(page, pulled, &entry, "header_unreadable")?;
                }
                (PulledContent::Quarantined { entry, fault }, _) => {
                    self.keep_aside(page, pulled, entry, fault_code(*fault))?;
                }
                (PulledContent::Change { entry, .. } | PulledContent::Control { entry }, None) => {
                    self.keep_aside(page, pulled, entry, "header_unreadable")?;
                }
            }
        }
        self.cursor(page)
    }

    /// The place of an own entry in its scope's log. An entry that is not the one of this lane is another branch's: the
    /// laptop was cloned, and what this one wrote there stays as it is.
    fn own(&mut self, index: u64, header_hash: &Hash, (epoch, seq): (u32, u64)) -> Result<()> {
        let key = params![self.replica.as_bytes(), int(index)];
        let header: Option<Vec<u8>> = self
            .conn
            .prepare_cached("SELECT header FROM entry WHERE replica = ?1 AND lane_index = ?2")?
            .query_row(key, |row| row.get(0))
            .optional()?;
        if header.is_some_and(|header| lane::header_hash(&header) == *header_hash) {
            self.place(self.replica, index, (epoch, seq))?;
        }
        Ok(())
    }

    /// Where the records a move names are follows from what the station took: they are looked at again.
    fn place(&mut self, replica: ReplicaId, index: u64, (epoch, seq): (u32, u64)) -> Result<()> {
        let moves: Option<Vec<u8>> = self
            .conn
            .prepare_cached(
                "UPDATE entry SET epoch = ?3, seq = ?4 WHERE replica = ?1 AND lane_index = ?2
                 RETURNING CASE WHEN kind = 3 THEN body END",
            )?
            .query_row(params![replica.as_bytes(), int(index), epoch, int(seq)], |row| row.get(0))
            .optional()?
            .flatten();
        if let Some(body) = moves {
            self.documents.extend(moved(EntryKind::Move, &body));
        }
        Ok(())
    }

    /// An entry whose contents were erased: its header keeps its place in lane and log.
    fn header_only(&mut self, pulled: &PulledEntry, header: &EntryHeader, place: (u32, u64)) -> Result<()> {
        let bytes = match &pulled.content {
            PulledContent::Erased { header } => header,
            PulledContent::Change { entry, .. }
            | PulledContent::Control { entry }
            | PulledContent::Quarantined { entry, .. } => &entry.header,
            PulledContent::Own { .. } => return Ok(()),
        };
        let entry = Entry { header: bytes.clone(), salt: [0; 32], body: Vec::new() };
        if insert_entry(self.conn, &new(pulled.replica, header, &entry, &pulled.header_hash.0, &[], place))?.is_some() {
            self.applied.fetched = self.applied.fetched.saturating_add(1);
            return Ok(());
        }
        self.place(pulled.replica, header.index, place)
    }

    fn change(&mut self, page: &VerifiedPage, pulled: &PulledEntry, new: &NewEntry<'_>) -> Result<()> {
        if insert_entry(self.conn, new)?.is_some() {
            self.documents.insert(new.header.document);
            self.applied.fetched = self.applied.fetched.saturating_add(1);
            return Ok(());
        }
        let known: bool = self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM entry WHERE document = ?1 AND hash = ?2)")?
            .query_row(params![new.header.document.as_bytes(), new.hash], |row| row.get(0))?;
        match new.place {
            // here already: in a new epoch it only takes another place
            Some(place) if known => self.place(new.replica, new.header.index, place),
            Some(_) | None if known => Ok(()),
            // one place of a lane holds two different entries: the first to come stays
            Some(_) | None => self.keep_aside(page, pulled, new.entry, "lane_place_taken"),
        }
    }

    fn keep_aside(&mut self, page: &VerifiedPage, pulled: &PulledEntry, entry: &Entry, reason: &str) -> Result<()> {
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
                page.scope().as_str(),
                header.map_or(&[][..], |header| header.document.as_bytes()),
                reason,
                entry.header,
                pulled.header_hash.as_bytes(),
                entry.salt,
                entry.body,
                self.now_ms,
            ])?;
        self.applied.quarantined = self.applied.quarantined.saturating_add(u64::try_from(kept).unwrap_or(0));
        Ok(())
    }

    fn cursor(&mut self, page: &VerifiedPage) -> Result<()> {
        let position = page.checkpoint().position;
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO cursor (scope, epoch, seq, chain, signed) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                page.scope().as_str(),
                position.epoch,
                int(position.seq),
                position.chain.as_bytes(),
                page.checkpoint().signed().to_bytes(),
            ])?;
        Ok(())
    }

    fn station(&self, batch: &Batch) -> Result<()> {
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
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO clock_seen (one, station_at, device_at) VALUES (1, ?1, ?2)")?
            .execute(params![batch.station_at_ms, self.now_ms])?;
        Ok(())
    }

    fn project(&mut self) -> Result<()> {
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
    place: (u32, u64),
) -> NewEntry<'a> {
    NewEntry { replica, header, entry, hash, actor, place: Some(place) }
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

fn fault_code(fault: sync::scope_log::EntryFault) -> &'static str {
    use sync::scope_log::EntryFault as Fault;
    match fault {
        Fault::Header => "header_unreadable",
        Fault::BodyNotCommitted => "body_not_committed",
        Fault::Change(_) => "malformed_body",
        Fault::Control => "control_unreadable",
    }
}
