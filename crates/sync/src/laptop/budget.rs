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

    /// Sending does not grow: a request that is cut is sent again as a whole.
    pub(super) fn send_bytes(self) -> u64 {
        self.bytes.min(limits::SEND_BUDGET_START_BYTES)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_line_fetches_more_at_once_and_sends_no_more_than_a_cut_may_cost() {
        let mut budget = Budget::new();
        for _ in 0..10 {
            budget.measured(1);
        }
        assert_eq!(budget.page_bytes(), limits::BUDGET_MAX_BYTES);
        assert_eq!(budget.send_bytes(), limits::SEND_BUDGET_START_BYTES);
        for _ in 0..10 {
            budget.shrink();
        }
        assert_eq!((budget.page_bytes(), budget.send_bytes()), (limits::BUDGET_MIN_BYTES, limits::BUDGET_MIN_BYTES));
    }
}
