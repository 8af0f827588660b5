//! The numbers of a week, with the week before and the same week of the year before.

use std::collections::BTreeMap;

use domain::week::IsoWeek;
use store::report::{Amount, By, Figure, breakdown, total};

use super::{permit, stands, unit, view, week};
use crate::contract::report::{AmountView, BreakdownRow, FigureView, ReportWeek, ReportWeekRequest};
use crate::error::AppError;
use crate::session::Session;

/// Counts.
///
/// # Errors
/// [`AppError::BadWeek`], refusals of permits, faults of the disk.
pub(crate) fn run(session: &Session, request: ReportWeekRequest) -> Result<ReportWeek, AppError> {
    permit(session)?;
    of(session, week(session, request.year, request.week)?)
}

/// The report of a week.
///
/// # Errors
/// Faults of the disk.
pub(super) fn of(session: &Session, week: IsoWeek) -> Result<ReportWeek, AppError> {
    let stands_on = stands::on(session, week)?;
    let directory = session.directory();
    let cells = directory.cells.iter().map(|cell| (cell.code.clone(), cell.name.clone())).collect();
    let villages = directory.villages.iter().map(|village| (village.code.clone(), village.name.clone())).collect();
    session.store.read(|reader| {
        let amount = |figure, week: IsoWeek| {
            let (from_at, to_at) = week.range_ms();
            total(reader, figure, from_at, to_at).map(view)
        };
        let mut figures = Vec::new();
        for figure in Figure::ALL {
            figures.push(FigureView {
                key: figure.key().to_owned(),
                unit: unit(figure),
                now: amount(figure, week)?,
                week_before: amount(figure, week.previous())?,
                year_before: amount(figure, week.year_before())?,
            });
        }
        let by = |by, week: IsoWeek| {
            let (from_at, to_at) = week.range_ms();
            let found =
                Figure::ALL.into_iter().map(|figure| Ok((figure, breakdown(reader, figure, by, from_at, to_at)?)));
            found.collect::<Result<Broken, store::StoreError>>()
        };
        Ok(ReportWeek {
            year: week.year(),
            week: week.week(),
            from_on: week.monday().to_string(),
            to_on: week.sunday().to_string(),
            stands_on,
            figures,
            by_cell: rows(&cells, By::Cell, &by(By::Cell, week)?, &by(By::Cell, week.previous())?),
            by_village: rows(&villages, By::Village, &by(By::Village, week)?, &by(By::Village, week.previous())?),
        })
    })
}

type Broken = BTreeMap<Figure, BTreeMap<String, Amount>>;

/// A line for every cell or village of the directory: none is left out because nothing happened there.
fn rows(names: &BTreeMap<String, String>, by: By, now: &Broken, before: &Broken) -> Vec<BreakdownRow> {
    let amounts = |broken: &Broken, code: &str| -> BTreeMap<String, AmountView> {
        Figure::ALL
            .into_iter()
            .filter(|figure| by == By::Cell || figure.has_village())
            .map(|figure| {
                let none = Amount { value: 0, of: (figure == Figure::MediationSuccess).then_some(0) };
                let amount = broken.get(&figure).and_then(|codes| codes.get(code)).copied().unwrap_or(none);
                (figure.key().to_owned(), view(amount))
            })
            .collect()
    };
    names
        .iter()
        .map(|(code, name)| BreakdownRow {
            code: code.clone(),
            name: name.clone(),
            now: amounts(now, code),
            week_before: amounts(before, code),
        })
        .collect()
}
