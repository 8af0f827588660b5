//! Changes the passphrase of the unlocked replica. The data key stays; only its wrap is made anew.

use store::AuditAction;
use zeroize::Zeroizing;

use super::Session;
use super::enrol::check_passphrase;
use crate::contract::Empty;
use crate::contract::session::ChangePassphraseRequest;
use crate::error::AppError;

/// Wraps the data key by the new passphrase.
///
/// # Errors
/// [`AppError::WrongPassphrase`], [`AppError::PassphraseTooShort`], faults of the disk: the old one then stands.
pub(crate) fn run(session: &Session, request: ChangePassphraseRequest) -> Result<Empty, AppError> {
    let (old, new) = (Zeroizing::new(request.old), Zeroizing::new(request.new));
    check_passphrase(&new)?;
    let random = |bytes: &mut [u8]| session.host.random(bytes);
    store::keys::change_passphrase(&session.folder, &old, &new, session.kdf, &random)?;
    session.audit(AuditAction::Passphrase, None, None, None)?;
    Ok(Empty {})
}
