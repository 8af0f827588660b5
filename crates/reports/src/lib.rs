//! Rows in, bytes out: the weekly report as XLSX and PDF, and any list of rows as XLSX or CSV.
//!
//! This crate owns how numbers and rows look on paper. It must not know where they come from: no database, no clock,
//! no network, no files but the fonts of the system.
//!
//! # The loop
//! 1. The caller counts, and fills a [`weekly::WeeklyReport`]: figures with the week before, breakdowns by village and by
//!    cell, and the rows behind every number. ID numbers and phone numbers in the rows are masked by the caller, and
//!    the export is audited by the caller before the file is shown.
//! 2. [`weekly::xlsx`] makes the workbook, [`weekly::pdf`] the paper. Both say what the report stands on, both mark
//!    made-up data, and both are the same bytes for the same report: a kept report can be printed again years later.
//! 3. [`rows_xlsx`] and [`rows_csv`] export one [`RowTable`], for "export these rows".
//!
//! # What is promised
//! - A rate shows both its numbers; where there is no base there is a dash. All differences come from
//!   [`weekly::difference`], the function the screen can use too.
//! - Text is text. In a workbook it is a string cell, never a formula; in CSV a text that would open a formula gets an
//!   apostrophe; on paper it reaches the typesetter as a value from a data file, never as markup.
//! - The workbook holds every row; the paper shows the first [`weekly::ROWS_SHOWN_MAX`] of a table and says of how many.
//! - Chinese type is taken from the fonts of the system by name, in order, and embedded. [`Fonts::system`] says
//!   [`ReportError::NoChineseFont`] when there is none. Finding fonts takes a moment: keep one [`Fonts`] and share it.
//!
//! Sentences in this crate are Chinese and end on paper; none of them is shown on a screen.

mod error;
mod fonts;
pub mod rows;
mod typeset;
pub mod weekly;

pub use error::ReportError;
pub use fonts::Fonts;
pub use rows::{About, Cell, Column, RowTable, rows_csv, rows_xlsx};
