//! The browser edition from start to end: takes the folder, serves, drives the link, says where it is, stops in order.

use std::path::PathBuf;
use std::sync::Arc;

use app::{App, FileDelivery, Host, LockReason};
use serde_json::json;

use crate::folder::{DataFolder, FolderError};
use crate::machine::Machine;
use crate::screens::Screens;
use crate::server::{Loopback, Serving, bind};
use crate::token::Token;

/// Whether the system's browser is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Opened on the address.
    Open,
    /// The address is only printed.
    PrintOnly,
}

/// How to start.
#[derive(Debug)]
pub struct Start {
    /// Data folder.
    pub data: PathBuf,
    /// Port; 0 takes a free one.
    pub port: u16,
    /// The screens.
    pub screens: Screens,
    /// Whether a browser is opened.
    pub opening: Opening,
}

/// Why the browser edition did not start or ended early.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder could not be taken.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The port could not be bound or the listener broke.
    #[error("127.0.0.1:{port}: {source}")]
    Listener {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Runs until the program is told to end. `tell` gets the one line that says where: `{"url": …, "token": …}`.
///
/// # Errors
/// [`StartError`], with nothing changed.
pub async fn run(start: Start, tell: impl FnOnce(&str)) -> Result<(), StartError> {
    let port = start.port;
    let listener_error = |source| StartError::Listener { port, source };
    let folder = DataFolder::open(&start.data)?;
    let listener = bind(port).await.map_err(listener_error)?;
    let bound = listener.local_addr().map_err(listener_error)?;
    let machine = Machine::new(folder, FileDelivery::Inline);
    let token = Token::fresh(|bytes| machine.random(bytes));
    let app = App::new(Arc::new(machine));
    let driver = tokio::spawn(link::run(Arc::clone(&app), app.signals()));

    let url = format!("http://{bound}/#token={}", token.text());
    tell(&json!({ "url": url, "token": token.text() }).to_string());
    if start.opening == Opening::Open && !matches!(start.screens, Screens::Absent) {
        // No browser, or none that can be opened: the address was printed.
        let _ = open::that_detached(&url);
    }

    let serving = Serving { app: Arc::clone(&app), events: app.subscribe(), token, screens: start.screens };
    let served = Loopback::serve(serving, listener, told_to_end()).await;
    // Locking ends the session in order: keys are wiped, the file is closed. A thread that broke has nothing to lock.
    let _ = tokio::task::spawn_blocking(move || app.lock(LockReason::Host)).await;
    driver.abort();
    served.map_err(listener_error)
}

/// Resolves when the user or the system ends the program.
async fn told_to_end() {
    let interrupt = async {
        // Without a handler the signal ends the program by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupt => {},
        () = terminate() => {},
    }
}

#[cfg(unix)]
async fn terminate() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminate() {
    std::future::pending().await
}
