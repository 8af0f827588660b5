//! Owns: the keys under which two records are taken for the same person or household.
//! Must not know: where the records are; finding is the caller's work, deciding a person's.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::{id_number, name, text};
use chrono::NaiveDate;
use serde::Serialize;

/// The code of the citizen identity card in GA/T 517; other cards of citizens carry the same number.
const RESIDENT_ID: &str = "111";

/// Equal keys mean: perhaps the same person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum PersonKey {
    /// The same paper: almost surely the same person.
    Document {
        /// GA/T 517 code.
        kind: String,
        /// The number in its written form.
        number: String,
    },
    /// The same name and day of birth: worth a look.
    NameAndBirth {
        /// The name in its written form.
        name: String,
        /// Day of birth.
        born_on: NaiveDate,
    },
}

/// The key of a paper; none for an empty number.
#[must_use]
pub fn document_key(kind: &str, number: &str) -> Option<PersonKey> {
    let number = id_number::normalise(number);
    if number.is_empty() {
        return None;
    }
    // An identity number means the same person whatever the paper it was copied from is called.
    let is_id = number.get(..17).and_then(id_number::check_digit).is_some() && number.len() == 18;
    let kind = if is_id { RESIDENT_ID } else { kind };
    let kind = kind.to_owned();
    Some(PersonKey::Document { kind, number })
}

/// A key of any length in 16 bytes, so that a whole register is remembered in little. Two different keys share one with odds
/// that no file reaches; a person who makes them meet on purpose only has rows of his own file refused or put together.
/// Good within one run of a program, never to be stored.
#[must_use]
pub fn fingerprint<T: Hash + ?Sized>(key: &T) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        key.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
}

/// The key of name and birth; none for an empty name.
#[must_use]
pub fn birth_key(written: &str, born_on: NaiveDate) -> Option<PersonKey> {
    let name = name::normalise(written);
    (!name.is_empty()).then_some(PersonKey::NameAndBirth { name, born_on })
}

/// An address as one line without blanks, half-width: equal lines mean the same address.
#[must_use]
pub fn address_key(address: &str) -> String {
    text::squeeze(address).to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_tell_keys_apart_and_are_the_same_for_equal_ones() {
        let born_on = NaiveDate::from_ymd_opt(1986, 11, 16).unwrap_or_default();
        let keys =
            [document_key("111", "a"), document_key("414", "a"), document_key("111", "b"), birth_key("a", born_on)];
        let all: std::collections::BTreeSet<u128> = keys.iter().map(fingerprint).collect();
        assert_eq!(all.len(), keys.len());
        assert_eq!(fingerprint(&document_key("111", "a")), fingerprint(&document_key("111", "a")));
        assert_ne!(fingerprint(&("ab", "c")), fingerprint(&("a", "bc")));
    }

    #[test]
    fn one_paper_has_one_key_however_it_is_written() {
        let key = document_key("111", "11010519491231002X");
        assert!(key.is_some());
        assert_eq!(document_key("111", " 110105 19491231 002x"), key);
        assert_eq!(document_key("113", "１１０１０５１９４９１２３１００２Ｘ"), key);
        assert_ne!(document_key("414", "E12345678"), document_key("411", "E12345678"));
        assert_eq!(document_key("111", " "), None);
    }

    #[test]
    fn one_person_has_one_key_of_name_and_birth() {
        let born = "1990-01-02".parse().unwrap();
        assert_eq!(birth_key("张　三", born), birth_key("张三 ", born));
        assert_ne!(birth_key("张三", born), birth_key("张三", "1990-01-03".parse().unwrap()));
        assert_eq!(birth_key("", born), None);
    }

    #[test]
    fn one_address_has_one_key() {
        assert_eq!(address_key("石桥头村 3组２7号"), address_key("石桥头村3组27号"));
    }
}
