//! How one amount differs from another: the one place where 环比 and 同比 are computed. Knows numbers only, no texts.

use super::Amount;

/// How an amount differs from the one it is compared to. Shares are in tenths of a percent (or of a percentage point),
/// rounded half away from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Counts: how many more, and by how many tenths of a percent. No share of nothing.
    Count {
        /// This week less the other.
        delta: i128,
        /// Tenths of a percent of the other; `None` when the other is 0.
        permille: Option<i128>,
    },
    /// Times: as counts, in minutes.
    Minutes {
        /// This week less the other, in minutes.
        delta: i128,
        /// Tenths of a percent of the other; `None` when the other is 0.
        permille: Option<i128>,
    },
    /// Rates: tenths of a percentage point, from the exact fractions.
    Points {
        /// This week less the other.
        permille: i128,
    },
    /// A rate without a denominator on either side, or amounts of different kinds.
    NoBase,
}

/// Compares `value` with `base` (the week before for 环比, the same week a year before for 同比).
#[must_use]
pub fn difference(value: Amount, base: Amount) -> Difference {
    match (value, base) {
        (Amount::Count(value), Amount::Count(base)) => {
            Difference::Count { delta: delta(value, base), permille: permille(value, base) }
        }
        (Amount::Minutes(value), Amount::Minutes(base)) => {
            Difference::Minutes { delta: delta(value, base), permille: permille(value, base) }
        }
        (Amount::Rate { numerator: a, denominator: b }, Amount::Rate { numerator: c, denominator: d }) => {
            points(a, b, c, d).map_or(Difference::NoBase, |permille| Difference::Points { permille })
        }
        (Amount::Count(_) | Amount::Minutes(_) | Amount::Rate { .. }, _) => Difference::NoBase,
    }
}

fn delta(value: u64, base: u64) -> i128 {
    i128::from(value) - i128::from(base)
}

fn permille(value: u64, base: u64) -> Option<i128> {
    rounded(delta(value, base).checked_mul(1000)?, i128::from(base))
}

/// a/b − c/d in thousandths. Fractions too large for the arithmetic (never seen in a station) have no difference.
fn points(a: u64, b: u64, c: u64, d: u64) -> Option<i128> {
    let [a, b, c, d] = [a, b, c, d].map(i128::from);
    let top = a.checked_mul(d)?.checked_sub(c.checked_mul(b)?)?.checked_mul(1000)?;
    rounded(top, b.checked_mul(d)?)
}

/// top / bottom, half away from zero; `None` over 0. `bottom` is never negative.
pub(crate) fn rounded(top: i128, bottom: i128) -> Option<i128> {
    let doubled = bottom.checked_mul(2)?;
    let shifted = top.checked_mul(2)?.checked_add(if top < 0 { -bottom } else { bottom })?;
    shifted.checked_div(doubled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(numerator: u64, denominator: u64) -> Amount {
        Amount::Rate { numerator, denominator }
    }

    #[test]
    fn the_numbers_of_the_mockup_come_out() {
        for (value, base, delta, permille) in
            [(486, 461, 25, 54), (37, 41, -4, -98), (11, 9, 2, 222), (6, 3, 3, 1000), (58, 63, -5, -79), (92, 92, 0, 0)]
        {
            assert_eq!(
                difference(Amount::Count(value), Amount::Count(base)),
                Difference::Count { delta, permille: Some(permille) }
            );
        }
        let points = |value, base| difference(value, base);
        assert_eq!(points(rate(7, 8), rate(9, 10)), Difference::Points { permille: -25 });
        assert_eq!(points(rate(51, 54), rate(57, 60)), Difference::Points { permille: -6 });
        assert_eq!(points(rate(3, 3), rate(4, 4)), Difference::Points { permille: 0 });
        assert_eq!(points(rate(7, 8), rate(10, 12)), Difference::Points { permille: 42 });
    }

    #[test]
    fn nothing_is_a_share_of_nothing() {
        assert_eq!(difference(Amount::Count(5), Amount::Count(0)), Difference::Count { delta: 5, permille: None });
        assert_eq!(
            difference(Amount::Minutes(0), Amount::Minutes(0)),
            Difference::Minutes { delta: 0, permille: None }
        );
        assert_eq!(difference(rate(0, 0), rate(1, 2)), Difference::NoBase);
        assert_eq!(difference(rate(1, 2), rate(0, 0)), Difference::NoBase);
        assert_eq!(difference(Amount::Count(1), Amount::Minutes(1)), Difference::NoBase);
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(rounded(5, 10), Some(1));
        assert_eq!(rounded(-5, 10), Some(-1));
        assert_eq!(rounded(4, 10), Some(0));
        assert_eq!(rounded(-14, 10), Some(-1));
        assert_eq!(rounded(1, 0), None);
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let all = u64::MAX;
        assert!(matches!(
            difference(Amount::Count(all), Amount::Count(1)),
            Difference::Count { permille: Some(_), .. }
        ));
        assert_eq!(difference(rate(all, all), rate(all, all)), Difference::NoBase);
    }
}
