//! Restores a backup as a new replica; whatever is there stays beside it, untouched. The old key signed the new one in, so the
//! station lists it in its first exchange.

use std::path::Path;

use ::sync::crypto::SignKey;
use ::sync::ids::ReplicaId;
use store::restore::{NewReplica, into_new};
use zeroize::Zeroizing;

use crate::app::App;
use crate::contract::session::Profile;
use crate::contract::settings::BackupRestoreRequest;
use crate::error::AppError;
use crate::event::locked;
use crate::host::{fresh_id, secret};

/// Restores. The session stays locked.
///
/// # Errors
/// [`AppError::BackupUnreadable`], [`AppError::WrongPassphrase`], [`AppError::AlreadyUnlocked`], faults of the disk.
pub(crate) fn run(app: &App, request: BackupRestoreRequest) -> Result<Profile, AppError> {
    let passphrase = Zeroizing::new(request.passphrase);
    let _opening = locked(&app.opening);
    if app.current().is_some() {
        return Err(AppError::AlreadyUnlocked {});
    }
    let backup = Path::new(&request.path);
    if !backup.is_absolute() || !backup.is_dir() {
        return Err(AppError::BackupUnreadable {});
    }
    let replica = ReplicaId(fresh_id(&*app.host));
    let random = |bytes: &mut [u8]| app.host.random(bytes);
    let new = NewReplica {
        replica,
        signing_key: Zeroizing::new(*SignKey::from_seed(&secret::<32>(&*app.host)).seed()),
        params: app.kdf,
        now_ms: app.host.now_ms(),
        random: &random,
    };
    let restored = into_new(backup, app.host.data_dir(), &passphrase, &new)?;
    let (_, label) = store::keys::label(restored.store.folder())?;
    drop(restored);
    app.bus.changed(["session"]);
    Ok(crate::session::profile::profile(replica, label))
}
