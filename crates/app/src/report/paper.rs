//! The report as `reports` prints it: words for figures, rows for its tables.

use std::collections::BTreeMap;

use domain::codes::{CodeTableName, code_table};
use domain::week::IsoWeek;
use reports::weekly::{Amount as Printed, Breakdown, Figure as PrintedFigure, StandsOn, WeeklyReport, Weeks};
use reports::{Cell, Column, RowTable};
use store::report::{Figure, FigureRow, RowsAfter, rows};

use super::report_rows::place_names;
use super::{local, report_week};
use crate::contract::report::{AmountView, BreakdownRow, FigureUnit};
use crate::error::AppError;
use crate::session::Session;

/// Rows of a table in a file; a station has some hundred a week.
const ROWS_MAX: usize = 20_000;
/// Rows read at a time.
const PAGE: usize = 500;

/// Counts in the order of print: counts and hours together, rates after them.
const ORDER: [Figure; 8] = [
    Figure::HouseholdsVisited,
    Figure::Visits,
    Figure::Patrols,
    Figure::PatrolMinutes,
    Figure::DisputesOpened,
    Figure::DisputesConcluded,
    Figure::Findings,
    Figure::MediationSuccess,
];

/// Everything the paper says.
pub(super) fn of(session: &Session, week: IsoWeek) -> Result<WeeklyReport, AppError> {
    let counted = report_week::of(session, week)?;
    let directory = session.directory();
    let figure = |figure: &Figure| {
        let view = counted.figures.iter().find(|view| view.key == figure.key())?;
        let (label_zh, unit_zh) = words(*figure);
        Some(PrintedFigure {
            key: view.key.clone(),
            label_zh: label_zh.to_owned(),
            unit_zh: unit_zh.to_owned(),
            value: printed(view.unit, &view.now),
            week_before: printed(view.unit, &view.week_before),
            year_before: Some(printed(view.unit, &view.year_before)),
        })
    };
    Ok(WeeklyReport {
        station_name: directory.station_name.clone(),
        made_up: directory.data_kind == ::sync::directory::DataKind::MadeUp,
        iso_year: week.year(),
        iso_week: week.week(),
        from_on: week.monday(),
        to_on: week.sunday(),
        made_at: local(session.now_ms()),
        author: session.officer_name(),
        stands_on: StandsOn {
            laptops_total: counted.stands_on.laptops,
            laptops_included: counted.stands_on.included,
            through_at: counted.stands_on.through_at.map(local),
            missing: counted.stands_on.missing.clone(),
            to_come: counted.stands_on.to_come,
        },
        figures: ORDER.iter().filter_map(figure).collect(),
        by_cell: counted.by_cell.iter().map(breakdown).collect(),
        by_village: counted.by_village.iter().map(breakdown).collect(),
        sections: sections(session, week)?,
    })
}

/// Label and unit of a figure.
const fn words(figure: Figure) -> (&'static str, &'static str) {
    match figure {
        Figure::HouseholdsVisited => ("走访住户", "户"),
        Figure::Visits => ("走访", "次"),
        Figure::Patrols => ("巡逻", "次"),
        Figure::PatrolMinutes => ("巡逻时长", "小时"),
        Figure::DisputesOpened => ("纠纷受理", "件"),
        Figure::DisputesConcluded => ("纠纷办结", "件"),
        Figure::Findings => ("巡逻发现", "处"),
        Figure::MediationSuccess => ("调解成功率", "调成 / 办结"),
    }
}

fn printed(unit: FigureUnit, amount: &AmountView) -> Printed {
    match unit {
        FigureUnit::Count => Printed::Count(amount.value),
        FigureUnit::Minutes => Printed::Minutes(amount.value),
        FigureUnit::Rate => Printed::Rate { numerator: amount.value, denominator: amount.of.unwrap_or(0) },
    }
}

fn breakdown(row: &BreakdownRow) -> Breakdown {
    let amounts = ORDER
        .iter()
        .filter_map(|figure| {
            let unit = super::unit(*figure);
            let now = row.now.get(figure.key())?;
            let before = row.week_before.get(figure.key())?;
            let weeks = Weeks { value: printed(unit, now), week_before: printed(unit, before) };
            Some((figure.key().to_owned(), weeks))
        })
        .collect();
    Breakdown { code: row.code.clone(), name: row.name.clone(), amounts }
}

fn sections(session: &Session, week: IsoWeek) -> Result<Vec<RowTable>, AppError> {
    let names = place_names(session);
    let mut tables = Vec::new();
    for (figure, title_zh) in [
        (Figure::HouseholdsVisited, "走访住户"),
        (Figure::Patrols, "巡逻"),
        (Figure::DisputesOpened, "纠纷受理"),
        (Figure::DisputesConcluded, "纠纷办结"),
        (Figure::Findings, "巡逻发现"),
    ] {
        let found = all(session, figure, week)?;
        tables.push(table(figure, title_zh, &found, &names));
    }
    Ok(tables)
}

/// Every row of a figure, a page at a time from one snapshot.
fn all(session: &Session, figure: Figure, week: IsoWeek) -> Result<Vec<FigureRow>, AppError> {
    let (from_at, to_at) = week.range_ms();
    session.store.read(|reader| {
        let mut found: Vec<FigureRow> = Vec::new();
        let mut after: Option<RowsAfter> = None;
        while found.len() < ROWS_MAX {
            let page = rows(reader, figure, from_at, to_at, None, None, after.as_ref(), PAGE)?;
            after = page.last().map(|last| {
                (last.at.unwrap_or_default(), last.document.clone(), last.item.clone().unwrap_or_default())
            });
            let ended = page.len() < PAGE;
            found.extend(page);
            if ended {
                break;
            }
        }
        Ok(found)
    })
}

fn table(figure: Figure, title_zh: &str, found: &[FigureRow], names: &BTreeMap<String, String>) -> RowTable {
    let dispute = matches!(figure, Figure::DisputesOpened | Figure::DisputesConcluded);
    let patrol = figure == Figure::Patrols;
    let mut columns = vec![Column::new("at", "时间"), Column::new("title", "内容"), Column::new("place", "村（网格）")];
    if dispute {
        columns.insert(1, Column::new("number", "编号"));
        columns.push(Column::new("state", "环节"));
    }
    if patrol {
        columns.push(Column::new("minutes", "时长（小时）"));
    }
    let text = |text: Option<&str>| text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned()));
    let states = code_table(CodeTableName::DisputeState);
    let row = |line: &FigureRow| {
        let place = line.place.as_deref().map(|code| names.get(code).map_or(code, String::as_str));
        let mut cells =
            vec![line.at.map_or(Cell::Empty, |at| Cell::Time(local(at))), text(Some(&line.title)), text(place)];
        if dispute {
            cells.insert(1, text(line.number.as_deref()));
            let state = line.state.as_deref();
            cells.push(text(state.map(|code| states.row(code).map_or(code, |row| row.zh.as_str()))));
        }
        if patrol {
            cells.push(line.minutes.map_or(Cell::Empty, |minutes| Cell::Minutes(u64::from(minutes))));
        }
        cells
    };
    RowTable {
        key: figure.key().to_owned(),
        title_zh: title_zh.to_owned(),
        columns,
        rows: found.iter().map(row).collect(),
    }
}
