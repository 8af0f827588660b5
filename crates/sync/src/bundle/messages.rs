//! The messages of a bundle: each sealed by itself, openable only in order and to the last, so that a reader never holds more
//! than one and a cut or changed file is noticed. Must not know which way a bundle travels beyond the length of a message.

use super::{BundleFault, Purpose};
use crate::crypto::{self, Blocks, Place, SEAL_OVERHEAD_BYTES};
use crate::limits;

/// Bytes before each sealed message: whether it is the end, and its length.
const RECORD_HEAD_BYTES: usize = 5;

const MESSAGES: &str = "fengqiao bundle message 1";

fn blocks(key: &[u8; 32], beginning: &[u8]) -> Blocks {
    Blocks::new(key, MESSAGES, crypto::hash("fengqiao bundle beginning 1", &[beginning]))
}

/// Seals messages, one after the other.
pub struct MessageWriter {
    blocks: Blocks,
}

impl MessageWriter {
    /// For the bundle that begins with these bytes.
    pub(super) fn new(key: &[u8; 32], beginning: &[u8]) -> Self {
        Self { blocks: blocks(key, beginning) }
    }

    /// A message as it is written.
    #[must_use]
    pub fn message(&mut self, message: &[u8]) -> Vec<u8> {
        record(0, &self.blocks.seal(Place::Inner, message))
    }

    /// The bundle's end as it is written. Without it the bundle is cut short.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        record(1, &self.blocks.seal(Place::Last, &[]))
    }

    /// How many messages were sealed.
    #[must_use]
    pub fn messages(&self) -> u64 {
        self.blocks.number()
    }
}

fn record(last: u8, sealed: &[u8]) -> Vec<u8> {
    // Messages are bounded far below; a length that does not fit would be refused by every reader.
    let length = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
    [&[last], length.to_be_bytes().as_slice(), sealed].concat()
}

/// Where a bundle's bytes come from, piece by piece. Its faults are its own.
pub trait Source {
    /// What can go wrong.
    type Fault: From<BundleFault>;

    /// Fills the buffer as far as there are bytes, and says how many there were.
    ///
    /// # Errors
    /// The source's own.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Fault>;
}

/// Bytes in memory.
impl Source for &[u8] {
    type Fault = BundleFault;

    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, BundleFault> {
        let (now, later) = self.split_at_checked(buffer.len()).unwrap_or((self, &[]));
        buffer.iter_mut().zip(now).for_each(|(to, from)| *to = *from);
        *self = later;
        Ok(now.len())
    }
}

/// Opens messages one after the other.
pub struct MessageReader {
    blocks: Blocks,
    purpose: Purpose,
}

impl MessageReader {
    pub(super) fn new(key: &[u8; 32], beginning: &[u8], purpose: Purpose) -> Self {
        Self { blocks: blocks(key, beginning), purpose }
    }

    /// How many messages were opened.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.blocks.number()
    }

    /// The next message; nothing after the last, which must be the end of the source too.
    ///
    /// # Errors
    /// [`BundleFault`], and the source's own.
    pub fn next<S: Source>(&mut self, from: &mut S) -> Result<Option<Vec<u8>>, S::Fault> {
        let number = self.number();
        let mut head = [0; RECORD_HEAD_BYTES];
        let got = from.fill(&mut head)?;
        if got < RECORD_HEAD_BYTES {
            return Err(BundleFault::CutShort { number }.into());
        }
        let (place, length) = self.length(head)?;
        let mut sealed = vec![0; length];
        if from.fill(&mut sealed)? < length {
            return Err(BundleFault::CutShort { number }.into());
        }
        let plain = self.blocks.open(place, &sealed).map_err(|_| BundleFault::Damaged { number })?;
        match place {
            Place::Inner => Ok(Some(plain.to_vec())),
            Place::Last if from.fill(&mut [0])? == 0 => Ok(None),
            Place::Last => Err(BundleFault::Trailing.into()),
        }
    }

    /// Bounded before anything is allocated.
    fn length(&self, head: [u8; RECORD_HEAD_BYTES]) -> Result<(Place, usize), BundleFault> {
        let damaged = BundleFault::Damaged { number: self.number() };
        let [last, length @ ..] = head;
        let (place, most) = match (last, self.purpose) {
            (0, Purpose::Out) => (Place::Inner, limits::REQUEST_BYTES_MAX),
            (0, Purpose::Answer) => (Place::Inner, limits::RESPONSE_BYTES_MAX),
            (1, Purpose::Out | Purpose::Answer) => (Place::Last, 0),
            (_, Purpose::Out | Purpose::Answer) => return Err(damaged),
        };
        if place == Place::Inner && self.number() >= limits::BUNDLE_MESSAGES_MAX {
            return Err(BundleFault::TooMany);
        }
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| damaged)?;
        if length > most + SEAL_OVERHEAD_BYTES { Err(damaged) } else { Ok((place, length)) }
    }
}
