//! A made-up village register as a file an officer would get: XLSX or CSV, with the usual faults on purpose.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::SimulateError;
use crate::people::{House, Person, Population};

/// Headings of the register, in the order villages use.
pub const HEADINGS: [&str; 13] = [
    "户号",
    "姓名",
    "性别",
    "公民身份号码",
    "出生日期",
    "民族",
    "与户主关系",
    "联系电话",
    "村（社区）",
    "住址",
    "网格编码",
    "人员类别",
    "备注",
];

/// What is wrong with a row written on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The last digit of the identity number does not fit.
    CheckDigit,
    /// The identity number is a number, as Excel stores it when typed without an apostrophe.
    NumberAsFloat,
    /// 30 February.
    ImpossibleDate,
    /// A cell nobody keeps.
    UnknownCell,
    /// The same identity number as the first row.
    Duplicate,
}

/// Every fault once.
pub const FAULTS: [Fault; 5] =
    [Fault::CheckDigit, Fault::NumberAsFloat, Fault::ImpossibleDate, Fault::UnknownCell, Fault::Duplicate];

/// One row as text, with the fault it carries.
struct Row {
    cells: [String; 13],
    fault: Option<Fault>,
}

/// The register as XLSX. `faulty` rows follow the good ones, going round through [`FAULTS`].
///
/// # Errors
/// [`SimulateError::Register`] when the file cannot be built.
pub fn xlsx(
    population: &Population,
    cell_of: impl Fn(usize) -> String,
    faulty: usize,
) -> Result<Vec<u8>, SimulateError> {
    let rows = rows(population, cell_of, faulty);
    build(&rows).map_err(|_| SimulateError::Register)
}

/// The register as CSV in UTF-8.
///
/// # Errors
/// [`SimulateError::Register`] when the file cannot be built.
pub fn csv(
    population: &Population,
    cell_of: impl Fn(usize) -> String,
    faulty: usize,
) -> Result<Vec<u8>, SimulateError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADINGS).map_err(|_| SimulateError::Register)?;
    for mut row in rows(population, cell_of, faulty) {
        if row.fault == Some(Fault::NumberAsFloat) {
            let [_, _, _, number, ..] = &mut row.cells;
            *number =
                format!("{:.5E}", number.trim_end_matches(['X', 'x']).parse::<f64>().unwrap_or(0.0)).replace('E', "E+");
        }
        writer.write_record(&row.cells).map_err(|_| SimulateError::Register)?;
    }
    writer.into_inner().map_err(|_| SimulateError::Register)
}

fn rows(population: &Population, cell_of: impl Fn(usize) -> String, faulty: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for house in &population.houses {
        for person in &house.members {
            rows.push(Row { cells: cells(population, house, person, &cell_of), fault: None });
        }
    }
    let first = rows.first().map(|row| row.cells.clone()).unwrap_or_default();
    for (at, fault) in FAULTS.into_iter().cycle().take(faulty).enumerate() {
        rows.push(Row { cells: spoil(first.clone(), fault, at), fault: Some(fault) });
    }
    rows
}

fn cells(population: &Population, house: &House, person: &Person, cell_of: &impl Fn(usize) -> String) -> [String; 13] {
    [
        house.number.clone(),
        person.name.clone(),
        person.sex.zh().to_owned(),
        person.id_number.clone(),
        person.birth_on.to_string(),
        "汉族".to_owned(),
        person.relation_zh.to_owned(),
        person.phone.clone().unwrap_or_default(),
        population.villages.get(house.village).map(|village| village.name.clone()).unwrap_or_default(),
        house.address(),
        cell_of(house.village),
        if person.floating { "流动" } else { "户籍" }.to_owned(),
        String::new(),
    ]
}

/// Turns a good row into a bad one; the name says which, so that a person reading the dry run sees it.
fn spoil(mut cells: [String; 13], fault: Fault, at: usize) -> [String; 13] {
    let [number, name, _, id_number, birth_on, .., cell, _, _] = &mut cells;
    *number = format!("9{at:07}");
    *name = format!("{name}{}", at + 1);
    match fault {
        Fault::CheckDigit => {
            let last = if id_number.ends_with('0') { '1' } else { '0' };
            id_number.pop();
            id_number.push(last);
        }
        Fault::ImpossibleDate => "1980-02-30".clone_into(birth_on),
        Fault::UnknownCell => "ZZ-99".clone_into(cell),
        Fault::NumberAsFloat | Fault::Duplicate => {}
    }
    cells
}

fn build(rows: &[Row]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("人口登记")?;
    for (column, heading) in (0u16..).zip(HEADINGS) {
        sheet.write_string(0, column, heading)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (line, row) in (1u32..).zip(rows) {
        write(sheet, line, row)?;
    }
    workbook.save_to_buffer()
}

fn write(sheet: &mut Worksheet, line: u32, row: &Row) -> Result<(), XlsxError> {
    for (column, text) in (0u16..).zip(&row.cells) {
        let number = (row.fault == Some(Fault::NumberAsFloat) && column == 3)
            .then(|| text.trim_end_matches(['X', 'x']).parse::<f64>().ok())
            .flatten();
        match number {
            Some(number) => sheet.write_number(line, column, number)?,
            None => sheet.write_string(line, column, text)?,
        };
    }
    Ok(())
}
