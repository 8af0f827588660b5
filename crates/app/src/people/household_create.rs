//! Makes a household with its address, and its head if given, in one act.

use ::sync::ids::DocumentId;
use documents::Edit;
use domain::kind::Kind;
use domain::permit::Action;
use domain::scope::Scope;

use super::resident_save::id_number_free;
use crate::contract::people::HouseholdCreateRequest;
use crate::contract::{Fields, ScalarJson, Written};
use crate::error::AppError;
use crate::fields::{Writable, after, check};
use crate::records::Here;
use crate::session::Session;

/// What the command sets itself.
const HOUSEHOLD: Writable = Writable { not: &["cell", "address", "head", "head_name"], required: &[] };
/// A person needs a name.
pub(super) const PERSON: Writable = Writable { not: &["cell"], required: &["name"] };
/// An address needs a name.
const ADDRESS: Writable = Writable { not: &[], required: &["name"] };

/// Characters of an address node's name; the whole text stands in `full`.
pub(crate) const NAME_CHARS_MAX: usize = 80;
/// GB/T 4761: head of household.
pub(super) const HEAD: &str = "02";

/// Makes the records. An address that is here already is used again.
///
/// # Errors
/// What is wrong with a field; [`AppError::IdNumberTaken`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: HouseholdCreateRequest) -> Result<Written, AppError> {
    let permit = session.permit(Action::Edit, &Scope::Cell(request.cell.clone()))?;
    if session.directory().village(&request.village).is_none() {
        return Err(AppError::FieldUnknownRef { key: "village".to_owned() });
    }
    let here = Here { session };
    let today = session.today();
    let address = check(Kind::Address, &address_fields(&request), None, ADDRESS, today, &here)?;
    let mut household = check(Kind::Household, &request.fields, None, HOUSEHOLD, today, &here)?;
    let head =
        request.head.as_ref().map(|fields| check(Kind::Resident, fields, None, PERSON, today, &here)).transpose()?;
    if let Some(head) = &head {
        id_number_free(session, after(head, None, "id_number").as_text(), None)?;
    }
    let text = after(&address, None, "full").as_text().unwrap_or_default().to_owned();
    let known = session.store.read(|reader| store::household::query::address_named(reader, &request.village, &text))?;
    let fresh = || DocumentId(session.fresh_id());
    let is_new = known.is_none();
    let address_id = known.unwrap_or_else(|| fresh().to_string());
    let (household_id, head_id) = (fresh(), fresh());
    household.extend([Edit::set("cell", request.cell.as_str()), Edit::set("address", address_id.as_str())]);
    if head.is_some() {
        // his name stands in his own record, of the same cell: a copy here would outlive its erasure
        household.push(Edit::set("head", head_id.to_string()));
    }
    session.act(|act| {
        if is_new {
            act.create(&permit, Kind::Address, crate::records::document_id(&address_id)?, &address)?;
        }
        let written = act.create(&permit, Kind::Household, household_id, &household)?;
        if let Some(head) = head {
            let person = [head.as_slice(), &[Edit::set("cell", request.cell.as_str())]].concat();
            act.create(&permit, Kind::Resident, head_id, &person)?;
            let residence =
                residence(&request.cell, head_id, household_id, HEAD, &today.format("%Y-%m-%d").to_string());
            act.create(&permit, Kind::Residence, fresh(), &residence)?;
        }
        Ok(written)
    })
}

/// The fields of a new residence.
pub(super) fn residence(
    cell: &str,
    resident: DocumentId,
    household: DocumentId,
    relation: &str,
    from_on: &str,
) -> Vec<Edit> {
    vec![
        Edit::set("cell", cell),
        Edit::set("resident", resident.to_string()),
        Edit::set("household", household.to_string()),
        Edit::set("relation", relation),
        Edit::set("from_on", from_on),
    ]
}

fn address_fields(request: &HouseholdCreateRequest) -> Fields {
    let text = |text: &str| ScalarJson(domain::shape::Scalar::from(text));
    Fields::from([
        ("cell".to_owned(), text(&request.cell)),
        ("village".to_owned(), text(&request.village)),
        ("kind".to_owned(), text("plate")),
        ("name".to_owned(), text(&request.address.chars().take(NAME_CHARS_MAX).collect::<String>())),
        ("full".to_owned(), text(&request.address)),
    ])
}
