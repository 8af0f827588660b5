//! The measured shift: one run on real encrypted files on disk, with its promised limits beside. Each part that measures
//! memory or a start runs in a process of its own. Owns the order and the table; must not know how a figure is taken.

mod control;
mod import;
mod machine;
mod prepare;
mod rebuild;
mod shift;
mod table;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

use crate::SimulateError;
use crate::cli::say;

/// What to measure, and where to put it.
#[derive(Args)]
pub struct Arguments {
    /// What is measured.
    #[arg(value_enum, default_value_t = Which::Shift)]
    which: Which,
    /// Where the figures go, as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Residents on the laptop.
    #[arg(long, default_value_t = 100_000)]
    residents: usize,
    /// Everything made up follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Rows of the smallest of the three measured imports; the others have four and ten times as many. Another number than ten
    /// thousand makes the figures something else than promised: only to try the bench out.
    #[arg(long, default_value_t = 10_000, hide = true)]
    import_rows: usize,
    /// A folder on the disk to be measured; a fresh one in the system's temporary folder when absent.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// A part in a process of its own; used by the bench itself.
    #[arg(long, value_enum, hide = true)]
    part: Option<Part>,
}

/// Benches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Everything a shift waits for.
    Shift,
}

/// Parts in processes of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Prepare,
    Import,
    Shift,
    Rebuild,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Import => "import",
            Self::Shift => "shift",
            Self::Rebuild => "rebuild",
        }
    }
}

/// Figures by name.
type Figures = Map<String, Value>;

/// Measures, prints the table, writes the file.
///
/// # Errors
/// Those of the parts.
pub fn run(arguments: &Arguments) -> Result<(), SimulateError> {
    match (arguments.part, arguments.which) {
        (Some(part), Which::Shift) => {
            let figures = one(part, arguments)?;
            say(&Value::Object(figures).to_string())
        }
        (None, Which::Shift) => whole(arguments),
    }
}

fn one(part: Part, arguments: &Arguments) -> Result<Figures, SimulateError> {
    let dir = arguments.dir.as_deref().ok_or(SimulateError::Argument { text: "--dir".into(), why: "is missing" })?;
    match part {
        Part::Prepare => prepare::run(dir, arguments.seed, arguments.residents),
        Part::Import => import::run(dir, arguments.seed, arguments.residents),
        Part::Shift => shift::run(dir, arguments.seed),
        Part::Rebuild => rebuild::run(dir),
    }
}

/// All parts, one after the other.
fn whole(arguments: &Arguments) -> Result<(), SimulateError> {
    let scratch = tempfile::tempdir().map_err(SimulateError::file(Path::new("temporary folder")))?;
    let dir = arguments.dir.clone().unwrap_or_else(|| scratch.path().to_owned());
    let mut figures = Figures::new();
    let import = |name: &str, rows: usize| {
        // the first call makes the register, the second one measures its import
        child(arguments, Part::Import, &dir.join(name), rows)?;
        child(arguments, Part::Import, &dir.join(name), rows)
    };
    let small = import("import-10k", arguments.import_rows)?;
    let large = import("import-40k", arguments.import_rows.saturating_mul(4))?;
    let whole = import("import-100k", arguments.import_rows.saturating_mul(10))?;
    let take = |from: &Figures, key: &str| from.get(key).cloned().unwrap_or_default();
    figures.insert("import_10k_seconds".into(), take(&small, "seconds"));
    figures.insert("import_40k_seconds".into(), take(&large, "seconds"));
    figures.insert("import_peak_mb".into(), take(&small, "peak_mb"));
    figures.insert("import_40k_peak_mb".into(), take(&large, "peak_mb"));
    figures.insert("import_100k_seconds".into(), take(&whole, "seconds"));
    figures.insert("import_100k_peak_mb".into(), take(&whole, "peak_mb"));
    for (name, parts) in [("import_10k_parts", small), ("import_40k_parts", large), ("import_100k_parts", whole)] {
        figures.insert(name.into(), Value::Object(parts));
    }
    let main = dir.join("main");
    for part in [Part::Prepare, Part::Shift, Part::Rebuild] {
        figures.extend(child(arguments, part, &main, arguments.residents)?);
    }
    figures.insert("residents".into(), arguments.residents.into());
    figures.insert("processors".into(), machine::processors().into());
    figures.insert("build".into(), if cfg!(debug_assertions) { "debug" } else { "release" }.into());
    for line in table::lines(&figures) {
        say(&line)?;
    }
    let text = serde_json::to_string_pretty(&Value::Object(figures)).unwrap_or_default();
    if let Some(file) = &arguments.json {
        std::fs::write(file, format!("{text}\n")).map_err(SimulateError::file(file))?;
    }
    Ok(())
}

/// Runs a part in a process of its own and reads its figures.
fn child(arguments: &Arguments, part: Part, dir: &Path, residents: usize) -> Result<Figures, SimulateError> {
    crate::laptop::make_folder(dir)?;
    say(&format!("measuring: {} ({residents} residents) …", part.name()))?;
    let program = std::env::current_exe().map_err(SimulateError::file(Path::new("this program")))?;
    let output = Command::new(program)
        .args(["bench", "shift", "--part", part.name(), "--dir"])
        .arg(dir)
        .args(["--residents", &residents.to_string(), "--seed", &arguments.seed.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().unwrap_or_default();
    say(line)?;
    serde_json::from_str(line).map_err(|_| SimulateError::answer(part.name(), "figures"))
}
