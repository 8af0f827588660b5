//! Clocks of a case in the words of the contract.

use chrono::NaiveDate;
use documents::Reading;
use domain::calendar::Calendar;
use domain::clocks::{self, Clock as DomainClock, ClockState as State, SetBy as By, law_clock};
use store::dispute::{ClockLine, clock_facts, unit};

use crate::contract::dispute::{Clock, ClockState, ClockUnit, SetBy};

/// Every clock of a case, as it stands on `today`.
pub(crate) fn clocks(reading: &Reading, today: NaiveDate) -> Vec<Clock> {
    let facts = clock_facts(reading);
    clocks::dispute_clocks(&facts, Calendar::built_in(), today).iter().map(|clock| words(clock, today)).collect()
}

/// The clock a list shows, as it stands on `today`.
pub(crate) fn of_line(line: &ClockLine, today: NaiveDate) -> Clock {
    let days_left = line.due_on.map(|due| (due - today).num_days());
    Clock {
        matter_zh: matter(&line.id),
        id: line.id.clone(),
        set_by: if line.by_law { SetBy::Law } else { SetBy::Station },
        article_zh: line.article.clone(),
        length: line.length,
        unit: unit_of(&line.unit),
        starts_on: line.starts_on.map(|on| on.to_string()),
        due_on: line.due_on.map(|on| on.to_string()),
        days_left,
        state: match days_left {
            None => ClockState::NotStarted,
            Some(days) if days < 0 => ClockState::Overdue,
            Some(0) => ClockState::DueToday,
            Some(_) => ClockState::Running,
        },
    }
}

fn matter(id: &str) -> String {
    law_clock(id).map_or_else(String::new, |law| law.matter_zh.clone())
}

fn unit_of(code: &str) -> ClockUnit {
    match code {
        "hour" => ClockUnit::Hour,
        "working_day" => ClockUnit::WorkingDay,
        "month" => ClockUnit::Month,
        "year" => ClockUnit::Year,
        _ => ClockUnit::Day,
    }
}

fn words(clock: &DomainClock, today: NaiveDate) -> Clock {
    Clock {
        id: clock.id.to_owned(),
        matter_zh: matter(clock.id),
        set_by: match clock.set_by {
            By::Law => SetBy::Law,
            By::Station => SetBy::Station,
        },
        article_zh: clock.article.clone(),
        length: clock.length,
        unit: unit_of(unit(clock.unit, clock.day_kind)),
        starts_on: clock.starts_on.map(|on| on.to_string()),
        due_on: clock.due_on.map(|on| on.to_string()),
        days_left: clock.days_left(today),
        state: match clock.state {
            State::NotStarted => ClockState::NotStarted,
            State::Running if clock.due_on == Some(today) => ClockState::DueToday,
            State::Running => ClockState::Running,
            State::Overdue => ClockState::Overdue,
            State::Met => ClockState::Met,
            State::MetLate => ClockState::MetLate,
            State::Lapsed => ClockState::Lapsed,
            State::Stopped => ClockState::Stopped,
        },
    }
}
