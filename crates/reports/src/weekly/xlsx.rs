//! The weekly report as a workbook: one sheet with figures, live charts and breakdowns, one sheet for each list of rows.
//! Owns the lay-out of the first sheet; must not compute a figure itself, so the formulas stay live.

mod breakdown;
mod chart;
mod figures;

use std::collections::BTreeSet;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{WeeklyReport, words};
use crate::ReportError;
use crate::rows::book::{self, Paper, Styles};
use crate::rows::{About, minute, write_table};

/// Name of the first sheet.
pub(crate) const SHEET: &str = "周报";

/// Width of the first column and of the others, in digits.
const WIDTH_LABEL: f64 = 24.0;
const WIDTH_NUMBER: f64 = 12.5;

/// Writes the report as an XLSX workbook.
///
/// Differences are formulas with their values kept beside them, so they read the same in a viewer that does not
/// calculate; the charts are native and follow the cells.
///
/// # Errors
/// [`ReportError::UnevenRow`], [`ReportError::TooLarge`], [`ReportError::Workbook`].
pub fn xlsx(report: &WeeklyReport) -> Result<Vec<u8>, ReportError> {
    let about = About {
        station_name: report.station_name.clone(),
        made_up: report.made_up,
        made_at: report.made_at,
        author: report.author.clone(),
    };
    let title = format!("{}周报", words::week(report));
    let styles = Styles::new();
    let mut taken = BTreeSet::from([SHEET.to_owned()]);
    let mut workbook = book::start(&format!("{} {title}", report.station_name), &about)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEET)?;
    book::paper(sheet, Paper::Landscape, &title, &about);
    write_summary(sheet, &styles, report, &title)?;
    for table in &report.sections {
        write_table(&mut workbook, &mut taken, &styles, table, &about)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// The first sheet, top to bottom.
fn write_summary(sheet: &mut Worksheet, styles: &Styles, report: &WeeklyReport, title: &str) -> Result<(), XlsxError> {
    sheet.set_screen_gridlines(false);
    let columns = breakdown::columns_of(report).max(figures::COLUMNS);
    sheet.set_column_width(0, WIDTH_LABEL)?;
    for column in 1..columns {
        sheet.set_column_width(column, WIDTH_NUMBER)?;
    }
    let mut row = write_head(sheet, styles, report, title, columns)?;
    sheet.set_freeze_panes(1, 1)?;
    row = heading(sheet, styles, row, "一、主要数据")?;
    let figures = figures::write(sheet, styles, row, &report.figures)?;
    row = figures.below + 1;
    // The charts stand between the tables, and the village table's place is known before it is written.
    let charts = row;
    row += chart::rows_needed(report);
    sheet.set_page_breaks(&[row])?;
    row = heading(sheet, styles, row, "二、按村（社区）")?;
    let villages = breakdown::write(sheet, styles, row, report, &report.by_village)?;
    row = heading(sheet, styles, villages.below + 1, "三、按警务网格")?;
    breakdown::write(sheet, styles, row, report, &report.by_cell)?;
    chart::figures(sheet, charts, report, &figures)?;
    chart::villages(sheet, charts, report, &villages)
}

/// Station, week, basis, and the mark of made-up data. Returns the next free row.
fn write_head(
    sheet: &mut Worksheet,
    styles: &Styles,
    report: &WeeklyReport,
    title: &str,
    columns: u16,
) -> Result<u32, XlsxError> {
    sheet.set_row_height(0, 30)?;
    let full = format!("{} {title}", report.station_name);
    sheet.write_string_with_format(0, 0, book::cell_text(&full), &styles.title)?;
    let made =
        format!("{}，{} 制于 {}", words::span(report.from_on, report.to_on), report.author, minute(report.made_at));
    sheet.write_string_with_format(1, 0, book::cell_text(&made), &styles.note)?;
    let complete = report.stands_on.is_complete();
    let style = if complete { &styles.note } else { &styles.warning };
    sheet.write_string_with_format(2, 0, book::cell_text(&words::basis(&report.stands_on, usize::MAX)), style)?;
    if !complete {
        fill(sheet, 2, columns, styles)?;
    }
    if !report.made_up {
        return Ok(4);
    }
    sheet.write_string_with_format(3, 0, words::MADE_UP, &styles.warning)?;
    fill(sheet, 3, columns, styles)?;
    Ok(5)
}

/// Continues the ground of a warning to the right edge.
fn fill(sheet: &mut Worksheet, row: u32, columns: u16, styles: &Styles) -> Result<(), XlsxError> {
    for column in 1..columns {
        sheet.write_blank(row, column, &styles.warning)?;
    }
    Ok(())
}

/// A heading over a table. Returns the row below it.
fn heading(sheet: &mut Worksheet, styles: &Styles, row: u32, text: &str) -> Result<u32, XlsxError> {
    sheet.set_row_height(row, 24)?;
    sheet.write_string_with_format(row, 0, text, &styles.heading)?;
    Ok(row + 1)
}
