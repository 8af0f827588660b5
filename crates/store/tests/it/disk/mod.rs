//! A disk under test: every call a program makes on the files of one folder, SQLite's included, is seen on its way to the
//! system. Calls can fail, the process can be killed at one of them, and at any of them the power can be cut: what was not
//! synced by then is lost, in part or torn. Owns what is watched; must not know databases.
//!
//! The calls of the C library are caught by defining functions of their names in the test program, so the same binary code
//! of SQLite, SQLCipher and the standard library runs as in the product. Linux only.

#[cfg(target_os = "linux")]
mod calls;
mod model;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use model::Model;
pub(crate) use model::{Change, Kept, Tree};

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// One call fails with EIO, whatever it is.
    Once,
    /// From this call on nothing can be written any more: ENOSPC until the disk is healed.
    Full,
    /// The process is killed before the call.
    Kill,
}

/// What kind of call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Open,
    Read,
    Write,
    Sync,
    Name,
}

/// How far a scenario had come: set by the scenario, kept with every cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Things that were called durable.
    pub(crate) promised: usize,
    /// Exchanges begun.
    pub(crate) exchanges: usize,
}

/// What a power cut left.
#[derive(Debug)]
pub(crate) struct Cut {
    /// Before which call.
    pub(crate) call: u64,
    /// What became of unsynced bytes.
    pub(crate) kept: Kept,
    /// How far the scenario was.
    pub(crate) mark: Mark,
    /// What is found.
    pub(crate) tree: Tree,
}

#[derive(Debug)]
enum Handle {
    File(u64),
    Folder(PathBuf),
}

#[derive(Debug)]
struct Disk {
    root: PathBuf,
    model: Model,
    handles: BTreeMap<i32, Handle>,
    count: u64,
    fault: Option<(u64, Fault)>,
    fired: bool,
    cut_at: BTreeSet<u64>,
    seed: u64,
    mark: Mark,
    cuts: Vec<Cut>,
}

static DISKS: Mutex<Vec<Disk>> = Mutex::new(Vec::new());
static WATCHING: AtomicBool = AtomicBool::new(false);

fn disks() -> MutexGuard<'static, Vec<Disk>> {
    DISKS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder under watch until this is dropped.
#[derive(Debug)]
pub(crate) struct Watch {
    root: PathBuf,
}

impl Watch {
    /// Watches a folder and the files of it that are open; what is in it counts as synced.
    pub(crate) fn on(root: &Path) -> Self {
        let root = fs::canonicalize(root).unwrap();
        let mut disk = Disk {
            model: Model::of(read(&root)),
            root: root.clone(),
            handles: BTreeMap::new(),
            count: 0,
            fault: None,
            fired: false,
            cut_at: BTreeSet::new(),
            seed: 0,
            mark: Mark::default(),
            cuts: Vec::new(),
        };
        disk.take_up();
        disks().push(disk);
        WATCHING.store(true, Ordering::SeqCst);
        Self { root }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Disk) -> T) -> T {
        let mut disks = disks();
        let disk = disks.iter_mut().find(|disk| disk.root == self.root).unwrap();
        work(disk)
    }

    /// Calls seen so far.
    pub(crate) fn calls(&self) -> u64 {
        self.with(|disk| disk.count)
    }

    /// The `n`-th call from now on fails, or all from there on.
    pub(crate) fn fail_at(&self, n: u64, fault: Fault) {
        self.with(|disk| {
            disk.fault = Some((disk.count + n, fault));
            disk.fired = false;
        });
    }

    /// No call fails any more; whether one had.
    pub(crate) fn heal(&self) -> bool {
        self.with(|disk| {
            disk.fault = None;
            disk.fired
        })
    }

    /// The power is cut before each of these calls, in thought: the scenario goes on, and what would be found is kept.
    pub(crate) fn cut_at(&self, calls: BTreeSet<u64>, seed: u64) {
        self.with(|disk| {
            disk.cut_at = calls;
            disk.seed = seed;
        });
    }

    /// What is on the disk now, as a kill of the process would leave it.
    pub(crate) fn found(&self) -> Tree {
        read(&self.root)
    }

    /// How far the scenario is.
    pub(crate) fn mark(&self, mark: Mark) {
        self.with(|disk| disk.mark = mark);
    }

    /// The cuts made.
    pub(crate) fn cuts(&self) -> Vec<Cut> {
        self.with(|disk| std::mem::take(&mut disk.cuts))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        disks().retain(|disk| disk.root != self.root);
    }
}

impl Disk {
    /// Counts a call; the error it fails with, if it does.
    fn before(&mut self, call: Call) -> Option<i32> {
        self.count += 1;
        if self.cut_at.contains(&self.count) {
            for (number, kept) in [Kept::Nothing, Kept::Some, Kept::Torn].into_iter().enumerate() {
                let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ (self.count * 3 + number as u64));
                let tree = self.model.after_a_cut(kept, &mut rng);
                self.cuts.push(Cut { call: self.count, kept, mark: self.mark, tree });
            }
        }
        let (at, fault) = self.fault?;
        match fault {
            Fault::Once if self.count == at => {
                self.fired = true;
                Some(libc::EIO)
            }
            Fault::Full if self.count >= at && call == Call::Write => {
                self.fired = true;
                Some(libc::ENOSPC)
            }
            Fault::Kill if self.count == at => {
                kill_this_process();
                None
            }
            Fault::Once | Fault::Full | Fault::Kill => None,
        }
    }

    /// Files that were open before the watch began.
    fn take_up(&mut self) {
        for entry in fs::read_dir("/proc/self/fd").into_iter().flatten().flatten() {
            let number = entry.file_name().to_str().and_then(|name| name.parse().ok());
            if let (Some(fd), Ok(path)) = (number, fs::read_link(entry.path()))
                && self.holds(&path)
            {
                let handle = if path.is_dir() { Handle::Folder(path) } else { Handle::File(self.model.open(&path)) };
                self.handles.insert(fd, handle);
            }
        }
    }

    fn holds(&self, path: &Path) -> bool {
        // the index of the write-ahead log is made anew from the log
        path.starts_with(&self.root) && !path.as_os_str().as_encoded_bytes().ends_with(b"-shm")
    }
}

#[cfg(target_os = "linux")]
fn kill_this_process() {
    calls::kill_this_process();
}

#[cfg(not(target_os = "linux"))]
fn kill_this_process() {
    std::process::abort();
}

/// Reads a folder with all that is in it, under whole paths.
fn read(root: &Path) -> Tree {
    let mut tree = Tree::new();
    tree.insert(root.to_owned(), None);
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                tree.insert(path.clone(), None);
                folders.push(path);
            } else if !path.as_os_str().as_encoded_bytes().ends_with(b"-shm") {
                let bytes = fs::read(&path).unwrap();
                tree.insert(path, Some(bytes));
            }
        }
    }
    tree
}

/// Lays what a cut left into another folder.
pub(crate) fn lay(tree: &Tree, root: &Path, into: &Path) {
    let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    for (path, bytes) in tree {
        let to = into.join(path.strip_prefix(&root).unwrap());
        match bytes {
            None => fs::create_dir_all(&to).unwrap(),
            Some(bytes) => fs::write(&to, bytes).unwrap(),
        }
    }
}
