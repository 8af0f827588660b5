//! What an earlier build of the station set aside because it could not read it is judged again by the next.

use station::Station;
use sync::known::Known;
use sync::lane::{EntryKind, MoveBody};
use tempfile::TempDir;

use crate::kit::{self, Disk, cell, document_id};

#[test]
fn an_act_of_a_kind_unknown_before_is_taken_with_all_that_stood_or_fell_with_it() {
    let dir = TempDir::new().unwrap();
    drop(kit::found(dir.path()));
    let earlier = Station::open_knowing(dir.path(), Known::here().before(EntryKind::Move)).unwrap();
    let mut chief = Disk::enrolled(&kit::issue(&earlier, 4, 4, Vec::new()), 4);
    chief.write(&cell("A"), document_id(1), "name", "要搬走");
    chief.complete(&earlier);
    let act = chief.new_act();
    let body = MoveBody { to: cell("B"), documents: vec![document_id(1)] }.to_body();
    chief.append(act, &cell("A"), document_id(1), EntryKind::Move, body);
    chief.write_in(act, &cell("A"), document_id(2), "name", "同一件事");
    chief.write(&cell("A"), document_id(2), "phone", "接着写");
    chief.write(&cell("A"), document_id(3), "name", "别的事");
    chief.complete(&earlier);
    let reasons = [(2, "kind_unknown"), (3, "act_refused"), (4, "dependency_refused")];
    assert_eq!(chief.refused(), reasons);
    assert_eq!(earlier.set_aside().unwrap().len(), 2);
    drop(earlier);

    let station = Station::open(dir.path()).unwrap();
    assert!(station.set_aside().unwrap().is_empty());
    chief.complete(&station);
    assert_eq!((chief.log_of(&cell("A")).len(), chief.log_of(&cell("B")).len()), (5, 2));
    // once is enough
    drop(station);
    let station = Station::open(dir.path()).unwrap();
    let mut three = Disk::enrolled(&kit::issue(&station, 3, 3, Vec::new()), 3);
    three.complete(&station);
    assert_eq!((three.log_of(&cell("B")), three.documents.len()), (chief.log_of(&cell("B")), 1));
}

#[test]
fn what_is_set_aside_for_what_it_is_stays_so() {
    let dir = TempDir::new().unwrap();
    drop(kit::found(dir.path()));
    let earlier = Station::open_knowing(dir.path(), Known::here().before(EntryKind::Move)).unwrap();
    let mut one = Disk::enrolled(&kit::issue(&earlier, 1, 1, Vec::new()), 1);
    one.write(&cell("B"), document_id(1), "name", "别人的片区");
    let act = one.new_act();
    one.append(act, &cell("A"), document_id(2), EntryKind::Change, vec![1, 2, 3]);
    one.complete(&earlier);
    let before = earlier.set_aside().unwrap();
    drop(earlier);
    let station = Station::open(dir.path()).unwrap();
    assert_eq!(station.set_aside().unwrap(), before);
    assert_eq!(before.len(), 2);
}
