//! Attacks by what an entry says it changes: bytes for automerge that are none, too many, or of another shape. Also makes
//! honest bodies byte by byte.

use automerge::transaction::Transactable as _;
use automerge::{ActorId, AutoCommit, ObjType, ROOT};
use sync::ids::Actor;
use sync::lane::EntryKind;
use sync::limits;

use super::{Attack, Scene};
use crate::kit::{document_id, uuid};

pub(super) const ATTACKS: &[Attack] = &[
    ("no body", "entry malformed_body", |scene| scene.try_entry(Vec::new(), |_| {})),
    ("text for a body", "entry malformed_body", |scene| scene.try_entry(b"DROP TABLE entry".to_vec(), |_| {})),
    ("a body cut short", "entry malformed_body", |scene| {
        let mut body = put(7, 1, &[], "a");
        body.pop();
        scene.try_entry(body, |_| {})
    }),
    ("a body with something behind it", "entry malformed_body", |scene| {
        let mut body = put(7, 1, &[], "a");
        body.push(0);
        scene.try_entry(body, |_| {})
    }),
    ("a wrong checksum", "entry malformed_body", |scene| {
        let mut body = put(7, 1, &[], "a");
        body[5] ^= 1;
        scene.try_entry(body, |_| {})
    }),
    ("a whole document", "entry malformed_body", |scene| scene.try_entry(paper(|_| {}).save(), |_| {})),
    ("a compressed change", "entry malformed_body", |scene| {
        let mut paper = paper(|paper| paper.put(ROOT, "notes", "x".repeat(5_000)).unwrap());
        let body = paper.get_last_local_change().unwrap().bytes().to_vec();
        scene.try_entry(body, |_| {})
    }),
    ("a nested map", "entry malformed_body", |scene| {
        made(scene, |paper| {
            paper.put_object(ROOT, "inner", ObjType::Map).unwrap();
        })
    }),
    ("a list", "entry malformed_body", |scene| {
        made(scene, |paper| {
            let list = paper.put_object(ROOT, "list", ObjType::List).unwrap();
            paper.insert(&list, 0, 1).unwrap();
        })
    }),
    ("merged text", "entry malformed_body", |scene| {
        made(scene, |paper| {
            let text = paper.put_object(ROOT, "text", ObjType::Text).unwrap();
            paper.splice_text(&text, 0, 0, "spliced").unwrap();
        })
    }),
    ("a counter added to", "entry malformed_body", |scene| {
        made(scene, |paper| {
            paper.put(ROOT, "n", automerge::ScalarValue::counter(1)).unwrap();
            paper.increment(ROOT, "n", 1).unwrap();
        })
    }),
    ("a million million operations in ten bytes", "entry malformed_body", |scene| {
        scene.try_entry(chunk(&[7; 16], 1, &[], &[(0x42, run(1 << 40, 1))]), |_| {})
    }),
    ("a million million predecessors", "entry malformed_body", |scene| {
        scene.try_entry(chunk(&[7; 16], 1, &[], &[(0x42, run(1, 1)), (0x70, run(1, 1 << 40))]), |_| {})
    }),
    ("more dependencies than officers", "entry malformed_body", |scene| {
        let deps = vec![[1; 32]; usize::try_from(limits::CHANGE_DEPS_MAX).unwrap() + 1];
        scene.try_entry(put(7, 1, &deps, "a"), |_| {})
    }),
    ("more columns than there are", "entry malformed_body", |scene| {
        let columns: Vec<(u64, Vec<u8>)> = (0..40).map(|number| (number << 4 | 2, Vec::new())).collect();
        scene.try_entry(chunk(&[7; 16], 1, &[], &columns), |_| {})
    }),
    ("an actor of one byte", "entry malformed_body", |scene| {
        scene.try_entry(chunk(&[7], 1, &[], &[(0x42, run(1, 1))]), |_| {})
    }),
    ("an actor's number zero", "entry malformed_body", |scene| {
        scene.try_entry(chunk(&[7; 16], 0, &[], &[(0x42, run(1, 1))]), |_| {})
    }),
    ("an actor's number beyond counting", "entry malformed_body", |scene| {
        scene.try_entry(chunk(&[7; 16], u64::MAX, &[], &[(0x42, run(1, 1))]), |_| {})
    }),
    ("a body longer than any", "entry too_large", |scene| {
        let text = "x".repeat(limits::BODY_BYTES_MAX);
        scene.try_entry(put(7, 1, &[], &text), |_| {})
    }),
    ("a freeze that names nothing readable", "entry malformed_body", |scene| {
        scene.try_entry(vec![0xff; 20], |header| {
            header.kind = EntryKind::Freeze;
            header.document = document_id(10);
        })
    }),
    ("a move that names nothing readable", "entry malformed_body", |scene| {
        scene.try_entry(b"\x82\x00".to_vec(), |header| {
            header.kind = EntryKind::Move;
            header.document = document_id(10);
        })
    }),
    ("a move of ten thousand records", "entry malformed_body", |scene| {
        let to = crate::kit::cell("B");
        let documents = vec![document_id(10); 10_000];
        let body = sync::lane::MoveBody { to, documents }.to_body();
        scene.try_entry(body, |header| {
            header.kind = EntryKind::Move;
            header.document = document_id(10);
        })
    }),
];

/// One honest field of one honest record, by an actor of one's own.
pub(super) fn put(actor: u8, seq: u64, deps: &[[u8; 32]], text: &str) -> Vec<u8> {
    put_as(Actor([actor; 16]), seq, deps, text)
}

/// The same by any actor: `notes` = `text`.
pub(super) fn put_as(actor: Actor, seq: u64, deps: &[[u8; 32]], text: &str) -> Vec<u8> {
    let columns = [
        (0x15, [vec![0x7f, 5], b"notes".to_vec()].concat()),
        (0x34, vec![1]),
        (0x42, run(1, 1)),
        (0x56, run(1, (text.len() as u64) << 4 | 6)), // its type and length
        (0x57, text.as_bytes().to_vec()),
        (0x70, run(1, 0)),
    ];
    chunk(&actor.0, seq, deps, &columns)
}

/// A change chunk with these columns.
fn chunk(actor: &[u8], seq: u64, deps: &[[u8; 32]], columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut contents = Vec::new();
    unsigned(&mut contents, deps.len() as u64);
    contents.extend(deps.concat());
    unsigned(&mut contents, actor.len() as u64);
    contents.extend(actor);
    unsigned(&mut contents, seq);
    unsigned(&mut contents, seq.max(1));
    contents.extend([0, 0, 0]); // clock, message, other actors
    unsigned(&mut contents, columns.len() as u64);
    for (specification, bytes) in columns {
        unsigned(&mut contents, *specification);
        unsigned(&mut contents, bytes.len() as u64);
    }
    for (_, bytes) in columns {
        contents.extend(bytes);
    }
    let mut hashed = vec![1];
    unsigned(&mut hashed, contents.len() as u64);
    hashed.extend(contents);
    let checksum = sync::crypto::sha256(&hashed).0;
    [&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &hashed].concat()
}

/// Gives a damaged body the length and the checksum that its bytes have now.
pub(super) fn mend(body: &mut Vec<u8>) {
    if body.len() < 10 {
        return;
    }
    let contents = body.split_off(10);
    let mut hashed = vec![1];
    unsigned(&mut hashed, contents.len() as u64);
    hashed.extend(contents);
    let checksum = sync::crypto::sha256(&hashed).0;
    *body = [&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &hashed].concat();
}

/// A run of one value.
fn run(count: u64, value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    if count == 1 {
        out.push(0x7f); // one value, as it is
    } else {
        let mut rest = count;
        loop {
            let byte = u8::try_from(rest & 0x7f).unwrap();
            rest >>= 7;
            if rest == 0 && byte & 0x40 == 0 {
                out.push(byte);
                break;
            }
            out.push(byte | 0x80);
        }
    }
    unsigned(&mut out, value);
    out
}

fn unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap());
}

fn paper<T>(write: impl FnOnce(&mut AutoCommit) -> T) -> AutoCommit {
    let mut paper = AutoCommit::new().with_actor(ActorId::from(uuid(6, 70).as_bytes().to_vec()));
    paper.put(ROOT, "name", "x").unwrap();
    write(&mut paper);
    paper
}

fn made(scene: &mut Scene, write: impl FnOnce(&mut AutoCommit)) -> String {
    let mut paper = paper(write);
    let body = paper.get_last_local_change().unwrap().raw_bytes().to_vec();
    scene.try_entry(body, |_| {})
}
