//! Makes the laptop the bench looks at: enrolled, full of residents, with two years of work; leaves queries to ask.

use std::path::Path;
use std::time::Instant;

use rand::SeedableRng as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use station::Station;
use sync::crypto::KdfParams;

use super::Figures;
use super::machine::round;
use crate::founding::Founder;
use crate::host::MadeHost;
use crate::laptop::{Laptop, make_folder};
use crate::life::{Beat, Life, Sizes, first_monday};
use crate::people::{Ask, House, Population, populate_in};
use crate::town::{CellPlan, POSTS, Town};
use crate::{SimulateError, register};

/// The passphrase of the bench's laptops.
pub(super) const PASSPHRASE: &str = "fengqiao-bench";
/// Residents of one import; the last one is of ten thousand.
const CHUNK: usize = 20_000;
/// The import that is timed on the full laptop.
const LAST: usize = 10_000;
/// Queries of each kind.
const QUERIES: usize = 60;
/// Monday 2026-11-16 08:00 at the station.
pub(super) const NOW_MS: i64 = 1_794_787_200_000;

/// A station with one laptop, enrolled and unlocked.
pub(super) fn stage(dir: &Path, seed: u64, now_ms: i64) -> Result<(Station, Laptop, Town), SimulateError> {
    let town = Town::built_in()?;
    let mut founder = Founder::new(seed, KdfParams::FLOOR, now_ms);
    let station = founder.found(&dir.join("station"), &town)?.station;
    let [post, ..] = &POSTS;
    let officer = founder.post(&station, &town, post)?;
    let data = dir.join("laptop");
    make_folder(&data)?;
    let enrolment = founder.enrolment(&station, officer, post.laptop, "https://127.0.0.1:8443")?;
    let laptop = Laptop::enrol(MadeHost::new(seed, &data, now_ms), KdfParams::FLOOR, &enrolment, PASSPHRASE)?;
    Ok((station, laptop, town))
}

/// People of the first beat.
pub(super) fn people(town: &Town, seed: u64, residents: usize) -> Result<(Population, Vec<String>), SimulateError> {
    let [post, ..] = &POSTS;
    let (villages, cells) = Town::villages(town.cells_of(post.holds));
    let today = domain::week::on_date(NOW_MS);
    Ok((populate_in(Ask { seed, residents, today, villages: &villages, orders: (0, 499) })?, cells))
}

/// Makes it.
pub(super) fn run(dir: &Path, seed: u64, residents: usize) -> Result<Figures, SimulateError> {
    // one officer's work, however many residents he has
    let sizes = Sizes::for_residents(residents.min(10_000));
    let begin_ms = domain::week::start_of_day_ms(first_monday(NOW_MS, sizes.weeks));
    let (station, laptop, town) = stage(dir, seed, begin_ms)?;
    let (people, cells) = people(&town, seed, residents)?;
    let began = Instant::now();
    let last = import_in_chunks(&laptop, &people, &cells, residents)?;
    let imported = began.elapsed().as_secs_f64();
    queries(dir, &people, seed)?;
    let began = Instant::now();
    let [post, ..] = &POSTS;
    let cells: &[CellPlan] = town.cells_of(post.holds);
    let beats = vec![Beat { laptop: &laptop, officer: post.name, cells, share: 1_000 }];
    // without the station now and then, the lease to read would end on the way
    let lived = Life { seed, sizes, until_ms: NOW_MS, beats, chief: None, station: Some(&station) }.live()?;
    let mut figures = Figures::new();
    figures.insert("prepare_import_all_seconds".into(), round(imported).into());
    figures.insert("import_last_10k_into_full_seconds".into(), round(last).into());
    figures.insert("prepare_work_seconds".into(), round(began.elapsed().as_secs_f64()).into());
    figures.insert("prepare_work".into(), serde_json::to_value(lived).unwrap_or_default());
    std::fs::write(dir.join("replica"), &laptop.replica).map_err(SimulateError::file(dir))?;
    Ok(figures)
}

/// Imports everybody; how long the last ten thousand took.
fn import_in_chunks(
    laptop: &Laptop,
    people: &Population,
    cells: &[String],
    residents: usize,
) -> Result<f64, SimulateError> {
    let early = residents.saturating_sub(LAST);
    let (mut chunk, mut counted, mut done): (Vec<House>, usize, usize) = (Vec::new(), 0, 0);
    let mut took = 0.0;
    for house in &people.houses {
        counted += house.members.len();
        chunk.push(house.clone());
        let cut = (counted >= CHUNK && done + counted <= early)
            || done + counted >= residents
            || (done < early && done + counted >= early);
        if cut {
            let part = Population { villages: people.villages.clone(), houses: std::mem::take(&mut chunk) };
            let book = register::xlsx(&part, |village| cells.get(village).cloned().unwrap_or_default(), 0)?;
            let began = Instant::now();
            laptop.import("register.xlsx", &book, None)?;
            took = began.elapsed().as_secs_f64();
            done += counted;
            counted = 0;
        }
    }
    Ok(took)
}

/// Writes down what to search for, by kind.
fn queries(dir: &Path, people: &Population, seed: u64) -> Result<(), SimulateError> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5EA2C4);
    let mut all: Vec<Value> = Vec::new();
    let houses: Vec<&House> = people.houses.sample(&mut rng, QUERIES).collect();
    for house in houses {
        let Some(person) = house.members.choose(&mut rng) else { continue };
        let village = people.villages.get(house.village).map(|one| one.name.clone()).unwrap_or_default();
        let latin = reading(&person.name);
        let tail = |text: &str, n: usize| text.get(text.len().saturating_sub(n)..).unwrap_or_default().to_owned();
        let surname: String = person.name.chars().take(1).collect();
        for (kind, query) in [
            ("name", person.name.clone()),
            ("surname_and_tail", format!("{surname} {}", tail(&person.id_number, 3))),
            ("surname", surname),
            ("letter", latin.iter().flat_map(|one| one.chars()).take(1).collect()),
            ("pinyin", latin.concat()),
            ("initials", latin.iter().filter_map(|one| one.chars().next()).collect()),
            ("id_tail", tail(&person.id_number, 4)),
            ("address", format!("{village}{}", house.address())),
            ("village_and_address", format!("{village} {}", house.address())),
            ("village", village),
            ("phone_tail", person.phone.as_deref().map(|phone| tail(phone, 4)).unwrap_or_default()),
        ] {
            if !query.is_empty() {
                all.push(json!([kind, query]));
            }
        }
    }
    let text = Value::from(all).to_string();
    std::fs::write(dir.join("queries.json"), text).map_err(SimulateError::file(dir))
}

/// The syllables of a name; characters without one are left out.
fn reading(name: &str) -> Vec<String> {
    use pinyin::ToPinyin as _;
    name.to_pinyin().flatten().map(|one| one.plain().to_owned()).collect()
}
