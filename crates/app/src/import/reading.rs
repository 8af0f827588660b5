//! A register file as rows of text: XLSX, or CSV in UTF-8, UTF-16 or GB18030. Rows stream; nothing is kept but the file.
//! Owns the defences against broken and hostile files; must not know what a column means.

mod workbook;

use std::sync::Arc;

use domain::limits::REGISTER_COLUMNS_MAX;
use domain::register::RawCell;

use crate::error::AppError;

/// The largest file, bytes: a register of 100,000 rows has about 12 MiB.
pub(crate) const FILE_BYTES_MAX: usize = 32 << 20;
/// The most a workbook may unpack to, bytes: a register of 100,000 rows and 30 columns has about 150 MiB.
pub(crate) const UNPACKED_BYTES_MAX: u64 = 512 << 20;
/// The most rows of a sheet that are looked at: a whole district.
pub(crate) const ROWS_MAX: u64 = 200_000;
/// Characters of one cell that are looked at: a remark has at most 2,000.
const CELL_CHARS_MAX: usize = 8_000;

/// Text as a cell, cut where nobody reads on.
pub(crate) fn text_cell(text: &str) -> RawCell {
    if text.is_empty() { RawCell::Empty } else { RawCell::Text(text.chars().take(CELL_CHARS_MAX).collect()) }
}

/// A row that is not empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SheetRow {
    /// Number in the file, from 1.
    pub(crate) number: u64,
    /// Cells from the first column on.
    pub(crate) cells: Vec<RawCell>,
    /// Cells with a formula.
    pub(crate) formulas: u64,
}

impl SheetRow {
    fn is_empty(&self) -> bool {
        self.cells.iter().all(RawCell::is_blank)
    }
    /// The cells as a person sees them.
    pub(crate) fn shown(&self) -> Vec<String> {
        self.cells.iter().map(RawCell::shown).collect()
    }
}

/// A register file.
#[derive(Clone)]
pub(crate) enum Book {
    /// XLSX.
    Workbook(Arc<[u8]>),
    /// CSV, decoded.
    Text {
        /// Name of the only sheet.
        name: String,
        /// Content.
        text: Arc<str>,
        /// What separates the cells.
        delimiter: u8,
    },
}

impl Book {
    /// Takes a file.
    ///
    /// # Errors
    /// Why it is none: too large, old, encrypted, a bomb, unreadable.
    pub(crate) fn open(name: &str, bytes: Vec<u8>) -> Result<Self, AppError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(AppError::TooLarge { what: "file", max: FILE_BYTES_MAX as u64 });
        }
        if bytes.starts_with(b"PK\x03\x04") {
            workbook::refuse_bombs(&bytes)?;
            return Ok(Self::Workbook(bytes.into()));
        }
        if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            let marker: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            let encrypted = bytes.windows(marker.len()).any(|window| window == marker);
            return Err(if encrypted { AppError::ImportEncrypted {} } else { AppError::ImportOldWorkbook {} });
        }
        // what calls itself a workbook and is none was cut short or is something else: not a text with one column
        if name.to_ascii_lowercase().ends_with(".xlsx") {
            return Err(AppError::ImportUnreadable {});
        }
        let text = one_line_end(decode(&bytes)?);
        let delimiter = delimiter(&text);
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name).chars().take(120).collect();
        Ok(Self::Text { name, text: text.into(), delimiter })
    }

    /// Names of the sheets, hidden ones left out.
    pub(crate) fn sheets(&self) -> Result<Vec<String>, AppError> {
        match self {
            Self::Workbook(bytes) => workbook::sheets(bytes),
            Self::Text { name, .. } => Ok(vec![name.clone()]),
        }
    }

    /// Hands every row that is not empty to `each`, in order.
    pub(crate) fn rows(
        &self,
        sheet: &str,
        each: &mut dyn FnMut(SheetRow) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let mut count = 0_u64;
        let mut bounded = |row: SheetRow| {
            if row.is_empty() {
                return Ok(());
            }
            count = count.saturating_add(1);
            if count > ROWS_MAX {
                return Err(AppError::ImportTooManyRows { max: ROWS_MAX });
            }
            each(row)
        };
        match self {
            Self::Workbook(bytes) => workbook::rows(bytes, sheet, &mut bounded),
            Self::Text { text, delimiter, name } if name == sheet => text_rows(text, *delimiter, &mut bounded),
            Self::Text { .. } => Err(AppError::ImportSheetUnknown {}),
        }
    }

    /// Whether cells below a row are merged.
    pub(crate) fn merged_below(&self, sheet: &str, row: u64) -> Result<bool, AppError> {
        match self {
            Self::Workbook(bytes) => workbook::merged_below(bytes, sheet, row),
            Self::Text { .. } => Ok(false),
        }
    }
}

fn text_rows(
    text: &str,
    delimiter: u8,
    each: &mut dyn FnMut(SheetRow) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| AppError::ImportUnreadable {})? {
        let number = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().take(REGISTER_COLUMNS_MAX).map(text_cell).collect();
        each(SheetRow { number, cells, formulas: 0 })?;
    }
    Ok(())
}

/// Lines end with a line feed alone: after `\r\n` the reader tells the line of a row too low by one, and the row below the
/// headings would count as theirs.
fn one_line_end(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

/// UTF-8 or UTF-16 by its mark, else UTF-8 where it is valid, else GB18030.
fn decode(bytes: &[u8]) -> Result<String, AppError> {
    let unreadable = || AppError::ImportUnreadable {};
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).ok_or_else(unreadable)?;
        let (text, broken) = encoding.decode_without_bom_handling(rest);
        return if broken { Err(unreadable()) } else { Ok(text.into_owned()) };
    }
    if bytes.contains(&0) {
        return Err(unreadable());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, broken) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    if broken { Err(unreadable()) } else { Ok(text.into_owned()) }
}

/// The separator that the first line has most of.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut best = (0, b',');
    for candidate in [b',', b'\t', b';'] {
        let count = line.bytes().filter(|byte| *byte == candidate).count();
        if count > best.0 {
            best = (count, candidate);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::{Book, text_cell};

    fn rows(book: &Book) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let sheet = book.sheets().unwrap().remove(0);
        book.rows(&sheet, &mut |row| {
            rows.push(row.shown());
            Ok(())
        })
        .unwrap();
        rows
    }

    #[test]
    fn a_register_reads_the_same_in_every_encoding() {
        let text = "姓名,住址\r\n囍三,\"石桥头村,3组\"\r\n\r\n";
        let expected =
            vec![vec!["姓名".to_owned(), "住址".to_owned()], vec!["囍三".to_owned(), "石桥头村,3组".to_owned()]];
        let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let encodings = [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            encoding_rs::GB18030.encode(text).0.into_owned(),
            utf16,
        ];
        for bytes in encodings {
            let book = Book::open("a/register.csv", bytes).unwrap();
            assert_eq!(book.sheets().unwrap(), ["register.csv"]);
            assert_eq!(rows(&book), expected);
        }
    }

    #[test]
    fn rows_have_the_numbers_of_their_lines_whatever_ends_a_line() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["姓名,住址", "囍三,\"石桥头村\"", "李四,", ""].join(end);
            let book = Book::open("a.csv", text.into()).unwrap();
            let mut numbers = Vec::new();
            book.rows("a.csv", &mut |row| {
                numbers.push(row.number);
                Ok(())
            })
            .unwrap();
            assert_eq!(numbers, [1, 2, 3], "{end:?}");
        }
    }

    #[test]
    fn what_is_no_register_is_refused_with_its_reason() {
        let code = |bytes: &[u8]| Book::open("x", bytes.to_vec()).err().map(|error| error.code());
        assert_eq!(code(&vec![b'a'; super::FILE_BYTES_MAX + 1]), Some("too_large"));
        assert_eq!(code(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), Some("import_old_workbook"));
        let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(code(&[b"\xD0\xCF\x11\xE0".as_slice(), &encrypted].concat()), Some("import_encrypted"));
        assert_eq!(code(b"PK\x03\x04 and then nothing"), Some("import_unreadable"));
        assert_eq!(code(b"\x89PNG\r\n\x1a\n\0\0"), Some("import_unreadable"));
    }

    #[test]
    fn tabs_and_semicolons_separate_too_and_a_huge_cell_is_cut() {
        let book = Book::open("x.txt", "a\tb\n1\t2".into()).unwrap();
        assert_eq!(rows(&book), [["a", "b"], ["1", "2"]]);
        assert_eq!(text_cell(&"字".repeat(20_000)).shown().chars().count(), 8_000);
    }
}
