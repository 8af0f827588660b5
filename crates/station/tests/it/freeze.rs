//! Copies of a disk that write on in one lane although they were told: the replica is frozen, what they send is kept, and a
//! person decides.

use station::{Station, StationFault, edit};
use sync::directory::ReplicaState;
use sync::ids::Hash;
use sync::laptop::{FailReason, Outcome, RequestFailure};
use sync::limits;
use sync::wire::RequestRefusal;
use tempfile::TempDir;

use crate::kit::{self, Disk, NOW_MS, cell, document_id, replica_id};
use crate::repair::succeed;

fn is_told(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed { reason: FailReason::LaneForked { .. }, .. })
}

fn is_frozen(outcome: &Outcome) -> bool {
    let frozen = FailReason::Refused(RequestRefusal::ReplicaFrozen);
    matches!(outcome, Outcome::Failed { reason, retry_at_ms: Some(_), .. } if *reason == frozen)
}

fn state(station: &Station) -> ReplicaState {
    station.directory().unwrap().replica(replica_id(1)).unwrap().state
}

/// Writes on in a lane it was told is not its own, until nobody of that name is heard any more.
fn write_on(copy: &mut Disk, station: &Station) {
    for round in 0..=limits::FORK_TOLD_MAX {
        copy.write(&cell("A"), document_id(50), "phone", &round.to_string());
        let outcome = copy.sync_with(station);
        let last = round == limits::FORK_TOLD_MAX;
        assert!(if last { is_frozen(&outcome) } else { is_told(&outcome) }, "{round}: {outcome:?}");
    }
}

fn head_of(copy: &Disk) -> String {
    let hash: Hash = copy.head().hash;
    hash.to_string().chars().take(12).collect()
}

#[test]
fn a_copy_that_writes_on_is_frozen_with_its_twin_and_what_both_send_is_kept_until_a_person_decides() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut first = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    first.write(&cell("A"), document_id(1), "name", "共有");
    first.complete(&station);
    let mut copy = first.copied();
    copy.unlock_again(7);
    first.write(&cell("A"), document_id(2), "name", "第一支");
    first.complete(&station);
    write_on(&mut copy, &station);
    assert_eq!(state(&station), ReplicaState::Frozen);

    // the one the station followed is not heard either, and what it brings is kept
    first.write(&cell("A"), document_id(2), "phone", "接着写");
    assert!(is_frozen(&first.sync_with(&station)));
    let aside = station.set_aside().unwrap();
    assert_eq!(aside.len(), 1 + limits::FORK_TOLD_MAX as usize + 1);
    assert!(aside.iter().all(|one| one.reason.code() == "replica_frozen"));
    assert!(station.set_aside_entries(aside[0].act).unwrap()[0].entry.is_some(), "whole, to be exported");
    let branches = station.branches(replica_id(1)).unwrap();
    let of = |one: &station::Branch| (one.followed, one.from, one.head.index, one.set_aside);
    assert_eq!(branches.iter().map(of).collect::<Vec<_>>(), [(true, 2, 3, 1), (false, 1, 5, 4)]);

    let wrong = station.thaw(replica_id(1), "no such", NOW_MS).unwrap_err();
    assert!(matches!(wrong, StationFault::Edit(edit::EditFault::BranchUnknown { .. })), "{wrong:?}");
    let done = station.thaw(replica_id(1), &head_of(&first), NOW_MS).unwrap();
    assert_eq!((done.head, done.judged, state(&station)), (first.head(), 1, ReplicaState::Active));
    let again = station.thaw(replica_id(1), &head_of(&first), NOW_MS).unwrap_err();
    assert!(matches!(again, StationFault::Edit(edit::EditFault::NotFrozen { .. })), "{again:?}");

    first.complete(&station);
    assert!(first.refused().is_empty(), "{:?}", first.refused());
    assert!(is_told(&copy.sync_with(&station)));
    succeed(&mut copy, 200);
    copy.complete(&station);
    first.complete(&station);
    assert!(copy.refused().is_empty(), "{:?}", copy.refused());
    assert_eq!((first.log_of(&cell("A")), first.documents.len()), (copy.log_of(&cell("A")), 3));
    assert!(station.set_aside().unwrap().is_empty(), "all of it has come again");
}

#[test]
fn of_ten_copies_the_branch_a_person_keeps_is_taken_and_nothing_of_the_others_is_lost() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut first = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    first.complete(&station);
    first.write(&cell("A"), document_id(1), "name", "复制之前，未送");
    let mut copies: Vec<Disk> = (0..10).map(|_| first.copied()).collect();
    for (number, copy) in copies.iter_mut().enumerate() {
        copy.unlock_again(100 + number as u64);
        copy.write(&cell("A"), document_id(10 + number as u64), "name", "复制之后");
    }
    copies[0].complete(&station);
    for (number, copy) in copies.iter_mut().enumerate().take(9).skip(1) {
        assert!(is_told(&copy.sync_with(&station)));
        succeed(copy, 200 + number as u64);
        copy.complete(&station);
    }
    assert_eq!(state(&station), ReplicaState::Active);
    write_on(&mut copies[9], &station);
    assert!(is_frozen(&copies[0].sync_with(&station)));

    // the tenth is kept: what was set aside of it is taken at once, with a receipt
    let done = station.thaw(replica_id(1), &head_of(&copies[9]), NOW_MS).unwrap();
    assert_eq!(done.head, copies[9].head());
    assert!(station.set_aside().unwrap().is_empty());
    for (number, copy) in copies.iter_mut().enumerate() {
        // both that wrote under the one name meet the other's entries under it, and go on as others
        if let 0 | 9 = number {
            copy.write(&cell("A"), document_id(1), "phone", &number.to_string());
            assert!(is_told(&copy.sync_with(&station)), "{number}");
            succeed(copy, 300 + number as u64);
        }
        copy.complete(&station);
    }
    for copy in &mut copies {
        copy.complete(&station);
    }
    let log = copies[0].log_of(&cell("A"));
    // the shared one, one of each, those written on, and two more
    assert_eq!(log.len(), 1 + 10 + 1 + limits::FORK_TOLD_MAX as usize + 2);
    for copy in &copies {
        assert!(copy.refused().is_empty(), "{:?}", copy.refused());
        assert_eq!(copy.log_of(&cell("A")), log);
    }
    assert!(station.set_aside().unwrap().is_empty());
}

#[test]
fn a_copy_that_never_heard_of_the_fork_is_told_as_often_as_it_takes() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut first = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    first.write(&cell("A"), document_id(1), "name", "共有");
    let mut copy = first.copied();
    copy.unlock_again(7);
    first.write(&cell("A"), document_id(1), "phone", "1");
    first.complete(&station);
    for round in 0..10 {
        copy.write(&cell("A"), document_id(2), "phone", &round.to_string());
        copy.sync(|bytes| {
            let _ = station.exchange(&bytes, NOW_MS);
            Err(RequestFailure::Interrupted)
        });
    }
    assert_eq!(state(&station), ReplicaState::Active);
    assert!(is_told(&copy.sync_with(&station)));
    succeed(&mut copy, 200);
    copy.complete(&station);
    assert!(station.set_aside().unwrap().is_empty());
}
