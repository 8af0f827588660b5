//! The days that a dispute's legal and station clocks look at, read from its fields, sessions and steps.
//! Must not know the clocks.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use documents::Reading;
use domain::clocks::DisputeClockFacts;
use domain::dispute::{DisputeState, MediationKind, SessionOutcome};
use domain::shape::Scalar;
use domain::week::on_date;

/// What the clocks of a dispute look at. The projection and the case page use this one reading.
#[must_use]
pub fn clock_facts(reading: &Reading) -> DisputeClockFacts {
    let sessions = held_sessions(reading);
    let steps = steps(reading);
    let step = |wanted: &[DisputeState]| {
        steps.iter().rev().find(|(_, state)| wanted.contains(state)).map(|(at, _)| on_date(*at))
    };
    let date = |key: &str| reading.text(key).and_then(|text| text.parse::<NaiveDate>().ok());
    let mut held = sessions.iter();
    let agreed = sessions.iter().find(|(_, outcome)| *outcome == SessionOutcome::Agreed);
    DisputeClockFacts {
        mediation: match reading.get("police_mediation").as_bool() {
            Some(true) => MediationKind::Police,
            Some(false) | None => MediationKind::People,
        },
        grade: reading.text("grade").and_then(|grade| grade.parse().ok()),
        accepted_on: reading.int("accepted_at").map(on_date),
        expert_report_on: None,
        first_session_on: held.next().map(|(at, _)| on_date(*at)),
        agreed_on: agreed.map(|(at, _)| on_date(*at)),
        second_session_on: held.next().map(|(at, _)| on_date(*at)),
        concluded_on: reading.int("concluded_at").map(on_date),
        agreement_on: date("agreement_on"),
        confirmation_filed_on: step(&[DisputeState::Confirmation]),
        revisited_on: step(&[DisputeState::Rated]).or_else(|| date("revisit_on")),
        escalated_on: step(&[DisputeState::Escalated]),
        left_on: step(&[
            DisputeState::Referred,
            DisputeState::Withdrawn,
            DisputeState::ToCourt,
            DisputeState::PenaltyCase,
        ]),
    }
}

/// Sessions that took place and have an outcome, by time.
pub(crate) fn held_sessions(reading: &Reading) -> Vec<(i64, SessionOutcome)> {
    let mut held: Vec<(i64, &str, SessionOutcome)> = reading
        .items("sessions")
        .into_iter()
        .filter_map(|(item, fields)| Some((int(&fields, "at")?, item, text(&fields, "outcome")?.parse().ok()?)))
        .filter(|(_, _, outcome)| *outcome != SessionOutcome::Rescheduled)
        .collect();
    held.sort_by_key(|(at, item, _)| (*at, *item));
    held.into_iter().map(|(at, _, outcome)| (at, outcome)).collect()
}

/// The steps taken, by time.
pub(crate) fn steps(reading: &Reading) -> Vec<(i64, DisputeState)> {
    let mut steps: Vec<(i64, &str, DisputeState)> = reading
        .items("steps")
        .into_iter()
        .filter_map(|(item, fields)| Some((int(&fields, "at")?, item, text(&fields, "to")?.parse().ok()?)))
        .collect();
    steps.sort_by_key(|(at, item, _)| (*at, *item));
    steps.into_iter().map(|(at, _, state)| (at, state)).collect()
}

type Fields<'a> = BTreeMap<&'a str, &'a Scalar>;

fn int(fields: &Fields<'_>, key: &str) -> Option<i64> {
    fields.get(key).and_then(|value| value.as_int())
}

fn text<'a>(fields: &Fields<'a>, key: &str) -> Option<&'a str> {
    fields.get(key).and_then(|value| value.as_text())
}
