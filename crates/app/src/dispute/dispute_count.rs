//! How many disputes a list has.

use domain::permit::Action;
use store::dispute::query;

use super::closed;
use crate::contract::Count;
use crate::contract::dispute::DisputeListRequest;
use crate::error::AppError;
use crate::session::Session;

/// Counts.
///
/// # Errors
/// Refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: DisputeListRequest) -> Result<Count, AppError> {
    session.permit_list(Action::Read, request.cell.as_deref())?;
    let cells = session.cells();
    let count =
        session.store.read(|reader| query::count(reader, &cells, closed(request.filter), request.cell.as_deref()))?;
    Ok(Count { count })
}
