//! The laptop's side of a sync as a machine without I/O: input in, effects out.
//!
//! A sync is a series of rounds; a round is load → send → receive → store. Nothing is believed before it is verified,
//! nothing is counted before it is stored. After every round the engine loads again, so what is durable is the only memory
//! that matters, and a crash at any point costs one round.
//!
//! Every effect carries a ticket and its completion must name it; a completion that comes late, twice or after a
//! cancellation is ignored. Must not know clocks, networks, databases or screens.

mod answer;
mod back_off;
mod budget;
mod by_hand;
mod messages;
mod outcome;
mod round;

pub use by_hand::{Packed, Packing, Pending, Rest, Unpacked, Unpacking};
pub use messages::{
    Ask, Batch, Credential, Effects, Input, Load, LoadFrom, Loaded, Progress, RequestFailure, Send, StorageFailure,
    Store, Ticket,
};
pub use outcome::{FailReason, Outcome, Remedy, Report};

use self::answer::{Afterwards, Complete, Moved};
use self::back_off::BackOff;
use self::budget::Budget;
use self::round::{Listing, Round, Start};
use crate::crypto::{PublicKey, SignKey};
use crate::ids::{ReplicaId, StationId};
use crate::limits;

/// What an engine is made for.
#[derive(Debug, Clone)]
pub struct LaptopConfig {
    /// Which station.
    pub station: StationId,
    /// The station's signing key, from the enrolment file.
    pub station_key: PublicKey,
    /// Which replica.
    pub replica: ReplicaId,
    /// The replica's key.
    pub key: SignKey,
}

/// What the engine is doing, for a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Nothing, until asked.
    Idle,
    /// A sync runs.
    Syncing,
    /// Waiting before it tries again by itself.
    Resting {
        /// When it will try, UTC milliseconds of the laptop.
        until_ms: i64,
        /// Failed tries in a row.
        failures: u32,
    },
}

enum State {
    Idle,
    Loading { ticket: Ticket, since_ms: i64 },
    Waiting { ticket: Ticket, round: Box<Round>, since_ms: i64 },
    Storing { ticket: Ticket, after: Box<Afterwards>, end: WhenStored },
    Resting { until_ms: i64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WhenStored {
    GoOn,
    Stop,
}

/// One replica's sync engine.
pub struct Laptop {
    config: LaptopConfig,
    state: State,
    last_ticket: u64,
    start: Start,
    ask: Ask,
    listing: Listing,
    again: Again,
    idle_rounds: u32,
    budget: Budget,
    back_off: BackOff,
    progress: Progress,
    report: Report,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Again {
    No,
    Yes,
}

impl Laptop {
    /// An engine at rest.
    #[must_use]
    pub fn new(config: LaptopConfig) -> Self {
        let back_off = BackOff::new(config.replica);
        Self {
            config,
            state: State::Idle,
            last_ticket: 0,
            start: Start::Outbox,
            ask: Ask::default(),
            listing: Listing::Sure,
            again: Again::No,
            idle_rounds: 0,
            budget: Budget::new(),
            back_off,
            progress: Progress::default(),
            report: Report::default(),
        }
    }

    /// When [`Input::Wake`] is wanted, UTC milliseconds of the laptop. A later or earlier wake does no harm.
    #[must_use]
    pub fn wake_at(&self) -> Option<i64> {
        match &self.state {
            State::Resting { until_ms } => Some(*until_ms),
            State::Waiting { since_ms, .. } | State::Loading { since_ms, .. } => {
                Some(since_ms.saturating_add(limits::REQUEST_PATIENCE_MS))
            }
            // Storage always answers; a transaction whose end is unknown must not be overtaken.
            State::Idle | State::Storing { .. } => None,
        }
    }

    /// What the engine is doing.
    #[must_use]
    pub fn activity(&self) -> Activity {
        match &self.state {
            State::Idle => Activity::Idle,
            State::Loading { .. } | State::Waiting { .. } | State::Storing { .. } => Activity::Syncing,
            State::Resting { until_ms } => {
                Activity::Resting { until_ms: *until_ms, failures: self.back_off.failures() }
            }
        }
    }

    /// Takes one input and says what is to be done. `now_ms` is the laptop's clock; it may jump.
    #[must_use]
    pub fn handle(&mut self, now_ms: i64, input: Input) -> Effects {
        match input {
            Input::SyncRequested => self.requested(now_ms),
            Input::ConnectivityMaybe => self.connectivity(now_ms),
            Input::Wake => self.woken(now_ms),
            Input::Loaded { ticket, loaded } => self.loaded(now_ms, ticket, *loaded),
            Input::LoadFailed { ticket, failure } => self.load_failed(now_ms, ticket, failure),
            Input::ResponseArrived { ticket, bytes } => self.arrived(now_ms, ticket, &bytes),
            Input::RequestFailed { ticket, failure } => self.request_failed(now_ms, ticket, failure),
            Input::Stored { ticket, result } => self.stored(now_ms, ticket, result),
            Input::Cancelled => self.cancelled(),
        }
    }

    fn requested(&mut self, now_ms: i64) -> Effects {
        match self.state {
            State::Idle | State::Resting { .. } => self.begin(now_ms),
            State::Loading { .. } | State::Waiting { .. } | State::Storing { .. } => {
                // What was written since the last load goes in one more round.
                self.again = Again::Yes;
                Effects::default()
            }
        }
    }

    fn connectivity(&mut self, now_ms: i64) -> Effects {
        match self.state {
            State::Resting { .. } => self.begin(now_ms),
            State::Idle | State::Loading { .. } | State::Waiting { .. } | State::Storing { .. } => Effects::default(),
        }
    }

    fn woken(&mut self, now_ms: i64) -> Effects {
        let due = self.wake_at().is_some_and(|at| at <= now_ms);
        match &self.state {
            State::Resting { .. } if due => self.begin(now_ms),
            // A clock set back would postpone the try by years: no rest is longer than the longest back-off.
            State::Resting { until_ms } if until_ms.saturating_sub(now_ms) > limits::BACK_OFF_MAX_MS * 2 => {
                self.begin(now_ms)
            }
            State::Waiting { .. } if due => self.fail(now_ms, FailReason::Request(RequestFailure::Timeout)),
            State::Loading { .. } if due => self.fail(now_ms, FailReason::Storage(StorageFailure::Busy)),
            State::Idle
            | State::Resting { .. }
            | State::Waiting { .. }
            | State::Loading { .. }
            | State::Storing { .. } => Effects::default(),
        }
    }

    fn begin(&mut self, now_ms: i64) -> Effects {
        self.report = Report::default();
        self.progress = Progress::default();
        self.start = Start::Outbox;
        self.ask = Ask::default();
        self.listing = Listing::Sure;
        self.idle_rounds = 0;
        self.load(now_ms)
    }

    fn load(&mut self, now_ms: i64) -> Effects {
        if self.report.rounds >= limits::ROUNDS_MAX {
            return self.fail(now_ms, FailReason::TooManyRounds);
        }
        self.again = Again::No;
        let ticket = self.ticket();
        self.state = State::Loading { ticket, since_ms: now_ms };
        let from = match self.start {
            Start::Outbox => LoadFrom::Outbox,
            Start::StationAt(place) | Start::After(place) => LoadFrom::Index(place.index),
        };
        let load = Load { ticket, from, budget_bytes: self.budget.send_bytes(), ask: self.ask.clone() };
        Effects { load: Some(load), ..Effects::default() }
    }

    fn loaded(&mut self, now_ms: i64, ticket: Ticket, loaded: Loaded) -> Effects {
        match self.state {
            State::Loading { ticket: expected, .. } if expected == ticket => {}
            State::Idle
            | State::Loading { .. }
            | State::Waiting { .. }
            | State::Storing { .. }
            | State::Resting { .. } => return Effects::default(),
        }
        let (round, bytes) =
            match Round::begin(&self.config, loaded, self.start, &self.ask, (self.listing, self.budget), now_ms) {
                Ok(ready) => ready,
                Err(reason) => return self.fail(now_ms, reason),
            };
        self.report.rounds += 1;
        self.report.bytes_sent += bytes.len() as u64;
        round.show(&mut self.progress);
        let ticket = self.ticket();
        self.state = State::Waiting { ticket, round: Box::new(round), since_ms: now_ms };
        Effects { send: Some(Send { ticket, bytes }), progress: Some(self.progress.clone()), ..Effects::default() }
    }

    fn load_failed(&mut self, now_ms: i64, ticket: Ticket, failure: StorageFailure) -> Effects {
        match self.state {
            State::Loading { ticket: expected, .. } if expected == ticket => {
                self.fail(now_ms, FailReason::Storage(failure))
            }
            State::Idle
            | State::Loading { .. }
            | State::Waiting { .. }
            | State::Storing { .. }
            | State::Resting { .. } => Effects::default(),
        }
    }

    fn request_failed(&mut self, now_ms: i64, ticket: Ticket, failure: RequestFailure) -> Effects {
        match self.state {
            State::Waiting { ticket: expected, .. } if expected == ticket => {
                self.budget.shrink();
                self.fail(now_ms, FailReason::Request(failure))
            }
            State::Idle
            | State::Loading { .. }
            | State::Waiting { .. }
            | State::Storing { .. }
            | State::Resting { .. } => Effects::default(),
        }
    }

    fn arrived(&mut self, now_ms: i64, ticket: Ticket, bytes: &[u8]) -> Effects {
        let (round, since_ms) = match std::mem::replace(&mut self.state, State::Idle) {
            State::Waiting { ticket: expected, round, since_ms } if expected == ticket => (round, since_ms),
            other @ (State::Idle
            | State::Loading { .. }
            | State::Waiting { .. }
            | State::Storing { .. }
            | State::Resting { .. }) => {
                self.state = other;
                return Effects::default();
            }
        };
        self.report.bytes_received += bytes.len() as u64;
        self.budget.measured(now_ms.saturating_sub(since_ms));
        let (directory_version, waits) = (round.directory_version, round.waits);
        let (batch, after) = match round.answered(&self.config, bytes) {
            Ok(read) => read,
            Err(FailReason::Refused(refusal)) if let Some(next) = self.listing.after(refusal, waits) => {
                self.listing = next;
                self.ask.directory = Some(directory_version);
                return self.load(now_ms);
            }
            Err(reason) => return self.fail(now_ms, reason),
        };
        let ticket = self.ticket();
        self.state = State::Storing { ticket, after: Box::new(after), end: WhenStored::GoOn };
        Effects { store: Some(Store { ticket, batch: Box::new(batch) }), ..Effects::default() }
    }

    fn stored(&mut self, now_ms: i64, ticket: Ticket, result: Result<(), StorageFailure>) -> Effects {
        let (after, end) = match std::mem::replace(&mut self.state, State::Idle) {
            State::Storing { ticket: expected, after, end } if expected == ticket => (after, end),
            other @ (State::Idle
            | State::Loading { .. }
            | State::Waiting { .. }
            | State::Storing { .. }
            | State::Resting { .. }) => {
                self.state = other;
                return Effects::default();
            }
        };
        if matches!(result, Ok(()) | Err(StorageFailure::OtherBranch)) {
            after.count(&mut self.report, &mut self.progress);
        }
        let progress = Some(self.progress.clone());
        match (result, end) {
            (Ok(()), _) | (Err(_), WhenStored::Stop) => {}
            (Err(StorageFailure::OtherBranch), WhenStored::GoOn) => {
                return self.fail(now_ms, FailReason::LaneForked { station_head: after.station_head });
            }
            (Err(failure), WhenStored::GoOn) => return self.fail(now_ms, FailReason::Storage(failure)),
        }
        if end == WhenStored::Stop {
            let finished = Some(Outcome::Cancelled { report: self.report.clone() });
            return Effects { progress, finished, ..Effects::default() };
        }
        let mut next = match (after.fault, after.complete) {
            (Some(reason), _) => self.fail(now_ms, reason),
            (None, Complete::Yes) if self.again == Again::No => self.done(),
            (None, Complete::Yes | Complete::No) => self.go_on(now_ms, *after),
        };
        next.progress = progress;
        next
    }

    fn go_on(&mut self, now_ms: i64, after: Afterwards) -> Effects {
        // A complete round that is followed by another only because somebody asked is not a lack of progress.
        self.idle_rounds = match (after.moved, after.complete) {
            (Moved::Something, Complete::Yes | Complete::No) | (Moved::Nothing, Complete::Yes) => 0,
            (Moved::Nothing, Complete::No) => self.idle_rounds + 1,
        };
        if self.idle_rounds >= limits::IDLE_ROUNDS_MAX {
            return self.fail(now_ms, FailReason::NoProgress);
        }
        self.start = after.start;
        self.ask = after.ask;
        self.load(now_ms)
    }

    fn done(&mut self) -> Effects {
        self.back_off.reset();
        self.state = State::Idle;
        Effects { finished: Some(Outcome::Done { report: self.report.clone() }), ..Effects::default() }
    }

    fn fail(&mut self, now_ms: i64, reason: FailReason) -> Effects {
        let retry_at_ms = match reason.remedy() {
            Remedy::TryAgain => {
                let until_ms = now_ms.saturating_add(self.back_off.next_wait_ms());
                self.state = State::Resting { until_ms };
                Some(until_ms)
            }
            Remedy::Person => {
                self.state = State::Idle;
                None
            }
        };
        let finished = Outcome::Failed { reason, report: self.report.clone(), retry_at_ms };
        Effects { finished: Some(finished), ..Effects::default() }
    }

    fn cancelled(&mut self) -> Effects {
        self.again = Again::No;
        match &mut self.state {
            State::Idle => Effects::default(),
            State::Storing { end, .. } => {
                *end = WhenStored::Stop;
                Effects::default()
            }
            State::Loading { .. } | State::Waiting { .. } | State::Resting { .. } => {
                self.state = State::Idle;
                Effects { finished: Some(Outcome::Cancelled { report: self.report.clone() }), ..Effects::default() }
            }
        }
    }

    fn ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        Ticket(self.last_ticket)
    }
}
