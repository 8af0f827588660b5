//! How a job stands.

use crate::contract::import::{JobRequest, JobStatus};
use crate::error::AppError;
use crate::session::Session;

/// Looks a job up.
///
/// # Errors
/// [`AppError::JobUnknown`].
pub(crate) fn run(session: &Session, request: JobRequest) -> Result<JobStatus, AppError> {
    session.jobs.status(&request.job)
}
