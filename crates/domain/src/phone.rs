//! Owns: phone numbers of mainland China: one written form, the kind, and warnings.
//! Must not know: whose phone it is. A doubtful number is kept as it is: it only warns.

use crate::text::{half_width, is_blank};
use serde::Serialize;

/// What kind of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    /// Eleven digits, `1[3-9]…`.
    Mobile,
    /// A line with an area code, written `0574-88881234`, an extension after a second dash.
    Landline,
    /// Something else: a village short number, a number abroad, two numbers in one field.
    Other,
}

/// A number in its written form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Phone {
    /// What is stored.
    pub text: String,
    /// What it is.
    pub kind: PhoneKind,
}

/// Why a number is doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PhoneWarning {
    /// Something other than digits, `+`, dashes and brackets.
    #[error("not only digits")]
    NotDigits,
    /// A mobile number begins so, but has another count of digits.
    #[error("{digits} digits")]
    Length {
        /// Digits found.
        digits: usize,
    },
    /// Seven or eight digits without an area code.
    #[error("no area code")]
    NoAreaCode,
    /// No mainland mobile or land line has this form.
    #[error("unknown form")]
    UnknownForm,
}

/// Reads a phone number: full-width digits, blanks, brackets, dots and the country code +86 are taken away.
/// Empty text gives an empty number of kind other without a warning.
#[must_use]
pub fn read(text: &str) -> (Phone, Vec<PhoneWarning>) {
    let flat: String = half_width(text)
        .chars()
        .filter(|c| !is_blank(*c))
        .map(|c| match c {
            '—' | '–' | '－' | '‐' | '_' | '转' | '*' | '#' => '-',
            other => other,
        })
        .collect();
    if flat.is_empty() {
        return (other(flat), Vec::new());
    }
    let national = national(&flat);
    let digits: String = national.chars().filter(char::is_ascii_digit).collect();
    if !national.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '(' | ')' | '.' | '+')) {
        return (other(flat), vec![PhoneWarning::NotDigits]);
    }
    if is_mobile(&digits) {
        let kind = PhoneKind::Mobile;
        return (Phone { text: digits, kind }, Vec::new());
    }
    if let Some(text) = landline(national, &digits) {
        let kind = PhoneKind::Landline;
        return (Phone { text, kind }, Vec::new());
    }
    let count = digits.len();
    let warning = match count {
        7 | 8 => PhoneWarning::NoAreaCode,
        _ if digits.starts_with('1') && (9..=13).contains(&count) && count != 11 => {
            PhoneWarning::Length { digits: count }
        }
        _ => PhoneWarning::UnknownForm,
    };
    (other(flat), vec![warning])
}

fn other(text: String) -> Phone {
    let kind = PhoneKind::Other;
    Phone { text, kind }
}

fn national(flat: &str) -> &str {
    for prefix in ["+86", "0086", "(+86)", "(86)"] {
        if let Some(rest) = flat.strip_prefix(prefix) {
            return rest.trim_start_matches('-');
        }
    }
    // 86 without a plus: only before a whole mobile number, since land lines may begin with any digit.
    match flat.strip_prefix("86") {
        Some(rest) if is_mobile(rest.trim_start_matches('-')) => rest.trim_start_matches('-'),
        Some(_) | None => flat,
    }
}

/// Eleven digits beginning with 13 to 19.
fn is_mobile(digits: &str) -> bool {
    digits.len() == 11
        && digits.bytes().all(|b| b.is_ascii_digit())
        && digits.starts_with('1')
        && matches!(digits.as_bytes().get(1), Some(b'3'..=b'9'))
}

/// Area codes have three digits (010, 02x) or four; the line itself seven or eight, never beginning with 0 or 1.
fn landline(national: &str, digits: &str) -> Option<String> {
    let area_len = match digits.get(..2)? {
        "01" | "02" => 3,
        area if area.starts_with('0') && area != "00" => 4,
        _ => return None,
    };
    let area = digits.get(..area_len)?;
    if area.starts_with("01") && area != "010" {
        return None;
    }
    let rest = digits.get(area_len..)?;
    let (line, extension) = split_extension(national, rest)?;
    if !(7..=8).contains(&line.len()) || line.starts_with(['0', '1']) || extension.len() > 6 {
        return None;
    }
    if extension.is_empty() {
        return Some(format!("{area}-{line}"));
    }
    Some(format!("{area}-{line}-{extension}"))
}

/// The extension is what follows the last dash, if at least a whole number stands before it.
fn split_extension<'a>(national: &str, rest: &'a str) -> Option<(&'a str, &'a str)> {
    let tail = national.rsplit_once('-').map_or(0, |(_, tail)| tail.bytes().filter(u8::is_ascii_digit).count());
    let line_len = rest.len().checked_sub(tail)?;
    if tail > 0 && (7..=8).contains(&line_len) {
        return Some((rest.get(..line_len)?, rest.get(line_len..)?));
    }
    Some((rest, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_take_one_form() {
        let cases = [
            ("13800005127", "13800005127", PhoneKind::Mobile),
            ("138 0000 5127", "13800005127", PhoneKind::Mobile),
            ("１３８-００００-５１２７", "13800005127", PhoneKind::Mobile),
            ("+86 138-0000-5127", "13800005127", PhoneKind::Mobile),
            ("008613800005127", "13800005127", PhoneKind::Mobile),
            ("8613800005127", "13800005127", PhoneKind::Mobile),
            ("(0574)88881234", "0574-88881234", PhoneKind::Landline),
            ("0574 8888 1234", "0574-88881234", PhoneKind::Landline),
            ("0574-8888123", "0574-8888123", PhoneKind::Landline),
            ("010-66661234转801", "010-66661234-801", PhoneKind::Landline),
            ("+86-574-88881234", "+86-574-88881234", PhoneKind::Other),
            ("", "", PhoneKind::Other),
        ];
        for (written, text, kind) in cases {
            let (phone, _) = read(written);
            assert_eq!((phone.text.as_str(), phone.kind), (text, kind), "{written}");
        }
    }

    #[test]
    fn doubtful_numbers_are_kept_and_warn() {
        let cases = [
            ("1380000512", PhoneWarning::Length { digits: 10 }),
            ("88881234", PhoneWarning::NoAreaCode),
            ("667788", PhoneWarning::UnknownForm),
            ("12345678901", PhoneWarning::UnknownForm),
            ("随监护人", PhoneWarning::NotDigits),
        ];
        for (written, warning) in cases {
            let (phone, warnings) = read(written);
            assert_eq!((phone.text.as_str(), warnings), (written, vec![warning]));
        }
    }

    proptest! {
        #[test]
        fn reading_what_was_read_changes_nothing(text in "[0-9０-９ ()+\\-转甲]{0,20}") {
            let (once, _) = read(&text);
            let (twice, _) = read(&once.text);
            prop_assert_eq!(once, twice);
        }

        #[test]
        fn every_mobile_number_reads_however_it_is_split(digits in "1[3-9][0-9]{9}", cut in 1_usize..10) {
            let (a, b) = digits.split_at(cut);
            for written in [format!("{a} {b}"), format!("+86{a}-{b}"), format!("{a}\u{3000}{b}")] {
                let (phone, warnings) = read(&written);
                prop_assert_eq!(&phone.text, &digits);
                prop_assert!(warnings.is_empty());
            }
        }
    }
}
