//! Keeps the settings.

use super::settings_get::KEY;
use crate::contract::settings::Settings;
use crate::error::AppError;
use crate::session::Session;

/// Checks and keeps.
///
/// # Errors
/// [`AppError::SettingOutOfRange`], faults of the disk.
pub(crate) fn run(session: &Session, settings: Settings) -> Result<Settings, AppError> {
    within("zoom_percent", settings.zoom_percent, 80, 150)?;
    within("auto_lock_minutes", settings.auto_lock_minutes, 1, 60)?;
    let json = serde_json::to_string(&settings).map_err(|_| AppError::defect("settings as JSON"))?;
    session.store.setting_put(KEY, &json)?;
    Ok(settings)
}

fn within(key: &'static str, value: u32, min: u32, max: u32) -> Result<(), AppError> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(AppError::SettingOutOfRange { key, min: u64::from(min), max: u64::from(max) })
    }
}
