//! Owns: checking one row of a register: the values it gives, or every reason why it is refused.
//! Must not know: other rows, but through [`Seen`]; documents; how rows are put together to households.

use super::cells::{is_rounded, is_scientific, read_date};
use super::{KnownCells, Mapping, Problem, RawCell, RawRow, RegisterColumn, RegisterRow, RowProblem};
use crate::codes::{CodeSet, CodeTableName};
use crate::duplicate::{PersonKey, birth_key, document_key, fingerprint};
use crate::id_number::{self, IdFacts};
use crate::limits::BIRTH_YEAR_MIN;
use crate::text::{is_forbidden, trim};
use crate::{name, phone};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// The code of the citizen identity card in GA/T 517: what a number is unless the row says otherwise.
const RESIDENT_ID: &str = "111";

/// What a row is checked against.
#[derive(Debug, Clone, Copy)]
pub struct RowContext<'a> {
    /// The day of the import, station-local.
    pub today: NaiveDate,
    /// Known cells.
    pub cells: &'a KnownCells,
    /// The cell for rows that name none, when the officer chose one.
    pub default_cell: Option<&'a str>,
    /// The code tables in force.
    pub codes: &'a CodeSet,
}

/// The people of the file so far, to find the same person twice: some thirty bytes a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// First row of each person, by the [`fingerprint`] of the key.
    first_rows: BTreeMap<u128, u32>,
}

/// Checks one row. A person seen before in the file is refused, and the first row is named; a refused row is remembered too,
/// so that its double is not taken in its place.
///
/// # Errors
/// Every [`RowProblem`] of the row, in the order of the columns.
pub fn check_row(
    row: RawRow<'_>,
    mapping: &Mapping,
    context: &RowContext<'_>,
    seen: &mut Seen,
) -> Result<RegisterRow, Vec<RowProblem>> {
    let mut reading = Reading { row, mapping, context, problems: Vec::new(), warnings: Vec::new() };
    let name = reading.name();
    let document = reading.document();
    let born_on = reading.birth(document.as_ref());
    let sex = reading.sex(document.as_ref());
    let key = match &document {
        Some(document) => document_key(&document.kind, &document.number),
        None => name.as_deref().zip(born_on).and_then(|(name, born_on)| birth_key(name, born_on)),
    };
    reading.twice(key, seen);
    let cell = reading.cell();
    let found = reading.rest(name, document, born_on, sex, cell);
    match found {
        Some(mut found) if reading.problems.is_empty() => {
            found.warnings = reading.warnings;
            Ok(found)
        }
        Some(_) | None => {
            reading.problems.sort_by_key(|problem| problem.column);
            Err(reading.problems)
        }
    }
}

/// A document of the row.
struct Document {
    kind: String,
    number: String,
    /// What an identity number says; none for other papers and wrong numbers.
    facts: Option<IdFacts>,
}

struct Reading<'a> {
    row: RawRow<'a>,
    mapping: &'a Mapping,
    context: &'a RowContext<'a>,
    problems: Vec<RowProblem>,
    warnings: Vec<RowProblem>,
}

impl Reading<'_> {
    fn refuse(&mut self, column: RegisterColumn, problem: Problem) {
        self.problems.push(RowProblem { column, problem });
    }

    fn doubt(&mut self, column: RegisterColumn, problem: Problem) {
        self.warnings.push(RowProblem { column, problem });
    }

    fn raw(&self, column: RegisterColumn) -> &RawCell {
        self.mapping.place(column).and_then(|place| self.row.cells.get(place)).unwrap_or(&RawCell::Empty)
    }

    /// The text of a cell within its limits; a failed formula, a control character and overlong text are refused.
    fn text(&mut self, column: RegisterColumn) -> Option<String> {
        let raw = self.raw(column);
        if raw.is_blank() {
            return None;
        }
        if *raw == RawCell::Error {
            self.refuse(column, Problem::FormulaError);
            return None;
        }
        let text = raw.shown();
        if let Some(at) = text.chars().position(is_forbidden) {
            let at = at.saturating_add(1);
            self.refuse(column, Problem::ControlCharacter { at });
            return None;
        }
        let (chars, max) = (text.chars().count(), column.chars_max());
        if chars > max {
            self.refuse(column, Problem::TooLong { chars, max });
            return None;
        }
        Some(text)
    }

    fn name(&mut self) -> Option<String> {
        let column = RegisterColumn::Name;
        if self.raw(column).is_blank() {
            self.refuse(column, Problem::Missing);
            return None;
        }
        let text = self.text(column)?;
        match name::check(&text) {
            Ok((name, warnings)) => {
                for warning in warnings {
                    self.doubt(column, Problem::NameDoubtful { warning });
                }
                Some(name)
            }
            Err(problems) => {
                for problem in problems {
                    self.refuse(column, problem.into());
                }
                None
            }
        }
    }

    fn document(&mut self) -> Option<Document> {
        let column = RegisterColumn::DocumentNumber;
        let kind = self.code(RegisterColumn::DocumentKind, CodeTableName::IdDocument);
        let lost = match self.raw(column) {
            RawCell::Number(number) if is_rounded(*number) => Some(format!("{number:e}")),
            RawCell::Text(text) if is_scientific(text) => Some(trim(text).to_owned()),
            RawCell::Empty
            | RawCell::Text(_)
            | RawCell::Number(_)
            | RawCell::Date(_)
            | RawCell::Bool(_)
            | RawCell::Error => None,
        };
        if let Some(shown) = lost {
            self.refuse(column, Problem::StoredAsNumber { shown });
            return None;
        }
        let number = id_number::normalise(&self.text(column)?);
        let kind = kind.unwrap_or_else(|| RESIDENT_ID.to_owned());
        let facts = if kind == RESIDENT_ID { self.resident_id(&number) } else { None };
        Some(Document { kind, number, facts })
    }

    fn resident_id(&mut self, number: &str) -> Option<IdFacts> {
        match id_number::parse(number, self.context.today) {
            Ok(facts) => Some(facts),
            Err(problems) => {
                for problem in problems {
                    self.refuse(RegisterColumn::DocumentNumber, problem.into());
                }
                None
            }
        }
    }

    fn date(&mut self, column: RegisterColumn) -> Option<NaiveDate> {
        if let RawCell::Date(on) = self.raw(column) {
            return Some(*on);
        }
        let text = self.text(column)?;
        let found = read_date(&text);
        if found.is_none() {
            self.refuse(column, Problem::ImpossibleDate { text });
        }
        found
    }

    fn birth(&mut self, document: Option<&Document>) -> Option<NaiveDate> {
        let column = RegisterColumn::BirthDate;
        let by_id = document.and_then(|document| document.facts.as_ref());
        let by_id = by_id.map(|facts| facts.born_on);
        let Some(on) = self.date(column) else {
            return by_id;
        };
        if on > self.context.today {
            self.refuse(column, Problem::FutureDate { on });
        } else if on.year() < BIRTH_YEAR_MIN {
            let text = on.to_string();
            self.refuse(column, Problem::ImpossibleDate { text });
        } else if let Some(by_id) = by_id
            && by_id != on
        {
            self.refuse(column, Problem::BirthDisagrees { written: on, by_id });
        }
        Some(on)
    }

    fn sex(&mut self, document: Option<&Document>) -> Option<String> {
        let column = RegisterColumn::Sex;
        let by_id = document.and_then(|document| document.facts.as_ref());
        let by_id = by_id.map(|facts| facts.sex.code().to_owned());
        let written = self.code(column, CodeTableName::Sex);
        match (written, by_id) {
            // 0 and 9 mean that the sex was not told: the number tells it.
            (Some(written), Some(by_id)) if matches!(written.as_str(), "1" | "2") => {
                if written != by_id {
                    let written = written.clone();
                    self.refuse(column, Problem::SexDisagrees { written, by_id });
                }
                Some(written)
            }
            (_, Some(by_id)) => Some(by_id),
            (written, None) => written,
        }
    }

    fn twice(&mut self, key: Option<PersonKey>, seen: &mut Seen) {
        let Some(key) = key else { return };
        let column = match &key {
            PersonKey::Document { .. } => RegisterColumn::DocumentNumber,
            PersonKey::NameAndBirth { .. } => RegisterColumn::Name,
        };
        let first_row = *seen.first_rows.entry(fingerprint(&key)).or_insert(self.row.number);
        if first_row != self.row.number {
            self.refuse(column, Problem::DuplicateInFile { first_row });
        }
    }

    fn code(&mut self, column: RegisterColumn, table: CodeTableName) -> Option<String> {
        let text = self.text(column)?;
        let found = self.context.codes.table(table).resolve(&text);
        let code = found.map(|row| row.code.clone());
        if code.is_none() {
            self.refuse(column, Problem::UnknownCode { table, text });
        }
        code
    }

    /// The cell named by the row, else the one covering its village, else the one chosen for the file.
    fn cell(&mut self) -> Option<String> {
        let column = RegisterColumn::Cell;
        let cells = self.context.cells;
        if let Some(text) = self.text(column) {
            let found = cells.resolve(&text).map(str::to_owned);
            if found.is_none() {
                self.refuse(column, Problem::UnknownCell { text });
            }
            return found;
        }
        if let RawCell::Text(village) = self.raw(RegisterColumn::Village)
            && let Some(found) = cells.resolve(village)
        {
            return Some(found.to_owned());
        }
        let chosen = self.context.default_cell.map(str::to_owned);
        if chosen.is_none() && self.problems.iter().all(|known| known.column != column) {
            self.refuse(column, Problem::Missing);
        }
        chosen
    }

    fn phone(&mut self) -> Option<String> {
        let text = self.text(RegisterColumn::Phone)?;
        let (read, warnings) = phone::read(&text);
        for warning in warnings {
            self.doubt(RegisterColumn::Phone, Problem::PhoneDoubtful { warning });
        }
        Some(read.text)
    }

    fn person(&mut self, column: RegisterColumn) -> Option<String> {
        self.text(column).map(|text| name::normalise(&text))
    }

    fn rest(
        &mut self,
        name: Option<String>,
        document: Option<Document>,
        born_on: Option<NaiveDate>,
        sex: Option<String>,
        cell: Option<String>,
    ) -> Option<RegisterRow> {
        use RegisterColumn as C;
        let (document_kind, document_number) = document.map(|document| (document.kind, document.number)).unzip();
        let found = RegisterRow {
            number: self.row.number,
            name: name.unwrap_or_default(),
            former_name: self.person(C::FormerName),
            sex,
            document_kind,
            document_number,
            ethnic: self.code(C::Ethnic, CodeTableName::Ethnic),
            born_on,
            relation: self.code(C::Relation, CodeTableName::Relation),
            household_number: self.text(C::HouseholdNumber),
            household_kind: self.code(C::HouseholdKind, CodeTableName::HouseholdKind),
            head_name: self.person(C::HeadName),
            phone: self.phone(),
            address: self.text(C::Address),
            registered_address: self.text(C::RegisteredAddress),
            village: self.text(C::Village),
            group: self.text(C::Group),
            plate: self.text(C::Plate),
            cell: cell.unwrap_or_default(),
            education: self.code(C::Education, CodeTableName::Education),
            marital: self.code(C::Marital, CodeTableName::Marital),
            employer: self.text(C::Employer),
            resident_kind: self.code(C::ResidentKind, CodeTableName::ResidentKind),
            moved_in_on: self.date(C::MovedInOn),
            note: self.text(C::Note),
            warnings: Vec::new(),
        };
        // Somewhere to live: an address, a plate, or a household whose other rows have one.
        let housed = [&found.address, &found.plate, &found.household_number];
        if housed.iter().all(|text| text.is_none()) && self.raw(C::Address).is_blank() {
            self.refuse(C::Address, Problem::Missing);
        }
        Some(found)
    }
}
