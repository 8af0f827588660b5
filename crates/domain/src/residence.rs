//! Owns: where a person lives on a day, when there are several entries.
//! Must not know: households' contents.
//!
//! A resident lives in at most one household as main residence. Two laptops may each have moved him: then both entries stand, and a person decides.

use chrono::NaiveDate;
use std::collections::BTreeSet;
use uuid::Uuid;

/// One entry: a person lives in a household from a day to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stay {
    /// The first day; none when not known.
    pub from_on: Option<NaiveDate>,
    /// The entry's document.
    pub residence: Uuid,
    /// The household.
    pub household: Uuid,
    /// The last day; none while it lasts.
    pub to_on: Option<NaiveDate>,
}

impl Stay {
    /// Whether it holds on a day. Without a first day it began before any day.
    #[must_use]
    pub fn holds(&self, on: NaiveDate) -> bool {
        self.from_on.is_none_or(|from| from <= on) && self.to_on.is_none_or(|to| on <= to)
    }
}

/// Where a person lives on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// No entry holds.
    Nowhere,
    /// One household.
    One {
        /// The entry: of several for the same household the one that began last.
        residence: Uuid,
        /// The household.
        household: Uuid,
    },
    /// Several households at once: a work item. The first is shown until somebody decides: the one that began last.
    Several {
        /// Entries, the one that began last first.
        residences: Vec<Uuid>,
    },
}

/// Where a person with these entries lives on a day. The answer does not depend on the order of the entries.
#[must_use]
pub fn home(stays: &[Stay], on: NaiveDate) -> Home {
    let mut holding: Vec<&Stay> = stays.iter().filter(|stay| stay.holds(on)).collect();
    holding.sort_by(|a, b| b.cmp(a));
    let mut households = BTreeSet::new();
    let residences: Vec<Uuid> =
        holding.iter().filter(|stay| households.insert(stay.household)).map(|stay| stay.residence).collect();
    match holding.first() {
        None => Home::Nowhere,
        Some(first) if residences.len() == 1 => Home::One { residence: first.residence, household: first.household },
        Some(_) => Home::Several { residences },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Duration::days(n)
    }

    fn stay(residence: u128, household: u128, from: Option<i64>, to: Option<i64>) -> Stay {
        Stay {
            from_on: from.map(day),
            residence: Uuid::from_u128(residence),
            household: Uuid::from_u128(household),
            to_on: to.map(day),
        }
    }

    #[test]
    fn a_move_leaves_one_home_and_two_moves_at_once_are_a_work_item() {
        let old = stay(1, 10, None, Some(5));
        let new = stay(2, 20, Some(6), None);
        let one = |residence, household| Home::One {
            residence: Uuid::from_u128(residence),
            household: Uuid::from_u128(household),
        };
        assert_eq!(home(&[old, new], day(5)), one(1, 10));
        assert_eq!(home(&[old, new], day(6)), one(2, 20));
        let other = stay(3, 30, Some(7), None);
        let residences = vec![other.residence, new.residence];
        assert_eq!(home(&[old, new, other], day(8)), Home::Several { residences });
        assert_eq!(home(&[old], day(6)), Home::Nowhere);
        assert_eq!(home(&[new, stay(4, 20, Some(7), None)], day(8)), one(4, 20));
    }

    fn stays() -> impl Strategy<Value = Vec<Stay>> {
        let one = (0_u128..5, proptest::option::of(0_i64..20), proptest::option::of(0_i64..20));
        proptest::collection::vec(one, 0..6).prop_map(|entries| {
            let numbered = entries.into_iter().enumerate();
            numbered.map(|(at, (household, from, to))| stay(at as u128, household, from, to)).collect()
        })
    }

    proptest! {
        #[test]
        fn a_resident_has_at_most_one_main_home_whatever_order_the_entries_came_in(mut stays in stays(), on in 0_i64..20) {
            let found = home(&stays, day(on));
            let households: BTreeSet<Uuid> = stays.iter().filter(|s| s.holds(day(on))).map(|s| s.household).collect();
            match &found {
                Home::Nowhere => prop_assert!(households.is_empty()),
                Home::One { household, .. } => prop_assert_eq!(households, [*household].into()),
                Home::Several { residences } => {
                    prop_assert_eq!(residences.len(), households.len());
                    prop_assert!(residences.len() > 1);
                }
            }
            stays.reverse();
            prop_assert_eq!(home(&stays, day(on)), found);
        }
    }
}
