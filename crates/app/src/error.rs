//! How an error crosses to the UI: a code, arguments and a kind; never a sentence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the user can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The user can fix it.
    Rejected,
    /// Something changed meanwhile; look again.
    Conflict,
    /// Try again later.
    Unavailable,
    /// Our bug; the incident id is in the log.
    Defect,
}

/// An error as the UI gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WireError {
    /// Code; the UI has a text for each, in both languages.
    pub code: String,
    /// Arguments of the text.
    pub args: BTreeMap<String, String>,
    /// What the user can do.
    pub kind: ErrorKind,
    /// For a defect: the id to look for in the log.
    pub incident: Option<String>,
}
