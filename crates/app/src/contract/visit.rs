//! Visits (走访). Fields of a visit are those of its shape; `officers/<id>/name` names who went.

use super::{FieldsView, Foot, SaveState, shape};

shape! {
    /// A page of visits, newest first.
    struct VisitListRequest {
        /// Only this household.
        household: Option<String>,
        /// Only this cell.
        cell: Option<String>,
        /// Where the page begins.
        after: Option<String>,
        /// Rows, at most 200.
        limit: u32,
    }
    /// A visit in a list.
    struct VisitRow {
        /// Id.
        document: String,
        /// When.
        at: i64,
        /// Kind code.
        kind: Option<String>,
        /// Household id.
        household: Option<String>,
        /// Head's name and address, or the place.
        place: String,
        /// Officers.
        officers: Vec<String>,
        /// Notes.
        notes: Option<String>,
        /// State.
        state: SaveState,
    }
    /// A visit's page.
    struct VisitPage {
        /// Id.
        document: String,
        /// Heads.
        heads: Vec<String>,
        /// Fields by key, collections included.
        fields: FieldsView,
        /// Keys in conflict.
        conflicts: Vec<String>,
        /// Foot.
        foot: Foot,
    }
}
