//! The rules of acceptance, entry by entry, and how a refusal spreads. Must not look anything up.

use std::collections::{BTreeMap, BTreeSet};

use super::{BodyFacts, ChangeState, Control, DocumentFacts, DocumentState, Facts, MissingDependency, Ruling};
use crate::change::ChangeFacts;
use crate::directory::{Directory, ReplicaState, station_day};
use crate::frame::LaneEntry;
use crate::ids::{ActId, Actor, DocumentId, Hash, ReplicaId, ScopeId, ScopeKind};
use crate::lane::{EntryHeader, EntryKind, MoveBody};
use crate::limits;
use crate::receipt::RefusalReason;

/// Rules on all entries. Passes repeat until no refusal spreads any further; each pass but the last refuses one more act.
pub(super) fn rule(replica: ReplicaId, entries: &[(LaneEntry, BodyFacts)], facts: &Facts<'_>) -> Vec<Ruling> {
    let mut refused_acts = facts.refused_acts.clone();
    // The reason an entry was refused for first: in later passes its own act hides it.
    let mut reasons: BTreeMap<usize, RefusalReason> = BTreeMap::new();
    loop {
        let mut rulings = Pass::new(replica, facts, &refused_acts).run(entries);
        let before = refused_acts.len();
        for (position, ((one, _), ruling)) in entries.iter().zip(&mut rulings).enumerate() {
            if let Ruling::Refused(reason) = ruling {
                refused_acts.insert(one.header.act);
                *reason = *reasons.entry(position).or_insert(*reason);
            }
        }
        if refused_acts.len() == before {
            return rulings;
        }
    }
}

/// One run over the entries with what earlier entries of the run have changed.
struct Pass<'a> {
    replica: ReplicaId,
    facts: &'a Facts<'a>,
    refused_acts: &'a BTreeSet<ActId>,
    directory_version: u64,
    documents: BTreeMap<DocumentId, DocumentFacts>,
    changes: BTreeMap<(DocumentId, Hash), ChangeState>,
    slots: BTreeMap<(DocumentId, Actor, u64), Hash>,
}

impl<'a> Pass<'a> {
    fn new(replica: ReplicaId, facts: &'a Facts<'a>, refused_acts: &'a BTreeSet<ActId>) -> Self {
        Self {
            replica,
            facts,
            refused_acts,
            directory_version: facts.lane_directory_version,
            documents: facts.documents.clone(),
            changes: facts.changes.clone(),
            slots: facts.slots.clone(),
        }
    }

    fn run(mut self, entries: &[(LaneEntry, BodyFacts)]) -> Vec<Ruling> {
        let rule = |(one, body): &(LaneEntry, BodyFacts)| {
            let ruling = match self.facts.logged.contains(&one.place.hash) {
                true => Ruling::Held,
                false => self.one(one, body).unwrap_or_else(Ruling::Refused),
            };
            self.remember(&one.header, body, &ruling);
            ruling
        };
        entries.iter().map(rule).collect()
    }

    fn one(&mut self, entry: &LaneEntry, body: &BodyFacts) -> Result<Ruling, RefusalReason> {
        let header = &entry.header;
        if let BodyFacts::Bad(reason) = body {
            if entry.entry.body.is_empty() && self.facts.missing_dependency == MissingDependency::Admit {
                return self.header_only(header);
            }
            // a laptop that heard of the erasure first sends the header alone
            let erased = self.documents.get(&header.document).is_some_and(|known| known.state == DocumentState::Erased);
            return Err(if erased { RefusalReason::DocumentErased } else { *reason });
        }
        self.writer(header)?;
        if let BodyFacts::Change(change) = body {
            self.actor(change.actor)?;
        }
        if self.is_held(header, body) {
            return Ok(Ruling::Held);
        }
        let ruling = match body {
            BodyFacts::Change(change) => self.change(header, change),
            BodyFacts::Move(body) => self.movement(header, body),
            BodyFacts::Control => self.control(header),
            BodyFacts::Bad(reason) => Err(*reason),
        }?;
        // An entry with a fault of its own keeps that as its reason; the others of its act name the act.
        if self.refused_acts.contains(&header.act) { Err(RefusalReason::ActRefused) } else { Ok(ruling) }
    }

    /// Whether the same is in a log already: copies of one disk carry over the same entries.
    fn is_held(&self, header: &EntryHeader, body: &BodyFacts) -> bool {
        match body {
            BodyFacts::Change(change) => {
                self.changes.get(&(header.document, change.hash)) == Some(&ChangeState::Accepted)
            }
            BodyFacts::Move(_) | BodyFacts::Control => self.facts.controls.contains(&Control::of(header)),
            BodyFacts::Bad(_) => false,
        }
    }

    /// A header without contents, sent again to a station that lost it: the record was erased since, and the rest of its act
    /// must not fall for that. It keeps its place in the log and says nothing.
    fn header_only(&mut self, header: &EntryHeader) -> Result<Ruling, RefusalReason> {
        self.writer(header)?;
        let scope =
            self.documents.get(&header.document).map_or_else(|| header.scope.clone(), |known| known.scope.clone());
        if self.refused_acts.contains(&header.act) { Err(RefusalReason::ActRefused) } else { Ok(Ruling::Log { scope }) }
    }

    /// Who writes, in which role, in which scope, under which directory.
    fn writer(&mut self, header: &EntryHeader) -> Result<(), RefusalReason> {
        let replica = self.facts.newest.replica(self.replica).ok_or(RefusalReason::ReplicaRevoked)?;
        if replica.state != ReplicaState::Active {
            return Err(RefusalReason::ReplicaRevoked);
        }
        if header.officer != replica.officer {
            return Err(RefusalReason::OfficerNotOfReplica);
        }
        let version = header.directory_version;
        let directory = self.facts.directories.get(&version).ok_or(RefusalReason::DirectoryVersionUnknown)?;
        if version < self.directory_version {
            return Err(RefusalReason::DirectoryWentBack);
        }
        self.directory_version = version;
        let officer = directory.officer(header.officer).ok_or(RefusalReason::OfficerUnknown)?;
        if !officer.role.may_write(header.kind) {
            return Err(RefusalReason::RoleMayNot);
        }
        if !self.assigned(directory, header) {
            return Err(RefusalReason::ScopeNotAssigned);
        }
        match header.replaces {
            Some(dead) if !self.facts.newest.is_successor(self.replica, dead.replica) => {
                Err(RefusalReason::NotASuccessor)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether the officer had the scope. Data is never refused for a wrong clock: a device time that cannot be true
    /// (before the directory named was signed, or well after now) decides nothing.
    fn assigned(&self, directory: &Directory, header: &EntryHeader) -> bool {
        let now = station_day(self.facts.now_ms);
        let device = station_day(header.device_at_ms);
        let doubtful = header.device_at_ms > self.facts.now_ms.saturating_add(limits::CLOCK_DOUBT_MS)
            || header.device_at_ms < directory.signed_at_ms.saturating_sub(limits::CLOCK_DOUBT_MS);
        directory.has_scope(header.officer, &header.scope, |duty| {
            duty.runs_on(&now) || duty.runs_on(&device) || (doubtful && duty.from_on <= now)
        })
    }

    fn actor(&self, actor: Actor) -> Result<(), RefusalReason> {
        match self.facts.actors.get(&actor) {
            Some(first) if !self.facts.newest.is_successor(self.replica, *first) => {
                Err(RefusalReason::ActorOfAnotherReplica)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The scope the document is in now, which must be the one named or follow from it by moves.
    fn present_scope(&self, header: &EntryHeader) -> Result<Option<ScopeId>, RefusalReason> {
        let Some(document) = self.documents.get(&header.document) else {
            return Ok(None);
        };
        match document.state {
            DocumentState::Erased => Err(RefusalReason::DocumentErased),
            DocumentState::Live if document.scope == header.scope || document.former.contains(&header.scope) => {
                Ok(Some(document.scope.clone()))
            }
            DocumentState::Live => Err(RefusalReason::DocumentInAnotherScope),
        }
    }

    fn change(&self, header: &EntryHeader, change: &ChangeFacts) -> Result<Ruling, RefusalReason> {
        let scope = self.present_scope(header)?.unwrap_or_else(|| header.scope.clone());
        let slot = (header.document, change.actor, change.seq);
        if self.slots.get(&slot).is_some_and(|holder| *holder != change.hash) {
            return Err(RefusalReason::ActorNumberTaken);
        }
        for dep in &change.deps {
            match self.changes.get(&(header.document, *dep)) {
                Some(ChangeState::Accepted) => {}
                Some(ChangeState::Refused) => return Err(RefusalReason::DependencyRefused),
                None => match self.facts.missing_dependency {
                    MissingDependency::Refuse => return Err(RefusalReason::DependencyUnknown),
                    MissingDependency::Admit => {}
                },
            }
        }
        Ok(Ruling::Log { scope })
    }

    fn movement(&self, header: &EntryHeader, body: &MoveBody) -> Result<Ruling, RefusalReason> {
        let from = self.present_scope(header)?.ok_or(RefusalReason::DependencyUnknown)?;
        let known = match body.to.kind() {
            ScopeKind::Station => true,
            ScopeKind::Cell { code } | ScopeKind::Sensitive { code } => self.facts.newest.cell(&code).is_some(),
        };
        // A move never lifts a document out of the sensitive part of a cell or into it.
        let same_kind = std::mem::discriminant(&body.to.kind()) == std::mem::discriminant(&from.kind());
        let within = body.documents.len() <= limits::MOVE_DOCUMENTS_MAX && body.documents.contains(&header.document);
        if !known || !same_kind || !within || body.to == from {
            return Err(RefusalReason::MalformedBody);
        }
        if header.scope != from {
            return Err(RefusalReason::DocumentInAnotherScope);
        }
        for id in &body.documents {
            match self.documents.get(id) {
                None => return Err(RefusalReason::DependencyUnknown),
                Some(document) if document.state == DocumentState::Erased => return Err(RefusalReason::DocumentErased),
                Some(document) if document.scope != from => return Err(RefusalReason::DocumentInAnotherScope),
                Some(_) => {}
            }
        }
        Ok(Ruling::Move { from, to: body.to.clone(), documents: body.documents.clone() })
    }

    fn control(&self, header: &EntryHeader) -> Result<Ruling, RefusalReason> {
        let scope = self.present_scope(header)?.ok_or(RefusalReason::DependencyUnknown)?;
        match header.kind {
            EntryKind::Erase => Ok(Ruling::Erase { scope }),
            EntryKind::Freeze => Ok(Ruling::Log { scope }),
            EntryKind::Change | EntryKind::Decision | EntryKind::Move | EntryKind::Other(_) => {
                Err(RefusalReason::KindUnknown)
            }
        }
    }

    /// What later entries of the same frame stand on.
    fn remember(&mut self, header: &EntryHeader, body: &BodyFacts, ruling: &Ruling) {
        if let BodyFacts::Change(change) = body {
            let state = match ruling {
                Ruling::Refused(_) => ChangeState::Refused,
                Ruling::Log { .. } | Ruling::Move { .. } | Ruling::Erase { .. } | Ruling::Held => ChangeState::Accepted,
            };
            let known = self.changes.entry((header.document, change.hash)).or_insert(state);
            if *known != ChangeState::Accepted {
                *known = state;
            }
            if state == ChangeState::Accepted {
                self.slots.insert((header.document, change.actor, change.seq), change.hash);
            }
        }
        match ruling {
            Ruling::Log { scope } => {
                self.documents.entry(header.document).or_insert_with(|| DocumentFacts {
                    scope: scope.clone(),
                    former: BTreeSet::new(),
                    state: DocumentState::Live,
                });
            }
            Ruling::Move { from, to, documents } => {
                for id in documents {
                    let Some(document) = self.documents.get_mut(id) else { continue };
                    document.former.insert(from.clone());
                    document.scope = to.clone();
                }
            }
            Ruling::Erase { .. } => {
                if let Some(document) = self.documents.get_mut(&header.document) {
                    document.state = DocumentState::Erased;
                }
            }
            Ruling::Held | Ruling::Refused(_) => {}
        }
    }
}
