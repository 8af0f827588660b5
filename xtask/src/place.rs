//! Where things are: the repository, the target folder, the programs that were built.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// Folders of this run.
pub(crate) struct Place {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Where cargo builds. Outside the checkout, so that a fresh checkout on the same machine is warm.
    pub(crate) target: PathBuf,
}

impl Place {
    /// Finds the repository this tool was built from and the target folder.
    pub(crate) fn find() -> Outcome<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().unwrap_or(manifest).to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
            Some(set) => root.join(set),
            None => cache_folder()?.join("target"),
        };
        Ok(Self { root, target })
    }

    /// A path inside the repository.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// A program of the everyday build.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(file_name(name))
    }

    /// A program of the release build.
    pub(crate) fn release_program(&self, name: &str) -> PathBuf {
        self.target.join("release").join(file_name(name))
    }

    /// Makes a folder for what a run leaves behind, below the target folder.
    pub(crate) fn scratch(&self, name: &str) -> Outcome<PathBuf> {
        let path = self.target.join("fengqiao").join(name);
        std::fs::create_dir_all(&path).map_err(Failure::file(&path))?;
        Ok(path)
    }
}

fn file_name(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

/// `$XDG_CACHE_HOME/fengqiao` or `~/.cache/fengqiao`.
fn cache_folder() -> Outcome<PathBuf> {
    if let Some(cache) = std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
        return Ok(PathBuf::from(cache).join("fengqiao"));
    }
    match std::env::home_dir() {
        Some(home) => Ok(home.join(".cache").join("fengqiao")),
        None => {
            Err(Failure::Missing("no home folder is known; set CARGO_TARGET_DIR to a folder to build in".to_owned()))
        }
    }
}

/// Finds a program on the search path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder| folder.join(file_name(name))).find(|path| path.is_file())
}
