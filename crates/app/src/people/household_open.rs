//! A household's page: who lives there, visits, disputes, what is missing.

use domain::kind::Kind;
use store::household::query::{self, AddressLine, MemberLine, VisitLine};

use super::{age, briefs, masked, masked_number, masked_phone, save_state};
use crate::contract::Open;
use crate::contract::people::{HouseholdPage, Member, VisitBrief};
use crate::error::AppError;
use crate::session::Session;

/// Visits shown.
const VISITS: u32 = 20;

/// Opens a household. Audited.
///
/// # Errors
/// [`AppError::NotFound`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: Open) -> Result<HouseholdPage, AppError> {
    let opened = session.open_shown(&request.document, Kind::Household)?;
    let id = opened.text();
    let today = session.today();
    let day = today.format("%Y-%m-%d").to_string();
    let address = opened.field("address");
    let (lines, visits, visit_count, disputes, path, head_name) = session.store.read(|reader| {
        let path = address.as_deref().map(|id| query::address_path(reader, id)).transpose()?.unwrap_or_default();
        Ok::<_, AppError>((
            query::members(reader, &id, &day)?,
            query::visits(reader, &id, VISITS)?,
            query::visit_count(reader, &id)?,
            query::disputes_of_household(reader, &id)?,
            path,
            query::head_name(reader, &id)?,
        ))
    })?;
    let conflicts = opened.conflicts();
    let missing = missing(&opened, head_name.is_some(), &lines);
    let cell = opened.cell();
    let directory = session.directory();
    Ok(HouseholdPage {
        heads: opened.heads(),
        cell_name: directory.cell(&cell).map(|found| found.name.clone()),
        cell,
        head_name,
        number: opened.field("number"),
        kind: opened.field("kind"),
        phone: masked("phone", masked_phone(opened.reading.text("phone")), &conflicts),
        notes: opened.field("notes"),
        address,
        address_path: names(&path, |code| directory.village(code).map(|found| found.name.clone())),
        plate_code: path.first().and_then(|line| line.plate_code.clone()),
        next_visit_on: opened.field("next_visit_on"),
        members: lines.into_iter().map(|line| member(line, today)).collect(),
        visits: visits.into_iter().map(visit).collect(),
        visit_count,
        disputes: briefs(session, disputes),
        conflicts,
        missing,
        foot: session.foot(opened.id)?,
        document: id,
    })
}

/// The way down the address tree, the village first.
fn names(path: &[AddressLine], village: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let outer = path.iter().rev().find_map(|line| line.village.as_deref()).and_then(village);
    let inner = path.iter().rev().filter_map(|line| match path.len() {
        1 => line.full.clone().or_else(|| line.name.clone()),
        _ => line.name.clone(),
    });
    outer.into_iter().chain(inner).collect()
}

fn member(line: MemberLine, today: chrono::NaiveDate) -> Member {
    let id_number = masked_number(line.id_kind.as_deref(), line.id_number.as_deref());
    Member {
        age: age(line.birth_on.as_deref(), today),
        id_number: masked("id_number", id_number, &line.conflicts),
        phone: masked("phone", masked_phone(line.phone.as_deref()), &line.conflicts),
        residence: line.residence,
        resident: line.resident,
        name: line.name.unwrap_or_default(),
        relation: line.relation,
        sex: line.sex,
        birth_on: line.birth_on,
        kind: line.kind,
        from_on: line.from_on,
    }
}

fn visit(line: VisitLine) -> VisitBrief {
    VisitBrief {
        document: line.id,
        at: line.at,
        kind: line.kind,
        officers: serde_json::from_str(&line.officers).unwrap_or_default(),
        notes: line.notes,
        state: save_state(line.saved),
    }
}

/// What is missing: the phone, a head, identity numbers of members.
fn missing(opened: &crate::records::Opened, has_head: bool, members: &[MemberLine]) -> Vec<String> {
    let mut missing = Vec::new();
    if opened.reading.text("phone").is_none() {
        missing.push("phone".to_owned());
    }
    if !has_head {
        missing.push("head".to_owned());
    }
    let without = members.iter().filter(|line| line.id_number.is_none());
    missing.extend(without.map(|line| format!("resident:{}:id_number", line.resident)));
    missing
}
