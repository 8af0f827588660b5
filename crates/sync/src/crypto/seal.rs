//! Secret bytes: sealed under a key both sides know, or to one of the station's box keys. Nonces and ephemeral keys arrive
//! as arguments. Must not know what is inside.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use minicbor::{Decode, Encode};
use x25519_dalek::StaticSecret;
use zeroize::Zeroizing;

use super::keyed_hash;
use crate::ids::exact_bytes;

/// Bytes of a nonce; random ones never repeat in practice.
pub const NONCE_BYTES: usize = 24;

/// Bytes that [`seal`] adds: nonce and tag.
pub const SEAL_OVERHEAD_BYTES: usize = NONCE_BYTES + 16;

/// Why sealed bytes could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// Too short to be sealed bytes.
    #[error("too short to be sealed bytes")]
    TooShort,
    /// Another key, other associated data, or damaged bytes; these cannot be told apart.
    #[error("wrong key or damaged bytes")]
    WrongKeyOrDamaged,
}

/// Seals `plain` with XChaCha20-Poly1305. `nonce` must be fresh random bytes; `context` must be given again to open.
#[must_use]
pub fn seal(key: &[u8; 32], nonce: [u8; NONCE_BYTES], context: &[u8], plain: &[u8]) -> Vec<u8> {
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    #[expect(clippy::expect_used, reason = "fails only beyond 256 GiB of plain text")]
    let sealed =
        cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context }).expect("plain text in memory");
    let mut out = Vec::with_capacity(NONCE_BYTES + sealed.len());
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    out
}

/// Opens what [`seal`] made.
///
/// # Errors
/// [`SealFault`].
pub fn open(key: &[u8; 32], context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealFault> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(SealFault::TooShort)?;
    XChaCha20Poly1305::new(&Key::from(*key))
        .decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: context })
        .map(Zeroizing::new)
        .map_err(|_| SealFault::WrongKeyOrDamaged)
}

/// A public key (X25519) that only its holder opens what is sealed to: the station's recovery key, its key for bundles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoxPublicKey(pub [u8; 32]);

/// The secret half of a box key.
#[derive(Clone)]
pub struct BoxSecretKey(StaticSecret);

impl BoxSecretKey {
    /// From 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(StaticSecret::from(seed))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> BoxPublicKey {
        BoxPublicKey(x25519_dalek::PublicKey::from(&self.0).to_bytes())
    }

    /// The 32 bytes, to be stored sealed.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }
}

/// Seals `plain` so that only the holder of the box key can open it. `ephemeral` must be fresh random bytes.
#[must_use]
pub fn seal_box(to: &BoxPublicKey, ephemeral: [u8; 32], context: &[u8], plain: &[u8]) -> Vec<u8> {
    let secret = StaticSecret::from(ephemeral);
    let ours = x25519_dalek::PublicKey::from(&secret).to_bytes();
    let shared = Zeroizing::new(secret.diffie_hellman(&x25519_dalek::PublicKey::from(to.0)).to_bytes());
    let key = box_key(&shared, &ours, &to.0);
    let mut out = ours.to_vec();
    // The key is used once, so the nonce carries no information.
    out.extend_from_slice(&seal(&key, [0; NONCE_BYTES], context, plain));
    out
}

/// Opens what [`seal_box`] made.
///
/// # Errors
/// [`SealFault`].
pub fn open_box(secret: &BoxSecretKey, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealFault> {
    let (theirs, body) = sealed.split_first_chunk::<32>().ok_or(SealFault::TooShort)?;
    let shared = secret.0.diffie_hellman(&x25519_dalek::PublicKey::from(*theirs));
    if !shared.was_contributory() {
        return Err(SealFault::WrongKeyOrDamaged);
    }
    let key = box_key(&Zeroizing::new(shared.to_bytes()), theirs, &secret.public().0);
    open(&key, context, body)
}

fn box_key(shared: &[u8; 32], sender: &[u8; 32], receiver: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(keyed_hash(shared, "fengqiao box 1", &[*sender, *receiver].concat()).0)
}

impl<C> Encode<C> for BoxPublicKey {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for BoxPublicKey {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        exact_bytes::<32>(d).map(Self)
    }
}
