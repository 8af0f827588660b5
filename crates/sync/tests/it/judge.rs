//! What the station takes, what it sets aside and why, and that it never loses its footing.

use std::collections::{BTreeMap, BTreeSet};

use sync::crypto::SignKey;
use sync::directory::{AssignedTo, Assignment, ReplicaState};
use sync::frame::{self, Frame};
use sync::ids::{DocumentId, ScopeId};
use sync::judge::{self, Admission, Facts, Judgement, MissingDependency, Ruling};
use sync::lane::{self, Entry, EntryDraft, EntryKind, EraseBody, FreezeBody, LaneHead, MoveBody, Replaces};
use sync::receipt::RefusalReason;
use sync::wire::FrameRejection;

use crate::kit::station::ModelStation;
use crate::kit::{self, NOW_MS, Paper};

/// A replica that writes and the station that judges, one frame at a time.
struct Court {
    station: ModelStation,
}

/// A writer's lane.
struct Writer {
    number: u64,
    head: LaneHead,
}

impl Writer {
    fn new(number: u64) -> Self {
        Self { number, head: LaneHead::genesis(kit::replica_id(number)) }
    }

    fn frame(&mut self, drafts: Vec<EntryDraft>) -> Frame {
        let entries: Vec<Entry> = drafts
            .into_iter()
            .map(|draft| {
                let (entry, head) = lane::append(self.head, draft).unwrap();
                self.head = head;
                entry
            })
            .collect();
        self.seal(entries)
    }

    fn seal(&self, entries: Vec<Entry>) -> Frame {
        let key = kit::replica_key(self.number);
        frame::cut(kit::station_id(), kit::replica_id(self.number), entries, &key).unwrap().remove(0)
    }
}

impl Court {
    fn new() -> Self {
        Self { station: ModelStation::new(kit::directory(), kit::station_key()) }
    }

    fn judge(&mut self, frame: Frame) -> Judgement {
        self.station.judge_frame(frame, NOW_MS)
    }

    /// Judges one frame of a new writer and gives the reason for each entry, `None` where it was taken.
    fn reasons(&mut self, writer: &mut Writer, drafts: Vec<EntryDraft>) -> Vec<Option<RefusalReason>> {
        let frame = writer.frame(drafts);
        reasons(&self.judge(frame))
    }
}

fn reasons(judgement: &Judgement) -> Vec<Option<RefusalReason>> {
    let reason = |ruling: &Ruling| match ruling {
        Ruling::Refused(reason) => Some(*reason),
        Ruling::Log { .. } | Ruling::Move { .. } | Ruling::Erase { .. } | Ruling::Held => None,
    };
    judgement.entries.iter().map(|one| reason(&one.ruling)).collect()
}

fn one_change(by: u64, document: u64, act: u64) -> EntryDraft {
    let id = kit::document_id(document);
    let body = Paper::new(id, kit::actor(by)).set("name", &format!("{document}"));
    kit::draft(by, id, act, body)
}

fn single(writer: u64, change: impl FnOnce(&mut EntryDraft)) -> Option<RefusalReason> {
    let mut draft = one_change(writer, 1, 1);
    change(&mut draft);
    Court::new().reasons(&mut Writer::new(writer), vec![draft])[0]
}

#[test]
fn an_officer_writes_in_his_cell_and_in_the_stations_scope() {
    assert_eq!(single(1, |_| {}), None);
    assert_eq!(single(1, |draft| draft.scope = ScopeId::station()), None);
    assert_eq!(single(4, |draft| draft.scope = kit::cell("B")), None);
    assert_eq!(single(5, |_| {}), None);
}

#[test]
fn each_thing_that_may_not_be_has_its_reason() {
    use RefusalReason as R;
    assert_eq!(single(1, |draft| draft.scope = kit::cell("B")), Some(R::ScopeNotAssigned));
    assert_eq!(single(4, |draft| draft.scope = "cell:A:sensitive".parse().unwrap()), Some(R::ScopeNotAssigned));
    assert_eq!(single(6, |_| {}), Some(R::RoleMayNot));
    assert_eq!(single(5, |draft| draft.kind = EntryKind::Decision), Some(R::RoleMayNot));
    assert_eq!(single(1, |draft| draft.officer = kit::officer_id(4)), Some(R::OfficerNotOfReplica));
    assert_eq!(single(1, |draft| draft.directory_version = 8), Some(R::DirectoryVersionUnknown));
    assert_eq!(single(1, |draft| draft.body = vec![1, 2, 3]), Some(R::MalformedBody));
    assert_eq!(single(1, |draft| draft.kind = EntryKind::Other(200)), Some(R::KindUnknown));
    let dead = Replaces { replica: kit::replica_id(2), index: 1 };
    assert_eq!(single(1, |draft| draft.replaces = Some(dead)), Some(R::NotASuccessor));
    let erase = EraseBody { reason: "subject_request".to_owned() }.to_body();
    let with = |draft: &mut EntryDraft| {
        draft.kind = EntryKind::Erase;
        draft.body = erase.clone();
    };
    assert_eq!(single(1, with), Some(R::RoleMayNot));
    assert_eq!(single(4, with), Some(R::DependencyUnknown));
}

#[test]
fn a_body_other_than_the_one_committed_to_is_set_aside_and_the_rest_passes() {
    let mut writer = Writer::new(1);
    let mut frame = writer.frame(vec![one_change(1, 1, 1), one_change(1, 2, 2)]);
    frame.entries[0].body = frame.entries[1].body.clone();
    let judged = Court::new().judge(frame);
    assert_eq!(reasons(&judged), [Some(RefusalReason::BodyNotCommitted), None]);
}

#[test]
fn a_revoked_replicas_entries_are_set_aside() {
    let mut court = Court::new();
    court.station.change_directory(|next| next.replicas[0].state = ReplicaState::Revoked);
    let reasons = court.reasons(&mut Writer::new(1), vec![one_change(1, 1, 1)]);
    assert_eq!(reasons, [Some(RefusalReason::ReplicaRevoked)]);
}

#[test]
fn an_entry_is_judged_by_the_directory_it_names() {
    let mut court = Court::new();
    court.station.change_directory(|next| next.assignments.retain(|one| one.officer != kit::officer_id(1)));
    let mut writer = Writer::new(1);
    let old = one_change(1, 1, 1);
    let mut new = one_change(1, 2, 2);
    new.directory_version = 8;
    let back = one_change(1, 3, 3);
    let reasons = court.reasons(&mut writer, vec![old, new, back]);
    let expected = [None, Some(RefusalReason::ScopeNotAssigned), Some(RefusalReason::DirectoryWentBack)];
    assert_eq!(reasons, expected);
}

#[test]
fn a_clock_that_is_wrong_beyond_doubt_refuses_nothing() {
    let year_ms = 31_557_600_000;
    let ended = |device_at_ms: i64| {
        let mut court = Court::new();
        court.station.change_directory(|next| {
            next.assignments = vec![Assignment {
                officer: kit::officer_id(1),
                to: AssignedTo::Scope(kit::cell("A")),
                from_on: "2026-11-01".to_owned(),
                to_on: Some("2026-11-20".to_owned()),
            }];
        });
        let mut draft = one_change(1, 1, 1);
        draft.directory_version = 8;
        draft.device_at_ms = device_at_ms;
        court.reasons(&mut Writer::new(1), vec![draft])[0]
    };
    // Yesterday was his last day: late delivery is fine, a believable time after it is not.
    assert_eq!(ended(NOW_MS - 86_400_000), None);
    assert_eq!(ended(NOW_MS), Some(RefusalReason::ScopeNotAssigned));
    assert_eq!(ended(NOW_MS + 10 * year_ms), None);
    assert_eq!(ended(NOW_MS - 10 * year_ms), None);
}

#[test]
fn a_refusal_covers_the_whole_act_and_what_builds_on_it_and_nothing_else() {
    let mut court = Court::new();
    let mut writer = Writer::new(1);
    let (mut a, mut b, mut c) = (
        Paper::new(kit::document_id(1), kit::actor(1)),
        Paper::new(kit::document_id(2), kit::actor(1)),
        Paper::new(kit::document_id(3), kit::actor(1)),
    );
    let first_of_act = kit::draft(1, a.id, 1, a.set("name", "a"));
    let mut bad = kit::draft(1, b.id, 1, b.set("name", "b"));
    bad.scope = kit::cell("B");
    let builds_on = kit::draft(1, a.id, 2, a.set("phone", "1"));
    let same_act = kit::draft(1, c.id, 2, c.set("name", "c"));
    let alone = one_change(1, 9, 3);
    let reasons = court.reasons(&mut writer, vec![first_of_act, bad, builds_on, same_act, alone]);
    use RefusalReason as R;
    let expected =
        [Some(R::ActRefused), Some(R::ScopeNotAssigned), Some(R::DependencyRefused), Some(R::ActRefused), None];
    assert_eq!(reasons, expected);
    // And in a later frame.
    let later = kit::draft(1, a.id, 4, a.set("phone", "2"));
    let same_act_later = one_change(1, 10, 1);
    let reasons = court.reasons(&mut writer, vec![later, same_act_later]);
    assert_eq!(reasons, [Some(R::DependencyRefused), Some(R::ActRefused)]);
}

#[test]
fn a_change_on_a_change_never_seen_is_set_aside() {
    let mut paper = Paper::new(kit::document_id(1), kit::actor(1));
    paper.set("name", "never sent");
    let drafts = vec![kit::draft(1, paper.id, 1, paper.set("phone", "1"))];
    let reasons = Court::new().reasons(&mut Writer::new(1), drafts);
    assert_eq!(reasons, [Some(RefusalReason::DependencyUnknown)]);
}

#[test]
fn an_actor_belongs_to_the_replica_that_used_it_first_and_to_its_successor() {
    let mut court = Court::new();
    court.reasons(&mut Writer::new(1), vec![one_change(1, 1, 1)]);
    let borrowed = || {
        let id = kit::document_id(2);
        vec![kit::draft(2, id, 2, Paper::new(id, kit::actor(1)).set("name", "x"))]
    };
    let reasons = court.reasons(&mut Writer::new(2), borrowed());
    assert_eq!(reasons, [Some(RefusalReason::ActorOfAnotherReplica)]);
    let mut court = Court::new();
    court.station.change_directory(|next| next.replicas[1].successor_of = Some(kit::replica_id(1)));
    court.reasons(&mut Writer::new(1), vec![one_change(1, 1, 1)]);
    assert_eq!(court.reasons(&mut Writer::new(2), borrowed()), [None]);
}

#[test]
fn the_same_change_carried_over_is_kept_once_and_another_in_its_place_is_set_aside() {
    let mut court = Court::new();
    court.station.change_directory(|next| next.replicas[1].successor_of = Some(kit::replica_id(1)));
    court.reasons(&mut Writer::new(1), vec![one_change(1, 1, 1)]);
    let mut carried = one_change(1, 1, 2);
    carried.officer = kit::officer_id(2);
    carried.replaces = Some(Replaces { replica: kit::replica_id(1), index: 1 });
    let id = kit::document_id(1);
    let other = kit::draft(2, id, 3, Paper::new(id, kit::actor(1)).set("name", "another"));
    let frame = Writer::new(2).frame(vec![carried, other]);
    let judged = court.judge(frame);
    assert_eq!(judged.entries[0].ruling, Ruling::Held);
    assert_eq!(judged.entries[1].ruling, Ruling::Refused(RefusalReason::ActorNumberTaken));
}

fn control(by: u64, document: DocumentId, act: u64, kind: EntryKind, body: Vec<u8>) -> EntryDraft {
    EntryDraft { kind, ..kit::draft(by, document, act, body) }
}

#[test]
fn a_move_takes_its_documents_along_and_late_edits_follow() {
    let mut court = Court::new();
    let (mut mover, mut late) = (Writer::new(1), Writer::new(2));
    let document = kit::document_id(1);
    let mut paper = Paper::new(document, kit::actor(1));
    let create = kit::draft(1, document, 1, paper.set("name", "a"));
    let body = MoveBody { to: kit::cell("B"), documents: vec![document] }.to_body();
    let frame = mover.frame(vec![create, control(1, document, 2, EntryKind::Move, body.clone())]);
    let judged = court.judge(frame);
    let expected = Ruling::Move { from: kit::cell("A"), to: kit::cell("B"), documents: vec![document] };
    assert_eq!(judged.entries[1].ruling, expected);
    let mut theirs = Paper { id: document, doc: paper.doc.fork() };
    theirs.doc.set_actor(automerge::ActorId::from(kit::actor(2).0.to_vec()));
    let frame = late.frame(vec![kit::draft(2, document, 3, theirs.set("phone", "1"))]);
    assert_eq!(court.judge(frame).entries[0].ruling, Ruling::Log { scope: kit::cell("B") });
    // Everything of the document is in both logs, in order, for those who have only one of the cells.
    let log = |scope: &ScopeId| court.station.durable.logs.get(scope).unwrap().records.len();
    assert_eq!((log(&kit::cell("A")), log(&kit::cell("B"))), (2, 3));
    let again = court.reasons(&mut mover, vec![control(1, document, 4, EntryKind::Move, body)]);
    assert_eq!(again, [Some(RefusalReason::MalformedBody)], "it is there already");
}

#[test]
fn a_control_that_copies_of_a_disk_carry_over_is_held_but_for_the_first() {
    let document = kit::document_id(1);
    let to_b = MoveBody { to: kit::cell("B"), documents: vec![document] }.to_body();
    let erase = EraseBody { reason: "subject_request".to_owned() }.to_body();
    for (kind, body) in [(EntryKind::Move, to_b), (EntryKind::Erase, erase)] {
        let mut court = Court::new();
        for successor in [0, 1] {
            court.station.change_directory(|next| {
                next.replicas[successor].officer = kit::officer_id(4);
                next.replicas[successor].successor_of = Some(kit::replica_id(4));
            });
        }
        court.reasons(&mut Writer::new(4), vec![one_change(4, 1, 1)]);
        let carried = || EntryDraft {
            replaces: Some(Replaces { replica: kit::replica_id(4), index: 2 }),
            ..control(4, document, 2, kind, body.clone())
        };
        let frames = [1, 2].map(|successor| Writer::new(successor).frame(vec![carried()]));
        let [first, second] = frames.map(|frame| court.judge(frame).entries[0].ruling.clone());
        assert!(matches!(first, Ruling::Move { .. } | Ruling::Erase { .. }), "{first:?}");
        assert_eq!(second, Ruling::Held);
    }
}

#[test]
fn a_move_to_nowhere_into_secrecy_or_of_others_is_refused() {
    let mut court = Court::new();
    let document = kit::document_id(1);
    let mut writer = Writer::new(1);
    court.reasons(&mut writer, vec![one_change(1, 1, 1)]);
    let mut try_move = |act: u64, to: &str, documents: Vec<DocumentId>| {
        let body = MoveBody { to: to.parse().unwrap(), documents }.to_body();
        court.reasons(&mut writer, vec![control(1, document, act, EntryKind::Move, body)])[0]
    };
    assert_eq!(try_move(2, "cell:Q", vec![document]), Some(RefusalReason::MalformedBody));
    assert_eq!(try_move(3, "cell:B:sensitive", vec![document]), Some(RefusalReason::MalformedBody));
    assert_eq!(try_move(4, "cell:B", vec![]), Some(RefusalReason::MalformedBody));
    let unknown = vec![document, kit::document_id(50)];
    assert_eq!(try_move(5, "cell:B", unknown), Some(RefusalReason::DependencyUnknown));
}

#[test]
fn a_document_of_another_cell_is_not_written_through_ones_own() {
    let mut court = Court::new();
    let mut theirs = one_change(3, 1, 1);
    theirs.scope = kit::cell("B");
    assert_eq!(court.reasons(&mut Writer::new(3), vec![theirs]), [None]);
    let reasons = court.reasons(&mut Writer::new(1), vec![one_change(1, 1, 2)]);
    assert_eq!(reasons, [Some(RefusalReason::DocumentInAnotherScope)]);
}

/// Rules on a frame as a station that knows nothing of the documents in it.
fn ruled(frame: Frame, missing_dependency: MissingDependency) -> Vec<Ruling> {
    let directory = kit::directory();
    let start = LaneHead::genesis(frame.replica);
    let Admission::Fresh(pending) = judge::admit(frame, kit::station_id(), &directory, start) else { panic!("fresh") };
    let facts = Facts {
        newest: &directory,
        directories: [(directory.version, &directory)].into(),
        lane_directory_version: 0,
        documents: BTreeMap::new(),
        changes: BTreeMap::new(),
        slots: BTreeMap::new(),
        actors: BTreeMap::new(),
        refused_acts: BTreeSet::new(),
        logged: BTreeSet::new(),
        controls: BTreeSet::new(),
        missing_dependency,
        now_ms: NOW_MS,
    };
    pending.judge(&facts).entries.into_iter().map(|one| one.ruling).collect()
}

#[test]
fn a_header_sent_again_without_contents_keeps_its_place_and_its_act_stands() {
    let (erased, kept) = (kit::document_id(1), kit::document_id(2));
    let mut papers = (Paper::new(erased, kit::actor(1)), Paper::new(kept, kit::actor(1)));
    let mut writer = Writer::new(1);
    let drafts =
        [kit::draft(1, erased, 1, papers.0.set("name", "a")), kit::draft(1, kept, 1, papers.1.set("name", "b"))];
    let mut entries = Vec::new();
    for draft in drafts {
        let (entry, head) = lane::append(writer.head, draft).unwrap();
        writer.head = head;
        entries.push(entry);
    }
    (entries[0].salt, entries[0].body) = ([0; 32], Vec::new());
    let log = || Ruling::Log { scope: kit::cell("A") };
    // a station that was restored takes the header for what it is; any other sets the act aside
    assert_eq!(ruled(writer.seal(entries.clone()), MissingDependency::Admit), [log(), log()]);
    let refused = ruled(writer.seal(entries), MissingDependency::Refuse);
    let why = [RefusalReason::BodyNotCommitted, RefusalReason::ActRefused].map(Ruling::Refused);
    assert_eq!(refused, why);
}

#[test]
fn nothing_is_taken_for_an_erased_document() {
    let mut court = Court::new();
    let document = kit::document_id(1);
    let mut paper = Paper::new(document, kit::actor(1));
    let mut writer = Writer::new(1);
    court.reasons(&mut writer, vec![kit::draft(1, document, 1, paper.set("name", "a"))]);
    let body = EraseBody { reason: "subject_request".to_owned() }.to_body();
    let mut chief = Writer::new(4);
    assert_eq!(court.reasons(&mut chief, vec![control(4, document, 2, EntryKind::Erase, body)]), [None]);
    let after = court.reasons(&mut writer, vec![kit::draft(1, document, 3, paper.set("phone", "1"))]);
    assert_eq!(after, [Some(RefusalReason::DocumentErased)]);
}

#[test]
fn a_freeze_is_logged() {
    let mut court = Court::new();
    let document = kit::document_id(1);
    let mut writer = Writer::new(1);
    let body = FreezeBody { heads: vec![sync::ids::Hash([1; 32])] }.to_body();
    let drafts = vec![one_change(1, 1, 1), control(1, document, 2, EntryKind::Freeze, body)];
    assert_eq!(court.reasons(&mut writer, drafts), [None, None]);
}

#[test]
fn frames_that_do_not_continue_the_lane_are_turned_away_at_the_door() {
    let mut court = Court::new();
    let mut writer = Writer::new(1);
    let first = writer.frame(vec![one_change(1, 1, 1)]);
    let second = writer.frame(vec![one_change(1, 2, 2)]);
    let admit = |court: &Court, frame: Frame| {
        judge::admit(frame, kit::station_id(), court.station.newest(), court.station.head(kit::replica_id(1)))
    };
    let rejected = Admission::Rejected;
    assert_eq!(admit(&court, second.clone()), rejected(FrameRejection::Gap));
    court.judge(first.clone());
    let end = Admission::Known(court.station.head(kit::replica_id(1)));
    assert_eq!(admit(&court, first.clone()), end);
    court.judge(second.clone());
    assert_eq!(admit(&court, first.clone()), end);
    let mut clone = Writer::new(1);
    clone.frame(vec![one_change(1, 1, 1)]);
    let branch = clone.frame(vec![one_change(1, 3, 3)]);
    let further = clone.frame(vec![one_change(1, 4, 4)]);
    assert_eq!(admit(&court, branch), rejected(FrameRejection::Fork));
    assert_eq!(admit(&court, further), rejected(FrameRejection::Fork));
    let mut forged = first;
    forged.signature = sync::crypto::Signature([0; 64]);
    assert_eq!(admit(&court, forged), rejected(FrameRejection::BadSignature));
    let key = SignKey::from_seed(&[8; 32]);
    let entries = second.entries.clone();
    let stranger = frame::cut(kit::station_id(), kit::replica_id(99), entries, &key).unwrap().remove(0);
    assert_eq!(admit(&court, stranger), rejected(FrameRejection::BadSignature));
    let mut malformed = second;
    malformed.entries[0].header = vec![0xff; 10];
    assert_eq!(admit(&court, malformed), rejected(FrameRejection::Malformed));
}

#[test]
fn a_frame_cut_elsewhere_gives_only_its_new_entries() {
    let mut court = Court::new();
    let mut writer = Writer::new(1);
    let one = writer.frame(vec![one_change(1, 1, 1)]);
    let two = writer.frame(vec![one_change(1, 2, 2)]);
    let both = writer.seal([one.entries.clone(), two.entries].concat());
    court.judge(one);
    let judged = court.judge(both);
    assert_eq!((judged.first, judged.head.index, judged.entries.len()), (2, 2, 1));
}

#[test]
fn a_receipt_names_its_range_and_every_refusal() {
    let mut court = Court::new();
    let mut bad = one_change(1, 2, 2);
    bad.scope = kit::cell("B");
    let frame = Writer::new(1).frame(vec![one_change(1, 1, 1), bad, one_change(1, 3, 3)]);
    let judged = court.judge(frame);
    let receipt = judged.receipt(kit::station_id(), 1, Vec::new(), NOW_MS);
    assert!(receipt.is_sound());
    assert_eq!((receipt.first, receipt.last(), receipt.accepted_count()), (1, 3, 2));
    assert_eq!(receipt.refusals[0].reason, RefusalReason::ScopeNotAssigned);
}

#[test]
fn every_reason_has_its_own_number_and_name() {
    let known = RefusalReason::KNOWN;
    let numbers: BTreeSet<_> = known.iter().map(|reason| reason.number()).collect();
    let names: BTreeSet<_> = known.iter().map(|reason| reason.code()).collect();
    assert_eq!((numbers.len(), names.len()), (known.len(), known.len()));
    assert!(known.iter().all(|reason| RefusalReason::from_number(reason.number()) == *reason));
    assert_eq!(RefusalReason::from_number(250), RefusalReason::Other(250));
}
