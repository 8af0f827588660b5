//! Backup and restore: one moment under load, refusals, full disks, what ages out, and a station that serves again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use station::backup::{self, BackupFault, BackupMade, BackupSeeds};
use station::http::SYNC_PATH;
use station::{Station, StationFault};
use sync::crypto::KdfParams;
use sync::enrolment::EnrolmentCode;
use sync::laptop::Outcome;
use tempfile::TempDir;

use crate::kit::{self, Disk, NOW_MS, cell, document_id, recovery_code, replica_id};
use crate::server::{Server, client, post, runtime};

fn seeds(number: u8) -> BackupSeeds {
    BackupSeeds { chunk_key: [number; 32], nonce: [number; 24] }
}

fn make(dir: &Path, path: &Path, number: u8) -> BackupMade {
    backup::make(dir, path, &seeds(number), NOW_MS + i64::from(number)).unwrap()
}

fn fault(result: Result<impl std::fmt::Debug, StationFault>) -> BackupFault {
    let fault = result.unwrap_err();
    let StationFault::Backup(fault) = fault else { panic!("{fault}") };
    *fault
}

/// Every file of a folder with its bytes.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let found = std::fs::read_dir(dir).unwrap().map(|one| one.unwrap().path());
    found.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

/// A station with one laptop that has sent `documents` entries.
fn busy_station(dir: &Path, documents: u64) -> (Station, Disk) {
    let station = kit::found(dir);
    let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    for number in 1..=documents {
        laptop.write(&cell("A"), document_id(number), "notes", "走访");
    }
    laptop.complete(&station);
    (station, laptop)
}

#[test]
fn a_backup_made_while_laptops_push_holds_one_moment_and_its_watermark_says_which() {
    let folder = TempDir::new().unwrap();
    let dir = folder.path().join("station");
    let (station, mut laptop) = busy_station(&dir, 20);
    let made_one = AtomicBool::new(false);
    let path = folder.path().join("one.fqbackup");
    let made = std::thread::scope(|threads| {
        let pushing = threads.spawn(|| {
            let mut number = 1000;
            while !made_one.load(Ordering::Relaxed) || number < 1100 {
                number += 1;
                laptop.write(&cell("A"), document_id(number), "notes", "巡逻");
                laptop.complete(&station);
            }
        });
        let made = make(&dir, &path, 1);
        made_one.store(true, Ordering::Relaxed);
        pushing.join().unwrap();
        made
    });
    assert!(made.facts.entries >= 20, "{made:?}");
    assert!(made.facts.entries <= laptop.receipts_through());
    assert_eq!(station.backup_watermark(replica_id(1)).unwrap(), Some(made.facts.entries));
    assert_eq!(station.backups().unwrap().len(), 1);

    let new = folder.path().join("new");
    let restored = backup::restore(&path, &recovery_code(), &new, NOW_MS + 5).unwrap();
    assert_eq!((restored.entries, restored.epoch, restored.made_at_ms), (made.facts.entries, 2, NOW_MS + 1));
    let again = Station::open(&new).unwrap();
    assert_eq!(again.restored().unwrap(), Some(restored));
    assert_eq!(again.replicas().unwrap()[0].entries, made.facts.entries);
    assert_eq!(again.epochs().unwrap()[1].cause, "restored");
    let left: Vec<_> = files(folder.path().join("new").as_path()).into_keys().collect();
    assert!(left.iter().all(|path| !path.to_string_lossy().contains("restoring")), "{left:?}");
}

#[test]
fn a_restored_station_takes_new_work_and_the_old_folder_is_untouched() {
    let folder = TempDir::new().unwrap();
    let (dir, new) = (folder.path().join("station"), folder.path().join("new"));
    let (station, mut laptop) = busy_station(&dir, 3);
    let path = folder.path().join("one.fqbackup");
    make(&dir, &path, 1);
    drop(station);
    let before = files(&dir);
    backup::restore(&path, &recovery_code(), &new, NOW_MS).unwrap();
    laptop.write(&cell("A"), document_id(9), "notes", "恢复后");
    let server = Server::start(&new);
    let client = client(&Station::open(&new).unwrap());
    let runtime = runtime();
    let outcome = laptop.sync(|bytes| runtime.block_on(post(&client, server.url(SYNC_PATH), bytes)));
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    assert_eq!(laptop.receipts_through(), 4);
    assert_eq!(files(&dir), before);
    let taken = fault(backup::restore(&path, &recovery_code(), &dir, NOW_MS));
    assert!(matches!(taken, BackupFault::StationThere { .. }), "{taken}");
    assert_eq!(files(&dir), before);
}

#[test]
fn a_restore_is_refused_with_the_reason_and_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let (dir, new) = (folder.path().join("station"), folder.path().join("new"));
    drop(busy_station(&dir, 3));
    let path = folder.path().join("one.fqbackup");
    make(&dir, &path, 1);
    let wrong = EnrolmentCode::from_random([8; 12]);
    assert!(matches!(fault(backup::restore(&path, &wrong, &new, NOW_MS)), BackupFault::WrongCode));
    let key = dir.join("key");
    assert!(matches!(fault(backup::restore(&key, &wrong, &new, NOW_MS)), BackupFault::NotABackup));
    let whole = std::fs::read(&path).unwrap();
    let bad = folder.path().join("bad.fqbackup");
    for (at, cut) in [(7, whole.len()), (whole.len() - 1, whole.len()), (0, whole.len() / 2)] {
        let mut bytes = whole[..cut].to_vec();
        if cut == whole.len() {
            bytes[at] ^= 1;
        }
        std::fs::write(&bad, &bytes).unwrap();
        fault(backup::restore(&bad, &recovery_code(), &new, NOW_MS));
        assert!(!new.exists() || files(&new).is_empty());
    }
    std::fs::create_dir_all(&new).unwrap();
    std::fs::write(new.join("key"), format!("{}\n", "ab".repeat(32))).unwrap();
    let there = fault(backup::restore(&path, &recovery_code(), &new, NOW_MS));
    assert!(matches!(there, BackupFault::KeyThere { .. }), "{there}");
}

#[test]
fn backups_go_by_the_code_of_their_time() {
    let folder = TempDir::new().unwrap();
    let dir = folder.path().join("station");
    let (station, _) = busy_station(&dir, 1);
    let (old, new) = (folder.path().join("old.fqbackup"), folder.path().join("new.fqbackup"));
    make(&dir, &old, 1);
    let code = EnrolmentCode::from_random([9; 12]);
    station.set_backup_code(&code, KdfParams::FLOOR, [3; 16]).unwrap();
    make(&dir, &new, 2);
    assert!(backup::check(&old, &recovery_code()).is_ok());
    assert!(backup::check(&new, &code).is_ok());
    assert!(matches!(backup::check(&old, &code), Err(BackupFault::WrongCode)));
    assert!(matches!(backup::check(&new, &recovery_code()), Err(BackupFault::WrongCode)));
}

#[test]
fn backups_older_than_their_days_go_and_nothing_else_does() {
    let folder = TempDir::new().unwrap();
    let (dir, other) = (folder.path().join("station"), folder.path().join("other"));
    drop(kit::found(&dir));
    drop(kit::found_as(&other, sync::ids::StationId(kit::uuid(1, 2)), 2));
    let kept = folder.path().join("backups");
    std::fs::create_dir(&kept).unwrap();
    let day = 86_400_000;
    for (name, of, age_days) in
        [("a", &dir, 36), ("b", &dir, 35), ("c", &dir, 1), ("foreign", &other, 400), ("newest", &dir, 0)]
    {
        backup::make(of, &kept.join(name), &seeds(1), NOW_MS - age_days * day).unwrap();
    }
    std::fs::write(kept.join("notes.txt"), "FQSTBAK is only a word").unwrap();
    std::fs::copy(kept.join("a"), kept.join("cut")).unwrap();
    std::fs::write(kept.join("cut"), &std::fs::read(kept.join("a")).unwrap()[..40]).unwrap();
    let removed = backup::remove_aged(&kept.join("newest"), kit::station_id(), 35, NOW_MS).unwrap();
    assert_eq!(removed, [kept.join("a")]);
    let left: Vec<_> = files(&kept).into_keys().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(left, ["b", "c", "cut", "foreign", "newest", "notes.txt"]);
}

#[test]
fn a_backup_or_restore_that_is_killed_counts_for_nothing_and_the_next_one_tidies_up() {
    let folder = TempDir::new().unwrap();
    let dir = folder.path().join("station");
    drop(busy_station(&dir, 3));
    let (into, code) = (folder.path().join("backups"), folder.path().join("code"));
    std::fs::create_dir(&into).unwrap();
    std::fs::write(&code, recovery_code().to_string()).unwrap();
    let mut killed_early = 0;
    for round in 0..16_u32 {
        let out = into.join(format!("{round}.fqbackup"));
        killed(&["backup", "--dir", dir.to_str().unwrap(), "--out", out.to_str().unwrap()], round);
        let recorded = Station::open(&dir).unwrap().backups().unwrap();
        let said = recorded.iter().any(|one| one.file_name == format!("{round}.fqbackup"));
        assert!(out.exists() || !said, "{round}: recorded and not there");
        if out.exists() {
            backup::check(&out, &recovery_code()).unwrap();
        }
        killed_early += u32::from(!out.exists());
    }
    assert!(killed_early > 0);
    let whole = into.join("whole.fqbackup");
    make(&dir, &whole, 1);
    let left = files(&into);
    assert!(left.keys().all(|path| path.extension().unwrap() == "fqbackup"), "{:?}", left.keys());

    let new = folder.path().join("new");
    let args = ["restore", "--from", whole.to_str().unwrap(), "--code-file", code.to_str().unwrap(), "--dir"];
    for round in 0..16 {
        let target = [args.as_slice(), &[new.to_str().unwrap()]].concat();
        killed(&target, round);
        if new.join("station.db").exists() {
            break;
        }
    }
    if !new.join("station.db").exists() {
        backup::restore(&whole, &recovery_code(), &new, NOW_MS).unwrap();
    }
    let station = Station::open(&new).unwrap();
    assert_eq!(station.replicas().unwrap()[0].entries, 3);
    assert_eq!(station.epochs().unwrap().len(), 2);
    assert!(files(&new).keys().all(|path| !path.to_string_lossy().contains("restoring")));
}

/// Runs a command and ends it without any chance to tidy up, later with each round.
fn killed(args: &[&str], round: u32) {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_fengqiao-station"))
        .args(args)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..round * round * 40 {
        std::thread::yield_now();
    }
    let _ = child.kill();
    child.wait().unwrap();
}

#[test]
fn one_backup_is_made_at_a_time() {
    let folder = TempDir::new().unwrap();
    let dir = folder.path().join("station");
    drop(kit::found(&dir));
    let lock = std::fs::File::create(dir.join("backup.lock")).unwrap();
    lock.lock().unwrap();
    let path = folder.path().join("one.fqbackup");
    let refused = fault(backup::make(&dir, &path, &seeds(1), NOW_MS));
    assert!(matches!(refused, BackupFault::UnderWay), "{refused}");
    drop(lock);
    make(&dir, &path, 1);
}

/// Files of this process may not grow beyond a bound, as on a full disk; the bound rises until all passes.
#[test]
fn whichever_write_fails_a_backup_or_a_restore_leaves_nothing_half_done() {
    let folder = TempDir::new().unwrap();
    let dir = folder.path().join("station");
    drop(busy_station(&dir, 3));
    let path = folder.path().join("one.fqbackup");
    let code = folder.path().join("code");
    std::fs::write(&code, recovery_code().to_string()).unwrap();
    let limited = |blocks: u32, command: &str| {
        let program = env!("CARGO_BIN_EXE_fengqiao-station");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {program} {command}");
        let output = std::process::Command::new("sh").arg("-c").arg(script).current_dir(folder.path()).output();
        output.unwrap().status.success()
    };
    let bounds = (0..16).map(|power| 2_u32.pow(power)).chain((1..64).map(|step| step * 32));
    let mut bounds: Vec<u32> = bounds.collect();
    bounds.sort_unstable();
    let (mut failed_backups, mut failed_restores) = (0, 0);
    for blocks in bounds {
        if !path.exists() {
            let passed = limited(blocks, "backup --dir station --out one.fqbackup");
            assert_eq!(path.exists(), passed, "{blocks}");
            let recorded = Station::open(&dir).unwrap().backups().unwrap().len();
            assert_eq!(recorded, usize::from(passed), "{blocks}");
            let names: Vec<_> = files(folder.path().join("station").as_path()).into_keys().collect();
            assert!(names.len() <= 3, "{names:?}");
            failed_backups += u32::from(!passed);
        }
    }
    assert!(path.exists() && failed_backups > 5, "{failed_backups}");
    let new = folder.path().join("new");
    for power in 0..16 {
        if new.join("station.db").exists() {
            break;
        }
        let passed = limited(2_u32.pow(power), "restore --from one.fqbackup --code-file code --dir new");
        assert_eq!(new.join("station.db").exists(), passed, "{power}");
        if !passed {
            assert!(!new.exists() || files(&new).is_empty(), "{power}");
            failed_restores += 1;
        }
    }
    assert!(failed_restores > 3, "{failed_restores}");
    assert_eq!(Station::open(&new).unwrap().replicas().unwrap()[0].entries, 3);
    let beside: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(beside.len(), 4, "{beside:?}");
}
