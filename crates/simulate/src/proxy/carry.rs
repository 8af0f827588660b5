//! Carries bytes between two connections at the line's pace until a bound is met. Must not choose the bounds.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use super::{Carried, Pace};

/// Bytes taken at a time: about one packet.
const PIECE: usize = 1400;
/// Pieces on the way at once; a line's own buffers hold no more.
const ON_THE_WAY: usize = 64;

/// How far a connection is carried.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    /// Bytes from the laptop, then the end.
    pub(super) up: Option<u64>,
    /// Bytes from the station, then the end.
    pub(super) down: Option<u64>,
    /// Bytes from the station, then silence.
    pub(super) silent: Option<u64>,
}

/// Both ways, until either ends.
pub(super) fn both(laptop: TcpStream, to: SocketAddr, pace: Pace, bounds: Bounds, carried: &Arc<Carried>) {
    let Ok(station) = TcpStream::connect(to) else { return };
    let (Ok(laptop_again), Ok(station_again)) = (laptop.try_clone(), station.try_clone()) else { return };
    let upwards = Arc::clone(carried);
    let up = std::thread::spawn(move || {
        one(&laptop_again, &station_again, pace, Limit { cut: bounds.up, silent: None }, |bytes| {
            upwards.up.fetch_add(bytes, Ordering::SeqCst);
        });
    });
    one(&station, &laptop, pace, Limit { cut: bounds.down, silent: bounds.silent }, |bytes| {
        carried.down.fetch_add(bytes, Ordering::SeqCst);
    });
    // a panic in the other direction has ended that direction
    let _ = up.join();
}

#[derive(Clone, Copy)]
struct Limit {
    cut: Option<u64>,
    silent: Option<u64>,
}

/// One way. A cut or an end ends both connections; silence only stops carrying.
fn one(from: &TcpStream, to: &TcpStream, pace: Pace, limit: Limit, count: impl Fn(u64)) {
    let (send, pieces) = sync_channel::<(Instant, Vec<u8>)>(ON_THE_WAY);
    let Ok(target) = to.try_clone() else { return };
    let writer = std::thread::spawn(move || deliver(&pieces, &target, pace));
    let passed = AtomicU64::new(0);
    let mut buffer = vec![0; PIECE];
    let mut reader = from;
    while let Ok(read @ 1..) = reader.read(&mut buffer) {
        let before = passed.load(Ordering::Relaxed);
        let left = |bound: Option<u64>| bound.map_or(u64::MAX, |bound| bound.saturating_sub(before));
        let allowed = left(limit.cut).min(left(limit.silent));
        let take = usize::try_from(allowed).unwrap_or(usize::MAX).min(read);
        let piece: Vec<u8> = buffer.iter().take(take).copied().collect();
        passed.store(before + take as u64, Ordering::Relaxed);
        count(take as u64);
        if take > 0 && send.send((Instant::now() + Duration::from_millis(pace.latency_ms), piece)).is_err() {
            break;
        }
        if take < read && left(limit.cut) < read as u64 {
            break;
        }
    }
    drop(send);
    // what was on the way arrives; then the line is down
    let _ = writer.join();
    for end in [from, to] {
        let _ = end.shutdown(Shutdown::Both);
    }
}

/// Writes pieces when they are due, no faster than the line.
fn deliver(pieces: &Receiver<(Instant, Vec<u8>)>, mut to: &TcpStream, pace: Pace) {
    let mut free_at = Instant::now();
    for (due, piece) in pieces {
        let bits = piece.len() as u64 * 8;
        let takes =
            pace.kbit_per_second.map_or(Duration::ZERO, |kbit| Duration::from_micros(bits * 1000 / kbit.max(1)));
        let at: Instant = due.max(free_at + takes);
        free_at = at;
        std::thread::sleep(at.saturating_duration_since(Instant::now()));
        if to.write_all(&piece).is_err() {
            return;
        }
    }
}
