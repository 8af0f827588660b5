//! Forgets what was typed into a form: it was saved, or thrown away.

use super::Session;
use crate::contract::Empty;
use crate::contract::session::DraftKey;
use crate::error::AppError;

/// Deletes a draft. None there is no error.
///
/// # Errors
/// Faults of the disk.
pub(crate) fn run(session: &Session, request: DraftKey) -> Result<Empty, AppError> {
    super::draft_put::check_key(&request.key)?;
    session.store.draft_delete(&request.key)?;
    Ok(Empty {})
}
