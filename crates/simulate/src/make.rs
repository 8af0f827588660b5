//! A whole made-up station in two folders: founded, its laptops enrolled, a register imported, years of work played, all of
//! it received by the station. Owns the order of making; must not know what a week consists of.

use std::path::{Path, PathBuf};
use std::time::Instant;

use domain::week::{on_date, start_of_day_ms};
use serde::Serialize;
use sync::crypto::KdfParams;

use crate::founding::Founder;
use crate::host::MadeHost;
use crate::laptop::{Laptop, make_folder, value_at};
use crate::life::{Beat, Life, Lived, Sizes, first_monday};
use crate::people::{Ask, populate_in};
use crate::town::{CellPlan, Holds, POSTS, Post, Town};
use crate::{SimulateError, register};

/// The passphrase of every laptop made here, unless another is asked for.
pub const PASSPHRASE: &str = "fengqiao-2026";
/// The second beat has so many thousandths of the first one's residents.
const SECOND_BEAT: usize = 100;
/// An hour in milliseconds.
const HOUR_MS: i64 = 3_600_000;

/// What is to be made.
#[derive(Debug, Clone)]
pub struct Order {
    /// Folder of the station; must be empty or absent.
    pub station_dir: PathBuf,
    /// Folder in which each laptop gets a data folder.
    pub data_dir: PathBuf,
    /// Residents of the first beat.
    pub residents: usize,
    /// Everything but the TLS keys follows from it.
    pub seed: u64,
    /// Address of the server, as laptops know it.
    pub url: String,
    /// The last moment of the made-up past.
    pub until_ms: i64,
    /// Weeks of work.
    pub weeks: u32,
    /// How passphrases are hashed.
    pub kdf: KdfParams,
    /// The passphrase of every laptop.
    pub passphrase: String,
}

/// A laptop that was made.
#[derive(Debug, Clone, Serialize)]
pub struct MadeLaptop {
    /// What it is called.
    pub laptop: String,
    /// Whose.
    pub officer: String,
    /// Police number.
    pub number: String,
    /// Role code.
    pub role: &'static str,
    /// Codes of the cells held.
    pub cells: Vec<String>,
    /// Its data folder.
    pub data: PathBuf,
    /// Its replica.
    pub replica: String,
}

/// What was made.
#[derive(Debug, Serialize)]
pub struct Made {
    /// Always true.
    pub made_up: bool,
    /// Folder of the station.
    pub station: PathBuf,
    /// Its name.
    pub name: String,
    /// Address in the enrolment files.
    pub url: String,
    /// The passphrase of every laptop.
    pub passphrase: String,
    /// The code that opens the station's recovery key.
    pub recovery_code: String,
    /// Laptops, the chief's last.
    pub laptops: Vec<MadeLaptop>,
    /// People imported.
    pub residents: u64,
    /// What was lived.
    pub lived: Lived,
    /// Seconds by part of the making.
    pub seconds: std::collections::BTreeMap<&'static str, f64>,
}

/// A station with its laptops open.
pub struct Open {
    /// What was made.
    pub made: Made,
    /// The station.
    pub station: station::Station,
    /// Its laptops, in the order of [`POSTS`].
    pub laptops: Vec<Laptop>,
}

/// Makes it and closes everything again.
///
/// # Errors
/// Those of the station, the commands and the disk.
pub fn make(order: &Order) -> Result<Made, SimulateError> {
    let open = make_open(order)?;
    for laptop in &open.laptops {
        laptop.app.lock(app::LockReason::Host);
    }
    Ok(open.made)
}

/// Makes it and leaves it open.
///
/// # Errors
/// Those of the station, the commands and the disk.
pub fn make_open(order: &Order) -> Result<Open, SimulateError> {
    let mut watch = Watch::default();
    let town = Town::built_in()?;
    let begin_ms = start_of_day_ms(first_monday(order.until_ms, order.weeks));
    let mut founder = Founder::new(order.seed, order.kdf, begin_ms);
    let founded = founder.found(&order.station_dir, &town)?;
    let station = founded.station;
    let laptops = enrol(order, &mut founder, &station, &town, begin_ms)?;
    let listed = POSTS.iter().zip(&laptops).map(|(post, laptop)| listing(post, &town, laptop)).collect();
    watch.lap("found");
    let residents = people(order, &town, &laptops, begin_ms)?;
    watch.lap("import");
    first_sync(&station, &laptops, begin_ms + 2 * HOUR_MS)?;
    watch.lap("first_sync");
    let lived = live(order, &town, &station, &laptops)?;
    watch.lap("live");
    let made = Made {
        made_up: true,
        station: order.station_dir.clone(),
        name: crate::town::STATION.to_owned(),
        url: order.url.clone(),
        passphrase: order.passphrase.clone(),
        recovery_code: founded.recovery_code,
        laptops: listed,
        residents,
        lived,
        seconds: watch.laps,
    };
    Ok(Open { made, station, laptops })
}

/// Enrols the laptop of every post, side by side: hashing passphrases is slow on purpose.
fn enrol(
    order: &Order,
    founder: &mut Founder,
    station: &station::Station,
    town: &Town,
    begin_ms: i64,
) -> Result<Vec<Laptop>, SimulateError> {
    let mut files = Vec::new();
    for (post, number) in POSTS.iter().zip(1_u64..) {
        let officer = founder.post(station, town, post)?;
        let data = order.data_dir.join(post.laptop);
        make_folder(&data)?;
        let host = MadeHost::new(order.seed.wrapping_mul(1_000).wrapping_add(number), &data, begin_ms);
        files.push((host, founder.enrolment(station, officer, post.laptop, &order.url)?));
    }
    let (kdf, passphrase) = (order.kdf, order.passphrase.as_str());
    std::thread::scope(|scope| {
        let begin = |(host, file)| scope.spawn(move || Laptop::enrol(host, kdf, &file, passphrase));
        let enrolling: Vec<_> = files.into_iter().map(begin).collect();
        let died = || Err(SimulateError::Broken { what: "a thread died".to_owned() });
        enrolling.into_iter().map(|one| one.join().unwrap_or_else(|_| died())).collect()
    })
}

fn listing(post: &Post, town: &Town, laptop: &Laptop) -> MadeLaptop {
    MadeLaptop {
        laptop: post.laptop.to_owned(),
        officer: post.name.to_owned(),
        number: post.number.to_owned(),
        role: post.role.code(),
        cells: town.cells_of(post.holds).iter().map(|cell| cell.code.clone()).collect(),
        data: laptop.data.clone(),
        replica: laptop.replica.clone(),
    }
}

/// Each beat's first laptop imports the register of its villages.
fn people(order: &Order, town: &Town, laptops: &[Laptop], begin_ms: i64) -> Result<u64, SimulateError> {
    let mut imported = 0;
    let second = (order.residents * SECOND_BEAT / 1_000).max(20);
    let parts = [(Holds::FirstBeat, order.residents, (0, 440)), (Holds::SecondBeat, second, (440, 499))];
    for (holds, residents, orders) in parts {
        let Some(laptop) = POSTS.iter().zip(laptops).find(|(post, _)| post.holds == holds).map(|(_, one)| one) else {
            continue;
        };
        laptop.host.set_ms(begin_ms + HOUR_MS);
        imported += import(laptop, town.cells_of(holds), order.seed, residents, orders, begin_ms)?;
    }
    Ok(imported)
}

/// Imports a made-up register of some cells; how many residents.
///
/// # Errors
/// Those of the commands.
pub fn import(
    laptop: &Laptop,
    cells: &[CellPlan],
    seed: u64,
    residents: usize,
    orders: (u16, u16),
    today_ms: i64,
) -> Result<u64, SimulateError> {
    let (villages, cell_of) = Town::villages(cells);
    let today = on_date(today_ms);
    let people = populate_in(Ask { seed, residents, today, villages: &villages, orders })?;
    let book = register::xlsx(&people, |village| cell_of.get(village).cloned().unwrap_or_default(), 0)?;
    let (tried, result) = laptop.import("register.xlsx", &book, None)?;
    let count = |value: &serde_json::Value, key: &str| value.get(key).and_then(serde_json::Value::as_u64);
    if count(&tried, "rejected") != Some(0) {
        return Err(SimulateError::answer("import_dry_run", format!("clean row: {}", value_at(&tried, "by_code"))));
    }
    count(&result, "residents").ok_or_else(|| SimulateError::answer("job_status", "residents"))
}

/// Whoever imported syncs first; then the others fetch, side by side.
fn first_sync(station: &station::Station, laptops: &[Laptop], at_ms: i64) -> Result<(), SimulateError> {
    let imported = |post: &Post, number: usize| {
        POSTS.iter().position(|other| other.holds == post.holds) == Some(number) && post.holds != Holds::All
    };
    let pairs = || POSTS.iter().zip(laptops).enumerate();
    for laptop in laptops {
        laptop.host.set_ms(at_ms);
    }
    for (_, (_, laptop)) in pairs().filter(|(number, (post, _))| imported(post, *number)) {
        laptop.sync(station)?;
    }
    std::thread::scope(|scope| {
        let others = pairs().filter(|(number, (post, _))| !imported(post, *number));
        let syncing: Vec<_> = others.map(|(_, (_, laptop))| scope.spawn(move || laptop.sync(station))).collect();
        let died = || Err(SimulateError::Exchange { outcome: "a thread died".to_owned() });
        syncing.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| died()))
    })
}

fn live(order: &Order, town: &Town, station: &station::Station, laptops: &[Laptop]) -> Result<Lived, SimulateError> {
    let shares = [550, 450, 100];
    let beats = POSTS
        .iter()
        .zip(laptops)
        .zip(shares)
        .map(|((post, laptop), share)| Beat { laptop, officer: post.name, cells: town.cells_of(post.holds), share })
        .collect();
    let life = Life {
        seed: order.seed,
        sizes: Sizes::over_weeks(order.residents, order.weeks),
        until_ms: order.until_ms,
        beats,
        chief: laptops.last(),
        station: Some(station),
    };
    life.live()
}

/// Measures parts of the making.
struct Watch {
    began: Instant,
    laps: std::collections::BTreeMap<&'static str, f64>,
}

impl Default for Watch {
    fn default() -> Self {
        Self { began: Instant::now(), laps: std::collections::BTreeMap::new() }
    }
}

impl Watch {
    fn lap(&mut self, part: &'static str) {
        self.laps.insert(part, (self.began.elapsed().as_secs_f64() * 100.0).round() / 100.0);
        self.began = Instant::now();
    }
}

/// Whether a folder is absent or empty.
pub(crate) fn is_free(path: &Path) -> bool {
    std::fs::read_dir(path).map_or(true, |mut entries| entries.next().is_none())
}
