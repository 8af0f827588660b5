//! Owns: the reasons why a step of a dispute cannot be taken.
//! Must not know: the words for them.

use super::{DisputeState, PoliceBar};
use crate::closed::codes_of;
use serde::Serialize;

/// One reason why a step cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum WhyNot {
    /// No such step leads on from here.
    #[error("no step from {from} to {to}")]
    NoSuchStep {
        /// Where the dispute stands.
        from: DisputeState,
        /// Where it should go.
        to: DisputeState,
    },
    /// It has no title.
    #[error("no title")]
    TitleMissing,
    /// It has no category.
    #[error("no category")]
    CategoryMissing,
    /// It has no grade.
    #[error("no grade")]
    GradeMissing,
    /// The grade is not 1 to 5.
    #[error("grade {grade} is not 1 to 5")]
    GradeOutOfRange {
        /// The grade given.
        grade: i64,
    },
    /// The grade has no reason.
    #[error("no reason for the grade")]
    GradeReasonMissing,
    /// Nobody is assigned to mediate.
    #[error("no mediator")]
    MediatorMissing,
    /// Too few parties.
    #[error("{found} of {needed} parties")]
    PartiesTooFew {
        /// Parties found.
        found: usize,
        /// Parties needed.
        needed: usize,
    },
    /// Parties under age without a guardian (程序规定 art. 181).
    #[error("{count} minors without a guardian")]
    GuardianMissing {
        /// How many.
        count: usize,
    },
    /// Police mediation is not allowed here.
    #[error("police mediation is barred: {}", bar.code())]
    PoliceMediationBarred {
        /// Why.
        bar: PoliceBar,
    },
    /// Police mediation may be tried twice, no more (程序规定 art. 183).
    #[error("police mediation failed twice")]
    PoliceMediationSpent,
    /// The last session did not end in an agreement.
    #[error("the last session did not agree")]
    NoAgreedSession,
    /// No session failed.
    #[error("no session failed")]
    NoFailedSession,
    /// The form of the agreement is not given.
    #[error("no form of agreement")]
    AgreementFormMissing,
    /// A written agreement needs its terms.
    #[error("no terms")]
    AgreementTermsMissing,
    /// It is not recorded that the agreement was performed.
    #[error("not performed")]
    NotPerformed,
    /// The day of filing with the court is not given.
    #[error("confirmation not filed")]
    ConfirmationNotFiled,
    /// The revisit was not made.
    #[error("not revisited")]
    NotRevisited,
    /// No rating is given.
    #[error("no rating")]
    RatingMissing,
    /// A needed paper is missing from the file.
    #[error("paper {paper} is missing")]
    PaperMissing {
        /// Its code in the dossier.
        paper: String,
    },
    /// The step needs a reason.
    #[error("no reason")]
    ReasonMissing,
    /// The step needs to name who takes over.
    #[error("no receiver")]
    ReceiverMissing,
}

codes_of!(WhyNot {
    NoSuchStep => "no_such_step",
    TitleMissing => "title_missing",
    CategoryMissing => "category_missing",
    GradeMissing => "grade_missing",
    GradeOutOfRange => "grade_out_of_range",
    GradeReasonMissing => "grade_reason_missing",
    MediatorMissing => "mediator_missing",
    PartiesTooFew => "parties_too_few",
    GuardianMissing => "guardian_missing",
    PoliceMediationBarred => "police_mediation_barred",
    PoliceMediationSpent => "police_mediation_spent",
    NoAgreedSession => "no_agreed_session",
    NoFailedSession => "no_failed_session",
    AgreementFormMissing => "agreement_form_missing",
    AgreementTermsMissing => "agreement_terms_missing",
    NotPerformed => "not_performed",
    ConfirmationNotFiled => "confirmation_not_filed",
    NotRevisited => "not_revisited",
    RatingMissing => "rating_missing",
    PaperMissing => "paper_missing",
    ReasonMissing => "reason_missing",
    ReceiverMissing => "receiver_missing",
});
