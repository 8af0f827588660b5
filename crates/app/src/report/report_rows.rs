//! The rows behind a number: the same condition as the number itself.

use std::collections::BTreeMap;

use store::report::{Figure, FigureRow, RowsAfter, rows};

use super::{permit, week};
use crate::contract::Page;
use crate::contract::report::{ReportRow, ReportRowsRequest};
use crate::error::AppError;
use crate::marks::{mark, read_mark, rows_of};
use crate::session::Session;

/// Reads one page.
///
/// # Errors
/// [`AppError::UnknownFigure`], [`AppError::BadWeek`], [`AppError::BadPage`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: ReportRowsRequest) -> Result<Page<ReportRow>, AppError> {
    permit(session)?;
    let week = week(session, Some(request.year), Some(request.week))?;
    let figure = Figure::parse(&request.figure)
        .ok_or_else(|| AppError::UnknownFigure { figure: request.figure.chars().take(40).collect() })?;
    let limit = rows_of(request.limit)?;
    let after: Option<RowsAfter> = read_mark(figure.key(), request.after.as_deref())?;
    let (from_at, to_at) = week.range_ms();
    let (cell, village) = (request.cell.as_deref(), request.village.as_deref());
    let found =
        session.store.read(|reader| rows(reader, figure, from_at, to_at, cell, village, after.as_ref(), limit))?;
    let next = match found.last() {
        Some(last) if found.len() == limit => {
            let key: RowsAfter =
                (last.at.unwrap_or_default(), last.document.clone(), last.item.clone().unwrap_or_default());
            Some(mark(figure.key(), &key)?)
        }
        Some(_) | None => None,
    };
    let names = place_names(session);
    Ok(Page { rows: found.into_iter().map(|line| row(line, &names)).collect(), next })
}

/// Names of cells and villages by code.
pub(super) fn place_names(session: &Session) -> BTreeMap<String, String> {
    let directory = session.directory();
    let cells = directory.cells.iter().map(|cell| (cell.code.clone(), cell.name.clone()));
    let villages = directory.villages.iter().map(|village| (village.code.clone(), village.name.clone()));
    cells.chain(villages).collect()
}

fn row(line: FigureRow, names: &BTreeMap<String, String>) -> ReportRow {
    ReportRow {
        document: line.document,
        kind: line.kind.to_owned(),
        number: line.number,
        title: line.title,
        place: line.place.map(|code| names.get(&code).cloned().unwrap_or(code)),
        at: line.at,
        minutes: line.minutes,
        state: line.state,
        counted: line.counted,
    }
}
