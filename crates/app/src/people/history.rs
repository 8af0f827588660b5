//! The history of a record: who, when, on which laptop, what. Masked fields stay masked.

use domain::permit::Action;
use store::{AuditAction, record};

use crate::contract::{HistoryField, HistoryRow, Open, ScalarJson};
use crate::error::AppError;
use crate::records::masked_value;
use crate::session::Session;

/// Reads the history, newest first. Audited like opening the record.
///
/// # Errors
/// [`AppError::NotFound`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: Open) -> Result<Vec<HistoryRow>, AppError> {
    let opened = session.open_any(Action::Read, &request.document)?;
    session.audit(AuditAction::Read, Some(opened.id), None, None)?;
    let entries = session.store.read(|reader| record::history(reader, opened.id))?;
    let row = |entry: record::HistoryEntry| HistoryRow {
        change: hex::encode(entry.change),
        at: entry.at,
        officer: session.name_of(entry.officer),
        laptop: session.laptop_of(entry.replica),
        state: super::save_state(entry.state),
        decision: entry.decision,
        sets: entry
            .sets
            .into_iter()
            .map(|(key, value)| HistoryField { value: ScalarJson(masked_value(&opened.reading, &key, &value)), key })
            .collect(),
    };
    Ok(entries.into_iter().map(row).collect())
}
