//! The short code that opens an enrolment file: twelve letters of an alphabet without look-alikes, 60 bits.
//! Must not know what the code opens.

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const LETTERS: usize = 12;

/// Why a typed text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    /// Too few or too many letters.
    #[error("{count} letters where {LETTERS} are expected")]
    Length {
        /// Letters found, without dashes and spaces.
        count: usize,
    },
    /// A character that no code has.
    #[error("character outside the alphabet")]
    Character,
}

/// A code, shown as `XXXX-XXXX-XXXX`.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode(Zeroizing<String>);

impl EnrolmentCode {
    /// A code from random bytes; five bits of each are used.
    #[must_use]
    pub fn from_random(random: [u8; LETTERS]) -> Self {
        let letters = random.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 31)).copied()).map(char::from);
        Self(Zeroizing::new(letters.collect()))
    }

    pub(super) fn secret(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Display for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, letter) in self.0.chars().enumerate() {
            if position > 0 && position % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnrolmentCode(..)")
    }
}

impl FromStr for EnrolmentCode {
    type Err = CodeFault;

    /// Reads what a person types: any case, dashes and spaces anywhere, full-width forms, O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, CodeFault> {
        let mut letters = Zeroizing::new(String::with_capacity(LETTERS));
        for typed in text.chars().take(256) {
            let half_width = match u32::from(typed) {
                wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(typed),
                _ => typed,
            };
            if half_width.is_whitespace() || matches!(half_width, '-' | '–' | '—' | '－') {
                continue;
            }
            let letter = match half_width.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let known = u8::try_from(letter).is_ok_and(|byte| ALPHABET.contains(&byte));
            if !known {
                return Err(CodeFault::Character);
            }
            letters.push(letter);
        }
        if letters.len() == LETTERS { Ok(Self(letters)) } else { Err(CodeFault::Length { count: letters.len() }) }
    }
}
