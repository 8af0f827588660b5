//! What happens to disks: copied into another machine, set back to an earlier state, and how a laptop goes on from there.

use sync::lane::{self, EntryDraft, EntryKind, LaneHead, Replaces};
use sync::laptop::{Credential, Laptop};
use sync::scope_log::LoggedEntry;
use sync::succession::SignedSuccession;

use super::laptop::{Held, LaptopBug, ModelLaptop, config};
use crate::kit;

impl ModelLaptop {
    /// The disk as it is now.
    pub(crate) fn image(&self) -> Held {
        self.held.clone()
    }

    /// Another machine with a copy of this disk.
    pub(crate) fn copied(&self, number: u64) -> Self {
        let mut copy = Self::new(number, self.scopes.clone(), None, self.clock_offset_ms);
        copy.officer = self.officer;
        copy.bug = self.bug;
        copy.start_from(self.image());
        copy
    }

    /// The machine starts with this disk.
    pub(crate) fn start_from(&mut self, held: Held) {
        self.held = held;
        self.restart();
    }

    fn restart(&mut self) {
        self.replica = kit::replica_id(self.held.identity);
        self.life += 1;
        self.engine = Laptop::new(config(self.held.identity));
        if self.bug != LaptopBug::ReusesActor {
            self.actor = kit::actor(self.number * 1_000_000 + self.life);
        }
        self.forget_papers();
    }

    /// The station has another branch of this lane: go on as a new replica, and carry over what the station may not have.
    pub(crate) fn succeed(&mut self, identity: u64) {
        let (old, old_key) = (self.replica, kit::replica_key(self.held.identity));
        let (new, new_key) = (kit::replica_id(identity), kit::replica_key(identity));
        let (through, refused) = (self.receipts_through(), self.refused());
        let dead: Vec<_> = self.held.lane.drain(..).zip(self.held.places.drain(..)).collect();
        self.held.credential =
            Some(Credential::Succession(SignedSuccession::sign(kit::station_id(), (old, &old_key), (new, &new_key))));
        self.held.identity = identity;
        self.held.receipts.clear();
        self.held.forget_receipt();
        self.held.station_head = LaneHead::genesis(new);
        self.replica = new;
        for (entry, place) in dead {
            let header = entry.read_header().unwrap();
            // What has no place in a log yet could not be given back to a station that loses it.
            let placed = self.held.pulled.values().flatten().any(|(_, _, hash)| *hash == place.hash);
            let unsent = place.index > through || (!placed && !refused.contains(&place.index));
            if !unsent && !refused.contains(&place.index) {
                self.held.remember_dead(&header, &entry);
            }
            let whole = LoggedEntry::Full { replica: old, entry: entry.clone() };
            self.held.pulled_entries.insert(place.hash, whole);
            if unsent && self.bug != LaptopBug::CarriesNothing {
                self.append(EntryDraft {
                    scope: header.scope,
                    document: header.document,
                    act: header.act,
                    officer: header.officer,
                    directory_version: header.directory_version,
                    device_at_ms: header.device_at_ms,
                    kind: header.kind,
                    salt: entry.salt,
                    body: entry.body,
                    replaces: Some(Replaces { replica: old, index: place.index }),
                });
            }
        }
        self.restart();
    }
}

impl Held {
    /// An entry of a dead lane is one of another replica's from now on.
    fn remember_dead(&mut self, header: &lane::EntryHeader, entry: &lane::Entry) {
        if header.kind == EntryKind::Change {
            let foreign = self.foreign.entry(header.document);
            let changes = &mut foreign.or_insert_with(|| (header.scope.clone(), Vec::new())).1;
            if !changes.contains(&entry.body) {
                changes.push(entry.body.clone());
            }
        }
    }
}
