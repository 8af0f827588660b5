//! Receipts: the station's signed word that it holds a piece of a lane, and what of it was refused and why.
//! Must not know how refusals are decided.

use minicbor::{Decode, Encode};

use crate::code::code_enum;
use crate::crypto::Signable;
use crate::ids::{ReplicaId, ScopeId, StationId};
use crate::lane::LaneHead;
use crate::limits;

code_enum! {
    /// Why the station set an entry aside. It keeps the entry; the laptop keeps it too.
    pub enum RefusalReason {
        /// The officer was not assigned to the scope under the directory version named.
        ScopeNotAssigned = 1 => "scope_not_assigned",
        /// The replica is revoked.
        ReplicaRevoked = 2 => "replica_revoked",
        /// The automerge actor was first used by another replica.
        ActorOfAnotherReplica = 3 => "actor_of_another_replica",
        /// The body is not one well-formed flat change, or not a well-formed control.
        MalformedBody = 4 => "malformed_body",
        /// The change builds on a change that was refused.
        DependencyRefused = 5 => "dependency_refused",
        /// Another entry of the same act was refused.
        ActRefused = 6 => "act_refused",
        /// Larger than the station takes.
        TooLarge = 7 => "too_large",
        /// The officer's role may not do this.
        RoleMayNot = 8 => "role_may_not",
        /// The document was erased.
        DocumentErased = 9 => "document_erased",
        /// The entry names a directory version the station never signed.
        DirectoryVersionUnknown = 10 => "directory_version_unknown",
        /// The entry names an older directory version than the entry before it.
        DirectoryWentBack = 11 => "directory_went_back",
        /// The entry names another officer than the one the replica belongs to.
        OfficerNotOfReplica = 12 => "officer_not_of_replica",
        /// The document is in another scope and was never in this one.
        DocumentInAnotherScope = 13 => "document_in_another_scope",
        /// The change builds on a change the station has never seen.
        DependencyUnknown = 14 => "dependency_unknown",
        /// Another change holds this actor's number in this document: two copies of one disk wrote on.
        ActorNumberTaken = 15 => "actor_number_taken",
        /// The body is not the one the header commits to.
        BodyNotCommitted = 16 => "body_not_committed",
        /// A kind of entry, key or generation that this station does not know yet.
        KindUnknown = 17 => "kind_unknown",
        /// The entry carries over one of a lane it is not the recorded successor of.
        NotASuccessor = 18 => "not_a_successor",
        /// The officer is not, or no longer, in the directory version named.
        OfficerUnknown = 19 => "officer_unknown",
        /// Of a branch of a frozen replica's lane: no receipt was given for it.
        ReplicaFrozen = 20 => "replica_frozen",
    }
}

/// One entry set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Refusal {
    /// Index in the lane.
    #[n(0)]
    pub index: u64,
    /// Why.
    #[n(1)]
    pub reason: RefusalReason,
}

/// The sequence numbers a receipt's entries took in one scope.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ScopeSequence {
    /// The scope.
    #[n(0)]
    pub scope: ScopeId,
    /// First sequence number taken.
    #[n(1)]
    pub first: u64,
    /// Last sequence number taken.
    #[n(2)]
    pub last: u64,
}

/// What the station holds of a lane: a range without gaps, refused entries included.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
    /// Which station.
    #[n(0)]
    pub station: StationId,
    /// Which epoch of its logs; rises when it was restored from a backup.
    #[n(1)]
    pub epoch: u32,
    /// Whose lane.
    #[n(2)]
    pub replica: ReplicaId,
    /// Index of the first entry.
    #[n(3)]
    pub first: u64,
    /// Index and hash of the last entry.
    #[n(4)]
    pub head: LaneHead,
    /// Where the accepted entries went.
    #[n(5)]
    pub sequences: Vec<ScopeSequence>,
    /// What was set aside, in order of index.
    #[n(6)]
    pub refusals: Vec<Refusal>,
    /// The station's clock, UTC milliseconds.
    #[n(7)]
    pub station_at_ms: i64,
}

impl Receipt {
    /// Index of the last entry.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.head.index
    }

    /// Entries accepted: the range without the refusals.
    #[must_use]
    pub fn accepted_count(&self) -> u64 {
        (self.last() + 1).saturating_sub(self.first).saturating_sub(self.refusals.len() as u64)
    }

    /// Whether the numbers fit together: a range, and refusals inside it in order.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let ordered = self.refusals.windows(2).all(|pair| match pair {
            [a, b] => a.index < b.index,
            _ => true,
        });
        let inside = self.refusals.iter().all(|one| (self.first..=self.last()).contains(&one.index));
        (1..=self.last()).contains(&self.first) && ordered && inside && self.last() < u64::MAX
    }
}

/// The station's word that a verified backup of it holds a lane up to an index. Until then a laptop keeps its copy.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Watermark {
    /// Which station.
    #[n(0)]
    pub station: StationId,
    /// Whose lane.
    #[n(1)]
    pub replica: ReplicaId,
    /// Index of the last entry the backup holds.
    #[n(2)]
    pub index: u64,
    /// When the backup was verified; the station's clock, UTC milliseconds.
    #[n(3)]
    pub backed_up_at_ms: i64,
}

impl Signable for Watermark {
    const DOMAIN: &'static str = "backup watermark 1";
    const BYTES_MAX: usize = limits::CHECKPOINT_BYTES_MAX;
}

impl Signable for Receipt {
    const DOMAIN: &'static str = "receipt 1";
    const BYTES_MAX: usize = limits::RECEIPT_BYTES_MAX;
}
