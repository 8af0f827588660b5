//! `fengqiao-browser`: the browser edition as a program. Owns the command line; everything else is in the library.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use browser::{Opening, Screens, Start, StartError, run, usual_data_folder};
use clap::Parser;

/// Fengqiao in the system's browser, on this machine only.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Data folder; the user's own when not given.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Port on 127.0.0.1; a free one when not given.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Folder of the built screens; `ui` beside this program when not given.
    #[arg(long, value_name = "DIR")]
    ui: Option<PathBuf>,
    /// Only print the address.
    #[arg(long)]
    no_open: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("FENGQIAO_LOG").unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match start(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn start(arguments: Arguments) -> Result<(), StartError> {
    let data = match arguments.data {
        Some(data) => data,
        None => usual_data_folder()?,
    };
    let screens = Screens::find(arguments.ui);
    let opening = if arguments.no_open { Opening::PrintOnly } else { Opening::Open };
    run(Start { data, port: arguments.port, screens, opening }, out).await
}

/// Standard output carries the one line that says where the program is.
fn out(line: &str) {
    let mut stream = std::io::stdout().lock();
    // A closed pipe is not an error of ours.
    let _ = writeln!(stream, "{line}").and_then(|()| stream.flush());
}
