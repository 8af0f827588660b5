//! The administrator's side: founding, officers, enrolment files, the server.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::programs::{Running, bound};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::run::Run;

/// An officer of the demonstration.
pub(super) struct Officer {
    /// Name.
    pub(super) name: &'static str,
    /// Police number.
    pub(super) number: &'static str,
    /// Role.
    role: &'static str,
    /// Where.
    scope: &'static str,
    /// What the laptop is called.
    pub(super) laptop: &'static str,
}

/// Keeper of the cell.
pub(super) const FIRST: Officer =
    Officer { name: "郑和平", number: "010001", role: "officer", scope: "cell:QF-01", laptop: "QF-07" };
/// The second officer of the same cell.
pub(super) const SECOND: Officer =
    Officer { name: "沈雨晴", number: "010002", role: "officer", scope: "cell:QF-01", laptop: "QF-08" };
/// The chief, with all cells.
pub(super) const CHIEF: Officer =
    Officer { name: "方守正", number: "010000", role: "chief", scope: "all", laptop: "QF-01" };

/// The officers' cell: code, name, villages.
pub(super) const CELL: (&str, &str, [&str; 3]) =
    ("QF-01", "青枫一格", ["330681100201:枫源村", "330681100202:上塘村", "330681100203:石桥村"]);

/// An enrolment file and the code told separately.
pub(super) struct Enrolment {
    pub(super) file: PathBuf,
    pub(super) code: String,
    pub(super) replica: String,
}

/// A station in a folder.
pub(super) struct Station<'a> {
    place: &'a Place,
    folder: PathBuf,
    address: String,
    server: Option<Running>,
}

impl<'a> Station<'a> {
    /// Founds a made-up station with its cell and three officers. The server is not running yet, but its address is settled:
    /// the enrolment files name it.
    pub(super) fn found(place: &'a Place, folder: &Path) -> Outcome<Self> {
        let station = Self { place, folder: folder.to_owned(), address: free_address()?, server: None };
        station.tell(&["init", "--name", "青枫派出所", "--division", "330681100000", "--made-up"])?;
        let (code, name, villages) = CELL;
        let mut cell = vec!["cell", "add", "--code", code, "--name", name];
        for village in villages {
            cell.extend(["--village", village]);
        }
        station.tell(&cell)?;
        for Officer { name, number, role, scope, .. } in [FIRST, SECOND, CHIEF] {
            station.tell(&["officer", "add", "--name", name, "--number", number, "--role", role])?;
            station.tell(&["assign", "--officer", number, "--scope", scope, "--from", "2024-01-01"])?;
        }
        Ok(station)
    }

    /// A station founded before, at the address its laptops know.
    pub(super) fn again(place: &'a Place, folder: &Path, address: &str) -> Self {
        Self { place, folder: folder.to_owned(), address: address.to_owned(), server: None }
    }

    /// Runs an act of the administrator.
    pub(super) fn tell(&self, arguments: &[&str]) -> Outcome<Value> {
        let run = Run::new(self.place, self.place.program("fengqiao-station"));
        let text = run.args(["--json", "--dir"]).args([&self.folder]).args(arguments).read()?;
        serde_json::from_str(&text).map_err(|error| Failure::answer("fengqiao-station", error))
    }

    /// Makes the enrolment file of an officer's laptop.
    pub(super) fn enrol(&self, officer: &Officer) -> Outcome<Enrolment> {
        let file = self.folder.join(format!("{}.fqenrol", officer.laptop));
        let url = format!("https://{}", self.address);
        let path = file.to_string_lossy();
        let told = self.tell(&[
            "enrol",
            "--officer",
            officer.number,
            "--laptop",
            officer.laptop,
            "--url",
            &url,
            "--out",
            &path,
        ])?;
        let text = |key: &str| told.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Enrolment { code: text("code"), replica: text("replica"), file })
    }

    /// Starts the server.
    pub(super) fn serve(&mut self) -> Outcome {
        let mut command = bound(&self.place.program("fengqiao-station"));
        command.arg("--dir").arg(&self.folder).args(["serve", "--listen", &self.address]).env("RUST_LOG", "warn");
        let (running, _) = Running::announced("fengqiao-station serve", &mut command)?;
        self.server = Some(running);
        Ok(())
    }

    /// The server goes away.
    pub(super) fn stop(&mut self) {
        self.server = None;
    }
}

/// A loopback address nobody listens on just now.
pub(super) fn free_address() -> Outcome<String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(Failure::file("127.0.0.1"))?;
    Ok(listener.local_addr().map_err(Failure::file("127.0.0.1"))?.to_string())
}
