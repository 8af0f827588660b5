//! How wide the columns of a row table are on paper. Owns the room of the page; must not know what the columns mean.

use serde::Serialize;

use super::plain::plain;
use crate::rows::RowTable;

/// Between the margins of the template, in points.
const PAGE_POINTS: f64 = 459.0;

/// In the 8.5 points of the row tables: a Chinese character, a capital, another one, and the space between the kinds.
const WIDE_POINTS: f64 = 8.5;
const CAPITAL_POINTS: f64 = 7.0;
const NARROW_POINTS: f64 = 4.9;
const BETWEEN_POINTS: f64 = 2.2;

/// Beside the text of a cell, both sides together.
const GAP_POINTS: f64 = 8.5;

/// Wider columns wrap; narrower room than the least is given to none that wraps.
const NATURAL_POINTS_MAX: f64 = 100.0;
const WRAPPED_POINTS_MIN: f64 = 62.0;

/// A column as wide as its texts, or with a share of what the others leave.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Width {
    /// In points.
    Points(f64),
    /// Against the other shares.
    Share(f64),
}

/// The widths of the columns: the narrow ones first get what they need, as long as the wide ones keep enough to wrap in.
pub(super) fn widths(table: &RowTable, rows: &[Vec<String>]) -> Vec<Width> {
    let natural: Vec<f64> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let texts = rows.iter().filter_map(|row| row.get(at)).map(|text| points(text));
            texts.fold(points(&plain(&column.title_zh)) * 1.1, f64::max) + GAP_POINTS
        })
        .collect();
    if natural.iter().sum::<f64>() <= PAGE_POINTS {
        return natural.into_iter().map(Width::Share).collect();
    }
    let mut order: Vec<(usize, f64)> = natural.iter().copied().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut widths: Vec<Width> = natural.iter().map(|points| Width::Share(points.min(PAGE_POINTS / 2.0))).collect();
    let (mut taken, mut left) = (0.0, order.len());
    for (at, points) in order {
        left = left.saturating_sub(1);
        let fits = taken + points + left as f64 * WRAPPED_POINTS_MIN <= PAGE_POINTS;
        if points > NATURAL_POINTS_MAX || left == 0 || !fits {
            break;
        }
        taken += points;
        if let Some(width) = widths.get_mut(at) {
            *width = Width::Points(points);
        }
    }
    widths
}

/// A text set on one line, near enough.
fn points(text: &str) -> f64 {
    let mut sum = 0.0;
    let mut before = None;
    for c in text.chars().filter(|c| *c != '\u{200b}') {
        let wide = c >= '\u{2e80}';
        sum += match c {
            _ if wide => WIDE_POINTS,
            c if c.is_uppercase() => CAPITAL_POINTS,
            _ => NARROW_POINTS,
        };
        if before.is_some_and(|before| before != wide) {
            sum += BETWEEN_POINTS;
        }
        before = Some(wide);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Column;

    fn widths_of(texts: &[&str]) -> Vec<Width> {
        let columns = texts.iter().map(|_| Column::new("k", "题")).collect();
        let table = RowTable { key: "t".into(), title_zh: "表".into(), columns, rows: vec![] };
        widths(&table, &[texts.iter().map(|text| (*text).to_owned()).collect()])
    }

    #[test]
    fn a_table_with_room_spreads_over_the_page() {
        assert!(widths_of(&["一", "二二二"]).iter().all(|width| matches!(width, Width::Share(_))));
    }

    #[test]
    fn narrow_columns_do_not_wrap_beside_a_wide_one() {
        let widths = widths_of(&["走-2026-00001", &"很长".repeat(40), "周远山"]);
        assert!(matches!(widths[0], Width::Points(_)) && matches!(widths[2], Width::Points(_)));
        assert!(matches!(widths[1], Width::Share(_)));
    }

    #[test]
    fn many_columns_never_take_more_than_the_page() {
        let texts = vec!["十个汉字放在一格里面"; 30];
        let taken: f64 = widths_of(&texts)
            .iter()
            .map(|width| match width {
                Width::Points(points) => *points,
                Width::Share(_) => 0.0,
            })
            .sum();
        assert!(taken < PAGE_POINTS);
    }
}
