//! What the rules of a case's life look at, read from the record. Must not decide anything itself.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use documents::Reading;
use domain::dispute::{DisputeFacts, DisputeState, MediationKind, PoliceBar, SessionOutcome};

use crate::error::AppError;
use crate::people::age;
use crate::session::Session;

/// Under this age a guardian has to be called (程序规定 art. 181).
pub(super) const OF_AGE: u32 = 18;

/// The state a case is in.
pub(crate) fn state(reading: &Reading) -> DisputeState {
    reading.text("state").and_then(|state| state.parse().ok()).unwrap_or(DisputeState::Found)
}

/// Everything the steps look at.
///
/// # Errors
/// Faults of the disk.
pub(crate) fn facts(session: &Session, reading: &Reading, reason: Option<&str>) -> Result<DisputeFacts, AppError> {
    let date = |key: &str| reading.text(key).and_then(|text| text.parse::<NaiveDate>().ok());
    let text = |key: &str| reading.text(key).map(str::to_owned);
    let police = reading.get("police_mediation").as_bool() == Some(true);
    Ok(DisputeFacts {
        mediation: if police { MediationKind::Police } else { MediationKind::People },
        title: text("title"),
        category: text("category"),
        grade: reading.text("grade").and_then(|grade| grade.parse().ok()),
        grade_reason: text("grade_reason"),
        mediators: reading.items("mediators").len(),
        parties: reading.items("parties").len(),
        minors_without_guardian: minors_alone(session, reading)?,
        sessions: sessions(reading),
        bars: bars(reading),
        agreement_form: reading.text("agreement_form").and_then(|form| form.parse().ok()),
        agreement_terms: text("agreement_terms"),
        performed_on: date("performed_on"),
        confirmation_filed_on: date("confirmation_filed_on"),
        revisited_on: date("revisited_on"),
        rating: text("rating"),
        papers_missing: Vec::new(),
        reason: reason.map(str::to_owned),
        receiver: text("receiver"),
    })
}

/// Outcomes of the sessions by time.
fn sessions(reading: &Reading) -> Vec<Option<SessionOutcome>> {
    let mut all: Vec<(i64, &str, Option<SessionOutcome>)> = reading
        .items("sessions")
        .into_iter()
        .map(|(item, fields)| {
            let at = fields.get("at").and_then(|at| at.as_int()).unwrap_or(i64::MAX);
            let outcome =
                fields.get("outcome").and_then(|outcome| outcome.as_text()).and_then(|code| code.parse().ok());
            (at, item, outcome)
        })
        .collect();
    all.sort_by_key(|(at, item, _)| (*at, *item));
    all.into_iter().map(|(_, _, outcome)| outcome).collect()
}

fn bars(reading: &Reading) -> BTreeSet<PoliceBar> {
    reading
        .items("bars")
        .into_iter()
        .filter(|(_, fields)| fields.get("present").and_then(|present| present.as_bool()) == Some(true))
        .filter_map(|(code, _)| code.parse().ok())
        .collect()
}

/// Parties under age, known from their own records, for whom no guardian is named.
fn minors_alone(session: &Session, reading: &Reading) -> Result<usize, AppError> {
    let today = session.today();
    let mut alone = 0;
    for fields in reading.items("parties").values() {
        let guarded = fields.get("guardian").is_some_and(|guardian| !guardian.is_empty());
        let resident = fields.get("resident").and_then(|resident| resident.as_text()).filter(|id| !id.is_empty());
        let (Some(resident), false) = (resident, guarded) else { continue };
        let person = session.store.read(|reader| store::resident::query::person(reader, resident))?;
        let minor = person.and_then(|person| age(person.birth_on.as_deref(), today)).is_some_and(|age| age < OF_AGE);
        alone += usize::from(minor);
    }
    Ok(alone)
}
