//! Bundles as this laptop remembers them: the key of an answer is there until the answer is, and no longer.

use store::bundle::{self, Answered, NewBundle};
use sync::ids::BundleId;
use zeroize::Zeroizing;

use crate::support::{Laptop, START_MS};

fn id(number: u8) -> BundleId {
    BundleId::from_bytes([number; 16])
}

fn put(laptop: &Laptop, number: u8) {
    let new = NewBundle {
        bundle: id(number),
        replica: laptop.replica,
        at: START_MS,
        medium: "U盘 01".to_owned(),
        file: format!("{number}.fqout"),
        entries: 3,
        bytes: 4000,
        reply_key: Zeroizing::new([number; 32]),
        asked: vec![number],
    };
    laptop.store.bundle_put(&new).unwrap();
}

#[test]
fn the_key_of_an_answer_is_kept_until_the_answer_is_in_and_what_it_asks_for_until_the_next() {
    let laptop = Laptop::new(1);
    put(&laptop, 1);
    put(&laptop, 2);
    let awaited = laptop.read(|reader| bundle::awaited(reader, id(1))).unwrap();
    assert_eq!((awaited.reply_key, awaited.asked), (Some(Zeroizing::new([1; 32])), vec![1]));
    let answered = Answered { at: START_MS + 5, received: 3, pending: Some(vec![7]), ..Answered::default() };
    laptop.store.bundle_answered(id(1), &answered).unwrap();
    let awaited = laptop.read(|reader| bundle::awaited(reader, id(1))).unwrap();
    assert_eq!((awaited.reply_key, awaited.answered_at), (None, Some(START_MS + 5)));
    assert_eq!(laptop.read(bundle::pending), Some(vec![7]));
    laptop.store.bundle_answered(id(2), &Answered { at: START_MS + 6, ..Answered::default() }).unwrap();
    assert_eq!(laptop.read(bundle::pending), None);
    let rows = laptop.read(|reader| bundle::recent(reader, 10));
    assert_eq!(rows.iter().map(|row| row.bundle).collect::<Vec<_>>(), [id(2), id(1)]);
    assert_eq!(rows[1].answered.as_ref().map(|one| one.received), Some(3));
    assert!(laptop.read(|reader| bundle::awaited(reader, id(9))).is_none());
}

#[test]
fn the_oldest_bundles_are_forgotten_with_their_keys() {
    let laptop = Laptop::new(1);
    for number in 1..=103 {
        put(&laptop, number);
    }
    let rows = laptop.read(|reader| bundle::recent(reader, 200));
    assert_eq!((rows.len(), rows.last().map(|row| row.bundle)), (100, Some(id(4))));
    assert!(laptop.read(|reader| bundle::awaited(reader, id(3))).is_none());
}

#[test]
fn an_answer_kept_back_gives_no_days_twice() {
    let laptop = Laptop::new(1);
    let day = 86_400_000;
    laptop.store.lease_heard_by_hand(START_MS, START_MS + 50 * day).unwrap();
    assert_eq!(laptop.store.lease_look(START_MS + 50 * day).unwrap().counted_ms, 50 * day);
    // a clock set back takes nothing off
    laptop.store.lease_heard_by_hand(START_MS, START_MS - day).unwrap();
    assert_eq!(laptop.store.lease_look(START_MS - day).unwrap().counted_ms, 0);
}
