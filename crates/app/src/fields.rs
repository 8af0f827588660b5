//! The one place where fields from outside are checked against the shape of their kind and brought into their written
//! form. Owns the rules of a single record; must not know SQL or where a record is saved.

mod person;

use chrono::NaiveDate;
use documents::{Edit, Reading};
use domain::codes::code_table;
use domain::kind::Kind;
use domain::limits::{DOCUMENT_NUMBER_CHARS_MAX, PHONE_CHARS_MAX};
use domain::phone::{PhoneWarning, read as read_phone};
use domain::shape::{Field, FieldType, GONE, KeyPath, Scalar, shape};
use domain::text::{is_forbidden, trim};
use uuid::Uuid;

use crate::contract::Fields;
use crate::error::AppError;

/// What a record's fields may point to.
pub(crate) trait Known {
    /// Whether a record of this kind is here.
    fn record(&self, kind: Kind, id: Uuid) -> Result<bool, AppError>;
    /// Whether the directory has this officer.
    fn officer(&self, id: &str) -> bool;
    /// Whether the directory has this cell.
    fn cell(&self, code: &str) -> bool;
}

/// Keys a command may set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writable {
    /// Plain keys and collections the command sets itself or leaves alone: the request must not name them.
    pub(crate) not: &'static [&'static str],
    /// Keys that must not be empty afterwards.
    pub(crate) required: &'static [&'static str],
}

/// The most keys one save may set: a dispute with many sessions has some hundred.
const KEYS_MAX: usize = 600;

/// Checks the fields of a request and gives them in their written form. `before` is what the form was opened on.
///
/// # Errors
/// The first reason why not, in the order of keys.
pub(crate) fn check(
    kind: Kind,
    fields: &Fields,
    before: Option<&Reading>,
    writable: Writable,
    today: NaiveDate,
    known: &dyn Known,
) -> Result<Vec<Edit>, AppError> {
    if fields.len() > KEYS_MAX {
        return Err(AppError::TooLarge { what: "fields", max: 600 });
    }
    let mut edits = Vec::with_capacity(fields.len());
    for (key, value) in fields {
        let first = key.split('/').next().unwrap_or_default();
        if writable.not.contains(&first) {
            return Err(AppError::FieldReadOnly { key: key.clone() });
        }
        let value = if is_gone(kind, key)? { gone(key, &value.0)? } else { one(kind, key, &value.0, known)? };
        edits.push(Edit { key: key.clone(), value });
    }
    if kind == Kind::Resident {
        person::complete(&mut edits, before, today)?;
    }
    for key in writable.required {
        if after(&edits, before, key).is_empty() {
            return Err(AppError::FieldRequired { key: (*key).to_owned() });
        }
    }
    ends_after_start(kind, &edits, before)?;
    Ok(edits)
}

/// The value a key has after the edits.
pub(crate) fn after<'a>(edits: &'a [Edit], before: Option<&'a Reading>, key: &str) -> &'a Scalar {
    const NOTHING: &Scalar = &Scalar::Null;
    edits
        .iter()
        .rev()
        .find(|edit| edit.key == key)
        .map(|edit| &edit.value)
        .or_else(|| before.map(|reading| reading.get(key)))
        .unwrap_or(NOTHING)
}

/// Whether the key marks an item of a known collection removed.
fn is_gone(kind: Kind, key: &str) -> Result<bool, AppError> {
    let unknown = || AppError::FieldUnknown { key: key.chars().take(80).collect() };
    match KeyPath::parse(key) {
        KeyPath::Item { collection, item, field } => {
            let known = shape(kind).collections.iter().any(|one| one.key == collection);
            let plain =
                item.len() <= 64 && item.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
            if known && plain { Ok(field == GONE) } else { Err(unknown()) }
        }
        KeyPath::Plain(_) => Ok(false),
        KeyPath::Header(_) | KeyPath::Unknown(_) => Err(unknown()),
    }
}

fn gone(key: &str, value: &Scalar) -> Result<Scalar, AppError> {
    match value {
        Scalar::Bool(_) => Ok(value.clone()),
        Scalar::Null | Scalar::Int(_) | Scalar::Text(_) => Err(AppError::FieldWrongType { key: key.to_owned() }),
    }
}

/// Checks one value and gives its written form. Empty text becomes null: emptied on purpose.
pub(crate) fn one(kind: Kind, key: &str, value: &Scalar, known: &dyn Known) -> Result<Scalar, AppError> {
    let field = shape(kind).field(key).ok_or_else(|| AppError::FieldUnknown { key: key.chars().take(80).collect() })?;
    match value {
        Scalar::Null => Ok(Scalar::Null),
        Scalar::Text(text) => written_text(kind, field, key, text, known),
        Scalar::Int(number) => written_int(field, key, *number),
        Scalar::Bool(_) if matches!(field.holds, FieldType::Bool) => Ok(value.clone()),
        Scalar::Bool(_) => Err(AppError::FieldWrongType { key: key.to_owned() }),
    }
}

fn written_int(field: &Field, key: &str, number: i64) -> Result<Scalar, AppError> {
    // instants between 1900 and 2200: a clock may be wrong, but not by more than its type
    let (min, max) = match field.holds {
        FieldType::Int(min, max) => (min, max),
        FieldType::Money => (0, 100_000_000_000_000),
        FieldType::Instant => (-2_208_988_800_000, 7_258_118_400_000),
        FieldType::Line(_)
        | FieldType::Narrative(_)
        | FieldType::Bool
        | FieldType::Date
        | FieldType::Code(_)
        | FieldType::DisputeState
        | FieldType::Ref(_)
        | FieldType::Officer
        | FieldType::Cell
        | FieldType::IdNumber
        | FieldType::Phone => return Err(AppError::FieldWrongType { key: key.to_owned() }),
    };
    if (min..=max).contains(&number) {
        Ok(Scalar::Int(number))
    } else {
        Err(AppError::FieldOutOfRange { key: key.to_owned(), min, max })
    }
}

fn written_text(kind: Kind, field: &Field, key: &str, text: &str, known: &dyn Known) -> Result<Scalar, AppError> {
    let key = || key.to_owned();
    let trimmed = trim(text);
    if trimmed.is_empty() {
        return Ok(Scalar::Null);
    }
    let narrative = matches!(field.holds, FieldType::Narrative(_));
    if trimmed.chars().any(|c| is_forbidden(c) || (!narrative && matches!(c, '\n' | '\r' | '\t'))) {
        return Err(AppError::FieldControlCharacter { key: key() });
    }
    let bounded = |max: usize, text: String| match text.chars().count() > max {
        true => Err(AppError::FieldTooLong { key: key(), max: u64::try_from(max).unwrap_or(u64::MAX) }),
        false => Ok(Scalar::Text(text)),
    };
    match field.holds {
        FieldType::Line(max) if kind != Kind::Address && person::is_name(field.key) => {
            bounded(max, domain::name::normalise(trimmed))
        }
        FieldType::Line(max) => bounded(max, trimmed.to_owned()),
        FieldType::Narrative(max) => bounded(max, trimmed.replace("\r\n", "\n").replace('\r', "\n")),
        FieldType::Date => {
            let day: NaiveDate = trimmed.parse().map_err(|_| AppError::FieldBadDate { key: key() })?;
            Ok(Scalar::Text(day.format("%Y-%m-%d").to_string()))
        }
        FieldType::Code(table) if code_table(table).contains(trimmed) => Ok(Scalar::from(trimmed)),
        FieldType::Code(table) => Err(AppError::FieldUnknownCode { key: key(), table: table.key() }),
        FieldType::DisputeState => match domain::dispute::DisputeState::ALL.iter().find(|one| one.code() == trimmed) {
            Some(state) => Ok(Scalar::from(state.code())),
            None => Err(AppError::FieldUnknownCode { key: key(), table: "dispute_state" }),
        },
        FieldType::Ref(kind) => match Uuid::parse_str(trimmed) {
            Ok(id) if known.record(kind, id)? => Ok(Scalar::Text(id.to_string())),
            Ok(_) | Err(_) => Err(AppError::FieldUnknownRef { key: key() }),
        },
        FieldType::Officer if known.officer(trimmed) => Ok(Scalar::from(trimmed)),
        FieldType::Cell if known.cell(trimmed) => Ok(Scalar::from(trimmed)),
        FieldType::Officer | FieldType::Cell => Err(AppError::FieldUnknownRef { key: key() }),
        FieldType::IdNumber => bounded(DOCUMENT_NUMBER_CHARS_MAX, domain::id_number::normalise(trimmed)),
        FieldType::Phone => {
            let (phone, warnings) = read_phone(trimmed);
            // A form is corrected on the spot; what a register holds is kept as it is, see `import`.
            match warnings.first() {
                Some(PhoneWarning::NotDigits | PhoneWarning::Length { .. }) => {
                    Err(AppError::FieldBadPhone { key: key() })
                }
                Some(PhoneWarning::NoAreaCode | PhoneWarning::UnknownForm) | None => {
                    bounded(PHONE_CHARS_MAX, phone.text)
                }
            }
        }
        FieldType::Int(..) | FieldType::Money | FieldType::Bool | FieldType::Instant => {
            Err(AppError::FieldWrongType { key: key() })
        }
    }
}

/// A beginning that lies after its end.
fn ends_after_start(kind: Kind, edits: &[Edit], before: Option<&Reading>) -> Result<(), AppError> {
    let (start, end) = match kind {
        Kind::Residence => ("from_on", "to_on"),
        Kind::Patrol => ("start_at", "end_at"),
        Kind::Address | Kind::Household | Kind::Resident | Kind::Visit | Kind::Dispute | Kind::Mediator => {
            return Ok(());
        }
    };
    if !edits.iter().any(|edit| edit.key == start || edit.key == end) {
        return Ok(());
    }
    let (from, to) = (after(edits, before, start), after(edits, before, end));
    if from.is_empty() || to.is_empty() || from <= to {
        Ok(())
    } else {
        Err(AppError::FieldEndsBeforeStart { key: end.to_owned() })
    }
}

#[cfg(test)]
mod tests;
