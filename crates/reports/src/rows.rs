//! Tables of typed cells, and "export these rows". Owns the shape of a table; must not know what the rows mean.

mod csv_text;
mod sheet;

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

pub use csv_text::rows_csv;
pub(crate) use sheet::{Sheet, write_table};
pub use sheet::rows_xlsx;

/// One value of a row. Text is always text: it never becomes a formula, a number or markup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// Nothing recorded.
    Empty,
    /// Any text. Long digits, `=…`, `+…`, `-…`, `@…` stay what they are. ID and phone numbers come masked.
    Text(String),
    /// A whole number, right-aligned.
    Integer(i64),
    /// A day.
    Date(NaiveDate),
    /// An instant in station-local time (UTC+8), shown to the minute.
    Time(NaiveDateTime),
    /// A length of time in minutes, shown in hours with one decimal.
    Minutes(u64),
    /// Money in fen, shown in yuan with two decimals.
    Fen(i64),
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Stable name, for tests and machines.
    pub key: String,
    /// The heading, in Chinese.
    pub title_zh: String,
}

impl Column {
    /// A column from its key and heading.
    #[must_use]
    pub fn new(key: impl Into<String>, title_zh: impl Into<String>) -> Self {
        Self { key: key.into(), title_zh: title_zh.into() }
    }
}

/// Rows of one kind under one heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowTable {
    /// Stable name, for tests and machines.
    pub key: String,
    /// The heading, in Chinese; also the name of the sheet.
    pub title_zh: String,
    /// The columns, left to right.
    pub columns: Vec<Column>,
    /// The rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
}
