//! A laptop in memory: what a store keeps, an officer who writes, and the engine.

use std::collections::{BTreeMap, BTreeSet};

use sync::crypto::{SignKey, Signed};
use sync::directory::{self, Directory};
use sync::first_sync::Backlog;
use sync::ids::{Actor, DocumentId, Hash, OfficerId, ReplicaId, ScopeId};
use sync::lane::{self, Entry, EntryDraft, EntryKind, EraseBody, LaneHead, MoveBody};
use sync::laptop::{Batch, Credential, Laptop, LaptopConfig, Load, LoadFrom, Loaded, StorageFailure};
use sync::receipt::Receipt;
use sync::repair::{self, Evidence, Shown, Wanted};
use sync::scope_log::{Checkpoint, Cursor, LogPosition, LoggedEntry, Page, PulledContent, VerifiedPage};

use crate::kit::{self, Paper, Rng};

/// Faults that can be planted to see whether the simulation notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LaptopBug {
    None,
    /// The cursor moves even when the entries were not stored.
    CursorWithoutEntries,
    /// What was called saved is gone after a crash: a database that does not sync to disk.
    ForgetsOnCrash,
    /// A disk set back writes on under the actor it had.
    ReusesActor,
    /// A successor leaves behind what its predecessor had not sent.
    CarriesNothing,
    /// Told that its lane forked, it writes on in it.
    NeverSucceeds,
    /// Asked for what the station lost, it says that it has none of it.
    GivesNothingBack,
    /// It takes its first sync for finished one page too early.
    DropsBacklogEarly,
    /// It keeps what has a place, and forgets what makes documents whole.
    ForgetsWhole,
}

/// What survives a crash.
#[derive(Clone)]
pub(crate) struct Held {
    /// Whose lane this is: the number of replica and key.
    pub(crate) identity: u64,
    pub(crate) lane: Vec<Entry>,
    pub(crate) places: Vec<LaneHead>,
    pub(crate) station_head: LaneHead,
    pub(crate) receipts: Vec<Receipt>,
    pub(crate) cursors: BTreeMap<ScopeId, LogPosition>,
    pub(crate) backlogs: BTreeMap<ScopeId, Backlog>,
    /// What was pulled of each scope, in order; one's own entries included.
    pub(crate) pulled: BTreeMap<ScopeId, Vec<(u64, ReplicaId, Hash)>>,
    /// Foreign changes by document, and the scope they came in.
    pub(crate) foreign: BTreeMap<DocumentId, (ScopeId, Vec<Vec<u8>>)>,
    /// Where documents were moved to, as far as the laptop has heard from the station.
    pub(super) moved: BTreeMap<DocumentId, ScopeId>,
    /// Every page's end, signed, in order.
    pub(crate) checkpoints: BTreeMap<ScopeId, Vec<Signed<Checkpoint>>>,
    /// Foreign entries as pulled, for giving back.
    pub(crate) pulled_entries: BTreeMap<Hash, LoggedEntry>,
    directories: BTreeMap<u64, Signed<Directory>>,
    last_receipt: Option<Signed<Receipt>>,
    pub(crate) directory_version: u64,
    pub(crate) credential: Option<Credential>,
    pub(crate) quarantined: u64,
    heard_at_ms: i64,
}

pub(crate) struct ModelLaptop {
    pub(crate) number: u64,
    pub(crate) replica: ReplicaId,
    pub(crate) officer: OfficerId,
    pub(crate) scopes: Vec<ScopeId>,
    pub(crate) held: Held,
    pub(crate) engine: Laptop,
    /// Counts starts of the process; completions of an earlier life are lost.
    pub(crate) life: u64,
    pub(crate) clock_offset_ms: i64,
    pub(crate) bug: LaptopBug,
    pub(crate) actor: Actor,
    /// Pieces of earlier work stored, and scopes begun again.
    pub(crate) walked: u64,
    pub(crate) began_again: u64,
    pub(super) papers: BTreeMap<DocumentId, Paper>,
    written: u64,
}

pub(crate) fn config(number: u64) -> LaptopConfig {
    LaptopConfig {
        station: kit::station_id(),
        station_key: kit::station_public(),
        replica: kit::replica_id(number),
        key: kit::replica_key(number),
    }
}

impl ModelLaptop {
    pub(crate) fn new(number: u64, scopes: Vec<ScopeId>, token: Option<[u8; 32]>, clock_offset_ms: i64) -> Self {
        let replica = kit::replica_id(number);
        let held = Held {
            identity: number,
            lane: Vec::new(),
            places: Vec::new(),
            station_head: LaneHead::genesis(replica),
            receipts: Vec::new(),
            cursors: BTreeMap::new(),
            backlogs: BTreeMap::new(),
            pulled: BTreeMap::new(),
            foreign: BTreeMap::new(),
            moved: BTreeMap::new(),
            checkpoints: BTreeMap::new(),
            pulled_entries: BTreeMap::new(),
            directories: BTreeMap::from([(7, kit::signed_directory())]),
            last_receipt: None,
            directory_version: 7,
            credential: token.map(Credential::Token),
            quarantined: 0,
            heard_at_ms: 0,
        };
        Self {
            number,
            replica,
            officer: kit::officer_id(number),
            scopes,
            held,
            engine: Laptop::new(config(number)),
            life: 0,
            clock_offset_ms,
            bug: LaptopBug::None,
            actor: kit::actor(number * 1_000_000),
            walked: 0,
            began_again: 0,
            papers: BTreeMap::new(),
            written: 0,
        }
    }

    /// The process dies: engine, open documents and actor are gone.
    pub(crate) fn crash(&mut self) {
        self.life += 1;
        self.engine = Laptop::new(config(self.held.identity));
        self.actor = kit::actor(self.number * 1_000_000 + self.life);
        self.papers.clear();
        if self.bug == LaptopBug::ForgetsOnCrash {
            self.held.lane.pop();
            self.held.places.pop();
        }
    }

    /// The directory of the enrolment file.
    pub(crate) fn hold(&mut self, signed: Signed<Directory>) {
        self.held.directories.insert(self.held.directory_version, signed);
    }

    pub(crate) fn end(&self) -> LaneHead {
        self.held.places.last().copied().unwrap_or_else(|| LaneHead::genesis(self.replica))
    }

    pub(crate) fn receipts_through(&self) -> u64 {
        self.held.receipts.last().map_or(0, Receipt::last)
    }

    pub(crate) fn refused(&self) -> BTreeSet<u64> {
        self.held.receipts.iter().flat_map(|receipt| receipt.refusals.iter().map(|one| one.index)).collect()
    }

    /// One act of the officer: one to four entries, durable at once. Some acts are in a scope that is not his.
    pub(crate) fn write(&mut self, rng: &mut Rng, now_ms: i64) {
        self.written += 1;
        let act = self.number * 1_000_000 + self.written;
        let astray = rng.percent(8);
        let scope = if astray { kit::cell("Z") } else { rng.pick(&self.scopes).unwrap().clone() };
        let known: Vec<DocumentId> = self.documents_in(&scope).into_iter().collect();
        if let (Some(document), true) = (rng.pick(&known), rng.percent(10) && !astray) {
            return self.control(rng, *document, &scope, act, now_ms);
        }
        for _ in 0..=rng.below(3) {
            let known: Vec<DocumentId> = self.documents_in(&scope).into_iter().collect();
            let document = match rng.pick(&known) {
                Some(document) if rng.percent(60) => *document,
                _ => kit::document_id(rng.next()),
            };
            let length = if rng.percent(2) { 20_000 } else { 1 + rng.below(300) };
            let value: String = (0..length).map(|_| char::from(b'a' + rng.below(26) as u8)).collect();
            let field = format!("field{}", rng.below(4));
            let body = self.paper(document).set(&field, &value);
            self.append(EntryDraft {
                scope: scope.clone(),
                document,
                act: kit::act_id(act),
                officer: self.officer,
                directory_version: self.held.directory_version,
                device_at_ms: now_ms,
                kind: EntryKind::Change,
                salt: kit::salt_of(document),
                body,
                replaces: None,
            });
        }
    }

    /// Moves a document to the other cell, or erases it. The station refuses what the officer may not do.
    fn control(&mut self, rng: &mut Rng, document: DocumentId, scope: &ScopeId, act: u64, now_ms: i64) {
        let other = if *scope == kit::cell("A") { kit::cell("B") } else { kit::cell("A") };
        let (kind, body) = if rng.percent(20) {
            (EntryKind::Erase, EraseBody { reason: "subject_request".to_owned() }.to_body())
        } else {
            (EntryKind::Move, MoveBody { to: other, documents: vec![document] }.to_body())
        };
        self.append(EntryDraft {
            scope: scope.clone(),
            officer: self.officer,
            directory_version: self.held.directory_version,
            device_at_ms: now_ms,
            kind,
            ..kit::draft(self.number, document, act, body)
        });
    }

    pub(super) fn heard_of(&mut self, entry: &Entry) {
        if let Ok(MoveBody { to, documents }) = MoveBody::from_body(&entry.body) {
            self.held.moved.extend(documents.into_iter().map(|document| (document, to.clone())));
        }
    }

    /// One entry with a body of about so many bytes.
    pub(crate) fn write_large(&mut self, bytes: usize) {
        let document = kit::document_id(self.number);
        let body = self.paper(document).set("narrative", &"x".repeat(bytes));
        self.append(kit::draft(self.number, document, 0, body));
    }

    pub(crate) fn forget_papers(&mut self) {
        self.papers.clear();
    }

    /// Another key for the same replica: what a second use of an enrolment file makes.
    pub(crate) fn use_key(&mut self, key: &SignKey) {
        self.engine = Laptop::new(LaptopConfig { key: key.clone(), ..config(self.number) });
    }

    pub(crate) fn append(&mut self, draft: EntryDraft) {
        let (entry, head) = lane::append(self.end(), draft).unwrap();
        self.held.lane.push(entry);
        self.held.places.push(head);
    }

    /// Documents of a scope that the officer sees: his own accepted or unsent ones and pulled ones.
    fn documents_in(&self, in_scope: &ScopeId) -> BTreeSet<DocumentId> {
        let own = self.held.lane.iter().map(|entry| entry.read_header().unwrap());
        let own = own.map(|header| (header.document, header.scope));
        let foreign = self.held.foreign.iter().map(|(document, (scope, _))| (*document, scope.clone()));
        let now = |(document, scope): (DocumentId, ScopeId)| {
            let now = self.held.moved.get(&document).unwrap_or(&scope);
            (now == in_scope).then_some(document)
        };
        own.chain(foreign).filter_map(now).collect()
    }

    /// Every document of which anything is held.
    pub(crate) fn documents(&self) -> BTreeSet<DocumentId> {
        let own = self.held.lane.iter().map(|entry| entry.read_header().unwrap().document);
        own.chain(self.held.foreign.keys().copied()).collect()
    }

    fn paper(&mut self, document: DocumentId) -> &mut Paper {
        if !self.papers.contains_key(&document) {
            let mut paper = Paper::new(document, self.actor);
            for change in self.changes_of(document, &BTreeSet::new()) {
                let taken = paper.doc.apply_changes([change]);
                assert!(taken.is_ok() || self.bug == LaptopBug::ReusesActor, "{taken:?}");
            }
            self.papers.insert(document, paper);
        }
        self.papers.get_mut(&document).unwrap()
    }

    /// The changes of a document held here, in the order they came, without the lane entries named.
    pub(crate) fn changes_of(&self, document: DocumentId, without: &BTreeSet<u64>) -> Vec<automerge::Change> {
        let own = self.held.lane.iter().zip(&self.held.places).filter(|(entry, place)| {
            let header = entry.read_header().unwrap();
            header.kind == EntryKind::Change && header.document == document && !without.contains(&place.index)
        });
        let mut all: Vec<Vec<u8>> = own.map(|(entry, _)| entry.body.clone()).collect();
        let foreign = self.held.foreign.get(&document).map(|(_, changes)| changes.clone()).unwrap_or_default();
        // What a predecessor had sent comes back from the station, and is in the lane as carried over.
        all.extend(foreign.into_iter().filter(|body| !all.contains(body)).collect::<Vec<_>>());
        all.into_iter().map(|bytes| automerge::Change::from_bytes(bytes).unwrap()).collect()
    }

    pub(crate) fn load(&self, load: &Load) -> Loaded {
        let after = match load.from {
            LoadFrom::Outbox => self.receipts_through().min(self.held.station_head.index),
            LoadFrom::Index(index) => index,
        };
        let after = after.min(self.end().index) as usize;
        let rest = &self.held.lane[after..];
        let mut budget = load.budget_bytes;
        let mut entries = Vec::new();
        for entry in rest {
            let size = entry.size() as u64;
            if !entries.is_empty() && size > budget {
                break;
            }
            budget = budget.saturating_sub(size);
            entries.push(entry.clone());
        }
        Loaded {
            directory_version: self.held.directory_version,
            directory_hash: self.directory_hash(),
            credential: self.held.credential.clone(),
            lane_end: self.end(),
            station_head: self.held.station_head,
            receipts_through: self.receipts_through(),
            after: after.checked_sub(1).map_or_else(|| LaneHead::genesis(self.replica), |last| self.held.places[last]),
            entries,
            unsent_entries: rest.len() as u64,
            unsent_bytes: rest.iter().map(|entry| entry.size() as u64).sum(),
            cursors: self
                .held
                .cursors
                .iter()
                .map(|(scope, position)| Cursor { scope: scope.clone(), position: *position })
                .collect(),
            backlogs: self.held.backlogs.values().cloned().collect(),
            evidence: self.evidence(load),
            heard_at_ms: self.held.heard_at_ms,
        }
    }

    /// Whether the own entries of a page are those of this lane: on a copied or restored disk they are not.
    fn owns(&self, page: &VerifiedPage) -> bool {
        page.entries().iter().all(|one| match &one.content {
            PulledContent::Own { index } => {
                self.held.places.get(*index as usize - 1).is_some_and(|place| place.hash == one.header_hash)
            }
            _ => true,
        })
    }

    fn directory_hash(&self) -> Hash {
        directory::held_hash(&self.held.directories[&self.held.directory_version].to_bytes())
    }

    fn evidence(&self, load: &Load) -> Evidence {
        let ask = &load.ask;
        let shown = ask.shown.iter().map(|scope| {
            let all = self.held.checkpoints.get(scope).into_iter().flatten().rev().cloned().collect();
            Shown { scope: scope.clone(), checkpoints: repair::choose_shown(all) }
        });
        let mut evidence = Evidence {
            shown: shown.collect(),
            receipt: self.held.last_receipt.clone().filter(|_| ask.receipt),
            directory: ask.directory.and_then(|version| self.held.directories.get(&version).cloned()),
            ..Evidence::default()
        };
        let mut left = load.budget_bytes;
        for wanted in &ask.wanted {
            self.give_back(wanted, &mut left, &mut evidence);
        }
        evidence
    }

    /// The pieces from one checkpoint to the next, after the place wanted.
    fn give_back(&self, wanted: &Wanted, left: &mut u64, evidence: &mut Evidence) {
        let mut from = wanted.position;
        let checkpoints = || self.held.checkpoints.get(&wanted.scope).into_iter().flatten();
        if let Some(backlog) = self.held.backlogs.get(&wanted.scope)
            && from.seq < backlog.position.seq
        {
            // what its first sync has not reached it does not hold
            from = backlog.position;
            evidence.gaps.extend(checkpoints().next().cloned());
        }
        for signed in checkpoints() {
            let end = signed.clone().verify(&kit::station_public()).unwrap().position;
            if end.seq <= from.seq || *left == 0 {
                continue;
            }
            let pulled = self.held.pulled[&wanted.scope].iter().filter(|one| one.0 > from.seq && one.0 <= end.seq);
            let entries: Vec<LoggedEntry> =
                pulled.map(|(_, replica, hash)| self.entry_as_pulled(*replica, hash)).collect();
            if self.bug == LaptopBug::GivesNothingBack {
                evidence.gaps.push(signed.clone());
                continue;
            }
            *left = left.saturating_sub(entries.iter().map(|one| one.size() as u64).sum());
            let piece = Page { from, entries, checkpoint: signed.clone(), behind: 0 };
            evidence.pieces.push(piece);
            from = end;
        }
    }

    fn entry_as_pulled(&self, replica: ReplicaId, hash: &Hash) -> LoggedEntry {
        let own = self.held.places.iter().position(|place| place.hash == *hash);
        match own.and_then(|index| self.held.lane.get(index)) {
            Some(entry) => LoggedEntry::Full { replica, entry: entry.clone() },
            None => self.held.pulled_entries[hash].clone(),
        }
    }

    /// Stores a batch whole. With a planted fault, `disk_full` stores the cursors only.
    pub(crate) fn store(&mut self, batch: &Batch, disk_full: bool) -> Result<(), StorageFailure> {
        if disk_full {
            if self.bug == LaptopBug::CursorWithoutEntries {
                for page in &batch.pages {
                    self.held.cursors.insert(page.scope().clone(), page.checkpoint().position);
                }
            }
            return Err(StorageFailure::Full);
        }
        if let Some(directory) = &batch.directory {
            self.held.directory_version = directory.version;
            self.held.directories.insert(directory.version, directory.signed().clone());
            if directory.replica(self.replica).is_some() {
                self.held.credential = None;
            }
        }
        for receipt in &batch.receipts {
            self.held.receipts.retain(|held| held.first < receipt.first);
            self.held.receipts.push(receipt.value().clone());
            self.held.last_receipt = Some(receipt.signed().clone());
        }
        self.held.heard_at_ms = batch.station_at_ms;
        if let Some(place) = batch.station_head {
            self.held.station_head = place;
        }
        let mut result = Ok(());
        for page in &batch.pages {
            if self.owns(page) {
                self.take_page(page);
            } else {
                result = Err(StorageFailure::OtherBranch);
            }
        }
        for piece in &batch.earlier {
            if self.owns(piece.page()) {
                self.take_earlier(piece);
            } else {
                result = Err(StorageFailure::OtherBranch);
            }
        }
        batch.begin_again.iter().for_each(|scope| self.begin_again(scope));
        result
    }
}

impl Held {
    pub(crate) fn forget_receipt(&mut self) {
        self.last_receipt = None;
    }
}
