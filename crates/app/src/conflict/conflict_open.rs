//! The card of one record: every value with who wrote it, when and where.

use documents::Reading;
use domain::permit::Action;
use domain::shape::{Exposure, FieldType, Scalar, shape};
use store::AuditAction;
use store::conflict::{self, CardField};

use crate::contract::conflict::{ConflictCard, ConflictField, ConflictSide, MergedField};
use crate::contract::{Open, ScalarJson};
use crate::error::AppError;
use crate::people::save_state;
use crate::records::masked_value;
use crate::session::Session;

/// Opens the card. Audited: values of a record are shown.
///
/// # Errors
/// [`AppError::NotFound`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: Open) -> Result<ConflictCard, AppError> {
    let opened = session.open_any(Action::Read, &request.document)?;
    session.audit(AuditAction::Read, Some(opened.id), None, None)?;
    let card = session.store.read(|reader| conflict::card(reader, opened.id))?;
    let reading = &card.reading;
    Ok(ConflictCard {
        document: opened.text(),
        kind: reading.kind.as_str().to_owned(),
        title: card.title,
        heads: reading.heads.iter().map(hex::encode).collect(),
        fields: card.fields.iter().map(|one| field(session, reading, one)).collect(),
        merged: card
            .merged
            .iter()
            .filter(|merged| readable(reading, &merged.key))
            .map(|merged| MergedField {
                value: ScalarJson(masked_value(reading, &merged.key, &merged.value)),
                key: merged.key.clone(),
                officer: session.name_of(merged.officer),
            })
            .collect(),
    })
}

/// References and item marks say nothing to a person here.
fn readable(reading: &Reading, key: &str) -> bool {
    shape(reading.kind)
        .field(key)
        .is_some_and(|field| !matches!(field.holds, FieldType::Ref(_) | FieldType::Officer | FieldType::DisputeState))
}

fn field(session: &Session, reading: &Reading, card: &CardField) -> ConflictField {
    let masked = shape(reading.kind).field(&card.key).is_some_and(|field| field.exposure == Exposure::Masked);
    let side = |side: &conflict::Side| ConflictSide {
        change: hex::encode(side.change),
        value: ScalarJson(if masked { telling_apart(reading, card, &side.value) } else { side.value.clone() }),
        officer: session.name_of(side.officer),
        at: side.at,
        laptop: session.laptop_of(side.replica),
        state: save_state(side.state),
    };
    ConflictField {
        key: card.key.clone(),
        before: ScalarJson(masked_value(reading, &card.key, &card.before)),
        sides: card.sides.iter().map(side).collect(),
        masked,
    }
}

/// The masked form; where two values would look the same under the mask, the places that differ are shown, because nobody
/// can decide between two rows of stars.
fn telling_apart(reading: &Reading, card: &CardField, value: &Scalar) -> Scalar {
    let shown = masked_value(reading, &card.key, value);
    let alike =
        card.sides.iter().any(|other| other.value != *value && masked_value(reading, &card.key, &other.value) == shown);
    let (Some(full), Some(stars), true) = (value.as_text(), shown.as_text(), alike) else { return shown };
    let others: Vec<Vec<char>> =
        card.sides.iter().filter_map(|side| side.value.as_text()).map(|text| text.chars().collect()).collect();
    let differs = |at: usize, c: char| others.iter().any(|other| other.get(at) != Some(&c));
    let text: String = full
        .chars()
        .zip(stars.chars())
        .enumerate()
        .map(|(at, (real, masked))| if differs(at, real) { real } else { masked })
        .collect();
    Scalar::Text(text)
}
