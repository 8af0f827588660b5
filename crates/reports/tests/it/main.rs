//! What the files of this crate promise, checked by reading them back with other programs.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod csv_file;
mod hostile;
mod paper;
mod rows_file;
mod sample;
mod workbook;
