//! Programs that run beside the demonstration: started, listened to, ended with it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::place::on_path;

/// A program that is told to end when this one is gone, however it went, where the system can do that.
pub(super) fn bound(program: &Path) -> Command {
    match on_path("setpriv") {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "TERM"]).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// A program that runs until this is dropped.
pub(super) struct Running {
    name: String,
    child: Child,
}

impl Running {
    /// Starts a program and reads the one JSON line it announces itself with.
    pub(super) fn announced(name: &str, command: &mut Command) -> Outcome<(Self, Value)> {
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let child = started.map_err(|error| Failure::Start { program: name.to_owned(), error })?;
        let mut running = Self { name: name.to_owned(), child };
        let mut line = String::new();
        let output = running.child.stdout.take().ok_or_else(|| Failure::answer(name, "no output"))?;
        BufReader::new(output).read_line(&mut line).map_err(|error| Failure::answer(name, error))?;
        let told = serde_json::from_str(&line).map_err(|_| Failure::answer(name, "it ended before it was ready"))?;
        Ok((running, told))
    }

    /// Ends it in order and waits.
    pub(super) fn end(&mut self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            // Ended already, or no `kill` here: ended the hard way, which costs nothing that was acknowledged.
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.end();
        }
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.child.id())
    }
}
