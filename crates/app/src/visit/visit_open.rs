//! A visit's page.

use domain::kind::Kind;

use crate::contract::Open;
use crate::contract::visit::VisitPage;
use crate::error::AppError;
use crate::session::Session;

/// Opens a visit. Audited.
///
/// # Errors
/// [`AppError::NotFound`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: Open) -> Result<VisitPage, AppError> {
    let opened = session.open_shown(&request.document, Kind::Visit)?;
    Ok(VisitPage {
        document: opened.text(),
        heads: opened.heads(),
        fields: opened.view(),
        conflicts: opened.conflicts(),
        foot: session.foot(opened.id)?,
    })
}
