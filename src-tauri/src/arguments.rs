//! The command line and the variables that say the same, for machines where a shortcut is easier to set than a flag.

use std::path::PathBuf;

use browser::{FolderError, Opening, usual_data_folder};
use clap::Parser;

/// Fengqiao, the work of a community beat officer.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// Data folder; the user's own when not given.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Show the screens in the system's browser instead of a window: the way out when the window stays white.
    #[arg(long)]
    browser: bool,
    /// With --browser: only print the address.
    #[arg(long, requires = "browser")]
    no_open: bool,
    /// Draw without the graphics card.
    #[arg(long)]
    software_rendering: bool,
}

/// Where the screens are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edition {
    /// In a window of this program.
    Window,
    /// In the system's browser.
    Browser,
}

/// How the window is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rendering {
    /// As the machine suggests.
    AsFound,
    /// Without the graphics card.
    Software,
}

impl Arguments {
    /// The folder to work in.
    pub(crate) fn data_folder(&self) -> Result<PathBuf, FolderError> {
        match &self.data {
            Some(data) => Ok(data.clone()),
            None => usual_data_folder(),
        }
    }

    /// `--browser` or `FENGQIAO_BROWSER=1`.
    pub(crate) fn edition(&self) -> Edition {
        if self.browser || set("FENGQIAO_BROWSER") { Edition::Browser } else { Edition::Window }
    }

    /// `--software-rendering` or `FENGQIAO_SOFTWARE_RENDERING=1`.
    pub(crate) fn rendering(&self) -> Rendering {
        let software = self.software_rendering || set("FENGQIAO_SOFTWARE_RENDERING");
        if software { Rendering::Software } else { Rendering::AsFound }
    }

    /// `--no-open`.
    pub(crate) fn opening(&self) -> Opening {
        if self.no_open { Opening::PrintOnly } else { Opening::Open }
    }
}

fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
}
