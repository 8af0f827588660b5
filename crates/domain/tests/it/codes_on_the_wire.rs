//! Closed enums carry the same code in Rust, in JSON and in the list the screens' texts are checked against.

use domain::codes::CodeTableName;
use domain::dispute::{DisputeState, PoliceBar, WhyNot};
use domain::mediation::Reason;
use domain::name::NameWarning;
use domain::phone::PhoneWarning;
use domain::register::Problem;
use domain::success::Rate;
use serde::Serialize;
use std::collections::BTreeSet;

fn code_in_json(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap();
    json["code"].as_str().unwrap().to_owned()
}

fn same(samples: Vec<(String, &'static str)>, codes: &[&str]) {
    for (json, code) in &samples {
        assert_eq!(json, code);
    }
    let seen: BTreeSet<&str> = samples.iter().map(|(_, code)| *code).collect();
    assert_eq!(seen, codes.iter().copied().collect(), "a sample of every variant");
}

#[test]
fn reasons_why_not_have_one_code_everywhere() {
    let samples = [
        WhyNot::NoSuchStep { from: DisputeState::Found, to: DisputeState::Archived },
        WhyNot::TitleMissing,
        WhyNot::CategoryMissing,
        WhyNot::GradeMissing,
        WhyNot::GradeOutOfRange { grade: 6 },
        WhyNot::GradeReasonMissing,
        WhyNot::MediatorMissing,
        WhyNot::PartiesTooFew { found: 1, needed: 2 },
        WhyNot::GuardianMissing { count: 1 },
        WhyNot::PoliceMediationBarred { bar: PoliceBar::GangFight },
        WhyNot::PoliceMediationSpent,
        WhyNot::NoAgreedSession,
        WhyNot::NoFailedSession,
        WhyNot::AgreementFormMissing,
        WhyNot::AgreementTermsMissing,
        WhyNot::NotPerformed,
        WhyNot::ConfirmationNotFiled,
        WhyNot::NotRevisited,
        WhyNot::RatingMissing,
        WhyNot::PaperMissing { paper: "P01".into() },
        WhyNot::ReasonMissing,
        WhyNot::ReceiverMissing,
    ];
    same(samples.iter().map(|s| (code_in_json(s), s.code())).collect(), WhyNot::CODES);
}

#[test]
fn problems_of_a_row_have_one_code_everywhere() {
    let on = "2026-11-21".parse().unwrap();
    let samples = [
        Problem::Missing,
        Problem::FormulaError,
        Problem::ControlCharacter { at: 1 },
        Problem::TooLong { chars: 2, max: 1 },
        Problem::StoredAsNumber { shown: "3.3E+17".into() },
        Problem::IdLength { found: 17 },
        Problem::IdCharacter { at: 3 },
        Problem::IdCheckDigit { expected: 'X' },
        Problem::IdDivision { division: "999999".into() },
        Problem::IdDate { digits: "19990230".into() },
        Problem::FutureDate { on },
        Problem::ImpossibleDate { text: "x".into() },
        Problem::BirthDisagrees { written: on, by_id: on },
        Problem::SexDisagrees { written: "1".into(), by_id: "2".into() },
        Problem::UnknownCode { table: CodeTableName::Ethnic, text: "x".into() },
        Problem::UnknownCell { text: "x".into() },
        Problem::DuplicateInFile { first_row: 2 },
        Problem::PhoneDoubtful { warning: PhoneWarning::NoAreaCode },
        Problem::NameDoubtful { warning: NameWarning::Digit },
    ];
    same(samples.iter().map(|s| (code_in_json(s), s.code())).collect(), Problem::CODES);
}

#[test]
fn reasons_for_a_mediator_have_one_code_everywhere() {
    let samples = [
        Reason::SuitsGrade { grade: 3 },
        Reason::SuitsOtherGrade { suits: 1 },
        Reason::InArea { area: "A".into() },
        Reason::OutOfArea,
        Reason::SameClass { rate: Rate { agreed: 1, concluded: 2 } },
        Reason::Load { open: 0 },
        Reason::Busy { open: 9 },
        Reason::Away,
        Reason::RelatedToParty { party: 0 },
        Reason::SameSurname { party: 0 },
    ];
    same(samples.iter().map(|s| (code_in_json(s), s.code())).collect(), Reason::CODES);
}
