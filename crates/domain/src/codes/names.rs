//! Owns: the closed list of code table names, their standards and built-in files.
//! Must not know: what a row means.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The code tables of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeTableName {
    /// Sex of a person.
    Sex,
    /// Marital state.
    Marital,
    /// Ethnic groups.
    Ethnic,
    /// Schooling.
    Education,
    /// Relation to the head of a household.
    Relation,
    /// Political affiliation.
    Political,
    /// Kinds of identity papers.
    IdDocument,
    /// Occupation groups.
    Occupation,
    /// Dispute categories: a tree of 17 classes and a short list of 6.
    DisputeCategory,
    /// Size of a dispute.
    DisputeScale,
    /// Where a dispute came from.
    DisputeSource,
    /// The five grades, with days and the kind of mediator that suits.
    DisputeGrade,
    /// Five kinds of mediator.
    MediatorKind,
    /// Patrol modes.
    PatrolMode,
    /// Kinds of visit.
    VisitKind,
    /// Ways of settling a dispute.
    ResolutionMethod,
    /// Kinds of lodging.
    DwellingKind,
    /// Kinds of household.
    HouseholdKind,
    /// Kinds of resident.
    ResidentKind,
    /// Kinds of node in the address tree.
    AddressKind,
    /// Kinds of mediation session.
    SessionKind,
    /// Outcomes of a mediation session.
    SessionOutcome,
    /// Role of a party in a dispute.
    PartyRole,
    /// Who walks a patrol.
    CrewKind,
    /// The three tiers of mediation.
    DisputeTier,
    /// Form of an agreement.
    AgreementForm,
    /// People's mediation or police mediation; decides which legal clocks run.
    MediationKind,
    /// States of a dispute.
    DisputeState,
    /// What forbids police mediation.
    PoliceBar,
}

impl CodeTableName {
    /// Every table, standards first.
    pub const ALL: &'static [Self] = &[
        Self::Sex,
        Self::Marital,
        Self::Ethnic,
        Self::Education,
        Self::Relation,
        Self::Political,
        Self::IdDocument,
        Self::Occupation,
        Self::DisputeCategory,
        Self::DisputeScale,
        Self::DisputeSource,
        Self::DisputeGrade,
        Self::MediatorKind,
        Self::PatrolMode,
        Self::VisitKind,
        Self::ResolutionMethod,
        Self::DwellingKind,
        Self::HouseholdKind,
        Self::ResidentKind,
        Self::AddressKind,
        Self::SessionKind,
        Self::SessionOutcome,
        Self::PartyRole,
        Self::CrewKind,
        Self::DisputeTier,
        Self::AgreementForm,
        Self::MediationKind,
        Self::DisputeState,
        Self::PoliceBar,
    ];

    /// The stable key, also the name of the file.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Sex => "sex",
            Self::Marital => "marital",
            Self::Ethnic => "ethnic",
            Self::Education => "education",
            Self::Relation => "relation",
            Self::Political => "political",
            Self::IdDocument => "id_document",
            Self::Occupation => "occupation",
            Self::DisputeCategory => "dispute_category",
            Self::DisputeScale => "dispute_scale",
            Self::DisputeSource => "dispute_source",
            Self::DisputeGrade => "dispute_grade",
            Self::MediatorKind => "mediator_kind",
            Self::PatrolMode => "patrol_mode",
            Self::VisitKind => "visit_kind",
            Self::ResolutionMethod => "resolution_method",
            Self::DwellingKind => "dwelling_kind",
            Self::HouseholdKind => "household_kind",
            Self::ResidentKind => "resident_kind",
            Self::AddressKind => "address_kind",
            Self::SessionKind => "session_kind",
            Self::SessionOutcome => "session_outcome",
            Self::PartyRole => "party_role",
            Self::CrewKind => "crew_kind",
            Self::DisputeTier => "dispute_tier",
            Self::AgreementForm => "agreement_form",
            Self::MediationKind => "mediation_kind",
            Self::DisputeState => "dispute_state",
            Self::PoliceBar => "police_bar",
        }
    }

    /// The standard the codes come from; `project` where they are ours or their standard text was not read.
    #[must_use]
    pub const fn standard(self) -> &'static str {
        match self {
            Self::Sex => "GB/T 2261.1-2003",
            Self::Marital => "GB/T 2261.2-2003",
            Self::Ethnic => "GB/T 3304-1991",
            Self::Education => "GB/T 4658-2006",
            Self::Relation => "GB/T 4761-2008",
            Self::Political => "GB/T 4762-1984",
            Self::IdDocument => "GA/T 517-2004",
            Self::Occupation => "GB/T 6565-2015",
            Self::DisputeCategory
            | Self::DisputeScale
            | Self::DisputeSource
            | Self::DisputeGrade
            | Self::MediatorKind
            | Self::PatrolMode
            | Self::VisitKind
            | Self::ResolutionMethod
            | Self::DwellingKind
            | Self::HouseholdKind
            | Self::ResidentKind
            | Self::AddressKind
            | Self::SessionKind
            | Self::SessionOutcome
            | Self::PartyRole
            | Self::CrewKind
            | Self::DisputeTier
            | Self::AgreementForm
            | Self::MediationKind
            | Self::DisputeState
            | Self::PoliceBar => "project",
        }
    }

    /// The CSV text built into the product.
    #[must_use]
    pub const fn built_in_csv(self) -> &'static str {
        match self {
            Self::Sex => include_str!("../../data/codes/sex.csv"),
            Self::Marital => include_str!("../../data/codes/marital.csv"),
            Self::Ethnic => include_str!("../../data/codes/ethnic.csv"),
            Self::Education => include_str!("../../data/codes/education.csv"),
            Self::Relation => include_str!("../../data/codes/relation.csv"),
            Self::Political => include_str!("../../data/codes/political.csv"),
            Self::IdDocument => include_str!("../../data/codes/id_document.csv"),
            Self::Occupation => include_str!("../../data/codes/occupation.csv"),
            Self::DisputeCategory => include_str!("../../data/codes/dispute_category.csv"),
            Self::DisputeScale => include_str!("../../data/codes/dispute_scale.csv"),
            Self::DisputeSource => include_str!("../../data/codes/dispute_source.csv"),
            Self::DisputeGrade => include_str!("../../data/codes/dispute_grade.csv"),
            Self::MediatorKind => include_str!("../../data/codes/mediator_kind.csv"),
            Self::PatrolMode => include_str!("../../data/codes/patrol_mode.csv"),
            Self::VisitKind => include_str!("../../data/codes/visit_kind.csv"),
            Self::ResolutionMethod => include_str!("../../data/codes/resolution_method.csv"),
            Self::DwellingKind => include_str!("../../data/codes/dwelling_kind.csv"),
            Self::HouseholdKind => include_str!("../../data/project/household_kind.csv"),
            Self::ResidentKind => include_str!("../../data/project/resident_kind.csv"),
            Self::AddressKind => include_str!("../../data/project/address_kind.csv"),
            Self::SessionKind => include_str!("../../data/project/session_kind.csv"),
            Self::SessionOutcome => include_str!("../../data/project/session_outcome.csv"),
            Self::PartyRole => include_str!("../../data/project/party_role.csv"),
            Self::CrewKind => include_str!("../../data/project/crew_kind.csv"),
            Self::DisputeTier => include_str!("../../data/project/dispute_tier.csv"),
            Self::AgreementForm => include_str!("../../data/project/agreement_form.csv"),
            Self::MediationKind => include_str!("../../data/project/mediation_kind.csv"),
            Self::DisputeState => include_str!("../../data/project/dispute_state.csv"),
            Self::PoliceBar => include_str!("../../data/project/police_bar.csv"),
        }
    }
}

impl fmt::Display for CodeTableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// No code table has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no code table is named {0}")]
pub struct UnknownCodeTable(pub String);

impl FromStr for CodeTableName {
    type Err = UnknownCodeTable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|name| name.key() == text).ok_or_else(|| UnknownCodeTable(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_reads_back() {
        for name in CodeTableName::ALL {
            assert_eq!(name.key().parse(), Ok(*name));
        }
        assert!("nothing".parse::<CodeTableName>().is_err());
    }
}
