//! Asks the driver of the link to end the running attempt. What is stored stays.

use crate::contract::Empty;
use crate::error::AppError;
use crate::event::SyncSignal;
use crate::session::Session;

/// Asks.
///
/// # Errors
/// None.
pub(crate) fn run(session: &Session, _: Empty) -> Result<Empty, AppError> {
    session.bus.signal(SyncSignal::Cancel);
    Ok(Empty {})
}
