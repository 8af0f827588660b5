//! A sync carried on a stick ends as one over a line: the same rounds, without an answer in between.

use sync::directory::token_hash;
use sync::enrolment::IssuedToken;
use sync::laptop::{Credential, FailReason, Input, Outcome, Packing, Pending, Report, Rest, Unpacking};
use sync::limits;
use sync::wire::RequestRefusal;

use crate::kit::station::{Disk, ModelStation};
use crate::kit::{self, NOW_MS, Rng};
use crate::sim::laptop::{ModelLaptop, config};

fn station() -> ModelStation {
    ModelStation::new(kit::directory(), kit::station_key())
}

fn laptop(number: u64) -> ModelLaptop {
    let scopes = kit::directory().scopes_of(kit::officer_id(number), "2026-11-21");
    ModelLaptop::new(number, scopes.into_iter().collect(), None, 0)
}

fn write(laptop: &mut ModelLaptop, acts: u64) {
    for act in 0..acts {
        let seed = laptop.end().index * 100 + laptop.number * 1000 + act;
        laptop.write(&mut Rng(seed), NOW_MS);
    }
}

fn pack(laptop: &ModelLaptop, pending: &Pending) -> Vec<Vec<u8>> {
    let mut packing = Packing::new(config(laptop.number), pending.clone());
    let mut requests = Vec::new();
    loop {
        let packed = packing.pack(laptop.load(&packing.load()), NOW_MS).unwrap();
        requests.push(packed.bytes);
        if packed.rest == Rest::Nothing {
            return requests;
        }
    }
}

/// Stores the answers; gives what came, what the next bundle has to bring, and the first fault.
fn unpack(
    laptop: &mut ModelLaptop,
    asked: &Pending,
    answers: &[Vec<u8>],
    heard_at_ms: Option<i64>,
) -> (Report, Pending, Option<FailReason>) {
    let unpacking = Unpacking::new(config(laptop.number), asked.clone());
    let (mut sum, mut pending, mut fault) = (Report::default(), Pending::default(), None);
    for answer in answers {
        let loaded = laptop.load(&unpacking.load());
        let unpacked = unpacking.unpack(loaded, answer, heard_at_ms, NOW_MS).unwrap();
        if let Some(batch) = unpacked.batch {
            assert_eq!(laptop.store(&batch, false), Ok(()));
        }
        sum.receipted += unpacked.report.receipted;
        sum.pulled += unpacked.report.pulled;
        pending = unpacked.pending;
        fault = fault.or(unpacked.fault);
    }
    (sum, pending, fault)
}

/// There and back.
fn carry(laptop: &mut ModelLaptop, station: &mut ModelStation) -> Report {
    let requests = pack(laptop, &Pending::default());
    let answers = station.handle_by_hand(&requests, NOW_MS);
    let (report, pending, fault) = unpack(laptop, &Pending::default(), &answers, None);
    assert_eq!((fault, pending.is_empty()), (None, true));
    report
}

fn over_a_line(laptop: &mut ModelLaptop, station: &mut ModelStation) -> Report {
    let mut effects = laptop.engine.handle(NOW_MS, Input::SyncRequested);
    for _ in 0..10_000 {
        let input = if let Some(load) = effects.load {
            Input::Loaded { ticket: load.ticket, loaded: Box::new(laptop.load(&load)) }
        } else if let Some(send) = effects.send {
            let bytes = station.handle(&send.bytes, NOW_MS, Disk::Works);
            Input::ResponseArrived { ticket: send.ticket, bytes }
        } else if let Some(store) = effects.store {
            assert_eq!(laptop.store(&store.batch, false), Ok(()));
            Input::Stored { ticket: store.ticket, result: Ok(()) }
        } else {
            match effects.finished {
                Some(Outcome::Done { report }) => return report,
                other => panic!("{other:?}"),
            }
        };
        effects = laptop.engine.handle(NOW_MS, input);
    }
    panic!("the sync does not end");
}

/// Everything of a laptop that a sync brings forward.
fn held(laptop: &ModelLaptop) -> impl PartialEq + std::fmt::Debug + use<> {
    let held = &laptop.held;
    (held.cursors.clone(), held.pulled.clone(), laptop.receipts_through(), laptop.refused(), held.station_head)
}

#[test]
fn a_shift_by_hand_ends_as_a_shift_over_a_line() {
    let (mut by_hand, mut by_line) = (station(), station());
    let (mut one, mut other, mut two) = (laptop(1), laptop(1), laptop(2));
    write(&mut two, 30);
    over_a_line(&mut two, &mut by_hand);
    two = laptop(2);
    write(&mut two, 30);
    over_a_line(&mut two, &mut by_line);
    write(&mut one, 40);
    write(&mut other, 40);
    let report = carry(&mut one, &mut by_hand);
    over_a_line(&mut other, &mut by_line);
    assert_eq!(report.receipted, one.end().index);
    assert!(report.pulled > 0);
    assert_eq!(held(&one), held(&other));
}

#[test]
fn much_work_and_many_pages_go_in_several_messages_and_nothing_is_left_behind() {
    let (mut station, mut one, mut two) = (station(), laptop(1), laptop(2));
    write(&mut two, 200);
    over_a_line(&mut two, &mut station);
    for number in 0..12 {
        one.write_large(limits::BODY_BYTES_MAX - 500 - number);
        write(&mut one, 3);
    }
    station.page_bytes_most = 3000;
    let requests = pack(&one, &Pending::default());
    assert!(requests.len() > 2, "{}", requests.len());
    let answers = station.handle_by_hand(&requests, NOW_MS);
    assert!(answers.len() > requests.len() + 2);
    let (report, pending, fault) = unpack(&mut one, &Pending::default(), &answers, None);
    assert_eq!((report.receipted, fault, pending.is_empty()), (one.end().index, None, true));
    let quiet = over_a_line(&mut one, &mut station);
    assert_eq!((quiet.rounds, quiet.receipted, quiet.pulled), (1, 0, 0));
}

#[test]
fn a_bundle_taken_twice_is_answered_twice_and_doubles_nothing() {
    let (mut station, mut one) = (station(), laptop(1));
    write(&mut one, 50);
    let requests = pack(&one, &Pending::default());
    station.handle_by_hand(&requests, NOW_MS);
    let lengths = station.log_lengths();
    let answers = station.handle_by_hand(&requests, NOW_MS + 1);
    assert_eq!(station.log_lengths(), lengths);
    let (report, _, fault) = unpack(&mut one, &Pending::default(), &answers, None);
    assert_eq!((report.receipted, fault), (one.end().index, None));
    let before = held(&one);
    let (again, _, fault) = unpack(&mut one, &Pending::default(), &answers, Some(NOW_MS + 1));
    assert_eq!((again.receipted, again.pulled, fault), (0, 0, None));
    assert_eq!(held(&one), before);
}

#[test]
fn an_answer_older_than_a_sync_over_the_line_takes_nothing_back() {
    let (mut station, mut one, mut two) = (station(), laptop(1), laptop(2));
    write(&mut one, 10);
    let requests = pack(&one, &Pending::default());
    let answers = station.handle_by_hand(&requests, NOW_MS);
    write(&mut two, 10);
    over_a_line(&mut two, &mut station);
    write(&mut one, 10);
    over_a_line(&mut one, &mut station);
    let before = held(&one);
    let (report, pending, fault) = unpack(&mut one, &Pending::default(), &answers, Some(NOW_MS + 5));
    assert_eq!((report.receipted, report.pulled, fault, pending.is_empty()), (0, 0, None, true));
    assert_eq!(held(&one), before);
}

#[test]
fn a_laptop_that_synced_over_the_line_meanwhile_takes_of_the_answer_what_is_new() {
    let (mut station, mut one, mut two) = (station(), laptop(1), laptop(2));
    write(&mut one, 10);
    let requests = pack(&one, &Pending::default());
    over_a_line(&mut one, &mut station);
    write(&mut two, 10);
    over_a_line(&mut two, &mut station);
    let answers = station.handle_by_hand(&requests, NOW_MS + 10);
    let (_, pending, fault) = unpack(&mut one, &Pending::default(), &answers, Some(NOW_MS));
    assert_eq!((fault, pending.is_empty()), (None, true));
    over_a_line(&mut one, &mut station);
    let quiet = over_a_line(&mut one, &mut station);
    assert_eq!((quiet.receipted, quiet.pulled), (0, 0));
}

#[test]
fn a_laptop_that_never_synced_gets_its_first_sync_from_a_file() {
    let mut first = kit::directory();
    first.replicas.retain(|replica| replica.id != kit::replica_id(1));
    let mut station = ModelStation::new(first, kit::station_key());
    let mut two = laptop(2);
    two.hold(station.signed_newest());
    write(&mut two, 20);
    over_a_line(&mut two, &mut station);
    station.issued.push(IssuedToken {
        token_hash: token_hash(&[9; 32]),
        officer: kit::officer_id(1),
        replica: kit::replica_id(1),
        laptop_label: "laptop 1".to_owned(),
    });
    let mut one = laptop(1);
    one.hold(station.signed_newest());
    one.held.credential = Some(Credential::Token([9; 32]));
    write(&mut one, 5);
    let report = carry(&mut one, &mut station);
    assert_eq!(report.receipted, one.end().index);
    assert!(report.pulled > 0);
    assert_eq!((one.held.credential.clone(), one.held.directory_version), (None, 8));
}

#[test]
fn a_refusal_is_told_and_takes_nothing() {
    let mut first = kit::directory();
    first.replicas.retain(|replica| replica.id != kit::replica_id(1));
    let mut station = ModelStation::new(first, kit::station_key());
    let mut one = laptop(1);
    one.hold(station.signed_newest());
    one.held.credential = Some(Credential::Token([9; 32]));
    write(&mut one, 5);
    let before = held(&one);
    let answers = station.handle_by_hand(&pack(&one, &Pending::default()), NOW_MS);
    let (_, _, fault) = unpack(&mut one, &Pending::default(), &answers, None);
    assert_eq!(fault, Some(FailReason::Refused(RequestRefusal::TokenUnknown)));
    assert_eq!(held(&one), before);
}

#[test]
fn a_station_that_was_set_back_is_repaired_by_a_few_bundles() {
    let (mut station, mut one, mut two) = (station(), laptop(1), laptop(2));
    write(&mut one, 5);
    over_a_line(&mut one, &mut station);
    let backup = station.durable.clone();
    write(&mut two, 10);
    over_a_line(&mut two, &mut station);
    write(&mut one, 10);
    over_a_line(&mut one, &mut station);
    let lengths = station.log_lengths();
    station.durable = backup;
    write(&mut one, 3);
    let mut pending = Pending::default();
    let mut trips = 0;
    loop {
        trips += 1;
        let answers = station.handle_by_hand(&pack(&one, &pending), NOW_MS + trips);
        let (_, next, fault) = unpack(&mut one, &pending, &answers, Some(NOW_MS + trips - 1));
        assert!(matches!(fault, None | Some(FailReason::FrameRejected(_))), "{fault:?}");
        pending = Pending::from_bytes(&next.to_bytes()).unwrap();
        if pending.is_empty() && one.receipts_through() == one.end().index {
            break;
        }
        assert!(trips < 8, "{pending:?}");
    }
    over_a_line(&mut one, &mut station);
    assert!(station.log_lengths().iter().sum::<usize>() >= lengths.iter().sum());
    over_a_line(&mut two, &mut station);
}
