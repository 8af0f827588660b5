//! What was typed, taken apart into FTS5 expressions and ends of numbers. Must not run anything.

use super::words::{self, Of};
use super::{index, reading};

/// Characters of a query that are looked at.
const QUERY_CHARS_MAX: usize = 64;
/// Words of a query that are looked at.
const WORDS_MAX: usize = 6;
/// Characters from which on the end of a number is looked for.
const TAIL_CHARS_MIN: usize = 3;

/// One word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// Latin letters: pinyin, initials, or a word.
    Latin(String),
    /// At least three characters, digits or an `X` at the end: the end of a number, or a number in a text.
    Number(String),
    /// Anything else.
    Text(String),
}

/// A query taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    /// Its words.
    pub(crate) words: Vec<Word>,
    /// The whole as a plate code, where it may be one.
    pub(crate) plate: Option<String>,
}

impl Query {
    /// Takes apart what was typed.
    pub(crate) fn parse(typed: &str) -> Self {
        let plain: String = domain::text::half_width(typed).chars().take(QUERY_CHARS_MAX).collect();
        let words = plain
            .split(|c: char| domain::text::is_blank(c))
            .filter(|word| !words::units(word).is_empty())
            .take(WORDS_MAX)
            .map(Word::of)
            .collect();
        let code = index::plate(&plain);
        let may_be = plain.is_ascii() && code.len() >= 3 && code.chars().any(|c| c.is_ascii_digit());
        Self { words, plate: may_be.then_some(code) }
    }
}

impl Word {
    fn of(word: &str) -> Self {
        let digits = word.strip_suffix(['x', 'X']).unwrap_or(word);
        if word.len() >= TAIL_CHARS_MIN && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::Number(word.to_uppercase());
        }
        if word.chars().all(|c| c.is_ascii_alphabetic() || c == 'ü' || c == 'Ü' || c == '\'') {
            let letters = word.to_lowercase().replace('ü', "v").replace('\'', "");
            return Self::Latin(letters);
        }
        Self::Text(word.to_owned())
    }

    /// The expression over names.
    pub(crate) fn in_names(&self) -> Option<String> {
        match self {
            Self::Latin(letters) => Some(format!("({})", read_as(letters))),
            Self::Text(text) => all(Of::Name, text),
            Self::Number(_) => None,
        }
    }

    /// The expression over everything.
    pub(crate) fn anywhere(&self) -> Option<String> {
        let text = match self {
            Self::Latin(letters) | Self::Number(letters) | Self::Text(letters) => letters,
        };
        let columns =
            [Of::Name, Of::Address, Of::Words].map(|of| all(of, text)).into_iter().collect::<Option<Vec<_>>>()?;
        let read = match self {
            Self::Latin(letters) => format!(" OR {}", read_as(letters)),
            Self::Number(_) | Self::Text(_) => String::new(),
        };
        Some(format!("({}{read})", columns.join(" OR ")))
    }

    /// The range of reversed numbers that end in this word.
    pub(crate) fn tail(&self) -> Option<(String, String)> {
        let Self::Number(number) = self else { return None };
        let from = index::reversed(number)?;
        // ~ sorts after every digit and letter
        let to = format!("{from}~");
        Some((from, to))
    }
}

/// Letters as pinyin or initials. What many names share is a token of its own; longer letters are looked up by their beginning.
fn read_as(letters: &str) -> String {
    let beginning = if letters.len() > reading::PREFIX_CHARS { " *" } else { "" };
    format!("\"{}\"{beginning} OR \"{}\"", Of::Pinyin.token(letters), Of::Initials.token(letters))
}

/// All tokens a text asks for in one column. They hold letters and digits only, so quoting is enough.
fn all(of: Of, text: &str) -> Option<String> {
    let asked = words::asked(text);
    if asked.is_empty() {
        return None;
    }
    let tokens: Vec<String> = asked.iter().map(|token| format!("\"{}\"", of.token(token))).collect();
    Some(format!("({})", tokens.join(" AND ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_taken_apart() {
        let query = Query::parse("赵荣江  zrj ５１２７ 071x \"*");
        assert_eq!(
            query.words,
            [
                Word::Text("赵荣江".into()),
                Word::Latin("zrj".into()),
                Word::Number("5127".into()),
                Word::Number("071X".into())
            ]
        );
        assert_eq!(Query::parse("QF-0327-0027").plate.as_deref(), Some("QF03270027"));
        assert_eq!(Query::parse("27").words, [Word::Text("27".into())]);
        assert!(Query::parse(" \u{3000}\"").words.is_empty());
    }
}
