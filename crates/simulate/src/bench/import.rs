//! One import into an empty laptop: how long inspecting, trying and importing take, and how far memory rises meanwhile.

use std::path::Path;
use std::time::Instant;

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
    let began = Instant::now();
    let book = std::fs::read(file).map_err(SimulateError::file(file))?;
    let (_, result) = laptop.import("register.xlsx", &book, None)?;
    let seconds = began.elapsed().as_secs_f64();
    let mut figures = Figures::new();
    figures.insert("seconds".into(), round(seconds).into());
    figures.insert("peak_mb".into(), round(peak_mb() - before).into());
    figures.insert("resident_before_mb".into(), round(before).into());
    figures.insert("file_mb".into(), round(book.len() as f64 / 1e6).into());
    figures.insert("result".into(), result);
    Ok(figures)
}
