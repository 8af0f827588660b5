//! Rows in, bytes out: the weekly report as XLSX and PDF, and any list of rows as XLSX or CSV.
//!
//! This crate owns how numbers and rows look on paper. It must not know where they come from: no database, no clock,
//! no files but the fonts of the system. The caller masks ID numbers and phone numbers before it hands rows over.

mod error;
mod fonts;
pub mod rows;
mod typeset;
pub mod weekly;

pub use error::ReportError;
pub use fonts::Fonts;
pub use rows::{About, Cell, Column, RowTable, rows_csv, rows_xlsx};
