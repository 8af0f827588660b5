//! Disks that were copied or put back: every copy but the one the station follows goes on as a new replica, in one
//! transaction or not at all, and what each wrote is kept once.

use domain::kind::Kind;
use store::set_aside;
use store::succession::{self, Cause, Successor};
use store::{StoreError, status};
use sync::directory::ReplicaState;
use sync::ids::{DocumentId, ReplicaId};
use sync::laptop::{Ask, Load, LoadFrom};
use sync::receipt::RefusalReason;
use sync::repair::check_piece;
use sync::scope_log::{Cursor, LogPosition};

use crate::support::{Laptop, STATION, Station, cell, directory, load, set};

fn visit(laptop: &Laptop, notes: &str) -> DocumentId {
    laptop.create(Kind::Visit, &[set("notes", notes)]).document
}

#[test]
fn ten_copies_of_a_disk_that_all_wrote_end_with_everything_once() {
    let mut station = Station::new();
    let alice = Laptop::new(1);
    visit(&alice, "已同步");
    station.sync(&alice);
    let shared = visit(&alice, "复制前未同步");
    let mut copies: Vec<Laptop> = (10..20).map(|number| alice.copy(number)).collect();
    copies.insert(0, alice);
    let mut written = vec![shared];
    for copy in &copies {
        written.push(visit(copy, &format!("副本{}", copy.number)));
        copy.edit(shared, &[set("place", format!("地点{}", copy.number))]);
    }
    for copy in &mut copies {
        station.sync_copy(copy);
        copy.assert_sound();
    }
    for copy in &copies {
        station.sync(copy);
        station.sync(copy);
    }
    // the shared visit, one more of each copy, and eleven edits of one field
    let log: usize = station.logs.values().map(Vec::len).sum();
    assert_eq!(log, 2 + 11 + 11);
    let first = copies[0].dump();
    for copy in &copies {
        assert_eq!(copy.dump(), first);
        let status = copy.read(|reader| status::of(reader, 0));
        assert_eq!((status.unsent, status.quarantined, status.set_aside), (0, 0, 0));
        let held = |document: &DocumentId| copy.store.read(|reader| store::record::open(reader, *document)).is_ok();
        assert!(written.iter().all(held));
        copy.assert_sound();
    }
    let card = copies[3].read(|reader| store::conflict::card(reader, shared));
    assert_eq!(card.fields[0].sides.len(), 11, "eleven values of one field, all shown");
}

#[test]
fn a_page_that_names_what_another_copy_wrote_is_left_alone() {
    let mut station = Station::new();
    let alice = Laptop::new(1);
    visit(&alice, "已同步");
    station.sync(&alice);
    let copy = alice.copy(2);
    let lost = visit(&alice, "原机写的");
    station.sync(&alice);
    let before = (copy.dump(), cursors(&copy));
    let applied = station.pull(&copy);
    assert_eq!((applied.foreign, applied.fetched), (1, 0));
    assert_eq!((copy.dump(), cursors(&copy)), before);
    // as another replica it gets all of it
    let mut copy = copy;
    assert_eq!(copy.succeed().carried, 0);
    station.sync(&copy);
    assert!(copy.store.read(|reader| store::record::open(reader, lost)).is_ok());
    assert_eq!(copy.dump(), alice.dump());
}

fn cursors(laptop: &Laptop) -> Vec<sync::scope_log::Cursor> {
    laptop.store.load(&load(LoadFrom::Outbox, 1), None).unwrap().cursors
}

#[test]
fn a_succession_is_signed_by_both_keys_and_told() {
    let mut alice = Laptop::new(1);
    visit(&alice, "未同步");
    assert_eq!(alice.read(succession::newest), None);
    let old = alice.store.identity().unwrap();
    let done = alice.succeed();
    assert_eq!((done.predecessor, done.carried, done.cause), (old.replica, 1, Cause::Copy));
    assert_eq!(alice.read(succession::newest), Some(done));
    let now = alice.store.identity().unwrap();
    let signed = now.succession.clone().unwrap();
    let directory = sync::directory::Directory { replicas: vec![listed(old.replica, &old.signing_key)], ..directory() };
    let verdict = sync::succession::judge_succession(&signed, &directory, 1).unwrap();
    let key = sync::crypto::SignKey::from_seed(&now.signing_key).public();
    assert!(
        matches!(&verdict, sync::succession::SuccessionVerdict::Certify(one) if one.id == now.replica && one.public_key == key)
    );
    alice.store.set_certified().unwrap();
    assert!(alice.store.identity().unwrap().predecessor_key.is_none());
    alice.assert_sound();
}

fn listed(id: ReplicaId, seed: &[u8; 32]) -> sync::directory::Replica {
    sync::directory::Replica {
        id,
        officer: sync::ids::OfficerId::from_bytes([101; 16]),
        laptop_label: "QF-01".into(),
        public_key: sync::crypto::SignKey::from_seed(seed).public(),
        state: ReplicaState::Active,
        certified_at_ms: 1,
        successor_of: None,
    }
}

#[test]
fn a_replica_the_station_never_listed_is_followed_in_the_name_of_the_one_it_lists() {
    let mut station = Station::new();
    let mut alice = Laptop::new(1);
    visit(&alice, "已同步");
    station.sync(&alice);
    alice.store.set_certified().unwrap();
    let first = alice.replica;
    visit(&alice, "第一次");
    alice.succeed();
    let never_listed = alice.replica;
    visit(&alice, "第二次");
    let done = alice.succeed();
    let identity = alice.store.identity().unwrap();
    assert_eq!((done.predecessor, done.carried), (never_listed, 2));
    assert_eq!(identity.succession.unwrap().predecessor, first);
    let entries = alice.store.load(&load(LoadFrom::Outbox, u64::MAX), None).unwrap().entries;
    let replaces: Vec<_> = entries.iter().map(|entry| entry.read_header().unwrap().replaces).collect();
    assert_eq!(replaces.iter().map(|one| one.map(|one| one.replica)).collect::<Vec<_>>(), [Some(first), None]);
    let checked = alice.store.verify(&mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    assert!(checked.bad_entries.is_empty() && checked.differences == 0);
}

#[test]
fn a_full_disk_in_the_middle_of_a_succession_leaves_the_old_replica_at_work() {
    let alice = Laptop::new(1);
    for number in 0..60 {
        visit(&alice, &format!("走访{number}"));
    }
    let before = (alice.dump(), alice.store.identity().unwrap().replica, cursors(&alice));
    let new = |number: u8| Successor {
        replica: ReplicaId::from_bytes([number; 16]),
        signing_key: zeroize::Zeroizing::new([number; 32]),
        now_ms: 1,
    };
    let pages = alice.store.pages_for_tests().unwrap();
    let mut failed = 0;
    for more in 0.. {
        alice.store.limit_pages_for_tests(pages + more).unwrap();
        match alice.store.succeed(&new(77)) {
            Ok(done) => {
                assert_eq!(done.carried, 60);
                break;
            }
            Err(StoreError::DiskFull) => failed += 1,
            Err(other) => panic!("{other:?}"),
        }
        assert_eq!((alice.dump(), alice.store.identity().unwrap().replica, cursors(&alice)), before);
        let outbox = alice.store.load(&load(LoadFrom::Outbox, u64::MAX), None).unwrap();
        assert_eq!((outbox.entries.len(), outbox.lane_end.index), (60, 60));
        assert!(alice.read(succession::newest).is_none());
    }
    assert!(failed > 3, "{failed} failures on the way");
    assert_eq!(alice.dump(), before.0);
    alice.assert_sound();
}

#[test]
fn two_branches_of_one_lane_are_both_kept_and_both_given_back() {
    let mut station = Station::new();
    let (mut alice, bob) = (Laptop::new(1), Laptop::new(2));
    visit(&alice, "之前");
    station.sync(&alice);
    let copy = alice.copy(3);
    let mut other_life = station.clone();
    let one = visit(&alice, "第一支");
    station.sync(&alice);
    let two = visit(&copy, "第二支");
    other_life.sync(&copy);
    // what the other life of the station had logged is given back to this one
    let lost = other_life.logs[&cell()].last().unwrap().clone();
    station.logs.get_mut(&cell()).unwrap().push(lost);

    station.sync(&bob);
    assert_eq!(station.sync(&alice).foreign, 1);
    alice.succeed();
    station.sync(&alice);
    let log: Vec<_> = station.logs[&cell()].iter().map(|(replica, entry)| (*replica, entry.header_hash())).collect();
    for laptop in [&alice, &bob] {
        let held = |document: &DocumentId| laptop.store.read(|reader| store::record::open(reader, *document)).is_ok();
        assert!(held(&one) && held(&two));
        assert_eq!(laptop.read(|reader| status::of(reader, 0)).quarantined, 0);
        let wanted = vec![Cursor { scope: cell(), position: LogPosition::genesis(STATION, &cell(), 1) }];
        let ask = Load { ask: Ask { wanted, ..Ask::default() }, ..load(LoadFrom::Outbox, u64::MAX) };
        let pieces = laptop.store.load(&ask, None).unwrap().evidence.pieces;
        let checked = pieces.into_iter().map(|piece| check_piece(piece, STATION, &station.key.public()).unwrap());
        let given: Vec<_> = checked.flat_map(|piece| piece.entries).map(|one| (one.replica, one.header_hash)).collect();
        assert_eq!(given, log);
        let checked = laptop.store.verify(&mut |_| std::ops::ControlFlow::Continue(())).unwrap();
        assert!(checked.bad_entries.is_empty() && checked.differences == 0, "{checked:?}");
        laptop.assert_sound();
    }
    assert_eq!(alice.dump(), bob.dump());
}

#[test]
fn what_one_lane_had_refused_and_another_copys_had_accepted_stands() {
    let mut station = Station::new();
    let alice = Laptop::new(1);
    let shared = visit(&alice, "复制前未同步");
    let copy = alice.copy(2);
    let refuse = std::collections::BTreeMap::from([(1, RefusalReason::ActorOfAnotherReplica)]);
    station.sync_refusing(&copy, &refuse);
    assert!(copy.store.read(|reader| store::record::open(reader, shared)).is_err());
    let mut other = Station::new();
    let mut alice = alice;
    alice.succeed();
    other.sync(&alice);
    other.pull(&copy);
    assert!(copy.store.read(|reader| store::record::open(reader, shared)).is_ok());
    assert!(copy.read(|reader| set_aside::list(reader, set_aside::Which::Refused)).is_empty());
    copy.assert_sound();
}

#[test]
fn a_move_carried_over_by_several_copies_is_one_step_of_the_way() {
    let mut station = Station::new();
    let alice = Laptop::new(1);
    let household = alice.create(Kind::Household, &[set("head_name", "章若锦")]).document;
    station.sync(&alice);
    let other = sync::ids::ScopeId::cell("QF-05").unwrap();
    alice.try_write(|tx| tx.relocate(&[household], &cell(), &other)).unwrap();
    let mut copies: Vec<Laptop> = (2..5).map(|number| alice.copy(number)).collect();
    copies.insert(0, alice);
    for copy in &copies {
        visit(copy, &format!("副本{}", copy.number));
    }
    for copy in &mut copies {
        station.sync_copy(copy);
    }
    // back again, by one who heard of it: the copies that carried the move over must not make the step once more
    station.sync(&copies[0]);
    copies[0].try_write(|tx| tx.relocate(&[household], &other, &cell())).unwrap();
    for _ in 0..2 {
        for copy in &copies {
            station.sync(copy);
        }
    }
    for copy in &copies {
        let there = copy.read(|reader| store::scopes::whereabouts(reader, household));
        assert_eq!(there, Some(cell()), "copy {}", copy.number);
        let wanted = vec![Cursor { scope: cell(), position: LogPosition::genesis(STATION, &cell(), 1) }];
        let ask = Load { ask: Ask { wanted, ..Ask::default() }, ..load(LoadFrom::Outbox, u64::MAX) };
        let evidence = copy.store.load(&ask, None).unwrap().evidence;
        let given: usize = evidence.pieces.iter().map(|piece| piece.entries.len()).sum();
        assert_eq!((given, evidence.gaps.len()), (station.logs[&cell()].len(), 0));
        assert_eq!(copy.dump(), copies[0].dump());
        copy.assert_sound();
    }
}

#[test]
fn a_move_that_was_not_sent_goes_along_and_stays_sound() {
    let mut station = Station::new();
    let alice = Laptop::new(1);
    let household = alice.create(Kind::Household, &[set("head_name", "章若锦")]).document;
    station.sync(&alice);
    let other = sync::ids::ScopeId::cell("QF-05").unwrap();
    alice.try_write(|tx| tx.relocate(&[household], &cell(), &other)).unwrap();
    let mut copy = alice.copy(2);
    visit(&alice, "原机写的");
    visit(&copy, "副本写的");
    for _ in 0..2 {
        station.sync(&alice);
        station.sync_copy(&mut copy);
    }
    for laptop in [&alice, &copy] {
        let there = laptop.read(|reader| store::scopes::whereabouts(reader, household));
        assert_eq!(there, Some(other.clone()));
        let checked = laptop.store.verify(&mut |_| std::ops::ControlFlow::Continue(())).unwrap();
        assert!(checked.bad_entries.is_empty() && checked.differences == 0, "{checked:?}");
    }
    assert_eq!(copy.dump(), alice.dump());
    let outbox = copy.store.load(&load(LoadFrom::Index(0), u64::MAX), None).unwrap().entries;
    assert!(outbox.iter().all(|entry| entry.read_header().unwrap().replaces.is_some()));
}
