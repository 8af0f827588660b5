//! How much one laptop may ask of the station: one request at a time, a rate, bytes a day. Counted only for requests whose
//! signature was verified, so nobody can use up what is another's. Must not know what is asked.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use sync::ids::ReplicaId;
use sync::wire::{Coding, RequestRefusal, Response, ResponseOutcome};

use crate::station::Station;

/// Requests at once after a quiet time: a first sync over a fast wire asks a few hundred times.
const REQUESTS_BURST: u64 = 1200;

/// Requests a second in the long run; a laptop on the road asks once in some seconds.
const REQUESTS_PER_SECOND: u64 = 20;

/// Bytes of requests a day: a register of 100,000 people is a tenth of it, and a lost laptop's key cannot fill a disk.
const BYTES_PER_DAY: u64 = 1024 * 1024 * 1024;

const DAY_MS: i64 = 86_400_000;

/// Why a request has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Another request of the replica is being answered.
    InFlight,
    /// Too many in a short time.
    Rate,
    /// The day's bytes are used up.
    Bytes,
}

impl Wait {
    /// For logs and metrics.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::InFlight => "in_flight",
            Self::Rate => "rate",
            Self::Bytes => "bytes",
        }
    }
}

/// What one replica has used.
struct Used {
    in_flight: bool,
    /// Thousandths of requests left.
    left_milli: u64,
    at_ms: i64,
    day: i64,
    bytes: u64,
}

/// Lets one request of each replica in. Holds one small record for each replica the directory lists.
#[derive(Default)]
pub(crate) struct Turnstile {
    used: Mutex<BTreeMap<ReplicaId, Used>>,
}

impl Turnstile {
    /// A turn for a verified request of so many bytes.
    ///
    /// # Errors
    /// [`Wait`]; nothing is counted then.
    pub(crate) fn enter(&self, replica: ReplicaId, bytes: usize, now_ms: i64) -> Result<Turn<'_>, Wait> {
        let mut all = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let day = now_ms.div_euclid(DAY_MS);
        let fresh = Used { in_flight: false, left_milli: REQUESTS_BURST * 1000, at_ms: now_ms, day, bytes: 0 };
        let used = all.entry(replica).or_insert(fresh);
        let passed_ms = u64::try_from(now_ms.saturating_sub(used.at_ms)).unwrap_or(0);
        let refilled = used.left_milli.saturating_add(passed_ms.saturating_mul(REQUESTS_PER_SECOND));
        used.left_milli = refilled.min(REQUESTS_BURST * 1000);
        used.at_ms = now_ms;
        if used.day != day {
            (used.day, used.bytes) = (day, 0);
        }
        if used.in_flight {
            return Err(Wait::InFlight);
        }
        let after = used.bytes.saturating_add(bytes as u64);
        if after > BYTES_PER_DAY {
            return Err(Wait::Bytes);
        }
        used.left_milli = used.left_milli.checked_sub(1000).ok_or(Wait::Rate)?;
        used.bytes = after;
        used.in_flight = true;
        Ok(Turn { turnstile: self, replica })
    }
}

/// A request being answered; over when dropped.
pub(crate) struct Turn<'t> {
    turnstile: &'t Turnstile,
    replica: ReplicaId,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut all = self.turnstile.used.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(used) = all.get_mut(&self.replica) {
            used.in_flight = false;
        }
    }
}

impl Station {
    /// A turn for a verified request, or the refusal that sends it away for now.
    pub(crate) fn enter(&self, replica: ReplicaId, bytes: usize, now_ms: i64) -> Result<Turn<'_>, RequestRefusal> {
        self.turnstile().enter(replica, bytes, now_ms).map_err(|wait| {
            tracing::warn!(event = "replica_waits", %replica, reason = wait.code());
            self.meter().replica_waits(wait);
            RequestRefusal::Busy
        })
    }

    /// The answer for a request that found no free hand.
    pub(crate) fn busy(&self, now_ms: i64) -> Vec<u8> {
        let outcome = ResponseOutcome::Refused(RequestRefusal::Busy);
        Response { station: self.id(), station_at_ms: now_ms, outcome }.encode(Coding::Zstd)
    }
}

#[cfg(test)]
mod tests {
    use sync::ids::ReplicaId;

    use super::{BYTES_PER_DAY, DAY_MS, REQUESTS_BURST, REQUESTS_PER_SECOND, Turnstile, Wait};

    const ONE: ReplicaId = ReplicaId::from_bytes([1; 16]);
    const TWO: ReplicaId = ReplicaId::from_bytes([2; 16]);

    #[test]
    fn a_replica_has_one_request_at_a_time_and_others_have_theirs() {
        let gate = Turnstile::default();
        let turn = gate.enter(ONE, 1, 0).unwrap();
        assert_eq!(gate.enter(ONE, 1, 0).err(), Some(Wait::InFlight));
        assert!(gate.enter(TWO, 1, 0).is_ok());
        drop(turn);
        assert!(gate.enter(ONE, 1, 0).is_ok());
    }

    #[test]
    fn a_replica_that_asks_without_end_waits_and_gets_on_by_the_second() {
        let gate = Turnstile::default();
        for _ in 0..REQUESTS_BURST {
            assert!(gate.enter(ONE, 1, 5).is_ok());
        }
        assert_eq!(gate.enter(ONE, 1, 5).err(), Some(Wait::Rate));
        assert!(gate.enter(TWO, 1, 5).is_ok());
        let passed = (0..100).filter(|_| gate.enter(ONE, 1, 1005).is_ok()).count();
        assert_eq!(passed as u64, REQUESTS_PER_SECOND);
        // A clock set back gives nothing and takes nothing.
        assert_eq!(gate.enter(ONE, 1, -DAY_MS).err(), Some(Wait::Rate));
    }

    #[test]
    fn a_days_bytes_come_again_the_next_day() {
        let gate = Turnstile::default();
        let half = usize::try_from(BYTES_PER_DAY / 2).unwrap();
        assert!(gate.enter(ONE, half, 0).is_ok());
        assert!(gate.enter(ONE, half, 0).is_ok());
        assert_eq!(gate.enter(ONE, 1, 0).err(), Some(Wait::Bytes));
        assert!(gate.enter(ONE, half, DAY_MS).is_ok());
    }
}
