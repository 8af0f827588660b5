//! A page of the audit, newest first. Only for roles that may read it; values are never in it.

use domain::permit::Action;
use domain::scope::Scope;

use crate::contract::Page;
use crate::contract::settings::{AuditListRequest, AuditRow};
use crate::error::AppError;
use crate::marks::{mark, read_mark, rows_of};
use crate::session::Session;

/// Reads one page.
///
/// # Errors
/// Refusals of permits, [`AppError::BadPage`], faults of the disk.
pub(crate) fn run(session: &Session, request: AuditListRequest) -> Result<Page<AuditRow>, AppError> {
    session.permit(Action::ReadAudit, &Scope::Station)?;
    let rows = rows_of(request.limit)?;
    let before: Option<u64> = read_mark("audit", request.after.as_deref())?;
    let found = session.store.read(|reader| store::audit::page(reader, before, request.limit))?;
    let next = match found.last() {
        Some(last) if found.len() == rows => Some(mark("audit", &last.number)?),
        Some(_) | None => None,
    };
    let row = |row: store::audit::AuditRow| AuditRow {
        number: row.number,
        at: row.at,
        officer: session.name_of(row.officer),
        action: row.action,
        document: row.document.map(|id| id.to_string()),
        key: row.field,
        reason: row.reason,
    };
    Ok(Page { rows: found.into_iter().map(row).collect(), next })
}
