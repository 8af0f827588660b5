//! A page of households.

use domain::permit::Action;
use domain::week::start_of_day_ms;
use store::household::query::{self, Filter, HouseholdLine, Order, SortKey};

use super::{save_state, village_names};
use crate::contract::Page;
use crate::contract::people::{HouseholdListRequest, HouseholdOrder, HouseholdRow};
use crate::error::AppError;
use crate::marks::{mark, read_mark, rows_of};
use crate::session::Session;

/// Reads one page, in the order asked for.
///
/// # Errors
/// Refusals of permits; [`AppError::BadPage`]; faults of the disk.
pub(crate) fn run(session: &Session, request: HouseholdListRequest) -> Result<Page<HouseholdRow>, AppError> {
    session.permit_list(Action::Read, request.cell.as_deref())?;
    let rows = rows_of(request.limit)?;
    let (order, name) = order(request.order);
    let after: Option<(SortKey, String)> = read_mark(name, request.after.as_deref())?;
    let filter = filter(session, request)?;
    let lines = session.store.read(|reader| query::page(reader, &filter, order, after.as_ref(), rows))?;
    let next = match lines.last() {
        Some(last) if lines.len() == rows => Some(mark(name, &(&last.sort, &last.id))?),
        Some(_) | None => None,
    };
    let villages = village_names(session);
    let row = |line: HouseholdLine| HouseholdRow {
        village: line.village.map(|code| villages.get(&code).cloned().unwrap_or(code)),
        document: line.id,
        head_name: line.head_name,
        address: line.address,
        kind: line.kind,
        members: line.members,
        visited_at: (line.visited_at > 0).then_some(line.visited_at),
        conflicts: line.conflicts,
        missing: line.missing,
        state: save_state(line.saved),
    };
    Ok(Page { rows: lines.into_iter().map(row).collect(), next })
}

const fn order(order: HouseholdOrder) -> (Order, &'static str) {
    match order {
        HouseholdOrder::Address => (Order::Address, "address"),
        HouseholdOrder::Head => (Order::Head, "head"),
        HouseholdOrder::LastVisit => (Order::LastVisit, "last_visit"),
        HouseholdOrder::Members => (Order::Members, "members"),
    }
}

/// The filter of a request, within the cells held.
pub(super) fn filter(session: &Session, request: HouseholdListRequest) -> Result<Filter, AppError> {
    let not_visited_since_at = match request.not_visited_since_on {
        None => None,
        Some(day) => {
            let on = day.parse().map_err(|_| AppError::FieldBadDate { key: "not_visited_since_on".to_owned() })?;
            Some(start_of_day_ms(on))
        }
    };
    Ok(Filter {
        cells: session.cells(),
        cell: request.cell,
        village: request.village,
        kind: request.kind,
        not_visited_since_at,
    })
}
