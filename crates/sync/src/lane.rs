//! The lane: what one replica has written, over all its scopes, as one append-only chain of entries.
//! The chain covers headers; a header commits to its body by a hash keyed with the document's salt, so that erasing
//! body and salt leaves nothing to guess from. Must not know what the bodies record.

use minicbor::{Decode, Encode};

use crate::cbor::{self, DecodeFault};
use crate::code::code_enum;
use crate::crypto;
use crate::ids::{ActId, DocumentId, Hash, OfficerId, ReplicaId, ScopeId};
use crate::limits;

code_enum! {
    /// What an entry does.
    pub enum EntryKind {
        /// One automerge change of the document.
        Change = 1 => "change",
        /// One automerge change that settles a conflict by naming all its values.
        Decision = 2 => "decision",
        /// Moves the document, and all that is named with it, to another scope. Body: [`MoveBody`].
        Move = 3 => "move",
        /// Closes the document as it stands. Body: [`FreezeBody`].
        Freeze = 4 => "freeze",
        /// Erases the document's contents everywhere. Body: [`EraseBody`].
        Erase = 5 => "erase",
    }
}

/// The place of an entry in a lane: its index from 1 and the hash of its header. Index 0 is before the first entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct LaneHead {
    /// Index of the last entry; 0 for an empty lane.
    #[n(0)]
    pub index: u64,
    /// Hash of that entry's header.
    #[n(1)]
    pub hash: Hash,
}

impl LaneHead {
    /// The place before the first entry of a replica's lane. Binds the chain to the replica.
    #[must_use]
    pub fn genesis(replica: ReplicaId) -> Self {
        Self { index: 0, hash: crypto::hash("fengqiao lane 1", &[replica.as_bytes()]) }
    }
}

/// The entry of a dead lane that an entry carries over unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Replaces {
    /// The dead replica; the writer must be its recorded successor.
    #[n(0)]
    pub replica: ReplicaId,
    /// Index in the dead lane.
    #[n(1)]
    pub index: u64,
}

/// What the chain covers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EntryHeader {
    /// Index in the lane, from 1 without gaps.
    #[n(0)]
    pub index: u64,
    /// Hash of the previous header, or of the lane's genesis.
    #[n(1)]
    pub prev: Hash,
    /// The scope under which the officer acted.
    #[n(2)]
    pub scope: ScopeId,
    /// The document.
    #[n(3)]
    pub document: DocumentId,
    /// The command this entry belongs to.
    #[n(4)]
    pub act: ActId,
    /// Who acted.
    #[n(5)]
    pub officer: OfficerId,
    /// The version of the directory the laptop held; never goes back within a lane.
    #[n(6)]
    pub directory_version: u64,
    /// The laptop's clock, UTC milliseconds. Not trusted.
    #[n(7)]
    pub device_at_ms: i64,
    /// What the entry does.
    #[n(8)]
    pub kind: EntryKind,
    /// Reserved: which key the body is sealed with; 0 is none.
    #[n(9)]
    pub key_id: u32,
    /// Reserved: the generation of the document's history; 0 is the first.
    #[n(10)]
    pub generation: u32,
    /// Keyed hash of the body under the document's salt.
    #[n(11)]
    pub commitment: Hash,
    /// Set when the entry carries over one from a dead lane.
    #[n(12)]
    pub replaces: Option<Replaces>,
}

/// What an entry is made from; the chain adds index, previous hash and commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryDraft {
    /// The scope under which the officer acts.
    pub scope: ScopeId,
    /// The document.
    pub document: DocumentId,
    /// The command this entry belongs to.
    pub act: ActId,
    /// Who acts.
    pub officer: OfficerId,
    /// The newest version of the directory the laptop holds.
    pub directory_version: u64,
    /// The laptop's clock, UTC milliseconds.
    pub device_at_ms: i64,
    /// What the entry does.
    pub kind: EntryKind,
    /// The document's salt: 32 random bytes made with the document, the same for all its entries on this laptop.
    pub salt: [u8; 32],
    /// One raw uncompressed automerge change chunk, or a control body from `to_body`.
    pub body: Vec<u8>,
    /// Set when carrying over an entry from a dead lane.
    pub replaces: Option<Replaces>,
}

/// An entry as stored and sent.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// The header, exactly as hashed.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub header: Vec<u8>,
    /// The key of the commitment; lives and dies with the body.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub salt: [u8; 32],
    /// The change or the control.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// Why an entry cannot be appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppendFault {
    /// The body is longer than [`limits::BODY_BYTES_MAX`].
    #[error("body of {length} bytes, {max} are allowed")]
    BodyTooLong {
        /// Bytes given.
        length: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// The lane has 2^64 entries.
    #[error("lane is full")]
    LaneFull,
}

/// Appends one entry to a lane. Pure: the caller stores entry and new head in one transaction.
///
/// # Errors
/// [`AppendFault`].
pub fn append(head: LaneHead, draft: EntryDraft) -> Result<(Entry, LaneHead), AppendFault> {
    if draft.body.len() > limits::BODY_BYTES_MAX {
        return Err(AppendFault::BodyTooLong { length: draft.body.len(), max: limits::BODY_BYTES_MAX });
    }
    let index = head.index.checked_add(1).ok_or(AppendFault::LaneFull)?;
    let header = cbor::to_bytes(&EntryHeader {
        index,
        prev: head.hash,
        scope: draft.scope,
        document: draft.document,
        act: draft.act,
        officer: draft.officer,
        directory_version: draft.directory_version,
        device_at_ms: draft.device_at_ms,
        kind: draft.kind,
        key_id: 0,
        generation: 0,
        commitment: commitment(&draft.salt, &draft.body),
        replaces: draft.replaces,
    });
    let hash = header_hash(&header);
    Ok((Entry { header, salt: draft.salt, body: draft.body }, LaneHead { index, hash }))
}

/// The hash of a header's bytes: what the next entry, receipts and scope logs refer to.
#[must_use]
pub fn header_hash(header: &[u8]) -> Hash {
    crypto::hash("fengqiao entry 1", &[header])
}

/// The keyed hash of a body.
#[must_use]
pub fn commitment(salt: &[u8; 32], body: &[u8]) -> Hash {
    crypto::keyed_hash(salt, "fengqiao body 1", body)
}

/// Reads the bytes of a header.
///
/// # Errors
/// [`DecodeFault`].
pub fn read_header(bytes: &[u8]) -> Result<EntryHeader, DecodeFault> {
    cbor::from_bytes(bytes, limits::HEADER_BYTES_MAX)
}

impl Entry {
    /// Reads the header.
    ///
    /// # Errors
    /// [`DecodeFault`].
    pub fn read_header(&self) -> Result<EntryHeader, DecodeFault> {
        read_header(&self.header)
    }

    /// The hash of the header.
    #[must_use]
    pub fn header_hash(&self) -> Hash {
        header_hash(&self.header)
    }

    /// Bytes this entry takes in a frame, a few too many rather than too few.
    #[must_use]
    pub fn size(&self) -> usize {
        self.header.len() + self.salt.len() + self.body.len() + 16
    }
}

/// The body of a move.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MoveBody {
    /// Where the documents go.
    #[n(0)]
    pub to: ScopeId,
    /// Everything that moves, the entry's own document included.
    #[n(1)]
    pub documents: Vec<DocumentId>,
}

/// The body of a freeze.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FreezeBody {
    /// The heads at which the document is closed.
    #[n(0)]
    pub heads: Vec<Hash>,
}

/// The body of an erase.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EraseBody {
    /// Why, as a code.
    #[n(0)]
    pub reason: String,
}

macro_rules! control_body {
    ($name:ident, $limit:expr) => {
        impl $name {
            /// The body's bytes.
            #[must_use]
            pub fn to_body(&self) -> Vec<u8> {
                cbor::to_bytes(self)
            }

            /// Reads a body.
            ///
            /// # Errors
            /// [`DecodeFault`].
            pub fn from_body(bytes: &[u8]) -> Result<Self, DecodeFault> {
                cbor::from_bytes(bytes, $limit)
            }
        }
    };
}

control_body!(MoveBody, limits::SCOPE_BYTES_MAX + 16 + limits::MOVE_DOCUMENTS_MAX * 17);
control_body!(FreezeBody, 16 + limits::FREEZE_HEADS_MAX * 34);
control_body!(EraseBody, 16 + limits::REASON_BYTES_MAX);
