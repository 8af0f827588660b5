//! The folders of replicas under the data folder: `replicas/<replica>/`. Must not open databases.

use std::fs;
use std::path::{Path, PathBuf};

use sync::ids::ReplicaId;

use crate::error::Result;
use crate::keys::{self, ProfileLabel};

/// Name of the database in a replica's folder.
pub const DATABASE: &str = "main.db";

/// The folder of a replica: of the id it was made with. One that went on as another keeps its folder and key file.
#[must_use]
pub fn folder(data: &Path, replica: ReplicaId) -> PathBuf {
    data.join("replicas").join(replica.to_string())
}

/// Makes a folder and those above it that are missing. Their names are durable: what is synced within stays to be found.
///
/// # Errors
/// [`crate::StoreError::Io`], [`crate::StoreError::DiskFull`].
pub fn make_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let folder = std::path::absolute(folder)?;
    let Some(above) = folder.parent() else { return Ok(()) };
    make_folder(above)?;
    match fs::create_dir(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        Ok(()) | Err(_) => keys::sync_folder(above),
    }
}

/// The replicas on this laptop that have a key file and a database, with what they are called, by id.
///
/// # Errors
/// [`crate::StoreError::Io`] when the folder cannot be read. A folder that cannot be understood is left out.
pub fn list(data: &Path) -> Result<Vec<(ReplicaId, ProfileLabel)>> {
    let folder = data.join("replicas");
    if !folder.try_exists()? {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.join(DATABASE).try_exists()? {
            continue;
        }
        // what a restore or an enrolment left half-made stands under another name
        if let Ok(known) = keys::label(&path)
            && path == self::folder(data, known.0)
        {
            found.push(known);
        }
    }
    found.sort_by_key(|(replica, _)| *replica);
    Ok(found)
}
