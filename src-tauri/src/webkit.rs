//! Quirks of WebKitGTK: pre-edit of input methods and drawing on machines whose graphics driver it does not get on with.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use tauri::WebviewWindow;
use webkit2gtk::{InputMethodContextExt, WebViewExt};

use crate::arguments::Rendering;

/// From this version on WebKitGTK places pre-edit text where the cursor is.
const PRE_EDIT_FROM: (u32, u32) = (2, 50);

/// The variables by which WebKitGTK draws without the graphics card.
const SOFTWARE: [(&str, &str); 2] = [("WEBKIT_DISABLE_DMABUF_RENDERER", "1"), ("WEBKIT_DISABLE_COMPOSITING_MODE", "1")];

/// Shows what an input method is composing inside the field, as people who type Chinese expect. The webview library switches
/// it off for the sake of older versions.
pub(crate) fn show_what_is_being_composed(window: &WebviewWindow) -> tauri::Result<()> {
    let new_enough = tauri::webview_version().is_ok_and(|version| at_least(&version, PRE_EDIT_FROM));
    if !new_enough {
        return Ok(());
    }
    window.with_webview(|webview| {
        if let Some(context) = webview.inner().input_method_context() {
            context.set_enable_preedit(true);
        }
    })
}

/// Starts this program again with drawing in software, when it is asked for or the machine has no usable graphics driver.
/// The variables must be there before the first library reads them.
pub(crate) fn draw_in_software_where_needed(asked: Rendering) {
    let needed = match asked {
        Rendering::Software => true,
        Rendering::AsFound => !Path::new("/dev/dri").exists() || Path::new("/proc/driver/nvidia").exists(),
    };
    if !needed || SOFTWARE.iter().any(|(name, _)| std::env::var_os(name).is_some()) {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let error = Command::new(program).args(std::env::args_os().skip(1)).envs(SOFTWARE).exec();
    tracing::warn!(%error, "could not start again for drawing in software; going on as it is");
}

/// Whether `2.50.6` is at least a version.
fn at_least(version: &str, wanted: (u32, u32)) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pre_edit_is_for_webkit_2_50_and_newer() {
        for (version, new_enough) in [("2.50.6", true), ("2.52.0", true), ("3.0", true), ("2.48.9", false), ("", false)]
        {
            assert_eq!(at_least(version, PRE_EDIT_FROM), new_enough, "{version}");
        }
    }
}
