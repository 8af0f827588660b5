//! Gives the settings; what was never set has its usual value.

use crate::contract::Empty;
use crate::contract::settings::{Language, Settings, Theme};
use crate::error::AppError;
use crate::session::Session;

/// Key the settings are kept under.
pub(super) const KEY: &str = "settings";

/// Reads. Settings of another version that cannot be read count as never set.
///
/// # Errors
/// Faults of the disk.
pub(crate) fn run(session: &Session, _: Empty) -> Result<Settings, AppError> {
    let kept = session.store.read(|reader| store::local::setting(reader, KEY))?;
    let usual = Settings { language: Language::Zh, theme: Theme::System, zoom_percent: 100, auto_lock_minutes: 10 };
    Ok(kept.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or(usual))
}
