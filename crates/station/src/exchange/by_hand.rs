//! Requests that came in a bundle: taken as any other, and the last one answered to the end, because nobody can be asked to
//! ask again. Must not know files.

use sync::crypto::PublicKey;
use sync::ids::ReplicaId;
use sync::limits;
use sync::wire::{RequestRefusal, ResponseOutcome, UnverifiedRequest};

use super::{Request, Station, Stop};
use crate::fault::StationFault;

/// Why a request of a bundle is not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ByHandFault {
    /// It is not by the replica that signed the bundle.
    #[error("a request in the bundle is not by the laptop that signed it")]
    AnotherSigner,
    /// The station cannot take it now; the same bundle may be taken later.
    #[error("the station cannot take it now: {}", .0.code())]
    Later(RequestRefusal),
    /// The station is broken.
    #[error(transparent)]
    Station(#[from] StationFault),
}

impl Station {
    /// Takes one request and gives its response, and what the laptop would ask next.
    pub(crate) fn exchange_by_hand(
        &self,
        request: &[u8],
        (replica, signer): (ReplicaId, &PublicKey),
        now_ms: i64,
    ) -> Result<(Vec<u8>, Option<Request>), ByHandFault> {
        let claimed = UnverifiedRequest::decode(request).map(|unverified| unverified.replica());
        if claimed.is_ok_and(|claimed| claimed != replica) {
            return Err(ByHandFault::AnotherSigner);
        }
        let taken = self.take(request, now_ms);
        if taken.is_ok() {
            // A refusal tells nothing and goes to whoever asked. An answer goes to the replica alone: the request is its own,
            // but somebody else may have put it under his reply key.
            self.is_signer(replica, signer)?;
        }
        self.told(taken, now_ms)
    }

    /// Answers what a laptop would ask next.
    pub(crate) fn go_on_by_hand(
        &self,
        request: Request,
        now_ms: i64,
    ) -> Result<(Vec<u8>, Option<Request>), ByHandFault> {
        let ground = self.ground(&request, now_ms)?;
        let taken = self.answer(&request, ground, None, now_ms).map(|answer| (request, answer));
        self.told(taken, now_ms)
    }

    fn told(
        &self,
        taken: Result<(Request, super::Answer), Stop>,
        now_ms: i64,
    ) -> Result<(Vec<u8>, Option<Request>), ByHandFault> {
        let (request, answer) = match taken {
            Ok((request, answer)) => (Some(request), Ok(answer)),
            Err(stop) => (None, Err(stop)),
        };
        let outcome = self.outcome(answer);
        let next = match (&request, &outcome) {
            (_, ResponseOutcome::Refused(refusal)) if refusal.passes_later() => {
                return Err(ByHandFault::Later(*refusal));
            }
            (Some(request), ResponseOutcome::Answer(answer)) => request.following(answer, &self.public_key()),
            (Some(_) | None, ResponseOutcome::Refused(_) | ResponseOutcome::Answer(_)) => None,
        };
        // A request that asks for no pages is followed by others of its bundle.
        let next = next.map(|next| Request { page_budget_bytes: limits::BUDGET_MAX_BYTES, ..next });
        Ok((self.response(outcome, now_ms), next))
    }

    fn is_signer(&self, replica: ReplicaId, signer: &PublicKey) -> Result<(), ByHandFault> {
        match self.directory()?.replica(replica) {
            Some(listed) if listed.public_key != *signer => Err(ByHandFault::AnotherSigner),
            Some(_) | None => Ok(()),
        }
    }
}
