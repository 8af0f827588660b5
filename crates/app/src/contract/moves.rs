//! A household moved to another cell, and what this laptop heard of moves.

use super::{SaveState, shape, words};

words! {
    /// Why a record stays where it is.
    enum MoveStays {
        /// A person whose main residence is another household.
        LivesElsewhere,
        /// An address at which other households live.
        AddressShared,
        /// A dispute belongs to the cell of its place.
        DisputeOfPlace,
    }
}

shape! {
    /// Asks what a move to a cell would take along.
    struct HouseholdMovePreviewRequest {
        /// The household.
        household: String,
        /// Code of the cell it goes to.
        to_cell: String,
    }
    /// What a move would take along.
    struct HouseholdMovePreview {
        /// The household.
        household: String,
        /// How lists call it.
        title: String,
        /// Heads to send back with the move.
        heads: Vec<String>,
        /// The cell it is in.
        from_cell: String,
        /// Its name.
        from_cell_name: String,
        /// The cell it goes to.
        to_cell: String,
        /// Its name.
        to_cell_name: String,
        /// What goes, the household first, then address, people, residences, visits.
        goes: Vec<MoveRecord>,
        /// What stays.
        stays: Vec<MoveStay>,
        /// Entries of these records that the station does not have yet.
        unsent: u64,
        /// The officer holds the other cell too and goes on seeing the records.
        holds_target: bool,
    }
    /// A record that goes.
    struct MoveRecord {
        /// Record.
        document: String,
        /// Kind.
        kind: String,
        /// Name.
        title: String,
    }
    /// A record that stays.
    struct MoveStay {
        /// Record.
        document: String,
        /// Kind.
        kind: String,
        /// Name.
        title: String,
        /// Why.
        why: MoveStays,
    }
    /// Moves a household and all that goes with it. One act.
    struct HouseholdMoveRequest {
        /// The household.
        household: String,
        /// Code of the cell it goes to.
        to_cell: String,
        /// Heads of the household the preview was made at.
        heads: Vec<String>,
        /// Why, 2 to 200 characters; kept in the audit of this laptop.
        reason: String,
    }
    /// A household was moved.
    struct HouseholdMoved {
        /// The household.
        household: String,
        /// Records that went.
        records: u64,
        /// It is still shown here.
        shown: bool,
    }
    /// Moves this laptop has heard of, newest first.
    struct MovedList {
        /// Rows, at most 200.
        rows: Vec<MovedRow>,
    }
    /// One move.
    struct MovedRow {
        /// The record it is about.
        document: String,
        /// Its kind; empty where this laptop never showed it.
        kind: String,
        /// Its name; empty where this laptop never showed it.
        title: String,
        /// Code of the cell it left.
        from_cell: String,
        /// Name of that cell.
        from_cell_name: String,
        /// Code of the cell it went to.
        to_cell: String,
        /// Name of that cell.
        to_cell_name: String,
        /// Records that went.
        records: u64,
        /// When, device time.
        at: i64,
        /// By whom.
        officer: String,
        /// On which laptop.
        laptop: String,
        /// Where the move is: an open one can still be refused.
        state: SaveState,
        /// The record is shown here.
        shown: bool,
    }
}
