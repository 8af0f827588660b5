//! "Export these rows" as a workbook.

use calamine::{Data, Reader};
use reports::{Cell, ReportError, rows_xlsx};

use crate::workbook::{open, part, same};
use crate::{hostile, sample};

#[test]
fn exported_rows_read_back_with_hostile_text_unchanged() {
    let corpus = hostile::rows();
    let bytes = rows_xlsx(&corpus, &sample::about()).unwrap();
    let mut book = open(&bytes);
    let sheet = book.worksheet_range(&corpus.title_zh).unwrap();
    for (row, at) in corpus.rows.iter().zip(4_u32..) {
        for (cell, column) in row.iter().zip(0_u32..) {
            same(cell, sheet.get_value((at, column)).unwrap_or(&Data::Empty));
        }
    }
    assert!(book.worksheet_formula(&corpus.title_zh).unwrap().is_empty());
}

#[test]
fn an_exported_file_says_whose_rows_it_holds_and_that_they_are_made_up() {
    let bytes = rows_xlsx(&sample::visits(2), &sample::about()).unwrap();
    let sheet = open(&bytes).worksheet_range("走访户").unwrap();
    assert_eq!(sheet.get_value((0, 0)), Some(&Data::String("走访户".into())));
    let note = "青枫派出所，共 2 条，周远山 制于 2026-11-16 08:30";
    assert_eq!(sheet.get_value((1, 0)), Some(&Data::String(note.into())));
    assert_eq!(sheet.get_value((2, 0)), Some(&Data::String("演示数据，人名地名均为虚构".into())));
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    for wanted in ["state=\"frozen\"", "<autoFilter ref=\"A4:G6\"", "paperSize=\"9\"", "演示数据"] {
        assert!(xml.contains(wanted), "{wanted} in {xml}");
    }
    assert!(part(&bytes, "docProps/core.xml").contains("2026-11-16T00:30:00Z"));
}

#[test]
fn a_text_longer_than_a_cell_is_cut_and_says_so() {
    let mut table = sample::visits(1);
    table.rows[0][5] = Cell::Text("枫".repeat(40_000));
    let bytes = rows_xlsx(&table, &sample::about()).unwrap();
    let sheet = open(&bytes).worksheet_range("走访户").unwrap();
    match sheet.get_value((4, 5)) {
        Some(Data::String(text)) => assert!(text.ends_with('…') && text.chars().count() == 32_767),
        other => panic!("{other:?}"),
    }
}

#[test]
fn days_before_excel_began_are_kept_as_text() {
    let mut table = sample::visits(1);
    table.rows[0][1] = Cell::Date(sample::on(1899, 5, 4));
    let sheet = open(&rows_xlsx(&table, &sample::about()).unwrap()).worksheet_range("走访户").unwrap();
    assert_eq!(sheet.get_value((4, 1)), Some(&Data::String("1899-05-04".into())));
}

#[test]
fn a_table_wider_than_can_be_read_is_refused() {
    let titles: Vec<String> = (0..=reports::rows::COLUMNS_MAX).map(|number| number.to_string()).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let table = sample::table("wide", "宽", &titles, vec![]);
    let refused = rows_xlsx(&table, &sample::about()).unwrap_err();
    assert!(matches!(refused, ReportError::TooLarge { size: 201, size_max: 200, .. }));
}
