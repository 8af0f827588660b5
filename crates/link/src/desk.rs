//! The blocking side of a port on a thread of its own: reads, writes and news, one after the other in the order given.
//! Must not know the network.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use sync::laptop::{Input, Load, Outcome, Progress, StorageFailure, Store};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use app::Port;

/// Something for the port to do.
pub(crate) enum Job {
    Load(Load),
    Store(Store),
    Began,
    Progress { progress: Progress, bytes_out: u64, bytes_in: u64 },
    Ended(Outcome),
}

/// Opens a desk. Jobs still waiting when the sender goes are done; then the thread ends.
pub(crate) fn open(port: Arc<dyn Port>, done: UnboundedSender<Input>) -> UnboundedSender<Job> {
    let (sender, jobs) = unbounded_channel();
    tokio::task::spawn_blocking(move || work(&*port, jobs, &done));
    sender
}

fn work(port: &dyn Port, mut jobs: UnboundedReceiver<Job>, done: &UnboundedSender<Input>) {
    while let Some(job) = jobs.blocking_recv() {
        if let Some(input) = one(port, job) {
            // Nobody waits any more when the driver has gone; what is stored is stored.
            let _ = done.send(input);
        }
    }
}

/// Does a job. A panic in storage is a failure of storage: the engine must hear of it or it would wait for ever.
fn one(port: &dyn Port, job: Job) -> Option<Input> {
    match job {
        Job::Load(load) => {
            let ticket = load.ticket;
            Some(match fenced(|| port.load(&load)) {
                Ok(loaded) => Input::Loaded { ticket, loaded: Box::new(loaded) },
                Err(failure) => Input::LoadFailed { ticket, failure },
            })
        }
        Job::Store(store) => {
            let result = fenced(|| port.store(&store.batch));
            Some(Input::Stored { ticket: store.ticket, result })
        }
        Job::Began => news(|| port.began()),
        Job::Progress { progress, bytes_out, bytes_in } => news(|| port.progress(&progress, bytes_out, bytes_in)),
        Job::Ended(outcome) => news(|| port.ended(&outcome)),
    }
}

fn fenced<T>(work: impl FnOnce() -> Result<T, StorageFailure>) -> Result<T, StorageFailure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        tracing::error!("storage panicked");
        Err(StorageFailure::Damaged)
    })
}

fn news(tell: impl FnOnce()) -> Option<Input> {
    if catch_unwind(AssertUnwindSafe(tell)).is_err() {
        tracing::error!("a listener panicked");
    }
    None
}
