//! The Sync screen.

use std::collections::BTreeMap;

use domain::week::start_of_day_ms;
use store::exchange::ToCome;
use store::local;
use store::succession::Cause;

use crate::contract::Empty;
use crate::contract::session::Connectivity;
use crate::contract::sync::{LeftCell, OlderToCome, SuccessionCause, SuccessionNotice, SyncProgress, SyncStatus};
use crate::error::AppError;
use crate::event::locked;
use crate::exchange::Running;
use crate::session::Session;

/// Reads counts, the running exchange and the last attempt.
///
/// # Errors
/// Faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<SyncStatus, AppError> {
    let day = start_of_day_ms(session.today());
    let (status, last, left, succeeded, to_come) = session.store.read(|reader| {
        let last = local::sync_runs(reader, 1)?.into_iter().next();
        let (left, succeeded) = (store::scopes::left(reader)?, store::succession::newest(reader)?);
        let to_come = store::exchange::to_come(reader)?;
        Ok::<_, AppError>((store::status::of(reader, day)?, last, left, succeeded, to_come))
    })?;
    let identity = session.store.identity()?;
    let (connectivity, running, next_attempt_at) = {
        let link = locked(&session.link);
        (link.connectivity.unwrap_or(Connectivity::Unknown), link.running.clone(), link.next_attempt_at)
    };
    Ok(SyncStatus {
        connectivity,
        station_urls: session.enrolment().servers.clone(),
        unsent: status.unsent,
        received_today: status.received_today,
        received_total: status.received_total,
        set_aside: status.set_aside,
        set_aside_acts: status.set_aside_acts,
        fetched_today: status.fetched_today,
        directory_version: status.directory_version,
        directory_at: status.directory_at,
        running: running.map(progress),
        last: last.map(super::run_view),
        next_attempt_at,
        certified: identity.certified,
        refused: identity.refused,
        older: older(session, &to_come),
        left: left.into_iter().map(|one| left_cell(session, one)).collect(),
        succession: succeeded.map(|done| SuccessionNotice {
            at: done.at,
            cause: match done.cause {
                Cause::Backup => SuccessionCause::Backup,
                Cause::Copy => SuccessionCause::Copy,
            },
            laptop: session.laptop.clone(),
            number: done.replica.to_string().chars().take(8).collect(),
            carried: done.carried,
            settled: identity.certified,
        }),
    })
}

/// By cell: its sensitive part counts with it.
fn older(session: &Session, to_come: &[ToCome]) -> Vec<OlderToCome> {
    let mut cells: BTreeMap<(String, String), u64> = BTreeMap::new();
    for one in to_come {
        let sum = cells.entry(crate::moves::cell_of(session, &one.scope)).or_default();
        *sum = sum.saturating_add(one.entries);
    }
    cells.into_iter().map(|((cell, name), entries)| OlderToCome { cell, name, entries }).collect()
}

fn left_cell(session: &Session, left: store::scopes::LeftScope) -> LeftCell {
    let (cell, name) = crate::moves::cell_of(session, &left.scope);
    LeftCell { cell, name, since_at: left.since, unsent: left.unsent, dropped_at: left.dropped_at }
}

fn progress(running: Running) -> SyncProgress {
    let known = running.progress;
    SyncProgress {
        sent: known.sent,
        to_send: known.send_total,
        fetched: known.pulled,
        to_fetch: (known.pull_total > 0).then_some(known.pull_total),
        bytes_out: running.bytes_out,
        bytes_in: running.bytes_in,
    }
}
