//! What a command does to whole records: moving them to another scope. A control entry in the lane, in the command's own
//! transaction. Must not decide what moves with what.

use std::collections::BTreeSet;

use sync::ids::{DocumentId, ScopeId};
use sync::lane::{EntryKind, MoveBody};
use sync::limits;

use super::tx::{Body, Tx, salt_of};
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
            let salt = salt_of(self.conn, first)?.ok_or(StoreError::NotFound { document: first })?;
            let body = MoveBody { to: to.clone(), documents: named.to_vec() }.to_body();
            self.append(first, from.clone(), EntryKind::Move, salt, Body::control(&body))?;
        }
        self.look_again(documents)
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
