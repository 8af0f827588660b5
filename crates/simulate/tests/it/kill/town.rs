//! A station with two officers of one cell and a chief, their laptops, and a ledger of what was acknowledged. Owns the checks
//! after a kill. Must not know where programs are killed.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cuts::notes;
use crate::programs::{Enrolment, Fault, Keeper, Laptop};

/// A moment every visit is made at; nothing depends on it.
const VISITED_AT: i64 = 1_767_225_600_000;

/// Visits by their notes.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Asked for: may be there.
    asked: BTreeSet<String>,
    /// Called saved: must be there.
    saved: BTreeSet<String>,
}

/// The town.
pub(super) struct Town {
    folder: TempDir,
    pub(super) keeper: Keeper,
    /// The officer's laptop.
    pub(super) one: Laptop,
    /// Another officer's laptop; it came after the first backup.
    pub(super) two: Laptop,
    pub(super) chief: Laptop,
    /// A backup of the station from before the second laptop was enrolled.
    pub(super) first_backup: PathBuf,
    ledger: Ledger,
    household: Value,
    numbers: u64,
}

impl Town {
    /// Founds a town; everything is at the station.
    pub(super) fn found() -> Self {
        let folder = TempDir::new().unwrap();
        let mut keeper = Keeper::over(&folder.path().join("station"));
        let founded = keeper.must(&["init", "--name", "青枫派出所", "--division", "330681100000", "--made-up"]);
        keeper.code = founded["recovery_code"].as_str().unwrap().to_owned();
        keeper.must(&["cell", "add", "--code", "QF-01", "--name", "青枫一格", "--village", "330681100201:枫源村"]);
        for (name, number, role, scope) in [
            ("郑和平", "010001", "officer", "cell:QF-01"),
            ("沈雨晴", "010002", "officer", "cell:QF-01"),
            ("方守正", "010000", "chief", "all"),
        ] {
            keeper.must(&["officer", "add", "--name", name, "--number", number, "--role", role]);
            keeper.must(&["assign", "--officer", number, "--scope", scope, "--from", "2026-01-01"]);
        }
        keeper.serve(None);
        let path = |name: &str| folder.path().join(name);
        let enrolled = |number: &str| {
            let mut laptop = Laptop::over(&path(number));
            laptop.start(None).unwrap();
            laptop.enrol(&keeper.enrol(number, number, &keeper.url(), &path(&format!("{number}.fqenrol")))).unwrap();
            laptop.open_quickly();
            laptop.home();
            laptop
        };
        let one = enrolled("010001");
        let household = one.must("household_create", &household("QF-01", "330681100201", "1 组 1 号", "赵荣江"));
        one.home();
        let first_backup = path("first.fqbackup");
        keeper.must(&["backup", "--out", first_backup.to_str().unwrap()]);
        let (two, chief) = (enrolled("010002"), enrolled("010000"));
        let household = household["document"].clone();
        Self { folder, keeper, one, two, chief, first_backup, ledger: Ledger::default(), household, numbers: 0 }
    }

    /// A number that was not given before.
    pub(super) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// A path in the town's folder that was not given before.
    pub(super) fn path(&mut self, name: &str) -> PathBuf {
        let number = self.number();
        self.folder.path().join(format!("{name}-{number}"))
    }

    /// An enrolment file for another laptop of an officer.
    pub(super) fn enrolment(&mut self, officer: &str) -> Enrolment {
        let file = self.path("enrolment");
        let label = format!("L-{}", self.number());
        self.keeper.enrol(officer, &label, &self.keeper.url(), &file)
    }

    /// Records a visit on a laptop and notes whether it was called saved.
    pub(super) fn visit(&mut self, laptop: impl Fn(&Self) -> &Laptop) -> Result<(), Fault> {
        let text = format!("走访 {}", self.number());
        let fields = json!({ "household": self.household, "kind": "11", "at": VISITED_AT, "notes": text });
        self.ledger.asked.insert(text.clone());
        laptop(self).call("visit_save", &json!({ "document": null, "heads": [], "fields": fields }))?;
        self.ledger.saved.insert(text);
        Ok(())
    }

    /// Notes that visits were asked for and saved on a laptop that is not the town's.
    pub(super) fn visit_on(&mut self, laptop: &Laptop) -> Result<(), Fault> {
        let text = format!("走访 {}", self.number());
        let fields = json!({ "household": self.household, "kind": "11", "at": VISITED_AT, "notes": text });
        self.ledger.asked.insert(text.clone());
        laptop.call("visit_save", &json!({ "document": null, "heads": [], "fields": fields }))?;
        self.ledger.saved.insert(text);
        Ok(())
    }

    /// What a laptop holds is what was called saved, each once, and nothing that nobody asked for.
    pub(super) fn check(&self, laptop: &Laptop) {
        let held = notes(laptop);
        let once: BTreeSet<&String> = held.iter().collect();
        assert_eq!(once.len(), held.len(), "something is there twice");
        let lost: Vec<&String> = self.ledger.saved.iter().filter(|text| !once.contains(text)).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        let strange: Vec<&&String> = once.iter().filter(|text| !self.ledger.asked.contains(**text)).collect();
        assert!(strange.is_empty(), "nobody asked for {strange:?}");
    }

    /// What one laptop holds must be there, whatever else may be on its way from others.
    pub(super) fn home(&self) {
        for laptop in [&self.one, &self.two, &self.chief, &self.one, &self.two] {
            laptop.home();
        }
        for laptop in [&self.one, &self.two] {
            self.check(laptop);
        }
    }

    /// Everything: queues empty, laptops alike, the views of each what its log says, the station's count theirs.
    pub(super) fn check_all(&self) {
        self.home();
        assert_eq!(notes(&self.one), notes(&self.two));
        assert_eq!(notes(&self.one), notes(&self.chief));
        for laptop in [&self.one, &self.two, &self.chief] {
            sound(laptop);
        }
    }
}

/// The program's own check finds nothing: pages, chains, hashes, audit, and views equal to views made anew.
pub(super) fn sound(laptop: &Laptop) {
    let started = laptop.must("data_check", &json!({}));
    let status = laptop.job(&started).unwrap();
    assert_eq!(status["state"], "done", "{status}");
    let checked = laptop.must("data_checked", &json!({ "job": started["job"] }));
    assert_eq!((&checked["differences"], &checked["integrity_ok"]), (&json!(0), &json!(true)), "{checked}");
}

/// The request for a new household.
pub(super) fn household(cell: &str, village: &str, address: &str, head: &str) -> Value {
    json!({
        "cell": cell, "village": village, "address": address,
        "fields": { "kind": "family" }, "head": { "name": head },
    })
}
