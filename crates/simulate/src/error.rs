//! Why something could not be made up, measured or played. Owns the one error of this crate.

use std::path::PathBuf;

use app::WireError;

/// Why something could not be made up, measured or played.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// A built-in list cannot be read.
    #[error("built-in list unreadable")]
    Data,
    /// The register file could not be built.
    #[error("register file")]
    Register,
    /// The station refused or broke.
    #[error("station: {0}")]
    Station(#[from] station::StationFault),
    /// A replica's database refused or broke.
    #[error("store: {0}")]
    Store(#[from] store::StoreError),
    /// Keys and certificates of the station.
    #[error("certificates: {0}")]
    Tls(#[from] station::tls::TlsFault),
    /// The memory for a key derivation could not be had.
    #[error("key derivation: {0}")]
    Kdf(#[from] sync::crypto::KdfFault),
    /// A database of the bench itself.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A file.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A command of the app failed.
    #[error("{command}: {code} {args}")]
    Command {
        /// The command.
        command: String,
        /// Its code.
        code: String,
        /// Its arguments.
        args: String,
    },
    /// An answer has not the form expected.
    #[error("{command}: no {what} in the answer")]
    Answer {
        /// The command.
        command: String,
        /// What is missing.
        what: String,
    },
    /// An exchange with the station ended otherwise than complete.
    #[error("exchange: {outcome}")]
    Exchange {
        /// How.
        outcome: String,
    },
    /// What must hold at the end of a run does not.
    #[error("broken promise: {what}")]
    Broken {
        /// What.
        what: String,
    },
    /// A village or an argument cannot be read.
    #[error("{text} cannot be used: {why}")]
    Argument {
        /// As given.
        text: String,
        /// Why not.
        why: &'static str,
    },
    /// Writing to the terminal.
    #[error("output: {0}")]
    Output(#[from] std::io::Error),
}

impl SimulateError {
    /// A failed command.
    pub(crate) fn command(command: &str, error: &WireError) -> Self {
        let args = error.args.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ");
        Self::Command { command: command.to_owned(), code: error.code.clone(), args }
    }

    /// An answer without something.
    pub(crate) fn answer(command: &str, what: impl Into<String>) -> Self {
        Self::Answer { command: command.to_owned(), what: what.into() }
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}
