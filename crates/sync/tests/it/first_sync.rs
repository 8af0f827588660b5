//! A piece of earlier work is believed only where the way back goes on, and only what the station has signed.

use sync::crypto::{PublicKey, SignKey, Signed};
use sync::first_sync::{Backlog, Beginning, EarlierFault, EarlierPage, VerifiedEarlier, Whole, WholeEntry};
use sync::ids::ReplicaId;
use sync::lane::Entry;
use sync::scope_log::{LogPosition, LoggedEntry, PageFault, PulledContent};

use crate::frame::lane_of;
use crate::kit;
use crate::scope_log::{logged, page};

fn genesis() -> LogPosition {
    LogPosition::genesis(kit::station_id(), &kit::cell("A"), 1)
}

/// A log of three entries of another laptop, and its places.
fn log() -> (Vec<Entry>, Vec<LogPosition>) {
    let lane = lane_of(2, &[&[10], &[10], &[10]]);
    let mut places = vec![genesis()];
    for entry in &lane {
        places.push(places[places.len() - 1].next(kit::replica_id(2), &entry.header_hash()));
    }
    (lane, places)
}

fn stub(entry: &Entry) -> LoggedEntry {
    let index = entry.read_header().unwrap().index;
    LoggedEntry::Sent { replica: kit::replica_id(2), index, header_hash: entry.header_hash() }
}

fn whole_by(key: &SignKey, replica: ReplicaId, entries: &[Entry]) -> Option<Signed<Whole>> {
    let entries = entries.iter().map(|entry| WholeEntry { replica, entry: entry.clone() }).collect();
    Some(Signed::sign(&Whole { station: kit::station_id(), scope: kit::cell("A"), entries }, key))
}

fn whole(entries: &[Entry]) -> Option<Signed<Whole>> {
    whole_by(&kit::station_key(), kit::replica_id(2), entries)
}

fn at(position: LogPosition) -> Beginning {
    Beginning::Backlog(Backlog { scope: kit::cell("A"), top: 3, position })
}

fn verify(piece: &EarlierPage, beginning: &Beginning) -> Result<VerifiedEarlier, EarlierFault> {
    let key: PublicKey = kit::station_public();
    piece.clone().verify(kit::station_id(), &key, kit::replica_id(1), |_| beginning.clone())
}

#[test]
fn the_end_of_a_log_comes_first_and_the_piece_before_it_names_what_was_sent() {
    let (lane, places) = log();
    let first = EarlierPage { page: page(places[2], vec![logged(2, &lane[2])]), whole: whole(&lane[..1]) };
    let taken = verify(&first, &Beginning::Fresh).unwrap();
    assert_eq!((taken.page().from(), taken.page().checkpoint().position.seq), (places[2], 3));
    assert!(matches!(taken.whole()[0].content, PulledContent::Change { .. }) && taken.whole()[0].seq == 0);
    let second = EarlierPage { page: page(genesis(), vec![stub(&lane[0]), logged(2, &lane[1])]), whole: None };
    let taken = verify(&second, &at(places[2])).unwrap();
    assert_eq!(taken.page().from().seq, 0);
    assert_eq!(taken.page().entries()[0].content, PulledContent::Sent { index: 1 });
}

#[test]
fn a_piece_that_ends_elsewhere_or_does_not_lead_there_makes_the_scope_begin_again() {
    let (lane, places) = log();
    let piece = EarlierPage { page: page(places[1], vec![logged(2, &lane[1])]), whole: None };
    let again = |fault| EarlierFault { fault, begins_again: Some(kit::cell("A")) };
    assert!(verify(&piece, &at(places[2])).is_ok());
    assert_eq!(verify(&piece, &at(places[3])).unwrap_err(), again(PageFault::NotAtBacklog));
    let mut short = piece.clone();
    short.page.entries.clear();
    assert_eq!(verify(&short, &at(places[2])).unwrap_err(), again(PageFault::ChainBroken));
    let mut foreign = EarlierPage { page: page(genesis(), vec![logged(2, &lane[0])]), whole: None };
    foreign.page.from.chain.0[0] ^= 1;
    assert_eq!(verify(&foreign, &at(places[1])).unwrap_err(), again(PageFault::ChainBroken));
}

#[test]
fn nothing_is_taken_that_nobody_can_have_sent() {
    let (lane, places) = log();
    let stubbed = EarlierPage { page: page(places[2], vec![stub(&lane[2])]), whole: None };
    assert_eq!(verify(&stubbed, &Beginning::Fresh).unwrap_err().fault, PageFault::Stray);
    let all = EarlierPage { page: page(places[2], vec![logged(2, &lane[2])]), whole: None };
    let fault = verify(&all, &Beginning::Whole).unwrap_err();
    assert_eq!(fault, EarlierFault { fault: PageFault::NotAtBacklog, begins_again: None });
    let own = EarlierPage { whole: whole_by(&kit::station_key(), kit::replica_id(1), &lane[..1]), ..all.clone() };
    assert_eq!(verify(&own, &Beginning::Fresh).unwrap_err().fault, PageFault::Stray);
    let stranger = SignKey::from_seed(&[8; 32]);
    let forged = EarlierPage { whole: whole_by(&stranger, kit::replica_id(2), &lane[..1]), ..all.clone() };
    assert!(matches!(verify(&forged, &Beginning::Fresh).unwrap_err().fault, PageFault::Signature(_)));
    let elsewhere = Whole { station: kit::station_id(), scope: kit::cell("B"), entries: Vec::new() };
    let elsewhere = EarlierPage { whole: Some(Signed::sign(&elsewhere, &kit::station_key())), ..all };
    assert_eq!(verify(&elsewhere, &Beginning::Fresh).unwrap_err().fault, PageFault::Stray);
}

#[test]
fn an_older_epoch_is_not_believed_on_the_way_back() {
    let (lane, places) = log();
    let piece = EarlierPage { page: page(places[1], vec![logged(2, &lane[1])]), whole: None };
    let later = LogPosition { epoch: 2, ..places[2] };
    let fault = verify(&piece, &at(later)).unwrap_err();
    assert_eq!(fault.fault, PageFault::EpochWentBack { found: 1, held: 2 });
    assert_eq!(fault.begins_again, None, "an old backup says nothing of where the way back was");
}
