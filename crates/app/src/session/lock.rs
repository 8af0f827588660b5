//! Locks the session: the store closes, its keys are wiped.

use crate::app::App;
use crate::contract::Empty;
use crate::error::AppError;
use crate::event::LockReason;

/// Locks. Locking what is locked is no error.
pub(crate) fn run(app: &App, _: Empty) -> Result<Empty, AppError> {
    app.lock(LockReason::User);
    Ok(Empty {})
}
