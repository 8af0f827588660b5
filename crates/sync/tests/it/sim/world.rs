//! The world: events in virtual time, faults by chance, and the checks at the end.

use std::collections::{BTreeMap, BTreeSet};

use sync::directory::{Replica, token_hash};
use sync::enrolment::IssuedToken;
use sync::judge::DocumentState;
use sync::laptop::{Effects, FailReason, Input, Outcome, RequestFailure, StorageFailure, Ticket};
use sync::wire::RequestRefusal;

use super::laptop::{Held, LaptopBug, ModelLaptop};
use crate::kit::station::{Disk, Durable, ModelStation, StationBug};
use crate::kit::{self, NOW_MS, Rng};

/// How often things go wrong, in percent.
#[derive(Debug, Clone, Copy)]
struct Faults {
    drop: u64,
    double: u64,
    cut: u64,
    portal: u64,
    crash: u64,
    full: u64,
    station_disk: u64,
    delay_most_ms: u64,
}

const CALM: Faults =
    Faults { drop: 0, double: 0, cut: 0, portal: 0, crash: 0, full: 0, station_disk: 0, delay_most_ms: 200 };

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bug {
    None,
    Station(StationBug),
    Laptop(LaptopBug),
}

enum Event {
    Write(usize),
    Press(usize),
    Connect(usize),
    /// The disk is copied, to be put back later.
    Image(usize),
    PutBack(usize),
    /// The disk is copied into another machine, and both go on.
    Clone(usize),
    Destroy(usize),
    /// An officer is given another laptop, which has everything to pull.
    Newcomer,
    Backup,
    SetBack,
    Wake(usize, u64),
    Input(usize, u64, Input),
    AtStation(usize, u64, Ticket, Vec<u8>),
}

/// What a run was like, to see that the faults were real.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Story {
    pub(crate) crashes: u64,
    pub(crate) refused: u64,
    pub(crate) written: u64,
    pub(crate) failures: u64,
    pub(crate) moved: u64,
    pub(crate) erased: u64,
    pub(crate) set_back: u64,
    pub(crate) succeeded: u64,
    pub(crate) given_back: u64,
    pub(crate) branched: u64,
    pub(crate) destroyed: u64,
    pub(crate) walked: u64,
    pub(crate) began_again: u64,
}

impl Story {
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            crashes: self.crashes + other.crashes,
            refused: self.refused + other.refused,
            written: self.written + other.written,
            failures: self.failures + other.failures,
            moved: self.moved + other.moved,
            erased: self.erased + other.erased,
            set_back: self.set_back + other.set_back,
            succeeded: self.succeeded + other.succeeded,
            given_back: self.given_back + other.given_back,
            branched: self.branched + other.branched,
            destroyed: self.destroyed + other.destroyed,
            walked: self.walked + other.walked,
            began_again: self.began_again + other.began_again,
        }
    }
}

pub(crate) struct World {
    rng: Rng,
    now_ms: i64,
    faults: Faults,
    events: BTreeMap<(i64, u64), Event>,
    counter: u64,
    pub(crate) station: ModelStation,
    pub(crate) laptops: Vec<ModelLaptop>,
    pub(super) story: Story,
    broken: Option<String>,
    pub(super) last_outcome: BTreeMap<usize, Outcome>,
    images: BTreeMap<usize, Held>,
    backup: Option<Durable>,
    pub(super) destroyed: BTreeSet<usize>,
    identities: u64,
}

/// Virtual milliseconds of trouble before everything heals.
const TROUBLE_MS: u64 = 3_600_000;

/// A round for what the station lost, one for what follows from it, and one each for copies that go on one after the other.
const CALM_ROUNDS_MAX: u64 = 12;

/// No run needs more; a run that does would never end.
const EVENTS_MAX: u64 = 60_000;

impl World {
    pub(crate) fn new(seed: u64, bug: Bug) -> Self {
        let mut rng = Rng(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x5eed);
        let faults = Faults {
            drop: rng.below(25),
            double: rng.below(15),
            cut: rng.below(10),
            portal: rng.below(5),
            crash: rng.below(6),
            full: rng.below(10),
            station_disk: rng.below(10),
            delay_most_ms: 1 + rng.below(60_000),
        };
        let mut first = kit::directory();
        let count = 3 + rng.below(4);
        let late = 1 + rng.below(count);
        first.replicas.retain(|replica| replica.id != kit::replica_id(late));
        let mut station = ModelStation::new(first, kit::station_key());
        station.page_bytes_most = 2_000 + if rng.percent(50) { rng.below(60_000) } else { rng.below(4_000) };
        station.whole_bytes_most = 500 + if rng.percent(50) { rng.below(4_000) } else { rng.below(100_000) } as usize;
        station.issued.push(IssuedToken {
            token_hash: token_hash(&[9; 32]),
            officer: kit::officer_id(late),
            replica: kit::replica_id(late),
            laptop_label: "late".to_owned(),
        });
        let mut laptops: Vec<ModelLaptop> = (1..=count)
            .map(|number| {
                let scopes = station.newest().scopes_of(kit::officer_id(number), "2026-11-21");
                let token = (number == late).then_some([9; 32]);
                let years = if rng.percent(30) { rng.below(21) as i64 - 10 } else { 0 };
                ModelLaptop::new(number, scopes.into_iter().collect(), token, years * 31_557_600_000)
            })
            .collect();
        laptops.iter_mut().for_each(|laptop| laptop.hold(station.signed_newest()));
        match bug {
            Bug::None => {}
            Bug::Station(bug) => station.bug = bug,
            Bug::Laptop(bug) => laptops.iter_mut().for_each(|laptop| laptop.bug = bug),
        }
        let mut world = Self {
            rng,
            now_ms: NOW_MS,
            faults,
            events: BTreeMap::new(),
            counter: 0,
            station,
            laptops,
            story: Story::default(),
            broken: None,
            last_outcome: BTreeMap::new(),
            images: BTreeMap::new(),
            backup: None,
            destroyed: BTreeSet::new(),
            identities: 1000,
        };
        world.plan();
        for _ in 0..1 + world.rng.below(2) {
            let at = TROUBLE_MS / 3 + world.rng.below(TROUBLE_MS / 2);
            world.at(at, Event::Newcomer);
        }
        world.plan_disasters();
        world
    }

    fn plan(&mut self) {
        for laptop in 0..self.laptops.len() {
            for _ in 0..4 + self.rng.below(12) {
                let at = self.rng.below(TROUBLE_MS);
                self.at(at, Event::Write(laptop));
            }
            for _ in 0..2 + self.rng.below(6) {
                let at = self.rng.below(TROUBLE_MS);
                self.at(at, Event::Press(laptop));
                let at = self.rng.below(TROUBLE_MS);
                self.at(at, Event::Connect(laptop));
            }
        }
    }

    /// Laptops fall into rivers, disks are put back and copied, the station comes back from an old backup; or all of it.
    fn plan_disasters(&mut self) {
        let which = self.rng.below(4);
        if which != 0 {
            self.plan_copies();
        }
        if which != 1 {
            self.plan_restores();
        }
        if self.rng.percent(20) {
            let laptop = self.rng.below(self.laptops.len() as u64) as usize;
            let at = self.rng.below(TROUBLE_MS);
            self.at(at, Event::Destroy(laptop));
        }
    }

    fn plan_copies(&mut self) {
        for laptop in 0..self.laptops.len() {
            if self.rng.percent(30) {
                let at = self.rng.below(TROUBLE_MS / 2);
                self.at(at, Event::Image(laptop));
                let later = at + self.rng.below(TROUBLE_MS / 2);
                self.at(later, Event::PutBack(laptop));
            }
            if self.rng.percent(20) {
                let at = self.rng.below(TROUBLE_MS);
                self.at(at, Event::Clone(laptop));
            }
        }
    }

    fn plan_restores(&mut self) {
        for _ in 0..1 + self.rng.below(2) {
            let at = self.rng.below(TROUBLE_MS / 2);
            self.at(at, Event::Backup);
            let later = at + self.rng.below(TROUBLE_MS / 2);
            self.at(later, Event::SetBack);
        }
    }

    fn at(&mut self, after_ms: u64, event: Event) {
        self.counter += 1;
        self.events.insert((self.now_ms + after_ms as i64, self.counter), event);
    }

    fn soon(&mut self, event: Event) {
        let delay = 1 + self.rng.below(self.faults.delay_most_ms);
        self.at(delay, event);
    }

    /// Trouble, healing, and what must hold afterwards. The error names the promise that was broken.
    pub(crate) fn live(mut self) -> Result<Story, String> {
        self.run_until_quiet()?;
        self.faults = CALM;
        let held = self.held_by_the_living();
        // What one round brought to the station the next brings to the others, until a round brings nothing.
        for _ in 0..CALM_ROUNDS_MAX {
            let before = self.station.log_lengths();
            for laptop in self.living() {
                self.at(1, Event::Connect(laptop));
                self.at(2, Event::Press(laptop));
            }
            self.run_until_quiet()?;
            if self.station.log_lengths() == before {
                break;
            }
        }
        self.check()?;
        self.check_held(&held)?;
        self.story.given_back = self.station.refilled;
        self.story.branched = self.station.branched;
        self.story.walked = self.laptops.iter().map(|laptop| laptop.walked).sum();
        self.story.began_again = self.laptops.iter().map(|laptop| laptop.began_again).sum();
        if self.story.set_back == 0 && self.story.began_again > 0 {
            return Err("a first sync began again although the station lost nothing".to_owned());
        }
        let documents = self.station.durable.documents.values();
        self.story.moved = documents.clone().filter(|facts| !facts.former.is_empty()).count() as u64;
        self.story.erased = documents.filter(|facts| facts.state == DocumentState::Erased).count() as u64;
        Ok(self.story)
    }

    fn run_until_quiet(&mut self) -> Result<(), String> {
        let mut handled = 0;
        while let Some(((at, _), event)) = self.events.pop_first() {
            self.now_ms = self.now_ms.max(at);
            handled += 1;
            if handled > EVENTS_MAX {
                return Err("does not end".to_owned());
            }
            self.happen(event);
            if let Some(broken) = self.broken.take() {
                return Err(broken);
            }
        }
        Ok(())
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Write(laptop)
            | Event::Press(laptop)
            | Event::Connect(laptop)
            | Event::Image(laptop)
            | Event::PutBack(laptop)
            | Event::Clone(laptop)
            | Event::Wake(laptop, _)
            | Event::Input(laptop, ..)
                if self.destroyed.contains(&laptop) => {}
            Event::Write(laptop) => {
                let now_ms = self.local(laptop);
                let mut rng = Rng(self.rng.next());
                self.laptops[laptop].write(&mut rng, now_ms);
                self.story.written += 1;
            }
            Event::Press(laptop) => self.give(laptop, Input::SyncRequested),
            Event::Connect(laptop) => self.give(laptop, Input::ConnectivityMaybe),
            Event::Wake(laptop, life) if self.laptops[laptop].life == life => self.give(laptop, Input::Wake),
            Event::Input(laptop, life, input) if self.laptops[laptop].life == life => self.give(laptop, input),
            Event::Wake(..) | Event::Input(..) => {}
            Event::AtStation(laptop, life, ticket, bytes) => self.at_station(laptop, life, ticket, &bytes),
            Event::Image(laptop) => drop(self.images.insert(laptop, self.laptops[laptop].image())),
            Event::PutBack(laptop) => {
                if let Some(image) = self.images.remove(&laptop) {
                    self.laptops[laptop].start_from(image);
                    self.soon(Event::Press(laptop));
                }
            }
            Event::Clone(laptop) => {
                let number = self.laptops.len() as u64 + 1;
                let copy = self.laptops[laptop].copied(100 + number);
                self.laptops.push(copy);
                let copy = self.laptops.len() - 1;
                for _ in 0..3 {
                    let at = self.rng.below(TROUBLE_MS / 4);
                    self.at(at, Event::Write(copy));
                    self.at(at + 1, Event::Press(copy));
                }
            }
            Event::Newcomer => self.newcomer(),
            Event::Destroy(laptop) => {
                self.destroyed.insert(laptop);
                self.story.destroyed += 1;
            }
            Event::Backup => self.backup = Some(self.station.durable.clone()),
            Event::SetBack => {
                if let Some(backup) = self.backup.take() {
                    self.station.durable = backup;
                    self.story.set_back += 1;
                }
            }
        }
    }

    fn newcomer(&mut self) {
        let number = 50 + self.laptops.len() as u64;
        let one = &self.laptops[self.rng.below(3) as usize];
        let (officer, scopes, bug) = (one.officer, one.scopes.clone(), one.bug);
        self.station.change_directory(|next| next.replicas.push(Replica { officer, ..kit::replica(number) }));
        let mut laptop = ModelLaptop::new(number, scopes, None, 0);
        (laptop.officer, laptop.bug) = (officer, bug);
        laptop.held.directory_version = self.station.newest().version;
        laptop.hold(self.station.signed_newest());
        self.laptops.push(laptop);
        let newcomer = self.laptops.len() - 1;
        for _ in 0..4 {
            let at = self.rng.below(TROUBLE_MS / 4);
            self.at(at, Event::Press(newcomer));
            let at = self.rng.below(TROUBLE_MS / 4);
            self.at(at, Event::Write(newcomer));
        }
    }

    fn local(&self, laptop: usize) -> i64 {
        self.now_ms + self.laptops[laptop].clock_offset_ms
    }

    fn give(&mut self, laptop: usize, input: Input) {
        let now_ms = self.local(laptop);
        let effects = self.laptops[laptop].engine.handle(now_ms, input);
        self.follow(laptop, effects);
        if let Some(wake_ms) = self.laptops[laptop].engine.wake_at() {
            let life = self.laptops[laptop].life;
            let wait = wake_ms.saturating_sub(now_ms).max(1) as u64;
            self.at(wait, Event::Wake(laptop, life));
        }
    }

    fn follow(&mut self, laptop: usize, mut effects: Effects) {
        let life = self.laptops[laptop].life;
        if let Some(outcome) = effects.finished.take() {
            self.story.failures += u64::from(matches!(outcome, Outcome::Failed { .. }));
            match &outcome {
                Outcome::Failed { reason: FailReason::LaneForked { .. }, .. } => self.forked(laptop),
                Outcome::Failed { reason: FailReason::Refused(RequestRefusal::ReplicaFrozen), .. } => {
                    self.broken.get_or_insert(format!("laptop {laptop} is frozen"));
                }
                _ => {}
            }
            self.last_outcome.insert(laptop, outcome);
        }
        let busy = effects.load.is_some() || effects.send.is_some() || effects.store.is_some();
        if busy && self.rng.percent(self.faults.crash) {
            return self.crash(laptop, effects);
        }
        if let Some(load) = effects.load {
            let input = if self.rng.percent(self.faults.full) {
                Input::LoadFailed { ticket: load.ticket, failure: StorageFailure::Busy }
            } else {
                let loaded = self.laptops[laptop].load(&load);
                Input::Loaded { ticket: load.ticket, loaded: Box::new(loaded) }
            };
            self.at(1, Event::Input(laptop, life, input));
        }
        if let Some(send) = effects.send {
            self.send(laptop, life, send.ticket, send.bytes);
        }
        if let Some(store) = effects.store {
            let full = self.rng.percent(self.faults.full);
            let result = self.laptops[laptop].store(&store.batch, full);
            let receipts = match self.story.set_back {
                0 if result.is_ok() => self.check_stored(laptop, &store.batch),
                _ => Ok(()),
            };
            if let Err(broken) = receipts {
                self.broken.get_or_insert(broken);
            }
            self.at(1, Event::Input(laptop, life, Input::Stored { ticket: store.ticket, result }));
        }
    }

    /// Told that its lane is another's, a laptop goes on as a successor; a stubborn one writes on.
    fn forked(&mut self, laptop: usize) {
        if self.laptops[laptop].bug == LaptopBug::NeverSucceeds {
            self.soon(Event::Write(laptop));
        } else {
            self.identities += 1;
            self.laptops[laptop].succeed(self.identities);
            self.story.succeeded += 1;
        }
        self.soon(Event::Press(laptop));
    }

    /// The process dies with an effect on its hands, before or after the effect took place, and is started again.
    fn crash(&mut self, laptop: usize, effects: Effects) {
        self.story.crashes += 1;
        let life = self.laptops[laptop].life;
        let took_place = self.rng.percent(50);
        if let (Some(store), true) = (&effects.store, took_place) {
            let _ = self.laptops[laptop].store(&store.batch, false);
        }
        if let (Some(send), true) = (effects.send, took_place) {
            self.send(laptop, life, send.ticket, send.bytes);
        }
        self.laptops[laptop].crash();
        self.soon(Event::Press(laptop));
    }

    fn send(&mut self, laptop: usize, life: u64, ticket: Ticket, bytes: Vec<u8>) {
        if self.rng.percent(self.faults.portal) {
            let bytes = b"<!DOCTYPE html><title>Log in to the network</title>".to_vec();
            return self.soon(Event::Input(laptop, life, Input::ResponseArrived { ticket, bytes }));
        }
        let lost = self.rng.percent(self.faults.drop);
        if lost {
            let failure = RequestFailure::Unreachable;
            return self.soon(Event::Input(laptop, life, Input::RequestFailed { ticket, failure }));
        }
        let copies = 1 + u64::from(self.rng.percent(self.faults.double));
        for _ in 0..copies {
            let mut copy = bytes.clone();
            if self.rng.percent(self.faults.cut) {
                copy.truncate(self.rng.below(copy.len() as u64) as usize);
            }
            self.soon(Event::AtStation(laptop, life, ticket, copy));
        }
    }

    fn at_station(&mut self, laptop: usize, life: u64, ticket: Ticket, bytes: &[u8]) {
        let disk = if self.rng.percent(self.faults.station_disk) { Disk::Fails } else { Disk::Works };
        let mut answer = self.station.handle(bytes, self.now_ms, disk);
        if self.rng.percent(self.faults.drop) {
            let failure = RequestFailure::Interrupted;
            return self.soon(Event::Input(laptop, life, Input::RequestFailed { ticket, failure }));
        }
        if self.rng.percent(self.faults.cut) {
            answer.truncate(self.rng.below(answer.len() as u64) as usize);
        }
        let copies = 1 + u64::from(self.rng.percent(self.faults.double));
        for _ in 0..copies {
            let bytes = answer.clone();
            self.soon(Event::Input(laptop, life, Input::ResponseArrived { ticket, bytes }));
        }
    }
}
