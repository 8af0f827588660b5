//! The wire, version 1: one request, one answer. Magic, version, kind and coding in eight bytes, then CBOR, plain or zstd.
//! Anything that is not ours decodes to [`WireFault::NotOurProtocol`]. Must not know HTTP or files.

mod envelope;
mod request;
mod response;

use crate::cbor::DecodeFault;
use crate::crypto::SignatureFault;

pub use envelope::Coding;
pub use request::{Certificate, Request, UnverifiedRequest};
pub use response::{Answer, FrameRejection, More, RequestRefusal, Response, ResponseOutcome};

/// The version this build writes.
pub const WIRE_VERSION: u8 = 1;

/// The oldest version this build reads.
pub const WIRE_VERSION_OLDEST: u8 = 1;

/// Why bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireFault {
    /// Something else answered: a captive portal, a proxy, another server.
    #[error("not our protocol")]
    NotOurProtocol,
    /// Ours, of a version this build does not speak.
    #[error("wire version {found}")]
    VersionUnknown {
        /// The version found.
        found: u8,
    },
    /// Ours, but not the kind of message expected here.
    #[error("unexpected kind of message")]
    UnexpectedKind,
    /// Longer than a message may be, before or after decompression.
    #[error("message too long")]
    TooLong,
    /// Cut short or damaged.
    #[error("message damaged: {0}")]
    Damaged(DecodeFault),
    /// More frames, receipts, pages or scopes than a message may hold.
    #[error("message holds too many items")]
    TooMany,
    /// Not signed by the replica it claims.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// The signed part names another replica or station than the wrapping.
    #[error("message contradicts itself")]
    Contradiction,
}
