//! Owns: whether the laptop's own clock can be believed.
//! Must not know: how the clock is read. Data is never refused for a wrong clock; rules about dates only warn while it is doubtful.

use crate::limits::{CLOCK_AHEAD_TOLERANCE_MS, CLOCK_BEHIND_TOLERANCE_MS};
use serde::Serialize;

/// Why the clock is doubtful, with the distance in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ClockDoubt {
    /// It shows a time before the last time the station told.
    BehindStation {
        /// By how much.
        by_ms: i64,
    },
    /// It shows a time before the newest record.
    BehindRecords {
        /// By how much.
        by_ms: i64,
    },
    /// It shows a time so long after the last station time that it was more likely set wrong than offline.
    AheadOfStation {
        /// By how much.
        by_ms: i64,
    },
}

/// Compares the device's time with the last time the station told and with the newest record, all UTC milliseconds.
/// The station's word weighs most, since a record may itself have been written under a wrong clock.
#[must_use]
pub fn clock_doubt(
    device_now_ms: i64,
    last_station_time_ms: Option<i64>,
    newest_record_ms: Option<i64>,
) -> Option<ClockDoubt> {
    if let Some(station) = last_station_time_ms {
        let behind = station.saturating_sub(device_now_ms);
        if behind > CLOCK_BEHIND_TOLERANCE_MS {
            return Some(ClockDoubt::BehindStation { by_ms: behind });
        }
        let ahead = device_now_ms.saturating_sub(station);
        if ahead > CLOCK_AHEAD_TOLERANCE_MS {
            return Some(ClockDoubt::AheadOfStation { by_ms: ahead });
        }
    }
    let behind = newest_record_ms?.saturating_sub(device_now_ms);
    (behind > CLOCK_BEHIND_TOLERANCE_MS).then_some(ClockDoubt::BehindRecords { by_ms: behind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;
    const NOW: i64 = 1_795_200_000_000;

    #[test]
    fn a_clock_is_doubtful_only_against_the_station_or_the_records() {
        assert_eq!(clock_doubt(NOW, None, None), None);
        assert_eq!(clock_doubt(NOW, Some(NOW - HOUR), Some(NOW - 60_000)), None);
        assert_eq!(clock_doubt(NOW, Some(NOW + 60_000), None), None);
        assert_eq!(clock_doubt(NOW, Some(NOW + HOUR), None), Some(ClockDoubt::BehindStation { by_ms: HOUR }));
        assert_eq!(
            clock_doubt(NOW, Some(NOW - HOUR), Some(NOW + HOUR)),
            Some(ClockDoubt::BehindRecords { by_ms: HOUR })
        );
        let year = 365 * 24 * HOUR;
        assert_eq!(clock_doubt(NOW, Some(NOW - year), None), Some(ClockDoubt::AheadOfStation { by_ms: year }));
    }

    #[test]
    fn two_months_offline_are_no_reason_to_doubt() {
        assert_eq!(clock_doubt(NOW, Some(NOW - 62 * 24 * HOUR), Some(NOW)), None);
    }

    proptest! {
        #[test]
        fn no_time_however_odd_crashes(now: i64, station: Option<i64>, record: Option<i64>) {
            let _ = clock_doubt(now, station, record);
        }
    }
}
