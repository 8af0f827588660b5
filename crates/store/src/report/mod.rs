//! The numbers of the report as named queries, and the rows behind each. Owns which rows count; must not know periods'
//! names or files. A number and its rows come from the same condition, so they cannot disagree.

mod rows;
mod stands;

use std::collections::BTreeMap;

use rusqlite::params;

use crate::{Reader, Result};

pub use rows::{FigureRow, RowsAfter, rows};
pub use stands::newest_entry_at;

/// A number of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// 走访住户: households visited at least once.
    HouseholdsVisited,
    /// 走访: visits.
    Visits,
    /// 巡逻: patrols begun.
    Patrols,
    /// 巡逻时长: their minutes.
    PatrolMinutes,
    /// 纠纷受理: disputes opened.
    DisputesOpened,
    /// 纠纷办结: disputes concluded.
    DisputesConcluded,
    /// 调解成功率: agreed of concluded.
    MediationSuccess,
    /// 巡逻发现: findings of patrols.
    Findings,
}

/// By what a number is broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Cell.
    Cell,
    /// Village.
    Village,
}

/// A number: `of` is the denominator of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// Count, minutes or numerator.
    pub value: u64,
    /// Denominator.
    pub of: Option<u64>,
}

/// What a figure is made of.
pub(crate) struct Source {
    pub(crate) table: &'static str,
    pub(crate) at: &'static str,
    pub(crate) only: &'static str,
    value: &'static str,
    of: &'static str,
    village: Option<&'static str>,
}

impl Figure {
    /// All, in the order of the report.
    pub const ALL: [Self; 8] = [
        Self::HouseholdsVisited,
        Self::Visits,
        Self::Patrols,
        Self::PatrolMinutes,
        Self::DisputesOpened,
        Self::DisputesConcluded,
        Self::MediationSuccess,
        Self::Findings,
    ];

    /// The key screens and files use.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::HouseholdsVisited => "households_visited",
            Self::Visits => "visits",
            Self::Patrols => "patrols",
            Self::PatrolMinutes => "patrol_minutes",
            Self::DisputesOpened => "disputes_opened",
            Self::DisputesConcluded => "disputes_concluded",
            Self::MediationSuccess => "mediation_success",
            Self::Findings => "findings",
        }
    }

    /// The figure of a key.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.key() == key)
    }

    /// Whether villages can be told apart in it: patrols are logged by cell.
    #[must_use]
    pub const fn has_village(self) -> bool {
        self.source().village.is_some()
    }

    pub(crate) const fn source(self) -> Source {
        const ONE: &str = "0";
        match self {
            Self::HouseholdsVisited => Source {
                table: "visit",
                at: "at",
                only: "household IS NOT NULL",
                value: "count(DISTINCT household)",
                of: ONE,
                village: Some("village"),
            },
            Self::Visits => {
                Source { table: "visit", at: "at", only: "1", value: "count(*)", of: ONE, village: Some("village") }
            }
            Self::Patrols => {
                Source { table: "patrol", at: "start_at", only: "1", value: "count(*)", of: ONE, village: None }
            }
            Self::PatrolMinutes => Source {
                table: "patrol",
                at: "start_at",
                only: "1",
                value: "coalesce(sum(minutes), 0)",
                of: ONE,
                village: None,
            },
            Self::DisputesOpened => Source {
                table: "dispute",
                at: "opened_at",
                only: "1",
                value: "count(*)",
                of: ONE,
                village: Some("village"),
            },
            Self::DisputesConcluded => Source {
                table: "dispute",
                at: "concluded_at",
                only: "concluded_at IS NOT NULL",
                value: "count(*)",
                of: ONE,
                village: Some("village"),
            },
            Self::MediationSuccess => Source {
                table: "dispute",
                at: "concluded_at",
                only: "concluded_at IS NOT NULL",
                value: "coalesce(sum(agreed), 0)",
                of: "count(*)",
                village: Some("village"),
            },
            Self::Findings => {
                Source { table: "patrol_finding", at: "at", only: "1", value: "count(*)", of: ONE, village: None }
            }
        }
    }

    fn amount(self, value: i64, of: i64) -> Amount {
        let number = |n: i64| u64::try_from(n).unwrap_or(0);
        Amount { value: number(value), of: (self == Self::MediationSuccess).then(|| number(of)) }
    }
}

/// The number of a period `[from_at, to_at)`.
///
/// # Errors
/// Those of the database.
pub fn total(reader: &Reader<'_>, figure: Figure, from_at: i64, to_at: i64) -> Result<Amount> {
    let Source { table, at, only, value, of, .. } = figure.source();
    let sql = format!("SELECT {value}, {of} FROM {table} WHERE {at} >= ?1 AND {at} < ?2 AND {only}");
    let mut statement = reader.conn().prepare_cached(&sql)?;
    Ok(statement.query_row(params![from_at, to_at], |row| Ok(figure.amount(row.get(0)?, row.get(1)?)))?)
}

/// The number by cell or village code; rows without one are under the empty code.
///
/// # Errors
/// Those of the database.
pub fn breakdown(
    reader: &Reader<'_>,
    figure: Figure,
    by: By,
    from_at: i64,
    to_at: i64,
) -> Result<BTreeMap<String, Amount>> {
    let Source { table, at, only, value, of, village } = figure.source();
    let Some(column) = (match by {
        By::Cell => Some("cell"),
        By::Village => village,
    }) else {
        return Ok(BTreeMap::new());
    };
    let sql = format!(
        "SELECT coalesce({column}, ''), {value}, {of} FROM {table} WHERE {at} >= ?1 AND {at} < ?2 AND {only} GROUP BY 1"
    );
    let mut statement = reader.conn().prepare_cached(&sql)?;
    let found = statement
        .query_map(params![from_at, to_at], |row| Ok((row.get(0)?, figure.amount(row.get(1)?, row.get(2)?))))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
