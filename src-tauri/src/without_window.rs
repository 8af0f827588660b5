//! The way out of a white window: the same data and the same screens in the system's browser.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use browser::{Opening, Screen, Screens, Start};
use tauri::Context;
use tauri::utils::assets::AssetKey;
use tauri::utils::mime_type::MimeType;

use crate::StartError;

/// Serves the screens carried in this program until it is told to end.
pub(crate) fn run(data: PathBuf, opening: Opening, context: Context) -> Result<(), StartError> {
    let carried = carried(&context);
    let screens = Screens::Carried(Arc::new(move |path| carried.get(path).cloned()));
    let runtime = tokio::runtime::Runtime::new().map_err(StartError::Loop)?;
    runtime.block_on(browser::run(Start { data, port: 0, screens, opening }, out))?;
    Ok(())
}

/// Every file of the screens by its path.
fn carried(context: &Context) -> BTreeMap<String, Screen> {
    let assets = context.assets();
    let files = assets.iter().filter_map(|(path, _)| {
        let key = AssetKey::from(path.as_ref());
        let bytes = assets.get(&key)?.into_owned();
        let media_type = MimeType::parse(&bytes, key.as_ref());
        Some((key.as_ref().to_owned(), Screen { bytes, media_type }))
    });
    files.collect()
}

/// Standard output carries the one line that says where the program is.
fn out(line: &str) {
    let mut stream = std::io::stdout().lock();
    // A closed pipe is not an error of ours.
    let _ = writeln!(stream, "{line}").and_then(|()| stream.flush());
}
