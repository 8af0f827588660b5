//! A patrol's page.

use domain::kind::Kind;

use super::minutes;
use crate::contract::Open;
use crate::contract::patrol::PatrolPage;
use crate::error::AppError;
use crate::session::Session;

/// Opens a patrol. Audited.
///
/// # Errors
/// [`AppError::NotFound`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: Open) -> Result<PatrolPage, AppError> {
    let opened = session.open_shown(&request.document, Kind::Patrol)?;
    Ok(PatrolPage {
        document: opened.text(),
        heads: opened.heads(),
        minutes: minutes(opened.reading.int("start_at"), opened.reading.int("end_at")),
        fields: opened.view(),
        conflicts: opened.conflicts(),
        foot: session.foot(opened.id)?,
    })
}
