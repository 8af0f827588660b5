//! A small station and its people with fixed keys, and real automerge changes for them to write.

pub(crate) mod station;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ROOT};
use sync::crypto::{BoxSecretKey, PublicKey, SignKey, Signed};
use sync::directory::{
    AssignedTo, Assignment, Cell, DataKind, Directory, Medium, MediumState, Officer, Replica, ReplicaState, Role,
    Village,
};
use sync::ids::{ActId, Actor, DocumentId, Hash, MediumId, OfficerId, ReplicaId, ScopeId, StationId};
use sync::lane::{EntryDraft, EntryKind};
use uuid::Uuid;

/// 2026-11-21 08:00 at the station.
pub(crate) const NOW_MS: i64 = 1_795_219_200_000;

pub(crate) fn uuid(space: u8, number: u64) -> Uuid {
    let mut bytes = [0; 16];
    bytes[0] = space;
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    Uuid::from_bytes(bytes)
}

pub(crate) fn station_id() -> StationId {
    StationId(uuid(1, 1))
}

pub(crate) fn officer_id(number: u64) -> OfficerId {
    OfficerId(uuid(2, number))
}

pub(crate) fn replica_id(number: u64) -> ReplicaId {
    ReplicaId(uuid(3, number))
}

pub(crate) fn document_id(number: u64) -> DocumentId {
    DocumentId(uuid(4, number))
}

pub(crate) fn act_id(number: u64) -> ActId {
    ActId(uuid(5, number))
}

pub(crate) fn actor(number: u64) -> Actor {
    Actor(*uuid(6, number).as_bytes())
}

pub(crate) fn station_key() -> SignKey {
    SignKey::from_seed(&[1; 32])
}

/// What laptops seal their bundles to.
pub(crate) fn bundle_key() -> BoxSecretKey {
    BoxSecretKey::from_seed([6; 32])
}

pub(crate) fn medium() -> Medium {
    Medium {
        id: MediumId(uuid(7, 1)),
        label: "U盘 01".to_owned(),
        state: MediumState::Registered,
        registered_at_ms: NOW_MS - 86_400_000,
    }
}

pub(crate) fn replica_key(number: u64) -> SignKey {
    let mut seed = [2; 32];
    seed[..8].copy_from_slice(&number.to_be_bytes());
    SignKey::from_seed(&seed)
}

pub(crate) fn cell(code: &str) -> ScopeId {
    ScopeId::cell(code).unwrap()
}

fn officer(number: u64, role: Role) -> Officer {
    Officer { id: officer_id(number), name: format!("民警{number}"), police_number: format!("{number:06}"), role }
}

fn duty(number: u64, to: AssignedTo) -> Assignment {
    Assignment { officer: officer_id(number), to, from_on: "2026-01-01".to_owned(), to_on: None }
}

pub(crate) fn replica(number: u64) -> Replica {
    Replica {
        id: replica_id(number),
        officer: officer_id(number),
        laptop_label: format!("laptop {number}"),
        public_key: replica_key(number).public(),
        state: ReplicaState::Active,
        certified_at_ms: NOW_MS - 86_400_000,
        successor_of: None,
    }
}

/// Officers 1 and 2 in cell A, 3 in cell B, chief 4 everywhere, auxiliary 5 and auditor 6 in A; replica n is officer n's.
pub(crate) fn directory() -> Directory {
    let to = |code: &str| AssignedTo::Scope(cell(code));
    Directory {
        version: 7,
        station: station_id(),
        station_name: "枫桥派出所".to_owned(),
        division: "330681".to_owned(),
        data_kind: DataKind::MadeUp,
        signed_at_ms: NOW_MS - 86_400_000,
        station_key: station_key().public(),
        recovery_key: BoxSecretKey::from_seed([3; 32]).public(),
        tls_pins: vec![Hash([4; 32])],
        villages: vec![Village { code: "330681101001".to_owned(), name: "枫一村".to_owned() }],
        cells: ["A", "B"]
            .map(|code| Cell {
                code: code.to_owned(),
                name: format!("{code} 网格"),
                villages: vec!["330681101001".to_owned()],
            })
            .to_vec(),
        officers: vec![
            officer(1, Role::Officer),
            officer(2, Role::Officer),
            officer(3, Role::Officer),
            officer(4, Role::Chief),
            officer(5, Role::Auxiliary),
            officer(6, Role::Auditor),
        ],
        assignments: vec![
            duty(1, to("A")),
            duty(2, to("A")),
            duty(3, to("B")),
            duty(4, AssignedTo::AllCells),
            duty(5, to("A")),
            duty(6, to("A")),
        ],
        replicas: (1..=6).map(replica).collect(),
        lease_days: None,
        bundle_key: bundle_key().public(),
        media: vec![medium()],
        enrolments: Vec::new(),
    }
}

pub(crate) fn signed_directory() -> Signed<Directory> {
    Signed::sign(&directory(), &station_key())
}

pub(crate) fn station_public() -> PublicKey {
    station_key().public()
}

/// A document as a laptop holds it in memory.
pub(crate) struct Paper {
    pub(crate) id: DocumentId,
    pub(crate) doc: AutoCommit,
}

impl Paper {
    pub(crate) fn new(id: DocumentId, by: Actor) -> Self {
        let doc = AutoCommit::new().with_actor(ActorId::from(by.0.to_vec()));
        Self { id, doc }
    }

    /// Sets one field and gives the raw change.
    pub(crate) fn set(&mut self, key: &str, value: &str) -> Vec<u8> {
        self.doc.put(ROOT, key, value).unwrap();
        self.commit()
    }

    pub(crate) fn commit(&mut self) -> Vec<u8> {
        self.doc.commit_with(CommitOptions::default().with_time(0)).unwrap();
        self.doc.get_last_local_change().unwrap().raw_bytes().to_vec()
    }
}

/// A draft of officer `by` in cell A.
pub(crate) fn draft(by: u64, document: DocumentId, act: u64, body: Vec<u8>) -> EntryDraft {
    EntryDraft {
        scope: cell("A"),
        document,
        act: act_id(act),
        officer: officer_id(by),
        directory_version: 7,
        device_at_ms: NOW_MS - 1000,
        kind: EntryKind::Change,
        salt: salt_of(document),
        body,
        replaces: None,
    }
}

pub(crate) fn salt_of(document: DocumentId) -> [u8; 32] {
    sync::crypto::sha256(document.as_bytes()).0
}

/// Repeatable randomness (splitmix64).
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next() % bound }
    }

    pub(crate) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(usize::try_from(self.below(items.len() as u64)).unwrap())
    }
}

/// Cases of a property test: a few in every run, as many as `FENGQIAO_FUZZ_CASES` says in a long one.
pub(crate) fn cases(usual: u32) -> proptest::test_runner::Config {
    let wanted = std::env::var("FENGQIAO_FUZZ_CASES").ok().and_then(|text| text.parse().ok());
    proptest::test_runner::Config::with_cases(wanted.unwrap_or(usual))
}
