//! What the station answers with: its responses, signed, and sealed under the key that was in the laptop's bundle.
//! Must not know how a laptop stores them.

use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use super::{BundleFault, MessageReader, MessageWriter, Preamble, Purpose, begin};
use crate::cbor;
use crate::crypto::{self, PublicKey, SignKey, Signable, Signed, Verified};
use crate::ids::{BundleId, ReplicaId, StationId};
use crate::limits;

/// Which bundle of whom the station answers. Readable by anyone who has the file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AnswerHead {
    /// Which station.
    #[n(0)]
    pub station: StationId,
    /// Whose bundle.
    #[n(1)]
    pub replica: ReplicaId,
    /// Which of his bundles.
    #[n(2)]
    pub bundle: BundleId,
    /// 16 random bytes: a bundle that is taken twice is answered under two keys.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub salt: [u8; 16],
    /// When, UTC milliseconds of the station.
    #[n(4)]
    pub made_at_ms: i64,
}

impl Signable for AnswerHead {
    const DOMAIN: &'static str = "bundle answer 1";
    const BYTES_MAX: usize = limits::BUNDLE_HEAD_BYTES_MAX;
}

fn messages_key(reply_key: &[u8; 32], salt: &[u8; 16]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(crypto::keyed_hash(reply_key, "fengqiao bundle answer 1", salt).0)
}

impl AnswerHead {
    /// The beginning of the file, and what seals its messages.
    #[must_use]
    pub fn begin(&self, key: &SignKey, reply_key: &[u8; 32]) -> (Vec<u8>, MessageWriter) {
        let beginning = begin(Purpose::Answer, &Signed::sign(self, key).to_bytes());
        let writer = MessageWriter::new(&messages_key(reply_key, &self.salt), &beginning);
        (beginning, writer)
    }
}

/// An answer that the station signed; its messages are still shut.
pub struct SealedAnswer {
    head: Verified<AnswerHead>,
    beginning: Vec<u8>,
}

impl SealedAnswer {
    /// Reads a head and checks that the station signed it.
    ///
    /// # Errors
    /// [`BundleFault`]; an answer of another station is [`BundleFault::Signature`] unless both have one key.
    pub fn read(
        preamble: &Preamble,
        head: &[u8],
        station: StationId,
        station_key: &PublicKey,
    ) -> Result<Self, BundleFault> {
        preamble.expect(Purpose::Answer)?;
        let signed: Signed<AnswerHead> =
            cbor::from_bytes(head, preamble.head_bytes).map_err(|_| BundleFault::HeadDamaged)?;
        let claimed: AnswerHead = signed.peek().map_err(|_| BundleFault::HeadDamaged)?;
        if claimed.station != station {
            return Err(BundleFault::AnotherStation);
        }
        Ok(Self { head: signed.verify(station_key)?, beginning: [preamble.bytes.as_slice(), head].concat() })
    }

    /// What it answers.
    #[must_use]
    pub fn head(&self) -> &AnswerHead {
        self.head.value()
    }

    /// Opens it with the key the laptop kept.
    #[must_use]
    pub fn open(&self, reply_key: &[u8; 32]) -> MessageReader {
        let key = messages_key(reply_key, &self.head.salt);
        MessageReader::new(&key, &self.beginning, Purpose::Answer)
    }
}
