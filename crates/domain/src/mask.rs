//! Owns: the masked forms shown by default. A masked form never holds enough to get the number back.
//! Must not know: who may see the whole (see `permit`).

use crate::phone::{self, PhoneKind};
use crate::text::squeeze;

/// The code of the citizen identity card in GA/T 517.
const RESIDENT_ID: &str = "111";

/// A document number: identity numbers keep three and four characters (`330***********0719`), other papers two and two;
/// whatever is shorter than seven characters is masked whole.
#[must_use]
pub fn document(kind: &str, number: &str) -> String {
    let number = squeeze(number);
    if kind == RESIDENT_ID || is_id_like(&number) {
        return keep(&number, 3, 4);
    }
    keep(&number, 2, 2)
}

/// An identity number: `330***********0719`.
#[must_use]
pub fn id_number(number: &str) -> String {
    document(RESIDENT_ID, number)
}

/// A phone number: `138****5127`, `0574-****1234`; other numbers keep the last two characters.
#[must_use]
pub fn phone(number: &str) -> String {
    let (read, _) = phone::read(number);
    match read.kind {
        PhoneKind::Mobile => keep(&read.text, 3, 4),
        PhoneKind::Landline => match read.text.split_once('-') {
            Some((area, line)) => format!("{area}-{}", keep(line, 0, 4)),
            None => keep(&read.text, 0, 4),
        },
        PhoneKind::Other => keep(&read.text, 0, 2),
    }
}

fn is_id_like(number: &str) -> bool {
    number.len() >= 15 && number.bytes().take(14).all(|b| b.is_ascii_digit())
}

/// Keeps `first` and `last` characters if at least three stars remain between them, and nothing otherwise.
fn keep(text: &str, first: usize, last: usize) -> String {
    let count = text.chars().count();
    let shown = first.saturating_add(last);
    let enough = count >= shown.saturating_add(3);
    text.chars()
        .enumerate()
        .map(|(at, c)| {
            let kept = at < first || at >= count.saturating_sub(last);
            if enough && kept { c } else { '*' }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn masked_forms_are_those_of_the_screens() {
        assert_eq!(id_number("330224198602030719"), "330***********0719");
        assert_eq!(id_number("33022419860203071x"), "330***********071x");
        assert_eq!(phone("13800005127"), "138****5127");
        assert_eq!(phone("0574-88881234"), "0574-****1234");
        assert_eq!(phone("667788"), "****88");
        assert_eq!(document("414", "E12345678"), "E1*****78");
        assert_eq!(document("990", "12345"), "*****");
        assert_eq!(document("990", ""), "");
        assert_eq!(phone("随监护人"), "****");
    }

    #[test]
    fn an_identity_number_filed_under_another_paper_is_still_masked_as_one() {
        assert_eq!(document("990", "330224198602030719"), "330***********0719");
    }

    proptest! {
        #[test]
        fn a_mask_hides_at_least_three_characters_and_keeps_the_length(text in "[0-9A-ZX甲]{0,24}", kind in "(111|414|990)") {
            let masked = document(&kind, &text);
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            let hidden = masked.chars().filter(|c| *c == '*').count();
            prop_assert!(hidden >= 3.min(text.chars().count()));
        }
    }
}
