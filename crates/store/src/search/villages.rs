//! Villages as people type them: by name, by what is left of it without 村 or 社区, by pinyin, by initials. Records hold the
//! code of their village and the index holds the codes; the names are the directory's, so they are looked up when a query
//! is read, and a directory that comes later finds everything that is there already. Must not know the index.

use super::query::Word;
use super::{reading, words};

/// A village as the directory names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VillageName<'a> {
    /// Division code, as records hold it.
    pub code: &'a str,
    /// Name.
    pub name: &'a str,
}

/// A village that a word names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its code.
    pub(crate) code: String,
    /// What stands behind the name in the same word: `3组1号` of `枫源村3组1号`.
    pub(crate) rest: Option<String>,
}

/// Villages one word may name; a word that names more of them names none in particular.
const PLACES_MAX: usize = 16;
/// Characters or letters from which on a part of a name is taken for it.
const PART_CHARS_MIN: usize = 2;
/// Letters from which on the beginning of a reading is taken for it.
const READING_LETTERS_MIN: usize = 3;
/// What villages are called besides their own name; longer ones first.
const ENDINGS: [&str; 6] = ["村民委员会", "居民委员会", "村委会", "居委会", "社区", "村"];
/// A word may begin with the names of what the village lies in: they end so.
const ABOVE: [&str; 9] = ["街道", "地区", "省", "市", "区", "县", "旗", "镇", "乡"];

/// The villages a word names; none when it names nearly all.
pub(crate) fn named(word: &Word, villages: &[VillageName<'_>]) -> Vec<Place> {
    let mut places: Vec<Place> = match word {
        Word::Text(text) => {
            let plain = words::units(text).concat();
            villages.iter().filter_map(|village| written(&plain, village)).collect()
        }
        Word::Latin(letters) => villages.iter().filter_map(|village| read(letters, village)).collect(),
        Word::Number(_) => Vec::new(),
    };
    if places.len() > PLACES_MAX {
        places.clear();
    }
    places
}

/// The name and what is left of it without its endings, longest first.
fn forms(name: &str) -> Vec<String> {
    let mut forms = vec![words::units(name).concat()];
    while let Some(shorter) =
        forms.last().and_then(|last| ENDINGS.iter().find_map(|ending| last.strip_suffix(ending)).map(str::to_owned))
    {
        if shorter.chars().count() < PART_CHARS_MIN {
            break;
        }
        forms.push(shorter);
    }
    forms
}

fn written(word: &str, village: &VillageName<'_>) -> Option<Place> {
    let forms = forms(village.name);
    let place = |rest: Option<String>| Some(Place { code: village.code.to_owned(), rest });
    if word.chars().count() < PART_CHARS_MIN {
        return None;
    }
    if forms.iter().any(|form| form.starts_with(word)) || forms.last().is_some_and(|stem| stem.contains(word)) {
        return place(None);
    }
    forms.iter().find_map(|form| {
        let (before, rest) = word.split_once(form.as_str())?;
        let above = before.is_empty() || ABOVE.iter().any(|ending| before.ends_with(ending));
        // 枫桥 of 枫桥镇枫源村 is the town
        let itself = !ABOVE.iter().any(|ending| rest.starts_with(ending));
        if above && itself { place((!rest.is_empty()).then(|| rest.to_owned())) } else { None }
    })
}

fn read(letters: &str, village: &VillageName<'_>) -> Option<Place> {
    let named = forms(village.name).iter().flat_map(|form| reading::readings(form)).any(|way| {
        let initials: String = way.iter().filter_map(|syllable| syllable.chars().next()).collect();
        (letters.len() >= READING_LETTERS_MIN && way.concat().starts_with(letters))
            || (letters.len() >= PART_CHARS_MIN && initials == letters)
    });
    named.then(|| Place { code: village.code.to_owned(), rest: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    const VILLAGES: [VillageName<'_>; 4] = [
        VillageName { code: "1", name: "枫源村" },
        VillageName { code: "2", name: "枫桥社区居民委员会" },
        VillageName { code: "3", name: "石村" },
        VillageName { code: "4", name: "石桥头村" },
    ];

    fn codes(word: &Word) -> String {
        named(word, &VILLAGES).into_iter().map(|place| place.code).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_village_is_known_by_its_name_in_characters_and_letters() {
        for (word, expected) in [
            ("枫源村", "1"),
            ("枫源", "1"),
            ("枫桥社区", "2"),
            ("枫桥社区居民委员会", "2"),
            ("枫桥镇枫源村", "1"),
            ("枫", ""),
            ("村", ""),
            ("石村", "3"),
            ("石桥头", "4"),
            ("王枫源村", ""),
            ("没有这个村", ""),
        ] {
            assert_eq!(codes(&Word::Text(word.into())), expected, "{word}");
        }
        for (letters, expected) in
            [("fengyuancun", "1"), ("fengq", "2"), ("feng", "1 2"), ("fyc", "1"), ("fy", "1"), ("f", ""), ("sqt", "4")]
        {
            assert_eq!(codes(&Word::Latin(letters.into())), expected, "{letters}");
        }
    }

    #[test]
    fn what_stands_behind_the_name_is_kept_for_the_address() {
        let places = named(&Word::Text("枫源村3组1号".into()), &VILLAGES);
        assert_eq!(places, [Place { code: "1".into(), rest: Some("3组1号".into()) }]);
        let places = named(&Word::Text("枫源3组".into()), &VILLAGES);
        assert_eq!(places, [Place { code: "1".into(), rest: Some("3组".into()) }]);
    }

    #[test]
    fn a_word_that_names_nearly_all_villages_names_none() {
        let names: Vec<String> = (0..20).map(|number| format!("枫源{number}村")).collect();
        let many: Vec<VillageName<'_>> = names.iter().map(|name| VillageName { code: "1", name }).collect();
        assert!(named(&Word::Text("枫源".into()), &many).is_empty());
        assert_eq!(named(&Word::Text("枫源7村".into()), &many).len(), 1);
    }
}
