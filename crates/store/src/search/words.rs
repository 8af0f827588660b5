//! Cutting text into the tokens of the index. Must not know columns.

/// The first letter of every token: which column it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// A name, cut.
    Name,
    /// A name, whole.
    WholeName,
    /// Pinyin.
    Pinyin,
    /// Initials.
    Initials,
    /// An address.
    Address,
    /// The code of a village.
    Village,
    /// Other words.
    Words,
}

impl Of {
    pub(crate) const fn letter(self) -> char {
        match self {
            Self::Name => 'n',
            Self::WholeName => 'q',
            Self::Pinyin => 'p',
            Self::Initials => 'i',
            Self::Address => 'a',
            Self::Village => 'v',
            Self::Words => 'w',
        }
    }

    /// A token of this column.
    pub(crate) fn token(self, text: &str) -> String {
        format!("{}{text}", self.letter())
    }
}

/// Adds a token once a text.
pub(crate) fn push(out: &mut Vec<String>, token: String) {
    if !out.contains(&token) {
        out.push(token);
    }
}

/// The units of a text: one for each character, one for each run of Latin letters or digits. Blanks and marks end nothing
/// but themselves: `3 组 27 号` and `3组27号` are the same.
pub(crate) fn units(text: &str) -> Vec<String> {
    let plain = domain::text::half_width(text).to_lowercase();
    let mut units: Vec<String> = Vec::new();
    let mut run = Run::None;
    for c in plain.chars() {
        let next = Run::of(c);
        match (next, units.last_mut()) {
            (Run::Letters | Run::Digits, Some(last)) if next == run => last.push(c),
            (Run::Letters | Run::Digits, _) => units.push(c.to_string()),
            (Run::Other, _) => units.push(character(c)),
            (Run::None, _) => {}
        }
        run = next;
    }
    units
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    None,
    Letters,
    Digits,
    Other,
}

impl Run {
    fn of(c: char) -> Self {
        if c.is_ascii_digit() {
            Self::Digits
        } else if c.is_ascii_alphabetic() {
            Self::Letters
        } else if c.is_alphanumeric() || domain::text::is_han(c) || is_private(c) {
            Self::Other
        } else {
            Self::None
        }
    }
}

/// Private-use characters stand for rare characters of names in older systems.
fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}

/// A character as a token. What FTS5's tables might take for a separator is written as its code point.
fn character(c: char) -> String {
    if matches!(c, '\u{3400}'..='\u{4DB5}' | '\u{4E00}'..='\u{9FA5}') {
        c.to_string()
    } else {
        format!("u{:x}u", u32::from(c))
    }
}

/// Single units and pairs of neighbours.
pub(crate) fn tokens(of: Of, text: &str, out: &mut Vec<String>) {
    let units = units(text);
    for unit in &units {
        push(out, of.token(unit));
    }
    for pair in units.windows(2) {
        push(out, of.token(&pair.concat()));
    }
}

/// The token of a whole name, so that the very name comes before names that begin with it.
pub(crate) fn whole(name: &str) -> String {
    Of::WholeName.token(&units(name).concat())
}

/// A code as one token: its letters and digits, small.
pub(crate) fn code(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// The tokens a word of a query asks for: its pairs, or its only unit.
pub(crate) fn asked(word: &str) -> Vec<String> {
    let units = units(word);
    if units.len() < 2 { units } else { units.windows(2).map(<[String]>::concat).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_units_and_pairs() {
        let mut out = Vec::new();
        tokens(Of::Address, "石桥 3 组27号", &mut out);
        assert_eq!(out, ["a石", "a桥", "a3", "a组", "a27", "a号", "a石桥", "a桥3", "a3组", "a组27", "a27号"]);
        assert_eq!(asked("３组"), ["3组"]);
        assert_eq!(asked("赵"), ["赵"]);
        assert_eq!(asked("QF"), ["qf"]);
        assert!(asked("·-\"*").is_empty());
    }

    #[test]
    fn rare_characters_become_safe_tokens() {
        assert_eq!(units("\u{20BB7}野"), ["u20bb7u", "野"]);
        assert_eq!(units("\u{E000}"), ["ue000u"]);
    }
}
