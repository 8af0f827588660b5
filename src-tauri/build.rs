//! Lists the one command of the window, so that no other is open to it, and sees to it that a fresh checkout compiles:
//! the screens are built by npm, and where they are not built yet a page says so.

use std::path::Path;
use std::process::ExitCode;

const NOT_BUILT: &str = "<!doctype html><meta charset=\"utf-8\"><title>Fengqiao</title>\
    <p>The screens are not built. Run <code>cargo xtask demo</code>, or <code>npx vite build</code> in <code>ui</code>.</p>\n";

fn main() -> ExitCode {
    let screens = Path::new("../ui/dist");
    let start_page = screens.join("index.html");
    if !start_page.exists() {
        let made = std::fs::create_dir_all(screens).and_then(|()| std::fs::write(&start_page, NOT_BUILT));
        if made.is_err() {
            return ExitCode::FAILURE;
        }
    }
    let manifest = tauri_build::AppManifest::new().commands(&["rpc"]);
    match tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
