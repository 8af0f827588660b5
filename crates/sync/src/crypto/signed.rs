//! Signed bytes, and the proof that they were checked. A value is read only after its signature was verified.
//! Must not know any particular signed thing.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use minicbor::{Decode, Decoder, Encode, Encoder};
use zeroize::Zeroizing;

use crate::cbor::{self, DecodeFault};
use crate::ids::exact_bytes;

/// An Ed25519 public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

/// An Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}

/// An Ed25519 secret key; wiped from memory when dropped.
#[derive(Clone)]
pub struct SignKey(SigningKey);

impl fmt::Debug for SignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignKey(public {:?})", self.public())
    }
}

impl SignKey {
    /// From 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// The 32 bytes, to be stored sealed.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    pub(crate) fn sign(&self, domain: &str, payload: &[u8]) -> Signature {
        Signature(self.0.sign(&to_be_signed(domain, payload)).to_bytes())
    }
}

impl PublicKey {
    pub(crate) fn check(&self, domain: &str, payload: &[u8], signature: &Signature) -> Result<(), SignatureFault> {
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| SignatureFault::NotAKey)?;
        key.verify_strict(&to_be_signed(domain, payload), &ed25519_dalek::Signature::from_bytes(&signature.0))
            .map_err(|_| SignatureFault::Wrong)
    }
}

/// The kind of the signed thing comes first, so that a signature under one kind is worth nothing under another.
fn to_be_signed(domain: &str, payload: &[u8]) -> Vec<u8> {
    [b"fengqiao signature 1\0", domain.as_bytes(), b"\0", payload].concat()
}

/// Why signed bytes are not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// The public key is not a point of the curve.
    #[error("not a public key")]
    NotAKey,
    /// Signed by another key, or changed since.
    #[error("signature wrong")]
    Wrong,
    /// Rightly signed, but not the value that was expected: a newer or broken signer.
    #[error("signed bytes unreadable: {0}")]
    Unreadable(DecodeFault),
}

/// A value that can be signed.
pub trait Signable: Encode<()> + for<'b> Decode<'b, ()> {
    /// Keeps signatures of different kinds apart; never reused.
    const DOMAIN: &'static str;
    /// The longest payload that is read.
    const BYTES_MAX: usize;
}

/// Bytes that claim to be a `T`, with a signature. Cannot be read before [`Signed::verify`].
pub struct Signed<T> {
    payload: Vec<u8>,
    signature: Signature,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Signed<T> {
    fn clone(&self) -> Self {
        Self { payload: self.payload.clone(), signature: self.signature, kind: PhantomData }
    }
}

impl<T> PartialEq for Signed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.payload == other.payload && self.signature == other.signature
    }
}

impl<T> Eq for Signed<T> {}

impl<T> fmt::Debug for Signed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed({} bytes)", self.payload.len())
    }
}

impl<T: Signable> Signed<T> {
    /// Signs a value.
    #[must_use]
    pub fn sign(value: &T, key: &SignKey) -> Self {
        let payload = cbor::to_bytes(value);
        let signature = key.sign(T::DOMAIN, &payload);
        Self { payload, signature, kind: PhantomData }
    }

    /// Checks the signature, then reads the value.
    ///
    /// # Errors
    /// [`SignatureFault`].
    pub fn verify(self, key: &PublicKey) -> Result<Verified<T>, SignatureFault> {
        key.check(T::DOMAIN, &self.payload, &self.signature)?;
        let value = cbor::from_bytes(&self.payload, T::BYTES_MAX).map_err(SignatureFault::Unreadable)?;
        Ok(Verified { value, signed: self })
    }

    /// What the bytes claim, to choose the key by. To be believed only after [`Signed::verify`].
    pub(crate) fn peek(&self) -> Result<T, DecodeFault> {
        cbor::from_bytes(&self.payload, T::BYTES_MAX)
    }

    /// The bytes to store or send.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::to_bytes(self)
    }

    /// Reads the wrapping only; the value stays closed.
    ///
    /// # Errors
    /// [`DecodeFault`] when the bytes are not a signed value.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeFault> {
        cbor::from_bytes(bytes, T::BYTES_MAX + 128)
    }
}

/// A value whose signature was checked. Only [`Signed::verify`] makes one.
pub struct Verified<T> {
    value: T,
    signed: Signed<T>,
}

impl<T: Clone> Clone for Verified<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), signed: self.signed.clone() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Verified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Verified").field(&self.value).finish()
    }
}

impl<T: PartialEq> PartialEq for Verified<T> {
    fn eq(&self, other: &Self) -> bool {
        self.signed == other.signed
    }
}

impl<T: Eq> Eq for Verified<T> {}

impl<T> Verified<T> {
    /// The value.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The value, without the proof.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }

    /// The signed bytes, to be stored or handed on.
    #[must_use]
    pub fn signed(&self) -> &Signed<T> {
        &self.signed
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T, C> Encode<C> for Signed<T> {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(2)?.bytes(&self.payload)?.bytes(&self.signature.0)?.ok()
    }
}

impl<'b, T: Signable, C> Decode<'b, C> for Signed<T> {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        if d.array()? != Some(2) {
            return Err(minicbor::decode::Error::message("signed value").at(at));
        }
        let payload = d.bytes()?;
        if payload.len() > T::BYTES_MAX {
            return Err(minicbor::decode::Error::message("signed value too long").at(at));
        }
        Ok(Self { payload: payload.to_vec(), signature: Signature(exact_bytes::<64>(d)?), kind: PhantomData })
    }
}

impl<C> Encode<C> for PublicKey {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for PublicKey {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        exact_bytes::<32>(d).map(Self)
    }
}

impl<C> Encode<C> for Signature {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Signature {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        exact_bytes::<64>(d).map(Self)
    }
}
