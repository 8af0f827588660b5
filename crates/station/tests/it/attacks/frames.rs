//! Attacks on frames: whose they are, where they stand in the lane, what holds them together.

use sync::frame::{self, Frame};
use sync::ids::StationId;
use sync::lane::LaneHead;
use sync::limits;
use sync::wire::Coding;

use super::{Attack, Scene, stranger};
use crate::kit::{self, cell, document_id};

pub(super) const ATTACKS: &[Attack] = &[
    ("a frame signed by a stranger", "frame bad_signature", |scene| {
        write(scene, 3);
        let entries = unsent_entries(scene);
        scene.tell(scene.cut(entries, &stranger()))
    }),
    ("a frame signed for another station", "frame bad_signature", |scene| {
        write(scene, 3);
        let elsewhere = StationId(kit::uuid(1, 2));
        let frames = frame::cut(elsewhere, scene.one.replica, unsent_entries(scene), &scene.one.key).unwrap();
        scene.tell(frames)
    }),
    ("a colleague's frame in one's own request", "frame bad_signature", |scene| {
        scene.two.write(&cell("A"), document_id(950), "name", "x");
        let entry = scene.two.lane.last().unwrap().0.clone();
        let frames = frame::cut(scene.two.station, scene.two.replica, vec![entry], &scene.two.key).unwrap();
        scene.tell(frames)
    }),
    ("a colleague's frame under one's own name", "frame bad_signature", |scene| {
        let entries = scene.two.lane.iter().map(|(entry, _)| entry.clone()).collect();
        let mut frames = frame::cut(scene.two.station, scene.two.replica, entries, &scene.two.key).unwrap();
        for frame in &mut frames {
            frame.replica = scene.one.replica;
        }
        scene.tell(frames)
    }),
    ("a frame sent a second time", "nothing new", |scene| {
        let entries = scene.one.lane.iter().map(|(entry, _)| entry.clone()).collect();
        let frames = scene.cut(entries, &scene.one.key);
        scene.tell(frames)
    }),
    ("a whole request sent a second time", "nothing new", |scene| {
        let entries = scene.one.lane.iter().map(|(entry, _)| entry.clone()).collect();
        let bytes = scene.request(scene.cut(entries, &scene.one.key)).encode(None, &scene.one.key, Coding::Zstd);
        scene.send(&bytes);
        scene.send(&bytes)
    }),
    ("a gap in the lane", "frame gap", |scene| {
        write(scene, 3);
        let entries = unsent_entries(scene).split_off(1);
        scene.tell(scene.cut(entries, &scene.one.key))
    }),
    ("frames in the wrong order", "frame gap", |scene| {
        write(scene, 200);
        let mut frames = scene.unsent();
        assert!(frames.len() > 1);
        frames.reverse();
        scene.tell(frames)
    }),
    ("another branch of one's own lane", "frame fork", |scene| {
        let mut clone = scene.one.clone();
        clone.lane.truncate(1);
        clone.write(&cell("A"), document_id(951), "name", "x");
        clone.write(&cell("A"), document_id(952), "name", "x");
        clone.write(&cell("A"), document_id(953), "name", "x");
        scene.one.lane = clone.lane;
        let entries = scene.one.lane.iter().map(|(entry, _)| entry.clone()).collect();
        scene.tell(scene.cut(entries, &scene.one.key))
    }),
    ("two entries exchanged", "frame malformed", |scene| tampered(scene, |frame| frame.entries.swap(0, 1))),
    ("an entry taken out", "frame malformed", |scene| {
        tampered(scene, |frame| {
            frame.entries.remove(1);
        })
    }),
    ("an entry put in twice", "frame malformed", |scene| {
        tampered(scene, |frame| frame.entries.insert(1, frame.entries[0].clone()))
    }),
    ("the last entry cut off", "frame bad_signature", |scene| {
        tampered(scene, |frame| {
            frame.entries.pop();
        })
    }),
    ("a bit of a header flipped", "frame bad_signature", |scene| {
        tampered(scene, |frame| {
            let header = &mut frame.entries.last_mut().unwrap().header;
            let at = header.len() - 5;
            header[at] ^= 1;
        })
    }),
    ("a header that is no header", "frame malformed", |scene| {
        tampered(scene, |frame| frame.entries[0].header = vec![0xff; 40])
    }),
    ("a header longer than any", "frame malformed", |scene| {
        tampered(scene, |frame| frame.entries[0].header = vec![0; limits::HEADER_BYTES_MAX + 1])
    }),
    ("a frame of nothing", "frame malformed", |scene| tampered(scene, |frame| frame.entries.clear())),
    ("a frame of too many entries", "frame malformed", |scene| {
        tampered(scene, |frame| frame.entries = vec![frame.entries[0].clone(); limits::FRAME_ENTRIES_MAX + 1])
    }),
    ("a frame of too many bytes", "frame malformed", |scene| {
        tampered(scene, |frame| frame.entries[0].body = vec![0; limits::FRAME_BYTES_MAX])
    }),
    ("a body exchanged under an honest signature", "entry body_not_committed", |scene| {
        write(scene, 1);
        let mut frames = scene.unsent();
        let last = frames[0].entries.last_mut().unwrap();
        let at = last.body.len() - 1;
        last.body[at] ^= 1;
        scene.tell(frames)
    }),
    ("a place beyond the end of numbers", "frame malformed", |scene| {
        let mut frames = honest(scene);
        let mut header = scene.header(b"x");
        header.index = u64::MAX;
        scene.put(&header, b"x".to_vec());
        frames[0].entries.push(scene.one.lane.last().unwrap().0.clone());
        scene.tell(frames)
    }),
    ("the beginning of another lane", "frame fork", |scene| {
        let mut header = scene.header(b"x");
        (header.index, header.prev) = (1, LaneHead::genesis(scene.two.replica).hash);
        scene.one.lane.clear();
        scene.put(&header, b"x".to_vec());
        for _ in 0..3 {
            let next = scene.header(b"x");
            scene.put(&next, b"x".to_vec());
        }
        let entries = scene.one.lane.iter().map(|(entry, _)| entry.clone()).collect();
        scene.tell(scene.cut(entries, &scene.one.key))
    }),
];

fn write(scene: &mut Scene, count: u64) {
    for number in 0..count {
        scene.one.write(&cell("A"), document_id(960 + number), "name", "x");
    }
}

fn unsent_entries(scene: &Scene) -> Vec<sync::lane::Entry> {
    let from = usize::try_from(scene.one.receipts_through()).unwrap();
    scene.one.lane[from..].iter().map(|(entry, _)| entry.clone()).collect()
}

/// Three entries not sent yet, in one frame.
fn honest(scene: &mut Scene) -> Vec<Frame> {
    write(scene, 3);
    let frames = scene.unsent();
    assert_eq!(frames.len(), 1);
    frames
}

fn tampered(scene: &mut Scene, tamper: impl FnOnce(&mut Frame)) -> String {
    let mut frames = honest(scene);
    tamper(&mut frames[0]);
    scene.tell(frames)
}
