//! Record text made fit for paper: one line, no controls, breakable. Must not change a visible character.

/// Longest text of one cell on paper, in characters.
const CHARS_MAX: usize = 300;

/// A run without a place to break gets one after so many small letters; capitals count two. It fits the narrowest column
/// that wraps.
const RUN_MAX: usize = 12;

/// A place to break that is not seen.
const BREAK: char = '\u{200b}';

/// The text on one line, without control and direction characters, cut with an ellipsis when very long, and with
/// places to break in long runs such as addresses of the web.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for (count, c) in text.chars().map(visible).filter(|c| *c != '\0').enumerate() {
        if count == CHARS_MAX {
            out.push('…');
            break;
        }
        let size = if c.is_uppercase() { 2 } else { 1 };
        run = if breaks_itself(c) { 0 } else { run + size };
        if run > RUN_MAX {
            out.push(BREAK);
            run = size;
        }
        out.push(c);
    }
    out
}

/// As [`plain`], at most so many characters.
pub(crate) fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return plain(text);
    }
    let mut short: String = text.chars().take(chars_max).collect();
    short.push('…');
    plain(&short)
}

/// Controls become a space or nothing (as NUL): a name must not turn the line around or hide its neighbour.
fn visible(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '\0',
        c if c.is_control() => '\0',
        c => c,
    }
}

/// Whether a line may end beside the character anyway.
fn breaks_itself(c: char) -> bool {
    c.is_whitespace() || ('\u{2e80}'..='\u{d7ff}').contains(&c) || c >= '\u{20000}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_stays_and_what_is_not_goes() {
        assert_eq!(plain("#let x = $1$ \\ @a"), "#let x = $1$ \\ @a");
        assert_eq!(plain("张\u{202e}三\n李\0四"), "张三 李四");
        assert_eq!(plain(&"a".repeat(25)).replace(BREAK, ""), "a".repeat(25));
        assert_eq!(plain(&"a".repeat(25)).matches(BREAK).count(), 2);
        assert_eq!(plain(&"W".repeat(13)).matches(BREAK).count(), 2);
        assert_eq!(plain(&"枫".repeat(25)), "枫".repeat(25));
        assert_eq!(plain(&"枫".repeat(301)).chars().count(), 301);
        assert!(plain(&"枫".repeat(400)).ends_with('…'));
    }
}
