//! A table of rows as a sheet of a workbook. Owns columns, widths, filter and frozen heading; must not know what rows mean.

use std::collections::BTreeSet;

use rust_xlsxwriter::{IgnoreError, Workbook, Worksheet, XlsxError};

use super::book::{self, Paper, Styles};
use super::{About, Cell, RowTable, check, fen, minute};
use crate::ReportError;
use crate::weekly::words;

/// Rows looked at to find the width of a column; the first pages are what is seen first.
const ROWS_MEASURED: usize = 2_000;

/// Narrowest and widest column, in digits.
const WIDTH_MIN: usize = 9;
const WIDTH_MAX: usize = 44;

/// From this many columns on the paper lies on its side.
const COLUMNS_LANDSCAPE: usize = 6;

/// Writes one table as a workbook of one sheet, for "export these rows".
///
/// # Errors
/// [`ReportError::UnevenRow`], [`ReportError::TooLarge`], [`ReportError::Workbook`].
pub fn rows_xlsx(table: &RowTable, about: &About) -> Result<Vec<u8>, ReportError> {
    let mut workbook = book::start(&table.title_zh, about)?;
    write_table(&mut workbook, &mut BTreeSet::new(), &Styles::new(), table, about)?;
    Ok(workbook.save_to_buffer()?)
}

/// Adds a sheet with the rows of a table to a workbook.
pub(crate) fn write_table(
    workbook: &mut Workbook,
    taken: &mut BTreeSet<String>,
    styles: &Styles,
    table: &RowTable,
    about: &About,
) -> Result<(), ReportError> {
    check(table)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(book::sheet_name(&table.title_zh, taken))?;
    let lie = if table.columns.len() < COLUMNS_LANDSCAPE { Paper::Portrait } else { Paper::Landscape };
    book::paper(sheet, lie, &table.title_zh, about);
    let head = write_title(sheet, styles, table, about)?;
    for (column, at) in table.columns.iter().zip(0_u16..) {
        let numbers = table.rows.iter().filter_map(|row| row.get(usize::from(at))).any(is_number);
        let style = if numbers { &styles.head_number } else { &styles.head };
        sheet.write_string_with_format(head, at, book::cell_text(&column.title_zh), style)?;
        sheet.set_column_width(at, column_width(table, usize::from(at)))?;
    }
    let mut last = head;
    for (row, at) in table.rows.iter().zip(head + 1..) {
        last = at;
        for (cell, column) in row.iter().zip(0_u16..) {
            write_cell(sheet, at, column, cell, styles)?;
        }
    }
    sheet.set_freeze_panes(head + 1, 1)?;
    sheet.set_repeat_rows(head, head)?;
    if let Some(right) = table.columns.len().checked_sub(1).and_then(|at| u16::try_from(at).ok()) {
        sheet.autofilter(head, 0, last, right)?;
        sheet.ignore_error_range(head, 0, last, right, IgnoreError::NumberStoredAsText)?;
    }
    Ok(())
}

/// Title, count, and the mark of made-up data; returns the row of the heading.
fn write_title(sheet: &mut Worksheet, styles: &Styles, table: &RowTable, about: &About) -> Result<u32, XlsxError> {
    sheet.set_row_height(0, 26)?;
    sheet.write_string_with_format(0, 0, book::cell_text(&table.title_zh), &styles.title)?;
    let note =
        format!("{}，共 {} 条，{} 制于 {}", about.station_name, table.rows.len(), about.author, minute(about.made_at));
    sheet.write_string_with_format(1, 0, book::cell_text(&note), &styles.note)?;
    if !about.made_up {
        return Ok(2);
    }
    sheet.write_string_with_format(2, 0, words::MADE_UP, &styles.warning)?;
    for column in 1..u16::try_from(table.columns.len()).unwrap_or(1) {
        sheet.write_blank(2, column, &styles.warning)?;
    }
    Ok(3)
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, styles: &Styles) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => sheet.write_blank(row, column, &styles.text)?,
        Cell::Text(text) => sheet.write_string_with_format(row, column, book::cell_text(text), &styles.text)?,
        Cell::Integer(number) => sheet.write_number_with_format(row, column, *number as f64, &styles.number("0"))?,
        Cell::Minutes(minutes) => {
            sheet.write_number_with_format(row, column, *minutes as f64 / 60.0, &styles.number("0.0"))?
        }
        Cell::Fen(amount) => {
            sheet.write_number_with_format(row, column, *amount as f64 / 100.0, &styles.number("#,##0.00"))?
        }
        Cell::Date(on) => match book::date_time((*on).into()) {
            Some(day) => sheet.write_datetime_with_format(row, column, &day, &styles.day("yyyy-mm-dd"))?,
            None => sheet.write_string_with_format(row, column, on.to_string(), &styles.text)?,
        },
        Cell::Time(at) => match book::date_time(*at) {
            Some(time) => sheet.write_datetime_with_format(row, column, &time, &styles.day("yyyy-mm-dd hh:mm"))?,
            None => sheet.write_string_with_format(row, column, minute(*at), &styles.text)?,
        },
    };
    Ok(())
}

/// Wide enough for the heading with its filter button and for most cells; longer ones wrap.
fn column_width(table: &RowTable, column: usize) -> f64 {
    let cells = table.rows.iter().take(ROWS_MEASURED).filter_map(|row| row.get(column));
    let head = table.columns.get(column).map_or(0, |column| book::width(&column.title_zh) + 3);
    let widest = cells.map(|cell| book::width(&printed(cell)) + 2).max().unwrap_or_default();
    widest.max(head).clamp(WIDTH_MIN, WIDTH_MAX) as f64
}

/// Whether the cell stands at the right of its column.
pub(crate) fn is_number(cell: &Cell) -> bool {
    match cell {
        Cell::Integer(_) | Cell::Minutes(_) | Cell::Fen(_) => true,
        Cell::Empty | Cell::Text(_) | Cell::Date(_) | Cell::Time(_) => false,
    }
}

/// A cell as text, as it looks on paper.
pub(crate) fn printed(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Integer(number) => number.to_string(),
        Cell::Date(on) => on.to_string(),
        Cell::Time(at) => minute(*at),
        Cell::Minutes(minutes) => words::hours(*minutes),
        Cell::Fen(amount) => fen(*amount),
    }
}
