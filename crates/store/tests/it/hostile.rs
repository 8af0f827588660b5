//! Changes of a hostile colleague that are well-formed, rightly signed, and meant to break the record they are written to.

use domain::kind::Kind;
use domain::shape::Scalar;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use sync::ids::{ActId, OfficerId, ReplicaId};
use sync::lane::{self, EntryDraft, EntryKind, LaneHead};
use sync::laptop::{Ask, Load, LoadFrom, Ticket};

use crate::support::{Laptop, START_MS, Station, cell, id, set};

/// Changes that are tried; a few in a hundred are well-formed.
const TRIES: u64 = 6_000;

/// Injures a change inside its contents and gives it the length and the checksum of what it is now.
fn injured(body: &[u8], rng: &mut ChaCha8Rng) -> Option<Vec<u8>> {
    let mut contents = body.get(10..)?.to_vec();
    for _ in 0..rng.random_range(1..=3) {
        let at = rng.random_range(0..contents.len());
        contents[at] = if rng.random() { contents[at] ^ (1 << rng.random_range(0..8)) } else { rng.random() };
    }
    let mut hashed = vec![1];
    let mut length = contents.len();
    while length > 0x7f {
        hashed.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    hashed.push(u8::try_from(length).unwrap());
    hashed.extend(contents);
    let checksum = sync::crypto::sha256(&hashed).0;
    Some([&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &hashed].concat())
}

#[test]
fn well_formed_changes_meant_to_break_a_record_leave_it_readable_and_the_others_alone() {
    let (alice, bob, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
    let shared = alice.create(Kind::Resident, &[set("name", "赵荣江"), set("phone", "1")]);
    let other = alice.create(Kind::Resident, &[set("name", "章若锦")]);
    alice.edit(shared.document, &[set("notes", "户主在家")]);
    station.sync(&alice);
    let load = Load { ticket: Ticket(1), from: LoadFrom::Index(0), budget_bytes: u64::MAX, ask: Ask::default() };
    let honest = alice.store.load(&load, None).unwrap().entries;
    let victim = honest.last().unwrap();
    let salt = victim.salt;
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    let replica = ReplicaId::from_bytes([66; 16]);
    let mut head = LaneHead::genesis(replica);
    let mut sent = 0;
    for number in 0..TRIES {
        let Some(body) = injured(&victim.body, &mut rng) else { continue };
        if sync::change::check(&body).is_err() {
            continue;
        }
        let draft = EntryDraft {
            scope: cell(),
            document: shared.document,
            act: ActId(id(number + 1).uuid()),
            officer: OfficerId::from_bytes([66; 16]),
            directory_version: 1,
            device_at_ms: START_MS,
            kind: if number % 3 == 0 { EntryKind::Decision } else { EntryKind::Change },
            salt,
            body,
            replaces: None,
        };
        let (entry, next) = lane::append(head, draft).unwrap();
        head = next;
        sent += 1;
        station.logs.get_mut(&cell()).unwrap().push((replica, entry));
    }
    assert!(sent > 40, "{sent}");
    station.pull(&bob);
    // what is shown of the record is what sound changes say; its name was never theirs to take away
    assert_eq!(bob.get(shared.document, "name"), Scalar::from("赵荣江"));
    assert_eq!(bob.get(other.document, "name"), Scalar::from("章若锦"));
    let more = bob.edit(other.document, &[set("phone", "2")]);
    assert!(more.change.is_some());
    bob.assert_sound();
    println!("{sent} well-formed hostile changes on one record");
}
