//! What is not ours is said to be so, what is ours survives the way, and bombs do not go off.

use sync::crypto::{SignKey, SignatureFault, Signed};
use sync::enrolment::SelfSignedRequest;
use sync::first_sync::{Backlog, EarlierPage, Whole, WholeEntry};
use sync::frame;
use sync::ids::StationId;
use sync::lane::LaneHead;
use sync::limits;
use sync::repair::{Evidence, Shown};
use sync::scope_log::{Cursor, LogPosition, LoggedEntry};
use sync::wire::{
    Answer, Certificate, Coding, More, Request, RequestRefusal, Response, ResponseOutcome, UnverifiedRequest, WireFault,
};

use crate::frame::lane_of;
use crate::kit::{self, NOW_MS};
use crate::scope_log::{logged, page};

pub(crate) fn request() -> Request {
    let entries = lane_of(1, &[&[10, 20], &[300]]);
    let (station, replica) = (kit::station_id(), kit::replica_id(1));
    let genesis = LogPosition::genesis(station, &kit::cell("A"), 1);
    Request {
        version: 1,
        station,
        replica,
        directory_version: 7,
        station_head: LaneHead::genesis(replica),
        receipts_through: 0,
        frames: frame::cut(station, replica, entries, &kit::replica_key(1)).unwrap(),
        cursors: vec![Cursor { scope: kit::cell("A"), position: genesis }],
        page_budget_bytes: 65_536,
        device_at_ms: NOW_MS,
        evidence: Evidence {
            shown: vec![Shown { scope: kit::cell("A"), checkpoints: vec![crate::vectors::checkpoint()] }],
            receipt: Some(crate::vectors::receipt()),
            pieces: Vec::new(),
            gaps: vec![crate::vectors::checkpoint()],
            directory: None,
        },
        directory_hash: sync::ids::Hash([6; 32]),
        backlogs: vec![Backlog { scope: kit::cell("A"), top: 9, position: genesis }],
        heard_at_ms: NOW_MS - 1,
    }
}

pub(crate) fn enrolment() -> Certificate {
    Certificate::Enrolment(certificate())
}

pub(crate) fn certificate() -> SelfSignedRequest {
    SelfSignedRequest::sign(kit::station_id(), kit::replica_id(1), [9; 32], &kit::replica_key(1))
}

pub(crate) fn response() -> Response {
    let lane = lane_of(2, &[&[10], &[300]]);
    let genesis = LogPosition::genesis(kit::station_id(), &kit::cell("A"), 1);
    Response {
        station: kit::station_id(),
        station_at_ms: NOW_MS,
        outcome: ResponseOutcome::Answer(Box::new(Answer {
            epoch: 1,
            directory: Some(kit::signed_directory()),
            lane_head: LaneHead::genesis(kit::replica_id(1)),
            receipts: vec![crate::vectors::receipt()],
            rejection: None,
            pages: vec![page(genesis, lane.iter().map(|entry| logged(2, entry)).collect())],
            more: More::Nothing,
            backup_watermark: Some(crate::vectors::watermark()),
            wants_directory: Some(8),
            unknown: vec![kit::cell("A")],
            wanted: vec![Cursor { scope: kit::cell("A"), position: genesis }],
            earlier: vec![earlier()],
        })),
    }
}

/// A stub, and an entry sent before its place.
fn earlier() -> EarlierPage {
    let lane = lane_of(3, &[&[10], &[11]]);
    let genesis = LogPosition::genesis(kit::station_id(), &kit::cell("A"), 1);
    let index = lane[0].read_header().unwrap().index;
    let stub = LoggedEntry::Sent { replica: kit::replica_id(3), index, header_hash: lane[0].header_hash() };
    let entries = vec![WholeEntry { replica: kit::replica_id(3), entry: lane[1].clone() }];
    let whole = Whole { station: kit::station_id(), scope: kit::cell("A"), entries };
    EarlierPage { page: page(genesis, vec![stub]), whole: Some(Signed::sign(&whole, &kit::station_key())) }
}

#[test]
fn a_request_survives_the_way_plain_and_compressed() {
    for coding in [Coding::Plain, Coding::Zstd] {
        let bytes = request().encode(Some(enrolment()), &kit::replica_key(1), coding);
        let read = UnverifiedRequest::decode(&bytes).unwrap();
        assert_eq!(read.replica(), kit::replica_id(1));
        assert_eq!(read.certificate(), Some(&enrolment()));
        assert_eq!(read.verify(kit::station_id(), &kit::replica_key(1).public()).unwrap(), request());
    }
}

#[test]
fn a_request_is_believed_only_from_its_replica_and_for_its_station() {
    let bytes = request().encode(None, &kit::replica_key(2), Coding::Plain);
    let read = UnverifiedRequest::decode(&bytes).unwrap();
    let fault = read.verify(kit::station_id(), &kit::replica_key(1).public()).unwrap_err();
    assert_eq!(fault, WireFault::Signature(SignatureFault::Wrong));
    let bytes = request().encode(None, &kit::replica_key(1), Coding::Plain);
    let read = UnverifiedRequest::decode(&bytes).unwrap();
    let fault = read.verify(StationId(kit::uuid(1, 2)), &kit::replica_key(1).public()).unwrap_err();
    assert_eq!(fault, WireFault::Contradiction);
}

#[test]
fn a_greedy_budget_is_cut_to_the_limit() {
    let greedy = Request { page_budget_bytes: u64::MAX, ..request() };
    let read = UnverifiedRequest::decode(&greedy.encode(None, &kit::replica_key(1), Coding::Plain)).unwrap();
    let request = read.verify(kit::station_id(), &kit::replica_key(1).public()).unwrap();
    assert_eq!(request.page_budget_bytes, limits::BUDGET_MAX_BYTES);
}

#[test]
fn a_response_survives_the_way_plain_and_compressed() {
    for coding in [Coding::Plain, Coding::Zstd] {
        assert_eq!(Response::decode(&response().encode(coding)).unwrap(), response());
    }
    let refused = Response { outcome: ResponseOutcome::Refused(RequestRefusal::Busy), ..response() };
    assert_eq!(Response::decode(&refused.encode(Coding::Zstd)).unwrap(), refused);
}

#[test]
fn what_is_not_ours_is_said_to_be_so() {
    let portal = b"<!DOCTYPE html><html><body>Please log in</body></html>";
    for bytes in [portal.as_slice(), b"", b"{}", b"FQS"] {
        assert_eq!(Response::decode(bytes).unwrap_err(), WireFault::NotOurProtocol);
        assert_eq!(UnverifiedRequest::decode(bytes).unwrap_err(), WireFault::NotOurProtocol);
    }
    let mut newer = response().encode(Coding::Plain);
    newer[4] = 9;
    assert_eq!(Response::decode(&newer).unwrap_err(), WireFault::VersionUnknown { found: 9 });
    let request = request().encode(None, &SignKey::from_seed(&[1; 32]), Coding::Plain);
    assert_eq!(Response::decode(&request).unwrap_err(), WireFault::UnexpectedKind);
}

fn zstd_message(kind: u8, body: &[u8]) -> Vec<u8> {
    [b"FQSY".as_slice(), &[1, kind, 1, 0], &zstd::bulk::compress(body, 3).unwrap()].concat()
}

#[test]
fn bombs_do_not_go_off() {
    let bomb = zstd_message(2, &vec![0; limits::RESPONSE_INFLATED_BYTES_MAX + 1]);
    assert!(bomb.len() < 10_000);
    assert_eq!(Response::decode(&bomb).unwrap_err(), WireFault::TooLong);
    let bomb = zstd_message(1, &vec![0; limits::REQUEST_INFLATED_BYTES_MAX + 1]);
    assert_eq!(UnverifiedRequest::decode(&bomb).unwrap_err(), WireFault::TooLong);
    let long = [response().encode(Coding::Plain), vec![0; limits::RESPONSE_BYTES_MAX]].concat();
    assert_eq!(Response::decode(&long).unwrap_err(), WireFault::TooLong);
    // A list of 2^62 pages in nine bytes.
    let claims = [b"FQSY".as_slice(), &[1, 2, 0, 0], &[0x83, 0x9b, 0x40, 0, 0, 0, 0, 0, 0, 0]].concat();
    assert!(matches!(Response::decode(&claims), Err(WireFault::Damaged(_))));
    let nested = [b"FQSY".as_slice(), &[1, 2, 0, 0], &[0x81; 100_000]].concat();
    assert!(matches!(Response::decode(&nested), Err(WireFault::Damaged(_))));
}

#[test]
fn an_older_laptop_reads_an_answer_with_fields_it_does_not_know() {
    // Response as an array of four: the fourth is from the future.
    let plain = response().encode(Coding::Plain);
    let mut longer = plain.clone();
    assert_eq!(longer[8], 0x83);
    longer[8] = 0x84;
    longer.extend([0x82, 0x01, 0x63, b'n', b'e', b'w']);
    assert_eq!(Response::decode(&longer).unwrap(), response());
}
