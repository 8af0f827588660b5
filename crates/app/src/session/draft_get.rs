//! Gives back what was typed into a form.

use super::Session;
use crate::contract::session::{Draft, DraftKey};
use crate::error::AppError;

/// The draft of a key, if there is one.
///
/// # Errors
/// Faults of the disk.
pub(crate) fn run(session: &Session, request: DraftKey) -> Result<Draft, AppError> {
    super::draft_put::check_key(&request.key)?;
    let found = session.store.read(|reader| store::local::draft(reader, &request.key))?;
    let (at, json) = found.unzip();
    Ok(Draft { json, at })
}
