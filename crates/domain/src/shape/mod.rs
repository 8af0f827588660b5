//! Which fields a document of each kind has, what a value may be, and what happens when two people change one at once.
//! Owns the tables; must not know automerge, SQL or screens.
//!
//! A document is one flat map of scalars. A plain field is a key (`phone`); a field of a collection's item is
//! `sessions/<id>/kind`; an item is removed by `sessions/<id>/_gone`. Keys this version does not know are kept.

mod people;
mod work;

use serde::{Deserialize, Serialize};

use crate::codes::CodeTableName;
use crate::kind::Kind;

/// One value of a field. Money is whole fen; instants are UTC milliseconds; dates are `YYYY-MM-DD` text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(untagged)]
pub enum Scalar {
    /// Explicitly emptied. Kept as a value, so that emptying and changing at once is a conflict somebody sees.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
}

impl Scalar {
    /// The text, if this is text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Int(_) => None,
        }
    }

    /// The number, if this is a number.
    #[must_use]
    pub const fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Null | Self::Bool(_) | Self::Text(_) => None,
        }
    }

    /// The truth value, if this is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Null | Self::Int(_) | Self::Text(_) => None,
        }
    }

    /// Whether nothing is written here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            Self::Bool(_) | Self::Int(_) => false,
        }
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Scalar {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}
impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl<T: Into<Self>> From<Option<T>> for Scalar {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// One line, at most so many characters.
    Line(usize),
    /// A narrative, at most so many characters. Never merged word by word.
    Narrative(usize),
    /// A whole number within bounds, both included.
    Int(i64, i64),
    /// Money in fen, not negative.
    Money,
    /// Yes or no.
    Bool,
    /// A calendar day.
    Date,
    /// UTC milliseconds.
    Instant,
    /// A code of a table.
    Code(CodeTableName),
    /// A state of the dispute's life, see `dispute`.
    DisputeState,
    /// The id of another document.
    Ref(Kind),
    /// The id of an officer in the directory.
    Officer,
    /// The code of a cell in the directory.
    Cell,
    /// The number of an identity paper.
    IdNumber,
    /// A telephone number.
    Phone,
}

/// What happens when two people wrote different values without knowing of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concurrent {
    /// Both values are shown and a person decides.
    Ask,
    /// The greater value stands (the latest date, the higher count): asking would be wrong.
    Greatest,
}

/// Whether a value is shown in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// Shown in full.
    Open,
    /// Masked until revealed with a reason; the reveal is audited.
    Masked,
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Key in the document; also the name of the column and of the message.
    pub key: &'static str,
    /// Official Chinese term.
    pub zh: &'static str,
    /// English term.
    pub en: &'static str,
    /// What it may hold.
    pub holds: FieldType,
    /// What happens on concurrent edits.
    pub concurrent: Concurrent,
    /// Whether it is masked.
    pub exposure: Exposure,
}

impl Field {
    const fn new(key: &'static str, zh: &'static str, en: &'static str, holds: FieldType) -> Self {
        Self { key, zh, en, holds, concurrent: Concurrent::Ask, exposure: Exposure::Open }
    }
    const fn greatest(mut self) -> Self {
        self.concurrent = Concurrent::Greatest;
        self
    }
    const fn masked(mut self) -> Self {
        self.exposure = Exposure::Masked;
        self
    }
}

/// Parts of a document that come in any number.
#[derive(Debug, Clone, Copy)]
pub struct Collection {
    /// First part of the keys.
    pub key: &'static str,
    /// Official Chinese term of one item.
    pub zh: &'static str,
    /// English term of one item.
    pub en: &'static str,
    /// Fields of an item.
    pub fields: &'static [Field],
}

/// The fields and collections of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The kind.
    pub kind: Kind,
    /// Written as `_shape`. Grows by one when fields are added; a key never changes its meaning.
    pub version: i64,
    /// Plain fields.
    pub fields: &'static [Field],
    /// Collections.
    pub collections: &'static [Collection],
}

/// A key taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPath<'a> {
    /// `_id`, `_kind`, `_shape`.
    Header(&'a str),
    /// `phone`
    Plain(&'a str),
    /// `sessions/<id>/kind`
    Item {
        /// The collection.
        collection: &'a str,
        /// The item.
        item: &'a str,
        /// The field of the item; `_gone` marks it removed.
        field: &'a str,
    },
    /// Anything else: kept, not shown.
    Unknown(&'a str),
}

impl<'a> KeyPath<'a> {
    /// Takes a key apart.
    #[must_use]
    pub fn parse(key: &'a str) -> Self {
        let mut parts = key.split('/');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(one), None, None, None) if one.starts_with('_') => Self::Header(one),
            (Some(one), None, None, None) if !one.is_empty() => Self::Plain(one),
            (Some(collection), Some(item), Some(field), None)
                if !collection.is_empty() && !item.is_empty() && !field.is_empty() =>
            {
                Self::Item { collection, item, field }
            }
            (_, _, _, _) => Self::Unknown(key),
        }
    }
}

/// The key that marks an item removed.
pub const GONE: &str = "_gone";

/// The key of an item's field.
#[must_use]
pub fn item_key(collection: &str, item: &str, field: &str) -> String {
    format!("{collection}/{item}/{field}")
}

impl Shape {
    /// The field a key stands for, if this version knows it.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        match KeyPath::parse(key) {
            KeyPath::Plain(plain) => self.fields.iter().find(|field| field.key == plain),
            KeyPath::Item { collection, field, .. } => self
                .collections
                .iter()
                .find(|entry| entry.key == collection)
                .and_then(|entry| entry.fields.iter().find(|known| known.key == field)),
            KeyPath::Header(_) | KeyPath::Unknown(_) => None,
        }
    }
}

/// The shape of a kind as this version writes it.
#[must_use]
pub const fn shape(kind: Kind) -> &'static Shape {
    match kind {
        Kind::Address => &people::ADDRESS,
        Kind::Household => &people::HOUSEHOLD,
        Kind::Resident => &people::RESIDENT,
        Kind::Residence => &people::RESIDENCE,
        Kind::Visit => &work::VISIT,
        Kind::Patrol => &work::PATROL,
        Kind::Dispute => &work::DISPUTE,
        Kind::Mediator => &work::MEDIATOR,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{KeyPath, item_key, shape};
    use crate::kind::Kind;

    #[test]
    fn no_key_is_used_twice_and_none_holds_a_slash() {
        for kind in Kind::ALL {
            let shape = shape(kind);
            assert_eq!(shape.kind, kind);
            let mut seen = BTreeSet::new();
            for key in shape.fields.iter().map(|f| f.key).chain(shape.collections.iter().map(|c| c.key)) {
                assert!(seen.insert(key), "{kind:?} {key}");
                assert!(!key.contains('/') && !key.starts_with('_'));
            }
        }
    }

    #[test]
    fn keys_are_taken_apart() {
        assert_eq!(KeyPath::parse("_id"), KeyPath::Header("_id"));
        assert_eq!(KeyPath::parse("phone"), KeyPath::Plain("phone"));
        assert_eq!(
            KeyPath::parse(&item_key("sessions", "a", "kind")),
            KeyPath::Item { collection: "sessions", item: "a", field: "kind" }
        );
        assert_eq!(KeyPath::parse("a//b"), KeyPath::Unknown("a//b"));
        assert_eq!(KeyPath::parse(""), KeyPath::Unknown(""));
    }

    #[test]
    fn the_phone_of_a_resident_is_known_and_masked() {
        let field = shape(Kind::Resident).field("phone").unwrap();
        assert_eq!(field.exposure, super::Exposure::Masked);
        assert!(shape(Kind::Dispute).field("parties/x/phone").is_some());
        assert!(shape(Kind::Dispute).field("parties/x/height").is_none());
    }
}
