//! The storage side of a sync: what the engine loads, and what an answer of the station brings, in one transaction.
//! Must not know the network. Field rules on others' data are never a reason to refuse; they become work items.

mod again;
mod apply;
mod earlier;
mod evidence;
mod load;
mod refuse;

use std::collections::BTreeSet;

use crate::tag::Tag;

pub use earlier::{ToCome, to_come};
pub(crate) use evidence::LOGGED;
pub use load::{DirectoryHeld, directory, receipts_through};
pub(crate) use load::{OUTBOX, receipted};
pub(crate) use refuse::follow as follow_refused;

/// What an answer brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// What was touched.
    pub changed: BTreeSet<Tag>,
    /// Entries of others that were new here.
    pub fetched: u64,
    /// Own entries the station accepted.
    pub received: u64,
    /// Own entries the station set aside.
    pub set_aside: u64,
    /// Entries kept aside because a check failed.
    pub quarantined: u64,
    /// Pages left alone because they name own entries that are not in this lane: another copy of this disk wrote them.
    pub foreign: u64,
    /// Scopes whose first sync began again from the log's beginning, because station and laptop did not agree where it was.
    pub begun_again: u64,
}
