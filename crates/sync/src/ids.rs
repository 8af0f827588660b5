//! Names of the things that travel: replicas, documents, acts, officers, scopes, hashes.
//! Must not know what any of them stands for in the field.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Decoder, Encode, Encoder};
use uuid::Uuid;

use crate::limits;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdFault {
    /// Not a hyphenated UUID.
    #[error("not a UUID")]
    NotUuid,
    /// Not `station`, `cell:<code>` or `cell:<code>:sensitive`.
    #[error("not a scope")]
    NotScope,
    /// Not 64 hexadecimal digits.
    #[error("not a hash")]
    NotHash,
    /// Not 32 hexadecimal digits.
    #[error("not an actor")]
    NotActor,
}

macro_rules! uuid_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// From 16 bytes, as stored.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes, as stored.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The UUID.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdFault;

            fn from_str(text: &str) -> Result<Self, IdFault> {
                Uuid::parse_str(text).map(Self).map_err(|_| IdFault::NotUuid)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(self.0.as_bytes())?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                exact_bytes::<16>(d).map(Self::from_bytes)
            }
        }
    };
}

uuid_id!(
    /// One station server with its directory and logs.
    StationId
);
uuid_id!(
    /// One officer's database on one laptop: its own key and lane.
    ReplicaId
);
uuid_id!(
    /// One document: a flat map of scalars, whatever it records.
    DocumentId
);
uuid_id!(
    /// One command of an officer; all its entries stand or fall together.
    ActId
);
uuid_id!(
    /// One person in the station's directory.
    OfficerId
);

uuid_id!(
    /// One registered medium: a stick that bundles may travel on.
    MediumId
);
uuid_id!(
    /// One bundle that a laptop wrote; its answer names it.
    BundleId
);

/// The automerge actor of one unlock: 16 random bytes, never used by two replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(pub [u8; limits::ACTOR_BYTES]);

/// A SHA-256 value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// All zero: the place before the first entry of something that has no owner.
    pub const ZERO: Self = Self([0; 32]);

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

macro_rules! fixed_bytes {
    ($name:ident, $length:expr, $fault:expr) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl FromStr for $name {
            type Err = IdFault;

            fn from_str(text: &str) -> Result<Self, IdFault> {
                hex_bytes::<{ $length }>(text).map(Self).ok_or($fault)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                exact_bytes::<{ $length }>(d).map(Self)
            }
        }
    };
}

fixed_bytes!(Actor, limits::ACTOR_BYTES, IdFault::NotActor);
fixed_bytes!(Hash, 32, IdFault::NotHash);

/// What a scope name means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScopeKind {
    /// What the whole station shares.
    Station,
    /// One cell.
    Cell {
        /// The cell's code.
        code: String,
    },
    /// The part of a cell that only named officers receive.
    Sensitive {
        /// The cell's code.
        code: String,
    },
}

/// The name of a scope: `station`, `cell:<code>` or `cell:<code>:sensitive`. Always well-formed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(String);

impl ScopeId {
    /// What the whole station shares.
    #[must_use]
    pub fn station() -> Self {
        Self("station".to_owned())
    }

    /// The scope of a cell.
    ///
    /// # Errors
    /// When the code is empty, too long, or holds anything but letters, digits, `-`, `_` and `.`.
    pub fn cell(code: &str) -> Result<Self, IdFault> {
        cell_code(code).map(|code| Self(format!("cell:{code}"))).ok_or(IdFault::NotScope)
    }

    /// The sensitive part of a cell.
    ///
    /// # Errors
    /// As for [`ScopeId::cell`].
    pub fn sensitive(code: &str) -> Result<Self, IdFault> {
        cell_code(code).map(|code| Self(format!("cell:{code}:sensitive"))).ok_or(IdFault::NotScope)
    }

    /// What the name means.
    #[must_use]
    pub fn kind(&self) -> ScopeKind {
        let Some(rest) = self.0.strip_prefix("cell:") else {
            return ScopeKind::Station;
        };
        match rest.strip_suffix(":sensitive") {
            Some(code) => ScopeKind::Sensitive { code: code.to_owned() },
            None => ScopeKind::Cell { code: rest.to_owned() },
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn cell_code(code: &str) -> Option<&str> {
    let fits = !code.is_empty() && code.len() <= limits::CELL_CODE_BYTES_MAX;
    let plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    (fits && plain).then_some(code)
}

impl fmt::Display for ScopeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ScopeId {
    type Err = IdFault;

    fn from_str(text: &str) -> Result<Self, IdFault> {
        if text == "station" {
            return Ok(Self::station());
        }
        let rest = text.strip_prefix("cell:").ok_or(IdFault::NotScope)?;
        match rest.strip_suffix(":sensitive") {
            Some(code) => Self::sensitive(code),
            None => Self::cell(rest),
        }
    }
}

impl<C> Encode<C> for ScopeId {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for ScopeId {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        d.str()?.parse().map_err(|_| minicbor::decode::Error::message("not a scope").at(at))
    }
}

pub(crate) fn exact_bytes<const N: usize>(d: &mut Decoder<'_>) -> Result<[u8; N], minicbor::decode::Error> {
    let at = d.position();
    d.bytes()?.try_into().map_err(|_| minicbor::decode::Error::message("wrong length").at(at))
}

fn hex_bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N * 2 || !text.is_ascii() {
        return None;
    }
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(out)
}
