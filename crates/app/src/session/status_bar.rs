//! The status bar: always in sight, so cheap.

use domain::limits::{CLOCK_AHEAD_TOLERANCE_MS, CLOCK_BEHIND_TOLERANCE_MS};
use domain::week::start_of_day_ms;
use store::local::ClockSeen;

use super::Session;
use crate::contract::Empty;
use crate::contract::session::{Connectivity, StatusBar};
use crate::error::AppError;
use crate::event::locked;

/// Counts and states of this moment.
///
/// # Errors
/// Faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<StatusBar, AppError> {
    let now_at = session.now_ms();
    let day = start_of_day_ms(session.today());
    let (status, clock) = session
        .store
        .read(|reader| Ok::<_, AppError>((store::status::of(reader, day)?, store::local::clock_seen(reader)?)))?;
    let (connectivity, since_at) = {
        let link = locked(&session.link);
        (link.connectivity.unwrap_or(Connectivity::Unknown), link.since_at)
    };
    let signed_at = session.directory().signed_at_ms;
    session.lease_keep()?;
    let lease = session.lease();
    Ok(StatusBar {
        connectivity,
        since_at,
        unsent: status.unsent,
        receipt_at: status.receipt_at,
        conflicts: status.conflicts,
        set_aside: status.set_aside,
        clock_skew_ms: clock.map(|seen| seen.device_at.saturating_sub(seen.station_at)),
        clock_doubtful: doubtful(now_at, status.newest_entry_at, clock, signed_at),
        disk_free_bytes: session.host.free_disk_bytes(),
        now_at,
        lease_over: lease.as_ref().is_some_and(super::lease::Lease::is_over),
        lease_ends_on: lease.map(|lease| lease.ends_on),
    })
}

/// Whether the laptop's clock is behind the newest record or the station's last word, or months ahead of it.
fn doubtful(now: i64, newest_entry: Option<i64>, clock: Option<ClockSeen>, signed_at: i64) -> bool {
    let station = clock.map_or(signed_at, |seen| seen.station_at.max(signed_at));
    let newest = newest_entry.unwrap_or(i64::MIN).max(station);
    now < newest.saturating_sub(CLOCK_BEHIND_TOLERANCE_MS) || now > station.saturating_add(CLOCK_AHEAD_TOLERANCE_MS)
}

#[cfg(test)]
mod tests {
    use super::doubtful;

    #[test]
    fn a_clock_behind_the_newest_record_or_months_ahead_of_the_station_is_doubtful() {
        let day = 86_400_000;
        assert!(!doubtful(100 * day, Some(100 * day), None, 100 * day));
        assert!(!doubtful(160 * day, Some(150 * day), None, 100 * day));
        assert!(doubtful(99 * day, Some(100 * day), None, 98 * day));
        assert!(doubtful(0, None, None, 100 * day));
        assert!(doubtful(4_000 * day, None, None, 100 * day));
    }
}
