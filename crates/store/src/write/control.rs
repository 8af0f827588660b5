//! What a command does to whole records: moving them to another scope, erasing them. A control entry in the lane, in the command's own
//! transaction. Must not decide what moves with what.

use std::collections::BTreeSet;

use rusqlite::params;
use sync::ids::{ActId, DocumentId, ScopeId};
use sync::lane::{EntryKind, EraseBody, MoveBody};
use sync::limits;

use super::tx::{Body, Tx};
use super::{note_document, settle};
use crate::error::{Result, StoreError};
use crate::project::{self, Before};
use crate::tag::Tag;

impl Tx<'_> {
    /// Moves records, all of one scope, to another with their history. More than one entry holds become several entries of
    /// the same act.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::NotInScope`] when they are not all in `from`.
    pub fn relocate(&mut self, documents: &[DocumentId], from: &ScopeId, to: &ScopeId) -> Result<()> {
        for document in documents {
            let loaded = project::load(self.conn, *document)?.ok_or(StoreError::NotFound { document: *document })?;
            if loaded.scope != from.as_str() {
                return Err(StoreError::NotInScope { document: *document });
            }
        }
        for named in documents.chunks(limits::MOVE_DOCUMENTS_MAX) {
            let Some(first) = named.first().copied() else { continue };
            let salt = self.fresh_salt();
            let body = MoveBody { to: to.clone(), documents: named.to_vec() }.to_body();
            self.append(first, from.clone(), EntryKind::Move, salt, Body::control(&body))?;
        }
        self.look_again(documents)
    }

    /// Erases records everywhere. They leave the views now; their contents go once the station took it, here and from every
    /// laptop that holds them after its next sync.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn erase(&mut self, documents: &[DocumentId], reason: &str) -> Result<()> {
        for document in documents {
            let missing = || StoreError::NotFound { document: *document };
            let loaded = project::load(self.conn, *document)?.ok_or_else(missing)?;
            let salt = self.fresh_salt();
            let body = EraseBody { reason: reason.to_owned() }.to_body();
            let scope = crate::row::scope(&loaded.scope)?;
            self.append(*document, scope, EntryKind::Erase, salt, Body::control(&body))?;
        }
        self.look_again(documents)
    }

    /// Notes that an act set aside was written again by this one.
    ///
    /// # Errors
    /// Those of the database.
    pub fn rewrites(&mut self, act: ActId) -> Result<()> {
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO rewritten (act, by_act, at) VALUES (?1, ?2, ?3)")?
            .execute(params![act.as_bytes(), self.context.act.as_bytes(), self.context.now_ms])?;
        self.changed.insert(Tag::Sync);
        Ok(())
    }

    /// A salt of its own: a control outlives the record, whose salt must go with it.
    fn fresh_salt(&self) -> [u8; 32] {
        let mut salt = [0; 32];
        (self.context.random)(&mut salt);
        salt
    }

    /// Puts records into the views as the log has them now, or takes them out.
    fn look_again(&mut self, documents: &[DocumentId]) -> Result<()> {
        let mut changed = BTreeSet::from([Tag::Sync, Tag::Status, Tag::Audit, Tag::Conflict]);
        for document in documents {
            changed.extend(project::is_shown(self.conn, *document)?.map(Tag::Of));
            project::refresh(self.conn, *document, Before::Something, &mut self.touched)?;
            note_document(&mut self.documents, *document);
            if self.touched.is_large() {
                settle(self.conn, &mut self.touched)?;
            }
        }
        self.changed.extend(changed);
        Ok(())
    }
}
