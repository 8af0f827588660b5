//! Owns: what a step needs to know about a dispute, as plain values with the codes documents hold.
//! Must not know: where the values come from.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The text is no code of the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no known code")]
pub struct UnknownCode(pub String);

/// Declares a closed list whose codes are rows of a code table.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value in the order of the code table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code, as documents hold it.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownCode;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|value| value.code() == text)
                    .ok_or_else(|| UnknownCode(text.to_owned()))
            }
        }
    };
}

coded! {
    /// Whose mediation it is; decides which legal clocks and bars apply.
    MediationKind {
        /// People's mediation (人民调解).
        People => "people",
        /// Police mediation of a public order case (治安调解).
        Police => "police",
    }
}

coded! {
    /// The three tiers (三级调解).
    Tier {
        /// Village.
        Village => "village",
        /// Town.
        Town => "town",
        /// Station.
        Station => "station",
    }
}

coded! {
    /// How a mediation session ended.
    SessionOutcome {
        /// The parties agreed.
        Agreed => "agreed",
        /// They did not.
        Failed => "failed",
        /// It was put off.
        Rescheduled => "rescheduled",
    }
}

coded! {
    /// Form of an agreement.
    AgreementForm {
        /// Written.
        Written => "written",
        /// Oral, recorded by the mediator (人民调解法 art. 28).
        Oral => "oral",
        /// On the spot, agreed and performed there (程序规定 art. 178).
        OnSite => "on_site",
    }
}

coded! {
    /// What forbids police mediation (公安机关办理行政案件程序规定, list of the design; labels in the code table `police_bar`).
    PoliceBar {
        /// Somebody was hired to injure.
        HiredInjury => "hired_injury",
        /// A gang fight or other picking of quarrels.
        GangFight => "gang_fight",
        /// The offender did it several times.
        RepeatOffender => "repeat_offender",
        /// A party clearly refuses.
        PartyRefuses => "party_refuses",
        /// The suspect fled.
        SuspectFled => "suspect_fled",
        /// A new offence against the other side during mediation.
        NewOffence => "new_offence",
    }
}

impl Default for MediationKind {
    /// People's mediation: the usual case, and the one without bars.
    fn default() -> Self {
        Self::People
    }
}

/// What the rules look at. Empty texts count as not given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DisputeFacts {
    /// Whose mediation it is.
    pub mediation: MediationKind,
    /// What it is about, in a line.
    pub title: Option<String>,
    /// Code of the dispute category.
    pub category: Option<String>,
    /// The grade, 1 to 5.
    pub grade: Option<i64>,
    /// Why this grade.
    pub grade_reason: Option<String>,
    /// How many mediators are assigned.
    pub mediators: usize,
    /// How many parties there are.
    pub parties: usize,
    /// Parties under age without a guardian; one of sixteen who lives on his own work and agrees does not count
    /// (程序规定 art. 181).
    pub minors_without_guardian: usize,
    /// Outcomes of the sessions in the order of time; none where a session has no outcome yet.
    pub sessions: Vec<Option<SessionOutcome>>,
    /// What forbids police mediation here.
    pub bars: BTreeSet<PoliceBar>,
    /// Form of the agreement.
    pub agreement_form: Option<AgreementForm>,
    /// Its terms.
    pub agreement_terms: Option<String>,
    /// When everything agreed was done.
    pub performed_on: Option<NaiveDate>,
    /// When the parties asked the court to confirm.
    pub confirmation_filed_on: Option<NaiveDate>,
    /// When the revisit was made.
    pub revisited_on: Option<NaiveDate>,
    /// What the parties say of it.
    pub rating: Option<String>,
    /// Codes of papers that are still missing from the file.
    pub papers_missing: Vec<String>,
    /// The reason given with this step.
    pub reason: Option<String>,
    /// Who takes the dispute over, for referral and handing up.
    pub receiver: Option<String>,
}

impl DisputeFacts {
    /// How the last session that was not put off ended.
    #[must_use]
    pub fn last_outcome(&self) -> Option<SessionOutcome> {
        self.sessions.iter().rev().flatten().copied().find(|outcome| *outcome != SessionOutcome::Rescheduled)
    }

    /// How many sessions failed.
    #[must_use]
    pub fn failed_sessions(&self) -> usize {
        let failed = |outcome: &&Option<SessionOutcome>| **outcome == Some(SessionOutcome::Failed);
        self.sessions.iter().filter(failed).count()
    }
}

/// Whether a text says something.
pub(super) fn given(text: Option<&str>) -> bool {
    text.is_some_and(|text| !crate::text::trim(text).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{CodeTableName, code_table};

    #[test]
    fn closed_lists_are_the_rows_of_their_code_tables() {
        let codes = |name| -> Vec<String> { code_table(name).rows.iter().map(|row| row.code.clone()).collect() };
        let ours = |list: &[&str]| -> Vec<String> { list.iter().map(|c| (*c).to_owned()).collect() };
        let kinds: Vec<_> = MediationKind::ALL.iter().map(|v| v.code()).collect();
        assert_eq!(ours(&kinds), codes(CodeTableName::MediationKind));
        let tiers: Vec<_> = Tier::ALL.iter().map(|v| v.code()).collect();
        assert_eq!(ours(&tiers), codes(CodeTableName::DisputeTier));
        let outcomes: Vec<_> = SessionOutcome::ALL.iter().map(|v| v.code()).collect();
        assert_eq!(ours(&outcomes), codes(CodeTableName::SessionOutcome));
        let forms: Vec<_> = AgreementForm::ALL.iter().map(|v| v.code()).collect();
        assert_eq!(ours(&forms), codes(CodeTableName::AgreementForm));
        let bars: Vec<_> = PoliceBar::ALL.iter().map(|v| v.code()).collect();
        assert_eq!(ours(&bars), codes(CodeTableName::PoliceBar));
    }
}
