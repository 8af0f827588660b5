//! A laptop and a station for tests. The station only orders entries and signs; it judges what a test tells it to.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use documents::{Actor, ChangeHash, Edit};
use domain::kind::Kind;
use domain::shape::Scalar;
use store::exchange::Applied;
use store::{AuditAction, DataKey, Identity, Reader, Saved, Store, StoreError, Tx, WriteContext, Written};
use sync::crypto::{SignKey, Signed};
use sync::ids::{ActId, DocumentId, OfficerId, ReplicaId, ScopeId, StationId};
use sync::lane::{Entry, LaneHead};
use sync::laptop::{Batch, Load, LoadFrom, Ticket};
use sync::receipt::{Receipt, Refusal, RefusalReason, ScopeSequence};
use sync::scope_log::{Checkpoint, LogPosition, LoggedEntry, Page};
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
        };
        let store = Store::create(folder.path(), &key, &identity).unwrap();
        Self { folder, store, replica, officer, key, now: Cell::new(START_MS), counter: Cell::new(0), number }
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
    pub(crate) now: i64,
}

impl Station {
    pub(crate) fn new() -> Self {
        Self { key: SignKey::from_seed(&[7; 32]), logs: BTreeMap::new(), heads: BTreeMap::new(), now: START_MS }
    }

    pub(crate) fn sync(&mut self, laptop: &Laptop) -> Applied {
        self.sync_refusing(laptop, &BTreeMap::new())
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

    /// The same on a laptop whose disk may fail. An entry the station has is not taken twice.
    pub(crate) fn try_sync(
        &mut self,
        laptop: &Laptop,
        count: usize,
        refuse: &BTreeMap<u64, RefusalReason>,
    ) -> Result<Applied, StoreError> {
        self.now += 60_000;
        let load = Load { ticket: Ticket(1), from: LoadFrom::Outbox, budget_bytes: u64::MAX };
        let mut loaded = laptop.store.load(&load, None)?;
        let known = self.heads.get(&laptop.replica).map_or(0, |head| head.index);
        loaded.entries.truncate(count);
        let mut receipts = Vec::new();
        if let Some(last) = loaded.entries.last() {
            let header = last.read_header().unwrap();
            let head = LaneHead { index: header.index, hash: last.header_hash() };
            receipts.push(self.receipt(laptop.replica, loaded.after.index + 1, head, refuse));
            self.heads.insert(laptop.replica, head);
        }
        for entry in &loaded.entries {
            let header = entry.read_header().unwrap();
            if !refuse.contains_key(&header.index) && header.index > known {
                self.logs.entry(header.scope).or_default().push((laptop.replica, entry.clone()));
            }
        }
        let mut pages = Vec::new();
        for scope in self.logs.keys() {
            let cursor = loaded.cursors.iter().find(|cursor| cursor.scope == *scope).map(|cursor| cursor.position);
            let page = self.page(scope, cursor, laptop.replica, |_| true);
            pages.push(page.verify(STATION, &self.key.public(), laptop.replica, |_| cursor.as_ref()).unwrap());
        }
        let batch = Batch {
            directory: None,
            receipts,
            pages,
            station_head: self.heads.get(&laptop.replica).copied(),
            epoch: 1,
            station_at_ms: self.now,
            backup_watermark: None,
        };
        laptop.store.apply(&batch, laptop.now.get())
    }

    fn receipt(
        &self,
        replica: ReplicaId,
        first: u64,
        head: LaneHead,
        refuse: &BTreeMap<u64, RefusalReason>,
    ) -> sync::crypto::Verified<Receipt> {
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
        let mut pages = Vec::new();
        for scope in self.logs.keys() {
            let page = self.page(scope, None, laptop.replica, |_| true);
            pages.push(page.verify(STATION, &self.key.public(), laptop.replica, |_| None).unwrap());
        }
        let batch = Batch {
            directory: None,
            receipts: Vec::new(),
            pages,
            station_head: None,
            epoch: 1,
            station_at_ms: self.now,
            backup_watermark: None,
        };
        laptop.store.apply(&batch, laptop.now.get()).unwrap()
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
