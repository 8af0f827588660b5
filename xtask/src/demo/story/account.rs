//! Step 8: the weekly report, its files, and that every number opens its rows.

use serde_json::{Value, json};

use super::{Story, list, must, number, text};
use crate::demo::laptop::Laptop;
use crate::failure::{Failure, Outcome};

/// Figures that this shift alone makes greater than nothing.
const AT_LEAST_ONE: [&str; 4] = ["households_visited", "patrols", "disputes_opened", "findings"];

/// Opens the report of this week, follows its numbers to their rows, exports both files.
pub(super) fn weekly(story: &mut Story<'_>, chief: &Laptop) -> Outcome {
    let report = chief.call("report_week", &json!({ "year": null, "week": null }))?;
    let (year, week) = (report.get("year"), report.get("week"));
    let mut figures = serde_json::Map::new();
    for figure in list(&report, "/figures")? {
        let key = text(figure, "/key")?;
        let value = number(figure, "/now/value")?;
        figures.insert(key.to_owned(), json!(value));
        must(value > 0 || !AT_LEAST_ONE.contains(&key), || format!("{key} is nothing: {figure}"))?;
        let request = json!({ "year": year, "week": week, "figure": key, "cell": null, "village": null, "after": null, "limit": 200 });
        let rows = chief.call("report_rows", &request)?;
        let rows = list(&rows, "/rows")?;
        must(value == 0 || !rows.is_empty(), || format!("{key} does not open its rows"))?;
    }
    story.note("figures", Value::Object(figures));
    let mut files = Vec::new();
    for format in ["xlsx", "pdf"] {
        let made = chief.call("report_export", &json!({ "year": year, "week": week, "format": format }))?;
        let path = Laptop::keep(&made, story.out)?;
        let bytes = std::fs::metadata(&path).map_err(Failure::file(&path))?.len();
        must(bytes > 1000, || format!("{} has {bytes} bytes", path.display()))?;
        files.push(json!(path.file_name().unwrap_or_default().to_string_lossy()));
    }
    story.note("report_files", files);
    Ok(())
}
