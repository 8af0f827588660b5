//! Why a report could not be made. Owns the one error type of the crate; must not hold sentences meant for people.

/// Every way in which making a report can fail.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// No font for Chinese text was found among the named ones on this system.
    #[error("no Chinese font among {wanted:?}")]
    NoChineseFont {
        /// The family names looked for, in order of preference.
        wanted: Vec<String>,
    },
    /// A row has another number of cells than the table has columns.
    #[error("table {table}: row {row} has {cells} cells for {columns} columns")]
    UnevenRow {
        /// Key (or title) of the table.
        table: String,
        /// Position of the row, from 0.
        row: usize,
        /// Cells in the row.
        cells: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// More rows or columns than one sheet can hold, or more than this crate agrees to write.
    #[error("table {table}: {size} rows or columns, at most {size_max}")]
    TooLarge {
        /// Key (or title) of the table.
        table: String,
        /// What was asked for.
        size: usize,
        /// The limit.
        size_max: usize,
    },
    /// The spreadsheet writer refused.
    #[error("workbook")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The CSV writer refused.
    #[error("csv")]
    Csv(#[from] csv::Error),
    /// The data of the report could not be written down for the typesetter.
    #[error("data for the typesetter")]
    Data(#[from] serde_json::Error),
    /// The typesetter refused our own template: a defect, with its messages for the log.
    #[error("typesetting: {messages:?}")]
    Typesetting {
        /// What the typesetter said.
        messages: Vec<String>,
    },
}
