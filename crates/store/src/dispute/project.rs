//! The rows of a dispute, its parties and mediators. Must not read other rows; the village is filled in `project/derive.rs`.

use domain::calendar::Calendar;
use domain::clocks::{Clock, Duty, dispute_clocks};
use domain::dispute::{DisputeState, Phase, SessionOutcome};
use domain::success::{self, Outcome};
use rusqlite::{Connection, params};

use super::days::{clock_facts, held_sessions, steps};
use super::line::ClockLine;
use crate::error::Result;
use crate::project::{Before, Facts};

/// Stands where no clock runs.
const NO_CLOCK: &str = "9999-12-31";

/// Base columns, parties and mediators included. The derived ones stay as they are.
pub(crate) fn put(conn: &Connection, facts: &Facts<'_>, before: Before) -> Result<()> {
    put_row(conn, facts)?;
    if before == Before::Something {
        conn.prepare_cached("DELETE FROM dispute_party WHERE dispute = ?1")?.execute([facts.id])?;
        conn.prepare_cached("DELETE FROM dispute_mediator WHERE dispute = ?1")?.execute([facts.id])?;
    }
    put_people(conn, facts)
}

fn put_row(conn: &Connection, facts: &Facts<'_>) -> Result<()> {
    let life = Life::of(facts);
    conn.prepare_cached(
        "INSERT INTO dispute (id, cell, number, title, category, source, scale, grade, grade_reason, tier, state, closed, place,
            address, people_count, police_mediation, money_at_stake_fen, money_settled_fen, found_at, accepted_at, concluded_at,
            agreed, agreement_on, perform_by_on, performed_on, revisit_on, first_session_at, last_session_at, sessions, due_on,
            opened_at, clock)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
            ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)
         ON CONFLICT (id) DO UPDATE SET cell = excluded.cell, number = excluded.number, title = excluded.title,
            category = excluded.category, source = excluded.source, scale = excluded.scale, grade = excluded.grade,
            grade_reason = excluded.grade_reason, tier = excluded.tier, state = excluded.state, closed = excluded.closed,
            place = excluded.place, address = excluded.address, people_count = excluded.people_count,
            police_mediation = excluded.police_mediation, money_at_stake_fen = excluded.money_at_stake_fen,
            money_settled_fen = excluded.money_settled_fen, found_at = excluded.found_at, accepted_at = excluded.accepted_at,
            concluded_at = excluded.concluded_at, agreed = excluded.agreed, agreement_on = excluded.agreement_on,
            perform_by_on = excluded.perform_by_on, performed_on = excluded.performed_on, revisit_on = excluded.revisit_on,
            first_session_at = excluded.first_session_at, last_session_at = excluded.last_session_at,
            sessions = excluded.sessions, due_on = excluded.due_on, opened_at = excluded.opened_at,
            clock = excluded.clock",
    )?
    .execute(params![
        facts.id,
        facts.cell(),
        facts.text("number"),
        facts.text("title"),
        facts.text("category"),
        facts.text("source"),
        facts.text("scale"),
        facts.text("grade"),
        facts.text("grade_reason"),
        facts.text("tier"),
        facts.text("state").unwrap_or(DisputeState::Found.code()),
        life.closed,
        facts.text("place"),
        facts.reference("address"),
        facts.int("people_count"),
        facts.bool("police_mediation"),
        facts.int("money_at_stake_fen"),
        facts.int("money_settled_fen"),
        facts.int("found_at"),
        facts.int("accepted_at"),
        facts.int("concluded_at"),
        life.agreed,
        facts.text("agreement_on"),
        facts.text("perform_by_on"),
        facts.text("performed_on"),
        facts.text("revisit_on"),
        life.first_session_at,
        life.last_session_at,
        life.sessions,
        life.due_on,
        facts.int("accepted_at").or_else(|| facts.int("found_at")).unwrap_or(facts.first_at),
        life.clock,
    ])?;
    Ok(())
}

/// What the row says of the case's life.
struct Life {
    closed: bool,
    agreed: bool,
    first_session_at: Option<i64>,
    last_session_at: Option<i64>,
    sessions: i64,
    due_on: String,
    clock: Option<String>,
}

impl Life {
    fn of(facts: &Facts<'_>) -> Self {
        let reading = facts.reading;
        let state: DisputeState =
            facts.text("state").and_then(|state| state.parse().ok()).unwrap_or(DisputeState::Found);
        let mut times: Vec<i64> = reading
            .items("sessions")
            .values()
            .filter_map(|fields| fields.get("at").and_then(|at| at.as_int()))
            .collect();
        times.sort_unstable();
        let closed = state.phase() == Phase::Closed;
        let clock = if closed { None } else { first_clock(facts) };
        let due_on = clock.as_ref().and_then(|clock| clock.due_on);
        Self {
            closed,
            agreed: facts.int("concluded_at").is_some() && agreed(facts, state),
            first_session_at: times.first().copied(),
            last_session_at: times.last().copied(),
            sessions: i64::try_from(reading.items("sessions").len()).unwrap_or(i64::MAX),
            due_on: due_on.map_or_else(|| NO_CLOCK.to_owned(), |on| on.to_string()),
            clock: clock.and_then(|clock| serde_json::to_string(&ClockLine::of(&clock)).ok()),
        }
    }
}

/// Whether mediation ended in an agreement, by the steps taken; by the last session where no step says.
fn agreed(facts: &Facts<'_>, state: DisputeState) -> bool {
    let mut passed: Vec<DisputeState> = steps(facts.reading).into_iter().map(|(_, state)| state).collect();
    passed.push(state);
    match success::outcome(&passed) {
        Outcome::Agreed => true,
        Outcome::Failed | Outcome::Elsewhere => false,
        Outcome::Open => held_sessions(facts.reading).last().is_some_and(|(_, last)| *last == SessionOutcome::Agreed),
    }
}

/// The clock that ends first, of those that must be kept; of the others where none must. Whether it is over depends on
/// the day and is for the screen to say.
fn first_clock(facts: &Facts<'_>) -> Option<Clock> {
    let days = clock_facts(facts.reading);
    if days.left_on.is_some() {
        return None;
    }
    // the day only colours the clocks' states, which are not looked at here
    let clocks = dispute_clocks(&days, Calendar::built_in(), domain::week::on_date(facts.first_at));
    let first = |duty: Duty| {
        let running = |clock: &&Clock| clock.duty == duty && clock.met_on.is_none() && clock.due_on.is_some();
        clocks.iter().filter(running).min_by_key(|clock| clock.due_on).cloned()
    };
    first(Duty::Must).or_else(|| first(Duty::May))
}

fn put_people(conn: &Connection, facts: &Facts<'_>) -> Result<()> {
    for (item, fields) in facts.reading.items("parties") {
        let text = |key: &str| fields.get(key).and_then(|value| value.as_text()).filter(|text| !text.is_empty());
        conn.prepare_cached(
            "INSERT INTO dispute_party (dispute, item, role, name, resident) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            facts.id,
            item,
            text("role"),
            text("name"),
            text("resident").map(crate::row::reference)
        ])?;
    }
    for (item, fields) in facts.reading.items("mediators") {
        let text = |key: &str| fields.get(key).and_then(|value| value.as_text()).filter(|text| !text.is_empty());
        let host = fields.get("host").and_then(|value| value.as_bool());
        conn.prepare_cached(
            "INSERT INTO dispute_mediator (dispute, item, mediator, name, host) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![facts.id, item, text("mediator").map(crate::row::reference), text("name"), host])?;
    }
    Ok(())
}
