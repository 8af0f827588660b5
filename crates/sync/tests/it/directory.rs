//! Who has which scopes on which day, and that a directory is believed only from its station.

use proptest::prelude::*;
use sync::crypto::{SignKey, Signed};
use sync::directory::{self, AssignedTo, Assignment, DirectoryFault, Role, station_day};
use sync::ids::{ReplicaId, ScopeId, StationId};
use sync::lane::EntryKind;

use crate::kit;

fn names(scopes: impl IntoIterator<Item = ScopeId>) -> Vec<String> {
    scopes.into_iter().map(|scope| scope.to_string()).collect()
}

#[test]
fn an_officer_has_his_cell_from_the_first_to_the_last_day() {
    let mut directory = kit::directory();
    directory.assignments = vec![Assignment {
        officer: kit::officer_id(1),
        to: AssignedTo::Scope(kit::cell("A")),
        from_on: "2026-02-01".to_owned(),
        to_on: Some("2026-02-28".to_owned()),
    }];
    let on = |day: &str| names(directory.scopes_of(kit::officer_id(1), day));
    assert_eq!(on("2026-01-31"), ["station"]);
    assert_eq!(on("2026-02-01"), ["cell:A", "station"]);
    assert_eq!(on("2026-02-28"), ["cell:A", "station"]);
    assert_eq!(on("2026-03-01"), ["station"]);
    assert!(directory.scopes_of(kit::officer_id(99), "2026-02-01").is_empty());
}

#[test]
fn all_cells_does_not_mean_the_sensitive_parts() {
    let scopes = names(kit::directory().scopes_of(kit::officer_id(4), "2026-11-21"));
    assert_eq!(scopes, ["cell:A", "cell:B", "station"]);
}

#[test]
fn only_the_chief_erases_and_auditors_and_admins_write_nothing() {
    let all = EntryKind::KNOWN;
    let may = |role: Role| all.iter().filter(|kind| role.may_write(**kind)).count();
    assert_eq!([Role::Chief, Role::Officer, Role::Clerk, Role::Auxiliary].map(may), [5, 4, 4, 1]);
    assert_eq!([Role::Auditor, Role::Admin, Role::Other(99)].map(may), [0, 0, 0]);
    assert!(!Role::Chief.may_write(EntryKind::Other(77)));
}

#[test]
fn a_successor_is_known_through_several_laptops_and_circles_end() {
    let mut directory = kit::directory();
    directory.replicas[1].successor_of = Some(kit::replica_id(1));
    directory.replicas[2].successor_of = Some(kit::replica_id(2));
    assert!(directory.is_successor(kit::replica_id(3), kit::replica_id(1)));
    assert!(!directory.is_successor(kit::replica_id(1), kit::replica_id(3)));
    directory.replicas[0].successor_of = Some(kit::replica_id(3));
    assert!(!directory.is_successor(kit::replica_id(1), ReplicaId(kit::uuid(9, 9))));
}

#[test]
fn a_directory_is_believed_only_from_its_own_station() {
    let key = kit::station_public();
    assert!(directory::verify(kit::signed_directory(), kit::station_id(), &key).is_ok());
    let other = directory::verify(kit::signed_directory(), StationId(kit::uuid(1, 2)), &key);
    assert_eq!(other.unwrap_err(), DirectoryFault::AnotherStation);
    let stranger = SignKey::from_seed(&[8; 32]);
    let forged = Signed::sign(&kit::directory(), &stranger);
    assert!(matches!(directory::verify(forged.clone(), kit::station_id(), &key), Err(DirectoryFault::Signature(_))));
    let lying = directory::verify(forged, kit::station_id(), &stranger.public());
    assert_eq!(lying.unwrap_err(), DirectoryFault::AnotherKey);
}

#[test]
fn days_turn_at_midnight_in_china() {
    assert_eq!(station_day(0), "1970-01-01");
    assert_eq!(station_day(kit::NOW_MS), "2026-11-21");
    assert_eq!(station_day(1_709_135_999_999), "2024-02-28");
    assert_eq!(station_day(1_709_136_000_000), "2024-02-29");
    assert_eq!(station_day(1_709_222_400_000), "2024-03-01");
    assert_eq!(station_day(-1 - 8 * 3_600_000), "1969-12-31");
}

proptest! {
    #[test]
    fn days_follow_each_other(at in -62_000_000_000_000_i64..253_000_000_000_000) {
        prop_assert!(station_day(at) < station_day(at + 86_400_000));
    }

    #[test]
    fn no_instant_is_too_strange(at in any::<i64>(), later in any::<i64>()) {
        prop_assert_eq!(station_day(at).len(), 10);
        prop_assert!((station_day(at) <= station_day(later)) || at > later);
    }
}
