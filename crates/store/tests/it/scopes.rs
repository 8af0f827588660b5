//! Which scopes are shown: what is not held stays in the log, is sent, and comes back into the views when it is held again.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use domain::kind::Kind;
use store::status;
use sync::ids::ScopeId;

use crate::support::{Laptop, Station, cell, set};

fn other() -> ScopeId {
    ScopeId::cell("QF-05").unwrap()
}

fn hold(laptop: &Laptop, scopes: &[ScopeId]) {
    let held: BTreeSet<ScopeId> = scopes.iter().cloned().chain([ScopeId::station()]).collect();
    laptop.store.hold_scopes(&held, laptop.now.get()).unwrap();
}

/// A household with its head, his residence, the address and a visit.
fn family(laptop: &Laptop, name: &str) -> [sync::ids::DocumentId; 5] {
    let address = laptop.create(Kind::Address, &[set("name", "3 组 27 号"), set("full", "3 组 27 号")]).document;
    let head = laptop.create(Kind::Resident, &[set("name", name)]).document;
    let household =
        laptop.create(Kind::Household, &[set("address", address.to_string()), set("head", head.to_string())]).document;
    let residence = laptop
        .create(Kind::Residence, &[set("resident", head.to_string()), set("household", household.to_string())])
        .document;
    let visit = laptop.create(Kind::Visit, &[set("household", household.to_string()), set("at", 5_i64)]).document;
    [household, address, head, residence, visit]
}

#[test]
fn a_scope_not_held_leaves_the_views_and_comes_back_as_it_was() {
    let alice = Laptop::new(1);
    let [household, ..] = family(&alice, "赵荣江");
    family(&alice, "钱二");
    hold(&alice, &[cell()]);
    let before = alice.dump();
    for _ in 0..5 {
        hold(&alice, &[other()]);
        assert!(!alice.dump().iter().any(|line| line.contains("赵荣江")));
        assert_eq!(alice.read(|reader| status::of(reader, 0)).unsent, 10);
        assert_eq!(alice.read(|reader| store::scopes::whereabouts(reader, household)), Some(cell()));
        let left = alice.read(store::scopes::left);
        assert_eq!((left[0].scope.clone(), left[0].unsent, left[0].dropped_at), (cell(), 10, None));
        alice.assert_sound();
        hold(&alice, &[cell()]);
        assert_eq!(alice.dump(), before);
        let checked = alice.store.verify(&mut |_| ControlFlow::Continue(())).unwrap();
        assert!(
            checked.integrity_ok && checked.bad_entries.is_empty() && checked.broken_audit.is_empty(),
            "{checked:?}"
        );
    }
    assert!(alice.read(store::scopes::left).iter().all(|left| left.scope != cell()));
}

#[test]
fn what_is_written_in_a_scope_taken_away_is_sent_all_the_same() {
    let (alice, mut station) = (Laptop::new(1), Station::new());
    family(&alice, "赵荣江");
    hold(&alice, &[other()]);
    station.sync(&alice);
    assert_eq!(alice.read(|reader| status::of(reader, 0)).unsent, 0);
    assert_eq!(station.logs[&cell()].len(), 5);
    alice.assert_sound();
}

#[test]
fn records_move_leave_a_note_and_come_back_when_the_move_is_refused() {
    let (alice, mut station) = (Laptop::new(1), Station::new());
    let goes = family(&alice, "赵荣江");
    hold(&alice, &[cell()]);
    station.sync(&alice);
    let before = alice.dump();
    alice.try_write(|tx| tx.relocate(&goes, &cell(), &other())).unwrap();
    assert!(alice.dump().iter().all(|line| !line.contains("赵荣江")));
    let notes = alice.read(|reader| store::moves::list(reader, 10));
    assert_eq!((notes[0].title.as_str(), notes[0].records, notes[0].shown), ("赵荣江 3 组 27 号", 5, false));
    alice.assert_sound();
    let refuse = [(6, sync::receipt::RefusalReason::DocumentInAnotherScope)].into();
    station.sync_refusing(&alice, &refuse);
    assert_eq!(alice.dump(), before);
    assert!(alice.read(|reader| store::moves::list(reader, 10))[0].shown);
    alice.assert_sound();
}

#[test]
fn a_move_that_comes_before_what_it_moves_waits_for_it() {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    let goes = family(&alice, "赵荣江");
    alice.try_write(|tx| tx.relocate(&goes, &cell(), &other())).unwrap();
    station.sync(&alice);
    hold(&bob, &[other()]);
    // the station copies the log into the other scope; here the move overtakes it
    let mut log = station.logs.remove(&cell()).unwrap();
    log.rotate_right(1);
    station.logs.insert(other(), log[..3].to_vec());
    station.sync(&bob);
    bob.assert_sound();
    station.logs.insert(other(), log);
    station.sync(&bob);
    let dump = bob.dump();
    assert!(dump.iter().any(|line| line.starts_with("household") && line.contains("赵荣江") && line.contains("QF-05")));
    bob.assert_sound();
}

#[test]
fn a_scope_taken_away_is_dropped_once_all_is_sent_and_backed_up_and_can_come_again() {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    family(&bob, "赵荣江");
    station.sync(&bob);
    family(&alice, "钱二");
    hold(&alice, &[cell()]);
    station.sync(&alice);
    let before = alice.dump();
    family(&alice, "孙三");
    hold(&alice, &[other()]);
    let kept = BTreeSet::from([ScopeId::station(), other()]);
    let drop_now = || alice.store.drop_left_scopes(&kept, alice.now.get()).unwrap();
    assert_eq!(drop_now(), []);
    station.sync_first(&alice, 5, &std::collections::BTreeMap::new());
    assert_eq!(drop_now(), [], "no backup of the station holds it yet");
    let batch = |watermark: u64| sync::laptop::Batch {
        directory: None,
        receipts: Vec::new(),
        pages: Vec::new(),
        earlier: Vec::new(),
        begin_again: Vec::new(),
        station_head: None,
        epoch: 1,
        station_at_ms: station.now,
        backup_watermark: Some(watermark),
    };
    alice.store.apply(&batch(9), alice.now.get()).unwrap();
    assert_eq!(drop_now(), [], "the backup is older than the last entry");
    alice.store.apply(&batch(10), alice.now.get()).unwrap();
    // the laptop's own clock says the cell is gone, the station's does not
    let still = BTreeSet::from([cell()]);
    assert_eq!(alice.store.drop_left_scopes(&still, alice.now.get()).unwrap(), []);
    assert_eq!(drop_now(), [cell()]);
    assert_eq!(alice.store.files().unwrap().entries, 10, "the own lane stays");
    assert!(alice.read(store::scopes::left)[0].dropped_at.is_some());
    alice.assert_sound();

    hold(&alice, &[cell()]);
    station.sync(&alice);
    let dump = alice.dump();
    assert!(before.iter().filter(|line| line.contains("赵荣江")).all(|line| dump.contains(line)));
    assert!(dump.iter().any(|line| line.contains("孙三")));
    alice.assert_sound();
}
