//! One app: a host, at most one unlocked session, and the way in for commands. Owns who is unlocked; must not know commands.

use std::sync::atomic::AtomicU32;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

use ::sync::crypto::KdfParams;
use serde_json::Value;

use crate::dispatch::dispatch;
use crate::error::{AppError, WireError};
use crate::event::{Bus, Event, LockReason, SyncSignal, locked};
use crate::exchange::{Port, SessionPort};
use crate::host::{Host, fresh_id};
use crate::session::Session;

/// The app. Shared by the threads of its host; commands may run at the same time.
pub struct App {
    pub(crate) host: Arc<dyn Host>,
    pub(crate) bus: Arc<Bus>,
    pub(crate) kdf: KdfParams,
    session: Mutex<Option<Arc<Session>>>,
    /// Wrong passphrases since the last right one; noted in the audit once somebody is in.
    pub(crate) failed: AtomicU32,
    /// Held while enrolling, unlocking or restoring: these take seconds and must not cross.
    pub(crate) opening: Mutex<()>,
}

impl App {
    /// An app on a host, with the key derivation that promise P8 asks for.
    #[must_use]
    pub fn new(host: Arc<dyn Host>) -> Arc<Self> {
        Self::with_kdf(host, KdfParams::DEFAULT)
    }

    /// An app whose new passphrases are hashed with other parameters: a machine that cannot spare 256 MiB, or a test.
    /// The floor of [`KdfParams`] holds in any case.
    #[must_use]
    pub fn with_kdf(host: Arc<dyn Host>, kdf: KdfParams) -> Arc<Self> {
        Arc::new(Self {
            host,
            bus: Arc::default(),
            kdf,
            session: Mutex::new(None),
            failed: AtomicU32::new(0),
            opening: Mutex::new(()),
        })
    }

    /// Runs a command. Blocks until it is done; a panic inside becomes a defect.
    ///
    /// # Errors
    /// Every error as code, arguments and kind.
    pub fn call(&self, command: &str, payload: Value) -> Result<Value, WireError> {
        let work = std::panic::AssertUnwindSafe(|| dispatch(self, command, payload));
        let outcome = std::panic::catch_unwind(work).unwrap_or_else(|_| Err(AppError::defect("handler panicked")));
        outcome.map_err(|error| error.into_wire(&self.incident()))
    }

    /// A short id for a defect, to be found in the log.
    fn incident(&self) -> String {
        let text = fresh_id(&*self.host).simple().to_string();
        text.chars().rev().take(8).collect::<String>().to_uppercase()
    }

    /// Hears what happens without being asked for.
    pub fn subscribe(&self) -> Receiver<Event> {
        self.bus.subscribe()
    }

    /// Hears what the driver of the link has to do. Call it before unlocking.
    pub fn signals(&self) -> Receiver<SyncSignal> {
        self.bus.signals()
    }

    /// The storage side of the exchange of the unlocked replica; none while locked.
    #[must_use]
    pub fn exchange(&self) -> Option<Arc<dyn Port>> {
        let session = locked(&self.session).clone()?;
        Some(Arc::new(SessionPort::of(&session)))
    }

    /// Locks: the window was idle, the machine sleeps, the host closes.
    pub fn lock(&self, reason: LockReason) {
        let Some(session) = locked(&self.session).take() else { return };
        session.close();
        drop(session);
        self.bus.signal(SyncSignal::Locked);
        self.bus.tell(&Event::Locked { reason });
        self.bus.changed(["session"]);
    }

    /// The unlocked session.
    pub(crate) fn session(&self) -> Result<Arc<Session>, AppError> {
        locked(&self.session).clone().ok_or(AppError::Locked {})
    }

    /// Whether a session is unlocked.
    pub(crate) fn current(&self) -> Option<Arc<Session>> {
        locked(&self.session).clone()
    }

    /// Puts a session to work.
    pub(crate) fn open(&self, session: Arc<Session>) {
        *locked(&self.session) = Some(session);
        self.bus.changed(["session"]);
        self.bus.signal(SyncSignal::Unlocked);
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.lock(LockReason::Host);
    }
}
