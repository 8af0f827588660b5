//! Fonts of the system.
use crate::ReportError;

/// The fonts found on this system. Finding them takes a moment: keep the value and share it.
#[derive(Debug)]
pub struct Fonts {}

impl Fonts {
    /// Looks for fonts where the system keeps them.
    ///
    /// # Errors
    /// [`ReportError::NoChineseFont`] when none of the Chinese families is installed.
    pub fn system() -> Result<Self, ReportError> {
        Ok(Self {})
    }
}
