//! Adds or changes a mediator of the register, which belongs to the whole station.

use ::sync::ids::DocumentId;
use domain::kind::Kind;
use domain::permit::Action;
use domain::scope::Scope;

use crate::contract::{SaveRequest, Written};
use crate::error::AppError;
use crate::fields::{Writable, check};
use crate::records::{Here, heads};
use crate::session::Session;

/// A mediator has a name and a kind.
const WRITABLE: Writable = Writable { not: &[], required: &["name", "kind"] };

/// Saves.
///
/// # Errors
/// What is wrong with a field; [`AppError::StaleForm`], [`AppError::NothingToChange`], refusals of permits.
pub(crate) fn run(session: &Session, request: SaveRequest) -> Result<Written, AppError> {
    let here = Here { session };
    let Some(id) = &request.document else {
        let permit = session.permit(Action::Edit, &Scope::Station)?;
        let edits = check(Kind::Mediator, &request.fields, None, WRITABLE, session.today(), &here)?;
        return session.act(|act| act.create(&permit, Kind::Mediator, DocumentId(session.fresh_id()), &edits));
    };
    let opened = session.open_for(Action::Edit, id, Kind::Mediator)?;
    let heads = heads(&request.heads)?;
    let edits = check(Kind::Mediator, &request.fields, Some(&opened.reading), WRITABLE, session.today(), &here)?;
    session.act(|act| act.edit(&opened, &heads, &edits))
}
