//! Owns: the small text rules the other modules share (full-width forms, blanks, control characters).
//! Must not know: what the text means.

/// Turns full-width digits, Latin letters, punctuation and the ideographic space into their half-width forms.
#[must_use]
pub fn half_width(text: &str) -> String {
    text.chars().map(half_width_char).collect()
}

fn half_width_char(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32((c as u32).saturating_sub(0xFEE0)).unwrap_or(c),
        other => other,
    }
}

/// Blanks, the no-break space and zero-width marks, which copies from web pages and spreadsheets leave behind.
#[must_use]
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// Half-width, without any blank: for numbers and codes.
#[must_use]
pub fn squeeze(text: &str) -> String {
    text.chars().map(half_width_char).filter(|c| !is_blank(*c)).collect()
}

/// Trims blanks at both ends, zero-width marks included.
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// A control character other than a line break or a tab, or a mark that turns the direction of writing.
#[must_use]
pub fn is_forbidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}')
}

/// A Chinese character, the private-use and rare planes included.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '\u{3007}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_become_half_width() {
        assert_eq!(half_width("１２３ＡＢｘ　（甲）"), "123ABx (甲)");
    }

    #[test]
    fn squeezed_text_has_no_blank_of_any_kind() {
        assert_eq!(squeeze("\u{FEFF} 13 8\u{3000}0013\u{200B}8000\t"), "13800138000");
    }

    #[test]
    fn direction_marks_and_control_characters_are_forbidden() {
        assert!(is_forbidden('\u{202E}') && is_forbidden('\u{0}') && is_forbidden('\u{7F}'));
        assert!(!is_forbidden('\n') && !is_forbidden('囍'));
    }
}
