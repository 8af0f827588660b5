//! What a laptop shows and gives back to a station that lost its place, and what it forgets when the log goes another way.

use std::collections::BTreeMap;

use domain::kind::Kind;
use store::status;
use sync::crypto::Signed;
use sync::ids::ScopeId;
use sync::lane::LaneHead;
use sync::laptop::{Ask, LoadFrom};
use sync::repair::{Evidence, GivenContent, VerifiedPiece, check_piece};
use sync::scope_log::{Cursor, LogPosition};

use crate::support::{Laptop, STATION, Station, cell, directory, load, set};

fn genesis(scope: &ScopeId) -> LogPosition {
    LogPosition::genesis(STATION, scope, 1)
}

fn ask(laptop: &Laptop, ask: Ask, budget_bytes: u64) -> Evidence {
    let load = sync::laptop::Load { ask, ..load(LoadFrom::Outbox, budget_bytes) };
    laptop.store.load(&load, None).unwrap().evidence
}

fn wanted(laptop: &Laptop, position: LogPosition, budget_bytes: u64) -> Evidence {
    ask(laptop, Ask { wanted: vec![Cursor { scope: cell(), position }], ..Ask::default() }, budget_bytes)
}

fn checked(station: &Station, evidence: &Evidence) -> Vec<VerifiedPiece> {
    let check = |piece: &sync::scope_log::Page| check_piece(piece.clone(), STATION, &station.key.public()).unwrap();
    evidence.pieces.iter().map(check).collect()
}

/// Two laptops that wrote in turns, so that the log of one cell came in three pages to the second.
fn two_beats() -> (Laptop, Laptop, Station) {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    for name in ["赵荣江", "章若锦", "钱广禾"] {
        alice.create(Kind::Resident, &[set("name", name)]);
        station.sync(&alice);
        bob.create(Kind::Visit, &[set("notes", name)]);
        station.sync(&bob);
    }
    (alice, bob, station)
}

#[test]
fn what_was_pulled_is_given_back_whoever_wrote_it() {
    let (_, bob, station) = two_beats();
    let shown = ask(&bob, Ask { shown: vec![cell(), ScopeId::station()], ..Ask::default() }, u64::MAX).shown;
    let seqs = |at: usize| -> Vec<u64> {
        let verified = shown[at].checkpoints.iter().map(|one| one.clone().verify(&station.key.public()).unwrap());
        verified.map(|checkpoint| checkpoint.position.seq).collect()
    };
    assert_eq!((seqs(0), seqs(1)), (vec![6, 4, 2], vec![]), "newest first; none of a scope never pulled");

    let pieces = checked(&station, &wanted(&bob, genesis(&cell()), u64::MAX));
    let given: Vec<_> = pieces.iter().flat_map(|piece| &piece.entries).collect();
    let log: Vec<_> = station.logs[&cell()].iter().map(|(replica, entry)| (*replica, entry.clone())).collect();
    let whole = given.iter().map(|one| match &one.content {
        GivenContent::Change { entry, .. } => (one.replica, entry.clone()),
        other @ (GivenContent::Move { .. }
        | GivenContent::Erase { .. }
        | GivenContent::Freeze { .. }
        | GivenContent::Erased { .. }) => panic!("{other:?}"),
    });
    assert_eq!(whole.collect::<Vec<_>>(), log, "own entries and others', in the order of the log");
    assert_eq!(pieces.len(), 3);
    assert_eq!(wanted(&bob, genesis(&cell()), 1).pieces.len(), 1, "one at least, whatever the budget");

    // from a place between two checkpoints, and from one that was never on this log
    let between = station.page(&cell(), None, bob.replica, |at| at < 3);
    let between = between.checkpoint.verify(&station.key.public()).unwrap().position;
    let rest = checked(&station, &wanted(&bob, between, u64::MAX));
    assert_eq!(rest.iter().map(|piece| piece.entries.len()).collect::<Vec<_>>(), [1, 2]);
    let elsewhere = LogPosition { chain: genesis(&cell()).chain, ..between };
    let evidence = wanted(&bob, elsewhere, u64::MAX);
    assert_eq!((evidence.gaps.len(), evidence.pieces.len()), (1, 1));
}

#[test]
fn directory_and_receipt_are_shown_when_asked_for() {
    let (_, bob, station) = two_beats();
    let evidence = ask(&bob, Ask { receipt: true, directory: Some(5), ..Ask::default() }, 1);
    let receipt = evidence.receipt.unwrap().verify(&station.key.public()).unwrap();
    assert_eq!((receipt.replica, receipt.last(), evidence.directory), (bob.replica, 3, None));
    assert!(ask(&bob, Ask::default(), u64::MAX).is_empty());
}

#[test]
fn an_entry_that_came_damaged_goes_back_as_its_header_and_one_without_a_header_is_a_gap() {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    for turn in 0..3 {
        alice.create(Kind::Visit, &[set("at", i64::from(turn))]);
        station.sync(&alice);
        let log = station.logs.get_mut(&cell()).unwrap();
        let whole = log.clone();
        match turn {
            0 => log[0].1.body.push(0),
            1 => log[1].1.header = vec![0xff],
            _ => {}
        }
        station.sync(&bob);
        // later pages go on from the damaged one, as they would if the station had it so
        if turn == 0 {
            *station.logs.get_mut(&cell()).unwrap() = whole;
        }
    }
    let evidence = wanted(&bob, genesis(&cell()), u64::MAX);
    let pieces = checked(&station, &evidence);
    let kinds: Vec<_> =
        pieces.iter().map(|piece| matches!(piece.entries[0].content, GivenContent::Erased { .. })).collect();
    assert_eq!(kinds, [true, false]);
    let gaps: Vec<u64> =
        evidence.gaps.iter().map(|gap| gap.clone().verify(&station.key.public()).unwrap().position.seq).collect();
    assert_eq!(gaps, [2]);
    bob.assert_sound();
}

#[test]
fn a_log_that_goes_another_way_replaces_what_was_remembered_of_the_old_one() {
    let (alice, bob, mut station) = two_beats();
    // the station was restored to its second entry; bob's last page is gone, and another entry takes the third place
    let mut restored = Station::new();
    restored.logs = station.logs.clone();
    restored.logs.get_mut(&cell()).unwrap().truncate(2);
    let carol = Laptop::new(3);
    carol.create(Kind::Visit, &[set("notes", "无人")]);
    restored.sync(&carol);
    station.logs.clone_from(&restored.logs);
    let from = station.page(&cell(), None, bob.replica, |at| at < 2);
    let from = from.checkpoint.verify(&station.key.public()).unwrap().position;
    let page = station.page(&cell(), Some(from), bob.replica, |_| true);
    let pages = vec![station.checked(page, bob.replica, Some(from))];
    bob.store.apply(&sync::laptop::Batch { pages, epoch: 2, ..station.nothing() }, 1).unwrap();

    let pieces = checked(&station, &wanted(&bob, genesis(&cell()), u64::MAX));
    let given: Vec<_> = pieces.iter().flat_map(|piece| &piece.entries).map(|one| one.replica).collect();
    assert_eq!(given, [alice.replica, bob.replica, carol.replica]);
    assert_eq!(bob.read(|reader| status::of(reader, 0)).quarantined, 0);
    bob.assert_sound();
}

#[test]
fn the_newest_word_of_the_station_on_an_entry_counts_once() {
    let (alice, mut station) = (Laptop::new(1), Station::new());
    for turn in 0..6 {
        alice.create(Kind::Visit, &[set("at", i64::from(turn))]);
        if turn % 2 == 1 {
            station.sync(&alice);
        }
    }
    let of = |laptop: &Laptop| {
        let status = laptop.read(|reader| status::of(reader, 0));
        (status.unsent, status.received_total)
    };
    assert_eq!(of(&alice), (0, 6));
    // restored, it cuts the frames sent again elsewhere: 2 to 5 instead of 3 to 4 and 5 to 6
    let entries = alice.store.load(&load(LoadFrom::Index(0), u64::MAX), None).unwrap().entries;
    let head = LaneHead { index: 5, hash: entries[4].header_hash() };
    let receipts = vec![station.receipt(alice.replica, 2, head, &BTreeMap::new())];
    alice.store.apply(&sync::laptop::Batch { receipts, epoch: 2, ..station.nothing() }, 1).unwrap();
    assert_eq!(of(&alice), (1, 5));
    let rows = alice.read(|reader| status::receipts(reader, None, 10));
    assert_eq!(rows.iter().map(|row| (row.first, row.last)).collect::<Vec<_>>(), [(2, 5), (1, 2)]);
}

#[test]
fn the_directory_asked_for_is_the_version_held() {
    let (alice, station) = (Laptop::new(1), Station::new());
    let signed = Signed::sign(&directory(), &station.key);
    alice.store.directory_put(5, &signed, 1).unwrap();
    let held = ask(&alice, Ask { directory: Some(5), ..Ask::default() }, 1).directory;
    assert_eq!(held, Some(signed));
    assert_eq!(ask(&alice, Ask { directory: Some(4), ..Ask::default() }, 1).directory, None);
}
