//! Owns: rates with both numbers, and how a number changed against an earlier one.
//! Must not know: how the numbers were counted.

use crate::dispute::DisputeState;
use serde::{Deserialize, Serialize};

/// The success rate of mediation (调解成功率): agreed ÷ concluded, always shown with both numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct Rate {
    /// Disputes settled by an agreement.
    pub agreed: u64,
    /// Disputes concluded by mediation: agreed or failed.
    pub concluded: u64,
}

impl Rate {
    /// Counts one outcome. Whatever is still open, or left on another road, counts on neither side.
    pub fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Agreed => {
                self.agreed = self.agreed.saturating_add(1);
                self.concluded = self.concluded.saturating_add(1);
            }
            Outcome::Failed => self.concluded = self.concluded.saturating_add(1),
            Outcome::Open | Outcome::Elsewhere => {}
        }
    }

    /// The rate in thousandths, half rounded up (875 is 87.5 %); none without a base, shown as a dash.
    #[must_use]
    pub fn per_mille(self) -> Option<u64> {
        let twice = self.agreed.checked_mul(2_000)?.checked_add(self.concluded)?;
        twice.checked_div(self.concluded.checked_mul(2)?)
    }

    /// The difference to an earlier rate in thousandths (−25 is −2.5 points); none when one of both has no base.
    #[must_use]
    pub fn points_since(self, before: Self) -> Option<i64> {
        let now = i64::try_from(self.per_mille()?).ok()?;
        let then = i64::try_from(before.per_mille()?).ok()?;
        now.checked_sub(then)
    }
}

impl FromIterator<Outcome> for Rate {
    fn from_iter<T: IntoIterator<Item = Outcome>>(outcomes: T) -> Self {
        let mut rate = Self::default();
        for outcome in outcomes {
            rate.count(outcome);
        }
        rate
    }
}

/// What became of the mediation of a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Not concluded.
    Open,
    /// An agreement was reached.
    Agreed,
    /// Mediation failed.
    Failed,
    /// Referred, withdrawn or handed up before mediation was concluded.
    Elsewhere,
}

/// The outcome shown by every state a dispute has passed, the first first; the last word counts,
/// so a dispute reopened and agreed counts as agreed.
#[must_use]
pub fn outcome(steps: &[DisputeState]) -> Outcome {
    let mut found = Outcome::Open;
    for step in steps {
        found = match step {
            DisputeState::Agreed => Outcome::Agreed,
            DisputeState::Failed => Outcome::Failed,
            // Work began (again): what was concluded before is open again.
            DisputeState::Found
            | DisputeState::Accepted
            | DisputeState::Graded
            | DisputeState::Assigned
            | DisputeState::Investigating
            | DisputeState::Mediating => Outcome::Open,
            DisputeState::Referred
            | DisputeState::Withdrawn
            | DisputeState::ToCourt
            | DisputeState::PenaltyCase
            | DisputeState::Escalated => match found {
                Outcome::Open => Outcome::Elsewhere,
                Outcome::Agreed | Outcome::Failed | Outcome::Elsewhere => found,
            },
            DisputeState::Performing
            | DisputeState::Confirmation
            | DisputeState::Revisit
            | DisputeState::Rated
            | DisputeState::Archived => found,
        };
    }
    found
}

/// How a count changed against an earlier one (环比, 同比).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    /// Now less then.
    pub difference: i64,
    /// The difference in thousandths of the earlier count, half rounded away from zero; none without a base.
    pub per_mille: Option<i64>,
}

/// Compares two counts.
#[must_use]
pub fn change(now: u64, before: u64) -> Change {
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    let difference = now.saturating_sub(before);
    let half = before.saturating_mul(difference.signum());
    let per_mille = difference
        .checked_mul(2_000)
        .and_then(|twice| twice.checked_add(half))
        .and_then(|twice| twice.checked_div(before.checked_mul(2)?));
    Change { difference, per_mille }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rates_are_those_of_the_weekly_report() {
        let rate = |agreed, concluded| Rate { agreed, concluded };
        assert_eq!(rate(7, 8).per_mille(), Some(875));
        assert_eq!(rate(9, 10).per_mille(), Some(900));
        assert_eq!(rate(10, 12).per_mille(), Some(833));
        assert_eq!(rate(0, 0).per_mille(), None);
        assert_eq!(rate(7, 8).points_since(rate(9, 10)), Some(-25));
        assert_eq!(rate(7, 8).points_since(rate(10, 12)), Some(42));
        assert_eq!(rate(7, 8).points_since(rate(0, 0)), None);
    }

    #[test]
    fn changes_are_those_of_the_weekly_report() {
        for (now, before, difference, per_mille) in [
            (486, 461, 25, Some(54)),
            (37, 41, -4, Some(-98)),
            (11, 9, 2, Some(222)),
            (6, 3, 3, Some(1000)),
            (6, 0, 6, None),
            (0, 0, 0, None),
        ] {
            assert_eq!(change(now, before), Change { difference, per_mille });
        }
    }

    #[test]
    fn the_last_word_counts() {
        use DisputeState as S;
        assert_eq!(outcome(&[S::Found, S::Accepted]), Outcome::Open);
        assert_eq!(outcome(&[S::Mediating, S::Failed, S::Mediating, S::Agreed, S::Performing]), Outcome::Agreed);
        assert_eq!(outcome(&[S::Mediating, S::Failed, S::ToCourt]), Outcome::Failed);
        assert_eq!(outcome(&[S::Accepted, S::Referred]), Outcome::Elsewhere);
        assert_eq!(outcome(&[S::Agreed, S::Archived, S::Accepted]), Outcome::Open);
    }

    proptest! {
        #[test]
        fn the_rate_is_never_more_than_the_whole(outcomes in proptest::collection::vec(0_u8..4, 0..60)) {
            let outcomes = outcomes.iter().map(|n| match n {
                0 => Outcome::Open,
                1 => Outcome::Agreed,
                2 => Outcome::Failed,
                _ => Outcome::Elsewhere,
            });
            let rate: Rate = outcomes.collect();
            prop_assert!(rate.agreed <= rate.concluded);
            prop_assert!(rate.per_mille().is_none_or(|n| n <= 1_000));
            prop_assert_eq!(rate.per_mille().is_none(), rate.concluded == 0);
        }
    }
}
