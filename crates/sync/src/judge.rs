//! The station's judgement of a frame: pure, in three steps, so that the station can ask its database in between.
//!
//! 1. [`admit`] checks signature and place in the lane and reads every body.
//! 2. [`Pending::questions`] says what must be looked up; the station answers with [`Facts`] from inside its transaction.
//! 3. [`Pending::judge`] rules on every entry. A refusal covers the whole act and everything that builds on it.
//!
//! Never panics on any bytes. Must not know how anything is stored, nor open a document.

mod rules;

use std::collections::{BTreeMap, BTreeSet};

use crate::change::ChangeFacts;
use crate::directory::Directory;
use crate::frame::{Frame, FrameFault, LaneEntry};
use crate::ids::{ActId, Actor, DocumentId, Hash, ReplicaId, ScopeId, StationId};
use crate::known::Known;
use crate::lane::{Entry, EntryHeader, EntryKind, LaneHead, MoveBody};
use crate::receipt::{Receipt, Refusal, RefusalReason, ScopeSequence};
use crate::scope_log::{self, EntryFault};
use crate::wire::FrameRejection;

/// What the body of an entry turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyFacts {
    /// A change or decision.
    Change(ChangeFacts),
    /// A move.
    Move(MoveBody),
    /// A freeze or an erase.
    Control,
    /// Not usable.
    Bad(RefusalReason),
}

/// What became of a frame at the door.
#[expect(clippy::large_enum_variant, reason = "one at a time, moved once")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It ends before the station's head. The station has it, and the receipts exist, if it holds the last entry; if it holds
    /// another one at that place, the frame is of another branch.
    Known(LaneHead),
    /// Not a continuation of the lane the station has. Stop at this frame and answer with the head.
    Rejected(FrameRejection),
    /// New entries to judge.
    Fresh(Pending),
}

/// New entries of a frame, read but not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    replica: ReplicaId,
    head: LaneHead,
    entries: Vec<(LaneEntry, BodyFacts)>,
    questions: Questions,
}

/// What the station must look up before it can judge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Questions {
    /// For [`Facts::documents`].
    pub documents: BTreeSet<DocumentId>,
    /// For [`Facts::changes`]: the changes themselves and what they build on.
    pub changes: BTreeSet<(DocumentId, Hash)>,
    /// For [`Facts::slots`]: document, actor, the actor's number.
    pub slots: BTreeSet<(DocumentId, Actor, u64)>,
    /// For [`Facts::actors`].
    pub actors: BTreeSet<Actor>,
    /// For [`Facts::directories`].
    pub directory_versions: BTreeSet<u64>,
    /// For [`Facts::refused_acts`].
    pub acts: BTreeSet<ActId>,
    /// For [`Facts::logged`].
    pub headers: BTreeSet<Hash>,
    /// For [`Facts::controls`].
    pub controls: BTreeSet<Control>,
}

/// What makes two controls of different lanes one: a copy of a disk carries an entry over with its salt and body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Control {
    /// The document.
    pub document: DocumentId,
    /// The command.
    pub act: ActId,
    /// The keyed hash of the body.
    pub commitment: Hash,
}

impl Control {
    /// Of a header.
    #[must_use]
    pub fn of(header: &EntryHeader) -> Self {
        Self { document: header.document, act: header.act, commitment: header.commitment }
    }
}

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentState {
    /// In use.
    Live,
    /// Erased; nothing is taken for it any more.
    Erased,
}

/// What the station knows of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFacts {
    /// The scope it is in now.
    pub scope: ScopeId,
    /// Scopes it was moved out of; late edits made there follow it.
    pub former: BTreeSet<ScopeId>,
    /// In use or erased.
    pub state: DocumentState,
}

/// What became of a change the station has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeState {
    /// In a scope log.
    Accepted,
    /// Set aside.
    Refused,
}

/// What to do with a change that builds on one the station has never seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingDependency {
    /// Set it aside: the normal case.
    Refuse,
    /// Take it: the station was restored once, and what is missing may yet be given back. Laptops wait for it.
    Admit,
}

/// The station's answers to [`Questions`]. Absent keys mean "never seen".
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The newest directory.
    pub newest: &'a Directory,
    /// The directories of the versions asked for.
    pub directories: BTreeMap<u64, &'a Directory>,
    /// The highest directory version an entry of this lane has named so far; 0 for an empty lane.
    pub lane_directory_version: u64,
    /// Documents.
    pub documents: BTreeMap<DocumentId, DocumentFacts>,
    /// Changes.
    pub changes: BTreeMap<(DocumentId, Hash), ChangeState>,
    /// The accepted change that holds an actor's number in a document.
    pub slots: BTreeMap<(DocumentId, Actor, u64), Hash>,
    /// The replica that used an actor first.
    pub actors: BTreeMap<Actor, ReplicaId>,
    /// Acts of which an entry was refused before.
    pub refused_acts: BTreeSet<ActId>,
    /// Headers of this lane that are in a log already: given back by another laptop after the station was restored.
    pub logged: BTreeSet<Hash>,
    /// Moves, freezes and erasures that are in a log already, from another lane.
    pub controls: BTreeSet<Control>,
    /// What to do about gaps in a document's history.
    pub missing_dependency: MissingDependency,
    /// The station's clock, UTC milliseconds.
    pub now_ms: i64,
}

/// What the station does with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// Append to the scope's log. A document not seen before now is in this scope. A late edit goes to the document's present scope.
    Log {
        /// The scope.
        scope: ScopeId,
    },
    /// Append to the log of `from`; then, for each document, append its logged entries in their order to `to` (those
    /// not there yet), then this entry too. The documents are in `to` from now on, with `from` among their former scopes.
    Move {
        /// The scope left.
        from: ScopeId,
        /// The scope entered.
        to: ScopeId,
        /// The documents.
        documents: Vec<DocumentId>,
    },
    /// Append to the scope's log, mark the document erased, and drop bodies and salts of its other entries.
    Erase {
        /// The scope.
        scope: ScopeId,
    },
    /// The same change or control is in the log already, from another lane, or this very entry, given back by another
    /// laptop. Keep the lane entry, append nothing.
    Held,
    /// Set aside with the reason.
    Refused(RefusalReason),
}

/// A ruled entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedEntry {
    /// The header.
    pub header: EntryHeader,
    /// Index and header hash.
    pub place: LaneHead,
    /// The bytes.
    pub entry: Entry,
    /// Set for well-formed changes and decisions.
    pub change: Option<ChangeFacts>,
    /// What to do.
    pub ruling: Ruling,
}

/// The judgement of a frame's new entries: one transaction at the station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Whose lane.
    pub replica: ReplicaId,
    /// Index of the first new entry.
    pub first: u64,
    /// The station's head in the lane afterwards.
    pub head: LaneHead,
    /// The highest directory version the lane has named, afterwards.
    pub lane_directory_version: u64,
    /// The entries in order.
    pub entries: Vec<JudgedEntry>,
}

/// Checks a frame's signature and its place after `head`, the station's present head in that lane
/// ([`LaneHead::genesis`] for an empty one), and reads every body.
#[must_use]
pub fn admit(frame: Frame, station: StationId, newest: &Directory, head: LaneHead) -> Admission {
    admit_knowing(frame, station, newest, head, &Known::here())
}

/// As [`admit`], by a build that knows only so much.
#[must_use]
pub fn admit_knowing(frame: Frame, station: StationId, newest: &Directory, head: LaneHead, known: &Known) -> Admission {
    let Some(replica) = newest.replica(frame.replica) else {
        return Admission::Rejected(FrameRejection::BadSignature);
    };
    let verified = match frame.verify(station, &replica.public_key) {
        Ok(verified) => verified,
        Err(FrameFault::Signature(_)) => return Admission::Rejected(FrameRejection::BadSignature),
        Err(
            FrameFault::Count { .. }
            | FrameFault::TooLarge { .. }
            | FrameFault::Header { .. }
            | FrameFault::ChainBroken { .. },
        ) => return Admission::Rejected(FrameRejection::Malformed),
    };
    if verified.before().index > head.index {
        return Admission::Rejected(FrameRejection::Gap);
    }
    let at_head = std::iter::once(verified.before())
        .chain(verified.entries().iter().map(|one| one.place))
        .find(|place| place.index == head.index);
    match at_head {
        Some(place) if place.hash != head.hash => return Admission::Rejected(FrameRejection::Fork),
        // The frame ends at the head or before it: an old one, sent again.
        Some(place) if place.index == verified.head().index => return Admission::Known(place),
        None => return Admission::Known(verified.head()),
        Some(_) => {}
    }
    let fresh = verified.entries().iter().filter(|one| one.place.index > head.index).cloned();
    Admission::Fresh(pending(verified.replica(), verified.head(), fresh.collect(), known))
}

/// Entries of one lane that were set aside before, in their order, to be judged once more: by a build that reads more, or
/// because a person has decided. Their signatures were checked when they came, and are not again. Headers that cannot be
/// read are left out.
#[must_use]
pub fn reopen(replica: ReplicaId, entries: Vec<Entry>, known: &Known) -> Pending {
    let read = entries.into_iter().filter_map(|entry| {
        let header = entry.read_header().ok()?;
        let place = LaneHead { index: header.index, hash: entry.header_hash() };
        Some(LaneEntry { header, place, entry })
    });
    let entries: Vec<LaneEntry> = read.collect();
    let head = entries.last().map_or_else(|| LaneHead::genesis(replica), |one| one.place);
    pending(replica, head, entries, known)
}

fn pending(replica: ReplicaId, head: LaneHead, entries: Vec<LaneEntry>, known: &Known) -> Pending {
    let read = |one: LaneEntry| {
        let body = read_body(&one.header, &one.entry, known);
        (one, body)
    };
    let entries: Vec<_> = entries.into_iter().map(read).collect();
    let questions = questions(&entries);
    Pending { replica, head, entries, questions }
}

fn read_body(header: &EntryHeader, entry: &Entry, known: &Known) -> BodyFacts {
    if !known.reads(header.kind) || header.key_id != 0 || header.generation != 0 {
        return BodyFacts::Bad(RefusalReason::KindUnknown);
    }
    match scope_log::check_body(header, entry) {
        Ok(Some(facts)) => BodyFacts::Change(facts),
        Ok(None) if header.kind == EntryKind::Move => match MoveBody::from_body(&entry.body) {
            Ok(body) => BodyFacts::Move(body),
            Err(_) => BodyFacts::Bad(RefusalReason::MalformedBody),
        },
        Ok(None) => BodyFacts::Control,
        Err(EntryFault::BodyNotCommitted) => BodyFacts::Bad(RefusalReason::BodyNotCommitted),
        Err(EntryFault::Change(crate::change::ChangeFault::TooLarge)) => BodyFacts::Bad(RefusalReason::TooLarge),
        Err(EntryFault::Change(_) | EntryFault::Control | EntryFault::Header) => {
            BodyFacts::Bad(RefusalReason::MalformedBody)
        }
    }
}

fn questions(entries: &[(LaneEntry, BodyFacts)]) -> Questions {
    let mut asked = Questions::default();
    for (one, body) in entries {
        let document = one.header.document;
        asked.documents.insert(document);
        asked.directory_versions.insert(one.header.directory_version);
        asked.acts.insert(one.header.act);
        asked.headers.insert(one.place.hash);
        match body {
            BodyFacts::Change(facts) => {
                asked.changes.insert((document, facts.hash));
                asked.changes.extend(facts.deps.iter().map(|dep| (document, *dep)));
                asked.slots.insert((document, facts.actor, facts.seq));
                asked.actors.insert(facts.actor);
            }
            BodyFacts::Move(body) => {
                asked.documents.extend(body.documents.iter().copied());
                asked.controls.insert(Control::of(&one.header));
            }
            BodyFacts::Control => {
                asked.controls.insert(Control::of(&one.header));
            }
            BodyFacts::Bad(_) => {}
        }
    }
    asked
}

impl Pending {
    /// Whose lane.
    #[must_use]
    pub fn replica(&self) -> ReplicaId {
        self.replica
    }

    /// The places of the new entries, in order.
    pub fn places(&self) -> impl Iterator<Item = LaneHead> + '_ {
        self.entries.iter().map(|(one, _)| one.place)
    }

    /// What must be looked up.
    #[must_use]
    pub fn questions(&self) -> &Questions {
        &self.questions
    }

    /// Sets every entry aside, unjudged.
    #[must_use]
    pub fn set_aside(self, reason: RefusalReason) -> Judgement {
        let rulings = vec![Ruling::Refused(reason); self.entries.len()];
        self.judged(rulings, 0)
    }

    /// Rules on every entry.
    #[must_use]
    pub fn judge(self, facts: &Facts<'_>) -> Judgement {
        let rulings = rules::rule(self.replica, &self.entries, facts);
        let named = self.entries.iter().map(|(one, _)| one.header.directory_version);
        let lane_directory_version = named
            .filter(|version| facts.directories.contains_key(version))
            .fold(facts.lane_directory_version, u64::max);
        self.judged(rulings, lane_directory_version)
    }

    fn judged(self, rulings: Vec<Ruling>, lane_directory_version: u64) -> Judgement {
        let first = self.entries.first().map_or(self.head.index, |(one, _)| one.place.index);
        let entries = self.entries.into_iter().zip(rulings).map(|((one, body), ruling)| JudgedEntry {
            header: one.header,
            place: one.place,
            entry: one.entry,
            change: match body {
                BodyFacts::Change(facts) => Some(facts),
                BodyFacts::Move(_) | BodyFacts::Control | BodyFacts::Bad(_) => None,
            },
            ruling,
        });
        Judgement { replica: self.replica, first, head: self.head, lane_directory_version, entries: entries.collect() }
    }
}

impl Judgement {
    /// The entries set aside.
    #[must_use]
    pub fn refusals(&self) -> Vec<Refusal> {
        let refused = self.entries.iter().filter_map(|one| match &one.ruling {
            Ruling::Refused(reason) => Some(Refusal { index: one.place.index, reason: *reason }),
            Ruling::Log { .. } | Ruling::Move { .. } | Ruling::Erase { .. } | Ruling::Held => None,
        });
        refused.collect()
    }

    /// The receipt to sign in the same transaction. `sequences` are the numbers the entries took, one range a scope.
    #[must_use]
    pub fn receipt(&self, station: StationId, epoch: u32, sequences: Vec<ScopeSequence>, now_ms: i64) -> Receipt {
        Receipt {
            station,
            epoch,
            replica: self.replica,
            first: self.first,
            head: self.head,
            sequences,
            refusals: self.refusals(),
            station_at_ms: now_ms,
        }
    }
}
