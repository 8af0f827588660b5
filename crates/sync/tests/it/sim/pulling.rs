//! What a model laptop does with pages and with pieces of earlier work.

use sync::first_sync::{Backlog, VerifiedEarlier};
use sync::ids::ScopeId;
use sync::lane::{Entry, EntryKind, MoveBody};
use sync::scope_log::{LogPosition, LoggedEntry, PulledContent, PulledEntry, VerifiedPage};

use super::laptop::{Held, LaptopBug, ModelLaptop};
use crate::kit;

impl ModelLaptop {
    pub(super) fn take_page(&mut self, page: &VerifiedPage) {
        let (scope, from) = (page.scope(), page.from());
        self.held.cursors.insert(scope.clone(), page.checkpoint().position);
        let pulled = self.held.pulled.entry(scope.clone()).or_default();
        pulled.retain(|one| one.0 <= from.seq);
        pulled.extend(page.entries().iter().map(|one| (one.seq, one.replica, one.header_hash)));
        let ends = self.held.checkpoints.entry(scope.clone()).or_default();
        ends.retain(|end| end.clone().verify(&kit::station_public()).unwrap().position.seq <= from.seq);
        ends.push(page.checkpoint().signed().clone());
        self.held.rewind_backlog(scope, from);
        let moves: Vec<Entry> = page.entries().iter().filter_map(|one| self.take_entry(scope, one)).collect();
        moves.iter().for_each(|entry| self.heard_of(entry));
    }

    /// One entry pulled; gives it back when it is a move.
    fn take_entry(&mut self, scope: &ScopeId, one: &PulledEntry) -> Option<Entry> {
        let whole = match &one.content {
            PulledContent::Change { entry, .. }
            | PulledContent::Control { entry }
            | PulledContent::Quarantined { entry, .. } => {
                Some(LoggedEntry::Full { replica: one.replica, entry: entry.clone() })
            }
            PulledContent::Erased { header } => {
                Some(LoggedEntry::Erased { replica: one.replica, header: header.clone() })
            }
            PulledContent::Own { .. } | PulledContent::Sent { .. } => None,
        };
        self.held.pulled_entries.extend(whole.map(|whole| (one.header_hash, whole)));
        match (&one.content, &one.header) {
            (PulledContent::Change { entry, .. }, Some(header)) => {
                let foreign = self.held.foreign.entry(header.document);
                let changes = &mut foreign.or_insert_with(|| (scope.clone(), Vec::new())).1;
                if !changes.contains(&entry.body) {
                    changes.push(entry.body.clone());
                }
                // The officer's open documents see it at once.
                self.papers.remove(&header.document);
                None
            }
            (PulledContent::Control { entry }, Some(header)) if header.kind == EntryKind::Move => Some(entry.clone()),
            (PulledContent::Own { index }, _) => {
                let entry = self.held.lane.get(*index as usize - 1)?;
                (entry.read_header().unwrap().kind == EntryKind::Move).then(|| entry.clone())
            }
            (PulledContent::Quarantined { .. }, _) => {
                self.held.quarantined += 1;
                None
            }
            _ => None,
        }
    }

    /// A piece of earlier work goes before what is held.
    pub(super) fn take_earlier(&mut self, piece: &VerifiedEarlier) {
        let (page, scope) = (piece.page(), piece.page().scope());
        let end = page.checkpoint().position;
        let fresh = !self.held.cursors.contains_key(scope);
        let top = match self.held.backlogs.get(scope) {
            None if fresh => end.seq,
            Some(backlog) if !fresh && backlog.position.is(&end) => backlog.top,
            _ => return,
        };
        let sent = |one: &&PulledEntry| matches!(one.content, PulledContent::Sent { .. });
        if page.entries().iter().filter(sent).any(|one| !self.held.pulled_entries.contains_key(&one.header_hash)) {
            return self.begin_again(scope);
        }
        self.walked += 1;
        if fresh {
            self.held.cursors.insert(scope.clone(), end);
        }
        let whole = piece.whole().iter().filter(|_| self.bug != LaptopBug::ForgetsWhole);
        let taken: Vec<&PulledEntry> = whole.chain(page.entries()).collect();
        let moves: Vec<Entry> = taken.into_iter().filter_map(|one| self.take_entry(scope, one)).collect();
        for entry in moves.iter().rev() {
            if let Ok(MoveBody { to, documents }) = MoveBody::from_body(&entry.body) {
                // what is heard on the way back is older than what was heard before
                documents.into_iter().for_each(|document| {
                    self.held.moved.entry(document).or_insert_with(|| to.clone());
                });
            }
        }
        let placed = page.entries().iter().map(|one| (one.seq, one.replica, one.header_hash));
        self.held.pulled.entry(scope.clone()).or_default().splice(0..0, placed);
        self.held.checkpoints.entry(scope.clone()).or_default().insert(0, page.checkpoint().signed().clone());
        let from = page.from();
        let early = self.bug == LaptopBug::DropsBacklogEarly && !fresh;
        if from.seq == 0 || early {
            self.held.backlogs.remove(scope);
        } else {
            let backlog = Backlog { scope: scope.clone(), top, position: from };
            self.held.backlogs.insert(scope.clone(), backlog);
        }
    }

    /// Gives a way back up: the scope is pulled oldest first.
    pub(super) fn begin_again(&mut self, scope: &ScopeId) {
        self.began_again += 1;
        self.held.backlogs.remove(scope);
        self.held.pulled.remove(scope);
        self.held.checkpoints.remove(scope);
        self.held.cursors.insert(scope.clone(), LogPosition::genesis(kit::station_id(), scope, 0));
    }
}

impl Held {
    /// A page from before the cursor: what is held of the log ends there, and so does what was sent whole.
    fn rewind_backlog(&mut self, scope: &ScopeId, from: LogPosition) {
        let Some(backlog) = self.backlogs.get_mut(scope) else { return };
        backlog.top = backlog.top.min(from.seq);
        if from.seq < backlog.position.seq {
            backlog.position = from;
        }
        if from.seq == 0 {
            self.backlogs.remove(scope);
        }
    }
}
