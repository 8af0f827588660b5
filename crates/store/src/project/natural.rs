//! Keys that sort as people count: 3 组 9 号 before 3 组 27 号. Must not know addresses.

use domain::text::{half_width, is_blank};

/// Digits of a number in the key; longer numbers sort by their digits as they are.
const WIDTH: usize = 6;

/// The text in half-width small letters without blanks, numbers padded with zeros.
pub(crate) fn natural_key(text: &str) -> String {
    let plain = half_width(text).to_lowercase();
    let mut key = String::with_capacity(plain.len().saturating_add(12));
    let mut digits = String::new();
    for c in plain.chars().filter(|c| !is_blank(*c)) {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            flush(&mut key, &mut digits);
            key.push(c);
        }
    }
    flush(&mut key, &mut digits);
    key
}

fn flush(key: &mut String, digits: &mut String) {
    if digits.is_empty() {
        return;
    }
    let number = digits.trim_start_matches('0');
    for _ in number.len()..WIDTH {
        key.push('0');
    }
    key.push_str(number);
    digits.clear();
}

#[cfg(test)]
mod tests {
    use super::natural_key;

    #[test]
    fn numbers_in_addresses_sort_as_numbers() {
        let mut found = ["3组27号", "3 组 9 号", "12组1号", "３组１０号甲", "3组10号"];
        found.sort_by_key(|text| natural_key(text));
        assert_eq!(found, ["3 组 9 号", "3组10号", "３组１０号甲", "3组27号", "12组1号"]);
        assert_eq!(natural_key("000"), "000000");
        assert_eq!(natural_key(""), "");
    }
}
