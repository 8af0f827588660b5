//! Owns: scope ids as text and value (`station`, `cell:<code>`, `cell:<code>:sensitive`) and the set an officer holds.
//! Must not know: how scopes are synced.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// Where a document lives: the station, a cell, or a cell's sensitive part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scope {
    /// Mediators, teams: what every officer of the station sees.
    Station,
    /// A cell, by its code.
    Cell(String),
    /// The sensitive part of a cell, by the cell's code: delivered to named officers only.
    CellSensitive(String),
}

/// The text is no scope id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no scope id")]
pub struct NotAScope(pub String);

impl Scope {
    /// The cell's code, for both parts of a cell.
    #[must_use]
    pub fn cell(&self) -> Option<&str> {
        match self {
            Self::Station => None,
            Self::Cell(code) | Self::CellSensitive(code) => Some(code),
        }
    }

    /// Which kind of scope it is.
    #[must_use]
    pub const fn kind(&self) -> ScopeKind {
        match self {
            Self::Station => ScopeKind::Station,
            Self::Cell(_) => ScopeKind::Cell,
            Self::CellSensitive(_) => ScopeKind::CellSensitive,
        }
    }
}

/// The three kinds of scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// The station.
    Station,
    /// A cell.
    Cell,
    /// The sensitive part of a cell.
    CellSensitive,
}

impl ScopeKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Station, Self::Cell, Self::CellSensitive];
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Station => f.write_str("station"),
            Self::Cell(code) => write!(f, "cell:{code}"),
            Self::CellSensitive(code) => write!(f, "cell:{code}:sensitive"),
        }
    }
}

impl FromStr for Scope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "station" {
            return Ok(Self::Station);
        }
        let wrong = || NotAScope(text.to_owned());
        let rest = text.strip_prefix("cell:").ok_or_else(wrong)?;
        let (code, scope): (&str, fn(String) -> Self) = match rest.strip_suffix(":sensitive") {
            Some(code) => (code, Self::CellSensitive),
            None => (rest, Self::Cell),
        };
        if code.is_empty() || code.contains(':') || code.contains(char::is_whitespace) {
            return Err(wrong());
        }
        Ok(scope(code.to_owned()))
    }
}

impl TryFrom<String> for Scope {
    type Error = NotAScope;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

/// The scopes an officer holds on a day, as his assignments say.
pub type Scopes = BTreeSet<Scope>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scope_ids_read_back_as_written() {
        for text in ["station", "cell:QF-03", "cell:QF-03:sensitive"] {
            assert_eq!(text.parse::<Scope>().map(|scope| scope.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "cell:", "cell::sensitive", "cell:a:b", "town:1", "cell:a b", "station "] {
            assert!(text.parse::<Scope>().is_err(), "{text}");
        }
    }
}
