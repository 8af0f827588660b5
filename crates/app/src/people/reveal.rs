//! Shows one masked value in full, with a reason. Audited durably before it is shown.

use domain::permit::Action;
use domain::shape::{Exposure, shape};
use store::AuditAction;

use crate::contract::{RevealRequest, Revealed, ScalarJson};
use crate::error::AppError;
use crate::session::Session;

/// Characters of a reason at least.
const REASON_CHARS_MIN: usize = 2;
/// Characters of a reason at most.
const REASON_CHARS_MAX: usize = 200;

/// Reveals.
///
/// # Errors
/// [`AppError::ReasonTooShort`], [`AppError::NotMasked`], [`AppError::NotFound`], refusals of permits.
pub(crate) fn run(session: &Session, request: RevealRequest) -> Result<Revealed, AppError> {
    let reason = domain::text::trim(&request.reason);
    let chars = reason.chars().count();
    if chars < REASON_CHARS_MIN {
        return Err(AppError::ReasonTooShort { min: REASON_CHARS_MIN as u64 });
    }
    if chars > REASON_CHARS_MAX {
        return Err(AppError::TooLarge { what: "reason", max: REASON_CHARS_MAX as u64 });
    }
    let opened = session.open_any(Action::Reveal, &request.document)?;
    let masked = shape(opened.reading.kind).field(&request.key).is_some_and(|field| field.exposure == Exposure::Masked);
    if !masked {
        return Err(AppError::NotMasked { key: request.key.chars().take(80).collect() });
    }
    session.audit(AuditAction::Reveal, Some(opened.id), Some(&request.key), Some(reason))?;
    Ok(Revealed { value: ScalarJson(opened.reading.get(&request.key).clone()) })
}
