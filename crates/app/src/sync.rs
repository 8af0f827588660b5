//! Sync as a person sees it: what is here, at the station, set aside. The exchange itself is `exchange` and `link`.

pub(crate) mod receipt_list;
pub(crate) mod set_aside_export;
pub(crate) mod set_aside_list;
pub(crate) mod set_aside_rewrite;
pub(crate) mod sync_cancel;
pub(crate) mod sync_now;
pub(crate) mod sync_runs;
pub(crate) mod sync_status;

use crate::contract::sync::{SyncOutcome, SyncRun};
use crate::error::AppError;
use crate::session::Session;

/// Whether nothing older is still to be pulled: the station has been reached, and the way back through every log is done.
pub(crate) fn first_sync_is_over(session: &Session) -> Result<bool, AppError> {
    if !session.store.identity()?.certified {
        return Ok(false);
    }
    Ok(session.store.read(store::exchange::to_come)?.is_empty())
}

/// What takes other records along waits until all of them are here.
///
/// # Errors
/// [`AppError::OlderWorkToCome`], faults of the disk.
pub(crate) fn nothing_to_come(session: &Session) -> Result<(), AppError> {
    let to_come = session.store.read(store::exchange::to_come)?;
    if to_come.is_empty() { Ok(()) } else { Err(AppError::OlderWorkToCome {}) }
}

/// An attempt as the contract shows it.
pub(crate) fn run_view(run: store::local::SyncRun) -> SyncRun {
    SyncRun {
        at: run.at,
        took_ms: run.took_ms,
        outcome: outcome(&run.outcome),
        received: run.received,
        of: run.of,
        fetched: run.fetched,
        bytes_out: run.bytes_out,
        bytes_in: run.bytes_in,
        detail: run.detail,
    }
}

/// The word of a kept code; one of a newer version counts as a failure here.
fn outcome(code: &str) -> SyncOutcome {
    match code {
        "complete" => SyncOutcome::Complete,
        "unreachable" => SyncOutcome::Unreachable,
        "not_our_station" => SyncOutcome::NotOurStation,
        "wrong_station" => SyncOutcome::WrongStation,
        "refused" => SyncOutcome::Refused,
        "interrupted" => SyncOutcome::Interrupted,
        "cancelled" => SyncOutcome::Cancelled,
        _ => SyncOutcome::Failed,
    }
}
