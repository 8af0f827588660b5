//! Logs or changes a patrol. It is in the keeper's cell: the first of the cells gone through that the officer holds.

use ::sync::ids::DocumentId;
use documents::Edit;
use domain::kind::Kind;
use domain::permit::Action;
use domain::scope::Scope;
use domain::shape::KeyPath;

use crate::contract::{SaveRequest, Written};
use crate::error::AppError;
use crate::fields::{Writable, after, check};
use crate::records::{Here, heads};
use crate::session::Session;

/// Mode and times are needed.
const NEW: Writable = Writable { not: &[], required: &["mode", "start_at", "end_at"] };
/// A patrol stays in the cell it was logged in.
const KNOWN: Writable = Writable { not: &["cell"], required: &["mode", "start_at", "end_at"] };
/// Crew kind of a police officer in `crew_kind`.
const OFFICER: &str = "officer";

/// Saves.
///
/// # Errors
/// What is wrong with a field; [`AppError::StaleForm`], [`AppError::NothingToChange`], refusals of permits.
pub(crate) fn run(session: &Session, request: SaveRequest) -> Result<Written, AppError> {
    let here = Here { session };
    if let Some(id) = &request.document {
        let opened = session.open_for(Action::Edit, id, Kind::Patrol)?;
        let heads = heads(&request.heads)?;
        let edits = check(Kind::Patrol, &request.fields, Some(&opened.reading), KNOWN, session.today(), &here)?;
        return session.act(|act| act.edit(&opened, &heads, &edits));
    }
    let mut edits = check(Kind::Patrol, &request.fields, None, NEW, session.today(), &here)?;
    let cell = keeper(session, &edits)?;
    let permit = session.permit(Action::Edit, &Scope::Cell(cell.clone()))?;
    edits.retain(|edit| edit.key != "cell");
    edits.push(Edit::set("cell", cell));
    if !edits.iter().any(|edit| edit.key.starts_with("crew/")) {
        let me = session.officer.to_string();
        edits.push(Edit::set(format!("crew/{me}/name"), session.officer_name()));
        edits.push(Edit::set(format!("crew/{me}/kind"), OFFICER));
        edits.push(Edit::set(format!("crew/{me}/officer"), me));
    }
    session.act(|act| act.create(&permit, Kind::Patrol, DocumentId(session.fresh_id()), &edits))
}

/// The cell named, or the first of those gone through that the officer holds.
fn keeper(session: &Session, edits: &[Edit]) -> Result<String, AppError> {
    if let Some(cell) = after(edits, None, "cell").as_text() {
        return Ok(cell.to_owned());
    }
    let held = session.cells();
    let gone_through = edits.iter().filter_map(|edit| match KeyPath::parse(&edit.key) {
        KeyPath::Item { collection: "cells", item, field: "present" } if edit.value.as_bool() == Some(true) => {
            Some(item)
        }
        KeyPath::Item { .. } | KeyPath::Plain(_) | KeyPath::Header(_) | KeyPath::Unknown(_) => None,
    });
    let mut all = gone_through.map(str::to_owned).chain(held.iter().cloned());
    all.find(|cell| held.contains(cell)).ok_or_else(|| AppError::FieldRequired { key: "cell".to_owned() })
}
