//! What is due: clocks of disputes, visits planned, revisits. Each task names the rule it comes from.

use chrono::{Days, NaiveDate};
use store::dispute::query::due_by;
use store::household::query::visits_due;

use crate::contract::today::TaskRow;
use crate::dispute::of_line;
use crate::error::AppError;
use crate::session::Session;

/// Tasks shown reach so far ahead.
const AHEAD_DAYS: u64 = 7;
/// Tasks counted reach so much further.
const LATER_DAYS: u64 = 30;
/// Planned visits read at most.
const VISITS_MAX: u32 = 500;

/// Tasks overdue or due within a week by due date, and how many follow in the thirty days after that.
pub(super) fn due(session: &Session, today: NaiveDate) -> Result<(Vec<TaskRow>, u64), AppError> {
    let near = today.checked_add_days(Days::new(AHEAD_DAYS)).unwrap_or(today);
    let far = near.checked_add_days(Days::new(LATER_DAYS)).unwrap_or(near);
    let cells = session.cells();
    let far_text = far.to_string();
    let (disputes, visits) = session.store.read(|reader| {
        let disputes = due_by(reader, &cells, &far_text)?;
        Ok::<_, AppError>((disputes, visits_due(reader, &cells, &far_text, VISITS_MAX)?))
    })?;
    let mut all: Vec<TaskRow> = Vec::new();
    for line in disputes {
        let clock = line.clock.as_ref().map(|clock| of_line(clock, today));
        let task = clock.as_ref().map_or_else(String::new, |clock| clock.id.clone());
        let title = line.number.map_or_else(|| line.title.clone(), |number| format!("{}，{number}", line.title));
        all.extend(row(line.document, "dispute", task, title, &line.due_on, clock, today));
    }
    for visit in visits {
        all.extend(row(visit.document, "household", "visit_due".to_owned(), visit.title, &visit.due_on, None, today));
    }
    all.sort_by(|a, b| (&a.due_on, &a.kind, &a.title).cmp(&(&b.due_on, &b.kind, &b.title)));
    let near = near.to_string();
    let (shown, later): (Vec<TaskRow>, Vec<TaskRow>) = all.into_iter().partition(|task| task.due_on <= near);
    Ok((shown, u64::try_from(later.len()).unwrap_or(u64::MAX)))
}

fn row(
    document: String,
    kind: &str,
    task: String,
    title: String,
    due_on: &str,
    clock: Option<crate::contract::dispute::Clock>,
    today: NaiveDate,
) -> Option<TaskRow> {
    let due: NaiveDate = due_on.parse().ok()?;
    Some(TaskRow {
        document,
        kind: kind.to_owned(),
        task,
        title,
        due_on: due_on.to_owned(),
        days_left: (due - today).num_days(),
        clock,
    })
}
