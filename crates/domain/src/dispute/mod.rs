//! Owns: the life of a dispute (矛盾纠纷): its states, which step may follow which, and every reason why not.
//! Must not know: documents, sessions' texts, papers' layout. Facts arrive as plain values ([`DisputeFacts`]).

mod facts;
mod steps;
mod why_not;

pub use facts::{AgreementForm, DisputeFacts, MediationKind, PoliceBar, SessionOutcome, Tier, UnknownCode};
pub use steps::{NextStep, StepKind, kind_of_step, next_steps, transition};
pub use why_not::WhyNot;

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A state of a dispute. Labels are in the code table `dispute_state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeState {
    /// Found or reported.
    Found,
    /// Accepted (受理): the legal clocks begin.
    Accepted,
    /// Graded one to five, with a reason.
    Graded,
    /// A mediator is assigned.
    Assigned,
    /// Facts are being looked into.
    Investigating,
    /// Mediation is going on.
    Mediating,
    /// An agreement was reached.
    Agreed,
    /// Mediation failed.
    Failed,
    /// The agreement is being performed.
    Performing,
    /// Judicial confirmation (司法确认) was asked for.
    Confirmation,
    /// Performed; to be revisited.
    Revisit,
    /// Rated by the parties.
    Rated,
    /// Closed and filed.
    Archived,
    /// Handed to another body.
    Referred,
    /// Withdrawn by the parties.
    Withdrawn,
    /// Goes to court.
    ToCourt,
    /// Goes on as a public order case.
    PenaltyCase,
    /// Handed up a tier.
    Escalated,
}

/// Where in its life a state stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Mediation is not concluded.
    Open,
    /// Mediation is concluded, work remains.
    Settled,
    /// Nothing remains; only a reason reopens it.
    Closed,
}

impl DisputeState {
    /// Every state, in the order of life, exits last.
    pub const ALL: [Self; 18] = [
        Self::Found,
        Self::Accepted,
        Self::Graded,
        Self::Assigned,
        Self::Investigating,
        Self::Mediating,
        Self::Agreed,
        Self::Failed,
        Self::Performing,
        Self::Confirmation,
        Self::Revisit,
        Self::Rated,
        Self::Archived,
        Self::Referred,
        Self::Withdrawn,
        Self::ToCourt,
        Self::PenaltyCase,
        Self::Escalated,
    ];

    /// The stable code, as documents hold it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Accepted => "accepted",
            Self::Graded => "graded",
            Self::Assigned => "assigned",
            Self::Investigating => "investigating",
            Self::Mediating => "mediating",
            Self::Agreed => "agreed",
            Self::Failed => "failed",
            Self::Performing => "performing",
            Self::Confirmation => "confirmation",
            Self::Revisit => "revisit",
            Self::Rated => "rated",
            Self::Archived => "archived",
            Self::Referred => "referred",
            Self::Withdrawn => "withdrawn",
            Self::ToCourt => "to_court",
            Self::PenaltyCase => "penalty_case",
            Self::Escalated => "escalated",
        }
    }

    /// Where in its life the state stands.
    #[must_use]
    pub const fn phase(self) -> Phase {
        match self {
            Self::Found | Self::Accepted | Self::Graded | Self::Assigned | Self::Investigating | Self::Mediating => {
                Phase::Open
            }
            Self::Agreed | Self::Failed | Self::Performing | Self::Confirmation | Self::Revisit | Self::Rated => {
                Phase::Settled
            }
            Self::Archived | Self::Referred | Self::Withdrawn | Self::ToCourt | Self::PenaltyCase | Self::Escalated => {
                Phase::Closed
            }
        }
    }
}

impl fmt::Display for DisputeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for DisputeState {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|state| state.code() == text).ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{CodeTableName, code_table};

    #[test]
    fn every_state_has_labels_and_its_phase_in_the_code_table() {
        let table = code_table(CodeTableName::DisputeState);
        assert_eq!(table.rows.len(), DisputeState::ALL.len());
        for (state, row) in DisputeState::ALL.into_iter().zip(&table.rows) {
            assert_eq!(row.code, state.code());
            assert_eq!(state.code().parse(), Ok(state));
            let phase = match state.phase() {
                Phase::Open => "open",
                Phase::Settled => "settled",
                Phase::Closed => "closed",
            };
            assert_eq!(row.extra.get("phase").map(String::as_str), Some(phase));
        }
        assert!("nowhere".parse::<DisputeState>().is_err());
    }
}
