//! Attempts to reach the station, newest first.

use crate::contract::Empty;
use crate::contract::sync::SyncRuns;
use crate::error::AppError;
use crate::session::Session;

/// Attempts shown.
const RUNS: u32 = 50;

/// Reads the newest.
///
/// # Errors
/// Faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<SyncRuns, AppError> {
    let runs = session.store.read(|reader| store::local::sync_runs(reader, RUNS))?;
    Ok(SyncRuns { rows: runs.into_iter().map(super::run_view).collect() })
}
