//! A resident's page: fields, where the person lives and lived, disputes as rows. No score.

use documents::Reading;
use domain::kind::Kind;
use domain::shape::{Exposure, shape};
use store::household::query::disputes_of_resident;
use store::resident::query::{self, ResidenceLine};

use super::{age, briefs, masked};
use crate::contract::people::{FieldValue, ResidenceRow, ResidentPage};
use crate::contract::{Masked, Open, ScalarJson};
use crate::error::AppError;
use crate::records::masked_value;
use crate::session::Session;

/// Opens a resident. Audited.
///
/// # Errors
/// [`AppError::NotFound`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: Open) -> Result<ResidentPage, AppError> {
    let opened = session.open_shown(&request.document, Kind::Resident)?;
    let id = opened.text();
    let (residences, disputes) = session
        .store
        .read(|reader| Ok::<_, AppError>((query::residences(reader, &id)?, disputes_of_resident(reader, &id)?)))?;
    let conflicts = opened.conflicts();
    Ok(ResidentPage {
        heads: opened.heads(),
        cell: opened.cell(),
        fields: plain_fields(&opened.reading),
        masked: masked_fields(&opened.reading, &conflicts),
        name: opened.field("name").unwrap_or_default(),
        age: age(opened.reading.text("birth_on"), session.today()),
        residences: residences.into_iter().map(residence).collect(),
        disputes: briefs(session, disputes),
        conflicts,
        foot: session.foot(opened.id)?,
        document: id,
    })
}

/// Fields shown in full, in the order of the shape.
fn plain_fields(reading: &Reading) -> Vec<FieldValue> {
    let plain = shape(reading.kind).fields.iter().filter(|field| field.exposure == Exposure::Open);
    plain
        .filter_map(|field| {
            let value = reading.fields.get(field.key)?;
            Some(FieldValue { key: field.key.to_owned(), value: ScalarJson(value.clone()) })
        })
        .collect()
}

fn masked_fields(reading: &Reading, conflicts: &[String]) -> Vec<Masked> {
    let hidden = shape(reading.kind).fields.iter().filter(|field| field.exposure == Exposure::Masked);
    hidden
        .map(|field| {
            let value = masked_value(reading, field.key, reading.get(field.key));
            let shown = value.as_text().filter(|text| !text.is_empty()).map(str::to_owned);
            masked(field.key, shown, conflicts)
        })
        .collect()
}

fn residence(line: ResidenceLine) -> ResidenceRow {
    ResidenceRow {
        residence: line.id,
        heads: line.heads.chunks(32).map(hex::encode).collect(),
        household: line.household.unwrap_or_default(),
        head_name: line.head_name,
        address: line.address.filter(|text| !text.is_empty()),
        relation: line.relation,
        from_on: line.from_on,
        to_on: line.to_on,
    }
}
