//! Attacks on the request as a whole: its bytes, its signature, its certificate.

use sync::enrolment::SelfSignedRequest;
use sync::ids::StationId;
use sync::limits;
use sync::scope_log::{Cursor, LogPosition};
use sync::wire::{Certificate, Coding, Request};

use super::{Attack, Scene, nobody, stranger};
use crate::kit::{self, NOW_MS, cell};

pub(super) const ATTACKS: &[Attack] = &[
    ("nothing at all", "request malformed", |scene| scene.send(b"")),
    ("a web page", "request malformed", |scene| scene.send(b"<html><body>hello</body></html>")),
    ("the first bytes only", "request malformed", |scene| scene.send(&good(scene)[..6])),
    ("half a request", "request malformed", |scene| {
        let good = good(scene);
        scene.send(&good[..good.len() / 2])
    }),
    ("one flipped bit in what is signed", "request signature_wrong", |scene| {
        let mut bytes = good(scene);
        let at = bytes.len() - 120;
        bytes[at] ^= 4;
        scene.send(&bytes)
    }),
    ("something after the end", "request malformed", |scene| scene.send(&[good(scene), vec![0]].concat())),
    ("a version that never was", "request version_unknown", |scene| scene.send(&with_byte(good(scene), 4, 0))),
    ("a version to come", "request version_unknown", |scene| scene.send(&with_byte(good(scene), 4, 200))),
    ("a response as a request", "request malformed", |scene| scene.send(&with_byte(good(scene), 5, 2))),
    ("an unknown coding", "request malformed", |scene| scene.send(&with_byte(good(scene), 6, 9))),
    ("a request signed by a stranger", "request signature_wrong", |scene| {
        scene.send(&scene.request(Vec::new()).encode(None, &stranger(), Coding::Zstd))
    }),
    ("a request signed by a colleague", "request signature_wrong", |scene| {
        scene.send(&scene.request(Vec::new()).encode(None, &scene.two.key, Coding::Zstd))
    }),
    ("a request in a colleague's name", "request signature_wrong", |scene| {
        let mut request = scene.request(Vec::new());
        request.replica = scene.two.replica;
        scene.send(&request.encode(None, &scene.one.key, Coding::Zstd))
    }),
    ("a request of a laptop nobody enrolled", "request replica_unknown", |scene| {
        let mut request = scene.request(Vec::new());
        request.replica = nobody();
        scene.send(&request.encode(None, &stranger(), Coding::Zstd))
    }),
    ("a request meant for another station", "request another_station", |scene| {
        let mut request = scene.request(Vec::new());
        request.station = StationId(kit::uuid(1, 2));
        scene.send(&request.encode(None, &scene.one.key, Coding::Zstd))
    }),
    ("too many frames", "request malformed", |scene| {
        scene.one.write(&cell("A"), kit::document_id(901), "name", "x");
        let frame = scene.unsent().remove(0);
        let frames = vec![frame; limits::REQUEST_FRAMES_MAX + 1];
        scene.send(&scene.request(frames).encode(None, &scene.one.key, Coding::Zstd))
    }),
    ("too many cursors", "request malformed", |scene| {
        let mut request = scene.request(Vec::new());
        let position = LogPosition::genesis(scene.one.station, &cell("A"), 1);
        request.cursors = vec![Cursor { scope: cell("A"), position }; limits::SCOPES_MAX + 1];
        scene.send(&request.encode(None, &scene.one.key, Coding::Zstd))
    }),
    ("a bomb: 9 MiB of zeros in a few hundred bytes", "request malformed", |scene| {
        scene.send(&squeezed(&vec![0; limits::REQUEST_INFLATED_BYTES_MAX + 1]))
    }),
    ("a bomb just within the limit", "request malformed", |scene| {
        scene.send(&squeezed(&vec![0; limits::REQUEST_INFLATED_BYTES_MAX]))
    }),
    ("a bomb that claims to be small", "request malformed", |scene| {
        let mut bytes = squeezed(&vec![0; 1 << 20]);
        // magic 4, descriptor 1, then the claimed size: window or size bytes follow
        bytes[13..17].copy_from_slice(&64_u32.to_le_bytes());
        scene.send(&bytes)
    }),
    ("a bomb that claims more than there is memory", "request malformed", |scene| {
        scene.send(&zstd_frame(0b1110_0000, &u64::MAX.to_le_bytes()))
    }),
    ("a bomb that names no size", "request malformed", |scene| scene.send(&zstd_frame(0b0000_0000, &[0x58]))),
    ("a window of two gigabytes", "request malformed", |scene| {
        // not single-segment: window descriptor 2^31, then a size of 1000
        scene.send(&zstd_frame(0b0100_0000, &[0xA8, 0xE8, 0x02]))
    }),
    ("a hundred thousand lists in each other", "request malformed", |scene| scene.send(&plain(&[0x81; 100_000]))),
    ("endless lists in each other", "request malformed", |scene| scene.send(&plain(&[0x9f; 100_000]))),
    ("a text of 2^63 bytes", "request malformed", |scene| {
        scene.send(&plain(&[0x83, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))
    }),
    ("a list of 2^32 elements", "request malformed", |scene| scene.send(&plain(&[0x9b, 0, 0, 0, 1, 0, 0, 0, 0, 0xf6]))),
    ("eight megabytes of empty lists", "request malformed", |scene| {
        scene.send(&squeezed(&vec![0x80; limits::REQUEST_INFLATED_BYTES_MAX]))
    }),
    ("an enrolment file used a second time", "request token_used", |scene| {
        certificate(scene, scene.one.replica, scene.one.replica, kit::seed(13, 1))
    }),
    ("a token that was never given out", "request token_unknown", |scene| {
        certificate(scene, nobody(), nobody(), [3; 32])
    }),
    ("a token given out for another laptop", "request token_unknown", |scene| {
        certificate(scene, nobody(), nobody(), kit::seed(13, 4))
    }),
    ("a certificate in a request of somebody else", "request malformed", |scene| {
        certificate(scene, kit::replica_id(4), nobody(), kit::seed(13, 4))
    }),
    ("a certificate signed by another key than it names", "request signature_wrong", |scene| {
        let certificate = (scene.one.station, kit::replica_id(4), kit::seed(13, 4));
        let mut certificate = SelfSignedRequest::sign(certificate.0, certificate.1, certificate.2, &stranger());
        certificate.public_key = scene.two.key.public();
        let mut asked = scene.request(Vec::new());
        asked.replica = kit::replica_id(4);
        scene.send(&asked.encode(Some(Certificate::Enrolment(certificate)), &scene.two.key, Coding::Zstd))
    }),
];

/// An honest request without frames.
fn good(scene: &Scene) -> Vec<u8> {
    scene.request(Vec::new()).encode(None, &scene.one.key, Coding::Plain)
}

fn with_byte(mut bytes: Vec<u8>, at: usize, byte: u8) -> Vec<u8> {
    bytes[at] = byte;
    bytes
}

/// A request whose body is these bytes.
pub(super) fn plain(body: &[u8]) -> Vec<u8> {
    [b"FQSY\x01\x01\x00\x00", body].concat()
}

fn squeezed(body: &[u8]) -> Vec<u8> {
    [b"FQSY\x01\x01\x01\x00".as_slice(), &zstd::bulk::compress(body, 3).unwrap()].concat()
}

/// A zstd frame with a header of one's own and nothing behind it.
fn zstd_frame(descriptor: u8, rest: &[u8]) -> Vec<u8> {
    [b"FQSY\x01\x01\x01\x00\x28\xb5\x2f\xfd".as_slice(), &[descriptor], rest].concat()
}

fn certificate(scene: &Scene, asks: sync::ids::ReplicaId, names: sync::ids::ReplicaId, token: [u8; 32]) -> String {
    let key = stranger();
    let certificate = SelfSignedRequest::sign(scene.one.station, names, token, &key);
    let asked = Request { replica: asks, device_at_ms: NOW_MS, ..scene.request(Vec::new()) };
    scene.send(&asked.encode(Some(Certificate::Enrolment(certificate)), &key, Coding::Zstd))
}
