//! Owns: raw cells as spreadsheets give them, and the dates people write.
//! Must not know: columns.

use crate::text::{squeeze, trim};
use chrono::NaiveDate;

/// A cell as read from a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum RawCell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, as in every cell of a CSV.
    Text(String),
    /// A number of a spreadsheet.
    Number(f64),
    /// A date of a spreadsheet.
    Date(NaiveDate),
    /// A truth value.
    Bool(bool),
    /// A formula that failed.
    Error,
}

impl RawCell {
    /// Whether nothing can be seen in the cell.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => trim(text).is_empty(),
            Self::Number(_) | Self::Date(_) | Self::Bool(_) | Self::Error => false,
        }
    }

    /// The cell as text, for headings and messages. Whole numbers have no decimal point; a failed formula is empty.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Empty | Self::Error => String::new(),
            Self::Text(text) => trim(text).to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Date(on) => on.to_string(),
            Self::Bool(true) => "TRUE".to_owned(),
            Self::Bool(false) => "FALSE".to_owned(),
        }
    }
}

/// A row with its number as the spreadsheet shows it.
#[derive(Debug, Clone, Copy)]
pub struct RawRow<'a> {
    /// Number of the row in the file, from 1.
    pub number: u32,
    /// Its cells.
    pub cells: &'a [RawCell],
}

impl RawRow<'_> {
    /// Whether the row holds nothing; such rows are passed over.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(RawCell::is_blank)
    }
}

/// Whether a number can no longer be an exact code: spreadsheets keep 15 digits.
pub(super) fn is_rounded(number: f64) -> bool {
    number.abs() >= 1e15
}

/// Text that is a number in scientific notation: what remains of a long number saved from a spreadsheet as CSV.
pub(super) fn is_scientific(text: &str) -> bool {
    let text = squeeze(text).to_ascii_uppercase();
    text.split_once("E+").is_some_and(|(mantissa, exponent)| {
        !exponent.is_empty()
            && exponent.bytes().all(|b| b.is_ascii_digit())
            && mantissa.starts_with(|c: char| c.is_ascii_digit())
            && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    })
}

/// Reads a date as people write it: `1970-01-02`, `1970/1/2`, `1970.1.2`, `1970年1月2日`, `19700102`; a time after it is dropped.
/// None when the text is no day of the calendar.
#[must_use]
pub fn read_date(text: &str) -> Option<NaiveDate> {
    let text = trim(text);
    // The time of `1970-01-02 00:00:00` goes; blanks inside `1970 年 1 月 2 日` go too.
    let text = match text.split_once([' ', 'T']) {
        Some((date, time)) if time.contains(':') => squeeze(date),
        Some(_) | None => squeeze(text),
    };
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return ymd(text.get(..4)?, text.get(4..6)?, text.get(6..)?);
    }
    let text = match text.strip_suffix(['日', '号']) {
        Some(text) if text.contains('月') => text.replacen('年', "-", 1).replacen('月', "-", 1),
        Some(_) => return None,
        None => text,
    };
    for separator in ['-', '/', '.'] {
        let parts: Vec<&str> = text.split(separator).collect();
        if let [year, month, day] = parts.as_slice() {
            return ymd(year, month, day);
        }
    }
    None
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let digits = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(year, 4..=4) || !digits(month, 1..=2) || !digits(day, 1..=2) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let expected = NaiveDate::from_ymd_opt(1970, 1, 2);
        for text in [
            "1970-01-02",
            "1970/1/2",
            "1970.1.2",
            "1970年1月2日",
            "19700102",
            " 1970 年 1 月 2 日 ",
            "１９７０－０１－０２",
            "1970-01-02 00:00:00",
            "1970-01-02T08:00:00",
            "1970年01月02号",
            "1970.01.02",
        ] {
            assert_eq!(read_date(text), expected, "{text}");
        }
        for text in [
            "",
            "1970",
            "1970-13-01",
            "1970-02-30",
            "70-1-2",
            "1970年1月",
            "1970-1",
            "2.1.1970",
            "1970-1-2-3",
            "19700231",
            "不详",
            "1970-01-02x",
            "25570",
            "1月2日",
            "+970-01-02",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_that_lost_digits_are_noticed() {
        assert!(is_rounded(330_224_198_602_030_720.0) && !is_rounded(13_800_005_127.0));
        assert!(is_scientific("3.30224E+17") && is_scientific("３.３Ｅ＋17"));
        assert!(!is_scientific("E+17") && !is_scientific("3302E") && !is_scientific("330224198602030719"));
    }

    proptest! {
        #[test]
        fn every_day_reads_back_in_every_writing(days in 0_i64..60_000) {
            let on = NaiveDate::from_ymd_opt(1890, 1, 1).unwrap() + chrono::Duration::days(days);
            for form in ["%Y-%m-%d", "%Y/%-m/%-d", "%Y.%-m.%-d", "%Y%m%d", "%Y年%-m月%-d日"] {
                prop_assert_eq!(read_date(&on.format(form).to_string()), Some(on));
            }
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,20}") {
            let _ = (read_date(&text), is_scientific(&text));
        }
    }
}
