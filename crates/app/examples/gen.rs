//! Writes the generated TypeScript: `cargo run -p app --example gen -- ui/src/ipc/generated`. Owns nothing but the writing.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        return ExitCode::from(2);
    };
    for (name, text) in app::typescript::files() {
        if std::fs::write(folder.join(name), text).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
