//! What every decoder must stand: any bytes at all. A target panics when a promise is broken, beyond not panicking itself:
//! what is read is written back the same, what is not signed is not believed. Also run over the corpus by the tests of `sync`.

use sync::bundle::{Preamble, SealedAnswer, SealedOut};
use sync::crypto::{BoxSecretKey, PublicKey, Signable, Signed};
use sync::directory::{Directory, station_day};
use sync::enrolment::{self, Enrolment, EnrolmentCode, SelfSignedRequest};
use sync::first_sync::Beginning;
use sync::frame::Frame;
use sync::ids::{OfficerId, ReplicaId, StationId};
use sync::lane::{self, EraseBody, FreezeBody, MoveBody};
use sync::medium::Marker;
use sync::receipt::Receipt;
use sync::repair::check_piece;
use sync::scope_log::{Checkpoint, Page};
use sync::succession::SignedSuccession;
use sync::wire::{Certificate, Coding, Response, ResponseOutcome, UnverifiedRequest};

/// A target by name.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every decoder of bytes that come from elsewhere.
pub(crate) const TARGETS: &[Target] = &[
    ("request", request),
    ("response", response),
    ("page", page),
    ("frame", frame),
    ("header", header),
    ("control", control),
    ("change", change),
    ("receipt", receipt),
    ("checkpoint", checkpoint),
    ("directory", directory),
    ("enrolment", enrolment_file),
    ("certificate", certificate),
    ("code", code),
    ("succession", succession),
    ("piece", piece),
    ("bundle", bundle),
    ("medium", medium),
];

/// A key nobody holds: under it nothing is believed.
const NOBODY: PublicKey = PublicKey([3; 32]);
const STATION: StationId = StationId::from_bytes([1; 16]);
const REPLICA: ReplicaId = ReplicaId::from_bytes([2; 16]);

fn request(bytes: &[u8]) {
    if let Ok(read) = UnverifiedRequest::decode(bytes) {
        match read.certificate().cloned() {
            Some(Certificate::Enrolment(asked)) => drop(asked.verify()),
            Some(Certificate::Succession(_) | Certificate::Listed(_)) | None => {}
        }
        assert!(read.verify(STATION, &NOBODY).is_err());
    }
}

fn response(bytes: &[u8]) {
    let Ok(read) = Response::decode(bytes) else { return };
    assert_eq!(Response::decode(&read.encode(Coding::Plain)).as_ref(), Ok(&read));
    if let ResponseOutcome::Answer(answer) = read.outcome {
        for page in answer.pages {
            assert!(page.verify(STATION, &NOBODY, REPLICA, |_| Vec::new()).is_err());
        }
        for piece in answer.earlier {
            assert!(piece.verify(STATION, &NOBODY, REPLICA, |_| Beginning::Fresh).is_err());
        }
        for receipt in answer.receipts {
            assert!(receipt.verify(&NOBODY).is_err());
        }
    }
}

fn page(bytes: &[u8]) {
    if let Ok(page) = minicbor::decode::<Page>(bytes) {
        let _ = page.entries.iter().map(sync::scope_log::LoggedEntry::size).sum::<usize>();
        assert!(page.verify(STATION, &NOBODY, REPLICA, |_| Vec::new()).is_err());
    }
}

fn frame(bytes: &[u8]) {
    if let Ok(frame) = minicbor::decode::<Frame>(bytes) {
        assert!(frame.verify(STATION, &NOBODY).is_err());
    }
}

fn header(bytes: &[u8]) {
    if let Ok(read) = lane::read_header(bytes) {
        let again = minicbor::to_vec(&read).expect("writing into memory");
        assert_eq!(lane::read_header(&again), Ok(read));
    }
}

fn control(bytes: &[u8]) {
    if let Ok(body) = MoveBody::from_body(bytes) {
        assert_eq!(MoveBody::from_body(&body.to_body()), Ok(body));
    }
    if let Ok(body) = FreezeBody::from_body(bytes) {
        assert_eq!(FreezeBody::from_body(&body.to_body()), Ok(body));
    }
    if let Ok(body) = EraseBody::from_body(bytes) {
        assert_eq!(EraseBody::from_body(&body.to_body()), Ok(body));
    }
}

fn change(bytes: &[u8]) {
    let checked = sync::change::check(bytes);
    // the checksum stops nearly every mutation, so the same bytes are tried with a checksum that fits
    for bytes in std::iter::once(bytes.to_vec()).chain(mended(bytes)) {
        if let Ok(facts) = sync::change::check(&bytes) {
            assert_eq!(sync::change::check(&bytes), Ok(facts));
            let _ = documents::describe(&bytes);
            let _ = documents::read_one(&bytes);
        }
    }
    assert_eq!(checked, sync::change::check(bytes));
}

/// The bytes as the contents of a chunk whose length and checksum fit.
fn mended(bytes: &[u8]) -> Option<Vec<u8>> {
    let contents = bytes.get(10..)?;
    let mut hashed = vec![1];
    let mut length = contents.len();
    while length > 0x7f {
        hashed.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    hashed.push(length as u8);
    hashed.extend_from_slice(contents);
    let checksum = sync::crypto::sha256(&hashed).0;
    Some([[0x85, 0x6f, 0x4a, 0x83].as_slice(), checksum.get(..4)?, &hashed].concat())
}

/// The wrapping is not believed; the payload is read as if it were.
fn signed<T: Signable>(bytes: &[u8], look: impl Fn(&T)) {
    if let Ok(read) = Signed::<T>::from_bytes(bytes) {
        assert_eq!(Signed::<T>::from_bytes(&read.to_bytes()), Ok(read.clone()));
        assert!(read.verify(&NOBODY).is_err());
    }
    if let Ok(value) = minicbor::decode::<T>(bytes) {
        look(&value);
    }
}

fn receipt(bytes: &[u8]) {
    signed::<Receipt>(bytes, |receipt| {
        let _ = (receipt.is_sound(), receipt.accepted_count());
    });
}

fn checkpoint(bytes: &[u8]) {
    signed::<Checkpoint>(bytes, |_| {});
}

fn directory(bytes: &[u8]) {
    signed::<Directory>(bytes, |directory| {
        let _ = directory.scopes_of(OfficerId::from_bytes([4; 16]), &station_day(0));
        let _ = directory.replica(REPLICA);
    });
}

fn enrolment_file(bytes: &[u8]) {
    // opening costs a key derivation on purpose; what is read before it and after it is tried here
    let _ = enrolment::probe_file(bytes);
    if let Ok(read) = Enrolment::from_bytes(bytes) {
        assert_eq!(Enrolment::from_bytes(&read.to_bytes()), Ok(read));
    }
}

fn certificate(bytes: &[u8]) {
    if let Ok(read) = minicbor::decode::<SelfSignedRequest>(bytes) {
        let _ = read.verify();
    }
}

fn succession(bytes: &[u8]) {
    if let Ok(read) = minicbor::decode::<SignedSuccession>(bytes) {
        assert!(read.by_old.verify(&NOBODY).is_err() && read.by_new.verify(&NOBODY).is_err());
    }
}

fn piece(bytes: &[u8]) {
    if let Ok(piece) = minicbor::decode::<Page>(bytes) {
        assert!(check_piece(piece, STATION, &NOBODY).is_err());
    }
}

/// Both ways. The corpus holds a bundle sealed to this key, so what lies behind the seal is reached too.
fn bundle(bytes: &[u8]) {
    let mut rest = bytes;
    let Ok((preamble, head)) = Preamble::read(&mut rest) else { return };
    assert!(SealedAnswer::read(&preamble, &head, STATION, &NOBODY).is_err());
    let Ok(sealed) = SealedOut::read(&preamble, &head) else { return };
    let station = sealed.head().station;
    let Ok(mut opened) = sealed.open(station, &BoxSecretKey::from_seed([6; 32])) else { return };
    while let Ok(Some(message)) = opened.messages.next(&mut rest) {
        request(&message);
    }
}

fn medium(bytes: &[u8]) {
    assert!(Marker::from_file(bytes, STATION, &NOBODY).is_err());
}

fn code(bytes: &[u8]) {
    if let Ok(code) = String::from_utf8_lossy(bytes).parse::<EnrolmentCode>() {
        assert!(code.to_string().parse::<EnrolmentCode>().is_ok());
    }
}
