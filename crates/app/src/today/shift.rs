//! What this officer wrote today on this laptop, a line a record.

use store::shift::{WrittenLine, written_since};

use crate::contract::today::ShiftRow;
use crate::error::AppError;
use crate::people::save_state;
use crate::session::Session;

/// Lines shown.
const ROWS_MAX: u32 = 20;

/// Records written since an instant, newest first. Residences and addresses are written along with others and left out.
pub(super) fn written(session: &Session, since_at: i64) -> Result<Vec<ShiftRow>, AppError> {
    let lines = session.store.read(|reader| written_since(reader, since_at, ROWS_MAX))?;
    let row = |line: WrittenLine| ShiftRow {
        document: line.document,
        kind: line.kind,
        title: line.title,
        at: line.at,
        state: save_state(line.state),
    };
    Ok(lines.into_iter().map(row).collect())
}
