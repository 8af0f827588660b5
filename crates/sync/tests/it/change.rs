//! Only one well-formed, flat, uncompressed change passes; bombs are stopped before automerge sees them.

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjType, ROOT};
use proptest::prelude::*;
use sync::change::{self, ChangeFault};
use sync::crypto;
use sync::ids::Hash;
use sync::limits;

use crate::kit::{self, Paper};

#[test]
fn a_change_tells_its_hash_actor_number_and_dependencies() {
    let mut paper = Paper::new(kit::document_id(1), kit::actor(1));
    let first = change::check(&paper.set("name", "王小明")).unwrap();
    let second = change::check(&paper.set("phone", "13800000000")).unwrap();
    assert_eq!((first.seq, first.ops, first.deps.len()), (1, 1, 0));
    assert_eq!(first.actor, kit::actor(1));
    assert_eq!((second.seq, second.deps), (2, vec![first.hash]));
    let head = paper.doc.get_heads()[0];
    assert_eq!(second.hash, Hash(head.0));
}

#[test]
fn a_delete_and_every_kind_of_scalar_pass() {
    let mut paper = Paper::new(kit::document_id(1), kit::actor(1));
    paper.doc.put(ROOT, "text", "枫桥").unwrap();
    paper.doc.put(ROOT, "number", -7_i64).unwrap();
    paper.doc.put(ROOT, "yes", true).unwrap();
    paper.doc.put(ROOT, "nothing", automerge::ScalarValue::Null).unwrap();
    assert_eq!(change::check(&paper.commit()).unwrap().ops, 4);
    paper.doc.delete(ROOT, "text").unwrap();
    assert!(change::check(&paper.commit()).is_ok());
}

#[test]
fn a_merge_of_two_branches_names_both() {
    let mut mine = Paper::new(kit::document_id(1), kit::actor(1));
    mine.set("phone", "1");
    let mut theirs = Paper { id: mine.id, doc: mine.doc.fork().with_actor(ActorId::from([9; 16].to_vec())) };
    mine.set("phone", "2");
    theirs.set("phone", "3");
    mine.doc.merge(&mut theirs.doc).unwrap();
    assert_eq!(change::check(&mine.set("phone", "4")).unwrap().deps.len(), 2);
}

#[test]
fn nested_objects_and_lists_are_not_flat() {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(kit::actor(1).0.to_vec()));
    let list = doc.put_object(ROOT, "list", ObjType::List).unwrap();
    let mut paper = Paper { id: kit::document_id(1), doc };
    assert_eq!(change::check(&paper.commit()), Err(ChangeFault::NotFlat));
    paper.doc.insert(&list, 0, "x").unwrap();
    assert_eq!(change::check(&paper.commit()), Err(ChangeFault::NotFlat));
}

#[test]
fn documents_compressed_chunks_and_two_changes_in_one_are_refused() {
    let mut paper = Paper::new(kit::document_id(1), kit::actor(1));
    let one = paper.set("note", &"字".repeat(500));
    let two = paper.set("note", "b");
    let mut parsed = automerge::Change::from_bytes(one.clone()).unwrap();
    let compressed = parsed.bytes().to_vec();
    assert_ne!(compressed, one, "long enough to be compressed");
    for bytes in [paper.doc.save(), compressed, [one.as_slice(), &two].concat(), Vec::new(), vec![0; 40]] {
        assert_eq!(change::check(&bytes), Err(ChangeFault::NotAChangeChunk));
    }
    let mut wrong = one;
    *wrong.last_mut().unwrap() ^= 1;
    assert_eq!(change::check(&wrong), Err(ChangeFault::Checksum));
}

#[test]
fn an_actor_of_another_length_is_refused() {
    let doc = AutoCommit::new().with_actor(ActorId::from([7; 8].to_vec()));
    let mut paper = Paper { id: kit::document_id(1), doc };
    assert_eq!(change::check(&paper.set("a", "b")), Err(ChangeFault::ActorLength));
}

fn unsigned(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

/// A positive run length as signed LEB128.
fn run(length: u64) -> Vec<u8> {
    let mut out = unsigned(length);
    if out.last().is_some_and(|last| last & 0x40 != 0) {
        *out.last_mut().unwrap() |= 0x80;
        out.push(0);
    }
    out
}

fn chunk(contents: &[u8]) -> Vec<u8> {
    let hashed = [&[1], unsigned(contents.len() as u64).as_slice(), contents].concat();
    let hash = crypto::sha256(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83], &hash.as_bytes()[..4], &hashed].concat()
}

fn forged(actors: u64, deps: u64, columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut contents = unsigned(deps);
    contents.extend(std::iter::repeat_n(5, 32 * deps.min(1000) as usize));
    contents.extend([16; 17]);
    contents.extend([1, 1, 0, 0]);
    contents.extend(unsigned(actors));
    contents.extend(unsigned(columns.len() as u64));
    for (specification, data) in columns {
        contents.extend(unsigned(*specification));
        contents.extend(unsigned(data.len() as u64));
    }
    columns.iter().for_each(|(_, data)| contents.extend(data));
    chunk(&contents)
}

fn repeated(count: u64, preds: u64) -> Vec<(u64, Vec<u8>)> {
    vec![
        (0x15, [run(count), vec![1, b'a']].concat()),
        (0x34, unsigned(count)),
        (0x42, [run(count), vec![1]].concat()),
        (0x56, [run(count), vec![0]].concat()),
        (0x70, [run(count), unsigned(preds)].concat()),
    ]
}

#[test]
fn a_forged_change_of_two_operations_is_read_by_automerge_too() {
    // Shows that the bombs below have the right shape and fail for their size alone.
    assert_eq!(change::check(&forged(0, 0, &repeated(2, 0))).unwrap().ops, 2);
}

#[test]
fn bombs_of_operations_predecessors_dependencies_and_actors_are_stopped_by_count() {
    for bomb in [
        forged(0, 0, &repeated(1 << 60, 0)),
        forged(0, 0, &repeated(limits::CHANGE_OPS_MAX + 1, 0)),
        forged(0, 0, &repeated(1, 1 << 50)),
        forged(0, 0, &repeated(4000, 5)),
        forged(0, 1 << 40, &[]),
        forged(1 << 40, 0, &[]),
    ] {
        assert_eq!(change::check(&bomb), Err(ChangeFault::OverLimit));
    }
    assert_eq!(change::check(&vec![0; limits::BODY_BYTES_MAX + 1]), Err(ChangeFault::TooLarge));
}

proptest! {
    #![proptest_config(kit::cases(2000))]

    #[test]
    fn contents_of_any_kind_under_a_right_checksum_never_panic(contents in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = change::check(&chunk(&contents));
    }

    #[test]
    fn columns_of_any_kind_never_panic(
        specs in prop::collection::vec((prop::sample::select(vec![0x01u64, 0x02, 0x11, 0x13, 0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73, 0x94, 0xa5]), prop::collection::vec(any::<u8>(), 0..12)), 0..10)
    ) {
        let _ = change::check(&forged(0, 0, &specs));
    }
}
