//! A whole shift, played through the real station and three real laptops. Each step is timed; what it showed is written to
//! `summary.json`. A step whose outcome is not what the story says fails the demonstration.

mod account;
mod meeting;
mod register;
mod work;

use std::path::Path;
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::laptop::Laptop;
use super::station::{CHIEF, FIRST, SECOND, Station};
use crate::failure::{Failure, Outcome};
use crate::out;
use crate::place::Place;

/// What the steps found.
pub(super) struct Story<'a> {
    place: &'a Place,
    /// Where the files go.
    out: &'a Path,
    /// Where stations and laptops live while it plays.
    stage: std::path::PathBuf,
    found: Map<String, Value>,
    seconds: Map<String, Value>,
}

impl Story<'_> {
    /// Plays a step and notes how long it took.
    fn step<T>(&mut self, name: &str, say: &str, body: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        let began = Instant::now();
        let done = body(self)?;
        let took = (began.elapsed().as_secs_f64() * 100.0).round() / 100.0;
        out::line(&format!("{took:>8.2} s  {say}"));
        self.seconds.insert(name.to_owned(), json!(took));
        Ok(done)
    }

    /// Notes what a step found.
    fn note(&mut self, key: &str, value: impl Into<Value>) {
        self.found.insert(key.to_owned(), value.into());
    }

    /// A laptop with nothing on it.
    fn laptop(&self, name: &str) -> Outcome<Laptop> {
        Laptop::start(self.place, &self.stage.join(name))
    }
}

/// Plays the shift and leaves its files in `out`.
pub(super) fn play(place: &Place, out: &Path, residents: u32) -> Outcome {
    let stage = place.scratch("story")?;
    std::fs::remove_dir_all(&stage).map_err(Failure::file(&stage))?;
    for folder in [&stage, out] {
        std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    }
    let mut story = Story { place, out, stage, found: Map::new(), seconds: Map::new() };
    out::heading("a shift");
    acts(&mut story, residents)?;
    let mut summary = std::mem::take(&mut story.found);
    summary.insert("seconds".to_owned(), Value::Object(std::mem::take(&mut story.seconds)));
    let text = serde_json::to_string_pretty(&summary).map_err(|error| Failure::answer("summary.json", error))?;
    let path = out.join("summary.json");
    std::fs::write(&path, format!("{text}\n")).map_err(Failure::file(&path))?;
    out::line(&text);
    out::line(&format!("\nall of it is in {}", out.display()));
    Ok(())
}

/// The eight steps of the shift.
fn acts(story: &mut Story<'_>, residents: u32) -> Outcome {
    let (mut station, files) =
        story.step("1_station", "a station is founded, three officers get enrolment files", |story| {
            let station = Station::found(story.place, &story.stage.join("station"))?;
            let files = [station.enrol(&FIRST)?, station.enrol(&SECOND)?, station.enrol(&CHIEF)?];
            Ok((station, files))
        })?;
    let [first_file, second_file, chief_file] = &files;
    let first = story.step("2_enrol", "an officer enrols his laptop, with no network", |story| {
        let laptop = story.laptop("first")?;
        laptop.enrol(first_file)?;
        Ok(laptop)
    })?;
    story.step("3_import", "he imports the village register", |story| register::import(story, &first, residents))?;
    let second = story.step("3_first_sync", "he syncs; the second officer enrols and fetches the cell", |story| {
        station.serve()?;
        meeting::sync_all_sent(&first)?;
        let laptop = story.laptop("second")?;
        laptop.enrol(second_file)?;
        meeting::sync_complete(&laptop)?;
        register::same_households(&first, &laptop)?;
        meeting::second_use_is_refused(story, first_file)?;
        station.stop();
        Ok(laptop)
    })?;
    let household =
        story.step("4_search", "he finds a household in one box", |story| register::search(story, &first))?;
    story.step("5_work", "a visit, a corrected phone, a patrol, a dispute; all of it saved here", |_| {
        work::shift(&first, &household)
    })?;
    story.step("6_second_officer", "the second officer, offline too, corrects the same phone differently", |_| {
        work::second_officer(&second, &household)
    })?;
    story.step("7_meeting", "both sync; the phone is in conflict, is settled, and the decision arrives", |story| {
        station.serve()?;
        meeting::meet(story, &first, &second, &household)
    })?;
    story.step("8_report", "the chief syncs and exports the weekly report", |story| {
        let chief = story.laptop("chief")?;
        chief.enrol(chief_file)?;
        meeting::sync_complete(&chief)?;
        account::weekly(story, &chief)?;
        chief.close();
        Ok(())
    })?;
    first.close();
    second.close();
    station.stop();
    Ok(())
}

/// A text of an answer.
fn text<'v>(value: &'v Value, pointer: &str) -> Outcome<&'v str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.ok_or_else(|| Failure::answer("the laptop", format!("no text at {pointer} in {value}")))
}

/// A number of an answer.
fn number(value: &Value, pointer: &str) -> Outcome<u64> {
    let found = value.pointer(pointer).and_then(Value::as_u64);
    found.ok_or_else(|| Failure::answer("the laptop", format!("no number at {pointer} in {value}")))
}

/// A list of an answer.
fn list<'v>(value: &'v Value, pointer: &str) -> Outcome<&'v [Value]> {
    let found = value.pointer(pointer).and_then(Value::as_array);
    found.map(Vec::as_slice).ok_or_else(|| Failure::answer("the laptop", format!("no list at {pointer} in {value}")))
}

/// The story says something has to be so.
fn must(holds: bool, what: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(Failure::answer("the shift", what())) }
}
