//! What erasing a record takes along, and what goes on naming it. Audited as a read.

use domain::permit::Action;
use store::AuditAction;
use store::erase::{self, Line};

use crate::contract::erase::{RecordErasePreview, RecordErasePreviewRequest};
use crate::contract::moves::MoveRecord;
use crate::error::AppError;
use crate::session::Session;

/// Works it out and changes nothing.
///
/// # Errors
/// [`AppError::OlderWorkToCome`], [`AppError::NotFound`], [`AppError::RecordErased`], refusals of permits.
pub(crate) fn run(session: &Session, request: RecordErasePreviewRequest) -> Result<RecordErasePreview, AppError> {
    let opened = session.open_any(Action::Erase, &request.document)?;
    crate::sync::nothing_to_come(session)?;
    session.audit(AuditAction::Read, Some(opened.id), None, None)?;
    let erasing = session.store.read(|reader| erase::erasing(reader, opened.id))?;
    Ok(RecordErasePreview {
        document: opened.text(),
        heads: opened.heads(),
        goes: erasing.goes.into_iter().map(record).collect(),
        named_in: erasing.named_in.into_iter().map(record).collect(),
    })
}

fn record(line: Line) -> MoveRecord {
    MoveRecord { document: line.document.to_string(), kind: line.kind.as_str().to_owned(), title: line.title }
}
