//! Erases a record everywhere, for good: it leaves the views now, its contents go once the station took the erasure, here
//! and from every other laptop with its next sync. One act, by the chief alone.

use std::collections::BTreeSet;

use domain::permit::Action;
use store::{AuditAction, AuditNote, erase};

use super::code;
use crate::contract::erase::{RecordEraseRequest, RecordErased};
use crate::error::AppError;
use crate::records::heads;
use crate::session::Session;

/// Erases.
///
/// # Errors
/// [`AppError::OlderWorkToCome`], [`AppError::StaleForm`] when the record changed since the preview, [`AppError::NotFound`], [`AppError::RecordErased`],
/// refusals of permits.
pub(crate) fn run(session: &Session, request: RecordEraseRequest) -> Result<RecordErased, AppError> {
    let opened = session.open_any(Action::Erase, &request.document)?;
    crate::sync::nothing_to_come(session)?;
    let seen: BTreeSet<[u8; 32]> = heads(&request.heads)?.into_iter().collect();
    if seen != opened.reading.heads.iter().copied().collect() {
        return Err(AppError::StaleForm {});
    }
    let reason = code(request.reason);
    let goes = session.store.read(|reader| erase::erasing(reader, opened.id))?.goes;
    let documents: Vec<_> = goes.iter().map(|line| line.document).collect();
    for document in &documents {
        session.open_any(Action::Erase, &document.to_string())?;
    }
    let note = AuditNote {
        action: AuditAction::Erase,
        document: Some(opened.id),
        field: Some(reason.to_owned()),
        reason: None,
    };
    session.act_as(AuditAction::Erase, |act| {
        act.tx.audit(&note)?;
        Ok(act.tx.erase(&documents, reason)?)
    })?;
    Ok(RecordErased { document: opened.text(), records: u64::try_from(documents.len()).unwrap_or(u64::MAX) })
}
