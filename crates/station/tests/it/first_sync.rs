//! A laptop that begins: newest work first, whole documents, each body once, from wherever the line broke.

use std::collections::BTreeSet;

use station::Station;
use sync::first_sync::Backlog;
use sync::ids::{DocumentId, Hash, ScopeId};
use sync::lane::{EntryKind, EraseBody, MoveBody};
use sync::laptop::{Outcome, RequestFailure};
use sync::limits;
use sync::scope_log::LoggedEntry;
use sync::wire::{Answer, More, Response, ResponseOutcome};
use tempfile::TempDir;

use crate::kit::{self, Disk, NOW_MS, cell, document_id};

fn laptop(station: &Station, officer: u64, number: u64) -> Disk {
    Disk::enrolled(&kit::issue(station, officer, number, Vec::new()), number)
}

fn answer(bytes: &[u8]) -> Answer {
    match Response::decode(bytes).unwrap().outcome {
        ResponseOutcome::Answer(answer) => *answer,
        ResponseOutcome::Refused(refusal) => panic!("{refusal:?}"),
    }
}

/// Exchanges until so many answers came; then the line breaks.
fn rounds(laptop: &mut Disk, station: &Station, most: usize) -> (Outcome, Vec<Answer>) {
    let mut answers = Vec::new();
    let outcome = laptop.sync(|bytes| {
        if answers.len() == most {
            return Err(RequestFailure::Interrupted);
        }
        let bytes = station.exchange(&bytes, NOW_MS);
        answers.push(answer(&bytes));
        Ok(bytes)
    });
    (outcome, answers)
}

/// Documents of about a kilobyte, one change each.
fn fill(laptop: &mut Disk, documents: std::ops::Range<u64>) {
    for number in documents {
        laptop.write(&cell("A"), document_id(number), "notes", &"走访".repeat(170));
    }
}

fn value(laptop: &Disk, document: DocumentId, key: &str) -> Option<String> {
    use automerge::ReadDoc as _;
    let found = laptop.documents.get(&document)?.get(automerge::ROOT, key).unwrap()?;
    Some(found.0.into_string().unwrap())
}

/// Headers of entries that came with their bodies.
fn bodies(answers: &[Answer]) -> Vec<Hash> {
    let pieces = || answers.iter().flat_map(|answer| &answer.earlier);
    let placed = pieces().flat_map(|piece| &piece.page.entries).filter_map(|one| match one {
        LoggedEntry::Full { entry, .. } => Some(entry.header_hash()),
        LoggedEntry::Erased { .. } | LoggedEntry::Yours { .. } | LoggedEntry::Sent { .. } => None,
    });
    let whole = pieces().filter_map(|piece| {
        let key = sync::crypto::SignKey::from_seed(&kit::seed(11, 1)).public();
        piece.whole.clone().map(|signed| signed.verify(&key).unwrap().into_value().entries)
    });
    placed.chain(whole.flatten().map(|one| one.entry.header_hash())).collect()
}

#[test]
fn the_newest_work_comes_first_and_whole_and_each_body_once() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let (mut one, mut two) = (laptop(&station, 1, 1), laptop(&station, 2, 2));
    let dispute = document_id(9000);
    one.write(&cell("A"), dispute, "title", "界址");
    fill(&mut one, 0..400);
    one.write(&cell("A"), dispute, "place", "枫一村");
    fill(&mut one, 400..1000);
    one.write(&cell("A"), dispute, "result", "已约定");
    one.complete(&station);

    let (_, mut answers) = rounds(&mut two, &station, 1);
    let left = two.backlogs[&cell("A")].position.seq;
    assert!(left > 800, "{left} to come");
    let opened = ["title", "place", "result"].map(|key| value(&two, dispute, key));
    assert_eq!(opened, ["界址", "枫一村", "已约定"].map(|text| Some(text.to_owned())));
    assert_eq!(answers[0].more, More::AskAgain);
    // what is written meanwhile comes before what is old
    one.write(&cell("A"), dispute, "result", "已签");
    one.complete(&station);
    for _ in 0..100 {
        let (outcome, more) = rounds(&mut two, &station, 1);
        if answers.len() == 1 {
            assert_eq!(value(&two, dispute, "result").unwrap(), "已签");
        }
        answers.extend(more);
        if matches!(outcome, Outcome::Done { .. }) {
            break;
        }
    }
    assert!(two.backlogs.is_empty() && answers.len() > 3);
    assert_eq!(two.log_of(&cell("A")), one.log_of(&cell("A")));
    let bodies = bodies(&answers);
    assert_eq!(bodies.len(), bodies.iter().collect::<BTreeSet<_>>().len(), "a body travelled twice");
    assert_eq!(bodies.len(), 1003);
}

#[test]
fn a_document_with_a_history_above_the_limit_goes_in_the_order_of_the_log_and_holds_nothing_up() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let (mut one, mut two) = (laptop(&station, 1, 1), laptop(&station, 2, 2));
    let long = document_id(9000);
    for part in 0..4 {
        one.write(&cell("A"), long, "record", &format!("{part}").repeat(limits::WHOLE_DOCUMENT_BYTES_MAX / 3));
        fill(&mut one, part * 100..part * 100 + 100);
    }
    one.write(&cell("A"), long, "state", "结");
    one.complete(&station);
    let (_, first) = rounds(&mut two, &station, 1);
    assert!(first[0].earlier[0].whole.is_none() && value(&two, long, "state").is_none());
    two.complete(&station);
    assert_eq!(two.log_of(&cell("A")), one.log_of(&cell("A")));
    assert_eq!(value(&two, long, "state").as_deref(), Some("结"));
}

#[test]
fn every_cell_of_a_chief_brings_its_newest_work_in_the_first_answer() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let (mut one, mut three, mut chief) = (laptop(&station, 1, 1), laptop(&station, 3, 3), laptop(&station, 4, 4));
    for number in 0..300 {
        one.write(&cell("A"), document_id(number), "notes", &"走访".repeat(170));
        three.write(&cell("B"), document_id(1000 + number), "notes", &"走访".repeat(170));
    }
    one.complete(&station);
    three.complete(&station);
    let (_, answers) = rounds(&mut chief, &station, 1);
    let brought = |scope: &ScopeId| chief.pulled.iter().filter(|(of, _)| of == scope).count();
    let (a, b) = (brought(&cell("A")), brought(&cell("B")));
    assert!(a > 20 && b > 20 && a < 300 && b < 300, "{a} and {b}");
    assert_eq!(answers[0].earlier.len(), 2);
    chief.complete(&station);
    assert_eq!(chief.documents.len(), 600);
}

#[test]
fn documents_moved_in_moved_away_and_erased_come_newest_first_as_they_came_to_others() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let (mut one, mut three, mut chief) = (laptop(&station, 1, 1), laptop(&station, 3, 3), laptop(&station, 4, 4));
    fill(&mut one, 0..100);
    one.complete(&station);
    chief.complete(&station);
    let moving = MoveBody { to: cell("B"), documents: (10..20).map(document_id).collect() };
    let act = one.new_act();
    one.append(act, &cell("A"), document_id(10), EntryKind::Move, moving.to_body());
    fill(&mut one, 100..300);
    one.complete(&station);
    three.complete(&station);
    three.write(&cell("B"), document_id(12), "phone", "1");
    three.complete(&station);
    chief.complete(&station);
    let act = chief.new_act();
    let erase = EraseBody { reason: "subject_request".to_owned() };
    chief.append(act, &cell("A"), document_id(30), EntryKind::Erase, erase.to_body());
    let act = chief.new_act();
    chief.append(act, &cell("B"), document_id(13), EntryKind::Erase, erase.to_body());
    chief.complete(&station);
    three.write(&cell("B"), document_id(14), "phone", "2");
    three.complete(&station);
    one.complete(&station);

    for (officer, number, of) in [(1, 11, &one), (3, 13, &three)] {
        let scope = if officer == 1 { cell("A") } else { cell("B") };
        let mut new = laptop(&station, officer, number);
        for _ in 0..100 {
            if matches!(rounds(&mut new, &station, 1).0, Outcome::Done { .. }) {
                break;
            }
        }
        assert!(new.backlogs.is_empty());
        assert_eq!(new.log_of(&scope), of.log_of(&scope));
        assert!(!new.documents.contains_key(&document_id(if officer == 1 { 30 } else { 13 })));
    }
}

#[test]
fn a_backlog_that_is_not_on_the_log_makes_the_laptop_begin_again_oldest_first() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let (mut one, mut two) = (laptop(&station, 1, 1), laptop(&station, 2, 2));
    fill(&mut one, 0..400);
    one.complete(&station);
    rounds(&mut two, &station, 1);
    let Backlog { position, .. } = two.backlogs.get_mut(&cell("A")).unwrap();
    position.chain.0[0] ^= 1;
    let outcome = two.sync_with(&station);
    assert!(matches!(outcome, Outcome::Failed { .. }), "{outcome:?}");
    assert!(two.backlogs.is_empty() && two.cursors[&cell("A")].seq == 0);
    two.complete(&station);
    assert_eq!(two.log_of(&cell("A")), one.log_of(&cell("A")));
}
