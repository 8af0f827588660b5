//! Owns: the reasons why a row is refused, and the doubts with which one is taken.
//! Must not know: the words for them.

use super::RegisterColumn;
use crate::closed::codes_of;
use crate::codes::CodeTableName;
use crate::id_number::IdProblem;
use crate::name::{NameProblem, NameWarning};
use crate::phone::PhoneWarning;
use chrono::NaiveDate;
use serde::Serialize;

/// One thing that is wrong with a row, or doubtful about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowProblem {
    /// The column it is about.
    pub column: RegisterColumn,
    /// What it is.
    #[serde(flatten)]
    pub problem: Problem,
}

/// What can be wrong or doubtful.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", content = "args", rename_all = "snake_case")]
pub enum Problem {
    /// A needed value is missing.
    #[error("missing")]
    Missing,
    /// A failed formula.
    #[error("failed formula")]
    FormulaError,
    /// A control character, or a mark that turns the direction of writing.
    #[error("control character at {at}")]
    ControlCharacter {
        /// Its place, from 1.
        at: usize,
    },
    /// Longer than the column may be.
    #[error("{chars} characters, at most {max}")]
    TooLong {
        /// Characters found.
        chars: usize,
        /// The limit.
        max: usize,
    },
    /// The number of a paper was stored as a number and has lost its last digits.
    #[error("stored as the number {shown}")]
    StoredAsNumber {
        /// What is left of it.
        shown: String,
    },
    /// The identity number has another length.
    #[error("{found} characters instead of 18")]
    IdLength {
        /// Characters found.
        found: usize,
    },
    /// The identity number has a character it cannot have.
    #[error("character {at}")]
    IdCharacter {
        /// Its place, from 1.
        at: usize,
    },
    /// The check digit of the identity number is wrong.
    #[error("check digit should be {expected}")]
    IdCheckDigit {
        /// What it would be if the others were right.
        expected: char,
    },
    /// The identity number begins with no division.
    #[error("unknown division {division}")]
    IdDivision {
        /// The six digits.
        division: String,
    },
    /// The identity number holds no day of birth.
    #[error("{digits} is no day")]
    IdDate {
        /// The eight digits.
        digits: String,
    },
    /// The day lies in the future.
    #[error("{on} is in the future")]
    FutureDate {
        /// The day.
        on: NaiveDate,
    },
    /// The text is no day of the calendar.
    #[error("{text} is no day")]
    ImpossibleDate {
        /// The text.
        text: String,
    },
    /// The day of birth is not that of the identity number.
    #[error("born {written}, by the identity number {by_id}")]
    BirthDisagrees {
        /// The day written.
        written: NaiveDate,
        /// The day in the number.
        by_id: NaiveDate,
    },
    /// The sex is not that of the identity number (GB/T 2261.1 codes).
    #[error("sex {written}, by the identity number {by_id}")]
    SexDisagrees {
        /// The code written.
        written: String,
        /// The code by the number.
        by_id: String,
    },
    /// The text is no value of the code table.
    #[error("{text} is not in {table}")]
    UnknownCode {
        /// The table.
        table: CodeTableName,
        /// The text.
        text: String,
    },
    /// No cell of the directory has this code or name.
    #[error("unknown cell {text}")]
    UnknownCell {
        /// The text.
        text: String,
    },
    /// Another row of the file is the same person.
    #[error("row {first_row} is the same person")]
    DuplicateInFile {
        /// The row that came first.
        first_row: u32,
    },
    /// Doubt: the phone number.
    #[error("doubtful phone: {warning}")]
    PhoneDoubtful {
        /// Why.
        warning: PhoneWarning,
    },
    /// Doubt: the name.
    #[error("doubtful name: {warning}")]
    NameDoubtful {
        /// Why.
        warning: NameWarning,
    },
}

codes_of!(Problem {
    Missing => "missing",
    FormulaError => "formula_error",
    ControlCharacter => "control_character",
    TooLong => "too_long",
    StoredAsNumber => "stored_as_number",
    IdLength => "id_length",
    IdCharacter => "id_character",
    IdCheckDigit => "id_check_digit",
    IdDivision => "id_division",
    IdDate => "id_date",
    FutureDate => "future_date",
    ImpossibleDate => "impossible_date",
    BirthDisagrees => "birth_disagrees",
    SexDisagrees => "sex_disagrees",
    UnknownCode => "unknown_code",
    UnknownCell => "unknown_cell",
    DuplicateInFile => "duplicate_in_file",
    PhoneDoubtful => "phone_doubtful",
    NameDoubtful => "name_doubtful",
});

impl From<IdProblem> for Problem {
    fn from(problem: IdProblem) -> Self {
        match problem {
            IdProblem::Length { found } => Self::IdLength { found },
            IdProblem::Character { at } => Self::IdCharacter { at },
            IdProblem::CheckDigit { expected } => Self::IdCheckDigit { expected },
            IdProblem::UnknownDivision { division } => Self::IdDivision { division },
            IdProblem::ImpossibleDate { digits } => Self::IdDate { digits },
            IdProblem::FutureDate { born_on } => Self::FutureDate { on: born_on },
        }
    }
}

impl From<NameProblem> for Problem {
    fn from(problem: NameProblem) -> Self {
        match problem {
            NameProblem::Missing => Self::Missing,
            NameProblem::ControlCharacter { at } => Self::ControlCharacter { at },
            NameProblem::TooLong { chars, max } => Self::TooLong { chars, max },
        }
    }
}
