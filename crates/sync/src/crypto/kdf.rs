//! From what a person types to a key: Argon2id with a floor (promise P8). Must not know what the key opens.

use argon2::{Algorithm, Argon2, Params, Version};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::limits;

/// Why a key could not be derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KdfFault {
    /// Below the floor, or so high that a file from elsewhere could exhaust the machine.
    #[error("key derivation parameters out of bounds")]
    ParamsOutOfBounds,
    /// The machine could not give the memory.
    #[error("key derivation could not run")]
    CouldNotRun,
}

/// Parameters of Argon2id version 19, always within the bounds of [`crate::limits`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfParams {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl KdfParams {
    /// 256 MiB, three passes, one lane: for passphrases.
    pub const DEFAULT: Self = Self { memory_kib: 256 * 1024, passes: 3, lanes: 1 };

    /// 64 MiB, one pass: the floor, for tests and for machines that cannot do more.
    pub const FLOOR: Self = Self { memory_kib: limits::KDF_MEMORY_MIN_KIB, passes: 1, lanes: 1 };

    /// Checked parameters.
    ///
    /// # Errors
    /// [`KdfFault::ParamsOutOfBounds`].
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, KdfFault> {
        let memory = (limits::KDF_MEMORY_MIN_KIB..=limits::KDF_MEMORY_MAX_KIB).contains(&memory_kib);
        let work = (1..=limits::KDF_PASSES_MAX).contains(&passes) && (1..=limits::KDF_LANES_MAX).contains(&lanes);
        if memory && work { Ok(Self { memory_kib, passes, lanes }) } else { Err(KdfFault::ParamsOutOfBounds) }
    }

    /// Memory in KiB.
    #[must_use]
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    #[must_use]
    pub fn passes(self) -> u32 {
        self.passes
    }

    /// The key for a passphrase. Slow on purpose: half a second and the memory named in the parameters.
    ///
    /// # Errors
    /// [`KdfFault::CouldNotRun`] when the memory cannot be had.
    pub fn derive(self, passphrase: &[u8], salt: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>, KdfFault> {
        let params =
            Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(|_| KdfFault::ParamsOutOfBounds)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase, salt, key.as_mut_slice())
            .map_err(|_| KdfFault::CouldNotRun)?;
        Ok(key)
    }
}

impl<C> Encode<C> for KdfParams {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(3)?.u32(self.memory_kib)?.u32(self.passes)?.u32(self.lanes)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for KdfParams {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        if d.array()? != Some(3) {
            return Err(minicbor::decode::Error::message("parameters").at(at));
        }
        Self::new(d.u32()?, d.u32()?, d.u32()?).map_err(|_| minicbor::decode::Error::message("parameters").at(at))
    }
}
