//! Patrol logs (巡逻). Fields are those of the shape: `crew/<id>/name`, `cells/<code>/present`, `findings/<id>/what`.

use super::{FieldsView, Foot, SaveState, shape};

shape! {
    /// A page of patrols, newest first.
    struct PatrolListRequest {
        /// Only this cell.
        cell: Option<String>,
        /// Where the page begins.
        after: Option<String>,
        /// Rows, at most 200.
        limit: u32,
    }
    /// A patrol in a list.
    struct PatrolRow {
        /// Id.
        document: String,
        /// Mode code.
        mode: Option<String>,
        /// Route.
        route: Option<String>,
        /// Start.
        start_at: i64,
        /// Minutes.
        minutes: Option<u32>,
        /// Crew names.
        crew: Vec<String>,
        /// Cell codes.
        cells: Vec<String>,
        /// Findings.
        findings: u32,
        /// State.
        state: SaveState,
    }
    /// Patrols and minutes of the running week.
    struct PatrolWeek {
        /// Patrols.
        count: u32,
        /// Minutes.
        minutes: u32,
    }
    /// A patrol's page.
    struct PatrolPage {
        /// Id.
        document: String,
        /// Heads.
        heads: Vec<String>,
        /// Fields by key, collections included.
        fields: FieldsView,
        /// Minutes.
        minutes: Option<u32>,
        /// Keys in conflict.
        conflicts: Vec<String>,
        /// Foot.
        foot: Foot,
    }
}
