//! Unlocks a replica with its passphrase.

use ::sync::ids::ReplicaId;
use store::AuditAction;

use super::opening::open;
use super::profile::status;
use crate::app::App;
use crate::contract::session::{SessionStatus, UnlockRequest};
use crate::error::AppError;
use crate::event::locked;

/// Opens keys and database, rebuilds views where the version asks for it, and goes to work.
///
/// # Errors
/// [`AppError::WrongPassphrase`], [`AppError::ReplicaUnknown`], [`AppError::AlreadyUnlocked`], faults of the disk.
pub(crate) fn run(app: &App, request: UnlockRequest) -> Result<SessionStatus, AppError> {
    let passphrase = zeroize::Zeroizing::new(request.passphrase);
    let replica: ReplicaId = request.replica.parse().map_err(|_| AppError::ReplicaUnknown {})?;
    let _opening = locked(&app.opening);
    if app.current().is_some() {
        return Err(AppError::AlreadyUnlocked {});
    }
    let folder = store::replica::folder(app.host.data_dir(), replica);
    if !folder.is_dir() {
        return Err(AppError::ReplicaUnknown {});
    }
    let key = store::keys::unlock(&folder, &passphrase)?;
    let session = open(app, &folder, &key)?;
    session.audit(AuditAction::Unlock, None, None, None)?;
    app.open(session);
    status(app)
}
