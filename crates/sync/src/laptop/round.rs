//! One round: from what storage holds to a signed request, and what must be remembered until the answer comes.
//! Must not know how often rounds are made.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::budget::Budget;
use super::messages::{Ask, Credential, Loaded, Progress};
use super::{FailReason, LaptopConfig};
use crate::enrolment::SelfSignedRequest;
use crate::first_sync::{Backlog, Beginning};
use crate::frame::{self, FrameFault};
use crate::ids::ScopeId;
use crate::lane::{Entry, LaneHead};
use crate::limits;
use crate::scope_log::LogPosition;
use crate::wire::{Certificate, Coding, Request, RequestRefusal, WIRE_VERSION};

/// Where a round begins in one's own lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// Where storage says the station is.
    Outbox,
    /// Where the station itself says it is, further back; to be checked against the lane.
    StationAt(LaneHead),
    /// Where the request before this one in the same bundle ends: the station will be there, and will have receipted it.
    After(LaneHead),
}

/// Whether the station knows this replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub(super) enum Listing {
    /// As far as is known.
    #[default]
    #[n(0)]
    Sure,
    /// It said no. The directory held, which the station has signed itself, is shown to it.
    #[n(1)]
    Doubted,
    /// It has seen that. The credential comes next, if there is one.
    #[n(2)]
    Told,
}

impl Listing {
    /// What to try after a refusal: a station restored from before a replica was listed is told by its own signature.
    pub(super) fn after(self, refusal: RequestRefusal, waits: bool) -> Option<Self> {
        match (self, refusal) {
            (Self::Sure, RequestRefusal::ReplicaUnknown | RequestRefusal::PredecessorUnknown) => Some(Self::Doubted),
            (Self::Doubted, RequestRefusal::ReplicaUnknown) if waits => Some(Self::Told),
            (Self::Sure | Self::Doubted | Self::Told, _) => None,
        }
    }
}

/// An entry on its way: its place and size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub(super) place: LaneHead,
    pub(super) bytes: u64,
}

/// What the answer is checked against.
pub(super) struct Round {
    pub(super) lane_end: LaneHead,
    /// Where the station was believed to be.
    pub(super) station_head: LaneHead,
    /// Receipts are held up to here, as far as this round is concerned.
    pub(super) through: u64,
    pub(super) after: LaneHead,
    /// The entries read, in order from `after`.
    pub(super) read: Vec<Sent>,
    pub(super) directory_version: u64,
    pub(super) cursors: BTreeMap<ScopeId, LogPosition>,
    pub(super) backlogs: BTreeMap<ScopeId, Backlog>,
    /// Places of each scope the station may answer from: the cursor, and in a repair the checkpoints shown.
    shown: BTreeMap<ScopeId, Vec<LogPosition>>,
    /// What the station had asked for.
    pub(super) ask: Ask,
    /// Not listed in the directory held.
    pub(super) waits: bool,
    pub(super) given_back: u64,
    unsent_entries: u64,
    unsent_bytes: u64,
}

impl Round {
    pub(super) fn begin(
        config: &LaptopConfig,
        mut loaded: Loaded,
        start: Start,
        ask: &Ask,
        (listing, budget): (Listing, Budget),
        now_ms: i64,
    ) -> Result<(Self, Vec<u8>), FailReason> {
        let station_head = match start {
            Start::Outbox => loaded.station_head,
            Start::StationAt(place) | Start::After(place) if place == loaded.after => place,
            Start::StationAt(station_head) | Start::After(station_head) => {
                return Err(FailReason::LaneForked { station_head });
            }
        };
        let read = places(loaded.after, &loaded.entries).map_err(FailReason::LaneDamaged)?;
        let unsent: Vec<Entry> = loaded
            .entries
            .into_iter()
            .zip(&read)
            .filter(|(_, sent)| sent.place.index > station_head.index)
            .map(|(entry, _)| entry)
            .collect();
        let mut frames =
            frame::cut(config.station, config.replica, unsent, &config.key).map_err(FailReason::LaneDamaged)?;
        frames.truncate(if ask.holds_frames() { 0 } else { limits::REQUEST_FRAMES_MAX });
        let listed = match listing {
            Listing::Doubted => loaded.evidence.directory.take(),
            Listing::Sure | Listing::Told => None,
        };
        let waits = loaded.credential.is_some();
        let through = match start {
            Start::Outbox | Start::StationAt(_) => loaded.receipts_through.min(loaded.after.index),
            Start::After(place) => place.index,
        };
        let request = Request {
            version: WIRE_VERSION,
            station: config.station,
            replica: config.replica,
            directory_version: loaded.directory_version,
            station_head,
            receipts_through: through,
            frames,
            cursors: loaded.cursors,
            page_budget_bytes: budget.page_bytes(),
            device_at_ms: now_ms,
            evidence: loaded.evidence,
            directory_hash: loaded.directory_hash,
            backlogs: loaded.backlogs,
            heard_at_ms: loaded.heard_at_ms,
        };
        let asked = || {
            loaded.credential.map(|credential| match credential {
                Credential::Token(token) => {
                    Certificate::Enrolment(SelfSignedRequest::sign(config.station, config.replica, token, &config.key))
                }
                Credential::Succession(succession) => Certificate::Succession(succession),
            })
        };
        let certificate = listed.map(Certificate::Listed).or_else(asked);
        let shown = shown(config, &request);
        let given_back = request.evidence.pieces.iter().map(|piece| piece.entries.len() as u64).sum();
        let bytes = request.encode(certificate, &config.key, Coding::Zstd);
        let round = Self {
            lane_end: loaded.lane_end,
            station_head,
            through,
            after: loaded.after,
            read,
            directory_version: loaded.directory_version,
            cursors: request.cursors.into_iter().map(|cursor| (cursor.scope, cursor.position)).collect(),
            backlogs: request.backlogs.into_iter().map(|backlog| (backlog.scope.clone(), backlog)).collect(),
            shown,
            ask: ask.clone(),
            waits,
            given_back,
            unsent_entries: loaded.unsent_entries,
            unsent_bytes: loaded.unsent_bytes,
        };
        Ok((round, bytes))
    }

    /// The places of a scope from which a page may begin; none means the log's beginning.
    pub(super) fn shown(&self, scope: &ScopeId) -> Vec<LogPosition> {
        self.shown.get(scope).cloned().unwrap_or_default()
    }

    /// Where this laptop stands in a scope, for earlier work.
    pub(super) fn beginning(&self, scope: &ScopeId) -> Beginning {
        match (self.cursors.contains_key(scope), self.backlogs.get(scope)) {
            (false, _) => Beginning::Fresh,
            (true, Some(backlog)) => Beginning::Backlog(backlog.clone()),
            (true, None) => Beginning::Whole,
        }
    }

    /// Shows what is to be sent, on top of what this sync has sent already.
    pub(super) fn show(&self, progress: &mut Progress) {
        progress.send_total = progress.sent + self.unsent_entries;
        progress.send_total_bytes = progress.sent_bytes + self.unsent_bytes;
    }

    /// The place of an index, if it was read.
    pub(super) fn place(&self, index: u64) -> Option<LaneHead> {
        std::iter::once(self.after).chain(self.read.iter().map(|sent| sent.place)).find(|place| place.index == index)
    }
}

/// The cursors, and for scopes in repair the checkpoints shown and the log's beginning.
fn shown(config: &LaptopConfig, request: &Request) -> BTreeMap<ScopeId, Vec<LogPosition>> {
    let mut places: BTreeMap<ScopeId, Vec<LogPosition>> =
        request.cursors.iter().map(|cursor| (cursor.scope.clone(), vec![cursor.position])).collect();
    for one in &request.evidence.shown {
        let known = places.entry(one.scope.clone()).or_default();
        known.push(LogPosition::genesis(config.station, &one.scope, 0));
        let own = one.checkpoints.iter().filter_map(|signed| signed.clone().verify(&config.station_key).ok());
        known.extend(own.filter(|own| own.scope == one.scope).map(|own| own.position));
    }
    places
}

fn places(after: LaneHead, entries: &[Entry]) -> Result<Vec<Sent>, FrameFault> {
    let mut at = after;
    let mut read = Vec::with_capacity(entries.len());
    for (position, entry) in entries.iter().enumerate() {
        let header = entry.read_header().map_err(|fault| FrameFault::Header { position, fault })?;
        if header.prev != at.hash || Some(header.index) != at.index.checked_add(1) {
            return Err(FrameFault::ChainBroken { position });
        }
        at = LaneHead { index: header.index, hash: entry.header_hash() };
        read.push(Sent { place: at, bytes: entry.size() as u64 });
    }
    Ok(read)
}
