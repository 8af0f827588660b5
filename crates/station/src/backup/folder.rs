//! Backups age out (promise P12): older files of this station are removed from the folder, known by their header and
//! nothing else. Must not remove anything it cannot read as such.

use std::fs;
use std::path::{Path, PathBuf};

use sync::ids::StationId;

use super::{BackupFault, open_file};

const DAY_MS: i64 = 86_400_000;

/// Removes the backups of `station` in the folder of `newest` that are older than `keep_days`, by the time in their
/// header. `newest` itself always stays. Gives the files removed, sorted.
///
/// # Errors
/// [`BackupFault::Read`], [`BackupFault::Write`]; files removed until then are gone.
pub fn remove_aged(
    newest: &Path,
    station: StationId,
    keep_days: u32,
    now_ms: i64,
) -> Result<Vec<PathBuf>, BackupFault> {
    let folder = super::parent(newest);
    let oldest_ms = now_ms.saturating_sub(i64::from(keep_days).saturating_mul(DAY_MS));
    let mut removed = Vec::new();
    for found in fs::read_dir(folder)? {
        let found = found?;
        let path = found.path();
        if !found.file_type()?.is_file() || path.file_name() == newest.file_name() {
            continue;
        }
        let Ok((sealed, _)) = open_file(&path) else { continue };
        if sealed.label.station == station && sealed.label.made_at_ms < oldest_ms {
            fs::remove_file(&path).map_err(BackupFault::Write)?;
            removed.push(path);
        }
    }
    removed.sort();
    Ok(removed)
}
