//! XLSX as rows of text. Owns the use of calamine; sheets stream cell by cell, so memory does not grow with the rows.

use std::io::{Cursor, Read};
use std::sync::Arc;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError, open_workbook_from_rs};
use chrono::NaiveDate;
use domain::limits::REGISTER_COLUMNS_MAX;
use domain::register::{RawCell, read_date};

use super::{SheetRow, UNPACKED_BYTES_MAX, text_cell};
use crate::error::AppError;

type Workbook = Xlsx<Cursor<Arc<[u8]>>>;

/// Parts of a workbook at most: a register has some twenty.
const PARTS_MAX: usize = 2_000;

/// What any part may unpack to without being asked how: most sheets are smaller.
const PART_BYTES_FREE: u64 = 16 << 20;
/// Beyond that, a part may unpack to so many times its packed size. Sheets of a register reach 30; a bomb reaches 1,000.
const RATIO_MAX: u64 = 200;

/// Unpacks every part once, counting: what a part says about its own size is believed only when it is too much.
pub(super) fn refuse_bombs(bytes: &[u8]) -> Result<(), AppError> {
    let unreadable = |_| AppError::ImportUnreadable {};
    let bomb = || AppError::ImportBomb { max: UNPACKED_BYTES_MAX };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > PARTS_MAX {
        return Err(bomb());
    }
    let mut left = UNPACKED_BYTES_MAX;
    let mut buffer = vec![0_u8; 64 << 10];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(unreadable)?;
        let allowed = part.compressed_size().saturating_mul(RATIO_MAX).max(PART_BYTES_FREE).min(left);
        if part.size() > allowed {
            return Err(bomb());
        }
        let mut unpacked = 0_u64;
        loop {
            let count = part.read(&mut buffer).map_err(|_| AppError::ImportUnreadable {})?;
            if count == 0 {
                break;
            }
            unpacked = unpacked.saturating_add(count as u64);
            if unpacked > allowed {
                return Err(bomb());
            }
        }
        left = left.saturating_sub(unpacked);
    }
    Ok(())
}

fn open(bytes: &Arc<[u8]>) -> Result<Workbook, AppError> {
    // the library is fenced: a workbook made to break it must not take the app down
    fenced(|| open_workbook_from_rs(Cursor::new(Arc::clone(bytes))).map_err(|error| fault(&error)))
}

fn fenced<T>(work: impl FnOnce() -> Result<T, AppError>) -> Result<T, AppError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or(Err(AppError::ImportUnreadable {}))
}

fn fault(error: &XlsxError) -> AppError {
    if matches!(error, XlsxError::Password) {
        AppError::ImportEncrypted {}
    } else if matches!(error, XlsxError::WorksheetNotFound(_) | XlsxError::NotAWorksheet(_)) {
        AppError::ImportSheetUnknown {}
    } else {
        AppError::ImportUnreadable {}
    }
}

/// Names of the visible worksheets.
pub(super) fn sheets(bytes: &Arc<[u8]>) -> Result<Vec<String>, AppError> {
    let book = open(bytes)?;
    let visible = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible);
    Ok(visible.map(|sheet| sheet.name.clone()).collect())
}

/// Whether cells below a row (from 1) are merged.
pub(super) fn merged_below(bytes: &Arc<[u8]>, sheet: &str, row: u64) -> Result<bool, AppError> {
    let mut book = open(bytes)?;
    let merged = fenced(|| book.merge_cells_by_sheet_name(sheet).map_err(|error| fault(&error)))?;
    Ok(merged.iter().any(|region| u64::from(region.end.0).saturating_add(1) >= row))
}

/// Hands every row to `each`, in the order of the file.
pub(super) fn rows(
    bytes: &Arc<[u8]>,
    sheet: &str,
    each: &mut dyn FnMut(SheetRow) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let mut book = open(bytes)?;
    if !book.sheets_metadata().iter().any(|known| known.name == sheet && known.typ == SheetType::WorkSheet) {
        return Err(AppError::ImportSheetUnknown {});
    }
    fenced(|| {
        let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| fault(&error))?;
        let mut open: Option<SheetRow> = None;
        while let Some(found) = cells.next_cell_with_formula_metadata().map_err(|error| fault(&error))? {
            let number = u64::from(found.pos.0).saturating_add(1);
            if open.as_ref().is_some_and(|row| row.number != number)
                && let Some(row) = open.take()
            {
                each(row)?;
            }
            let row = open.get_or_insert_with(|| SheetRow { number, cells: Vec::new(), formulas: 0 });
            let column = usize::try_from(found.pos.1).unwrap_or(usize::MAX);
            if column < REGISTER_COLUMNS_MAX {
                row.formulas = row.formulas.saturating_add(u64::from(found.formula.is_some()));
                put(&mut row.cells, column, cell(&found.value));
            }
        }
        open.map_or(Ok(()), &mut *each)
    })
}

fn put(cells: &mut Vec<RawCell>, column: usize, cell: RawCell) {
    while cells.len() <= column {
        cells.push(RawCell::Empty);
    }
    if let Some(place) = cells.get_mut(column) {
        *place = cell;
    }
}

fn cell(value: &DataRef<'_>) -> RawCell {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet keeps numbers so")]
        DataRef::Int(whole) => RawCell::Number(*whole as f64),
        DataRef::Float(real) => RawCell::Number(*real),
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Bool(value) => RawCell::Bool(*value),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let on = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
            on.map_or_else(|| RawCell::Number(moment.as_f64()), RawCell::Date)
        }
        DataRef::DateTime(length) => RawCell::Number(length.as_f64()),
        DataRef::DateTimeIso(text) => read_date(text).map_or_else(|| text_cell(text), RawCell::Date),
        DataRef::DurationIso(text) => text_cell(text),
        DataRef::Error(_) => RawCell::Error,
        DataRef::Empty => RawCell::Empty,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::refuse_bombs;

    fn packed(parts: &[(&str, usize)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, zeros) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(&vec![0; *zeros]).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_workbook_that_unpacks_to_hundreds_of_times_its_size_is_a_bomb() {
        let code = |bytes: &[u8]| refuse_bombs(bytes).err().map(|error| error.code());
        assert_eq!(code(&packed(&[("xl/sheet1.xml", 1 << 20)])), None);
        let bomb = packed(&[("xl/sheet1.xml", 20 << 20)]);
        assert!(bomb.len() < 100_000);
        assert_eq!(code(&bomb), Some("import_bomb"));
        // the same with the size it names made small, in the local and in the central header
        let size = u32::try_from(20 << 20).unwrap().to_le_bytes();
        let mut liar = bomb;
        for at in 0..liar.len() - 4 {
            if liar[at..at + 4] == size {
                liar[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
            }
        }
        assert!(code(&liar).is_some());
    }
}
