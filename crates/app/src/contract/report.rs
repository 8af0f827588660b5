//! The weekly report: figures, the rows behind each, files.

use super::{shape, words};

words! {
    /// Kind of file.
    enum ReportFormat { Xlsx, Pdf }
    /// What a figure counts in.
    enum FigureUnit { Count, Minutes, Rate }
}

shape! {
    /// Asks for a week.
    struct ReportWeekRequest {
        /// ISO year; the running week when absent.
        year: Option<i32>,
        /// ISO week.
        week: Option<u32>,
    }
    /// An amount: a count, minutes, or a rate with both its numbers.
    struct AmountView {
        /// Count, minutes or numerator.
        value: u64,
        /// Denominator of a rate.
        of: Option<u64>,
    }
    /// One figure.
    struct FigureView {
        /// Key: `households_visited`, `visits`, `patrols`, `patrol_minutes`, `disputes_opened`, `disputes_concluded`, `mediation_success`, `findings`.
        key: String,
        /// What it counts in.
        unit: FigureUnit,
        /// This week.
        now: AmountView,
        /// The week before.
        week_before: AmountView,
        /// The same week of the year before.
        year_before: AmountView,
    }
    /// One line of a breakdown.
    struct BreakdownRow {
        /// Cell or village code.
        code: String,
        /// Name.
        name: String,
        /// Amount by figure key, this week.
        now: std::collections::BTreeMap<String, AmountView>,
        /// The week before.
        week_before: std::collections::BTreeMap<String, AmountView>,
    }
    /// What the report stands on.
    struct StandsOn {
        /// Active laptops of the station.
        laptops: u32,
        /// Laptops whose work of the week is in.
        included: u32,
        /// Through which station time; absent before the first sync.
        through_at: Option<i64>,
        /// Labels of the missing ones.
        missing: Vec<String>,
        /// Entries that a first sync has still to bring: while there are some, every figure is incomplete.
        to_come: u64,
    }
    /// The report.
    struct ReportWeek {
        /// ISO year.
        year: i32,
        /// ISO week.
        week: u32,
        /// Monday.
        from_on: String,
        /// Sunday.
        to_on: String,
        /// What it stands on.
        stands_on: StandsOn,
        /// Figures.
        figures: Vec<FigureView>,
        /// By cell.
        by_cell: Vec<BreakdownRow>,
        /// By village.
        by_village: Vec<BreakdownRow>,
    }
    /// The rows behind a figure.
    struct ReportRowsRequest {
        /// ISO year.
        year: i32,
        /// ISO week.
        week: u32,
        /// Figure.
        figure: String,
        /// Only this cell.
        cell: Option<String>,
        /// Only this village.
        village: Option<String>,
        /// Where the page begins.
        after: Option<String>,
        /// Rows, at most 200.
        limit: u32,
    }
    /// One row behind a figure.
    struct ReportRow {
        /// Record to open.
        document: String,
        /// Kind of the record.
        kind: String,
        /// Number, where it has one.
        number: Option<String>,
        /// Title.
        title: String,
        /// Village or cell.
        place: Option<String>,
        /// When.
        at: Option<i64>,
        /// Minutes, for patrols.
        minutes: Option<u32>,
        /// State code, for disputes.
        state: Option<String>,
        /// Counts towards the numerator of a rate.
        counted: bool,
    }
    /// Exports the report. Audited before the file exists.
    struct ReportExportRequest {
        /// ISO year.
        year: i32,
        /// ISO week.
        week: u32,
        /// Format.
        format: ReportFormat,
    }
    /// A file made for the user.
    struct FileMade {
        /// Name.
        name: String,
        /// Where it was written.
        path: String,
        /// Size.
        bytes: u64,
        /// Content for a browser to save; absent in the desktop app.
        content_base64: Option<String>,
    }
}
