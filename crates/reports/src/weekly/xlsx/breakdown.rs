//! A breakdown by village or cell as a table: this week, then the week before. Owns its columns; must not draw.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::figures::{label, write_amount};
use crate::rows::book::{Styles, cell_text};
use crate::weekly::{Breakdown, Figure, WeeklyReport};

/// Where a breakdown stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Row of the first village.
    pub(crate) first: u32,
    /// First free row.
    pub(crate) below: u32,
    /// Figures in the table; this week's columns begin at 1, those of the week before after them.
    pub(crate) figures: u16,
}

/// The figures that at least one row of the breakdown has, in the order of the report.
pub(crate) fn figures_of<'a>(report: &'a WeeklyReport, rows: &[Breakdown]) -> Vec<&'a Figure> {
    let known = |figure: &&Figure| rows.iter().any(|row| row.amounts.contains_key(&figure.key));
    report.figures.iter().filter(known).collect()
}

/// Columns of the widest breakdown of the report.
pub(crate) fn columns_of(report: &WeeklyReport) -> u16 {
    let of = |rows| u16::try_from(figures_of(report, rows).len()).unwrap_or(u16::MAX / 2);
    1 + 2 * of(&report.by_village).max(of(&report.by_cell)).min(super::super::FIGURES_MAX)
}

/// Writes the table from `row` on.
pub(crate) fn write(
    sheet: &mut Worksheet,
    styles: &Styles,
    row: u32,
    report: &WeeklyReport,
    rows: &[Breakdown],
) -> Result<Place, XlsxError> {
    let figures = figures_of(report, rows);
    let count = u16::try_from(figures.len()).unwrap_or_default().min(super::super::FIGURES_MAX);
    if count == 0 {
        sheet.write_string_with_format(row, 0, "本周无记录", &styles.note)?;
        return Ok(Place { first: row, below: row + 1, figures: 0 });
    }
    sheet.merge_range(row, 0, row + 1, 0, "名称", &styles.head)?;
    for (first, title) in [(1, "本周"), (1 + count, "上周")] {
        if count == 1 {
            sheet.write_string_with_format(row, first, title, &styles.head_group)?;
        } else {
            sheet.merge_range(row, first, row, first + count - 1, title, &styles.head_group)?;
        }
        for (figure, column) in figures.iter().zip(first..first + count) {
            sheet.write_string_with_format(row + 1, column, cell_text(&label(figure)), &styles.head_number)?;
        }
    }
    sheet.set_row_height(row + 1, 34)?;
    let first = row + 2;
    let mut below = first;
    for (entry, at) in rows.iter().zip(first..) {
        sheet.write_string_with_format(at, 0, cell_text(&entry.name), &styles.label)?;
        for (figure, column) in figures.iter().zip(1..=count) {
            let weeks = entry.amounts.get(&figure.key);
            write_amount(sheet, styles, at, column, weeks.map(|weeks| weeks.value))?;
            write_amount(sheet, styles, at, column + count, weeks.map(|weeks| weeks.week_before))?;
        }
        below = at + 1;
    }
    Ok(Place { first, below, figures: count })
}
