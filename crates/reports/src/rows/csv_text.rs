//! A table as CSV. Owns the bytes of the file (RFC 4180, UTF-8 with a mark, for Excel and WPS); must not know what rows mean.

use std::borrow::Cow;

use super::{Cell, RowTable, check, printed};
use crate::ReportError;

/// From this many digits on a spreadsheet turns a number into 1.2E+11 or loses its tail.
const DIGITS_KEPT: usize = 11;

/// Writes a table as CSV: UTF-8 with a byte-order mark, CRLF, quotes where needed.
///
/// A text that a spreadsheet would take for a formula, and a run of twelve or more digits, gets an apostrophe before it:
/// the reader sees text, never a result.
///
/// # Errors
/// [`ReportError::UnevenRow`], [`ReportError::TooLarge`], [`ReportError::Csv`].
pub fn rows_csv(table: &RowTable) -> Result<Vec<u8>, ReportError> {
    check(table)?;
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(table.columns.iter().map(|column| safe(&column.title_zh).into_owned()))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(text))?;
    }
    writer.into_inner().map_err(|unwritten| ReportError::Csv(unwritten.into_error().into()))
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => safe(text).into_owned(),
        Cell::Empty | Cell::Integer(_) | Cell::Date(_) | Cell::Time(_) | Cell::Minutes(_) | Cell::Fen(_) => {
            printed(cell)
        }
    }
}

/// The text, with an apostrophe where a spreadsheet would calculate or round.
fn safe(text: &str) -> Cow<'_, str> {
    let long = text.len() > DIGITS_KEPT && text.bytes().all(|byte| byte.is_ascii_digit());
    let opens = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%']);
    let hidden = text.starts_with(['\t', '\r', '\n', '\0']);
    if long || opens || hidden { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}
