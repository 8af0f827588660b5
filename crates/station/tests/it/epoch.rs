//! Log epochs of a station.

use station::{EpochCause, Station};
use tempfile::TempDir;

use crate::kit::{self, NOW_MS};

#[test]
fn an_epoch_once_opened_stays_open_with_its_cause() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    assert_eq!(station.open_epoch(EpochCause::Restored, NOW_MS).unwrap(), 2);
    drop(station);
    let epochs = Station::open(dir.path()).unwrap().epochs().unwrap();
    let told: Vec<_> = epochs.iter().map(|one| (one.epoch, one.opened_at_ms, one.cause.as_str())).collect();
    assert_eq!(told, [(1, NOW_MS - 1000, "founded"), (2, NOW_MS, "restored")]);
}
