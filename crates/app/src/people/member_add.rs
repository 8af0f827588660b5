//! Adds a person to a household: a new one, or one already known, who moves. One act.

use ::sync::ids::DocumentId;
use documents::Edit;
use domain::kind::Kind;
use domain::permit::Action;
use domain::shape::Scalar;

use super::household_create::{HEAD, PERSON, residence};
use super::resident_save::id_number_free;
use crate::acts::Act;
use crate::contract::people::MemberAddRequest;
use crate::contract::{Fields, ScalarJson, Written};
use crate::error::AppError;
use crate::fields::{Writable, after, check};
use crate::records::{Here, Opened};
use crate::session::Session;

/// The relation and the day are checked as fields of the residence.
const RESIDENCE: Writable = Writable { not: &[], required: &["relation", "from_on"] };

/// Adds the person. Open residences elsewhere end on the day the new one begins.
///
/// # Errors
/// [`AppError::MemberUnclear`], [`AppError::AlreadyMember`], [`AppError::IdNumberTaken`], what is wrong with a field,
/// refusals of permits.
pub(crate) fn run(session: &Session, request: MemberAddRequest) -> Result<Written, AppError> {
    let household = session.open_for(Action::Edit, &request.household, Kind::Household)?;
    let here = Here { session };
    let asked = Fields::from([
        ("relation".to_owned(), ScalarJson(Scalar::from(request.relation.as_str()))),
        ("from_on".to_owned(), ScalarJson(Scalar::from(request.from_on.as_str()))),
    ]);
    let checked = check(Kind::Residence, &asked, None, RESIDENCE, session.today(), &here)?;
    let text = |key: &str| after(&checked, None, key).as_text().unwrap_or_default().to_owned();
    let (relation, from_on) = (text("relation"), text("from_on"));
    match (request.resident, request.fields) {
        (Some(known), None) => known_person(session, &household, &known, &relation, &from_on),
        (None, Some(fields)) => new_person(session, &household, &fields, &relation, &from_on),
        (Some(_), Some(_)) | (None, None) => Err(AppError::MemberUnclear {}),
    }
}

fn new_person(
    session: &Session,
    household: &Opened,
    fields: &Fields,
    relation: &str,
    from_on: &str,
) -> Result<Written, AppError> {
    let person = check(Kind::Resident, fields, None, PERSON, session.today(), &Here { session })?;
    id_number_free(session, after(&person, None, "id_number").as_text(), None)?;
    let cell = household.cell();
    let resident = DocumentId(session.fresh_id());
    let person = [person.as_slice(), &[Edit::set("cell", cell.as_str())]].concat();
    session.act(|act| {
        let written = act.create(&household.permit, Kind::Resident, resident, &person)?;
        let lives = residence(&cell, resident, household.id, relation, from_on);
        act.create(&household.permit, Kind::Residence, DocumentId(session.fresh_id()), &lives)?;
        become_head(act, household, resident, None, relation)?;
        Ok(written)
    })
}

fn known_person(
    session: &Session,
    household: &Opened,
    known: &str,
    relation: &str,
    from_on: &str,
) -> Result<Written, AppError> {
    let resident = session.open_for(Action::Edit, known, Kind::Resident)?;
    let all = session.store.read(|reader| store::resident::query::residences(reader, &resident.text()))?;
    let open: Vec<_> = all.into_iter().filter(|line| line.to_on.is_none()).collect();
    if open.iter().any(|line| line.household.as_deref() == Some(household.text().as_str())) {
        return Err(AppError::AlreadyMember {});
    }
    let ending: Vec<Opened> =
        open.iter().map(|line| session.open_for(Action::Edit, &line.id, Kind::Residence)).collect::<Result<_, _>>()?;
    // of another cell: the residence and the household carry his name
    let elsewhere = resident.permit.scope() != household.permit.scope();
    let snapshot = elsewhere.then(|| resident.reading.get("name"));
    let mut lives = residence(&household.cell(), resident.id, household.id, relation, from_on);
    lives.extend(snapshot.map(|name| Edit { key: "resident_name".to_owned(), value: name.clone() }));
    session.act(|act| {
        for one in &ending {
            act.edit(one, &one.reading.heads, &[Edit::set("to_on", from_on)])?;
        }
        let written = act.create(&household.permit, Kind::Residence, DocumentId(session.fresh_id()), &lives)?;
        become_head(act, household, resident.id, snapshot, relation)?;
        Ok(written)
    })
}

/// Whoever comes as head of a household without one becomes its head. `name` goes along where his record is in another
/// scope.
fn become_head(
    act: &mut Act<'_, '_>,
    household: &Opened,
    resident: DocumentId,
    name: Option<&Scalar>,
    relation: &str,
) -> Result<(), AppError> {
    if relation != HEAD || household.reading.text("head").is_some() {
        return Ok(());
    }
    let mut edits = vec![Edit::set("head", resident.to_string())];
    edits.extend(name.map(|name| Edit { key: "head_name".to_owned(), value: name.clone() }));
    act.edit(household, &household.reading.heads, &edits).map(|_| ())
}
