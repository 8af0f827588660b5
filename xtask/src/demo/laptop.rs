//! An officer's laptop without a window: fengqiao-browser, and calls to it as the screens make them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::programs::{Running, bound};
use super::station::Enrolment;
use crate::failure::{Failure, Outcome};
use crate::place::Place;

/// The passphrase of every laptop of the demonstration.
pub(super) const PASSPHRASE: &str = "fengqiao-2026";

/// Longest wait for an exchange or a job.
const PATIENCE: Duration = Duration::from_secs(600);

/// A running laptop.
pub(super) struct Laptop {
    origin: String,
    token: String,
    agent: ureq::Agent,
    running: Running,
}

impl Laptop {
    /// Starts one over a data folder.
    pub(super) fn start(place: &Place, data: &Path) -> Outcome<Self> {
        let mut command = bound(&place.program("fengqiao-browser"));
        command.arg("--no-open").arg("--data").arg(data).arg("--ui").arg(place.at("ui/dist"));
        let (running, told) = Running::announced("fengqiao-browser", &mut command)?;
        let text = |key: &str| told.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let origin = text("url").split("/#").next().unwrap_or_default().to_owned();
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Ok(Self { origin, token: text("token"), agent, running })
    }

    /// The address that opens its screens in a browser.
    pub(super) fn url(&self) -> String {
        format!("{}/#token={}", self.origin, self.token)
    }

    /// Runs a command; an error of the app is a failure with its code.
    pub(super) fn call(&self, command: &str, request: &Value) -> Outcome<Value> {
        match self.ask(command, request)? {
            (200, answer) => Ok(answer),
            (status, error) => Err(Failure::answer(command, format!("{status} {error}"))),
        }
    }

    /// Runs a command and gives whatever came: status and body.
    fn ask(&self, command: &str, request: &Value) -> Outcome<(u16, Value)> {
        let broken = |error: ureq::Error| Failure::answer(command, error);
        let sent = self
            .agent
            .post(format!("{}/rpc/{command}", self.origin))
            .header("x-fengqiao-token", &self.token)
            .content_type("application/json")
            .send(request.to_string());
        let mut answer = sent.map_err(broken)?;
        let limit = answer.body_mut().with_config().limit(256 << 20);
        let text = limit.read_to_string().map_err(broken)?;
        let value = serde_json::from_str(&text).map_err(|error| Failure::answer(command, error))?;
        Ok((answer.status().as_u16(), value))
    }

    /// Enrols with a file and its code, and sees to it that the session is unlocked.
    pub(super) fn enrol(&self, enrolment: &Enrolment) -> Outcome {
        let bytes = std::fs::read(&enrolment.file).map_err(Failure::file(&enrolment.file))?;
        let request =
            json!({ "file_base64": STANDARD.encode(bytes), "code": enrolment.code, "passphrase": PASSPHRASE });
        self.call("enrol", &request)?;
        self.unlock(&enrolment.replica)
    }

    /// Unlocks, unless it is unlocked already.
    pub(super) fn unlock(&self, replica: &str) -> Outcome {
        let status = self.call("session_status", &json!({}))?;
        if status.get("state").and_then(Value::as_str) != Some("unlocked") {
            self.call("unlock", &json!({ "replica": replica, "passphrase": PASSPHRASE }))?;
        }
        Ok(())
    }

    /// Syncs and waits for the end of the attempt. The row of the attempt, whatever its outcome.
    pub(super) fn sync(&self) -> Outcome<Value> {
        let newest = |status: &Value| status.pointer("/last/at").and_then(Value::as_i64);
        // An attempt that began by itself has to end first: its end would be taken for ours.
        let before =
            self.wait("sync_status", &json!({}), |status| status.get("running").is_some_and(Value::is_null))?;
        self.call("sync_now", &json!({}))?;
        let after = self.wait("sync_status", &json!({}), |status| {
            newest(status) > newest(&before) && status.get("running").is_some_and(Value::is_null)
        })?;
        after.get("last").cloned().ok_or_else(|| Failure::answer("sync_status", "no attempt"))
    }

    /// Follows a job to its end and gives its numbers.
    pub(super) fn job(&self, started: &Value) -> Outcome<Value> {
        let request = json!({ "job": started.get("job") });
        let state = |status: &Value| status.get("state").and_then(Value::as_str).unwrap_or_default().to_owned();
        let ended = self.wait("job_status", &request, |status| state(status) != "running")?;
        match state(&ended).as_str() {
            "done" => Ok(ended.get("result").cloned().unwrap_or_default()),
            other => {
                Err(Failure::answer("job_status", format!("{other}: {}", ended.get("error").unwrap_or(&Value::Null))))
            }
        }
    }

    /// Asks again until the answer fits.
    fn wait(&self, command: &str, request: &Value, fits: impl Fn(&Value) -> bool) -> Outcome<Value> {
        let began = Instant::now();
        loop {
            let answer = self.call(command, request)?;
            if fits(&answer) {
                return Ok(answer);
            }
            if began.elapsed() > PATIENCE {
                return Err(Failure::answer(
                    command,
                    format!("nothing happened for {} s: {answer}", PATIENCE.as_secs()),
                ));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Writes a file the app made into a folder.
    pub(super) fn keep(made: &Value, folder: &Path) -> Outcome<PathBuf> {
        let text = |key: &str| made.get(key).and_then(Value::as_str).unwrap_or_default();
        let bytes = STANDARD.decode(text("content_base64")).map_err(|error| Failure::answer("the file made", error))?;
        // The name comes from a program of ours, and still nothing but its last part is used.
        let name = Path::new(text("name")).file_name().unwrap_or_default();
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(Failure::file(&path))?;
        Ok(path)
    }

    /// Closes the lid: ends in order.
    pub(super) fn close(mut self) {
        self.running.end();
    }
}

/// A register file as the import screen sends it.
pub(super) fn register(path: &Path) -> Outcome<Value> {
    let bytes = std::fs::read(path).map_err(Failure::file(path))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(json!({ "name": name, "file_base64": STANDARD.encode(bytes) }))
}
