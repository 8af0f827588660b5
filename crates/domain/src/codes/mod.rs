//! Owns: the code tables (sex, ethnic group, dispute category …): rows, labels, look-up, the names people write for them.
//! Must not know: documents, screens, files other than the built-in CSVs.
//!
//! Tables are data with a version: a station may replace one ([`CodeTable::from_csv`]) and old codes keep their meaning.

mod names;

pub use names::CodeTableName;

use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One code with its labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeRow {
    /// The code: text, leading zeros kept.
    pub code: String,
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// Code of the group this row belongs to.
    pub parent: Option<String>,
    /// Every further column of the file by its heading, blanks left out.
    pub extra: BTreeMap<String, String>,
}

/// One code table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeTable {
    /// Which table.
    pub name: CodeTableName,
    /// The standard the codes come from, or `project`.
    pub standard: String,
    /// State of the data, `YYYY-MM`.
    pub version: String,
    /// The rows in the order of the file.
    pub rows: Vec<CodeRow>,
    #[serde(skip)]
    by_code: BTreeMap<String, usize>,
    #[serde(skip)]
    by_label: BTreeMap<String, usize>,
}

/// A row of a code file that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeIssue {
    /// The line is no CSV record, or has another number of fields.
    #[error("line {line} is no record of the table")]
    Unreadable {
        /// Line in the file, from 1.
        line: u64,
    },
    /// A needed column is missing from the header.
    #[error("column {column} is missing")]
    ColumnMissing {
        /// Its heading.
        column: &'static str,
    },
    /// Code or Chinese label is empty.
    #[error("line {line} has no code or label")]
    Empty {
        /// Line in the file, from 1.
        line: u64,
    },
    /// The code appears twice.
    #[error("code {code} appears twice")]
    Twice {
        /// The code.
        code: String,
    },
    /// The parent is not in the table.
    #[error("code {code} names the unknown parent {parent}")]
    UnknownParent {
        /// The code.
        code: String,
        /// The parent it names.
        parent: String,
    },
}

impl CodeTable {
    /// Reads a table from CSV text with the columns `code,name_zh,name_en,parent` and any others.
    /// One bad row never hides the rest: it is left out and named.
    #[must_use]
    pub fn from_csv(name: CodeTableName, version: &str, csv: &str) -> (Self, Vec<CodeIssue>) {
        let mut table = Self {
            name,
            standard: name.standard().to_owned(),
            version: version.to_owned(),
            rows: Vec::new(),
            by_code: BTreeMap::new(),
            by_label: BTreeMap::new(),
        };
        let mut issues = Vec::new();
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let header: Vec<String> = match reader.headers() {
            Ok(found) => found.iter().map(str::to_owned).collect(),
            Err(_) => return (table, vec![CodeIssue::Unreadable { line: 1 }]),
        };
        for needed in ["code", "name_zh", "name_en"] {
            if !header.iter().any(|column| column == needed) {
                issues.push(CodeIssue::ColumnMissing { column: needed });
            }
        }
        for (index, record) in reader.records().enumerate() {
            let line = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(2);
            match record {
                Ok(record) => table.push(&header, &record, line, &mut issues),
                Err(_) => issues.push(CodeIssue::Unreadable { line }),
            }
        }
        for row in &table.rows {
            if let Some(parent) = &row.parent
                && !table.by_code.contains_key(parent)
            {
                issues.push(CodeIssue::UnknownParent { code: row.code.clone(), parent: parent.clone() });
            }
        }
        (table, issues)
    }

    fn push(&mut self, header: &[String], record: &csv::StringRecord, line: u64, issues: &mut Vec<CodeIssue>) {
        let mut fields: BTreeMap<String, String> = header
            .iter()
            .cloned()
            .zip(record.iter().map(|field| field.trim().to_owned()))
            .filter(|(_, field)| !field.is_empty())
            .collect();
        let (Some(code), Some(zh)) = (fields.remove("code"), fields.remove("name_zh")) else {
            issues.push(CodeIssue::Empty { line });
            return;
        };
        if self.by_code.contains_key(&code) {
            issues.push(CodeIssue::Twice { code });
            return;
        }
        let row = CodeRow {
            en: fields.remove("name_en").unwrap_or_default(),
            parent: fields.remove("parent"),
            extra: fields,
            code,
            zh,
        };
        let at = self.rows.len();
        self.by_code.insert(row.code.clone(), at);
        // A group and its only row may share a label; the first keeps it, so that imports store the wider code.
        self.by_label.entry(row.zh.clone()).or_insert(at);
        self.rows.push(row);
    }

    /// The row of a code.
    #[must_use]
    pub fn row(&self, code: &str) -> Option<&CodeRow> {
        self.by_code.get(code).and_then(|at| self.rows.get(*at))
    }

    /// Whether the code is in the table.
    #[must_use]
    pub fn contains(&self, code: &str) -> bool {
        self.by_code.contains_key(code)
    }

    /// The Chinese label of a code.
    #[must_use]
    pub fn zh(&self, code: &str) -> Option<&str> {
        self.row(code).map(|row| row.zh.as_str())
    }

    /// The English label of a code.
    #[must_use]
    pub fn en(&self, code: &str) -> Option<&str> {
        self.row(code).map(|row| row.en.as_str())
    }

    /// The row people mean by what they wrote: the code itself, its Chinese label, or a usual other name (`汉` for `汉族`, `女` for `女性`).
    #[must_use]
    pub fn resolve(&self, written: &str) -> Option<&CodeRow> {
        let written = crate::text::squeeze(written);
        if written.is_empty() {
            return None;
        }
        if let Some(row) = self.row(&written) {
            return Some(row);
        }
        if let Some(code) = SYNONYMS.get(&(self.name, written.to_lowercase()))
            && let Some(row) = self.row(code)
        {
            return Some(row);
        }
        let at = self.by_label.get(&written).or_else(|| {
            (self.name == CodeTableName::Ethnic).then(|| self.by_label.get(&format!("{written}族"))).flatten()
        })?;
        self.rows.get(*at)
    }

    /// The groups above a code, the nearest first. Bounded by the number of rows, so a circle in a replaced table ends.
    pub fn ancestors<'a>(&'a self, code: &str) -> impl Iterator<Item = &'a CodeRow> {
        let mut next = self.row(code).and_then(|row| row.parent.clone());
        std::iter::from_fn(move || {
            let row = self.row(next.as_deref()?)?;
            next.clone_from(&row.parent);
            Some(row)
        })
        .take(self.rows.len())
    }
}

static TABLES: LazyLock<BTreeMap<CodeTableName, CodeTable>> = LazyLock::new(|| {
    CodeTableName::ALL
        .iter()
        .map(|name| {
            let (table, _) = CodeTable::from_csv(*name, BUILT_IN_VERSION, name.built_in_csv());
            (*name, table)
        })
        .collect()
});

static SYNONYMS: LazyLock<BTreeMap<(CodeTableName, String), String>> =
    LazyLock::new(|| read_synonyms(include_str!("../../data/project/code_synonyms.csv")));

/// State of the built-in tables, as `data/README.md` says.
pub const BUILT_IN_VERSION: &str = "2026-11";

fn read_synonyms(csv: &str) -> BTreeMap<(CodeTableName, String), String> {
    csv::Reader::from_reader(csv.as_bytes())
        .records()
        .filter_map(|record| {
            let record = record.ok()?;
            let table: CodeTableName = record.get(0)?.parse().ok()?;
            Some(((table, record.get(1)?.to_lowercase()), record.get(2)?.to_owned()))
        })
        .collect()
}

/// The built-in table of a name.
#[must_use]
pub fn code_table(name: CodeTableName) -> &'static CodeTable {
    // Every name of ALL was inserted above; the empty table only keeps this total.
    static EMPTY: LazyLock<CodeTable> =
        LazyLock::new(|| CodeTable::from_csv(CodeTableName::Sex, BUILT_IN_VERSION, "").0);
    TABLES.get(&name).unwrap_or_else(|| LazyLock::force(&EMPTY))
}

/// A set of code tables: the built-in ones, some of them replaced by the station's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeSet {
    replaced: BTreeMap<CodeTableName, CodeTable>,
}

impl CodeSet {
    /// The built-in tables.
    #[must_use]
    pub const fn built_in() -> Self {
        Self { replaced: BTreeMap::new() }
    }

    /// Replaces a table.
    pub fn replace(&mut self, table: CodeTable) {
        self.replaced.insert(table.name, table);
    }

    /// The table in force.
    #[must_use]
    pub fn table(&self, name: CodeTableName) -> &CodeTable {
        self.replaced.get(&name).unwrap_or_else(|| code_table(name))
    }
}

/// All built-in tables in the order of [`CodeTableName::ALL`].
pub fn code_tables() -> impl Iterator<Item = &'static CodeTable> {
    CodeTableName::ALL.iter().map(|name| code_table(*name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_every_built_in_table_reads() {
        for name in CodeTableName::ALL {
            let (table, issues) = CodeTable::from_csv(*name, BUILT_IN_VERSION, name.built_in_csv());
            assert_eq!(issues, Vec::new(), "{name}");
            assert_eq!(table.rows.len(), name.built_in_csv().lines().count() - 1, "{name}");
            assert!(table.rows.iter().all(|row| !row.en.is_empty()), "{name}");
        }
    }

    #[test]
    fn every_synonym_names_a_code_that_exists() {
        let csv = include_str!("../../data/project/code_synonyms.csv");
        assert_eq!(SYNONYMS.len(), csv.lines().count() - 1);
        for ((table, label), code) in SYNONYMS.iter() {
            assert!(code_table(*table).contains(code), "{table} {label} {code}");
        }
    }

    #[test]
    fn what_people_write_finds_the_code() {
        let cases = [
            (CodeTableName::Sex, "男", "1"),
            (CodeTableName::Sex, " 女性 ", "2"),
            (CodeTableName::Sex, "２", "2"),
            (CodeTableName::Ethnic, "汉", "01"),
            (CodeTableName::Ethnic, "土家族", "15"),
            (CodeTableName::Education, "初中", "71"),
            (CodeTableName::Education, "大学本科毕业", "21"),
            (CodeTableName::Relation, "户主", "02"),
            (CodeTableName::Relation, "儿媳", "38"),
            (CodeTableName::Marital, "离婚", "40"),
            (CodeTableName::ResidentKind, "流动人口", "floating"),
            (CodeTableName::DisputeGrade, "3", "3"),
        ];
        for (table, written, code) in cases {
            let found = code_table(table).resolve(written).map(|row| row.code.as_str());
            assert_eq!(found, Some(code), "{table} {written}");
        }
        assert_eq!(code_table(CodeTableName::Sex).resolve("不详细"), None);
        assert_eq!(code_table(CodeTableName::Sex).resolve(""), None);
    }

    #[test]
    fn ancestors_of_a_dispute_category_lead_to_its_class() {
        let table = code_table(CodeTableName::DisputeCategory);
        let codes: Vec<_> = table.ancestors("010101").map(|row| row.code.as_str()).collect();
        assert_eq!(codes, ["0101", "01"]);
    }

    #[test]
    fn a_circle_in_a_replaced_table_ends() {
        let csv = "code,name_zh,name_en,parent\nA,甲,a,B\nB,乙,b,A\n";
        let (table, issues) = CodeTable::from_csv(CodeTableName::VisitKind, "x", csv);
        assert!(issues.is_empty());
        assert_eq!(table.ancestors("A").count(), 2);
    }

    #[test]
    fn a_bad_row_is_named_and_hides_no_other() {
        let csv = "code,name_zh,name_en,parent\n1,甲,a,\n1,又甲,a,\n,无码,a,\n2,乙,b,9\n3\n4,丁,d,\n";
        let (table, issues) = CodeTable::from_csv(CodeTableName::VisitKind, "x", csv);
        assert_eq!(table.rows.len(), 3);
        assert_eq!(issues.len(), 4);
    }
}
