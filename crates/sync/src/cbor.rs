//! Bytes to values and back, with the two rules every format here keeps: a hard length, and nothing after the end.
//! Must not know any particular format.

use minicbor::{Decode, Encode};

/// Why bytes are not the value that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeFault {
    /// Longer than the format allows.
    #[error("{length} bytes where at most {max} are allowed")]
    TooLong {
        /// Bytes given.
        length: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// Not this format, or cut short.
    #[error("malformed near byte {at}")]
    Malformed {
        /// Where reading stopped, in bytes from the start.
        at: usize,
    },
    /// A well-formed value with something after it.
    #[error("{count} bytes after the end")]
    Trailing {
        /// How many bytes are left over.
        count: usize,
    },
}

/// The canonical bytes of a value.
#[must_use]
pub(crate) fn to_bytes<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    #[expect(
        clippy::expect_used,
        reason = "plain data written into a Vec: neither the sink nor our encoders can fail"
    )]
    minicbor::encode(value, &mut out).expect("encoding into memory");
    out
}

/// Reads one value that fills `bytes` exactly.
pub(crate) fn from_bytes<'b, T: Decode<'b, ()>>(bytes: &'b [u8], max: usize) -> Result<T, DecodeFault> {
    if bytes.len() > max {
        return Err(DecodeFault::TooLong { length: bytes.len(), max });
    }
    let mut decoder = minicbor::Decoder::new(bytes);
    let value =
        decoder.decode::<T>().map_err(|fault| DecodeFault::Malformed { at: fault.position().unwrap_or_default() })?;
    let count = bytes.len().saturating_sub(decoder.position());
    if count > 0 {
        return Err(DecodeFault::Trailing { count });
    }
    Ok(value)
}
