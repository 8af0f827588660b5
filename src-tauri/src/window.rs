//! The window: its size, what it may load, and what happens around it. Nothing but the screens that came with the program is
//! ever shown in it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::{App, FileDelivery, LockReason};
use browser::{DataFolder, Machine};
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Context, Manager, RunEvent, Url, WebviewUrl, WebviewWindowBuilder};
use tauri_plugin_window_state::StateFlags;

use crate::StartError;
use crate::rpc::pass_events_on;

/// Name of the only window.
pub(crate) const LABEL: &str = "main";

/// Runs until the window is closed.
pub(crate) fn run(data: &Path, context: Context) -> Result<(), StartError> {
    let folder = DataFolder::open(data);
    let state = tauri_plugin_window_state::Builder::new().with_state_flags(StateFlags::SIZE | StateFlags::MAXIMIZED);
    // A second start on a folder that is in use ends inside `build`: the first window comes to the front instead.
    let shell = tauri::Builder::default()
        .plugin(only_one(data))
        .plugin(state.build())
        .invoke_handler(tauri::generate_handler![crate::rpc::rpc])
        .build(context)?;
    let folder = folder?;
    let profile = folder.path().join("window");
    let app = App::new(Arc::new(Machine::new(folder, FileDelivery::Path)));
    tauri::async_runtime::spawn(link::run(Arc::clone(&app), app.signals()));
    shell.manage(Arc::clone(&app));
    pass_events_on(shell.handle(), app.subscribe());
    open(shell.handle(), profile)?;
    shell.run(move |_, event| {
        if let RunEvent::Exit = event {
            app.lock(LockReason::Host);
        }
    });
    Ok(())
}

/// A second start on the same data folder brings the first window to the front and ends.
fn only_one(data: &Path) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let mut hasher = DefaultHasher::new();
    std::path::absolute(data).unwrap_or_else(|_| data.to_owned()).hash(&mut hasher);
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(format!("app.fengqiao.workbench.d{:016x}", hasher.finish()))
        .callback(|handle, _arguments, _folder| to_front(handle))
        .build()
}

fn to_front(handle: &AppHandle) {
    if let Some(window) = handle.get_webview_window(LABEL) {
        // A window manager may refuse; the window is there all the same.
        let _ = window.unminimize().and_then(|()| window.set_focus());
    }
}

fn open(handle: &AppHandle, profile: PathBuf) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(handle, LABEL, WebviewUrl::App("index.html".into()))
        .title("枫桥工作台")
        .inner_size(1366.0, 768.0)
        .min_inner_size(1024.0, 680.0)
        .data_directory(profile)
        .disable_drag_drop_handler()
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()?;
    #[cfg(target_os = "linux")]
    crate::webkit::show_what_is_being_composed(&window)?;
    window.show()
}

/// Whether an address is a page that came with the program.
fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_goes_nowhere_but_to_its_own_pages() {
        for (address, own) in [
            ("tauri://localhost/index.html#/today", true),
            ("http://tauri.localhost/", true),
            ("https://example.org/", false),
            ("http://tauri.localhost:8080/", false),
            ("http://127.0.0.1:4000/", false),
            ("tauri://example.org/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("javascript:alert(1)", false),
            ("about:blank", false),
        ] {
            assert_eq!(is_own_page(&Url::parse(address).expect("an address")), own, "{address}");
        }
    }
}
