//! From an answer's bytes to a verified batch. What is good is taken even when something beside it is not; the first
//! fault is kept and ends the sync after the good part is stored. Must not know how the batch is stored.

use std::collections::BTreeMap;

use super::messages::{Ask, Batch, Progress};
use super::round::{Round, Start};
use super::{FailReason, LaptopConfig, Report};
use crate::crypto::{Signed, Verified};
use crate::directory::{self, Directory};
use crate::first_sync::{EarlierPage, VerifiedEarlier};
use crate::ids::ScopeId;
use crate::lane::LaneHead;
use crate::receipt::{Receipt, Watermark};
use crate::scope_log::{Page, PageFault, PulledContent, VerifiedPage};
use crate::wire::{Answer, FrameRejection, More, Response, ResponseOutcome};

/// Whether a sync is complete after a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Complete {
    Yes,
    No,
}

/// Whether a round brought anything forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moved {
    Something,
    Nothing,
}

/// What to do once the batch is stored.
#[derive(Debug)]
pub(super) struct Afterwards {
    pub(super) complete: Complete,
    pub(super) moved: Moved,
    pub(super) fault: Option<FailReason>,
    pub(super) start: Start,
    /// What the next round brings to a repair.
    pub(super) ask: Ask,
    /// Where the station said it is.
    pub(super) station_head: LaneHead,
    given_back: u64,
    receipted: u64,
    receipted_bytes: u64,
    refused: u64,
    pulled: u64,
    quarantined: u64,
    restarted: u64,
    behind: u64,
    station_at_ms: i64,
}

impl Afterwards {
    pub(super) fn count(&self, report: &mut Report, progress: &mut Progress) {
        report.receipted += self.receipted;
        report.refused += self.refused;
        report.pulled += self.pulled;
        report.quarantined += self.quarantined;
        report.scopes_restarted += self.restarted;
        report.given_back += self.given_back;
        report.station_at_ms = Some(self.station_at_ms);
        progress.sent += self.receipted;
        progress.sent_bytes += self.receipted_bytes;
        progress.send_total = progress.send_total.max(progress.sent);
        progress.send_total_bytes = progress.send_total_bytes.max(progress.sent_bytes);
        progress.pulled += self.pulled;
        progress.pull_total = progress.pulled.saturating_add(self.behind);
    }
}

/// Where the station is in the lane, as far as this round can tell.
enum Standing {
    /// On the lane, among what was read.
    Checked(LaneHead),
    /// Further back than what was read: it was restored from a backup.
    Back(LaneHead),
    /// Further on than what was read, within the lane: an earlier answer was lost.
    Ahead,
}

impl Round {
    /// Verifies an answer.
    pub(super) fn answered(self, config: &LaptopConfig, bytes: &[u8]) -> Result<(Batch, Afterwards), FailReason> {
        self.judged(config, Response::decode(bytes).map_err(FailReason::Wire)?)
    }

    /// As [`Round::answered`], of a response that was decoded already.
    pub(super) fn judged(self, config: &LaptopConfig, response: Response) -> Result<(Batch, Afterwards), FailReason> {
        if response.station != config.station {
            return Err(FailReason::AnotherStation);
        }
        let answer = match response.outcome {
            ResponseOutcome::Refused(refusal) => return Err(FailReason::Refused(refusal)),
            ResponseOutcome::Answer(answer) => *answer,
        };
        let mut fault = None;
        let standing = self.standing(&answer).unwrap_or_else(|reason| {
            fault = Some(reason);
            Standing::Ahead
        });
        let directory = self.directory(config, &answer, &mut fault);
        let receipts = self.receipts(config, &answer, &mut fault);
        let (more, lane_head) = (answer.more, answer.lane_head);
        let rejection = answer.rejection;
        let ask = self.ask_next(&answer, &standing);
        let backup_watermark = self.watermark(config, answer.backup_watermark);
        let mut pages = self.pages(config, answer.pages, &mut fault);
        let (mut earlier, mut begin_again) = self.earlier(config, answer.earlier, &mut fault);
        if let Some(FrameRejection::BadSignature | FrameRejection::Malformed | FrameRejection::Other(_)) = rejection {
            fault = fault.or(rejection.map(FailReason::FrameRejected));
        }
        if rejection == Some(FrameRejection::Fork) {
            fault = fault.or(Some(FailReason::LaneForked { station_head: answer.lane_head }));
        }
        if let Some(FailReason::LaneForked { .. }) = fault {
            // The pages name own entries that are not in this lane: a cursor past them would lose them here for good.
            pages.clear();
            earlier.clear();
            begin_again.clear();
        }
        let batch = Batch {
            directory,
            receipts,
            pages,
            earlier,
            begin_again,
            station_head: match standing {
                Standing::Checked(place) => Some(place),
                Standing::Back(_) | Standing::Ahead => None,
            },
            epoch: answer.epoch,
            station_at_ms: response.station_at_ms,
            backup_watermark,
        };
        let after = self.afterwards(&batch, (&standing, lane_head), (more, ask), fault);
        Ok((batch, after))
    }

    fn standing(&self, answer: &Answer) -> Result<Standing, FailReason> {
        let station_head = answer.lane_head;
        let forked = Err(FailReason::LaneForked { station_head });
        if station_head.index > self.lane_end.index {
            return forked;
        }
        if station_head.index < self.after.index {
            return Ok(Standing::Back(station_head));
        }
        match self.place(station_head.index) {
            Some(place) if place == station_head => Ok(Standing::Checked(place)),
            Some(_) => forked,
            None => Ok(Standing::Ahead),
        }
    }

    fn directory(
        &self,
        config: &LaptopConfig,
        answer: &Answer,
        fault: &mut Option<FailReason>,
    ) -> Option<Verified<Directory>> {
        let signed = answer.directory.clone()?;
        match directory::verify(signed, config.station, &config.station_key) {
            Ok(newer) if newer.version > self.directory_version => Some(newer),
            Ok(_) => None,
            Err(wrong) => {
                fault.get_or_insert(FailReason::Directory(wrong));
                None
            }
        }
    }

    fn receipts(
        &self,
        config: &LaptopConfig,
        answer: &Answer,
        fault: &mut Option<FailReason>,
    ) -> Vec<Verified<Receipt>> {
        let mut through = self.through;
        let mut taken = Vec::new();
        for signed in &answer.receipts {
            let sound = signed.clone().verify(&config.station_key).ok().filter(|receipt| {
                receipt.station == config.station && receipt.replica == config.replica && receipt.is_sound()
            });
            let Some(receipt) = sound else {
                fault.get_or_insert(FailReason::ReceiptWrong);
                break;
            };
            if receipt.last() <= through {
                continue;
            }
            // A gap, more than was read, or more than the station itself says it has: nothing to count on. The next
            // round asks again from what is stored.
            let within = receipt.first <= through + 1 && receipt.last() <= answer.lane_head.index;
            let Some(place) = self.place(receipt.last()).filter(|_| within) else {
                break;
            };
            if place != receipt.head {
                fault.get_or_insert(FailReason::LaneForked { station_head: receipt.head });
                break;
            }
            through = receipt.last();
            taken.push(receipt);
        }
        taken
    }

    fn pages(&self, config: &LaptopConfig, pages: Vec<Page>, fault: &mut Option<FailReason>) -> Vec<VerifiedPage> {
        let mut taken: Vec<VerifiedPage> = Vec::new();
        for page in pages {
            // The scope is known only once the checkpoint is verified, so its places are looked up inside.
            match page.verify(config.station, &config.station_key, config.replica, |scope| self.shown(scope)) {
                Ok(page) if taken.iter().any(|one| one.scope() == page.scope()) => {
                    fault.get_or_insert(FailReason::Page(PageFault::NotAtCursor));
                }
                Ok(page) => taken.push(page),
                Err(wrong) => {
                    fault.get_or_insert(FailReason::Page(wrong));
                }
            }
        }
        taken
    }

    /// Pieces of earlier work, and the scopes in which station and laptop do not agree where that goes on.
    fn earlier(
        &self,
        config: &LaptopConfig,
        pieces: Vec<EarlierPage>,
        fault: &mut Option<FailReason>,
    ) -> (Vec<VerifiedEarlier>, Vec<ScopeId>) {
        let mut taken: Vec<VerifiedEarlier> = Vec::new();
        let mut begin_again = Vec::new();
        for piece in pieces {
            let verified =
                piece.verify(config.station, &config.station_key, config.replica, |scope| self.beginning(scope));
            match verified {
                Ok(piece) if taken.iter().any(|one| one.page().scope() == piece.page().scope()) => {
                    fault.get_or_insert(FailReason::Page(PageFault::NotAtBacklog));
                }
                Ok(piece) => taken.push(piece),
                Err(wrong) => {
                    fault.get_or_insert(FailReason::Page(wrong.fault));
                    begin_again.extend(wrong.begins_again);
                }
            }
        }
        (taken, begin_again)
    }

    /// Entries of the scopes that are still to come, when the station has more.
    fn to_come(&self, batch: &Batch, more: More) -> u64 {
        let behind = batch.pages.iter().fold(0, |sum: u64, page| sum.saturating_add(page.behind()));
        if more == More::Nothing {
            return behind;
        }
        let mut left: BTreeMap<&ScopeId, u64> =
            self.backlogs.iter().map(|(scope, backlog)| (scope, backlog.position.seq)).collect();
        left.extend(batch.earlier.iter().map(|piece| (piece.page().scope(), piece.page().from().seq)));
        left.values().fold(behind, |sum, one| sum.saturating_add(*one))
    }

    /// What the station wants to know or to have next. A directory is given once: the version it wants is the one held here.
    fn ask_next(&self, answer: &Answer, standing: &Standing) -> Ask {
        let back = matches!(standing, Standing::Back(_));
        Ask {
            shown: answer.unknown.clone(),
            wanted: answer.wanted.clone(),
            directory: answer.wants_directory.filter(|version| *version == self.directory_version),
            receipt: back || !answer.unknown.is_empty(),
        }
    }

    fn watermark(&self, config: &LaptopConfig, signed: Option<Signed<Watermark>>) -> Option<u64> {
        let mark = signed?.verify(&config.station_key).ok()?;
        let own = mark.station == config.station && mark.replica == config.replica && mark.index <= self.lane_end.index;
        own.then_some(mark.index)
    }

    fn afterwards(
        self,
        batch: &Batch,
        (standing, station_head): (&Standing, LaneHead),
        (more, ask): (More, Ask),
        fault: Option<FailReason>,
    ) -> Afterwards {
        let through = batch.receipts.last().map_or(self.through, |receipt| receipt.last());
        let all_there = matches!(standing, Standing::Checked(place) if *place == self.lane_end);
        let complete = if all_there && through >= self.lane_end.index && more == More::Nothing && ask.is_empty() {
            Complete::Yes
        } else {
            Complete::No
        };
        let stayed = match standing {
            Standing::Checked(place) => *place == self.station_head,
            Standing::Back(_) => false,
            Standing::Ahead => true,
        };
        let pieces = || batch.pages.iter().chain(batch.earlier.iter().map(VerifiedEarlier::page));
        let entries = || pieces().flat_map(VerifiedPage::entries);
        let began = batch.earlier.iter().any(|piece| !self.cursors.contains_key(piece.page().scope()));
        let pulled_nothing = entries().next().is_none() && !began;
        let nothing = batch.directory.is_none() && batch.receipts.is_empty() && pulled_nothing && stayed;
        let same_ask = ask == self.ask;
        let others = entries().filter(|one| !matches!(one.content, PulledContent::Own { .. })).count();
        let bad = entries().filter(|one| matches!(one.content, PulledContent::Quarantined { .. })).count();
        let restarted = batch.pages.iter().filter(|page| self.restarts(page)).count();
        let receipted = self.read.iter().filter(|sent| (self.through + 1..=through).contains(&sent.place.index));
        Afterwards {
            complete,
            moved: if nothing && same_ask { Moved::Nothing } else { Moved::Something },
            fault,
            start: match standing {
                Standing::Back(place) => Start::StationAt(*place),
                Standing::Checked(_) | Standing::Ahead => Start::Outbox,
            },
            ask,
            station_head,
            given_back: self.given_back,
            receipted: through.saturating_sub(self.through),
            receipted_bytes: receipted.map(|sent| sent.bytes).sum(),
            refused: batch.receipts.iter().map(|receipt| receipt.refusals.len() as u64).sum(),
            pulled: others as u64,
            quarantined: bad as u64,
            restarted: restarted as u64,
            behind: self.to_come(batch, more),
            station_at_ms: batch.station_at_ms,
        }
    }

    fn restarts(&self, page: &VerifiedPage) -> bool {
        self.cursors.get(page.scope()).is_some_and(|held| !held.is(&page.from()))
    }
}
