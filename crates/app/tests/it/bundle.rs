//! Sync by hand, through the real station library: a stick goes there and back, and everything is as over the network.

use std::fs;
use std::path::{Path, PathBuf};

use app::Host;
use serde_json::{Value, json};
use station::Station;
use station::backup::{self, BackupSeeds};
use sync::directory::Role;
use sync::enrolment::EnrolmentCode;
use sync::ids::MediumId;
use sync::laptop::Outcome;

use crate::test_host::BEGIN_MS;
use crate::world::{Laptop, World, drive};

/// A station with a registered stick, and two laptops of one cell.
struct Scene {
    world: World,
    alice: Laptop,
    bob: Laptop,
}

impl Scene {
    fn new() -> Self {
        let world = World::new();
        let alice = world.officer(1, "陈国良", Role::Officer, &["QF-03"]);
        let bob = world.officer(2, "沈月琴", Role::Officer, &["QF-03"]);
        let scene = Self { alice: world.laptop(alice, "QF-07"), bob: world.laptop(bob, "QF-08"), world };
        scene.register(&scene.stick(), 1, "U盘 01");
        scene
    }

    fn stick(&self) -> PathBuf {
        self.world.folder.path().join("stick")
    }

    fn register(&self, at: &Path, number: u8, label: &str) {
        fs::create_dir_all(at).unwrap();
        self.world.station.register_medium(at, MediumId::from_bytes([number; 16]), label, BEGIN_MS).unwrap();
    }

    fn write(&self, laptop: &Laptop) -> PathBuf {
        let written = laptop.call("bundle_write", json!({ "folder": self.stick() }));
        PathBuf::from(written["path"].as_str().unwrap())
    }

    /// The duty desk, an hour later.
    fn answer(&self, station: &Station, bundle: &Path) -> PathBuf {
        self.alice.host.advance_ms(3_600_000);
        self.bob.host.advance_ms(3_600_000);
        let to = bundle.with_extension("fqback");
        station.take_bundle(bundle, &to, [7; 16], self.alice.host_now()).unwrap();
        to
    }

    fn take(&self, laptop: &Laptop, from: &Path) -> Value {
        let ended = laptop.finish(&laptop.call("bundle_take", json!({ "path": from })));
        assert_eq!(ended["state"], "done", "{ended}");
        ended["result"].clone()
    }

    fn there_and_back(&self, laptop: &Laptop) -> Value {
        self.answer(&self.world.station, &self.write(laptop));
        self.take(laptop, &self.stick())
    }

    fn sync(&self, laptop: &Laptop) {
        let outcome = self.world.sync(laptop);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }
}

fn unsent(laptop: &Laptop) -> u64 {
    laptop.call("sync_status", json!({}))["unsent"].as_u64().unwrap()
}

fn households(laptop: &Laptop) -> u64 {
    laptop.call("household_count", json!({ "order": "address", "limit": 5 }))["count"].as_u64().unwrap()
}

#[test]
fn a_stick_goes_to_the_station_and_back_with_the_receipts_and_with_what_others_wrote() {
    let scene = Scene::new();
    scene.sync(&scene.alice);
    scene.bob.household("5 组 9 号", "李大山", "13900001111");
    scene.sync(&scene.bob);
    let (household, _) = scene.alice.household("3 组 27 号", "赵荣江", "13800005127");
    let waiting = unsent(&scene.alice);
    assert!(waiting > 0);
    let bundle = scene.write(&scene.alice);
    let listed = scene.alice.call("bundle_list", json!({}));
    let row = &listed["rows"][0];
    assert_eq!(
        (row["medium"].as_str(), row["entries"].as_u64(), &row["answer"]),
        (Some("U盘 01"), Some(waiting), &Value::Null)
    );
    assert_eq!(unsent(&scene.alice), waiting);
    let before = fs::read(&bundle).unwrap();
    let answer = scene.answer(&scene.world.station, &bundle);
    let answered = fs::read(&answer).unwrap();

    let result = scene.take(&scene.alice, &scene.stick());
    assert_eq!((result["answers"].as_u64(), result["received"].as_u64()), (Some(1), Some(waiting)));
    assert!(result["fetched"].as_u64() > Some(0));
    assert_eq!(scene.alice.call("sync_status", json!({}))["fetched_today"], result["fetched"]);
    assert_eq!((unsent(&scene.alice), households(&scene.alice)), (0, 2));
    assert_eq!(scene.alice.call("household_open", json!({ "document": household }))["foot"]["state"], "station");
    assert_eq!(scene.alice.call("bundle_list", json!({}))["rows"][0]["answer"]["received"].as_u64(), Some(waiting));
    // the stick was only read
    assert_eq!((fs::read(&bundle).unwrap(), fs::read(&answer).unwrap()), (before, answered));
    scene.sync(&scene.alice);
    assert_eq!(households(&scene.alice), 2);
    scene.alice.sound();
}

#[test]
fn a_laptop_that_never_synced_gets_its_first_sync_from_a_stick() {
    let scene = Scene::new();
    scene.sync(&scene.bob);
    scene.bob.household("5 组 9 号", "李大山", "13900001111");
    scene.bob.household("5 组 10 号", "李小山", "13900001112");
    scene.sync(&scene.bob);
    assert_eq!(scene.alice.call("sync_status", json!({}))["certified"], false);
    let result = scene.there_and_back(&scene.alice);
    assert!(result["fetched"].as_u64() > Some(0));
    assert_eq!(households(&scene.alice), 2);
    assert_eq!(scene.alice.call("sync_status", json!({}))["certified"], true);
    scene.alice.household("3 组 27 号", "赵荣江", "13800005127");
    scene.there_and_back(&scene.alice);
    assert_eq!(unsent(&scene.alice), 0);
    scene.sync(&scene.bob);
    assert_eq!(households(&scene.bob), 3);
    scene.alice.sound();
    scene.bob.sound();
}

#[test]
fn usb_is_off_for_every_stick_the_station_has_not_registered_or_has_withdrawn() {
    let scene = Scene::new();
    scene.sync(&scene.alice);
    let other = scene.world.folder.path().join("other");
    fs::create_dir_all(&other).unwrap();
    let at = |folder: &Path| json!({ "folder": folder });
    assert_eq!(scene.alice.fails("bundle_write", at(&other)), "medium_not_registered");
    assert_eq!(scene.alice.fails("bundle_take", json!({ "path": other })), "medium_not_registered");
    assert_eq!(scene.alice.fails("bundle_write", at(Path::new("/nowhere/at/all"))), "folder_unusable");
    assert_eq!(fs::read_dir(&other).unwrap().count(), 0);

    let sticks = scene.alice.host.data_dir().join("sticks");
    scene.register(&sticks.join("A"), 2, "U盘 02");
    fs::create_dir_all(sticks.join("B")).unwrap();
    let states = |laptop: &Laptop| {
        let list = laptop.call("medium_list", json!({}));
        let rows = list["rows"].as_array().unwrap();
        let mut found: Vec<String> = rows.iter().map(|row| format!("{} {}", row["label"], row["state"])).collect();
        found.sort();
        found
    };
    // registered after this laptop's directory: the station's signature on the marker stands for it
    assert_eq!(states(&scene.alice), ["\"B\" \"not_registered\"", "\"U盘 02\" \"registered\""]);
    let withdraw = |directory: &mut sync::directory::Directory| station::edit::withdraw_medium(directory, "U盘 02");
    scene.world.station.edit("withdraw", BEGIN_MS, withdraw).unwrap();
    scene.sync(&scene.alice);
    assert_eq!(states(&scene.alice), ["\"B\" \"not_registered\"", "\"U盘 02\" \"withdrawn\""]);
    assert_eq!(scene.alice.fails("bundle_write", at(&sticks.join("A"))), "medium_withdrawn");
}

#[test]
fn what_is_not_this_laptops_answer_is_named_and_takes_nothing() {
    let scene = Scene::new();
    scene.alice.household("3 组 27 号", "赵荣江", "13800005127");
    let take = |path: &Path| scene.alice.fails("bundle_take", json!({ "path": path }));
    assert_eq!(take(&scene.stick()), "bundle_no_answer");
    let own = scene.write(&scene.alice);
    assert_eq!(take(&own), "bundle_not_an_answer");
    let bobs = scene.answer(&scene.world.station, &scene.write(&scene.bob));
    assert_eq!(take(&bobs), "bundle_not_ours");
    assert_eq!(take(&scene.stick()), "bundle_no_answer");
    let strange = scene.stick().join("fengqiao/strange.fqback");
    fs::write(&strange, b"%PDF-1.7 not a bundle at all").unwrap();
    assert_eq!(take(&strange), "bundle_unreadable");

    let answer = scene.answer(&scene.world.station, &own);
    let good = fs::read(&answer).unwrap();
    let before = unsent(&scene.alice);
    for at in (0..good.len()).step_by(97).chain([good.len() - 1]) {
        let mut flipped = good.clone();
        flipped[at] ^= 1;
        for bad in [&good[..at], &flipped] {
            fs::write(&answer, bad).unwrap();
            let code = match scene.alice.app.call("bundle_take", json!({ "path": answer })) {
                Err(error) => error.code,
                Ok(job) => scene.alice.finish(&job)["error"]["code"].as_str().unwrap_or("taken").to_owned(),
            };
            assert!(code.starts_with("bundle_") && code != "bundle_taken", "{at}: {code}");
        }
    }
    assert_eq!((unsent(&scene.alice), households(&scene.alice)), (before, 1));
    fs::write(&answer, &good).unwrap();
    scene.take(&scene.alice, &answer);
    assert_eq!(unsent(&scene.alice), 0);
    assert_eq!(take(&answer), "bundle_taken");
    assert_eq!(take(&scene.stick()), "bundle_taken");
    scene.alice.sound();
}

#[test]
fn an_answer_older_than_a_sync_over_the_network_takes_nothing_back() {
    let scene = Scene::new();
    scene.alice.household("3 组 27 号", "赵荣江", "13800005127");
    let answer = scene.answer(&scene.world.station, &scene.write(&scene.alice));
    scene.bob.household("5 组 9 号", "李大山", "13900001111");
    scene.alice.host.advance_ms(60_000);
    scene.sync(&scene.bob);
    scene.alice.household("3 组 28 号", "赵荣河", "13800005128");
    scene.sync(&scene.alice);
    let clock = scene.alice.call("status_bar", json!({}))["clock_skew_ms"].clone();
    let result = scene.take(&scene.alice, &answer);
    assert_eq!((result["overtaken"].as_u64(), result["received"].as_u64()), (Some(1), Some(0)));
    assert_eq!((unsent(&scene.alice), households(&scene.alice)), (0, 3));
    assert_eq!(scene.alice.call("status_bar", json!({}))["clock_skew_ms"], clock);
    match scene.world.sync(&scene.alice) {
        Outcome::Done { report } => assert_eq!((report.rounds, report.pulled, report.receipted), (1, 0, 0)),
        other @ (Outcome::Failed { .. } | Outcome::Cancelled { .. }) => panic!("{other:?}"),
    }
    scene.alice.sound();
}

#[test]
fn an_answer_that_travelled_for_a_day_makes_no_clock_wrong() {
    let scene = Scene::new();
    scene.alice.household("3 组 27 号", "赵荣江", "13800005127");
    let answer = scene.answer(&scene.world.station, &scene.write(&scene.alice));
    scene.alice.host.advance_ms(86_400_000);
    scene.take(&scene.alice, &answer);
    let bar = scene.alice.call("status_bar", json!({}));
    assert_eq!((&bar["clock_skew_ms"], &bar["clock_doubtful"]), (&json!(0), &json!(false)), "{bar}");
}

#[test]
fn a_restored_station_gets_back_by_stick_what_it_had_lost() {
    let scene = Scene::new();
    scene.sync(&scene.alice);
    scene.sync(&scene.bob);
    let (file, restored) = (scene.world.folder.path().join("one.fqbackup"), scene.world.folder.path().join("restored"));
    let seeds = BackupSeeds { chunk_key: [1; 32], nonce: [2; 24] };
    backup::make(scene.world.folder.path(), &file, &seeds, scene.alice.host_now()).unwrap();
    scene.bob.household("5 组 9 号", "李大山", "13900001111");
    scene.sync(&scene.bob);
    scene.alice.household("3 组 27 号", "赵荣江", "13800005127");
    scene.sync(&scene.alice);
    let code = EnrolmentCode::from_random([3; 12]);
    backup::restore(&file, &code, &restored, scene.alice.host_now()).unwrap();
    let station = Station::open(&restored).unwrap();
    scene.alice.household("3 组 28 号", "赵荣河", "13800005128");
    let mut trips = 0;
    loop {
        trips += 1;
        assert!(trips <= 4, "{}", scene.alice.call("bundle_list", json!({})));
        let answer = scene.answer(&station, &scene.write(&scene.alice));
        let result = scene.take(&scene.alice, &answer);
        let asks = scene.alice.call("bundle_list", json!({}))["station_asks"].as_bool().unwrap();
        assert_eq!(result["again"].as_u64(), Some(u64::from(asks)));
        if !asks {
            break;
        }
    }
    assert!(trips > 1);
    assert_eq!(unsent(&scene.alice), 0);
    let port = scene.bob.app.exchange().unwrap();
    let outcome = drive(&*port, |bytes| station.exchange(bytes, scene.bob.host_now()));
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    assert_eq!((households(&scene.alice), households(&scene.bob)), (3, 3));
    scene.alice.sound();
    scene.bob.sound();
}

#[test]
fn an_answer_from_a_stick_and_one_from_the_network_do_not_store_over_each_other() {
    use sync::laptop::{Input, Laptop as Engine, StorageFailure};
    let scene = Scene::new();
    scene.alice.household("3 组 27 号", "赵荣江", "13800005127");
    let answer = scene.answer(&scene.world.station, &scene.write(&scene.alice));
    // the network's answer is on its way while the stick is taken
    let port = scene.alice.app.exchange().unwrap();
    let mut engine = Engine::new(port.link().unwrap().laptop);
    let load = engine.handle(port.now_ms(), Input::SyncRequested).load.unwrap();
    let loaded = Box::new(port.load(&load).unwrap());
    let sent = engine.handle(port.now_ms(), Input::Loaded { ticket: load.ticket, loaded }).send.unwrap();
    let bytes = scene.world.station.exchange(&sent.bytes, port.now_ms());
    let store = engine.handle(port.now_ms(), Input::ResponseArrived { ticket: sent.ticket, bytes }).store.unwrap();
    scene.take(&scene.alice, &answer);
    assert_eq!(port.store(&store.batch), Err(StorageFailure::Busy));
    assert_eq!(unsent(&scene.alice), 0);
    scene.sync(&scene.alice);
    scene.alice.sound();
}

#[test]
fn a_refused_laptop_hears_by_stick_why_and_keeps_its_work() {
    let world = World::new();
    let officer = world.officer(1, "陈国良", Role::Officer, &["QF-03"]);
    // the enrolment file was opened on another machine too, which was at the station first
    let [first, second] = world.twins(officer, "QF-07");
    assert!(matches!(world.sync(&first), Outcome::Done { .. }));
    let scene = Scene { bob: first, alice: second, world };
    scene.register(&scene.stick(), 1, "U盘 01");
    scene.alice.household("3 组 27 号", "赵荣江", "13800005127");
    let answer = scene.answer(&scene.world.station, &scene.write(&scene.alice));
    let ended = scene.alice.finish(&scene.alice.call("bundle_take", json!({ "path": answer })));
    assert_eq!(
        (&ended["error"]["code"], &ended["error"]["args"]["reason"]),
        (&json!("bundle_refused"), &json!("token_used"))
    );
    assert_eq!(scene.alice.call("sync_status", json!({}))["refused"], "token_used");
    assert_eq!(scene.alice.call("bundle_list", json!({}))["rows"][0]["answer"]["fault"], "token_used");
    assert!(unsent(&scene.alice) > 0);
    scene.alice.sound();
}

#[test]
fn the_audit_names_what_went_onto_a_stick_and_came_from_it() {
    let world = World::new();
    let chief = world.officer(3, "周海", Role::Chief, &["QF-03"]);
    let laptop = world.laptop(chief, "QF-01");
    let stick = world.folder.path().join("stick");
    fs::create_dir_all(&stick).unwrap();
    world.station.register_medium(&stick, MediumId::from_bytes([1; 16]), "U盘 01", BEGIN_MS).unwrap();
    let written = laptop.call("bundle_write", json!({ "folder": stick }));
    let bundle = PathBuf::from(written["path"].as_str().unwrap());
    world.station.take_bundle(&bundle, &bundle.with_extension("fqback"), [7; 16], laptop.host_now()).unwrap();
    laptop.finish(&laptop.call("bundle_take", json!({ "path": stick })));
    let audit = laptop.call("audit_list", json!({ "limit": 10 }));
    let named = |row: &Value| format!("{} {} {}", row["action"], row["key"], row["reason"]);
    let rows: Vec<String> = audit["rows"].as_array().unwrap().iter().map(named).collect();
    for action in ["export", "import"] {
        assert!(rows.contains(&format!("\"{action}\" \"bundle\" \"U盘 01\"")), "{rows:?}");
    }
}
