//! Bundles: what a laptop sends on a stick is taken as what it sends over the network, and the answer is written beside it.
//! The laptop's file is only read, the answer gets its name only when it is whole and on the disk.
//! Must not know what the messages say.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sync::bundle::{AnswerHead, BundleFault, MessageWriter, OpenedOut, Preamble, SealedOut, Source};
use sync::ids::{BundleId, ReplicaId};
use sync::limits;
use sync::medium::MediumFault;
use sync::wire::Request;

use crate::exchange::ByHandFault;
use crate::fault::StationFault;
use crate::station::Station;

/// Why a bundle was not taken, or its answer not written. What was stored until then stays and does no harm: the same bundle
/// can be taken again.
#[derive(Debug, thiserror::Error)]
pub enum TakeFault {
    /// Not a bundle for this station, cut short or damaged.
    #[error(transparent)]
    Bundle(#[from] BundleFault),
    /// A request in it is by somebody else than the laptop that signed it.
    #[error("a request in the bundle is not by the laptop that signed it")]
    AnotherSigner,
    /// The station cannot take it now.
    #[error("the station cannot take it now: {reason}")]
    Later {
        /// Code of the refusal.
        reason: &'static str,
    },
    /// It does not lie on a medium that this station registered.
    #[error("{path} is not on a registered medium")]
    NotOnAMedium {
        /// The file or folder.
        path: PathBuf,
    },
    /// The medium may not be used.
    #[error("{path}: {fault}")]
    Medium {
        /// The marker.
        path: PathBuf,
        /// Why.
        fault: MediumFault,
    },
    /// The answer would never end.
    #[error("the answer does not end")]
    Endless,
    /// The bundle could not be read.
    #[error("reading: {0}")]
    Read(io::Error),
    /// The answer could not be written.
    #[error("writing: {0}")]
    Write(io::Error),
}

/// A bundle that was taken and answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Whose.
    pub replica: ReplicaId,
    /// Which.
    pub bundle: BundleId,
    /// When the laptop wrote it, UTC milliseconds of its clock.
    pub made_at_ms: i64,
    /// Requests in it.
    pub requests: u64,
    /// Responses written.
    pub responses: u64,
    /// The answer.
    pub answer: PathBuf,
    /// Its size.
    pub answer_bytes: u64,
}

struct Disk(BufReader<File>);

impl Disk {
    /// Opens a file for reading only.
    fn open(path: &Path) -> Result<Self, TakeFault> {
        File::open(path).map(|file| Self(BufReader::new(file))).map_err(TakeFault::Read)
    }
}

impl Source for Disk {
    type Fault = TakeFault;

    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, TakeFault> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.0.read(rest) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(TakeFault::Read(fault)),
            }
        }
        Ok(filled)
    }
}

impl From<ByHandFault> for StationFault {
    fn from(fault: ByHandFault) -> Self {
        match fault {
            ByHandFault::AnotherSigner => Self::Bundle(TakeFault::AnotherSigner),
            ByHandFault::Later(refusal) => Self::Bundle(TakeFault::Later { reason: refusal.code() }),
            ByHandFault::Station(fault) => fault,
        }
    }
}

impl Station {
    /// Takes the bundle in `from` and writes the answer to `to`, over an earlier answer to the same bundle. `salt` must be
    /// fresh random bytes. The bundle is read to its end before anything of it is taken.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn take_bundle(&self, from: &Path, to: &Path, salt: [u8; 16], now_ms: i64) -> Result<Taken, StationFault> {
        let (mut disk, mut opened) = self.open_bundle(from)?;
        while opened.messages.next(&mut disk)?.is_some() {}
        let requests = opened.messages.number().saturating_sub(1);

        let (mut disk, mut opened) = self.open_bundle(from)?;
        let head = AnswerHead {
            station: self.id(),
            replica: opened.head.replica,
            bundle: opened.head.bundle,
            salt,
            made_at_ms: now_ms,
        };
        let part = beside(to);
        let mut answer = Answer::begin(&part, self, &head, &opened)?;
        let told = self.play(&mut disk, &mut opened, &mut answer, now_ms).and_then(|()| answer.finish(&part, to));
        if told.is_err() {
            // Half an answer is of no use; when it cannot be removed either, the next take writes over it.
            let _ = fs::remove_file(&part);
        }
        let (responses, answer_bytes) = told?;
        Ok(Taken {
            replica: head.replica,
            bundle: head.bundle,
            made_at_ms: opened.head.made_at_ms,
            requests,
            responses,
            answer: to.to_owned(),
            answer_bytes,
        })
    }

    /// Whose bundle a file is, without taking it.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn probe_bundle(&self, from: &Path) -> Result<(ReplicaId, BundleId), StationFault> {
        let (_, opened) = self.open_bundle(from)?;
        Ok((opened.head.replica, opened.head.bundle))
    }

    fn open_bundle(&self, from: &Path) -> Result<(Disk, OpenedOut), TakeFault> {
        let mut disk = Disk::open(from)?;
        let (preamble, head) = Preamble::read(&mut disk)?;
        let opened = SealedOut::read(&preamble, &head)?.open(self.id(), &self.bundle_key())?;
        Ok((disk, opened))
    }

    fn play(
        &self,
        disk: &mut Disk,
        opened: &mut OpenedOut,
        answer: &mut Answer,
        now_ms: i64,
    ) -> Result<(), StationFault> {
        let signer = opened.head.public_key;
        let mut next = None;
        while let Some(request) = opened.messages.next(disk)? {
            let response;
            (response, next) = self.exchange_by_hand(&request, (opened.head.replica, &signer), now_ms)?;
            answer.message(&response)?;
        }
        self.to_the_end(next, answer, now_ms)
    }

    /// The pages up to the heads of the laptop's scopes, and the receipts that did not fit.
    fn to_the_end(&self, first: Option<Request>, answer: &mut Answer, now_ms: i64) -> Result<(), StationFault> {
        let mut next = first;
        while let Some(request) = next {
            if answer.writer.messages() >= limits::BUNDLE_MESSAGES_MAX {
                return Err(TakeFault::Endless.into());
            }
            let response;
            (response, next) = self.go_on_by_hand(request, now_ms)?;
            answer.message(&response)?;
        }
        Ok(())
    }
}

/// An answer being written.
struct Answer {
    file: BufWriter<File>,
    writer: MessageWriter,
    bytes: u64,
}

impl Answer {
    fn begin(part: &Path, station: &Station, head: &AnswerHead, opened: &OpenedOut) -> Result<Self, TakeFault> {
        // Readable by whoever has the stick, like the stick: it opens on one laptop only.
        let file = BufWriter::new(File::create(part).map_err(TakeFault::Write)?);
        let (beginning, writer) = head.begin(station.sign_key(), &opened.reply_key);
        let mut answer = Self { file, writer, bytes: 0 };
        answer.put(&beginning)?;
        Ok(answer)
    }

    fn message(&mut self, response: &[u8]) -> Result<(), TakeFault> {
        let record = self.writer.message(response);
        self.put(&record)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), TakeFault> {
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        self.file.write_all(bytes).map_err(TakeFault::Write)
    }

    /// On the disk, then under its name.
    fn finish(self, part: &Path, to: &Path) -> Result<(u64, u64), StationFault> {
        let Self { mut file, writer, bytes } = self;
        let responses = writer.messages();
        let end = writer.finish();
        let bytes = bytes.saturating_add(end.len() as u64);
        let on_disk = |file: &mut BufWriter<File>| {
            file.write_all(&end)?;
            file.flush()?;
            file.get_ref().sync_all()
        };
        on_disk(&mut file).map_err(TakeFault::Write)?;
        drop(file);
        fs::rename(part, to).map_err(TakeFault::Write)?;
        // Not every file system of a stick lets a folder be flushed; the name is on its way then, the contents are there.
        if let Some(folder) = to.parent()
            && let Ok(folder) = File::open(folder)
        {
            let _ = folder.sync_all();
        }
        Ok((responses, bytes))
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}
