//! A port on a laptop in memory, and a driver running on it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::exchange::{Link, Port};
use link::{Signal, drive};
use sync::enrolment::Enrolment;
use sync::ids::Hash;
use sync::laptop::{Batch, FailReason, Load, Loaded, Outcome, Progress, StorageFailure};
use tokio::sync::mpsc::{Sender, UnboundedReceiver, UnboundedSender, channel, unbounded_channel};
use tokio::task::JoinHandle;

use crate::kit::{Disk, NOW_MS};

/// A laptop's storage in memory.
pub(crate) struct MemoryPort {
    pub(crate) disk: Mutex<Disk>,
    servers: Vec<String>,
    pub(crate) pins: Mutex<Vec<Hash>>,
    outcomes: UnboundedSender<Outcome>,
    pub(crate) shown: Mutex<Vec<(u64, u64)>>,
    pub(crate) begun: Mutex<u32>,
}

impl Port for MemoryPort {
    fn link(&self) -> Result<Link, StorageFailure> {
        let laptop = self.disk.lock().unwrap().config();
        Ok(Link { servers: self.servers.clone(), tls_pins: self.pins.lock().unwrap().clone(), laptop })
    }

    fn load(&self, load: &Load) -> Result<Loaded, StorageFailure> {
        Ok(self.disk.lock().unwrap().load(load))
    }

    fn store(&self, batch: &Batch) -> Result<(), StorageFailure> {
        self.disk.lock().unwrap().store(batch)
    }

    fn now_ms(&self) -> i64 {
        NOW_MS
    }

    fn began(&self) {
        *self.begun.lock().unwrap() += 1;
    }

    fn progress(&self, _progress: &Progress, bytes_out: u64, bytes_in: u64) {
        self.shown.lock().unwrap().push((bytes_out, bytes_in));
    }

    fn ended(&self, outcome: &Outcome) {
        self.outcomes.send(outcome.clone()).unwrap();
    }
}

/// A driver at work for one laptop.
pub(crate) struct Office {
    pub(crate) port: Arc<MemoryPort>,
    signals: Sender<Signal>,
    outcomes: UnboundedReceiver<Outcome>,
    pub(crate) task: JoinHandle<()>,
}

impl Office {
    pub(crate) fn open(disk: Disk, enrolment: &Enrolment) -> Self {
        Self::open_at(disk, enrolment.servers.clone(), vec![enrolment.tls_pin])
    }

    pub(crate) fn open_at(disk: Disk, servers: Vec<String>, pins: Vec<Hash>) -> Self {
        let (told, outcomes) = unbounded_channel();
        let port = Arc::new(MemoryPort {
            disk: Mutex::new(disk),
            servers,
            pins: Mutex::new(pins),
            outcomes: told,
            shown: Mutex::default(),
            begun: Mutex::default(),
        });
        let (signals, heard) = channel(8);
        let task = tokio::spawn(drive(Arc::clone(&port) as Arc<dyn Port>, heard));
        Self { port, signals, outcomes, task }
    }

    pub(crate) async fn tell(&self, signal: Signal) {
        self.signals.send(signal).await.unwrap();
    }

    /// The end of the attempt under way. The limit only keeps a broken test from hanging.
    pub(crate) async fn ended(&mut self) -> Outcome {
        tokio::time::timeout(Duration::from_secs(120), self.outcomes.recv()).await.unwrap().unwrap()
    }

    pub(crate) async fn sync(&mut self) -> Outcome {
        self.tell(Signal::Now).await;
        self.ended().await
    }

    pub(crate) fn receipts_through(&self) -> u64 {
        self.port.disk.lock().unwrap().receipts_through()
    }
}

/// Why an attempt failed.
pub(crate) fn reason(outcome: &Outcome) -> FailReason {
    match outcome {
        Outcome::Failed { reason, .. } => *reason,
        Outcome::Done { .. } | Outcome::Cancelled { .. } => panic!("{outcome:?}"),
    }
}

pub(crate) fn is_done(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Done { .. })
}
