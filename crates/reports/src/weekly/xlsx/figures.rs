//! The table of figures with live differences. Owns its formulas; the values kept beside them come from `difference`.

use rust_xlsxwriter::{Format, Formula, Worksheet, XlsxError, utility::row_col_to_cell};

use crate::rows::book::{Styles, cell_text};
use crate::weekly::{Amount, Difference, Figure, difference, words};

/// Columns of the table: label, this week, week before with difference and share, year before with the same.
pub(crate) const COLUMNS: u16 = 8;

const THIS_WEEK: u16 = 1;
const WEEK_BEFORE: u16 = 2;
const YEAR_BEFORE: u16 = 5;

/// Where the table stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Row of the first figure.
    pub(crate) first: u32,
    /// First free row.
    pub(crate) below: u32,
}

/// Writes heading and figures from `row` on.
pub(crate) fn write(sheet: &mut Worksheet, styles: &Styles, row: u32, figures: &[Figure]) -> Result<Place, XlsxError> {
    sheet.write_string_with_format(row, 0, "项目", &styles.head)?;
    for (column, title) in (1_u16..).zip(["本周", "上周", "环比", "环比 %", "去年同期", "同比", "同比 %"])
    {
        sheet.write_string_with_format(row, column, title, &styles.head_number)?;
    }
    let first = row + 1;
    let mut below = first;
    for (figure, at) in figures.iter().zip(first..) {
        sheet.write_string_with_format(at, 0, cell_text(&label(figure)), &styles.label)?;
        write_amount(sheet, styles, at, THIS_WEEK, Some(figure.value))?;
        write_amount(sheet, styles, at, WEEK_BEFORE, Some(figure.week_before))?;
        write_amount(sheet, styles, at, YEAR_BEFORE, figure.year_before)?;
        write_difference(sheet, styles, at, WEEK_BEFORE, figure.value, Some(figure.week_before))?;
        write_difference(sheet, styles, at, YEAR_BEFORE, figure.value, figure.year_before)?;
        below = at + 1;
    }
    Ok(Place { first, below })
}

/// `走访（户次）`.
pub(crate) fn label(figure: &Figure) -> String {
    if figure.unit_zh.is_empty() {
        return figure.label_zh.clone();
    }
    format!("{}（{}）", figure.label_zh, figure.unit_zh)
}

/// An amount as a number; a rate as the division of its two numbers, both shown.
pub(crate) fn write_amount(
    sheet: &mut Worksheet,
    styles: &Styles,
    row: u32,
    column: u16,
    amount: Option<Amount>,
) -> Result<(), XlsxError> {
    match amount {
        Some(Amount::Count(count)) => {
            sheet.write_number_with_format(row, column, count as f64, &styles.number("#,##0"))?
        }
        Some(Amount::Minutes(minutes)) => {
            sheet.write_number_with_format(row, column, minutes as f64 / 60.0, &styles.number("#,##0.0"))?
        }
        Some(rate @ Amount::Rate { numerator, denominator }) if denominator > 0 => {
            let value = numerator as f64 / denominator as f64;
            let formula = Formula::new(format!("={numerator}/{denominator}")).set_result(value.to_string());
            let shown = styles.number(&format!("\"{}  \"0.0%", words::fraction(rate)));
            sheet.write_formula_with_format(row, column, formula, &shown)?
        }
        Some(rate @ Amount::Rate { .. }) => {
            let text = format!("{}  {}", words::fraction(rate), words::DASH);
            sheet.write_string_with_format(row, column, text, &styles.dash)?
        }
        None => sheet.write_string_with_format(row, column, words::DASH, &styles.dash)?,
    };
    Ok(())
}

/// The two columns right of the amount in column `base`: difference and share.
fn write_difference(
    sheet: &mut Worksheet,
    styles: &Styles,
    row: u32,
    base: u16,
    value: Amount,
    other: Option<Amount>,
) -> Result<(), XlsxError> {
    let this = row_col_to_cell(row, THIS_WEEK);
    let that = row_col_to_cell(row, base);
    let known = format!("AND(ISNUMBER({this}),ISNUMBER({that}))");
    let found = other.map_or(Difference::NoBase, |other| difference(value, other));
    let (plain, share) = match value {
        Amount::Count(_) => ("+#,##0;−#,##0;0", Share::Percent),
        Amount::Minutes(_) => ("+#,##0.0;−#,##0.0;0.0", Share::Percent),
        Amount::Rate { .. } => ("+0.0\" 点\";−0.0\" 点\";0.0\" 点\"", Share::Points),
    };
    let scale = match share {
        Share::Percent => "",
        Share::Points => "*100",
    };
    let (delta, permille) = kept(found);
    let formula = format!("=IF({known},({this}-{that}){scale},\"{}\")", words::DASH);
    put(sheet, row, base + 1, &formula, delta, &styles.number(plain))?;
    match share {
        Share::Points => sheet.write_blank(row, base + 2, &styles.dash).map(|_| ()),
        Share::Percent => {
            let formula = format!("=IF({known},IF({that}=0,\"{0}\",({this}-{that})/{that}),\"{0}\")", words::DASH);
            put(sheet, row, base + 2, &formula, permille, &styles.number("+0.0%;−0.0%;0.0%"))
        }
    }
}

/// Whether a difference has a share beside it or is one itself.
#[derive(Clone, Copy)]
enum Share {
    Percent,
    Points,
}

/// The values kept beside the formulas: difference in the unit of the column, share as a fraction.
fn kept(found: Difference) -> (Option<f64>, Option<f64>) {
    let fraction = |permille: Option<i128>| permille.map(|permille| permille as f64 / 1000.0);
    match found {
        Difference::Count { delta, permille } => (Some(delta as f64), fraction(permille)),
        Difference::Minutes { delta, permille } => (Some(delta as f64 / 60.0), fraction(permille)),
        Difference::Points { permille } => (Some(permille as f64 / 10.0), None),
        Difference::NoBase => (None, None),
    }
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    formula: &str,
    kept: Option<f64>,
    format: &Format,
) -> Result<(), XlsxError> {
    let kept = kept.map_or_else(|| words::DASH.to_owned(), |kept| kept.to_string());
    let formula = Formula::new(formula).set_result(kept);
    sheet.write_formula_with_format(row, column, formula, format).map(|_| ())
}
