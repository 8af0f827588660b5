//! A scope's log pulled backwards: newest work first and whole documents, so that a laptop that begins can be used while
//! the rest arrives.
//!
//! 1. To a request without a cursor for a scope the station answers with the end of that log. The end is the laptop's
//!    cursor; where the piece begins is its [`Backlog`]: all from there to the cursor is held.
//! 2. Later requests name the backlog beside the cursor. The station answers with the piece that ends there, as far as the
//!    budget reaches after what is new. Each piece leads by the chain to a signed checkpoint, like every page.
//! 3. When a piece begins where the log begins, the backlog is gone.
//!
//! A document goes whole: with the newest of its entries go its earlier ones, signed ([`Whole`]). When the walk comes to
//! their places, a stub ([`LoggedEntry::Sent`]) puts them there. So each body travels once, and what is shown is never
//! half a document. Documents above [`limits::WHOLE_DOCUMENT_BYTES_MAX`] go in the order of the log.
//!
//! Must not know how logs are stored.

use minicbor::{Decode, Encode};

use crate::crypto::{PublicKey, Signable, Signed};
use crate::ids::{ReplicaId, ScopeId, StationId};
use crate::lane;
use crate::limits;
use crate::scope_log::{self, LogPosition, LoggedEntry, Page, PageFault, PulledEntry, Stubs, VerifiedPage};

/// What a laptop has still to pull of a scope's log: everything up to `position`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Backlog {
    /// The scope.
    #[n(0)]
    pub scope: ScopeId,
    /// Sequence number of the end from which the walk began. A document with an entry after `position` and up to here has
    /// been sent whole.
    #[n(1)]
    pub top: u64,
    /// The place of the last entry not held.
    #[n(2)]
    pub position: LogPosition,
}

impl Backlog {
    /// What is left of it when a page begins at `from`: all that is held of the log, and all that was sent whole, ends there.
    /// Nothing when that is the log's beginning. A page that begins at the cursor leaves it as it is.
    #[must_use]
    pub fn cut(self, from: LogPosition) -> Option<Self> {
        let position = if from.seq < self.position.seq { from } else { self.position };
        (position.seq > 0).then_some(Self { scope: self.scope, top: self.top.min(from.seq), position })
    }
}

/// A piece of a scope log on the way back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EarlierPage {
    /// The piece. It ends where the backlog is, or without a cursor where the log ends.
    #[n(0)]
    pub page: Page,
    /// Earlier entries of the documents that it brings.
    #[n(1)]
    pub whole: Option<Signed<Whole>>,
}

/// Entries before their place: what makes documents whole. No chain proves them yet, so the station signs them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Whole {
    /// Which station.
    #[n(0)]
    pub station: StationId,
    /// In whose log they are.
    #[n(1)]
    pub scope: ScopeId,
    /// The entries, in the order of the log. Never one's own.
    #[n(2)]
    pub entries: Vec<WholeEntry>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct WholeEntry {
    /// Whose lane.
    #[n(0)]
    pub replica: ReplicaId,
    /// Header, salt and body.
    #[n(1)]
    pub entry: lane::Entry,
}

impl Signable for Whole {
    const DOMAIN: &'static str = "whole documents 1";
    const BYTES_MAX: usize = limits::RESPONSE_INFLATED_BYTES_MAX;
}

/// Where a laptop stands in a scope, as far as earlier work is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    /// It has nothing of the scope.
    Fresh,
    /// On the way back.
    Backlog(Backlog),
    /// It holds the log from its beginning.
    Whole,
}

/// A piece whose chain and checkpoint hold, and that ends where it should. Only [`EarlierPage::verify`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedEarlier {
    page: VerifiedPage,
    whole: Vec<PulledEntry>,
}

impl VerifiedEarlier {
    /// The piece. Its beginning is the new backlog; of a fresh scope its end is the cursor.
    #[must_use]
    pub fn page(&self) -> &VerifiedPage {
        &self.page
    }

    /// Entries without a place yet; to be kept like pulled ones. Their `seq` is 0.
    #[must_use]
    pub fn whole(&self) -> &[PulledEntry] {
        &self.whole
    }
}

/// Why a piece is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierFault {
    /// Why.
    pub fault: PageFault,
    /// The scope, when station and laptop do not agree about the way back: it is given up there, and the scope pulled from
    /// the log's beginning on.
    pub begins_again: Option<ScopeId>,
}

impl From<PageFault> for EarlierFault {
    fn from(fault: PageFault) -> Self {
        Self { fault, begins_again: None }
    }
}

impl EarlierPage {
    /// Checks that the piece leads to a checkpoint of the station where the laptop's way back goes on, that stubs are where
    /// they may be, and each entry's contents.
    ///
    /// # Errors
    /// [`EarlierFault`]; nothing of the piece is to be taken then.
    pub fn verify(
        self,
        station: StationId,
        station_key: &PublicKey,
        me: ReplicaId,
        beginning: impl FnOnce(&ScopeId) -> Beginning,
    ) -> Result<VerifiedEarlier, EarlierFault> {
        let checkpoint = self.page.checkpoint.clone().verify(station_key).map_err(PageFault::from)?;
        if checkpoint.station != station {
            return Err(PageFault::AnotherStation.into());
        }
        let scope = checkpoint.scope.clone();
        let end = checkpoint.position;
        let beginning = beginning(&scope);
        if let Beginning::Backlog(Backlog { position, .. }) = &beginning
            && end.epoch < position.epoch
        {
            return Err(PageFault::EpochWentBack { found: end.epoch, held: position.epoch }.into());
        }
        let again = |fault| EarlierFault { fault, begins_again: Some(scope.clone()) };
        let stubs = match &beginning {
            // The walk begins: nothing was sent before.
            Beginning::Fresh => Stubs::Refused,
            Beginning::Backlog(backlog) if backlog.position.is(&end) => Stubs::Taken,
            Beginning::Backlog(_) => return Err(again(PageFault::NotAtBacklog)),
            Beginning::Whole => return Err(PageFault::NotAtBacklog.into()),
        };
        let from = self.page.from;
        if from.seq == 0 && !from.is(&LogPosition::genesis(station, &scope, from.epoch)) {
            return Err(again(PageFault::ChainBroken));
        }
        let page = scope_log::follow(self.page, checkpoint, me, stubs).map_err(again)?;
        let whole = match self.whole {
            None => Vec::new(),
            Some(signed) => {
                let whole = signed.verify(station_key).map_err(PageFault::from)?.into_value();
                if whole.station != station || whole.scope != scope {
                    return Err(PageFault::Stray.into());
                }
                open_whole(whole, me)?
            }
        };
        Ok(VerifiedEarlier { page, whole })
    }
}

fn open_whole(whole: Whole, me: ReplicaId) -> Result<Vec<PulledEntry>, PageFault> {
    if whole.entries.len() > limits::PAGE_ENTRIES_MAX {
        return Err(PageFault::TooMany);
    }
    if whole.entries.iter().any(|one| one.replica == me) {
        return Err(PageFault::Stray);
    }
    let opened = whole.entries.into_iter().map(|WholeEntry { replica, entry }| {
        let header_hash = entry.header_hash();
        let (header, content) = scope_log::open_entry(LoggedEntry::Full { replica, entry });
        PulledEntry { seq: 0, replica, header_hash, header, content }
    });
    Ok(opened.collect())
}
