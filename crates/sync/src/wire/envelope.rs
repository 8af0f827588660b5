//! The eight bytes before every message, and the optional compression. Must not know what messages say.

use super::{WIRE_VERSION, WIRE_VERSION_OLDEST, WireFault};
use crate::cbor::DecodeFault;

const MAGIC: &[u8; 4] = b"FQSY";

/// How the body is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    Plain,
    /// zstd.
    Zstd,
}

/// zstd level: the laptops are old; 3 costs them 10 ms a megabyte.
const LEVEL: i32 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Request,
    Response,
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Self::Request => 1,
            Self::Response => 2,
        }
    }
}

/// Wraps a body. With [`Coding::Zstd`] the body goes plain when compression does not make it shorter.
pub(super) fn wrap(kind: Kind, coding: Coding, body: &[u8]) -> Vec<u8> {
    let squeezed = match coding {
        Coding::Plain => None,
        Coding::Zstd => zstd::bulk::compress(body, LEVEL).ok().filter(|short| short.len() < body.len()),
    };
    let coding_byte = u8::from(squeezed.is_some());
    let body = squeezed.as_deref().unwrap_or(body);
    let mut out = Vec::with_capacity(8 + body.len());
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&[WIRE_VERSION, kind.byte(), coding_byte, 0]);
    out.extend_from_slice(body);
    out
}

/// Unwraps a message into its body.
pub(super) fn unwrap(bytes: &[u8], kind: Kind, most: usize, most_inflated: usize) -> Result<Vec<u8>, WireFault> {
    let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(WireFault::NotOurProtocol)?;
    let cut_short = WireFault::Damaged(DecodeFault::Malformed { at: bytes.len() });
    let (head, body) = rest.split_first_chunk::<4>().ok_or(cut_short)?;
    let [version, found_kind, coding, _reserved] = *head;
    if !(WIRE_VERSION_OLDEST..=WIRE_VERSION).contains(&version) {
        return Err(WireFault::VersionUnknown { found: version });
    }
    if found_kind != kind.byte() {
        return Err(WireFault::UnexpectedKind);
    }
    if bytes.len() > most {
        return Err(WireFault::TooLong);
    }
    match coding {
        0 => Ok(body.to_vec()),
        1 => inflate(body, most_inflated),
        _ => Err(WireFault::Damaged(DecodeFault::Malformed { at: 6 })),
    }
}

fn inflate(body: &[u8], most: usize) -> Result<Vec<u8>, WireFault> {
    let damaged = WireFault::Damaged(DecodeFault::Malformed { at: 8 });
    // The claimed size decides what is allocated, so it is bounded first; without a claim nothing is inflated.
    let claimed = match zstd::zstd_safe::get_frame_content_size(body) {
        Ok(Some(size)) => usize::try_from(size).map_err(|_| WireFault::TooLong)?,
        Ok(None) | Err(_) => return Err(damaged),
    };
    if claimed > most {
        return Err(WireFault::TooLong);
    }
    let inflated = zstd::bulk::decompress(body, claimed).map_err(|_| damaged)?;
    if inflated.len() == claimed { Ok(inflated) } else { Err(damaged) }
}
