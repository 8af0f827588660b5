//! Shows one masked value in full, with a reason. Audited durably before it is shown.

use domain::permit::Action;
use domain::shape::{Exposure, shape};
use store::AuditAction;

use crate::contract::{RevealRequest, Revealed, ScalarJson};
use crate::error::AppError;
use crate::records::reason;
use crate::session::Session;

/// Reveals.
///
/// # Errors
/// [`AppError::ReasonTooShort`], [`AppError::NotMasked`], [`AppError::NotFound`], refusals of permits.
pub(crate) fn run(session: &Session, request: RevealRequest) -> Result<Revealed, AppError> {
    let reason = reason(&request.reason)?;
    let opened = session.open_any(Action::Reveal, &request.document)?;
    let masked = shape(opened.reading.kind).field(&request.key).is_some_and(|field| field.exposure == Exposure::Masked);
    if !masked {
        return Err(AppError::NotMasked { key: request.key.chars().take(80).collect() });
    }
    session.audit(AuditAction::Reveal, Some(opened.id), Some(&request.key), Some(reason))?;
    Ok(Revealed { value: ScalarJson(opened.reading.get(&request.key).clone()) })
}
