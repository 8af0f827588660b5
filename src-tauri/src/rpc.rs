//! The one command of the window and the one event it hears.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use app::{App, ErrorKind, Event, WireError};
use serde_json::Value;
use tauri::{AppHandle, Emitter, State};

use crate::window::LABEL;

/// The event the window hears.
const EVENT: &str = "fengqiao";

/// Runs a command of the app on a thread that may block.
#[tauri::command]
pub(crate) async fn rpc(app: State<'_, Arc<App>>, command: String, payload: Value) -> Result<Value, WireError> {
    let app = Arc::clone(&app);
    let done = tauri::async_runtime::spawn_blocking(move || app.call(&command, payload)).await;
    // The handler panicked; the session's own guard has told the log what and where.
    done.unwrap_or_else(|_| {
        let (code, args) = ("defect".to_owned(), std::collections::BTreeMap::new());
        Err(WireError { code, args, kind: ErrorKind::Defect, incident: None })
    })
}

/// Passes what the app tells on to the window, for as long as the app lives.
pub(crate) fn pass_events_on(handle: &AppHandle, events: Receiver<Event>) {
    let handle = handle.clone();
    std::thread::spawn(move || {
        for event in events {
            if let Err(error) = handle.emit_to(LABEL, EVENT, &event) {
                tracing::warn!(%error, "an event did not reach the window");
            }
        }
    });
}
