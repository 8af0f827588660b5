//! What a laptop writes: its requests, sealed to the station, with the key the answer is to be sealed under.
//! Must not know how the station answers.

use minicbor::{Decode, Encode};
use zeroize::{Zeroize, Zeroizing};

use super::{BundleFault, MessageReader, MessageWriter, Preamble, Purpose, begin};
use crate::cbor;
use crate::crypto::{self, BoxPublicKey, BoxSecretKey, PublicKey, SignKey, Signable, Signed};
use crate::ids::{BundleId, ReplicaId, StationId};
use crate::limits;

/// Who wrote a bundle for whom. Readable by anyone who has the file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OutHead {
    /// Which station it is for.
    #[n(0)]
    pub station: StationId,
    /// Which replica wrote it.
    #[n(1)]
    pub replica: ReplicaId,
    /// The replica's key. The station may not list it yet; its requests say why it should.
    #[n(2)]
    pub public_key: PublicKey,
    /// Which bundle.
    #[n(3)]
    pub bundle: BundleId,
    /// When it was written, UTC milliseconds of the laptop.
    #[n(4)]
    pub made_at_ms: i64,
}

/// Head and sealed keys, signed together: nobody can put his own reply key to another's requests.
#[derive(Encode, Decode)]
struct Beginning {
    #[n(0)]
    head: OutHead,
    #[cbor(n(1), with = "minicbor::bytes")]
    sealed: Vec<u8>,
}

impl Signable for Beginning {
    const DOMAIN: &'static str = "bundle out 1";
    const BYTES_MAX: usize = limits::BUNDLE_HEAD_BYTES_MAX;
}

/// What only the station reads of the beginning.
#[derive(Encode, Decode)]
struct Keys {
    #[cbor(n(0), with = "minicbor::bytes")]
    messages: [u8; 32],
    #[cbor(n(1), with = "minicbor::bytes")]
    reply: [u8; 32],
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.messages.zeroize();
        self.reply.zeroize();
    }
}

impl OutHead {
    /// The beginning of the file, and what seals its messages. `messages`, `reply` and `ephemeral` must be fresh random bytes;
    /// the laptop keeps `reply` until the answer has come.
    #[must_use]
    pub fn begin(
        &self,
        key: &SignKey,
        to: &BoxPublicKey,
        (messages, reply, ephemeral): (&[u8; 32], &[u8; 32], [u8; 32]),
    ) -> (Vec<u8>, MessageWriter) {
        let plain = Zeroizing::new(cbor::to_bytes(&Keys { messages: *messages, reply: *reply }));
        let sealed = crypto::seal_box(to, ephemeral, &cbor::to_bytes(self), &plain);
        let signed = Signed::sign(&Beginning { head: self.clone(), sealed }, key);
        let beginning = begin(Purpose::Out, &signed.to_bytes());
        let writer = MessageWriter::new(messages, &beginning);
        (beginning, writer)
    }
}

/// A laptop's bundle whose head was read; its messages are still shut.
pub struct SealedOut {
    head: OutHead,
    sealed: Vec<u8>,
    beginning: Vec<u8>,
}

/// A laptop's bundle, open.
pub struct OpenedOut {
    /// Who wrote it.
    pub head: OutHead,
    /// The key the answer is sealed under.
    pub reply_key: Zeroizing<[u8; 32]>,
    /// Its requests.
    pub messages: MessageReader,
}

impl SealedOut {
    /// Reads a head. It is signed by the key it names; whether that is the replica's key only the directory can say.
    ///
    /// # Errors
    /// [`BundleFault`].
    pub fn read(preamble: &Preamble, head: &[u8]) -> Result<Self, BundleFault> {
        preamble.expect(Purpose::Out)?;
        let signed: Signed<Beginning> =
            cbor::from_bytes(head, preamble.head_bytes).map_err(|_| BundleFault::HeadDamaged)?;
        let claimed: Beginning = signed.peek().map_err(|_| BundleFault::HeadDamaged)?;
        let Beginning { head: ours, sealed } = signed.verify(&claimed.head.public_key)?.into_value();
        Ok(Self { head: ours, sealed, beginning: [preamble.bytes.as_slice(), head].concat() })
    }

    /// Who says he wrote it.
    #[must_use]
    pub fn head(&self) -> &OutHead {
        &self.head
    }

    /// Opens it with the station's key.
    ///
    /// # Errors
    /// [`BundleFault::AnotherStation`], [`BundleFault::DoesNotOpen`].
    pub fn open(self, station: StationId, key: &BoxSecretKey) -> Result<OpenedOut, BundleFault> {
        if self.head.station != station {
            return Err(BundleFault::AnotherStation);
        }
        let plain = crypto::open_box(key, &cbor::to_bytes(&self.head), &self.sealed)?;
        let keys: Keys =
            cbor::from_bytes(&plain, limits::BUNDLE_HEAD_BYTES_MAX).map_err(|_| BundleFault::DoesNotOpen)?;
        let messages = MessageReader::new(&keys.messages, &self.beginning, Purpose::Out);
        Ok(OpenedOut { head: self.head, reply_key: Zeroizing::new(keys.reply), messages })
    }
}
