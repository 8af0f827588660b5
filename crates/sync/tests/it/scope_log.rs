//! A page is believed only if it leads from the cursor to a checkpoint of the station; one bad entry harms no other.

use sync::crypto::{SignKey, Signed};
use sync::ids::StationId;
use sync::lane::Entry;
use sync::scope_log::{Checkpoint, EntryFault, LogPosition, LoggedEntry, Page, PageFault, PulledContent, VerifiedPage};

use crate::frame::lane_of;
use crate::kit;

pub(crate) fn logged(replica: u64, entry: &Entry) -> LoggedEntry {
    LoggedEntry::Full { replica: kit::replica_id(replica), entry: entry.clone() }
}

fn genesis(epoch: u32) -> LogPosition {
    LogPosition::genesis(kit::station_id(), &kit::cell("A"), epoch)
}

pub(crate) fn page(from: LogPosition, entries: Vec<LoggedEntry>) -> Page {
    let end = entries.iter().fold(from, |at, logged| match logged {
        LoggedEntry::Full { replica, entry } => at.next(*replica, &entry.header_hash()),
        LoggedEntry::Erased { replica, header } => at.next(*replica, &sync::lane::header_hash(header)),
        LoggedEntry::Yours { header_hash, .. } => at.next(kit::replica_id(1), header_hash),
        LoggedEntry::Sent { replica, header_hash, .. } => at.next(*replica, header_hash),
    });
    let checkpoint = Checkpoint { station: kit::station_id(), scope: kit::cell("A"), position: end };
    Page { from, entries, checkpoint: Signed::sign(&checkpoint, &kit::station_key()), behind: 0 }
}

fn verify(page: Page, cursor: Option<LogPosition>) -> Result<VerifiedPage, PageFault> {
    page.verify(kit::station_id(), &kit::station_public(), kit::replica_id(1), |_| cursor.into_iter().collect())
}

#[test]
fn a_page_leads_from_cursor_to_checkpoint() {
    let lane = lane_of(2, &[&[10], &[10], &[10]]);
    let first = verify(page(genesis(1), vec![logged(2, &lane[0])]), None).unwrap();
    let cursor = first.checkpoint().position;
    assert_eq!((cursor.seq, first.entries()[0].seq), (1, 1));
    let second = verify(page(cursor, vec![logged(2, &lane[1]), logged(2, &lane[2])]), Some(cursor)).unwrap();
    assert_eq!(second.checkpoint().position.seq, 3);
    assert!(second.entries().iter().all(|one| matches!(one.content, PulledContent::Change { .. })));
}

#[test]
fn a_page_that_leaves_out_adds_swaps_or_starts_elsewhere_is_not_believed() {
    let lane = lane_of(2, &[&[10], &[10], &[10]]);
    let good = page(genesis(1), lane.iter().map(|entry| logged(2, entry)).collect());
    assert!(verify(good.clone(), None).is_ok());
    let mut short = good.clone();
    short.entries.pop();
    assert_eq!(verify(short, None).unwrap_err(), PageFault::ChainBroken);
    let mut swapped = good.clone();
    swapped.entries.swap(0, 1);
    assert_eq!(verify(swapped, None).unwrap_err(), PageFault::ChainBroken);
    let mut other_lane = good.clone();
    other_lane.entries[0] = logged(3, &lane[0]);
    assert_eq!(verify(other_lane, None).unwrap_err(), PageFault::ChainBroken);
    let elsewhere = verify(good.clone(), Some(LogPosition { seq: 1, ..genesis(1) }));
    assert_eq!(elsewhere.unwrap_err(), PageFault::NotAtCursor);
    let mut late = good.clone();
    late.from.seq = 5;
    assert_eq!(verify(late, None).unwrap_err(), PageFault::NotAtCursor);
    let forged = Checkpoint { station: kit::station_id(), scope: kit::cell("A"), position: genesis(1) };
    let forged = Page { checkpoint: Signed::sign(&forged, &SignKey::from_seed(&[8; 32])), ..good.clone() };
    assert!(matches!(verify(forged, None), Err(PageFault::Signature(_))));
    let stranger = Checkpoint { station: StationId(kit::uuid(1, 2)), scope: kit::cell("A"), position: genesis(1) };
    let stranger = Page { checkpoint: Signed::sign(&stranger, &kit::station_key()), ..good };
    assert_eq!(verify(stranger, None).unwrap_err(), PageFault::AnotherStation);
}

#[test]
fn a_page_goes_on_through_epochs_from_a_place_shown_and_an_old_epoch_is_not_believed() {
    let lane = lane_of(2, &[&[10], &[11]]);
    let first = verify(page(genesis(2), vec![logged(2, &lane[0])]), None).unwrap().checkpoint().position;
    let lost = first.next(kit::replica_id(9), &sync::ids::Hash([9; 32]));
    let again = page(LogPosition { epoch: 3, ..first }, vec![logged(2, &lane[1])]);
    let verify = |page: &Page, shown: &[LogPosition]| {
        page.clone().verify(kit::station_id(), &kit::station_public(), kit::replica_id(1), |_| shown.to_vec())
    };
    let newer = verify(&again, &[lost, first]).unwrap();
    assert_eq!((newer.from().seq, newer.checkpoint().position.seq, newer.checkpoint().position.epoch), (1, 2, 3));
    assert_eq!(verify(&again, &[lost]).unwrap_err(), PageFault::NotAtCursor);
    let older = page(LogPosition { epoch: 1, ..first }, vec![logged(2, &lane[1])]);
    assert_eq!(verify(&older, &[first]).unwrap_err(), PageFault::EpochWentBack { found: 1, held: 2 });
}

#[test]
fn a_bad_entry_is_kept_aside_and_the_others_arrive() {
    let lane = lane_of(2, &[&[10], &[11], &[10]]);
    let mut other_body = lane[1].clone();
    other_body.body = lane[0].body.clone();
    let mut no_header = lane[2].clone();
    no_header.header = vec![1, 2, 3];
    let entries = vec![logged(2, &lane[0]), logged(2, &other_body), logged(2, &no_header)];
    let verified = verify(page(genesis(1), entries), None).unwrap();
    let faults: Vec<_> = verified
        .entries()
        .iter()
        .map(|one| match &one.content {
            PulledContent::Quarantined { fault, .. } => Some(*fault),
            PulledContent::Change { .. }
            | PulledContent::Control { .. }
            | PulledContent::Erased { .. }
            | PulledContent::Sent { .. }
            | PulledContent::Own { .. } => None,
        })
        .collect();
    assert_eq!(faults, [None, Some(EntryFault::BodyNotCommitted), Some(EntryFault::Header)]);
}

#[test]
fn own_and_erased_entries_keep_the_chain_whole() {
    let (mine, theirs) = (lane_of(1, &[&[10]]), lane_of(2, &[&[10]]));
    let entries = vec![
        LoggedEntry::Yours { index: 1, header_hash: mine[0].header_hash() },
        LoggedEntry::Erased { replica: kit::replica_id(2), header: theirs[0].header.clone() },
    ];
    let full = page(genesis(1), vec![logged(1, &mine[0]), logged(2, &theirs[0])]);
    let short = page(genesis(1), entries);
    assert_eq!(full.checkpoint.to_bytes(), short.checkpoint.to_bytes());
    let verified = verify(short, None).unwrap();
    assert_eq!(verified.entries()[0].content, PulledContent::Own { index: 1 });
    assert!(matches!(verified.entries()[1].content, PulledContent::Erased { .. }));
    assert!(verified.entries()[1].header.is_some());
}
