//! Attacks by name: what each tries, and the refusal it meets. Each meets a station and laptops of its own; afterwards the
//! logs are what they were and an honest laptop syncs. Owns the scene; must not know single attacks.

mod answers;
mod bodies;
mod entries;
mod frames;
mod generated;
mod requests;

use std::time::{Duration, Instant};

use station::Station;
use sync::crypto::SignKey;
use sync::frame::{self, Frame};
use sync::ids::ReplicaId;
use sync::lane::{self, Entry, EntryHeader, EntryKind, LaneHead};
use sync::wire::{Coding, Request, Response, ResponseOutcome};
use tempfile::TempDir;

use crate::hostile;
use crate::kit::{self, Disk, NOW_MS, act_id, cell, document_id};

/// Memory an attack may cost, KiB.
const GROWTH_MAX_KIB: u64 = 64 * 1024;

/// Name, refusal it must meet, and the attempt, which tells the refusal it met.
type Attack = (&'static str, &'static str, fn(&mut Scene) -> String);

/// A station with work of three honest laptops in two cells.
struct Template {
    dir: TempDir,
    one: Disk,
    two: Disk,
    three: Disk,
}

impl Template {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let station = kit::found(dir.path());
        let [mut one, mut two, mut three] =
            [1, 2, 3].map(|number| Disk::enrolled(&kit::issue(&station, number, number, Vec::new()), number));
        kit::issue(&station, 4, 4, Vec::new());
        for (laptop, code) in [(&mut one, "A"), (&mut two, "A"), (&mut three, "B")] {
            laptop.complete(&station);
            let base = u64::from(laptop.replica.as_bytes()[15]) * 10;
            for number in 0..3 {
                laptop.write(&cell(code), document_id(base + number), "name", "一");
            }
            laptop.complete(&station);
        }
        one.complete(&station);
        drop(station);
        Self { dir, one, two, three }
    }

    fn scene(&self) -> Scene {
        let dir = TempDir::new().unwrap();
        for entry in std::fs::read_dir(self.dir.path()).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
        }
        let station = Station::open(dir.path()).unwrap();
        Scene { station, one: self.one.clone(), two: self.two.clone(), three: self.three.clone(), dir }
    }
}

/// What an attacker has: the first laptop, its officer and its key, and what passed over the line.
struct Scene {
    station: Station,
    one: Disk,
    two: Disk,
    three: Disk,
    dir: TempDir,
}

impl Scene {
    /// The station is started again: what it counts against a busy laptop is counted anew.
    fn restart(&mut self) {
        self.station = Station::open(self.dir.path()).unwrap();
    }

    /// Sends bytes; what the station says, in one word for each part.
    fn send(&self, bytes: &[u8]) -> String {
        let answer = match Response::decode(&self.station.exchange(bytes, NOW_MS)).unwrap().outcome {
            ResponseOutcome::Refused(refusal) => return format!("request {}", refusal.code()),
            ResponseOutcome::Answer(answer) => *answer,
        };
        if let Some(rejection) = answer.rejection {
            return format!("frame {}", rejection.code());
        }
        let mut words = Vec::new();
        for signed in answer.receipts {
            let receipt = signed.verify(&self.one.station_key).unwrap().into_value();
            if receipt.accepted_count() > 0 {
                words.push(format!("{} accepted", receipt.accepted_count()));
            }
            words.extend(receipt.refusals.iter().map(|refusal| format!("entry {}", refusal.reason.code())));
        }
        if words.is_empty() { "nothing new".to_owned() } else { words.join(", ") }
    }

    fn request(&self, frames: Vec<Frame>) -> Request {
        let mut request = hostile::request(&self.one, self.one.station, frames);
        request.receipts_through = self.one.receipts_through();
        request
    }

    /// Frames in an honest request of the first laptop.
    fn tell(&self, frames: Vec<Frame>) -> String {
        self.send(&self.request(frames).encode(None, &self.one.key, Coding::Zstd))
    }

    /// Work of the first laptop that the station has not seen, rightly framed.
    fn unsent(&self) -> Vec<Frame> {
        let from = usize::try_from(self.one.receipts_through()).unwrap();
        self.cut(self.one.lane[from..].iter().map(|(entry, _)| entry.clone()).collect(), &self.one.key)
    }

    fn cut(&self, entries: Vec<Entry>, key: &SignKey) -> Vec<Frame> {
        frame::cut(self.one.station, self.one.replica, entries, key).unwrap()
    }

    /// An honest header for the next place in the lane, to be tampered with.
    fn header(&self, body: &[u8]) -> EntryHeader {
        let head = self.one.head();
        let document = document_id(900);
        EntryHeader {
            index: head.index + 1,
            prev: head.hash,
            scope: cell("A"),
            document,
            act: act_id(900),
            officer: self.one.officer,
            directory_version: self.one.directory.version,
            device_at_ms: NOW_MS,
            kind: EntryKind::Change,
            key_id: 0,
            generation: 0,
            commitment: lane::commitment(&salt(), body),
            replaces: None,
        }
    }

    /// An entry put into the lane as it is.
    fn put(&mut self, header: &EntryHeader, body: Vec<u8>) {
        let entry = Entry { header: minicbor::to_vec(header).unwrap(), salt: salt(), body };
        let head = LaneHead { index: header.index, hash: entry.header_hash() };
        self.one.lane.push((entry, head));
    }

    /// One entry with this body, honest but for what `tamper` does to its header.
    fn try_entry(&mut self, body: Vec<u8>, tamper: impl FnOnce(&mut EntryHeader)) -> String {
        let mut header = self.header(&body);
        tamper(&mut header);
        self.put(&header, body);
        self.tell(self.unsent())
    }
}

fn salt() -> [u8; 32] {
    [8; 32]
}

/// What an attack cost.
#[derive(Default)]
struct Cost {
    longest: Duration,
    growth_kib: u64,
}

/// Runs every attack against a scene of its own.
fn run(attacks: &[Attack]) -> Cost {
    let template = Template::new();
    let mut cost = Cost::default();
    for (name, expected, attempt) in attacks {
        let mut scene = template.scene();
        let honest = scene.two.clone();
        let (low, began) = (memory_kib(), Instant::now());
        let met = attempt(&mut scene);
        cost.longest = cost.longest.max(began.elapsed());
        let growth = memory_kib().saturating_sub(low);
        cost.growth_kib = cost.growth_kib.max(growth);
        assert_eq!(met, *expected, "{name}");
        assert!(growth <= GROWTH_MAX_KIB, "{name} cost {growth} KiB");
        unaffected(&template, &scene.station, honest, name);
    }
    println!(
        "{} attacks met their refusal; the longest took {} ms, the dearest {} KiB",
        attacks.len(),
        cost.longest.as_millis(),
        cost.growth_kib
    );
    cost
}

/// The logs are what they were, and honest laptops go on.
fn unaffected(template: &Template, station: &Station, mut honest: Disk, name: &str) {
    honest.complete(station);
    assert_eq!(honest.log_of(&cell("A")).len(), 6, "{name}: the log of a cell has grown");
    let mut other = template.three.clone();
    other.complete(station);
    assert_eq!(other.log_of(&cell("B")).len(), 3, "{name}: the log of another cell has grown");
    honest.write(&cell("A"), document_id(20), "phone", "1");
    honest.complete(station);
    assert_eq!((honest.receipts_through(), honest.refused().len()), (4, 0), "{name}: an honest laptop is refused");
}

/// The most memory this process has had since it was last asked, KiB; counted anew afterwards.
fn memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    // "5" sets the mark back to what is held now
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

fn all() -> Vec<Attack> {
    [requests::ATTACKS, frames::ATTACKS, entries::ATTACKS, bodies::ATTACKS].concat()
}

#[test]
fn every_attack_on_the_station_meets_its_refusal_and_touches_nobody_else() {
    let attacks = all();
    let mut names: Vec<_> = attacks.iter().map(|(name, ..)| *name).collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() == attacks.len() && names.len() >= 40, "{}", names.len());
    memory_kib();
    run(&attacks);
}

fn stranger() -> SignKey {
    SignKey::from_seed(&[99; 32])
}

fn nobody() -> ReplicaId {
    kit::replica_id(77)
}
