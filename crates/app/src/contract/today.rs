//! The first screen: what is due, the shift so far.

use super::{SaveState, dispute::Clock, shape};

shape! {
    /// A task, made by a rule from another record.
    struct TaskRow {
        /// Record it comes from.
        document: String,
        /// Kind of the record: `dispute`, `household`.
        kind: String,
        /// What is to be done: code for its message (a clock's id, `visit_due`, `session_planned`).
        task: String,
        /// Name of the record.
        title: String,
        /// Due.
        due_on: String,
        /// Days left, negative when over.
        days_left: i64,
        /// The clock behind it.
        clock: Option<Clock>,
    }
    /// One thing done in this shift.
    struct ShiftRow {
        /// Record.
        document: String,
        /// Kind.
        kind: String,
        /// Name.
        title: String,
        /// When.
        at: i64,
        /// Where it is.
        state: SaveState,
    }
    /// The screen.
    struct Today {
        /// Station-local day.
        on: String,
        /// Tasks due within 7 days or overdue, by due date.
        tasks: Vec<TaskRow>,
        /// Tasks of the 30 days after that.
        later: u64,
        /// Visits today by this officer.
        visits: u64,
        /// Patrols.
        patrols: u64,
        /// Disputes touched.
        disputes: u64,
        /// Findings.
        findings: u64,
        /// What was written today on this laptop, newest first, at most 20.
        shift: Vec<ShiftRow>,
        /// Entries to be sent.
        unsent: u64,
        /// Newest receipt.
        receipt_at: Option<i64>,
    }
}
