//! The first pass over a register: every row checked, rows put together to households, what is here already left out. Owns
//! which rows are taken; the second pass takes exactly these. Keeps a few words a household, never the rows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::codes::CodeSet;
use domain::duplicate::address_key;
use domain::kind::Kind;
use domain::register::{KnownCells, RawRow, RegisterColumn, RegisterRow, RowContext, Seen, check_row};
use domain::shape::{FieldType, shape};
use domain::text::squeeze;
use store::Reader;
use store::resident::query::{with_id_number, with_name_and_birth};

use super::Tried;
use super::reading::Book;
use crate::contract::import::RowProblemView;
use crate::error::AppError;
use crate::session::Session;

/// Problems kept to be shown.
const PROBLEMS_MAX: usize = 500;

/// Names a household of the file: its number, or its address and head.
pub(super) type HouseholdKey = (String, String, String);

/// A household as far as the file tells.
#[derive(Debug, Clone, Default)]
pub(super) struct Household {
    /// The first row.
    pub(super) first_row: u64,
    /// The row of the head, if one says so.
    pub(super) head_row: Option<u64>,
    /// Name of the head, as a row of another member says it or as the head's own.
    pub(super) head_name: Option<String>,
    /// Address below the village.
    pub(super) address: Option<String>,
    /// It is here already: new members join it.
    pub(super) existing: Option<String>,
}

/// What the first pass found.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) rows: u64,
    pub(super) taken: BTreeSet<u64>,
    pub(super) households: BTreeMap<HouseholdKey, Household>,
    pub(super) addresses: BTreeSet<(String, String)>,
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
        let mut heads: BTreeMap<(String, String), String> = BTreeMap::new();
        book.rows(&tried.sheet, &mut |row| {
            if row.number <= tried.header_row {
                return Ok(());
            }
            let number = u32::try_from(row.number).unwrap_or(u32::MAX);
            let raw = RawRow { number, cells: &row.cells };
            let checked = match check_row(raw, &tried.mapping, &context, &mut seen) {
                Ok(found) => self.place(found, tried, &mut heads),
                Err(problems) => Err(problems.iter().map(Refused::of).collect()),
            };
            each(row.number, checked)
        })
    }

    /// Village, cell and lengths of a row that is good by itself.
    fn place(
        &self,
        row: RegisterRow,
        tried: &Tried,
        heads: &mut BTreeMap<(String, String), String>,
    ) -> Result<Taken, Vec<Refused>> {
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
        let household = household(&row, village.as_deref(), address.as_deref(), heads);
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

/// The household a row belongs to: its number, or else its address with the head. Registers list a family below its head, so
/// a member without the head's name belongs to the last head at its address.
fn household(
    row: &RegisterRow,
    village: Option<&str>,
    address: Option<&str>,
    heads: &mut BTreeMap<(String, String), String>,
) -> HouseholdKey {
    let village = village.unwrap_or_default().to_owned();
    if let Some(number) = &row.household_number {
        return (village, squeeze(number), String::new());
    }
    let place = (village.clone(), address_key(address.unwrap_or_default()));
    let head = match &row.head_name {
        Some(head) => head.clone(),
        None if is_head(row) => row.name.clone(),
        None => heads.get(&place).cloned().unwrap_or_default(),
    };
    if is_head(row) {
        heads.insert(place.clone(), head.clone());
    }
    (village, format!("@{}", place.1), head)
}

/// GB/T 4761: 01 the person himself, 02 the head, 0 and 00 the group of both.
fn is_head(row: &RegisterRow) -> bool {
    matches!(row.relation.as_deref(), Some("0" | "00" | "01" | "02"))
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
    column: RegisterColumn,
    code: String,
    args: BTreeMap<String, String>,
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
        let mut plan = Self::default();
        ground.read(book, tried, &mut |number, checked| {
            plan.rows = plan.rows.saturating_add(1);
            match checked {
                Ok(taken) => plan.take(number, &taken, reader)?,
                Err(refused) => plan.refuse(number, refused),
            }
            Ok(())
        })?;
        plan.addresses();
        Ok(plan)
    }

    fn take(&mut self, number: u64, taken: &Taken, reader: &Reader<'_>) -> Result<(), AppError> {
        let key = taken.household.clone();
        if let Some((here, code)) = here_already(taken, reader)? {
            // its household is here too: new members of it join that one
            let existing = store::resident::query::household_of(reader, &here)?;
            let household = self.households.entry(key).or_default();
            household.existing = household.existing.take().or(existing);
            let column = match code {
                "already_here" => RegisterColumn::DocumentNumber,
                _ => RegisterColumn::Name,
            };
            self.refuse(number, vec![Refused::new(column, code, [("document", here)])]);
            return Ok(());
        }
        self.taken.insert(number);
        let household = self.households.entry(key).or_default();
        if household.first_row == 0 {
            household.first_row = number;
        }
        let named = taken.row.head_name.as_ref().is_some_and(|head| *head == taken.row.name);
        if household.head_row.is_none() && (is_head(&taken.row) || named) {
            household.head_row = Some(number);
            household.head_name = Some(taken.row.name.clone());
        }
        if household.head_name.is_none() {
            household.head_name.clone_from(&taken.row.head_name);
        }
        if household.address.is_none() {
            household.address.clone_from(&taken.address);
        }
        Ok(())
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
        self.addresses = self
            .households
            .iter()
            .filter(|(_, household)| household.existing.is_none())
            .filter_map(|((village, ..), household)| {
                Some((village.clone(), address_key(household.address.as_deref()?)))
            })
            .collect();
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

/// A resident of the register who is here already, and how that was seen.
fn here_already(taken: &Taken, reader: &Reader<'_>) -> Result<Option<(String, &'static str)>, AppError> {
    if let Some(number) = &taken.row.document_number {
        return Ok(with_id_number(reader, number, None)?.map(|here| (here, "already_here")));
    }
    let Some(born_on) = taken.row.born_on else { return Ok(None) };
    let born_on = born_on.format("%Y-%m-%d").to_string();
    Ok(with_name_and_birth(reader, &taken.row.name, &born_on)?.map(|here| (here, "perhaps_here")))
}
