//! The command line. Owns arguments, output and exit codes; must not know how anything is made.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Parser, Subcommand};
use sync::crypto::KdfParams;

use crate::people::{Ask, Village, populate_in, villages_of};
use crate::town::Town;
use crate::{SimulateError, bench, faults, make, people, proxy, register};

#[derive(Parser)]
#[command(
    name = "fengqiao-simulate",
    version,
    about = "Made-up registers and stations, faults, measurements. Nothing it makes is about a real person."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a made-up village register.
    Register(Register),
    /// Make a whole station with years of work; ends with one JSON line that tells where everything is.
    #[command(visible_alias = "station")]
    Make(Make),
    /// Measure the shift.
    Bench(bench::Arguments),
    /// Play laptops and a station through faults in virtual time.
    Faults(Faults),
    /// A bad line between programs on this machine; ends when it is ended.
    Proxy(proxy::Arguments),
}

#[derive(Args)]
struct Register {
    /// People.
    #[arg(long, default_value_t = 10_000)]
    residents: usize,
    /// Everything follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A village as code:name; once for each. Those of the built-in town when absent.
    #[arg(long = "village", alias = "villages", value_name = "CODE:NAME", num_args = 1..)]
    villages: Vec<String>,
    /// The cell all rows name; that of the village in the made-up station when absent.
    #[arg(long)]
    cell: Option<String>,
    /// Rows with a fault on purpose, after the good ones.
    #[arg(long, default_value_t = 0)]
    faulty: usize,
    /// The file: .xlsx or .csv.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Args)]
struct Make {
    /// Folder of the station; must be empty or absent.
    #[arg(long, visible_alias = "dir")]
    station_dir: PathBuf,
    /// Folder in which each laptop gets a data folder; must be empty or absent.
    #[arg(long)]
    data_dir: PathBuf,
    /// Residents of the first beat.
    #[arg(long, default_value_t = 10_000)]
    residents: usize,
    /// Everything but the TLS keys follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Address of the server, as laptops will know it.
    #[arg(long, default_value = "https://127.0.0.1:8443")]
    url: String,
    /// Weeks of work, the running one included.
    #[arg(long, default_value_t = 104)]
    weeks: u32,
    /// The last moment, UTC milliseconds; now when absent.
    #[arg(long)]
    until_ms: Option<i64>,
    /// The passphrase of every laptop.
    #[arg(long, default_value = make::PASSPHRASE)]
    passphrase: String,
}

#[derive(Args)]
struct Faults {
    /// How many worlds.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs the program named by the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Register(args) => write_register(&args),
        Command::Make(args) => make_station(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Faults(args) => play_faults(&args),
        Command::Proxy(args) => proxy::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to be done about a terminal that cannot be written to.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(3)
        }
    }
}

/// Writes one line to the terminal.
pub(crate) fn say(line: &str) -> Result<(), SimulateError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// The machine's clock, UTC milliseconds.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn village(text: &str) -> Result<Village, SimulateError> {
    let bad = || SimulateError::Argument { text: text.to_owned(), why: "expected code:name" };
    let (code, name) = text.split_once([':', '：']).ok_or_else(bad)?;
    Ok(Village { code: code.trim().to_owned(), name: name.trim().to_owned() })
}

fn write_register(args: &Register) -> Result<(), SimulateError> {
    let villages = match args.villages.as_slice() {
        [] => villages_of(people::TOWN)?,
        given => given.iter().map(|text| village(text)).collect::<Result<_, _>>()?,
    };
    let today = domain::week::on_date(now_ms());
    let ask = Ask { seed: args.seed, residents: args.residents, today, villages: &villages, orders: (0, 499) };
    let people = populate_in(ask)?;
    let town = Town::built_in()?;
    let (known, codes) = Town::villages(&town.cells);
    let cell_of = |at: usize| {
        let own = villages.get(at).and_then(|village| known.iter().position(|one| one.code == village.code));
        args.cell.clone().or_else(|| own.and_then(|at| codes.get(at).cloned())).unwrap_or_default()
    };
    let ending = args.out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let bytes = match ending {
        "xlsx" => register::xlsx(&people, cell_of, args.faulty)?,
        "csv" => register::csv(&people, cell_of, args.faulty)?,
        other => return Err(SimulateError::Argument { text: other.to_owned(), why: "the file ends in .xlsx or .csv" }),
    };
    std::fs::write(&args.out, bytes).map_err(SimulateError::file(&args.out))
}

fn make_station(args: &Make) -> Result<(), SimulateError> {
    for folder in [&args.station_dir, &args.data_dir] {
        if !make::is_free(folder) {
            return Err(SimulateError::Argument { text: folder.display().to_string(), why: "the folder is not empty" });
        }
    }
    let absolute = |path: &PathBuf| std::path::absolute(path).map_err(SimulateError::file(path));
    let made = make::make(&make::Order {
        station_dir: absolute(&args.station_dir)?,
        data_dir: absolute(&args.data_dir)?,
        residents: args.residents,
        seed: args.seed,
        url: args.url.clone(),
        until_ms: args.until_ms.unwrap_or_else(now_ms),
        weeks: args.weeks.max(1),
        kdf: KdfParams::DEFAULT,
        passphrase: args.passphrase.clone(),
    })?;
    say(&serde_json::to_string(&made).map_err(|_| SimulateError::answer("make", "JSON"))?)
}

fn play_faults(args: &Faults) -> Result<(), SimulateError> {
    let mut sum = faults::Story::default();
    for seed in args.seed..args.seed.saturating_add(args.seeds) {
        let story = faults::World::new(seed)?
            .live()
            .map_err(|error| SimulateError::Broken { what: format!("seed {seed}: {error}") })?;
        sum.add(story);
    }
    say(&serde_json::to_string(&sum).map_err(|_| SimulateError::answer("faults", "JSON"))?)
}
