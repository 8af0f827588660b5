//! Owns: which step may follow which, and the conditions of each.
//! Must not know: who takes the step (see `permit`).

use super::facts::given;
use super::{AgreementForm, DisputeFacts, DisputeState, MediationKind, Phase, SessionOutcome, WhyNot};
use serde::Serialize;

/// What kind of step it is, for the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Onward in the usual life.
    Forward,
    /// Back: mediated again, or not performed.
    Back,
    /// Out of it: referred, withdrawn, to court, penalty case, handed up.
    Exit,
    /// A closed dispute comes back to work.
    Reopen,
}

/// A step that leads on from a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// Where it leads.
    pub to: DisputeState,
    /// What kind of step.
    pub kind: StepKind,
    /// Every reason why it cannot be taken now; empty when it can.
    pub why_not: Vec<WhyNot>,
}

/// The onward steps of a state. An investigation may be left out (its record is an "as needed" paper of the dossier),
/// confirmation and rating too.
const fn forward(from: DisputeState) -> &'static [DisputeState] {
    use DisputeState as S;
    match from {
        S::Found => &[S::Accepted],
        S::Accepted => &[S::Graded],
        S::Graded => &[S::Assigned],
        S::Assigned => &[S::Investigating, S::Mediating],
        S::Investigating => &[S::Mediating],
        S::Mediating => &[S::Agreed, S::Failed],
        S::Agreed => &[S::Performing],
        S::Performing => &[S::Revisit, S::Confirmation],
        S::Confirmation => &[S::Performing, S::Revisit],
        S::Revisit => &[S::Rated, S::Archived],
        S::Failed | S::Rated => &[S::Archived],
        S::Archived | S::Referred | S::Withdrawn | S::ToCourt | S::PenaltyCase | S::Escalated => &[],
    }
}

const fn back(from: DisputeState) -> &'static [DisputeState] {
    use DisputeState as S;
    match from {
        S::Failed => &[S::Mediating],
        S::Performing | S::Confirmation => &[S::Failed],
        S::Found
        | S::Accepted
        | S::Graded
        | S::Assigned
        | S::Investigating
        | S::Mediating
        | S::Agreed
        | S::Revisit
        | S::Rated
        | S::Archived
        | S::Referred
        | S::Withdrawn
        | S::ToCourt
        | S::PenaltyCase
        | S::Escalated => &[],
    }
}

const EXITS: [DisputeState; 5] = [
    DisputeState::Referred,
    DisputeState::Withdrawn,
    DisputeState::ToCourt,
    DisputeState::PenaltyCase,
    DisputeState::Escalated,
];

/// The exits of a state: every open one, and those where an agreement failed or is not performed.
const fn exits(from: DisputeState) -> &'static [DisputeState] {
    use DisputeState as S;
    match from {
        S::Found | S::Accepted | S::Graded | S::Assigned | S::Investigating | S::Mediating | S::Failed => &EXITS,
        S::Agreed | S::Performing | S::Confirmation => &[S::ToCourt, S::PenaltyCase, S::Escalated],
        S::Revisit
        | S::Rated
        | S::Archived
        | S::Referred
        | S::Withdrawn
        | S::ToCourt
        | S::PenaltyCase
        | S::Escalated => &[],
    }
}

/// What kind of step leads from one state to another; none when no step does.
#[must_use]
pub fn kind_of_step(from: DisputeState, to: DisputeState) -> Option<StepKind> {
    if forward(from).contains(&to) {
        return Some(StepKind::Forward);
    }
    if back(from).contains(&to) {
        return Some(StepKind::Back);
    }
    if exits(from).contains(&to) {
        return Some(StepKind::Exit);
    }
    let reopens = from.phase() == Phase::Closed && to == DisputeState::Accepted;
    reopens.then_some(StepKind::Reopen)
}

/// Takes a step.
///
/// # Errors
/// Every reason why it cannot be taken.
pub fn transition(from: DisputeState, to: DisputeState, facts: &DisputeFacts) -> Result<(), Vec<WhyNot>> {
    let Some(kind) = kind_of_step(from, to) else {
        return Err(vec![WhyNot::NoSuchStep { from, to }]);
    };
    let why_not = why_not(from, to, kind, facts);
    if why_not.is_empty() {
        return Ok(());
    }
    Err(why_not)
}

/// Every step that leads on from a state, usual ones first, each with what it still needs.
#[must_use]
pub fn next_steps(from: DisputeState, facts: &DisputeFacts) -> Vec<NextStep> {
    let reopen: &[DisputeState] = match from.phase() {
        Phase::Closed => &[DisputeState::Accepted],
        Phase::Open | Phase::Settled => &[],
    };
    [
        (forward(from), StepKind::Forward),
        (back(from), StepKind::Back),
        (exits(from), StepKind::Exit),
        (reopen, StepKind::Reopen),
    ]
    .into_iter()
    .flat_map(|(targets, kind)| targets.iter().map(move |to| (*to, kind)))
    .map(|(to, kind)| NextStep { to, kind, why_not: why_not(from, to, kind, facts) })
    .collect()
}

fn why_not(from: DisputeState, to: DisputeState, kind: StepKind, facts: &DisputeFacts) -> Vec<WhyNot> {
    let mut found = Vec::new();
    let needs_reason = match kind {
        StepKind::Reopen | StepKind::Exit => true,
        StepKind::Back => to == DisputeState::Failed,
        // Filing a failed mediation away must say what the parties were told.
        StepKind::Forward => from == DisputeState::Failed,
    };
    if needs_reason && !given(facts.reason.as_deref()) {
        found.push(WhyNot::ReasonMissing);
    }
    match to {
        DisputeState::Accepted => accepting(facts, &mut found),
        DisputeState::Graded => grading(facts, &mut found),
        DisputeState::Assigned => assigning(facts, &mut found),
        DisputeState::Mediating => mediating(facts, &mut found),
        DisputeState::Agreed => agreeing(facts, &mut found),
        DisputeState::Failed if kind == StepKind::Forward => failing(facts, &mut found),
        DisputeState::Confirmation => {
            require(facts.confirmation_filed_on.is_some(), WhyNot::ConfirmationNotFiled, &mut found);
        }
        DisputeState::Revisit => {
            require(facts.performed_on.is_some(), WhyNot::NotPerformed, &mut found);
        }
        DisputeState::Rated => {
            require(facts.revisited_on.is_some(), WhyNot::NotRevisited, &mut found);
            require(given(facts.rating.as_deref()), WhyNot::RatingMissing, &mut found);
        }
        DisputeState::Archived => archiving(from, facts, &mut found),
        DisputeState::Referred | DisputeState::Escalated => {
            require(given(facts.receiver.as_deref()), WhyNot::ReceiverMissing, &mut found);
        }
        DisputeState::Found
        | DisputeState::Investigating
        | DisputeState::Failed
        | DisputeState::Performing
        | DisputeState::Withdrawn
        | DisputeState::ToCourt
        | DisputeState::PenaltyCase => {}
    }
    found
}

fn require(holds: bool, otherwise: WhyNot, found: &mut Vec<WhyNot>) {
    if !holds {
        found.push(otherwise);
    }
}

fn parties(needed: usize, facts: &DisputeFacts, found: &mut Vec<WhyNot>) {
    let enough = facts.parties >= needed;
    let otherwise = WhyNot::PartiesTooFew { found: facts.parties, needed };
    require(enough, otherwise, found);
}

fn accepting(facts: &DisputeFacts, found: &mut Vec<WhyNot>) {
    require(given(facts.title.as_deref()), WhyNot::TitleMissing, found);
    require(given(facts.category.as_deref()), WhyNot::CategoryMissing, found);
    parties(1, facts, found);
}

fn grading(facts: &DisputeFacts, found: &mut Vec<WhyNot>) {
    match facts.grade {
        None => found.push(WhyNot::GradeMissing),
        Some(grade) if !(1..=5).contains(&grade) => found.push(WhyNot::GradeOutOfRange { grade }),
        Some(_) => {}
    }
    require(given(facts.grade_reason.as_deref()), WhyNot::GradeReasonMissing, found);
}

fn assigning(facts: &DisputeFacts, found: &mut Vec<WhyNot>) {
    require(facts.mediators > 0, WhyNot::MediatorMissing, found);
}

fn mediating(facts: &DisputeFacts, found: &mut Vec<WhyNot>) {
    assigning(facts, found);
    parties(2, facts, found);
    guardians(facts, found);
    bars(facts, found);
    let spent = facts.mediation == MediationKind::Police && facts.failed_sessions() >= 2;
    require(!spent, WhyNot::PoliceMediationSpent, found);
}

fn guardians(facts: &DisputeFacts, found: &mut Vec<WhyNot>) {
    let count = facts.minors_without_guardian;
    require(count == 0, WhyNot::GuardianMissing { count }, found);
}

fn bars(facts: &DisputeFacts, found: &mut Vec<WhyNot>) {
    if facts.mediation == MediationKind::Police {
        found.extend(facts.bars.iter().map(|bar| WhyNot::PoliceMediationBarred { bar: *bar }));
    }
}

fn agreeing(facts: &DisputeFacts, found: &mut Vec<WhyNot>) {
    parties(2, facts, found);
    guardians(facts, found);
    bars(facts, found);
    let agreed = facts.last_outcome() == Some(SessionOutcome::Agreed);
    require(agreed, WhyNot::NoAgreedSession, found);
    match facts.agreement_form {
        None => found.push(WhyNot::AgreementFormMissing),
        // An oral agreement is recorded too (人民调解法 art. 28); on the spot the record is the recording.
        Some(AgreementForm::Written | AgreementForm::Oral) => {
            let terms = given(facts.agreement_terms.as_deref());
            require(terms, WhyNot::AgreementTermsMissing, found);
        }
        Some(AgreementForm::OnSite) => {}
    }
}

fn failing(facts: &DisputeFacts, found: &mut Vec<WhyNot>) {
    // A bar that turns up during police mediation ends it without a failed session.
    let barred = facts.mediation == MediationKind::Police && !facts.bars.is_empty();
    let failed = facts.last_outcome() == Some(SessionOutcome::Failed);
    require(failed || barred, WhyNot::NoFailedSession, found);
}

fn archiving(from: DisputeState, facts: &DisputeFacts, found: &mut Vec<WhyNot>) {
    if from != DisputeState::Failed {
        require(facts.revisited_on.is_some(), WhyNot::NotRevisited, found);
    }
    let missing = facts.papers_missing.iter().cloned();
    found.extend(missing.map(|paper| WhyNot::PaperMissing { paper }));
}
