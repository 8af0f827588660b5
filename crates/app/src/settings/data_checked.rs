//! What the last check of the data found.

use crate::contract::import::{JobRequest, JobState};
use crate::contract::settings::DataChecked;
use crate::error::AppError;
use crate::event::locked;
use crate::session::Session;

/// Looks the result of a check up.
///
/// # Errors
/// [`AppError::JobUnknown`], [`AppError::JobRunning`], or the error the check ended with.
pub(crate) fn run(session: &Session, request: JobRequest) -> Result<DataChecked, AppError> {
    let status = session.jobs.status(&request.job)?;
    match status.state {
        JobState::Running => Err(AppError::JobRunning {}),
        JobState::Cancelled => Err(AppError::JobCancelled {}),
        JobState::Done | JobState::Failed => {
            locked(&session.checked).get(&request.job).cloned().ok_or(AppError::JobUnknown {})
        }
    }
}
