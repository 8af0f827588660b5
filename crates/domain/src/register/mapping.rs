//! Owns: guessing which column of a file is which column of a register, and where the header row is.
//! Must not know: what the cells below hold.

use super::columns::{LabelKind, RegisterColumn, by_label, labels, plain};
use crate::limits::REGISTER_COLUMNS_MAX;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which place in a row (from 0) holds which column.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mapping {
    /// Column to place.
    pub columns: BTreeMap<RegisterColumn, usize>,
}

impl Mapping {
    /// The place of a column.
    #[must_use]
    pub fn place(&self, column: RegisterColumn) -> Option<usize> {
        self.columns.get(&column).copied()
    }
}

/// How sure a guess is, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The usual heading.
    Exact,
    /// Another name for it.
    Synonym,
    /// Only part of the heading is known: to be looked at.
    Likely,
}

/// What was guessed for one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeaderGuess {
    /// Place in the row, from 0.
    pub index: usize,
    /// The heading as written.
    pub header: String,
    /// The column, if any.
    pub column: Option<RegisterColumn>,
    /// How sure; none without a column.
    pub confidence: Option<Confidence>,
}

/// A proposed mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guess {
    /// The mapping.
    pub mapping: Mapping,
    /// What was guessed for each heading, in the order of the file.
    pub headers: Vec<HeaderGuess>,
    /// Whether a name column was found: without one no row can be taken.
    pub has_name: bool,
}

/// Guesses the mapping from the header row. Each column is given once, to the surest heading and among equals the first.
/// At most [`REGISTER_COLUMNS_MAX`] headings are looked at.
#[must_use]
pub fn guess_mapping<S: AsRef<str>>(headers: &[S]) -> Guess {
    let read: Vec<(usize, &str, Option<Found>)> = headers
        .iter()
        .take(REGISTER_COLUMNS_MAX)
        .enumerate()
        .map(|(index, header)| (index, header.as_ref(), recognise(header.as_ref())))
        .collect();
    let mut best: BTreeMap<RegisterColumn, (Confidence, usize)> = BTreeMap::new();
    for (index, _, found) in &read {
        if let Some((column, confidence)) = found {
            let offered = (*confidence, *index);
            let kept = best.entry(*column).or_insert(offered);
            *kept = (*kept).min(offered);
        }
    }
    let columns: BTreeMap<RegisterColumn, usize> = best.iter().map(|(column, (_, index))| (*column, *index)).collect();
    let headers = read
        .into_iter()
        .map(|(index, header, found)| {
            let kept = found.filter(|(column, _)| columns.get(column) == Some(&index));
            HeaderGuess {
                index,
                header: header.to_owned(),
                column: kept.map(|(column, _)| column),
                confidence: kept.map(|(_, confidence)| confidence),
            }
        })
        .collect();
    Guess { has_name: columns.contains_key(&RegisterColumn::Name), mapping: Mapping { columns }, headers }
}

/// The column of a heading and how sure that is.
type Found = (RegisterColumn, Confidence);

fn recognise(header: &str) -> Option<Found> {
    let whole = plain(header);
    if let Some((column, kind)) = by_label(&whole) {
        return Some((
            column,
            match kind {
                LabelKind::Heading => Confidence::Exact,
                LabelKind::Synonym => Confidence::Synonym,
            },
        ));
    }
    // `联系电话（手机）`: what stands before the bracket.
    if let Some((before, _)) = header.split_once(['(', '（', '[', '【'])
        && let Some((column, _)) = by_label(&plain(before))
    {
        return Some((column, Confidence::Synonym));
    }
    // `户主身份证号` is the number of somebody else; a heading that only ends in a known one is looked at, but not these.
    let of_another = ["户主", "监护人", "配偶", "房东", "父", "母", "联系人"];
    if of_another.iter().any(|word| whole.starts_with(word)) {
        return None;
    }
    labels()
        .filter(|(label, _)| label.chars().count() >= 2 && whole.ends_with(label))
        .max_by_key(|(label, _)| label.len())
        .map(|(_, column)| (column, Confidence::Likely))
}

/// The place of the header row among the first rows of a sheet: the one with most known headings, at least two and a name among them;
/// titles and merged cells above it are passed over. None when this is no register.
#[must_use]
pub fn find_header<S: AsRef<str>>(rows: &[Vec<S>]) -> Option<usize> {
    rows.iter()
        .take(HEADER_ROWS_MAX)
        .map(|row| guess_mapping(row))
        .enumerate()
        .filter(|(_, guess)| guess.has_name && guess.mapping.columns.len() >= 2)
        .max_by_key(|(at, guess)| (guess.mapping.columns.len(), std::cmp::Reverse(*at)))
        .map(|(at, _)| at)
}

/// Rows at the top of a sheet among which the header is looked for; titles and remarks seldom take five.
const HEADER_ROWS_MAX: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;
    use RegisterColumn as C;
    use proptest::prelude::*;

    #[test]
    fn a_usual_village_register_maps_by_itself() {
        let headers = [
            "序号",
            "姓名",
            "性 别",
            "身份证号码",
            "民族",
            "出生年月日",
            "与户主关系",
            "户号",
            "户主姓名",
            "联系电话（手机）",
            "村/社区",
            "组别",
            "门牌号",
            "现住址",
            "户籍地址",
            "网格编码",
            "*文化程度",
            "婚姻状况",
            "工作单位",
            "人员类别",
            "备注",
        ];
        let guess = guess_mapping(&headers);
        let found: Vec<_> = guess.headers.iter().map(|h| h.column).collect();
        let expected = [
            None,
            Some(C::Name),
            Some(C::Sex),
            Some(C::DocumentNumber),
            Some(C::Ethnic),
            Some(C::BirthDate),
            Some(C::Relation),
            Some(C::HouseholdNumber),
            Some(C::HeadName),
            Some(C::Phone),
            Some(C::Village),
            Some(C::Group),
            Some(C::Plate),
            Some(C::Address),
            Some(C::RegisteredAddress),
            Some(C::Cell),
            Some(C::Education),
            Some(C::Marital),
            Some(C::Employer),
            Some(C::ResidentKind),
            Some(C::Note),
        ];
        assert_eq!(found, expected);
        assert!(guess.has_name);
        assert_eq!(guess.headers[1].confidence, Some(Confidence::Exact));
        assert_eq!(guess.headers[3].confidence, Some(Confidence::Synonym));
    }

    #[test]
    fn the_number_of_somebody_else_is_not_the_residents() {
        let guess = guess_mapping(&["姓名", "户主身份证号", "监护人电话"]);
        assert_eq!(guess.mapping.columns.len(), 1);
        let guess = guess_mapping(&["姓名", "居民联系电话"]);
        assert_eq!(guess.headers[1].confidence, Some(Confidence::Likely));
    }

    #[test]
    fn the_surest_heading_gets_the_column() {
        let guess = guess_mapping(&["居民联系电话", "手机", "联系电话", "联系电话"]);
        assert_eq!(guess.mapping.place(C::Phone), Some(2));
        assert_eq!(guess.headers[3].column, None);
    }

    #[test]
    fn the_header_row_is_found_below_titles() {
        let rows: Vec<Vec<&str>> = vec![
            vec!["石桥头村人口登记表", "", ""],
            vec!["填表人：", "联系电话：", ""],
            vec!["姓名", "身份证号", "住址"],
            vec!["张三", "330224198602030719", "石桥头村"],
        ];
        assert_eq!(find_header(&rows), Some(2));
        assert_eq!(find_header(&[vec!["产品", "数量"], vec!["甲", "3"]]), None);
        assert_eq!(find_header::<&str>(&[]), None);
    }

    proptest! {
        #[test]
        fn no_place_and_no_column_is_given_twice(headers in proptest::collection::vec("(姓名|电话|手机|户主|身份证号|\\PC{0,6})", 0..12)) {
            let guess = guess_mapping(&headers);
            let given = guess.headers.iter().filter(|h| h.column.is_some()).count();
            prop_assert_eq!(given, guess.mapping.columns.len());
            prop_assert_eq!(guess.headers.len(), headers.len());
        }
    }
}
