//! What must hold when everything has healed: queues are empty, laptops of one beat hold the same, views are what the log
//! says, and every value that nobody replaced knowingly is there to be seen.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use store::{Store, check};

use super::World;
use super::machine::PASSPHRASE;
use crate::SimulateError;
use crate::laptop::{list, value_at};

/// The laptop that sees every cell: the last one.
const fn chief(laptops: usize) -> usize {
    laptops.saturating_sub(1)
}

fn broken(what: impl Into<String>) -> SimulateError {
    SimulateError::Broken { what: what.into() }
}

impl World {
    /// Asks for the promises.
    pub(super) fn check(&mut self) -> Result<(), SimulateError> {
        for (laptop, machine) in self.machines.iter().enumerate() {
            let bar = machine.laptop()?.call("status_bar", json!({}))?;
            if value_at(&bar, "unsent") != 0 {
                return Err(broken(format!("laptop {laptop} has not sent everything: {bar}")));
            }
            let aside = machine.laptop()?.call("set_aside_list", json!({}))?;
            let only_erased = |row: &Value| value_at(row, "reason") == "document_erased";
            if !list(&aside, "/rows", "set_aside_list")?.iter().all(only_erased) {
                return Err(broken(format!("laptop {laptop} has work set aside: {aside}")));
            }
            for document in self.ledger.gone() {
                if machine.laptop()?.call("household_open", json!({ "document": document })).is_ok() {
                    return Err(broken(format!("laptop {laptop} still shows {document}, which was erased")));
                }
            }
        }
        for laptop in [0, 1, 2, chief(self.machines.len())] {
            self.everything_stands(laptop)?;
        }
        self.laptops_agree()
    }

    /// Each value that was not replaced by somebody who saw it is the record's value or a side of its conflict.
    fn everything_stands(&mut self, laptop: usize) -> Result<(), SimulateError> {
        let all = laptop == chief(self.machines.len());
        let standing: Vec<(String, BTreeSet<String>)> = self
            .ledger
            .standing()
            .map(|(document, values)| (document.to_owned(), values.into_iter().map(str::to_owned).collect()))
            .collect();
        let machine = self.machines.get(laptop).ok_or_else(|| broken("no such laptop"))?;
        let mut conflicts = 0;
        for (document, expected) in standing {
            let page = match machine.laptop()?.call("household_open", json!({ "document": document })) {
                Ok(page) => page,
                // another beat's household
                Err(SimulateError::Command { code, .. }) if !all && code != "defect" => continue,
                Err(other) => return Err(other),
            };
            let in_conflict = list(&page, "/conflicts", "household_open")?.iter().any(|key| key == "notes");
            let shown: BTreeSet<String> = if in_conflict {
                conflicts += 1;
                let card = machine.laptop()?.call("conflict_open", json!({ "document": document }))?;
                let fields = list(&card, "/fields", "conflict_open")?;
                let sides = fields.iter().filter(|field| value_at(field, "key") == "notes").flat_map(|field| {
                    value_at(field, "sides")
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(|side| value_at(side, "value").as_str())
                });
                sides.map(str::to_owned).collect()
            } else {
                value_at(&page, "notes").as_str().map(str::to_owned).into_iter().collect()
            };
            if shown != expected {
                let what = format!("laptop {laptop}, {document}: {shown:?} is shown, {expected:?} was never replaced");
                return Err(broken(what));
            }
        }
        if all {
            self.story.conflicts += conflicts;
        }
        Ok(())
    }

    /// Views equal those made anew; the two laptops of the first beat hold the same rows.
    fn laptops_agree(&mut self) -> Result<(), SimulateError> {
        let mut dumps = Vec::new();
        for (laptop, machine) in self.machines.iter_mut().enumerate() {
            let folder = machine.turn_off()?;
            let store = Store::open(&folder, &store::keys::unlock(&folder, PASSPHRASE)?)?;
            let differences = check::differences(&store)?;
            if let Some(first) = differences.first() {
                return Err(broken(format!(
                    "laptop {laptop}: {} rows differ when rebuilt: {first}",
                    differences.len()
                )));
            }
            dumps.push(check::dump(&store)?);
        }
        let [first, second, ..] = dumps.as_slice() else { return Err(broken("too few laptops")) };
        let other = first.iter().zip(second).find(|(one, two)| one != two);
        match other {
            None if first.len() == second.len() => Ok(()),
            None => Err(broken(format!("{} rows and {} rows", first.len(), second.len()))),
            Some((one, two)) => Err(broken(format!("two laptops of one beat differ: {one} / {two}"))),
        }
    }
}
