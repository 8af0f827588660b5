//! A page of visits, newest first.

use domain::permit::Action;
use store::visit::query::{self, Filter};

use crate::contract::Page;
use crate::contract::visit::{VisitListRequest, VisitRow};
use crate::error::AppError;
use crate::marks::{mark, read_mark, rows_of};
use crate::people::save_state;
use crate::session::Session;

/// Name of the only order, in page marks.
const ORDER: &str = "visit";

/// Reads one page.
///
/// # Errors
/// Refusals of permits; [`AppError::BadPage`]; faults of the disk.
pub(crate) fn run(session: &Session, request: VisitListRequest) -> Result<Page<VisitRow>, AppError> {
    session.permit_list(Action::Read, request.cell.as_deref())?;
    let rows = rows_of(request.limit)?;
    let after: Option<(i64, String)> = read_mark(ORDER, request.after.as_deref())?;
    let filter = Filter { cells: session.cells(), cell: request.cell, household: request.household };
    let lines = session.store.read(|reader| query::list(reader, &filter, after.as_ref(), rows))?;
    let next = match lines.last() {
        Some(last) if lines.len() == rows => Some(mark(ORDER, &(last.at, &last.document))?),
        Some(_) | None => None,
    };
    let row = |line: query::VisitRow| VisitRow {
        document: line.document,
        at: line.at,
        kind: line.kind,
        household: line.household,
        place: line.place,
        officers: serde_json::from_str(&line.officers).unwrap_or_default(),
        notes: line.notes,
        state: save_state(line.saved),
    };
    Ok(Page { rows: lines.into_iter().map(row).collect(), next })
}
