//! A laptop and a station for tests. The station only orders entries and signs; it judges what a test tells it to.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use documents::{Actor, ChangeHash, Edit};
use domain::kind::Kind;
use domain::shape::Scalar;
use store::exchange::Applied;
use store::replica::DATABASE;
use store::succession::{Succeeded, Successor};
use store::{AuditAction, DataKey, Identity, Reader, Saved, Store, StoreError, Tx, WriteContext, Written};
use sync::crypto::{BoxPublicKey, SignKey, Signed, Verified};
use sync::directory::{DataKind, Directory};
use sync::ids::{ActId, DocumentId, OfficerId, ReplicaId, ScopeId, StationId};
use sync::lane::{Entry, LaneHead};
use sync::laptop::{Ask, Batch, Load, LoadFrom, Ticket};
use sync::receipt::{Receipt, Refusal, RefusalReason, ScopeSequence};
use sync::scope_log::{Checkpoint, LogPosition, LoggedEntry, Page, VerifiedPage};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const START_MS: i64 = 1_790_000_000_000;
pub(crate) const STATION: StationId = StationId::from_bytes([9; 16]);

pub(crate) fn cell() -> ScopeId {
    ScopeId::cell("QF-03").unwrap()
}

pub(crate) fn id(number: u64) -> DocumentId {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes[6] = 0x70;
    bytes[8] = 0x80;
    bytes[9..16].copy_from_slice(&number.to_be_bytes()[1..]);
    DocumentId(Uuid::from_bytes(bytes))
}

pub(crate) fn load(from: LoadFrom, budget_bytes: u64) -> Load {
    Load { ticket: Ticket(1), from, budget_bytes, ask: Ask::default() }
}

/// A directory that lists nobody.
pub(crate) fn directory() -> Directory {
    Directory {
        lease_days: None,
        bundle_key: BoxPublicKey([8; 32]),
        media: Vec::new(),
        version: 5,
        station: STATION,
        station_name: "枫溪派出所".to_owned(),
        division: "330681".to_owned(),
        data_kind: DataKind::MadeUp,
        signed_at_ms: START_MS,
        station_key: SignKey::from_seed(&[7; 32]).public(),
        recovery_key: BoxPublicKey([3; 32]),
        tls_pins: Vec::new(),
        villages: Vec::new(),
        cells: Vec::new(),
        officers: Vec::new(),
        assignments: Vec::new(),
        replicas: Vec::new(),
        enrolments: Vec::new(),
    }
}

pub(crate) fn set(key: &str, value: impl Into<Scalar>) -> Edit {
    Edit::set(key, value)
}

pub(crate) struct Laptop {
    pub(crate) folder: TempDir,
    pub(crate) store: Store,
    pub(crate) replica: ReplicaId,
    pub(crate) officer: OfficerId,
    pub(crate) key: DataKey,
    pub(crate) now: Cell<i64>,
    pub(crate) counter: Cell<u64>,
    pub(crate) number: u8,
}

impl Laptop {
    pub(crate) fn new(number: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = DataKey::new([number; 32]);
        let replica = ReplicaId::from_bytes([number; 16]);
        let officer = OfficerId::from_bytes([number.wrapping_add(100); 16]);
        let identity = Identity {
            replica,
            officer,
            station: STATION,
            laptop: format!("QF-{number:02}"),
            signing_key: zeroize::Zeroizing::new([number; 32]),
            enrolment: vec![1],
            certified: false,
            refused: None,
            predecessor: None,
            predecessor_key: None,
            succession: None,
        };
        let store = Store::create(folder.path(), &key, &identity).unwrap();
        Self { folder, store, replica, officer, key, now: Cell::new(START_MS), counter: Cell::new(0), number }
    }

    /// The same disk again, to be used by itself from now on; numbers it draws are its own.
    pub(crate) fn copy(&self, number: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in [DATABASE.to_owned(), format!("{DATABASE}-wal")] {
            let from = self.folder.path().join(&name);
            if from.exists() {
                std::fs::copy(from, folder.path().join(&name)).unwrap();
            }
        }
        let store = Store::open(folder.path(), &self.key).unwrap();
        let (now, counter) = (self.now.clone(), Cell::new(0));
        Self {
            folder,
            store,
            replica: self.replica,
            officer: self.officer,
            key: self.key.clone(),
            now,
            counter,
            number,
        }
    }

    /// Goes on as the replica of its number.
    pub(crate) fn succeed(&mut self) -> Succeeded {
        let mut id = [self.number; 16];
        id[0] = u8::try_from(self.next() % 250).unwrap();
        let (replica, seed) = (ReplicaId::from_bytes(id), zeroize::Zeroizing::new(id.repeat(2).try_into().unwrap()));
        let done = self.store.succeed(&Successor { replica, signing_key: seed, now_ms: self.now.get() }).unwrap();
        self.replica = replica;
        done
    }

    pub(crate) fn next(&self) -> u64 {
        self.counter.set(self.counter.get() + 1);
        u64::from(self.number) << 40 | self.counter.get()
    }

    pub(crate) fn fresh(&self) -> DocumentId {
        id(self.next())
    }

    pub(crate) fn try_write<T>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<Written<T>, StoreError> {
        self.now.set(self.now.get() + 1_000);
        let act = self.next();
        let random = |bytes: &mut [u8]| {
            for (at, byte) in bytes.iter_mut().enumerate() {
                *byte = u8::try_from((act + at as u64 * 31) % 251).unwrap() ^ self.number;
            }
        };
        let context = WriteContext {
            officer: self.officer,
            // fresh for every copy, as at every unlock
            actor: Actor([self.number; 16]),
            directory_version: 1,
            now_ms: self.now.get(),
            act: ActId(id(act).uuid()),
            action: AuditAction::Write,
            random: &random,
        };
        self.store.write(&context, work)
    }

    pub(crate) fn create(&self, kind: Kind, edits: &[Edit]) -> Saved {
        let document = self.fresh();
        let scope = if kind == Kind::Mediator { ScopeId::station() } else { cell() };
        self.try_write(|tx| tx.create(kind, document, &scope, edits)).unwrap().value
    }

    pub(crate) fn edit(&self, document: DocumentId, edits: &[Edit]) -> Saved {
        let heads = self.heads(document);
        self.edit_at(document, &heads, edits)
    }

    pub(crate) fn edit_at(&self, document: DocumentId, heads: &[ChangeHash], edits: &[Edit]) -> Saved {
        self.try_write(|tx| tx.edit(document, heads, edits)).unwrap().value
    }

    pub(crate) fn heads(&self, document: DocumentId) -> Vec<ChangeHash> {
        self.read(|reader| store::record::open(reader, document)).reading.heads
    }

    pub(crate) fn get(&self, document: DocumentId, key: &str) -> Scalar {
        self.read(|reader| store::record::open(reader, document)).reading.get(key).clone()
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>) -> T {
        self.store.read(work).unwrap()
    }

    pub(crate) fn dump(&self) -> Vec<String> {
        store::check::dump(&self.store).unwrap()
    }

    /// Every test ends here.
    pub(crate) fn assert_sound(&self) {
        store::check::assert_rebuild_equals_live(&self.store);
    }
}

/// Orders entries, signs receipts and checkpoints.
#[derive(Clone)]
pub(crate) struct Station {
    pub(crate) key: SignKey,
    pub(crate) logs: BTreeMap<ScopeId, Vec<(ReplicaId, Entry)>>,
    heads: BTreeMap<ReplicaId, LaneHead>,
    receipts: BTreeMap<ReplicaId, Vec<Verified<Receipt>>>,
    pub(crate) now: i64,
}

/// Why an exchange brought nothing.
#[derive(Debug)]
pub(crate) enum SyncFault {
    /// The station has another branch of the lane.
    Forked,
    /// The laptop's disk.
    Store(StoreError),
}

impl From<StoreError> for SyncFault {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

impl Station {
    pub(crate) fn new() -> Self {
        Self {
            key: SignKey::from_seed(&[7; 32]),
            logs: BTreeMap::new(),
            heads: BTreeMap::new(),
            receipts: BTreeMap::new(),
            now: START_MS,
        }
    }

    pub(crate) fn sync(&mut self, laptop: &Laptop) -> Applied {
        self.sync_refusing(laptop, &BTreeMap::new())
    }

    /// One exchange; a laptop that was copied goes on as a new replica and comes again, as the app does.
    pub(crate) fn sync_copy(&mut self, laptop: &mut Laptop) -> Applied {
        if let Ok(applied) = self.try_sync(laptop, usize::MAX, &BTreeMap::new()) {
            return applied;
        }
        laptop.succeed();
        self.sync(laptop)
    }

    /// One exchange. Entries of the lane named in `refuse` are set aside with their reasons.
    pub(crate) fn sync_refusing(&mut self, laptop: &Laptop, refuse: &BTreeMap<u64, RefusalReason>) -> Applied {
        self.sync_first(laptop, usize::MAX, refuse)
    }

    /// One exchange in which the station gets the first `count` entries only.
    pub(crate) fn sync_first(
        &mut self,
        laptop: &Laptop,
        count: usize,
        refuse: &BTreeMap<u64, RefusalReason>,
    ) -> Applied {
        self.try_sync(laptop, count, refuse).unwrap()
    }

    /// The same on a laptop that may have been copied, or whose disk may fail.
    pub(crate) fn try_sync(
        &mut self,
        laptop: &Laptop,
        count: usize,
        refuse: &BTreeMap<u64, RefusalReason>,
    ) -> Result<Applied, SyncFault> {
        self.now += 60_000;
        let here = self.heads.get(&laptop.replica).copied().unwrap_or(LaneHead::genesis(laptop.replica));
        let mut loaded = laptop.store.load(&load(LoadFrom::Index(here.index), u64::MAX), None)?;
        if loaded.after != here {
            return Err(SyncFault::Forked);
        }
        loaded.entries.truncate(count);
        if let Some(last) = loaded.entries.last() {
            let header = last.read_header().unwrap();
            let head = LaneHead { index: header.index, hash: last.header_hash() };
            let receipt = self.receipt(laptop.replica, loaded.after.index + 1, head, refuse);
            self.receipts.entry(laptop.replica).or_default().push(receipt);
            self.heads.insert(laptop.replica, head);
        }
        for entry in &loaded.entries {
            let header = entry.read_header().unwrap();
            if !refuse.contains_key(&header.index) {
                self.log(header.scope, laptop.replica, entry);
            }
        }
        let mut pages = Vec::new();
        for scope in self.logs.keys() {
            let cursor = loaded.cursors.iter().find(|cursor| cursor.scope == *scope).map(|cursor| cursor.position);
            let page = self.page(scope, cursor, laptop.replica, |_| true);
            pages.push(self.checked(page, laptop.replica, cursor));
        }
        let receipts = self.receipts.get(&laptop.replica).into_iter().flatten();
        let receipts = receipts.filter(|receipt| receipt.last() > loaded.receipts_through).cloned().collect();
        let station_head = self.heads.get(&laptop.replica).copied();
        let batch = Batch { receipts, pages, station_head, ..self.nothing() };
        Ok(laptop.store.apply(&batch, laptop.now.get())?)
    }

    /// An answer that brings nothing.
    pub(crate) fn nothing(&self) -> Batch {
        Batch {
            directory: None,
            receipts: Vec::new(),
            pages: Vec::new(),
            earlier: Vec::new(),
            begin_again: Vec::new(),
            station_head: None,
            epoch: 1,
            station_at_ms: self.now,
            backup_watermark: None,
        }
    }

    /// A change that came from another lane already is held, not logged again.
    fn log(&mut self, scope: ScopeId, replica: ReplicaId, entry: &Entry) {
        let log = self.logs.entry(scope).or_default();
        if !log.iter().any(|(_, known)| known.body == entry.body) {
            log.push((replica, entry.clone()));
        }
    }

    pub(crate) fn checked(&self, page: Page, me: ReplicaId, from: Option<LogPosition>) -> VerifiedPage {
        page.verify(STATION, &self.key.public(), me, |_| from.into_iter().collect()).unwrap()
    }

    pub(crate) fn receipt(
        &self,
        replica: ReplicaId,
        first: u64,
        head: LaneHead,
        refuse: &BTreeMap<u64, RefusalReason>,
    ) -> Verified<Receipt> {
        let refusals = refuse.iter().map(|(index, reason)| Refusal { index: *index, reason: *reason }).collect();
        let receipt = Receipt {
            station: STATION,
            epoch: 1,
            replica,
            first,
            head,
            sequences: Vec::<ScopeSequence>::new(),
            refusals,
            station_at_ms: self.now,
        };
        Signed::sign(&receipt, &self.key).verify(&self.key.public()).unwrap()
    }

    pub(crate) fn page(
        &self,
        scope: &ScopeId,
        from: Option<LogPosition>,
        me: ReplicaId,
        keep: impl Fn(usize) -> bool,
    ) -> Page {
        let from = from.unwrap_or_else(|| LogPosition::genesis(STATION, scope, 1));
        let mut position = from;
        let mut entries = Vec::new();
        let log = self.logs.get(scope).cloned().unwrap_or_default();
        for (at, (replica, entry)) in log.into_iter().enumerate().skip(usize::try_from(from.seq).unwrap()) {
            if !keep(at) {
                continue;
            }
            position = position.next(replica, &entry.header_hash());
            entries.push(if replica == me {
                LoggedEntry::Yours { index: entry.read_header().unwrap().index, header_hash: entry.header_hash() }
            } else {
                LoggedEntry::Full { replica, entry }
            });
        }
        let checkpoint = Checkpoint { station: STATION, scope: scope.clone(), position };
        Page { from, entries, checkpoint: Signed::sign(&checkpoint, &self.key), behind: 0 }
    }

    /// Gives a laptop the log as it stands, without taking anything.
    pub(crate) fn pull(&self, laptop: &Laptop) -> Applied {
        let page = |scope| self.checked(self.page(scope, None, laptop.replica, |_| true), laptop.replica, None);
        let pages = self.logs.keys().map(page).collect();
        laptop.store.apply(&Batch { pages, ..self.nothing() }, laptop.now.get()).unwrap()
    }
}

/// Syncs two laptops until neither has news.
pub(crate) fn meet(station: &mut Station, laptops: &[&Laptop]) {
    for _ in 0..2 {
        for laptop in laptops {
            station.sync(laptop);
        }
    }
}

pub(crate) fn tags(applied: &Applied) -> BTreeSet<&'static str> {
    applied.changed.iter().map(|tag| tag.as_str()).collect()
}
