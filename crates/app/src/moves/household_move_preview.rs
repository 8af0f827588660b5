//! What a household's move to another cell would take along, and what stays. Audited as a read.

use store::household::moving::Stays;
use store::{AuditAction, record};

use super::{cell_of, plan};
use crate::contract::moves::{HouseholdMovePreview, HouseholdMovePreviewRequest, MoveRecord, MoveStay, MoveStays};
use crate::error::AppError;
use crate::session::Session;

/// Works it out and changes nothing.
///
/// # Errors
/// [`AppError::CellUnknown`], [`AppError::MoveSameCell`], [`AppError::OlderWorkToCome`], [`AppError::NotFound`], refusals of
/// permits.
pub(crate) fn run(session: &Session, request: HouseholdMovePreviewRequest) -> Result<HouseholdMovePreview, AppError> {
    let planned = plan(session, &request.household, &request.to_cell)?;
    session.audit(AuditAction::Read, Some(planned.opened.id), None, None)?;
    let unsent = session.store.read(|reader| {
        planned.moving.goes.iter().try_fold(0_u64, |sum, line| {
            record::foot(reader, line.document).map(|foot| sum.saturating_add(u64::from(foot.unsent)))
        })
    })?;
    let ((from_cell, from_cell_name), (to_cell, to_cell_name)) =
        (cell_of(session, &planned.from), cell_of(session, &planned.to));
    let holds_target = session.cells().contains(&to_cell);
    let title = planned.moving.goes.first().map(|line| line.title.clone()).unwrap_or_default();
    let heads = planned.opened.heads();
    let goes = planned.moving.goes.into_iter().map(|line| MoveRecord {
        document: line.document.to_string(),
        kind: line.kind.as_str().to_owned(),
        title: line.title,
    });
    let stays = planned.moving.stays.into_iter().map(|(line, why)| MoveStay {
        document: line.document.to_string(),
        kind: line.kind.as_str().to_owned(),
        title: line.title,
        why: word(why),
    });
    Ok(HouseholdMovePreview {
        household: planned.opened.id.to_string(),
        title,
        heads,
        from_cell,
        from_cell_name,
        to_cell,
        to_cell_name,
        goes: goes.collect(),
        stays: stays.collect(),
        unsent,
        holds_target,
    })
}

const fn word(why: Stays) -> MoveStays {
    match why {
        Stays::LivesElsewhere => MoveStays::LivesElsewhere,
        Stays::AddressShared => MoveStays::AddressShared,
        Stays::DisputeOfPlace => MoveStays::DisputeOfPlace,
    }
}
