//! Laptops and a station in virtual time: the real app, store, engine and station library, with a line that drops, doubles,
//! delays and cuts, disks that fill up, power that fails in the middle of a write, and clocks that are years wrong. At the
//! end everything heals, and the promises are asked for. Everything follows from a seed.

mod check;
mod deeds;
mod ledger;
mod machine;

use std::collections::BTreeMap;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use station::Station;
use sync::crypto::KdfParams;
use sync::laptop::{Effects, FailReason, Input, Outcome, RequestFailure, StorageFailure, Ticket};
use tempfile::TempDir;

use crate::SimulateError;
use crate::founding::Founder;
use crate::town::{POSTS, Town};
use ledger::Ledger;
use machine::Machine;

/// Saturday 2026-11-21 08:00 at the station.
const BEGIN_MS: i64 = 1_795_219_200_000;
/// A year in milliseconds.
const YEAR_MS: i64 = 31_557_600_000;
/// Virtual milliseconds of trouble before everything heals.
const TROUBLE_MS: i64 = 4 * 3_600_000;
/// No run needs more events; one that does would never end.
const EVENTS_MAX: u64 = 40_000;
/// Rounds of healing: what the first brings to the station, the next brings to the others.
const HEALING: u32 = 3;

/// How often things go wrong, in percent.
#[derive(Debug, Clone, Copy)]
struct Chances {
    drop: u32,
    double: u32,
    cut: u32,
    portal: u32,
    crash: u32,
    full: u32,
    power: u32,
    station_crash: u32,
    delay_most_ms: i64,
}

const CALM: Chances = Chances {
    drop: 0,
    double: 0,
    cut: 0,
    portal: 0,
    crash: 0,
    full: 0,
    power: 0,
    station_crash: 0,
    delay_most_ms: 200,
};

/// Faults of the program that can be planted to see whether they are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// None.
    None,
    /// What was called saved is sometimes gone after a crash: a database that does not wait for its disk.
    ForgetsOnCrash,
}

enum Event {
    Deed(usize),
    SaveForm(usize),
    Press(usize),
    Wake(usize, u64),
    Input(usize, u64, Input),
    AtStation(usize, u64, Ticket, Vec<u8>),
}

/// What a run was like, to see that the faults were real.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Story {
    /// Fields written.
    pub writes: u64,
    /// Decisions taken.
    pub decisions: u64,
    /// Forms saved after something else had arrived.
    pub late_forms: u64,
    /// Households moved to another cell.
    pub moves: u64,
    /// Households erased.
    pub erasures: u64,
    /// Processes that died between two steps.
    pub crashes: u64,
    /// Writes cut off in the middle of their transaction.
    pub power_cuts: u64,
    /// Exchanges that ended without success.
    pub failures: u64,
    /// Records in conflict at the end, on the laptop that sees all.
    pub conflicts: u64,
}

impl Story {
    /// Adds another run.
    pub fn add(&mut self, other: Self) {
        self.writes += other.writes;
        self.decisions += other.decisions;
        self.late_forms += other.late_forms;
        self.moves += other.moves;
        self.erasures += other.erasures;
        self.crashes += other.crashes;
        self.power_cuts += other.power_cuts;
        self.failures += other.failures;
        self.conflicts += other.conflicts;
    }
}

/// One world.
pub struct World {
    rng: ChaCha8Rng,
    now_ms: i64,
    chances: Chances,
    bug: Bug,
    events: BTreeMap<(i64, u64), Event>,
    counter: u64,
    station: Option<Station>,
    machines: Vec<Machine>,
    ledger: Ledger,
    story: Story,
    folder: TempDir,
}

impl World {
    /// A station with four enrolled laptops, none of which has met it yet.
    ///
    /// # Errors
    /// Those of the station and the commands.
    pub fn new(seed: u64) -> Result<Self, SimulateError> {
        Self::with(seed, Bug::None)
    }

    /// The same with a planted fault.
    ///
    /// # Errors
    /// Those of the station and the commands.
    pub fn with(seed: u64, bug: Bug) -> Result<Self, SimulateError> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0xFA_0175);
        let chances = Chances {
            drop: rng.random_range(0..25),
            double: rng.random_range(0..15),
            cut: rng.random_range(0..10),
            portal: rng.random_range(0..5),
            crash: rng.random_range(2..12),
            full: rng.random_range(0..10),
            power: rng.random_range(0..12),
            station_crash: rng.random_range(0..5),
            delay_most_ms: rng.random_range(1..60_000),
        };
        let folder = tempfile::tempdir()?;
        let town = Town::built_in()?;
        let mut founder = Founder::new(seed, KdfParams::FLOOR, BEGIN_MS);
        let station = founder.found(&folder.path().join("station"), &town)?.station;
        let mut machines = Vec::new();
        for (post, number) in POSTS.iter().zip(1_u64..) {
            let officer = founder.post(&station, &town, post)?;
            let enrolment = founder.enrolment(&station, officer, post.laptop, "https://127.0.0.1:1")?;
            let years: i64 = if rng.random_bool(0.35) { rng.random_range(-10..=10) } else { 0 };
            let data = folder.path().join(post.laptop);
            let scopes = town.cells_of(post.holds).to_vec();
            machines.push(Machine::enrol(seed.wrapping_mul(97) + number, &data, &enrolment, years * YEAR_MS, scopes)?);
        }
        let mut world = Self {
            rng,
            now_ms: BEGIN_MS,
            chances: CALM,
            bug,
            events: BTreeMap::new(),
            counter: 0,
            station: Some(station),
            machines,
            ledger: Ledger::default(),
            story: Story::default(),
            folder,
        };
        world.begin()?;
        world.chances = chances;
        world.plan();
        Ok(world)
    }

    /// The first households, and a calm meeting of some: the others come late.
    fn begin(&mut self) -> Result<(), SimulateError> {
        for laptop in [0, 2] {
            for _ in 0..3 {
                self.found_household(laptop)?;
            }
        }
        for laptop in [0, 2, 1] {
            self.soon(Event::Press(laptop));
            self.run_until_quiet()?;
        }
        Ok(())
    }

    fn plan(&mut self) {
        for laptop in 0..self.machines.len() {
            for _ in 0..self.rng.random_range(8..20) {
                let at = self.rng.random_range(0..TROUBLE_MS);
                self.at(at, Event::Deed(laptop));
            }
            for _ in 0..self.rng.random_range(4..12) {
                let at = self.rng.random_range(0..TROUBLE_MS);
                self.at(at, Event::Press(laptop));
            }
        }
    }

    fn at(&mut self, after_ms: i64, event: Event) {
        self.counter += 1;
        self.events.insert((self.now_ms.saturating_add(after_ms.max(0)), self.counter), event);
    }

    fn soon(&mut self, event: Event) {
        let delay = self.rng.random_range(1..=self.chances.delay_most_ms.max(1));
        self.at(delay, event);
    }

    fn percent(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    /// Trouble, healing, and what must hold afterwards.
    ///
    /// # Errors
    /// [`SimulateError::Broken`] names the promise that was broken.
    pub fn live(mut self) -> Result<Story, SimulateError> {
        self.run_until_quiet()?;
        self.chances = CALM;
        for _ in 0..HEALING {
            for laptop in 0..self.machines.len() {
                self.soon(Event::Press(laptop));
            }
            self.run_until_quiet()?;
        }
        self.check()?;
        Ok(self.story)
    }

    fn run_until_quiet(&mut self) -> Result<(), SimulateError> {
        let mut handled = 0;
        while let Some(((at, _), event)) = self.events.pop_first() {
            self.now_ms = self.now_ms.max(at);
            handled += 1;
            if handled > EVENTS_MAX {
                return Err(SimulateError::Broken { what: "it does not end".to_owned() });
            }
            self.happen(event)?;
        }
        Ok(())
    }

    fn happen(&mut self, event: Event) -> Result<(), SimulateError> {
        match event {
            Event::Deed(laptop) => self.deed(laptop),
            Event::SaveForm(laptop) => self.save_form(laptop),
            Event::Press(laptop) => self.give(laptop, Input::SyncRequested),
            Event::Wake(laptop, life) if self.is_alive(laptop, life) => self.give(laptop, Input::Wake),
            Event::Input(laptop, life, input) if self.is_alive(laptop, life) => self.give(laptop, input),
            Event::Wake(..) | Event::Input(..) => Ok(()),
            Event::AtStation(laptop, life, ticket, bytes) => self.at_station(laptop, life, ticket, &bytes),
        }
    }

    fn is_alive(&self, laptop: usize, life: u64) -> bool {
        self.machines.get(laptop).is_some_and(|machine| machine.life == life)
    }

    fn machine(&mut self, laptop: usize) -> Result<&mut Machine, SimulateError> {
        self.machines.get_mut(laptop).ok_or_else(|| SimulateError::Broken { what: "no such laptop".to_owned() })
    }

    fn give(&mut self, laptop: usize, input: Input) -> Result<(), SimulateError> {
        let now_ms = self.now_ms;
        let machine = self.machine(laptop)?;
        let local = machine.clock(now_ms);
        let effects = machine.engine.handle(local, input);
        let wake = machine.engine.wake_at().map(|at| (machine.life, at.saturating_sub(local).max(1)));
        if let Some((life, wait)) = wake {
            self.at(wait, Event::Wake(laptop, life));
        }
        self.follow(laptop, effects)
    }

    fn follow(&mut self, laptop: usize, effects: Effects) -> Result<(), SimulateError> {
        let life = self.machine(laptop)?.life;
        if let Some(outcome) = effects.finished {
            self.story.failures += u64::from(!matches!(outcome, Outcome::Done { .. }));
            self.machine(laptop)?.port()?.ended(&outcome);
            if matches!(outcome, Outcome::Failed { reason: FailReason::LaneForked { .. }, .. }) {
                self.machine(laptop)?.begin_again()?;
                self.soon(Event::Press(laptop));
            }
        }
        if let Some(load) = effects.load {
            let ticket = load.ticket;
            let input = match self.machine(laptop)?.port()?.load(&load) {
                Ok(loaded) => Input::Loaded { ticket, loaded: Box::new(loaded) },
                Err(failure) => Input::LoadFailed { ticket, failure },
            };
            if self.percent(self.chances.crash / 2) {
                return self.crash(laptop);
            }
            self.soon(Event::Input(laptop, life, input));
        }
        if let Some(send) = effects.send {
            self.send(laptop, life, send.ticket, send.bytes);
        }
        let Some(store) = effects.store else { return Ok(()) };
        let ticket = store.ticket;
        if self.percent(self.chances.crash) {
            return self.crash(laptop);
        }
        if self.percent(self.chances.full) {
            self.soon(Event::Input(laptop, life, Input::Stored { ticket, result: Err(StorageFailure::Full) }));
            return Ok(());
        }
        let result = self.machine(laptop)?.port()?.store(&store.batch);
        // durable, and the process dies before the engine hears of it
        if self.percent(self.chances.crash) {
            return self.crash(laptop);
        }
        self.soon(Event::Input(laptop, life, Input::Stored { ticket, result }));
        Ok(())
    }

    fn send(&mut self, laptop: usize, life: u64, ticket: Ticket, bytes: Vec<u8>) {
        if self.percent(self.chances.drop) {
            let failure = if self.percent(50) { RequestFailure::Unreachable } else { RequestFailure::Timeout };
            self.soon(Event::Input(laptop, life, Input::RequestFailed { ticket, failure }));
            return;
        }
        if self.percent(self.chances.double) {
            self.soon(Event::AtStation(laptop, life, ticket, bytes.clone()));
        }
        self.soon(Event::AtStation(laptop, life, ticket, bytes));
    }

    fn at_station(&mut self, laptop: usize, life: u64, ticket: Ticket, bytes: &[u8]) -> Result<(), SimulateError> {
        if self.percent(self.chances.portal) {
            let page = b"<html><body>please log in</body></html>".to_vec();
            self.soon(Event::Input(laptop, life, Input::ResponseArrived { ticket, bytes: page }));
            return Ok(());
        }
        let station = self.station.as_ref().ok_or_else(|| SimulateError::Broken { what: "no station".to_owned() })?;
        let mut answer = station.exchange(bytes, self.now_ms);
        if self.percent(self.chances.station_crash) {
            // what was stored is stored; the answer is lost with the process
            self.station = None;
            self.station = Some(Station::open(&self.folder.path().join("station"))?);
            let failure = RequestFailure::Interrupted;
            self.soon(Event::Input(laptop, life, Input::RequestFailed { ticket, failure }));
            return Ok(());
        }
        if self.percent(self.chances.cut) {
            let keep = self.rng.random_range(0..=answer.len());
            answer.truncate(keep);
        }
        self.soon(Event::Input(laptop, life, Input::ResponseArrived { ticket, bytes: answer }));
        Ok(())
    }

    /// The process dies and is started again.
    fn crash(&mut self, laptop: usize) -> Result<(), SimulateError> {
        self.story.crashes += 1;
        let now_ms = self.now_ms;
        self.machine(laptop)?.restart(now_ms)
    }
}
