//! Asks a job to end. It ends at its next step and leaves nothing half-done.

use crate::contract::Empty;
use crate::contract::import::JobRequest;
use crate::error::AppError;
use crate::session::Session;

/// Asks.
///
/// # Errors
/// [`AppError::JobUnknown`].
pub(crate) fn run(session: &Session, request: JobRequest) -> Result<Empty, AppError> {
    session.jobs.cancel(&request.job)?;
    Ok(Empty {})
}
