//! Amounts, differences, dates and the basis as printed text. Owns how numbers read; must not compute them.

use chrono::{Datelike, NaiveDate};

use super::difference::rounded;
use super::{Amount, Difference, StandsOn, WeeklyReport};
use crate::rows::minute;

/// Printed where there is no base.
pub(crate) const DASH: &str = "—";

/// Printed on every page and sheet of a report with made-up people.
pub(crate) const MADE_UP: &str = "演示数据，人名地名均为虚构";

/// An amount as one number: `486`, `12.5`, `87.5%`.
pub(crate) fn number(amount: Amount) -> String {
    match amount {
        Amount::Count(count) => count.to_string(),
        Amount::Minutes(minutes) => hours(minutes),
        Amount::Rate { numerator, denominator } => rounded(i128::from(numerator) * 1000, i128::from(denominator))
            .map_or_else(|| DASH.to_owned(), |permille| format!("{}%", share(permille))),
    }
}

/// Both numbers of a rate: `7 / 8`; nothing for other amounts.
pub(crate) fn fraction(amount: Amount) -> String {
    match amount {
        Amount::Count(_) | Amount::Minutes(_) => String::new(),
        Amount::Rate { numerator, denominator } => format!("{numerator} / {denominator}"),
    }
}

/// Minutes as hours with one decimal.
pub(crate) fn hours(minutes: u64) -> String {
    rounded(i128::from(minutes) * 10, 60).map_or_else(|| DASH.to_owned(), tenths)
}

/// A difference as (absolute, relative): `("+25", "+5.4%")`, `("−2.5 点", "")`, `("—", "")`.
pub(crate) fn difference(difference: Difference) -> (String, String) {
    match difference {
        Difference::Count { delta, permille } => (signed(delta, delta.unsigned_abs().to_string()), percent(permille)),
        Difference::Minutes { delta, permille } => {
            let hours = rounded(delta * 10, 60).unwrap_or_default();
            (signed(hours, tenths(hours)), percent(permille))
        }
        Difference::Points { permille } => (format!("{} 点", signed(permille, share(permille))), String::new()),
        Difference::NoBase => (DASH.to_owned(), String::new()),
    }
}

fn percent(permille: Option<i128>) -> String {
    permille.map_or_else(|| DASH.to_owned(), |permille| format!("{}%", signed(permille, share(permille))))
}

/// The size of a number of tenths, without its sign: `5.4`.
fn tenths(tenths: i128) -> String {
    let size = tenths.unsigned_abs();
    format!("{}.{}", size / 10, size % 10)
}

/// As [`tenths`]; nothing and the whole are said without a decimal: `0`, `100`.
fn share(permille: i128) -> String {
    match permille.unsigned_abs() {
        whole @ (0 | 1000) => (whole / 10).to_string(),
        _ => tenths(permille),
    }
}

/// Puts the typographic sign before an unsigned text.
fn signed(sign: i128, size: String) -> String {
    match sign.signum() {
        1 => format!("+{size}"),
        -1 => format!("−{size}"),
        _ => size,
    }
}

/// `2026 年第 46 周`.
pub(crate) fn week(report: &WeeklyReport) -> String {
    format!("{} 年第 {} 周", report.iso_year, report.iso_week)
}

/// `2026 年 11 月 9 日`.
pub(crate) fn day(on: NaiveDate) -> String {
    format!("{} 年 {} 月 {} 日", on.year(), on.month(), on.day())
}

/// `2026 年 11 月 9 日（周一）至 11 月 15 日（周日）`; the second year only where it differs.
pub(crate) fn span(from_on: NaiveDate, to_on: NaiveDate) -> String {
    let to =
        if from_on.year() == to_on.year() { format!("{} 月 {} 日", to_on.month(), to_on.day()) } else { day(to_on) };
    format!("{}（{}）至 {to}（{}）", day(from_on), weekday(from_on), weekday(to_on))
}

fn weekday(on: NaiveDate) -> &'static str {
    match on.weekday() {
        chrono::Weekday::Mon => "周一",
        chrono::Weekday::Tue => "周二",
        chrono::Weekday::Wed => "周三",
        chrono::Weekday::Thu => "周四",
        chrono::Weekday::Fri => "周五",
        chrono::Weekday::Sat => "周六",
        chrono::Weekday::Sun => "周日",
    }
}

/// What the report stands on: `依据 28 / 30 台终端，收到 2026-11-16 08:00 为止，缺 青枫-19、青枫-24。` Beyond `named_max`
/// missing laptops the rest is counted: `缺 青枫-19、青枫-24 等 5 台`. While older work is arriving it says so.
pub(crate) fn basis(stands_on: &StandsOn, named_max: usize) -> String {
    let laptops = format!("依据 {} / {} 台终端", stands_on.laptops_included, stands_on.laptops_total);
    let through =
        stands_on.through_at.map_or_else(|| "尚无上报回执".to_owned(), |at| format!("收到 {} 为止", minute(at)));
    let named: Vec<&str> = stands_on.missing.iter().take(named_max).map(String::as_str).collect();
    let missing = match stands_on.missing.len() {
        0 => "终端已全部上报".to_owned(),
        all if all > named.len() => format!("缺 {} 等 {all} 台", named.join("、")),
        _ => format!("缺 {}", named.join("、")),
    };
    let older = match stands_on.to_come {
        0 => String::new(),
        count => format!("较早的记录还在取回（余 {count} 条），数字不完整。"),
    };
    format!("{laptops}，{through}，{missing}。{older}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_older_work_is_arriving_the_basis_says_that_the_numbers_are_incomplete() {
        let whole =
            StandsOn { laptops_total: 2, laptops_included: 2, through_at: None, missing: Vec::new(), to_come: 0 };
        assert!(whole.is_complete() && !basis(&whole, 9).contains("不完整"));
        let arriving = StandsOn { to_come: 40, ..whole };
        assert!(!arriving.is_complete());
        assert!(basis(&arriving, 9).ends_with("较早的记录还在取回（余 40 条），数字不完整。"));
    }

    #[test]
    fn numbers_read_as_on_the_screen() {
        assert_eq!(number(Amount::Minutes(750)), "12.5");
        assert_eq!(number(Amount::Minutes(3)), "0.1");
        assert_eq!(number(Amount::Rate { numerator: 7, denominator: 8 }), "87.5%");
        assert_eq!(number(Amount::Rate { numerator: 0, denominator: 0 }), "—");
        assert_eq!(fraction(Amount::Rate { numerator: 0, denominator: 0 }), "0 / 0");
        assert_eq!(
            difference(Difference::Count { delta: -4, permille: Some(-98) }),
            ("−4".to_owned(), "−9.8%".to_owned())
        );
        assert_eq!(difference(Difference::Minutes { delta: 90, permille: None }), ("+1.5".to_owned(), "—".to_owned()));
        assert_eq!(difference(Difference::Points { permille: 0 }).0, "0 点");
        assert_eq!(number(Amount::Rate { numerator: 3, denominator: 3 }), "100%");
    }

    #[test]
    fn a_week_across_two_years_names_both() {
        let on = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(span(on(2026, 12, 28), on(2027, 1, 3)), "2026 年 12 月 28 日（周一）至 2027 年 1 月 3 日（周日）");
        assert_eq!(span(on(2026, 11, 9), on(2026, 11, 15)), "2026 年 11 月 9 日（周一）至 11 月 15 日（周日）");
    }
}
