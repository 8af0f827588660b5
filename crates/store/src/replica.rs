//! The folders of replicas under the data folder: `replicas/<replica>/`. Must not open databases.

use std::fs;
use std::path::{Path, PathBuf};

use sync::ids::ReplicaId;

use crate::error::Result;
use crate::keys::{self, ProfileLabel};

/// Name of the database in a replica's folder.
pub const DATABASE: &str = "main.db";

/// The folder of a replica.
#[must_use]
pub fn folder(data: &Path, replica: ReplicaId) -> PathBuf {
    data.join("replicas").join(replica.to_string())
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
        if let Ok(known) = keys::label(&path) {
            found.push(known);
        }
    }
    found.sort_by_key(|(replica, _)| *replica);
    Ok(found)
}
