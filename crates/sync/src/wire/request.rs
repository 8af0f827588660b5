//! What a laptop sends: who it is, where it stands, and its frames; signed by the replica's key.
//! Must not know how the station decides.

use minicbor::{Decode, Encode};

use super::envelope::{self, Coding, Kind};
use super::{Answer, More, WIRE_VERSION, WireFault};
use crate::cbor;
use crate::crypto::{PublicKey, SignKey, Signable, Signed};
use crate::directory::{self, Directory};
use crate::enrolment::SelfSignedRequest;
use crate::first_sync::Backlog;
use crate::frame::Frame;
use crate::ids::{Hash, ReplicaId, StationId};
use crate::lane::LaneHead;
use crate::limits;
use crate::repair::Evidence;
use crate::scope_log::{Checkpoint, Cursor, LogPosition};
use crate::succession::SignedSuccession;

/// A laptop's request.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Request {
    /// The highest wire version the laptop speaks.
    #[n(0)]
    pub version: u8,
    /// Which station it means.
    #[n(1)]
    pub station: StationId,
    /// Who asks.
    #[n(2)]
    pub replica: ReplicaId,
    /// Version of the directory it holds.
    #[n(3)]
    pub directory_version: u64,
    /// Where it believes the station is in its lane; the frames begin after it.
    #[n(4)]
    pub station_head: LaneHead,
    /// Index up to which it holds receipts; the station sends the later ones again.
    #[n(5)]
    pub receipts_through: u64,
    /// Frames, in order.
    #[n(6)]
    pub frames: Vec<Frame>,
    /// Where it stands in each scope; scopes it has nothing of are left out.
    #[n(7)]
    pub cursors: Vec<Cursor>,
    /// Bytes of entries it wants at most in the answer; 0 asks for none. Never above [`limits::BUDGET_MAX_BYTES`] once verified.
    #[n(8)]
    pub page_budget_bytes: u64,
    /// The laptop's clock, UTC milliseconds. Not trusted.
    #[n(9)]
    pub device_at_ms: i64,
    /// What it brings to a repair.
    #[n(10)]
    pub evidence: Evidence,
    /// Hash of the signed directory it holds: a restored station may have signed another under the same version.
    #[n(11)]
    pub directory_hash: Hash,
    /// Where its first sync has come to in scopes it does not hold from the log's beginning.
    #[n(12)]
    pub backlogs: Vec<Backlog>,
    /// The station's clock in the last answer stored, UTC milliseconds; 0 if none. What it has been told, it has heard.
    #[n(13)]
    pub heard_at_ms: i64,
}

/// Why a replica that the directory does not list yet should be listed. Goes along until it is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Certificate {
    /// It has the one-time token of an enrolment file.
    #[n(0)]
    Enrolment(#[n(0)] SelfSignedRequest),
    /// It follows a replica that is listed.
    #[n(1)]
    Succession(#[n(0)] SignedSuccession),
    /// The station itself has listed it, in a version it no longer has: it was restored from an older backup.
    #[n(2)]
    Listed(#[n(0)] Signed<Directory>),
}

impl Signable for Request {
    const DOMAIN: &'static str = "request 1";
    const BYTES_MAX: usize = limits::REQUEST_INFLATED_BYTES_MAX;
}

#[derive(Encode, Decode)]
struct Envelope {
    #[n(0)]
    replica: ReplicaId,
    #[n(1)]
    certificate: Option<Certificate>,
    #[n(2)]
    signed: Signed<Request>,
}

/// A request whose signature was not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedRequest {
    replica: ReplicaId,
    certificate: Option<Certificate>,
    signed: Signed<Request>,
}

impl Request {
    /// Signs and encodes. `certificate` goes along until the directory lists the replica.
    #[must_use]
    pub fn encode(&self, certificate: Option<Certificate>, key: &SignKey, coding: Coding) -> Vec<u8> {
        let envelope = Envelope { replica: self.replica, certificate, signed: Signed::sign(self, key) };
        envelope::wrap(Kind::Request, coding, &cbor::to_bytes(&envelope))
    }

    /// What this laptop would ask next, once it had stored `answer`: the rest of its receipts and pages. Nothing when there is
    /// no more. The station asks itself this for a laptop that cannot be asked: one whose bundle it answers.
    #[must_use]
    pub fn following(&self, answer: &Answer, station_key: &PublicKey) -> Option<Self> {
        let mut next =
            Self { frames: Vec::new(), evidence: Evidence::default(), station_head: answer.lane_head, ..self.clone() };
        if let Some(directory) = answer.directory.as_ref() {
            next.directory_hash = directory::held_hash(&directory.to_bytes());
            next.directory_version = directory.clone().verify(station_key).ok()?.version;
        }
        let receipts = answer.receipts.iter().filter_map(|signed| signed.clone().verify(station_key).ok());
        next.receipts_through = receipts.map(|receipt| receipt.last()).fold(self.receipts_through, u64::max);
        for page in &answer.pages {
            let end = page.checkpoint.clone().verify(station_key).ok()?.into_value();
            next.cursors.retain(|cursor| cursor.scope != end.scope);
            let cut =
                |backlog: Backlog| if backlog.scope == end.scope { backlog.cut(page.from) } else { Some(backlog) };
            next.backlogs = next.backlogs.into_iter().filter_map(cut).collect();
            next.cursors.push(Cursor { scope: end.scope, position: end.position });
        }
        let begun = next.cursors.len();
        for piece in &answer.earlier {
            let end = piece.page.checkpoint.clone().verify(station_key).ok()?.into_value();
            next.walked(piece.page.from, end);
        }
        let pages = || answer.pages.iter().chain(answer.earlier.iter().map(|piece| &piece.page));
        let moved = next.receipts_through > self.receipts_through
            || next.cursors.len() > begun
            || pages().any(|page| !page.entries.is_empty());
        (answer.more == More::AskAgain && moved).then_some(next)
    }

    /// A piece of earlier work is stored, from `from` to `end`.
    fn walked(&mut self, from: LogPosition, end: Checkpoint) {
        let Checkpoint { scope, position, .. } = end;
        let top = self.backlogs.iter().find(|backlog| backlog.scope == scope).map(|backlog| backlog.top);
        self.backlogs.retain(|backlog| backlog.scope != scope);
        if from.seq > 0 {
            let top = top.unwrap_or(position.seq);
            self.backlogs.push(Backlog { scope: scope.clone(), top, position: from });
        }
        if !self.cursors.iter().any(|cursor| cursor.scope == scope) {
            self.cursors.push(Cursor { scope, position });
        }
    }
}

impl UnverifiedRequest {
    /// Reads the wrapping of a request.
    ///
    /// # Errors
    /// [`WireFault`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireFault> {
        let most = limits::REQUEST_INFLATED_BYTES_MAX;
        let body = envelope::unwrap(bytes, Kind::Request, limits::REQUEST_BYTES_MAX, most)?;
        let envelope: Envelope = cbor::from_bytes(&body, most).map_err(WireFault::Damaged)?;
        Ok(Self { replica: envelope.replica, certificate: envelope.certificate, signed: envelope.signed })
    }

    /// Who claims to ask.
    #[must_use]
    pub fn replica(&self) -> ReplicaId {
        self.replica
    }

    /// The certificate that came along.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Checks the signature with the replica's certified key, then reads the request.
    ///
    /// # Errors
    /// [`WireFault`].
    pub fn verify(self, station: StationId, key: &PublicKey) -> Result<Request, WireFault> {
        let mut request = self.signed.verify(key)?.into_value();
        if request.replica != self.replica || request.station != station {
            return Err(WireFault::Contradiction);
        }
        if request.version < WIRE_VERSION {
            return Err(WireFault::VersionUnknown { found: request.version });
        }
        if request.frames.len() > limits::REQUEST_FRAMES_MAX
            || request.cursors.len() > limits::SCOPES_MAX
            || request.backlogs.len() > limits::SCOPES_MAX
            || !request.evidence.is_bounded()
        {
            return Err(WireFault::TooMany);
        }
        request.page_budget_bytes = request.page_budget_bytes.min(limits::BUDGET_MAX_BYTES);
        Ok(request)
    }
}
