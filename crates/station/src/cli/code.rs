//! A code from paper: typed, or read from a file. Never an argument, which every program on the machine could read.

use std::io::{BufRead, IsTerminal, Read};
use std::path::PathBuf;

use clap::Args;
use sync::enrolment::EnrolmentCode;
use zeroize::Zeroizing;

use super::{CliFault, Out};
use crate::fault::StationFault;

/// Longest line or file that is read, bytes.
const BYTES_MAX: u64 = 1024;

#[derive(Args)]
pub(super) struct CodeArgs {
    /// A file with the code; asked for when absent.
    #[arg(long)]
    code_file: Option<PathBuf>,
}

impl CodeArgs {
    /// The code, asked for on a terminal and otherwise read from standard input.
    pub(super) fn read(&self, out: Out) -> Result<EnrolmentCode, CliFault> {
        let mut text = Zeroizing::new(String::new());
        match &self.code_file {
            Some(path) => {
                let in_file = |source| CliFault::File { path: path.clone(), source };
                let file = std::fs::File::open(path).map_err(in_file)?;
                file.take(BYTES_MAX).read_to_string(&mut text).map_err(in_file)?;
            }
            None => {
                let stdin = std::io::stdin();
                if stdin.is_terminal() {
                    out.ask("Code: ")?;
                }
                stdin.lock().take(BYTES_MAX).read_line(&mut text)?;
            }
        }
        Ok(text.trim().parse().map_err(StationFault::from)?)
    }
}
