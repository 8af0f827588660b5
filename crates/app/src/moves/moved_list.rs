//! Moves this laptop has heard of: what left its cells and where it went, what came.

use domain::permit::Action;
use domain::scope::Scope;
use store::moves;

use super::cell_of;
use crate::contract::Empty;
use crate::contract::moves::{MovedList, MovedRow};
use crate::error::AppError;
use crate::session::Session;

/// Rows given.
const ROWS: u32 = 200;

/// Lists them, newest first.
///
/// # Errors
/// Refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<MovedList, AppError> {
    session.permit(Action::Read, &Scope::Station)?;
    let lines = session.store.read(|reader| moves::list(reader, ROWS))?;
    let rows = lines.into_iter().map(|line| {
        let ((from_cell, from_cell_name), (to_cell, to_cell_name)) =
            (cell_of(session, &line.from), cell_of(session, &line.to));
        MovedRow {
            document: line.document.to_string(),
            kind: line.kind,
            title: line.title,
            from_cell,
            from_cell_name,
            to_cell,
            to_cell_name,
            records: line.records,
            at: line.at,
            officer: session.name_of(line.officer),
            laptop: session.laptop_of(line.replica),
            state: crate::people::save_state(line.state),
            shown: line.shown,
        }
    });
    Ok(MovedList { rows: rows.collect() })
}
