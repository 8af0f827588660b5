//! One laptop of a faulty world: the real app and the engine, both of which may die and be started again over the same folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::Port;
use serde_json::Value;
use sync::crypto::KdfParams;
use sync::laptop::Laptop as Engine;

use super::BEGIN_MS;
use crate::SimulateError;
use crate::host::{Fuse, MadeHost};
use crate::laptop::{Enrolment, Laptop};
use crate::town::CellPlan;

pub(super) const PASSPHRASE: &str = "fengqiao-faults";

/// A form that was opened and not saved yet.
pub(super) struct Form {
    pub(super) document: String,
    pub(super) heads: Value,
    pub(super) seen: Vec<String>,
}

/// A laptop.
pub(super) struct Machine {
    laptop: Option<Laptop>,
    pub(super) engine: Engine,
    /// Counts starts of the process; completions of an earlier life are lost.
    pub(super) life: u64,
    offset_ms: i64,
    seed: u64,
    pub(super) cells: Vec<CellPlan>,
    pub(super) form: Option<Form>,
}

impl Machine {
    /// Enrols a laptop whose clock is wrong by `offset_ms`.
    pub(super) fn enrol(
        seed: u64,
        data: &Path,
        enrolment: &Enrolment,
        offset_ms: i64,
        cells: Vec<CellPlan>,
    ) -> Result<Self, SimulateError> {
        let host = MadeHost::new(seed, data, BEGIN_MS + offset_ms);
        let laptop = Laptop::enrol(host, KdfParams::FLOOR, enrolment, PASSPHRASE)?;
        let engine = engine(&laptop)?;
        Ok(Self { laptop: Some(laptop), engine, life: 0, offset_ms, seed, cells, form: None })
    }

    pub(super) fn laptop(&self) -> Result<&Laptop, SimulateError> {
        self.laptop.as_ref().ok_or_else(|| SimulateError::Broken { what: "a laptop that is off".to_owned() })
    }

    /// Sets and gives the laptop's own clock.
    pub(super) fn clock(&self, now_ms: i64) -> i64 {
        let local = now_ms + self.offset_ms;
        if let Some(laptop) = &self.laptop {
            laptop.host.set_ms(local);
        }
        local
    }

    pub(super) fn port(&self) -> Result<Arc<dyn Port>, SimulateError> {
        let gone = || SimulateError::Broken { what: "a laptop that is locked".to_owned() };
        self.laptop()?.app.exchange().ok_or_else(gone)
    }

    /// The replica goes on as another: its engine has another key.
    pub(super) fn begin_again(&mut self) -> Result<(), SimulateError> {
        self.life += 1;
        self.engine = engine(self.laptop()?)?;
        Ok(())
    }

    /// The process dies as it is, and is started again over the same folder. Randomness goes on elsewhere: what was drawn
    /// before must never be drawn again.
    pub(super) fn restart(&mut self, now_ms: i64) -> Result<(), SimulateError> {
        let Some(old) = self.laptop.take() else { return Ok(()) };
        let (data, replica) = (old.data.clone(), old.replica.clone());
        drop(old);
        self.start(&data, &replica, now_ms)
    }

    fn start(&mut self, data: &Path, replica: &str, now_ms: i64) -> Result<(), SimulateError> {
        self.life += 1;
        self.form = None;
        let seed = self.seed.wrapping_add(self.life.wrapping_mul(0x9E37_79B9));
        let host = MadeHost::new(seed, data, now_ms + self.offset_ms);
        let laptop = Laptop::open(host, KdfParams::FLOOR, replica, PASSPHRASE)?;
        self.engine = engine(&laptop)?;
        self.laptop = Some(laptop);
        Ok(())
    }

    /// The files of the database as they are.
    pub(super) fn copy(&self) -> Result<Vec<(PathBuf, Vec<u8>)>, SimulateError> {
        let folder = self.laptop()?.folder()?;
        let mut files = Vec::new();
        for name in [store::replica::DATABASE.to_owned(), format!("{}-wal", store::replica::DATABASE)] {
            let path = folder.join(name);
            if let Ok(bytes) = std::fs::read(&path) {
                files.push((path, bytes));
            }
        }
        Ok(files)
    }

    /// A planted fault: the process dies and its files are as they were before.
    pub(super) fn go_back(&mut self, files: &[(PathBuf, Vec<u8>)], now_ms: i64) -> Result<(), SimulateError> {
        let (data, replica) = (self.laptop()?.data.clone(), self.laptop()?.replica.clone());
        let folder = self.turn_off()?;
        for end in ["", "-wal", "-shm"] {
            // a file that is not there need not be taken away
            let _ = std::fs::remove_file(folder.join(format!("{}{end}", store::replica::DATABASE)));
        }
        for (path, bytes) in files {
            std::fs::write(path, bytes).map_err(SimulateError::file(path))?;
        }
        self.start(&data, &replica, now_ms)
    }

    /// Turns it off and gives its folder, for a look from outside.
    pub(super) fn turn_off(&mut self) -> Result<PathBuf, SimulateError> {
        let folder = self.laptop()?.folder()?;
        self.laptop = None;
        Ok(folder)
    }

    /// A command during which the power may fail; the answer, or that it failed.
    pub(super) fn call_with_fuse(
        &self,
        fuse: Option<u16>,
        command: &str,
        request: Value,
    ) -> Result<Result<Value, SimulateError>, PowerCut> {
        let Some(laptop) = &self.laptop else { return Err(PowerCut) };
        if let Some(calls) = fuse {
            laptop.host.light_fuse(calls);
        }
        let answer = laptop.call(command, request);
        match laptop.host.put_out() {
            Fuse::BurntDown => Err(PowerCut),
            Fuse::Sound => Ok(answer),
        }
    }
}

/// The power failed in the middle of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PowerCut;

fn engine(laptop: &Laptop) -> Result<Engine, SimulateError> {
    let gone = || SimulateError::Broken { what: "a laptop that is locked".to_owned() };
    let port = laptop.app.exchange().ok_or_else(gone)?;
    let link = port.link().map_err(|failure| SimulateError::Exchange { outcome: failure.code().to_owned() })?;
    Ok(Engine::new(link.laptop))
}
