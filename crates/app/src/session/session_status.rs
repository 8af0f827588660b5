//! What the window shows first. Open: nothing secret is in it.

use super::profile::status;
use crate::app::App;
use crate::contract::Empty;
use crate::contract::session::SessionStatus;
use crate::error::AppError;

/// Whether a replica is here and unlocked.
///
/// # Errors
/// What the disk says.
pub(crate) fn run(app: &App, _: Empty) -> Result<SessionStatus, AppError> {
    status(app)
}
