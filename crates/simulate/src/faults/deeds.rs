//! What officers of a faulty world do: they found households, correct a note, leave a form open while something arrives, and
//! settle what two of them wrote.

use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use serde_json::{Value, json};

use super::machine::Form;
use super::{Bug, Event, World};
use crate::SimulateError;
use crate::laptop::{list, text, value_at};

/// Randomness asked for in one write at most.
const FUSE_MOST: u16 = 24;
/// A form stays open so long at most, milliseconds.
const FORM_OPEN_MOST_MS: i64 = 40 * 60_000;

/// What a write may be told when something arrived since its form was opened.
const OVERTAKEN: [&str; 4] = ["field_in_conflict", "decision_stale", "denied_not_held", "record_erased"];

/// What is said as long as a first sync has older work to bring: nothing is moved or erased then.
const ARRIVING: &str = "older_work_to_come";

/// A record as a form shows it.
struct Shown {
    heads: Value,
    note: Vec<String>,
    conflict: bool,
}

impl World {
    /// One deed of an officer.
    pub(super) fn deed(&mut self, laptop: usize) -> Result<(), SimulateError> {
        let chance = self.rng.random_range(0..100_u32);
        if chance < 12 {
            return self.found_household(laptop);
        }
        let Some(document) = self.some_household(laptop)? else { return self.found_household(laptop) };
        if laptop + 1 == self.machines.len() && chance < 22 {
            return self.move_away(laptop, &document);
        }
        if laptop + 1 == self.machines.len() && chance < 27 {
            return self.erase(laptop, &document);
        }
        let shown = self.open_form(laptop, &document)?;
        if shown.conflict {
            return self.decide(laptop, &document);
        }
        if chance < 40 {
            let wait = self.rng.random_range(0..FORM_OPEN_MOST_MS);
            self.at(wait, Event::SaveForm(laptop));
            self.machine(laptop)?.form = Some(Form { document, heads: shown.heads, seen: shown.note });
            return Ok(());
        }
        self.save(laptop, &document, &shown.heads, shown.note).map(|_| ())
    }

    /// The chief moves a household to any cell. Others may be writing in it, and their work follows.
    fn move_away(&mut self, laptop: usize, document: &str) -> Result<(), SimulateError> {
        let cells = self.machine(laptop)?.cells.clone();
        let Some(cell) = cells.choose(&mut self.rng) else { return Ok(()) };
        let ask = json!({ "household": document, "to_cell": cell.code });
        let preview = match self.machine(laptop)?.laptop()?.call("household_move_preview", ask) {
            Ok(preview) => preview,
            Err(SimulateError::Command { code, .. }) if code == "move_same_cell" || code == ARRIVING => return Ok(()),
            Err(other) => return Err(other),
        };
        let fuse = self.fuse();
        let request = json!({
            "household": document, "to_cell": cell.code, "heads": value_at(&preview, "heads"), "reason": "网格调整",
        });
        if self.call(laptop, fuse, "household_move", request)?.is_some() {
            self.story.moves += 1;
        }
        Ok(())
    }

    /// The chief erases a household. What others write to it from now on, not knowing, is set aside.
    fn erase(&mut self, laptop: usize, document: &str) -> Result<(), SimulateError> {
        let ask = json!({ "document": document });
        let preview = match self.machine(laptop)?.laptop()?.call("record_erase_preview", ask) {
            Err(SimulateError::Command { code, .. }) if code == ARRIVING => return Ok(()),
            asked => asked?,
        };
        let fuse = self.fuse();
        let request = json!({ "document": document, "heads": value_at(&preview, "heads"), "reason": "mistaken" });
        if self.call(laptop, fuse, "record_erase", request)?.is_some() {
            self.ledger.erased(document);
            self.story.erasures += 1;
        }
        Ok(())
    }

    /// Saves the form that was left open, at the state it was opened on.
    pub(super) fn save_form(&mut self, laptop: usize) -> Result<(), SimulateError> {
        let Some(form) = self.machine(laptop)?.form.take() else { return Ok(()) };
        let saved = self.save(laptop, &form.document, &form.heads, form.seen)?;
        self.story.late_forms += u64::from(saved);
        Ok(())
    }

    /// A household with a note, in a cell of the officer.
    pub(super) fn found_household(&mut self, laptop: usize) -> Result<(), SimulateError> {
        let note = self.ledger.fresh();
        let fuse = self.fuse();
        let place = self.rng.random_range(1..10_000_u32);
        let cells = self.machine(laptop)?.cells.clone();
        let Some(cell) = cells.choose(&mut self.rng) else { return Ok(()) };
        let village = cell.villages.choose(&mut self.rng).map(|one| one.code.clone()).unwrap_or_default();
        let request = json!({
            "cell": cell.code, "village": village, "address": format!("1组{place}号"),
            "fields": { "kind": "family", "notes": note }, "head": { "name": format!("甲{place}") },
        });
        let Some(written) = self.call(laptop, fuse, "household_create", request)? else { return Ok(()) };
        let document = text(&written, "/document", "household_create")?.to_owned();
        self.wrote(&document, note, Vec::new());
        Ok(())
    }

    /// Settles the note of a household with words of his own; everything he saw is replaced.
    fn decide(&mut self, laptop: usize, document: &str) -> Result<(), SimulateError> {
        let now_ms = self.now_ms;
        self.machine(laptop)?.clock(now_ms);
        let card = self.machine(laptop)?.laptop()?.call("conflict_open", json!({ "document": document }))?;
        let field = list(&card, "/fields", "conflict_open")?.iter().find(|field| value_at(field, "key") == "notes");
        let Some(field) = field else { return Ok(()) };
        let sides = list(field, "/sides", "conflict_open")?;
        let named: Vec<&Value> = sides.iter().map(|side| value_at(side, "change")).collect();
        let seen: Vec<String> =
            sides.iter().filter_map(|side| value_at(side, "value").as_str()).map(str::to_owned).collect();
        let note = self.ledger.fresh();
        let request = json!({
            "document": document, "heads": value_at(&card, "heads"),
            "decisions": [{ "key": "notes", "named": named, "take": null, "own": note }],
        });
        let fuse = self.fuse();
        if self.call(laptop, fuse, "conflict_decide", request)?.is_some() {
            self.wrote(document, note, seen);
            self.story.decisions += 1;
        }
        Ok(())
    }

    /// Saves a note; whether it was saved.
    fn save(&mut self, laptop: usize, document: &str, heads: &Value, seen: Vec<String>) -> Result<bool, SimulateError> {
        let note = self.ledger.fresh();
        let fuse = self.fuse();
        let request = json!({ "document": document, "heads": heads, "fields": { "notes": note } });
        let forgets = self.bug == Bug::ForgetsOnCrash && self.percent(30);
        let before = if forgets { Some(self.machine(laptop)?.copy()?) } else { None };
        let saved = self.call(laptop, fuse, "household_save", request)?.is_some();
        if saved {
            self.wrote(document, note, seen);
        }
        if let Some(before) = before {
            let now_ms = self.now_ms;
            self.machine(laptop)?.go_back(&before, now_ms)?;
        }
        Ok(saved)
    }

    fn wrote(&mut self, document: &str, note: String, seen: Vec<String>) {
        self.ledger.wrote(document, note, seen);
        self.story.writes += 1;
    }

    /// A write. Nothing when the power failed in it, or when what arrived meanwhile has to be decided first.
    fn call(
        &mut self,
        laptop: usize,
        fuse: Option<u16>,
        command: &str,
        request: Value,
    ) -> Result<Option<Value>, SimulateError> {
        let now_ms = self.now_ms;
        let machine = self.machine(laptop)?;
        machine.clock(now_ms);
        match machine.call_with_fuse(fuse, command, request) {
            Ok(Ok(written)) => Ok(Some(written)),
            Ok(Err(SimulateError::Command { code, .. })) if OVERTAKEN.contains(&code.as_str()) => Ok(None),
            Ok(Err(other)) => Err(other),
            Err(_) => {
                self.story.power_cuts += 1;
                self.machine(laptop)?.restart(now_ms)?;
                Ok(None)
            }
        }
    }

    fn fuse(&mut self) -> Option<u16> {
        self.percent(self.chances.power).then(|| self.rng.random_range(1..FUSE_MOST))
    }

    fn some_household(&mut self, laptop: usize) -> Result<Option<String>, SimulateError> {
        let page = self.machine(laptop)?.laptop()?.call("household_list", json!({ "order": "head", "limit": 50 }))?;
        let rows = list(&page, "/rows", "household_list")?;
        Ok(rows.choose(&mut self.rng).and_then(|row| value_at(row, "document").as_str()).map(str::to_owned))
    }

    fn open_form(&mut self, laptop: usize, document: &str) -> Result<Shown, SimulateError> {
        let page = self.machine(laptop)?.laptop()?.call("household_open", json!({ "document": document }))?;
        let conflict = list(&page, "/conflicts", "household_open")?.iter().any(|key| key == "notes");
        let note = value_at(&page, "notes").as_str().map(str::to_owned).into_iter().collect();
        Ok(Shown { heads: value_at(&page, "heads").clone(), note, conflict })
    }
}
