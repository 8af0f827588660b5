//! Opens reading again, or for longer, by a code told by the chief. Fits this laptop and the day its lease ends; once.

use ::sync::lease::{ExtensionCode, LeaseKey};
use chrono::{Days, NaiveDate};
use store::AuditAction;

use super::Session;
use crate::contract::session::{LeaseExtendRequest, LeaseExtended};
use crate::error::AppError;

/// Extends.
///
/// # Errors
/// [`AppError::LeaseNone`] where no lease ends, [`AppError::LeaseCodeWrong`], faults of the disk.
pub(crate) fn run(session: &Session, request: LeaseExtendRequest) -> Result<LeaseExtended, AppError> {
    session.lease_look()?;
    let lease = session.lease().ok_or(AppError::LeaseNone {})?;
    let code: ExtensionCode = request.code.parse().map_err(|_| AppError::LeaseCodeWrong {})?;
    let key = LeaseKey::from_bytes(session.enrolment().lease_key);
    let days = key.days_of(&lease.ends_on, &code).ok_or(AppError::LeaseCodeWrong {})?;
    let from = lease.ends_on.as_str().max(lease.today.as_str());
    let from = NaiveDate::parse_from_str(from, "%Y-%m-%d").map_err(|_| AppError::defect("day of a lease"))?;
    let until = from.checked_add_days(Days::new(u64::from(days))).ok_or_else(|| AppError::defect("day of a lease"))?;
    let ends_on = until.format("%Y-%m-%d").to_string();
    session.audit(AuditAction::Lease, None, Some(&format!("days:{days}")), None)?;
    session.store.lease_extend(&ends_on)?;
    session.lease_look()?;
    Ok(LeaseExtended { ends_on, days })
}
