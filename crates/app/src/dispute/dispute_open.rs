//! A case's page: steps, clocks, what can come next, people, sessions, one timeline.

use std::collections::BTreeMap;

use documents::Reading;
use domain::dispute::{DisputeState as S, WhyNot, next_steps};
use domain::kind::Kind;
use domain::shape::Scalar;
use store::mediator::query::Which;

use super::case::{OF_AGE, facts, state};
use super::clocks;
use super::suggestion::reasons_of;
use crate::contract::dispute::{
    CaseMediator, DisputePage, NextStep, Party, Session as SessionView, StepMark, TimelineRow,
};
use crate::contract::{Foot, Open, SaveState};
use crate::error::AppError;
use crate::people::{age, masked, masked_phone};
use crate::records::Opened;
use crate::session::Session;

/// The twelve steps in the order of life.
const STEPS: [S; 12] = [
    S::Found,
    S::Accepted,
    S::Graded,
    S::Assigned,
    S::Investigating,
    S::Mediating,
    S::Agreed,
    S::Performing,
    S::Confirmation,
    S::Revisit,
    S::Rated,
    S::Archived,
];

/// Opens a case. Audited.
///
/// # Errors
/// [`AppError::NotFound`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: Open) -> Result<DisputePage, AppError> {
    let opened = session.open_shown(&request.document, Kind::Dispute)?;
    let reading = &opened.reading;
    let foot = session.foot(opened.id)?;
    let now = state(reading);
    let mut sessions = sessions(reading, &foot);
    sessions.sort_by_key(|one| one.at.unwrap_or(i64::MAX));
    Ok(DisputePage {
        document: opened.text(),
        heads: opened.heads(),
        fields: opened.view(),
        state: now.code().to_owned(),
        steps: marks(reading, now),
        clocks: clocks(reading, session.today()),
        next: next(session, reading, now)?,
        parties: parties(session, &opened)?,
        mediators: mediators(session, reading)?,
        timeline: timeline(reading, &sessions),
        sessions,
        conflicts: opened.conflicts(),
        foot,
    })
}

/// When each state was last entered.
fn entered(reading: &Reading) -> BTreeMap<S, i64> {
    let mut entered = BTreeMap::new();
    if let Some(at) = reading.int("found_at") {
        entered.insert(S::Found, at);
    }
    for fields in reading.items("steps").values() {
        let to = text(fields, "to").and_then(|to| to.parse::<S>().ok());
        if let (Some(to), Some(at)) = (to, int(fields, "at")) {
            let newest = entered.entry(to).or_insert(at);
            *newest = (*newest).max(at);
        }
    }
    entered
}

/// A failed mediation stands where the agreement would.
fn marks(reading: &Reading, now: S) -> Vec<StepMark> {
    let entered = entered(reading);
    let place = |state: S| STEPS.iter().position(|step| *step == if state == S::Failed { S::Agreed } else { state });
    let reached_to = place(now).or_else(|| entered.keys().filter_map(|state| place(*state)).max()).unwrap_or(0);
    STEPS
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let failed = *step == S::Agreed && entered.contains_key(&S::Failed) && !entered.contains_key(&S::Agreed);
            let shown = if failed { S::Failed } else { *step };
            let optional = matches!(step, S::Confirmation | S::Investigating | S::Rated);
            StepMark {
                state: shown.code().to_owned(),
                at: entered.get(&shown).copied(),
                reached: entered.contains_key(&shown) || (at <= reached_to && !optional),
                current: place(now) == Some(at),
                optional: optional && !entered.contains_key(step),
            }
        })
        .collect()
}

fn next(session: &Session, reading: &Reading, now: S) -> Result<Vec<NextStep>, AppError> {
    let facts = facts(session, reading, None)?;
    let step = |step: domain::dispute::NextStep| NextStep {
        to: step.to.code().to_owned(),
        needs_reason: step.why_not.contains(&WhyNot::ReasonMissing),
        why_not: step
            .why_not
            .iter()
            .filter(|why| **why != WhyNot::ReasonMissing)
            .map(|why| why.code().to_owned())
            .collect(),
    };
    Ok(next_steps(now, &facts).into_iter().map(step).collect())
}

fn parties(session: &Session, opened: &Opened) -> Result<Vec<Party>, AppError> {
    let conflicts = opened.conflicts();
    let today = session.today();
    let items = opened.reading.items("parties");
    // one look at the database for all of them
    let known = session.store.read(|reader| {
        let residents = items.values().filter_map(|fields| text(fields, "resident"));
        let found = residents.map(|id| Ok((id.clone(), store::resident::query::person(reader, &id)?)));
        found.collect::<Result<BTreeMap<_, _>, AppError>>()
    })?;
    let mut parties = Vec::new();
    for (item, fields) in items {
        let resident = text(&fields, "resident");
        let person = resident.as_ref().and_then(|id| known.get(id)?.clone());
        let own_phone = text(&fields, "phone");
        let phone = own_phone.or_else(|| person.as_ref().and_then(|person| person.phone.clone()));
        let years = person.as_ref().and_then(|person| age(person.birth_on.as_deref(), today));
        parties.push(Party {
            item: item.to_owned(),
            role: text(&fields, "role"),
            name: text(&fields, "name")
                .or_else(|| person.as_ref().and_then(|person| person.name.clone()))
                .unwrap_or_default(),
            phone: masked(&format!("parties/{item}/phone"), masked_phone(phone.as_deref()), &conflicts),
            sex: person.as_ref().and_then(|person| person.sex.clone()),
            age: years,
            address: person.map(|person| person.address).filter(|address| !address.is_empty()),
            guardian: text(&fields, "guardian"),
            minor: years.is_some_and(|years| years < OF_AGE),
            resident,
        });
    }
    parties.sort_by(|a, b| (&a.role, &a.item).cmp(&(&b.role, &b.item)));
    Ok(parties)
}

fn mediators(session: &Session, reading: &Reading) -> Result<Vec<CaseMediator>, AppError> {
    let items = reading.items("mediators");
    let ids: Vec<String> = items.values().filter_map(|fields| text(fields, "mediator")).collect();
    let reasons = if ids.is_empty() { Vec::new() } else { reasons_of(session, reading, Which::These(&ids))? };
    let one = |(item, fields): (&str, BTreeMap<&str, &Scalar>)| {
        let mediator = text(&fields, "mediator");
        let known = mediator.as_ref().and_then(|id| reasons.iter().find(|row| row.document == *id));
        CaseMediator {
            item: item.to_owned(),
            name: text(&fields, "name").or_else(|| known.map(|row| row.name.clone())).unwrap_or_default(),
            kind: known.and_then(|row| row.kind.clone()),
            host: fields.get("host").and_then(|host| host.as_bool()) == Some(true),
            reasons: known.map(|row| row.reasons.clone()).unwrap_or_default(),
            mediator,
        }
    };
    Ok(items.into_iter().map(one).collect())
}

fn sessions(reading: &Reading, foot: &Foot) -> Vec<SessionView> {
    let saved = if foot.unsent > 0 { SaveState::Here } else { foot.state };
    let one = |(item, fields): (&str, BTreeMap<&str, &Scalar>)| SessionView {
        item: item.to_owned(),
        kind: text(&fields, "kind"),
        at: int(&fields, "at"),
        place: text(&fields, "place"),
        present: text(&fields, "present"),
        record: text(&fields, "record"),
        outcome: text(&fields, "outcome"),
        saved,
    };
    reading.items("sessions").into_iter().map(one).collect()
}

fn timeline(reading: &Reading, sessions: &[SessionView]) -> Vec<TimelineRow> {
    let mut rows: Vec<TimelineRow> = Vec::new();
    if let Some(at) = reading.int("found_at") {
        rows.push(TimelineRow {
            at,
            kind: "step".to_owned(),
            code: S::Found.code().to_owned(),
            officer: reading.items("officers").values().next().and_then(|fields| text(fields, "name")),
            text: reading.text("facts").map(str::to_owned),
            outcome: None,
        });
    }
    for fields in reading.items("steps").values() {
        if let (Some(at), Some(code)) = (int(fields, "at"), text(fields, "to")) {
            let (officer, text) = (text(fields, "officer_name"), text(fields, "reason"));
            rows.push(TimelineRow { at, kind: "step".to_owned(), code, officer, text, outcome: None });
        }
    }
    rows.extend(sessions.iter().filter_map(|session| {
        Some(TimelineRow {
            at: session.at?,
            kind: "session".to_owned(),
            code: session.kind.clone().unwrap_or_default(),
            officer: session.present.clone(),
            text: session.record.clone(),
            outcome: session.outcome.clone(),
        })
    }));
    rows.sort_by_key(|row| row.at);
    rows
}

fn text(fields: &BTreeMap<&str, &Scalar>, key: &str) -> Option<String> {
    fields.get(key).and_then(|value| value.as_text()).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn int(fields: &BTreeMap<&str, &Scalar>, key: &str) -> Option<i64> {
    fields.get(key).and_then(|value| value.as_int())
}
