//! What is done on laptops while a laptop or the server is killed. Each deed prepares, does it with the victim to be killed,
//! brings everything up again, does it once more where it was not acknowledged, and checks.

use serde_json::{Value, json};

use super::plan::{Strike, Victim};
use super::town::{Town, household, sound};
use crate::programs::{Laptop, PASSPHRASE, copy_folder};

/// Two visits; the unlock before them is audited.
pub(super) fn save(town: &mut Town, strike: Strike) -> bool {
    town.one.cut();
    if town.one.open(Some(&strike.text())).is_ok() {
        for _ in 0..strike.hit + 1 {
            // killed in the middle: asked for, not called saved
            let _ = town.visit(|town| &town.one);
        }
    }
    let died = town.one.reopen();
    town.check(&town.one);
    died
}

/// A register of two households: all of it or nothing.
pub(super) fn import(town: &mut Town, strike: Strike) -> bool {
    let (number, all) = (town.number(), json!({ "order": "name", "limit": 1 }));
    let count = |laptop: &Laptop| laptop.must("resident_count", &all)["count"].as_u64().unwrap();
    let before = count(&town.one);
    let rows: String = (0..6)
        .map(|row| format!("王{number}之{row},R{number:06}{},枫源村,{number}组,{}号,QF-01\r\n", row / 3, row / 3 + 1))
        .collect();
    let csv = format!("姓名,户号,村社区,组,门牌号,网格\r\n{rows}");
    town.one.cut();
    let done = town.one.open(Some(&strike.text())).is_ok() && imported(&town.one, &csv).is_some();
    let died = town.one.reopen();
    let after = count(&town.one);
    assert!(if done { after == before + 6 } else { after == before || after == before + 6 }, "{before}, {after}");
    died
}

/// Imports a register as it is; nothing when the program is gone.
fn imported(laptop: &Laptop, csv: &str) -> Option<()> {
    use base64::Engine as _;
    let file = base64::engine::general_purpose::STANDARD.encode(csv);
    let inspected = laptop.call("import_inspect", &json!({ "name": "register.csv", "file_base64": file })).ok()?;
    let sheet = &inspected["sheets"][0];
    let plan = json!({
        "import": inspected["import"], "sheet": sheet["name"], "mapping": sheet["mapping"], "cell": null, "village": null,
    });
    laptop.call("import_dry_run", &plan).ok()?;
    let commit = json!({ "import": inspected["import"], "accept_before_first_sync": true });
    let started = laptop.call("import_commit", &commit).ok()?;
    let status = laptop.job(&started).ok()?;
    assert_eq!(status["state"], "done", "{status}");
    Some(())
}

/// Both officers write and sync.
pub(super) fn sync(town: &mut Town, strike: Strike, victim: Victim) -> bool {
    town.visit(|town| &town.two).unwrap();
    town.visit(|town| &town.two).unwrap();
    let died = fall(town, strike, victim, |town| {
        for _ in 0..3 {
            let _ = town.visit(|town| &town.one);
        }
        for laptop in [&town.one, &town.two, &town.one] {
            let _ = laptop.sync();
        }
    });
    town.home();
    died
}

/// Does something while the victim is to be killed; everything is up afterwards.
fn fall(town: &mut Town, strike: Strike, victim: Victim, deed: impl FnOnce(&mut Town)) -> bool {
    let text = strike.text();
    match victim {
        Victim::Server => {
            town.keeper.cut();
            town.keeper.serve(Some(&text));
            deed(town);
            let died = town.keeper.cut();
            town.keeper.serve(None);
            died
        }
        Victim::Officer => {
            town.one.cut();
            if town.one.open(Some(&text)).is_ok() {
                deed(town);
            }
            town.one.reopen()
        }
        Victim::Chief => {
            town.chief.cut();
            if town.chief.open(Some(&text)).is_ok() {
                deed(town);
            }
            town.chief.reopen()
        }
    }
}

/// The chief erases a household.
pub(super) fn erase(town: &mut Town, strike: Strike, victim: Victim) -> bool {
    let number = town.number();
    let made = household("QF-01", "330681100201", &format!("9 组 {number} 号"), &format!("钱{number}"));
    let home = town.one.must("household_create", &made)["document"].clone();
    town.home();
    let erased = |town: &Town| {
        let preview = town.chief.call("record_erase_preview", &json!({ "document": home }))?;
        town.chief.call("record_erase", &json!({ "document": home, "heads": preview["heads"], "reason": "mistaken" }))
    };
    let died = fall(town, strike, victim, |town| {
        let _ = erased(town);
        let _ = town.chief.sync();
    });
    if town.chief.call("household_open", &json!({ "document": home })).is_ok() {
        erased(town).unwrap();
    }
    town.home();
    for laptop in [&town.chief, &town.one, &town.two] {
        let fault = laptop.call("household_open", &json!({ "document": home })).unwrap_err();
        assert!(format!("{fault:?}").contains("record_erased"), "{fault:?}");
    }
    sound(&town.chief);
    died
}

/// The officer is given a cell, writes in it, and loses it.
pub(super) fn lose_cell(town: &mut Town, strike: Strike) -> bool {
    let number = town.number();
    let (code, village) = (format!("QX-{number}"), format!("3306811{number:05}"));
    let (scope, named) = (format!("cell:{code}"), format!("{village}:丁村{number}"));
    town.keeper.must(&["cell", "add", "--code", &code, "--name", &code, "--village", &named]);
    town.keeper.must(&["assign", "--officer", "010001", "--scope", &scope, "--from", "2026-01-01"]);
    town.one.home();
    let home =
        town.one.must("household_create", &household(&code, &village, "1 组 1 号", "丁家旺"))["document"].clone();
    town.one.home();
    // one more that is not sent
    town.one.must("household_create", &household(&code, &village, "1 组 2 号", "丁家兴"));
    town.keeper.must(&["unassign", "--officer", "010001", "--scope", &scope, "--on", "2026-11-01"]);
    let died = fall(town, strike, Victim::Officer, |town| {
        let _ = town.one.sync();
        // what was written there leaves the laptop when a backup of the station has it
        let file = town.path("cell.fqbackup");
        town.keeper.must(&["backup", "--out", file.to_str().unwrap()]);
        for _ in 0..2 {
            let _ = town.one.sync();
        }
    });
    town.home();
    let fault = town.one.call("household_open", &json!({ "document": home })).unwrap_err();
    assert!(format!("{fault:?}").contains("denied_not_held"), "{fault:?}");
    let left = town.one.must("sync_status", &json!({}))["left"].clone();
    let row = left.as_array().unwrap().iter().find(|row| row["cell"] == code.as_str()).unwrap().clone();
    assert!(row["unsent"] == 0 && row["dropped_at"].is_i64(), "{row}");
    let chief = town.chief.must("household_count", &json!({ "cell": code, "order": "address", "limit": 1 }));
    assert_eq!(chief["count"], 2);
    sound(&town.one);
    died
}

/// The views are of another version: they are made anew at the next unlock.
pub(super) fn rebuild(town: &mut Town, strike: Strike) -> bool {
    town.one.cut();
    spoil_views(&town.one);
    // ends in the middle of unlocking, or not at all
    let _ = town.one.open(Some(&strike.text()));
    let died = town.one.reopen();
    town.check(&town.one);
    sound(&town.one);
    died
}

/// Leaves the views as a rebuild does that was stopped at its end.
fn spoil_views(laptop: &Laptop) {
    use std::ops::ControlFlow::{Break, Continue};
    let folder = laptop.folder();
    let store = store::Store::open(&folder, &store::keys::unlock(&folder, PASSPHRASE).unwrap()).unwrap();
    let mut calls = 0_u64;
    store
        .rebuild(&mut |_| {
            calls += 1;
            Continue(())
        })
        .unwrap();
    while !store.needs_rebuild().unwrap() {
        let mut left = calls;
        calls = calls.checked_sub(1).unwrap();
        let _ = store.rebuild(&mut |_| {
            left -= 1;
            if left == 0 { Break(()) } else { Continue(()) }
        });
    }
}

/// A backup on the laptop.
pub(super) fn back_up(town: &mut Town, strike: Strike) -> bool {
    let folder = town.path("backups");
    std::fs::create_dir(&folder).unwrap();
    let request = json!({ "folder": folder });
    town.one.cut();
    let made =
        if town.one.open(Some(&strike.text())).is_ok() { town.one.call("backup_make", &request).ok() } else { None };
    let died = town.one.reopen();
    let again = town.one.must("backup_make", &request);
    // what was called made opens, and so does one that had its name before it could be told
    let named = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let named: Vec<_> = named.filter(|path| path.extension().is_some_and(|end| end == "fqbackup")).collect();
    assert!(named.len() > usize::from(made.is_some()), "{named:?}");
    assert!(named.iter().any(|path| again["path"] == path.to_str().unwrap()));
    for path in named {
        store::keys::unlock(&path, PASSPHRASE).unwrap();
    }
    died
}

/// A backup restored beside everything, in another data folder.
pub(super) fn restore(town: &mut Town, strike: Strike) -> bool {
    let made = town.one.must("backup_make", &json!({ "folder": null }));
    let mut copy = Laptop::over(&town.path("restored"));
    let request = json!({ "path": made["path"], "passphrase": PASSPHRASE });
    copy.start(Some(&strike.text())).unwrap();
    let restored = copy.call("backup_restore", &request).is_ok();
    let died = copy.cut();
    copy.start(None).unwrap();
    let profiles = |copy: &Laptop| copy.must("session_status", &json!({}))["profiles"].as_array().unwrap().clone();
    let found = profiles(&copy);
    assert!(found.len() == 1 || (found.is_empty() && !restored), "{found:?}");
    if found.is_empty() {
        copy.must("backup_restore", &request);
    }
    let found = profiles(&copy);
    open_only_profile(&mut copy, &found);
    town.check(&copy);
    sound(&copy);
    // it goes on as another replica of the same officer, and what it writes arrives
    town.visit_on(&copy).unwrap();
    copy.home();
    copy.cut();
    town.home();
    died
}

fn open_only_profile(laptop: &mut Laptop, profiles: &[Value]) {
    laptop.replica = profiles[0]["replica"].as_str().unwrap().to_owned();
    laptop.must("unlock", &json!({ "replica": laptop.replica, "passphrase": PASSPHRASE }));
}

/// The disk was copied: original and copy both write on, and the one that comes second goes on as a new replica.
pub(super) fn succeed(town: &mut Town, strike: Strike, victim: Victim) -> bool {
    town.one.cut();
    let mut copy = Laptop::over(&town.path("copied"));
    copy_folder(&town.one.data, &copy.data);
    copy.replica.clone_from(&town.one.replica);
    town.one.open(None).unwrap();
    town.visit(|town| &town.one).unwrap();
    town.one.home();
    let text = strike.text();
    match victim {
        Victim::Server => {
            town.keeper.cut();
            town.keeper.serve(Some(&text));
            copy.open(None).unwrap();
        }
        // it syncs by itself once it is open, so it may die before it is asked anything
        Victim::Officer | Victim::Chief => drop(copy.open(Some(&text))),
    }
    let _ = town.visit_on(&copy);
    for _ in 0..2 {
        let _ = copy.sync();
    }
    let died = match victim {
        Victim::Server => {
            let died = town.keeper.cut();
            town.keeper.serve(None);
            died
        }
        Victim::Officer | Victim::Chief => copy.reopen(),
    };
    copy.home();
    town.home();
    copy.home();
    town.check(&copy);
    sound(&copy);
    copy.cut();
    died
}

/// Another passphrase.
pub(super) fn change_passphrase(town: &mut Town, strike: Strike) -> bool {
    let new = format!("{PASSPHRASE} {}", town.number());
    town.one.cut();
    town.one.open(Some(&strike.text())).unwrap();
    let changed = town.one.call("passphrase_change", &json!({ "old": PASSPHRASE, "new": new })).is_ok();
    let died = town.one.cut();
    // the new one or the old one opens it, and the new one when it was called changed
    let folder = town.one.folder();
    let by_new = store::keys::unlock(&folder, &new).is_ok();
    assert!(by_new || (!changed && store::keys::unlock(&folder, PASSPHRASE).is_ok()));
    if by_new {
        let random = |bytes: &mut [u8]| bytes.fill(7);
        store::keys::change_passphrase(&folder, &new, PASSPHRASE, sync::crypto::KdfParams::FLOOR, &random).unwrap();
    }
    town.one.open_quickly();
    town.one.open(None).unwrap();
    town.check(&town.one);
    died
}

/// Another laptop for the officer.
pub(super) fn enrol(town: &mut Town, strike: Strike, victim: Victim) -> bool {
    let enrolment = town.enrolment("010001");
    let mut laptop = Laptop::over(&town.path("new"));
    let text = strike.text();
    if victim == Victim::Server {
        town.keeper.cut();
        town.keeper.serve(Some(&text));
    }
    laptop.start((victim != Victim::Server).then_some(text.as_str())).unwrap();
    let enrolled = laptop.enrol(&enrolment).is_ok();
    if enrolled {
        let _ = laptop.sync();
    }
    let died = match victim {
        Victim::Server => {
            let died = town.keeper.cut();
            town.keeper.serve(None);
            died
        }
        Victim::Officer | Victim::Chief => laptop.cut(),
    };
    laptop.cut();
    laptop.start(None).unwrap();
    let profiles = laptop.must("session_status", &json!({}))["profiles"].as_array().unwrap().clone();
    assert!(profiles.len() == 1 || (profiles.is_empty() && !enrolled), "{profiles:?}");
    match profiles.is_empty() {
        true => laptop.enrol(&enrolment).unwrap(),
        false => open_only_profile(&mut laptop, &profiles),
    }
    town.home();
    laptop.home();
    town.check(&laptop);
    sound(&laptop);
    laptop.cut();
    died
}
