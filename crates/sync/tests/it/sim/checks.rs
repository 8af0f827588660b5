//! What must hold: after every batch, and once everything has healed.

use std::collections::{BTreeMap, BTreeSet};

use automerge::AutoCommit;
use sync::ids::DocumentId;
use sync::judge::DocumentState;
use sync::laptop::{Batch, Outcome};
use sync::receipt::RefusalReason;
use sync::scope_log::PulledContent;

use super::laptop::ModelLaptop;
use super::world::World;

impl World {
    pub(super) fn check(&mut self) -> Result<(), String> {
        for number in self.living() {
            let laptop = &self.laptops[number];
            let outcome = self.last_outcome.get(&number);
            if !matches!(outcome, Some(Outcome::Done { .. })) {
                return Err(format!("laptop {number} is not done: {outcome:?}"));
            }
            if laptop.receipts_through() != laptop.end().index || laptop.held.station_head != laptop.end() {
                return Err(format!("laptop {number} has unsent entries"));
            }
            if !laptop.held.backlogs.is_empty() {
                return Err(format!("laptop {number} has still to pull earlier work"));
            }
            if laptop.held.quarantined > 0 {
                return Err(format!("laptop {number} was given unusable entries"));
            }
            self.check_receipts(laptop)?;
            self.check_logs(laptop)?;
            self.story.refused += laptop.refused().len() as u64;
        }
        self.check_documents()
    }

    pub(super) fn living(&self) -> Vec<usize> {
        (0..self.laptops.len()).filter(|laptop| !self.destroyed.contains(laptop)).collect()
    }

    /// Every change that a living laptop holds, and that was not refused.
    pub(super) fn held_by_the_living(&self) -> BTreeSet<(DocumentId, sync::ids::Hash)> {
        let mut held = BTreeSet::new();
        for laptop in self.living().into_iter().map(|living| &self.laptops[living]) {
            let refused = laptop.refused();
            for document in laptop.documents() {
                let changes = laptop.changes_of(document, &refused);
                held.extend(changes.iter().map(|change| (document, sync::ids::Hash(change.hash().0))));
            }
        }
        held
    }

    /// Nothing that a living laptop held is gone: it was taken, or set aside where its writer sees it, or was erased.
    pub(super) fn check_held(&self, held: &BTreeSet<(DocumentId, sync::ids::Hash)>) -> Result<(), String> {
        for (document, hash) in held {
            if !self.station.has_seen(*document, *hash) {
                return Err(format!("a change of {document} that a laptop held is gone"));
            }
        }
        let unexpected = self.station.refusals().find(|reason| {
            matches!(
                reason,
                RefusalReason::DependencyUnknown
                    | RefusalReason::ActorNumberTaken
                    | RefusalReason::DirectoryVersionUnknown
            )
        });
        unexpected.map_or(Ok(()), |reason| Err(format!("work was refused that was good: {reason:?}")))
    }

    /// No receipt without its data, and no entry without a receipt.
    fn check_receipts(&self, laptop: &ModelLaptop) -> Result<(), String> {
        let empty = crate::kit::station::LaneAtStation::default();
        let lane = self.station.durable.lanes.get(&laptop.replica).unwrap_or(&empty);
        let mut next = 1;
        for receipt in &laptop.held.receipts {
            if receipt.first > next {
                return Err("gap between receipts".to_owned());
            }
            next = receipt.last() + 1;
            for index in receipt.first..=receipt.last() {
                let here = laptop.held.places.get(index as usize - 1).copied();
                if here.is_none_or(|here| !lane.entries.contains_key(&here)) {
                    return Err(format!("receipt without its data at {index}"));
                }
            }
        }
        Ok(())
    }

    /// What must hold after every batch, as long as the station has lost nothing.
    pub(super) fn check_stored(&self, number: usize, batch: &Batch) -> Result<(), String> {
        self.check_receipts(&self.laptops[number])?;
        self.check_whole(number, batch)
    }

    /// On the way back no document is left half: all that a change builds on came with it, or before.
    fn check_whole(&self, number: usize, batch: &Batch) -> Result<(), String> {
        let laptop = &self.laptops[number];
        for piece in &batch.earlier {
            let whole = self.station.go_whole(piece.page().scope());
            for one in piece.whole().iter().chain(piece.page().entries()) {
                let (PulledContent::Change { entry, .. }, Some(header)) = (&one.content, &one.header) else { continue };
                let document = header.document;
                if !whole.contains(&document) {
                    continue;
                }
                let held: BTreeSet<_> =
                    laptop.changes_of(document, &BTreeSet::new()).iter().map(automerge::Change::hash).collect();
                let change = automerge::Change::from_bytes(entry.body.clone()).unwrap();
                if !change.deps().iter().all(|dep| held.contains(dep)) {
                    return Err(format!("laptop {number} was given half of {document}"));
                }
            }
        }
        Ok(())
    }

    /// What a laptop pulled is the station's log, whole and in order, and holds every accepted entry.
    fn check_logs(&self, laptop: &ModelLaptop) -> Result<(), String> {
        for scope in &laptop.scopes {
            let log = self.station.durable.logs.get(scope).map(|log| log.records.clone()).unwrap_or_default();
            let pulled = laptop.held.pulled.get(scope).cloned().unwrap_or_default();
            let there: Vec<_> = log.iter().map(|(replica, _, hash)| (*replica, *hash)).collect();
            let here: Vec<_> = pulled.iter().map(|(_, replica, hash)| (*replica, *hash)).collect();
            if there != here {
                let at = there.iter().zip(&here).take_while(|(one, other)| one == other).count();
                let (number, there, here) = (laptop.number, there.len(), here.len());
                return Err(format!("laptop {number} holds another log of {scope}: {here} for {there}, from {at} on"));
            }
            let unique: BTreeSet<_> = there.iter().collect();
            if unique.len() != there.len() {
                return Err(format!("an entry is twice in {scope}"));
            }
        }
        let refused = laptop.refused();
        let records = self.station.durable.logs.values().flat_map(|log| &log.records);
        let mine = records.filter(|(replica, _, _)| *replica == laptop.replica);
        let mut logged: BTreeSet<_> = mine.map(|(_, _, hash)| *hash).collect();
        logged.extend(self.station.held_elsewhere(laptop.replica));
        for place in &laptop.held.places {
            let logged = logged.contains(&place.hash);
            if logged == refused.contains(&place.index) {
                return Err(format!("entry {} of laptop {} neither logged nor refused", place.index, laptop.number));
            }
        }
        Ok(())
    }

    /// Laptops that share a document hold the same document.
    fn check_documents(&self) -> Result<(), String> {
        let mut seen: BTreeMap<DocumentId, (u64, BTreeSet<automerge::ChangeHash>)> = BTreeMap::new();
        for laptop in self.living().into_iter().map(|living| &self.laptops[living]) {
            let refused = laptop.refused();
            let own = laptop.held.lane.iter().zip(&laptop.held.places);
            let own = own.filter(|(_, place)| !refused.contains(&place.index));
            let mut documents: BTreeSet<_> = own.map(|(entry, _)| entry.read_header().unwrap().document).collect();
            documents.extend(laptop.held.foreign.keys());
            let shared = |document: &DocumentId| {
                let facts = self.station.durable.documents.get(document);
                facts.is_some_and(|facts| facts.state == DocumentState::Live && laptop.scopes.contains(&facts.scope))
            };
            for document in documents.into_iter().filter(shared) {
                let changes = laptop.changes_of(document, &refused);
                let hashes: BTreeSet<_> = changes.iter().map(automerge::Change::hash).collect();
                if hashes.len() != changes.len() {
                    return Err(format!("laptop {} holds a change of {document} twice", laptop.number));
                }
                let mut doc = AutoCommit::new();
                doc.apply_changes(changes).map_err(|fault| format!("{document}: {fault}"))?;
                if !doc.get_missing_deps(&[]).is_empty() {
                    return Err(format!("laptop {} lacks changes of {document}", laptop.number));
                }
                let (first, there) = seen.entry(document).or_insert_with(|| (laptop.number, hashes.clone()));
                if let Some(odd) = hashes.symmetric_difference(there).next() {
                    let state = self.station.state_of(document, sync::ids::Hash(odd.0));
                    let number = laptop.number;
                    return Err(format!("{document} differs on laptops {first} and {number}: {odd} is {state:?}"));
                }
            }
        }
        Ok(())
    }
}
