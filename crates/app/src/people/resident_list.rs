//! A page of residents. Numbers are masked; a list is not audited, because it shows none in full.

use domain::permit::Action;
use store::resident::query::{self, After, Filter, Order, ResidentLine};

use super::{age, masked_number, masked_phone, save_state};
use crate::contract::Page;
use crate::contract::people::{ResidentListRequest, ResidentOrder, ResidentRow};
use crate::error::AppError;
use crate::marks::{mark, read_mark, rows_of};
use crate::session::Session;

/// Reads one page, in the order asked for.
///
/// # Errors
/// Refusals of permits; [`AppError::BadPage`]; faults of the disk.
pub(crate) fn run(session: &Session, request: ResidentListRequest) -> Result<Page<ResidentRow>, AppError> {
    session.permit_list(Action::Read, request.cell.as_deref())?;
    let rows = rows_of(request.limit)?;
    let (order, name) = match request.order {
        ResidentOrder::Name => (Order::Name, "name"),
        ResidentOrder::Birth => (Order::Birth, "birth"),
        ResidentOrder::Address => (Order::Address, "address"),
    };
    let after: Option<After> = read_mark(name, request.after.as_deref())?;
    let filter = filter(session, request);
    let lines = session.store.read(|reader| query::page(reader, &filter, order, after.as_ref(), rows))?;
    let next = match lines.last() {
        Some(last) if lines.len() == rows => Some(mark(name, &After { sort: last.sort.clone(), id: last.id.clone() })?),
        Some(_) | None => None,
    };
    let today = session.today();
    let row = |line: ResidentLine| ResidentRow {
        age: age(line.birth_on.as_deref(), today),
        id_number: masked_number(line.id_kind.as_deref(), line.id_number.as_deref()),
        phone: masked_phone(line.phone.as_deref()),
        document: line.id,
        name: line.name.unwrap_or_default(),
        sex: line.sex,
        address: Some(line.address).filter(|text| !text.is_empty()),
        household: line.household,
        kind: line.kind,
        conflicts: line.conflicts,
        state: save_state(line.saved),
    };
    Ok(Page { rows: lines.into_iter().map(row).collect(), next })
}

pub(super) fn filter(session: &Session, request: ResidentListRequest) -> Filter {
    Filter { cells: session.cells(), cell: request.cell, village: request.village, kind: request.kind }
}
