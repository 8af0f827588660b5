//! The course a made-up dispute will take: which steps, when, and whether it is settled. Owns chances and durations; must not
//! know commands.

use std::collections::VecDeque;

use chrono::Timelike as _;
use domain::week::{local_time, start_of_day_ms};
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

use super::HOUR_MS;

const DAY_MS: i64 = 24 * HOUR_MS;
/// Disputes of so many last days may have come to a halt.
const RECENT_MS: i64 = 75 * DAY_MS;

/// How a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Agreed,
    Failed,
    PutOff,
}

/// A step of a case's course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Accept,
    Grade,
    Assign,
    Investigate,
    Mediate,
    Session(End),
    Agree,
    Perform,
    Performed,
    FileForConfirmation,
    Confirmed,
    Revisit,
    Archive,
    Fail,
    FileAway,
    Leave(&'static str),
}

/// The course of a case.
#[derive(Debug, Clone, Default)]
pub(super) struct Course {
    pub(super) grade: u8,
    pub(super) steps: VecDeque<(i64, Step)>,
}

enum Fate {
    Settled,
    Failed,
    Leaves(&'static str),
}

/// A course for a dispute found at `at_ms`; recent ones may stand still, so that something is overdue.
pub(super) fn course(rng: &mut ChaCha8Rng, at_ms: i64, last_ms: i64) -> Course {
    let grade = [(1_u8, 30_u32), (2, 34), (3, 22), (4, 9), (5, 5)]
        .choose_weighted(rng, |(_, weight)| *weight)
        .map_or(2, |(grade, _)| *grade);
    let fate = match rng.random_range(0..100_u8) {
        0..=77 => Fate::Settled,
        78..=89 => Fate::Failed,
        90..=93 => Fate::Leaves("withdrawn"),
        94..=95 => Fate::Leaves("referred"),
        96..=97 => Fate::Leaves("to_court"),
        _ => Fate::Leaves(if grade >= 4 { "escalated" } else { "penalty_case" }),
    };
    let mut plan = Plan { rng, at_ms, steps: VecDeque::new() };
    plan.then(0, 2 * HOUR_MS, Step::Accept);
    plan.then(HOUR_MS / 12, HOUR_MS, Step::Grade);
    plan.then(HOUR_MS / 4, 26 * HOUR_MS, Step::Assign);
    if let Fate::Leaves(to) = fate {
        plan.then(DAY_MS / 2, 6 * DAY_MS, Step::Leave(to));
    } else {
        if grade >= 4 || plan.rng.random_bool(0.2) {
            plan.then(HOUR_MS, 2 * DAY_MS, Step::Investigate);
        }
        plan.then(HOUR_MS / 2, 2 * DAY_MS, Step::Mediate);
        sessions(&mut plan, grade, &fate);
        end(&mut plan, &fate);
    }
    let mut steps = plan.steps;
    let recent = last_ms - at_ms < RECENT_MS && last_ms - at_ms > DAY_MS;
    if recent && rng.random_bool(0.3) {
        let keep = rng.random_range(2..=steps.len().clamp(2, 6));
        steps.truncate(keep);
    }
    Course { grade, steps }
}

struct Plan<'a> {
    rng: &'a mut ChaCha8Rng,
    at_ms: i64,
    steps: VecDeque<(i64, Step)>,
}

impl Plan<'_> {
    fn then(&mut self, least_ms: i64, most_ms: i64, step: Step) {
        self.at_ms = in_office_hours(self.at_ms + self.rng.random_range(least_ms..=most_ms.max(least_ms)));
        self.steps.push_back((self.at_ms, step));
    }
}

fn sessions(plan: &mut Plan<'_>, grade: u8, fate: &Fate) {
    let before = plan.rng.random_range(0..=grade / 2);
    for _ in 0..before {
        let end = if plan.rng.random_bool(0.6) { End::Failed } else { End::PutOff };
        // police mediation may be tried twice; one failed session leaves room
        let end =
            if plan.steps.iter().any(|(_, step)| *step == Step::Session(End::Failed)) { End::PutOff } else { end };
        plan.then(DAY_MS / 4, 5 * DAY_MS, Step::Session(end));
    }
    let last = match fate {
        Fate::Settled => End::Agreed,
        Fate::Failed | Fate::Leaves(_) => End::Failed,
    };
    plan.then(DAY_MS / 4, 6 * DAY_MS, Step::Session(last));
}

fn end(plan: &mut Plan<'_>, fate: &Fate) {
    match fate {
        Fate::Settled => {
            plan.then(HOUR_MS / 6, HOUR_MS, Step::Agree);
            plan.then(HOUR_MS / 12, HOUR_MS, Step::Perform);
            if plan.rng.random_bool(0.12) {
                plan.then(DAY_MS, 10 * DAY_MS, Step::FileForConfirmation);
                plan.then(3 * DAY_MS, 20 * DAY_MS, Step::Confirmed);
            }
            plan.then(HOUR_MS, 16 * DAY_MS, Step::Performed);
            plan.then(10 * DAY_MS, 29 * DAY_MS, Step::Revisit);
            plan.then(HOUR_MS, 4 * DAY_MS, Step::Archive);
        }
        Fate::Failed => {
            plan.then(HOUR_MS / 6, DAY_MS, Step::Fail);
            let away = if plan.rng.random_bool(0.4) { Step::Leave("to_court") } else { Step::FileAway };
            plan.then(DAY_MS, 12 * DAY_MS, away);
        }
        Fate::Leaves(_) => {}
    }
}

/// The same moment, or the next morning.
fn in_office_hours(at_ms: i64) -> i64 {
    let Some(at) = local_time(at_ms) else { return at_ms };
    let day = start_of_day_ms(at.date_naive());
    match at.hour() {
        0..8 => day + 8 * HOUR_MS + at_ms.rem_euclid(HOUR_MS),
        8..20 => at_ms,
        _ => day + DAY_MS + 8 * HOUR_MS + at_ms.rem_euclid(HOUR_MS),
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn steps_never_go_back_in_time_and_are_taken_in_office_hours() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for number in 0..500 {
            let course = course(&mut rng, number * DAY_MS, 500 * DAY_MS);
            let times: Vec<i64> = course.steps.iter().map(|(at, _)| *at).collect();
            assert!(times.is_sorted(), "{course:?}");
            assert!(times.iter().all(|at| (8..20).contains(&local_time(*at).unwrap().hour())), "{course:?}");
        }
    }
}
