//! Opens a case or changes its fields, parties, mediators and sessions. The state changes only by `dispute_step`.

use ::sync::ids::DocumentId;
use documents::Edit;
use domain::dispute::DisputeState;
use domain::kind::Kind;
use domain::permit::Action;
use domain::scope::Scope;

use super::number;
use crate::contract::{SaveRequest, Written};
use crate::error::AppError;
use crate::fields::{Writable, after, check};
use crate::records::{Here, heads};
use crate::session::Session;

/// What the steps set.
const NEW: Writable = Writable {
    not: &["state", "steps", "number", "accepted_at", "concluded_at"],
    required: &["cell", "title", "category"],
};
/// A case stays in the cell of its place.
const KNOWN: Writable = Writable {
    not: &["cell", "state", "steps", "number", "accepted_at", "concluded_at"],
    required: &["title", "category"],
};

/// Saves.
///
/// # Errors
/// What is wrong with a field; [`AppError::StaleForm`], [`AppError::NothingToChange`], refusals of permits.
pub(crate) fn run(session: &Session, request: SaveRequest) -> Result<Written, AppError> {
    let here = Here { session };
    if let Some(id) = &request.document {
        let opened = session.open_for(Action::Edit, id, Kind::Dispute)?;
        let heads = heads(&request.heads)?;
        let edits = check(Kind::Dispute, &request.fields, Some(&opened.reading), KNOWN, session.today(), &here)?;
        return session.act(|act| act.edit(&opened, &heads, &edits));
    }
    let mut edits = check(Kind::Dispute, &request.fields, None, NEW, session.today(), &here)?;
    let cell = after(&edits, None, "cell").as_text().unwrap_or_default().to_owned();
    let permit = session.permit(Action::Edit, &Scope::Cell(cell))?;
    if after(&edits, None, "found_at").is_empty() {
        edits.push(Edit::set("found_at", session.now_ms()));
    }
    edits.push(Edit::set("number", number::next(session)?));
    edits.push(Edit::set("state", DisputeState::Found.code()));
    edits.push(Edit::set(format!("officers/{}/name", session.officer), session.officer_name()));
    session.act(|act| act.create(&permit, Kind::Dispute, DocumentId(session.fresh_id()), &edits))
}
