//! The native charts of the workbook. Owns their look and place; the numbers stay in the cells they point to.

use rust_xlsxwriter::{
    Chart, ChartAxis, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, Color,
    Worksheet, XlsxError,
};

use super::SHEET;
use super::breakdown::{self, figures_of};
use super::figures::{self, label};
use crate::rows::book::{DATA, DATA_PAST, FONT, INK, INK_QUIET, LINE, cell_text};
use crate::weekly::{Amount, WeeklyReport};

/// Pixels of one row of the sheet, and of one village in its chart.
const ROW_PIXELS: u32 = 22;
const BAR_PIXELS: u32 = 36;

/// Smallest and largest height of the charts, in pixels.
const HEIGHT_MIN: u32 = 300;
const HEIGHT_MAX: u32 = 1_200;

/// Height of title, legend and axis, in pixels.
const FRAME_PIXELS: u32 = 110;

/// Widths of the charts in pixels, and the column the second begins in.
const FIGURES_WIDTH: u32 = 530;
const VILLAGES_WIDTH: u32 = 540;
const VILLAGES_COLUMN: u16 = 5;

/// Rows the charts take; none when there is nothing to draw.
pub(crate) fn rows_needed(report: &WeeklyReport) -> u32 {
    if counted(report).1 == 0 && report.by_village.is_empty() {
        return 0;
    }
    height(report) / ROW_PIXELS + 2
}

fn height(report: &WeeklyReport) -> u32 {
    let villages = u32::try_from(report.by_village.len()).unwrap_or(u32::MAX);
    villages.saturating_mul(BAR_PIXELS).saturating_add(FRAME_PIXELS).clamp(HEIGHT_MIN, HEIGHT_MAX)
}

/// The longest run of counts and hours, as (position, length): rates have another scale.
fn counted(report: &WeeklyReport) -> (u32, u32) {
    let mut best = (0, 0);
    let mut run = (0, 0);
    for (figure, at) in report.figures.iter().zip(0_u32..) {
        match figure.value {
            Amount::Count(_) | Amount::Minutes(_) if run.1 == 0 => run = (at, 1),
            Amount::Count(_) | Amount::Minutes(_) => run.1 += 1,
            Amount::Rate { .. } => run = (at, 0),
        }
        if run.1 > best.1 {
            best = run;
        }
    }
    best
}

/// A chart of the counted figures, this week beside the week before.
pub(crate) fn figures(
    sheet: &mut Worksheet,
    row: u32,
    report: &WeeklyReport,
    place: &figures::Place,
) -> Result<(), XlsxError> {
    let (from, count) = counted(report);
    if count == 0 {
        return Ok(());
    }
    let first = place.first + from;
    let last = first + count - 1;
    let mut chart = Chart::new_column();
    for (name, column, color) in [("本周", 1_u16, DATA), ("上周", 2, DATA_PAST)] {
        series(&mut chart, name, color, (first, last), column);
    }
    dress(&mut chart, "主要数据，本周与上周", FIGURES_WIDTH, height(report));
    chart.x_axis().set_font(&font(9));
    quiet(chart.y_axis());
    sheet.insert_chart(row, 0, &chart).map(|_| ())
}

/// A chart of the first counted figure of the villages, this week beside the week before.
pub(crate) fn villages(
    sheet: &mut Worksheet,
    row: u32,
    report: &WeeklyReport,
    place: &breakdown::Place,
) -> Result<(), XlsxError> {
    let charted = figures_of(report, &report.by_village);
    let charted = (1_u16..=place.figures).zip(charted);
    let mut charted = charted.filter(|(_, figure)| matches!(figure.value, Amount::Count(_)));
    let Some((column, figure)) = charted.next() else { return Ok(()) };
    let Some(last) = place.below.checked_sub(1) else { return Ok(()) };
    let mut chart = Chart::new_bar();
    for (name, column, color) in [("本周", column, DATA), ("上周", column + place.figures, DATA_PAST)] {
        series(&mut chart, name, color, (place.first, last), column);
    }
    dress(&mut chart, &format!("{}，按村", cell_text(&label(figure))), VILLAGES_WIDTH, height(report));
    // In a bar chart the axes change places. The first village stands at the top, as in the table.
    chart.y_axis().set_reverse().set_font(&font(9));
    chart.y_axis().set_major_gridlines(false);
    quiet(chart.x_axis());
    sheet.insert_chart(row, VILLAGES_COLUMN, &chart).map(|_| ())
}

fn series(chart: &mut Chart, name: &str, color: Color, rows: (u32, u32), column: u16) {
    let (first, last) = rows;
    chart
        .add_series()
        .set_name(name)
        .set_categories((SHEET, first, 0, last, 0))
        .set_values((SHEET, first, column, last, column))
        .set_data_label(ChartDataLabel::new().show_value().set_font(font(8).set_color(INK_QUIET)))
        .set_gap(50)
        .set_overlap(0)
        .set_format(
            ChartFormat::new()
                .set_solid_fill(ChartSolidFill::new().set_color(color))
                .set_border(ChartLine::new().set_color(DATA).set_width(0.5)),
        );
}

fn dress(chart: &mut Chart, title: &str, width: u32, height: u32) {
    chart.title().set_name(title).set_font(font(12).set_bold());
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(9));
    chart.chart_area().set_format(ChartFormat::new().set_border(ChartLine::new().set_color(LINE)));
    chart.set_width(width).set_height(height).set_alt_text(title);
}

/// The axis of the values says nothing: each bar has its number.
fn quiet(axis: &mut ChartAxis) {
    axis.set_min(0).set_hidden(true).set_major_gridlines(false);
}

fn font(size: u32) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name(FONT).set_size(size).set_color(INK);
    font
}
