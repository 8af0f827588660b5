//! A bundle: the wire in a file, for a medium that is carried. What a laptop writes holds requests and opens only at the
//! station; what comes back holds the station's answers and opens only at that laptop, by a key that was in the first file.
//! Layout: `docs/formats/bundle.md`. Must not know file systems, nor what the messages say.

mod answer;
mod messages;
mod out;

use crate::crypto::{SealFault, SignatureFault};

pub use answer::{AnswerHead, SealedAnswer};
pub use messages::{MessageReader, MessageWriter, Source};
pub use out::{OpenedOut, OutHead, SealedOut};

/// Ending of the names of files that laptops write.
pub const OUT_SUFFIX: &str = "fqout";

/// Ending of the names of files that the station answers with.
pub const ANSWER_SUFFIX: &str = "fqback";

/// The version of bundles this build writes and the newest it reads.
pub const BUNDLE_VERSION: u8 = 1;

/// Bytes at a bundle's beginning that say how long its head is.
const PREAMBLE_BYTES: usize = 13;

const MAGIC: &[u8; 7] = b"FQBUNDL";

/// Why a file is not a bundle that can be used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleFault {
    /// Some other file.
    #[error("not a bundle")]
    NotABundle,
    /// Written by a newer version.
    #[error("bundle version {found}")]
    NewerVersion {
        /// The version found.
        found: u8,
    },
    /// A laptop's bundle where the station's answer is expected, or the other way round.
    #[error("a bundle of the other kind")]
    OtherPurpose,
    /// Between another station and its laptops.
    #[error("a bundle of another station")]
    AnotherStation,
    /// The head is damaged.
    #[error("the bundle's head is damaged")]
    HeadDamaged,
    /// Not signed by whom it claims.
    #[error("bundle: {0}")]
    Signature(#[from] SignatureFault),
    /// Sealed to somebody else.
    #[error("the bundle does not open here")]
    DoesNotOpen,
    /// A message is damaged, out of place, or longer than a message may be.
    #[error("message {number} of the bundle is damaged")]
    Damaged {
        /// Which, from 0.
        number: u64,
    },
    /// The file ends before the bundle does.
    #[error("the bundle is cut short at message {number}")]
    CutShort {
        /// Which message is missing, from 0.
        number: u64,
    },
    /// More messages than a bundle may hold.
    #[error("too many messages")]
    TooMany,
    /// The bundle has ended and the file goes on.
    #[error("bytes after the bundle's end")]
    Trailing,
}

impl From<SealFault> for BundleFault {
    fn from(_: SealFault) -> Self {
        Self::DoesNotOpen
    }
}

/// Which way a bundle travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// From a laptop to the station: requests.
    Out,
    /// From the station to a laptop: responses.
    Answer,
}

impl Purpose {
    fn byte(self) -> u8 {
        match self {
            Self::Out => 1,
            Self::Answer => 2,
        }
    }
}

/// The beginning of a bundle, as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preamble {
    bytes: [u8; PREAMBLE_BYTES],
    purpose: Purpose,
    head_bytes: usize,
}

impl Preamble {
    /// Reads the beginning of a file: the preamble, and the head's bytes.
    ///
    /// # Errors
    /// [`BundleFault`], and the source's own.
    pub fn read<S: Source>(from: &mut S) -> Result<(Self, Vec<u8>), S::Fault> {
        let mut bytes = [0; PREAMBLE_BYTES];
        if from.fill(&mut bytes)? < PREAMBLE_BYTES {
            return Err(BundleFault::NotABundle.into());
        }
        let preamble = Self::check(bytes)?;
        let mut head = vec![0; preamble.head_bytes];
        if from.fill(&mut head)? < preamble.head_bytes {
            return Err(BundleFault::HeadDamaged.into());
        }
        Ok((preamble, head))
    }

    fn check(bytes: [u8; PREAMBLE_BYTES]) -> Result<Self, BundleFault> {
        let [m0, m1, m2, m3, m4, m5, m6, version, purpose, length @ ..] = bytes;
        if [m0, m1, m2, m3, m4, m5, m6] != *MAGIC {
            return Err(BundleFault::NotABundle);
        }
        if version != BUNDLE_VERSION {
            return Err(BundleFault::NewerVersion { found: version });
        }
        let purpose = match purpose {
            1 => Purpose::Out,
            2 => Purpose::Answer,
            _ => return Err(BundleFault::HeadDamaged),
        };
        let head_bytes = usize::try_from(u32::from_be_bytes(length)).map_err(|_| BundleFault::HeadDamaged)?;
        if head_bytes > crate::limits::BUNDLE_HEAD_BYTES_MAX {
            return Err(BundleFault::HeadDamaged);
        }
        Ok(Self { bytes, purpose, head_bytes })
    }

    /// Which way the bundle travels.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    fn expect(&self, purpose: Purpose) -> Result<(), BundleFault> {
        if self.purpose == purpose { Ok(()) } else { Err(BundleFault::OtherPurpose) }
    }
}

/// Preamble and head as written.
fn begin(purpose: Purpose, head: &[u8]) -> Vec<u8> {
    // A head is a few hundred bytes; a length that does not fit would be refused by every reader.
    let length = u32::try_from(head.len()).unwrap_or(u32::MAX);
    [MAGIC.as_slice(), &[BUNDLE_VERSION, purpose.byte()], &length.to_be_bytes(), head].concat()
}
