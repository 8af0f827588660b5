//! How much to put into one round trip: more on a quick line, less after a failure. Must not know what is sent.

use crate::limits;

/// Whether a request by hand asks for pages; only the last of a bundle does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pages {
    Wanted,
    Later,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    bytes: u64,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { bytes: limits::SEND_BUDGET_START_BYTES }
    }

    /// For a file: as much as fits into a request, and pages only where they are wanted.
    pub(super) fn by_hand(pages: Pages) -> Self {
        match pages {
            Pages::Wanted => Self { bytes: limits::BUDGET_MAX_BYTES },
            Pages::Later => Self { bytes: 0 },
        }
    }

    pub(super) fn send_bytes(self) -> u64 {
        // A little more than a largest frame must fit, or a lane with one large entry could never be read.
        self.bytes
    }

    pub(super) fn page_bytes(self) -> u64 {
        self.bytes
    }

    pub(super) fn shrink(&mut self) {
        self.bytes = (self.bytes / 2).max(limits::BUDGET_MIN_BYTES);
    }

    /// A round trip took so long; a clock that was set back counts as slow.
    pub(super) fn measured(&mut self, round_trip_ms: i64) {
        if (0..limits::ROUND_TRIP_QUICK_MS).contains(&round_trip_ms) {
            self.bytes = (self.bytes * 2).min(limits::BUDGET_MAX_BYTES);
        } else {
            self.shrink();
        }
    }
}
