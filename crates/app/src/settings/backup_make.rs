//! Makes a backup of the replica: the encrypted file with its key wraps, read back before it counts.

use std::path::{Path, PathBuf};

use domain::permit::Action;
use domain::scope::Scope;
use store::AuditAction;

use crate::contract::settings::{BackupMade, BackupMakeRequest};
use crate::error::AppError;
use crate::session::Session;

/// Folder of backups below the data folder, where none was chosen.
const BACKUPS: &str = "backups";

/// Makes one.
///
/// # Errors
/// [`AppError::FolderUnusable`], [`AppError::BackupNotVerified`], faults of the disk, refusals of permits.
pub(crate) fn run(session: &Session, request: BackupMakeRequest) -> Result<BackupMade, AppError> {
    session.permit(Action::Backup, &Scope::Station)?;
    let folder = match request.folder {
        None => session.host.data_dir().join(BACKUPS),
        Some(text) => chosen(&text)?,
    };
    session.audit(AuditAction::Backup, None, None, None)?;
    let at = session.now_ms();
    let stamp = domain::week::local_time(at).map(|at| at.format("%Y%m%d-%H%M%S").to_string()).unwrap_or_default();
    let tail: String = session.fresh_id().simple().to_string().chars().rev().take(4).collect();
    let made = session.store.backup(&folder, &format!("{}-{stamp}-{tail}", plain(&session.laptop)))?;
    Ok(BackupMade { path: made.path.display().to_string(), bytes: made.bytes, entries: made.entries, at })
}

/// A folder the user chose: absolute, and there.
fn chosen(text: &str) -> Result<PathBuf, AppError> {
    let path = Path::new(text);
    if path.is_absolute() && path.is_dir() { Ok(path.to_owned()) } else { Err(AppError::FolderUnusable {}) }
}

/// A label as part of a file name.
fn plain(label: &str) -> String {
    label.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).take(40).collect()
}
