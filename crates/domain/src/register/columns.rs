//! Owns: the columns a register may have and the headings people write for them.
//! Must not know: files.

use crate::limits;
use crate::text::half_width;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// Declares the columns with their codes and limits once.
macro_rules! columns {
    ($($(#[$doc:meta])* $variant:ident => $code:literal, $max:expr);+ $(;)?) => {
        /// A column of a register.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum RegisterColumn { $($(#[$doc])* $variant),+ }

        impl RegisterColumn {
            /// Every column in the order of a template.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The most characters a cell of the column may hold.
            #[must_use]
            pub const fn chars_max(self) -> usize {
                match self { $(Self::$variant => $max),+ }
            }
        }
    };
}

columns! {
    /// 姓名.
    Name => "name", limits::NAME_CHARS_MAX;
    /// 曾用名.
    FormerName => "former_name", limits::NAME_CHARS_MAX;
    /// 性别.
    Sex => "sex", limits::SHORT_CHARS_MAX;
    /// 证件类型.
    DocumentKind => "document_kind", limits::SHORT_CHARS_MAX;
    /// 公民身份号码.
    DocumentNumber => "document_number", limits::DOCUMENT_NUMBER_CHARS_MAX;
    /// 民族.
    Ethnic => "ethnic", limits::SHORT_CHARS_MAX;
    /// 出生日期.
    BirthDate => "birth_date", limits::SHORT_CHARS_MAX;
    /// 与户主关系.
    Relation => "relation", limits::SHORT_CHARS_MAX;
    /// 户号.
    HouseholdNumber => "household_number", limits::DOCUMENT_NUMBER_CHARS_MAX;
    /// 户类型.
    HouseholdKind => "household_kind", limits::SHORT_CHARS_MAX;
    /// 户主.
    HeadName => "head_name", limits::NAME_CHARS_MAX;
    /// 联系电话.
    Phone => "phone", limits::PHONE_CHARS_MAX;
    /// 住址.
    Address => "address", limits::ADDRESS_CHARS_MAX;
    /// 户籍地址.
    RegisteredAddress => "registered_address", limits::ADDRESS_CHARS_MAX;
    /// 村社区.
    Village => "village", limits::SHORT_CHARS_MAX;
    /// 组.
    Group => "group", limits::SHORT_CHARS_MAX;
    /// 门牌号.
    Plate => "plate", limits::SHORT_CHARS_MAX;
    /// 网格.
    Cell => "cell", limits::SHORT_CHARS_MAX;
    /// 文化程度.
    Education => "education", limits::SHORT_CHARS_MAX;
    /// 婚姻状况.
    Marital => "marital", limits::SHORT_CHARS_MAX;
    /// 服务处所.
    Employer => "employer", limits::EMPLOYER_CHARS_MAX;
    /// 人员类别.
    ResidentKind => "resident_kind", limits::SHORT_CHARS_MAX;
    /// 迁入日期.
    MovedInOn => "moved_in_on", limits::SHORT_CHARS_MAX;
    /// 备注.
    Note => "note", limits::NOTE_CHARS_MAX;
}

/// Whether a heading is the usual one or another name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LabelKind {
    Heading,
    Synonym,
}

static LABELS: LazyLock<BTreeMap<String, (RegisterColumn, LabelKind)>> = LazyLock::new(|| {
    csv::Reader::from_reader(LABELS_CSV.as_bytes())
        .records()
        .filter_map(|record| {
            let record = record.ok()?;
            let column = record.get(0)?.parse().ok()?;
            let kind = match record.get(2)? {
                "heading" => LabelKind::Heading,
                _ => LabelKind::Synonym,
            };
            Some((plain(record.get(1)?), (column, kind)))
        })
        .collect()
});

const LABELS_CSV: &str = include_str!("../../data/project/register_columns.csv");

/// A heading without blanks, punctuation and case: `*姓 名：` is `姓名`.
pub(super) fn plain(heading: &str) -> String {
    half_width(heading).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The column a plain heading names.
pub(super) fn by_label(plain: &str) -> Option<(RegisterColumn, LabelKind)> {
    LABELS.get(plain).copied()
}

/// Every plain label with its column, for the search by ending.
pub(super) fn labels() -> impl Iterator<Item = (&'static str, RegisterColumn)> {
    LABELS.iter().map(|(label, (column, _))| (label.as_str(), *column))
}

impl RegisterColumn {
    /// The usual Chinese heading, as templates and exports write it.
    #[must_use]
    pub fn heading_zh(self) -> &'static str {
        LABELS
            .iter()
            .find(|(_, (column, kind))| *column == self && *kind == LabelKind::Heading)
            .map_or("", |(label, _)| label.as_str())
    }
}

impl fmt::Display for RegisterColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// No column of a register has this code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no column of a register is called {0}")]
pub struct UnknownColumn(pub String);

impl FromStr for RegisterColumn {
    type Err = UnknownColumn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|column| column.code() == text).ok_or_else(|| UnknownColumn(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_column_table_reads_and_no_label_means_two_columns() {
        assert_eq!(LABELS.len(), LABELS_CSV.lines().count() - 1);
    }

    #[test]
    fn every_column_has_one_usual_heading() {
        for column in RegisterColumn::ALL {
            assert!(!column.heading_zh().is_empty(), "{column}");
            let headings = LABELS.values().filter(|(c, k)| c == column && *k == LabelKind::Heading);
            assert_eq!(headings.count(), 1, "{column}");
            assert_eq!(column.code().parse().as_ref(), Ok(column));
        }
    }
}
