//! How many residents a filter leaves.

use domain::permit::Action;
use store::resident::query;

use crate::contract::Count;
use crate::contract::people::ResidentListRequest;
use crate::error::AppError;
use crate::session::Session;

/// Counts.
///
/// # Errors
/// Refusals of permits; faults of the disk.
pub(crate) fn run(session: &Session, request: ResidentListRequest) -> Result<Count, AppError> {
    session.permit_list(Action::Read, request.cell.as_deref())?;
    let filter = super::resident_list::filter(session, request);
    Ok(Count { count: session.store.read(|reader| query::count(reader, &filter))? })
}
