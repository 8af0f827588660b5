//! The contract between UI and Rust: the shapes of every request and response. Owns names and types only; must not hold
//! rules (see the operations) or know a framework. TypeScript is generated from here (`cargo xtask gen`).
//!
//! Ids are hyphenated UUID text, heads are hex text, `_at` is UTC milliseconds, `_on` is `YYYY-MM-DD`, money is fen.

pub mod bundle;
pub mod conflict;
pub mod dispute;
pub mod erase;
pub mod import;
pub mod moves;
pub mod patrol;
pub mod people;
pub mod report;
pub mod session;
pub mod settings;
pub mod sync;
pub mod today;
pub mod visit;

use std::collections::BTreeMap;

use domain::shape::Scalar;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Declares a type of the contract.
macro_rules! shape {
    ($($(#[$meta:meta])* struct $name:ident $(<$generic:ident>)? { $($(#[$fm:meta])* $field:ident : $type:ty),* $(,)? })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            pub struct $name $(<$generic>)? { $($(#[$fm])* pub $field: $type),* }
        )*
    };
}
/// Declares a closed set of words of the contract, written in snake case.
macro_rules! words {
    ($($(#[$meta:meta])* enum $name:ident { $($(#[$vm:meta])* $variant:ident),* $(,)? })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            #[serde(rename_all = "snake_case")]
            pub enum $name { $($(#[$vm])* #[doc = concat!("`", stringify!($variant), "`.")] $variant),* }
        )*
    };
}
pub(crate) use {shape, words};

/// Keys and new values of a record, as the shape of its kind names them (`phone`, `sessions/<id>/kind`). Only what changes.
pub type Fields = BTreeMap<String, ScalarJson>;

/// All keys of a record with their values; masked ones are masked.
pub type FieldsView = BTreeMap<String, ScalarJson>;

/// A scalar as JSON: null, true, false, a whole number or text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScalarJson(#[ts(type = "null | boolean | number | string")] pub Scalar);

/// A page of a list. `next` goes into the following request's `after`; nothing more when absent.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Page<T> {
    /// Rows in the list's order.
    pub rows: Vec<T>,
    /// Where the next page begins: opaque.
    pub next: Option<String>,
}

words! {
    /// Where the newest change of a record is.
    enum SaveState {
        /// 已存本机: durable here, not yet at the station.
        Here,
        /// 派出所已收: a verified signed receipt covers it.
        Station,
        /// 搁置: the station set it aside, with a reason.
        SetAside,
    }
}

shape! {
    /// No arguments.
    struct Empty {}

    /// A number of rows, counted apart from the page.
    struct Count {
        /// Rows the filter leaves.
        count: u64,
    }

    /// What a write answers.
    struct Written {
        /// The record written.
        document: String,
        /// Its heads after the write.
        heads: Vec<String>,
        /// Fields that now stand in conflict with what arrived while the form was open.
        conflicts: Vec<String>,
    }

    /// A masked value: shown with stars until revealed with a reason.
    struct Masked {
        /// The key to reveal.
        key: String,
        /// The masked form; absent when nothing is written.
        shown: Option<String>,
        /// Several values stand here and wait for a decision.
        conflict: bool,
    }

    /// The foot of a record.
    struct Foot {
        /// Where the newest change is.
        state: SaveState,
        /// Changes not yet at the station.
        unsent: u32,
        /// When it was last changed, device time of the laptop that did.
        last_at: Option<i64>,
        /// Who did.
        last_officer: Option<String>,
        /// On which laptop.
        last_laptop: Option<String>,
        /// The station's newest receipt over it.
        received_at: Option<i64>,
        /// How many changes the record has.
        history_count: u32,
    }

    /// One row of a record's history.
    struct HistoryRow {
        /// The change.
        change: String,
        /// Device time.
        at: i64,
        /// Who.
        officer: String,
        /// Laptop.
        laptop: String,
        /// Where this change is.
        state: SaveState,
        /// It settled a conflict.
        decision: bool,
        /// What was set.
        sets: Vec<HistoryField>,
    }

    /// One field a change set. Masked fields stay masked.
    struct HistoryField {
        /// The key.
        key: String,
        /// The value, masked where the field is.
        value: ScalarJson,
    }

    /// Asks for one record.
    struct Open {
        /// The record.
        document: String,
    }

    /// Asks for one masked value in full. Audited before it is shown.
    struct RevealRequest {
        /// The record.
        document: String,
        /// The key.
        key: String,
        /// Why; at least two characters.
        reason: String,
    }

    /// A value in full.
    struct Revealed {
        /// The value.
        value: ScalarJson,
    }

    /// Saves a record: new when `document` is absent, otherwise at the heads its form was opened on.
    struct SaveRequest {
        /// The record; absent for a new one.
        document: Option<String>,
        /// Heads the form was opened on; empty for a new one.
        heads: Vec<String>,
        /// Only the fields that change.
        fields: Fields,
    }
}
