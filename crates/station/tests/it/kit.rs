//! A small station on disk and laptops in memory that drive the real engine. Also used by the tests of `link`.

use std::collections::BTreeMap;
use std::path::Path;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, Change, ROOT};
use station::tls::Certificates;
use station::{Founding, FoundingSeeds, Issue, Station, edit};
use sync::crypto::{KdfParams, PublicKey, SignKey, Signed};
use sync::directory::{AssignedTo, Assignment, DataKind, Directory, Officer, Role, Village, held_hash};
use sync::enrolment::{Enrolment, EnrolmentCode};
use sync::first_sync::{Backlog, VerifiedEarlier};
use sync::ids::{ActId, Actor, DocumentId, Hash, OfficerId, ReplicaId, ScopeId, StationId};
use sync::lane::{self, Entry, EntryDraft, EntryKind, LaneHead, Replaces};
use sync::laptop::{
    Batch, Credential, Input, Laptop, LaptopConfig, Load, LoadFrom, Loaded, Outcome, RequestFailure, StorageFailure,
};
use sync::receipt::Receipt;
use sync::repair::{self, Evidence, Shown, Wanted};
use sync::scope_log::{Checkpoint, Cursor, LogPosition, LoggedEntry, Page, PulledContent, PulledEntry, VerifiedPage};
use uuid::Uuid;

/// 2026-11-21 08:00 at the station.
pub(crate) const NOW_MS: i64 = 1_795_219_200_000;

pub(crate) fn uuid(space: u8, number: u64) -> Uuid {
    let mut bytes = [0; 16];
    bytes[0] = space;
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    Uuid::from_bytes(bytes)
}

pub(crate) fn station_id() -> StationId {
    StationId(uuid(1, 1))
}

pub(crate) fn officer_id(number: u64) -> OfficerId {
    OfficerId(uuid(2, number))
}

pub(crate) fn replica_id(number: u64) -> ReplicaId {
    ReplicaId(uuid(3, number))
}

pub(crate) fn document_id(number: u64) -> DocumentId {
    DocumentId(uuid(4, number))
}

pub(crate) fn act_id(number: u64) -> ActId {
    ActId(uuid(5, number))
}

pub(crate) fn cell(code: &str) -> ScopeId {
    ScopeId::cell(code).unwrap()
}

pub(crate) fn seed(space: u8, number: u64) -> [u8; 32] {
    let mut bytes = [space; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes
}

pub(crate) fn recovery_code() -> EnrolmentCode {
    EnrolmentCode::from_random([7; 12])
}

/// Founds a station with cells A and B; officers 1 and 2 in A, 3 in B, chief 4 everywhere.
pub(crate) fn found(dir: &Path) -> Station {
    found_as(dir, station_id(), 1)
}

/// As [`found`], with an id and keys of one's own.
pub(crate) fn found_as(dir: &Path, id: StationId, keys: u64) -> Station {
    let founding = Founding {
        station: id,
        name: "青枫派出所".to_owned(),
        division: "330681".to_owned(),
        data_kind: DataKind::MadeUp,
        recovery_code: recovery_code(),
        kdf: KdfParams::FLOOR,
        certificates: Some(Certificates::generate(id).unwrap()),
        seeds: FoundingSeeds {
            database_key: seed(10, keys),
            signing: seed(11, keys),
            recovery: seed(12, keys),
            recovery_salt: [1; 16],
            recovery_nonce: [2; 24],
        },
    };
    let station = Station::create(dir, founding, NOW_MS - 1000).unwrap();
    station
        .edit("test", NOW_MS - 900, |directory| {
            for (code, village) in [("A", "330681101001"), ("B", "330681101002")] {
                let villages = [Village { code: village.to_owned(), name: format!("{code} 村") }];
                edit::add_cell(directory, code, &format!("{code} 网格"), &villages)?;
            }
            for (number, role, to) in [
                (1, Role::Officer, AssignedTo::Scope(cell("A"))),
                (2, Role::Officer, AssignedTo::Scope(cell("A"))),
                (3, Role::Officer, AssignedTo::Scope(cell("B"))),
                (4, Role::Chief, AssignedTo::AllCells),
            ] {
                add_officer(directory, number, role, to)?;
            }
            Ok(())
        })
        .unwrap();
    station
}

fn add_officer(directory: &mut Directory, number: u64, role: Role, to: AssignedTo) -> Result<(), edit::EditFault> {
    let id = officer_id(number);
    let name = format!("民警{number}");
    edit::add_officer(directory, Officer { id, name, police_number: format!("{number:06}"), role })?;
    let from_on = "2026-01-01".to_owned();
    edit::assign(directory, Assignment { officer: id, to, from_on, to_on: None })
}

/// An enrolment for officer `number`.
pub(crate) fn issue(station: &Station, officer: u64, replica: u64, servers: Vec<String>) -> Enrolment {
    let issue = Issue {
        officer: officer_id(officer),
        laptop_label: format!("QF-{replica:02}"),
        replica: replica_id(replica),
        token: seed(13, replica),
        servers,
    };
    station.issue(&issue, NOW_MS - 800).unwrap()
}

/// What a laptop has on its disk.
#[derive(Clone)]
pub(crate) struct Disk {
    pub(crate) replica: ReplicaId,
    pub(crate) officer: OfficerId,
    pub(crate) station: StationId,
    pub(crate) station_key: PublicKey,
    pub(crate) key: SignKey,
    pub(crate) credential: Credential,
    pub(crate) directory: Directory,
    /// Every version seen.
    directories: BTreeMap<u64, Signed<Directory>>,
    pub(crate) lane: Vec<(Entry, LaneHead)>,
    pub(crate) station_head: LaneHead,
    pub(crate) receipts: Vec<Receipt>,
    pub(crate) cursors: BTreeMap<ScopeId, LogPosition>,
    pub(crate) backlogs: BTreeMap<ScopeId, Backlog>,
    /// What came before its place, by the hash of its header.
    pub(crate) before: BTreeMap<Hash, PulledEntry>,
    /// Every page's end, oldest first.
    ends: BTreeMap<ScopeId, Vec<Signed<Checkpoint>>>,
    last_receipt: Option<Signed<Receipt>>,
    /// Entries whose headers rest on bad blocks of the disk.
    pub(crate) unreadable: Vec<Hash>,
    heard_at_ms: i64,
    pub(crate) pulled: Vec<(ScopeId, PulledEntry)>,
    pub(crate) documents: BTreeMap<DocumentId, AutoCommit>,
    actor: Actor,
    acts: u64,
}

impl Disk {
    /// A laptop just enrolled, with a key of its own.
    pub(crate) fn enrolled(enrolment: &Enrolment, key: u64) -> Self {
        let replica = enrolment.replica;
        let directory = enrolment.directory.clone().verify(&enrolment.station_key).unwrap().into_value();
        Self {
            replica,
            officer: enrolment.officer,
            station: enrolment.station,
            station_key: enrolment.station_key,
            key: SignKey::from_seed(&seed(14, key)),
            credential: Credential::Token(enrolment.token),
            directories: BTreeMap::from([(directory.version, enrolment.directory.clone())]),
            directory,
            ends: BTreeMap::new(),
            last_receipt: None,
            lane: Vec::new(),
            station_head: LaneHead::genesis(replica),
            receipts: Vec::new(),
            unreadable: Vec::new(),
            heard_at_ms: 0,
            cursors: BTreeMap::new(),
            backlogs: BTreeMap::new(),
            before: BTreeMap::new(),
            pulled: Vec::new(),
            documents: BTreeMap::new(),
            actor: Actor(*uuid(6, key).as_bytes()),
            acts: key * 1_000_000,
        }
    }

    pub(crate) fn config(&self) -> LaptopConfig {
        LaptopConfig {
            station: self.station,
            station_key: self.station_key,
            replica: self.replica,
            key: self.key.clone(),
        }
    }

    pub(crate) fn head(&self) -> LaneHead {
        self.lane.last().map_or(LaneHead::genesis(self.replica), |(_, head)| *head)
    }

    pub(crate) fn new_act(&mut self) -> ActId {
        self.acts += 1;
        act_id(self.acts)
    }

    /// One command with one edit.
    pub(crate) fn write(&mut self, scope: &ScopeId, document: DocumentId, key: &str, value: &str) {
        let act = self.new_act();
        self.write_in(act, scope, document, key, value);
    }

    /// One edit as part of an act.
    pub(crate) fn write_in(&mut self, act: ActId, scope: &ScopeId, document: DocumentId, key: &str, value: &str) {
        let actor = ActorId::from(self.actor.0.to_vec());
        let paper = self.documents.entry(document).or_default();
        paper.set_actor(actor);
        paper.put(ROOT, key, value).unwrap();
        paper.commit_with(CommitOptions::default().with_time(0)).unwrap();
        let body = paper.get_last_local_change().unwrap().raw_bytes().to_vec();
        self.append(act, scope, document, EntryKind::Change, body);
    }

    pub(crate) fn append(&mut self, act: ActId, scope: &ScopeId, document: DocumentId, kind: EntryKind, body: Vec<u8>) {
        let draft = EntryDraft {
            scope: scope.clone(),
            document,
            act,
            officer: self.officer,
            directory_version: self.directory.version,
            device_at_ms: NOW_MS - 500,
            kind,
            salt: sync::crypto::sha256(document.as_bytes()).0,
            body,
            replaces: None,
        };
        self.lane.push(lane::append(self.head(), draft).unwrap());
    }

    /// The same disk in another machine.
    pub(crate) fn copied(&self) -> Self {
        Self {
            key: self.key.clone(),
            credential: self.credential.clone(),
            directory: self.directory.clone(),
            directories: self.directories.clone(),
            lane: self.lane.clone(),
            receipts: self.receipts.clone(),
            cursors: self.cursors.clone(),
            backlogs: self.backlogs.clone(),
            before: self.before.clone(),
            ends: self.ends.clone(),
            last_receipt: self.last_receipt.clone(),
            pulled: self.pulled.clone(),
            unreadable: self.unreadable.clone(),
            documents: self.documents.clone(),
            ..*self
        }
    }

    /// A fresh actor, as at every unlock.
    pub(crate) fn unlock_again(&mut self, number: u64) {
        self.actor = Actor(*uuid(6, number).as_bytes());
        self.acts = number * 1_000_000;
    }

    /// After the identity changed: an empty lane that the station knows nothing of.
    pub(crate) fn forget_lane(&mut self) {
        self.lane.clear();
        self.receipts.clear();
        self.last_receipt = None;
        self.station_head = LaneHead::genesis(self.replica);
    }

    /// Appends an entry of a dead lane again, naming what it replaces.
    pub(crate) fn carry(&mut self, entry: Entry, dead: ReplicaId, place: LaneHead) {
        let header = entry.read_header().unwrap();
        let draft = EntryDraft {
            scope: header.scope,
            document: header.document,
            act: header.act,
            officer: header.officer,
            directory_version: header.directory_version,
            device_at_ms: header.device_at_ms,
            kind: header.kind,
            salt: entry.salt,
            body: entry.body,
            replaces: Some(Replaces { replica: dead, index: place.index }),
        };
        self.lane.push(lane::append(self.head(), draft).unwrap());
    }

    pub(crate) fn receipts_through(&self) -> u64 {
        self.receipts.last().map_or(0, Receipt::last)
    }

    pub(crate) fn refused(&self) -> Vec<(u64, &'static str)> {
        self.receipts.iter().flat_map(|one| &one.refusals).map(|one| (one.index, one.reason.code())).collect()
    }

    /// Header hashes of everything held of a scope, own entries included, in the order of the scope's log.
    pub(crate) fn log_of(&self, scope: &ScopeId) -> Vec<String> {
        self.hashes_of(scope).iter().map(Hash::to_string).collect()
    }

    pub(crate) fn hashes_of(&self, scope: &ScopeId) -> Vec<Hash> {
        let of_scope = self.pulled.iter().filter(|(of, _)| of == scope);
        of_scope.map(|(_, one)| one.header_hash).collect()
    }

    pub(crate) fn load(&self, load: &Load) -> Loaded {
        let through = self.receipts_through();
        let after = match load.from {
            LoadFrom::Outbox => self.station_head.index.min(through),
            LoadFrom::Index(index) => index,
        };
        let place = match after.checked_sub(1) {
            None => LaneHead::genesis(self.replica),
            Some(at) => self.lane[usize::try_from(at).unwrap()].1,
        };
        let rest = &self.lane[usize::try_from(after).unwrap()..];
        let mut entries: Vec<Entry> = Vec::new();
        let mut bytes = 0;
        for (entry, _) in rest {
            bytes += entry.size() as u64;
            if bytes > load.budget_bytes && !entries.is_empty() {
                break;
            }
            entries.push(entry.clone());
        }
        let listed = self.directory.replica(self.replica).is_some();
        Loaded {
            directory_version: self.directory.version,
            directory_hash: self.directory_hash(),
            credential: (!listed).then(|| self.credential.clone()),
            lane_end: self.head(),
            station_head: self.station_head,
            receipts_through: through,
            after: place,
            entries,
            unsent_entries: rest.len() as u64,
            unsent_bytes: rest.iter().map(|(entry, _)| entry.size() as u64).sum(),
            cursors: self
                .cursors
                .iter()
                .map(|(scope, position)| Cursor { scope: scope.clone(), position: *position })
                .collect(),
            backlogs: self.backlogs.values().cloned().collect(),
            evidence: self.evidence(load),
            heard_at_ms: self.heard_at_ms,
        }
    }

    pub(crate) fn directory_hash(&self) -> Hash {
        held_hash(&self.directories[&self.directory.version].to_bytes())
    }

    fn evidence(&self, load: &Load) -> Evidence {
        let ends = |scope: &ScopeId| self.ends.get(scope).cloned().unwrap_or_default();
        let shown = load.ask.shown.iter().map(|scope| {
            let checkpoints = repair::choose_shown(ends(scope).into_iter().rev().collect());
            Shown { scope: scope.clone(), checkpoints }
        });
        let (mut pieces, mut gaps) = (Vec::new(), Vec::new());
        for wanted in &load.ask.wanted {
            self.give_back(wanted, &mut pieces, &mut gaps);
        }
        Evidence {
            shown: shown.collect(),
            receipt: self.last_receipt.clone().filter(|_| load.ask.receipt),
            pieces,
            gaps,
            directory: load.ask.directory.and_then(|version| self.directories.get(&version).cloned()),
        }
    }

    fn give_back(&self, wanted: &Wanted, pieces: &mut Vec<Page>, gaps: &mut Vec<Signed<Checkpoint>>) {
        let mut from = wanted.position;
        for signed in self.ends.get(&wanted.scope).into_iter().flatten() {
            let end = signed.clone().verify(&self.station_key).unwrap().position;
            if end.seq > from.seq {
                let between = |seq| seq > from.seq && seq <= end.seq;
                let here = || self.pulled.iter().filter(|(scope, one)| *scope == wanted.scope && between(one.seq));
                match here().any(|(_, one)| self.unreadable.contains(&one.header_hash)) {
                    true => gaps.push(signed.clone()),
                    false => {
                        let entries = here().map(|(_, one)| self.given_back(one)).collect();
                        pieces.push(Page { from, entries, checkpoint: signed.clone(), behind: 0 });
                    }
                }
                from = end;
            }
        }
    }

    fn given_back(&self, one: &PulledEntry) -> LoggedEntry {
        let entry = match &one.content {
            PulledContent::Change { entry, .. }
            | PulledContent::Control { entry }
            | PulledContent::Quarantined { entry, .. } => entry.clone(),
            PulledContent::Own { index } => self.lane[usize::try_from(*index).unwrap() - 1].0.clone(),
            PulledContent::Erased { header } => {
                return LoggedEntry::Erased { replica: one.replica, header: header.clone() };
            }
            PulledContent::Sent { .. } => panic!("kept as it was sent"),
        };
        LoggedEntry::Full { replica: one.replica, entry }
    }

    /// Whether the own entries a page names are in this lane: on a disk that was copied they need not be.
    fn owns(&self, page: &VerifiedPage) -> bool {
        let here = |index: u64| self.lane.get(usize::try_from(index).unwrap() - 1).map(|(_, place)| place.hash);
        let own = page.entries().iter().filter_map(|one| match &one.content {
            PulledContent::Own { index } => Some((*index, one.header_hash)),
            PulledContent::Change { .. }
            | PulledContent::Control { .. }
            | PulledContent::Erased { .. }
            | PulledContent::Sent { .. }
            | PulledContent::Quarantined { .. } => None,
        });
        own.into_iter().all(|(index, hash)| here(index) == Some(hash))
    }

    pub(crate) fn store(&mut self, batch: &Batch) -> Result<(), StorageFailure> {
        if let Some(directory) = &batch.directory {
            self.directory = directory.value().clone();
            self.directories.insert(directory.version, directory.signed().clone());
        }
        for receipt in &batch.receipts {
            self.receipts.retain(|held| held.first < receipt.first);
            self.receipts.push(receipt.value().clone());
            self.last_receipt = Some(receipt.signed().clone());
        }
        if let Some(head) = batch.station_head {
            self.station_head = head;
        }
        self.heard_at_ms = batch.station_at_ms;
        let mut result = Ok(());
        for page in &batch.pages {
            if !self.owns(page) {
                result = Err(StorageFailure::OtherBranch);
                continue;
            }
            let (from, ends) = (page.from().seq, self.ends.entry(page.scope().clone()).or_default());
            ends.retain(|end| end.clone().verify(&self.station_key).unwrap().position.seq <= from);
            ends.push(page.checkpoint().signed().clone());
            self.pulled.retain(|(scope, one)| scope != page.scope() || one.seq <= from);
            if let Some(Backlog { scope, top, position }) = self.backlogs.remove(page.scope()) {
                let position = if position.seq <= from { position } else { page.from() };
                if position.seq > 0 {
                    self.backlogs.insert(scope.clone(), Backlog { scope, top: top.min(from), position });
                }
            }
            for one in page.entries() {
                self.show(one);
                self.pulled.push((page.scope().clone(), one.clone()));
            }
            self.cursors.insert(page.scope().clone(), page.checkpoint().position);
        }
        for piece in &batch.earlier {
            if self.owns(piece.page()) {
                self.walk(piece);
            } else {
                result = Err(StorageFailure::OtherBranch);
            }
        }
        for scope in &batch.begin_again {
            self.backlogs.remove(scope);
            self.ends.remove(scope);
            self.pulled.retain(|(of, _)| of != scope);
            self.cursors.insert(scope.clone(), LogPosition::genesis(self.station, scope, 0));
        }
        result
    }

    /// A piece of earlier work goes before what is held.
    fn walk(&mut self, piece: &VerifiedEarlier) {
        let (page, scope) = (piece.page(), piece.page().scope().clone());
        let end = page.checkpoint().position;
        let top = self.backlogs.get(&scope).map_or(end.seq, |backlog| backlog.top);
        for one in piece.whole() {
            self.show(one);
            self.before.insert(one.header_hash, one.clone());
        }
        for one in page.entries() {
            let sent = matches!(one.content, PulledContent::Sent { .. }).then(|| &self.before[&one.header_hash]);
            let whole = sent.map_or_else(|| one.clone(), |sent| PulledEntry { seq: one.seq, ..sent.clone() });
            self.show(&whole);
            self.pulled.push((scope.clone(), whole));
        }
        self.pulled.sort_by_key(|(_, one)| one.seq);
        self.ends.entry(scope.clone()).or_default().insert(0, page.checkpoint().signed().clone());
        self.cursors.entry(scope.clone()).or_insert(end);
        match page.from() {
            from if from.seq == 0 => drop(self.backlogs.remove(&scope)),
            position => drop(self.backlogs.insert(scope.clone(), Backlog { scope, top, position })),
        }
    }

    fn show(&mut self, one: &PulledEntry) {
        let PulledContent::Change { entry, .. } = &one.content else { return };
        let document = one.header.as_ref().unwrap().document;
        let change = Change::from_bytes(entry.body.clone()).unwrap();
        // as a laptop does it: behind a fence, and what automerge does not take is left out
        let mut paper = self.documents.get(&document).cloned().unwrap_or_default();
        let taken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| paper.apply_changes([change])));
        if matches!(taken, Ok(Ok(()))) {
            self.documents.insert(document, paper);
        }
    }

    /// One whole sync; `exchange` carries bytes to the station and back.
    pub(crate) fn sync(&mut self, mut exchange: impl FnMut(Vec<u8>) -> Result<Vec<u8>, RequestFailure>) -> Outcome {
        let mut engine = Laptop::new(self.config());
        let mut now_ms = NOW_MS;
        let mut effects = engine.handle(now_ms, Input::SyncRequested);
        for _ in 0..10_000 {
            now_ms += 10;
            let input = if let Some(outcome) = effects.finished {
                return outcome;
            } else if let Some(load) = effects.load {
                Input::Loaded { ticket: load.ticket, loaded: Box::new(self.load(&load)) }
            } else if let Some(send) = effects.send {
                match exchange(send.bytes) {
                    Ok(bytes) => Input::ResponseArrived { ticket: send.ticket, bytes },
                    Err(failure) => Input::RequestFailed { ticket: send.ticket, failure },
                }
            } else if let Some(store) = effects.store {
                Input::Stored { ticket: store.ticket, result: self.store(&store.batch) }
            } else {
                panic!("the engine waits for nothing");
            };
            effects = engine.handle(now_ms, input);
        }
        panic!("the sync never ends");
    }

    /// One sync with a station in this process.
    pub(crate) fn sync_with(&mut self, station: &Station) -> Outcome {
        self.sync(|bytes| Ok(station.exchange(&bytes, NOW_MS)))
    }

    /// One sync that must be complete.
    pub(crate) fn complete(&mut self, station: &Station) {
        let outcome = self.sync_with(station);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }
}
