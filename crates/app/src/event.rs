//! What the Rust side tells without being asked. Owns the shapes of events; must not know who listens.

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
    /// The session was locked: end, and forget keys.
    Locked,
}
