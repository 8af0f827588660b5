//! What a disk has promised to keep and what it has not yet: contents and names, file by file, as POSIX lets a power cut
//! leave them. Must not know how calls are caught.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rand::{Rng as _, RngExt as _};
use rand_chacha::ChaCha8Rng;

/// A disk writes sectors whole or not at all.
const SECTOR: usize = 512;

/// What becomes of bytes and names that were never synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// All of it is gone.
    Nothing,
    /// Any of the writes may have reached the disk, in any order.
    Some,
    /// Any sector of any of the writes may have.
    Torn,
}

/// Contents of a folder, by path within it. Folders stand with no bytes.
pub(crate) type Tree = BTreeMap<PathBuf, Option<Vec<u8>>>;

#[derive(Debug, Clone)]
pub(crate) enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Length(usize),
}

#[derive(Debug, Default)]
struct File {
    durable: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    File(u64),
    Folder,
}

#[derive(Debug, Clone)]
enum Naming {
    File(PathBuf, u64),
    Folder(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

type Names = BTreeMap<PathBuf, Node>;

/// A folder on a disk.
#[derive(Debug, Default)]
pub(crate) struct Model {
    files: BTreeMap<u64, File>,
    live: Names,
    durable: Names,
    pending: Vec<Naming>,
}

impl Model {
    /// A folder whose contents are durable as they stand. Paths are whole ones, here and below.
    pub(crate) fn of(tree: Tree) -> Self {
        let mut model = Self::default();
        for (path, bytes) in tree {
            let node = match bytes {
                None => Node::Folder,
                Some(durable) => {
                    let id = model.files.len() as u64;
                    model.files.insert(id, File { durable, pending: Vec::new() });
                    Node::File(id)
                }
            };
            model.live.insert(path.clone(), node);
            model.durable.insert(path, node);
        }
        model
    }

    /// The file of that name now; a new one when there is none.
    pub(crate) fn open(&mut self, path: &Path) -> u64 {
        if let Some(Node::File(id)) = self.live.get(path) {
            return *id;
        }
        let id = self.files.len() as u64;
        self.files.insert(id, File::default());
        self.name(Naming::File(path.to_owned(), id));
        id
    }

    pub(crate) fn change(&mut self, file: u64, change: Change) {
        self.files.entry(file).or_default().pending.push(change);
    }

    pub(crate) fn make_folder(&mut self, path: PathBuf) {
        self.name(Naming::Folder(path));
    }

    pub(crate) fn rename(&mut self, from: PathBuf, to: PathBuf) {
        self.name(Naming::Rename(from, to));
    }

    pub(crate) fn remove(&mut self, path: PathBuf) {
        self.name(Naming::Remove(path));
    }

    fn name(&mut self, naming: Naming) {
        apply(&mut self.live, &naming);
        self.pending.push(naming);
    }

    /// The contents of a file are on the disk; its name need not be.
    pub(crate) fn sync_file(&mut self, file: u64) {
        let file = self.files.entry(file).or_default();
        for change in std::mem::take(&mut file.pending) {
            write(&mut file.durable, &change);
        }
    }

    /// The names in a folder are on the disk.
    pub(crate) fn sync_folder(&mut self, folder: &Path) {
        let within = |path: &Path| path.parent() == Some(folder);
        let (now, later) = std::mem::take(&mut self.pending).into_iter().partition(|naming| match naming {
            Naming::File(path, _) | Naming::Folder(path) | Naming::Remove(path) => within(path),
            Naming::Rename(from, to) => within(from) && within(to),
        });
        self.pending = later;
        let now: Vec<Naming> = now;
        for naming in &now {
            apply(&mut self.durable, naming);
        }
    }

    /// What is found after a power cut at this moment.
    pub(crate) fn after_a_cut(&self, kept: Kept, rng: &mut ChaCha8Rng) -> Tree {
        let mut names = self.durable.clone();
        // file systems keep the order of names
        let lucky = if kept == Kept::Nothing { 0 } else { rng.random_range(0..=self.pending.len()) };
        for naming in self.pending.iter().take(lucky) {
            apply(&mut names, naming);
        }
        let mut tree = Tree::new();
        let root = names.keys().next().cloned();
        for (path, node) in names {
            let parent_found = path.parent().is_some_and(|parent| tree.get(parent) == Some(&None));
            if !parent_found && root.as_ref() != Some(&path) {
                continue;
            }
            let found = match node {
                Node::File(id) => Some(self.found(id, kept, rng)),
                Node::Folder => None,
            };
            tree.insert(path, found);
        }
        tree
    }

    fn found(&self, id: u64, kept: Kept, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let Some(file) = self.files.get(&id) else { return Vec::new() };
        let mut bytes = file.durable.clone();
        if kept == Kept::Nothing {
            return bytes;
        }
        // a cut right after a burst loses little, one long after a sync loses much: both are tried
        let luck = rng.random_range(0.0..1.0);
        for change in &file.pending {
            match change {
                Change::Write { at, bytes: written } if kept == Kept::Torn => {
                    let mut at = *at;
                    let mut rest = written.as_slice();
                    while !rest.is_empty() {
                        let (sector, after) = rest.split_at(rest.len().min(SECTOR - at % SECTOR));
                        if rng.random_bool(luck) {
                            write(&mut bytes, &Change::Write { at, bytes: sector.to_vec() });
                        }
                        at += sector.len();
                        rest = after;
                    }
                }
                Change::Write { .. } | Change::Length(_) => {
                    if rng.random_bool(luck) {
                        write(&mut bytes, change);
                    }
                }
            }
        }
        // draws do not depend on how many files there are
        rng.next_u64();
        bytes
    }
}

fn apply(names: &mut Names, naming: &Naming) {
    match naming {
        Naming::File(path, id) => {
            names.insert(path.clone(), Node::File(*id));
        }
        Naming::Folder(path) => {
            names.insert(path.clone(), Node::Folder);
        }
        Naming::Remove(path) => names.retain(|name, _| !name.starts_with(path)),
        Naming::Rename(from, to) => {
            let moved: Vec<PathBuf> = names.keys().filter(|name| name.starts_with(from)).cloned().collect();
            if moved.is_empty() {
                return;
            }
            names.retain(|name, _| !name.starts_with(to));
            for name in moved {
                if let (Ok(rest), Some(node)) = (name.strip_prefix(from), names.remove(&name)) {
                    let new = if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) };
                    names.insert(new, node);
                }
            }
        }
    }
}

fn write(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { at, bytes: written } => {
            let end = at + written.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*at..end].copy_from_slice(written);
        }
        Change::Length(length) => bytes.resize(*length, 0),
    }
}
