//! Files on a stick: read only, or written under another name until they are whole. Must not know what is in them.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use ::sync::bundle::{BundleFault, Source};

use crate::error::AppError;

/// A file open for reading only.
pub(super) struct Reading(BufReader<File>);

impl Reading {
    /// Opens it.
    pub(super) fn open(path: &Path) -> Result<Self, AppError> {
        File::open(path).map(|file| Self(BufReader::new(file))).map_err(|fault| io_fault(&fault))
    }
}

impl Source for Reading {
    type Fault = AppError;

    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, AppError> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.0.read(rest) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(io_fault(&fault)),
            }
        }
        Ok(filled)
    }
}

/// A file being written. Dropped before it is finished, it is gone.
pub(super) struct Writing {
    part: PathBuf,
    path: PathBuf,
    file: Option<BufWriter<File>>,
    bytes: u64,
}

impl Writing {
    /// Begins a file that will be called `path`.
    pub(super) fn begin(path: PathBuf) -> Result<Self, AppError> {
        let mut part = path.clone().into_os_string();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(|fault| io_fault(&fault))?;
        Ok(Self { part, path, file: Some(BufWriter::new(file)), bytes: 0 })
    }

    /// Writes more.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        match &mut self.file {
            Some(file) => file.write_all(bytes).map_err(|fault| io_fault(&fault)),
            None => Err(AppError::MediumFailed {}),
        }
    }

    /// Puts it on the disk; it has no name yet.
    pub(super) fn flush(&mut self) -> Result<u64, AppError> {
        if let Some(mut file) = self.file.take() {
            file.flush().and_then(|()| file.get_ref().sync_all()).map_err(|fault| io_fault(&fault))?;
        }
        Ok(self.bytes)
    }

    /// Gives it its name.
    pub(super) fn name(self) -> Result<PathBuf, AppError> {
        fs::rename(&self.part, &self.path).map_err(|fault| io_fault(&fault))?;
        // Not every file system of a stick lets a folder be flushed; the contents are there.
        if let Some(folder) = self.path.parent()
            && let Ok(folder) = File::open(folder)
        {
            let _flushed = folder.sync_all();
        }
        Ok(self.path.clone())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // After it was named there is nothing under this name any more.
        let _gone = fs::remove_file(&self.part);
    }
}

/// What the system said, as far as a person can do something about it.
pub(super) fn io_fault(fault: &io::Error) -> AppError {
    use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let kind = fault.kind();
    if matches!(kind, StorageFull | QuotaExceeded) {
        AppError::MediumFull {}
    } else if matches!(kind, ReadOnlyFilesystem | PermissionDenied) {
        AppError::MediumReadOnly {}
    } else {
        AppError::MediumFailed {}
    }
}

impl From<BundleFault> for AppError {
    fn from(fault: BundleFault) -> Self {
        match fault {
            BundleFault::NotABundle => Self::BundleUnreadable {},
            BundleFault::NewerVersion { .. } => Self::BundleNewer {},
            BundleFault::OtherPurpose => Self::BundleNotAnAnswer {},
            BundleFault::AnotherStation => Self::BundleOtherStation {},
            BundleFault::DoesNotOpen => Self::BundleNotOurs {},
            BundleFault::HeadDamaged
            | BundleFault::Signature(_)
            | BundleFault::Damaged { .. }
            | BundleFault::CutShort { .. }
            | BundleFault::TooMany
            | BundleFault::Trailing => Self::BundleDamaged {},
        }
    }
}
