//! Changes a resident at the heads the form was opened on. A correction that arrived meanwhile shows as a conflict.

use domain::kind::Kind;
use domain::permit::Action;

use crate::contract::{SaveRequest, Written};
use crate::error::AppError;
use crate::fields::{Writable, after, check};
use crate::records::{Here, heads};
use crate::session::Session;

/// A resident follows his household's cell by a move, never by an edit.
const WRITABLE: Writable = Writable { not: &["cell"], required: &["name"] };

/// Saves. New residents are made with their residence, by `household_create` or `member_add`.
///
/// # Errors
/// What is wrong with a field; [`AppError::IdNumberTaken`], [`AppError::StaleForm`], [`AppError::NothingToChange`],
/// refusals of permits.
pub(crate) fn run(session: &Session, request: SaveRequest) -> Result<Written, AppError> {
    let id = request.document.ok_or(AppError::MemberUnclear {})?;
    let opened = session.open_for(Action::Edit, &id, Kind::Resident)?;
    let heads = heads(&request.heads)?;
    let here = Here { session };
    let edits = check(Kind::Resident, &request.fields, Some(&opened.reading), WRITABLE, session.today(), &here)?;
    if edits.iter().any(|edit| edit.key == "id_number") {
        let number = after(&edits, Some(&opened.reading), "id_number").as_text();
        id_number_free(session, number, Some(&opened.text()))?;
    }
    session.act(|act| act.edit(&opened, &heads, &edits))
}

/// Refuses a number that another resident here has.
pub(super) fn id_number_free(session: &Session, number: Option<&str>, except: Option<&str>) -> Result<(), AppError> {
    let Some(number) = number else { return Ok(()) };
    let taken = session.store.read(|reader| store::resident::query::with_id_number(reader, number, except))?;
    taken.map_or(Ok(()), |document| Err(AppError::IdNumberTaken { document }))
}
