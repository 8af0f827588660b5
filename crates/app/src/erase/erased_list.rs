//! Tombstones: which records were erased, when, by whom, why.

use domain::permit::Action;
use domain::scope::Scope;
use store::erase;

use crate::contract::Empty;
use crate::contract::erase::{ErasedList, ErasedRow};
use crate::error::AppError;
use crate::session::Session;

/// Rows given.
const ROWS: u32 = 200;

/// Lists them, newest first.
///
/// # Errors
/// Refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<ErasedList, AppError> {
    session.permit(Action::Read, &Scope::Station)?;
    let rows = session.store.read(|reader| erase::list(reader, ROWS))?;
    let row = |(document, stone): (::sync::ids::DocumentId, erase::Tombstone)| ErasedRow {
        document: document.to_string(),
        at: stone.at,
        officer: session.name_of(stone.officer),
        reason: super::reason(&stone.reason),
    };
    Ok(ErasedList { rows: rows.into_iter().map(row).collect() })
}
