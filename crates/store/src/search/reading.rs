//! How names are read: full pinyin and initials, surnames by their own readings. Must not know the index.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pinyin::{ToPinyin, ToPinyinMulti};

use super::words::{Of, push};

/// Readings kept of one name: more would be guesses.
const READINGS_MAX: usize = 8;

/// Surnames that are read otherwise than the character usually is, with both readings, the surname's own first: who does
/// not know the family types the usual one.
static SURNAMES: LazyLock<BTreeMap<&'static str, Vec<Vec<String>>>> = LazyLock::new(|| {
    include_str!("polyphonic_surnames.csv")
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut columns = line.split(',');
            let surname = columns.next()?;
            let mut ways: Vec<Vec<String>> = Vec::new();
            for reading in columns.take(2) {
                let way: Vec<String> = reading.split([' ', '\'']).map(plain).filter(|s| !s.is_empty()).collect();
                if !way.is_empty() && !ways.contains(&way) {
                    ways.push(way);
                }
            }
            Some((surname, ways))
        })
        .collect()
});

/// Pinyin without tones, `ü` as `v`.
fn plain(syllable: &str) -> String {
    syllable
        .chars()
        .map(|c| match c {
            'ā' | 'á' | 'ǎ' | 'à' => 'a',
            'ē' | 'é' | 'ě' | 'è' | 'ê' => 'e',
            'ī' | 'í' | 'ǐ' | 'ì' => 'i',
            'ō' | 'ó' | 'ǒ' | 'ò' => 'o',
            'ū' | 'ú' | 'ǔ' | 'ù' => 'u',
            'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' | 'ü' => 'v',
            'ń' | 'ň' | 'ǹ' => 'n',
            other => other.to_ascii_lowercase(),
        })
        .filter(char::is_ascii_lowercase)
        .collect()
}

/// The readings of a character, the usual one first.
fn of_character(c: char) -> Vec<String> {
    if c.is_ascii_alphanumeric() {
        return vec![c.to_ascii_lowercase().to_string()];
    }
    let mut found: Vec<String> = c.to_pinyin().map(|usual| plain(usual.plain())).into_iter().collect();
    for other in c.to_pinyin_multi().into_iter().flatten().map(|one| plain(one.plain())) {
        if !found.contains(&other) {
            found.push(other);
        }
    }
    // 吕 is typed lv by most and lu by some
    let typed: Vec<String> = found.iter().filter(|s| s.contains('v')).map(|s| s.replace('v', "u")).collect();
    found.extend(typed);
    found.retain(|syllable| !syllable.is_empty());
    found
}

/// The ways a name is read, each a list of syllables; the likeliest first. Characters without a reading are left out.
pub(crate) fn readings(name: &str) -> Vec<Vec<String>> {
    let surname = SURNAMES.keys().filter(|surname| name.starts_with(**surname)).max_by_key(|surname| surname.len());
    let (head, rest) = match surname {
        Some(surname) => (SURNAMES.get(surname).cloned(), name.strip_prefix(surname).unwrap_or(name)),
        None => (None, name),
    };
    let mut ways: Vec<Vec<String>> = head.unwrap_or_else(|| vec![Vec::new()]);
    for c in rest.chars() {
        let options = of_character(c);
        if options.is_empty() {
            continue;
        }
        // the usual readings of all characters come first; the cap cuts the rarest combinations
        let mut longer = Vec::new();
        for option in &options {
            for way in &ways {
                if longer.len() < READINGS_MAX {
                    let mut way = way.clone();
                    way.push(option.clone());
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    ways.retain(|way| !way.is_empty());
    ways
}

/// What lists sort names by: the likeliest reading, then the name itself.
pub(crate) fn sort_key(name: &str) -> String {
    let reading = readings(name).into_iter().next().unwrap_or_default().join(" ");
    format!("{reading} {name}")
}

/// Letters of a query up to which its tokens are looked up as they are; longer ones are looked up by their beginning.
/// A syllable has up to six letters (zhuang), and single syllables are what many records share: gathering all the readings
/// that begin with one would cost more than the page.
pub(crate) const PREFIX_CHARS: usize = 6;

/// The pinyin and initials tokens of a name: every reading from every syllable on, and the beginnings of each.
pub(crate) fn tokens(name: &str, pinyin: &mut Vec<String>, initials: &mut Vec<String>) {
    for way in readings(name) {
        for at in 0..way.len() {
            let rest = way.get(at..).unwrap_or_default();
            let full = rest.concat();
            for (end, _) in full.char_indices().take(PREFIX_CHARS + 1).skip(1) {
                push(pinyin, Of::Pinyin.token(full.get(..end).unwrap_or_default()));
            }
            push(pinyin, Of::Pinyin.token(&full));
            let mut letters = String::new();
            for syllable in rest {
                letters.extend(syllable.chars().next());
                push(initials, Of::Initials.token(&letters));
            }
        }
    }
}

/// Whether letters typed are the beginning of a reading of the name, from any syllable on.
pub(crate) fn reads_as(name: &str, letters: &str) -> bool {
    readings(name)
        .iter()
        .any(|way| (0..way.len()).any(|at| way.get(at..).unwrap_or_default().concat().starts_with(letters)))
}

/// Whether letters typed are initials of the name, from any syllable on.
pub(crate) fn has_initials(name: &str, letters: &str) -> bool {
    readings(name).iter().any(|way| {
        let all: String = way.iter().filter_map(|syllable| syllable.chars().next()).collect();
        all.contains(letters)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(name: &str) -> String {
        readings(name).into_iter().next().unwrap_or_default().concat()
    }

    #[test]
    fn surnames_are_read_as_surnames() {
        assert_eq!(first("单小雪"), "shanxiaoxue");
        assert_eq!(first("仇英"), "qiuying");
        assert_eq!(first("赵荣江"), "zhaorongjiang");
        assert_eq!(first("尉迟荣"), "yuchirong");
        // the usual reading finds them too
        for (name, typed) in [("单小雪", "danxiaoxue"), ("尉迟荣", "weichirong"), ("曾荣", "cengrong")] {
            assert!(readings(name).iter().any(|way| way.concat() == typed), "{name}");
        }
        assert_eq!(first("吕惊蛰"), "lvjingzhe");
        assert!(readings("吕惊蛰").iter().any(|way| way.concat() == "lujingzhe"));
    }

    #[test]
    fn a_name_is_found_from_every_syllable_on() {
        let (mut pinyin, mut initials) = (Vec::new(), Vec::new());
        tokens("赵荣江", &mut pinyin, &mut initials);
        for token in ["pzhaorongjiang", "prongjiang", "pjiang", "pz", "pzhao"] {
            assert!(pinyin.iter().any(|known| known == token), "{pinyin:?}");
        }
        assert_eq!(initials, ["iz", "izr", "izrj", "ir", "irj", "ij"]);
        assert!(reads_as("赵荣江", "rongj") && has_initials("赵荣江", "rj") && !has_initials("赵荣江", "zj"));
    }

    #[test]
    fn names_without_a_reading_do_no_harm() {
        assert_eq!(sort_key("\u{E000}"), " \u{E000}");
        assert!(readings("").is_empty());
        assert!(readings(&"行".repeat(60)).len() <= READINGS_MAX);
    }
}
