//! The kinds of document. Owns their names; must not know their fields (see `shape`) or how they are stored.

use serde::{Deserialize, Serialize};

/// The kind of a document. The text form is written into the document's first change as `_kind` and never changes meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 地址: a node of the address tree.
    Address,
    /// 住户: who keeps house together at one address.
    Household,
    /// 居民: a person.
    Resident,
    /// 居住: who lives in which household from when to when.
    Residence,
    /// 走访: a visit to a home or place.
    Visit,
    /// 巡逻: a patrol log.
    Patrol,
    /// 矛盾纠纷: a dispute and its whole life.
    Dispute,
    /// 调解员: a mediator in the register.
    Mediator,
}

impl Kind {
    /// All kinds, in the order screens and dumps list them.
    pub const ALL: [Self; 8] = [
        Self::Address,
        Self::Household,
        Self::Resident,
        Self::Residence,
        Self::Visit,
        Self::Patrol,
        Self::Dispute,
        Self::Mediator,
    ];

    /// The stable text form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Household => "household",
            Self::Resident => "resident",
            Self::Residence => "residence",
            Self::Visit => "visit",
            Self::Patrol => "patrol",
            Self::Dispute => "dispute",
            Self::Mediator => "mediator",
        }
    }

    /// The kind written as `text`, if this version knows it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn every_kind_is_read_back_from_its_text() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse("household "), None);
    }
}
