//! The second pass over a register: the rows taken become records, in one transaction. Owns which record holds which column;
//! must not decide which rows are taken.

use std::collections::BTreeMap;

use ::sync::ids::DocumentId;
use documents::Edit;
use domain::kind::Kind;
use domain::permit::{Action, Permit};
use domain::scope::Scope;
use failpoint::{Point, reached};
use store::AuditAction;

use super::Tried;
use super::households::{AddressKey, Household, HouseholdKey, address_named};
use super::plan::{Ground, Plan, Taken};
use super::reading::Book;
use crate::acts::Act;
use crate::error::AppError;
use crate::jobs::Progress;
use crate::people::household_create::NAME_CHARS_MAX;
use crate::session::Session;

/// Rows between two words about progress.
const STEP_ROWS: u64 = 200;

/// A household whose records are being made.
struct Made {
    id: DocumentId,
    head: Option<(u64, DocumentId)>,
}

/// What the pass carries along: ids, never records.
struct Pass<'a> {
    session: &'a Session,
    plan: Plan,
    permits: BTreeMap<String, Permit>,
    addresses: BTreeMap<AddressKey, DocumentId>,
    households: BTreeMap<HouseholdKey, Made>,
    made: [u64; 4],
}

/// Writes everything the plan takes.
///
/// # Errors
/// [`AppError::JobCancelled`], refusals of permits, faults of the disk: nothing is kept then.
pub(super) fn all(
    session: &Session,
    ground: &Ground,
    book: &Book,
    tried: &Tried,
    plan: Plan,
    progress: &Progress,
) -> Result<BTreeMap<String, u64>, AppError> {
    let total = plan.residents();
    let rejected = plan.rejected;
    let made = session.act_as(AuditAction::Import, |act| {
        let mut pass = Pass {
            session,
            plan,
            permits: BTreeMap::new(),
            addresses: BTreeMap::new(),
            households: BTreeMap::new(),
            made: [0; 4],
        };
        let mut done = 0_u64;
        ground.read(book, tried, &mut |number, checked| {
            let Ok(taken) = checked else { return Ok(()) };
            if !pass.plan.takes(number) {
                return Ok(());
            }
            pass.row(act, number, &taken)?;
            reached(Point::ImportRow);
            done = done.saturating_add(1);
            if done.is_multiple_of(STEP_ROWS) {
                progress.step("write", done, total)?;
            }
            Ok(())
        })?;
        progress.step("save", total, total)?;
        Ok(pass.made)
    })?;
    let [residents, households, addresses, joined] = made;
    Ok(BTreeMap::from([
        ("residents".to_owned(), residents),
        ("households".to_owned(), households),
        ("addresses".to_owned(), addresses),
        ("joined".to_owned(), joined),
        ("rejected".to_owned(), rejected),
    ]))
}

impl Pass<'_> {
    fn row(&mut self, act: &mut Act<'_, '_>, number: u64, taken: &Taken) -> Result<(), AppError> {
        let cell = taken.row.cell.clone();
        if !self.permits.contains_key(&cell) {
            let permit = self.session.permit(Action::Import, &Scope::Cell(cell.clone()))?;
            self.permits.insert(cell.clone(), permit);
        }
        let key = taken.household;
        if !self.households.contains_key(&key) {
            let made = self.household(act, key, taken)?;
            self.households.insert(key, made);
        }
        let fresh = DocumentId(self.session.fresh_id());
        let (household, resident) = match self.households.get(&key) {
            Some(Made { id, head: Some((row, head)) }) if *row == number => (*id, *head),
            Some(Made { id, .. }) => (*id, fresh),
            None => return Err(AppError::defect("household of a row")),
        };
        let residence = DocumentId(self.session.fresh_id());
        let permit = self.permits.get(&cell).ok_or_else(|| AppError::defect("permit of a row"))?;
        act.create(permit, Kind::Resident, resident, &resident_fields(taken))?;
        act.create(permit, Kind::Residence, residence, &residence_fields(taken, resident, household))?;
        self.count(0);
        Ok(())
    }

    fn count(&mut self, which: usize) {
        if let Some(count) = self.made.get_mut(which) {
            *count = count.saturating_add(1);
        }
    }

    /// The household of a row: the one that is here, or a new one with its address.
    fn household(&mut self, act: &mut Act<'_, '_>, key: HouseholdKey, taken: &Taken) -> Result<Made, AppError> {
        let planned = self.plan.households.remove(&key).unwrap_or_default();
        if let Some(existing) = planned.existing {
            self.count(3);
            return Ok(Made { id: existing, head: None });
        }
        let address = match &planned.address(taken) {
            Some(text) => Some(self.address(act, taken, text)?),
            None => None,
        };
        let id = DocumentId(self.session.fresh_id());
        let head = planned.head_row.map(|row| (row, DocumentId(self.session.fresh_id())));
        let edits = household_fields(taken, &planned, address, head.map(|(_, id)| id));
        let permit = self.permits.get(&taken.row.cell).ok_or_else(|| AppError::defect("permit of a row"))?;
        act.create(permit, Kind::Household, id, &edits)?;
        self.count(1);
        Ok(Made { id, head })
    }

    /// The address of a text: made once, used by all who live there; one that is here already is used again.
    fn address(&mut self, act: &mut Act<'_, '_>, taken: &Taken, text: &str) -> Result<DocumentId, AppError> {
        let village = taken.village.as_deref();
        let known = address_named(village, text);
        if let Some(id) = self.addresses.get(&known) {
            return Ok(*id);
        }
        let here = self
            .session
            .store
            .read(|reader| store::household::query::address_named(reader, village.unwrap_or_default(), text))?;
        let id = match here {
            Some(id) => crate::records::document_id(&id)?,
            None => {
                let id = DocumentId(self.session.fresh_id());
                let permit = self.permits.get(&taken.row.cell).ok_or_else(|| AppError::defect("permit of a row"))?;
                let edits = [
                    Edit::set("cell", taken.row.cell.as_str()),
                    Edit::set("village", taken.village.clone()),
                    Edit::set("kind", "plate"),
                    Edit::set("name", text.chars().take(NAME_CHARS_MAX).collect::<String>()),
                    Edit::set("full", text),
                ];
                act.create(permit, Kind::Address, id, &edits)?;
                self.count(2);
                id
            }
        };
        self.addresses.insert(known, id);
        Ok(id)
    }
}

fn household_fields(
    taken: &Taken,
    planned: &Household,
    address: Option<DocumentId>,
    head: Option<DocumentId>,
) -> Vec<Edit> {
    let row = &taken.row;
    vec![
        Edit::set("cell", row.cell.as_str()),
        Edit::set("address", address.map(|id| id.to_string())),
        Edit::set("number", row.household_number.clone()),
        Edit::set("head", head.map(|id| id.to_string())),
        // a head with a record of his own is named there alone
        Edit::set("head_name", planned.head_name(taken).filter(|_| head.is_none())),
        Edit::set("kind", row.household_kind.clone().unwrap_or_else(|| "family".to_owned())),
    ]
}

fn resident_fields(taken: &Taken) -> Vec<Edit> {
    let row = &taken.row;
    vec![
        Edit::set("cell", row.cell.as_str()),
        Edit::set("name", row.name.as_str()),
        Edit::set("former_name", row.former_name.clone()),
        Edit::set("sex", row.sex.clone()),
        Edit::set("birth_on", row.born_on.map(|on| on.format("%Y-%m-%d").to_string())),
        Edit::set("id_kind", row.document_kind.clone()),
        Edit::set("id_number", row.document_number.clone()),
        Edit::set("ethnic", row.ethnic.clone()),
        Edit::set("phone", row.phone.clone()),
        Edit::set("education", row.education.clone()),
        Edit::set("marital", row.marital.clone()),
        Edit::set("employer", row.employer.clone()),
        Edit::set("registered_address", row.registered_address.clone()),
        Edit::set("kind", row.resident_kind.clone().unwrap_or_else(|| "registered".to_owned())),
        Edit::set("notes", row.note.clone()),
    ]
}

fn residence_fields(taken: &Taken, resident: DocumentId, household: DocumentId) -> Vec<Edit> {
    vec![
        Edit::set("cell", taken.row.cell.as_str()),
        Edit::set("resident", resident.to_string()),
        Edit::set("household", household.to_string()),
        Edit::set("relation", taken.row.relation.clone()),
        Edit::set("from_on", taken.row.moved_in_on.map(|on| on.format("%Y-%m-%d").to_string())),
    ]
}
