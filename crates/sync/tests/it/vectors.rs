//! The bytes of every format, frozen: each file in `tests/vectors` is what this build writes and reads.
//! After a deliberate change of a format that is not released yet: `FENGQIAO_WRITE_VECTORS=1 cargo test -p sync vectors`.

use std::path::PathBuf;

use sync::crypto::{SignKey, Signed, seal, seal_box};
use sync::directory::Directory;
use sync::enrolment::{self, EnrolmentCode, SelfSignedRequest};
use sync::frame;
use sync::ids::Hash;
use sync::lane::{LaneHead, MoveBody, header_hash};
use sync::medium::Marker;
use sync::receipt::{Receipt, Refusal, RefusalReason, ScopeSequence, Watermark};
use sync::scope_log::{Checkpoint, LogPosition};
use sync::succession::SignedSuccession;
use sync::wire::{Coding, Request, Response, UnverifiedRequest};

use crate::frame::lane_of;
use crate::kit::{self, NOW_MS};
use crate::{bundle, enrolment as enrolment_test, medium, wire};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(format!("{name}.hex"))
}

/// Compares with the frozen bytes and gives those.
fn frozen(name: &str, bytes: &[u8]) -> Vec<u8> {
    if std::env::var_os("FENGQIAO_WRITE_VECTORS").is_some() {
        let lines: Vec<String> = bytes.chunks(48).map(hex::encode).collect();
        std::fs::write(path(name), lines.join("\n") + "\n").unwrap();
    }
    let text = std::fs::read_to_string(path(name)).unwrap();
    let held = hex::decode(text.split_whitespace().collect::<String>()).unwrap();
    assert_eq!(hex::encode(&held), hex::encode(bytes), "{name} is written differently than it was frozen");
    held
}

pub(crate) fn receipt() -> Signed<Receipt> {
    let entries = lane_of(1, &[&[10, 20], &[300]]);
    let receipt = Receipt {
        station: kit::station_id(),
        epoch: 1,
        replica: kit::replica_id(1),
        first: 1,
        head: LaneHead { index: 3, hash: entries[2].header_hash() },
        sequences: vec![ScopeSequence { scope: kit::cell("A"), first: 5, last: 6 }],
        refusals: vec![Refusal { index: 2, reason: RefusalReason::ScopeNotAssigned }],
        station_at_ms: NOW_MS,
    };
    Signed::sign(&receipt, &kit::station_key())
}

pub(crate) fn watermark() -> Signed<Watermark> {
    let (station, replica) = (kit::station_id(), kit::replica_id(1));
    Signed::sign(&Watermark { station, replica, index: 3, backed_up_at_ms: NOW_MS }, &kit::station_key())
}

fn succession() -> SignedSuccession {
    let (old, new) = (kit::replica_key(1), kit::replica_key(101));
    SignedSuccession::sign(kit::station_id(), (kit::replica_id(1), &old), (kit::replica_id(101), &new))
}

pub(crate) fn checkpoint() -> Signed<Checkpoint> {
    let position = LogPosition::genesis(kit::station_id(), &kit::cell("A"), 1).next(kit::replica_id(2), &Hash([7; 32]));
    Signed::sign(&Checkpoint { station: kit::station_id(), scope: kit::cell("A"), position }, &kit::station_key())
}

pub(crate) fn enrolment_file() -> Vec<u8> {
    hex::decode(std::fs::read_to_string(path("enrolment")).unwrap().split_whitespace().collect::<String>()).unwrap()
}

#[test]
fn a_lane_is_written_as_it_was_frozen() {
    let entries = lane_of(1, &[&[10]]);
    let header = frozen("lane-header", &entries[0].header);
    assert_eq!(sync::lane::read_header(&header).unwrap(), entries[0].read_header().unwrap());
    frozen("lane-header-hash", header_hash(&header).as_bytes());
    let body = MoveBody { to: kit::cell("B"), documents: vec![kit::document_id(1)] };
    assert_eq!(MoveBody::from_body(&frozen("lane-move-body", &body.to_body())).unwrap(), body);
}

#[test]
fn a_frame_is_written_as_it_was_frozen() {
    let entries = lane_of(1, &[&[10, 20]]);
    let frame = frame::cut(kit::station_id(), kit::replica_id(1), entries, &kit::replica_key(1)).unwrap().remove(0);
    let read: frame::Frame = minicbor::decode(&frozen("frame", &minicbor::to_vec(&frame).unwrap())).unwrap();
    assert!(read.verify(kit::station_id(), &kit::replica_key(1).public()).is_ok());
}

#[test]
fn a_checkpoint_is_written_as_it_was_frozen() {
    let read = Signed::<Checkpoint>::from_bytes(&frozen("checkpoint", &checkpoint().to_bytes())).unwrap();
    assert_eq!(read.verify(&kit::station_public()).unwrap().position.seq, 1);
}

#[test]
fn a_receipt_is_written_as_it_was_frozen() {
    let read = Signed::<Receipt>::from_bytes(&frozen("receipt", &receipt().to_bytes())).unwrap();
    assert_eq!(read.verify(&kit::station_public()).unwrap().accepted_count(), 2);
}

#[test]
fn a_watermark_is_written_as_it_was_frozen() {
    let read = Signed::<Watermark>::from_bytes(&frozen("watermark", &watermark().to_bytes())).unwrap();
    assert_eq!(read.verify(&kit::station_public()).unwrap().index, 3);
}

#[test]
fn a_succession_is_written_as_it_was_frozen() {
    let bytes = frozen("succession", &minicbor::to_vec(succession()).unwrap());
    let read: SignedSuccession = minicbor::decode(&bytes).unwrap();
    assert!(sync::succession::judge_succession(&read, &kit::directory(), NOW_MS).is_ok());
}

#[test]
fn a_directory_is_written_as_it_was_frozen() {
    let read = Signed::<Directory>::from_bytes(&frozen("directory", &kit::signed_directory().to_bytes())).unwrap();
    assert_eq!(read.verify(&kit::station_public()).unwrap().into_value(), kit::directory());
}

#[test]
fn an_enrolment_is_written_as_it_was_frozen() {
    let file = frozen("enrolment", &enrolment_test::file());
    let code: EnrolmentCode = "3141-5926-5389".parse().unwrap();
    assert_eq!(enrolment::open_file(&file, &code).unwrap().enrolment, enrolment_test::sample());
    let bytes = frozen("certificate-request", &minicbor::to_vec(wire::certificate()).unwrap());
    let read: SelfSignedRequest = minicbor::decode(&bytes).unwrap();
    assert_eq!(read.verify().unwrap().token, [9; 32]);
}

#[test]
fn a_bundle_is_written_as_it_was_frozen() {
    let out = frozen("bundle-out", &bundle::out_file(&[b"request".to_vec()]));
    assert_eq!(bundle::opened(&out, &kit::bundle_key()).unwrap(), (bundle::out_head(), vec![b"request".to_vec()]));
    let answer = frozen("bundle-answer", &bundle::answer_file(&[b"response".to_vec()]));
    assert_eq!(bundle::answered(&answer, &bundle::REPLY).unwrap(), vec![b"response".to_vec()]);
}

#[test]
fn a_marker_is_written_as_it_was_frozen() {
    let bytes = frozen("medium", &medium::marker().to_file(&kit::station_key()));
    assert_eq!(Marker::from_file(&bytes, kit::station_id(), &kit::station_public()), Ok(medium::marker()));
}

#[test]
fn the_wire_is_written_as_it_was_frozen() {
    let bytes =
        frozen("request", &wire::request().encode(Some(wire::enrolment()), &kit::replica_key(1), Coding::Plain));
    let read = UnverifiedRequest::decode(&bytes).unwrap();
    let request: Request = read.verify(kit::station_id(), &kit::replica_key(1).public()).unwrap();
    assert_eq!(request, wire::request());
    let bytes = frozen("response", &wire::response().encode(Coding::Plain));
    assert_eq!(Response::decode(&bytes).unwrap(), wire::response());
}

#[test]
fn sealing_is_written_as_it_was_frozen() {
    frozen("seal", &seal(&[1; 32], [2; 24], b"context", b"plain"));
    let key = sync::crypto::BoxSecretKey::from_seed([1; 32]);
    frozen("seal-box", &seal_box(&key.public(), [3; 32], b"context", b"plain"));
    let signed = SignKey::from_seed(&[1; 32]).public().0;
    frozen("public-key", &signed);
}
