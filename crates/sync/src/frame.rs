//! A frame: consecutive entries of a lane under one signature over the chain head after the last of them.
//! One frame is one transaction at the station and the most that a broken link repeats. Must not judge what it carries.

use minicbor::{Decode, Encode};

use crate::cbor::{self, DecodeFault};
use crate::crypto::{PublicKey, SignKey, Signature, SignatureFault};
use crate::ids::{ActId, ReplicaId, StationId};
use crate::lane::{Entry, EntryHeader, LaneHead};
use crate::limits;

const DOMAIN: &str = "frame 1";

/// Consecutive entries of one lane, signed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Frame {
    /// Whose lane.
    #[n(0)]
    pub replica: ReplicaId,
    /// The entries in order.
    #[n(1)]
    pub entries: Vec<Entry>,
    /// Signature over station, replica and the chain head after the last entry.
    #[n(2)]
    pub signature: Signature,
}

#[derive(Encode)]
struct Seal {
    #[n(0)]
    station: StationId,
    #[n(1)]
    replica: ReplicaId,
    #[n(2)]
    head: LaneHead,
}

/// An entry of a verified frame with its header read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneEntry {
    /// The header.
    pub header: EntryHeader,
    /// The place of this entry.
    pub place: LaneHead,
    /// The bytes.
    pub entry: Entry,
}

/// A frame whose chain and signature hold. Only [`Frame::verify`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedFrame {
    replica: ReplicaId,
    before: LaneHead,
    head: LaneHead,
    entries: Vec<LaneEntry>,
}

/// Why a frame is not a piece of the lane it claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameFault {
    /// No entries, or more than a frame may hold.
    #[error("{count} entries in a frame")]
    Count {
        /// Entries found.
        count: usize,
    },
    /// Larger than a frame may be.
    #[error("frame of {bytes} bytes")]
    TooLarge {
        /// Bytes found.
        bytes: usize,
    },
    /// A header that cannot be read.
    #[error("header {position} unreadable: {fault}")]
    Header {
        /// Position in the frame, from 0.
        position: usize,
        /// Why.
        fault: DecodeFault,
    },
    /// An entry that does not follow the one before it.
    #[error("entry {position} does not follow the one before")]
    ChainBroken {
        /// Position in the frame, from 0.
        position: usize,
    },
    /// The signature is not the replica's.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
}

/// Cuts consecutive entries into signed frames. Entries of one act stay together where they fit.
///
/// # Errors
/// [`FrameFault`] when the entries are not a chain; that is damage on this laptop.
pub fn cut(
    station: StationId,
    replica: ReplicaId,
    entries: Vec<Entry>,
    key: &SignKey,
) -> Result<Vec<Frame>, FrameFault> {
    let read = read_chain(entries)?;
    let mut frames = Vec::new();
    let mut open: Vec<LaneEntry> = Vec::new();
    let mut open_bytes = 0;
    for act in acts(read) {
        let act_bytes: usize = act.iter().map(|one| one.entry.size()).sum();
        if !fits(open.len() + act.len(), open_bytes + act_bytes) {
            close(station, replica, &mut open, &mut open_bytes, key, &mut frames);
        }
        for one in act {
            if !open.is_empty() && !fits(open.len() + 1, open_bytes + one.entry.size()) {
                close(station, replica, &mut open, &mut open_bytes, key, &mut frames);
            }
            open_bytes += one.entry.size();
            open.push(one);
        }
    }
    close(station, replica, &mut open, &mut open_bytes, key, &mut frames);
    Ok(frames)
}

fn fits(count: usize, bytes: usize) -> bool {
    count <= limits::FRAME_ENTRIES_MAX && bytes <= limits::FRAME_BYTES_MAX
}

fn acts(entries: Vec<LaneEntry>) -> Vec<Vec<LaneEntry>> {
    let mut groups: Vec<(ActId, Vec<LaneEntry>)> = Vec::new();
    for one in entries {
        match groups.last_mut() {
            Some((act, group)) if *act == one.header.act => group.push(one),
            Some(_) | None => groups.push((one.header.act, vec![one])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn close(
    station: StationId,
    replica: ReplicaId,
    open: &mut Vec<LaneEntry>,
    open_bytes: &mut usize,
    key: &SignKey,
    frames: &mut Vec<Frame>,
) {
    if let Some(last) = open.last() {
        let signature = key.sign(DOMAIN, &seal(station, replica, last.place));
        frames.push(Frame { replica, entries: open.drain(..).map(|one| one.entry).collect(), signature });
    }
    *open_bytes = 0;
}

fn seal(station: StationId, replica: ReplicaId, head: LaneHead) -> Vec<u8> {
    cbor::to_bytes(&Seal { station, replica, head })
}

fn read_chain(entries: Vec<Entry>) -> Result<Vec<LaneEntry>, FrameFault> {
    let mut read: Vec<LaneEntry> = Vec::with_capacity(entries.len());
    for (position, entry) in entries.into_iter().enumerate() {
        let header = entry.read_header().map_err(|fault| FrameFault::Header { position, fault })?;
        let follows = match read.last() {
            Some(last) => last.place.index.checked_add(1) == Some(header.index) && last.place.hash == header.prev,
            None => header.index > 0,
        };
        if !follows {
            return Err(FrameFault::ChainBroken { position });
        }
        let place = LaneHead { index: header.index, hash: entry.header_hash() };
        read.push(LaneEntry { header, place, entry });
    }
    Ok(read)
}

impl Frame {
    /// Checks size, chain and signature. The entries themselves are judged elsewhere.
    ///
    /// # Errors
    /// [`FrameFault`].
    pub fn verify(self, station: StationId, key: &PublicKey) -> Result<VerifiedFrame, FrameFault> {
        let count = self.entries.len();
        if count > limits::FRAME_ENTRIES_MAX {
            return Err(FrameFault::Count { count });
        }
        let bytes = self.size();
        let most = if count == 1 { limits::FRAME_BYTES_HARD_MAX } else { limits::FRAME_BYTES_MAX };
        if bytes > most {
            return Err(FrameFault::TooLarge { bytes });
        }
        let entries = read_chain(self.entries)?;
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
            return Err(FrameFault::Count { count });
        };
        let before = LaneHead { index: first.header.index.saturating_sub(1), hash: first.header.prev };
        let head = last.place;
        key.check(DOMAIN, &seal(station, self.replica, head), &self.signature)?;
        Ok(VerifiedFrame { replica: self.replica, before, head, entries })
    }

    /// Bytes of the entries.
    #[must_use]
    pub fn size(&self) -> usize {
        self.entries.iter().map(Entry::size).sum()
    }
}

impl VerifiedFrame {
    /// Whose lane.
    #[must_use]
    pub fn replica(&self) -> ReplicaId {
        self.replica
    }

    /// The place before the first entry.
    #[must_use]
    pub fn before(&self) -> LaneHead {
        self.before
    }

    /// The place of the last entry.
    #[must_use]
    pub fn head(&self) -> LaneHead {
        self.head
    }

    /// The entries in order; at least one.
    #[must_use]
    pub fn entries(&self) -> &[LaneEntry] {
        &self.entries
    }
}
