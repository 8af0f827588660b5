//! What a build can read. What it cannot is set aside at the station, kept aside on laptops, and read again by a build that
//! can. Must not know who keeps it.

use std::collections::BTreeSet;

use crate::lane::EntryKind;

/// Raised with every build that takes bodies an earlier one could not: larger ones, or of another form.
const BODIES: u32 = 1;

/// The kinds of entries a build knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    kinds: BTreeSet<u8>,
}

impl Default for Known {
    fn default() -> Self {
        let kinds = [EntryKind::Change, EntryKind::Decision, EntryKind::Move, EntryKind::Freeze, EntryKind::Erase];
        Self { kinds: kinds.into_iter().map(EntryKind::number).collect() }
    }
}

impl Known {
    /// What this build knows.
    #[must_use]
    pub fn here() -> Self {
        Self::default()
    }

    /// What an earlier build knew, to which a kind was new.
    #[must_use]
    pub fn before(mut self, kind: EntryKind) -> Self {
        self.kinds.remove(&kind.number());
        self
    }

    /// Whether entries of a kind can be read.
    #[must_use]
    pub fn reads(&self, kind: EntryKind) -> bool {
        self.kinds.contains(&kind.number())
    }

    /// To be kept beside the data: what was put aside is read again when it is not this any more.
    #[must_use]
    pub fn mark(&self) -> String {
        let kinds: Vec<String> = self.kinds.iter().map(u8::to_string).collect();
        format!("{BODIES}:{}", kinds.join(","))
    }
}
