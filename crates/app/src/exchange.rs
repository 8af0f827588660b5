//! The storage side of a sync, for whoever drives the engine over a network. `link` uses `app`, so the trait lives here and
//! knows no network: it gives keys, addresses and what is to be sent, stores what came in one transaction, and hears how it
//! goes. Must not know HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::sync::directory::Directory;
use ::sync::ids::{Hash, ReplicaId};
use ::sync::laptop::{Batch, Credential, FailReason, LaptopConfig, Load, Loaded, Outcome, Progress, StorageFailure};
use failpoint::{Point, reached};
use store::StoreError;
use store::exchange::Applied;

use crate::contract::session::Connectivity;
use crate::error::AppError;
use crate::event::{Event, SyncEventState, locked};
use crate::session::Session;

/// How to reach the station.
#[derive(Debug, Clone)]
pub struct Link {
    /// Addresses of the station, e.g. `https://10.1.2.3:7443`, the usual one first.
    pub servers: Vec<String>,
    /// SHA-256 of the SubjectPublicKeyInfo the server may show; dates and names are not checked over a pinned key.
    pub tls_pins: Vec<Hash>,
    /// Station, replica and keys, for the engine.
    pub laptop: LaptopConfig,
}

/// What the driver of the link needs of an unlocked replica. Calls block on the disk: make them from a thread that may.
pub trait Port: Send + Sync {
    /// Addresses, pins and keys.
    ///
    /// # Errors
    /// [`StorageFailure`].
    fn link(&self) -> Result<Link, StorageFailure>;
    /// Reads what is to be sent, in one snapshot.
    ///
    /// # Errors
    /// [`StorageFailure`].
    fn load(&self, load: &Load) -> Result<Loaded, StorageFailure>;
    /// Stores a verified answer in one durable transaction, or changes nothing.
    ///
    /// # Errors
    /// [`StorageFailure`]; [`StorageFailure::OtherBranch`] when all is stored but pages that name what another copy wrote.
    fn store(&self, batch: &Batch) -> Result<(), StorageFailure>;
    /// The laptop's clock, UTC milliseconds.
    fn now_ms(&self) -> i64;
    /// An attempt begins.
    fn began(&self);
    /// How far it is, with the bytes that went over the line so far.
    fn progress(&self, progress: &Progress, bytes_out: u64, bytes_in: u64);
    /// It ended.
    fn ended(&self, outcome: &Outcome);
}

/// The port of one unlocked session. Holding it keeps nothing open: a locked session answers [`StorageFailure::Locked`], and
/// so does one that has gone on as another replica, whose engine has another key.
pub(crate) struct SessionPort {
    session: std::sync::Weak<Session>,
    replica: ReplicaId,
    /// Answers stored by hand when the last load was read.
    seen: AtomicU64,
}

impl SessionPort {
    pub(crate) fn of(session: &Arc<Session>) -> Self {
        Self { replica: session.replica(), session: Arc::downgrade(session), seen: AtomicU64::new(0) }
    }

    fn session(&self) -> Result<Arc<Session>, StorageFailure> {
        self.session
            .upgrade()
            .filter(|session| !session.is_closed() && session.replica() == self.replica)
            .ok_or(StorageFailure::Locked)
    }
}

impl Port for SessionPort {
    fn link(&self) -> Result<Link, StorageFailure> {
        let session = self.session()?;
        let enrolment = session.enrolment();
        let mut tls_pins = vec![enrolment.tls_pin];
        let directory: &Directory = &session.directory();
        tls_pins.extend(directory.tls_pins.iter().copied().filter(|pin| *pin != enrolment.tls_pin));
        Ok(Link {
            servers: enrolment.servers.clone(),
            tls_pins,
            laptop: laptop_config(&session).map_err(|error| failure(&error))?,
        })
    }

    fn load(&self, load: &Load) -> Result<Loaded, StorageFailure> {
        let session = self.session()?;
        let credential = credential(&session).map_err(|error| failure(&error))?;
        let stored = locked(&session.stored);
        self.seen.store(*stored, Ordering::Relaxed);
        session.store.load(load, credential).map_err(|error| failure(&error))
    }

    fn store(&self, batch: &Batch) -> Result<(), StorageFailure> {
        let session = self.session()?;
        let stored = locked(&session.stored);
        if *stored != self.seen.load(Ordering::Relaxed) {
            // An answer from a stick came between reading and storing: this one is about what was before.
            return Err(StorageFailure::Busy);
        }
        let applied = session.store.apply(batch, session.host.now_ms()).map_err(|error| failure(&error))?;
        settle(&session, &applied).map_err(|_| StorageFailure::Damaged)?;
        if applied.foreign > 0 { Err(StorageFailure::OtherBranch) } else { Ok(()) }
    }

    fn now_ms(&self) -> i64 {
        self.session().map_or(0, |session| session.host.now_ms())
    }

    fn began(&self) {
        let Ok(session) = self.session() else { return };
        locked(&session.link).begin(session.host.now_ms());
        session.bus.tell(&Event::Sync { state: SyncEventState::Started });
        session.bus.changed(["sync", "status"]);
    }

    fn progress(&self, progress: &Progress, bytes_out: u64, bytes_in: u64) {
        let Ok(session) = self.session() else { return };
        locked(&session.link).progress(progress, bytes_out, bytes_in);
        session.bus.tell(&Event::Sync { state: SyncEventState::Progress });
    }

    fn ended(&self, outcome: &Outcome) {
        let Ok(session) = self.session() else { return };
        reached(Point::SyncEnded);
        let run = locked(&session.link).end(outcome, session.host.now_ms());
        if let Some(refused) = refused_for_good(outcome)
            && let Err(error) = session.store.set_refused(refused)
        {
            tracing::warn!(%error, "refusal not recorded");
        }
        if let Err(error) = session.store.sync_run_put(&run) {
            tracing::warn!(%error, "attempt not recorded");
        }
        session.bus.tell(&Event::Sync { state: SyncEventState::Ended });
        session.bus.changed(["sync", "status"]);
        if let Outcome::Failed { reason: FailReason::LaneForked { .. }, .. } = outcome
            && let Err(error) = session.succeed()
        {
            tracing::error!(%error, "could not go on as a new replica");
        }
    }
}

/// After an answer was stored: what follows from its directory and its hour.
pub(crate) fn settle(session: &Arc<Session>, applied: &Applied) -> Result<(), AppError> {
    reached(Point::IncomingApplied);
    session.directory_moved()?;
    session.lease_look()?;
    certify(session)?;
    reached(Point::IncomingSettled);
    session.bus.changed(applied.changed.iter().map(|tag| tag.as_str()).chain(["sync", "status"]));
    crate::tidy::wrote(session);
    Ok(())
}

/// Station, replica and keys, for the engine.
pub(crate) fn laptop_config(session: &Session) -> Result<LaptopConfig, StoreError> {
    let identity = session.store.identity()?;
    Ok(LaptopConfig {
        station: identity.station,
        station_key: session.enrolment().station_key,
        replica: identity.replica,
        key: ::sync::crypto::SignKey::from_seed(&identity.signing_key),
    })
}

/// What lists this replica, as long as the directory held does not.
pub(crate) fn credential(session: &Session) -> Result<Option<Credential>, StoreError> {
    if session.directory().replica(session.replica()).is_some() {
        return Ok(None);
    }
    let succession = session.store.identity()?.succession.map(Credential::Succession);
    Ok(Some(succession.unwrap_or_else(|| Credential::Token(session.enrolment().token))))
}

/// Records that the station lists this replica, the first time it does.
fn certify(session: &Session) -> Result<(), StoreError> {
    let listed = session.directory().replica(session.replica()).is_some();
    if listed && !session.store.identity()?.certified {
        session.store.set_certified()?;
        session.bus.changed(["session", "sync"]);
    }
    Ok(())
}

/// The code of a refusal that does not pass by waiting.
fn refused_for_good(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Failed { reason: FailReason::Refused(refusal), .. } if !refusal.passes_later() => Some(refusal.code()),
        Outcome::Failed { .. } | Outcome::Done { .. } | Outcome::Cancelled { .. } => None,
    }
}

/// A fault of the store as the engine knows it.
fn failure(error: &StoreError) -> StorageFailure {
    if matches!(error, StoreError::DiskFull) {
        return StorageFailure::Full;
    }
    if matches!(error, StoreError::Busy) {
        return StorageFailure::Busy;
    }
    tracing::error!(%error, "exchange storage");
    StorageFailure::Damaged
}

/// What is known of the link just now. Of this session only; attempts are kept in the store.
#[derive(Debug, Default)]
pub(crate) struct LinkState {
    pub(crate) connectivity: Option<Connectivity>,
    pub(crate) since_at: Option<i64>,
    pub(crate) running: Option<Running>,
    pub(crate) next_attempt_at: Option<i64>,
}

/// An attempt under way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Running {
    pub(crate) began_at: i64,
    pub(crate) progress: Progress,
    pub(crate) bytes_out: u64,
    pub(crate) bytes_in: u64,
}

impl LinkState {
    fn begin(&mut self, now_ms: i64) {
        self.running = Some(Running { began_at: now_ms, ..Running::default() });
        self.next_attempt_at = None;
        self.turn(Connectivity::Busy, now_ms);
    }

    fn progress(&mut self, progress: &Progress, bytes_out: u64, bytes_in: u64) {
        let running = self.running.get_or_insert_default();
        running.progress = progress.clone();
        running.bytes_out = bytes_out;
        running.bytes_in = bytes_in;
    }

    fn turn(&mut self, to: Connectivity, now_ms: i64) {
        if self.connectivity != Some(to) {
            self.connectivity = Some(to);
            self.since_at = Some(now_ms);
        }
    }

    fn end(&mut self, outcome: &Outcome, now_ms: i64) -> store::local::SyncRun {
        let running = self.running.take().unwrap_or_default();
        let (report, told, detail, to) = match outcome {
            Outcome::Done { report } => (report, "complete", None, Connectivity::Online),
            Outcome::Cancelled { report } => (report, "cancelled", None, Connectivity::Unknown),
            Outcome::Failed { reason, report, retry_at_ms } => {
                self.next_attempt_at = *retry_at_ms;
                let (told, to) = told(reason);
                (report, told, Some(reason.code().to_owned()), to)
            }
        };
        self.turn(to, now_ms);
        store::local::SyncRun {
            at: running.began_at,
            took_ms: u64::try_from(now_ms.saturating_sub(running.began_at)).unwrap_or(0),
            outcome: told.to_owned(),
            received: report.receipted,
            of: running.progress.send_total.max(report.receipted),
            fetched: report.pulled,
            bytes_out: report.bytes_sent,
            bytes_in: report.bytes_received,
            detail,
        }
    }
}

/// The word of the contract for a failure, and what it says about the line.
fn told(reason: &FailReason) -> (&'static str, Connectivity) {
    use ::sync::laptop::RequestFailure;
    match reason {
        FailReason::Request(RequestFailure::Unreachable | RequestFailure::Timeout) => {
            ("unreachable", Connectivity::Offline)
        }
        FailReason::Request(RequestFailure::Interrupted) => ("interrupted", Connectivity::Offline),
        FailReason::Request(RequestFailure::PinMismatch) | FailReason::AnotherStation => {
            ("wrong_station", Connectivity::Offline)
        }
        FailReason::Request(RequestFailure::Status { .. } | RequestFailure::TooLong) | FailReason::Wire(_) => {
            ("not_our_station", Connectivity::Offline)
        }
        FailReason::Refused(_) => ("refused", Connectivity::Online),
        FailReason::Storage(_) => ("failed", Connectivity::Unknown),
        FailReason::Directory(_)
        | FailReason::ReceiptWrong
        | FailReason::Page(_)
        | FailReason::FrameRejected(_)
        | FailReason::LaneForked { .. }
        | FailReason::LaneDamaged(_)
        | FailReason::NoProgress
        | FailReason::TooManyRounds => ("failed", Connectivity::Online),
    }
}
