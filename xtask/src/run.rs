//! Runs a program and waits for it. Owns how its environment is prepared.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome};
use crate::out;
use crate::place::Place;

/// A program about to be run.
pub(crate) struct Run {
    command: Command,
    program: String,
}

impl Run {
    /// A program, in the repository, with the target folder set.
    pub(crate) fn new(place: &Place, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&place.root).env("CARGO_TARGET_DIR", &place.target);
        // What cargo tells *this* package must not reach another build: some build scripts would run again for it.
        for (key, _) in std::env::vars_os() {
            let name = key.to_string_lossy();
            if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
            {
                command.env_remove(&key);
            }
        }
        Self { command, program: Path::new(program.as_ref()).display().to_string() }
    }

    /// `cargo` with arguments separated by blanks.
    pub(crate) fn cargo(place: &Place, arguments: &str) -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut run = Self::new(place, cargo).args(arguments.split_whitespace());
        run.program = format!("cargo {arguments}");
        run
    }

    /// A package's program run by `npx`, never downloaded.
    pub(crate) fn npx(place: &Place, folder: &str, arguments: &str) -> Self {
        let mut run = Self::new(place, "npx").args(["--no-install"]).args(arguments.split_whitespace());
        run.program = format!("npx {arguments}");
        run.folder(&place.at(folder))
    }

    /// More arguments.
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Another folder to run in.
    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// A variable.
    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Runs it, showing what it writes.
    pub(crate) fn go(mut self) -> Outcome {
        let status = self.command.status().map_err(|error| Failure::Start { program: self.program.clone(), error })?;
        match status.success() {
            true => Ok(()),
            false => Err(Failure::Ended { program: self.program, code: status.code() }),
        }
    }

    /// Runs it, showing nothing of what it writes, and gives its standard output. Its errors are shown.
    pub(crate) fn read(mut self) -> Outcome<String> {
        let output = self
            .command
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| Failure::Start { program: self.program.clone(), error })?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        match output.status.success() {
            true => Ok(text),
            false => {
                out::problem(&text);
                Err(Failure::Ended { program: self.program, code: output.status.code() })
            }
        }
    }

    /// Whether it can be run and ends well; shows nothing.
    pub(crate) fn works(mut self) -> bool {
        self.command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    /// Runs it, showing what it writes line by line, and gives all of it besides how it ended.
    pub(crate) fn watch(mut self) -> Outcome<(String, Outcome)> {
        let started = self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| Failure::Start { program: self.program.clone(), error })?;
        let errors = child.stderr.take().map(|stream| std::thread::spawn(move || echo(stream)));
        let mut text = child.stdout.take().map(echo).unwrap_or_default();
        if let Some(Ok(more)) = errors.map(std::thread::JoinHandle::join) {
            text.push_str(&more);
        }
        let status = child.wait().map_err(|error| Failure::Start { program: self.program.clone(), error })?;
        let ended = match status.success() {
            true => Ok(()),
            false => Err(Failure::Ended { program: self.program, code: status.code() }),
        };
        Ok((text, ended))
    }
}

/// Shows a stream line by line and keeps it.
fn echo(stream: impl Read) -> String {
    let mut kept = String::new();
    let mut reader = BufReader::new(stream);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
        let line = String::from_utf8_lossy(&bytes);
        out::line(line.trim_end());
        kept.push_str(&line);
        bytes.clear();
    }
    kept
}
