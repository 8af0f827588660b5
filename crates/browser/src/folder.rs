//! The data folder: where it usually is, and that only one program at a time works in it. Two programs on one replica would
//! write two branches of one lane.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// Held while a program works in the folder.
const LOCK_FILE: &str = "in-use.lock";

/// A data folder that belongs to this program until dropped.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

/// Why a data folder could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another program works in it.
    #[error("another Fengqiao is at work in {}", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// It could not be made or written.
    #[error("{}: {source}", path.display())]
    Unusable {
        /// The folder or the lock file in it.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system names no home folder; the folder has to be given.
    #[error("no home folder is known: give a data folder with --data")]
    NoHome,
}

impl DataFolder {
    /// Makes the folder when it is missing (readable by its owner only) and takes its lock.
    ///
    /// # Errors
    /// [`FolderError::InUse`] when another program holds it, [`FolderError::Unusable`] when the system refuses.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let unusable = |path: &Path| {
            let path = path.to_owned();
            move |source| FolderError::Unusable { path, source }
        };
        let path = std::path::absolute(path).map_err(unusable(path))?;
        make(&path).map_err(unusable(&path))?;
        let lock_path = path.join(LOCK_FILE);
        let lock =
            File::options().create(true).truncate(false).write(true).open(&lock_path).map_err(unusable(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse { path }),
            Err(TryLockError::Error(source)) => Err(FolderError::Unusable { path: lock_path, source }),
        }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(unix)]
fn make(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

/// Where the data is when no folder is given: `$XDG_DATA_HOME/fengqiao` or `~/.local/share/fengqiao`, on Windows
/// `%LOCALAPPDATA%\Fengqiao`, on macOS `~/Library/Application Support/Fengqiao`.
///
/// # Errors
/// [`FolderError::NoHome`] when the system names no home folder.
pub fn usual_data_folder() -> Result<PathBuf, FolderError> {
    let home = || std::env::home_dir().ok_or(FolderError::NoHome);
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if cfg!(windows) {
        return match set("LOCALAPPDATA") {
            Some(local) => Ok(local.join("Fengqiao")),
            None => Ok(home()?.join("AppData").join("Local").join("Fengqiao")),
        };
    }
    if cfg!(target_os = "macos") {
        return Ok(home()?.join("Library").join("Application Support").join("Fengqiao"));
    }
    match set("XDG_DATA_HOME") {
        Some(data) => Ok(data.join("fengqiao")),
        None => Ok(home()?.join(".local").join("share").join("fengqiao")),
    }
}
