//! The one write path: a command is one act, an act is one transaction. Owns who signs it and what is told afterwards; must
//! not know kinds or screens.

use std::collections::BTreeSet;

use ::sync::ids::{ActId, DocumentId, ScopeId};
use documents::Edit;
use domain::kind::Kind;
use domain::permit::Permit;
use store::{AuditAction, Decide, Saved, Tx, WriteContext};

use crate::contract::Written;
use crate::error::AppError;
use crate::event::SyncSignal;
use crate::host::Host;
use crate::records::Opened;
use crate::session::Session;

/// An act under way.
pub(crate) struct Act<'a, 'b> {
    pub(crate) tx: &'a mut Tx<'b>,
}

/// What a record is after a write.
pub(crate) fn written(saved: Saved) -> Written {
    Written {
        document: saved.document.to_string(),
        heads: saved.heads.iter().map(hex::encode).collect(),
        conflicts: saved.conflicts,
    }
}

/// The scope of a permit, as entries name it.
pub(crate) fn scope_of(permit: &Permit) -> Result<ScopeId, AppError> {
    permit.scope().to_string().parse().map_err(|_| AppError::defect("scope of a permit"))
}

impl Act<'_, '_> {
    /// Makes a record in the scope of the permit.
    ///
    /// # Errors
    /// Faults of the store.
    pub(crate) fn create(
        &mut self,
        permit: &Permit,
        kind: Kind,
        document: DocumentId,
        edits: &[Edit],
    ) -> Result<Written, AppError> {
        Ok(written(self.tx.create(kind, document, &scope_of(permit)?, edits)?))
    }

    /// Changes a record at the heads its form was opened on. The permit in `opened` is the proof that this is allowed.
    /// Values that stand already are left out; when all do, nothing is written and the record is answered as it is.
    ///
    /// # Errors
    /// [`AppError::StaleForm`], [`AppError::FieldInConflict`], faults of the store.
    pub(crate) fn edit(&mut self, opened: &Opened, heads: &[[u8; 32]], edits: &[Edit]) -> Result<Written, AppError> {
        Ok(written(self.tx.edit(opened.id, heads, edits)?))
    }
}

impl Session {
    /// Settles fields of a record in one act. The permit in `opened` is the proof that this is allowed.
    ///
    /// # Errors
    /// [`AppError::DecisionStale`], faults of the store.
    pub(crate) fn decide(&self, opened: &Opened, decisions: &[Decide]) -> Result<Written, AppError> {
        self.act_as(AuditAction::Decide, |act| Ok(written(act.tx.decide(opened.id, decisions)?)))
    }

    /// Runs one act: all of it is durable when this returns, or nothing is.
    ///
    /// # Errors
    /// Those of `work`; faults of the disk.
    pub(crate) fn act<T>(&self, work: impl FnOnce(&mut Act<'_, '_>) -> Result<T, AppError>) -> Result<T, AppError> {
        self.act_as(AuditAction::Write, work)
    }

    /// Runs one act under another name in the audit.
    ///
    /// # Errors
    /// Those of `work`; faults of the disk.
    pub(crate) fn act_as<T>(
        &self,
        action: AuditAction,
        work: impl FnOnce(&mut Act<'_, '_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let host: &dyn Host = &*self.host;
        let random = |bytes: &mut [u8]| host.random(bytes);
        let context = WriteContext {
            officer: self.officer,
            actor: self.actor(),
            directory_version: self.directory().version,
            now_ms: self.now_ms(),
            act: ActId(self.fresh_id()),
            action,
            random: &random,
        };
        let done = self.store.write(&context, |tx| work(&mut Act { tx }))?;
        self.wrote(&done.changed);
        Ok(done.value)
    }

    /// Tells screens and the link driver of a write that is durable.
    fn wrote(&self, tags: &BTreeSet<store::Tag>) {
        if tags.is_empty() {
            return;
        }
        self.bus.changed(tags.iter().map(|tag| tag.as_str()));
        self.bus.signal(SyncSignal::NewWork);
    }
}
