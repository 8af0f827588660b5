//! The one write path: a command's changes, views, search rows, audit and tags in one durable transaction.
//! Must not know which command.

mod append;
mod control;
mod tx;

use std::collections::BTreeSet;

use documents::{Actor, ChangeHash};
use domain::shape::Scalar;
use failpoint::{Point, reached};
use sync::ids::{ActId, DocumentId, OfficerId};

use crate::error::{Result, StoreError};
use crate::project::Touched;
use crate::store::Store;
use crate::tag::Tag;
use crate::{Random, audit, identity};

pub(crate) use append::{NewEntry, insert_entry, moved, read_lane_head, write_lane_head};
pub use tx::Tx;

/// Who writes, as what, when. Made by the caller for one command.
pub struct WriteContext<'a> {
    /// The officer.
    pub officer: OfficerId,
    /// The automerge actor of this unlock.
    pub actor: Actor,
    /// Version of the directory held.
    pub directory_version: u64,
    /// The laptop's clock, UTC milliseconds.
    pub now_ms: i64,
    /// The command: its entries stand or fall together.
    pub act: ActId,
    /// What the audit calls it.
    pub action: AuditAction,
    /// Where random bytes come from.
    pub random: Random<'a>,
}

impl std::fmt::Debug for WriteContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WriteContext").field("act", &self.act).field("action", &self.action).finish_non_exhaustive()
    }
}

/// What the audit calls an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuditAction {
    /// Records written.
    Write,
    /// A conflict settled.
    Decide,
    /// A household moved to another cell.
    Move,
    /// A record erased.
    Erase,
    /// A register imported.
    Import,
    /// A record opened.
    Read,
    /// A masked value shown.
    Reveal,
    /// A search on sensitive records.
    Search,
    /// A list or report taken out.
    Export,
    /// A paper printed.
    Print,
    /// The replica unlocked.
    Unlock,
    /// A wrong passphrase was tried before.
    UnlockFailed,
    /// The passphrase changed.
    Passphrase,
    /// A lease extended by a code.
    Lease,
    /// A backup made.
    Backup,
    /// Restored from a backup.
    Restore,
    /// Went on as a new replica, because another copy of the disk had written on.
    Succeed,
    /// The data checked.
    Check,
}

impl AuditAction {
    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Decide => "decide",
            Self::Move => "move",
            Self::Erase => "erase",
            Self::Import => "import",
            Self::Read => "read",
            Self::Reveal => "reveal",
            Self::Search => "search",
            Self::Export => "export",
            Self::Print => "print",
            Self::Unlock => "unlock",
            Self::UnlockFailed => "unlock_failed",
            Self::Passphrase => "passphrase",
            Self::Lease => "lease",
            Self::Backup => "backup",
            Self::Restore => "restore",
            Self::Succeed => "succeed",
            Self::Check => "check",
        }
    }
}

/// One line for the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditNote {
    /// What was done.
    pub action: AuditAction,
    /// On which record.
    pub document: Option<DocumentId>,
    /// On which key.
    pub field: Option<String>,
    /// Why, in the officer's words.
    pub reason: Option<String>,
}

impl AuditNote {
    /// A line that names an action only.
    #[must_use]
    pub const fn of(action: AuditAction) -> Self {
        Self { action, document: None, field: None, reason: None }
    }
}

/// One field's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decide {
    /// The key.
    pub key: String,
    /// The changes of all values that stood on the card.
    pub named: Vec<ChangeHash>,
    /// The value that stands from now on.
    pub value: Scalar,
}

/// What became of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The record.
    pub document: DocumentId,
    /// Its heads now.
    pub heads: Vec<ChangeHash>,
    /// Keys that stand in conflict now.
    pub conflicts: Vec<String>,
    /// The change written; absent when every value stood already.
    pub change: Option<ChangeHash>,
}

/// What a write gives back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// The command's own value.
    pub value: T,
    /// What was touched.
    pub changed: BTreeSet<Tag>,
}

/// Records named one by one in the audit; a bigger act is one line with its count.
const AUDIT_DOCUMENTS_MAX: usize = 20;

impl Store {
    /// Runs a command's writes in one transaction. "Saved" may be said once this returns. An error rolls everything back.
    /// There is one writer: `work` must not call this or any other writing method of the store, or it waits for itself.
    ///
    /// # Errors
    /// Those of `work`; [`StoreError::NoIdentity`], [`StoreError::DiskFull`], [`StoreError::Io`], [`StoreError::Busy`].
    pub fn write<T, E: From<StoreError>>(
        &self,
        context: &WriteContext<'_>,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<Written<T>, E> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let identity = identity::read(&transaction)?.ok_or(StoreError::NoIdentity)?;
        let head = read_lane_head(&transaction, identity.replica)?;
        let mut tx = Tx::new(&transaction, context, identity.replica, head);
        let value = work(&mut tx)?;
        let changed = tx.finish()?;
        reached(Point::SaveWritten);
        transaction.commit().map_err(StoreError::from)?;
        reached(Point::SaveCommitted);
        Ok(Written { value, changed })
    }

    /// Notes in the audit, durably, before something is shown.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`], [`StoreError::Busy`].
    pub fn audit(&self, officer: OfficerId, now_ms: i64, note: &AuditNote) -> Result<()> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        audit::append(&transaction, officer, now_ms, note)?;
        reached(Point::AuditWritten);
        transaction.commit()?;
        Ok(())
    }
}

/// Begins a write transaction; dropped without commit, it rolls back.
pub(crate) fn begin(conn: &mut rusqlite::Connection) -> Result<rusqlite::Transaction<'_>> {
    Ok(conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?)
}

/// Audit lines for the records of an act.
fn audit_documents(
    tx: &rusqlite::Connection,
    context: &WriteContext<'_>,
    documents: &BTreeSet<DocumentId>,
    count: u64,
) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    let mut note = AuditNote::of(context.action);
    if documents.len() <= AUDIT_DOCUMENTS_MAX {
        for document in documents {
            note.document = Some(*document);
            audit::append(tx, context.officer, context.now_ms, &note)?;
        }
    } else {
        note.field = Some(format!("records:{count}"));
        audit::append(tx, context.officer, context.now_ms, &note)?;
    }
    Ok(())
}

/// Kept small: the set only serves the audit.
fn note_document(documents: &mut BTreeSet<DocumentId>, document: DocumentId) {
    if documents.len() <= AUDIT_DOCUMENTS_MAX {
        documents.insert(document);
    }
}

/// Derives when there is something to derive.
fn settle(conn: &rusqlite::Connection, touched: &mut Touched) -> Result<()> {
    if touched.is_empty() { Ok(()) } else { crate::project::derive(conn, touched) }
}
