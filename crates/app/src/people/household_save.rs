//! Changes a household at the heads its form was opened on.

use documents::Edit;
use domain::kind::Kind;
use domain::permit::Action;
use domain::shape::Scalar;

use crate::contract::{SaveRequest, Written};
use crate::error::AppError;
use crate::fields::{Writable, check};
use crate::records::{Here, Opened, heads};
use crate::session::Session;

/// A household stays in its cell; its address and its name of the head follow from other fields.
const WRITABLE: Writable = Writable { not: &["cell"], required: &[] };

/// Saves. New households are made by `household_create`.
///
/// # Errors
/// What is wrong with a field; [`AppError::StaleForm`], [`AppError::NothingToChange`], refusals of permits.
pub(crate) fn run(session: &Session, request: SaveRequest) -> Result<Written, AppError> {
    let id = request.document.ok_or_else(|| AppError::FieldRequired { key: "address".to_owned() })?;
    let opened = session.open_for(Action::Edit, &id, Kind::Household)?;
    let heads = heads(&request.heads)?;
    let here = Here { session };
    let mut edits = check(Kind::Household, &request.fields, Some(&opened.reading), WRITABLE, session.today(), &here)?;
    name_the_head(session, &opened, &mut edits)?;
    session.act(|act| act.edit(&opened, &heads, &edits))
}

/// A new head whose record is in another scope brings his name with him, for laptops that do not hold it. Within the scope
/// his own record names him, and a copy would outlive its erasure.
fn name_the_head(session: &Session, opened: &Opened, edits: &mut Vec<Edit>) -> Result<(), AppError> {
    let head = edits.iter().find(|edit| edit.key == "head").and_then(|edit| edit.value.as_text());
    if let Some(head) = head
        && !edits.iter().any(|edit| edit.key == "head_name")
    {
        let resident = session.open_for(Action::Edit, head, Kind::Resident)?;
        if resident.permit.scope() != opened.permit.scope() {
            let name = resident.reading.get("name").clone();
            edits.push(Edit { key: "head_name".to_owned(), value: name });
        } else if opened.reading.text("head_name").is_some() {
            edits.push(Edit { key: "head_name".to_owned(), value: Scalar::Null });
        }
    }
    Ok(())
}
