//! Succession: a laptop that was restored or copied goes on as a new replica. The old key signs it in, so the station need
//! not be asked by hand; the old lane stays as it is, and what it never sent is carried over. Must not know storage.

use minicbor::{Decode, Encode};

use crate::crypto::{PublicKey, SignKey, Signable, SignatureFault, Signed};
use crate::directory::{Directory, Replica, ReplicaState};
use crate::ids::{ReplicaId, StationId};
use crate::limits;

/// That a replica goes on as another.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Succession {
    /// Which station.
    #[n(0)]
    pub station: StationId,
    /// The replica that ends, on this disk at least.
    #[n(1)]
    pub predecessor: ReplicaId,
    /// The replica that begins.
    #[n(2)]
    pub replica: ReplicaId,
    /// The new replica's key.
    #[n(3)]
    pub public_key: PublicKey,
}

impl Signable for Succession {
    const DOMAIN: &'static str = "succession 1";
    const BYTES_MAX: usize = limits::CERTIFICATE_BYTES_MAX;
}

/// A succession signed by both keys: the old one consents, the new one shows that it is held.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedSuccession {
    /// Signed by the predecessor.
    #[n(0)]
    pub by_old: Signed<Succession>,
    /// The same, signed by the new key.
    #[n(1)]
    pub by_new: Signed<Succession>,
    /// The predecessor, by whose listed key the first signature is checked.
    #[n(2)]
    pub predecessor: ReplicaId,
}

/// Why a succession is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SuccessionRefusal {
    /// Made for another station.
    #[error("succession of another station")]
    AnotherStation,
    /// The directory does not list the predecessor.
    #[error("predecessor unknown")]
    PredecessorUnknown,
    /// The predecessor, or the new replica itself, was revoked.
    #[error("replica revoked")]
    Revoked,
    /// A signature is wrong, or the two parts differ.
    #[error("signature wrong")]
    Signature,
    /// The new replica's id is taken by another key.
    #[error("replica id taken")]
    Taken,
    /// The predecessor has as many successors as one disk may have.
    #[error("too many successors")]
    TooMany,
}

/// What to do with a succession.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuccessionVerdict {
    /// Listed already with this key: an answer was lost. Nothing to do.
    AlreadyCertified,
    /// List this replica in the next version of the directory.
    Certify(Replica),
}

impl SignedSuccession {
    /// Signs with both keys.
    #[must_use]
    pub fn sign(
        station: StationId,
        (predecessor, old): (ReplicaId, &SignKey),
        (replica, new): (ReplicaId, &SignKey),
    ) -> Self {
        let succession = Succession { station, predecessor, replica, public_key: new.public() };
        Self { by_old: Signed::sign(&succession, old), by_new: Signed::sign(&succession, new), predecessor }
    }
}

/// Decides on a succession by the newest directory.
///
/// # Errors
/// [`SuccessionRefusal`].
pub fn judge_succession(
    request: &SignedSuccession,
    newest: &Directory,
    now_ms: i64,
) -> Result<SuccessionVerdict, SuccessionRefusal> {
    let old = newest.replica(request.predecessor).ok_or(SuccessionRefusal::PredecessorUnknown)?;
    let wrong = |_: SignatureFault| SuccessionRefusal::Signature;
    let asked = request.by_old.clone().verify(&old.public_key).map_err(wrong)?;
    let same = request.by_new.clone().verify(&asked.public_key).map_err(wrong)?;
    if *asked.value() != *same.value() || asked.predecessor != old.id || asked.replica == old.id {
        return Err(SuccessionRefusal::Signature);
    }
    if asked.station != newest.station {
        return Err(SuccessionRefusal::AnotherStation);
    }
    match old.state {
        // to go on under another name is what a frozen one should have done
        ReplicaState::Active | ReplicaState::Frozen => {}
        ReplicaState::Revoked | ReplicaState::Other(_) => return Err(SuccessionRefusal::Revoked),
    }
    if let Some(listed) = newest.replica(asked.replica) {
        return match listed.state {
            ReplicaState::Active | ReplicaState::Frozen if listed.public_key == asked.public_key => {
                Ok(SuccessionVerdict::AlreadyCertified)
            }
            ReplicaState::Active | ReplicaState::Frozen => Err(SuccessionRefusal::Taken),
            ReplicaState::Revoked | ReplicaState::Other(_) => Err(SuccessionRefusal::Revoked),
        };
    }
    let before = newest.replicas.iter().filter(|one| one.successor_of == Some(old.id)).count();
    if before >= limits::SUCCESSORS_MAX {
        return Err(SuccessionRefusal::TooMany);
    }
    Ok(SuccessionVerdict::Certify(Replica {
        id: asked.replica,
        officer: old.officer,
        laptop_label: old.laptop_label.clone(),
        public_key: asked.public_key,
        state: ReplicaState::Active,
        certified_at_ms: now_ms,
        successor_of: Some(old.id),
    }))
}
