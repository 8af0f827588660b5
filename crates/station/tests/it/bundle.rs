//! Sticks: what a laptop wrote is taken by the real command line while the server runs, and answered in a file beside it.

use std::fs;
use std::path::{Path, PathBuf};

use station::{Station, StationFault};
use sync::bundle::{BundleFault, MessageWriter, OutHead, Preamble, SealedAnswer};
use sync::crypto::SignKey;
use sync::ids::BundleId;
use sync::laptop::{Outcome, Packing, Pending, Report, Rest, Unpacking};
use sync::medium::MARKER_FILE;
use tempfile::TempDir;

use crate::command_line::{refused, said};
use crate::kit::{self, Disk, NOW_MS, cell, document_id};

const REPLY: [u8; 32] = [77; 32];

fn out_head(laptop: &Disk, number: u64) -> OutHead {
    OutHead {
        station: laptop.station,
        replica: laptop.replica,
        public_key: laptop.key.public(),
        bundle: BundleId(kit::uuid(8, number)),
        made_at_ms: NOW_MS,
    }
}

fn begin(laptop: &Disk, number: u64, key: &SignKey) -> (Vec<u8>, MessageWriter) {
    let keys = (&[70; 32], &REPLY, kit::seed(71, number));
    out_head(laptop, number).begin(key, &laptop.directory.bundle_key, keys)
}

fn requests(laptop: &Disk) -> Vec<Vec<u8>> {
    let mut packing = Packing::new(laptop.config(), Pending::default());
    let mut requests = Vec::new();
    loop {
        let packed = packing.pack(laptop.load(&packing.load()), NOW_MS).unwrap();
        requests.push(packed.bytes);
        if packed.rest == Rest::Nothing {
            return requests;
        }
    }
}

/// What a laptop writes.
pub(crate) fn bundle(laptop: &Disk, number: u64) -> Vec<u8> {
    let (mut file, mut writer) = begin(laptop, number, &laptop.key);
    for request in requests(laptop) {
        file.extend(writer.message(&request));
    }
    file.extend(writer.finish());
    file
}

/// What a laptop does with the answer.
fn import(laptop: &mut Disk, mut answer: &[u8]) -> Result<Report, BundleFault> {
    let (preamble, head) = Preamble::read(&mut answer)?;
    let sealed = SealedAnswer::read(&preamble, &head, laptop.station, &laptop.station_key)?;
    assert_eq!(sealed.head().replica, laptop.replica);
    let mut reader = sealed.open(&REPLY);
    let unpacking = Unpacking::new(laptop.config(), Pending::default());
    let mut sum = Report::default();
    while let Some(response) = reader.next(&mut answer)? {
        let unpacked = unpacking.unpack(laptop.load(&unpacking.load()), &response, None, NOW_MS).unwrap();
        assert_eq!((unpacked.fault, unpacked.pending.is_empty()), (None, true));
        laptop.store(&unpacked.batch.unwrap()).unwrap();
        sum.receipted += unpacked.report.receipted;
        sum.pulled += unpacked.report.pulled;
    }
    Ok(sum)
}

/// A station, and a stick that is registered there.
struct Scene {
    folder: TempDir,
    station: Station,
}

impl Scene {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let station = kit::found(&folder.path().join("station"));
        let scene = Self { folder, station };
        fs::create_dir_all(scene.stick().join("fengqiao")).unwrap();
        said(&scene.dir(), &["medium", "register", "--at", scene.stick().to_str().unwrap(), "--label", "U盘 01"]);
        scene
    }

    fn dir(&self) -> PathBuf {
        self.folder.path().join("station")
    }

    fn stick(&self) -> PathBuf {
        self.folder.path().join("stick")
    }

    fn laptop(&self, number: u64) -> Disk {
        Disk::enrolled(&kit::issue(&self.station, number, number, Vec::new()), number)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.stick().join("fengqiao").join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn names(&self) -> Vec<String> {
        let found = fs::read_dir(self.stick().join("fengqiao")).unwrap();
        let mut names: Vec<String> = found.map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn entries(&self) -> u64 {
        self.station.overview().unwrap().entries
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn write(laptop: &mut Disk, from: u64, count: u64) {
    for number in from..from + count {
        laptop.write(&cell("A"), document_id(number), "name", "枫桥");
    }
}

fn is_quiet(laptop: &mut Disk, station: &Station) {
    match laptop.sync_with(station) {
        Outcome::Done { report } => assert_eq!((report.rounds, report.receipted, report.pulled), (1, 0, 0)),
        other @ (Outcome::Failed { .. } | Outcome::Cancelled { .. }) => panic!("{other:?}"),
    }
}

#[test]
fn a_shift_on_a_stick_is_taken_and_answered_while_the_server_has_the_station_open() {
    let scene = Scene::new();
    let (mut one, mut two) = (scene.laptop(1), scene.laptop(2));
    write(&mut two, 100, 30);
    two.complete(&scene.station);
    one.complete(&scene.station);
    write(&mut two, 200, 30);
    two.complete(&scene.station);
    write(&mut one, 1, 40);
    let file = bundle(&one, 1);
    let path = scene.put("one.fqout", &file);
    let told = said(&scene.dir(), &["bundle", "take", "--from", text(&scene.stick())]);
    assert_eq!((told[0]["medium"].as_str(), told[0]["requests"].as_u64()), (Some("U盘 01"), Some(1)));
    assert_eq!(scene.names(), ["one.fqback", "one.fqout"]);
    assert_eq!(fs::read(&path).unwrap(), file);
    let answer = fs::read(scene.stick().join("fengqiao/one.fqback")).unwrap();
    assert_eq!(told[0]["answer_bytes"].as_u64(), Some(answer.len() as u64));
    let report = import(&mut one, &answer).unwrap();
    assert_eq!((report.receipted, report.pulled), (40, 30));
    is_quiet(&mut one, &scene.station);
    // what has an answer is not taken again unless it is named
    assert_eq!(refused(&scene.dir(), &["bundle", "take", "--from", text(&scene.stick())]).0, 1);
}

#[test]
fn a_laptop_that_never_synced_gets_its_first_sync_from_a_file() {
    let scene = Scene::new();
    let (mut one, mut two) = (scene.laptop(1), scene.laptop(2));
    // more than one answer holds
    for number in 0..60 {
        two.write(&cell("A"), document_id(1000 + number), "note", &format!("{number}{}", "字".repeat(20_000)));
    }
    two.complete(&scene.station);
    let path = scene.put("first.fqout", &bundle(&one, 1));
    let told = said(&scene.dir(), &["bundle", "take", "--from", text(&path)]);
    assert!(told["responses"].as_u64() > Some(1), "{told}");
    let report = import(&mut one, &fs::read(path.with_extension("fqback")).unwrap()).unwrap();
    assert_eq!(report.pulled, 60);
    assert!(one.directory.replica(one.replica).is_some());
    is_quiet(&mut one, &scene.station);
    assert_eq!(one.log_of(&cell("A")), two.log_of(&cell("A")));
}

#[test]
fn a_bundle_taken_twice_gives_the_answer_again_and_doubles_nothing() {
    let scene = Scene::new();
    let mut one = scene.laptop(1);
    write(&mut one, 1, 20);
    let path = scene.put("one.fqout", &bundle(&one, 1));
    said(&scene.dir(), &["bundle", "take", "--from", text(&path)]);
    let (entries, first) = (scene.entries(), fs::read(path.with_extension("fqback")).unwrap());
    said(&scene.dir(), &["bundle", "take", "--from", text(&path)]);
    let second = fs::read(path.with_extension("fqback")).unwrap();
    assert_eq!(scene.entries(), entries);
    assert_ne!(first, second);
    assert_eq!(import(&mut one, &second).unwrap().receipted, 20);
    assert_eq!(import(&mut one, &first).unwrap().receipted, 0);
    is_quiet(&mut one, &scene.station);
}

#[test]
fn usb_is_off_for_every_medium_that_is_not_registered() {
    let scene = Scene::new();
    let mut one = scene.laptop(1);
    write(&mut one, 1, 3);
    let file = bundle(&one, 1);
    let elsewhere = scene.folder.path().join("one.fqout");
    fs::write(&elsewhere, &file).unwrap();
    let (code, message) = refused(&scene.dir(), &["bundle", "take", "--from", text(&elsewhere)]);
    assert!(code == 1 && message.contains("registered medium"), "{message}");

    let path = scene.put("one.fqout", &file);
    let outside = scene.folder.path().join("one.fqback");
    assert_eq!(refused(&scene.dir(), &["bundle", "take", "--from", text(&path), "--to", text(&outside)]).0, 1);
    let list = said(&scene.dir(), &["medium", "list"]);
    assert_eq!((list[0]["label"].as_str(), list[0]["state"].as_str()), (Some("U盘 01"), Some("registered")));
    said(&scene.dir(), &["medium", "withdraw", "U盘 01"]);
    let (code, message) = refused(&scene.dir(), &["bundle", "take", "--from", text(&path)]);
    assert!(code == 1 && message.contains("withdrawn"), "{message}");
    assert_eq!(refused(&scene.dir(), &["medium", "withdraw", "U盘 01"]).0, 1);
    assert_eq!((scene.entries(), outside.exists()), (0, false));

    // a withdrawn stick can be registered anew; one that is registered cannot
    let register = ["medium", "register", "--at", text(&scene.stick()), "--label", "U盘 01"].map(str::to_owned);
    let register: Vec<&str> = register.iter().map(String::as_str).collect();
    said(&scene.dir(), &register);
    assert_eq!(refused(&scene.dir(), &register).0, 1);
    said(&scene.dir(), &["bundle", "take", "--from", text(&path)]);

    // the marker of another station's stick
    let other = TempDir::new().unwrap();
    let foreign = kit::found_as(other.path(), sync::ids::StationId(kit::uuid(1, 2)), 2);
    fs::remove_file(scene.stick().join(MARKER_FILE)).unwrap();
    foreign.register_medium(&scene.stick(), sync::ids::MediumId(kit::uuid(7, 9)), "X", NOW_MS).unwrap();
    assert_eq!(refused(&scene.dir(), &["bundle", "take", "--from", text(&path)]).0, 1);
}

#[test]
fn a_bundle_cut_or_flipped_anywhere_is_refused_and_nothing_of_it_is_taken() {
    let scene = Scene::new();
    let mut one = scene.laptop(1);
    for number in 0..12 {
        one.write(&cell("A"), document_id(number), "note", &format!("{number}{}", "字".repeat(70_000)));
    }
    let file = bundle(&one, 1);
    assert!(requests(&one).len() > 2);
    let places = (0..400).chain((400..file.len()).step_by(9_973)).chain([file.len() - 1]);
    let path = scene.stick().join("fengqiao/one.fqout");
    for at in places {
        let mut flipped = file.clone();
        flipped[at] ^= 4;
        for bad in [&file[..at], &flipped] {
            fs::write(&path, bad).unwrap();
            let taken = scene.station.take_bundle(&path, &path.with_extension("fqback"), [1; 16], NOW_MS);
            assert!(matches!(taken, Err(StationFault::Bundle(_))), "{at}: {taken:?}");
        }
    }
    assert_eq!((scene.entries(), scene.names()), (0, vec!["one.fqout".to_owned()]));
    assert!(scene.station.directory().unwrap().replicas.is_empty());
    let (code, _) = refused(&scene.dir(), &["bundle", "take", "--from", text(&path)]);
    assert_eq!(code, 1);
    fs::write(&path, &file).unwrap();
    said(&scene.dir(), &["bundle", "take", "--from", text(&path)]);
    assert_eq!(scene.entries(), 12);
}

#[test]
fn another_laptops_requests_under_ones_own_reply_key_are_not_answered() {
    let scene = Scene::new();
    let (mut one, mut two) = (scene.laptop(1), scene.laptop(2));
    one.complete(&scene.station);
    two.complete(&scene.station);
    write(&mut two, 1, 3);
    two.complete(&scene.station);
    let caught = requests(&one);
    // in a bundle of laptop two, and in one that claims to be laptop one's under another key
    for (head, key) in
        [(out_head(&two, 1), &two.key), (OutHead { public_key: two.key.public(), ..out_head(&one, 1) }, &two.key)]
    {
        let (mut file, mut writer) = head.begin(key, &two.directory.bundle_key, (&[70; 32], &REPLY, [72; 32]));
        for request in &caught {
            file.extend(writer.message(request));
        }
        file.extend(writer.finish());
        let path = scene.put("caught.fqout", &file);
        let (code, message) = refused(&scene.dir(), &["bundle", "take", "--from", text(&path)]);
        assert!(code == 1 && message.contains("not by the laptop"), "{message}");
        assert_eq!(scene.names(), ["caught.fqout"]);
    }
}

#[test]
fn a_revoked_laptop_learns_what_became_of_its_work_and_nothing_else() {
    let scene = Scene::new();
    let (mut one, mut two) = (scene.laptop(1), scene.laptop(2));
    one.complete(&scene.station);
    write(&mut two, 50, 5);
    two.complete(&scene.station);
    said(&scene.dir(), &["replica", "revoke", &one.replica.to_string(), "--reason", "lost"]);
    write(&mut one, 1, 2);
    let path = scene.put("one.fqout", &bundle(&one, 1));
    said(&scene.dir(), &["bundle", "take", "--from", text(&path)]);
    let report = import(&mut one, &fs::read(path.with_extension("fqback")).unwrap()).unwrap();
    assert_eq!((report.receipted, report.pulled, one.refused().len()), (2, 0, 2));
}

#[test]
fn half_an_answer_is_never_under_the_answers_name() {
    let scene = Scene::new();
    let mut one = scene.laptop(1);
    write(&mut one, 1, 3);
    let path = scene.put("one.fqout", &bundle(&one, 1));
    // an earlier take was killed while it wrote
    let part = scene.put("one.fqback.part", b"half");
    said(&scene.dir(), &["bundle", "take", "--from", text(&path)]);
    assert!(!part.exists());
    // a folder in the place of the file: the answer cannot be written, and the part goes again
    let blocked = scene.stick().join("fengqiao/blocked.fqback");
    fs::create_dir_all(blocked.join("full")).unwrap();
    let (code, _) = refused(&scene.dir(), &["bundle", "take", "--from", text(&path), "--to", text(&blocked)]);
    assert_eq!(code, 3);
    assert_eq!(scene.names(), ["blocked.fqback", "one.fqback", "one.fqout"]);
}
