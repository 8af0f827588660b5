//! A page of disputes.

use chrono::NaiveDate;
use domain::permit::Action;
use store::dispute::query::{self, Order};

use super::{closed, of_line};
use crate::contract::Page;
use crate::contract::dispute::{DisputeListRequest, DisputeOrder, DisputeRow};
use crate::error::AppError;
use crate::marks::{mark, read_mark, rows_of};
use crate::people::save_state;
use crate::session::Session;

/// Reads one page, in the order asked for.
///
/// # Errors
/// Refusals of permits; [`AppError::BadPage`]; faults of the disk.
pub(crate) fn run(session: &Session, request: DisputeListRequest) -> Result<Page<DisputeRow>, AppError> {
    session.permit_list(Action::Read, request.cell.as_deref())?;
    let rows = rows_of(request.limit)?;
    let after = request.after.as_deref();
    let (order, name) = match request.order {
        DisputeOrder::Due => (Order::Due(read_mark("due", after)?), "due"),
        DisputeOrder::Newest => (Order::Newest(read_mark("newest", after)?), "newest"),
        DisputeOrder::Grade => (Order::Grade(read_mark("grade", after)?), "grade"),
    };
    let (cells, state, cell) = (session.cells(), closed(request.filter), request.cell.as_deref());
    let lines = session.store.read(|reader| query::list(reader, &cells, state, cell, &order, rows))?;
    let next = match lines.last() {
        Some(last) if lines.len() == rows => Some(match order {
            Order::Due(_) => mark(name, &(&last.due_on, &last.document))?,
            Order::Newest(_) => mark(name, &(last.opened_at, &last.document))?,
            Order::Grade(_) => mark(name, &(last.grade.as_deref().unwrap_or_default(), &last.document))?,
        }),
        Some(_) | None => None,
    };
    let today = session.today();
    Ok(Page { rows: lines.into_iter().map(|line| row(line, today)).collect(), next })
}

fn row(line: query::DisputeRow, today: NaiveDate) -> DisputeRow {
    DisputeRow {
        clock: line.clock.as_ref().map(|clock| of_line(clock, today)),
        document: line.document,
        number: line.number,
        title: line.title,
        state: line.state,
        grade: line.grade,
        at: Some(line.opened_at),
        conflicts: line.conflicts,
        saved: save_state(line.saved),
    }
}
