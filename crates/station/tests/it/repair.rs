//! A station brought back from an old copy of its folder: what it had signed comes back, and who was revoked stays so.

use std::path::Path;

use station::{EpochCause, Station, edit};
use sync::crypto::SignKey;
use sync::directory::{Directory, ReplicaState};
use sync::ids::Hash;
use sync::lane::{EntryKind, EraseBody, LaneHead, MoveBody};
use sync::laptop::{Credential, FailReason, Outcome, Report};
use sync::succession::SignedSuccession;
use sync::wire::RequestRefusal;
use tempfile::TempDir;

use crate::kit::{self, Disk, NOW_MS, cell, document_id, replica_id};

fn copy(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

/// A station on disk that can be set back to the state of an earlier moment.
struct Machine {
    dir: TempDir,
    kept: TempDir,
    station: Option<Station>,
}

impl Machine {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let station = Some(kit::found(dir.path()));
        Self { dir, kept: TempDir::new().unwrap(), station }
    }

    fn station(&self) -> &Station {
        self.station.as_ref().unwrap()
    }

    fn keep(&mut self) {
        self.station = None;
        copy(self.dir.path(), self.kept.path());
        self.station = Some(Station::open(self.dir.path()).unwrap());
    }

    fn set_back(&mut self) {
        self.station = None;
        let back = TempDir::new().unwrap();
        copy(self.kept.path(), back.path());
        self.station = Some(Station::open(back.path()).unwrap());
        self.dir = back;
    }
}

fn done(laptop: &mut Disk, station: &Station) -> Report {
    match laptop.sync_with(station) {
        Outcome::Done { report } => report,
        other @ (Outcome::Failed { .. } | Outcome::Cancelled { .. }) => panic!("{other:?}"),
    }
}

fn enrolled(machine: &Machine, number: u64) -> Disk {
    let officer = if number > 4 { 1 } else { number };
    Disk::enrolled(&kit::issue(machine.station(), officer, number, Vec::new()), number)
}

#[test]
fn a_station_set_back_notices_opens_an_epoch_and_gets_everything_back_in_the_order_it_had() {
    let mut machine = Machine::new();
    let (mut one, mut two) = (enrolled(&machine, 1), enrolled(&machine, 2));
    one.write(&cell("A"), document_id(1), "name", "一");
    done(&mut one, machine.station());
    done(&mut two, machine.station());
    machine.keep();
    one.write(&cell("A"), document_id(1), "phone", "1");
    one.write(&cell("A"), document_id(2), "name", "二");
    done(&mut one, machine.station());
    done(&mut two, machine.station());
    two.write(&cell("A"), document_id(2), "phone", "2");
    done(&mut two, machine.station());
    done(&mut one, machine.station());
    let before = one.log_of(&cell("A"));

    machine.set_back();
    let report = done(&mut two, machine.station());
    assert_eq!(report.given_back, 3, "{report:?}");
    let causes: Vec<String> = machine.station().epochs().unwrap().into_iter().map(|one| one.cause).collect();
    assert_eq!(causes, ["founded", EpochCause::Noticed.code()]);
    done(&mut one, machine.station());
    done(&mut two, machine.station());
    assert_eq!((one.log_of(&cell("A")), two.log_of(&cell("A"))), (before.clone(), before));
    assert!(one.refused().is_empty() && two.refused().is_empty());
    // A newcomer gets all of it from the station alone.
    let mut new = enrolled(&machine, 5);
    done(&mut new, machine.station());
    assert_eq!(new.log_of(&cell("A")).len(), 4);
}

#[test]
fn what_a_destroyed_laptop_had_sent_comes_back_from_one_that_had_pulled_it() {
    let mut machine = Machine::new();
    let (mut gone, mut two) = (enrolled(&machine, 1), enrolled(&machine, 2));
    done(&mut gone, machine.station());
    done(&mut two, machine.station());
    machine.keep();
    for number in 1..30 {
        gone.write(&cell("A"), document_id(number), "name", "留下的话");
    }
    done(&mut gone, machine.station());
    done(&mut two, machine.station());
    two.write(&cell("A"), document_id(3), "phone", "接着写");
    drop(gone);

    machine.set_back();
    let report = done(&mut two, machine.station());
    assert_eq!((report.given_back, report.refused), (29, 0), "{report:?}");
    assert_eq!(two.receipts_through(), two.head().index);
    let mut new = enrolled(&machine, 5);
    done(&mut new, machine.station());
    assert_eq!(new.documents.len(), 29);
}

#[test]
fn a_station_that_wrote_on_after_it_was_set_back_keeps_both() {
    let mut machine = Machine::new();
    let (mut one, mut two) = (enrolled(&machine, 1), enrolled(&machine, 2));
    done(&mut one, machine.station());
    done(&mut two, machine.station());
    machine.keep();
    one.write(&cell("A"), document_id(1), "name", "一");
    done(&mut one, machine.station());

    machine.set_back();
    // Somebody who had heard of nothing comes first, and the same places of the log are taken by other entries.
    two.write(&cell("A"), document_id(2), "name", "二");
    done(&mut two, machine.station());
    let report = done(&mut one, machine.station());
    assert!(report.given_back == 1 && report.scopes_restarted == 1, "{report:?}");
    done(&mut two, machine.station());
    done(&mut one, machine.station());
    assert_eq!(one.log_of(&cell("A")), two.log_of(&cell("A")));
    assert_eq!((one.documents.len(), two.documents.len()), (2, 2));
}

#[test]
fn who_was_revoked_stays_revoked_and_who_was_added_stays_known() {
    let mut machine = Machine::new();
    let mut chief = enrolled(&machine, 4);
    let mut lost = enrolled(&machine, 1);
    done(&mut chief, machine.station());
    done(&mut lost, machine.station());
    machine.keep();
    machine.station().edit("revoke", NOW_MS, |directory| edit::revoke(directory, replica_id(1))).unwrap();
    let mut late = enrolled(&machine, 2);
    done(&mut late, machine.station());
    done(&mut chief, machine.station());

    machine.set_back();
    machine.station().open_epoch(EpochCause::Restored, NOW_MS).unwrap();
    done(&mut chief, machine.station());
    let directory = machine.station().directory().unwrap();
    assert_eq!(directory.replica(replica_id(1)).unwrap().state, ReplicaState::Revoked);
    assert_eq!(directory.replica(replica_id(2)).unwrap().state, ReplicaState::Active);
    done(&mut late, machine.station());
    assert_eq!(late.directory.version, directory.version);
}

#[test]
fn what_a_lost_directory_said_last_of_duties_and_pins_stands() {
    let mut machine = Machine::new();
    let mut chief = enrolled(&machine, 4);
    done(&mut chief, machine.station());
    machine.keep();
    let pin = Hash([9; 32]);
    let change = |directory: &mut Directory| {
        directory.tls_pins.push(pin);
        edit::unassign(directory, kit::officer_id(1), None, "2026-11-20")
    };
    machine.station().edit("unassign", NOW_MS, change).unwrap();
    done(&mut chief, machine.station());

    machine.set_back();
    machine.station().open_epoch(EpochCause::Restored, NOW_MS).unwrap();
    let duties = |station: &Station| {
        let directory = station.directory().unwrap();
        let of_one = directory.assignments.iter().filter(|one| one.officer == kit::officer_id(1)).cloned();
        (of_one.map(|one| one.to_on).collect::<Vec<_>>(), directory.tls_pins.contains(&pin))
    };
    assert_eq!(duties(machine.station()), (vec![None], false));
    done(&mut chief, machine.station());
    assert_eq!(duties(machine.station()), (vec![Some("2026-11-20".to_owned())], true));
}

#[test]
fn a_version_that_meant_two_directories_is_joined_and_judged_by_the_next() {
    let mut machine = Machine::new();
    let mut chief = enrolled(&machine, 4);
    done(&mut chief, machine.station());
    machine.keep();
    let named = |code: &'static str| move |directory: &mut Directory| edit::add_cell(directory, code, code, &[]);
    machine.station().edit("cell", NOW_MS, named("LOST")).unwrap();
    done(&mut chief, machine.station());
    let version = machine.station().directory().unwrap().version;

    machine.set_back();
    // nobody has noticed yet, and the version is signed once more for something else
    machine.station().edit("cell", NOW_MS, named("NEW")).unwrap();
    assert_eq!(machine.station().directory().unwrap().version, version);
    chief.write(&cell("A"), document_id(1), "name", "按丢失的名册所写");
    done(&mut chief, machine.station());
    assert!(chief.refused().is_empty(), "{:?}", chief.refused());
    let directory = machine.station().directory().unwrap();
    assert!(directory.cell("LOST").is_some() && directory.cell("NEW").is_some());
    assert!(directory.version > version && chief.directory.version == directory.version);
}

#[test]
fn a_piece_that_cannot_be_given_back_is_given_up_and_what_follows_comes() {
    let mut machine = Machine::new();
    let (mut one, mut two) = (enrolled(&machine, 1), enrolled(&machine, 2));
    done(&mut one, machine.station());
    done(&mut two, machine.station());
    machine.keep();
    for number in 1..4 {
        one.write(&cell("A"), document_id(number), "name", "丢过");
        done(&mut one, machine.station());
        done(&mut two, machine.station());
    }
    drop(one);
    two.unreadable.push(two.hashes_of(&cell("A"))[1]);

    machine.set_back();
    let report = done(&mut two, machine.station());
    assert_eq!((report.given_back, report.scopes_restarted), (2, 1), "{report:?}");
    let mut new = enrolled(&machine, 5);
    done(&mut new, machine.station());
    assert_eq!(new.documents.keys().copied().collect::<Vec<_>>(), [document_id(1), document_id(3)]);
}

#[test]
fn the_operator_is_told_what_came_back_whose_and_how() {
    let mut machine = Machine::new();
    let (mut one, mut two) = (enrolled(&machine, 1), enrolled(&machine, 2));
    done(&mut one, machine.station());
    done(&mut two, machine.station());
    machine.keep();
    one.write(&cell("A"), document_id(1), "name", "收下");
    one.write(&cell("B"), document_id(2), "name", "不收");
    done(&mut one, machine.station());
    done(&mut two, machine.station());

    machine.set_back();
    done(&mut two, machine.station());
    done(&mut one, machine.station());
    let came_back = machine.station().overview().unwrap().recovered;
    let rows: Vec<_> =
        came_back.iter().map(|row| (row.replica, row.source.as_str(), row.from_replica, row.entries)).collect();
    let (first, second) = (replica_id(1), replica_id(2));
    // the one set aside was in no log: only its own lane brings it
    assert_eq!(rows, [(first, "lane", first, 2), (first, "refill", second, 1)]);
    assert_eq!(one.refused(), [(2, "scope_not_assigned")]);
}

#[test]
fn moves_and_erasures_come_back_with_the_pieces() {
    let mut machine = Machine::new();
    let (mut chief, mut three) = (enrolled(&machine, 4), enrolled(&machine, 3));
    chief.write(&cell("A"), document_id(1), "name", "要搬走");
    chief.write(&cell("A"), document_id(2), "name", "要删去");
    done(&mut chief, machine.station());
    done(&mut three, machine.station());
    machine.keep();
    let body = MoveBody { to: cell("B"), documents: vec![document_id(1)] }.to_body();
    let act = chief.new_act();
    chief.append(act, &cell("A"), document_id(1), EntryKind::Move, body);
    let act = chief.new_act();
    let body = EraseBody { reason: "subject_request".to_owned() }.to_body();
    chief.append(act, &cell("A"), document_id(2), EntryKind::Erase, body);
    done(&mut chief, machine.station());
    done(&mut three, machine.station());
    assert_eq!(three.log_of(&cell("B")).len(), 2);

    machine.set_back();
    // The officer of cell B alone brings back what he saw of it: the move and the document.
    done(&mut three, machine.station());
    three.write(&cell("B"), document_id(1), "phone", "搬来以后");
    done(&mut three, machine.station());
    assert!(three.refused().is_empty(), "{:?}", three.refused());
    done(&mut chief, machine.station());
    assert!(chief.refused().is_empty(), "{:?}", chief.refused());
    chief.write(&cell("A"), document_id(2), "phone", "太晚");
    done(&mut chief, machine.station());
    assert_eq!(chief.refused(), [(5, "document_erased")]);
}

#[test]
fn a_cursor_that_is_foreign_or_damaged_begins_again_and_opens_no_epoch() {
    let machine = Machine::new();
    let (mut one, mut two) = (enrolled(&machine, 1), enrolled(&machine, 2));
    one.write(&cell("A"), document_id(1), "name", "一");
    done(&mut one, machine.station());
    done(&mut two, machine.station());
    two.cursors.get_mut(&cell("A")).unwrap().chain.0[0] ^= 1;
    let report = done(&mut two, machine.station());
    assert!(report.given_back == 0, "{report:?}");
    assert_eq!(two.log_of(&cell("A")), one.log_of(&cell("A")));
    assert_eq!(machine.station().epochs().unwrap().len(), 1);
}

/// What a laptop does that finds itself copied: a new id, a new key, its unsent work carried over.
pub(crate) fn succeed(copy: &mut Disk, number: u64) {
    let (replica, key) = (replica_id(number), SignKey::from_seed(&kit::seed(14, number)));
    let (old, through) = (copy.replica, copy.receipts_through());
    copy.credential = Credential::Succession(SignedSuccession::sign(copy.station, (old, &copy.key), (replica, &key)));
    let unsent: Vec<_> = copy.lane.drain(..).skip(usize::try_from(through).unwrap()).collect();
    (copy.replica, copy.key) = (replica, key);
    copy.forget_lane();
    for (entry, place) in unsent {
        copy.carry(entry, old, place);
    }
    assert_eq!(copy.head().index, copy.lane.len() as u64);
    assert_eq!(copy.station_head, LaneHead::genesis(replica));
}

#[test]
fn ten_copies_of_one_disk_go_on_as_successors_and_nothing_is_lost_or_doubled() {
    let machine = Machine::new();
    let mut first = enrolled(&machine, 1);
    done(&mut first, machine.station());
    first.write(&cell("A"), document_id(1), "name", "复制之前，未送");
    let mut copies: Vec<Disk> = (0..10).map(|_| first.copied()).collect();
    for (number, copy) in copies.iter_mut().enumerate() {
        copy.unlock_again(100 + number as u64);
        copy.write(&cell("A"), document_id(10 + number as u64), "name", "复制之后");
    }
    let mut told = 0;
    for (number, copy) in copies.iter_mut().enumerate() {
        match copy.sync_with(machine.station()) {
            Outcome::Done { .. } => {}
            Outcome::Failed { reason: FailReason::LaneForked { .. }, .. } => {
                told += 1;
                succeed(copy, 200 + number as u64);
                done(copy, machine.station());
            }
            other @ (Outcome::Failed { .. } | Outcome::Cancelled { .. }) => panic!("{other:?}"),
        }
    }
    assert_eq!(told, 9);
    for copy in &mut copies {
        done(copy, machine.station());
    }
    let log = copies[0].log_of(&cell("A"));
    assert_eq!(log.len(), 11);
    for copy in &copies {
        assert!(copy.refused().is_empty(), "{:?}", copy.refused());
        assert_eq!(copy.log_of(&cell("A")), log);
    }
}

#[test]
fn a_place_of_a_lane_written_in_two_lives_of_the_station_is_kept_twice() {
    let mut machine = Machine::new();
    let (mut one, mut two) = (enrolled(&machine, 1), enrolled(&machine, 2));
    one.write(&cell("A"), document_id(1), "name", "共有");
    done(&mut one, machine.station());
    done(&mut two, machine.station());
    machine.keep();
    let mut put_back = one.copied();
    one.write(&cell("A"), document_id(2), "name", "第一支");
    one.write(&cell("A"), document_id(2), "phone", "1");
    done(&mut one, machine.station());
    done(&mut two, machine.station());
    drop(one);

    // the disk and the station are both set back, and the same places of the lane are written and taken again
    machine.set_back();
    put_back.unlock_again(7);
    put_back.write(&cell("A"), document_id(3), "name", "第二支");
    done(&mut put_back, machine.station());
    let report = done(&mut two, machine.station());
    assert_eq!((report.given_back, report.refused), (2, 0), "{report:?}");
    assert_eq!(two.log_of(&cell("A")).len(), 4);

    // its own name now stands under what it never wrote: it goes on as another
    match put_back.sync_with(machine.station()) {
        Outcome::Failed { reason: FailReason::LaneForked { .. }, .. } => succeed(&mut put_back, 200),
        other @ (Outcome::Done { .. } | Outcome::Failed { .. } | Outcome::Cancelled { .. }) => panic!("{other:?}"),
    }
    put_back.write(&cell("A"), document_id(2), "phone", "2");
    done(&mut put_back, machine.station());
    done(&mut two, machine.station());
    assert!(put_back.refused().is_empty(), "{:?}", put_back.refused());
    assert_eq!((put_back.log_of(&cell("A")), two.documents.len()), (two.log_of(&cell("A")), 3));
    // and a newcomer gets both branches from the station alone
    let mut new = enrolled(&machine, 5);
    done(&mut new, machine.station());
    assert_eq!((new.log_of(&cell("A")), new.documents.len()), (two.log_of(&cell("A")), 3));
}

#[test]
fn a_revoked_replica_has_no_successor_and_a_stranger_cannot_make_one() {
    let machine = Machine::new();
    let mut one = enrolled(&machine, 1);
    done(&mut one, machine.station());
    let mut stranger = one.copied();
    stranger.key = SignKey::from_seed(&[99; 32]);
    succeed(&mut stranger, 300);
    assert!(matches!(
        stranger.sync_with(machine.station()),
        Outcome::Failed { reason: FailReason::Refused(RequestRefusal::SignatureWrong), .. }
    ));
    machine.station().edit("revoke", NOW_MS, |directory| edit::revoke(directory, replica_id(1))).unwrap();
    succeed(&mut one, 301);
    assert!(matches!(
        one.sync_with(machine.station()),
        Outcome::Failed { reason: FailReason::Refused(RequestRefusal::ReplicaRevoked), .. }
    ));
}
