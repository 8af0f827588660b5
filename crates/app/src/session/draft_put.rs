//! Keeps what is typed into a form, so that a crash loses none of it. Encrypted; never leaves the laptop.

use super::Session;
use crate::contract::Empty;
use crate::contract::session::DraftPut;
use crate::error::AppError;

/// Bytes of a draft at most.
pub(crate) const JSON_BYTES_MAX: usize = 64 << 10;
/// Bytes of a draft's key at most.
const KEY_BYTES_MAX: usize = 200;

/// Keeps a draft under its key, in the place of the one before.
///
/// # Errors
/// [`AppError::TooLarge`], faults of the disk.
pub(crate) fn run(session: &Session, request: DraftPut) -> Result<Empty, AppError> {
    check_key(&request.key)?;
    if request.json.len() > JSON_BYTES_MAX {
        return Err(AppError::TooLarge { what: "draft", max: JSON_BYTES_MAX as u64 });
    }
    session.store.draft_put(&request.key, session.now_ms(), &request.json)?;
    Ok(Empty {})
}

pub(super) fn check_key(key: &str) -> Result<(), AppError> {
    if key.is_empty() || key.len() > KEY_BYTES_MAX {
        return Err(AppError::TooLarge { what: "draft_key", max: KEY_BYTES_MAX as u64 });
    }
    Ok(())
}
