//! What the station answers: receipts, pages, a newer directory; or a refusal of the whole request.
//! Receipts, checkpoints and directories carry their own signatures. Must not know how they are stored.

use minicbor::{Decode, Encode};

use super::WireFault;
use super::envelope::{self, Coding, Kind};
use crate::cbor;
use crate::code::code_enum;
use crate::crypto::Signed;
use crate::directory::Directory;
use crate::enrolment::CertificateRefusal;
use crate::first_sync::EarlierPage;
use crate::ids::ScopeId;
use crate::ids::StationId;
use crate::lane::LaneHead;
use crate::limits;
use crate::receipt::{Receipt, Watermark};
use crate::repair::Wanted;
use crate::scope_log::Page;
use crate::succession::SuccessionRefusal;

code_enum! {
    /// Why the station refuses a whole request. Nothing of it was taken; nothing is lost.
    pub enum RequestRefusal {
        /// The request is for another station.
        AnotherStation = 1 => "another_station",
        /// The replica is not in the directory and no certificate request came along.
        ReplicaUnknown = 2 => "replica_unknown",
        /// The replica is revoked.
        ReplicaRevoked = 3 => "replica_revoked",
        /// The enrolment token is unknown here.
        TokenUnknown = 4 => "token_unknown",
        /// The enrolment file was used before.
        TokenUsed = 5 => "token_used",
        /// The request is not signed by the replica.
        SignatureWrong = 6 => "signature_wrong",
        /// The request cannot be read.
        Malformed = 7 => "malformed",
        /// The station does not speak the laptop's version.
        VersionUnknown = 8 => "version_unknown",
        /// Too much work at the moment; try again.
        Busy = 9 => "busy",
        /// The station's own storage failed; try again.
        StorageFailed = 10 => "storage_failed",
        /// The replica this one says it follows is not listed.
        PredecessorUnknown = 11 => "predecessor_unknown",
        /// The replica it follows has too many successors.
        TooManySuccessors = 12 => "too_many_successors",
        /// Copies of this laptop's disk write on in one lane: a person at the station decides. What it sent is kept there.
        ReplicaFrozen = 13 => "replica_frozen",
    }
}

impl RequestRefusal {
    /// Whether the same request may pass later without anyone at the laptop doing anything.
    #[must_use]
    pub fn passes_later(self) -> bool {
        match self {
            Self::Busy | Self::StorageFailed | Self::ReplicaFrozen | Self::Other(_) => true,
            Self::AnotherStation
            | Self::ReplicaUnknown
            | Self::ReplicaRevoked
            | Self::TokenUnknown
            | Self::TokenUsed
            | Self::SignatureWrong
            | Self::Malformed
            | Self::VersionUnknown
            | Self::PredecessorUnknown
            | Self::TooManySuccessors => false,
        }
    }
}

impl From<CertificateRefusal> for RequestRefusal {
    fn from(refusal: CertificateRefusal) -> Self {
        match refusal {
            CertificateRefusal::AnotherStation => Self::AnotherStation,
            CertificateRefusal::TokenUnknown => Self::TokenUnknown,
            CertificateRefusal::TokenUsed => Self::TokenUsed,
            CertificateRefusal::Revoked => Self::ReplicaRevoked,
        }
    }
}

impl From<SuccessionRefusal> for RequestRefusal {
    fn from(refusal: SuccessionRefusal) -> Self {
        match refusal {
            SuccessionRefusal::AnotherStation => Self::AnotherStation,
            SuccessionRefusal::PredecessorUnknown => Self::PredecessorUnknown,
            SuccessionRefusal::Revoked => Self::ReplicaRevoked,
            SuccessionRefusal::Signature | SuccessionRefusal::Taken => Self::SignatureWrong,
            SuccessionRefusal::TooMany => Self::TooManySuccessors,
        }
    }
}

code_enum! {
    /// Why the station stopped at a frame. The answer's lane head says where it is.
    pub enum FrameRejection {
        /// The frame begins after what the station has; it wants the entries in between.
        Gap = 1 => "gap",
        /// The frame is of another branch than the station has: a cloned or restored laptop.
        Fork = 2 => "fork",
        /// The signature is not the replica's.
        BadSignature = 3 => "bad_signature",
        /// The frame cannot be read, is too large, or is not a chain.
        Malformed = 4 => "malformed",
    }
}

code_enum! {
    /// Whether the station has more for this laptop than fitted.
    pub enum More {
        /// Every scope is complete and every receipt is here.
        Nothing = 0 => "nothing",
        /// Ask again.
        AskAgain = 1 => "ask_again",
    }
}

/// The answer to a request that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Answer {
    /// The epoch of the station's logs.
    #[n(0)]
    pub epoch: u32,
    /// The newest directory, when the laptop's is older.
    #[n(1)]
    pub directory: Option<Signed<Directory>>,
    /// Where the station is in the laptop's lane, after this request.
    #[n(2)]
    pub lane_head: LaneHead,
    /// Receipts after the index the laptop named, in order, as far as they fit.
    #[n(3)]
    pub receipts: Vec<Signed<Receipt>>,
    /// Why the station stopped at a frame, if it did.
    #[n(4)]
    pub rejection: Option<FrameRejection>,
    /// Pages, at most one for each scope.
    #[n(5)]
    pub pages: Vec<Page>,
    /// Whether to ask again.
    #[n(6)]
    pub more: More,
    /// Up to where a verified backup of the station holds this lane.
    #[n(7)]
    pub backup_watermark: Option<Signed<Watermark>>,
    /// The version of the laptop's directory, when the station does not have it: it was restored and wants it back.
    #[n(8)]
    pub wants_directory: Option<u64>,
    /// Scopes in which the laptop's cursor is not on the station's log. No frames are taken until that is settled.
    #[n(9)]
    pub unknown: Vec<ScopeId>,
    /// Of these, where the pieces begin that the station wants back.
    #[n(10)]
    pub wanted: Vec<Wanted>,
    /// Earlier work, at most one piece for each scope: the ends of logs the laptop has nothing of, and what comes before
    /// its backlogs.
    #[n(11)]
    pub earlier: Vec<EarlierPage>,
}

/// Answer or refusal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ResponseOutcome {
    /// The request was taken.
    #[n(0)]
    Answer(#[n(0)] Box<Answer>),
    /// The request was refused as a whole.
    #[n(1)]
    Refused(#[n(0)] RequestRefusal),
}

/// The station's response.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Response {
    /// Which station answers.
    #[n(0)]
    pub station: StationId,
    /// The station's clock, UTC milliseconds.
    #[n(1)]
    pub station_at_ms: i64,
    /// Answer or refusal.
    #[n(2)]
    pub outcome: ResponseOutcome,
}

impl Response {
    /// Encodes.
    #[must_use]
    pub fn encode(&self, coding: Coding) -> Vec<u8> {
        envelope::wrap(Kind::Response, coding, &cbor::to_bytes(self))
    }

    /// Decodes.
    ///
    /// # Errors
    /// [`WireFault`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireFault> {
        let most = limits::RESPONSE_INFLATED_BYTES_MAX;
        let body = envelope::unwrap(bytes, Kind::Response, limits::RESPONSE_BYTES_MAX, most)?;
        let response: Self = cbor::from_bytes(&body, most).map_err(WireFault::Damaged)?;
        match &response.outcome {
            ResponseOutcome::Answer(answer)
                if answer.receipts.len() > limits::ANSWER_RECEIPTS_MAX
                    || answer.pages.len() > limits::SCOPES_MAX
                    || answer.earlier.len() > limits::SCOPES_MAX
                    || answer.unknown.len() > limits::SCOPES_MAX
                    || answer.wanted.len() > limits::SCOPES_MAX =>
            {
                Err(WireFault::TooMany)
            }
            ResponseOutcome::Answer(_) | ResponseOutcome::Refused(_) => Ok(response),
        }
    }
}
