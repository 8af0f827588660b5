//! A page of patrols, newest first.

use domain::permit::Action;
use store::patrol::query;

use crate::contract::Page;
use crate::contract::patrol::{PatrolListRequest, PatrolRow};
use crate::error::AppError;
use crate::marks::{mark, read_mark, rows_of};
use crate::people::save_state;
use crate::session::Session;

/// Name of the only order, in page marks.
const ORDER: &str = "patrol";

/// Reads one page.
///
/// # Errors
/// Refusals of permits; [`AppError::BadPage`]; faults of the disk.
pub(crate) fn run(session: &Session, request: PatrolListRequest) -> Result<Page<PatrolRow>, AppError> {
    session.permit_list(Action::Read, request.cell.as_deref())?;
    let rows = rows_of(request.limit)?;
    let after: Option<(i64, String)> = read_mark(ORDER, request.after.as_deref())?;
    let cells = session.cells();
    let lines =
        session.store.read(|reader| query::list(reader, &cells, request.cell.as_deref(), after.as_ref(), rows))?;
    let next = match lines.last() {
        Some(last) if lines.len() == rows => Some(mark(ORDER, &(last.start_at, &last.document))?),
        Some(_) | None => None,
    };
    let row = |line: query::PatrolRow| PatrolRow {
        document: line.document,
        mode: line.mode,
        route: line.route,
        start_at: line.start_at,
        minutes: line.minutes,
        crew: serde_json::from_str(&line.crew).unwrap_or_default(),
        cells: serde_json::from_str(&line.cells).unwrap_or_default(),
        findings: line.findings,
        state: save_state(line.saved),
    };
    Ok(Page { rows: lines.into_iter().map(row).collect(), next })
}
