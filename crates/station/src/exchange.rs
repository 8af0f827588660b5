//! One request of a laptop, from bytes to bytes: who asks, certification at first contact, frames in, receipts and pages
//! out. Must not know how the bytes travel.

mod by_hand;

use std::sync::Arc;

use failpoint::{Point, reached};
use rusqlite::{TransactionBehavior, named_params};
use sync::crypto::PublicKey;
use sync::directory::{self, Directory, Replica, ReplicaState};
use sync::enrolment::{self, CertificateRefusal, CertificateVerdict, SelfSignedRequest};
use sync::ids::ReplicaId;
use sync::succession::{self, SignedSuccession, SuccessionVerdict};
use sync::wire::{
    Answer, Certificate, Coding, FrameRejection, More, Request, RequestRefusal, Response, ResponseOutcome,
    UnverifiedRequest, WireFault,
};

use crate::fault::StationFault;
use crate::fork::{self, Fate};
use crate::pull::{Pulled, Rest, Signer};
use crate::repair::{self, Ground};
use crate::station::{self, Station};
use crate::{pull, push};

pub(crate) use by_hand::ByHandFault;

/// Why a request ends without an answer.
enum Stop {
    Refused(RequestRefusal),
    Broken(StationFault),
}

impl From<StationFault> for Stop {
    fn from(fault: StationFault) -> Self {
        Self::Broken(fault)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(fault: rusqlite::Error) -> Self {
        Self::Broken(fault.into())
    }
}

impl Station {
    /// Takes a request and answers it. What the answer gives a receipt for is durable when this returns.
    ///
    /// Any bytes are allowed in; bytes that are no request are answered with a refusal.
    #[must_use]
    pub fn exchange(&self, request: &[u8], now_ms: i64) -> Vec<u8> {
        let outcome = self.outcome(self.take(request, now_ms).map(|(_, answer)| answer));
        self.response(outcome, now_ms)
    }

    fn response(&self, outcome: ResponseOutcome, now_ms: i64) -> Vec<u8> {
        Response { station: self.id(), station_at_ms: now_ms, outcome }.encode(Coding::Zstd)
    }

    /// What is told of how it went, here and to the laptop.
    fn outcome(&self, taken: Result<Answer, Stop>) -> ResponseOutcome {
        match taken {
            Ok(answer) => {
                self.meter().exchanged("answered");
                ResponseOutcome::Answer(Box::new(answer))
            }
            Err(Stop::Refused(refusal)) => {
                tracing::warn!(event = "request_refused", reason = refusal.code());
                self.meter().exchanged(refusal.code());
                ResponseOutcome::Refused(refusal)
            }
            Err(Stop::Broken(fault)) => {
                tracing::error!(event = "request_broke", %fault);
                self.meter().exchanged(RequestRefusal::StorageFailed.code());
                ResponseOutcome::Refused(RequestRefusal::StorageFailed)
            }
        }
    }

    fn take(&self, bytes: &[u8], now_ms: i64) -> Result<(Request, Answer), Stop> {
        let unverified = UnverifiedRequest::decode(bytes).map_err(wire_refusal)?;
        let replica = unverified.replica();
        if let Some(certificate) = unverified.certificate() {
            match certificate.clone() {
                Certificate::Enrolment(request) => self.certify(replica, request, now_ms)?,
                Certificate::Succession(request) => self.succeed(replica, &request, now_ms)?,
                Certificate::Listed(signed) => repair::take_directory(self, replica, signed, now_ms)?,
            }
        }
        let key = self.replica_key(replica)?;
        let request = unverified.verify(self.id(), &key).map_err(wire_refusal)?;
        let _turn = self.enter(replica, bytes.len(), now_ms).map_err(Stop::Refused)?;
        if fork::is_frozen(self, replica)? {
            fork::keep(self, &request, now_ms)?;
            return Err(Stop::Refused(RequestRefusal::ReplicaFrozen));
        }
        let ground = self.ground(&request, now_ms)?;
        let settled = ground.unknown.is_empty() && ground.wants_directory.is_none();
        let rejection = if settled { self.take_frames(&request, now_ms)? } else { None };
        if rejection == Some(FrameRejection::Fork) && fork::forked(self, &request, now_ms)? == Fate::Frozen {
            return Err(Stop::Refused(RequestRefusal::ReplicaFrozen));
        }
        let answer = self.answer(&request, ground, rejection, now_ms)?;
        Ok((request, answer))
    }

    fn replica_key(&self, id: ReplicaId) -> Result<PublicKey, Stop> {
        let directory = self.directory()?;
        let replica = directory.replica(id).ok_or(Stop::Refused(RequestRefusal::ReplicaUnknown))?;
        Ok(replica.public_key)
    }

    /// First contact: lists the laptop's key in a new version of the directory, if its token is unused.
    fn certify(&self, replica: ReplicaId, request: SelfSignedRequest, now_ms: i64) -> Result<(), Stop> {
        let request = request.verify().map_err(|_| Stop::Refused(RequestRefusal::SignatureWrong))?;
        if request.replica != replica {
            return Err(Stop::Refused(RequestRefusal::Malformed));
        }
        let token_hash = directory::token_hash(&request.token);
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let newest = self.newest_directory(&transaction)?;
        let issued = station::issued_token(&transaction, &token_hash)?;
        match enrolment::judge_certificate(&request, &newest, issued.as_ref(), now_ms) {
            Ok(CertificateVerdict::AlreadyCertified) => Ok(()),
            Ok(CertificateVerdict::Certify { replica, used }) => {
                transaction.execute(
                    "UPDATE token SET used_at_ms = ?2 WHERE token_hash = ?1",
                    (token_hash.as_bytes(), now_ms),
                )?;
                let act = format!("certify {}", replica.id);
                let (version, ()) = self.edit_within(&transaction, &act, now_ms, |directory| {
                    directory.replicas.push(replica);
                    directory.enrolments.push(used);
                    Ok(())
                })?;
                reached(Point::CertifyWritten);
                transaction.commit()?;
                reached(Point::Certified);
                tracing::info!(event = "certified", replica = %request.replica, directory_version = version);
                Ok(())
            }
            Err(refusal) => {
                if refusal == CertificateRefusal::TokenUsed {
                    transaction.execute(
                        "UPDATE token SET refused_uses = refused_uses + 1 WHERE token_hash = ?1",
                        [token_hash.as_bytes()],
                    )?;
                    transaction.commit()?;
                }
                let reason = RequestRefusal::from(refusal);
                tracing::warn!(event = "certificate_refused", replica = %request.replica, reason = reason.code());
                Err(Stop::Refused(reason))
            }
        }
    }

    /// A laptop goes on as a new replica: lists its key in a new version of the directory, if the old key has signed it.
    fn succeed(&self, replica: ReplicaId, request: &SignedSuccession, now_ms: i64) -> Result<(), Stop> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let newest = self.newest_directory(&transaction)?;
        match succession::judge_succession(request, &newest, now_ms) {
            Ok(SuccessionVerdict::AlreadyCertified) => Ok(()),
            Ok(SuccessionVerdict::Certify(listed)) if listed.id == replica => {
                let act = format!("succeed {} {}", request.predecessor, listed.id);
                let (version, ()) = self.edit_within(&transaction, &act, now_ms, |directory| {
                    directory.replicas.push(listed);
                    Ok(())
                })?;
                reached(Point::SuccessionWritten);
                transaction.commit()?;
                reached(Point::SuccessionListed);
                tracing::info!(event = "succeeded", %replica, predecessor = %request.predecessor, directory_version = version);
                Ok(())
            }
            Ok(SuccessionVerdict::Certify(_)) => Err(Stop::Refused(RequestRefusal::Malformed)),
            Err(refusal) => {
                let reason = RequestRefusal::from(refusal);
                tracing::warn!(event = "succession_refused", %replica, reason = reason.code());
                Err(Stop::Refused(reason))
            }
        }
    }

    /// Takes frames in order, each in its own transaction, until one does not fit.
    fn take_frames(&self, request: &Request, now_ms: i64) -> Result<Option<FrameRejection>, Stop> {
        for frame in &request.frames {
            if frame.replica != request.replica {
                tracing::warn!(event = "foreign_frame", replica = %request.replica);
                return Ok(Some(FrameRejection::BadSignature));
            }
            match push::take_frame(self, frame.clone(), now_ms)? {
                push::Taken::Stored | push::Taken::Known => {}
                push::Taken::Rejected(rejection) => {
                    tracing::warn!(event = "frame_rejected", replica = %request.replica, reason = rejection.code());
                    return Ok(Some(rejection));
                }
            }
        }
        Ok(None)
    }

    /// Where an active laptop stands, after what it brought to a repair was taken.
    fn ground(&self, request: &Request, now_ms: i64) -> Result<Ground, StationFault> {
        let newest = self.directory()?;
        match newest.replica(request.replica) {
            Some(replica) if replica.state == ReplicaState::Active => {
                let scopes = newest.scopes_of(replica.officer, &directory::station_day(now_ms));
                repair::common_ground(self, request, &scopes, now_ms)
            }
            Some(_) | None => Ok(Ground::default()),
        }
    }

    fn answer(
        &self,
        request: &Request,
        ground: Ground,
        rejection: Option<FrameRejection>,
        now_ms: i64,
    ) -> Result<Answer, Stop> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let newest = self.newest_directory(&transaction)?;
        let epoch = station::epoch(&transaction)?;
        let replica = newest.replica(request.replica).ok_or(Stop::Refused(RequestRefusal::ReplicaUnknown))?;
        let receipts = pull::receipts(&transaction, request.replica, request.receipts_through)?;
        let pulled = match replica.state {
            ReplicaState::Active => self.pull(&transaction, request, replica, (&newest, &ground), now_ms)?,
            // A revoked laptop learns what became of its work, and nothing else.
            ReplicaState::Revoked | ReplicaState::Frozen | ReplicaState::Other(_) => Pulled::default(),
        };
        let directory = if request.directory_version < newest.version {
            station::signed_directory(&transaction, newest.version)?
        } else {
            None
        };
        let (lane_head, _) = push::lane_head(&transaction, request.replica)?;
        let backup_watermark = pull::watermark(&transaction, self.id(), self.sign_key(), request.replica)?;
        remember_contact(&transaction, request, pulled.behind, now_ms)?;
        reached(Point::AnswerWritten);
        transaction.commit()?;
        reached(Point::AnswerCommitted);
        let more = if pulled.behind > 0 || receipts.rest == Rest::LeftOut { More::AskAgain } else { More::Nothing };
        Ok(Answer {
            epoch,
            directory,
            lane_head,
            receipts: receipts.signed,
            rejection,
            pages: pulled.pages,
            more,
            backup_watermark,
            wants_directory: ground.wants_directory,
            unknown: ground.unknown,
            wanted: ground.wanted,
            earlier: pulled.earlier,
        })
    }

    fn pull(
        &self,
        transaction: &rusqlite::Transaction<'_>,
        request: &Request,
        replica: &Replica,
        (newest, ground): (&Arc<Directory>, &Ground),
        now_ms: i64,
    ) -> Result<Pulled, StationFault> {
        let scopes = newest.scopes_of(replica.officer, &directory::station_day(now_ms));
        let signer = Signer { station: self.id(), key: self.sign_key(), epoch: station::epoch(transaction)? };
        pull::pages(transaction, &signer, request, &scopes, ground)
    }
}

fn wire_refusal(fault: WireFault) -> Stop {
    Stop::Refused(match fault {
        WireFault::VersionUnknown { .. } => RequestRefusal::VersionUnknown,
        WireFault::Signature(_) => RequestRefusal::SignatureWrong,
        WireFault::Contradiction => RequestRefusal::AnotherStation,
        WireFault::NotOurProtocol
        | WireFault::UnexpectedKind
        | WireFault::TooLong
        | WireFault::Damaged(_)
        | WireFault::TooMany => RequestRefusal::Malformed,
    })
}

fn remember_contact(
    transaction: &rusqlite::Transaction<'_>,
    request: &Request,
    behind: u64,
    now_ms: i64,
) -> Result<(), StationFault> {
    transaction
        .prepare_cached(
            "INSERT INTO contact (replica, seen_at_ms, device_at_ms, directory_version, behind)
             VALUES (:replica, :now_ms, :device_at_ms, :directory_version, :behind)
             ON CONFLICT (replica) DO UPDATE SET seen_at_ms = :now_ms, device_at_ms = :device_at_ms,
                 directory_version = :directory_version, behind = :behind",
        )?
        .execute(named_params! {
            ":replica": request.replica.as_bytes(),
            ":now_ms": now_ms,
            ":device_at_ms": request.device_at_ms,
            ":directory_version": request.directory_version.cast_signed(),
            ":behind": behind.cast_signed(),
        })?;
    Ok(())
}
