//! The fonts of the system. Owns where they are found and which Chinese families are wanted; must not know what is set.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst_kit::fonts::FontStore;

use crate::ReportError;

/// Families for the text of a paper, best first. SimSun is on every Chinese Windows.
pub(crate) const SERIF: [&str; 4] = ["Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "SimSun"];

/// Families for headings, best first.
pub(crate) const SANS: [&str; 5] =
    ["Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Microsoft YaHei", "SimHei"];

/// The fonts found on this system. Finding them reads the head of every font file: keep the value and share it.
/// A font itself is read when a paper first needs it, and stays.
pub struct Fonts {
    store: FontStore,
}

impl Fonts {
    /// Looks for fonts where the system keeps them.
    ///
    /// # Errors
    /// [`ReportError::NoChineseFont`] when none of the wanted Chinese families is installed.
    pub fn system() -> Result<Self, ReportError> {
        let mut store = FontStore::new();
        store.extend(typst_kit::fonts::system());
        Self::checked(store)
    }

    /// Looks for fonts in one folder and the folders in it, for machines whose fonts come with the program.
    ///
    /// # Errors
    /// [`ReportError::NoChineseFont`] when none of the wanted Chinese families is there.
    pub fn folder(path: &Path) -> Result<Self, ReportError> {
        let mut store = FontStore::new();
        store.extend(typst_kit::fonts::scan(path));
        Self::checked(store)
    }

    fn checked(store: FontStore) -> Result<Self, ReportError> {
        let wanted = || SERIF.iter().chain(SANS.iter());
        let found = |family: &str| store.book().select_family(&family.to_lowercase()).next().is_some();
        if wanted().any(|family| found(family)) {
            return Ok(Self { store });
        }
        Err(ReportError::NoChineseFont { wanted: wanted().map(|family| (*family).to_owned()).collect() })
    }

    /// The text with every character no font has spelled as its code, `〔U+20000〕`: a name must not lose a character
    /// silently. Combining, joining and breaking characters are left alone.
    pub(crate) fn spelled_out(&self, text: &str) -> String {
        let mut known = BTreeMap::new();
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if c.is_ascii() || not_drawn(c) || *known.entry(c).or_insert_with(|| self.has(c)) {
                out.push(c);
            } else {
                out.push_str(&format!("〔U+{:04X}〕", u32::from(c)));
            }
        }
        out
    }

    fn has(&self, c: char) -> bool {
        let all = self.store.book().families().flat_map(|(_, infos)| infos);
        all.into_iter()
            .any(|index| self.store.book().info(index).is_some_and(|info| info.coverage.contains(u32::from(c))))
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.store.font(index)
    }
}

/// Characters that have no picture of their own.
fn not_drawn(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let families: Vec<&str> = self.store.book().families().map(|(name, _)| name).collect();
        f.debug_struct("Fonts").field("families", &families).finish()
    }
}
