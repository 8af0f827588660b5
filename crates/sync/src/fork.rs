//! Copies of a disk that write on in one lane. A copy that is told that the station follows another branch goes on as a
//! successor by itself; one that has heard it and writes on all the same is frozen, and a person decides. Must not know how
//! branches are stored.

use crate::lane::LaneHead;
use crate::limits;

/// A branch that the station does not follow, as it was when its laptop was last told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Its last entry then.
    pub head: LaneHead,
    /// When, UTC milliseconds of the station's clock.
    pub told_at_ms: i64,
    /// How often it has grown although its laptop had heard.
    pub grown: u32,
}

/// What the station does with frames of a branch it does not follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForkVerdict {
    /// It says so, and remembers this in the place of what it remembered of the branch.
    Tell(Told),
    /// Nobody of this replica is heard any more until a person has decided.
    Freeze,
}

/// The newest known state of the branch that `places` are of, if its laptop was told before.
#[must_use]
pub fn known_of(known: &[Told], places: &[LaneHead]) -> Option<Told> {
    known.iter().filter(|told| places.contains(&told.head)).max_by_key(|told| told.head.index).copied()
}

/// Judges frames of a branch that end at `end`. `heard_at_ms` is the station's time of the last answer its laptop has
/// stored: only what was heard counts against it, and not at once, because a laptop may die between hearing and going on.
#[must_use]
pub fn judge_fork(known: Option<Told>, end: LaneHead, heard_at_ms: i64, now_ms: i64) -> ForkVerdict {
    let grown = match known {
        None => 0,
        Some(told) if told.head.index >= end.index => return ForkVerdict::Tell(told),
        Some(told) => told.grown.saturating_add(u32::from(heard_at_ms >= told.told_at_ms)),
    };
    if grown >= limits::FORK_TOLD_MAX {
        return ForkVerdict::Freeze;
    }
    ForkVerdict::Tell(Told { head: end, told_at_ms: now_ms, grown })
}
