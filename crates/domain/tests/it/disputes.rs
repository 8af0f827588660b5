//! The life of a dispute: the usual way, the exits, and random walks against a plain model.

use domain::dispute::{
    AgreementForm, DisputeFacts, DisputeState as S, MediationKind, Phase, PoliceBar, SessionOutcome, StepKind, WhyNot,
    kind_of_step, next_steps, transition,
};
use domain::success::{Outcome, outcome};
use proptest::prelude::*;

fn complete() -> DisputeFacts {
    let day = "2026-11-20".parse().ok();
    DisputeFacts {
        mediation: MediationKind::People,
        title: Some("排水沟改道".into()),
        category: Some("0201".into()),
        grade: Some(3),
        grade_reason: Some("亲邻积怨".into()),
        mediators: 1,
        parties: 2,
        sessions: vec![Some(SessionOutcome::Failed), Some(SessionOutcome::Agreed), None],
        agreement_form: Some(AgreementForm::Written),
        agreement_terms: Some("各修一段".into()),
        performed_on: day,
        confirmation_filed_on: day,
        revisited_on: day,
        rating: Some("满意".into()),
        reason: Some("当事人要求".into()),
        receiver: Some("镇综治中心".into()),
        ..DisputeFacts::default()
    }
}

fn why(from: S, to: S, facts: &DisputeFacts) -> Vec<WhyNot> {
    transition(from, to, facts).err().unwrap_or_default()
}

#[test]
fn a_dispute_with_everything_recorded_walks_its_whole_life() {
    let life = [
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
    for two in life.windows(2) {
        assert_eq!(transition(two[0], two[1], &complete()), Ok(()), "{} to {}", two[0], two[1]);
        assert_eq!(kind_of_step(two[0], two[1]), Some(StepKind::Forward));
    }
}

#[test]
fn every_reason_why_not_is_given_at_once() {
    let empty = DisputeFacts::default();
    assert_eq!(
        why(S::Found, S::Accepted, &empty),
        [WhyNot::TitleMissing, WhyNot::CategoryMissing, WhyNot::PartiesTooFew { found: 0, needed: 1 }]
    );
    assert_eq!(why(S::Accepted, S::Graded, &empty), [WhyNot::GradeMissing, WhyNot::GradeReasonMissing]);
    assert_eq!(why(S::Graded, S::Assigned, &empty), [WhyNot::MediatorMissing]);
    assert_eq!(
        why(S::Assigned, S::Mediating, &empty),
        [WhyNot::MediatorMissing, WhyNot::PartiesTooFew { found: 0, needed: 2 }]
    );
    assert_eq!(
        why(S::Mediating, S::Agreed, &empty),
        [WhyNot::PartiesTooFew { found: 0, needed: 2 }, WhyNot::NoAgreedSession, WhyNot::AgreementFormMissing]
    );
    assert_eq!(why(S::Mediating, S::Failed, &empty), [WhyNot::NoFailedSession]);
    assert_eq!(why(S::Performing, S::Revisit, &empty), [WhyNot::NotPerformed]);
    assert_eq!(why(S::Performing, S::Confirmation, &empty), [WhyNot::ConfirmationNotFiled]);
    assert_eq!(why(S::Revisit, S::Rated, &empty), [WhyNot::NotRevisited, WhyNot::RatingMissing]);
    assert_eq!(why(S::Mediating, S::Referred, &empty), [WhyNot::ReasonMissing, WhyNot::ReceiverMissing]);
    assert_eq!(why(S::Archived, S::Accepted, &empty).first(), Some(&WhyNot::ReasonMissing));
    assert_eq!(why(S::Found, S::Agreed, &complete()), [WhyNot::NoSuchStep { from: S::Found, to: S::Agreed }]);
    let blank = DisputeFacts { grade_reason: Some(" \u{3000}".into()), grade: Some(6), ..complete() };
    assert_eq!(why(S::Accepted, S::Graded, &blank), [WhyNot::GradeOutOfRange { grade: 6 }, WhyNot::GradeReasonMissing]);
}

#[test]
fn police_mediation_stops_at_every_bar_and_peoples_mediation_at_none() {
    for bar in PoliceBar::ALL {
        let police = DisputeFacts { mediation: MediationKind::Police, bars: [*bar].into(), ..complete() };
        let barred = WhyNot::PoliceMediationBarred { bar: *bar };
        assert_eq!(why(S::Investigating, S::Mediating, &police), std::slice::from_ref(&barred));
        assert_eq!(why(S::Mediating, S::Agreed, &police), [barred]);
        assert_eq!(why(S::Mediating, S::Failed, &police), []);
        assert_eq!(why(S::Mediating, S::PenaltyCase, &police), []);
        let people = DisputeFacts { mediation: MediationKind::People, ..police };
        assert_eq!(why(S::Investigating, S::Mediating, &people), []);
    }
}

#[test]
fn police_mediation_is_tried_twice_and_no_more() {
    let failed = |times| DisputeFacts {
        mediation: MediationKind::Police,
        sessions: vec![Some(SessionOutcome::Failed); times],
        ..complete()
    };
    assert_eq!(why(S::Failed, S::Mediating, &failed(1)), []);
    assert_eq!(why(S::Failed, S::Mediating, &failed(2)), [WhyNot::PoliceMediationSpent]);
    let people = DisputeFacts { mediation: MediationKind::People, ..failed(2) };
    assert_eq!(why(S::Failed, S::Mediating, &people), []);
}

#[test]
fn a_minor_needs_a_guardian() {
    let facts = DisputeFacts { minors_without_guardian: 1, ..complete() };
    assert_eq!(why(S::Assigned, S::Mediating, &facts), [WhyNot::GuardianMissing { count: 1 }]);
}

#[test]
fn a_session_put_off_does_not_hide_the_one_before() {
    let sessions = vec![Some(SessionOutcome::Agreed), Some(SessionOutcome::Rescheduled), None];
    let facts = DisputeFacts { sessions, ..complete() };
    assert_eq!(why(S::Mediating, S::Agreed, &facts), []);
    let oral = DisputeFacts { agreement_form: Some(AgreementForm::Oral), agreement_terms: None, ..complete() };
    assert_eq!(why(S::Mediating, S::Agreed, &oral), [WhyNot::AgreementTermsMissing]);
    let on_site = DisputeFacts { agreement_form: Some(AgreementForm::OnSite), ..oral };
    assert_eq!(why(S::Mediating, S::Agreed, &on_site), []);
}

#[test]
fn a_failed_mediation_is_filed_away_with_a_reason_and_without_a_revisit() {
    let facts = DisputeFacts { revisited_on: None, ..complete() };
    assert_eq!(why(S::Failed, S::Archived, &facts), []);
    assert_eq!(why(S::Revisit, S::Archived, &facts), [WhyNot::NotRevisited]);
    let silent = DisputeFacts { reason: None, ..facts };
    assert_eq!(why(S::Failed, S::Archived, &silent), [WhyNot::ReasonMissing]);
    assert_eq!(why(S::Performing, S::Failed, &silent), [WhyNot::ReasonMissing]);
}

#[test]
fn missing_papers_keep_a_file_open() {
    let facts = DisputeFacts { papers_missing: vec!["P07".into()], ..complete() };
    assert_eq!(why(S::Rated, S::Archived, &facts), [WhyNot::PaperMissing { paper: "P07".into() }]);
}

fn state() -> impl Strategy<Value = S> {
    proptest::sample::select(S::ALL.to_vec())
}

fn closed_state() -> impl Strategy<Value = S> {
    let closed: Vec<S> = S::ALL.into_iter().filter(|state| state.phase() == Phase::Closed).collect();
    proptest::sample::select(closed)
}

proptest! {
    #[test]
    fn the_steps_shown_are_exactly_those_that_exist(from in state(), to in state()) {
        let shown = next_steps(from, &DisputeFacts::default());
        let found = shown.iter().find(|step| step.to == to);
        prop_assert_eq!(found.map(|step| step.kind), kind_of_step(from, to));
        prop_assert_eq!(shown.iter().filter(|step| step.to == to).count() <= 1, true);
        if let Some(step) = found {
            let answer = transition(from, to, &DisputeFacts::default()).err().unwrap_or_default();
            prop_assert_eq!(&answer, &step.why_not);
        }
    }

    #[test]
    fn a_closed_dispute_only_reopens_and_only_with_a_reason(from in closed_state(), to in state()) {
        let without = DisputeFacts { reason: None, ..complete() };
        prop_assert!(transition(from, to, &without).is_err());
        prop_assert_eq!(transition(from, to, &complete()).is_ok(), to == S::Accepted);
    }

    #[test]
    fn every_walk_keeps_its_promises(choices in proptest::collection::vec(0_usize..12, 0..40)) {
        let facts = complete();
        let mut steps = vec![S::Found];
        for choice in choices {
            let from = *steps.last().unwrap();
            let possible: Vec<S> = next_steps(from, &facts).into_iter()
                .filter(|step| step.why_not.is_empty()).map(|step| step.to).collect();
            prop_assert!(!possible.is_empty(), "stuck in {}", from);
            steps.push(possible[choice % possible.len()]);
        }
        // Model: the last of agreed, failed or a return to open work decides; agreed only ever follows mediating.
        for two in steps.windows(2) {
            prop_assert!(two[1] != S::Agreed || two[0] == S::Mediating);
            prop_assert!(two[0].phase() != Phase::Closed || two[1] == S::Accepted);
        }
        let last_work = steps.iter().rposition(|s| s.phase() == Phase::Open).unwrap_or(0);
        let agreed = steps[last_work..].contains(&S::Agreed) && !steps[last_work..].contains(&S::Failed);
        prop_assert_eq!(outcome(&steps) == Outcome::Agreed, agreed);
    }
}
