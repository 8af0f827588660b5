//! Lanes chain, frames stay small, acts stay together, and nothing in a frame can be changed unseen.

use sync::crypto::SignKey;
use sync::frame::{self, Frame, FrameFault};
use sync::lane::{self, AppendFault, Entry, LaneHead};
use sync::limits;

use crate::kit::{self, Paper};

/// `sizes` are the lengths of the entries of each act.
pub(crate) fn lane_of(replica: u64, acts: &[&[usize]]) -> Vec<Entry> {
    let mut head = LaneHead::genesis(kit::replica_id(replica));
    let mut out = Vec::new();
    for (act, sizes) in (1..).zip(acts) {
        for (number, size) in (1..).zip(*sizes) {
            let document = kit::document_id(act * 1000 + number);
            let body = Paper::new(document, kit::actor(replica)).set("note", &"x".repeat(*size));
            let (entry, next) = lane::append(head, kit::draft(replica, document, act, body)).unwrap();
            head = next;
            out.push(entry);
        }
    }
    out
}

fn cut(entries: Vec<Entry>) -> Vec<Frame> {
    frame::cut(kit::station_id(), kit::replica_id(1), entries, &kit::replica_key(1)).unwrap()
}

#[test]
fn frames_cover_the_lane_in_order_and_keep_acts_together() {
    let entries = lane_of(1, &[&[6000], &[5000, 5000], &[100], &[100_000], &[100], &[7000, 7000, 7000]]);
    let frames = cut(entries.clone());
    let counts: Vec<_> = frames.iter().map(|frame| frame.entries.len()).collect();
    // 6000 | 5000 5000 100 | 100000 alone | 100 | 7000 7000 | 7000: an act larger than a frame is split.
    assert_eq!(counts, [1, 3, 1, 1, 2, 1]);
    let mut head = LaneHead::genesis(kit::replica_id(1));
    for frame in frames {
        let verified = frame.verify(kit::station_id(), &kit::replica_key(1).public()).unwrap();
        assert_eq!(verified.before(), head);
        head = verified.head();
    }
    assert_eq!((head.index, head.hash), (9, entries.last().unwrap().header_hash()));
}

#[test]
fn a_changed_frame_is_not_believed() {
    let frame = cut(lane_of(1, &[&[10, 10], &[10]])).remove(0);
    let (station, key) = (kit::station_id(), kit::replica_key(1).public());
    assert!(frame.clone().verify(station, &key).is_ok());
    let mut dropped = frame.clone();
    dropped.entries.pop();
    assert!(matches!(dropped.verify(station, &key), Err(FrameFault::Signature(_))));
    let mut swapped = frame.clone();
    swapped.entries.swap(0, 1);
    assert!(matches!(swapped.verify(station, &key), Err(FrameFault::ChainBroken { .. })));
    let mut header = frame.clone();
    let last = header.entries[2].header.len() - 2;
    header.entries[2].header[last] ^= 1;
    assert!(header.verify(station, &key).is_err());
    let mut empty = frame.clone();
    empty.entries.clear();
    assert_eq!(empty.verify(station, &key).unwrap_err(), FrameFault::Count { count: 0 });
    let elsewhere = frame.clone().verify(sync::ids::StationId(kit::uuid(1, 2)), &key);
    assert!(matches!(elsewhere, Err(FrameFault::Signature(_))));
    let stranger = frame.verify(station, &SignKey::from_seed(&[7; 32]).public());
    assert!(matches!(stranger, Err(FrameFault::Signature(_))));
}

#[test]
fn frames_over_a_limit_are_not_read() {
    let entries = lane_of(1, &[&[9000], &[9000]]);
    let both = Frame { entries, ..cut(lane_of(1, &[&[1]])).remove(0) };
    let fault = both.verify(kit::station_id(), &kit::replica_key(1).public()).unwrap_err();
    assert!(matches!(fault, FrameFault::TooLarge { .. }));
}

#[test]
fn a_broken_lane_is_not_cut() {
    let mut entries = lane_of(1, &[&[1], &[1], &[1]]);
    entries.remove(1);
    let fault = frame::cut(kit::station_id(), kit::replica_id(1), entries, &kit::replica_key(1)).unwrap_err();
    assert_eq!(fault, FrameFault::ChainBroken { position: 1 });
}

#[test]
fn a_body_over_the_limit_is_not_appended() {
    let draft = kit::draft(1, kit::document_id(1), 1, vec![0; limits::BODY_BYTES_MAX + 1]);
    let fault = lane::append(LaneHead::genesis(kit::replica_id(1)), draft).unwrap_err();
    assert!(matches!(fault, AppendFault::BodyTooLong { .. }));
}

#[test]
fn lanes_of_two_replicas_never_look_alike() {
    assert_ne!(LaneHead::genesis(kit::replica_id(1)), LaneHead::genesis(kit::replica_id(2)));
    let entry = &lane_of(1, &[&[5]])[0];
    let header = entry.read_header().unwrap();
    assert_eq!(header.prev, LaneHead::genesis(kit::replica_id(1)).hash);
    assert_eq!(lane::commitment(&entry.salt, &entry.body), header.commitment);
}
