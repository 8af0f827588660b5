//! The real programs as tests start them: a laptop and a station over folders, and calls to them. Owns starting, calling and
//! knowing how they ended. Must not know what a test is about.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sync::crypto::KdfParams;

/// The passphrase of every laptop.
pub(crate) const PASSPHRASE: &str = "枫桥经验 2026";
/// Attempts to sync that bring everything home on a line that works.
const TRIES: u32 = 12;
/// How a process ends that ended at a failpoint.
const ABORTED: i32 = 6;

/// A program of the project, built beside this test.
pub(crate) fn program(name: &str) -> PathBuf {
    let built = std::env::var_os("FENGQIAO_PROGRAMS").map(PathBuf::from);
    let folder = built.unwrap_or_else(|| std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned());
    let path = folder.join(name);
    assert!(path.exists(), "{} is not built; `cargo build --workspace --all-targets` builds it", path.display());
    path
}

/// The program is gone: it ended in the middle of what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gone;

/// Why a call has no answer.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Refused, with a code.
    Refused(String),
    /// The program is gone.
    Gone,
}

impl From<Gone> for Fault {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

/// A program at work.
struct Running {
    child: Child,
    told: Value,
}

impl Running {
    /// Starts it and reads the line it announces itself with.
    fn start(mut command: Command, kill_at: Option<&str>) -> Result<Self, Gone> {
        command.env_remove("RUST_LOG").env_remove(failpoint::KILL_AT).stdin(Stdio::null());
        if let Some(text) = kill_at {
            command.env(failpoint::KILL_AT, text);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        match serde_json::from_str(&line) {
            Ok(told) => Ok(Self { child, told }),
            Err(_) => {
                child.wait().unwrap();
                Err(Gone)
            }
        }
    }

    /// Ends it as a power cut would; whether it had ended at a failpoint before.
    fn end(mut self) -> bool {
        let _ = self.child.kill();
        self.child.wait().unwrap().signal() == Some(ABORTED)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A laptop: the browser edition without a browser.
pub(crate) struct Laptop {
    /// Its data folder.
    pub(crate) data: PathBuf,
    /// The replica it was enrolled as.
    pub(crate) replica: String,
    /// What opens it.
    pub(crate) passphrase: String,
    agent: ureq::Agent,
    running: Option<Running>,
    origin: String,
    token: String,
}

impl Laptop {
    /// A laptop over a data folder, switched off.
    pub(crate) fn over(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            replica: String::new(),
            passphrase: PASSPHRASE.to_owned(),
            agent: ureq::Agent::config_builder().http_status_as_error(false).build().into(),
            running: None,
            origin: String::new(),
            token: String::new(),
        }
    }

    /// Switches it on; it is locked.
    pub(crate) fn start(&mut self, kill_at: Option<&str>) -> Result<(), Gone> {
        let mut command = Command::new(program("fengqiao-browser"));
        command.arg("--no-open").arg("--data").arg(&self.data);
        let running = Running::start(command, kill_at)?;
        let text = |key: &str| running.told[key].as_str().unwrap().to_owned();
        (self.origin, self.token) = (text("url").split("/#").next().unwrap().to_owned(), text("token"));
        self.running = Some(running);
        Ok(())
    }

    /// Switches it on and unlocks it.
    pub(crate) fn open(&mut self, kill_at: Option<&str>) -> Result<(), Gone> {
        self.start(kill_at)?;
        let request = json!({ "replica": self.replica, "passphrase": self.passphrase });
        match self.call("unlock", &request) {
            Ok(_) => Ok(()),
            Err(Fault::Gone) => Err(Gone),
            Err(Fault::Refused(code)) => panic!("unlock: {code}"),
        }
    }

    /// Ends it as a power cut would; whether it had ended at a failpoint before.
    pub(crate) fn cut(&mut self) -> bool {
        self.running.take().is_some_and(Running::end)
    }

    /// Cuts it and opens it again as it is every day.
    pub(crate) fn reopen(&mut self) -> bool {
        let died = self.cut();
        self.open(None).unwrap();
        died
    }

    /// Enrols with a file and its code; unlocked afterwards.
    pub(crate) fn enrol(&mut self, enrolment: &Enrolment) -> Result<(), Fault> {
        let file = STANDARD.encode(std::fs::read(&enrolment.file).unwrap());
        let passphrase = &self.passphrase;
        self.call("enrol", &json!({ "file_base64": file, "code": enrolment.code, "passphrase": passphrase }))?;
        self.replica.clone_from(&enrolment.replica);
        self.call("unlock", &json!({ "replica": self.replica, "passphrase": self.passphrase }))?;
        Ok(())
    }

    /// The folder of its replica.
    pub(crate) fn folder(&self) -> PathBuf {
        store::replica::folder(&self.data, self.replica.parse().unwrap())
    }

    /// Wraps its key at the least cost allowed, so that a thousand starts are no thousand seconds.
    pub(crate) fn open_quickly(&self) {
        let random = |bytes: &mut [u8]| bytes.fill(7);
        store::keys::change_passphrase(&self.folder(), &self.passphrase, &self.passphrase, KdfParams::FLOOR, &random)
            .unwrap();
    }

    /// A command as the screens send it.
    pub(crate) fn call(&self, command: &str, request: &Value) -> Result<Value, Fault> {
        let post = self.agent.post(format!("{}/rpc/{command}", self.origin)).header("x-fengqiao-token", &self.token);
        let mut answer = post.content_type("application/json").send(request.to_string()).map_err(|_| Fault::Gone)?;
        let status = answer.status();
        let text = answer.body_mut().read_to_string().map_err(|_| Fault::Gone)?;
        let value: Value = serde_json::from_str(&text).map_err(|_| Fault::Gone)?;
        if status.is_success() { Ok(value) } else { Err(Fault::Refused(value["code"].to_string())) }
    }

    /// A command that must be answered.
    pub(crate) fn must(&self, command: &str, request: &Value) -> Value {
        self.call(command, request).unwrap_or_else(|fault| panic!("{command}: {fault:?}"))
    }

    /// Follows a job to its end.
    pub(crate) fn job(&self, started: &Value) -> Result<Value, Fault> {
        loop {
            let status = self.call("job_status", &json!({ "job": started["job"] }))?;
            if status["state"] != "running" {
                return Ok(status);
            }
            std::thread::yield_now();
        }
    }

    /// One attempt to sync; how it ended.
    pub(crate) fn sync(&self) -> Result<String, Fault> {
        let url = format!("{}/events?token={}", self.origin, self.token);
        let mut answer = self.agent.get(url).call().map_err(|_| Fault::Gone)?;
        let mut events = BufReader::new(answer.body_mut().as_reader());
        // an attempt that began by itself has to end first: it may not know of what was written since
        if !self.call("sync_status", &json!({}))?["running"].is_null() {
            until_ended(&mut events)?;
        }
        self.call("sync_now", &json!({}))?;
        until_ended(&mut events)?;
        Ok(self.call("sync_status", &json!({}))?["last"]["outcome"].as_str().unwrap_or_default().to_owned())
    }

    /// Syncs until nothing is left to be sent, which takes a few attempts at most.
    pub(crate) fn home(&self) {
        let mut ends = Vec::new();
        for _ in 0..TRIES {
            ends.push(self.sync().unwrap());
            let status = self.must("sync_status", &json!({}));
            if status["unsent"] == 0 && ends.last().is_some_and(|end| end == "complete") {
                assert_eq!(status["set_aside"], 0, "{status}");
                return;
            }
        }
        panic!("a queue is stuck: {ends:?}, {}", self.must("sync_status", &json!({})));
    }
}

fn until_ended(events: &mut impl std::io::BufRead) -> Result<(), Gone> {
    let mut line = String::new();
    loop {
        line.clear();
        if events.read_line(&mut line).map_err(|_| Gone)? == 0 {
            return Err(Gone);
        }
        let Some(event) = line.strip_prefix("data: ").and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
            continue;
        };
        if event["type"] == "sync" && event["state"] == "ended" {
            return Ok(());
        }
    }
}

/// An enrolment file with what goes with it.
pub(crate) struct Enrolment {
    /// The file.
    pub(crate) file: PathBuf,
    /// The code told separately.
    pub(crate) code: String,
    /// The laptop's replica.
    pub(crate) replica: String,
}

/// A station: its command line and its server.
pub(crate) struct Keeper {
    /// Its folder.
    pub(crate) dir: PathBuf,
    /// The code on paper.
    pub(crate) code: String,
    /// Where the server listens.
    pub(crate) address: String,
    running: Option<Running>,
}

/// How an act of the keeper ended.
#[derive(Debug)]
pub(crate) enum Told {
    /// Done, with its answer.
    Done(Value),
    /// Refused, with what it said.
    Refused(String),
    /// It ended at a failpoint.
    Died,
}

impl Keeper {
    /// A station that is or will be in a folder.
    pub(crate) fn over(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), code: String::new(), address: "127.0.0.1:0".to_owned(), running: None }
    }

    /// An act of the administrator.
    pub(crate) fn ask(&self, arguments: &[&str], kill_at: Option<&str>) -> Told {
        let mut command = Command::new(program("fengqiao-station"));
        command.arg("--dir").arg(&self.dir).arg("--json").args(arguments).env_remove(failpoint::KILL_AT);
        if let Some(text) = kill_at {
            command.env(failpoint::KILL_AT, text);
        }
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        // the code from the paper, for commands that ask for it; others may have gone already
        let _ = writeln!(child.stdin.take().unwrap(), "{}", self.code);
        let output = child.wait_with_output().unwrap();
        if output.status.signal() == Some(ABORTED) {
            return Told::Died;
        }
        if !output.status.success() {
            return Told::Refused(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Told::Done(serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    }

    /// An act that must be done.
    pub(crate) fn must(&self, arguments: &[&str]) -> Value {
        match self.ask(arguments, None) {
            Told::Done(value) => value,
            other @ (Told::Refused(_) | Told::Died) => panic!("{arguments:?}: {other:?}"),
        }
    }

    /// Starts the server, on the address it had before.
    pub(crate) fn serve(&mut self, kill_at: Option<&str>) {
        let mut command = Command::new(program("fengqiao-station"));
        command.args(["serve", "--listen", &self.address, "--dir"]).arg(&self.dir);
        let running = Running::start(command, kill_at).unwrap();
        self.address = running.told["listening"].as_str().unwrap().to_owned();
        self.running = Some(running);
    }

    /// Ends the server as a power cut would; whether it had ended at a failpoint before.
    pub(crate) fn cut(&mut self) -> bool {
        self.running.take().is_some_and(Running::end)
    }

    /// Makes the enrolment file of a laptop that reaches the station by `url`.
    pub(crate) fn enrol(&self, officer: &str, laptop: &str, url: &str, file: &Path) -> Enrolment {
        let path = file.to_str().unwrap();
        let told = self.must(&["enrol", "--officer", officer, "--laptop", laptop, "--url", url, "--out", path]);
        let text = |key: &str| told[key].as_str().unwrap().to_owned();
        Enrolment { file: file.to_owned(), code: text("code"), replica: text("replica") }
    }

    /// Its server's address for laptops.
    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Entries it holds.
    pub(crate) fn entries(&self) -> u64 {
        self.must(&["status"])["entries"].as_u64().unwrap()
    }
}

/// Copies a folder with all in it, as a disk is copied.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
