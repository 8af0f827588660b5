//! The engine by itself: one round for a normal shift, a word for every failure, and nothing counted before it is stored.

use proptest::prelude::*;
use sync::directory::token_hash;
use sync::enrolment::IssuedToken;
use sync::laptop::{
    Activity, Ask, Credential, Effects, FailReason, Input, Load, LoadFrom, Outcome, Progress, Report, RequestFailure,
    StorageFailure, Ticket,
};
use sync::limits;
use sync::wire::{Coding, RequestRefusal, Response, ResponseOutcome, WireFault};

use crate::kit::station::{Disk, ModelStation};
use crate::kit::{self, NOW_MS, Rng};
use crate::sim::laptop::ModelLaptop;

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

/// Follows effects until the sync ends, on a line without faults.
fn follow(laptop: &mut ModelLaptop, station: &mut ModelStation, first: Effects) -> (Outcome, Vec<Progress>) {
    let mut effects = first;
    let mut shown = Vec::new();
    for _ in 0..10_000 {
        shown.extend(effects.progress.take());
        if let Some(outcome) = effects.finished {
            return (outcome, shown);
        }
        let input = if let Some(load) = effects.load {
            Input::Loaded { ticket: load.ticket, loaded: Box::new(laptop.load(&load)) }
        } else if let Some(send) = effects.send {
            let bytes = station.handle(&send.bytes, NOW_MS, Disk::Works);
            Input::ResponseArrived { ticket: send.ticket, bytes }
        } else if let Some(store) = effects.store {
            Input::Stored { ticket: store.ticket, result: laptop.store(&store.batch, false) }
        } else {
            panic!("the engine stands still");
        };
        effects = laptop.engine.handle(NOW_MS, input);
    }
    panic!("the sync does not end");
}

fn sync(laptop: &mut ModelLaptop, station: &mut ModelStation) -> Report {
    let first = laptop.engine.handle(NOW_MS, Input::SyncRequested);
    match follow(laptop, station, first).0 {
        Outcome::Done { report } => report,
        other => panic!("{other:?}"),
    }
}

/// Entries of `of` in the logs that `reader` has.
fn logged(station: &ModelStation, reader: &ModelLaptop, of: &ModelLaptop) -> u64 {
    let logs = reader.scopes.iter().filter_map(|scope| station.durable.logs.get(scope));
    logs.flat_map(|log| &log.records).filter(|(replica, _, _)| *replica == of.replica).count() as u64
}

/// Up to the request.
fn until_sent(laptop: &mut ModelLaptop) -> sync::laptop::Send {
    let load = laptop.engine.handle(NOW_MS, Input::SyncRequested).load.unwrap();
    let loaded = Box::new(laptop.load(&load));
    laptop.engine.handle(NOW_MS, Input::Loaded { ticket: load.ticket, loaded }).send.unwrap()
}

fn failed(effects: &Effects) -> (FailReason, Option<i64>) {
    match &effects.finished {
        Some(Outcome::Failed { reason, retry_at_ms, .. }) => (*reason, *retry_at_ms),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_normal_shift_is_one_round_trip() {
    let (mut station, mut one, mut two) = (station(), laptop(1), laptop(2));
    write(&mut two, 5);
    sync(&mut two, &mut station);
    write(&mut one, 9);
    let report = sync(&mut one, &mut station);
    assert_eq!(report.rounds, 1);
    assert_eq!(report.receipted, one.end().index);
    assert_eq!(report.pulled, logged(&station, &one, &two));
    let quiet = sync(&mut one, &mut station);
    assert_eq!((quiet.rounds, quiet.receipted, quiet.pulled), (1, 0, 0));
    assert!(quiet.bytes_sent + quiet.bytes_received < 1024, "{quiet:?}");
}

#[test]
fn much_work_goes_in_several_rounds_and_progress_counts_what_is_durable() {
    let (mut station, mut laptop) = (station(), laptop(1));
    station.page_bytes_most = 3000;
    write(&mut laptop, 300);
    let first = laptop.engine.handle(NOW_MS, Input::SyncRequested);
    let (outcome, shown) = follow(&mut laptop, &mut station, first);
    let Outcome::Done { report } = outcome else { panic!("{outcome:?}") };
    assert!(report.rounds > 2, "{report:?}");
    assert_eq!(shown[0].sent, 0);
    assert!(shown.iter().all(|one| one.sent <= one.send_total && one.pulled <= one.pull_total));
    assert!(shown.windows(2).all(|pair| pair[0].sent <= pair[1].sent && pair[0].send_total == pair[1].send_total));
    let last = shown.last().unwrap();
    assert_eq!((last.sent, last.sent_bytes), (last.send_total, last.send_total_bytes));
    assert_eq!(last.sent, laptop.end().index);
}

#[test]
fn refused_acts_do_not_hold_up_the_others() {
    let (mut station, mut one, mut two) = (station(), laptop(1), laptop(2));
    write(&mut one, 60);
    let report = sync(&mut one, &mut station);
    assert!(report.refused > 0 && report.refused < report.receipted);
    let pulled = sync(&mut two, &mut station);
    assert_eq!(pulled.pulled, logged(&station, &two, &one));
    assert!(pulled.pulled > 0);
}

#[test]
fn a_captive_portal_is_named_and_tried_again() {
    let mut laptop = laptop(1);
    let send = until_sent(&mut laptop);
    let bytes = b"<html>log in</html>".to_vec();
    let effects = laptop.engine.handle(NOW_MS, Input::ResponseArrived { ticket: send.ticket, bytes });
    let (reason, retry_at_ms) = failed(&effects);
    assert_eq!((reason, reason.code()), (FailReason::Wire(WireFault::NotOurProtocol), "not_our_protocol"));
    assert_eq!(laptop.engine.wake_at(), retry_at_ms);
    assert!(effects.store.is_none());
}

#[test]
fn rests_grow_to_a_bound_are_visible_and_end_when_the_network_may_be_back() {
    let mut laptop = laptop(1);
    let mut now_ms = NOW_MS;
    let mut rests = Vec::new();
    for failures in 1..12 {
        let input = if failures == 1 { Input::SyncRequested } else { Input::Wake };
        let load = laptop.engine.handle(now_ms, input).load.unwrap();
        let loaded = Box::new(laptop.load(&load));
        let send = laptop.engine.handle(now_ms, Input::Loaded { ticket: load.ticket, loaded }).send.unwrap();
        let failure = RequestFailure::Unreachable;
        let effects = laptop.engine.handle(now_ms, Input::RequestFailed { ticket: send.ticket, failure });
        let until_ms = failed(&effects).1.unwrap();
        assert_eq!(laptop.engine.activity(), Activity::Resting { until_ms, failures });
        assert!(laptop.engine.handle(until_ms - 1, Input::Wake).load.is_none(), "too early");
        rests.push(until_ms - now_ms);
        now_ms = until_ms;
    }
    assert!(rests[0] <= limits::BACK_OFF_START_MS && rests[0] >= limits::BACK_OFF_START_MS * 3 / 4);
    assert!(rests[3] > rests[0] * 4);
    assert!(rests.iter().all(|rest| *rest <= limits::BACK_OFF_MAX_MS));
    assert!(laptop.engine.handle(now_ms - 1000, Input::ConnectivityMaybe).load.is_some());
}

#[test]
fn a_clock_set_back_by_years_does_not_prolong_a_rest() {
    let mut laptop = laptop(1);
    let send = until_sent(&mut laptop);
    let failure = RequestFailure::Unreachable;
    let _ = laptop.engine.handle(NOW_MS, Input::RequestFailed { ticket: send.ticket, failure });
    assert!(laptop.engine.handle(NOW_MS - 10 * 31_557_600_000, Input::Wake).load.is_some());
}

#[test]
fn another_servers_key_is_not_tried_again_by_itself() {
    let mut laptop = laptop(1);
    let send = until_sent(&mut laptop);
    let failure = RequestFailure::PinMismatch;
    let effects = laptop.engine.handle(NOW_MS, Input::RequestFailed { ticket: send.ticket, failure });
    assert_eq!(failed(&effects), (FailReason::Request(failure), None));
    assert_eq!((laptop.engine.wake_at(), laptop.engine.activity()), (None, Activity::Idle));
}

#[test]
fn an_answer_that_comes_late_twice_or_after_a_cancel_does_nothing() {
    let (mut station, mut laptop) = (station(), laptop(1));
    write(&mut laptop, 3);
    let send = until_sent(&mut laptop);
    let bytes = station.handle(&send.bytes, NOW_MS, Disk::Works);
    let answer = || Input::ResponseArrived { ticket: send.ticket, bytes: bytes.clone() };
    assert!(laptop.engine.handle(NOW_MS, Input::Cancelled).finished.is_some());
    assert!(laptop.engine.handle(NOW_MS, answer()).store.is_none());
    let again = until_sent(&mut laptop);
    assert!(laptop.engine.handle(NOW_MS, answer()).store.is_none(), "the answer to the first request");
    let bytes = station.handle(&again.bytes, NOW_MS, Disk::Works);
    let answer = || Input::ResponseArrived { ticket: again.ticket, bytes: bytes.clone() };
    assert!(laptop.engine.handle(NOW_MS, answer()).store.is_some());
    assert!(laptop.engine.handle(NOW_MS, answer()).store.is_none());
}

#[test]
fn a_cancel_waits_for_a_running_transaction() {
    let (mut station, mut laptop) = (station(), laptop(1));
    write(&mut laptop, 3);
    let send = until_sent(&mut laptop);
    let bytes = station.handle(&send.bytes, NOW_MS, Disk::Works);
    let store = laptop.engine.handle(NOW_MS, Input::ResponseArrived { ticket: send.ticket, bytes }).store.unwrap();
    assert!(laptop.engine.handle(NOW_MS, Input::Cancelled).finished.is_none());
    let ended = laptop.engine.handle(NOW_MS, Input::Stored { ticket: store.ticket, result: Ok(()) });
    let Some(Outcome::Cancelled { report }) = ended.finished else { panic!("{ended:?}") };
    assert_eq!(report.receipted, laptop.end().index);
}

#[test]
fn a_full_disk_counts_nothing_and_the_next_sync_gets_it_all() {
    let (mut station, mut laptop) = (station(), laptop(1));
    write(&mut laptop, 3);
    let send = until_sent(&mut laptop);
    let bytes = station.handle(&send.bytes, NOW_MS, Disk::Works);
    let store = laptop.engine.handle(NOW_MS, Input::ResponseArrived { ticket: send.ticket, bytes }).store.unwrap();
    let result = Err(StorageFailure::Full);
    let effects = laptop.engine.handle(NOW_MS, Input::Stored { ticket: store.ticket, result });
    assert_eq!(failed(&effects), (FailReason::Storage(StorageFailure::Full), None));
    assert!(effects.progress.is_none());
    assert_eq!(sync(&mut laptop, &mut station).receipted, laptop.end().index);
}

#[test]
fn what_is_written_during_a_sync_goes_with_it_when_asked() {
    let (mut station, mut laptop) = (station(), laptop(1));
    write(&mut laptop, 2);
    let send = until_sent(&mut laptop);
    write(&mut laptop, 2);
    assert!(laptop.engine.handle(NOW_MS, Input::SyncRequested).load.is_none());
    let bytes = station.handle(&send.bytes, NOW_MS, Disk::Works);
    let next = laptop.engine.handle(NOW_MS, Input::ResponseArrived { ticket: send.ticket, bytes });
    let (outcome, _) = follow(&mut laptop, &mut station, next);
    let Outcome::Done { report } = outcome else { panic!("{outcome:?}") };
    assert_eq!(report.receipted, laptop.end().index);
}

#[test]
fn asking_again_and_again_while_nothing_is_to_do_is_no_failure() {
    let (mut station, mut laptop) = (station(), laptop(1));
    let mut send = until_sent(&mut laptop);
    for _ in 0..10 {
        let _ = laptop.engine.handle(NOW_MS, Input::SyncRequested);
        let bytes = station.handle(&send.bytes, NOW_MS, Disk::Works);
        let answer = Input::ResponseArrived { ticket: send.ticket, bytes };
        let store = laptop.engine.handle(NOW_MS, answer).store.unwrap();
        let load = laptop.engine.handle(NOW_MS, Input::Stored { ticket: store.ticket, result: Ok(()) }).load.unwrap();
        let loaded = Box::new(laptop.load(&load));
        send = laptop.engine.handle(NOW_MS, Input::Loaded { ticket: load.ticket, loaded }).send.unwrap();
    }
}

#[test]
fn a_station_restored_from_an_old_backup_gets_everything_again() {
    let (mut station, mut one, mut two) = (station(), laptop(1), laptop(2));
    write(&mut one, 4);
    sync(&mut one, &mut station);
    sync(&mut two, &mut station);
    let backup = station.durable.clone();
    write(&mut one, 6);
    sync(&mut one, &mut station);
    sync(&mut two, &mut station);
    station.durable = backup;
    let report = sync(&mut one, &mut station);
    assert_eq!(station.head(one.replica), one.end());
    assert!(report.given_back > 0 && report.receipted > 0, "{report:?}");
    assert_eq!(station.durable.epoch, 2);
    // Given back in its order, the log is the very one that was lost: nobody has to fetch anything again.
    let other = sync(&mut two, &mut station);
    assert_eq!((other.scopes_restarted, other.given_back, other.pulled), (0, 0, 0), "{other:?}");
}

#[test]
fn what_a_destroyed_laptop_wrote_comes_back_from_those_who_pulled_it() {
    let (mut station, mut one, mut two) = (station(), laptop(1), laptop(2));
    write(&mut two, 2);
    sync(&mut two, &mut station);
    let backup = station.durable.clone();
    write(&mut one, 6);
    sync(&mut one, &mut station);
    sync(&mut two, &mut station);
    station.durable = backup;
    write(&mut two, 1);
    let report = sync(&mut two, &mut station);
    let written = station.durable.logs.values().flat_map(|log| &log.records);
    let found = written.filter(|(replica, _, _)| *replica == one.replica).count() as u64;
    assert!(report.given_back >= found && found >= 6, "{report:?} {found}");
    assert_eq!(station.head(two.replica), two.end());
    // The laptop was only mislaid: its lane meets what others have given back.
    let refused = one.refused();
    sync(&mut one, &mut station);
    assert_eq!((station.head(one.replica), one.refused()), (one.end(), refused));
}

#[test]
fn a_cloned_laptop_is_told_that_it_is_another_branch() {
    let (mut station, mut one) = (station(), laptop(1));
    write(&mut one, 2);
    sync(&mut one, &mut station);
    let mut clone = laptop(1);
    clone.held = one.held.clone();
    clone.crash();
    write(&mut one, 1);
    sync(&mut one, &mut station);
    write(&mut clone, 4);
    clone.held.lane.truncate(clone.held.places.len());
    let first = clone.engine.handle(NOW_MS, Input::SyncRequested);
    let (outcome, _) = follow(&mut clone, &mut station, first);
    let Outcome::Failed { reason: FailReason::LaneForked { .. }, retry_at_ms: None, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(station.head(one.replica), one.end(), "the station keeps the branch it has");
}

#[test]
fn a_request_without_an_answer_is_given_up() {
    let mut laptop = laptop(1);
    until_sent(&mut laptop);
    let at_ms = laptop.engine.wake_at().unwrap();
    assert_eq!(at_ms, NOW_MS + limits::REQUEST_PATIENCE_MS);
    let effects = laptop.engine.handle(at_ms, Input::Wake);
    assert_eq!(failed(&effects).0, FailReason::Request(RequestFailure::Timeout));
}

#[test]
fn a_refusal_is_told_and_only_a_passing_one_is_tried_again() {
    for (refusal, again) in [(RequestRefusal::TokenUsed, false), (RequestRefusal::Busy, true)] {
        let mut laptop = laptop(1);
        let send = until_sent(&mut laptop);
        let outcome = ResponseOutcome::Refused(refusal);
        let response = Response { station: kit::station_id(), station_at_ms: NOW_MS, outcome };
        let bytes = response.encode(Coding::Plain);
        let effects = laptop.engine.handle(NOW_MS, Input::ResponseArrived { ticket: send.ticket, bytes });
        let (reason, retry) = failed(&effects);
        assert_eq!((reason, retry.is_some()), (FailReason::Refused(refusal), again));
    }
}

#[test]
fn first_contact_certifies_and_sends_in_one_round_and_a_second_use_of_the_file_keeps_its_work() {
    let mut first = kit::directory();
    first.replicas.retain(|replica| replica.id != kit::replica_id(1));
    let mut station = ModelStation::new(first, kit::station_key());
    station.issued.push(IssuedToken {
        token_hash: token_hash(&[9; 32]),
        officer: kit::officer_id(1),
        replica: kit::replica_id(1),
        laptop_label: "one".to_owned(),
    });
    let mut one = laptop(1);
    one.hold(station.signed_newest());
    one.held.credential = Some(Credential::Token([9; 32]));
    write(&mut one, 3);
    let report = sync(&mut one, &mut station);
    assert_eq!((report.rounds, report.receipted), (1, one.end().index));
    assert_eq!((one.held.credential.clone(), one.held.directory_version), (None, 8));
    let mut second = laptop(1);
    second.hold(station.signed_newest());
    second.held.credential = Some(Credential::Token([9; 32]));
    second.use_key(&kit::replica_key(55));
    write(&mut second, 3);
    let before = second.end();
    let begun = second.engine.handle(NOW_MS, Input::SyncRequested);
    let (outcome, _) = follow(&mut second, &mut station, begun);
    let Outcome::Failed { reason: FailReason::Refused(RequestRefusal::TokenUsed), .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!((second.end(), second.receipts_through()), (before, 0));
}

#[test]
fn an_entry_larger_than_every_budget_still_goes() {
    let (mut station, mut one, mut two) = (station(), laptop(1), laptop(2));
    one.write_large(limits::BODY_BYTES_MAX - 500);
    write(&mut one, 2);
    station.page_bytes_most = 1000;
    let report = sync(&mut one, &mut station);
    assert_eq!(report.receipted, one.end().index);
    assert!(sync(&mut two, &mut station).pulled > 0);
}

/// One step of a host that has lost its mind.
#[derive(Debug, Clone)]
enum Mad {
    Sync,
    Connect,
    Wake,
    Cancel,
    Load(u64),
    LoadFailed(u64),
    Answer(u64, bool),
    NoAnswer(u64),
    Stored(u64, bool),
}

fn mad() -> impl Strategy<Value = (Mad, i64)> {
    let ticket = || 0..12_u64;
    let step = prop_oneof![
        3 => Just(Mad::Sync),
        1 => Just(Mad::Connect),
        2 => Just(Mad::Wake),
        1 => Just(Mad::Cancel),
        6 => ticket().prop_map(Mad::Load),
        1 => ticket().prop_map(Mad::LoadFailed),
        6 => (ticket(), any::<bool>()).prop_map(|(ticket, ours)| Mad::Answer(ticket, ours)),
        1 => ticket().prop_map(Mad::NoAnswer),
        6 => (ticket(), any::<bool>()).prop_map(|(ticket, works)| Mad::Stored(ticket, works)),
    ];
    (step, prop_oneof![8 => -1000..100_000_i64, 1 => any::<i64>()])
}

proptest! {
    #![proptest_config(kit::cases(300))]

    #[test]
    fn any_order_of_completions_at_any_time_asks_for_one_thing_at_most(steps in prop::collection::vec(mad(), 1..40)) {
        let (mut station, mut laptop) = (station(), laptop(1));
        write(&mut laptop, 2);
        let mut now_ms = NOW_MS;
        let mut sent: Vec<u8> = Vec::new();
        for (step, jump_ms) in steps {
            now_ms = now_ms.wrapping_add(jump_ms);
            let input = match step {
                Mad::Sync => Input::SyncRequested,
                Mad::Connect => Input::ConnectivityMaybe,
                Mad::Wake => Input::Wake,
                Mad::Cancel => Input::Cancelled,
                Mad::Load(ticket) => {
                    let load = Load { ticket: Ticket(ticket), from: LoadFrom::Outbox, budget_bytes: 1000, ask: Ask::default() };
                    Input::Loaded { ticket: Ticket(ticket), loaded: Box::new(laptop.load(&load)) }
                }
                Mad::LoadFailed(ticket) => Input::LoadFailed { ticket: Ticket(ticket), failure: StorageFailure::Locked },
                Mad::Answer(ticket, ours) => {
                    let bytes = if ours { station.handle(&sent, NOW_MS, Disk::Works) } else { b"<html>".to_vec() };
                    Input::ResponseArrived { ticket: Ticket(ticket), bytes }
                }
                Mad::NoAnswer(ticket) => {
                    Input::RequestFailed { ticket: Ticket(ticket), failure: RequestFailure::Interrupted }
                }
                Mad::Stored(ticket, works) => {
                    let result = if works { Ok(()) } else { Err(StorageFailure::Full) };
                    Input::Stored { ticket: Ticket(ticket), result }
                }
            };
            let effects = laptop.engine.handle(now_ms, input);
            let asked = [effects.load.is_some(), effects.send.is_some(), effects.store.is_some()];
            prop_assert!(asked.into_iter().filter(|one| *one).count() <= 1);
            if let Some(send) = effects.send {
                sent = send.bytes;
            }
            if let Some(store) = effects.store {
                let _ = laptop.store(&store.batch, false);
            }
            let busy = laptop.engine.activity() == Activity::Syncing;
            prop_assert!(busy || effects.finished.is_some() || !asked.contains(&true));
        }
    }
}
