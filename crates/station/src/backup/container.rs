//! The backup file, version 1: a header anyone can recognise, facts and keys sealed by the printed code, and the database
//! in chunks that open only whole, in order and to the end. Layout: `docs/formats/backup.md`.
//! Must not know what a database holds, nor where files lie.

use std::io::{self, Read, Write};

use minicbor::{Decode, Encode};
use sync::crypto::{self, Blocks, KdfParams, NONCE_BYTES, Place, SEAL_OVERHEAD_BYTES};
use sync::ids::{Hash, StationId};
use zeroize::{Zeroize, Zeroizing};

use super::BackupFault;

/// First bytes of a backup file.
const MAGIC: &[u8; 7] = b"FQSTBAK";

/// The version of the file this build writes and the newest it reads.
pub(crate) const VERSION: u8 = 1;

/// Bytes of the header's CBOR; a real one has about 350.
const HEADER_BYTES_MAX: usize = 1024;

/// Bytes of the database in every chunk but the last: what a read keeps in memory.
pub(crate) const CHUNK_BYTES: usize = 64 * 1024;

/// Keeps the chunks of backups apart from every other stream of blocks.
const CHUNKS: &str = "fengqiao backup chunk 1";

const RECORD_BYTES: usize = CHUNK_BYTES + SEAL_OVERHEAD_BYTES;

/// Opens the sealed part of a header. Made from the printed code; the station keeps it, the code it does not.
pub(crate) struct BackupKey(pub(crate) Zeroizing<[u8; 32]>);

impl BackupKey {
    /// From the key that Argon2id made of the code.
    pub(crate) fn from_code_key(code_key: &[u8; 32], salt: &[u8; 16]) -> Self {
        Self(Zeroizing::new(crypto::keyed_hash(code_key, "fengqiao backup key 1", salt).0))
    }
}

/// What tells files of a station and their age apart without any key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Label {
    /// Which station.
    #[n(0)]
    pub station: StationId,
    /// The moment the file holds, UTC milliseconds of the station's clock.
    #[n(1)]
    pub made_at_ms: i64,
    /// How the code becomes a key.
    #[n(2)]
    pub params: KdfParams,
    /// Salt of that.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub salt: [u8; 16],
}

/// What the code opens: the keys, and what the database must turn out to hold.
#[derive(Encode, Decode)]
pub(crate) struct Manifest {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub(crate) chunk_key: [u8; 32],
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(crate) database_key: [u8; 32],
    #[n(2)]
    pub(crate) database_bytes: u64,
    #[n(3)]
    pub(crate) facts: Facts,
}

impl Drop for Manifest {
    fn drop(&mut self) {
        self.chunk_key.zeroize();
        self.database_key.zeroize();
    }
}

/// What a database holds, to be compared after it was read back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Facts {
    /// Entries of all lanes.
    #[n(0)]
    pub entries: u64,
    /// Lanes.
    #[n(1)]
    pub lanes: u64,
    /// Hash over every lane's head.
    #[n(2)]
    pub lane_heads: Hash,
    /// The log epoch.
    #[n(3)]
    pub epoch: u32,
    /// Newest version of the directory.
    #[n(4)]
    pub directory_version: u64,
}

#[derive(Encode, Decode)]
struct Header {
    #[n(0)]
    label: Label,
    #[cbor(n(1), with = "minicbor::bytes")]
    sealed: Vec<u8>,
}

fn cbor<T: Encode<()>>(value: &T) -> io::Result<Vec<u8>> {
    minicbor::to_vec(value).map_err(io::Error::other)
}

fn context(label: &Label) -> io::Result<Vec<u8>> {
    Ok([MAGIC.as_slice(), &[VERSION], &cbor(label)?].concat())
}

/// Writes the header and the database that `database` yields.
pub(crate) fn write(
    mut out: impl Write,
    label: &Label,
    manifest: &Manifest,
    (key, nonce): (&BackupKey, [u8; NONCE_BYTES]),
    mut database: impl Read,
) -> io::Result<()> {
    let plain = Zeroizing::new(cbor(manifest)?);
    let sealed = crypto::seal(&key.0, nonce, &context(label)?, &plain);
    let header = cbor(&Header { label: label.clone(), sealed })?;
    let length = u32::try_from(header.len()).map_err(io::Error::other)?;
    let head = [MAGIC.as_slice(), &[VERSION], &length.to_be_bytes(), &header].concat();
    let checksum = crypto::sha256(&head);
    out.write_all(&head)?;
    out.write_all(checksum.as_bytes())?;

    let (mut chunk, mut ahead) = (Vec::with_capacity(CHUNK_BYTES), Vec::with_capacity(CHUNK_BYTES));
    fill(&mut database, &mut chunk, CHUNK_BYTES)?;
    let mut blocks = Blocks::new(&manifest.chunk_key, CHUNKS, checksum);
    loop {
        fill(&mut database, &mut ahead, CHUNK_BYTES)?;
        let place = if ahead.is_empty() { Place::Last } else { Place::Inner };
        out.write_all(&blocks.seal(place, &chunk))?;
        if place == Place::Last {
            return out.flush();
        }
        std::mem::swap(&mut chunk, &mut ahead);
    }
}

/// Reads until `buffer` has `wanted` bytes or nothing is left.
fn fill(from: &mut impl Read, buffer: &mut Vec<u8>, wanted: usize) -> io::Result<()> {
    buffer.clear();
    from.by_ref().take(wanted as u64).read_to_end(buffer).map(drop)
}

/// A header that was read and is undamaged; its sealed part is still shut.
pub(crate) struct Sealed {
    pub(crate) label: Label,
    sealed: Vec<u8>,
    checksum: Hash,
}

/// Reads a header. What is not one of ours, newer, or damaged is said to be that.
pub(crate) fn read_header(from: &mut impl Read) -> Result<Sealed, BackupFault> {
    let mut head = Vec::new();
    fill(from, &mut head, MAGIC.len() + 5)?;
    let (Some((magic, [version, length @ ..])), true) = (head.split_first_chunk::<7>(), head.len() == MAGIC.len() + 5)
    else {
        return Err(BackupFault::NotABackup);
    };
    if magic != MAGIC {
        return Err(BackupFault::NotABackup);
    }
    if *version != VERSION {
        return Err(BackupFault::NewerVersion { found: *version, known: VERSION });
    }
    let length = length.try_into().map(u32::from_be_bytes).ok().and_then(|length| usize::try_from(length).ok());
    let length = length.filter(|length| *length <= HEADER_BYTES_MAX).ok_or(BackupFault::HeaderDamaged)?;
    let (mut header, mut checksum) = (Vec::new(), Vec::new());
    fill(from, &mut header, length)?;
    fill(from, &mut checksum, 32)?;
    let found = crypto::sha256(&[head.as_slice(), &header].concat());
    if checksum != found.as_bytes() {
        return Err(BackupFault::HeaderDamaged);
    }
    let header: Header = minicbor::decode(&header).map_err(|_| BackupFault::HeaderDamaged)?;
    Ok(Sealed { label: header.label, sealed: header.sealed, checksum: found })
}

impl Sealed {
    /// Opens the sealed part.
    pub(crate) fn open(&self, key: &BackupKey) -> Result<Manifest, BackupFault> {
        let plain = crypto::open(&key.0, &context(&self.label)?, &self.sealed).map_err(|_| BackupFault::WrongCode)?;
        minicbor::decode(&plain).map_err(|_| BackupFault::HeaderDamaged)
    }

    /// Opens the chunks that follow and writes the database; true to the manifest, or a fault.
    pub(crate) fn unpack(
        &self,
        manifest: &Manifest,
        mut from: impl Read,
        mut database: impl Write,
    ) -> Result<(), BackupFault> {
        let mut records = Vec::with_capacity(RECORD_BYTES + 1);
        let mut carried: Option<u8> = None;
        let mut written = 0_u64;
        let mut blocks = Blocks::new(&manifest.chunk_key, CHUNKS, self.checksum);
        loop {
            let number = blocks.number();
            let record_wanted = RECORD_BYTES + 1;
            records.clear();
            records.extend(carried.take());
            let missing = (record_wanted - records.len()) as u64;
            from.by_ref().take(missing).read_to_end(&mut records)?;
            let place = if records.len() == record_wanted { Place::Inner } else { Place::Last };
            if place == Place::Inner {
                carried = records.pop();
            }
            let plain = blocks.open(place, &records).map_err(|_| BackupFault::Damaged { chunk: number })?;
            written = written.saturating_add(plain.len() as u64);
            if written > manifest.database_bytes {
                return Err(BackupFault::Damaged { chunk: number });
            }
            database.write_all(&plain).map_err(BackupFault::Write)?;
            if place == Place::Last {
                break;
            }
        }
        database.flush().map_err(BackupFault::Write)?;
        let chunk = blocks.number();
        if written == manifest.database_bytes { Ok(()) } else { Err(BackupFault::Damaged { chunk }) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use sync::crypto::KdfParams;
    use sync::ids::{Hash, StationId};
    use zeroize::Zeroizing;

    use super::{BackupKey, CHUNK_BYTES, Facts, Label, MAGIC, Manifest, RECORD_BYTES, read_header, write};
    use crate::backup::BackupFault;

    fn key(byte: u8) -> BackupKey {
        BackupKey(Zeroizing::new([byte; 32]))
    }

    fn label() -> Label {
        Label { station: StationId::from_bytes([1; 16]), made_at_ms: 1, params: KdfParams::FLOOR, salt: [2; 16] }
    }

    fn manifest(database: &[u8]) -> Manifest {
        Manifest {
            chunk_key: [3; 32],
            database_key: [4; 32],
            database_bytes: database.len() as u64,
            facts: Facts { entries: 1, lanes: 1, lane_heads: Hash([5; 32]), epoch: 1, directory_version: 1 },
        }
    }

    /// Bytes of which no two chunks are alike.
    fn database(bytes: usize) -> Vec<u8> {
        (0..bytes).map(|at| u8::try_from(at / 251 % 256).unwrap() ^ u8::try_from(at % 251).unwrap()).collect()
    }

    fn sealed(database: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut out, &label(), &manifest(database), (&key(9), [6; 24]), database).unwrap();
        out
    }

    fn opened(file: &[u8], with: &BackupKey) -> Result<Vec<u8>, BackupFault> {
        let mut rest = file;
        let header = read_header(&mut rest)?;
        let manifest = header.open(with)?;
        let mut database = Vec::new();
        header.unpack(&manifest, rest, &mut database)?;
        Ok(database)
    }

    fn header_bytes(file: &[u8], database: usize) -> usize {
        let records = database / CHUNK_BYTES * RECORD_BYTES;
        let tail = database % CHUNK_BYTES;
        file.len() - records - if tail == 0 { 0 } else { tail + RECORD_BYTES - CHUNK_BYTES }
    }

    #[test]
    fn what_was_sealed_comes_back_whole_at_every_size_around_a_chunk() {
        for bytes in [1, 4096, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 200_000] {
            let plain = database(bytes);
            assert_eq!(opened(&sealed(&plain), &key(9)).unwrap(), plain, "{bytes}");
        }
    }

    #[test]
    fn a_file_cut_or_flipped_anywhere_is_refused() {
        let plain = database(135_000);
        let whole = sealed(&plain);
        let head = header_bytes(&whole, plain.len());
        let mut places: Vec<usize> = (0..head).chain((head..whole.len()).step_by(1024)).collect();
        places.extend((1..3).map(|chunk| head + chunk * RECORD_BYTES));
        places.push(whole.len() - 1);
        for at in places {
            assert!(opened(&whole[..at], &key(9)).is_err(), "cut at {at}");
            let mut flipped = whole.clone();
            flipped[at] ^= 0x10;
            assert!(opened(&flipped, &key(9)).is_err(), "flipped at {at}");
        }
        assert!(opened(&[whole.as_slice(), &[0]].concat(), &key(9)).is_err());
    }

    #[test]
    fn parts_in_another_order_doubled_left_out_or_of_another_file_are_refused() {
        let plain = database(4 * CHUNK_BYTES);
        let whole = sealed(&plain);
        let (head, body) = whole.split_at(header_bytes(&whole, plain.len()));
        let parts: Vec<&[u8]> = body.chunks(RECORD_BYTES).collect();
        let mut other_label = label();
        other_label.made_at_ms = 2;
        let mut other = Vec::new();
        write(&mut other, &other_label, &manifest(&plain), (&key(9), [6; 24]), plain.as_slice()).unwrap();
        let foreign = other.len() - body.len();
        for order in [vec![1, 0, 2, 3], vec![0, 0, 2, 3], vec![0, 1, 2], vec![0, 1, 3], vec![0, 1, 2, 3, 3], vec![3]] {
            let file: Vec<u8> = head.iter().copied().chain(order.iter().flat_map(|at| parts[*at].to_vec())).collect();
            assert!(opened(&file, &key(9)).is_err(), "{order:?}");
        }
        assert!(opened(&[head, &other[foreign..]].concat(), &key(9)).is_err());
    }

    #[test]
    fn another_code_another_file_and_a_newer_version_are_told_apart() {
        let whole = sealed(&database(10));
        assert!(matches!(opened(&whole, &key(8)), Err(BackupFault::WrongCode)));
        assert!(matches!(opened(b"SQLite format 3\0", &key(9)), Err(BackupFault::NotABackup)));
        assert!(matches!(opened(b"", &key(9)), Err(BackupFault::NotABackup)));
        let mut newer = whole;
        newer[MAGIC.len()] = 2;
        assert!(matches!(opened(&newer, &key(9)), Err(BackupFault::NewerVersion { found: 2, known: 1 })));
    }

    #[test]
    fn sizes_that_lie_are_refused_before_memory_is_taken_for_them() {
        let mut huge = [MAGIC.as_slice(), &[1], &u32::MAX.to_be_bytes()].concat();
        huge.resize(100_000, 0);
        assert!(matches!(opened(&huge, &key(9)), Err(BackupFault::HeaderDamaged)));
        let plain = database(CHUNK_BYTES * 2);
        for claimed in [0, plain.len() as u64 - 1, plain.len() as u64 + 1, u64::MAX] {
            let mut lying = manifest(&plain);
            lying.database_bytes = claimed;
            let mut file = Vec::new();
            write(&mut file, &label(), &lying, (&key(9), [6; 24]), plain.as_slice()).unwrap();
            assert!(matches!(opened(&file, &key(9)), Err(BackupFault::Damaged { .. })), "{claimed}");
        }
    }

    /// Takes so many writes, then has no space.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whichever_write_fails_is_said_when_sealing_and_when_unpacking() {
        let plain = database(3 * CHUNK_BYTES);
        let sealing = |writes| write(Full(writes), &label(), &manifest(&plain), (&key(9), [6; 24]), plain.as_slice());
        let enough = (0..100).find(|writes| sealing(*writes).is_ok()).unwrap();
        assert!((0..enough).all(|writes| sealing(writes).unwrap_err().kind() == io::ErrorKind::StorageFull));
        let whole = sealed(&plain);
        let unpacking = |writes| {
            let mut rest = whole.as_slice();
            let header = read_header(&mut rest).unwrap();
            header.unpack(&header.open(&key(9)).unwrap(), rest, Full(writes))
        };
        let enough = (0..100).find(|writes| unpacking(*writes).is_ok()).unwrap();
        assert!(enough > 1);
        assert!((0..enough).all(|writes| matches!(unpacking(writes), Err(BackupFault::Write(_)))));
    }
}
