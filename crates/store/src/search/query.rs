//! What was typed, taken apart into FTS5 expressions and ends of numbers. Must not run anything.

use super::villages::{Place, VillageName, named};
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

/// A word with the villages it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The word.
    pub(crate) word: Word,
    /// The villages.
    pub(crate) places: Vec<Place>,
}

/// A query taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    /// Its words.
    pub(crate) words: Vec<Asked>,
    /// The whole as a plate code, where it may be one.
    pub(crate) plate: Option<String>,
}

impl Query {
    /// Takes apart what was typed, at a station with these villages.
    pub(crate) fn parse(typed: &str, villages: &[VillageName<'_>]) -> Self {
        let plain: String = domain::text::half_width(typed).chars().take(QUERY_CHARS_MAX).collect();
        let words = plain
            .split(|c: char| domain::text::is_blank(c))
            .filter(|word| !words::units(word).is_empty())
            .take(WORDS_MAX)
            .map(Word::of)
            .map(|word| Asked { places: named(&word, villages), word })
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

    /// The range of reversed numbers that end in this word.
    pub(crate) fn tail(&self) -> Option<(String, String)> {
        let Self::Number(number) = self else { return None };
        let from = index::reversed(number)?;
        // ~ sorts after every digit and letter
        let to = format!("{from}~");
        Some((from, to))
    }
}

impl Asked {
    /// The expression over everything but names: what a search of names alone has not found yet.
    pub(crate) fn beside_names(&self) -> Option<String> {
        let (columns, text): (&[Of], &str) = match &self.word {
            // letters and digits are looked up among names by their reading only
            Word::Latin(text) | Word::Number(text) => (&[Of::Name, Of::Address, Of::Words], text),
            Word::Text(text) => (&[Of::Address, Of::Words], text),
        };
        let columns = columns.iter().map(|of| all(*of, text)).collect::<Option<Vec<_>>>()?;
        let places = self.places.iter().filter_map(|place| {
            let village = format!("\"{}\"", Of::Village.token(&words::code(&place.code)));
            match &place.rest {
                Some(rest) => Some(format!("({village} AND {})", all(Of::Address, rest)?)),
                None => Some(village),
            }
        });
        Some(format!("({})", columns.into_iter().chain(places).collect::<Vec<_>>().join(" OR ")))
    }

    /// The expression over everything.
    pub(crate) fn anywhere(&self) -> Option<String> {
        let beside = self.beside_names()?;
        Some(match self.word.in_names() {
            Some(names) => format!("({names} OR {beside})"),
            None => beside,
        })
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

    fn parse(typed: &str) -> Query {
        Query::parse(typed, &[])
    }

    #[test]
    fn a_query_is_taken_apart() {
        let words = |typed| parse(typed).words.into_iter().map(|asked| asked.word).collect::<Vec<_>>();
        assert_eq!(
            words("赵荣江  zrj ５１２７ 071x \"*"),
            [
                Word::Text("赵荣江".into()),
                Word::Latin("zrj".into()),
                Word::Number("5127".into()),
                Word::Number("071X".into())
            ]
        );
        assert_eq!(parse("QF-0327-0027").plate.as_deref(), Some("QF03270027"));
        assert_eq!(words("27"), [Word::Text("27".into())]);
        assert!(parse(" \u{3000}\"").words.is_empty());
    }

    #[test]
    fn a_village_stands_for_its_code_and_leaves_the_rest_to_the_address() {
        let villages = [VillageName { code: "330281100200", name: "枫源村" }];
        let asked = Query::parse("枫源村3组", &villages).words.remove(0);
        let expression = asked.beside_names().unwrap();
        assert!(expression.contains("(\"v330281100200\" AND (\"a3组\"))"), "{expression}");
        assert!(!expression.contains("\"n"), "{expression}");
        assert!(asked.anywhere().unwrap().contains("\"n枫源\""));
    }
}
