//! Files that are not ours, damaged, full or cut short: a clear error, and nothing acknowledged is lost.

use std::fs;

use domain::kind::Kind;
use domain::shape::Scalar;
use store::{DataKey, Store, StoreError};

use crate::support::{Laptop, set};

fn copy_of(laptop: &Laptop) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let made = laptop.store.backup(folder.path(), "copy").unwrap_or_else(|_| {
        // a replica of these tests has no key file
        panic!("backup needs keys.cbor")
    });
    (folder, made.path)
}

fn with_keys() -> Laptop {
    let laptop = Laptop::new(1);
    crate::keys::give_keys(&laptop);
    laptop.create(Kind::Resident, &[set("name", "赵荣江")]);
    laptop
}

#[test]
fn another_key_does_not_open_the_file() {
    let laptop = with_keys();
    let (_folder, path) = copy_of(&laptop);
    assert!(matches!(Store::open(&path, &DataKey::new([2; 32])), Err(StoreError::NotOurFile)));
    assert!(Store::open(&path, &laptop.key).is_ok());
    laptop.assert_sound();
}

#[test]
fn a_missing_an_empty_and_a_foreign_file_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let key = DataKey::new([1; 32]);
    assert!(matches!(Store::open(folder.path(), &key), Err(StoreError::Missing)));
    let path = folder.path().join("main.db");
    fs::write(&path, b"").unwrap();
    assert!(matches!(Store::open(folder.path(), &key), Err(StoreError::Damaged)));
    fs::write(&path, "<html>log in to the network</html>".repeat(400)).unwrap();
    assert!(matches!(Store::open(folder.path(), &key), Err(StoreError::NotOurFile)));
    fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE plain (x)").unwrap();
    assert!(matches!(Store::open(folder.path(), &key), Err(StoreError::NotOurFile)));
}

#[test]
fn somebody_elses_database_under_our_key_is_not_ours() {
    let folder = tempfile::tempdir().unwrap();
    let other = rusqlite::Connection::open(folder.path().join("main.db")).unwrap();
    other.execute_batch(&format!("PRAGMA key = \"x'{}'\"; CREATE TABLE plain (x);", "01".repeat(32))).unwrap();
    drop(other);
    assert!(matches!(Store::open(folder.path(), &DataKey::new([1; 32])), Err(StoreError::NotOurFile)));
}

#[test]
fn a_newer_file_is_not_touched() {
    let laptop = with_keys();
    let (_folder, path) = copy_of(&laptop);
    let conn = rusqlite::Connection::open(path.join("main.db")).unwrap();
    conn.execute_batch(&format!("PRAGMA key = \"x'{}'\"; PRAGMA user_version = 99;", "01".repeat(32))).unwrap();
    drop(conn);
    assert!(matches!(Store::open(&path, &laptop.key), Err(StoreError::NewerVersion { found: 99, .. })));
}

#[test]
fn a_file_cut_short_or_with_a_flipped_byte_is_noticed() {
    let laptop = with_keys();
    let (_folder, path) = copy_of(&laptop);
    let database = path.join("main.db");
    let whole = fs::read(&database).unwrap();
    let noticed = || match Store::open(&path, &laptop.key) {
        Err(StoreError::NotOurFile | StoreError::Damaged) => true,
        Err(other) => panic!("{other:?}"),
        Ok(store) => match store.verify(&mut |_| std::ops::ControlFlow::Continue(())) {
            Ok(checked) => !checked.integrity_ok,
            Err(StoreError::NotOurFile | StoreError::Damaged) => true,
            Err(other) => panic!("{other:?}"),
        },
    };
    assert!(!noticed());
    for keep in [100, 4096, whole.len() / 2 / 4096 * 4096] {
        fs::write(&database, &whole[..keep]).unwrap();
        assert!(noticed(), "cut to {keep}");
    }
    for page in (0..whole.len() / 4096).step_by(7) {
        let mut bytes = whole.clone();
        bytes[page * 4096 + 2000] ^= 1;
        fs::write(&database, bytes).unwrap();
        assert!(noticed(), "page {page}");
    }
    laptop.assert_sound();
}

#[test]
fn nothing_typed_is_readable_on_the_disk() {
    let laptop = Laptop::new(1);
    let canary = "CANARY-QF-鹧鸪";
    laptop.create(Kind::Visit, &[set("notes", canary)]);
    laptop.store.draft_put("visit/new", 1, canary).unwrap();
    for entry in fs::read_dir(laptop.folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(10).any(|window| window == &canary.as_bytes()[..10]));
    }
    laptop.assert_sound();
}

#[test]
fn a_full_disk_refuses_the_command_whole_and_what_was_saved_stays() {
    let laptop = Laptop::new(1);
    let kept = laptop.create(Kind::Resident, &[set("name", "赵荣江")]);
    let before = laptop.dump();
    laptop.store.limit_pages_for_tests(laptop.store.pages_for_tests().unwrap() + 2).unwrap();
    let narrative = "长".repeat(20_000);
    let failed = laptop.try_write(|tx| {
        for _ in 0..20 {
            tx.create(Kind::Visit, laptop.fresh(), &crate::support::cell(), &[set("notes", narrative.as_str())])?;
        }
        Ok(())
    });
    assert!(matches!(failed, Err(StoreError::DiskFull)), "{failed:?}");
    assert_eq!(laptop.dump(), before);
    laptop.store.limit_pages_for_tests(1 << 30).unwrap();
    laptop.create(Kind::Visit, &[set("notes", narrative.as_str())]);
    assert_eq!(laptop.get(kept.document, "name"), Scalar::from("赵荣江"));
    laptop.assert_sound();
}

#[test]
fn what_was_committed_is_there_after_the_process_vanished() {
    let laptop = Laptop::new(1);
    let kept = laptop.create(Kind::Resident, &[set("name", "赵荣江")]);
    // what a killed process leaves: database and log as they are, in the middle of a transaction
    let left = tempfile::tempdir().unwrap();
    let lost = laptop.fresh();
    let failed = laptop.try_write(|tx| {
        tx.create(Kind::Resident, lost, &crate::support::cell(), &[set("name", "未存")])?;
        for name in ["main.db", "main.db-wal"] {
            fs::copy(laptop.folder.path().join(name), left.path().join(name)).unwrap();
        }
        Err::<(), _>(StoreError::Cancelled)
    });
    assert!(matches!(failed, Err(StoreError::Cancelled)));
    let store = Store::open(left.path(), &laptop.key).unwrap();
    let record = store.read(|reader| store::record::open(reader, kept.document)).unwrap();
    assert_eq!(record.reading.text("name"), Some("赵荣江"));
    assert!(store.read(|reader| store::record::open(reader, lost)).is_err());
    store::check::assert_rebuild_equals_live(&store);
    laptop.assert_sound();
}

#[test]
fn a_folder_holds_one_database_only() {
    let laptop = Laptop::new(1);
    let identity = laptop.store.identity().unwrap();
    let again = Store::create(laptop.folder.path(), &laptop.key, &identity);
    assert!(matches!(again, Err(StoreError::AlreadyExists)));
    assert_eq!(identity.laptop, "QF-01");
    laptop.store.set_certified().unwrap();
    assert!(laptop.store.identity().unwrap().certified);
    laptop.store.set_refused("enrolment_used").unwrap();
    assert_eq!(laptop.store.identity().unwrap().refused.as_deref(), Some("enrolment_used"));
    laptop.assert_sound();
}

#[test]
fn a_sound_file_is_called_sound_after_any_number_of_edits_and_checks() {
    let laptop = Laptop::new(1);
    let saved = laptop.create(Kind::Resident, &[set("name", "赵荣江")]);
    for number in 0..30 {
        laptop.edit(saved.document, &[set("name", format!("赵荣江{number}"))]);
        let found = laptop.read(|reader| store::search::find(reader, "赵荣江", &[], 5));
        assert_eq!(found.iter().map(|group| group.hits.len()).sum::<usize>(), 1);
        let checked = laptop.store.verify(&mut |_| std::ops::ControlFlow::Continue(())).unwrap();
        assert!(checked.integrity_ok, "after edit {number}");
    }
    laptop.assert_sound();
}
