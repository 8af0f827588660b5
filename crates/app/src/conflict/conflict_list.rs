//! Records with open conflicts, and what was settled lately.

use domain::permit::Action;
use store::conflict;

use crate::contract::Empty;
use crate::contract::conflict::{ConflictList, ConflictRow, SettledRow};
use crate::error::AppError;
use crate::session::Session;

/// How long settled fields stay in the list.
const SETTLED_DAYS: i64 = 30;
const DAY_MS: i64 = 86_400_000;

/// Lists.
///
/// # Errors
/// Refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<ConflictList, AppError> {
    session.permit_list(Action::Read, None)?;
    let since = session.now_ms().saturating_sub(SETTLED_DAYS * DAY_MS);
    let (open, settled) =
        session.store.read(|reader| Ok::<_, AppError>((conflict::list(reader)?, conflict::settled(reader, since)?)))?;
    Ok(ConflictList {
        open: open
            .into_iter()
            .map(|row| ConflictRow {
                document: row.document.to_string(),
                kind: row.kind.as_str().to_owned(),
                title: row.title,
                open: row.open,
                officers: row.officers.into_iter().map(|officer| session.name_of(officer)).collect(),
                noticed_at: row.at,
            })
            .collect(),
        settled: settled
            .into_iter()
            .map(|row| SettledRow {
                document: row.document.to_string(),
                title: row.title,
                key: row.key,
                officer: session.name_of(row.officer),
                at: row.at,
            })
            .collect(),
    })
}
