//! The demonstration to look at: made once, kept, shown in the desktop window or, without a display, in a browser.

use std::path::Path;

use serde_json::{Value, json};

use super::laptop::{Laptop, PASSPHRASE};
use super::station::{FIRST, Station};
use super::story::make_and_import;
use crate::failure::{Failure, Outcome};
use crate::out;
use crate::place::Place;
use crate::run::Run;

/// Makes the station when it is not there, starts its server and shows the laptop of its first officer.
pub(super) fn show(place: &Place, residents: u32, fresh: bool) -> Outcome {
    let folder = place.scratch("demo")?;
    let note = folder.join("made.json");
    if fresh || !note.is_file() {
        make(place, &folder, &note, residents)?;
    }
    let made = std::fs::read_to_string(&note).map_err(Failure::file(&note))?;
    let made: Value = serde_json::from_str(&made).map_err(|error| Failure::answer("made.json", error))?;
    let address = made.get("address").and_then(Value::as_str).unwrap_or_default();
    let mut station = Station::again(place, &folder.join("station"), address);
    station.serve()?;
    out::line(&format!("\nThe station 青枫派出所 is served at https://{address}. Everything in it is made up."));
    out::line(&format!("The laptop {} belongs to {}; its passphrase is {PASSPHRASE}", FIRST.laptop, FIRST.name));
    let data = folder.join("laptop");
    if has_display() {
        out::line("The window opens now. Close it to end the demonstration.");
        return Run::new(place, place.program("fengqiao")).args(["--data"]).args([&data]).go();
    }
    let laptop = Laptop::start(place, &data)?;
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

/// Founds the station, enrols the laptop, gives it a register and years of work.
fn make(place: &Place, folder: &Path, note: &Path, residents: u32) -> Outcome {
    std::fs::remove_dir_all(folder).map_err(Failure::file(folder))?;
    std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    out::heading(&format!("a made-up station of {residents} residents"));
    let mut station = Station::found(place, &folder.join("station"))?;
    let enrolment = station.enrol(&FIRST)?;
    station.serve()?;
    let laptop = Laptop::start(place, &folder.join("laptop"))?;
    laptop.enrol(&enrolment)?;
    make_and_import(place, &laptop, &folder.join("register.xlsx"), residents)?;
    out::line("the register is imported; it goes to the station now");
    let run = laptop.sync()?;
    out::line(&format!("sync: {run}"));
    laptop.close();
    let text = json!({ "address": station.address(), "residents": residents }).to_string();
    std::fs::write(note, text).map_err(Failure::file(note))
}

fn has_display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
