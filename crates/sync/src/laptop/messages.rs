//! What goes into the engine and what comes out. Must not know what the engine does with it.

use minicbor::{Decode, Encode};

use super::Outcome;
use crate::code::code_enum;
use crate::crypto::Verified;
use crate::directory::Directory;
use crate::first_sync::{Backlog, VerifiedEarlier};
use crate::ids::{Hash, ScopeId};
use crate::lane::{Entry, LaneHead};
use crate::receipt::Receipt;
use crate::repair::{Evidence, Wanted};
use crate::scope_log::{Cursor, VerifiedPage};
use crate::succession::SignedSuccession;

/// Ties an effect to its completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

code_enum! {
    /// Why the laptop's storage did not do what was asked. Nothing was changed, unless said.
    pub enum StorageFailure {
        /// The disk is full.
        Full = 1 => "disk_full",
        /// Another writer holds the database; try again.
        Busy = 2 => "storage_busy",
        /// The database was locked by the user or closed.
        Locked = 3 => "locked",
        /// The database is damaged or the program has a fault.
        Damaged = 4 => "storage_damaged",
        /// Pages name own entries that are not in this lane: another copy of this disk wrote them. All the rest is stored.
        OtherBranch = 5 => "lane_forked",
    }
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequestFailure {
    /// No route, name or connection.
    Unreachable,
    /// The connection broke half-way.
    Interrupted,
    /// No answer in time.
    Timeout,
    /// The server's key is not the one pinned: another server, or someone in between.
    PinMismatch,
    /// Some server answered with an error status.
    Status {
        /// The HTTP status.
        code: u16,
    },
    /// The answer was longer than allowed.
    TooLong,
}

/// What happened outside.
#[derive(Debug)]
pub enum Input {
    /// The officer, the schedule or a save asks for a sync. While one runs, another round follows it.
    SyncRequested,
    /// The network may be back: ends a rest.
    ConnectivityMaybe,
    /// The time of [`super::Laptop::wake_at`] has come.
    Wake,
    /// [`Effects::load`] done.
    Loaded {
        /// From the effect.
        ticket: Ticket,
        /// What was read.
        loaded: Box<Loaded>,
    },
    /// [`Effects::load`] failed.
    LoadFailed {
        /// From the effect.
        ticket: Ticket,
        /// Why.
        failure: StorageFailure,
    },
    /// [`Effects::send`] was answered.
    ResponseArrived {
        /// From the effect.
        ticket: Ticket,
        /// The body of the answer, whatever it is.
        bytes: Vec<u8>,
    },
    /// [`Effects::send`] was not answered.
    RequestFailed {
        /// From the effect.
        ticket: Ticket,
        /// Why.
        failure: RequestFailure,
    },
    /// [`Effects::store`] was committed durably, or rolled back.
    Stored {
        /// From the effect.
        ticket: Ticket,
        /// `Ok` only after the commit is durable; the same for [`StorageFailure::OtherBranch`].
        result: Result<(), StorageFailure>,
    },
    /// The officer stops the sync. What is stored stays.
    Cancelled,
}

/// What is to be done now. At most one of `load`, `send`, `store` is set.
#[derive(Debug, Default)]
pub struct Effects {
    /// Read from storage and answer with [`Input::Loaded`] or [`Input::LoadFailed`].
    pub load: Option<Load>,
    /// Send to the station and answer with [`Input::ResponseArrived`] or [`Input::RequestFailed`].
    pub send: Option<Send>,
    /// Store in one transaction and answer with [`Input::Stored`].
    pub store: Option<Store>,
    /// Show how far the sync is.
    pub progress: Option<Progress>,
    /// The sync is over; show how. With `retry_at_ms` the engine will begin again by itself when woken.
    pub finished: Option<Outcome>,
}

/// From where to read the lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadFrom {
    /// After the lower of the stored station head and the last receipt.
    Outbox,
    /// After an index that is not beyond the lane's end.
    Index(u64),
}

/// What the station wants for a repair. Empty in ordinary rounds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Ask {
    /// Scopes whose checkpoints are to be shown: [`crate::repair::choose_shown`] of all held, newest first.
    #[n(0)]
    pub shown: Vec<ScopeId>,
    /// Pieces of the logs pulled, from these places on, each from one checkpoint held to the next, in order. At least one,
    /// then as many as the budget allows. A piece with a header missing is a gap: its end is named instead.
    #[n(1)]
    pub wanted: Vec<Wanted>,
    /// This version of the directory.
    #[n(2)]
    pub directory: Option<u64>,
    /// The newest receipt of the own lane.
    #[n(3)]
    pub receipt: bool,
}

impl Ask {
    /// Whether nothing is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the station takes no frames until this is answered.
    pub(super) fn holds_frames(&self) -> bool {
        !self.shown.is_empty() || !self.wanted.is_empty()
    }
}

/// What lists this replica at the station, as long as the directory held does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// The one-time token of the enrolment file.
    Token([u8; 32]),
    /// The signature of the replica it follows.
    Succession(SignedSuccession),
}

/// A read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// To be named in the completion.
    pub ticket: Ticket,
    /// From where to read the lane.
    pub from: LoadFrom,
    /// Stop before the sum of [`Entry::size`] exceeds this, but read at least one entry if there is one.
    pub budget_bytes: u64,
    /// What the station wants for a repair.
    pub ask: Ask,
}

/// What storage holds, read in one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Version of the newest directory held.
    pub directory_version: u64,
    /// [`crate::directory::held_hash`] of its signed bytes.
    pub directory_hash: Hash,
    /// Token or succession, as long as that directory does not list this replica.
    pub credential: Option<Credential>,
    /// The end of one's own lane; genesis when empty.
    pub lane_end: LaneHead,
    /// The station head of the last [`Batch`] that had one; genesis if none.
    pub station_head: LaneHead,
    /// The highest index with a receipt; 0 if none.
    pub receipts_through: u64,
    /// The place before the first of `entries`.
    pub after: LaneHead,
    /// Entries after `after`, in order.
    pub entries: Vec<Entry>,
    /// Entries of the lane after `after`, the ones not read included.
    pub unsent_entries: u64,
    /// The sum of their sizes.
    pub unsent_bytes: u64,
    /// The newest checkpoint of each scope.
    pub cursors: Vec<Cursor>,
    /// Where the first sync has come to in scopes not held from the log's beginning.
    pub backlogs: Vec<Backlog>,
    /// The answer to [`Load::ask`].
    pub evidence: Evidence,
    /// [`Batch::station_at_ms`] of the last one stored; 0 if none.
    pub heard_at_ms: i64,
}

/// A message to the station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Send {
    /// To be named in the completion.
    pub ticket: Ticket,
    /// The body of the request.
    pub bytes: Vec<u8>,
}

/// A write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// To be named in the completion.
    pub ticket: Ticket,
    /// What to write.
    pub batch: Box<Batch>,
}

/// Everything one answer brought, verified. Stored in one transaction or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// A newer directory.
    pub directory: Option<Verified<Directory>>,
    /// Receipts not held yet, in order. Their refusals set entries aside.
    pub receipts: Vec<Verified<Receipt>>,
    /// Pulled entries and the cursors that go with them.
    pub pages: Vec<VerifiedPage>,
    /// Earlier work, after the pages. Of a scope without a cursor the piece's end is the cursor; where it begins is the
    /// backlog, unless it is the log's beginning. A piece that does not end at the backlog as the pages have left it is
    /// left out. One that names an entry sent before which is not held is left out too, and its scope begins again.
    pub earlier: Vec<VerifiedEarlier>,
    /// Scopes whose way back is given up: without backlog, with a cursor at [`crate::scope_log::LogPosition::genesis`], so
    /// that they are pulled oldest first.
    pub begin_again: Vec<ScopeId>,
    /// Where the station is in one's own lane, when it was checked to be on it.
    pub station_head: Option<LaneHead>,
    /// The epoch of the station's logs.
    pub epoch: u32,
    /// The station's clock, UTC milliseconds.
    pub station_at_ms: i64,
    /// Index up to which a verified backup of the station holds the lane.
    pub backup_watermark: Option<u64>,
}

/// How far a sync is, in what is durable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// Entries to send in this sync.
    pub send_total: u64,
    /// Of these, entries with a receipt stored here.
    pub sent: u64,
    /// Bytes of the entries to send.
    pub send_total_bytes: u64,
    /// Of these, bytes of entries with a receipt stored here.
    pub sent_bytes: u64,
    /// Entries pulled and stored.
    pub pulled: u64,
    /// Entries pulled and still to come, as far as the station has said.
    pub pull_total: u64,
}
