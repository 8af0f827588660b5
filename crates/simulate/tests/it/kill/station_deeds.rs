//! What the keeper of a station does while his command or his server is killed. As on laptops: prepare, do it to be killed,
//! do it again where it was not acknowledged, check.

use super::plan::Strike;
use super::town::Town;
use crate::cuts::notes;
use crate::programs::{Keeper, Laptop, Told, copy_folder};

fn died(told: &Told) -> bool {
    matches!(told, Told::Died)
}

/// A new station. Nobody was told a code, so nothing was promised; a folder half founded is refused, another one works.
pub(super) fn found(town: &mut Town, strike: Strike) -> bool {
    let arguments = ["init", "--name", "新派出所", "--division", "330681100000", "--made-up"];
    let half = Keeper::over(&town.path("founded"));
    let told = half.ask(&arguments, Some(&strike.text()));
    if died(&told) {
        assert!(matches!(half.ask(&arguments, None), Told::Refused(_)), "a key is never written over");
    }
    let again = Keeper::over(&town.path("founded"));
    again.must(&arguments);
    assert_eq!(again.entries(), 0);
    died(&told)
}

/// An act on the directory.
pub(super) fn edit(town: &mut Town, strike: Strike) -> bool {
    let number = format!("02{:04}", town.number());
    let arguments = ["officer", "add", "--name", "吕新", "--number", &number, "--role", "auxiliary"];
    let versions = |town: &Town| town.keeper.must(&["directory", "log"]).as_array().map_or(0, Vec::len);
    let before = versions(town);
    let told = town.keeper.ask(&arguments, Some(&strike.text()));
    let there = |town: &Town| town.keeper.must(&["officer", "list"]).to_string().contains(&number);
    assert!(there(town) || died(&told), "{told:?}");
    if !there(town) {
        town.keeper.must(&arguments);
    }
    assert_eq!(versions(town), before + 1);
    town.home();
    died(&told)
}

/// An enrolment file. One whose token was noted and whose file was never written harms nobody.
pub(super) fn issue(town: &mut Town, strike: Strike) -> bool {
    let (file, url) = (town.path("issued"), town.keeper.url());
    let path = file.to_str().unwrap();
    let arguments = ["enrol", "--officer", "010001", "--laptop", "QF-99", "--url", &url, "--out", path];
    let told = town.keeper.ask(&arguments, Some(&strike.text()));
    // a file that was begun holds nothing, and says so to whoever opens it
    assert!(!died(&told) || std::fs::metadata(&file).is_ok_and(|file| file.len() == 0));
    let enrolment = town.enrolment("010001");
    let mut laptop = Laptop::over(&town.path("issued-laptop"));
    laptop.start(None).unwrap();
    laptop.enrol(&enrolment).unwrap();
    laptop.home();
    town.check(&laptop);
    laptop.cut();
    died(&told)
}

/// Another key for the server: announced, heard of, taken.
pub(super) fn renew(town: &mut Town, strike: Strike) -> bool {
    let text = strike.text();
    let prepared = town.keeper.ask(&["certificate", "prepare"], Some(&text));
    if died(&prepared) {
        town.keeper.must(&["certificate", "prepare"]);
    }
    town.home();
    let switch = ["certificate", "switch", "--leave-behind"];
    let switched = town.keeper.ask(&switch, (!died(&prepared)).then_some(text.as_str()));
    if died(&switched) {
        town.keeper.must(&switch);
    }
    town.keeper.cut();
    town.keeper.serve(None);
    town.home();
    died(&prepared) || died(&switched)
}

/// A backup of the station.
pub(super) fn seal(town: &mut Town, strike: Strike) -> bool {
    let folder = town.path("sealed");
    std::fs::create_dir(&folder).unwrap();
    let out = folder.to_str().unwrap();
    let told = town.keeper.ask(&["backup", "--out", out], Some(&strike.text()));
    let listed = |town: &Town| town.keeper.must(&["backup", "list"]).as_array().map_or(0, Vec::len);
    let before = listed(town);
    let again = folder.join("again.fqbackup");
    town.keeper.must(&["backup", "--out", again.to_str().unwrap()]);
    assert_eq!(listed(town), before + 1);
    // whatever has a backup's name opens with the code; what a killed one left is gone
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(path.extension().unwrap(), "fqbackup", "{}", path.display());
        town.keeper.must(&["backup", "check", "--from", path.to_str().unwrap()]);
    }
    town.home();
    died(&told)
}

/// A station brought back into another folder.
pub(super) fn unseal(town: &mut Town, strike: Strike) -> bool {
    let file = town.path("for-restore.fqbackup");
    let made = town.keeper.must(&["backup", "--out", file.to_str().unwrap()]);
    let mut other = Keeper::over(&town.path("unsealed"));
    other.code.clone_from(&town.keeper.code);
    let arguments = ["restore", "--from", file.to_str().unwrap()];
    let told = other.ask(&arguments, Some(&strike.text()));
    match other.ask(&arguments, None) {
        Told::Done(_) => assert!(died(&told)),
        // it had its name already
        Told::Refused(why) => assert!(why.contains("holds a station"), "{why}"),
        Told::Died => panic!("nobody asked for it"),
    }
    let status = other.must(&["status"]);
    assert_eq!(status["entries"], made["entries"]);
    assert_eq!(status["epochs"].as_array().map(Vec::len), Some(2), "{status}");
    died(&told)
}

/// The station is lost and comes back from its first backup, in a copy of the town; the server dies while laptops repair it.
pub(super) fn repair(town: &mut Town, strike: Strike) -> bool {
    town.home();
    let before = town.keeper.entries();
    let (folder, dir) = (town.path("copy"), town.path("repaired"));
    let mut laptops = Vec::new();
    // first the one that the backup has never heard of: nothing but the directory it brings vouches for it
    for laptop in [&mut town.two, &mut town.one, &mut town.chief] {
        laptop.cut();
        let mut copy = Laptop::over(&folder.join(&laptop.replica));
        copy_folder(&laptop.data, &copy.data);
        copy.replica.clone_from(&laptop.replica);
        laptops.push(copy);
    }
    town.keeper.cut();
    let mut keeper = Keeper::over(&dir);
    (keeper.code, keeper.address) = (town.keeper.code.clone(), town.keeper.address.clone());
    keeper.must(&["restore", "--from", town.first_backup.to_str().unwrap()]);
    keeper.serve(Some(&strike.text()));
    for laptop in &mut laptops {
        laptop.open(None).unwrap();
        for _ in 0..3 {
            let _ = laptop.sync();
        }
    }
    let died = keeper.cut();
    keeper.serve(None);
    for round in 0..2 {
        for laptop in &laptops {
            laptop.home();
            if round == 1 {
                town.check(laptop);
            }
        }
    }
    assert_eq!(notes(&laptops[0]), notes(&laptops[1]));
    assert!(keeper.entries() >= before, "{} of {before}", keeper.entries());
    for laptop in &mut laptops {
        laptop.cut();
    }
    keeper.cut();
    town.keeper.serve(None);
    for laptop in [&mut town.one, &mut town.two, &mut town.chief] {
        laptop.open(None).unwrap();
    }
    died
}
