//! The structure check of a peer's automerge change. Only one uncompressed change chunk of a flat root map passes, and
//! only after every count in it was bounded; then automerge reads it behind a panic fence.
//! Must not open a document.

mod chunk;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::ids::{Actor, Hash};

/// What is known of a well-formed change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeFacts {
    /// The change's hash, as automerge computes it.
    pub hash: Hash,
    /// Who wrote it.
    pub actor: Actor,
    /// The actor's number of this change within the document, from 1.
    pub seq: u64,
    /// The changes it builds on.
    pub deps: Vec<Hash>,
    /// How many operations it holds.
    pub ops: u64,
}

/// Why bytes are not a change we take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChangeFault {
    /// Longer than a body may be.
    #[error("too large")]
    TooLarge,
    /// Not a change chunk of exactly this length: a document, a bundle, a compressed chunk, or not automerge at all.
    #[error("not one uncompressed change chunk")]
    NotAChangeChunk,
    /// The checksum is not that of the contents.
    #[error("checksum wrong")]
    Checksum,
    /// Cut short or inconsistent inside.
    #[error("malformed")]
    Malformed,
    /// More dependencies, actors, operations or columns than [`crate::limits`] allows.
    #[error("over a limit")]
    OverLimit,
    /// The actor is not 16 bytes.
    #[error("actor is not 16 bytes")]
    ActorLength,
    /// Holds something else than scalars in the root map.
    #[error("not a flat map of scalars")]
    NotFlat,
    /// automerge rejects it.
    #[error("rejected by automerge")]
    Rejected,
    /// automerge panicked on it.
    #[error("automerge panicked")]
    Panicked,
    /// automerge reads something else from it than we do.
    #[error("read differently by automerge")]
    ReadDifferently,
}

/// Checks the bytes of one change. Bounded in time and memory whatever the bytes are.
///
/// # Errors
/// [`ChangeFault`].
pub fn check(bytes: &[u8]) -> Result<ChangeFacts, ChangeFault> {
    let facts = chunk::read(bytes)?;
    let parsed = catch_unwind(AssertUnwindSafe(|| automerge::Change::from_bytes(bytes.to_vec())))
        .map_err(|_| ChangeFault::Panicked)?
        .map_err(|_| ChangeFault::Rejected)?;
    let same = parsed.hash().0 == facts.hash.0
        && parsed.actor_id().to_bytes() == facts.actor.0
        && parsed.seq() == facts.seq
        && parsed.len() as u64 == facts.ops
        && parsed.raw_bytes() == bytes
        && parsed.deps().iter().map(|dep| dep.0).eq(facts.deps.iter().map(|dep| dep.0));
    if same { Ok(facts) } else { Err(ChangeFault::ReadDifferently) }
}
