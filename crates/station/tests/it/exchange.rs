//! What the station promises to laptops that behave.

use station::Station;
use sync::ids::ScopeId;
use sync::laptop::{FailReason, Outcome};
use sync::scope_log::LoggedEntry;
use sync::wire::{More, RequestRefusal, Response, ResponseOutcome};
use tempfile::TempDir;

use crate::kit::{self, Disk, NOW_MS, cell, document_id};

#[test]
fn two_laptops_that_synced_hold_the_same_entries_in_the_same_order() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut one = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    let mut two = Disk::enrolled(&kit::issue(&station, 2, 2, Vec::new()), 2);
    for number in 0..30 {
        one.write(&cell("A"), document_id(number), "name", "一");
        two.write(&cell("A"), document_id(100 + number), "name", "二");
        two.write(&ScopeId::station(), document_id(200 + number), "name", "所");
    }
    one.complete(&station);
    two.complete(&station);
    one.complete(&station);

    assert_eq!(one.log_of(&cell("A")).len(), 60);
    assert_eq!(one.log_of(&cell("A")), two.log_of(&cell("A")));
    assert_eq!(one.log_of(&ScopeId::station()), two.log_of(&ScopeId::station()));
    assert_eq!((one.receipts_through(), two.receipts_through()), (30, 60));
    assert_eq!(one.cursors, two.cursors);
    assert!(one.refused().is_empty() && two.refused().is_empty());
}

#[test]
fn a_laptop_gets_only_the_cells_of_its_officer_and_the_chief_gets_all() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut one = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    let mut three = Disk::enrolled(&kit::issue(&station, 3, 3, Vec::new()), 3);
    let mut chief = Disk::enrolled(&kit::issue(&station, 4, 4, Vec::new()), 4);
    one.write(&cell("A"), document_id(1), "name", "一");
    three.write(&cell("B"), document_id(2), "name", "三");
    one.complete(&station);
    three.complete(&station);
    one.complete(&station);
    chief.complete(&station);

    assert!(one.log_of(&cell("B")).is_empty() && three.log_of(&cell("A")).is_empty());
    assert_eq!((chief.log_of(&cell("A")).len(), chief.log_of(&cell("B")).len()), (1, 1));
}

#[test]
fn a_request_that_arrives_twice_is_stored_once_and_answered_with_the_same_receipts() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    for number in 0..10 {
        laptop.write(&cell("A"), document_id(number), "name", "一");
    }
    // Every request is delivered three times and only the last answer comes back.
    let outcome = laptop.sync(|bytes| {
        let first = station.exchange(&bytes, NOW_MS);
        let second = station.exchange(&bytes, NOW_MS);
        let third = station.exchange(&bytes, NOW_MS);
        assert_eq!(first.len(), second.len());
        assert_eq!(second, third);
        Ok(third)
    });
    assert!(matches!(outcome, Outcome::Done { .. }));
    let account = &station.replicas().unwrap()[0];
    assert_eq!((account.entries, account.set_aside), (10, 0));
    assert_eq!(laptop.receipts_through(), 10);
}

#[test]
fn a_laptop_that_overrates_the_station_hears_where_it_is_and_sends_again() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    for number in 0..6 {
        laptop.write(&cell("A"), document_id(number), "name", "一");
    }
    laptop.station_head = laptop.lane[3].1;
    laptop.complete(&station);
    assert_eq!(laptop.receipts_through(), 6);
    assert_eq!(station.replicas().unwrap()[0].entries, 6);
}

#[test]
fn a_long_history_comes_in_pages_within_the_budget_and_a_huge_entry_comes_alone() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut one = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    let mut two = Disk::enrolled(&kit::issue(&station, 2, 2, Vec::new()), 2);
    for number in 0..400 {
        let length = if number % 100 == 50 { 70_000 } else { 300 };
        one.write(&cell("A"), document_id(number), "notes", &"走".repeat(length));
        one.write(&ScopeId::station(), document_id(1000 + number), "notes", "所");
    }
    one.complete(&station);
    let mut pages = Vec::new();
    let outcome = two.sync(|bytes| {
        let answer = station.exchange(&bytes, NOW_MS);
        if let ResponseOutcome::Answer(answer) = Response::decode(&answer).unwrap().outcome {
            let all = answer.pages.iter().chain(answer.earlier.iter().map(|piece| &piece.page));
            let entries: Vec<usize> = all.flat_map(|page| &page.entries).map(LoggedEntry::size).collect();
            let behind: u64 = answer.pages.iter().map(|page| page.behind).sum::<u64>()
                + answer.earlier.iter().map(|piece| piece.page.from.seq).sum::<u64>();
            assert_eq!(answer.more == More::AskAgain, behind > 0);
            pages.push((entries.iter().sum::<usize>(), entries.len()));
        }
        Ok(answer)
    });
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    assert!(pages.len() > 3, "{pages:?}");
    assert!(pages.iter().all(|(bytes, count)| *bytes <= 1 << 20 || *count == 1), "{pages:?}");
    assert_eq!((two.log_of(&cell("A")).len(), two.log_of(&ScopeId::station()).len()), (400, 400));
    assert_eq!(two.documents.len(), 800);
}

#[test]
fn a_station_opened_again_has_everything_it_gave_a_receipt_for() {
    let dir = TempDir::new().unwrap();
    let mut laptop = {
        let station = kit::found(dir.path());
        let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
        for number in 0..5 {
            laptop.write(&cell("A"), document_id(number), "name", "一");
        }
        laptop.complete(&station);
        laptop
    };
    let station = Station::open(dir.path()).unwrap();
    laptop.complete(&station);
    let mut other = Disk::enrolled(&kit::issue(&station, 2, 2, Vec::new()), 2);
    other.complete(&station);
    assert_eq!(other.log_of(&cell("A")), laptop.log_of(&cell("A")));
    assert_eq!(other.log_of(&cell("A")).len(), 5);
}

#[test]
fn a_change_of_the_directory_by_another_process_is_seen_at_the_next_request() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    laptop.complete(&station);
    let held = laptop.directory.version;

    let administrator = Station::open(dir.path()).unwrap();
    let (version, ()) =
        administrator.edit("test", NOW_MS, |directory| station::edit::add_cell(directory, "C", "丙网格", &[])).unwrap();
    laptop.complete(&station);
    assert_eq!(version, held + 1);
    assert_eq!(laptop.directory.version, version);
    assert!(laptop.directory.cell("C").is_some());
}

#[test]
fn an_enrolment_used_a_second_time_is_refused_and_the_work_stays_on_the_second_laptop() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let enrolment = kit::issue(&station, 1, 1, Vec::new());
    let mut first = Disk::enrolled(&enrolment, 1);
    let mut second = Disk::enrolled(&enrolment, 2);
    first.write(&cell("A"), document_id(1), "name", "一");
    second.write(&cell("A"), document_id(2), "name", "二");
    first.complete(&station);

    let outcome = second.sync_with(&station);
    assert!(
        matches!(outcome, Outcome::Failed { reason: FailReason::Refused(RequestRefusal::TokenUsed), .. }),
        "{outcome:?}"
    );
    assert_eq!(second.lane.len(), 1);
    assert_eq!(second.receipts_through(), 0);
    let account = &station.replicas().unwrap()[0];
    assert_eq!((account.entries, account.refused_uses), (1, 1));
    // The first laptop is not harmed by the second.
    first.write(&cell("A"), document_id(3), "name", "三");
    first.complete(&station);
    assert_eq!(first.receipts_through(), 2);
}

#[test]
fn a_certificate_whose_answer_was_lost_is_not_a_second_use() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    laptop.write(&cell("A"), document_id(1), "name", "一");
    let lost = laptop.sync(|bytes| {
        let _ = station.exchange(&bytes, NOW_MS);
        Err(sync::laptop::RequestFailure::Interrupted)
    });
    assert!(matches!(lost, Outcome::Failed { .. }));
    laptop.complete(&station);
    assert_eq!(laptop.receipts_through(), 1);
    assert_eq!(station.replicas().unwrap()[0].refused_uses, 0);
}

#[test]
fn a_token_the_station_never_gave_out_is_refused() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut enrolment = kit::issue(&station, 1, 1, Vec::new());
    enrolment.token = [99; 32];
    let outcome = Disk::enrolled(&enrolment, 1).sync_with(&station);
    assert!(
        matches!(outcome, Outcome::Failed { reason: FailReason::Refused(RequestRefusal::TokenUnknown), .. }),
        "{outcome:?}"
    );
}

#[test]
fn what_a_revoked_laptop_wrote_is_set_aside_at_both_ends_and_it_gets_nothing() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    let mut other = Disk::enrolled(&kit::issue(&station, 2, 2, Vec::new()), 2);
    laptop.complete(&station);
    other.write(&cell("A"), document_id(1), "name", "二");
    other.complete(&station);
    laptop.write(&cell("A"), document_id(2), "name", "一");
    station.edit("test", NOW_MS, |directory| station::edit::revoke(directory, laptop.replica)).unwrap();

    laptop.complete(&station);
    assert_eq!(laptop.refused(), [(1, "replica_revoked")]);
    assert!(laptop.log_of(&cell("A")).is_empty());
    assert_eq!(laptop.directory.replica(laptop.replica).unwrap().state.code(), "revoked");
    let set_aside = station.set_aside().unwrap();
    assert_eq!(set_aside.len(), 1);
    assert_eq!(station.set_aside_entries(set_aside[0].act).unwrap().len(), 1);
}

#[test]
fn the_recovery_key_opens_with_the_code_on_paper_and_with_no_other() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let key = station.recovery_key(&kit::recovery_code()).unwrap();
    assert_eq!(key.public(), station.directory().unwrap().recovery_key);
    let wrong = sync::enrolment::EnrolmentCode::from_random([8; 12]);
    assert!(station.recovery_key(&wrong).is_err());
}

#[test]
fn the_database_is_unreadable_without_its_key_and_says_so() {
    let dir = TempDir::new().unwrap();
    drop(kit::found(dir.path()));
    let raw = std::fs::read(dir.path().join(station::DATABASE_FILE)).unwrap();
    assert!(!raw.starts_with(b"SQLite format 3"));
    let name = "青枫".as_bytes();
    assert!(!raw.windows(name.len()).any(|window| window == name));

    let key = dir.path().join(station::KEY_FILE);
    std::fs::write(&key, format!("{}\n", "ab".repeat(32))).unwrap();
    let fault = Station::open(dir.path()).err().unwrap().to_string();
    assert!(fault.contains("does not open"), "{fault}");
    std::fs::write(&key, "nonsense").unwrap();
    assert!(Station::open(dir.path()).err().unwrap().to_string().contains("not a station key"));
    std::fs::remove_file(&key).unwrap();
    assert!(Station::open(dir.path()).is_err());
}
