//! What the Rust side tells without being asked. Owns the shapes of events; must not know who listens.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::words;

words! {
    /// How a job stands, as an event tells it.
    enum ProgressState { Running, Finished, Failed, Cancelled }
    /// How an exchange with the station stands.
    enum SyncEventState {
        /// Began.
        Started,
        /// Went on.
        Progress,
        /// Ended; ask for the outcome.
        Ended,
    }
    /// Why the session was locked.
    enum LockReason {
        /// The user asked.
        User,
        /// The host's timer ran out.
        Idle,
        /// The machine went to sleep or the host closes.
        Host,
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Records changed: here, by a job or by what the station sent.
    Changed {
        /// Tags of what reads them.
        tags: Vec<String>,
    },
    /// A job went on.
    Progress {
        /// The job.
        job: String,
        /// What it does just now.
        stage: String,
        /// Done.
        done: u64,
        /// Of so many, when known.
        total: Option<u64>,
        /// How it stands.
        state: ProgressState,
    },
    /// An exchange with the station went on.
    Sync {
        /// How it stands.
        state: SyncEventState,
    },
    /// This disk was copied or put back, so this laptop goes on as a new replica.
    Succeeded {
        /// Entries that had not reached the station and go along.
        carried: u64,
    },
    /// The session was locked.
    Locked {
        /// Why.
        reason: LockReason,
    },
}

/// What the driver of the link has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncSignal {
    /// A replica was unlocked: attempts may begin.
    Unlocked,
    /// Something new wants to be sent; soon is enough.
    NewWork,
    /// The user asked: at once.
    Now,
    /// The user wants the running attempt to end.
    Cancel,
    /// The replica goes on as another, with another key: begin again, at once.
    Succeeded,
    /// The session was locked: end, and forget keys.
    Locked,
}

/// Where events go: everyone who listens. A listener that went away is forgotten.
#[derive(Default)]
pub(crate) struct Bus {
    events: Mutex<Vec<Sender<Event>>>,
    signals: Mutex<Vec<Sender<SyncSignal>>>,
}

impl Bus {
    /// A new listener for events.
    pub(crate) fn subscribe(&self) -> Receiver<Event> {
        let (sender, receiver) = channel();
        locked(&self.events).push(sender);
        receiver
    }

    /// A new listener for signals to the link driver.
    pub(crate) fn signals(&self) -> Receiver<SyncSignal> {
        let (sender, receiver) = channel();
        locked(&self.signals).push(sender);
        receiver
    }

    /// Tells an event.
    pub(crate) fn tell(&self, event: &Event) {
        locked(&self.events).retain(|listener| listener.send(event.clone()).is_ok());
    }

    /// Tells that what reads these tags is old.
    pub(crate) fn changed<'a>(&self, tags: impl IntoIterator<Item = &'a str>) {
        let tags: BTreeSet<&str> = tags.into_iter().collect();
        if !tags.is_empty() {
            self.tell(&Event::Changed { tags: tags.into_iter().map(str::to_owned).collect() });
        }
    }

    /// Tells the link driver; whether anyone heard.
    pub(crate) fn signal(&self, signal: SyncSignal) -> Heard {
        let mut listeners = locked(&self.signals);
        listeners.retain(|listener| listener.send(signal).is_ok());
        if listeners.is_empty() { Heard::ByNobody } else { Heard::BySomeone }
    }
}

/// Whether a signal had a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A driver listens.
    BySomeone,
    /// This host has no driver.
    ByNobody,
}

/// Locks; a panic elsewhere while holding the lock leaves plain data behind, which stays usable.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
