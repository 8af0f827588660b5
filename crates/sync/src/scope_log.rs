//! The scope log: the order the station gives to accepted entries of one scope, as a hash chain with signed checkpoints.
//! A cursor is a checkpoint. Must not know how entries are accepted or stored.

use minicbor::{Decode, Encode};

use crate::change::{self, ChangeFacts, ChangeFault};
use crate::crypto::{self, PublicKey, Signable, SignatureFault, Signed, Verified};
use crate::ids::{Hash, ReplicaId, ScopeId, StationId};
use crate::lane::{self, EntryHeader, EntryKind};
use crate::limits;

/// A place in a scope log, signed by the station.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Checkpoint {
    /// Which station.
    #[n(0)]
    pub station: StationId,
    /// Which scope.
    #[n(1)]
    pub scope: ScopeId,
    /// The place.
    #[n(2)]
    pub position: LogPosition,
}

impl Signable for Checkpoint {
    const DOMAIN: &'static str = "checkpoint 1";
    const BYTES_MAX: usize = limits::CHECKPOINT_BYTES_MAX;
}

/// A place in a scope log: sequence number and the chain's hash there, and the epoch in which the station signed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct LogPosition {
    /// The epoch of the station's logs; rises when the station was restored from a backup and its logs were cut short.
    #[n(0)]
    pub epoch: u32,
    /// Sequence number of the last entry; 0 before the first.
    #[n(1)]
    pub seq: u64,
    /// Hash of the chain after that entry.
    #[n(2)]
    pub chain: Hash,
}

impl LogPosition {
    /// The place before the first entry of a scope's log. The chain runs on through all epochs, so it is the same in each.
    #[must_use]
    pub fn genesis(station: StationId, scope: &ScopeId, epoch: u32) -> Self {
        let chain = crypto::hash("fengqiao log 1", &[station.as_bytes(), scope.as_str().as_bytes()]);
        Self { epoch, seq: 0, chain }
    }

    /// Whether both are the same place of the same chain. The epoch only says when it was signed.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.seq == other.seq && self.chain == other.chain
    }

    /// The place after one more entry.
    #[must_use]
    pub fn next(self, replica: ReplicaId, header_hash: &Hash) -> Self {
        let seq = self.seq.saturating_add(1);
        let chain = crypto::hash(
            "fengqiao log entry 1",
            &[&self.chain.0, &seq.to_be_bytes(), replica.as_bytes(), header_hash.as_bytes()],
        );
        Self { epoch: self.epoch, seq, chain }
    }
}

/// Where a laptop stands in a scope. Without one, it stands before the first entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Cursor {
    /// The scope.
    #[n(0)]
    pub scope: ScopeId,
    /// The place of the last entry held.
    #[n(1)]
    pub position: LogPosition,
}

/// An entry of a scope log on its way to a laptop.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum LoggedEntry {
    /// Another replica's entry.
    #[n(0)]
    Full {
        /// Whose lane.
        #[n(0)]
        replica: ReplicaId,
        /// Header, salt and body.
        #[n(1)]
        entry: lane::Entry,
    },
    /// Another replica's entry whose contents were erased.
    #[n(1)]
    Erased {
        /// Whose lane.
        #[n(0)]
        replica: ReplicaId,
        /// The header as hashed.
        #[cbor(n(1), with = "minicbor::bytes")]
        header: Vec<u8>,
    },
    /// An entry of the lane of the laptop that asks: it has the bytes.
    #[n(2)]
    Yours {
        /// Index in its lane.
        #[n(0)]
        index: u64,
        /// Hash of the header, for the chain.
        #[n(1)]
        header_hash: Hash,
    },
    /// Another replica's entry that was sent before its place, to make a document whole ([`crate::first_sync`]).
    #[n(3)]
    Sent {
        /// Whose lane.
        #[n(0)]
        replica: ReplicaId,
        /// Index in that lane.
        #[n(1)]
        index: u64,
        /// Hash of the header, for the chain.
        #[n(2)]
        header_hash: Hash,
    },
}

impl LoggedEntry {
    /// Bytes this entry takes in a page, a few too many rather than too few.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Full { entry, .. } => entry.size() + 24,
            Self::Erased { header, .. } => header.len() + 32,
            Self::Yours { .. } => 52,
            Self::Sent { .. } => 68,
        }
    }
}

/// A piece of a scope log.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Page {
    /// Where the piece begins: the laptop's cursor, an older checkpoint it has shown, or the log's beginning.
    #[n(0)]
    pub from: LogPosition,
    /// The entries that follow.
    #[n(1)]
    pub entries: Vec<LoggedEntry>,
    /// Where the piece ends.
    #[n(2)]
    pub checkpoint: Signed<Checkpoint>,
    /// Entries in the scope after this piece.
    #[n(3)]
    pub behind: u64,
}

/// Why a page is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageFault {
    /// The checkpoint is not the station's.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// The checkpoint is of another station.
    #[error("checkpoint of another station")]
    AnotherStation,
    /// The page does not begin where the laptop stands.
    #[error("page does not begin at the cursor")]
    NotAtCursor,
    /// The log's epoch is older than the laptop's: an old backup without a new epoch.
    #[error("log epoch {found} is older than {held}")]
    EpochWentBack {
        /// The page's epoch.
        found: u32,
        /// The cursor's epoch.
        held: u32,
    },
    /// The entries do not lead to the checkpoint.
    #[error("entries do not lead to the checkpoint")]
    ChainBroken,
    /// More entries than a page may hold.
    #[error("too many entries")]
    TooMany,
    /// A page of earlier work that does not end where the way back has come to.
    #[error("page does not end at the backlog")]
    NotAtBacklog,
    /// An entry that says it was sent before where nothing can have been, or one's own as another's.
    #[error("entry out of place")]
    Stray,
}

/// Whether a page may name entries that were sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stubs {
    /// On the way back.
    Taken,
    /// Everywhere else.
    Refused,
}

/// What is wrong with one pulled entry; the others are unharmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    /// The header cannot be read.
    #[error("header unreadable")]
    Header,
    /// The body is not the one the header commits to.
    #[error("body not committed")]
    BodyNotCommitted,
    /// The change is not well-formed.
    #[error(transparent)]
    Change(#[from] ChangeFault),
    /// A control that cannot be read.
    #[error("control unreadable")]
    Control,
}

/// What a pulled entry holds, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PulledContent {
    /// A well-formed change or decision.
    Change {
        /// The whole entry.
        entry: lane::Entry,
        /// Hash, actor, number and dependencies of the change.
        facts: ChangeFacts,
    },
    /// A move, freeze or erase with a readable body.
    Control {
        /// The whole entry.
        entry: lane::Entry,
    },
    /// The contents were erased at the station.
    Erased {
        /// The header's bytes.
        header: Vec<u8>,
    },
    /// One's own entry; the bytes are in the lane.
    Own {
        /// Index in the lane.
        index: u64,
    },
    /// Sent before its place; must be held already, or the page is not to be taken.
    Sent {
        /// Index in its lane.
        index: u64,
    },
    /// Not usable; to be kept aside with the reason. Blocks nothing else.
    Quarantined {
        /// The whole entry.
        entry: lane::Entry,
        /// Why.
        fault: EntryFault,
    },
}

/// A pulled entry in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledEntry {
    /// Sequence number in the scope; 0 for one whose place comes with a later page.
    pub seq: u64,
    /// Whose lane it comes from.
    pub replica: ReplicaId,
    /// Hash of the header.
    pub header_hash: Hash,
    /// The header; `None` for one's own entries, those sent before and unreadable headers.
    pub header: Option<EntryHeader>,
    /// The contents.
    pub content: PulledContent,
}

/// A page whose chain and checkpoint hold. Only [`Page::verify`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedPage {
    scope: ScopeId,
    from: LogPosition,
    entries: Vec<PulledEntry>,
    checkpoint: Verified<Checkpoint>,
    behind: u64,
}

impl VerifiedPage {
    /// The scope.
    #[must_use]
    pub fn scope(&self) -> &ScopeId {
        &self.scope
    }

    /// Where the page begins. Before the cursor, when the station was restored: what is already held comes again and is kept once.
    #[must_use]
    pub fn from(&self) -> LogPosition {
        self.from
    }

    /// The entries in order.
    #[must_use]
    pub fn entries(&self) -> &[PulledEntry] {
        &self.entries
    }

    /// The new cursor; stored in the same transaction as the entries.
    #[must_use]
    pub fn checkpoint(&self) -> &Verified<Checkpoint> {
        &self.checkpoint
    }

    /// Entries still to come.
    #[must_use]
    pub fn behind(&self) -> u64 {
        self.behind
    }
}

impl Page {
    /// Checks that the entries lead from a place the laptop has `shown` in the page's scope to a checkpoint of the station,
    /// and checks each entry's contents. Without a place shown, the page begins where the log begins.
    ///
    /// # Errors
    /// [`PageFault`]; a single bad entry is not an error but [`PulledContent::Quarantined`].
    pub fn verify(
        self,
        station: StationId,
        station_key: &PublicKey,
        me: ReplicaId,
        shown: impl FnOnce(&ScopeId) -> Vec<LogPosition>,
    ) -> Result<VerifiedPage, PageFault> {
        let checkpoint = self.checkpoint.clone().verify(station_key)?;
        if checkpoint.station != station {
            return Err(PageFault::AnotherStation);
        }
        check_start(station, &checkpoint, &self.from, &shown(&checkpoint.scope))?;
        follow(self, checkpoint, me, Stubs::Refused)
    }
}

/// Follows a page's entries from its beginning to its checkpoint, which was verified.
pub(crate) fn follow(
    page: Page,
    checkpoint: Verified<Checkpoint>,
    me: ReplicaId,
    stubs: Stubs,
) -> Result<VerifiedPage, PageFault> {
    if page.entries.len() > limits::PAGE_ENTRIES_MAX {
        return Err(PageFault::TooMany);
    }
    let mut position = page.from;
    let mut entries = Vec::with_capacity(page.entries.len());
    for logged in page.entries {
        let (replica, header_hash) = match &logged {
            LoggedEntry::Full { replica, entry } => (*replica, entry.header_hash()),
            LoggedEntry::Erased { replica, header } => (*replica, lane::header_hash(header)),
            LoggedEntry::Yours { header_hash, .. } => (me, *header_hash),
            LoggedEntry::Sent { replica, .. } if stubs == Stubs::Refused || *replica == me => {
                return Err(PageFault::Stray);
            }
            LoggedEntry::Sent { replica, header_hash, .. } => (*replica, *header_hash),
        };
        position = position.next(replica, &header_hash);
        let (header, content) = open_entry(logged);
        entries.push(PulledEntry { seq: position.seq, replica, header_hash, header, content });
    }
    if !position.is(&checkpoint.position) {
        return Err(PageFault::ChainBroken);
    }
    let scope = checkpoint.scope.clone();
    Ok(VerifiedPage { scope, from: page.from, entries, checkpoint, behind: page.behind })
}

fn check_start(
    station: StationId,
    checkpoint: &Checkpoint,
    from: &LogPosition,
    shown: &[LogPosition],
) -> Result<(), PageFault> {
    let newest = shown.iter().map(|place| place.epoch).max().unwrap_or(0);
    if checkpoint.position.epoch < newest {
        return Err(PageFault::EpochWentBack { found: checkpoint.position.epoch, held: newest });
    }
    let genesis = LogPosition::genesis(station, &checkpoint.scope, from.epoch);
    let known = if shown.is_empty() { from.is(&genesis) } else { shown.iter().any(|place| place.is(from)) };
    if known { Ok(()) } else { Err(PageFault::NotAtCursor) }
}

pub(crate) fn open_entry(logged: LoggedEntry) -> (Option<EntryHeader>, PulledContent) {
    match logged {
        LoggedEntry::Yours { index, .. } => (None, PulledContent::Own { index }),
        LoggedEntry::Sent { index, .. } => (None, PulledContent::Sent { index }),
        LoggedEntry::Erased { header, .. } => (lane::read_header(&header).ok(), PulledContent::Erased { header }),
        LoggedEntry::Full { entry, .. } => match entry.read_header() {
            Err(_) => (None, PulledContent::Quarantined { entry, fault: EntryFault::Header }),
            Ok(header) => {
                let content = match check_body(&header, &entry) {
                    Ok(Some(facts)) => PulledContent::Change { entry, facts },
                    Ok(None) => PulledContent::Control { entry },
                    Err(fault) => PulledContent::Quarantined { entry, fault },
                };
                (Some(header), content)
            }
        },
    }
}

/// Reads an entry once more that was kept aside; the log it came in vouches for its writer. It has no place of its own.
#[must_use]
pub fn read_again(replica: ReplicaId, entry: lane::Entry) -> PulledEntry {
    let header_hash = entry.header_hash();
    let (header, content) = open_entry(LoggedEntry::Full { replica, entry });
    PulledEntry { seq: 0, replica, header_hash, header, content }
}

/// Checks a body against its header. Facts for a change or decision, nothing for a control.
pub(crate) fn check_body(header: &EntryHeader, entry: &lane::Entry) -> Result<Option<ChangeFacts>, EntryFault> {
    if lane::commitment(&entry.salt, &entry.body) != header.commitment {
        return Err(EntryFault::BodyNotCommitted);
    }
    let readable = match header.kind {
        EntryKind::Change | EntryKind::Decision => return Ok(Some(change::check(&entry.body)?)),
        EntryKind::Move => lane::MoveBody::from_body(&entry.body).is_ok(),
        EntryKind::Freeze => lane::FreezeBody::from_body(&entry.body).is_ok(),
        EntryKind::Erase => lane::EraseBody::from_body(&entry.body).is_ok(),
        EntryKind::Other(_) => false,
    };
    if readable { Ok(None) } else { Err(EntryFault::Control) }
}
