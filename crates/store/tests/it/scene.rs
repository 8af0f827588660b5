//! A laptop at work on a disk that may fail: what it does, what it was promised, and what must hold when it is opened again.

use std::ops::ControlFlow;
use std::path::Path;

use domain::kind::Kind;
use domain::shape::Scalar;
use store::{Store, StoreError};
use sync::ids::DocumentId;
use tempfile::TempDir;

use crate::disk::{Mark, Watch};
use crate::support::{Laptop, Station, SyncFault, cell, set};

/// Records of another officer that wait at the station.
const WAITING: u64 = 12;
/// Records of an import.
const IMPORTED: u64 = 25;

/// Fields that are written.
const KEYS: [&str; 3] = ["notes", "head_name", "name"];

/// Something a laptop does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A new record and a correction of it: two commands.
    Save,
    /// Many records in one command.
    Import,
    /// Own work goes to the station, a receipt comes back.
    SyncOut,
    /// Others' work comes.
    SyncIn,
    /// A backup beside the database.
    Backup,
    /// The log is written into the file.
    Checkpoint,
}

/// Something that was said to be durable.
#[derive(Debug, Clone)]
pub(crate) enum Promise {
    /// This field of this record has this value.
    Value(DocumentId, &'static str, String),
    /// A backup of this name with so many entries.
    Backup(String, u64),
    /// The station has the lane up to here.
    Receipt(u64),
}

/// A laptop, what waits for it at the station, and what it was promised.
pub(crate) struct Scene {
    pub(crate) laptop: Laptop,
    pub(crate) promises: Vec<Promise>,
    /// The station as it was after each exchange; first as it was before any.
    pub(crate) stations: Vec<Station>,
    exchanges: usize,
}

impl Promise {
    /// As a line.
    pub(crate) fn write(&self) -> String {
        match self {
            Self::Value(document, key, value) => format!("value {document} {key} {value}"),
            Self::Backup(name, entries) => format!("backup {name} {entries}"),
            Self::Receipt(through) => format!("receipt {through}"),
        }
    }

    /// From a line; nothing when it was cut.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        Some(match words.next()? {
            "value" => {
                let document = words.next()?.parse().ok()?;
                let key = KEYS.into_iter().find(|key| Some(*key) == words.clone().next())?;
                Self::Value(document, key, words.nth(1)?.to_owned())
            }
            "backup" => Self::Backup(words.next()?.to_owned(), words.next()?.parse().ok()?),
            _ => return None,
        })
    }
}

impl Scene {
    /// A laptop that is started over its files, without a station.
    pub(crate) fn over(folder: &Path) -> Self {
        let like = Laptop::new(1);
        let store = Store::open(folder, &like.key).unwrap();
        let laptop = again(tempfile::tempdir().unwrap(), store, &like, like.number);
        // beyond what the template used
        laptop.counter.set(1_000);
        Self { laptop, promises: Vec::new(), stations: vec![Station::new()], exchanges: 0 }
    }

    /// Closes the database and gives its folder.
    pub(crate) fn into_folder(self) -> TempDir {
        let Laptop { folder, .. } = self.laptop;
        folder
    }

    /// A laptop with a little work done, another's work waiting at the station.
    pub(crate) fn new() -> Self {
        let (laptop, other, mut station) = (Laptop::new(1), Laptop::new(2), Station::new());
        crate::keys::give_keys(&laptop);
        laptop.create(Kind::Resident, &[set("name", "赵荣江")]);
        station.sync(&laptop);
        for number in 0..WAITING {
            other.create(Kind::Resident, &[set("name", format!("章{number}"))]);
        }
        station.sync(&other);
        Self { laptop, promises: Vec::new(), stations: vec![station], exchanges: 0 }
    }

    /// The same laptop over a copy of its closed files.
    pub(crate) fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let from = self.laptop.folder.path();
        for entry in std::fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
        let store = Store::open(folder.path(), &self.laptop.key).unwrap();
        let laptop = again(folder, store, &self.laptop, self.laptop.number);
        laptop.counter.set(self.laptop.counter.get());
        Self { laptop, promises: Vec::new(), stations: self.stations.clone(), exchanges: 0 }
    }

    /// Does something; what it promises is noted, and the disk is told how far things are.
    pub(crate) fn perform(&mut self, deed: Deed, watch: &Watch) -> Result<(), StoreError> {
        match deed {
            Deed::Save => self.save(watch),
            Deed::Import => self.import(watch),
            Deed::SyncOut | Deed::SyncIn => self.sync(watch),
            Deed::Backup => self.backup(watch),
            Deed::Checkpoint => self.laptop.store.checkpoint(),
        }
    }

    fn promise(&mut self, promise: Promise, watch: &Watch) {
        self.promises.push(promise);
        self.mark(watch);
    }

    fn mark(&self, watch: &Watch) {
        watch.mark(Mark { promised: self.promises.len(), exchanges: self.exchanges });
    }

    fn save(&mut self, watch: &Watch) -> Result<(), StoreError> {
        let document = self.laptop.fresh();
        let value = format!("第{}户", self.laptop.counter.get());
        let edits = [set("notes", value.clone())];
        let made = self.laptop.try_write(|tx| tx.create(Kind::Household, document, &cell(), &edits))?.value;
        self.promise(Promise::Value(document, "notes", value.clone()), watch);
        let edits = [set("head_name", value.clone())];
        self.laptop.try_write(|tx| tx.edit(document, &made.heads, &edits))?;
        self.promise(Promise::Value(document, "head_name", value), watch);
        Ok(())
    }

    fn import(&mut self, watch: &Watch) -> Result<(), StoreError> {
        let documents: Vec<DocumentId> = (0..IMPORTED).map(|_| self.laptop.fresh()).collect();
        self.laptop.try_write(|tx| {
            for (number, document) in documents.iter().enumerate() {
                tx.create(Kind::Resident, *document, &cell(), &[set("name", format!("甲{number}"))])?;
            }
            Ok(())
        })?;
        for (number, document) in documents.iter().enumerate() {
            self.promises.push(Promise::Value(*document, "name", format!("甲{number}")));
        }
        self.mark(watch);
        Ok(())
    }

    fn sync(&mut self, watch: &Watch) -> Result<(), StoreError> {
        let mut station = self.stations[self.exchanges].clone();
        self.exchanges += 1;
        // the station has what was sent before the laptop stores the answer
        self.mark(watch);
        let outcome = station.try_sync(&self.laptop, usize::MAX, &std::collections::BTreeMap::new());
        let log = station.logs.get(&cell()).cloned().unwrap_or_default();
        let mine = log.iter().filter(|(replica, _)| *replica == self.laptop.replica).count() as u64;
        self.stations.push(station);
        match outcome {
            Ok(_) => {}
            Err(SyncFault::Store(fault)) => return Err(fault),
            Err(SyncFault::Forked) => panic!("nobody copied this disk"),
        }
        for (replica, entry) in log {
            let header = entry.read_header().unwrap();
            if replica != self.laptop.replica {
                let held = self.laptop.get(header.document, "name");
                self.promises.push(Promise::Value(header.document, "name", held.as_text().unwrap().to_owned()));
            }
        }
        self.promise(Promise::Receipt(mine), watch);
        Ok(())
    }

    fn backup(&mut self, watch: &Watch) -> Result<(), StoreError> {
        let name = format!("b{}", self.promises.len());
        let made = self.laptop.store.backup(&self.laptop.store.folder().join("backups"), &name)?;
        self.promise(Promise::Backup(name, made.entries), watch);
        Ok(())
    }

    /// Opens what was found in `folder` and asks for everything promised up to the mark; then the laptop goes on.
    pub(crate) fn assert_kept(&self, folder: TempDir, mark: Mark) {
        let lost = self.lost(folder.path(), mark.promised);
        assert!(lost.is_empty(), "{lost:?}");
        let store = Store::open(folder.path(), &self.laptop.key).unwrap();
        let checked = store.verify(&mut |_| ControlFlow::Continue(())).unwrap();
        assert!(
            checked.integrity_ok && checked.bad_entries.is_empty() && checked.broken_audit.is_empty(),
            "{checked:?}"
        );
        assert_eq!(checked.differences, 0, "rebuild and live views");
        let laptop = again(folder, store, &self.laptop, 77);
        let mut station = self.stations[mark.exchanges].clone();
        let more = laptop.create(Kind::Visit, &[set("notes", "又去了一次")]);
        station.sync(&laptop);
        assert_eq!(laptop.read(|reader| store::status::of(reader, 0)).unsent, 0, "the outbox is empty again");
        self.assert_at_station(&station, &laptop, more.document, mark);
    }

    /// What the station has of the laptop's work: everything promised, each entry once.
    fn assert_at_station(&self, station: &Station, laptop: &Laptop, more: DocumentId, mark: Mark) {
        let mut indices = Vec::new();
        let mut documents = vec![];
        for (replica, entry) in &station.logs[&cell()] {
            let header = entry.read_header().unwrap();
            documents.push(header.document);
            if *replica == laptop.replica {
                indices.push(header.index);
            }
        }
        assert_eq!(indices, (1..=indices.len() as u64).collect::<Vec<_>>(), "each entry of the lane once, in order");
        assert!(documents.contains(&more));
        for promise in &self.promises[..mark.promised] {
            if let Promise::Value(document, _, _) = promise {
                assert!(documents.contains(document), "{promise:?} never reached the station");
            }
        }
    }

    /// The promises that were broken.
    pub(crate) fn lost(&self, folder: &Path, promised: usize) -> Vec<Promise> {
        let opened = Store::open(folder, &self.laptop.key);
        let broken = |promise: &&Promise| match (&opened, promise) {
            (Err(_), _) => true,
            (Ok(store), Promise::Value(document, key, value)) => {
                let found = store.read(|reader| store::record::open(reader, *document));
                found.map_or(true, |opened| *opened.reading.get(key) != Scalar::from(value.as_str()))
            }
            (Ok(store), Promise::Receipt(through)) => {
                store.read(store::exchange::receipts_through).map_or(true, |found| found < *through)
            }
            (Ok(_), Promise::Backup(name, entries)) => {
                let backup = folder.join("backups").join(format!("{name}.{}", store::backup::SUFFIX));
                store::keys::label(&backup).is_err()
                    || Store::open(&backup, &self.laptop.key)
                        .and_then(|copy| copy.files())
                        .map_or(true, |facts| facts.entries != *entries)
            }
        };
        self.promises[..promised].iter().filter(broken).cloned().collect()
    }
}

/// The laptop of these files. A new unlock writes under another actor: `number`.
fn again(folder: TempDir, store: Store, like: &Laptop, number: u8) -> Laptop {
    Laptop {
        folder,
        store,
        replica: like.replica,
        officer: like.officer,
        key: like.key.clone(),
        now: std::cell::Cell::new(like.now.get()),
        counter: std::cell::Cell::new(0),
        number,
    }
}
