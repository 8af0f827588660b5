//! Rows of a register: good ones give their values, bad ones every reason.

use chrono::NaiveDate;
use domain::codes::{CodeSet, CodeTableName};
use domain::id_number::check_digit;
use domain::register::{
    KnownCells, Mapping, Problem, RawCell, RawRow, RegisterColumn as C, RegisterRow, RowContext, RowProblem, Seen,
    check_row, guess_mapping,
};
use proptest::prelude::*;

const HEADERS: [&str; 14] = [
    "姓名",
    "性别",
    "身份证号",
    "民族",
    "出生日期",
    "与户主关系",
    "户号",
    "联系电话",
    "住址",
    "村社区",
    "网格",
    "文化程度",
    "人员类别",
    "备注",
];

struct Desk {
    mapping: Mapping,
    cells: KnownCells,
    codes: CodeSet,
    seen: Seen,
    next_row: u32,
}

impl Desk {
    fn new() -> Self {
        let mut cells = KnownCells::default();
        cells.add("QF-03", "QF-03");
        cells.add("石桥头网格", "QF-03");
        cells.add("石桥头村", "QF-03");
        cells.add("QF-04", "QF-04");
        cells.add("青枫社区", "QF-04");
        cells.add("青枫社区", "QF-05");
        Self {
            mapping: guess_mapping(&HEADERS).mapping,
            cells,
            codes: CodeSet::built_in(),
            seen: Seen::default(),
            next_row: 2,
        }
    }

    fn check(&mut self, cells: &[RawCell]) -> Result<RegisterRow, Vec<RowProblem>> {
        let context = RowContext { today: today(), cells: &self.cells, default_cell: None, codes: &self.codes };
        let number = self.next_row;
        self.next_row += 1;
        check_row(RawRow { number, cells }, &self.mapping, &context, &mut self.seen)
    }
}

fn today() -> NaiveDate {
    "2026-11-21".parse().unwrap()
}

fn id(first17: &str) -> String {
    format!("{first17}{}", check_digit(first17).unwrap())
}

fn text(text: &str) -> RawCell {
    RawCell::Text(text.to_owned())
}

fn good() -> Vec<RawCell> {
    let number = id("33022419860203071");
    [
        "赵 小禾",
        "男",
        &number,
        "汉",
        "1986年2月3日",
        "儿子",
        "H-27",
        "138 0000 5127",
        "石桥头村3组27号",
        "石桥头村",
        "QF-03",
        "初中",
        "户籍",
        "",
    ]
    .into_iter()
    .map(text)
    .collect()
}

/// The row with one column changed.
fn with(column: C, cell: RawCell) -> Vec<RawCell> {
    let mut row = good();
    let place = guess_mapping(&HEADERS).mapping.place(column).unwrap();
    row[place] = cell;
    row
}

fn problems(cells: &[RawCell]) -> Vec<(C, Problem)> {
    let refused = Desk::new().check(cells).unwrap_err();
    refused.into_iter().map(|found| (found.column, found.problem)).collect()
}

#[test]
fn a_good_row_gives_its_values_in_their_written_form() {
    let row = Desk::new().check(&good()).unwrap();
    assert_eq!(row.name, "赵小禾");
    assert_eq!(row.sex.as_deref(), Some("1"));
    assert_eq!(row.document_kind.as_deref(), Some("111"));
    assert_eq!(row.document_number, Some(id("33022419860203071")));
    assert_eq!(row.ethnic.as_deref(), Some("01"));
    assert_eq!(row.born_on.map(|on| on.to_string()).as_deref(), Some("1986-02-03"));
    assert_eq!(row.relation.as_deref(), Some("20"));
    assert_eq!(row.phone.as_deref(), Some("13800005127"));
    assert_eq!(row.cell, "QF-03");
    assert_eq!(row.education.as_deref(), Some("71"));
    assert_eq!(row.resident_kind.as_deref(), Some("registered"));
    assert_eq!(row.note, None);
    assert_eq!(row.number, 2);
    assert_eq!(row.warnings, []);
}

#[test]
fn every_kind_of_bad_row_is_refused_with_its_reason() {
    let cases = [
        (with(C::Name, text(" ")), C::Name, Problem::Missing),
        (with(C::Name, text("赵\u{202E}禾")), C::Name, Problem::ControlCharacter { at: 2 }),
        (
            with(C::DocumentNumber, text("330224198602030711")),
            C::DocumentNumber,
            Problem::IdCheckDigit { expected: '2' },
        ),
        (
            with(C::DocumentNumber, RawCell::Number(330_224_198_602_030_720.0)),
            C::DocumentNumber,
            Problem::StoredAsNumber { shown: "3.302241986020307e17".into() },
        ),
        (
            with(C::DocumentNumber, text("3.30224E+17")),
            C::DocumentNumber,
            Problem::StoredAsNumber { shown: "3.30224E+17".into() },
        ),
        (
            with(C::DocumentNumber, RawCell::Number(330_224_860_203_071.0)),
            C::DocumentNumber,
            Problem::IdLength { found: 15 },
        ),
        (with(C::BirthDate, text("1986-02-30")), C::BirthDate, Problem::ImpossibleDate { text: "1986-02-30".into() }),
        (
            with(C::BirthDate, text("1986-02-04")),
            C::BirthDate,
            Problem::BirthDisagrees { written: "1986-02-04".parse().unwrap(), by_id: "1986-02-03".parse().unwrap() },
        ),
        (
            with(C::BirthDate, text("1986-02-02")),
            C::BirthDate,
            Problem::BirthDisagrees { written: "1986-02-02".parse().unwrap(), by_id: "1986-02-03".parse().unwrap() },
        ),
        (
            with(C::BirthDate, RawCell::Date("2027-01-01".parse().unwrap())),
            C::BirthDate,
            Problem::FutureDate { on: "2027-01-01".parse().unwrap() },
        ),
        (with(C::Sex, text("女")), C::Sex, Problem::SexDisagrees { written: "2".into(), by_id: "1".into() }),
        (with(C::Sex, text("公")), C::Sex, Problem::UnknownCode { table: CodeTableName::Sex, text: "公".into() }),
        (with(C::Cell, text("QF-99")), C::Cell, Problem::UnknownCell { text: "QF-99".into() }),
        (with(C::Note, text(&"长".repeat(2_001))), C::Note, Problem::TooLong { chars: 2_001, max: 2_000 }),
        (with(C::Address, RawCell::Error), C::Address, Problem::FormulaError),
    ];
    for (row, column, problem) in cases {
        assert_eq!(problems(&row), [(column, problem)]);
    }
}

#[test]
fn several_reasons_come_together_in_the_order_of_the_columns() {
    let mut row = with(C::Name, RawCell::Empty);
    row[3] = text("火星族");
    row[4] = text("不详");
    let columns: Vec<C> = problems(&row).into_iter().map(|(column, _)| column).collect();
    assert_eq!(columns, [C::Name, C::Ethnic, C::BirthDate]);
}

#[test]
fn the_same_person_twice_names_the_first_row() {
    let mut desk = Desk::new();
    assert!(desk.check(&good()).is_ok());
    let again = desk.check(&good()).unwrap_err();
    assert_eq!(again[0].problem, Problem::DuplicateInFile { first_row: 2 });
    assert_eq!(again[0].column, C::DocumentNumber);
    // Without papers, name and birth tell.
    let bare = with(C::DocumentNumber, RawCell::Empty);
    assert!(desk.check(&bare).is_ok());
    let again = desk.check(&bare).unwrap_err();
    assert_eq!((again[0].column, &again[0].problem), (C::Name, &Problem::DuplicateInFile { first_row: 4 }));
}

#[test]
fn the_double_of_a_refused_row_is_not_taken_in_its_place() {
    let mut desk = Desk::new();
    assert!(desk.check(&with(C::Cell, text("QF-99"))).is_err());
    assert!(desk.check(&good()).is_err());
}

#[test]
fn birth_and_sex_come_from_the_number_when_the_row_has_none() {
    let mut row = with(C::BirthDate, RawCell::Empty);
    row[1] = text("未说明的性别");
    let found = Desk::new().check(&row).unwrap();
    assert_eq!(found.sex.as_deref(), Some("1"));
    assert_eq!(found.born_on.map(|on| on.to_string()).as_deref(), Some("1986-02-03"));
}

#[test]
fn the_cell_comes_from_the_village_only_when_one_cell_covers_it() {
    let row = with(C::Cell, RawCell::Empty);
    assert_eq!(Desk::new().check(&row).unwrap().cell, "QF-03");
    let mut shared = row.clone();
    shared[9] = text("青枫社区");
    assert_eq!(problems(&shared), [(C::Cell, Problem::Missing)]);
    let mut desk = Desk::new();
    let context = RowContext { today: today(), cells: &desk.cells, default_cell: Some("QF-05"), codes: &desk.codes };
    let found = check_row(RawRow { number: 2, cells: &shared }, &desk.mapping, &context, &mut desk.seen);
    assert_eq!(found.unwrap().cell, "QF-05");
}

#[test]
fn doubts_do_not_refuse_a_row() {
    let row = Desk::new().check(&with(C::Phone, text("随监护人"))).unwrap();
    assert_eq!(row.warnings.len(), 1);
    assert_eq!(row.warnings[0].column, C::Phone);
    let row = Desk::new().check(&with(C::Phone, RawCell::Number(13_800_005_127.0))).unwrap();
    assert_eq!((row.phone.as_deref(), row.warnings.len()), (Some("13800005127"), 0));
}

#[test]
fn a_row_without_any_place_to_live_is_refused() {
    let mut row = with(C::Address, RawCell::Empty);
    assert!(Desk::new().check(&row).is_ok());
    row[6] = RawCell::Empty;
    assert_eq!(problems(&row), [(C::Address, Problem::Missing)]);
}

#[test]
fn a_foreign_passport_is_not_held_to_the_rules_of_the_identity_number() {
    let headers = ["姓名", "证件类型", "证件号码", "网格", "住址"];
    let mut desk = Desk { mapping: guess_mapping(&headers).mapping, ..Desk::new() };
    let row = ["John Smith", "护照", "E1234567", "QF-03", "枫林苑1幢"].map(text);
    let found = desk.check(&row).unwrap();
    assert_eq!(found.document_kind.as_deref(), Some("414"));
    assert_eq!(found.document_number.as_deref(), Some("E1234567"));
}

fn cell() -> impl Strategy<Value = RawCell> {
    prop_oneof![
        Just(RawCell::Empty),
        Just(RawCell::Error),
        any::<bool>().prop_map(RawCell::Bool),
        any::<f64>().prop_map(RawCell::Number),
        (-800_000_i64..800_000).prop_map(|n| RawCell::Date(today() + chrono::Duration::days(n))),
        "\\PC{0,20}|[=+@'\"<>;&\u{0}\u{202E}]{0,9}|[0-9E.+]{0,20}".prop_map(RawCell::Text),
    ]
}

proptest! {
    #[test]
    fn any_cells_are_answered_and_taken_rows_keep_their_limits(cells in proptest::collection::vec(cell(), 0..18)) {
        if let Ok(row) = Desk::new().check(&cells) {
            prop_assert!(!row.name.is_empty() && !row.cell.is_empty());
            prop_assert!(row.note.is_none_or(|note| note.chars().count() <= C::Note.chars_max()));
        }
    }

    #[test]
    fn hostile_text_in_one_good_row_never_changes_another_column(hostile in "\\PC{1,30}|=cmd\\|'/c'!A1|<script>|'; DROP TABLE x;--") {
        if let Ok(row) = Desk::new().check(&with(C::Note, text(&hostile))) {
            let clean = Desk::new().check(&good()).unwrap();
            prop_assert_eq!(RegisterRow { note: None, ..row }, clean);
        }
    }
}
