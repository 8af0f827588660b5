//! Owns: the clocks that run in a dispute, with article, start, end and state.
//! Must not know: who is reminded.

use super::{Clock, ClockState, DayKind, Duty, LawClock, SetBy, Unit, Verified, due, law_clock};
use crate::calendar::{Calendar, Counted, Coverage};
use crate::codes::{CodeTable, CodeTableName, code_table};
use crate::dispute::MediationKind;
use chrono::NaiveDate;

/// Days after the agreement within which the station revisits; the law names none (data: clock `rm_revisit`).
const REVISIT_DAYS: u32 = 30;

/// The days the clocks of a dispute look at, station-local.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DisputeClockFacts {
    /// Whose mediation it is.
    pub mediation: MediationKind,
    /// The grade, 1 to 5.
    pub grade: Option<i64>,
    /// When it was accepted.
    pub accepted_on: Option<NaiveDate>,
    /// When the injury report or valuation came, if one was needed.
    pub expert_report_on: Option<NaiveDate>,
    /// The first session that was not put off.
    pub first_session_on: Option<NaiveDate>,
    /// When a session ended in an agreement, the first one included.
    pub agreed_on: Option<NaiveDate>,
    /// The second session that was not put off.
    pub second_session_on: Option<NaiveDate>,
    /// When mediation was concluded, agreed or failed.
    pub concluded_on: Option<NaiveDate>,
    /// When the agreement took effect.
    pub agreement_on: Option<NaiveDate>,
    /// When the parties asked the court to confirm.
    pub confirmation_filed_on: Option<NaiveDate>,
    /// When the revisit was made.
    pub revisited_on: Option<NaiveDate>,
    /// When it was handed up.
    pub escalated_on: Option<NaiveDate>,
    /// When it left by an exit other than handing up.
    pub left_on: Option<NaiveDate>,
}

/// A term before its state is known.
struct Term {
    id: &'static str,
    set_by: SetBy,
    duty: Duty,
    article: String,
    verified: Option<Verified>,
    length: u32,
    unit: Unit,
    day_kind: DayKind,
    starts_on: Option<NaiveDate>,
    met_on: Option<NaiveDate>,
    /// A last day that is a day off moves to the next working day.
    postponed: Postponed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Postponed {
    No,
    OverDaysOff,
}

/// The clocks of a dispute, the earliest end first, those not started last.
#[must_use]
pub fn dispute_clocks(facts: &DisputeClockFacts, calendar: &Calendar, today: NaiveDate) -> Vec<Clock> {
    let mut terms = Vec::new();
    match facts.mediation {
        MediationKind::Police => police_terms(facts, &mut terms),
        MediationKind::People => people_terms(facts, &mut terms),
    }
    station_terms(facts, code_table(CodeTableName::DisputeGrade), &mut terms);
    let mut clocks: Vec<Clock> = terms.into_iter().map(|term| start(term, facts.left_on, calendar, today)).collect();
    clocks.sort_by_key(|clock| (clock.due_on.is_none(), clock.due_on, clock.id));
    clocks
}

fn police_terms(facts: &DisputeClockFacts, terms: &mut Vec<Term>) {
    let (id, starts_on) = match facts.expert_report_on {
        Some(report) => ("pm_first_expert", Some(report)),
        None => ("pm_first", facts.accepted_on),
    };
    terms.extend(law_term(id, Duty::Must, starts_on, facts.first_session_on));
    // The second is only due when the first did not settle it.
    let settled_at_once = facts.agreed_on.is_some() && facts.agreed_on == facts.first_session_on;
    if facts.first_session_on.is_some() && !settled_at_once {
        let met = facts.second_session_on.or(facts.agreed_on);
        terms.extend(law_term("pm_second", Duty::Must, facts.first_session_on, met));
    }
}

fn people_terms(facts: &DisputeClockFacts, terms: &mut Vec<Term>) {
    let concluded = facts.concluded_on;
    terms.extend(law_term("rm_settle", Duty::Must, facts.accepted_on, concluded));
    let filed = facts.confirmation_filed_on;
    terms.extend(
        law_term("jc_apply", Duty::May, facts.agreement_on, filed)
            .map(|term| Term { postponed: Postponed::OverDaysOff, ..term }),
    );
}

fn law_term(id: &'static str, duty: Duty, starts_on: Option<NaiveDate>, met_on: Option<NaiveDate>) -> Option<Term> {
    let law: &LawClock = law_clock(id)?;
    Some(Term {
        id,
        set_by: SetBy::Law,
        duty,
        article: law.source.clone(),
        verified: Some(law.verified),
        length: law.length?,
        unit: law.unit,
        day_kind: law.day_kind,
        starts_on,
        met_on,
        postponed: Postponed::No,
    })
}

fn station_terms(facts: &DisputeClockFacts, grades: &CodeTable, terms: &mut Vec<Term>) {
    let grade = facts.grade.and_then(|grade| grades.row(&grade.to_string()));
    let days = |column: &str| -> Option<u32> { grade?.extra.get(column)?.parse().ok() };
    let settle = days("settle_days");
    if let Some(length) = settle {
        let met = earliest(facts.concluded_on, facts.escalated_on);
        terms.push(station_term("grade_settle", length, facts.accepted_on, met));
    }
    // Shown apart only where handing up comes before the settling term ends.
    if let Some(length) = days("escalate_after_days").filter(|days| Some(*days) < settle) {
        let met = earliest(facts.escalated_on, facts.concluded_on);
        terms.push(station_term("grade_escalate", length, facts.accepted_on, met));
    }
    if facts.agreement_on.is_some() {
        let (from, met) = (facts.agreement_on, facts.revisited_on);
        terms.push(station_term("rm_revisit", REVISIT_DAYS, from, met));
    }
}

fn station_term(id: &'static str, length: u32, starts_on: Option<NaiveDate>, met_on: Option<NaiveDate>) -> Term {
    Term {
        id,
        set_by: SetBy::Station,
        duty: Duty::Must,
        article: String::new(),
        verified: None,
        length,
        unit: Unit::Day,
        day_kind: DayKind::Calendar,
        starts_on,
        met_on,
        postponed: Postponed::No,
    }
}

fn earliest(a: Option<NaiveDate>, b: Option<NaiveDate>) -> Option<NaiveDate> {
    a.into_iter().chain(b).min()
}

fn start(term: Term, left_on: Option<NaiveDate>, calendar: &Calendar, today: NaiveDate) -> Clock {
    let counted: Option<Counted> = term.starts_on.map(|from| {
        let end = due(calendar, from, term.length, term.unit, term.day_kind);
        match term.postponed {
            Postponed::No => end,
            Postponed::OverDaysOff => calendar.working_day_from(end.on),
        }
    });
    let due_on = counted.map(|counted| counted.on);
    Clock {
        state: state(due_on, term.met_on, term.duty, left_on, today),
        id: term.id,
        set_by: term.set_by,
        duty: term.duty,
        article: term.article,
        verified: term.verified,
        length: term.length,
        unit: term.unit,
        day_kind: term.day_kind,
        starts_on: term.starts_on,
        due_on,
        coverage: counted.map_or(Coverage::Official, |counted| counted.coverage),
        met_on: term.met_on,
    }
}

fn state(
    due_on: Option<NaiveDate>,
    met_on: Option<NaiveDate>,
    duty: Duty,
    left_on: Option<NaiveDate>,
    today: NaiveDate,
) -> ClockState {
    let Some(due_on) = due_on else {
        return match left_on {
            Some(_) => ClockState::Stopped,
            None => ClockState::NotStarted,
        };
    };
    match (met_on, left_on) {
        (Some(met), _) if met <= due_on => ClockState::Met,
        (Some(_), _) => ClockState::MetLate,
        (None, Some(left)) if left <= due_on => ClockState::Stopped,
        (None, _) if today <= due_on => ClockState::Running,
        (None, _) => match duty {
            Duty::Must => ClockState::Overdue,
            Duty::May => ClockState::Lapsed,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn find<'a>(clocks: &'a [Clock], id: &str) -> &'a Clock {
        clocks.iter().find(|clock| clock.id == id).unwrap()
    }

    fn run(facts: &DisputeClockFacts, today: &str) -> Vec<Clock> {
        dispute_clocks(facts, Calendar::built_in(), day(today))
    }

    #[test]
    fn a_village_dispute_of_grade_three_has_the_clocks_of_its_page() {
        let facts =
            DisputeClockFacts { grade: Some(3), accepted_on: Some(day("2026-11-06")), ..DisputeClockFacts::default() };
        let clocks = run(&facts, "2026-11-19");
        let ids: Vec<_> = clocks.iter().map(|clock| clock.id).collect();
        assert_eq!(ids, ["grade_settle", "rm_settle", "jc_apply"]);
        let settle = find(&clocks, "grade_settle");
        assert_eq!((settle.due_on, settle.days_left(day("2026-11-19"))), (Some(day("2026-11-21")), Some(2)));
        assert_eq!(settle.set_by, SetBy::Station);
        let month = find(&clocks, "rm_settle");
        assert_eq!((month.due_on, month.days_left(day("2026-11-19"))), (Some(day("2026-12-06")), Some(17)));
        assert!(month.article.contains("第三十三条"));
        assert_eq!(find(&clocks, "jc_apply").state, ClockState::NotStarted);
    }

    #[test]
    fn police_mediation_has_three_and_then_seven_working_days() {
        let mut facts = DisputeClockFacts {
            mediation: MediationKind::Police,
            accepted_on: Some(day("2026-11-06")),
            ..DisputeClockFacts::default()
        };
        let first = |facts: &DisputeClockFacts, today| find(&run(facts, today), "pm_first").clone();
        assert_eq!(first(&facts, "2026-11-11").due_on, Some(day("2026-11-11")));
        assert_eq!(first(&facts, "2026-11-11").state, ClockState::Running);
        assert_eq!(first(&facts, "2026-11-12").state, ClockState::Overdue);
        facts.first_session_on = Some(day("2026-11-11"));
        assert_eq!(first(&facts, "2026-11-12").state, ClockState::Met);
        assert_eq!(find(&run(&facts, "2026-11-12"), "pm_second").due_on, Some(day("2026-11-20")));
        facts.agreed_on = facts.first_session_on;
        assert!(run(&facts, "2026-11-12").iter().all(|clock| clock.id != "pm_second"));
        facts.expert_report_on = Some(day("2026-11-09"));
        assert_eq!(find(&run(&facts, "2026-11-12"), "pm_first_expert").due_on, Some(day("2026-11-12")));
    }

    #[test]
    fn confirmation_may_be_asked_for_until_the_next_working_day_after_thirty_days() {
        let mut facts = DisputeClockFacts {
            accepted_on: Some(day("2026-10-20")),
            agreement_on: Some(day("2026-10-23")),
            concluded_on: Some(day("2026-10-23")),
            ..DisputeClockFacts::default()
        };
        let state = |facts: &DisputeClockFacts, today| find(&run(facts, today), "jc_apply").state;
        assert_eq!(find(&run(&facts, "2026-11-19"), "jc_apply").due_on, Some(day("2026-11-23")));
        assert_eq!(state(&facts, "2026-11-23"), ClockState::Running);
        assert_eq!(state(&facts, "2026-11-24"), ClockState::Lapsed);
        assert_eq!(find(&run(&facts, "2026-11-24"), "rm_settle").state, ClockState::Met);
        facts.confirmation_filed_on = Some(day("2026-11-25"));
        assert_eq!(state(&facts, "2026-11-26"), ClockState::MetLate);
    }

    #[test]
    fn grade_five_is_handed_up_within_a_day() {
        let facts =
            DisputeClockFacts { grade: Some(5), accepted_on: Some(day("2026-11-06")), ..DisputeClockFacts::default() };
        assert_eq!(find(&run(&facts, "2026-11-06"), "grade_escalate").due_on, Some(day("2026-11-07")));
    }

    #[test]
    fn a_dispute_that_left_runs_no_clock() {
        let facts = DisputeClockFacts {
            grade: Some(2),
            accepted_on: Some(day("2026-11-06")),
            left_on: Some(day("2026-11-08")),
            ..DisputeClockFacts::default()
        };
        assert!(run(&facts, "2027-01-01").iter().all(|clock| clock.state == ClockState::Stopped));
        // On the last day is in time, after it is not.
        let settle = |left| {
            let facts = DisputeClockFacts { left_on: Some(day(left)), ..facts.clone() };
            find(&run(&facts, "2027-01-01"), "grade_settle").state
        };
        assert_eq!(settle("2026-11-13"), ClockState::Stopped);
        assert_eq!(settle("2026-11-14"), ClockState::Overdue);
    }

    fn some_day() -> impl Strategy<Value = Option<NaiveDate>> {
        proptest::option::of((0_i64..400).prop_map(|n| day("2026-01-01") + chrono::Duration::days(n)))
    }

    proptest! {
        #[test]
        fn clocks_never_end_before_they_start_and_time_alone_never_meets_one(
            police: bool, grade in proptest::option::of(0_i64..8), accepted in some_day(), first in some_day(),
            concluded in some_day(), agreement in some_day(), today in 0_i64..500,
        ) {
            let facts = DisputeClockFacts {
                mediation: if police { MediationKind::Police } else { MediationKind::People },
                grade, accepted_on: accepted, first_session_on: first, concluded_on: concluded,
                agreement_on: agreement, ..DisputeClockFacts::default()
            };
            let today = day("2026-01-01") + chrono::Duration::days(today);
            for clock in dispute_clocks(&facts, Calendar::built_in(), today) {
                prop_assert!(clock.due_on >= clock.starts_on);
                prop_assert_eq!(clock.state == ClockState::NotStarted, clock.starts_on.is_none());
                let met = matches!(clock.state, ClockState::Met | ClockState::MetLate);
                prop_assert_eq!(met, clock.met_on.is_some() && clock.starts_on.is_some());
                if clock.state == ClockState::Running {
                    prop_assert!(clock.days_left(today).unwrap() >= 0);
                }
                if clock.state == ClockState::Overdue {
                    prop_assert!(clock.days_left(today).unwrap() < 0);
                }
            }
        }
    }
}
