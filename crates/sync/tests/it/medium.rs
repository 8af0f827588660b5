//! Markers of media: believed only when the station signed them and has not withdrawn the medium since.

use sync::crypto::SignKey;
use sync::directory::MediumState;
use sync::ids::{MediumId, StationId};
use sync::medium::{Marker, MediumFault};

use crate::kit;

pub(crate) fn marker() -> Marker {
    let medium = kit::medium();
    Marker { station: kit::station_id(), medium: medium.id, label: medium.label, directory_version: 7 }
}

fn read(bytes: &[u8]) -> Result<Marker, MediumFault> {
    Marker::from_file(bytes, kit::station_id(), &kit::station_public())
}

#[test]
fn a_medium_is_used_only_while_the_directory_registers_it() {
    let mut directory = kit::directory();
    let marker = read(&marker().to_file(&kit::station_key())).unwrap();
    assert_eq!(marker.admit(&directory), Ok(()));
    directory.media[0].state = MediumState::Withdrawn;
    assert_eq!(marker.admit(&directory), Err(MediumFault::Withdrawn));
    directory.media.clear();
    assert_eq!(marker.admit(&directory), Err(MediumFault::NotRegistered));
    let another = Marker { medium: MediumId(kit::uuid(7, 2)), ..marker };
    assert_eq!(another.admit(&kit::directory()), Err(MediumFault::NotRegistered));
}

#[test]
fn a_laptop_with_an_older_directory_believes_the_stations_signature_on_the_marker() {
    let mut older = kit::directory();
    older.version = 6;
    older.media.clear();
    assert_eq!(marker().admit(&older), Ok(()));
}

#[test]
fn a_marker_of_another_station_a_changed_one_and_other_files_are_refused() {
    let good = marker().to_file(&kit::station_key());
    for at in 8..good.len() {
        let mut flipped = good.clone();
        flipped[at] ^= 1;
        assert_eq!(read(&flipped), Err(MediumFault::NotTheStations), "flipped at {at}");
        assert_eq!(read(&good[..at]), Err(MediumFault::NotTheStations), "cut at {at}");
    }
    assert_eq!(read(&[good.as_slice(), &[0]].concat()), Err(MediumFault::NotTheStations));
    let foreign = Marker { station: StationId(kit::uuid(1, 2)), ..marker() };
    assert_eq!(read(&foreign.to_file(&kit::station_key())), Err(MediumFault::NotTheStations));
    assert_eq!(read(&marker().to_file(&SignKey::from_seed(&[9; 32]))), Err(MediumFault::NotTheStations));
    let mut newer = good;
    newer[7] = 2;
    assert_eq!(read(&newer), Err(MediumFault::NewerVersion { found: 2 }));
    assert_eq!(read(b"autorun.inf"), Err(MediumFault::NotAMarker));
    assert_eq!(read(b""), Err(MediumFault::NotAMarker));
}
