//! The station on a disk that loses power or fails: what it gave a receipt for it has, once, and laptops go on with it.

use std::collections::BTreeSet;

use rand::SeedableRng as _;
use rand::seq::IteratorRandom as _;
use rand_chacha::ChaCha8Rng;
use station::Station;
use station::edit;
use sync::laptop::{Outcome, RequestFailure};
use sync::receipt::Receipt;
use sync::wire::{RequestRefusal, Response, ResponseOutcome};
use tempfile::TempDir;

use crate::disk::{Cut, Fault, Kept, Mark, Watch, lay};
use crate::hostile;
use crate::kit::{self, Disk, NOW_MS, cell, document_id, officer_id};

/// Moments at which the power is cut; three things may be found after each.
fn moments() -> usize {
    std::env::var("FENGQIAO_PROOF_CUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(50)
}

/// How the station syncs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writer {
    AsShipped,
    /// `synchronous=NORMAL`: a commit does not wait for the disk.
    Lazy,
}

/// Two laptops and what was promised to them.
#[derive(Clone)]
pub(crate) struct Laptops {
    pub(crate) one: Disk,
    pub(crate) two: Disk,
    directory: u64,
}

impl Laptops {
    /// Two officers of one cell, enrolled, who have not met the station.
    pub(crate) fn of(station: &Station) -> Self {
        Self {
            one: Disk::enrolled(&kit::issue(station, 1, 1, Vec::new()), 1),
            two: Disk::enrolled(&kit::issue(station, 2, 2, Vec::new()), 2),
            directory: 0,
        }
    }

    /// Asks the station for everything promised, then lets both laptops go on.
    pub(crate) fn assert_kept(&self, station: &Station) {
        assert!(self.lost(station).is_empty(), "{:?}", self.lost(station));
        assert!(station.directory().unwrap().version >= self.directory);
        let mut after = self.clone();
        for _ in 0..2 {
            after.one.complete(station);
            after.two.complete(station);
        }
        let log = after.one.log_of(&cell("A"));
        assert_eq!(log, after.two.log_of(&cell("A")));
        assert_eq!(log.len(), log.iter().collect::<BTreeSet<_>>().len(), "nothing twice");
        assert_eq!(log.len(), after.one.lane.len() + after.two.lane.len(), "everything once");
        assert_eq!(after.one.receipts_through(), after.one.lane.len() as u64);
    }

    /// Receipts the laptops hold that the station does not know.
    pub(crate) fn lost(&self, station: &Station) -> Vec<Receipt> {
        let mut lost = Vec::new();
        for laptop in [&self.one, &self.two].into_iter().filter(|laptop| !laptop.receipts.is_empty()) {
            let known = hostile::receipts(station, laptop);
            lost.extend(laptop.receipts.iter().filter(|held| !known.contains(held)).cloned());
        }
        lost
    }
}

/// A morning at the station. Gives the laptops as they were at each mark.
fn morning(writer: Writer, at: &BTreeSet<u64>, seed: u64) -> (Vec<Laptops>, Vec<Cut>, u64, TempDir) {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut laptops = Laptops::of(&station);
    drop(station);
    let watch = Watch::on(dir.path());
    watch.cut_at(at.clone(), seed);
    let station = Station::open(dir.path()).unwrap();
    if writer == Writer::Lazy {
        station.sync_lazily_for_tests().unwrap();
    }
    let mut states = vec![laptops.clone()];
    let mark = |laptops: &Laptops, states: &mut Vec<Laptops>| {
        states.push(laptops.clone());
        watch.mark(Mark { promised: states.len() - 1, exchanges: 0 });
    };
    for round in 0..4_u64 {
        for number in 0..6 {
            laptops.one.write(&cell("A"), document_id(round * 100 + number), "name", "一");
        }
        laptops.two.write(&cell("A"), document_id(round * 100 + 50), "name", "二");
        mark(&laptops, &mut states);
        laptops.one.complete(&station);
        mark(&laptops, &mut states);
        laptops.two.complete(&station);
        mark(&laptops, &mut states);
        let changed = station.edit("test", NOW_MS, |directory| {
            let id = officer_id(100 + round);
            let role = sync::directory::Role::Officer;
            let police_number = format!("{:06}", 100 + round);
            let officer = sync::directory::Officer { id, name: format!("民警{id}"), police_number, role };
            edit::add_officer(directory, officer)
        });
        laptops.directory = changed.unwrap().0;
        mark(&laptops, &mut states);
    }
    drop(station);
    (states, watch.cuts(), watch.calls(), dir)
}

fn cut(writer: Writer, moments: usize, seed: u64) -> (Vec<Laptops>, Vec<Cut>, TempDir) {
    let total = morning(writer, &BTreeSet::new(), seed).2;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let at = (1..=total).sample(&mut rng, moments).into_iter().collect();
    let (states, cuts, _, dir) = morning(writer, &at, seed);
    (states, cuts, dir)
}

#[test]
fn what_has_a_receipt_is_at_the_station_after_a_power_cut_at_any_call() {
    let (states, cuts, dir) = cut(Writer::AsShipped, moments(), 1);
    for cut in &cuts {
        let found = TempDir::new().unwrap();
        lay(&cut.tree, dir.path(), found.path());
        let station =
            Station::open(found.path()).unwrap_or_else(|fault| panic!("call {} {:?}: {fault}", cut.call, cut.kept));
        states[cut.mark.promised].assert_kept(&station);
    }
    assert!(cuts.len() >= 100);
    println!("station: {} power cuts survived", cuts.len());
}

#[test]
fn a_station_that_does_not_wait_for_its_disk_is_caught() {
    let (states, cuts, dir) = cut(Writer::Lazy, 60, 2);
    let mut caught = 0;
    for cut in cuts.iter().filter(|cut| cut.kept == Kept::Nothing) {
        let found = TempDir::new().unwrap();
        lay(&cut.tree, dir.path(), found.path());
        let held = &states[cut.mark.promised];
        caught += usize::from(Station::open(found.path()).map_or(true, |station| !held.lost(&station).is_empty()));
    }
    assert!(caught > 10, "{caught}");
    println!("station with synchronous=NORMAL: {caught} of 60 cuts lost what had a receipt");
}

#[test]
fn a_founded_station_survives_a_power_cut_at_any_call() {
    let found = |at: BTreeSet<u64>| {
        let dir = TempDir::new().unwrap();
        let watch = Watch::on(dir.path());
        watch.cut_at(at, 3);
        let station = kit::found(&dir.path().join("above").join("station"));
        watch.mark(Mark { promised: 1, exchanges: 0 });
        kit::issue(&station, 1, 1, Vec::new());
        drop(station);
        (watch.calls(), watch.cuts(), dir)
    };
    let total = found(BTreeSet::new()).0;
    let (_, cuts, dir) = found((1..=total).rev().step_by(2).take(60).collect());
    let promised: Vec<&Cut> = cuts.iter().filter(|cut| cut.mark.promised == 1).collect();
    for cut in &promised {
        let left = TempDir::new().unwrap();
        lay(&cut.tree, dir.path(), left.path());
        let station = Station::open(&left.path().join("above").join("station"))
            .unwrap_or_else(|fault| panic!("call {} {:?}: {fault}", cut.call, cut.kept));
        assert_eq!(station.directory().unwrap().officers.len(), 4);
    }
    assert!(promised.len() > 12, "{}", promised.len());
}

/// Every `step`-th call of an exchange fails; the laptop hears of it, tries again, and nothing is lost or doubled.
fn every_call(fault: Fault, step: usize) -> u64 {
    let template = TempDir::new().unwrap();
    let station = kit::found(template.path());
    let mut laptops = Laptops::of(&station);
    laptops.one.complete(&station);
    for number in 0..6 {
        laptops.one.write(&cell("A"), document_id(number), "name", "一");
    }
    drop(station);
    let mut failed = 0;
    for n in (1..20_000).step_by(step) {
        let dir = TempDir::new().unwrap();
        for entry in std::fs::read_dir(template.path()).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
        }
        let station = Station::open(dir.path()).unwrap();
        let watch = Watch::on(dir.path());
        watch.fail_at(n, fault);
        let mut after = laptops.clone();
        let outcome = after.one.sync(|bytes| {
            let answer = station.exchange(&bytes, NOW_MS);
            match Response::decode(&answer).unwrap().outcome {
                ResponseOutcome::Refused(RequestRefusal::StorageFailed) => Err(RequestFailure::Interrupted),
                ResponseOutcome::Answer(_) | ResponseOutcome::Refused(_) => Ok(answer),
            }
        });
        let fired = watch.heal();
        failed += u64::from(!matches!(outcome, Outcome::Done { .. }));
        let found = TempDir::new().unwrap();
        lay(&watch.found(), dir.path(), found.path());
        after.assert_kept(&station);
        after.assert_kept(&Station::open(found.path()).unwrap());
        if !fired {
            println!("station, {fault:?}: {failed} exchanges failed of {n}");
            return failed;
        }
    }
    panic!("an exchange has no end");
}

#[test]
fn an_exchange_survives_the_failure_of_any_call_at_the_station() {
    assert!(every_call(Fault::Once, 1) > 20);
    assert!(every_call(Fault::Full, 5) > 3);
}
