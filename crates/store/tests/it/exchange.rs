//! The storage side of a sync: idempotent, in one transaction, one bad entry blocking nothing.

use std::collections::BTreeMap;

use domain::kind::Kind;
use domain::shape::Scalar;
use store::record::{SaveState, foot};
use store::{StoreError, set_aside, status};
use sync::laptop::LoadFrom;
use sync::receipt::RefusalReason;

use crate::support::{Laptop, Station, cell, load, meet, set, tags};

#[test]
fn what_has_a_receipt_is_at_the_station_and_leaves_the_outbox() {
    let (alice, mut station) = (Laptop::new(1), Station::new());
    let saved = alice.create(Kind::Visit, &[set("notes", "户主在家"), set("at", 5_i64)]);
    assert_eq!(alice.read(|reader| foot(reader, saved.document)).state, SaveState::Here);
    let applied = station.sync(&alice);
    assert_eq!((applied.received, applied.fetched), (1, 0));
    let status = alice.read(|reader| status::of(reader, 0));
    assert_eq!((status.unsent, status.received_total, status.receipt_at), (0, 1, Some(station.now)));
    let foot = alice.read(|reader| foot(reader, saved.document));
    assert_eq!((foot.state, foot.received_at), (SaveState::Station, Some(station.now)));
    let receipts = alice.read(|reader| status::receipts(reader, None, 10));
    assert_eq!((receipts.len(), receipts[0].kinds.get("visit")), (1, Some(&1)));
    let load = load(LoadFrom::Outbox, 1);
    assert!(alice.store.load(&load, None).unwrap().entries.is_empty());
    alice.assert_sound();
}

#[test]
fn the_outbox_is_cut_at_the_budget_but_never_empty() {
    let alice = Laptop::new(1);
    for _ in 0..5 {
        alice.create(Kind::Visit, &[set("notes", "户主在家")]);
    }
    let outbox = |budget_bytes| alice.store.load(&load(LoadFrom::Outbox, budget_bytes), None).unwrap();
    assert_eq!((outbox(1).entries.len(), outbox(1).unsent_entries), (1, 5));
    assert_eq!(outbox(u64::MAX).entries.len(), 5);
    let two = u64::try_from(outbox(u64::MAX).entries[..2].iter().map(sync::lane::Entry::size).sum::<usize>()).unwrap();
    assert_eq!(outbox(two).entries.len(), 2);
    let from = alice.store.load(&load(LoadFrom::Index(3), 1 << 20), None).unwrap();
    assert_eq!((from.after.index, from.entries.len(), from.lane_end.index), (3, 2, 5));
    alice.assert_sound();
}

#[test]
fn the_same_pages_twice_change_nothing() {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    let saved = alice.create(Kind::Resident, &[set("name", "赵荣江")]);
    alice.edit(saved.document, &[set("phone", "1")]);
    station.sync(&alice);
    let first = station.pull(&bob);
    assert_eq!((first.fetched, tags(&first).contains("resident")), (2, true));
    let dump = bob.dump();
    let again = station.pull(&bob);
    assert_eq!((again.fetched, tags(&again).contains("resident")), (0, false));
    assert_eq!(bob.dump(), dump);
    bob.assert_sound();
}

#[test]
fn a_change_that_comes_before_what_it_builds_on_waits_and_is_shown_later() {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    let saved = alice.create(Kind::Resident, &[set("name", "赵荣江")]);
    alice.edit(saved.document, &[set("phone", "1")]);
    station.sync(&alice);
    station.logs.get_mut(&cell()).unwrap().reverse();
    let log = station.logs.clone();
    station.logs.get_mut(&cell()).unwrap().truncate(1);
    station.pull(&bob);
    assert!(matches!(
        bob.store.read(|reader| store::record::open(reader, saved.document)),
        Err(StoreError::NotFound { .. })
    ));
    bob.assert_sound();
    station.logs = log;
    station.pull(&bob);
    assert_eq!(bob.get(saved.document, "phone"), Scalar::from("1"));
    assert_eq!(alice.dump(), bob.dump());
    bob.assert_sound();
}

#[test]
fn a_bad_entry_is_kept_aside_and_blocks_nothing() {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    let first = alice.create(Kind::Resident, &[set("name", "赵荣江")]);
    let second = alice.create(Kind::Resident, &[set("name", "章若锦")]);
    station.sync(&alice);
    let log = station.logs.get_mut(&cell()).unwrap();
    log[0].1.body.push(0);
    let applied = station.pull(&bob);
    assert_eq!((applied.fetched, applied.quarantined), (1, 1));
    assert_eq!(bob.get(second.document, "name"), Scalar::from("章若锦"));
    assert!(bob.store.read(|reader| store::record::open(reader, first.document)).is_err());
    assert_eq!(bob.read(|reader| status::of(reader, 0)).quarantined, 1);
    station.pull(&bob);
    assert_eq!(bob.read(|reader| status::of(reader, 0)).quarantined, 1);
    bob.assert_sound();
}

#[test]
fn a_refused_entry_leaves_the_views_with_its_act_and_what_builds_on_it() {
    let (alice, mut station) = (Laptop::new(1), Station::new());
    let kept = alice.create(Kind::Resident, &[set("name", "赵荣江")]);
    let (one, two) = (alice.fresh(), alice.fresh());
    alice
        .try_write(|tx| {
            tx.create(Kind::Household, one, &cell(), &[set("head_name", "章若锦")])?;
            tx.create(Kind::Household, two, &cell(), &[set("head_name", "钱广禾")])
        })
        .unwrap();
    let refuse = BTreeMap::from([(2, RefusalReason::ScopeNotAssigned), (3, RefusalReason::ActRefused)]);
    let applied = station.sync_refusing(&alice, &refuse);
    assert_eq!((applied.set_aside, applied.received), (2, 1));
    for gone in [one, two] {
        assert!(alice.store.read(|reader| store::record::open(reader, gone)).is_err());
    }
    assert_eq!(alice.get(kept.document, "name"), Scalar::from("赵荣江"));
    let acts = alice.read(|reader| set_aside::list(reader, set_aside::Which::Refused));
    assert_eq!((acts.len(), acts[0].entries, acts[0].reason), (1, 2, RefusalReason::ScopeNotAssigned));
    let entries = alice.read(|reader| set_aside::entries(reader, acts[0].act, set_aside::Which::Refused));
    assert!(entries[0].sets.contains(&("head_name".to_owned(), Scalar::from("章若锦"))));
    assert_eq!(alice.read(|reader| status::of(reader, 0)).set_aside, 2);
    alice.assert_sound();
}

#[test]
fn an_edit_after_a_refusal_builds_on_what_the_station_has() {
    let (alice, mut station) = (Laptop::new(1), Station::new());
    let saved = alice.create(Kind::Household, &[set("head_name", "章若锦")]);
    station.sync(&alice);
    alice.edit(saved.document, &[set("phone", "1")]);
    let refuse = BTreeMap::from([(2, RefusalReason::RoleMayNot)]);
    station.sync_refusing(&alice, &refuse);
    assert_eq!(alice.get(saved.document, "phone"), Scalar::Null);
    // the view fell back, so the next edit builds on what the station has
    let again = alice.edit(saved.document, &[set("phone", "2")]);
    assert!(again.conflicts.is_empty());
    alice.edit(saved.document, &[set("phone", "3")]);
    alice.edit(saved.document, &[set("phone", "2")]);
    let load = load(LoadFrom::Index(0), u64::MAX);
    let entries = alice.store.load(&load, None).unwrap().entries;
    let facts = entries.iter().map(|entry| sync::change::check(&entry.body).unwrap());
    let places: std::collections::BTreeSet<_> = facts.map(|facts| (facts.actor, facts.seq)).collect();
    assert_eq!(places.len(), 5, "no actor writes the same number twice, set aside or not");
    station.sync(&alice);
    assert_eq!(alice.get(saved.document, "phone"), Scalar::from("2"));
    assert_eq!(alice.read(|reader| status::of(reader, 0)).unsent, 0);
    alice.assert_sound();
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    let address = alice.create(Kind::Address, &[set("full", "石桥头村3组27号"), set("village", "330281100200")]);
    let resident = alice.create(Kind::Resident, &[set("name", "赵荣江"), set("phone", "13800005127")]);
    let household = alice.create(
        Kind::Household,
        &[set("address", address.document.to_string()), set("head", resident.document.to_string())],
    );
    alice.create(
        Kind::Residence,
        &[set("resident", resident.document.to_string()), set("household", household.document.to_string())],
    );
    alice.create(Kind::Visit, &[set("household", household.document.to_string()), set("at", 1_000_i64)]);
    alice.edit(resident.document, &[set("name", "赵荣")]);
    meet(&mut station, &[&alice, &bob]);
    bob.edit(address.document, &[set("full", "石桥头村3组28号")]);
    meet(&mut station, &[&alice, &bob]);
    let expected = alice.dump();
    for turn in 1..7 {
        let carol = Laptop::new(10 + turn);
        for log in station.logs.values_mut() {
            let length = log.len();
            log.rotate_left(usize::from(turn) % length);
            if turn % 2 == 0 {
                log.reverse();
            }
        }
        // one by one, so that every prefix is projected
        for through in 1..=station.logs.values().map(Vec::len).max().unwrap() {
            let mut part = Station::new();
            part.logs = station
                .logs
                .iter()
                .map(|(scope, log)| (scope.clone(), log.iter().take(through).cloned().collect()))
                .collect();
            part.pull(&carol);
        }
        assert_eq!(carol.dump(), expected);
        carol.assert_sound();
    }
    assert_eq!(bob.dump(), expected);
}

#[test]
fn two_entries_that_claim_one_place_of_a_lane_are_both_kept() {
    let (alice, clone, bob) = (Laptop::new(1), Laptop::new(1), Laptop::new(2));
    let (mut station, mut other) = (Station::new(), Station::new());
    alice.create(Kind::Visit, &[set("notes", "户主在家")]);
    clone.next();
    clone.create(Kind::Visit, &[set("notes", "无人")]);
    station.sync(&alice);
    other.sync(&clone);
    assert_eq!(station.pull(&bob).fetched, 1);
    let again = other.pull(&bob);
    assert_eq!((again.fetched, again.quarantined), (1, 0));
    // a cloned disk is shown the branch the station kept; its own words stay
    let before = clone.dump();
    station.pull(&clone);
    assert_eq!(clone.dump(), before);
    bob.assert_sound();
    clone.assert_sound();
}

#[test]
fn work_not_yet_judged_follows_what_was_refused() {
    let (alice, mut station) = (Laptop::new(1), Station::new());
    let saved = alice.create(Kind::Household, &[set("head_name", "章若锦")]);
    station.sync(&alice);
    let visit = alice.fresh();
    alice
        .try_write(|tx| {
            let heads = tx.edit(saved.document, &saved.heads, &[set("phone", "1")])?.heads;
            tx.edit(saved.document, &heads, &[set("number", "27")])?;
            tx.create(Kind::Visit, visit, &cell(), &[set("household", saved.document.to_string()), set("at", 5_i64)])
        })
        .unwrap();
    alice.edit(saved.document, &[set("notes", "两层")]);
    let other = alice.create(Kind::Visit, &[set("notes", "无人")]);
    // the frame was cut after the first entry of the act; what follows was not judged when the receipt came
    station.sync_first(&alice, 1, &BTreeMap::from([(2, RefusalReason::RoleMayNot)]));
    for key in ["phone", "number", "notes"] {
        assert_eq!(alice.get(saved.document, key), Scalar::Null, "{key}");
    }
    assert!(alice.store.read(|reader| store::record::open(reader, visit)).is_err());
    assert_eq!(alice.get(other.document, "notes"), Scalar::from("无人"));
    let status = alice.read(|reader| status::of(reader, 0));
    assert_eq!((status.set_aside, status.set_aside_acts, status.unsent), (4, 2, 1));
    alice.assert_sound();
    // the station took the rest after all
    station.sync(&alice);
    assert_eq!(alice.read(|reader| status::of(reader, 0)).set_aside, 1);
    assert!(alice.store.read(|reader| store::record::open(reader, visit)).is_ok());
    assert_eq!(alice.get(saved.document, "number"), Scalar::Null, "it builds on what was refused");
    alice.assert_sound();
}
