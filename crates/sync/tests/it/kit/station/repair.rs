//! The model station finds the common ground with a laptop and takes back what it lost.

use sync::crypto::Signed;
use sync::directory::{self, Directory};
use sync::ids::{Hash, ReplicaId, ScopeId};
use sync::judge::{JudgedEntry, Ruling};
use sync::lane::LaneHead;
use sync::repair::{self, Evidence, GivenBack, GivenContent, Standing, Verdict, Wanted};
use sync::scope_log::LogPosition;
use sync::wire::Request;

use super::{Ground, ModelStation, StationBug, append, carried};

impl ModelStation {
    /// Takes the evidence a laptop brought and says where it stands in each of its scopes.
    pub(super) fn common_ground(&mut self, request: &Request, now_ms: i64) -> Ground {
        let Evidence { shown, receipt, pieces, gaps, directory } = request.evidence.clone();
        directory.into_iter().for_each(|signed| self.take_directory(signed));
        for piece in pieces {
            if let Ok(piece) = repair::check_piece(piece, self.id, &self.key.public()) {
                let scope = piece.checkpoint.scope.clone();
                piece.entries.into_iter().for_each(|one| self.take_back(&scope, one));
                self.durable.given_back.entry(scope).or_default().push(piece.checkpoint.position);
            }
        }
        for gap in gaps.into_iter().filter_map(|signed| signed.verify(&self.key.public()).ok()) {
            self.durable.given_back.entry(gap.scope.clone()).or_default().push(gap.position);
        }
        let lane = self.head(request.replica);
        if let Some(receipt) = receipt.and_then(|signed| signed.verify(&self.key.public()).ok())
            && receipt.replica == request.replica
            && receipt.head.index > lane.index
        {
            self.open_epoch(receipt.epoch);
        }
        let officer = self.newest().replica(request.replica).unwrap().officer;
        let wants_directory = (!self.knows(&request.directory_hash)).then_some(request.directory_version);
        let mut ground = Ground { wants_directory, ..Ground::default() };
        for scope in self.newest().scopes_of(officer, &directory::station_day(now_ms)) {
            let Some(cursor) = request.cursors.iter().find(|cursor| cursor.scope == scope) else { continue };
            if self.standing(&scope, &cursor.position) == Standing::OnLog {
                ground.from.insert(scope, cursor.position);
                continue;
            }
            let Some(shown) = shown.iter().find(|one| one.scope == scope) else {
                ground.unknown.push(scope);
                continue;
            };
            match repair::judge_shown(shown, self.id, &self.key.public(), |place| self.standing(&scope, place)) {
                Verdict::GoOn { from } => {
                    let genesis = LogPosition::genesis(self.id, &scope, self.durable.epoch);
                    ground.from.insert(scope, from.unwrap_or(genesis));
                }
                Verdict::CutShort { after, epoch } => {
                    self.open_epoch(epoch);
                    let genesis = LogPosition::genesis(self.id, &scope, 0);
                    ground.wanted.push(Wanted { scope: scope.clone(), position: after.unwrap_or(genesis) });
                    ground.unknown.push(scope);
                }
            }
        }
        ground
    }

    fn knows(&self, hash: &Hash) -> bool {
        let own = || self.durable.signed.values().map(|signed| directory::held_hash(&signed.to_bytes()));
        self.durable.directories_lost.contains(hash) || own().any(|one| one == *hash)
    }

    /// A directory that was lost: who it lists is listed again.
    pub(super) fn take_directory(&mut self, signed: Signed<Directory>) {
        let Ok(lost) = signed.clone().verify(&self.key.public()) else { return };
        let hash = directory::held_hash(&signed.to_bytes());
        if self.knows(&hash) {
            return;
        }
        let newest = self.newest().clone();
        self.durable.directories_lost.insert(hash);
        self.durable.directories.entry(lost.version).or_insert_with(|| lost.value().clone());
        self.durable.signed.entry(lost.version).or_insert(signed);
        self.change_directory(|joined| {
            let version = joined.version;
            let known = |id| newest.replicas.iter().any(|one| one.id == id);
            let missing: Vec<_> = lost.replicas.iter().filter(|one| !known(one.id)).cloned().collect();
            *joined = Directory { version, ..newest.clone() };
            joined.replicas.extend(missing);
        });
    }

    pub(super) fn standing(&self, scope: &ScopeId, place: &LogPosition) -> Standing {
        let positions = self.durable.logs.get(scope).map(|log| log.positions.as_slice()).unwrap_or_default();
        let genesis = LogPosition::genesis(self.id, scope, 0);
        let at = place.seq.checked_sub(1).map_or(Some(&genesis), |n| positions.get(n as usize));
        let given_back = self.durable.given_back.get(scope);
        match at {
            Some(here) if here.is(place) => Standing::OnLog,
            _ if given_back.is_some_and(|ends| ends.iter().any(|end| end.is(place))) => Standing::GivenBack,
            _ => Standing::Unknown,
        }
    }

    fn open_epoch(&mut self, lost: u32) {
        if self.durable.epoch <= lost {
            self.durable.epoch = lost + 1;
            self.change_directory(|next| next.version += 10_000);
        }
    }

    /// An entry of a lost log: taken as it is, once.
    fn take_back(&mut self, scope: &ScopeId, one: GivenBack) {
        let GivenBack { replica, header_hash, header, content } = one;
        let record = (replica, header.index, header_hash);
        let place = LaneHead { index: header.index, hash: header_hash };
        let fresh = !self.holds(replica, place);
        self.branched += u64::from(fresh && self.durable.lanes.get(&replica).is_some_and(|lane| lane.has(place.index)));
        let document = header.document;
        if fresh {
            self.refilled += 1;
            let to = self.durable.documents.get(&document).map_or_else(|| scope.clone(), |facts| facts.scope.clone());
            let (entry, change, ruling) = match content {
                GivenContent::Change { entry, facts } => (entry, Some(facts), Ruling::Log { scope: to }),
                GivenContent::Move { entry, to, documents } => {
                    (entry, None, Ruling::Move { from: header.scope.clone(), to, documents })
                }
                GivenContent::Erase { entry } => (entry, None, Ruling::Erase { scope: scope.clone() }),
                GivenContent::Freeze { entry } => (entry, None, Ruling::Log { scope: to }),
                GivenContent::Erased { header } => {
                    (sync::lane::Entry { header, salt: [0; 32], body: Vec::new() }, None, Ruling::Log { scope: to })
                }
            };
            let judged = JudgedEntry { header, place, entry, change, ruling: ruling.clone() };
            self.durable.lanes.entry(replica).or_default().entries.insert(place, judged.clone());
            if let Ruling::Move { from, to, documents } = &ruling {
                for carried in carried(&self.durable, from, to, documents) {
                    append(&mut self.durable, self.id, to, carried);
                }
                self.append_once(to, record);
            }
            self.remember(replica, &judged);
        }
        self.append_once(scope, record);
        let now = self.durable.documents.get(&document).map(|facts| facts.scope.clone());
        if let Some(now) = now.filter(|now| now != scope) {
            self.append_once(&now, record);
        }
    }

    fn append_once(&mut self, scope: &ScopeId, record: (ReplicaId, u64, Hash)) {
        let there = self.durable.logs.get(scope).is_some_and(|log| log.records.contains(&record));
        if self.bug == StationBug::ForgetsGivenBack {
            return;
        }
        if !there || self.bug == StationBug::DoublesGivenBack {
            append(&mut self.durable, self.id, scope, record);
        }
    }
}
