//! How a sync ends, and what can be done about it. Must not know the screen that shows it.

use super::messages::{RequestFailure, StorageFailure};
use crate::directory::DirectoryFault;
use crate::frame::FrameFault;
use crate::lane::LaneHead;
use crate::scope_log::PageFault;
use crate::wire::{FrameRejection, RequestRefusal, WireFault};

/// What one sync did, counted after it was durable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Requests sent.
    pub rounds: u32,
    /// Entries that got a receipt.
    pub receipted: u64,
    /// Of these, entries the station set aside.
    pub refused: u64,
    /// Entries pulled, one's own not counted.
    pub pulled: u64,
    /// Of these, entries kept aside as unusable.
    pub quarantined: u64,
    /// Scopes that began again further back, because the station was restored.
    pub scopes_restarted: u64,
    /// Entries given back to a station that had lost them, own ones sent again not counted.
    pub given_back: u64,
    /// Bytes sent.
    pub bytes_sent: u64,
    /// Bytes received.
    pub bytes_received: u64,
    /// The station's clock at the last answer, UTC milliseconds.
    pub station_at_ms: Option<i64>,
}

/// The end of a sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing more to send, nothing more to pull.
    Done {
        /// What was done.
        report: Report,
    },
    /// Stopped before that.
    Failed {
        /// Why.
        reason: FailReason,
        /// What was done.
        report: Report,
        /// When the engine tries again by itself; absent when somebody has to do something.
        retry_at_ms: Option<i64>,
    },
    /// Stopped by the officer.
    Cancelled {
        /// What was done.
        report: Report,
    },
}

/// Why a sync stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FailReason {
    /// The laptop's storage.
    #[error("storage: {}", .0.code())]
    Storage(StorageFailure),
    /// No answer.
    #[error("request failed: {0:?}")]
    Request(RequestFailure),
    /// Not an answer of a station.
    #[error(transparent)]
    Wire(WireFault),
    /// Refused by the station.
    #[error("refused: {}", .0.code())]
    Refused(RequestRefusal),
    /// An answer of another station.
    #[error("another station answered")]
    AnotherStation,
    /// A directory that is not the station's.
    #[error(transparent)]
    Directory(DirectoryFault),
    /// A receipt that is not the station's or not for this lane.
    #[error("receipt wrong")]
    ReceiptWrong,
    /// A page that does not fit.
    #[error(transparent)]
    Page(PageFault),
    /// The station cannot take a frame.
    #[error("frame rejected: {}", .0.code())]
    FrameRejected(FrameRejection),
    /// The station has entries of this replica that this laptop does not have: it was cloned or restored.
    #[error("station has another branch of this lane at {}", .station_head.index)]
    LaneForked {
        /// Where the station is.
        station_head: LaneHead,
    },
    /// The lane in storage is not a chain.
    #[error("own lane damaged: {0}")]
    LaneDamaged(FrameFault),
    /// Rounds went by in which nothing moved.
    #[error("no progress")]
    NoProgress,
    /// Too many rounds.
    #[error("too many rounds")]
    TooManyRounds,
}

/// What helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Trying again later.
    TryAgain,
    /// Somebody has to do something first.
    Person,
}

impl FailReason {
    /// What helps against it.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Storage(StorageFailure::Busy)
            | Self::Wire(WireFault::NotOurProtocol | WireFault::Damaged(_))
            | Self::Request(
                RequestFailure::Unreachable
                | RequestFailure::Interrupted
                | RequestFailure::Timeout
                | RequestFailure::Status { .. },
            )
            | Self::NoProgress
            | Self::TooManyRounds => Remedy::TryAgain,
            Self::Refused(refusal) if refusal.passes_later() => Remedy::TryAgain,
            Self::Storage(
                StorageFailure::Full
                | StorageFailure::Locked
                | StorageFailure::Damaged
                | StorageFailure::OtherBranch
                | StorageFailure::Other(_),
            )
            | Self::Request(RequestFailure::PinMismatch | RequestFailure::TooLong)
            | Self::Wire(
                WireFault::VersionUnknown { .. }
                | WireFault::UnexpectedKind
                | WireFault::TooLong
                | WireFault::TooMany
                | WireFault::Signature(_)
                | WireFault::Contradiction,
            )
            | Self::Refused(_)
            | Self::AnotherStation
            | Self::Directory(_)
            | Self::ReceiptWrong
            | Self::Page(_)
            | Self::FrameRejected(_)
            | Self::LaneForked { .. }
            | Self::LaneDamaged(_) => Remedy::Person,
        }
    }

    /// A stable name for logs and for the messages of the user interface.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Storage(failure) => failure.code(),
            Self::Request(RequestFailure::Unreachable) => "unreachable",
            Self::Request(RequestFailure::Interrupted) => "interrupted",
            Self::Request(RequestFailure::Timeout) => "timeout",
            Self::Request(RequestFailure::PinMismatch) => "pin_mismatch",
            Self::Request(RequestFailure::Status { .. }) => "http_status",
            Self::Request(RequestFailure::TooLong) | Self::Wire(WireFault::TooLong | WireFault::TooMany) => {
                "answer_too_long"
            }
            Self::Wire(WireFault::NotOurProtocol) => "not_our_protocol",
            Self::Wire(WireFault::VersionUnknown { .. }) => "wire_version_unknown",
            Self::Wire(
                WireFault::UnexpectedKind | WireFault::Damaged(_) | WireFault::Signature(_) | WireFault::Contradiction,
            ) => "answer_damaged",
            Self::Refused(refusal) => refusal.code(),
            Self::AnotherStation => "another_station",
            Self::Directory(_) => "directory_wrong",
            Self::ReceiptWrong => "receipt_wrong",
            Self::Page(_) => "page_wrong",
            Self::FrameRejected(rejection) => match rejection {
                FrameRejection::Gap => "frame_gap",
                FrameRejection::Fork => "lane_forked",
                FrameRejection::BadSignature => "frame_signature",
                FrameRejection::Malformed | FrameRejection::Other(_) => "frame_malformed",
            },
            Self::LaneForked { .. } => "lane_forked",
            Self::LaneDamaged(_) => "lane_damaged",
            Self::NoProgress => "no_progress",
            Self::TooManyRounds => "too_many_rounds",
        }
    }
}
