//! One answer from a file into the database: read to its end first, then each response as one from the network, in a
//! transaction of its own. Must not know which files there are.

use std::sync::Arc;

use ::sync::bundle::Preamble;
use ::sync::laptop::{FailReason, Pending, Report, StorageFailure, Unpacked, Unpacking};
use store::bundle::Answered;
use store::local::clock_seen;

use super::disk::Reading;
use super::medium::Answer;
use crate::error::AppError;
use crate::event::locked;
use crate::exchange::{credential, laptop_config, settle};
use crate::jobs::Progress;
use crate::session::Session;

/// What the answers brought.
#[derive(Debug, Default)]
pub(super) struct Brought {
    pub(super) received: u64,
    pub(super) set_aside: u64,
    pub(super) fetched: u64,
    /// The station asks for something: another bundle has to go.
    pub(super) again: u64,
    /// Answers that were older than a contact since.
    pub(super) overtaken: u64,
}

impl Brought {
    pub(super) fn add(&mut self, other: &Self) {
        self.received = self.received.saturating_add(other.received);
        self.set_aside = self.set_aside.saturating_add(other.set_aside);
        self.fetched = self.fetched.saturating_add(other.fetched);
        self.again = other.again;
        self.overtaken = self.overtaken.saturating_add(other.overtaken);
    }
}

/// Takes one answer. Interrupted, it is taken again from the beginning: what is stored stays.
pub(super) fn take(session: &Arc<Session>, answer: &Answer, progress: &Progress) -> Result<Brought, AppError> {
    let Some(key) = &answer.awaited.reply_key else {
        return Err(AppError::BundleTaken { at: answer.awaited.answered_at.unwrap_or_default() });
    };
    let mut whole = reopened(answer)?;
    let mut reader = answer.sealed.open(key);
    while reader.next(&mut whole)?.is_some() {}
    let total = reader.number().saturating_sub(1);

    let asked = Pending::from_bytes(&answer.awaited.asked).unwrap_or_default();
    let unpacking = Unpacking::new(laptop_config(session)?, asked);
    let mut taking = Taking::new(session, unpacking, answer.awaited.at);
    let mut file = reopened(answer)?;
    let mut reader = answer.sealed.open(key);
    while let Some(response) = reader.next(&mut file)? {
        progress.step("bundle", reader.number(), total)?;
        taking.one(&response)?;
        if taking.fault.is_some() {
            break;
        }
    }
    taking.end(answer)
}

fn reopened(answer: &Answer) -> Result<Reading, AppError> {
    let mut file = Reading::open(&answer.path)?;
    Preamble::read(&mut file)?;
    Ok(file)
}

struct Taking<'a> {
    session: &'a Arc<Session>,
    unpacking: Unpacking,
    written_at: i64,
    sum: Report,
    pending: Pending,
    overtaken: bool,
    fault: Option<FailReason>,
}

impl<'a> Taking<'a> {
    fn new(session: &'a Arc<Session>, unpacking: Unpacking, written_at: i64) -> Self {
        let (sum, pending) = (Report::default(), Pending::default());
        Self { session, unpacking, written_at, sum, pending, overtaken: false, fault: None }
    }

    fn one(&mut self, response: &[u8]) -> Result<(), AppError> {
        let session = self.session;
        let mut stored = locked(&session.stored);
        let now = session.now_ms();
        let heard = session.store.read(clock_seen)?.map(|seen| seen.station_at);
        let loaded = session.store.load(&self.unpacking.load(), credential(session)?)?;
        let unpacked = self.unpacking.unpack(loaded, response, heard, now).map_err(|reason| told(&reason))?;
        let Unpacked { batch, fault, pending, report, overtaken } = unpacked;
        if let Some(batch) = batch {
            // As close as can be told: between the writing of the bundle and now.
            let heard_at = batch.station_at_ms.clamp(self.written_at.min(now), now);
            let applied = session.store.apply_heard(&batch, (!overtaken).then_some(heard_at), now)?;
            *stored = stored.wrapping_add(1);
            if !overtaken {
                session.store.lease_heard_by_hand(self.written_at, now)?;
            }
            settle(session, &applied)?;
            if applied.foreign > 0 {
                // Pages name what another copy of this disk wrote in its lane.
                self.fault = Some(FailReason::Storage(StorageFailure::OtherBranch));
            }
        }
        self.sum.receipted = self.sum.receipted.saturating_add(report.receipted);
        self.sum.refused = self.sum.refused.saturating_add(report.refused);
        self.sum.pulled = self.sum.pulled.saturating_add(report.pulled);
        self.pending = pending;
        self.overtaken |= overtaken;
        self.fault = fault.or(self.fault);
        Ok(())
    }

    fn end(self, answer: &Answer) -> Result<Brought, AppError> {
        let Self { session, sum, pending, overtaken, fault, .. } = self;
        let answered = Answered {
            at: session.now_ms(),
            received: sum.receipted,
            set_aside: sum.refused,
            fetched: sum.pulled,
            pending: (!pending.is_empty()).then(|| pending.to_bytes()),
            fault: fault.map(|reason| reason.code().to_owned()),
        };
        session.store.bundle_answered(answer.sealed.head().bundle, &answered)?;
        session.bus.changed(["sync", "status"]);
        match fault {
            None => {}
            Some(FailReason::LaneForked { .. } | FailReason::Storage(StorageFailure::OtherBranch)) => {
                session.succeed()?;
            }
            Some(FailReason::Refused(refusal)) if pending.is_empty() => {
                if !refusal.passes_later() {
                    session.store.set_refused(refusal.code())?;
                }
                return Err(AppError::BundleRefused { reason: refusal.code().to_owned() });
            }
            Some(FailReason::Refused(_)) => {}
            Some(reason) => return Err(told(&reason)),
        }
        Ok(Brought {
            received: sum.receipted,
            set_aside: sum.refused,
            fetched: sum.pulled,
            again: u64::from(!pending.is_empty()),
            overtaken: u64::from(overtaken),
        })
    }
}

fn told(reason: &FailReason) -> AppError {
    AppError::BundleFault { reason: reason.code().to_owned() }
}
