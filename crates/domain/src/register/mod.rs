//! Owns: the pure part of a register import: what a column means, what a cell may hold, and every reason why a row is refused.
//! Must not know: XLSX, CSV, documents, progress. Cells arrive as [`RawCell`], good rows leave as [`RegisterRow`].
//!
//! The loop: find the header row ([`find_header`]), guess the mapping ([`guess_mapping`]), let the officer correct it,
//! then check row after row ([`check_row`]) with one [`Seen`] for the whole file.

mod cells;
mod check;
mod columns;
mod mapping;
mod problems;
mod row;

pub use cells::{RawCell, RawRow, read_date};
pub use check::{RowContext, Seen, check_row};
pub use columns::RegisterColumn;
pub use mapping::{Confidence, Guess, HeaderGuess, Mapping, find_header, guess_mapping};
pub use problems::{Problem, RowProblem};
pub use row::{KnownCells, RegisterRow};
