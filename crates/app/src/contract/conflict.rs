//! Conflicts: fields two people wrote without knowing of each other.

use super::{SaveState, ScalarJson, shape};

shape! {
    /// A record with open conflicts.
    struct ConflictRow {
        /// Record.
        document: String,
        /// Kind of the record.
        kind: String,
        /// Its name.
        title: String,
        /// Fields open.
        open: u32,
        /// Officers who wrote.
        officers: Vec<String>,
        /// When it was noticed here.
        noticed_at: i64,
    }
    /// Open and settled.
    struct ConflictList {
        /// Records with open conflicts, newest first.
        open: Vec<ConflictRow>,
        /// Settled in the last 30 days.
        settled: Vec<SettledRow>,
    }
    /// A settled field.
    struct SettledRow {
        /// Record.
        document: String,
        /// Name of the record.
        title: String,
        /// Key.
        key: String,
        /// Who settled it.
        officer: String,
        /// When.
        at: i64,
    }
    /// The card of one record.
    struct ConflictCard {
        /// Record.
        document: String,
        /// Kind.
        kind: String,
        /// Name.
        title: String,
        /// Heads to send back.
        heads: Vec<String>,
        /// Fields in conflict.
        fields: Vec<ConflictField>,
        /// Fields that merged by themselves since the branches parted.
        merged: Vec<MergedField>,
    }
    /// A field in conflict.
    struct ConflictField {
        /// Key.
        key: String,
        /// What stood before both.
        before: ScalarJson,
        /// The values; masked where the field is (each side shows which characters differ: `differs_at`).
        sides: Vec<ConflictSide>,
        /// Masked: own words have to be typed in full.
        masked: bool,
    }
    /// One value.
    struct ConflictSide {
        /// The change that wrote it; names the value in a decision.
        change: String,
        /// The value (masked form for masked fields, with the differing tail left readable).
        value: ScalarJson,
        /// Who.
        officer: String,
        /// When, device time.
        at: i64,
        /// Which laptop.
        laptop: String,
        /// Where it is.
        state: SaveState,
    }
    /// A field only one side changed.
    struct MergedField {
        /// Key.
        key: String,
        /// Value now.
        value: ScalarJson,
        /// Who.
        officer: String,
    }
    /// Settles fields of one record. One act, one change.
    struct DecideRequest {
        /// Record.
        document: String,
        /// Heads of the card.
        heads: Vec<String>,
        /// Decisions.
        decisions: Vec<Decision>,
    }
    /// One field's decision: a side, or own words.
    struct Decision {
        /// Key.
        key: String,
        /// Changes of all values that were on the card.
        named: Vec<String>,
        /// The side taken.
        take: Option<String>,
        /// Own words.
        own: Option<ScalarJson>,
    }
}
