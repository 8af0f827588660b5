//! Reads a file's sheets, headings and first rows, and guesses what each column is.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::permit::Action;
use domain::register::{find_header, guess_mapping};

use super::Loaded;
use super::reading::{Book, FILE_BYTES_MAX, SheetRow};
use crate::contract::import::{ImportInspectRequest, ImportInspected, SheetView};
use crate::error::AppError;
use crate::event::locked;
use crate::session::Session;

/// Rows at the top of a sheet among which the headings are looked for.
const TOP_ROWS: usize = 20;
/// Rows shown below the headings.
const SAMPLE_ROWS: usize = 5;
/// Sheets looked at.
const SHEETS_MAX: usize = 50;

/// Takes the file into memory in the place of the one before.
///
/// # Errors
/// Refusals of permits; why the file cannot be read; [`AppError::ImportEmpty`].
pub(crate) fn run(session: &Session, request: ImportInspectRequest) -> Result<ImportInspected, AppError> {
    any_cell(session)?;
    let ImportInspectRequest { name, file_base64 } = request;
    if file_base64.len() > FILE_BYTES_MAX / 3 * 4 + 8 {
        return Err(AppError::TooLarge { what: "file", max: FILE_BYTES_MAX as u64 });
    }
    let bytes = STANDARD.decode(file_base64.trim()).map_err(|_| AppError::ImportUnreadable {})?;
    drop(file_base64);
    let book = Book::open(&name, bytes)?;
    let mut sheets = Vec::new();
    for sheet in book.sheets()?.into_iter().take(SHEETS_MAX) {
        if let Some(view) = view(&book, sheet)? {
            sheets.push(view);
        }
    }
    if sheets.is_empty() {
        return Err(AppError::ImportEmpty {});
    }
    let import = session.fresh_id().to_string();
    *locked(&session.import) = Some(Loaded { import: import.clone(), book, tried: None });
    let before_first_sync = !crate::sync::first_sync_is_over(session)?;
    Ok(ImportInspected { import, sheets, before_first_sync })
}

/// Whether the officer may import into any cell at all.
pub(super) fn any_cell(session: &Session) -> Result<(), AppError> {
    let cells = session.cells();
    let cell = cells.first().cloned().unwrap_or_default();
    session.permit(Action::Import, &domain::scope::Scope::Cell(cell)).map(|_| ())
}

/// The first rows of a sheet and how many there are; none for an empty sheet.
pub(super) fn view(book: &Book, name: String) -> Result<Option<SheetView>, AppError> {
    let mut top: Vec<SheetRow> = Vec::new();
    let (mut count, mut formulas) = (0_u64, 0_u64);
    book.rows(&name, &mut |row| {
        count = count.saturating_add(1);
        formulas = formulas.saturating_add(row.formulas);
        if top.len() < TOP_ROWS {
            top.push(row);
        }
        Ok(())
    })?;
    let shown: Vec<Vec<String>> = top.iter().map(SheetRow::shown).collect();
    let at = find_header(&shown).unwrap_or(0);
    let (Some(header), Some(headings)) = (top.get(at), shown.get(at)) else { return Ok(None) };
    let above = u64::try_from(at).unwrap_or(0).saturating_add(1);
    let guess = guess_mapping(headings);
    let mapping: BTreeMap<String, u32> = guess
        .mapping
        .columns
        .iter()
        .filter_map(|(column, place)| Some((column.code().to_owned(), u32::try_from(*place).ok()?)))
        .collect();
    Ok(Some(SheetView {
        header_row: u32::try_from(header.number).unwrap_or(u32::MAX),
        headings: headings.clone(),
        rows: count.saturating_sub(above),
        sample: shown.iter().skip(at.saturating_add(1)).take(SAMPLE_ROWS).cloned().collect(),
        mapping,
        merged_cells: book.merged_below(&name, header.number.saturating_add(1))?,
        formulas,
        name,
    }))
}

/// The row of the headings of a sheet, with them.
pub(super) fn header(book: &Book, sheet: &str) -> Result<(u64, usize), AppError> {
    let view = view(book, sheet.to_owned())?.ok_or(AppError::ImportSheetUnknown {})?;
    let widest = view.sample.iter().map(Vec::len).max().unwrap_or(0);
    Ok((u64::from(view.header_row), view.headings.len().max(widest)))
}
