//! A laptop of the made-up station: a real app, enrolled and unlocked, driven by commands; and its exchange with the station
//! in the same process. Owns calling and syncing; must not know what the work is about.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::{App, Host as _, Port};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use station::Station;
use sync::crypto::KdfParams;
use sync::laptop::{FailReason, Input, Laptop as Engine, Outcome};

use crate::SimulateError;
use crate::host::MadeHost;

/// Steps of one exchange; the engine ends by itself far earlier.
const STEPS_MAX: u32 = 100_000;

/// An enrolment file with what goes with it.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The file.
    pub file: Vec<u8>,
    /// The code told separately.
    pub code: String,
}

/// A laptop, enrolled and unlocked.
pub struct Laptop {
    /// Its outside world.
    pub host: Arc<MadeHost>,
    /// The app on it.
    pub app: Arc<App>,
    /// Its replica.
    pub replica: String,
    /// Its data folder.
    pub data: PathBuf,
}

impl Laptop {
    /// Enrols a laptop in an empty data folder and unlocks it.
    ///
    /// # Errors
    /// Those of the commands.
    pub fn enrol(
        host: Arc<MadeHost>,
        kdf: KdfParams,
        enrolment: &Enrolment,
        passphrase: &str,
    ) -> Result<Self, SimulateError> {
        std::fs::create_dir_all(host.data_dir()).map_err(SimulateError::file(host.data_dir()))?;
        let data = host.data_dir().to_owned();
        let app = App::with_kdf(Arc::clone(&host) as Arc<dyn app::Host>, kdf);
        let mut laptop = Self { host, app, replica: String::new(), data };
        let file = STANDARD.encode(&enrolment.file);
        let request = json!({ "file_base64": file, "code": enrolment.code, "passphrase": passphrase });
        let profile = laptop.call("enrol", request)?;
        laptop.replica = text(&profile, "/replica", "enrol")?.to_owned();
        laptop.unlock(passphrase)?;
        Ok(laptop)
    }

    /// Opens a laptop that was enrolled before.
    ///
    /// # Errors
    /// Those of the commands.
    pub fn open(host: Arc<MadeHost>, kdf: KdfParams, replica: &str, passphrase: &str) -> Result<Self, SimulateError> {
        let data = host.data_dir().to_owned();
        let app = App::with_kdf(Arc::clone(&host) as Arc<dyn app::Host>, kdf);
        let laptop = Self { host, app, replica: replica.to_owned(), data };
        laptop.unlock(passphrase)?;
        Ok(laptop)
    }

    /// Unlocks.
    ///
    /// # Errors
    /// Those of the command.
    pub fn unlock(&self, passphrase: &str) -> Result<(), SimulateError> {
        self.call("unlock", json!({ "replica": self.replica, "passphrase": passphrase })).map(|_| ())
    }

    /// The folder of the replica.
    ///
    /// # Errors
    /// [`SimulateError::Answer`] when the replica has no id.
    pub fn folder(&self) -> Result<PathBuf, SimulateError> {
        let replica = self.replica.parse().map_err(|_| SimulateError::answer("enrol", "replica"))?;
        Ok(store::replica::folder(&self.data, replica))
    }

    /// A command as the screens call it.
    ///
    /// # Errors
    /// [`SimulateError::Command`] with the code.
    pub fn call(&self, command: &str, request: Value) -> Result<Value, SimulateError> {
        self.app.call(command, request).map_err(|error| SimulateError::command(command, &error))
    }

    /// Follows a job to its end and gives its numbers.
    ///
    /// # Errors
    /// [`SimulateError::Command`] when the job failed.
    pub fn job(&self, started: &Value) -> Result<Value, SimulateError> {
        loop {
            let status = self.call("job_status", started.clone())?;
            match status.get("state").and_then(Value::as_str) {
                Some("running") => std::thread::sleep(std::time::Duration::from_millis(5)),
                Some("done") => return Ok(status.get("result").cloned().unwrap_or_default()),
                _ => {
                    let code = status.pointer("/error/code").and_then(Value::as_str).unwrap_or_default().to_owned();
                    let args = status.pointer("/error/args").map(ToString::to_string).unwrap_or_default();
                    return Err(SimulateError::Command { command: "job".to_owned(), code, args });
                }
            }
        }
    }

    /// Inspects, tries and imports a register; the numbers of the dry run and of the import.
    ///
    /// # Errors
    /// Those of the commands.
    pub fn import(&self, name: &str, bytes: &[u8], cell: Option<&str>) -> Result<(Value, Value), SimulateError> {
        let inspected = self.import_inspect(name, bytes)?;
        let tried = self.import_dry_run(&inspected, cell)?;
        Ok((tried, self.import_commit(&inspected)?))
    }

    /// Inspects a register.
    ///
    /// # Errors
    /// Those of the command.
    pub fn import_inspect(&self, name: &str, bytes: &[u8]) -> Result<Value, SimulateError> {
        let mut request = serde_json::Map::new();
        request.insert("name".to_owned(), name.into());
        // moved, not copied: a register of a hundred thousand rows is ten megabytes of text
        request.insert("file_base64".to_owned(), Value::String(STANDARD.encode(bytes)));
        self.call("import_inspect", Value::Object(request))
    }

    /// Tries what was inspected, with the mapping guessed.
    ///
    /// # Errors
    /// Those of the command.
    pub fn import_dry_run(&self, inspected: &Value, cell: Option<&str>) -> Result<Value, SimulateError> {
        let sheet = inspected.pointer("/sheets/0").ok_or_else(|| SimulateError::answer("import_inspect", "sheet"))?;
        self.call(
            "import_dry_run",
            json!({ "import": value_at(inspected, "import"), "sheet": value_at(sheet, "name"), "mapping": value_at(sheet, "mapping"), "cell": cell,
                    "village": null }),
        )
    }

    /// Imports what was tried; its numbers.
    ///
    /// # Errors
    /// Those of the command and of the job.
    pub fn import_commit(&self, inspected: &Value) -> Result<Value, SimulateError> {
        let request = json!({ "import": value_at(inspected, "import"), "accept_before_first_sync": true });
        let started = self.call("import_commit", request)?;
        self.job(&started)
    }

    /// One exchange with the station, from beginning to end, at the laptop's clock. A laptop that had to go on as a new
    /// replica comes again at once, as the link's driver does.
    ///
    /// # Errors
    /// [`SimulateError::Exchange`] when it did not end complete.
    pub fn sync(&self, station: &Station) -> Result<(), SimulateError> {
        let outcome = match self.attempt(station)? {
            Outcome::Failed { reason: FailReason::LaneForked { .. }, .. } => self.attempt(station)?,
            other @ (Outcome::Done { .. } | Outcome::Failed { .. } | Outcome::Cancelled { .. }) => other,
        };
        match outcome {
            Outcome::Done { .. } => Ok(()),
            other @ (Outcome::Failed { .. } | Outcome::Cancelled { .. }) => {
                Err(SimulateError::Exchange { outcome: format!("{other:?}") })
            }
        }
    }

    fn attempt(&self, station: &Station) -> Result<Outcome, SimulateError> {
        let locked = || SimulateError::Exchange { outcome: "locked".to_owned() };
        let port = self.app.exchange().ok_or_else(locked)?;
        drive(&*port, |bytes| station.exchange(bytes, self.host.now_ms()))
    }
}

/// Drives the engine over a port and a way to the station.
///
/// # Errors
/// [`SimulateError::Exchange`] when it does not end.
fn drive(port: &dyn Port, way: impl Fn(&[u8]) -> Vec<u8>) -> Result<Outcome, SimulateError> {
    let stuck = || SimulateError::Exchange { outcome: "the engine waits for nobody".to_owned() };
    let link = port.link().map_err(|failure| SimulateError::Exchange { outcome: failure.code().to_owned() })?;
    let mut engine = Engine::new(link.laptop);
    let mut input = Some(Input::SyncRequested);
    port.began();
    for _ in 0..STEPS_MAX {
        let effects = engine.handle(port.now_ms(), input.take().ok_or_else(stuck)?);
        if let Some(outcome) = effects.finished {
            port.ended(&outcome);
            return Ok(outcome);
        }
        input = if let Some(load) = effects.load {
            Some(match port.load(&load) {
                Ok(loaded) => Input::Loaded { ticket: load.ticket, loaded: Box::new(loaded) },
                Err(failure) => Input::LoadFailed { ticket: load.ticket, failure },
            })
        } else if let Some(send) = effects.send {
            Some(Input::ResponseArrived { ticket: send.ticket, bytes: way(&send.bytes) })
        } else {
            effects.store.map(|store| Input::Stored { ticket: store.ticket, result: port.store(&store.batch) })
        };
    }
    Err(stuck())
}

/// A field of an answer; null when it has none.
pub(crate) fn value_at<'v>(value: &'v Value, key: &str) -> &'v Value {
    static NULL: Value = Value::Null;
    value.get(key).unwrap_or(&NULL)
}

/// A text of an answer.
pub(crate) fn text<'v>(value: &'v Value, pointer: &str, command: &str) -> Result<&'v str, SimulateError> {
    value.pointer(pointer).and_then(Value::as_str).ok_or_else(|| SimulateError::answer(command, pointer))
}

/// A list of an answer.
pub(crate) fn list<'v>(value: &'v Value, pointer: &str, command: &str) -> Result<&'v [Value], SimulateError> {
    let found = value.pointer(pointer).and_then(Value::as_array);
    found.map(Vec::as_slice).ok_or_else(|| SimulateError::answer(command, pointer))
}

/// Makes a folder.
pub(crate) fn make_folder(path: &Path) -> Result<(), SimulateError> {
    std::fs::create_dir_all(path).map_err(SimulateError::file(path))
}
