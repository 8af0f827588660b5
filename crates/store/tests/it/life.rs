//! Writing records: what is saved, what is refused, what a failed command leaves.

use documents::DocumentError;
use domain::kind::Kind;
use domain::shape::Scalar;
use store::record::SaveState;
use store::{StoreError, record};

use crate::support::{Laptop, cell, set};

#[test]
fn a_record_saved_reads_back_with_its_history_and_foot() {
    let laptop = Laptop::new(1);
    let saved = laptop.create(Kind::Resident, &[set("name", "赵荣江"), set("phone", "13800005127")]);
    let again = laptop.edit(saved.document, &[set("phone", "13800005172"), set("name", "赵荣江")]);
    assert_ne!(saved.heads, again.heads);
    assert_eq!(laptop.get(saved.document, "phone"), Scalar::from("13800005172"));
    let history = laptop.read(|reader| record::history(reader, saved.document));
    assert_eq!(history.len(), 2);
    assert_eq!(history[0].sets, [("phone".to_owned(), Scalar::from("13800005172"))]);
    let foot = laptop.read(|reader| record::foot(reader, saved.document));
    assert_eq!((foot.state, foot.unsent, foot.history_count), (SaveState::Here, 2, 2));
    assert_eq!(foot.last_officer, Some(laptop.officer));
    laptop.assert_sound();
}

#[test]
fn a_save_that_changes_nothing_writes_nothing() {
    let laptop = Laptop::new(1);
    let saved = laptop.create(Kind::Resident, &[set("name", "赵荣江")]);
    let again = laptop.edit(saved.document, &[set("name", "赵荣江")]);
    assert_eq!((again.change, again.heads), (None, saved.heads));
    assert_eq!(laptop.read(|reader| store::status::of(reader, 0)).unsent, 1);
    laptop.assert_sound();
}

#[test]
fn a_command_that_fails_leaves_nothing_of_itself() {
    let laptop = Laptop::new(1);
    let (first, missing) = (laptop.fresh(), laptop.fresh());
    let before = laptop.dump();
    let failed = laptop.try_write(|tx| {
        tx.create(Kind::Household, first, &cell(), &[set("head_name", "赵荣江")])?;
        tx.edit(missing, &[], &[set("notes", "x")])
    });
    assert!(matches!(failed, Err(StoreError::NotFound { document }) if document == missing));
    assert_eq!(laptop.dump(), before);
    assert_eq!(laptop.read(|reader| store::audit::page(reader, None, 10)), []);
    laptop.create(Kind::Household, &[set("head_name", "赵荣江")]);
    assert_eq!(laptop.read(|reader| store::status::of(reader, 0)).unsent, 1);
    laptop.assert_sound();
}

#[test]
fn a_panic_inside_a_command_leaves_a_store_that_goes_on() {
    let laptop = Laptop::new(1);
    let document = laptop.fresh();
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        laptop.try_write(|tx| -> Result<(), StoreError> {
            tx.create(Kind::Household, document, &cell(), &[set("head_name", "赵荣江")])?;
            panic!("a fault in a command")
        })
    }));
    assert!(outcome.is_err());
    laptop.create(Kind::Household, &[set("head_name", "章若锦")]);
    assert_eq!(laptop.read(|reader| store::status::of(reader, 0)).unsent, 1);
    laptop.assert_sound();
}

#[test]
fn heads_that_are_not_of_the_record_are_refused() {
    let laptop = Laptop::new(1);
    let saved = laptop.create(Kind::Resident, &[set("name", "赵荣江")]);
    let failed = laptop.try_write(|tx| tx.edit(saved.document, &[[3; 32]], &[set("name", "x")]));
    assert!(matches!(failed, Err(StoreError::Document(DocumentError::UnknownHeads))));
    let twice = laptop.try_write(|tx| tx.create(Kind::Resident, saved.document, &cell(), &[set("name", "y")]));
    assert!(matches!(twice, Err(StoreError::DocumentExists { .. })));
    laptop.assert_sound();
}

#[test]
fn every_write_is_audited_and_the_chain_shows_a_changed_row() {
    let laptop = Laptop::new(1);
    let saved = laptop.create(Kind::Resident, &[set("name", "赵荣江")]);
    laptop.edit(saved.document, &[set("name", "赵荣")]);
    let rows = laptop.read(|reader| store::audit::page(reader, None, 10));
    assert_eq!(
        rows.iter().map(|row| (row.number, row.document)).collect::<Vec<_>>(),
        [(2, Some(saved.document)), (1, Some(saved.document))]
    );
    let checked = laptop.store.verify(&mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    assert_eq!((checked.entries, checked.differences, checked.broken_audit.len()), (2, 0, 0));
    assert!(checked.integrity_ok && checked.bad_entries.is_empty());
    laptop.assert_sound();
}

#[test]
fn views_that_went_wrong_are_noticed_and_mended() {
    let laptop = Laptop::new(1);
    let saved = laptop.create(Kind::Resident, &[set("name", "赵荣江")]);
    let dump = laptop.dump();
    let outside = rusqlite::Connection::open(laptop.folder.path().join("main.db")).unwrap();
    let key = "01".repeat(32);
    outside
        .execute_batch(&format!("PRAGMA key = \"x'{key}'\"; UPDATE resident SET name = 'x'; DELETE FROM search;"))
        .unwrap();
    assert!(!store::check::differences(&laptop.store).unwrap().is_empty());
    let checked = laptop.store.verify(&mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    assert_eq!((checked.documents, checked.differences, checked.integrity_ok), (1, 3, true));
    assert_eq!(laptop.dump(), dump);
    assert_eq!(laptop.get(saved.document, "name"), domain::shape::Scalar::from("赵荣江"));
    assert!(!laptop.folder.path().join("check.part").exists());
    laptop.assert_sound();
}

#[test]
fn a_reader_inside_a_command_sees_what_the_command_wrote() {
    let laptop = Laptop::new(1);
    let document = laptop.fresh();
    let title = laptop
        .try_write(|tx| {
            tx.create(Kind::Household, document, &cell(), &[set("head_name", "赵荣江")])?;
            record::title(&tx.reader()?, document)
        })
        .unwrap();
    assert_eq!(title.value, "赵荣江");
    laptop.assert_sound();
}

#[test]
fn drafts_and_settings_stay_on_the_laptop() {
    let laptop = Laptop::new(1);
    laptop.store.draft_put("visit/new/1", 5, "{\"notes\":\"…\"}").unwrap();
    laptop.store.setting_put("theme", "dark").unwrap();
    assert_eq!(laptop.read(|reader| store::local::draft(reader, "visit/new/1")), Some((5, "{\"notes\":\"…\"}".into())));
    assert_eq!(laptop.read(|reader| store::local::setting(reader, "theme")).as_deref(), Some("dark"));
    laptop.store.draft_delete("visit/new/1").unwrap();
    assert_eq!(laptop.read(|reader| store::local::draft(reader, "visit/new/1")), None);
    assert_eq!(laptop.read(|reader| store::status::of(reader, 0)).unsent, 0);
    laptop.assert_sound();
}

#[test]
fn what_a_record_is_cannot_be_edited() {
    let laptop = Laptop::new(1);
    let saved = laptop.create(Kind::Resident, &[set("name", "赵荣江")]);
    let failed = laptop.try_write(|tx| tx.edit(saved.document, &saved.heads, &[set("_kind", "visit")]));
    assert!(matches!(failed, Err(StoreError::Document(DocumentError::Refused))));
    laptop.assert_sound();
}
