//! The key file that opens the station's database: 32 random bytes as hexadecimal text in the station's folder.
//! Must not know what the database holds.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// Name of the key file in the station's folder.
pub const KEY_FILE: &str = "key";

/// Why the key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// Reading or writing failed.
    #[error("key file {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not 64 hexadecimal digits.
    #[error("key file {path} is not a station key")]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
}

/// The 32 bytes that open the database; wiped when dropped.
pub(crate) struct DatabaseKey(Zeroizing<[u8; 32]>);

impl DatabaseKey {
    /// From 32 random bytes.
    #[must_use]
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Writes the key into `dir` as a new file only its owner can read. Durable when this returns.
    ///
    /// # Errors
    /// [`KeyFault::Io`], also when there is a key already.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), KeyFault> {
        self.write_as(dir, KEY_FILE)
    }

    /// As [`DatabaseKey::write`], under another name.
    pub(crate) fn write_as(&self, dir: &Path, name: &str) -> Result<(), KeyFault> {
        let path = dir.join(name);
        let text = Zeroizing::new(hex::encode(self.0.as_slice()));
        let put = || -> std::io::Result<()> {
            let mut file = create_private(&path)?;
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            sync_folder(dir)
        };
        put().map_err(|source| KeyFault::Io { path: path.clone(), source })
    }

    /// Reads the key of the station in `dir`.
    ///
    /// # Errors
    /// [`KeyFault`].
    pub(crate) fn read(dir: &Path) -> Result<Self, KeyFault> {
        let path = dir.join(KEY_FILE);
        let mut text = Zeroizing::new(String::new());
        File::open(&path)
            .and_then(|file| file.take(256).read_to_string(&mut text))
            .map_err(|source| KeyFault::Io { path: path.clone(), source })?;
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim_end(), bytes.as_mut_slice()).map_err(|_| KeyFault::NotAKey { path })?;
        Ok(Self(bytes))
    }

    /// The bytes, to be sealed.
    pub(crate) fn bytes(&self) -> [u8; 32] {
        *self.0
    }

    /// The statement that hands the key to SQLCipher as it is, without a key derivation.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", hex::encode(self.0.as_slice())))
    }
}

/// Creates a file that did not exist, readable by its owner only.
///
/// # Errors
/// What the system says.
pub fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder and those above it that are missing. Their names are durable: what is synced within stays to be found.
pub(crate) fn make_folder(dir: &Path) -> std::io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let dir = std::path::absolute(dir)?;
    let Some(above) = dir.parent() else { return Ok(()) };
    make_folder(above)?;
    match std::fs::create_dir(&dir) {
        Err(fault) if fault.kind() != std::io::ErrorKind::AlreadyExists => Err(fault),
        Ok(()) | Err(_) => sync_folder(above),
    }
}

/// Makes a new name in a folder durable.
pub(crate) fn sync_folder(dir: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    File::open(dir)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}
