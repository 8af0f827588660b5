//! Which deed passes which place. Exhaustive, so that a place without a deed does not compile. Must not know how deeds are
//! done.

use failpoint::Point;

use super::town::Town;
use super::{laptop_deeds as laptop, station_deeds as station};

/// Where a program ends: at the n-th time it reaches a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strike {
    pub(super) point: Point,
    pub(super) hit: u64,
}

impl Strike {
    /// As the programs are told.
    pub(super) fn text(self) -> String {
        format!("{}:{}", self.point.name(), self.hit)
    }
}

/// Whose laptop dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Victim {
    /// The officer's.
    Officer,
    /// The chief's.
    Chief,
    /// The station's server.
    Server,
}

type Deed = fn(&mut Town, Strike) -> bool;

/// Does what passes the place with a program that ends there; whether it ended. Afterwards the deed is done all the same.
pub(super) fn carry_out(town: &mut Town, strike: Strike) -> bool {
    deed(strike.point)(town, strike)
}

fn deed(point: Point) -> Deed {
    match point {
        Point::SaveWritten | Point::SaveCommitted | Point::AuditWritten => laptop::save,
        Point::ImportRow => laptop::import,
        Point::RequestReady
        | Point::AnswerRead
        | Point::IncomingWritten
        | Point::IncomingCommitted
        | Point::IncomingApplied
        | Point::IncomingSettled
        | Point::SyncEnded => |town, strike| laptop::sync(town, strike, Victim::Officer),
        Point::ErasureMerged | Point::ErasureCut => |town, strike| laptop::erase(town, strike, Victim::Chief),
        Point::ScopesWritten | Point::CellDropped | Point::CellDropCommitted => laptop::lose_cell,
        Point::RebuildEmptied | Point::RebuildPart | Point::RebuildFilled => laptop::rebuild,
        Point::BackupCopied | Point::BackupRead | Point::BackupNamed => laptop::back_up,
        Point::RestoreCopied
        | Point::RestoreKeyed
        | Point::RestoreWritten
        | Point::RestoreTaken
        | Point::RestoreNamed => laptop::restore,
        Point::SucceedWritten | Point::SucceedCommitted => {
            |town, strike| laptop::succeed(town, strike, Victim::Officer)
        }
        Point::KeyWritten | Point::KeyNamed => laptop::change_passphrase,
        Point::EnrolFolder | Point::EnrolDatabase | Point::EnrolDirectory | Point::EnrolKeyed => {
            |town, strike| laptop::enrol(town, strike, Victim::Officer)
        }
        Point::FoundKeyed | Point::FoundWritten | Point::Founded => station::found,
        Point::CertifyWritten | Point::Certified => |town, strike| laptop::enrol(town, strike, Victim::Server),
        Point::SuccessionWritten | Point::SuccessionListed => {
            |town, strike| laptop::succeed(town, strike, Victim::Server)
        }
        Point::FrameJudged
        | Point::FrameWritten
        | Point::FrameCommitted
        | Point::AnswerWritten
        | Point::AnswerCommitted => |town, strike| laptop::sync(town, strike, Victim::Server),
        Point::FrameForgotten => |town, strike| laptop::erase(town, strike, Victim::Server),
        Point::GroundWritten | Point::GroundCommitted | Point::DirectoryWritten => station::repair,
        Point::EditWritten | Point::EditCommitted => station::edit,
        Point::TokenWritten | Point::TokenIssued => station::issue,
        Point::CertificateWritten | Point::SwitchWritten => station::renew,
        Point::SealCopied | Point::SealWritten | Point::SealRead | Point::SealNamed => station::seal,
        Point::UnsealWritten | Point::UnsealMarked | Point::UnsealKeyed | Point::UnsealNamed => station::unseal,
    }
}

/// Places that cost a second at most and may be passed a thousand times in one town. The others take new laptops or
/// folders, and a replica has a bounded number of successors.
pub(super) fn is_cheap(point: Point) -> bool {
    matches!(
        point,
        Point::SaveWritten
            | Point::SaveCommitted
            | Point::AuditWritten
            | Point::ImportRow
            | Point::RequestReady
            | Point::AnswerRead
            | Point::IncomingWritten
            | Point::IncomingCommitted
            | Point::IncomingApplied
            | Point::IncomingSettled
            | Point::SyncEnded
            | Point::RebuildEmptied
            | Point::RebuildPart
            | Point::RebuildFilled
            | Point::BackupCopied
            | Point::BackupRead
            | Point::BackupNamed
            | Point::FrameJudged
            | Point::FrameWritten
            | Point::FrameCommitted
            | Point::AnswerWritten
            | Point::AnswerCommitted
            | Point::EditWritten
            | Point::EditCommitted
    )
}
