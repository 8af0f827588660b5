//! A stream of sealed blocks under a key of its own: they open only whole, in order, and to the last one, and only beside the
//! header they were sealed with. Must not know how blocks are cut, nor where they are kept.

use zeroize::Zeroizing;

use super::seal::{NONCE_BYTES, SealFault, open, seal};
use crate::ids::Hash;

/// Whether more blocks follow. Part of what a block is sealed with, so that a shortened stream does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Another follows.
    Inner,
    /// The end.
    Last,
}

/// The blocks of one stream, sealed or opened one after the other.
pub struct Blocks {
    key: Zeroizing<[u8; 32]>,
    domain: &'static str,
    header: Hash,
    number: u64,
}

impl Blocks {
    /// A stream from its first block. The key must be of this stream alone: blocks are counted, not told apart by chance.
    #[must_use]
    pub fn new(key: &[u8; 32], domain: &'static str, header: Hash) -> Self {
        Self { key: Zeroizing::new(*key), domain, header, number: 0 }
    }

    /// How many blocks have gone by.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Seals the next block.
    #[must_use]
    pub fn seal(&mut self, place: Place, plain: &[u8]) -> Vec<u8> {
        let sealed = seal(&self.key, self.nonce(), &self.context(place), plain);
        self.number = self.number.saturating_add(1);
        sealed
    }

    /// Opens the next block.
    ///
    /// # Errors
    /// [`SealFault`]: damaged, of another stream, out of its turn, or not in this place.
    pub fn open(&mut self, place: Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealFault> {
        let plain = open(&self.key, &self.context(place), sealed)?;
        self.number = self.number.saturating_add(1);
        Ok(plain)
    }

    fn nonce(&self) -> [u8; NONCE_BYTES] {
        let mut nonce = [0; NONCE_BYTES];
        if let Some(tail) = nonce.last_chunk_mut::<8>() {
            *tail = self.number.to_be_bytes();
        }
        nonce
    }

    fn context(&self, place: Place) -> Vec<u8> {
        let last = u8::from(place == Place::Last);
        [self.domain.as_bytes(), self.header.as_bytes(), &self.number.to_be_bytes(), &[last]].concat()
    }
}
