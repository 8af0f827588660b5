//! The workbook of the week, read back with calamine and as a zip of parts.

use std::io::{Cursor, Read};

use calamine::{Data, Range, Reader, Xlsx};
use reports::weekly::{self, Amount};
use reports::{Cell, ReportError};

use crate::{hostile, sample};

pub(crate) fn open(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes.to_vec())).unwrap()
}

pub(crate) fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn row_of(sheet: &Range<Data>, label: &str) -> u32 {
    let is = |cell: &(usize, usize, &Data)| cell.1 == 0 && matches!(cell.2, Data::String(text) if text == label);
    let (row, ..) = sheet.used_cells().find(is).unwrap_or_else(|| panic!("no row {label}"));
    u32::try_from(row).unwrap()
}

fn value(sheet: &Range<Data>, row: u32, column: u32) -> Data {
    sheet.get_value((row, column)).cloned().unwrap_or(Data::Empty)
}

fn near(found: &Data, wanted: f64) {
    let Data::Float(found) = found else { panic!("{found:?} instead of {wanted}") };
    assert!((found - wanted).abs() < 0.0006, "{found} {wanted}");
}

#[test]
fn every_figure_reads_back_with_its_difference() {
    let mut book = open(&weekly::xlsx(&sample::report(20)).unwrap());
    assert_eq!(book.sheet_names(), ["周报", "走访户", "巡逻", "纠纷受理", "隐患"]);
    let sheet = book.worksheet_range("周报").unwrap();
    let formulas = book.worksheet_formula("周报").unwrap();
    let visits = row_of(&sheet, "走访（户次）");
    for (column, wanted) in (1..).zip([486.0, 461.0, 25.0, 0.0542, 402.0, 84.0, 0.209]) {
        near(&value(&sheet, visits, column), wanted);
    }
    let agreed = row_of(&sheet, "调解成功率（调成 / 办结）");
    for (column, wanted) in [(1, 0.875), (2, 0.9), (3, -2.5), (5, 0.8333), (6, 4.2)] {
        near(&value(&sheet, agreed, column), wanted);
    }
    assert_eq!(formulas.get_value((agreed, 1)).unwrap(), "7/8");
    near(&value(&sheet, row_of(&sheet, "巡逻时长（小时）"), 1), 184.5);
    let dissuaded = row_of(&sheet, "反诈上门劝阻（起）");
    near(&value(&sheet, dissuaded, 3), 6.0);
    for column in 4..=7 {
        assert_eq!(value(&sheet, dissuaded, column), Data::String("—".into()), "column {column}");
    }
}

#[test]
fn a_rate_without_denominator_is_a_dash() {
    let mut report = sample::report(0);
    report.figures[5].value = Amount::Rate { numerator: 0, denominator: 0 };
    let mut book = open(&weekly::xlsx(&report).unwrap());
    let sheet = book.worksheet_range("周报").unwrap();
    let row = row_of(&sheet, "调解成功率（调成 / 办结）");
    assert_eq!(value(&sheet, row, 1), Data::String("0 / 0  —".into()));
    assert_eq!(value(&sheet, row, 3), Data::String("—".into()));
}

#[test]
fn the_charts_are_native_and_point_to_the_cells() {
    let bytes = weekly::xlsx(&sample::report(3)).unwrap();
    let sheet = open(&bytes).worksheet_range("周报").unwrap();
    let first = row_of(&sheet, "青枫社区") + 1;
    let last = row_of(&sheet, "白鹭村") + 1;
    let villages = part(&bytes, "xl/charts/chart2.xml");
    assert!(villages.contains("<c:barChart>"));
    assert!(villages.contains(&format!("<c:f>周报!$A${first}:$A${last}</c:f>")), "{villages}");
    assert!(villages.contains(&format!("<c:f>周报!$B${first}:$B${last}</c:f>")));
    assert!(villages.contains("<c:v>112</c:v>"), "the values are kept in the chart too");
    let figures = part(&bytes, "xl/charts/chart1.xml");
    let first = row_of(&sheet, "走访（户次）") + 1;
    assert!(figures.contains(&format!("<c:f>周报!$B${first}:$B${}</c:f>", first + 4)));
}

#[test]
fn rows_read_back_as_they_were_given() {
    let report = sample::report(30);
    let mut book = open(&weekly::xlsx(&report).unwrap());
    for table in &report.sections {
        let sheet = book.worksheet_range(&table.title_zh).unwrap();
        for (column, at) in table.columns.iter().zip(0..) {
            assert_eq!(value(&sheet, 3, at), Data::String(column.title_zh.clone()));
        }
        for (row, at) in table.rows.iter().zip(4..) {
            for (cell, column) in row.iter().zip(0..) {
                same(cell, &value(&sheet, at, column));
            }
        }
    }
}

pub(crate) fn same(given: &Cell, found: &Data) {
    match (given, found) {
        (Cell::Empty, Data::Empty) => {}
        (Cell::Text(given), Data::String(found)) => assert_eq!(given, found),
        (Cell::Integer(given), found) => near(found, *given as f64),
        (Cell::Minutes(given), found) => near(found, *given as f64 / 60.0),
        (Cell::Fen(given), found) => near(found, *given as f64 / 100.0),
        (Cell::Date(given), Data::DateTime(found)) => {
            let (year, month, day, ..) = found.to_ymd_hms_milli();
            assert_eq!(given.to_string(), format!("{year:04}-{month:02}-{day:02}"));
        }
        (Cell::Time(given), Data::DateTime(found)) => {
            let (year, month, day, hour, minute, ..) = found.to_ymd_hms_milli();
            let found = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}");
            assert_eq!(given.format("%Y-%m-%d %H:%M").to_string(), found);
        }
        (given, found) => panic!("{given:?} became {found:?}"),
    }
}

#[test]
fn hostile_text_stays_text_in_every_place_it_can_reach() {
    let mut report = sample::report(1);
    let corpus = hostile::rows();
    report.sections.push(corpus.clone());
    report.station_name = "=1+1&P&\"x".into();
    report.author = "@SUM(1)".into();
    report.stands_on.missing = hostile::VISIBLE.iter().map(|text| (*text).to_owned()).collect();
    report.by_village[0].name = "=cmd|' /C calc'!A0".into();
    let bytes = weekly::xlsx(&report).unwrap();
    let mut book = open(&bytes);
    let sheet = book.worksheet_range(&corpus.title_zh).unwrap();
    for (row, at) in corpus.rows.iter().zip(4..) {
        same(&row[1], &value(&sheet, at, 1));
    }
    let formulas = book.worksheet_formula(&corpus.title_zh).unwrap();
    assert!(formulas.is_empty(), "a row became a formula");
    let weekly = book.worksheet_range("周报").unwrap();
    row_of(&weekly, "=cmd|' /C calc'!A0");
    assert!(!part(&bytes, "xl/worksheets/sheet1.xml").contains("cmd"), "formulas hold no record text");
    for number in 2..=6 {
        let sheet = part(&bytes, &format!("xl/worksheets/sheet{number}.xml"));
        assert!(!sheet.contains("<f>") && !sheet.contains("<hyperlink"));
    }
}

#[test]
fn no_rows_one_row_and_five_thousand_rows_all_open() {
    for count in [0, 1, 5_000] {
        let bytes = weekly::xlsx(&sample::report(count)).unwrap();
        let sheet = open(&bytes).worksheet_range("走访户").unwrap();
        assert_eq!(sheet.height(), 4 + count);
    }
    let mut empty = sample::report(0);
    (empty.figures, empty.by_village, empty.by_cell, empty.sections) = (vec![], vec![], vec![], vec![]);
    let bytes = weekly::xlsx(&empty).unwrap();
    assert_eq!(open(&bytes).sheet_names(), ["周报"]);
}

#[test]
fn the_same_report_is_the_same_file() {
    let report = sample::report(10);
    assert_eq!(weekly::xlsx(&report).unwrap(), weekly::xlsx(&report).unwrap());
}

#[test]
fn a_row_that_does_not_fit_its_columns_is_refused() {
    let mut report = sample::report(2);
    report.sections[0].rows[1].pop();
    let refused = weekly::xlsx(&report).unwrap_err();
    assert!(matches!(refused, ReportError::UnevenRow { row: 1, cells: 6, columns: 7, .. }), "{refused:?}");
}

#[test]
fn the_workbook_is_left_to_be_looked_at() {
    sample::keep("weekly.xlsx", &weekly::xlsx(&sample::report(40)).unwrap());
}
