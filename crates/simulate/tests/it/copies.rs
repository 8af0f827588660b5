//! Disks that were copied, put back or restored from a backup, through the real app and the real station: they sync again by
//! themselves, and whatever any of them wrote is at the station and on all, once.

use std::path::Path;

use serde_json::{Value, json};
use simulate::founding::Founder;
use simulate::town::{POSTS, Town};
use simulate::{Enrolment, Laptop, MadeHost};
use station::Station;
use station::edit::revoke;
use station::http::Serving;
use store::{Store, check};
use sync::crypto::KdfParams;
use tempfile::TempDir;

const NOW_MS: i64 = 1_795_219_200_000;
const PASSPHRASE: &str = "fengqiao-copies";

/// A station, and an enrolment file for each post.
struct World {
    folder: TempDir,
    station: Station,
    town: Town,
    enrolments: Vec<Enrolment>,
    hosts: u64,
}

impl World {
    fn new() -> Self {
        Self::at("https://127.0.0.1:1")
    }

    /// A station whose laptops look for it at an address.
    fn at(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let town = Town::built_in().unwrap();
        let mut founder = Founder::new(3, KdfParams::FLOOR, NOW_MS);
        let station = founder.found(&folder.path().join("station"), &town).unwrap().station;
        let mut enrolments = Vec::new();
        for post in &POSTS {
            let officer = founder.post(&station, &town, post).unwrap();
            enrolments.push(founder.enrolment(&station, officer, post.laptop, url).unwrap());
        }
        Self { folder, station, town, enrolments, hosts: 0 }
    }

    fn host(&mut self, name: &str) -> std::sync::Arc<MadeHost> {
        self.hosts += 1;
        MadeHost::new(self.hosts, &self.folder.path().join(name), NOW_MS + 1_000)
    }

    fn laptop(&mut self, post: usize, name: &str) -> Laptop {
        let host = self.host(name);
        Laptop::enrol(host, KdfParams::FLOOR, &self.enrolments[post], PASSPHRASE).unwrap()
    }

    /// A copy of a laptop that is off, turned on.
    fn copy(&mut self, (from, replica): (&Path, &str), name: &str) -> Laptop {
        copy_folder(from, &self.folder.path().join(name));
        let host = self.host(name);
        Laptop::open(host, KdfParams::FLOOR, replica, PASSPHRASE).unwrap()
    }

    /// A household with this name on it.
    fn household(&self, laptop: &Laptop, head: &str) -> String {
        let cell = &self.town.cells[0];
        let request = json!({
            "cell": cell.code, "village": cell.villages[0].code, "address": format!("{head}的家"),
            "fields": { "kind": "family", "phone": "13800000000" },
            "head": { "name": head, "phone": "13800000000" },
        });
        laptop.call("household_create", request).unwrap()["document"].as_str().unwrap().to_owned()
    }

    /// A laptop that never was a copy: what it gets is what the station has.
    fn witness(&mut self) -> Vec<String> {
        let witness = self.laptop(1, "witness");
        witness.sync(&self.station).unwrap();
        dump(witness)
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn status(laptop: &Laptop) -> Value {
    laptop.call("sync_status", json!({})).unwrap()
}

/// Turns a laptop off and reads what it holds; views made anew are the same.
fn dump(laptop: Laptop) -> Vec<String> {
    let folder = laptop.folder().unwrap();
    drop(laptop);
    let key = store::keys::unlock(&folder, PASSPHRASE).unwrap();
    let store = Store::open(&folder, &key).unwrap();
    check::assert_rebuild_equals_live(&store);
    check::dump(&store).unwrap()
}

fn households(dump: &[String]) -> usize {
    dump.iter().filter(|row| row.starts_with("household |")).count()
}

/// Copies of a disk with unsent work, each of which writes on alone; then all sync, in turns.
fn copies_all_wrote(count: usize) {
    let mut world = World::new();
    let first = world.laptop(0, "first");
    let shared = world.household(&first, "同步过的");
    first.sync(&world.station).unwrap();
    world.household(&first, "复制前写的");
    let (data, replica) = (first.data.clone(), first.replica.clone());
    drop(first);
    let laptops: Vec<Laptop> =
        (0..count).map(|number| world.copy((&data, &replica), &format!("copy{number}"))).collect();
    for (number, laptop) in laptops.iter().enumerate() {
        world.household(laptop, &format!("副本{number}写的"));
        let heads = laptop.call("household_open", json!({ "document": shared })).unwrap()["heads"].clone();
        let fields = json!({ "phone": format!("1390000{number:04}") });
        laptop.call("household_save", json!({ "document": shared, "heads": heads, "fields": fields })).unwrap();
    }
    for laptop in &laptops {
        laptop.sync(&world.station).unwrap();
    }
    for (number, laptop) in laptops.iter().enumerate() {
        laptop.sync(&world.station).unwrap();
        let status = status(laptop);
        assert_eq!(
            (&status["unsent"], &status["set_aside"], &status["certified"]),
            (&json!(0), &json!(0), &json!(true))
        );
        // the first kept the lane; every other one tells that it goes on as a new replica, and what went along
        let told = &status["succession"];
        match number {
            0 => assert!(told.is_null(), "{told}"),
            _ => assert!(
                told["cause"] == "copy" && told["carried"].as_u64() > Some(2) && told["settled"] == true,
                "{told}"
            ),
        }
        // and it goes on working
        world.household(laptop, &format!("副本{number}后来写的"));
        laptop.sync(&world.station).unwrap();
    }
    laptops.iter().for_each(|laptop| laptop.sync(&world.station).unwrap());
    let replicas = world.station.directory().unwrap().replicas.len();
    assert_eq!(replicas, count, "one replica a copy");
    let card = laptops[0].call("conflict_open", json!({ "document": shared })).unwrap();
    assert_eq!(card["fields"][0]["sides"].as_array().unwrap().len(), count, "every copy's number is shown: {card}");
    let known = world.witness();
    assert_eq!(households(&known), 2 + 2 * count);
    for laptop in laptops {
        assert_eq!(dump(laptop), known);
    }
}

#[test]
fn two_copies_of_a_disk_that_both_wrote_end_with_everything_once() {
    copies_all_wrote(2);
}

#[test]
fn ten_copies_of_a_disk_that_all_wrote_end_with_everything_once() {
    copies_all_wrote(10);
}

#[test]
fn a_disk_put_back_to_an_older_day_gets_back_what_it_had_sent_and_keeps_what_it_writes() {
    let mut world = World::new();
    let first = world.laptop(0, "first");
    world.household(&first, "备份前同步的");
    first.sync(&world.station).unwrap();
    let (data, replica) = (first.data.clone(), first.replica.clone());
    drop(first);
    copy_folder(&data, &world.folder.path().join("image"));
    let first = world.copy((&data, &replica), "first2");
    world.household(&first, "映像之后同步的");
    first.sync(&world.station).unwrap();
    drop(first);

    let image = world.folder.path().join("image");
    let again = world.copy((&image, &replica), "again");
    world.household(&again, "放回之后写的");
    again.sync(&world.station).unwrap();
    again.sync(&world.station).unwrap();
    let known = world.witness();
    assert_eq!((dump(again), households(&known)), (known.clone(), 3));
}

/// A backup with unsent work, made and the laptop turned off.
fn backed_up(world: &mut World) -> (String, Laptop) {
    let first = world.laptop(0, "first");
    world.household(&first, "同步过的");
    first.sync(&world.station).unwrap();
    world.household(&first, "备份里没发的");
    let folder = world.folder.path().join("backups");
    std::fs::create_dir_all(&folder).unwrap();
    let made = first.call("backup_make", json!({ "folder": folder })).unwrap();
    (made["path"].as_str().unwrap().to_owned(), first)
}

/// Restores a backup on a machine of its own.
fn restored(world: &mut World, backup: &str, name: &str) -> Laptop {
    let host = world.host(name);
    let app = app::App::with_kdf(std::sync::Arc::clone(&host) as std::sync::Arc<dyn app::Host>, KdfParams::FLOOR);
    let profile = app.call("backup_restore", json!({ "path": backup, "passphrase": PASSPHRASE })).unwrap();
    let replica = profile["replica"].as_str().unwrap().to_owned();
    drop(app);
    Laptop::open(host, KdfParams::FLOOR, &replica, PASSPHRASE).unwrap()
}

#[test]
fn a_restored_backup_syncs_again_beside_the_laptop_it_came_from() {
    let mut world = World::new();
    let (backup, first) = backed_up(&mut world);
    let laptop = restored(&mut world, &backup, "restored");
    let twice = restored(&mut world, &backup, "restored twice");
    world.household(&laptop, "恢复后写的");
    world.household(&first, "原机后来写的");
    for one in [&laptop, &first, &twice, &laptop, &first, &twice] {
        one.sync(&world.station).unwrap();
        assert_eq!((&status(one)["unsent"], &status(one)["certified"]), (&json!(0), &json!(true)));
    }
    let told = status(&laptop)["succession"].clone();
    assert_eq!((&told["cause"], &told["carried"], &told["settled"]), (&json!("backup"), &json!(4), &json!(true)));
    assert!(status(&first)["succession"].is_null());
    let known = world.witness();
    assert_eq!(households(&known), 4);
    for one in [laptop, first, twice] {
        assert_eq!(dump(one), known);
    }
}

#[test]
fn a_backup_of_a_restored_laptop_that_never_synced_is_followed_from_the_replica_the_station_lists() {
    let mut world = World::new();
    let (backup, first) = backed_up(&mut world);
    let laptop = restored(&mut world, &backup, "restored");
    world.household(&laptop, "恢复后写的");
    let folder = world.folder.path().join("second");
    std::fs::create_dir_all(&folder).unwrap();
    let made = laptop.call("backup_make", json!({ "folder": folder })).unwrap();
    drop((laptop, first));
    let last = restored(&mut world, made["path"].as_str().unwrap(), "restored again");
    last.sync(&world.station).unwrap();
    last.sync(&world.station).unwrap();
    assert_eq!((&status(&last)["unsent"], &status(&last)["set_aside"]), (&json!(0), &json!(0)));
    let known = world.witness();
    assert_eq!((dump(last), households(&known)), (known.clone(), 3));
}

#[test]
fn who_goes_on_for_a_revoked_laptop_is_refused_and_told_and_keeps_the_work() {
    let mut world = World::new();
    let (backup, first) = backed_up(&mut world);
    let replica = first.replica.parse().unwrap();
    world.station.edit("revoke", NOW_MS, |directory| revoke(directory, replica)).unwrap();
    let laptop = restored(&mut world, &backup, "restored");
    assert!(laptop.sync(&world.station).is_err());
    let status = status(&laptop);
    assert_eq!((&status["refused"], &status["certified"]), (&json!("replica_revoked"), &json!(false)));
    assert_eq!(status["unsent"], 4, "what was not sent is still here: {status}");
    let folder = world.folder.path().join("kept");
    std::fs::create_dir_all(&folder).unwrap();
    laptop.call("backup_make", json!({ "folder": folder })).unwrap();
}

/// The link's driver follows an app: waits until the app has told that it goes on, and an exchange after that is complete.
fn followed(events: &std::sync::mpsc::Receiver<app::Event>, laptop: &Laptop) -> Vec<app::Event> {
    let mut told = Vec::new();
    loop {
        let event = events.recv_timeout(std::time::Duration::from_secs(120)).unwrap();
        let ended = matches!(event, app::Event::Sync { state: app::SyncEventState::Ended });
        told.push(event);
        if ended && status(laptop)["last"]["outcome"] == "complete" {
            return told;
        }
    }
}

#[test]
fn over_the_network_a_copied_disk_notices_goes_on_and_syncs_without_anyone_doing_anything() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let mut world = World::at(&format!("https://{}", listener.local_addr().unwrap()));
    let first = world.laptop(0, "first");
    world.household(&first, "复制前写的");
    let (data, replica) = (first.data.clone(), first.replica.clone());
    drop(first);
    let first = world.copy((&data, &replica), "first again");
    first.sync(&world.station).unwrap();
    world.household(&first, "原机写的");
    first.sync(&world.station).unwrap();
    let copy = world.copy((&data, &replica), "copy");
    world.household(&copy, "副本写的");

    let server = std::sync::Arc::new(Station::open(&world.folder.path().join("station")).unwrap());
    let tls = server.certificates().unwrap().server_config().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.spawn(station::http::serve(Serving::new(server, listener, tls), std::future::pending()));
    let events = copy.app.subscribe();
    let signals = copy.app.signals();
    runtime.spawn(link::run(std::sync::Arc::clone(&copy.app), signals));
    let told = followed(&events, &copy);
    // what both copies had written is at the station already: its receipt covers it
    assert!(told.contains(&app::Event::Succeeded { carried: 4 }), "{told:?}");
    let status = status(&copy);
    assert_eq!((&status["unsent"], &status["certified"], &status["set_aside"]), (&json!(0), &json!(true), &json!(0)));
    // what is written from now on goes by itself
    world.household(&copy, "副本后来写的");
    copy.call("sync_now", json!({})).unwrap();
    followed(&events, &copy);
    runtime.shutdown_background();
    copy.app.lock(app::LockReason::Host);
    let known = world.witness();
    assert_eq!((dump(copy), households(&known)), (known.clone(), 4));
}
