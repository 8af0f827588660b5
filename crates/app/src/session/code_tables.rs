//! The code tables a form needs. Open: nothing of a person is in them.

use domain::codes::code_tables;

use crate::app::App;
use crate::contract::Empty;
use crate::contract::session::{CodeRow, CodeTableView, CodeTables};
use crate::error::AppError;

/// All tables in their order.
///
/// # Errors
/// None.
pub(crate) fn run(_: &App, _: Empty) -> Result<CodeTables, AppError> {
    let tables = code_tables().map(|table| CodeTableView {
        name: table.name.key().to_owned(),
        standard: table.standard.clone(),
        rows: table
            .rows
            .iter()
            .map(|row| CodeRow {
                code: row.code.clone(),
                zh: row.zh.clone(),
                en: row.en.clone(),
                parent: row.parent.clone(),
            })
            .collect(),
    });
    Ok(CodeTables { tables: tables.collect() })
}
