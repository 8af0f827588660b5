//! One officer at his laptop: his homes, what he planned, and his week. Owns what happens when in a week; what a visit, a
//! patrol or a case consists of is in their own files.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::week::start_of_day_ms;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::case::Case;
use super::{Beat, HOUR_MS, Lived, Sizes, case, patrol, visit};
use crate::SimulateError;
use crate::laptop::{Laptop, list, text};
use crate::phrases::Phrases;
use crate::town::CellPlan;

/// Rows of a page of homes.
const PAGE: u32 = 200;
/// A minute in milliseconds.
pub(super) const MINUTE_MS: i64 = 60_000;

/// A household as the worker's list shows it.
#[derive(Debug, Clone)]
pub(super) struct Home {
    pub(super) document: String,
    pub(super) village: String,
    pub(super) address: String,
}

/// A mediator he may ask.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) document: String,
    pub(super) name: String,
    pub(super) kind: String,
}

/// An officer at his laptop.
pub(super) struct Worker<'a> {
    pub(super) laptop: &'a Laptop,
    pub(super) officer: &'a str,
    pub(super) cells: &'a [CellPlan],
    pub(super) rng: ChaCha8Rng,
    pub(super) phrases: &'a Phrases,
    pub(super) homes: Vec<Home>,
    pub(super) mediators: Vec<Known>,
    /// The last moment of the whole life.
    pub(super) last_ms: i64,
    /// Visits planned: when, to which home.
    pub(super) planned: Vec<(i64, usize)>,
    pub(super) cases: Vec<Case>,
    owed: [Owed; 3],
    visits: u64,
    patrols: u64,
    steps: u64,
}

/// What is still to be done of a yearly amount, in thousandths.
#[derive(Debug, Clone, Copy)]
struct Owed {
    per_week: u32,
    left: u32,
}

/// What an officer does at a moment.
enum Deed {
    Visit(Option<usize>),
    Patrol,
    Open,
    Go(usize),
}

impl<'a> Worker<'a> {
    /// Looks at the laptop's lists.
    pub(super) fn new(
        beat: &Beat<'a>,
        rng: ChaCha8Rng,
        sizes: Sizes,
        last_ms: i64,
        phrases: &'a Phrases,
    ) -> Result<Self, SimulateError> {
        let owed = |whole: u32| {
            let thousandths = u64::from(whole) * u64::from(beat.share) / u64::from(sizes.weeks.max(1));
            Owed { per_week: u32::try_from(thousandths).unwrap_or(u32::MAX), left: 500 }
        };
        let homes = homes(beat.laptop)?;
        if homes.is_empty() {
            return Err(SimulateError::answer("household_list", "home to visit"));
        }
        Ok(Self {
            laptop: beat.laptop,
            officer: beat.officer,
            cells: beat.cells,
            rng,
            phrases,
            homes,
            mediators: mediators(beat.laptop)?,
            last_ms,
            planned: Vec::new(),
            cases: Vec::new(),
            owed: [owed(sizes.visits), owed(sizes.patrols), owed(sizes.disputes)],
            visits: 0,
            patrols: 0,
            steps: 0,
        })
    }

    /// Works through one week; nothing happens after `until_ms`.
    pub(super) fn week(&mut self, monday: NaiveDate, until_ms: i64, weight: u32) -> Result<(), SimulateError> {
        let [visits, patrols, disputes] = self.owed.each_mut().map(|owed| owed.take(weight));
        let from_ms = start_of_day_ms(monday);
        let mut deeds: Vec<(i64, Deed)> = Vec::new();
        let due: Vec<(i64, usize)> = self.planned.iter().copied().filter(|(at, _)| *at < until_ms).collect();
        self.planned.retain(|(at, _)| *at >= until_ms);
        // planned visits are part of the week's visits
        let by_chance = usize::try_from(visits).unwrap_or(0).saturating_sub(due.len());
        deeds.extend(due.into_iter().map(|(at, home)| (at, Deed::Visit(Some(home)))));
        for _ in 0..by_chance {
            deeds.push((self.moment(from_ms, until_ms, 8..18), Deed::Visit(None)));
        }
        for _ in 0..patrols {
            deeds.push((self.moment(from_ms, until_ms, 8..22), Deed::Patrol));
        }
        for _ in 0..disputes {
            deeds.push((self.moment(from_ms, until_ms, 8..19), Deed::Open));
        }
        let due = |(number, case): (usize, &Case)| case.due().map(|at| (at, Deed::Go(number)));
        deeds.extend(self.cases.iter().enumerate().filter_map(due).filter(|(at, _)| *at < until_ms));
        let mut queue: BTreeMap<(i64, usize), Deed> =
            deeds.into_iter().enumerate().map(|(number, (at, deed))| ((at, number), deed)).collect();
        let mut number = queue.len();
        while let Some(((at, _), deed)) = queue.pop_first() {
            let Some(case) = self.do_one(at, deed)? else { continue };
            // a case goes on in the same week when its next step falls into it
            if let Some(next) = self.cases.get(case).and_then(Case::due).filter(|next| *next < until_ms) {
                number += 1;
                queue.insert((next.max(at), number), Deed::Go(case));
            }
        }
        Ok(())
    }

    /// Does it; the case it was about, if any.
    fn do_one(&mut self, at_ms: i64, deed: Deed) -> Result<Option<usize>, SimulateError> {
        self.laptop.host.set_ms(at_ms);
        match deed {
            Deed::Visit(home) => {
                visit::record(self, at_ms, home)?;
                self.visits += 1;
                Ok(None)
            }
            Deed::Patrol => {
                patrol::log(self, at_ms)?;
                self.patrols += 1;
                Ok(None)
            }
            Deed::Open => {
                let case = case::open(self, at_ms)?;
                self.cases.push(case);
                Ok(self.cases.len().checked_sub(1))
            }
            Deed::Go(number) => {
                let Some(case) = self.cases.get_mut(number) else { return Ok(None) };
                let mut taken = std::mem::take(case);
                let went = case::go_on(self, &mut taken, at_ms);
                if let Some(case) = self.cases.get_mut(number) {
                    *case = taken;
                }
                self.steps += 1;
                went.map(|()| Some(number))
            }
        }
    }

    /// A moment of the working time of a week.
    fn moment(&mut self, from_ms: i64, until_ms: i64, hours: std::ops::Range<i64>) -> i64 {
        let days = ((until_ms - from_ms) / (24 * HOUR_MS)).clamp(0, 6);
        for _ in 0..20 {
            // weekends are quieter
            let day = self.rng.random_range(0..=days);
            if day >= 5 && self.rng.random_bool(0.5) {
                continue;
            }
            let minute = self.rng.random_range(hours.start * 60..hours.end * 60);
            let at = from_ms + day * 24 * HOUR_MS + minute * MINUTE_MS + self.rng.random_range(0..MINUTE_MS);
            if at < until_ms {
                return at;
            }
        }
        // the week is young: some time since its beginning
        self.rng.random_range(from_ms..until_ms.max(from_ms + 1))
    }

    /// Plans a visit some days ahead.
    pub(super) fn plan_visit(&mut self, home: usize, on: NaiveDate) {
        let late: u64 =
            if self.rng.random_bool(0.06) { self.rng.random_range(4..15) } else { self.rng.random_range(0..3) };
        let day = start_of_day_ms(on + Days::new(late));
        let at = day + self.rng.random_range(9 * 60..17 * 60) * MINUTE_MS;
        self.planned.push((at, home));
    }

    /// A home by chance.
    pub(super) fn any_home(&mut self) -> usize {
        self.rng.random_range(0..self.homes.len().max(1))
    }

    /// The code of a cell by chance.
    pub(super) fn any_cell(&mut self) -> Option<&'a CellPlan> {
        let at = self.rng.random_range(0..self.cells.len().max(1));
        self.cells.get(at)
    }

    /// Adds what was done.
    pub(super) fn count(&self, lived: &mut Lived) {
        lived.visits += self.visits;
        lived.patrols += self.patrols;
        lived.steps += self.steps;
        lived.disputes += u64::try_from(self.cases.len()).unwrap_or(u64::MAX);
    }
}

impl Owed {
    /// How many fall into a week of a weight; what does not make a whole one stays for the next.
    fn take(&mut self, weight: u32) -> u32 {
        let more = u64::from(self.per_week) * u64::from(weight) / 1_000;
        self.left = self.left.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        let whole = self.left / 1_000;
        self.left %= 1_000;
        whole
    }
}

/// All homes of the laptop, in the order of the list.
fn homes(laptop: &Laptop) -> Result<Vec<Home>, SimulateError> {
    let mut homes = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = laptop.call("household_list", json!({ "order": "address", "after": after, "limit": PAGE }))?;
        for row in list(&page, "/rows", "household_list")? {
            let of = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            homes.push(Home { document: of("document"), village: of("village"), address: of("address") });
        }
        after = page.get("next").cloned().unwrap_or_default();
        if after.is_null() {
            return Ok(homes);
        }
    }
}

fn mediators(laptop: &Laptop) -> Result<Vec<Known>, SimulateError> {
    let answer = laptop.call("mediator_list", json!({}))?;
    let rows = list(&answer, "/rows", "mediator_list")?;
    let of = |row: &Value, key: &str| -> String { row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned() };
    rows.iter()
        .map(|row| {
            let document = text(row, "/document", "mediator_list")?.to_owned();
            Ok(Known { document, name: of(row, "name"), kind: of(row, "kind") })
        })
        .collect()
}
