//! Owns: ages in whole years.
//! Must not know: whose age it is.

use chrono::{Datelike, NaiveDate};

/// Full age (民法典 art. 17).
pub const FULL_AGE_YEARS: i32 = 18;

/// Whole years on a day (周岁); one born on 29 February is a year older on 1 March of other years. None before birth.
#[must_use]
pub fn years(born_on: NaiveDate, today: NaiveDate) -> Option<i32> {
    if today < born_on {
        return None;
    }
    let had_birthday = (today.month(), today.day()) >= (born_on.month(), born_on.day());
    Some(today.year() - born_on.year() - i32::from(!had_birthday))
}

/// Whether a person is a minor on a day.
#[must_use]
pub fn is_minor(born_on: NaiveDate, today: NaiveDate) -> bool {
    years(born_on, today).is_some_and(|years| years < FULL_AGE_YEARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_full_on_the_birthday() {
        let age = |born: &str, today: &str| years(born.parse().unwrap(), today.parse().unwrap());
        assert_eq!(age("2008-11-22", "2026-11-21"), Some(17));
        assert_eq!(age("2008-11-21", "2026-11-21"), Some(18));
        assert_eq!(age("2008-02-29", "2026-02-28"), Some(17));
        assert_eq!(age("2008-02-29", "2026-03-01"), Some(18));
        assert_eq!(age("2026-11-21", "2026-11-21"), Some(0));
        assert_eq!(age("2026-11-22", "2026-11-21"), None);
        assert!(is_minor("2008-11-22".parse().unwrap(), "2026-11-21".parse().unwrap()));
    }
}
