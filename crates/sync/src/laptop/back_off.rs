//! How long to rest after a failure: doubling, bounded, spread by replica so that laptops do not come in step.
//! No randomness: the spread comes from a hash. Must not know what failed.

use crate::crypto;
use crate::ids::ReplicaId;
use crate::limits;

#[derive(Debug, Clone)]
pub(super) struct BackOff {
    replica: ReplicaId,
    failures: u32,
}

impl BackOff {
    pub(super) fn new(replica: ReplicaId) -> Self {
        Self { replica, failures: 0 }
    }

    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }

    /// Counts a failure and gives the wait: between three quarters and all of the doubled time.
    pub(super) fn next_wait_ms(&mut self) -> i64 {
        let doubled = limits::BACK_OFF_START_MS.saturating_mul(1_i64 << self.failures.min(20));
        let full = doubled.min(limits::BACK_OFF_MAX_MS);
        self.failures = self.failures.saturating_add(1);
        let spread = crypto::hash("fengqiao back-off", &[self.replica.as_bytes(), &self.failures.to_be_bytes()]);
        let [first, ..] = spread.0;
        full - full / 4 * i64::from(first) / 255
    }
}
