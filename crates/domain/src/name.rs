//! Owns: how a person's name is written down: blanks, the middle dot of minority names, rare characters kept; surnames as a hint.
//! Must not know: pinyin, search, documents.

use crate::limits::NAME_CHARS_MAX;
use crate::text::{half_width, is_blank, is_forbidden, is_han, trim};
use serde::Serialize;

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum NameProblem {
    /// Nothing is written.
    #[error("no name")]
    Missing,
    /// A control character or a mark that turns the writing.
    #[error("control character at {at}")]
    ControlCharacter {
        /// Its place, from 1.
        at: usize,
    },
    /// Longer than any name.
    #[error("{chars} characters, at most {max}")]
    TooLong {
        /// Characters found.
        chars: usize,
        /// The limit.
        max: usize,
    },
}

/// Why a name is doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameWarning {
    /// A private-use character: a rare character in a font of one's own; other machines show something else.
    #[error("private-use character")]
    PrivateUse,
    /// A replacement or question mark: the character was lost on the way.
    #[error("lost character")]
    LostCharacter,
    /// A digit.
    #[error("digit")]
    Digit,
}

/// The middle dot of names (U+00B7, as the identity card prints it).
pub const MIDDLE_DOT: char = '\u{00B7}';

/// The surnames of two characters in `names/surnames.csv`.
const COMPOUND_SURNAMES: [&str; 20] = [
    "欧阳", "上官", "司马", "皇甫", "诸葛", "司徒", "令狐", "慕容", "端木", "夏侯", "公孙", "尉迟", "澹台", "东方",
    "独孤", "长孙", "宇文", "呼延", "闻人", "万俟",
];

/// One written form: blanks at the ends go, blanks between Chinese characters go, others become one;
/// every middle dot becomes U+00B7. Rare and private-use characters stay.
#[must_use]
pub fn normalise(text: &str) -> String {
    let chars: Vec<char> = trim(text).chars().map(dot).collect();
    let mut name = String::with_capacity(text.len());
    let mut blank = false;
    for c in chars {
        if is_blank(c) {
            blank = true;
            continue;
        }
        let c = half_width(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c);
        let latin_pair = name.chars().next_back().is_some_and(is_latin_side) && is_latin_side(c);
        if blank && latin_pair {
            name.push(' ');
        }
        blank = false;
        name.push(c);
    }
    // A full stop between two Chinese characters is a dot typed in haste.
    dots_between_han(&name)
}

fn is_latin_side(c: char) -> bool {
    !is_han(c) && c != MIDDLE_DOT
}

fn dot(c: char) -> char {
    match c {
        '\u{2022}' | '\u{2027}' | '\u{2024}' | '\u{2219}' | '\u{22C5}' | '\u{30FB}' | '\u{FF65}' | '\u{0387}'
        | '\u{16EB}' | '\u{2E31}' | '\u{1427}' => MIDDLE_DOT,
        other => other,
    }
}

fn dots_between_han(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    chars
        .iter()
        .enumerate()
        .map(|(at, c)| {
            let before = at.checked_sub(1).and_then(|i| chars.get(i));
            let after = at.checked_add(1).and_then(|i| chars.get(i));
            match (c, before, after) {
                ('.', Some(a), Some(b)) if is_han(*a) && is_han(*b) => MIDDLE_DOT,
                (c, _, _) => *c,
            }
        })
        .collect()
}

/// Checks a name and gives its written form.
///
/// # Errors
/// Every [`NameProblem`].
pub fn check(text: &str) -> Result<(String, Vec<NameWarning>), Vec<NameProblem>> {
    let mut problems = Vec::new();
    if let Some(at) = text.chars().position(is_forbidden) {
        let at = at.saturating_add(1);
        problems.push(NameProblem::ControlCharacter { at });
    }
    let name = normalise(text);
    let chars = name.chars().count();
    if chars == 0 {
        problems.push(NameProblem::Missing);
    }
    if chars > NAME_CHARS_MAX {
        let max = NAME_CHARS_MAX;
        problems.push(NameProblem::TooLong { chars, max });
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let warnings = warnings(&name);
    Ok((name, warnings))
}

fn warnings(name: &str) -> Vec<NameWarning> {
    let mut found = Vec::new();
    let private = |c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}');
    if name.chars().any(private) {
        found.push(NameWarning::PrivateUse);
    }
    if name.chars().any(|c| matches!(c, '\u{FFFD}' | '?' | '□' | '*')) {
        found.push(NameWarning::LostCharacter);
    }
    if name.chars().any(|c| c.is_ascii_digit()) {
        found.push(NameWarning::Digit);
    }
    found
}

/// The surname, as a hint only: two characters for the compound surnames, else the first character;
/// none for names with a middle dot and names not written in Chinese.
#[must_use]
pub fn surname(name: &str) -> Option<String> {
    let name = normalise(name);
    let first = name.chars().next().filter(|c| is_han(*c))?;
    if name.contains(MIDDLE_DOT) {
        return None;
    }
    let compound = COMPOUND_SURNAMES.iter().find(|two| name.starts_with(**two) && name.chars().count() > 2);
    Some(compound.map_or_else(|| first.to_string(), |two| (*two).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_take_one_form() {
        let cases = [
            (" 张　三 ", "张三"),
            ("欧阳 娜娜", "欧阳娜娜"),
            ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
            ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
            ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
            ("阿卜杜拉 · 买买提", "阿卜杜拉·买买提"),
            ("John  Smith", "John Smith"),
            ("Ｊｏｈｎ", "John"),
            ("𬱖", "𬱖"),
            ("李\u{E863}", "李\u{E863}"),
        ];
        for (written, name) in cases {
            assert_eq!(normalise(written), name, "{written}");
        }
    }

    #[test]
    fn what_is_no_name_says_why() {
        assert_eq!(check("  "), Err(vec![NameProblem::Missing]));
        assert_eq!(check("张\u{0}三"), Err(vec![NameProblem::ControlCharacter { at: 2 }]));
        let long = "长".repeat(51);
        assert_eq!(check(&long), Err(vec![NameProblem::TooLong { chars: 51, max: 50 }]));
        assert_eq!(check("李？").unwrap().1, [NameWarning::LostCharacter]);
        assert_eq!(check("李\u{E863}").unwrap().1, [NameWarning::PrivateUse]);
        assert_eq!(check("张三2").unwrap().1, [NameWarning::Digit]);
    }

    #[test]
    fn surnames_are_a_hint() {
        assert_eq!(surname("赵荣江").as_deref(), Some("赵"));
        assert_eq!(surname("欧阳修远").as_deref(), Some("欧阳"));
        assert_eq!(surname("阿卜杜拉·买买提"), None);
        assert_eq!(surname("John"), None);
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "[张三・.． \u{3000}aBＣ·•]{0,12}|\\PC{0,12}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
