//! Forged, replayed, foreign, broken: none of it is taken, and every answer is an answer.

use station::Station;
use sync::crypto::SignKey;
use sync::frame::{self, Frame};
use sync::ids::StationId;
use sync::lane::LaneHead;
use sync::receipt::Receipt;
use sync::repair::Evidence;
use sync::wire::{Answer, Coding, FrameRejection, Request, RequestRefusal, Response, ResponseOutcome, WIRE_VERSION};
use tempfile::TempDir;

use crate::kit::{self, Disk, NOW_MS, cell, document_id};

pub(crate) fn request(laptop: &Disk, station: StationId, frames: Vec<Frame>) -> Request {
    Request {
        version: WIRE_VERSION,
        station,
        replica: laptop.replica,
        directory_version: laptop.directory.version,
        station_head: LaneHead::genesis(laptop.replica),
        receipts_through: 0,
        frames,
        cursors: Vec::new(),
        backlogs: Vec::new(),
        page_budget_bytes: 1 << 20,
        device_at_ms: NOW_MS,
        evidence: Evidence::default(),
        directory_hash: laptop.directory_hash(),
        heard_at_ms: 0,
    }
}

fn frames(laptop: &Disk, signed_by: &SignKey) -> Vec<Frame> {
    let entries = laptop.lane.iter().map(|(entry, _)| entry.clone()).collect();
    frame::cut(laptop.station, laptop.replica, entries, signed_by).unwrap()
}

fn outcome(station: &Station, bytes: &[u8]) -> ResponseOutcome {
    Response::decode(&station.exchange(bytes, NOW_MS)).unwrap().outcome
}

fn refusal(station: &Station, bytes: &[u8]) -> RequestRefusal {
    match outcome(station, bytes) {
        ResponseOutcome::Refused(refusal) => refusal,
        ResponseOutcome::Answer(answer) => panic!("{answer:?}"),
    }
}

fn answer(station: &Station, bytes: &[u8]) -> Answer {
    match outcome(station, bytes) {
        ResponseOutcome::Answer(answer) => *answer,
        ResponseOutcome::Refused(refusal) => panic!("{refusal:?}"),
    }
}

/// All receipts the station has for a laptop; none for one it does not know.
pub(crate) fn receipts(station: &Station, laptop: &Disk) -> Vec<Receipt> {
    let bytes = request(laptop, laptop.station, Vec::new()).encode(None, &laptop.key, Coding::Zstd);
    let signed = match outcome(station, &bytes) {
        ResponseOutcome::Answer(answer) => answer.receipts,
        ResponseOutcome::Refused(_) => Vec::new(),
    };
    signed.into_iter().map(|one| one.verify(&laptop.station_key).unwrap().into_value()).collect()
}

/// Receipts the station has for a laptop beyond those it holds.
pub(crate) fn receipts_after(station: &Station, laptop: &Disk) -> Vec<Receipt> {
    let mut request = request(laptop, laptop.station, Vec::new());
    request.receipts_through = laptop.receipts_through();
    let signed = answer(station, &request.encode(None, &laptop.key, Coding::Zstd)).receipts;
    signed.into_iter().map(|one| one.verify(&laptop.station_key).unwrap().into_value()).collect()
}

fn entries_held(station: &Station) -> u64 {
    station.replicas().unwrap().iter().map(|one| one.entries).sum()
}

/// A station and two certified laptops, the first with three entries it has not sent.
fn scene(dir: &TempDir) -> (Station, Disk, Disk) {
    let station = kit::found(dir.path());
    let mut one = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    let mut two = Disk::enrolled(&kit::issue(&station, 2, 2, Vec::new()), 2);
    one.complete(&station);
    two.complete(&station);
    for number in 0..3 {
        one.write(&cell("A"), document_id(number), "name", "一");
    }
    (station, one, two)
}

#[test]
fn a_request_signed_by_another_key_is_refused() {
    let dir = TempDir::new().unwrap();
    let (station, one, two) = scene(&dir);
    let forged = request(&one, one.station, frames(&one, &one.key)).encode(None, &two.key, Coding::Zstd);
    assert_eq!(refusal(&station, &forged), RequestRefusal::SignatureWrong);
    assert_eq!(entries_held(&station), 0);
}

#[test]
fn a_frame_signed_by_another_key_is_rejected_and_nothing_of_it_is_kept() {
    let dir = TempDir::new().unwrap();
    let (station, one, two) = scene(&dir);
    let forged = request(&one, one.station, frames(&one, &two.key)).encode(None, &one.key, Coding::Zstd);
    let answer = answer(&station, &forged);
    assert_eq!(answer.rejection, Some(FrameRejection::BadSignature));
    assert_eq!(answer.lane_head.index, 0);
    assert!(answer.receipts.is_empty());
    assert_eq!(entries_held(&station), 0);
}

#[test]
fn a_frame_of_another_laptop_cannot_be_replayed_under_ones_own_name() {
    let dir = TempDir::new().unwrap();
    let (station, one, two) = scene(&dir);
    let replay = request(&two, two.station, frames(&one, &one.key)).encode(None, &two.key, Coding::Zstd);
    assert_eq!(answer(&station, &replay).rejection, Some(FrameRejection::BadSignature));
    let mut renamed = frames(&one, &one.key);
    for frame in &mut renamed {
        frame.replica = two.replica;
    }
    let renamed = request(&two, two.station, renamed).encode(None, &two.key, Coding::Zstd);
    assert!(answer(&station, &renamed).rejection.is_some());
    assert_eq!(entries_held(&station), 0);
}

#[test]
fn a_frame_that_leaves_a_gap_is_rejected_with_the_place_where_the_station_is() {
    let dir = TempDir::new().unwrap();
    let (station, one, _) = scene(&dir);
    let entries = one.lane.iter().skip(1).map(|(entry, _)| entry.clone()).collect();
    let gap = frame::cut(one.station, one.replica, entries, &one.key).unwrap();
    let answer = answer(&station, &request(&one, one.station, gap).encode(None, &one.key, Coding::Plain));
    assert_eq!(answer.rejection, Some(FrameRejection::Gap));
    assert_eq!(answer.lane_head, LaneHead::genesis(one.replica));
}

#[test]
fn another_branch_of_a_lane_is_a_fork_and_the_first_branch_stays() {
    let dir = TempDir::new().unwrap();
    let (station, mut one, _) = scene(&dir);
    let mut clone = one.copied();
    clone.forget_lane();
    clone.unlock_again(9);
    for number in 10..14 {
        clone.write(&cell("A"), document_id(number), "name", "克隆");
    }
    one.complete(&station);
    let bytes = request(&clone, clone.station, frames(&clone, &clone.key)).encode(None, &clone.key, Coding::Zstd);
    let answer = answer(&station, &bytes);
    assert_eq!(answer.rejection, Some(FrameRejection::Fork));
    assert_eq!(answer.lane_head, one.head());
    assert_eq!(entries_held(&station), 3);
}

#[test]
fn a_request_for_another_station_is_refused() {
    let dir = TempDir::new().unwrap();
    let (station, one, _) = scene(&dir);
    let elsewhere = StationId(kit::uuid(1, 2));
    let bytes = request(&one, elsewhere, Vec::new()).encode(None, &one.key, Coding::Zstd);
    assert_eq!(refusal(&station, &bytes), RequestRefusal::AnotherStation);
}

#[test]
fn a_laptop_nobody_enrolled_is_refused() {
    let dir = TempDir::new().unwrap();
    let (station, mut one, _) = scene(&dir);
    one.replica = kit::replica_id(77);
    let bytes = request(&one, one.station, Vec::new()).encode(None, &one.key, Coding::Zstd);
    assert_eq!(refusal(&station, &bytes), RequestRefusal::ReplicaUnknown);
}

#[test]
fn broken_bytes_are_answered_and_change_nothing() {
    let dir = TempDir::new().unwrap();
    let (station, one, _) = scene(&dir);
    let good = request(&one, one.station, frames(&one, &one.key)).encode(None, &one.key, Coding::Plain);
    let mut tried = 0;
    for cut in (0..good.len()).step_by(7) {
        assert!(matches!(outcome(&station, &good[..cut]), ResponseOutcome::Refused(_)), "cut at {cut}");
        tried += 1;
    }
    for at in (0..good.len()).step_by(5) {
        let mut flipped = good.clone();
        flipped[at] ^= 1 << (at % 8);
        // A flip that only changes a reserved byte changes nothing; every other must be refused.
        if let ResponseOutcome::Answer(answer) = outcome(&station, &flipped) {
            assert_eq!(at, 7, "{answer:?}");
        }
        tried += 1;
    }
    for junk in [&b""[..], b"GET / HTTP/1.1\r\n\r\n", b"<html>", &[0xff; 4096], b"FQSY\x01\x01\x01\x00\x28\xb5\x2f\xfd"]
    {
        assert!(matches!(outcome(&station, junk), ResponseOutcome::Refused(_)));
        tried += 1;
    }
    assert!(tried > 200);
    assert!(entries_held(&station) == 0 || entries_held(&station) == 3);
}
