//! Moves a household and all that goes with it to another cell, with its history. One act: names that references leaving
//! the cell need, then the move.

use std::collections::BTreeSet;

use documents::Edit;
use store::household::moving;
use store::{AuditAction, AuditNote, record};

use super::plan;
use crate::contract::moves::{HouseholdMoveRequest, HouseholdMoved};
use crate::error::AppError;
use crate::records::{heads, reason};
use crate::session::Session;

/// Moves.
///
/// # Errors
/// [`AppError::StaleForm`] when the household changed since the preview, [`AppError::ReasonTooShort`],
/// [`AppError::CellUnknown`], [`AppError::MoveSameCell`], [`AppError::OlderWorkToCome`], [`AppError::NotFound`], refusals of
/// permits.
pub(crate) fn run(session: &Session, request: HouseholdMoveRequest) -> Result<HouseholdMoved, AppError> {
    let why = reason(&request.reason)?;
    let planned = plan(session, &request.household, &request.to_cell)?;
    let seen: BTreeSet<[u8; 32]> = heads(&request.heads)?.into_iter().collect();
    if seen != planned.opened.reading.heads.iter().copied().collect() {
        return Err(AppError::StaleForm {});
    }
    let documents = planned.documents();
    let note = AuditNote {
        action: AuditAction::Move,
        document: Some(planned.opened.id),
        field: Some(request.to_cell.clone()),
        reason: Some(why.to_owned()),
    };
    session.act_as(AuditAction::Move, |act| {
        act.tx.audit(&note)?;
        for snapshot in &planned.moving.snapshots {
            let at = moving::heads(&act.tx.reader()?, snapshot.document)?;
            let edit = Edit::set(snapshot.key, snapshot.value.as_str());
            match act.tx.edit(snapshot.document, &at, &[edit]) {
                // a name in conflict stands there already, twice
                Ok(_) | Err(store::StoreError::FieldInConflict { .. }) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(act.tx.relocate(&documents, &planned.from, &planned.to)?)
    })?;
    let shown = session.store.read(|reader| Ok::<_, AppError>(record::place(reader, planned.opened.id).is_ok()))?;
    Ok(HouseholdMoved {
        household: planned.opened.id.to_string(),
        records: u64::try_from(documents.len()).unwrap_or(u64::MAX),
        shown,
    })
}
