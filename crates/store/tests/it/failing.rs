//! The n-th call to the disk fails, n = 1, 2, 3 … until the deed passes: nothing promised is lost, nothing is doubled, the
//! deed succeeds when it is tried again, and the laptop goes on.

use store::StoreError;

use crate::disk::{Fault, Watch};
use crate::scene::{Deed, Scene};

/// No deed has so many calls.
const CALLS_MAX: u64 = 20_000;

/// What became of a deed whose disk failed.
#[derive(Debug, Default)]
struct Tally {
    tried: u64,
    failed: u64,
    passed_all_the_same: u64,
}

/// Every `step`-th call of a deed fails; closing the database counts as part of it.
fn every_call(deed: Deed, fault: Fault, step: usize) -> Tally {
    let template = Scene::new();
    template.laptop.store.checkpoint().unwrap();
    let mut tally = Tally::default();
    for n in (1..CALLS_MAX).step_by(step) {
        if !one(&template, deed, fault, n, &mut tally) {
            println!("{deed:?} {fault:?}: {tally:?}");
            return tally;
        }
    }
    panic!("{deed:?} has no end");
}

/// Whether a call failed at all.
fn one(template: &Scene, deed: Deed, fault: Fault, n: u64, tally: &mut Tally) -> bool {
    let mut scene = template.copy();
    if deed == Deed::SyncOut {
        let calm = Watch::on(scene.laptop.folder.path());
        scene.perform(Deed::Save, &calm).unwrap();
        drop(calm);
    }
    let watch = Watch::on(scene.laptop.folder.path());
    watch.fail_at(n, fault);
    let outcome = scene.perform(deed, &watch);
    let fired = watch.heal();
    match &outcome {
        Ok(()) => tally.passed_all_the_same += u64::from(fired),
        Err(StoreError::Io(_) | StoreError::DiskFull | StoreError::Missing) => tally.failed += 1,
        Err(other) => panic!("call {n} of {deed:?} failed; the store says {other:?}"),
    }
    if outcome.is_err() {
        scene.perform(deed, &watch).unwrap_or_else(|again| panic!("call {n} of {deed:?} failed, then: {again:?}"));
    }
    tally.tried += u64::from(fired);
    let mark = crate::disk::Mark { promised: scene.promises.len(), exchanges: scene.stations.len() - 1 };
    let found = tempfile::tempdir().unwrap();
    crate::disk::lay(&watch.found(), scene.laptop.folder.path(), found.path());
    scene.assert_kept(found, mark);
    fired
}

#[test]
fn a_save_survives_the_failure_of_any_call() {
    assert!(every_call(Deed::Save, Fault::Once, 1).failed > 20);
}

#[test]
fn an_import_survives_the_failure_of_any_call() {
    assert!(every_call(Deed::Import, Fault::Once, 1).failed > 20);
}

#[test]
fn sending_survives_the_failure_of_any_call() {
    assert!(every_call(Deed::SyncOut, Fault::Once, 1).failed > 5);
}

#[test]
fn receiving_survives_the_failure_of_any_call() {
    assert!(every_call(Deed::SyncIn, Fault::Once, 1).failed > 20);
}

#[test]
fn a_backup_survives_the_failure_of_any_call() {
    assert!(every_call(Deed::Backup, Fault::Once, 1).failed > 20);
}

#[test]
fn a_disk_that_is_full_from_any_call_on_costs_nothing_once_there_is_room() {
    for deed in [Deed::Save, Deed::Import, Deed::SyncOut, Deed::SyncIn, Deed::Backup] {
        assert!(every_call(deed, Fault::Full, 9).failed > 1, "{deed:?}");
    }
}
