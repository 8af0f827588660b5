//! The demonstration to look at: made once, kept, shown in the desktop window or, without a display, in a browser.

use std::path::Path;

use serde_json::Value;

use super::laptop::Laptop;
use super::station::{Station, free_address};
use crate::failure::{Failure, Outcome};
use crate::out;
use crate::place::Place;
use crate::run::Run;

/// Weeks of work the station has behind it.
const WEEKS: &str = "60";

/// Whether a station made before is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Making {
    /// A station made before will do.
    Once,
    /// Another is made.
    Anew,
}

/// Makes the station when it is not there, starts its server and shows the laptop of its first officer.
pub(super) fn show(place: &Place, residents: u32, making: Making) -> Outcome {
    let folder = place.scratch("demo")?;
    let note = folder.join("made.json");
    if making == Making::Anew || !note.is_file() {
        make(place, &folder, &note, residents)?;
    }
    let made = std::fs::read_to_string(&note).map_err(Failure::file(&note))?;
    let made: Value = serde_json::from_str(&made).map_err(|error| Failure::answer("made.json", error))?;
    let text = |pointer: &str| made.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let address = text("/url").trim_start_matches("https://");
    let mut station = Station::again(place, &folder.join("station"), address);
    station.serve()?;
    out::line(&format!("\nThe station {} is served at {}. Everything in it is made up.", text("/name"), text("/url")));
    let (laptop, officer) = (text("/laptops/0/laptop"), text("/laptops/0/officer"));
    out::line(&format!("Laptop {laptop} of {officer}; the passphrase is {}", text("/passphrase")));
    let data = Path::new(text("/laptops/0/data"));
    if has_display() {
        out::line("The window opens now. Close it to end the demonstration.");
        return Run::new(place, place.program("fengqiao")).args(["--data"]).args([data]).go();
    }
    let laptop = Laptop::start(place, data)?;
    out::line("There is no display here, so the browser edition is served instead. Open this address on this machine:");
    out::line(&format!("\n    {}\n", laptop.url()));
    out::line("Press Enter or Ctrl+C to end the demonstration.");
    let mut line = String::new();
    match std::io::stdin().read_line(&mut line) {
        // Without a terminal there is no Enter: until ended from outside.
        Ok(0) | Err(_) => loop {
            std::thread::park();
        },
        Ok(_) => {
            laptop.close();
            Ok(())
        }
    }
}

/// Founds the station and its laptops, with a register and months of work. Kept for the next time.
fn make(place: &Place, folder: &Path, note: &Path, residents: u32) -> Outcome {
    std::fs::remove_dir_all(folder).map_err(Failure::file(folder))?;
    std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    out::heading(&format!("making up a station of {residents} residents; this takes some minutes, once"));
    let told = Run::new(place, place.program("fengqiao-simulate"))
        .args(["make", "--weeks", WEEKS, "--residents", &residents.to_string()])
        .args(["--url", &format!("https://{}", free_address()?)])
        .args(["--station-dir"])
        .args([folder.join("station")])
        .args(["--data-dir"])
        .args([folder.join("laptops")])
        .read()?;
    let line = told.lines().last().unwrap_or_default();
    std::fs::write(note, line).map_err(Failure::file(note))
}

fn has_display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
