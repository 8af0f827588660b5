//! The lease: how long a laptop that does not reach the station goes on showing records. It locks reading, never saving or
//! sending. A code told by the chief extends it: it is bound to the laptop, to the day the lease ends and to the number of
//! days given, so it fits once. Must not know a clock: days are given.

use std::fmt;
use std::str::FromStr;

use crate::crypto;
use crate::ids::ReplicaId;

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code: 70 bits, of which trying every number of days costs less than seven.
const LETTERS: usize = 14;
/// A station that says nothing gives so many days: two months without a network are promised.
pub const LEASE_DAYS_DEFAULT: u32 = 60;
/// More days than this are not given by one code.
pub const EXTENSION_DAYS_MAX: u32 = 90;

/// The key by which station and one laptop know extension codes.
#[derive(Clone, PartialEq, Eq)]
pub struct LeaseKey([u8; 32]);

impl fmt::Debug for LeaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LeaseKey(..)")
    }
}

impl LeaseKey {
    /// The key of a laptop, from a secret only the station has.
    #[must_use]
    pub fn derive(station_secret: &[u8; 32], replica: ReplicaId) -> Self {
        Self(crypto::keyed_hash(station_secret, "fengqiao lease key 1", replica.as_bytes()).0)
    }

    /// The key an enrolment file carried.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes for an enrolment file.
    #[must_use]
    pub const fn to_bytes(&self) -> [u8; 32] {
        self.0
    }

    /// The code that adds `days` to a lease ending on `ends_on` (`YYYY-MM-DD`, station-local).
    #[must_use]
    pub fn code(&self, ends_on: &str, days: u32) -> ExtensionCode {
        let message = [ends_on.as_bytes(), &days.to_be_bytes()].concat();
        let hash = crypto::keyed_hash(&self.0, "fengqiao lease extension 1", &message);
        let letters = hash.0.iter().take(LETTERS).filter_map(|byte| ALPHABET.get(usize::from(byte & 31)).copied());
        ExtensionCode(letters.map(char::from).collect())
    }

    /// How many days a typed code adds to a lease ending on `ends_on`; nothing when it does not fit.
    #[must_use]
    pub fn days_of(&self, ends_on: &str, code: &ExtensionCode) -> Option<u32> {
        (1..=EXTENSION_DAYS_MAX).find(|days| self.code(ends_on, *days) == *code)
    }
}

/// A code as it is told and typed, `XXXX-XXXX-XXXX-XX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionCode(String);

/// The text is no code: another length or a character no code has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an extension code")]
pub struct NotACode;

impl fmt::Display for ExtensionCode {
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

impl FromStr for ExtensionCode {
    type Err = NotACode;

    /// Reads what a person types: any case, dashes and spaces anywhere, full-width forms, O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let mut letters = String::with_capacity(LETTERS);
        for typed in text.chars().take(256) {
            let half_width = match u32::from(typed) {
                wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(typed),
                _ => typed,
            };
            if half_width.is_whitespace() || matches!(half_width, '-' | '–' | '—') {
                continue;
            }
            let letter = match half_width.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let known = u8::try_from(letter).is_ok_and(|byte| ALPHABET.contains(&byte));
            if !known || letters.len() == LETTERS {
                return Err(NotACode);
            }
            letters.push(letter);
        }
        if letters.len() == LETTERS { Ok(Self(letters)) } else { Err(NotACode) }
    }
}

#[cfg(test)]
mod tests {
    use super::{EXTENSION_DAYS_MAX, ExtensionCode, LeaseKey};
    use crate::ids::ReplicaId;

    fn key(number: u8) -> LeaseKey {
        LeaseKey::derive(&[7; 32], ReplicaId::from_bytes([number; 16]))
    }

    #[test]
    fn a_code_fits_one_laptop_one_end_and_one_number_of_days() {
        let code = key(1).code("2026-11-21", 14);
        assert_eq!(key(1).days_of("2026-11-21", &code), Some(14));
        assert_eq!(key(1).days_of("2026-12-05", &code), None);
        assert_eq!(key(2).days_of("2026-11-21", &code), None);
        assert_eq!(key(1).days_of("2026-11-21", &key(1).code("2026-11-21", EXTENSION_DAYS_MAX + 1)), None);
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = key(1).code("2026-11-21", 7);
        let shown = code.to_string();
        assert_eq!(shown.len(), 17);
        for typed in [shown.to_lowercase(), shown.replace('-', " "), shown.replace('0', "o").replace('1', "l")] {
            assert_eq!(typed.parse::<ExtensionCode>().as_ref(), Ok(&code), "{typed}");
        }
        for wrong in ["", "1234", "UUUU-UUUU-UUUU-UU", "1234-5678-9ABC-DEF"] {
            assert!(wrong.parse::<ExtensionCode>().is_err(), "{wrong}");
        }
    }
}
