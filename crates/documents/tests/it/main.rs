//! Documents as two laptops see them: create, edit at heads, merge, read, describe.
#![expect(clippy::unwrap_used, reason = "tests")]

use documents::{Actor, Document, DocumentError, Edit, create, describe};
use domain::kind::Kind;
use domain::shape::Scalar;
use proptest::prelude::*;
use uuid::Uuid;

const ALICE: Actor = Actor([1; 16]);
const BOB: Actor = Actor([2; 16]);

fn resident() -> (Vec<Vec<u8>>, documents::Reading) {
    let (change, reading) = create(
        Uuid::from_bytes([7; 16]),
        Kind::Resident,
        ALICE,
        &[Edit::set("name", "赵荣江"), Edit::set("phone", "13800000001")],
    )
    .unwrap();
    (vec![change.bytes], reading)
}

fn open(changes: &[Vec<u8>]) -> Document {
    Document::open(changes.iter().map(Vec::as_slice)).unwrap()
}

#[test]
fn a_record_reads_back_what_was_typed() {
    let (changes, created) = resident();
    let read = open(&changes).read().unwrap();
    assert_eq!(read, created);
    assert_eq!(read.text("name"), Some("赵荣江"));
    assert!(read.conflicts.is_empty() && read.issues.is_empty());
}

#[test]
fn edits_of_different_fields_merge_and_of_one_field_are_shown_as_a_conflict() {
    let (mut changes, created) = resident();
    let by_alice = open(&changes).edit(ALICE, &created.heads, &[Edit::set("phone", "13800000002")]).unwrap();
    let by_bob = open(&changes)
        .edit(BOB, &created.heads, &[Edit::set("phone", "13800000003"), Edit::set("employer", "青枫小学")])
        .unwrap();
    changes.extend([by_bob.bytes.clone(), by_alice.bytes.clone()]);
    let read = open(&changes).read().unwrap();
    assert_eq!(read.text("employer"), Some("青枫小学"));
    let mut candidates = read.conflicts["phone"].clone();
    candidates.sort_by(|a, b| a.value.cmp(&b.value));
    assert_eq!(candidates[0].change, by_alice.hash);
    assert_eq!(candidates[1].change, by_bob.hash);
    assert_eq!(read.heads.len(), 2);
}

#[test]
fn a_correction_that_arrives_while_a_form_is_open_becomes_a_conflict_even_from_the_same_laptop() {
    let (mut changes, created) = resident();
    let first = open(&changes).edit(ALICE, &created.heads, &[Edit::set("phone", "13800000002")]).unwrap();
    changes.push(first.bytes);
    // the form was opened before the first edit, by the same unlocked session
    let second = open(&changes).edit(ALICE, &created.heads, &[Edit::set("phone", "13800000003")]).unwrap();
    assert_ne!(second.actor, ALICE.0.to_vec(), "a concurrent change of one actor would use a sequence number twice");
    changes.push(second.bytes);
    assert_eq!(open(&changes).read().unwrap().conflicts["phone"].len(), 2);
}

#[test]
fn equal_values_are_no_conflict_and_a_decision_settles_one() {
    let (mut changes, created) = resident();
    let same = [Edit::set("phone", "13800000009")];
    changes.push(open(&changes[..1]).edit(ALICE, &created.heads, &same).unwrap().bytes);
    changes.push(open(&changes[..1]).edit(BOB, &created.heads, &same).unwrap().bytes);
    let read = open(&changes).read().unwrap();
    assert!(read.conflicts.is_empty());

    let carol = Actor([3; 16]);
    changes.push(open(&changes[..1]).edit(carol, &created.heads, &[Edit::set("phone", "13800000008")]).unwrap().bytes);
    let mut doc = open(&changes);
    assert_eq!(doc.read().unwrap().conflicts["phone"].len(), 2, "two unequal values, one of them written twice");
    let heads = doc.heads();
    changes.push(doc.edit(ALICE, &heads, &[Edit::set("phone", "13800000008")]).unwrap().bytes);
    let settled = open(&changes).read().unwrap();
    assert!(settled.conflicts.is_empty());
    assert_eq!(settled.text("phone"), Some("13800000008"));
}

#[test]
fn one_place_of_an_actor_is_taken_once() {
    let (mut changes, created) = resident();
    for phone in ["13800000002", "13800000003"] {
        changes.push(open(&changes[..1]).edit(BOB, &created.heads, &[Edit::set("phone", phone)]).unwrap().bytes);
    }
    assert_eq!(Document::open(changes.iter().map(Vec::as_slice)).err(), Some(DocumentError::ActorReused));
}

#[test]
fn emptying_a_field_against_an_edit_is_a_conflict_too() {
    let (mut changes, created) = resident();
    let emptied = open(&changes).edit(ALICE, &created.heads, &[Edit::set("phone", Scalar::Null)]).unwrap();
    let edited = open(&changes).edit(BOB, &created.heads, &[Edit::set("phone", "13800000003")]).unwrap();
    changes.extend([emptied.bytes, edited.bytes]);
    let read = open(&changes).read().unwrap();
    assert!(read.conflicts["phone"].iter().any(|candidate| candidate.value == Scalar::Null));

    let mut doc = open(&changes);
    let heads = doc.heads();
    let decision = doc.edit(ALICE, &heads, &[Edit::set("phone", "13800000003")]).unwrap();
    changes.push(decision.bytes);
    let settled = open(&changes).read().unwrap();
    assert!(settled.conflicts.is_empty());
    assert_eq!(settled.text("phone"), Some("13800000003"));
}

#[test]
fn the_later_of_two_next_visits_stands_without_asking() {
    let (change, created) =
        create(Uuid::from_bytes([8; 16]), Kind::Household, ALICE, &[Edit::set("number", "0327")]).unwrap();
    let mut changes = vec![change.bytes];
    let later = open(&changes).edit(ALICE, &created.heads, &[Edit::set("next_visit_on", "2026-12-19")]).unwrap();
    let sooner = open(&changes).edit(BOB, &created.heads, &[Edit::set("next_visit_on", "2026-12-01")]).unwrap();
    changes.extend([later.bytes, sooner.bytes]);
    let read = open(&changes).read().unwrap();
    assert_eq!(read.text("next_visit_on"), Some("2026-12-19"));
    assert!(read.conflicts.is_empty());
}

#[test]
fn removed_items_are_not_listed_and_the_others_are() {
    let (change, created) = create(
        Uuid::from_bytes([9; 16]),
        Kind::Patrol,
        ALICE,
        &[Edit::set("findings/a/what", "楼梯堆物"), Edit::set("findings/b/what", "盖板断裂")],
    )
    .unwrap();
    let mut changes = vec![change.bytes];
    changes.push(open(&changes).edit(ALICE, &created.heads, &[Edit::set("findings/a/_gone", true)]).unwrap().bytes);
    let read = open(&changes).read().unwrap();
    assert_eq!(read.items("findings").keys().copied().collect::<Vec<_>>(), vec!["b"]);
}

#[test]
fn unknown_heads_an_empty_edit_and_a_gap_are_refused() {
    let (changes, created) = resident();
    let mut doc = open(&changes);
    assert_eq!(doc.edit(ALICE, &[[9; 32]], &[Edit::set("phone", "1")]).unwrap_err(), DocumentError::UnknownHeads);
    assert_eq!(doc.edit(ALICE, &[], &[Edit::set("phone", "1")]).unwrap_err(), DocumentError::UnknownHeads);
    let same = [Edit::set("phone", "13800000001")];
    assert_eq!(doc.edit(ALICE, &created.heads, &same).unwrap_err(), DocumentError::NothingToChange);
    let second = doc.edit(ALICE, &created.heads, &[Edit::set("phone", "13800000002")]).unwrap();
    let gap = Document::open([second.bytes.as_slice()]);
    assert_eq!(gap.err(), Some(DocumentError::MissingDependencies));
    assert_eq!(Document::open([]).err(), Some(DocumentError::Empty));
}

#[test]
fn a_change_says_what_it_set() {
    let (changes, created) = resident();
    let summary = describe(&changes[0]).unwrap();
    assert_eq!(summary.hash.to_vec(), created.heads[0].to_vec());
    assert!(summary.sets.contains(&("name".to_owned(), Scalar::from("赵荣江"))));
    assert!(summary.deps.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// P5: every value written without knowing of the others is either shown or in the conflict view.
    #[test]
    fn no_concurrent_value_is_lost(values in prop::collection::vec("[0-9]{1,3}", 2..6)) {
        let (mut changes, created) = resident();
        for (at, value) in values.iter().enumerate() {
            let actor = Actor([10 + u8::try_from(at).unwrap(); 16]);
            changes.push(open(&changes[..1]).edit(actor, &created.heads, &[Edit::set("notes", value.as_str())]).unwrap().bytes);
        }
        let read = open(&changes).read().unwrap();
        let mut distinct: Vec<&String> = values.iter().collect();
        distinct.sort();
        distinct.dedup();
        if distinct.len() == 1 {
            prop_assert!(read.conflicts.is_empty());
        } else {
            prop_assert_eq!(read.conflicts["notes"].len(), distinct.len());
        }
    }

    /// The order in which changes arrive does not matter.
    #[test]
    fn order_of_arrival_does_not_matter(seed in any::<u64>()) {
        let (mut changes, created) = resident();
        for at in 0..4u8 {
            let mut doc = open(&changes[..usize::from(at % 2) + 1]);
            let heads = if at % 2 == 0 { created.heads.clone() } else { doc.heads() };
            changes.push(doc.edit(Actor([20 + at; 16]), &heads, &[Edit::set("notes", i64::from(at))]).unwrap().bytes);
        }
        let expected = open(&changes).read().unwrap();
        let mut shuffled = changes.clone();
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
        }
        prop_assert_eq!(open(&shuffled).read().unwrap(), expected);
    }

    /// P7: no bytes take the app down, and damaged ones never pass for the change they were: the log knows each by its hash.
    #[test]
    fn damaged_bytes_are_an_error_or_another_change(cut in 0usize..400, flip in 0usize..400, noise in prop::collection::vec(any::<u8>(), 0..200)) {
        let (changes, _) = resident();
        let mut damaged = changes[0].clone();
        let length = damaged.len();
        damaged[flip % length] ^= 0x40;
        // the four bytes of the chunk's own checksum are not part of what the hash covers: the contents are whole then
        if let Ok(mut doc) = Document::open([damaged.as_slice()]) {
            let whole = open(&changes).read().unwrap();
            let read = doc.read();
            prop_assert!(doc.heads() != whole.heads || read == Ok(whole));
        }
        prop_assert!(Document::open([&changes[0][..cut % length]]).is_err());
        prop_assert!(describe(&noise).is_err());
    }
}
