//! What the template is told: the report as finished text and shares of a bar. The template holds no arithmetic.

use chrono::NaiveDate;
use serde::Serialize;

use super::ROWS_SHOWN_MAX;
use super::columns::{self, Width};
use super::plain::{cut, plain};
use crate::fonts::{SANS, SERIF};
use crate::rows::{Cell, RowTable, is_number, minute, printed};
use crate::weekly::{Amount, Breakdown, FIGURES_MAX, Figure, WeeklyReport, difference, words};

/// Bar charts of a breakdown: side by side there is room for two.
const CHARTS_MAX: usize = 2;

/// Up to this many villages a chart is not divided between pages.
const BARS_TOGETHER_MAX: usize = 36;

/// Longest name beside a bar, in a breakdown and in the running head, in characters.
const BAR_NAME_MAX: usize = 12;
const ROW_NAME_MAX: usize = 48;
const HEAD_NAME_MAX: usize = 24;

/// Most missing laptops named on paper; the workbook names all.
const MISSING_NAMED_MAX: usize = 20;

#[derive(Serialize)]
pub(super) struct Sheet {
    body_fonts: Vec<&'static str>,
    heading_fonts: Vec<&'static str>,
    station: String,
    station_short: String,
    week: String,
    span: String,
    made_on: String,
    made_at: String,
    author: String,
    basis: String,
    basis_short: String,
    complete: bool,
    made_up: Option<&'static str>,
    with_year: bool,
    figures: Vec<FigureLine>,
    breakdowns: Vec<BreakdownTable>,
    sections: Vec<Section>,
}

#[derive(Serialize)]
struct FigureLine {
    label: String,
    unit: String,
    this: Shown,
    before: Shown,
    delta: String,
    share: String,
    year: Shown,
    year_delta: String,
    year_share: String,
}

/// An amount as its fraction (rates only) and its number.
#[derive(Serialize)]
struct Shown {
    fraction: String,
    number: String,
}

#[derive(Serialize)]
struct BreakdownTable {
    heading: &'static str,
    noun: &'static str,
    columns: Vec<Heading>,
    rows: Vec<BreakdownLine>,
    total: usize,
    charts: Vec<Bars>,
}

#[derive(Serialize)]
struct Heading {
    label: String,
    unit: String,
    rate: bool,
}

#[derive(Serialize)]
struct BreakdownLine {
    name: String,
    cells: Vec<Shown>,
}

#[derive(Serialize)]
struct Bars {
    title: String,
    /// Whether the bars are few enough to stay on one page.
    together: bool,
    rows: Vec<Bar>,
}

/// A pair of bars; the shares are of the longest bar, 0 to 1.
#[derive(Serialize)]
struct Bar {
    name: String,
    this: String,
    before: String,
    this_share: f64,
    before_share: f64,
}

#[derive(Serialize)]
struct Section {
    title: String,
    columns: Vec<SectionColumn>,
    rows: Vec<Vec<String>>,
    total: usize,
}

#[derive(Serialize)]
struct SectionColumn {
    title: String,
    width: Width,
    number: bool,
}

/// The report as the template reads it.
pub(super) fn sheet(report: &WeeklyReport) -> Sheet {
    let stands_on = &report.stands_on;
    Sheet {
        body_fonts: SERIF.into_iter().chain(SANS).collect(),
        heading_fonts: SANS.into_iter().chain(SERIF).collect(),
        station: plain(&report.station_name),
        station_short: cut(&report.station_name, HEAD_NAME_MAX),
        week: words::week(report),
        span: words::span(report.from_on, report.to_on),
        made_on: words::day(report.made_at.date()),
        made_at: minute(report.made_at),
        author: plain(&report.author),
        basis: plain(&words::basis(stands_on, MISSING_NAMED_MAX)),
        basis_short: format!("依据 {} / {} 台终端", stands_on.laptops_included, stands_on.laptops_total),
        complete: stands_on.is_complete(),
        made_up: report.made_up.then_some(words::MADE_UP),
        with_year: report.figures.iter().any(|figure| figure.year_before.is_some()),
        figures: report.figures.iter().map(figure_line).collect(),
        breakdowns: vec![
            breakdown("按村（社区）", "村（社区）", report, &report.by_village, CHARTS_MAX),
            breakdown("按警务网格", "警务网格", report, &report.by_cell, 0),
        ],
        sections: report.sections.iter().map(|table| section(report, table)).collect(),
    }
}

fn figure_line(figure: &Figure) -> FigureLine {
    let (delta, share) = words::difference(difference(figure.value, figure.week_before));
    let (year_delta, year_share) = figure.year_before.map_or_else(
        || (words::DASH.to_owned(), String::new()),
        |year| words::difference(difference(figure.value, year)),
    );
    FigureLine {
        label: plain(&figure.label_zh),
        unit: plain(&figure.unit_zh),
        this: shown(Some(figure.value)),
        before: shown(Some(figure.week_before)),
        delta,
        share,
        year: shown(figure.year_before),
        year_delta,
        year_share,
    }
}

fn shown(amount: Option<Amount>) -> Shown {
    Shown {
        fraction: amount.map(words::fraction).unwrap_or_default(),
        number: amount.map_or_else(|| words::DASH.to_owned(), words::number),
    }
}

fn breakdown(
    heading: &'static str,
    noun: &'static str,
    report: &WeeklyReport,
    rows: &[Breakdown],
    charts_max: usize,
) -> BreakdownTable {
    let known = |figure: &&Figure| rows.iter().any(|row| row.amounts.contains_key(&figure.key));
    let figures: Vec<&Figure> = report.figures.iter().filter(known).take(usize::from(FIGURES_MAX)).collect();
    let line = |row: &Breakdown| BreakdownLine {
        name: cut(&row.name, ROW_NAME_MAX),
        cells: figures.iter().map(|figure| shown(row.amounts.get(&figure.key).map(|weeks| weeks.value))).collect(),
    };
    let counted = figures.iter().filter(|figure| matches!(figure.value, Amount::Count(_)));
    BreakdownTable {
        heading,
        noun,
        columns: figures
            .iter()
            .map(|figure| Heading {
                label: plain(&figure.label_zh),
                unit: plain(&figure.unit_zh),
                rate: matches!(figure.value, Amount::Rate { .. }),
            })
            .collect(),
        rows: rows.iter().take(ROWS_SHOWN_MAX).map(line).collect(),
        total: rows.len(),
        charts: counted.take(charts_max).map(|figure| bars(figure, rows)).collect(),
    }
}

/// The bars of one counted figure.
fn bars(figure: &Figure, rows: &[Breakdown]) -> Bars {
    let count = |amount: Amount| match amount {
        Amount::Count(count) => count,
        Amount::Minutes(_) | Amount::Rate { .. } => 0,
    };
    let pairs: Vec<(&Breakdown, u64, u64)> = rows
        .iter()
        .take(ROWS_SHOWN_MAX)
        .map(|row| {
            let weeks = row.amounts.get(&figure.key);
            let [this, before] = [weeks.map(|weeks| weeks.value), weeks.map(|weeks| weeks.week_before)];
            (row, this.map_or(0, count), before.map_or(0, count))
        })
        .collect();
    let longest = pairs.iter().map(|(_, this, before)| *this.max(before)).max().unwrap_or_default().max(1);
    let together = pairs.len() <= BARS_TOGETHER_MAX;
    let share = |count: u64| count as f64 / longest as f64;
    Bars {
        title: if figure.unit_zh.is_empty() {
            plain(&figure.label_zh)
        } else {
            plain(&format!("{}（{}）", figure.label_zh, figure.unit_zh))
        },
        together,
        rows: pairs
            .into_iter()
            .map(|(row, this, before)| Bar {
                name: cut(&row.name, BAR_NAME_MAX),
                this: this.to_string(),
                before: before.to_string(),
                this_share: share(this),
                before_share: share(before),
            })
            .collect(),
    }
}

fn section(report: &WeeklyReport, table: &RowTable) -> Section {
    let line = |row: &Vec<Cell>| row.iter().map(|cell| plain(&short(report, cell))).collect();
    let rows: Vec<Vec<String>> = table.rows.iter().take(ROWS_SHOWN_MAX).map(line).collect();
    let titles: Vec<String> = table.columns.iter().map(|column| plain(&column.title_zh)).collect();
    let columns = titles.into_iter().zip(columns::widths(table, &rows)).enumerate();
    Section {
        title: plain(&table.title_zh),
        columns: columns
            .map(|(at, (title, width))| SectionColumn {
                title,
                width,
                number: table.rows.iter().any(|row| row.get(at).is_some_and(is_number)),
            })
            .collect(),
        total: table.rows.len(),
        rows,
    }
}

/// A cell as on paper; days and times of the week itself do without the year, which stands at the head.
fn short(report: &WeeklyReport, cell: &Cell) -> String {
    let within = |on: NaiveDate| report.from_on <= on && on <= report.to_on;
    match cell {
        Cell::Date(on) if within(*on) => on.format("%m-%d").to_string(),
        Cell::Time(at) if within(at.date()) => at.format("%m-%d %H:%M").to_string(),
        Cell::Empty
        | Cell::Text(_)
        | Cell::Integer(_)
        | Cell::Date(_)
        | Cell::Time(_)
        | Cell::Minutes(_)
        | Cell::Fen(_) => printed(cell),
    }
}
