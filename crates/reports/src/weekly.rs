//! The weekly report: its figures, breakdowns and rows. Owns the shape; must not know how the numbers were counted.

mod difference;
mod pdf;
pub(crate) mod words;
mod xlsx;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

pub use difference::{Difference, difference};
pub use pdf::{ROWS_SHOWN_MAX, pdf};
pub use xlsx::xlsx;

use crate::rows::RowTable;

/// Most figures of a breakdown: more columns cannot be read on a page.
pub(crate) const FIGURES_MAX: u16 = 24;

/// Everything the weekly report says. It can be kept as JSON and printed again, byte for byte the same numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklyReport {
    /// Name of the station, for example `青枫派出所`.
    pub station_name: String,
    /// Whether people and places are made up; the paper then says so on every page.
    pub made_up: bool,
    /// ISO 8601 year the week belongs to.
    pub iso_year: i32,
    /// ISO 8601 week, 1 to 53.
    pub iso_week: u32,
    /// Monday of the week.
    pub from_on: NaiveDate,
    /// Sunday of the week.
    pub to_on: NaiveDate,
    /// When the report was made, station-local time (UTC+8).
    pub made_at: NaiveDateTime,
    /// Who made it.
    pub author: String,
    /// Which laptops' records it holds.
    pub stands_on: StandsOn,
    /// The figures, in the order of printing.
    pub figures: Vec<Figure>,
    /// The figures by police cell (警务网格).
    pub by_cell: Vec<Breakdown>,
    /// The figures by village.
    pub by_village: Vec<Breakdown>,
    /// The rows behind the figures: households visited, patrols, disputes opened, disputes concluded, findings.
    pub sections: Vec<RowTable>,
}

/// What a report stands on: "n of m laptops, through …, missing …".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandsOn {
    /// Laptops the station knows.
    pub laptops_total: u32,
    /// Laptops whose records up to the end of the week are in.
    pub laptops_included: u32,
    /// Time of the last receipt counted, station-local (UTC+8); none before the first sync.
    pub through_at: Option<NaiveDateTime>,
    /// Names of the laptops that are not in.
    pub missing: Vec<String>,
    /// Entries of older work that were still arriving when the report was made; with any, no figure is complete.
    pub to_come: u64,
}

impl StandsOn {
    /// Whether every laptop is in and nothing is still arriving.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.laptops_included == self.laptops_total && self.to_come == 0
    }
}

/// One number of the report with the numbers it is compared to. All amounts of a figure are of the same kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Stable name; breakdowns refer to it.
    pub key: String,
    /// Label, for example `走访`.
    pub label_zh: String,
    /// Unit, for example `户次`; for a rate what is divided by what, for example `调成 / 办结`.
    pub unit_zh: String,
    /// This week.
    pub value: Amount,
    /// The week before (环比).
    pub week_before: Amount,
    /// The same ISO week a year before (同比), when it is known.
    pub year_before: Option<Amount>,
}

/// An amount with its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Amount {
    /// Things counted.
    Count(u64),
    /// Time spent, in minutes; shown in hours with one decimal.
    Minutes(u64),
    /// A share; always shown with both numbers. A denominator of 0 is shown as a dash.
    Rate {
        /// For example disputes agreed.
        numerator: u64,
        /// For example disputes concluded.
        denominator: u64,
    },
}

/// The figures of one cell or village.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    /// Code of the cell or village.
    pub code: String,
    /// Its name.
    pub name: String,
    /// By figure key. A figure missing here is shown as a dash; a figure no row has gets no column.
    pub amounts: BTreeMap<String, Weeks>,
}

/// An amount of this week and of the week before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weeks {
    /// This week.
    pub value: Amount,
    /// The week before.
    pub week_before: Amount,
}
