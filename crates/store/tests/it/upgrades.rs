//! What an earlier build could not read is kept, and read by a build that can.

use std::collections::BTreeMap;

use domain::kind::Kind;
use store::{Store, set_aside, status};
use sync::ids::ScopeId;
use sync::known::Known;
use sync::lane::EntryKind;
use sync::laptop::{Ask, Load, LoadFrom};
use sync::receipt::RefusalReason;
use sync::scope_log::{Cursor, LogPosition};

use crate::support::{Laptop, STATION, Station, cell, load, set};

#[test]
fn what_an_earlier_build_kept_aside_is_read_by_the_next() {
    let mut station = Station::new();
    let alice = Laptop::new(1);
    let household = alice.create(Kind::Household, &[set("head_name", "章若锦")]).document;
    let other = ScopeId::cell("QF-05").unwrap();
    alice.try_write(|tx| tx.relocate(&[household], &cell(), &other)).unwrap();
    station.sync(&alice);

    let bob = Laptop::new(2);
    bob.store.read_again(1).unwrap();
    let earlier = Known::here().before(EntryKind::Move);
    let bob = Laptop { store: bob.store.knowing(earlier), ..bob };
    bob.store.read_again(1).unwrap();
    station.sync(&bob);
    assert_eq!(bob.read(|reader| status::of(reader, 0)).quarantined, 1);
    assert_eq!(bob.read(|reader| store::scopes::whereabouts(reader, household)), Some(cell()));

    let Laptop { store, folder, key, .. } = bob;
    drop(store);
    let bob = Laptop { store: Store::open(folder.path(), &key).unwrap(), folder, key, ..Laptop::new(2) };
    assert_eq!(bob.store.read_again(2).unwrap().fetched, 1);
    assert_eq!(bob.read(|reader| status::of(reader, 0)).quarantined, 0);
    assert_eq!(bob.read(|reader| store::scopes::whereabouts(reader, household)), Some(other));
    assert_eq!(bob.store.read_again(3).unwrap().fetched, 0, "once");
    let wanted = vec![Cursor { scope: cell(), position: LogPosition::genesis(STATION, &cell(), 1) }];
    let ask = Load { ask: Ask { wanted, ..Ask::default() }, ..load(LoadFrom::Outbox, u64::MAX) };
    let evidence = bob.store.load(&ask, None).unwrap().evidence;
    let given: usize = evidence.pieces.iter().map(|piece| piece.entries.len()).sum();
    assert_eq!((given, evidence.gaps.len()), (station.logs[&cell()].len(), 0));
    bob.assert_sound();
}

#[test]
fn an_own_entry_set_aside_that_the_station_took_after_its_upgrade_stands() {
    let mut station = Station::new();
    let alice = Laptop::new(1);
    let visit = alice.create(Kind::Visit, &[set("notes", "户主在家")]).document;
    let unknown = BTreeMap::from([(1, RefusalReason::KindUnknown)]);
    station.sync_refusing(&alice, &unknown);
    assert!(alice.store.read(|reader| store::record::open(reader, visit)).is_err());
    // the upgraded station judges it again: no receipt, but a place in the log
    let entry = alice.store.load(&load(LoadFrom::Index(0), u64::MAX), None).unwrap().entries.remove(0);
    station.logs.entry(cell()).or_default().push((alice.replica, entry));
    station.sync(&alice);
    assert!(alice.store.read(|reader| store::record::open(reader, visit)).is_ok());
    assert!(alice.read(|reader| set_aside::list(reader, set_aside::Which::Refused)).is_empty());
    alice.assert_sound();
}
