//! One import into an empty laptop: how long inspecting, trying and importing take, and how far memory rises meanwhile.

use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use super::Figures;
use super::machine::{forget_peak, peak_mb, resident_mb, round};
use super::prepare::{NOW_MS, people, stage};
use crate::{SimulateError, register};

/// Measures. The register is made by an earlier call of this process's parent, so that making it leaves no memory behind.
pub(super) fn run(dir: &Path, seed: u64, residents: usize) -> Result<Figures, SimulateError> {
    let file = dir.join("register.xlsx");
    if !file.is_file() {
        return make(dir, &file, seed, residents);
    }
    measure(dir, &file, seed)
}

fn make(dir: &Path, file: &Path, seed: u64, residents: usize) -> Result<Figures, SimulateError> {
    let town = crate::town::Town::built_in()?;
    let (people, cells) = people(&town, seed, residents)?;
    let book = register::xlsx(&people, |village| cells.get(village).cloned().unwrap_or_default(), 0)?;
    std::fs::write(file, book).map_err(SimulateError::file(dir))?;
    Ok(Figures::new())
}

fn measure(dir: &Path, file: &Path, seed: u64) -> Result<Figures, SimulateError> {
    let (_station, laptop, _) = stage(dir, seed, NOW_MS)?;
    forget_peak();
    let before = resident_mb();
    let mut figures = Figures::new();
    let (mut seconds, mut peak) = (0.0, 0.0_f64);
    let mut part = |name: &str, work: &mut dyn FnMut() -> Result<Value, SimulateError>| {
        forget_peak();
        let began = Instant::now();
        let answer = work()?;
        let (took, high) = (began.elapsed().as_secs_f64(), peak_mb() - before);
        seconds += took;
        peak = peak.max(high);
        figures.insert(format!("{name}_seconds"), round(took).into());
        figures.insert(format!("{name}_peak_mb"), round(high).into());
        Ok::<_, SimulateError>(answer)
    };
    let inspected = part("inspect", &mut || {
        // the screen's file goes with the request: what stays is what the program keeps
        let book = std::fs::read(file).map_err(SimulateError::file(file))?;
        laptop.import_inspect("register.xlsx", &book)
    })?;
    part("dry_run", &mut || laptop.import_dry_run(&inspected, None))?;
    let result = part("commit", &mut || laptop.import_commit(&inspected))?;
    figures.insert("seconds".into(), round(seconds).into());
    figures.insert("peak_mb".into(), round(peak).into());
    figures.insert("resident_before_mb".into(), round(before).into());
    let bytes = std::fs::metadata(file).map_err(SimulateError::file(file))?.len();
    figures.insert("file_mb".into(), round(bytes as f64 / 1e6).into());
    figures.insert("result".into(), result);
    Ok(figures)
}
