//! Unlocks a replica with its passphrase.

use std::sync::atomic::Ordering;

use ::sync::ids::ReplicaId;
use store::{AuditAction, StoreError};

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
    let key = match store::keys::unlock(&folder, &passphrase) {
        Ok(key) => key,
        Err(StoreError::WrongPassphrase) => {
            app.failed.fetch_add(1, Ordering::Relaxed);
            return Err(AppError::WrongPassphrase {});
        }
        Err(other) => return Err(other.into()),
    };
    let session = open(app, &folder, &key)?;
    let failed = app.failed.swap(0, Ordering::Relaxed);
    if failed > 0 {
        session.audit(AuditAction::UnlockFailed, None, Some(&format!("times:{failed}")), None)?;
    }
    session.audit(AuditAction::Unlock, None, None, None)?;
    app.open(session);
    status(app)
}
