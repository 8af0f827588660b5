//! Records or changes a visit. The next date goes to the household too: typed once.

use ::sync::ids::DocumentId;
use documents::Edit;
use domain::kind::Kind;
use domain::permit::Action;
use domain::scope::Scope;

use crate::contract::{SaveRequest, Written};
use crate::error::AppError;
use crate::fields::{Writable, after, check};
use crate::records::{Here, Opened, heads};
use crate::session::Session;

/// A visit to a home is in the cell of the home.
const OF_HOME: Writable = Writable { not: &["cell"], required: &["kind", "at"] };
/// A visit elsewhere names its cell and place.
const ELSEWHERE: Writable = Writable { not: &[], required: &["kind", "at", "cell", "place"] };
/// A visit stays where it was made.
const KNOWN: Writable = Writable { not: &["cell", "household"], required: &["kind", "at"] };

/// Saves.
///
/// # Errors
/// What is wrong with a field; [`AppError::StaleForm`], [`AppError::NothingToChange`], refusals of permits.
pub(crate) fn run(session: &Session, request: SaveRequest) -> Result<Written, AppError> {
    match &request.document {
        None => new(session, &request),
        Some(id) => change(session, id, &request),
    }
}

fn new(session: &Session, request: &SaveRequest) -> Result<Written, AppError> {
    let here = Here { session };
    let home = request.fields.get("household").and_then(|value| value.0.as_text()).filter(|id| !id.is_empty());
    let home = home.map(|id| session.open_for(Action::Edit, id, Kind::Household)).transpose()?;
    let writable = if home.is_some() { OF_HOME } else { ELSEWHERE };
    let mut edits = check(Kind::Visit, &request.fields, None, writable, session.today(), &here)?;
    if let Some(home) = &home {
        edits.push(Edit::set("cell", home.cell()));
    }
    let cell = after(&edits, None, "cell").as_text().unwrap_or_default().to_owned();
    let permit = session.permit(Action::Edit, &Scope::Cell(cell))?;
    if !edits.iter().any(|edit| edit.key.starts_with("officers/")) {
        edits.push(Edit::set(format!("officers/{}/name", session.officer), session.officer_name()));
    }
    let id = DocumentId(session.fresh_id());
    session.act(|act| {
        let written = act.create(&permit, Kind::Visit, id, &edits)?;
        remind(act, home.as_ref(), &edits)?;
        Ok(written)
    })
}

fn change(session: &Session, id: &str, request: &SaveRequest) -> Result<Written, AppError> {
    let opened = session.open_for(Action::Edit, id, Kind::Visit)?;
    let heads = heads(&request.heads)?;
    let here = Here { session };
    let edits = check(Kind::Visit, &request.fields, Some(&opened.reading), KNOWN, session.today(), &here)?;
    let home = opened.reading.text("household").map(|id| session.open_for(Action::Edit, id, Kind::Household));
    // the home may have left the officer's cells since: the visit is still his to correct
    let home = home.and_then(Result::ok);
    session.act(|act| {
        let written = act.edit(&opened, &heads, &edits)?;
        remind(act, home.as_ref(), &edits)?;
        Ok(written)
    })
}

/// Puts the next visit into the household, where it becomes a task.
fn remind(act: &mut crate::acts::Act<'_, '_>, home: Option<&Opened>, edits: &[Edit]) -> Result<(), AppError> {
    let next = edits.iter().find(|edit| edit.key == "next_on").map(|edit| edit.value.clone());
    let (Some(home), Some(next)) = (home, next) else { return Ok(()) };
    if next.is_empty() || home.reading.get("next_visit_on") == &next {
        return Ok(());
    }
    act.edit(home, &home.reading.heads, &[Edit { key: "next_visit_on".to_owned(), value: next }])?;
    Ok(())
}
