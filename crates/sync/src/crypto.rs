//! The one crypto interface of the product: hash, keyed hash, signatures, sealing, key derivation.
//! Another provider (SM2, SM3, SM4) takes its place here and nowhere else. Must not know any format, clock or source of randomness.

mod blocks;
mod kdf;
mod seal;
mod signed;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

pub use blocks::{Blocks, Place};
pub use kdf::{KdfFault, KdfParams};
pub use seal::{
    BoxPublicKey, BoxSecretKey, NONCE_BYTES, SEAL_OVERHEAD_BYTES, SealFault, open, open_box, seal, seal_box,
};
pub use signed::{PublicKey, SignKey, Signable, Signature, SignatureFault, Signed, Verified};

use crate::ids::Hash;

/// Hash of `parts`, each preceded by its length, under a name that keeps different uses apart.
#[must_use]
pub fn hash(domain: &str, parts: &[&[u8]]) -> Hash {
    let mut digest = Sha256::new();
    for part in std::iter::once(domain.as_bytes()).chain(parts.iter().copied()) {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    Hash(digest.finalize().into())
}

/// Plain SHA-256 of bytes, for values that others compute too (key pins, checksums of files).
#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// HMAC-SHA256 of `message` under `key`, with a name that keeps different uses apart.
#[must_use]
pub fn keyed_hash(key: &[u8; 32], domain: &str, message: &[u8]) -> Hash {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length; the error type cannot be built")]
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC key of any length");
    mac.update(&(domain.len() as u64).to_be_bytes());
    mac.update(domain.as_bytes());
    mac.update(message);
    Hash(mac.finalize().into_bytes().into())
}
