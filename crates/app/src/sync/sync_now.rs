//! Asks the driver of the link to try at once.

use crate::contract::Empty;
use crate::error::AppError;
use crate::event::{Heard, SyncSignal};
use crate::session::Session;

/// Asks. How it goes is told by events.
///
/// # Errors
/// [`AppError::SyncUnavailable`] on a host without a driver.
pub(crate) fn run(session: &Session, _: Empty) -> Result<Empty, AppError> {
    match session.bus.signal(SyncSignal::Now) {
        Heard::BySomeone => Ok(Empty {}),
        Heard::ByNobody => Err(AppError::SyncUnavailable {}),
    }
}
