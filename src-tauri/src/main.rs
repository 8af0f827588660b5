//! The desktop edition: one window around the screens, one command into `app`, one event out of it. Owns the window and the
//! quirks of webviews; the only package that names Tauri. Must not know what any command does.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod rpc;
#[cfg(target_os = "linux")]
mod webkit;
mod window;
mod without_window;

use std::process::ExitCode;

use arguments::{Arguments, Edition};
use clap::Parser;

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("FENGQIAO_LOG").unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match start(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Why the program did not start.
#[derive(Debug, thiserror::Error)]
enum StartError {
    /// The data folder could not be taken.
    #[error(transparent)]
    Folder(#[from] browser::FolderError),
    /// The browser edition did not start.
    #[error(transparent)]
    Browser(#[from] browser::StartError),
    /// The system gives no threads or no event loop.
    #[error("no event loop: {0}")]
    Loop(std::io::Error),
    /// The window could not be made.
    #[error("the window could not be made: {0}; `fengqiao --browser` shows the same in the system's browser")]
    Window(#[from] tauri::Error),
}

fn start(arguments: &Arguments) -> Result<(), StartError> {
    let data = arguments.data_folder()?;
    match arguments.edition() {
        Edition::Browser => without_window::run(data, arguments.opening(), tauri::generate_context!()),
        Edition::Window => {
            #[cfg(target_os = "linux")]
            webkit::draw_in_software_where_needed(arguments.rendering());
            window::run(&data, tauri::generate_context!())
        }
    }
}
