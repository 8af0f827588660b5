//! Refusals and how they spread; moves and erasures.

use sync::lane::{EntryKind, EraseBody, MoveBody};
use sync::scope_log::PulledContent;
use tempfile::TempDir;

use crate::kit::{self, Disk, cell, document_id};

#[test]
fn an_entry_outside_the_officers_cells_is_set_aside_with_its_act_and_all_that_builds_on_it() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut laptop = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    let act = laptop.new_act();
    laptop.write_in(act, &cell("A"), document_id(1), "name", "同一动作");
    laptop.write_in(act, &cell("B"), document_id(2), "name", "别的网格");
    laptop.write(&cell("A"), document_id(1), "phone", "接在被拒之后");
    laptop.write(&cell("A"), document_id(3), "name", "不相干");
    laptop.complete(&station);

    assert_eq!(laptop.refused(), [(1, "act_refused"), (2, "scope_not_assigned"), (3, "dependency_refused")]);
    assert_eq!(laptop.receipts_through(), 4);
    let mut other = Disk::enrolled(&kit::issue(&station, 2, 2, Vec::new()), 2);
    other.complete(&station);
    assert_eq!(other.log_of(&cell("A")).len(), 1);
    assert_eq!(other.documents.keys().copied().collect::<Vec<_>>(), [document_id(3)]);

    let acts = station.set_aside().unwrap();
    assert_eq!(
        acts.iter().map(|one| (one.entries, one.reason.code())).collect::<Vec<_>>(),
        [(2, "scope_not_assigned"), (1, "dependency_refused"),]
    );
    let entries = station.set_aside_entries(acts[0].act).unwrap();
    assert!(entries.iter().all(|one| one.entry.is_some()));
}

#[test]
fn a_moved_document_arrives_whole_in_its_new_cell_and_late_edits_follow_it() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut one = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    let mut three = Disk::enrolled(&kit::issue(&station, 3, 3, Vec::new()), 3);
    let mut chief = Disk::enrolled(&kit::issue(&station, 4, 4, Vec::new()), 4);
    one.write(&cell("A"), document_id(1), "name", "一户");
    one.write(&cell("A"), document_id(1), "phone", "1");
    one.write(&cell("A"), document_id(2), "name", "不动");
    one.complete(&station);
    chief.complete(&station);
    let act = chief.new_act();
    let body = MoveBody { to: cell("B"), documents: vec![document_id(1)] }.to_body();
    chief.append(act, &cell("A"), document_id(1), EntryKind::Move, body);
    chief.complete(&station);
    assert!(chief.refused().is_empty(), "{:?}", chief.refused());

    // Written before the laptop heard of the move.
    one.write(&cell("A"), document_id(1), "phone", "2");
    one.complete(&station);
    assert!(one.refused().is_empty(), "{:?}", one.refused());
    three.complete(&station);
    assert_eq!(three.log_of(&cell("B")).len(), 4);
    let kinds: Vec<_> = three.pulled.iter().map(|(_, entry)| entry.header.as_ref().unwrap().kind.code()).collect();
    assert_eq!(kinds, ["change", "change", "move", "change"]);
    let one_heads = one.documents.get_mut(&document_id(1)).unwrap().get_heads();
    assert_eq!(three.documents.get_mut(&document_id(1)).unwrap().get_heads(), one_heads);
}

#[test]
fn an_erased_document_leaves_no_text_at_the_station_and_takes_no_more_edits() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut one = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    let mut two = Disk::enrolled(&kit::issue(&station, 2, 2, Vec::new()), 2);
    let mut chief = Disk::enrolled(&kit::issue(&station, 4, 4, Vec::new()), 4);
    one.write(&cell("A"), document_id(1), "name", "要删的");
    one.complete(&station);
    chief.complete(&station);
    let act = chief.new_act();
    let body = EraseBody { reason: "request".to_owned() }.to_body();
    chief.append(act, &cell("A"), document_id(1), EntryKind::Erase, body);
    chief.complete(&station);
    assert!(chief.refused().is_empty(), "{:?}", chief.refused());

    one.write(&cell("A"), document_id(1), "name", "又写");
    one.complete(&station);
    assert_eq!(one.refused(), [(2, "document_erased")]);
    two.complete(&station);
    let contents: Vec<_> =
        two.pulled.iter().map(|(_, entry)| matches!(entry.content, PulledContent::Erased { .. })).collect();
    assert_eq!(contents, [true, false]);
}

#[test]
fn an_officer_who_loses_a_cell_no_longer_gets_what_is_written_there() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut one = Disk::enrolled(&kit::issue(&station, 1, 1, Vec::new()), 1);
    let mut two = Disk::enrolled(&kit::issue(&station, 2, 2, Vec::new()), 2);
    two.complete(&station);
    station
        .edit("test", kit::NOW_MS, |directory| {
            directory.assignments.retain(|duty| duty.officer != kit::officer_id(2));
            Ok(())
        })
        .unwrap();
    one.write(&cell("A"), document_id(1), "name", "一");
    one.complete(&station);
    // Written under the directory it held then, and in the cell it had then: accepted.
    two.write(&cell("A"), document_id(2), "name", "二");
    two.complete(&station);
    assert!(two.refused().is_empty(), "{:?}", two.refused());
    assert!(two.log_of(&cell("A")).is_empty());
    // Written after it knew: set aside.
    two.write(&cell("A"), document_id(3), "name", "三");
    two.complete(&station);
    assert_eq!(two.refused(), [(2, "scope_not_assigned")]);
}
