//! Rows as CSV, read back with the csv crate.

use reports::{Cell, rows_csv};

use crate::hostile;
use crate::sample::{self, table, text};

fn read(bytes: &[u8]) -> Vec<Vec<String>> {
    let body = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a byte-order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(body);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn hostile_text_survives_and_never_opens_a_formula() {
    let corpus = hostile::rows();
    let read = read(&rows_csv(&corpus).unwrap());
    assert_eq!(read.len(), corpus.rows.len() + 1);
    for (row, found) in corpus.rows.iter().zip(read.iter().skip(1)) {
        let Cell::Text(given) = &row[1] else { panic!() };
        let found = &found[1];
        assert!(found == given || found == &format!("'{given}"), "{given:?} became {found:?}");
        assert!(!found.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']));
    }
}

#[test]
fn numbers_stay_numbers_and_long_digits_stay_text() {
    let row = vec![
        Cell::Integer(-5),
        Cell::Fen(-1_205),
        Cell::Minutes(90),
        text("330681100200"),
        text("13800000000"),
        Cell::Empty,
    ];
    let bytes = rows_csv(&table("t", "表", &["a", "b", "c", "d", "e", "f"], vec![row])).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "\u{feff}a,b,c,d,e,f\r\n-5,-12.05,1.5,'330681100200,13800000000,\r\n"
    );
}

#[test]
fn no_rows_and_five_thousand_rows_are_files_too() {
    for count in [0, 1, 5_000] {
        assert_eq!(read(&rows_csv(&sample::visits(count)).unwrap()).len(), count + 1);
    }
}
