//! The mediator register.

use domain::permit::Action;
use domain::scope::Scope;
use store::mediator::query;

use super::suggestion::row;
use crate::contract::Empty;
use crate::contract::dispute::MediatorList;
use crate::error::AppError;
use crate::session::Session;

/// Lists every mediator.
///
/// # Errors
/// Refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<MediatorList, AppError> {
    session.permit(Action::Read, &Scope::Station)?;
    let lines = session.store.read(|reader| query::list(reader, query::Which::All))?;
    Ok(MediatorList { rows: lines.into_iter().map(|line| row(line, Vec::new())).collect() })
}
