//! The rows behind a number, a page at a time.

use rusqlite::{Row, params};

use crate::{Reader, Result};

use super::Figure;

/// One row behind a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureRow {
    /// Record to open.
    pub document: String,
    /// Item of the record, for findings.
    pub item: Option<String>,
    /// Kind of the record.
    pub kind: &'static str,
    /// Number, where it has one.
    pub number: Option<String>,
    /// Title.
    pub title: String,
    /// Village code, or cell code where there is none.
    pub place: Option<String>,
    /// When it counts.
    pub at: Option<i64>,
    /// Minutes, for patrols.
    pub minutes: Option<u32>,
    /// State code, for disputes.
    pub state: Option<String>,
    /// Counts towards the numerator.
    pub counted: bool,
}

/// Where a page begins: instant, record and item of the last row.
pub type RowsAfter = (i64, String, String);

/// The rows behind `figure` in `[from_at, to_at)`, oldest first, at most `limit`.
///
/// # Errors
/// Those of the database.
#[expect(clippy::too_many_arguments, reason = "a page of a filtered period: each argument is one column")]
pub fn rows(
    reader: &Reader<'_>,
    figure: Figure,
    from_at: i64,
    to_at: i64,
    cell: Option<&str>,
    village: Option<&str>,
    after: Option<&RowsAfter>,
    limit: usize,
) -> Result<Vec<FigureRow>> {
    let (after_at, after_id, after_item) = match after {
        Some((at, id, item)) => (*at, id.as_str(), item.as_str()),
        None => (i64::MIN, "", ""),
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = reader.conn().prepare_cached(select(figure))?;
    let found = statement
        .query_map(params![from_at, to_at, cell, village, after_at, after_id, after_item, limit], |row| {
            read(figure, row)
        })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

const VISITS: &str = "
SELECT v.id, '', NULL, coalesce(d.title, v.place, ''), coalesce(v.village, v.cell), v.at, NULL, NULL, 1
FROM visit v LEFT JOIN document d ON d.id = v.household
WHERE v.at >= ?1 AND v.at < ?2 AND (?3 IS NULL OR v.cell = ?3) AND (?4 IS NULL OR v.village = ?4)
  AND (v.at, v.id) > (?5, ?6) AND ?7 = ?7
ORDER BY v.at, v.id LIMIT ?8";

const HOUSEHOLDS: &str = "
SELECT household, '', NULL, coalesce(title, ''), place, at, NULL, NULL, 1 FROM (
  SELECT v.household AS household, max(v.at) AS at, d.title AS title, coalesce(v.village, v.cell) AS place
  FROM visit v LEFT JOIN document d ON d.id = v.household
  WHERE v.at >= ?1 AND v.at < ?2 AND v.household IS NOT NULL
    AND (?3 IS NULL OR v.cell = ?3) AND (?4 IS NULL OR v.village = ?4)
  GROUP BY v.household)
WHERE (at, household) > (?5, ?6) AND ?7 = ?7
ORDER BY at, household LIMIT ?8";

const PATROLS: &str = "
SELECT p.id, '', NULL, d.title, p.cell, p.start_at, p.minutes, NULL, 1
FROM patrol p JOIN document d ON d.id = p.id
WHERE p.start_at >= ?1 AND p.start_at < ?2 AND (?3 IS NULL OR p.cell = ?3) AND ?4 IS NULL
  AND (p.start_at, p.id) > (?5, ?6) AND ?7 = ?7
ORDER BY p.start_at, p.id LIMIT ?8";

const OPENED: &str = "
SELECT id, '', number, coalesce(title, ''), coalesce(village, cell), opened_at, NULL, state, 1 FROM dispute
WHERE opened_at >= ?1 AND opened_at < ?2 AND (?3 IS NULL OR cell = ?3) AND (?4 IS NULL OR village = ?4)
  AND (opened_at, id) > (?5, ?6) AND ?7 = ?7
ORDER BY opened_at, id LIMIT ?8";

const CONCLUDED: &str = "
SELECT id, '', number, coalesce(title, ''), coalesce(village, cell), concluded_at, NULL, state, agreed FROM dispute
WHERE concluded_at IS NOT NULL AND concluded_at >= ?1 AND concluded_at < ?2
  AND (?3 IS NULL OR cell = ?3) AND (?4 IS NULL OR village = ?4)
  AND (concluded_at, id) > (?5, ?6) AND ?7 = ?7
ORDER BY concluded_at, id LIMIT ?8";

const FINDINGS: &str = "
SELECT patrol, item, NULL, coalesce(what, '') || CASE WHEN place IS NULL THEN '' ELSE ' · ' || place END, cell, at,
       NULL, NULL, 1 FROM patrol_finding
WHERE at >= ?1 AND at < ?2 AND (?3 IS NULL OR cell = ?3) AND ?4 IS NULL AND (at, patrol, item) > (?5, ?6, ?7)
ORDER BY at, patrol, item LIMIT ?8";

const fn select(figure: Figure) -> &'static str {
    match figure {
        Figure::HouseholdsVisited => HOUSEHOLDS,
        Figure::Visits => VISITS,
        Figure::Patrols | Figure::PatrolMinutes => PATROLS,
        Figure::DisputesOpened => OPENED,
        Figure::DisputesConcluded | Figure::MediationSuccess => CONCLUDED,
        Figure::Findings => FINDINGS,
    }
}

const fn kind(figure: Figure) -> &'static str {
    match figure {
        Figure::HouseholdsVisited => "household",
        Figure::Visits => "visit",
        Figure::Patrols | Figure::PatrolMinutes | Figure::Findings => "patrol",
        Figure::DisputesOpened | Figure::DisputesConcluded | Figure::MediationSuccess => "dispute",
    }
}

fn read(figure: Figure, row: &Row<'_>) -> rusqlite::Result<FigureRow> {
    let item: String = row.get(1)?;
    Ok(FigureRow {
        document: row.get(0)?,
        item: (!item.is_empty()).then_some(item),
        kind: kind(figure),
        number: row.get(2)?,
        title: row.get(3)?,
        place: row.get(4)?,
        at: row.get(5)?,
        minutes: row.get(6)?,
        state: row.get(7)?,
        counted: row.get(8)?,
    })
}
