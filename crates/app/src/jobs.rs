//! Long work beside the window: one at a time, with progress and cancelling. Owns the register of jobs of one session;
//! must not know what a job does.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::contract::import::{JobKind, JobState, JobStatus};
use crate::error::AppError;
use crate::event::{Bus, Event, ProgressState, locked};

/// Jobs remembered after they ended.
const REMEMBERED: usize = 20;

/// How a job stands, with what it ended with.
#[derive(Debug, Clone)]
struct Known {
    status: JobStatus,
    cancel: Arc<AtomicBool>,
}

/// The jobs of a session.
#[derive(Default)]
pub(crate) struct Jobs {
    known: Mutex<BTreeMap<String, Known>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What a running job holds: tells progress, hears of cancelling.
pub(crate) struct Progress {
    job: String,
    cancel: Arc<AtomicBool>,
    jobs: Arc<Jobs>,
    bus: Arc<Bus>,
}

impl Progress {
    /// Tells how far it is.
    ///
    /// # Errors
    /// [`AppError::JobCancelled`] when the user wants it to end.
    pub(crate) fn step(&self, stage: &str, done: u64, total: u64) -> Result<(), AppError> {
        if let Some(known) = locked(&self.jobs.known).get_mut(&self.job) {
            known.status.done = done;
            known.status.total = total;
        }
        self.tell(stage, done, Some(total), ProgressState::Running);
        if self.cancel.load(Ordering::Acquire) { Err(AppError::JobCancelled {}) } else { Ok(()) }
    }

    fn tell(&self, stage: &str, done: u64, total: Option<u64>, state: ProgressState) {
        self.bus.tell(&Event::Progress { job: self.job.clone(), stage: stage.to_owned(), done, total, state });
    }

    fn end(&self, outcome: Result<BTreeMap<String, u64>, AppError>) {
        let (state, told, error, result) = match outcome {
            Ok(result) => (JobState::Done, ProgressState::Finished, None, result),
            Err(AppError::JobCancelled {}) => (JobState::Cancelled, ProgressState::Cancelled, None, BTreeMap::new()),
            Err(error) => (JobState::Failed, ProgressState::Failed, Some(error), BTreeMap::new()),
        };
        let mut done = (0, 0);
        if let Some(known) = locked(&self.jobs.known).get_mut(&self.job) {
            known.status.state = state;
            known.status.result = result;
            known.status.error = error.map(|error| error.into_wire(&self.job));
            done = (known.status.done, known.status.total);
        }
        self.tell("end", done.0, Some(done.1), told);
        self.bus.changed(["job"]);
    }
}

impl Jobs {
    /// Starts `work` in a thread of its own.
    ///
    /// # Errors
    /// [`AppError::JobBusy`] while another runs.
    pub(crate) fn start(
        self: &Arc<Self>,
        job: String,
        kind: JobKind,
        bus: &Arc<Bus>,
        work: impl FnOnce(&Progress) -> Result<BTreeMap<String, u64>, AppError> + Send + 'static,
    ) -> Result<String, AppError> {
        let cancel = Arc::new(AtomicBool::new(false));
        {
            let mut known = locked(&self.known);
            if known.values().any(|one| one.status.state == JobState::Running) {
                return Err(AppError::JobBusy {});
            }
            // ids sort by the time of making
            while known.len() >= REMEMBERED && known.pop_first().is_some() {}
            let status = JobStatus {
                job: job.clone(),
                kind,
                state: JobState::Running,
                done: 0,
                total: 0,
                error: None,
                result: BTreeMap::new(),
            };
            known.insert(job.clone(), Known { status, cancel: Arc::clone(&cancel) });
        }
        let progress = Progress { job: job.clone(), cancel, jobs: Arc::clone(self), bus: Arc::clone(bus) };
        let spawned = std::thread::Builder::new().name("job".to_owned()).spawn(move || {
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&progress)))
                .unwrap_or_else(|_| Err(AppError::defect("job panicked")));
            progress.end(outcome);
        });
        match spawned {
            Ok(thread) => {
                *locked(&self.thread) = Some(thread);
                Ok(job)
            }
            Err(_) => {
                locked(&self.known).remove(&job);
                Err(AppError::JobBusy {})
            }
        }
    }

    /// Waits for the thread of the last job. A thread that still works on the database while the process ends would find
    /// the cipher library torn down under it.
    pub(crate) fn wait(&self) {
        let thread = locked(&self.thread).take();
        if let Some(thread) = thread
            && thread.thread().id() != std::thread::current().id()
        {
            let _ended = thread.join();
        }
    }

    /// How a job stands.
    pub(crate) fn status(&self, job: &str) -> Result<JobStatus, AppError> {
        locked(&self.known).get(job).map(|known| known.status.clone()).ok_or(AppError::JobUnknown {})
    }

    /// Asks a job to end.
    pub(crate) fn cancel(&self, job: &str) -> Result<(), AppError> {
        let known = locked(&self.known);
        let found = known.get(job).ok_or(AppError::JobUnknown {})?;
        found.cancel.store(true, Ordering::Release);
        Ok(())
    }

    /// Asks every job to end: the session is being locked.
    pub(crate) fn cancel_all(&self) {
        for known in locked(&self.known).values() {
            known.cancel.store(true, Ordering::Release);
        }
    }
}
