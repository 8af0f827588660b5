//! Takes a case one step on, or says every reason why not.

use documents::{Edit, Reading};
use domain::dispute::{DisputeState, Phase, kind_of_step, transition};
use domain::kind::Kind;
use domain::permit::Action;
use domain::shape::{Scalar, item_key};

use super::case::{facts, state};
use crate::contract::Written;
use crate::contract::dispute::DisputeStepRequest;
use crate::error::AppError;
use crate::records::heads;
use crate::session::Session;

/// Characters of a reason at most.
const REASON_CHARS_MAX: usize = 500;

/// Takes the step.
///
/// # Errors
/// [`AppError::StepNotPossible`] with every reason; [`AppError::StaleForm`]; refusals of permits.
pub(crate) fn run(session: &Session, request: DisputeStepRequest) -> Result<Written, AppError> {
    let opened = session.open_for(Action::Edit, &request.document, Kind::Dispute)?;
    let heads = heads(&request.heads)?;
    let not_possible =
        |reasons: String| AppError::StepNotPossible { to: request.to.chars().take(40).collect(), reasons };
    let to: DisputeState = request.to.parse().map_err(|_| not_possible("no_such_step".to_owned()))?;
    let reason = request.reason.as_deref().map(domain::text::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > REASON_CHARS_MAX) {
        return Err(AppError::TooLarge { what: "reason", max: REASON_CHARS_MAX as u64 });
    }
    let from = state(&opened.reading);
    transition(from, to, &facts(session, &opened.reading, reason)?).map_err(|why| {
        let codes: Vec<&str> = why.iter().map(domain::dispute::WhyNot::code).collect();
        not_possible(codes.join(","))
    })?;
    let edits = edits(session, &opened.reading, from, to, reason);
    session.act(|act| act.edit(&opened, &heads, &edits))
}

fn edits(
    session: &Session,
    reading: &Reading,
    from: DisputeState,
    to: DisputeState,
    reason: Option<&str>,
) -> Vec<Edit> {
    let now = session.now_ms();
    let step = session.fresh_id().to_string();
    let key = |field: &str| item_key("steps", &step, field);
    let mut edits = vec![
        Edit::set("state", to.code()),
        Edit::set(key("to"), to.code()),
        Edit::set(key("at"), now),
        Edit::set(key("officer"), session.officer.to_string()),
        Edit::set(key("officer_name"), session.officer_name()),
    ];
    if let Some(reason) = reason {
        edits.push(Edit::set(key("reason"), reason));
    }
    if to == DisputeState::Accepted && (reading.get("accepted_at").is_empty() || from.phase() == Phase::Closed) {
        edits.push(Edit::set("accepted_at", now));
    }
    match concluding(from, to) {
        Concluding::Now if reading.get("concluded_at").is_empty() => edits.push(Edit::set("concluded_at", now)),
        Concluding::NoMore if !reading.get("concluded_at").is_empty() => {
            edits.push(Edit { key: "concluded_at".to_owned(), value: Scalar::Null });
        }
        Concluding::Now | Concluding::NoMore | Concluding::AsBefore => {}
    }
    edits
}

enum Concluding {
    Now,
    NoMore,
    AsBefore,
}

/// Whether a step ends mediation, or takes it up again.
fn concluding(from: DisputeState, to: DisputeState) -> Concluding {
    debug_assert!(kind_of_step(from, to).is_some());
    match (from.phase(), to.phase()) {
        (Phase::Open, Phase::Settled | Phase::Closed) => Concluding::Now,
        (Phase::Settled | Phase::Closed, Phase::Open) => Concluding::NoMore,
        (Phase::Open, Phase::Open) | (Phase::Settled | Phase::Closed, Phase::Settled | Phase::Closed) => {
            Concluding::AsBefore
        }
    }
}
