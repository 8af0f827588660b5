//! A sync carried by hand: the requests of a bundle, and the answers that come back, each through the same round as over a
//! line. What a repair asks for cannot be answered on the spot, so it is kept and goes along with the next bundle.
//! Must not know files.

use minicbor::{Decode, Encode};

use super::budget::{Budget, Pages};
use super::messages::{Ask, Batch, Load, LoadFrom, Loaded, Ticket};
use super::round::{Listing, Round, Start};
use super::{FailReason, LaptopConfig, Report};
use crate::cbor::{self, DecodeFault};
use crate::first_sync::Beginning;
use crate::lane::LaneHead;
use crate::limits;
use crate::scope_log::Page;
use crate::wire::{Answer, Response, ResponseOutcome};

/// Nobody waits for a load by hand under a ticket.
const TICKET: Ticket = Ticket(0);

/// What the station's last answer asked for: it goes along with the next bundle.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Pending {
    #[n(0)]
    ask: Ask,
    #[n(1)]
    start: Option<LaneHead>,
    #[n(2)]
    listing: Listing,
}

impl Pending {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The bytes a laptop keeps.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::to_bytes(self)
    }

    /// Reads bytes a laptop kept.
    ///
    /// # Errors
    /// [`DecodeFault`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeFault> {
        cbor::from_bytes(bytes, limits::RESPONSE_INFLATED_BYTES_MAX)
    }
}

/// Whether another request follows in a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Load and pack again.
    More,
    /// The bundle is complete.
    Nothing,
}

/// One request of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The message.
    pub bytes: Vec<u8>,
    /// Entries in it.
    pub entries: u64,
    /// Whether another follows.
    pub rest: Rest,
}

/// Makes the requests of a bundle: the lane beyond the last receipt, as over a line, but without waiting in between.
pub struct Packing {
    config: LaptopConfig,
    pending: Pending,
    start: Start,
}

impl Packing {
    /// A new bundle, with what the last answer asked for.
    #[must_use]
    pub fn new(config: LaptopConfig, pending: Pending) -> Self {
        let start = pending.start.map_or(Start::Outbox, Start::StationAt);
        Self { config, pending, start }
    }

    /// What to read for the next request.
    #[must_use]
    pub fn load(&self) -> Load {
        let from = match self.start {
            Start::Outbox => LoadFrom::Outbox,
            Start::StationAt(place) | Start::After(place) => LoadFrom::Index(place.index),
        };
        Load { ticket: TICKET, from, budget_bytes: limits::BUDGET_MAX_BYTES, ask: self.pending.ask.clone() }
    }

    /// The next request. Only the last asks for pages: the answers to the others would say the same.
    ///
    /// # Errors
    /// [`FailReason::LaneDamaged`], [`FailReason::LaneForked`].
    pub fn pack(&mut self, loaded: Loaded, now_ms: i64) -> Result<Packed, FailReason> {
        let all_read = loaded.unsent_entries == loaded.entries.len() as u64;
        let rest = if all_read || self.pending.ask.holds_frames() { Rest::Nothing } else { Rest::More };
        let pages = match rest {
            Rest::Nothing => Pages::Wanted,
            Rest::More => Pages::Later,
        };
        let how = (self.pending.listing, Budget::by_hand(pages));
        let (round, bytes) = Round::begin(&self.config, loaded, self.start, &self.pending.ask, how, now_ms)?;
        let end = round.read.last().map_or(round.after, |sent| sent.place);
        self.start = Start::After(end);
        // The evidence goes with the first request; the station keeps what it learned from it.
        self.pending = Pending::default();
        let entries = if rest == Rest::Nothing && round.ask.holds_frames() { 0 } else { round.read.len() as u64 };
        Ok(Packed { bytes, entries, rest })
    }
}

/// What became of one answer.
#[derive(Debug, Clone)]
pub struct Unpacked {
    /// What to store; nothing when the station refused the request as a whole.
    pub batch: Option<Batch>,
    /// The first fault; what is good beside it is in the batch.
    pub fault: Option<FailReason>,
    /// What goes along with the next bundle.
    pub pending: Pending,
    /// What the batch brings, to be counted once it is stored.
    pub report: Report,
    /// The station was heard after it made this answer: what the answer says of the present is passed over.
    pub overtaken: bool,
}

/// Checks the answers of a bundle, one after the other; each is to be stored before the next is loaded for.
pub struct Unpacking {
    config: LaptopConfig,
    /// What the bundle was packed with: what was shown then may be answered from.
    asked: Pending,
}

impl Unpacking {
    /// For the answer to a bundle that was packed with `asked`.
    #[must_use]
    pub fn new(config: LaptopConfig, asked: Pending) -> Self {
        Self { config, asked }
    }

    /// What to read before each answer: twice what a request holds, so that the answer to a bundle taken twice is covered.
    #[must_use]
    pub fn load(&self) -> Load {
        let (from, budget_bytes) = (LoadFrom::Outbox, 2 * limits::BUDGET_MAX_BYTES);
        Load { ticket: TICKET, from, budget_bytes, ask: self.asked.ask.clone() }
    }

    /// Checks one answer against what storage holds now. `heard_at_ms` is the station's time when it was last heard.
    ///
    /// # Errors
    /// [`FailReason`], when nothing of it can be used.
    pub fn unpack(
        &self,
        loaded: Loaded,
        bytes: &[u8],
        heard_at_ms: Option<i64>,
        now_ms: i64,
    ) -> Result<Unpacked, FailReason> {
        let mut response = Response::decode(bytes).map_err(FailReason::Wire)?;
        let overtaken = heard_at_ms.is_some_and(|heard| response.station_at_ms < heard);
        let how = (Listing::Sure, Budget::by_hand(Pages::Wanted));
        let (round, _) = Round::begin(&self.config, loaded, Start::Outbox, &self.asked.ask, how, now_ms)?;
        match &mut response.outcome {
            ResponseOutcome::Answer(answer) => self.leave_out(&round, answer, overtaken),
            ResponseOutcome::Refused(refusal) if self.config.station == response.station => {
                let next = self.asked.listing.after(*refusal, round.waits).filter(|_| !overtaken);
                let directory = Some(round.directory_version);
                let pending =
                    next.map(|listing| Pending { ask: Ask { directory, ..Ask::default() }, start: None, listing });
                return Ok(Unpacked {
                    batch: None,
                    fault: Some(FailReason::Refused(*refusal)),
                    pending: pending.unwrap_or_default(),
                    report: Report::default(),
                    overtaken,
                });
            }
            ResponseOutcome::Refused(_) => return Err(FailReason::AnotherStation),
        }
        let (batch, after) = round.judged(&self.config, response)?;
        let mut report = Report { bytes_received: bytes.len() as u64, ..Report::default() };
        after.count(&mut report, &mut super::Progress::default());
        let start = match after.start {
            Start::StationAt(place) => Some(place),
            Start::Outbox | Start::After(_) => None,
        };
        let pending = Pending { ask: after.ask, start, listing: Listing::Sure };
        Ok(Unpacked { batch: Some(batch), fault: after.fault, pending, report, overtaken })
    }

    /// Leaves out what time has passed over: pages that begin where this laptop no longer is, because it has synced since,
    /// and from an answer older than that, what the station said it wants and where it is.
    fn leave_out(&self, round: &Round, answer: &mut Answer, overtaken: bool) {
        answer.pages.retain(|page| self.begins_here(round, page));
        answer.earlier.retain(|piece| self.ends_here(round, &piece.page));
        if overtaken {
            answer.unknown.clear();
            answer.wanted.clear();
            answer.wants_directory = None;
            answer.rejection = None;
            if answer.lane_head.index < round.after.index {
                answer.lane_head = round.after;
            }
        }
    }

    /// Whether a piece of earlier work ends where the way back has come to.
    fn ends_here(&self, round: &Round, page: &Page) -> bool {
        let Ok(end) = page.checkpoint.clone().verify(&self.config.station_key) else { return true };
        match round.beginning(&end.scope) {
            Beginning::Fresh => true,
            Beginning::Backlog(backlog) => backlog.position.is(&end.position),
            Beginning::Whole => false,
        }
    }

    /// Whether a page begins at a place shown. One that is not signed by the station is kept, to be refused as that.
    fn begins_here(&self, round: &Round, page: &Page) -> bool {
        let Ok(end) = page.checkpoint.clone().verify(&self.config.station_key) else { return true };
        let shown = round.shown(&end.scope);
        shown.is_empty() || shown.iter().any(|place| place.is(&page.from))
    }
}
