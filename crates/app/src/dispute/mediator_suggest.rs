//! Who could mediate a case, with reasons.

use domain::kind::Kind;
use domain::permit::Action;
use store::mediator::query::Which;

use super::suggestion::reasons_of;
use crate::contract::dispute::{MediatorList, MediatorSuggestRequest};
use crate::error::AppError;
use crate::session::Session;

/// Suggests: everybody stays in the list, the parties may choose anybody.
///
/// # Errors
/// [`AppError::NotFound`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: MediatorSuggestRequest) -> Result<MediatorList, AppError> {
    let opened = session.open_for(Action::Read, &request.document, Kind::Dispute)?;
    Ok(MediatorList { rows: reasons_of(session, &opened.reading, Which::All)? })
}
