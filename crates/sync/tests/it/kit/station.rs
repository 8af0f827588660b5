//! A station in memory, made of the judge, the scope logs and nothing else: the model the real one is measured by.

mod backwards;
mod bug;
mod repair;

use std::collections::{BTreeMap, BTreeSet};

use sync::crypto::{PublicKey, SignKey, Signed};
use sync::directory::{self, Directory, ReplicaState};
use sync::enrolment::{CertificateVerdict, IssuedToken, judge_certificate};
use sync::first_sync::EarlierPage;
use sync::fork::{self, ForkVerdict, Told};
use sync::ids::{ActId, Actor, DocumentId, Hash, ReplicaId, ScopeId, StationId};
use sync::judge::{
    self, Admission, ChangeState, Control, DocumentFacts, DocumentState, Facts, JudgedEntry, Judgement,
    MissingDependency, Pending, Ruling,
};
use sync::lane::LaneHead;
use sync::limits;
use sync::receipt::{Receipt, RefusalReason, ScopeSequence};
use sync::repair::Wanted;
use sync::scope_log::{Checkpoint, LogPosition, LoggedEntry, Page};
use sync::succession::{SuccessionVerdict, judge_succession};
use sync::wire::{
    Answer, Certificate, Coding, FrameRejection, More, Request, RequestRefusal, Response, ResponseOutcome,
    UnverifiedRequest,
};

pub(crate) use self::bug::StationBug;

#[derive(Clone, Default)]
pub(crate) struct LaneAtStation {
    pub(crate) head: Option<LaneHead>,
    pub(crate) directory_version: u64,
    /// Every entry, of all branches.
    pub(crate) entries: BTreeMap<LaneHead, JudgedEntry>,
    pub(crate) receipts: Vec<(u64, Signed<Receipt>)>,
    /// Branches not followed, as they stood when their laptops were last told.
    forks: Vec<Told>,
}

impl LaneAtStation {
    /// Whether any branch has an entry of this index.
    fn has(&self, index: u64) -> bool {
        self.entries.keys().any(|place| place.index == index)
    }
}

/// An entry's place in a lane, and the hash of its header.
type Record = (ReplicaId, u64, Hash);

#[derive(Clone, Default)]
pub(crate) struct Log {
    pub(crate) records: Vec<Record>,
    positions: Vec<LogPosition>,
}

#[derive(Clone, Default)]
pub(crate) struct Durable {
    pub(crate) lanes: BTreeMap<ReplicaId, LaneAtStation>,
    pub(crate) logs: BTreeMap<ScopeId, Log>,
    pub(crate) documents: BTreeMap<DocumentId, DocumentFacts>,
    changes: BTreeMap<(DocumentId, Hash), ChangeState>,
    slots: BTreeMap<(DocumentId, Actor, u64), Hash>,
    actors: BTreeMap<Actor, ReplicaId>,
    refused_acts: BTreeSet<ActId>,
    directories: BTreeMap<u64, Directory>,
    signed: BTreeMap<u64, Signed<Directory>>,
    directories_lost: BTreeSet<Hash>,
    /// Ends of lost logs up to which everything was given back.
    given_back: BTreeMap<ScopeId, Vec<LogPosition>>,
    pub(crate) epoch: u32,
}

pub(crate) struct ModelStation {
    pub(crate) id: StationId,
    pub(crate) durable: Durable,
    pub(crate) issued: Vec<IssuedToken>,
    pub(crate) bug: StationBug,
    pub(crate) page_bytes_most: u64,
    /// Up to which a document goes whole in a first sync.
    pub(crate) whole_bytes_most: usize,
    key: SignKey,
    /// What came back after restores: entries given back by others, and epochs opened.
    pub(crate) refilled: u64,
    /// Of these, entries of places that held another one.
    pub(crate) branched: u64,
}

/// Whether the next commit works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disk {
    Works,
    Fails,
}

/// Where a laptop stands in its scopes, after its evidence was taken.
#[derive(Default)]
struct Ground {
    from: BTreeMap<ScopeId, LogPosition>,
    unknown: Vec<ScopeId>,
    wanted: Vec<Wanted>,
    wants_directory: Option<u64>,
}

impl ModelStation {
    pub(crate) fn new(first: Directory, key: SignKey) -> Self {
        let mut durable = Durable::default();
        let id = first.station;
        durable.epoch = 1;
        durable.signed.insert(first.version, Signed::sign(&first, &key));
        durable.directories.insert(first.version, first);
        let bug = StationBug::None;
        let whole_bytes_most = limits::WHOLE_DOCUMENT_BYTES_MAX;
        let issued = Vec::new();
        Self { id, durable, issued, bug, page_bytes_most: u64::MAX, whole_bytes_most, key, refilled: 0, branched: 0 }
    }

    pub(crate) fn newest(&self) -> &Directory {
        self.durable.directories.values().next_back().unwrap()
    }

    pub(crate) fn signed_newest(&self) -> Signed<Directory> {
        self.durable.signed[&self.newest().version].clone()
    }

    pub(crate) fn change_directory(&mut self, change: impl FnOnce(&mut Directory)) {
        let mut next = self.newest().clone();
        next.version += 1;
        change(&mut next);
        self.durable.signed.insert(next.version, Signed::sign(&next, &self.key));
        self.durable.directories.insert(next.version, next);
    }

    pub(crate) fn head(&self, replica: ReplicaId) -> LaneHead {
        self.durable.lanes.get(&replica).and_then(|lane| lane.head).unwrap_or_else(|| LaneHead::genesis(replica))
    }

    /// One request, whatever it is, to one answer.
    pub(crate) fn handle(&mut self, bytes: &[u8], now_ms: i64, disk: Disk) -> Vec<u8> {
        let hasty = self.bug == StationBug::AnswerBeforeCommit && disk == Disk::Fails;
        let before = hasty.then(|| self.durable.clone());
        let outcome = match self.answer(bytes, now_ms, if hasty { Disk::Works } else { disk }) {
            Ok(answer) => ResponseOutcome::Answer(Box::new(answer)),
            Err(refusal) => ResponseOutcome::Refused(refusal),
        };
        if let Some(before) = before {
            self.durable = before;
        }
        Response { station: self.id, station_at_ms: now_ms, outcome }.encode(Coding::Zstd)
    }

    /// The requests of a bundle to the answers it comes back with: to the last as many as it takes.
    pub(crate) fn handle_by_hand(&mut self, requests: &[Vec<u8>], now_ms: i64) -> Vec<Vec<u8>> {
        let mut answers = Vec::new();
        for request in requests {
            answers.push(self.handle(request, now_ms, Disk::Works));
        }
        let unverified = UnverifiedRequest::decode(requests.last().unwrap()).unwrap();
        let Some(replica) = self.newest().replica(unverified.replica()).cloned() else { return answers };
        let Ok(mut request) = unverified.verify(self.id, &replica.public_key) else { return answers };
        for _ in 0..10_000 {
            let Response { outcome: ResponseOutcome::Answer(answer), .. } =
                Response::decode(answers.last().unwrap()).unwrap()
            else {
                return answers;
            };
            let Some(next) = request.following(&answer, &self.key.public()) else { return answers };
            request = next;
            let ground = self.common_ground(&request, now_ms);
            let answer = self.reply(&request, ground, None, now_ms);
            let outcome = ResponseOutcome::Answer(Box::new(answer));
            answers.push(Response { station: self.id, station_at_ms: now_ms, outcome }.encode(Coding::Zstd));
        }
        panic!("the answer does not end");
    }

    fn answer(&mut self, bytes: &[u8], now_ms: i64, disk: Disk) -> Result<Answer, RequestRefusal> {
        let unverified = UnverifiedRequest::decode(bytes).map_err(|_| RequestRefusal::Malformed)?;
        if let Some(certificate) = unverified.certificate().cloned() {
            self.certify(certificate, now_ms)?;
        }
        let replica = self.newest().replica(unverified.replica()).ok_or(RequestRefusal::ReplicaUnknown)?.clone();
        let request = unverified.verify(self.id, &replica.public_key).map_err(|_| RequestRefusal::SignatureWrong)?;
        if replica.state == ReplicaState::Frozen {
            return Err(RequestRefusal::ReplicaFrozen);
        }
        let ground = match replica.state {
            ReplicaState::Active => self.common_ground(&request, now_ms),
            _ => Ground::default(),
        };
        let mut rejection = None;
        let hasty = self.bug == StationBug::FramesWhileUnknown;
        let settled = ground.unknown.is_empty() && ground.wants_directory.is_none();
        let frames = if settled || hasty { request.frames.clone() } else { Vec::new() };
        for frame in frames {
            let head = self.head(request.replica);
            match judge::admit(frame, self.id, self.newest(), head) {
                Admission::Known(place) if self.holds(request.replica, place) => {}
                Admission::Known(_) => {
                    rejection = Some(FrameRejection::Fork);
                    break;
                }
                Admission::Rejected(why) => {
                    rejection = Some(why);
                    break;
                }
                Admission::Fresh(pending) if self.another_branch(&pending) => {
                    rejection = Some(FrameRejection::Fork);
                    break;
                }
                Admission::Fresh(pending) => self.take(pending, now_ms, disk)?,
            }
        }
        if rejection == Some(FrameRejection::Fork) && self.forked(&request, &replica.public_key, now_ms) {
            return Err(RequestRefusal::ReplicaFrozen);
        }
        let mut answer = self.reply(&request, ground, rejection, now_ms);
        if replica.state != ReplicaState::Active {
            answer.pages.clear();
            answer.earlier.clear();
            answer.more = More::Nothing;
        }
        Ok(answer)
    }

    /// Remembers whom it tells of another branch. Whether the replica is frozen now.
    fn forked(&mut self, request: &Request, key: &PublicKey, now_ms: i64) -> bool {
        let frames = request.frames.iter().filter_map(|frame| frame.clone().verify(self.id, key).ok());
        let places: Vec<LaneHead> =
            frames.flat_map(|frame| frame.entries().iter().map(|one| one.place).collect::<Vec<_>>()).collect();
        let Some(end) = places.last().copied() else { return false };
        let lane = self.durable.lanes.entry(request.replica).or_default();
        let before = fork::known_of(&lane.forks, &places);
        match fork::judge_fork(before, end, request.heard_at_ms, now_ms) {
            ForkVerdict::Tell(told) => {
                lane.forks.retain(|one| Some(*one) != before);
                lane.forks.push(told);
                false
            }
            ForkVerdict::Freeze => {
                let frozen = |next: &mut Directory| {
                    let found = next.replicas.iter_mut().find(|one| one.id == request.replica);
                    found.unwrap().state = ReplicaState::Frozen;
                };
                self.change_directory(frozen);
                true
            }
        }
    }

    fn certify(&mut self, certificate: Certificate, now_ms: i64) -> Result<(), RequestRefusal> {
        match certificate {
            Certificate::Enrolment(request) => {
                let request = request.verify().map_err(|_| RequestRefusal::SignatureWrong)?;
                let hash = directory::token_hash(&request.token);
                let issued = self.issued.iter().find(|token| token.token_hash == hash);
                match judge_certificate(&request, self.newest(), issued, now_ms)? {
                    CertificateVerdict::AlreadyCertified => {}
                    CertificateVerdict::Certify { replica, used } => self.change_directory(|next| {
                        next.replicas.push(replica);
                        next.enrolments.push(used);
                    }),
                }
            }
            Certificate::Listed(signed) => self.take_directory(signed),
            Certificate::Succession(request) => match judge_succession(&request, self.newest(), now_ms)? {
                SuccessionVerdict::AlreadyCertified => {}
                SuccessionVerdict::Certify(replica) => self.change_directory(|next| next.replicas.push(replica)),
            },
        }
        Ok(())
    }

    /// Whether a change was taken or set aside, or its document erased.
    pub(crate) fn has_seen(&self, document: DocumentId, change: Hash) -> bool {
        let erased = self.durable.documents.get(&document).is_some_and(|facts| facts.state == DocumentState::Erased);
        erased || self.durable.changes.contains_key(&(document, change))
    }

    pub(crate) fn state_of(&self, document: DocumentId, change: Hash) -> Option<ChangeState> {
        self.durable.changes.get(&(document, change)).copied()
    }

    /// Entries in each log.
    pub(crate) fn log_lengths(&self) -> Vec<usize> {
        self.durable.logs.values().map(|log| log.records.len()).collect()
    }

    /// Why entries were set aside, over all lanes; but for controls of documents that were set aside themselves.
    pub(crate) fn refusals(&self) -> impl Iterator<Item = RefusalReason> + '_ {
        let entries = self.durable.lanes.values().flat_map(|lane| lane.entries.values());
        entries.filter_map(|one| match one.ruling {
            Ruling::Refused(RefusalReason::DependencyUnknown) if one.change.is_none() => None,
            Ruling::Refused(reason) => Some(reason),
            _ => None,
        })
    }

    /// Entries of a lane that are in a log from another lane.
    pub(crate) fn held_elsewhere(&self, replica: ReplicaId) -> Vec<Hash> {
        let entries = self.durable.lanes.get(&replica).into_iter().flat_map(|lane| &lane.entries);
        entries.filter(|(_, one)| one.ruling == Ruling::Held).map(|(place, _)| place.hash).collect()
    }

    /// One frame past the door, judged and written.
    pub(crate) fn judge_frame(&mut self, frame: sync::frame::Frame, now_ms: i64) -> Judgement {
        let head = self.head(frame.replica);
        match judge::admit(frame, self.id, self.newest(), head) {
            Admission::Fresh(pending) => {
                let judgement = self.judge(pending, now_ms);
                self.write(&judgement);
                judgement
            }
            other => panic!("not admitted: {other:?}"),
        }
    }

    /// One frame, one transaction.
    fn take(&mut self, pending: Pending, now_ms: i64, disk: Disk) -> Result<(), RequestRefusal> {
        let before = (disk == Disk::Fails).then(|| self.durable.clone());
        let judgement = self.judge(pending, now_ms);
        let sequences = self.write(&judgement);
        let receipt = judgement.receipt(self.id, self.durable.epoch, sequences, now_ms);
        let signed = Signed::sign(&receipt, &self.key);
        let lane = self.durable.lanes.entry(judgement.replica).or_default();
        lane.receipts.push((receipt.last(), signed));
        match before {
            Some(before) => {
                self.durable = before;
                Err(RequestRefusal::StorageFailed)
            }
            None => Ok(()),
        }
    }

    fn judge(&self, pending: Pending, now_ms: i64) -> Judgement {
        let asked = pending.questions().clone();
        let held = &self.durable;
        let lane = held.lanes.get(&pending.replica());
        let facts = Facts {
            newest: self.newest(),
            directories: asked
                .directory_versions
                .iter()
                .filter_map(|version| Some((*version, held.directories.range(version..).next()?.1)))
                .collect(),
            lane_directory_version: lane.map_or(0, |lane| lane.directory_version),
            documents: look_up(&held.documents, &asked.documents),
            changes: look_up(&held.changes, &asked.changes),
            slots: look_up(&held.slots, &asked.slots),
            actors: look_up(&held.actors, &asked.actors),
            refused_acts: asked.acts.intersection(&held.refused_acts).copied().collect(),
            logged: self.given_back_of(&pending, &asked.headers),
            controls: self.logged_controls().intersection(&asked.controls).copied().collect(),
            missing_dependency: match held.epoch {
                1 => MissingDependency::Refuse,
                _ => MissingDependency::Admit,
            },
            now_ms,
        };
        pending.judge(&facts)
    }

    fn holds(&self, replica: ReplicaId, place: LaneHead) -> bool {
        self.durable.lanes.get(&replica).is_some_and(|lane| lane.entries.contains_key(&place))
    }

    /// Whether entries given back follow the lane's head, and these are others.
    fn another_branch(&self, pending: &Pending) -> bool {
        let Some(lane) = self.durable.lanes.get(&pending.replica()) else { return false };
        let head = self.head(pending.replica());
        let mut reached = BTreeSet::from([head.hash]);
        let mut following: BTreeMap<u64, BTreeSet<Hash>> = BTreeMap::new();
        for (place, one) in lane.entries.iter().filter(|(place, _)| place.index > head.index) {
            if reached.contains(&one.header.prev) {
                reached.insert(place.hash);
                following.entry(place.index).or_default().insert(place.hash);
            }
        }
        pending.places().any(|place| following.get(&place.index).is_some_and(|held| !held.contains(&place.hash)))
    }

    fn given_back_of(&self, pending: &Pending, asked: &BTreeSet<Hash>) -> BTreeSet<Hash> {
        let lane = self.durable.lanes.get(&pending.replica());
        let hashes = lane.into_iter().flat_map(|lane| lane.entries.values()).map(|one| one.place.hash);
        hashes.filter(|hash| asked.contains(hash)).collect()
    }

    fn logged_controls(&self) -> BTreeSet<Control> {
        let entries = self.durable.lanes.values().flat_map(|lane| lane.entries.values());
        let logged = entries.filter(|one| !matches!(one.ruling, Ruling::Held | Ruling::Refused(_)));
        logged.filter(|one| one.change.is_none()).map(|one| Control::of(&one.header)).collect()
    }

    fn write(&mut self, judgement: &Judgement) -> Vec<ScopeSequence> {
        let mut sequences: BTreeMap<ScopeId, (u64, u64)> = BTreeMap::new();
        for one in &judgement.entries {
            let lane = self.durable.lanes.entry(judgement.replica).or_default();
            if one.ruling != Ruling::Held || !lane.entries.contains_key(&one.place) {
                lane.entries.insert(one.place, one.clone());
            }
            let mut place = |durable: &mut Durable, scope: &ScopeId, record: (ReplicaId, u64, Hash)| {
                let seq = append(durable, self.id, scope, record);
                sequences.entry(scope.clone()).and_modify(|range| range.1 = seq).or_insert((seq, seq));
            };
            let record = (judgement.replica, one.place.index, one.place.hash);
            match &one.ruling {
                Ruling::Log { .. } if self.bug == StationBug::ForgetsToLog && one.place.index % 7 == 0 => {}
                Ruling::Log { scope } => place(&mut self.durable, scope, record),
                Ruling::Erase { scope } => place(&mut self.durable, scope, record),
                Ruling::Move { from, to, documents } => {
                    place(&mut self.durable, from, record);
                    for carried in carried(&self.durable, from, to, documents) {
                        place(&mut self.durable, to, carried);
                    }
                    place(&mut self.durable, to, record);
                }
                Ruling::Held | Ruling::Refused(_) => {}
            }
            self.remember(judgement.replica, one);
        }
        let lane = self.durable.lanes.entry(judgement.replica).or_default();
        lane.head = Some(judgement.head);
        lane.directory_version = judgement.lane_directory_version;
        sequences.into_iter().map(|(scope, (first, last))| ScopeSequence { scope, first, last }).collect()
    }

    fn remember(&mut self, replica: ReplicaId, one: &JudgedEntry) {
        let held = &mut self.durable;
        let document = one.header.document;
        let state = match &one.ruling {
            Ruling::Refused(_) => {
                held.refused_acts.insert(one.header.act);
                ChangeState::Refused
            }
            Ruling::Log { scope } => {
                held.documents.entry(document).or_insert_with(|| DocumentFacts {
                    scope: scope.clone(),
                    former: BTreeSet::new(),
                    state: DocumentState::Live,
                });
                ChangeState::Accepted
            }
            Ruling::Move { from, to, documents } => {
                for id in documents {
                    let Some(facts) = held.documents.get_mut(id) else { continue };
                    facts.former.insert(from.clone());
                    facts.scope = to.clone();
                }
                ChangeState::Accepted
            }
            Ruling::Erase { .. } => {
                if let Some(facts) = held.documents.get_mut(&document) {
                    facts.state = DocumentState::Erased;
                }
                ChangeState::Accepted
            }
            Ruling::Held => ChangeState::Accepted,
        };
        if let Some(change) = &one.change {
            let known = held.changes.entry((document, change.hash)).or_insert(state);
            if *known == ChangeState::Refused {
                *known = state;
            }
            if state == ChangeState::Accepted {
                held.slots.insert((document, change.actor, change.seq), change.hash);
                held.actors.entry(change.actor).or_insert(replica);
            }
        }
    }

    fn reply(&self, request: &Request, ground: Ground, rejection: Option<FrameRejection>, now_ms: i64) -> Answer {
        let lane = self.durable.lanes.get(&request.replica);
        let receipts = lane.into_iter().flat_map(|lane| &lane.receipts);
        let receipts = receipts.filter(|(last, _)| *last > request.receipts_through);
        let receipts: Vec<_> = receipts.map(|(_, signed)| signed.clone()).collect();
        let (pages, earlier, waiting) = self.pages(request, &ground, now_ms);
        Answer {
            epoch: self.durable.epoch,
            directory: (self.newest().version > request.directory_version)
                .then(|| self.durable.signed[&self.newest().version].clone()),
            lane_head: self.head(request.replica),
            receipts,
            rejection,
            pages,
            more: if waiting { More::AskAgain } else { More::Nothing },
            backup_watermark: None,
            wants_directory: ground.wants_directory,
            unknown: ground.unknown,
            wanted: ground.wanted,
            earlier,
        }
    }

    fn pages(&self, request: &Request, ground: &Ground, now_ms: i64) -> (Vec<Page>, Vec<EarlierPage>, bool) {
        let directory = self.newest();
        let officer = directory.replica(request.replica).unwrap().officer;
        let mut budget = request.page_budget_bytes.min(self.page_bytes_most);
        let scopes = directory.scopes_of(officer, &directory::station_day(now_ms));
        let mut pages = Vec::new();
        for cursor in request.cursors.iter().filter(|cursor| scopes.contains(&cursor.scope)) {
            let scope = &cursor.scope;
            if !ground.unknown.contains(scope) {
                pages.extend(self.page(scope, ground.from.get(scope), request.replica, &mut budget));
            }
        }
        // who wants no pages begins nothing
        let (earlier, before) = match request.page_budget_bytes {
            0 => (Vec::new(), false),
            _ => self.earlier(request, ground, &scopes, &mut budget),
        };
        let waiting = before || pages.iter().any(|page| page.behind > 0);
        (pages, earlier, waiting)
    }

    fn page(&self, scope: &ScopeId, from: Option<&LogPosition>, me: ReplicaId, budget: &mut u64) -> Option<Page> {
        let log = self.durable.logs.get(scope)?;
        let from = from.copied().unwrap_or_else(|| LogPosition::genesis(self.id, scope, self.durable.epoch));
        let mut entries = Vec::new();
        let mut end = from;
        for (record, position) in log.records.iter().zip(&log.positions).skip(from.seq as usize) {
            let logged = self.logged(record, me);
            let size = logged.size() as u64;
            if size > *budget && !(entries.is_empty() && pages_may_start(*budget)) {
                break;
            }
            *budget = budget.saturating_sub(size);
            entries.push(logged);
            end = LogPosition { epoch: self.durable.epoch, ..*position };
        }
        let behind = log.records.len() as u64 - end.seq;
        if entries.is_empty() && behind == 0 {
            return None;
        }
        let checkpoint = Checkpoint { station: self.id, scope: scope.clone(), position: end };
        Some(Page { from, entries, checkpoint: Signed::sign(&checkpoint, &self.key), behind })
    }

    fn logged(&self, (replica, index, header_hash): &Record, me: ReplicaId) -> LoggedEntry {
        let place = LaneHead { index: *index, hash: *header_hash };
        if *replica == me {
            return LoggedEntry::Yours { index: *index, header_hash: *header_hash };
        }
        let held = self.durable.lanes.get(replica).unwrap().entries.get(&place).unwrap();
        let erased = self.durable.documents.get(&held.header.document).is_some_and(|document| {
            document.state == DocumentState::Erased && held.header.kind != sync::lane::EntryKind::Erase
        });
        if erased {
            return LoggedEntry::Erased { replica: *replica, header: held.entry.header.clone() };
        }
        LoggedEntry::Full { replica: *replica, entry: held.entry.clone() }
    }
}

/// An entry larger than the budget still goes while nothing else has used it up.
fn pages_may_start(budget: u64) -> bool {
    budget > 0
}

fn look_up<K: Ord + Copy, V: Clone>(held: &BTreeMap<K, V>, asked: &BTreeSet<K>) -> BTreeMap<K, V> {
    asked.iter().filter_map(|key| held.get(key).map(|value| (*key, value.clone()))).collect()
}

fn append(durable: &mut Durable, station: StationId, scope: &ScopeId, record: (ReplicaId, u64, Hash)) -> u64 {
    let epoch = durable.epoch;
    let log = durable.logs.entry(scope.clone()).or_default();
    let last = log.positions.last().copied().unwrap_or_else(|| LogPosition::genesis(station, scope, epoch));
    let position = last.next(record.0, &record.2);
    log.records.push(record);
    log.positions.push(position);
    position.seq
}

/// What a move brings along: the logged entries of the documents that the other log does not have yet.
fn carried(durable: &Durable, from: &ScopeId, to: &ScopeId, documents: &[DocumentId]) -> Vec<(ReplicaId, u64, Hash)> {
    let records = |scope: &ScopeId| durable.logs.get(scope).map(|log| log.records.clone()).unwrap_or_default();
    let there: BTreeSet<_> = records(to).into_iter().collect();
    let of_documents = records(from).into_iter().filter(|record| {
        let place = LaneHead { index: record.1, hash: record.2 };
        let held = durable.lanes.get(&record.0).and_then(|lane| lane.entries.get(&place));
        let wanted = held.is_some_and(|one| {
            documents.contains(&one.header.document) && one.header.kind != sync::lane::EntryKind::Move
        });
        wanted && !there.contains(record)
    });
    of_documents.collect()
}
