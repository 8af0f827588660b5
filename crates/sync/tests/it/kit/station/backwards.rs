//! The model station walks logs backwards for laptops that begin: newest work first, whole documents.

use std::collections::{BTreeMap, BTreeSet};

use sync::crypto::Signed;
use sync::first_sync::{EarlierPage, Whole, WholeEntry};
use sync::ids::{DocumentId, ReplicaId, ScopeId};
use sync::judge::{DocumentState, JudgedEntry};
use sync::lane::{EntryKind, LaneHead, MoveBody};
use sync::repair::Standing;
use sync::scope_log::{Checkpoint, LogPosition, LoggedEntry, Page};
use sync::wire::Request;

use super::{Ground, Log, ModelStation, StationBug};

/// A document's entries in a log, up to the top of a walk.
#[derive(Default)]
struct Known {
    members: BTreeSet<u64>,
    /// The newest of its own; moves that name it only go along.
    newest: u64,
    bytes: usize,
    whole: bool,
}

/// Where a walk goes on: sequence number of its top, and the place up to which the laptop lacks everything.
type Way = (u64, LogPosition);

impl ModelStation {
    /// Pieces of earlier work, and whether more is left.
    pub(super) fn earlier(
        &self,
        request: &Request,
        ground: &Ground,
        scopes: &BTreeSet<ScopeId>,
        budget: &mut u64,
    ) -> (Vec<EarlierPage>, bool) {
        let mut pages = Vec::new();
        let mut waiting = false;
        for scope in scopes.iter().filter(|scope| !ground.unknown.contains(scope)) {
            let Some(log) = self.durable.logs.get(scope) else { continue };
            let fresh = !request.cursors.iter().any(|cursor| cursor.scope == *scope);
            let Some(way) = self.way(request, ground, scope, log, &mut waiting) else { continue };
            let page = self.walk((scope, log), way, request.replica, budget);
            waiting |= page.page.from.seq > 0;
            if fresh || !page.page.entries.is_empty() {
                pages.push(page);
            }
        }
        (pages, waiting)
    }

    fn way(&self, request: &Request, ground: &Ground, scope: &ScopeId, log: &Log, waiting: &mut bool) -> Option<Way> {
        let head = log.positions.last()?;
        let Some(cursor) = request.cursors.iter().find(|cursor| cursor.scope == *scope) else {
            return Some((head.seq, *head));
        };
        let backlog = request.backlogs.iter().find(|backlog| backlog.scope == *scope)?;
        if !ground.from.get(scope).is_some_and(|from| from.is(&cursor.position)) {
            *waiting = true;
            return None;
        }
        let place = backlog.position;
        let sound = place.seq <= backlog.top && backlog.top <= cursor.position.seq;
        Some(match self.standing(scope, &place) {
            Standing::OnLog if sound => (backlog.top, place),
            // the laptop sees that it does not fit, and begins again
            _ => (head.seq, *head),
        })
    }

    fn walk(&self, (scope, log): (&ScopeId, &Log), (top, end): Way, me: ReplicaId, budget: &mut u64) -> EarlierPage {
        let known = self.survey(log, top);
        let mut entries = Vec::new();
        let mut along: BTreeMap<u64, LoggedEntry> = BTreeMap::new();
        let mut from = end.seq;
        while from > 0 {
            let (placed, with) = self.step((log, &known), from, me, &along);
            let size = placed.size() + with.values().map(LoggedEntry::size).sum::<usize>();
            if size as u64 > *budget && !(entries.is_empty() && super::pages_may_start(*budget)) {
                break;
            }
            *budget = budget.saturating_sub(size as u64);
            along.remove(&from);
            along.extend(with);
            entries.push(placed);
            from -= 1;
        }
        entries.reverse();
        let genesis = LogPosition::genesis(self.id, scope, self.durable.epoch);
        let at = from.checked_sub(1).map_or(genesis, |before| log.positions[before as usize]);
        let position = LogPosition { epoch: self.durable.epoch, ..end };
        let checkpoint = Checkpoint { station: self.id, scope: scope.clone(), position };
        let page = Page {
            from: LogPosition { epoch: self.durable.epoch, ..at },
            entries,
            checkpoint: Signed::sign(&checkpoint, &self.key),
            behind: 0,
        };
        let whole = along.into_values().filter_map(|one| match one {
            LoggedEntry::Full { replica, entry } => Some(WholeEntry { replica, entry }),
            _ => None,
        });
        let whole = Whole { station: self.id, scope: scope.clone(), entries: whole.collect() };
        let signed = (!whole.entries.is_empty()).then(|| Signed::sign(&whole, &self.key));
        EarlierPage { page, whole: signed }
    }

    /// The entry at a place, and what goes along with it.
    fn step(
        &self,
        (log, known): (&Log, &BTreeMap<DocumentId, Known>),
        seq: u64,
        me: ReplicaId,
        along: &BTreeMap<u64, LoggedEntry>,
    ) -> (LoggedEntry, BTreeMap<u64, LoggedEntry>) {
        let record = &log.records[seq as usize - 1];
        let document = &known[&self.judged(record).header.document];
        let mut with = BTreeMap::new();
        if document.whole && document.newest == seq && self.bug != StationBug::ForgetsWhole {
            for member in document.members.range(..seq).filter(|member| !along.contains_key(member)) {
                let logged = self.logged(&log.records[*member as usize - 1], me);
                if matches!(logged, LoggedEntry::Full { .. }) {
                    with.insert(*member, logged);
                }
            }
        }
        let placed = match (along.get(&seq), self.logged(record, me)) {
            (Some(whole), _) => whole.clone(),
            (None, LoggedEntry::Full { .. }) if self.was_sent(known, record, seq) => {
                LoggedEntry::Sent { replica: record.0, index: record.1, header_hash: record.2 }
            }
            (None, logged) => logged,
        };
        (placed, with)
    }

    fn was_sent(&self, known: &BTreeMap<DocumentId, Known>, record: &super::Record, seq: u64) -> bool {
        let judged = self.judged(record);
        std::iter::once(judged.header.document)
            .chain(named(judged))
            .any(|document| known.get(&document).is_some_and(|known| known.whole && known.newest > seq))
    }

    fn judged(&self, record: &super::Record) -> &JudgedEntry {
        &self.durable.lanes[&record.0].entries[&LaneHead { index: record.1, hash: record.2 }]
    }

    /// The documents of a scope that go whole, whatever the top of the walk was.
    pub(crate) fn go_whole(&self, scope: &ScopeId) -> BTreeSet<DocumentId> {
        let Some(log) = self.durable.logs.get(scope) else { return BTreeSet::new() };
        let known = self.survey(log, u64::MAX);
        known.into_iter().filter(|(_, known)| known.whole).map(|(document, _)| document).collect()
    }

    /// Every document that the entries of a log up to a top are of, or name.
    fn survey(&self, log: &Log, top: u64) -> BTreeMap<DocumentId, Known> {
        let mut all: BTreeMap<DocumentId, Known> = BTreeMap::new();
        for (seq, record) in (1..=top).zip(&log.records) {
            let judged = self.judged(record);
            let own = judged.header.document;
            for document in BTreeSet::from_iter(std::iter::once(own).chain(named(judged))) {
                let known = all.entry(document).or_default();
                known.members.insert(seq);
                known.bytes += judged.entry.size();
                if document == own {
                    known.newest = seq;
                }
            }
        }
        for (document, known) in &mut all {
            let facts = self.durable.documents.get(document);
            let erased = facts.is_some_and(|facts| facts.state == DocumentState::Erased);
            known.whole = !erased && known.bytes <= self.whole_bytes_most;
        }
        all
    }
}

fn named(judged: &JudgedEntry) -> Vec<DocumentId> {
    if judged.header.kind != EntryKind::Move {
        return Vec::new();
    }
    MoveBody::from_body(&judged.entry.body).map(|body| body.documents).unwrap_or_default()
}
