//! What laptop and station tell each other when the station does not know where a laptop stands: it was restored from a
//! backup, or the laptop's cursor is lost or foreign. Every claim is a checkpoint or receipt the station itself has signed.
//!
//! 1. The station finds a cursor that is not on its log, or a lane shorter than its receipts. It takes no frames and names
//!    the scopes ([`crate::wire::Answer::unknown`]).
//! 2. The laptop shows its checkpoints of those scopes, newest first, and its last receipt ([`Shown`]).
//! 3. The station finds the newest one that is on its log: the common ground. A later one that it signed and does not know
//!    proves that its log was cut short ([`Verdict::CutShort`]); it opens a new epoch above every one proved, and asks for
//!    what came after ([`Wanted`]).
//! 4. The laptop gives back the pieces of the log it holds. Each runs from a place to a signed checkpoint, so it is taken as
//!    it is, whoever wrote it, also for laptops that no longer exist.
//! 5. Once the last checkpoint shown is reached, the page after the common ground follows, and frames are taken again.
//!
//! Must not know how logs are stored.

use minicbor::{Decode, Encode};

use crate::crypto::{PublicKey, Signed, Verified};
use crate::ids::{DocumentId, Hash, ReplicaId, ScopeId, StationId};
use crate::lane::{self, EntryHeader, EntryKind, MoveBody};
use crate::limits;
use crate::scope_log::{self, Checkpoint, Cursor, LogPosition, LoggedEntry, Page, PageFault};

/// A laptop's checkpoints of one scope, newest first. An empty list says that it has none.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Shown {
    /// The scope.
    #[n(0)]
    pub scope: ScopeId,
    /// At most [`limits::SHOWN_MAX`], from the newest to the oldest, closer together the newer they are.
    #[n(1)]
    pub checkpoints: Vec<Signed<Checkpoint>>,
}

/// A piece of a lost log that the station wants back: the pieces after this place, in order.
pub type Wanted = Cursor;

/// What a laptop brings to a repair. Empty in every ordinary request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Evidence {
    /// For each scope the station named: where the laptop stands and stood.
    #[n(0)]
    pub shown: Vec<Shown>,
    /// The newest receipt of the laptop's own lane.
    #[n(1)]
    pub receipt: Option<Signed<crate::receipt::Receipt>>,
    /// Pieces of lost logs, each to a signed checkpoint; foreign entries and own ones alike, whole or as headers of erased ones.
    #[n(2)]
    pub pieces: Vec<Page>,
    /// Ends of pieces that the laptop cannot give back, because it no longer holds every header in between.
    #[n(3)]
    pub gaps: Vec<Signed<Checkpoint>>,
    /// The directory version the station asked for.
    #[n(4)]
    pub directory: Option<Signed<crate::directory::Directory>>,
}

impl Evidence {
    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the lists are within bounds.
    pub(crate) fn is_bounded(&self) -> bool {
        self.shown.len() <= limits::SCOPES_MAX
            && self.shown.iter().all(|one| one.checkpoints.len() <= limits::SHOWN_MAX)
            && self.pieces.len() <= limits::PIECES_MAX
            && self.gaps.len() <= limits::PIECES_MAX
    }
}

/// How a checkpoint relates to the station's log, as its database tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A place of the log.
    OnLog,
    /// Not on the log, but all up to it was given back, or given up, before.
    GivenBack,
    /// Never seen: signed in a life of the station that was lost.
    Unknown,
}

/// What the checkpoints of one scope prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The laptop may go on from here; nothing is owed. `None` is the beginning of the log.
    GoOn {
        /// The newest place both know.
        from: Option<LogPosition>,
    },
    /// The station's log was cut short. The pieces after `after` are wanted, up to the newest checkpoint shown.
    CutShort {
        /// The newest place both know or that was given back already; `None` is the beginning of the log.
        after: Option<LogPosition>,
        /// The highest epoch in which a lost checkpoint was signed. The station's own must be higher.
        epoch: u32,
    },
}

/// Judges the checkpoints of one scope. Those the station has not signed, or for another scope, count for nothing.
pub fn judge_shown(
    shown: &Shown,
    station: StationId,
    key: &PublicKey,
    mut standing: impl FnMut(&LogPosition) -> Standing,
) -> Verdict {
    let own = shown.checkpoints.iter().take(limits::SHOWN_MAX).filter_map(|signed| {
        let read = signed.clone().verify(key).ok()?;
        (read.station == station && read.scope == shown.scope).then_some(read.position)
    });
    let mut places: Vec<LogPosition> = own.collect();
    places.sort_by_key(|place| std::cmp::Reverse(place.seq));
    let known: Vec<(LogPosition, Standing)> = places.into_iter().map(|place| (place, standing(&place))).collect();
    let on_log = known.iter().find(|(_, standing)| *standing == Standing::OnLog).map(|(place, _)| *place);
    let lost = known.iter().filter(|(_, standing)| *standing == Standing::Unknown).map(|(place, _)| place.epoch);
    match known.first() {
        Some((_, Standing::Unknown)) => Verdict::CutShort {
            // Pieces can follow a place of the log, or one up to which all was given back.
            after: known.iter().find(|(_, standing)| *standing != Standing::Unknown).map(|(place, _)| *place),
            epoch: lost.max().unwrap_or(0),
        },
        Some((_, Standing::OnLog | Standing::GivenBack)) | None => Verdict::GoOn { from: on_log },
    }
}

/// An entry of a piece given back, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenBack {
    /// Whose lane.
    pub replica: ReplicaId,
    /// Hash of the header.
    pub header_hash: Hash,
    /// The header.
    pub header: EntryHeader,
    /// What it holds.
    pub content: GivenContent,
}

/// What an entry given back holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivenContent {
    /// A change or decision.
    Change {
        /// The whole entry.
        entry: lane::Entry,
        /// Hash, actor, number and dependencies.
        facts: crate::change::ChangeFacts,
    },
    /// A move.
    Move {
        /// The whole entry.
        entry: lane::Entry,
        /// Where to.
        to: ScopeId,
        /// What.
        documents: Vec<DocumentId>,
    },
    /// An erasure.
    Erase {
        /// The whole entry.
        entry: lane::Entry,
    },
    /// A freeze.
    Freeze {
        /// The whole entry.
        entry: lane::Entry,
    },
    /// The contents were erased; the header's bytes are left.
    Erased {
        /// The header's bytes.
        header: Vec<u8>,
    },
}

/// A piece whose chain leads to a checkpoint the station has signed: all of it was accepted once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedPiece {
    /// Where it begins.
    pub from: LogPosition,
    /// Where it ends.
    pub checkpoint: Verified<Checkpoint>,
    /// The entries in order.
    pub entries: Vec<GivenBack>,
}

/// Why a piece is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PieceFault {
    /// The entries do not lead to a checkpoint of this station.
    #[error(transparent)]
    Page(#[from] PageFault),
    /// It holds nothing, or an entry that is not one the station can have accepted.
    #[error("piece holds an entry that was never accepted")]
    Content,
}

/// Checks a piece given back. The chain proves every header; the headers prove every body.
///
/// # Errors
/// [`PieceFault`].
pub fn check_piece(piece: Page, station: StationId, key: &PublicKey) -> Result<VerifiedPiece, PieceFault> {
    if piece.entries.is_empty() || piece.entries.len() > limits::PAGE_ENTRIES_MAX {
        return Err(PieceFault::Content);
    }
    let checkpoint = piece.checkpoint.verify(key).map_err(PageFault::Signature)?;
    if checkpoint.station != station {
        return Err(PageFault::AnotherStation.into());
    }
    let mut position = piece.from;
    let mut entries = Vec::with_capacity(piece.entries.len());
    for logged in piece.entries {
        let one = read_given(logged)?;
        position = position.next(one.replica, &one.header_hash);
        entries.push(one);
    }
    if !position.is(&checkpoint.position) {
        return Err(PageFault::ChainBroken.into());
    }
    Ok(VerifiedPiece { from: piece.from, checkpoint, entries })
}

fn read_given(logged: LoggedEntry) -> Result<GivenBack, PieceFault> {
    let (replica, entry) = match logged {
        LoggedEntry::Full { replica, entry } => (replica, entry),
        LoggedEntry::Erased { replica, header } => {
            let read = lane::read_header(&header).map_err(|_| PieceFault::Content)?;
            let header_hash = lane::header_hash(&header);
            return Ok(GivenBack { replica, header_hash, header: read, content: GivenContent::Erased { header } });
        }
        LoggedEntry::Yours { .. } | LoggedEntry::Sent { .. } => return Err(PieceFault::Content),
    };
    let header = entry.read_header().map_err(|_| PieceFault::Content)?;
    let header_hash = entry.header_hash();
    let facts = scope_log::check_body(&header, &entry).map_err(|_| PieceFault::Content)?;
    let content = match (header.kind, facts) {
        (EntryKind::Change | EntryKind::Decision, Some(facts)) => GivenContent::Change { entry, facts },
        (EntryKind::Move, None) => {
            let MoveBody { to, documents } = MoveBody::from_body(&entry.body).map_err(|_| PieceFault::Content)?;
            GivenContent::Move { entry, to, documents }
        }
        (EntryKind::Erase, None) => GivenContent::Erase { entry },
        (EntryKind::Freeze, None) => GivenContent::Freeze { entry },
        (
            EntryKind::Change
            | EntryKind::Decision
            | EntryKind::Move
            | EntryKind::Erase
            | EntryKind::Freeze
            | EntryKind::Other(_),
            _,
        ) => return Err(PieceFault::Content),
    };
    Ok(GivenBack { replica, header_hash, header, content })
}

/// Which of a scope's checkpoints to show, newest first: the newest ones all, then ever wider apart, so that the common
/// ground is near whatever the age of the backup. `newest_first` is every checkpoint held.
#[must_use]
pub fn choose_shown<T>(newest_first: Vec<T>) -> Vec<T> {
    let close = limits::SHOWN_MAX / 2;
    let count = newest_first.len();
    let wanted = |position: usize| {
        let beyond = position.saturating_sub(close);
        position < close || position + 1 == count || beyond.is_power_of_two()
    };
    let chosen = newest_first.into_iter().enumerate().filter(|(position, _)| wanted(*position)).map(|(_, one)| one);
    chosen.take(limits::SHOWN_MAX).collect()
}
