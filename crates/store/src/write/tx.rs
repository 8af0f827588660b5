//! What a command can do inside its transaction. Owns the authoring of changes; must not commit.

use std::collections::BTreeSet;

use documents::{Actor, ChangeHash, Document, DocumentError, Edit, NewChange, Reading};
use domain::kind::Kind;
use domain::shape::KeyPath;
use rusqlite::{Connection, OptionalExtension};
use sync::crypto;
use sync::ids::{DocumentId, ReplicaId, ScopeId};
use sync::lane::{self, AppendFault, EntryDraft, EntryKind, LaneHead};

use super::{
    AuditNote, Decide, NewEntry, Saved, WriteContext, audit_documents, insert_entry, note_document, settle,
    write_lane_head,
};
use crate::error::{Result, StoreError};
use crate::project::{self, Before, Change, Facts, Follow, Loaded, Touched};
use crate::row::Bytes;
use crate::store::Reader;
use crate::tag::Tag;
use crate::{audit, local};

/// The body of a new entry: a change, or a control, which goes by the hash of its header.
pub(super) struct Body<'a> {
    bytes: &'a [u8],
    hash: Option<&'a ChangeHash>,
    actor: &'a [u8],
}

impl<'a> Body<'a> {
    fn of(change: &'a NewChange) -> Self {
        Self { bytes: &change.bytes, hash: Some(&change.hash), actor: &change.actor }
    }

    pub(super) const fn control(bytes: &'a [u8]) -> Self {
        Self { bytes, hash: None, actor: &[] }
    }
}

/// One command's transaction.
pub struct Tx<'a> {
    pub(super) conn: &'a Connection,
    pub(super) context: &'a WriteContext<'a>,
    replica: ReplicaId,
    head: LaneHead,
    pub(super) touched: Touched,
    pub(super) changed: BTreeSet<Tag>,
    pub(super) documents: BTreeSet<DocumentId>,
    entries: u64,
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("head", &self.head.index).field("entries", &self.entries).finish_non_exhaustive()
    }
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a Connection, context: &'a WriteContext<'a>, replica: ReplicaId, head: LaneHead) -> Self {
        Self {
            conn,
            context,
            replica,
            head,
            touched: Touched::default(),
            changed: BTreeSet::new(),
            documents: BTreeSet::new(),
            entries: 0,
        }
    }

    /// Makes a new record.
    ///
    /// # Errors
    /// [`StoreError::DocumentExists`], [`StoreError::TooLong`], [`StoreError::Document`].
    pub fn create(&mut self, kind: Kind, id: DocumentId, scope: &ScopeId, edits: &[Edit]) -> Result<Saved> {
        no_headers(edits)?;
        if salt_of(self.conn, id)?.is_some() {
            return Err(StoreError::DocumentExists { document: id });
        }
        let mut salt = [0; 32];
        (self.context.random)(&mut salt);
        let (change, reading) = documents::create(id.uuid(), kind, self.context.actor, edits)?;
        let entry = self.append(id, scope.clone(), EntryKind::Change, salt, Body::of(&change))?;
        let facts = Facts {
            id: &id.to_string(),
            scope: scope.as_str(),
            reading: &reading,
            changes: 1,
            last_entry: entry,
            last_at: self.context.now_ms,
            first_at: self.context.now_ms,
            decisions: &[],
        };
        project::put(self.conn, &facts, Before::Nothing, Follow::Note(&mut self.touched))?;
        self.after(id, &reading)?;
        Ok(Saved { document: id, heads: reading.heads, conflicts: Vec::new(), change: Some(change.hash) })
    }

    /// Edits a record at the heads its form was opened on. What arrived since then stays beside the edit, as a conflict
    /// where values differ. Values that stand already are left out; when all do, nothing is written.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::FieldInConflict`], [`StoreError::TooLong`], [`StoreError::Document`] with
    /// [`DocumentError::UnknownHeads`].
    pub fn edit(&mut self, id: DocumentId, heads: &[ChangeHash], edits: &[Edit]) -> Result<Saved> {
        no_headers(edits)?;
        let (loaded, salt) = self.open(id)?;
        let mut document = Document::open(loaded.live.iter().map(|change| change.body.as_slice()))?;
        let seen = if same(heads, &loaded.reading.heads) { None } else { Some(document.at(heads)?.read()?) };
        let seen = seen.as_ref().unwrap_or(&loaded.reading);
        let keys: Vec<String> =
            edits.iter().filter(|edit| seen.conflicts.contains_key(&edit.key)).map(|edit| edit.key.clone()).collect();
        if !keys.is_empty() {
            return Err(StoreError::FieldInConflict { keys });
        }
        self.author(id, loaded, document, heads, edits, salt, EntryKind::Change)
    }

    /// Settles fields in conflict. Every decision names the changes of all values that stand; whoever decided on an older
    /// card looks again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::ConflictMoved`], [`StoreError::TooLong`], [`StoreError::Document`].
    pub fn decide(&mut self, id: DocumentId, decisions: &[Decide]) -> Result<Saved> {
        let (loaded, salt) = self.open(id)?;
        for decision in decisions {
            let standing: BTreeSet<ChangeHash> =
                loaded.reading.conflicts.get(&decision.key).into_iter().flatten().map(|side| side.change).collect();
            let named: BTreeSet<ChangeHash> = decision.named.iter().copied().collect();
            if standing.is_empty() || standing != named {
                return Err(StoreError::ConflictMoved { key: decision.key.clone() });
            }
        }
        let document = Document::open(loaded.live.iter().map(|change| change.body.as_slice()))?;
        let heads = loaded.reading.heads.clone();
        let edits: Vec<Edit> = decisions
            .iter()
            .map(|decision| Edit { key: decision.key.clone(), value: decision.value.clone() })
            .collect();
        self.author(id, loaded, document, &heads, &edits, salt, EntryKind::Decision)
    }

    /// Notes in the audit, in this transaction.
    ///
    /// # Errors
    /// Those of the database.
    pub fn audit(&mut self, note: &AuditNote) -> Result<()> {
        self.changed.insert(Tag::Audit);
        audit::append(self.conn, self.context.officer, self.context.now_ms, note)
    }

    /// Drops a draft whose form was saved.
    ///
    /// # Errors
    /// Those of the database.
    pub fn draft_delete(&mut self, key: &str) -> Result<()> {
        self.changed.insert(Tag::Drafts);
        local::delete_draft(self.conn, key)
    }

    /// Reads within the transaction, what it wrote included.
    ///
    /// # Errors
    /// Those of the database.
    pub fn reader(&mut self) -> Result<Reader<'a>> {
        settle(self.conn, &mut self.touched)?;
        Ok(Reader::new(self.conn))
    }

    /// Entries written so far.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    fn open(&mut self, id: DocumentId) -> Result<(Loaded, [u8; 32])> {
        let missing = || StoreError::NotFound { document: id };
        let loaded = project::load(self.conn, id)?.ok_or_else(missing)?;
        let salt = salt_of(self.conn, id)?.ok_or_else(missing)?;
        Ok((loaded, salt))
    }

    #[expect(clippy::too_many_arguments, reason = "one step of two operations, with everything both have opened")]
    fn author(
        &mut self,
        id: DocumentId,
        mut loaded: Loaded,
        mut document: Document,
        heads: &[ChangeHash],
        edits: &[Edit],
        salt: [u8; 32],
        kind: EntryKind,
    ) -> Result<Saved> {
        let actor = actor_for(self.conn, id, self.context.actor)?;
        let change = match document.edit(actor, heads, edits) {
            Ok(change) => change,
            Err(DocumentError::NothingToChange) => return Ok(saved(id, &loaded.reading, None)),
            Err(other) => return Err(other.into()),
        };
        let scope = crate::row::scope(&loaded.scope)?;
        let entry = self.append(id, scope, kind, salt, Body::of(&change))?;
        loaded.reading = document.read()?;
        loaded.live.push(Change {
            id: entry,
            kind,
            scope: loaded.scope.clone(),
            device_at: self.context.now_ms,
            hash: change.hash,
            body: change.bytes,
        });
        loaded.count_decisions();
        let text = id.to_string();
        project::put(self.conn, &loaded.facts(&text), Before::Something, Follow::Note(&mut self.touched))?;
        self.after(id, &loaded.reading)?;
        if kind == EntryKind::Decision {
            self.changed.insert(Tag::Conflict);
        }
        Ok(saved(id, &loaded.reading, Some(change.hash)))
    }

    pub(super) fn append(
        &mut self,
        document: DocumentId,
        scope: ScopeId,
        kind: EntryKind,
        salt: [u8; 32],
        body: Body<'_>,
    ) -> Result<i64> {
        let draft = EntryDraft {
            scope,
            document,
            act: self.context.act,
            officer: self.context.officer,
            directory_version: self.context.directory_version,
            device_at_ms: self.context.now_ms,
            kind,
            salt,
            body: body.bytes.to_vec(),
            replaces: None,
        };
        let (entry, head) = lane::append(self.head, draft).map_err(|fault| match fault {
            AppendFault::BodyTooLong { length, max } => StoreError::TooLong { length, max },
            AppendFault::LaneFull => StoreError::TooLong { length: usize::MAX, max: 0 },
        })?;
        let header = entry.read_header().map_err(|_| StoreError::Unreadable { what: "header" })?;
        let own_hash = entry.header_hash();
        let new = NewEntry {
            replica: self.replica,
            header: &header,
            entry: &entry,
            hash: body.hash.unwrap_or(&own_hash.0),
            actor: body.actor,
        };
        let inserted = insert_entry(self.conn, &new)?;
        self.head = head;
        self.entries = self.entries.saturating_add(1);
        inserted.ok_or(StoreError::DocumentExists { document })
    }

    fn after(&mut self, document: DocumentId, reading: &Reading) -> Result<()> {
        self.changed.extend([Tag::Of(reading.kind), Tag::Sync, Tag::Status, Tag::Audit]);
        if !reading.conflicts.is_empty() {
            self.changed.insert(Tag::Conflict);
        }
        note_document(&mut self.documents, document);
        if self.touched.is_large() {
            settle(self.conn, &mut self.touched)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<BTreeSet<Tag>> {
        settle(self.conn, &mut self.touched)?;
        if self.entries > 0 {
            write_lane_head(self.conn, self.replica, self.head)?;
            audit_documents(self.conn, self.context, &self.documents, self.entries)?;
        }
        Ok(self.changed)
    }
}

/// `_id`, `_kind` and `_shape` are written once, with the record.
fn no_headers(edits: &[Edit]) -> Result<()> {
    let header = |edit: &Edit| matches!(KeyPath::parse(&edit.key), KeyPath::Header(_));
    if edits.iter().any(header) { Err(DocumentError::Refused.into()) } else { Ok(()) }
}

fn saved(document: DocumentId, reading: &Reading, change: Option<ChangeHash>) -> Saved {
    Saved { document, heads: reading.heads.clone(), conflicts: reading.conflicts.keys().cloned().collect(), change }
}

fn same(heads: &[ChangeHash], current: &[ChangeHash]) -> bool {
    let given: BTreeSet<&ChangeHash> = heads.iter().collect();
    given == current.iter().collect()
}

/// The actor of the next change of a record. Where a change of this actor was set aside, its number is taken though the
/// record no longer shows it: another actor, made from both, writes on.
fn actor_for(conn: &Connection, document: DocumentId, actor: Actor) -> Result<Actor> {
    let taken: Option<Vec<u8>> = conn
        .prepare_cached("SELECT hash FROM entry WHERE document = ?1 AND refused IS NOT NULL ORDER BY id DESC LIMIT 1")?
        .query_row([document.as_bytes()], |row| row.get(0))
        .optional()?;
    let Some(taken) = taken else { return Ok(actor) };
    let mixed = crypto::hash("fengqiao actor 1", &[&actor.0, &taken]);
    Ok(mixed.0.first_chunk().map_or(actor, |bytes| Actor(*bytes)))
}

/// The salt of a record: that of its first change here. Controls have salts of their own.
fn salt_of(conn: &Connection, document: DocumentId) -> Result<Option<[u8; 32]>> {
    let found = conn
        .prepare_cached("SELECT salt FROM entry WHERE document = ?1 AND kind IN (1, 2) ORDER BY id LIMIT 1")?
        .query_row([document.as_bytes()], |row| row.get::<_, Bytes<32>>(0))
        .optional()?;
    Ok(found.map(|salt| salt.0))
}
