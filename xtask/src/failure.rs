//! What can go wrong here, in words for the person at the terminal.

use std::fmt;
use std::path::PathBuf;

/// Result of everything in this tool.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line was not understood.
    Usage(String),
    /// A program could not be started.
    Start { program: String, error: std::io::Error },
    /// A program ended with an error.
    Ended { program: String, code: Option<i32> },
    /// A file could not be read or written.
    File { path: PathBuf, error: std::io::Error },
    /// Something is missing on this machine and could not be installed.
    Missing(String),
    /// A program answered something else than expected.
    Answer { from: String, why: String },
    /// Rules that are not kept, one a line.
    Rules(Vec<String>),
    /// Stages of a run that failed.
    Stages(usize),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Missing(text) => f.write_str(text),
            Self::Start { program, error } => write!(f, "cannot start {program}: {error}"),
            Self::Ended { program, code: Some(code) } => write!(f, "{program} ended with code {code}"),
            Self::Ended { program, code: None } => write!(f, "{program} was stopped by a signal"),
            Self::File { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Answer { from, why } => write!(f, "{from}: {why}"),
            Self::Rules(lines) => f.write_str(&lines.join("\n")),
            Self::Stages(count) => write!(f, "{count} failed"),
        }
    }
}

impl Failure {
    /// Names the file an I/O error belongs to.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { path, error }
    }

    /// An answer that does not fit.
    pub(crate) fn answer(from: &str, why: impl fmt::Display) -> Self {
        Self::Answer { from: from.to_owned(), why: why.to_string() }
    }
}
