//! The bundle as a file: it opens for whom it is meant, whole and in order, or not at all.

use sync::bundle::{AnswerHead, BundleFault, OutHead, Preamble, SealedAnswer, SealedOut};
use sync::crypto::{BoxSecretKey, SignKey, SignatureFault};
use sync::ids::{BundleId, StationId};
use sync::limits;

use crate::kit::{self, NOW_MS};

pub(crate) const REPLY: [u8; 32] = [21; 32];

pub(crate) fn out_head() -> OutHead {
    OutHead {
        station: kit::station_id(),
        replica: kit::replica_id(1),
        public_key: kit::replica_key(1).public(),
        bundle: BundleId(kit::uuid(8, 1)),
        made_at_ms: NOW_MS,
    }
}

pub(crate) fn answer_head() -> AnswerHead {
    AnswerHead {
        station: kit::station_id(),
        replica: kit::replica_id(1),
        bundle: BundleId(kit::uuid(8, 1)),
        salt: [5; 16],
        made_at_ms: NOW_MS + 1000,
    }
}

pub(crate) fn out_file(messages: &[Vec<u8>]) -> Vec<u8> {
    let keys = (&[20; 32], &REPLY, [22; 32]);
    let (mut file, mut writer) = out_head().begin(&kit::replica_key(1), &kit::bundle_key().public(), keys);
    for message in messages {
        file.extend(writer.message(message));
    }
    file.extend(writer.finish());
    file
}

pub(crate) fn answer_file(messages: &[Vec<u8>]) -> Vec<u8> {
    let (mut file, mut writer) = answer_head().begin(&kit::station_key(), &REPLY);
    for message in messages {
        file.extend(writer.message(message));
    }
    file.extend(writer.finish());
    file
}

fn messages() -> Vec<Vec<u8>> {
    vec![vec![1; 10], Vec::new(), vec![2; 3000], b"last".to_vec()]
}

/// Opens a laptop's bundle as the station does.
pub(crate) fn opened(mut file: &[u8], key: &BoxSecretKey) -> Result<(OutHead, Vec<Vec<u8>>), BundleFault> {
    let (preamble, head) = Preamble::read(&mut file)?;
    let mut opened = SealedOut::read(&preamble, &head)?.open(kit::station_id(), key)?;
    assert_eq!(*opened.reply_key, REPLY);
    let mut messages = Vec::new();
    while let Some(message) = opened.messages.next(&mut file)? {
        messages.push(message);
    }
    Ok((opened.head, messages))
}

/// Opens the station's answer as the laptop does.
pub(crate) fn answered(mut file: &[u8], reply: &[u8; 32]) -> Result<Vec<Vec<u8>>, BundleFault> {
    let (preamble, head) = Preamble::read(&mut file)?;
    let mut reader = SealedAnswer::read(&preamble, &head, kit::station_id(), &kit::station_public())?.open(reply);
    let mut messages = Vec::new();
    while let Some(message) = reader.next(&mut file)? {
        messages.push(message);
    }
    Ok(messages)
}

#[test]
fn what_a_laptop_wrote_opens_at_its_station_and_nowhere_else() {
    let file = out_file(&messages());
    assert_eq!(opened(&file, &kit::bundle_key()).unwrap(), (out_head(), messages()));
    assert_eq!(opened(&file, &BoxSecretKey::from_seed([7; 32])).err(), Some(BundleFault::DoesNotOpen));
    let (preamble, head) = Preamble::read(&mut file.as_slice()).unwrap();
    let elsewhere = SealedOut::read(&preamble, &head).unwrap().open(StationId(kit::uuid(1, 2)), &kit::bundle_key());
    assert_eq!(elsewhere.err(), Some(BundleFault::AnotherStation));
}

#[test]
fn an_answer_opens_only_with_the_key_of_its_bundle_and_only_from_its_station() {
    let file = answer_file(&messages());
    assert_eq!(answered(&file, &REPLY).unwrap(), messages());
    assert_eq!(answered(&file, &[1; 32]).err(), Some(BundleFault::Damaged { number: 0 }));
    let (preamble, head) = Preamble::read(&mut file.as_slice()).unwrap();
    let key = SignKey::from_seed(&[9; 32]).public();
    let forged = SealedAnswer::read(&preamble, &head, kit::station_id(), &key);
    assert_eq!(forged.err(), Some(BundleFault::Signature(SignatureFault::Wrong)));
    let station = StationId(kit::uuid(1, 2));
    let foreign = SealedAnswer::read(&preamble, &head, station, &kit::station_public());
    assert_eq!(foreign.err(), Some(BundleFault::AnotherStation));
}

#[test]
fn each_way_is_refused_where_the_other_is_expected() {
    assert_eq!(answered(&out_file(&messages()), &REPLY).err(), Some(BundleFault::OtherPurpose));
    assert_eq!(opened(&answer_file(&messages()), &kit::bundle_key()).err(), Some(BundleFault::OtherPurpose));
}

#[test]
fn a_bundle_cut_or_flipped_anywhere_is_refused() {
    let (out, answer) = (out_file(&messages()), answer_file(&messages()));
    for at in 0..out.len() {
        assert!(opened(&out[..at], &kit::bundle_key()).is_err(), "cut at {at}");
        let mut flipped = out.clone();
        flipped[at] ^= 0x10;
        assert!(opened(&flipped, &kit::bundle_key()).is_err(), "flipped at {at}");
    }
    for at in 0..answer.len() {
        assert!(answered(&answer[..at], &REPLY).is_err(), "cut at {at}");
        let mut flipped = answer.clone();
        flipped[at] ^= 0x10;
        assert!(answered(&flipped, &REPLY).is_err(), "flipped at {at}");
    }
    assert_eq!(answered(&[answer.as_slice(), &[0]].concat(), &REPLY).err(), Some(BundleFault::Trailing));
}

/// Preamble and head, then each record.
fn parts(file: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let length = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let mut at = 13 + length(9);
    let (head, mut records) = (file[..at].to_vec(), Vec::new());
    while at < file.len() {
        let end = at + 5 + length(at + 1);
        records.push(file[at..end].to_vec());
        at = end;
    }
    (head, records)
}

#[test]
fn messages_in_another_order_doubled_left_out_or_of_another_bundle_are_refused() {
    let (head, records) = parts(&answer_file(&messages()));
    let (other_head, other) = {
        let (mut file, mut writer) = AnswerHead { salt: [6; 16], ..answer_head() }.begin(&kit::station_key(), &REPLY);
        file.extend(writer.message(&[1; 10]));
        file.extend(writer.finish());
        parts(&file)
    };
    let build = |head: &[u8], records: &[&Vec<u8>]| {
        [head.to_vec(), records.iter().copied().flatten().copied().collect()].concat()
    };
    let [a, b, c, d, end] = records.as_slice() else { panic!("{}", records.len()) };
    for wrong in [
        build(&head, &[b, a, c, d, end]),
        build(&head, &[a, a, b, c, d, end]),
        build(&head, &[a, b, d, end]),
        build(&head, &[a, b, c, d, end, end]),
        build(&head, &[a, b, c, end]),
        build(&head, &[end]),
        build(&head, &[&other[0], b, c, d, end]),
        build(&other_head, &[a, b, c, d, end]),
    ] {
        assert!(answered(&wrong, &REPLY).is_err());
    }
}

#[test]
fn sizes_that_lie_are_refused_before_memory_is_taken_for_them() {
    let (head, records) = parts(&out_file(&messages()));
    let mut huge_head = head.clone();
    huge_head[9..13].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(opened(&huge_head, &kit::bundle_key()).err(), Some(BundleFault::HeadDamaged));
    for length in [u32::MAX, u32::try_from(limits::REQUEST_BYTES_MAX).unwrap() + 100] {
        let mut record = records[0].clone();
        record[1..5].copy_from_slice(&length.to_be_bytes());
        let file = [head.clone(), record].concat();
        assert_eq!(opened(&file, &kit::bundle_key()).err(), Some(BundleFault::Damaged { number: 0 }));
    }
    let mut record = records[0].clone();
    record[0] = 2;
    let file = [head, record].concat();
    assert_eq!(opened(&file, &kit::bundle_key()).err(), Some(BundleFault::Damaged { number: 0 }));
}

#[test]
fn nobody_puts_his_own_reply_key_to_anothers_requests() {
    let mine = OutHead { public_key: kit::replica_key(2).public(), ..out_head() };
    let keys = (&[20; 32], &[99; 32], [22; 32]);
    let (mut file, writer) = mine.begin(&kit::replica_key(2), &kit::bundle_key().public(), keys);
    file.extend(writer.finish());
    let (preamble, head) = Preamble::read(&mut file.as_slice()).unwrap();
    // the head says whose key it is signed by; the station compares that with its directory
    assert_eq!(SealedOut::read(&preamble, &head).unwrap().head().public_key, kit::replica_key(2).public());
    let claimed = out_head();
    let (file, _) = claimed.begin(&kit::replica_key(2), &kit::bundle_key().public(), keys);
    let (preamble, head) = Preamble::read(&mut file.as_slice()).unwrap();
    assert_eq!(SealedOut::read(&preamble, &head).err(), Some(BundleFault::Signature(SignatureFault::Wrong)));
}

#[test]
fn another_file_and_a_newer_version_are_told_apart() {
    assert_eq!(opened(b"", &kit::bundle_key()).err(), Some(BundleFault::NotABundle));
    assert_eq!(opened(b"%PDF-1.7 and more", &kit::bundle_key()).err(), Some(BundleFault::NotABundle));
    let mut newer = out_file(&messages());
    newer[7] = 2;
    assert_eq!(opened(&newer, &kit::bundle_key()).err(), Some(BundleFault::NewerVersion { found: 2 }));
}
