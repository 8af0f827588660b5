//! Mediators for a case, in order and with every reason for and against. No score.

use std::collections::BTreeMap;

use documents::Reading;
use domain::mediation::{Availability, Candidate, Case, Reason as Why, suggest};
use domain::success::Rate;
use store::mediator::query::{self, MediatorRow as Line, Which};
use uuid::Uuid;

use crate::contract::dispute::{MediatorRow, Reason};
use crate::error::AppError;
use crate::session::Session;

/// The mediators asked for in the order of suggestion for one case.
///
/// # Errors
/// Faults of the disk.
pub(super) fn reasons_of(session: &Session, reading: &Reading, which: Which<'_>) -> Result<Vec<MediatorRow>, AppError> {
    let class: String = reading.text("category").unwrap_or_default().chars().take(2).collect();
    let (lines, results) = session
        .store
        .read(|reader| Ok::<_, AppError>((query::list(reader, which)?, query::of_class(reader, &class, which)?)))?;
    let candidates: Vec<Candidate> = lines.iter().filter_map(|line| candidate(line, &results)).collect();
    let case = Case {
        grade: reading.text("grade").and_then(|grade| grade.parse().ok()),
        areas: areas_of(session, reading),
        parties: names(reading),
    };
    let mut by_id: BTreeMap<String, Line> = lines.into_iter().map(|line| (line.document.clone(), line)).collect();
    let rows = suggest(&case, &candidates).into_iter().filter_map(|suggestion| {
        let line = by_id.remove(&suggestion.mediator.to_string())?;
        Some(row(line, suggestion.reasons.iter().map(|why| words(why, &case)).collect()))
    });
    Ok(rows.collect())
}

/// A mediator as the contract shows him.
pub(super) fn row(line: Line, reasons: Vec<Reason>) -> MediatorRow {
    MediatorRow {
        heads: line.heads.chunks(32).map(hex::encode).collect(),
        document: line.document,
        name: line.name,
        kind: line.kind,
        skills: line.skills,
        areas: line.areas,
        open_cases: line.open_cases,
        agreed: line.agreed,
        concluded: line.concluded,
        available: line.available,
        reasons,
    }
}

fn candidate(line: &Line, results: &BTreeMap<String, (u64, u64)>) -> Option<Candidate> {
    let (agreed, concluded) = results.get(&line.document).copied().unwrap_or_default();
    let areas = line.areas.as_deref().unwrap_or_default();
    Some(Candidate {
        id: line.document.parse::<Uuid>().ok()?,
        name: line.name.clone(),
        kind: line.kind.clone(),
        areas: areas
            .split(['、', '，', ',', ';', '；', ' '])
            .filter(|area| !area.is_empty())
            .map(str::to_owned)
            .collect(),
        availability: if line.available { Availability::Available } else { Availability::Away },
        open_disputes: line.open_cases,
        same_class: Rate { agreed, concluded },
        related_parties: Vec::new(),
    })
}

/// The register names areas as people do, so the cell and its villages count by code and by name.
fn areas_of(session: &Session, reading: &Reading) -> Vec<String> {
    let directory = session.directory();
    let Some(cell) = reading.text("cell").and_then(|code| directory.cell(code)) else { return Vec::new() };
    let villages = cell.villages.iter().filter_map(|code| directory.village(code));
    let mut areas = vec![cell.code.clone(), cell.name.clone()];
    areas.extend(villages.flat_map(|village| [village.code.clone(), village.name.clone()]));
    areas
}

fn names(reading: &Reading) -> Vec<String> {
    let name = |fields: BTreeMap<&str, &domain::shape::Scalar>| {
        fields.get("name").and_then(|name| name.as_text()).unwrap_or_default().to_owned()
    };
    reading.items("parties").into_values().map(name).collect()
}

fn words(why: &Why, case: &Case) -> Reason {
    let mut args = BTreeMap::new();
    let mut say = |key: &str, value: String| args.insert(key.to_owned(), value);
    match why {
        Why::SuitsGrade { grade } => drop(say("grade", grade.to_string())),
        Why::SuitsOtherGrade { suits } => drop(say("grade", suits.to_string())),
        Why::InArea { area } => drop(say("area", area.clone())),
        Why::SameClass { rate } => {
            say("agreed", rate.agreed.to_string());
            say("concluded", rate.concluded.to_string());
        }
        Why::Load { open } | Why::Busy { open } => drop(say("open", open.to_string())),
        Why::RelatedToParty { party } | Why::SameSurname { party } => {
            say("party", case.parties.get(*party).cloned().unwrap_or_default());
        }
        Why::OutOfArea | Why::Away => {}
    }
    Reason { code: why.code().to_owned(), good: !why.is_caution(), args }
}
