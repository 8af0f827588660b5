//! How many households a filter leaves; counted apart from the page, so that a page never waits for it.

use domain::permit::Action;
use store::household::query;

use crate::contract::Count;
use crate::contract::people::HouseholdListRequest;
use crate::error::AppError;
use crate::session::Session;

/// Counts.
///
/// # Errors
/// Refusals of permits; faults of the disk.
pub(crate) fn run(session: &Session, request: HouseholdListRequest) -> Result<Count, AppError> {
    session.permit_list(Action::Read, request.cell.as_deref())?;
    let filter = super::household_list::filter(session, request)?;
    Ok(Count { count: session.store.read(|reader| query::count(reader, &filter))? })
}
