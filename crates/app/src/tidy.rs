//! Writes the database's log into its file between saves, beside the window: a save never waits for it. Owns when; must not
//! know what was saved.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::event::locked;
use crate::session::Session;

/// Writes between two times: a save fills some forty pages of the log, so it stays far below the length at which a save
/// would have to do the work itself.
const WRITES: u32 = 32;

/// The thread that does it, at most one at a time.
#[derive(Default)]
pub(crate) struct Tidy {
    writes: AtomicU32,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Something was written. Every so often the log follows, in a thread of its own.
pub(crate) fn wrote(session: &Arc<Session>) {
    let tidy = &session.tidy;
    let writes = tidy.writes.fetch_add(1, Ordering::Relaxed).saturating_add(1);
    let mut thread = locked(&tidy.thread);
    let running = thread.as_ref().is_some_and(|thread| !thread.is_finished());
    if writes < WRITES || running || session.is_closed() {
        return;
    }
    tidy.writes.store(0, Ordering::Relaxed);
    let session = Arc::clone(session);
    let work = move || {
        if let Err(error) = session.store.checkpoint() {
            tracing::warn!(%error, "log not written into the file");
        }
    };
    // without a thread the log grows on until a save does it
    *thread = std::thread::Builder::new().name("tidy".to_owned()).spawn(work).ok();
}

impl Tidy {
    /// Waits for the thread: one that still works on the database while the process ends would find the cipher library torn
    /// down under it.
    pub(crate) fn wait(&self) {
        let thread = locked(&self.thread).take();
        if let Some(thread) = thread
            && thread.thread().id() != std::thread::current().id()
        {
            let _ended = thread.join();
        }
    }
}
