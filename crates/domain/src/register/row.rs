//! Owns: what a good row of a register holds, and the cells it may name.
//! Must not know: how it was read.

use super::RowProblem;
use crate::text::squeeze;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;

/// The cells of the directory under every name a register may use for them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownCells {
    /// None for a name that two cells share.
    by_label: BTreeMap<String, Option<String>>,
}

impl KnownCells {
    /// Adds a cell under its code, its name, or the name or code of a village it alone covers.
    pub fn add(&mut self, label: &str, code: &str) {
        let label = squeeze(label);
        if label.is_empty() {
            return;
        }
        self.by_label
            .entry(label)
            .and_modify(|known| {
                if known.as_deref() != Some(code) {
                    *known = None;
                }
            })
            .or_insert_with(|| Some(code.to_owned()));
    }

    /// The cell of a code or name; none when unknown or when two cells share the name.
    #[must_use]
    pub fn resolve(&self, label: &str) -> Option<&str> {
        self.by_label.get(&squeeze(label))?.as_deref()
    }
}

/// A row that can be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterRow {
    /// Number of the row in the file.
    pub number: u32,
    /// Name in its written form.
    pub name: String,
    /// Former name.
    pub former_name: Option<String>,
    /// GB/T 2261.1 code; from the identity number when the row has none.
    pub sex: Option<String>,
    /// GA/T 517 code; none without a number.
    pub document_kind: Option<String>,
    /// Number in its written form.
    pub document_number: Option<String>,
    /// GB/T 3304 code.
    pub ethnic: Option<String>,
    /// Day of birth; from the identity number when the row has none.
    pub born_on: Option<NaiveDate>,
    /// GB/T 4761 code.
    pub relation: Option<String>,
    /// Household number.
    pub household_number: Option<String>,
    /// Code of the household kind.
    pub household_kind: Option<String>,
    /// Name of the head of the household.
    pub head_name: Option<String>,
    /// Phone in its written form.
    pub phone: Option<String>,
    /// Address line.
    pub address: Option<String>,
    /// Registered address.
    pub registered_address: Option<String>,
    /// Village or community as written.
    pub village: Option<String>,
    /// Group or road as written.
    pub group: Option<String>,
    /// Door plate as written.
    pub plate: Option<String>,
    /// Code of the cell.
    pub cell: String,
    /// GB/T 4658 code.
    pub education: Option<String>,
    /// GB/T 2261.2 code.
    pub marital: Option<String>,
    /// Employer.
    pub employer: Option<String>,
    /// Code of the resident kind.
    pub resident_kind: Option<String>,
    /// Lives there since.
    pub moved_in_on: Option<NaiveDate>,
    /// Remark.
    pub note: Option<String>,
    /// Doubts with which the row is taken.
    pub warnings: Vec<RowProblem>,
}
