//! The first pass over a register: every row checked, rows put together to households, what is here already left out. Owns
//! which rows are taken; the second pass takes exactly these. Keeps no row.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::codes::CodeSet;
use domain::kind::Kind;
use domain::register::{KnownCells, RawRow, RegisterColumn, RegisterRow, RowContext, Seen, check_row};
use domain::shape::{FieldType, shape};
use domain::text::squeeze;
use store::Reader;
use store::resident::query::{with_id_number, with_name_and_birth};

use super::Tried;
use super::households::{AddressKey, Heads, Household, HouseholdKey, household_of};
use super::reading::Book;
use crate::contract::import::RowProblemView;
use crate::error::AppError;
use crate::session::Session;

/// Problems kept to be shown.
const PROBLEMS_MAX: usize = 500;

/// What the first pass found.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) rows: u64,
    /// Numbers of the rows taken, rising.
    taken: Vec<u32>,
    pub(super) households: BTreeMap<HouseholdKey, Household>,
    /// Addresses that would be made.
    pub(super) addresses: u64,
    pub(super) rejected: u64,
    pub(super) problems: Vec<RowProblemView>,
    pub(super) problem_count: u64,
    pub(super) by_code: BTreeMap<String, u64>,
}

/// What rows are read against. Made once for both passes, so that they agree.
pub(super) struct Ground {
    today: NaiveDate,
    codes: CodeSet,
    cells: KnownCells,
    held: BTreeSet<String>,
    villages: BTreeMap<String, String>,
    village_of_cell: BTreeMap<String, String>,
}

impl Ground {
    pub(super) fn of(session: &Session) -> Self {
        let directory = session.directory();
        let mut cells = KnownCells::default();
        let mut village_of_cell = BTreeMap::new();
        for cell in &directory.cells {
            cells.add(&cell.code, &cell.code);
            cells.add(&cell.name, &cell.code);
            for village in &cell.villages {
                cells.add(village, &cell.code);
                if let Some(known) = directory.village(village) {
                    cells.add(&known.name, &cell.code);
                }
            }
            if let [only] = cell.villages.as_slice() {
                village_of_cell.insert(cell.code.clone(), only.clone());
            }
        }
        let villages = directory
            .villages
            .iter()
            .flat_map(|village| {
                [(squeeze(&village.name), village.code.clone()), (village.code.clone(), village.code.clone())]
            })
            .collect();
        Self {
            today: session.today(),
            codes: CodeSet::built_in(),
            cells,
            held: session.cells().into_iter().collect(),
            villages,
            village_of_cell,
        }
    }

    /// Reads the rows below the headings; a good one goes to `good`, the reasons why not to `bad`.
    pub(super) fn read(
        &self,
        book: &Book,
        tried: &Tried,
        each: &mut dyn FnMut(u64, Result<Taken, Vec<Refused>>) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let context = RowContext {
            today: self.today,
            cells: &self.cells,
            default_cell: tried.cell.as_deref(),
            codes: &self.codes,
        };
        let mut seen = Seen::default();
        let mut heads = Heads::new();
        book.rows(&tried.sheet, &mut |row| {
            if row.number <= tried.header_row {
                return Ok(());
            }
            let raw = RawRow { number: short(row.number), cells: &row.cells };
            let checked = match check_row(raw, &tried.mapping, &context, &mut seen) {
                Ok(found) => self.place(found, tried, &mut heads),
                Err(problems) => Err(problems.iter().map(Refused::of).collect()),
            };
            each(row.number, checked)
        })
    }

    /// Village, cell and lengths of a row that is good by itself.
    fn place(&self, row: RegisterRow, tried: &Tried, heads: &mut Heads) -> Result<Taken, Vec<Refused>> {
        if !self.held.contains(&row.cell) {
            return Err(vec![Refused::new(RegisterColumn::Cell, "cell_not_held", [("text", row.cell)])]);
        }
        let village = match &row.village {
            Some(text) => match self.villages.get(&squeeze(text)) {
                Some(code) => Some(code.clone()),
                None => {
                    let args = [("text", text.clone())];
                    return Err(vec![Refused::new(RegisterColumn::Village, "unknown_village", args)]);
                }
            },
            None => tried.village.clone().or_else(|| self.village_of_cell.get(&row.cell).cloned()),
        };
        if let Some(refused) = too_long(&row) {
            return Err(vec![refused]);
        }
        let address = address_of(&row);
        let household = household_of(&row, village.as_deref(), address.as_deref(), heads);
        Ok(Taken { row, village, address, household })
    }
}

/// A row that is taken, with its place.
pub(super) struct Taken {
    pub(super) row: RegisterRow,
    pub(super) village: Option<String>,
    pub(super) address: Option<String>,
    pub(super) household: HouseholdKey,
}

/// The address below the village: the line, or group and plate.
fn address_of(row: &RegisterRow) -> Option<String> {
    if let Some(address) = &row.address {
        return Some(address.clone());
    }
    let parts: Vec<&str> = [&row.group, &row.plate].into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A text longer than the field of the record may be.
fn too_long(row: &RegisterRow) -> Option<Refused> {
    let fields = [
        (RegisterColumn::Employer, Kind::Resident, "employer", &row.employer),
        (RegisterColumn::HouseholdNumber, Kind::Household, "number", &row.household_number),
        (RegisterColumn::Note, Kind::Resident, "notes", &row.note),
    ];
    fields.into_iter().find_map(|(column, kind, key, text)| {
        let max = match shape(kind).field(key)?.holds {
            FieldType::Line(max) | FieldType::Narrative(max) => max,
            FieldType::Int(..)
            | FieldType::Money
            | FieldType::Bool
            | FieldType::Date
            | FieldType::Instant
            | FieldType::Code(_)
            | FieldType::DisputeState
            | FieldType::Ref(_)
            | FieldType::Officer
            | FieldType::Cell
            | FieldType::IdNumber
            | FieldType::Phone => return None,
        };
        let chars = text.as_ref()?.chars().count();
        let args = [("chars", chars.to_string()), ("max", max.to_string())];
        (chars > max).then(|| Refused::new(column, "too_long", args))
    })
}

/// One reason why a row is not taken.
pub(super) struct Refused {
    pub(super) column: RegisterColumn,
    pub(super) code: String,
    pub(super) args: BTreeMap<String, String>,
}

impl Refused {
    fn new<const N: usize>(column: RegisterColumn, code: &str, args: [(&str, String); N]) -> Self {
        let args = args.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        Self { column, code: code.to_owned(), args }
    }

    fn of(problem: &domain::register::RowProblem) -> Self {
        // the arguments are the problem's own fields, as its serialised form names them
        let json = serde_json::to_value(&problem.problem).unwrap_or_default();
        let args = json.get("args").and_then(serde_json::Value::as_object).into_iter().flatten();
        let plain = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Object(object) => {
                object.get("code").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
            }
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)
            | serde_json::Value::Array(_) => value.to_string(),
        };
        Self {
            column: problem.column,
            code: problem.problem.code().to_owned(),
            args: args.map(|(name, value)| (name.clone(), plain(value))).collect(),
        }
    }
}

impl Plan {
    /// The first pass.
    pub(super) fn make(ground: &Ground, book: &Book, tried: &Tried, reader: &Reader<'_>) -> Result<Self, AppError> {
        Self::make_telling(ground, book, tried, reader, &mut |_, _| {})
    }

    /// The first pass, telling every row that is left out with all its reasons.
    pub(super) fn make_telling(
        ground: &Ground,
        book: &Book,
        tried: &Tried,
        reader: &Reader<'_>,
        left_out: &mut dyn FnMut(u64, &[Refused]),
    ) -> Result<Self, AppError> {
        let mut plan = Self::default();
        ground.read(book, tried, &mut |number, checked| {
            plan.rows = plan.rows.saturating_add(1);
            let refused = match checked {
                Ok(taken) => plan.take(number, &taken, reader)?,
                Err(refused) => refused,
            };
            if !refused.is_empty() {
                left_out(number, &refused);
                plan.refuse(number, refused);
            }
            Ok(())
        })?;
        plan.addresses();
        Ok(plan)
    }

    /// Takes a row, or says why it is left out all the same.
    fn take(&mut self, number: u64, taken: &Taken, reader: &Reader<'_>) -> Result<Vec<Refused>, AppError> {
        let key = taken.household;
        if let Some((here, code)) = here_already(taken, reader)? {
            // its household is here too: new members of it join that one
            let existing = store::resident::query::household_of(reader, &here)?;
            let existing = existing.as_deref().map(crate::records::document_id).transpose()?;
            let household = self.households.entry(key).or_default();
            household.existing = household.existing.or(existing);
            let column = match code {
                "already_here" => RegisterColumn::DocumentNumber,
                _ => RegisterColumn::Name,
            };
            return Ok(vec![Refused::new(column, code, [("document", here)])]);
        }
        self.taken.push(short(number));
        self.households.entry(key).or_default().take(number, taken);
        Ok(Vec::new())
    }

    fn refuse(&mut self, row: u64, refused: Vec<Refused>) {
        self.rejected = self.rejected.saturating_add(1);
        for one in refused {
            self.problem_count = self.problem_count.saturating_add(1);
            let count = self.by_code.entry(one.code.clone()).or_default();
            *count = count.saturating_add(1);
            if self.problems.len() < PROBLEMS_MAX {
                let column = Some(one.column.code().to_owned());
                self.problems.push(RowProblemView { row, column, code: one.code, args: one.args });
            }
        }
    }

    /// Households without a new member are left out; addresses of the others are made once a text.
    fn addresses(&mut self) {
        self.households.retain(|_, household| household.first_row > 0);
        let new = self.households.values().filter(|household| household.existing.is_none());
        let mut addresses: Vec<AddressKey> = new.filter_map(|household| household.address).collect();
        addresses.sort_unstable();
        addresses.dedup();
        self.addresses = u64::try_from(addresses.len()).unwrap_or(u64::MAX);
    }

    /// Whether a row is taken.
    pub(super) fn takes(&self, number: u64) -> bool {
        self.taken.binary_search(&short(number)).is_ok()
    }

    /// Households that would be made.
    pub(super) fn new_households(&self) -> u64 {
        let new = self.households.values().filter(|household| household.existing.is_none());
        u64::try_from(new.count()).unwrap_or(u64::MAX)
    }

    /// Residents that would be made.
    pub(super) fn residents(&self) -> u64 {
        u64::try_from(self.taken.len()).unwrap_or(u64::MAX)
    }
}

/// The number of a row; a sheet has far fewer.
fn short(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A resident of the register who is here already, and how that was seen.
fn here_already(taken: &Taken, reader: &Reader<'_>) -> Result<Option<(String, &'static str)>, AppError> {
    if let Some(number) = &taken.row.document_number {
        return Ok(with_id_number(reader, number, None)?.map(|here| (here, "already_here")));
    }
    let Some(born_on) = taken.row.born_on else { return Ok(None) };
    let born_on = born_on.format("%Y-%m-%d").to_string();
    Ok(with_name_and_birth(reader, &taken.row.name, &born_on)?.map(|here| (here, "perhaps_here")))
}
