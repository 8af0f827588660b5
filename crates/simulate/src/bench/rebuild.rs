//! Making all views anew.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use store::Store;

use super::Figures;
use super::machine::round;
use super::prepare::PASSPHRASE;
use super::shift::folder;
use crate::SimulateError;

/// Measures.
pub(super) fn run(dir: &Path) -> Result<Figures, SimulateError> {
    let folder = folder(dir)?;
    let key = store::keys::unlock(&folder, PASSPHRASE)?;
    let store = Store::open(&folder, &key)?;
    let mut words = 0_u64;
    let began = Instant::now();
    let rebuilt = store.rebuild(&mut |_| {
        words += 1;
        ControlFlow::Continue(())
    })?;
    let mut figures = Figures::new();
    figures.insert("rebuild_100k_seconds".into(), round(began.elapsed().as_secs_f64()).into());
    figures.insert("rebuild_documents".into(), rebuilt.documents.into());
    figures.insert("rebuild_progress_words".into(), words.into());
    Ok(figures)
}
