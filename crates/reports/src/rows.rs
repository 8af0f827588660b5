//! Tables of typed cells, and "export these rows". Owns the shape of a table; must not know what the rows mean.

mod csv_text;
mod sheet;

pub(crate) mod book;

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::ReportError;

pub use csv_text::rows_csv;
pub use sheet::rows_xlsx;
pub(crate) use sheet::{is_number, printed, write_table};

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

/// Most rows of one table. A sheet of Excel holds 1,048,576; some are kept for title and heading.
pub const ROWS_MAX: usize = 1_048_000;

/// Most columns of one table: more cannot be read on paper or screen.
pub const COLUMNS_MAX: usize = 200;

/// Whose rows an exported file holds, and when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Name of the station.
    pub station_name: String,
    /// Whether people and places are made up; the file then says so.
    pub made_up: bool,
    /// When the file is made, station-local time (UTC+8).
    pub made_at: NaiveDateTime,
    /// Who makes it.
    pub author: String,
}

/// Refuses a table whose rows do not fit its columns or a sheet.
pub(crate) fn check(table: &RowTable) -> Result<(), ReportError> {
    let columns = table.columns.len();
    for (size, size_max) in [(table.rows.len(), ROWS_MAX), (columns, COLUMNS_MAX)] {
        if size > size_max {
            return Err(ReportError::TooLarge { table: table.key.clone(), size, size_max });
        }
    }
    match table.rows.iter().enumerate().find(|(_, row)| row.len() != columns) {
        None => Ok(()),
        Some((row, cells)) => {
            Err(ReportError::UnevenRow { table: table.key.clone(), row, cells: cells.len(), columns })
        }
    }
}

/// Fen as yuan with two decimals: `-12.05`.
pub(crate) fn fen(amount: i64) -> String {
    let size = amount.unsigned_abs();
    let sign = if amount < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

/// `2026-11-16 08:00`.
pub(crate) fn minute(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}
