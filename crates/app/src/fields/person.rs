//! What the fields of one resident must say together: identity number, birth date, sex. Must not know other records.

use chrono::NaiveDate;
use documents::{Edit, Reading};
use domain::id_number::{IdFacts, IdProblem, parse};
use domain::shape::Scalar;

use super::after;
use crate::error::AppError;

/// The code of the citizen identity card in GA/T 517.
pub(crate) const RESIDENT_ID: &str = "111";

/// Whether a field holds a person's name.
pub(super) fn is_name(key: &str) -> bool {
    matches!(key, "name" | "former_name" | "head_name" | "guardian" | "proxy" | "officer_name")
}

/// Checks the identity number against birth date and sex, and writes those two where they are empty.
pub(super) fn complete(edits: &mut Vec<Edit>, before: Option<&Reading>, today: NaiveDate) -> Result<(), AppError> {
    if let Some(born) = after(edits, before, "birth_on").as_text()
        && born > today.format("%Y-%m-%d").to_string().as_str()
    {
        return Err(AppError::FieldFutureDate { key: "birth_on".to_owned() });
    }
    let touched = |key: &str| edits.iter().any(|edit| edit.key == key);
    if !["id_number", "id_kind", "birth_on", "sex"].into_iter().any(touched) {
        return Ok(());
    }
    let Some(number) = after(edits, before, "id_number").as_text().map(str::to_owned) else { return Ok(()) };
    match after(edits, before, "id_kind").as_text() {
        Some(RESIDENT_ID) => {}
        Some(_) => return Ok(()),
        None => set(edits, "id_kind", RESIDENT_ID),
    }
    let facts = parse(&number, today).map_err(|problems| problem(&problems))?;
    agree(edits, before, &facts)
}

fn agree(edits: &mut Vec<Edit>, before: Option<&Reading>, facts: &IdFacts) -> Result<(), AppError> {
    let born = facts.born_on.format("%Y-%m-%d").to_string();
    match after(edits, before, "birth_on").as_text() {
        None => set(edits, "birth_on", &born),
        Some(found) if found == born => {}
        Some(_) => return Err(AppError::FieldIdBirthDiffers { key: "birth_on".to_owned() }),
    }
    match after(edits, before, "sex").as_text() {
        // GB/T 2261.1: 0 unknown, 9 not stated
        None | Some("0" | "9") => set(edits, "sex", facts.sex.code()),
        Some(found) if found == facts.sex.code() => {}
        Some(_) => return Err(AppError::FieldIdSexDiffers { key: "sex".to_owned() }),
    }
    Ok(())
}

fn set(edits: &mut Vec<Edit>, key: &str, value: &str) {
    edits.retain(|edit| edit.key != key);
    edits.push(Edit { key: key.to_owned(), value: Scalar::from(value) });
}

/// The first problem of an identity number as an error of its field.
fn problem(problems: &[IdProblem]) -> AppError {
    let key = "id_number".to_owned();
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    match problems.first() {
        Some(IdProblem::Length { found }) => AppError::FieldIdLength { key, found: count(*found) },
        Some(IdProblem::Character { at }) => AppError::FieldIdCharacter { key, at: count(*at) },
        Some(IdProblem::CheckDigit { expected }) => AppError::FieldIdCheckDigit { key, expected: *expected },
        Some(IdProblem::UnknownDivision { division }) => AppError::FieldIdDivision { key, division: division.clone() },
        Some(IdProblem::ImpossibleDate { .. } | IdProblem::FutureDate { .. }) | None => AppError::FieldIdDate { key },
    }
}
