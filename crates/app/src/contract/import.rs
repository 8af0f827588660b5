//! Importing a village register: inspect, dry run, import. All or nothing.

use std::collections::BTreeMap;

use super::{shape, words};

words! {
    /// How a job stands.
    enum JobState { Running, Done, Failed, Cancelled }
    /// What a job does.
    enum JobKind { Import, Rebuild, Backup, Restore, Export, Bundle }
}

shape! {
    /// Reads a file's sheets and headings. Nothing is kept but the file, in memory, until the import ends.
    struct ImportInspectRequest {
        /// File name.
        name: String,
        /// XLSX or CSV (UTF-8 or GB18030).
        file_base64: String,
    }
    /// What is in the file.
    struct ImportInspected {
        /// Names this import from here on.
        import: String,
        /// Sheets with at least one row.
        sheets: Vec<SheetView>,
        /// The first sync is not over: duplicates of what the station holds cannot all be seen yet.
        before_first_sync: bool,
    }
    /// A sheet.
    struct SheetView {
        /// Name.
        name: String,
        /// Row of the headings, from 1.
        header_row: u32,
        /// Headings.
        headings: Vec<String>,
        /// Rows below.
        rows: u64,
        /// First rows, as text.
        sample: Vec<Vec<String>>,
        /// Guessed mapping: canonical column → index of the heading.
        mapping: BTreeMap<String, u32>,
        /// Merged cells were found below the headings: they read as empty but the first.
        merged_cells: bool,
        /// Cells with formulas; their stored results are read.
        formulas: u64,
    }
    /// Asks what an import would do.
    struct ImportDryRunRequest {
        /// Import.
        import: String,
        /// Sheet.
        sheet: String,
        /// Canonical column → index of the heading.
        mapping: BTreeMap<String, u32>,
        /// Cell for rows that name none.
        cell: Option<String>,
        /// Village for rows that name none.
        village: Option<String>,
    }
    /// What an import would do.
    struct ImportDryRun {
        /// Rows read.
        rows: u64,
        /// Residents that would be created.
        residents: u64,
        /// Households.
        households: u64,
        /// Addresses.
        addresses: u64,
        /// Rows left out, with at least one problem each.
        rejected: u64,
        /// Problems, at most 500 shown.
        problems: Vec<RowProblemView>,
        /// Problems in all.
        problem_count: u64,
        /// How often each problem occurs.
        by_code: BTreeMap<String, u64>,
    }
    /// One problem of one row.
    struct RowProblemView {
        /// Row in the file, from 1.
        row: u64,
        /// Canonical column.
        column: Option<String>,
        /// Code of the problem.
        code: String,
        /// Arguments of its message.
        args: BTreeMap<String, String>,
    }
    /// Asks for the rows that the last dry run left out, as a workbook.
    struct ImportProblemsExportRequest {
        /// Import.
        import: String,
    }
    /// Imports what the last dry run showed.
    struct ImportCommitRequest {
        /// Import.
        import: String,
        /// The officer read the warning about importing before the first sync.
        accept_before_first_sync: bool,
    }
    /// A job that runs beside the window.
    struct JobStarted {
        /// Job.
        job: String,
    }
    /// Names a job.
    struct JobRequest {
        /// Job.
        job: String,
    }
    /// How a job stands.
    struct JobStatus {
        /// Job.
        job: String,
        /// What it does.
        kind: JobKind,
        /// How it stands.
        state: JobState,
        /// Done.
        done: u64,
        /// Of so many.
        total: u64,
        /// Error code when failed.
        error: Option<crate::error::WireError>,
        /// Numbers the job ends with (e.g. `residents`, `households`, `rejected`).
        result: BTreeMap<String, u64>,
    }
}
