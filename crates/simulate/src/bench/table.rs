//! The figures beside what was promised. Owns the limits; a limit that is missed is said, never hidden.

use serde_json::Value;

use super::Figures;

/// A figure with its promise.
struct Row {
    key: &'static str,
    unit: &'static str,
    limit: Limit,
}

enum Limit {
    AtMost(f64),
    /// Three times the control, or ten milliseconds, the larger.
    ThreeControls,
    /// Of forty thousand rows: at most half more than of ten thousand.
    Flat,
    None,
}

const ROWS: [Row; 15] = [
    Row { key: "save_p99_ms", unit: "ms", limit: Limit::ThreeControls },
    Row { key: "save_control_p99_ms", unit: "ms", limit: Limit::None },
    Row { key: "list_p99_ms", unit: "ms", limit: Limit::AtMost(10.0) },
    Row { key: "search_p99_ms", unit: "ms", limit: Limit::AtMost(10.0) },
    Row { key: "import_10k_seconds", unit: "s", limit: Limit::AtMost(15.0) },
    Row { key: "import_last_10k_into_full_seconds", unit: "s", limit: Limit::None },
    Row { key: "import_40k_seconds", unit: "s", limit: Limit::None },
    Row { key: "import_peak_mb", unit: "MiB", limit: Limit::None },
    Row { key: "import_40k_peak_mb", unit: "MiB", limit: Limit::Flat },
    Row { key: "import_100k_peak_mb", unit: "MiB", limit: Limit::None },
    Row { key: "rebuild_100k_seconds", unit: "s", limit: Limit::AtMost(60.0) },
    Row { key: "start_seconds", unit: "s", limit: Limit::AtMost(1.0) },
    Row { key: "start_documents_opened", unit: "", limit: Limit::AtMost(0.0) },
    Row { key: "rss_mb", unit: "MiB", limit: Limit::AtMost(200.0) },
    Row { key: "rss_peak_mb", unit: "MiB", limit: Limit::None },
];

/// The lines of the table.
pub(super) fn lines(figures: &Figures) -> Vec<String> {
    let number = |key: &str| figures.get(key).and_then(Value::as_f64);
    let mut lines = vec![format!("{:<36}{:>12}  {:<4}{:>14}  {}", "", "measured", "", "promised", "")];
    for row in &ROWS {
        let measured = number(row.key);
        let limit = match row.limit {
            Limit::AtMost(most) => Some(most),
            Limit::ThreeControls => number("save_control_p99_ms").map(|bare| (3.0 * bare).max(10.0)),
            Limit::Flat => number("import_peak_mb").map(|small| small * 1.5),
            Limit::None => None,
        };
        let verdict = match (measured, limit) {
            (Some(value), Some(most)) if value <= most => "kept",
            (_, Some(_)) => "MISSED",
            (_, None) => "",
        };
        let shown = measured.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
        let promised = limit.map(|most| format!("≤ {most:.2}")).unwrap_or_default();
        lines.push(format!("{:<36}{shown:>12}  {:<4}{promised:>14}  {verdict}", row.key, row.unit));
    }
    lines.extend(kinds(figures));
    lines
}

/// The kinds of query one by one: half of them take less than the first figure, all but one of a hundred less than the other.
fn kinds(figures: &Figures) -> Vec<String> {
    let of = |key: &str, kind: &str| figures.get(key).and_then(|each| each.get(kind)).and_then(Value::as_f64);
    let kinds = figures.get("search_p99_ms_each").and_then(Value::as_object).into_iter().flatten();
    let line = |kind: &String| {
        let [middle, high] = ["search_p50_ms_each", "search_p99_ms_each"]
            .map(|key| of(key, kind).map_or_else(|| "-".to_owned(), |value| format!("{value:.2}")));
        format!("{:<36}{middle:>12}  {:<4}{high:>14}  ms p99", format!("search: {kind}"), "p50")
    };
    kinds.map(|(kind, _)| line(kind)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_missed_promise_is_said_and_a_missing_figure_is_not_a_kept_one() {
        let Value::Object(figures) = json!({ "save_p99_ms": 9.0, "save_control_p99_ms": 2.0, "list_p99_ms": 12.0 })
        else {
            return;
        };
        let lines = lines(&figures);
        let of = |key: &str| lines.iter().find(|line| line.starts_with(key)).cloned().unwrap_or_default();
        assert!(of("save_p99_ms").ends_with("kept"));
        assert!(of("list_p99_ms").ends_with("MISSED"));
        assert!(of("search_p99_ms").ends_with("MISSED"));
    }

    #[test]
    fn every_kind_of_query_has_its_line() {
        let Value::Object(figures) =
            json!({ "search_p50_ms_each": { "name": 0.4 }, "search_p99_ms_each": { "name": 1.5, "pinyin": 2.0 } })
        else {
            return;
        };
        let lines = lines(&figures);
        assert!(
            lines.iter().any(|line| line.starts_with("search: name") && line.contains("0.40") && line.contains("1.50"))
        );
        assert!(lines.iter().any(|line| line.starts_with("search: pinyin") && line.contains(" - ")));
    }
}
