//! Attacks on a laptop by somebody who can write answers but holds no key of the station: forged, replayed, mixed up, huge.
//! Whatever is said, the laptop holds nothing afterwards that the station did not sign for it, and its next sync is whole.

use sync::crypto::Signed;
use sync::directory::Directory;
use sync::ids::StationId;
use sync::laptop::Outcome;
use sync::limits;
use sync::receipt::Receipt;
use sync::scope_log::{Checkpoint, LogPosition, LoggedEntry};
use sync::wire::{Answer, Coding, RequestRefusal, Response, ResponseOutcome};

use super::{GROWTH_MAX_KIB, Scene, Template, memory_kib, requests, stranger};
use crate::hostile;
use crate::kit::{self, Disk, NOW_MS, cell, document_id};

/// Name, how the sync of the attacked laptop must end, and what becomes of the station's first answer.
type Attack = (&'static str, &'static str, fn(&Scene, Response) -> Vec<u8>);

const ATTACKS: &[Attack] = &[
    ("a receipt by a stranger's key", "receipt_wrong", |_, response| {
        with(response, |answer| each_receipt(answer, |_| {}))
    }),
    ("a receipt of a colleague", "receipt_wrong", |scene, response| {
        let theirs = receipts_of(scene, &scene.one);
        with(response, |answer| answer.receipts = theirs)
    }),
    ("an old receipt of one's own", "done", |scene, response| {
        let old = receipts_of(scene, &scene.two).into_iter().next().unwrap();
        with(response, |answer| answer.receipts.insert(0, old))
    }),
    ("a receipt kept back", "done", |_, response| with(response, |answer| answer.receipts.clear())),
    ("a lane head beyond the lane", "lane_forked", |_, response| with(response, |answer| answer.lane_head.index += 5)),
    ("another lane's head", "lane_forked", |_, response| {
        with(response, |answer| answer.lane_head.hash = sync::crypto::sha256(b"x"))
    }),
    ("a checkpoint by a stranger's key", "page_wrong", |scene, response| {
        with(response, |answer| {
            for page in &mut answer.pages {
                let position = page.from;
                let checkpoint = Checkpoint { station: scene.two.station, scope: cell("A"), position };
                page.checkpoint = Signed::sign(&checkpoint, &stranger());
            }
        })
    }),
    ("a checkpoint of another scope", "page_wrong", |scene, response| {
        let foreign = pages_of(scene, &scene.three);
        with(response, |answer| answer.pages[0].checkpoint = foreign[0].checkpoint.clone())
    }),
    ("another scope's whole page", "page_wrong", |scene, response| {
        // the first page of a scope one does not hold would be believed: the station signed it; a later one would not
        let mut foreign = pages_of(scene, &scene.three);
        with(response, |answer| {
            foreign[0].from = answer.pages[0].from;
            answer.pages = foreign;
        })
    }),
    ("an entry left out of a page", "page_wrong", |_, response| {
        with(response, |answer| {
            answer.pages[0].entries.remove(0);
        })
    }),
    ("two entries of a page exchanged", "page_wrong", |_, response| {
        with(response, |answer| answer.pages[0].entries.swap(0, 1))
    }),
    ("an entry twice", "page_wrong", |_, response| {
        with(response, |answer| {
            let again = answer.pages[0].entries[0].clone();
            answer.pages[0].entries.push(again);
        })
    }),
    ("an entry under another laptop's name", "page_wrong", |scene, response| {
        let liar = scene.three.replica;
        with(response, |answer| {
            for entry in &mut answer.pages[0].entries {
                if let LoggedEntry::Full { replica, .. } = entry {
                    *replica = liar;
                }
            }
        })
    }),
    ("the same page twice", "page_wrong", |_, response| {
        with(response, |answer| {
            let again = answer.pages[0].clone();
            answer.pages.push(again);
        })
    }),
    ("a page that begins elsewhere", "page_wrong", |_, response| {
        with(response, |answer| answer.pages[0].from.seq += 1)
    }),
    ("a page from the beginning", "page_wrong", |_, response| {
        with(response, |answer| answer.pages[0].from = LogPosition::genesis(kit::station_id(), &cell("A"), 1))
    }),
    ("a page that begins one place later", "page_wrong", |_, response| {
        with(response, |answer| answer.pages[0].from.seq += 1)
    }),
    ("a page of too many entries", "page_wrong", |_, response| {
        with(response, |answer| {
            let one = answer.pages[0].entries[0].clone();
            answer.pages[0].entries = vec![one; limits::PAGE_ENTRIES_MAX + 1];
        })
    }),
    ("an entry called sent before in an ordinary page", "page_wrong", |_, response| {
        with(response, |answer| {
            let entries = &mut answer.pages[0].entries;
            let Some(LoggedEntry::Full { replica, entry }) = entries.pop() else { return };
            let index = entry.read_header().unwrap().index;
            entries.push(LoggedEntry::Sent { replica, index, header_hash: entry.header_hash() });
        })
    }),
    ("earlier work for a laptop that has all of it", "page_wrong", |scene, response| {
        let earlier = ask(scene, &scene.two).earlier;
        with(response, |answer| answer.earlier = earlier)
    }),
    ("a directory by a stranger's key", "directory_wrong", |scene, response| {
        let mut directory = Directory::clone(&scene.station.directory().unwrap());
        directory.version += 100;
        with(response, |answer| answer.directory = Some(Signed::sign(&directory, &stranger())))
    }),
    ("a bit of the directory flipped", "directory_wrong", |_, response| {
        with(response, |answer| {
            let mut bytes = answer.directory.as_ref().unwrap().to_bytes();
            let at = bytes.len() / 2;
            bytes[at] ^= 1;
            answer.directory = Signed::from_bytes(&bytes).ok();
        })
    }),
    ("a receipt in place of a directory", "directory_wrong", |scene, response| {
        let bytes = receipts_of(scene, &scene.two)[0].to_bytes();
        with(response, |answer| answer.directory = Signed::from_bytes(&bytes).ok())
    }),
    ("an answer of another station", "another_station", |_, response| {
        Response { station: StationId(kit::uuid(1, 2)), ..response }.encode(Coding::Zstd)
    }),
    ("a refusal nobody gave", "replica_revoked", |_, response| {
        Response { outcome: ResponseOutcome::Refused(RequestRefusal::ReplicaRevoked), ..response }.encode(Coding::Zstd)
    }),
    ("a web page", "not_our_protocol", |_, _| b"<html>".to_vec()),
    ("nothing", "not_our_protocol", |_, _| Vec::new()),
    ("half an answer", "answer_damaged", |_, response| {
        let bytes = response.encode(Coding::Plain);
        bytes[..bytes.len() / 2].to_vec()
    }),
    ("a request as an answer", "answer_damaged", |_, _| requests::plain(b"\x80")),
    ("a bomb beyond the limit", "answer_too_long", |_, _| {
        answer_bytes(1, &zstd::bulk::compress(&vec![0; limits::RESPONSE_INFLATED_BYTES_MAX + 1], 3).unwrap())
    }),
    ("a bomb just within the limit", "answer_damaged", |_, _| {
        answer_bytes(1, &zstd::bulk::compress(&vec![0; limits::RESPONSE_INFLATED_BYTES_MAX], 3).unwrap())
    }),
    ("a hundred thousand lists in each other", "answer_damaged", |_, _| answer_bytes(0, &[0x81; 100_000])),
    ("as many entries of nothing as fit", "page_wrong", |_, response| {
        let nothing = LoggedEntry::Erased { replica: kit::replica_id(1), header: Vec::new() };
        with(response, |answer| answer.pages[0].entries = vec![nothing; 380_000])
    }),
];

fn answer_bytes(coding: u8, body: &[u8]) -> Vec<u8> {
    [b"FQSY\x01\x02".as_slice(), &[coding, 0], body].concat()
}

fn with(mut response: Response, tamper: impl FnOnce(&mut Answer)) -> Vec<u8> {
    if let ResponseOutcome::Answer(answer) = &mut response.outcome {
        tamper(answer);
    }
    response.encode(Coding::Zstd)
}

fn each_receipt(answer: &mut Answer, tamper: impl Fn(&mut Receipt)) {
    for signed in &mut answer.receipts {
        let mut receipt = signed.clone().verify(&kit_station_key()).unwrap().into_value();
        tamper(&mut receipt);
        *signed = Signed::sign(&receipt, &stranger());
    }
}

fn kit_station_key() -> sync::crypto::PublicKey {
    sync::crypto::SignKey::from_seed(&kit::seed(11, 1)).public()
}

fn ask(scene: &Scene, laptop: &Disk) -> Answer {
    let mut request = hostile::request(laptop, laptop.station, Vec::new());
    request.receipts_through = 0;
    let bytes = request.encode(None, &laptop.key, Coding::Zstd);
    match Response::decode(&scene.station.exchange(&bytes, NOW_MS)).unwrap().outcome {
        ResponseOutcome::Answer(answer) => *answer,
        ResponseOutcome::Refused(refusal) => panic!("{refusal:?}"),
    }
}

fn receipts_of(scene: &Scene, laptop: &Disk) -> Vec<Signed<Receipt>> {
    ask(scene, laptop).receipts
}

fn pages_of(scene: &Scene, laptop: &Disk) -> Vec<sync::scope_log::Page> {
    ask(scene, laptop).earlier.into_iter().map(|piece| piece.page).collect()
}

/// The second laptop with something to send, to pull and to learn.
pub(super) fn victim(scene: &mut Scene) -> Disk {
    scene.one.write(&cell("A"), document_id(10), "phone", "1");
    scene.one.write(&cell("A"), document_id(11), "phone", "1");
    scene.one.complete(&scene.station);
    let change = |directory: &mut Directory| {
        directory.station_name.push('新');
        Ok(())
    };
    scene.station.edit("test", NOW_MS, change).unwrap();
    let mut victim = scene.two.clone();
    victim.write(&cell("A"), document_id(21), "phone", "2");
    victim
}

/// How a sync ends whose first answer is tampered with.
pub(super) fn fooled(scene: &Scene, victim: &mut Disk, tamper: impl Fn(&Scene, Response) -> Vec<u8>) -> String {
    let mut first = true;
    let outcome = victim.sync(|bytes| {
        let answer = scene.station.exchange(&bytes, NOW_MS);
        let tampered = if first { tamper(scene, Response::decode(&answer).unwrap()) } else { answer };
        first = false;
        Ok(tampered)
    });
    match outcome {
        Outcome::Done { .. } => "done".to_owned(),
        Outcome::Failed { reason, .. } => reason.code().to_owned(),
        Outcome::Cancelled { .. } => "cancelled".to_owned(),
    }
}

/// The laptop holds nothing the station did not sign for it, and its next sync is whole.
pub(super) fn unharmed(scene: &Scene, mut victim: Disk, name: &str) {
    let known = hostile::receipts(&scene.station, &victim);
    assert!(victim.receipts.iter().all(|held| known.contains(held)), "{name}: a receipt nobody gave");
    assert!(
        victim.directory.version <= scene.station.directory().unwrap().version,
        "{name}: a directory nobody signed"
    );
    victim.complete(&scene.station);
    let mut honest = scene.one.clone();
    honest.complete(&scene.station);
    assert_eq!(victim.log_of(&cell("A")), honest.log_of(&cell("A")), "{name}: another log");
    assert!(victim.log_of(&cell("B")).is_empty(), "{name}: another cell's log");
}

#[test]
fn every_attack_on_a_laptop_meets_its_refusal_and_the_next_sync_is_whole() {
    let template = Template::new();
    let mut dearest = 0;
    for (name, expected, tamper) in ATTACKS {
        let mut scene = template.scene();
        let mut victim = victim(&mut scene);
        // what it costs to make the bytes is not counted
        let low = std::cell::Cell::new(0);
        let met = fooled(&scene, &mut victim, |scene, response| {
            let bytes = tamper(scene, response);
            memory_kib();
            low.set(memory_kib());
            bytes
        });
        let growth = memory_kib().saturating_sub(low.get());
        dearest = dearest.max(growth);
        assert_eq!(met, *expected, "{name}");
        assert!(growth <= GROWTH_MAX_KIB, "{name} cost {growth} KiB");
        // what it is told meanwhile is not the laptop's own work: its clone of the lane is sent again
        unharmed(&scene, victim, name);
    }
    assert!(ATTACKS.len() >= 30);
    println!("{} attacks on a laptop met their refusal; the dearest took {dearest} KiB", ATTACKS.len());
}
