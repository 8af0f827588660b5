//! `fengqiao-simulate proxy`: a bad line for programs started by hand. Owns its arguments; must not carry anything itself.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::{Pace, Proxy, Trouble};
use crate::SimulateError;
use crate::cli::say;

/// What the line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Line {
    /// Carries everything.
    Calm,
    /// Cuts each connection after a number of bytes, either way.
    Cut,
    /// Cuts after a number of bytes from the laptop.
    CutUp,
    /// Cuts after a number of bytes from the station.
    CutDown,
    /// Falls silent after a number of bytes from the station.
    Silent,
    /// Answers with a log-in page.
    Portal,
    /// Takes each connection and closes it at once.
    Refuse,
}

/// Arguments of the bad line.
#[derive(Args)]
pub struct Arguments {
    /// Where laptops find the line.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The station's server.
    #[arg(long)]
    to: SocketAddr,
    /// Milliseconds until a byte arrives.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// Thousands of bits a second; unbounded when absent.
    #[arg(long)]
    kbit: Option<u64>,
    /// What becomes of connections.
    #[arg(long, value_enum, default_value_t = Line::Calm)]
    line: Line,
    /// Cuts and silences come within so many bytes, at random.
    #[arg(long, default_value_t = 20_000)]
    within_bytes: u64,
    /// Cuts and silences come after exactly so many bytes.
    #[arg(long, conflicts_with = "within_bytes")]
    at_bytes: Option<u64>,
    /// Connections that are troubled; those after them are calm.
    #[arg(long, default_value_t = u64::MAX)]
    troubled: u64,
    /// Everything random follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Carries until the program is ended.
///
/// # Errors
/// [`SimulateError`] when the address is taken.
pub fn run(args: &Arguments) -> Result<(), SimulateError> {
    let mut rng = ChaCha8Rng::seed_from_u64(args.seed);
    let (line, within, exactly, troubled) = (args.line, args.within_bytes.max(1), args.at_bytes, args.troubled);
    let pace = Pace { latency_ms: args.latency_ms, kbit_per_second: args.kbit };
    let proxy = Proxy::start(args.listen, args.to, pace, move |number| {
        if number >= troubled {
            return Trouble::Calm;
        }
        let upwards = rng.random();
        let bytes = exactly.unwrap_or_else(|| rng.random_range(0..within));
        match line {
            Line::Calm => Trouble::Calm,
            Line::Cut if upwards => Trouble::CutUp(bytes),
            Line::CutUp => Trouble::CutUp(bytes),
            Line::Cut | Line::CutDown => Trouble::CutDown(bytes),
            Line::Silent => Trouble::Silent(bytes),
            Line::Portal => Trouble::Portal,
            Line::Refuse => Trouble::Refuse,
        }
    })?;
    say(&format!("{{\"address\":\"{}\"}}", proxy.address()))?;
    loop {
        std::thread::park();
    }
}
