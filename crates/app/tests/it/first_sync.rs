//! The first sync of a laptop over a bad line, through the real app and the real station: newest work first, whole records,
//! usable from the first page on, and in the end the same as on a laptop that pulled everything as it came.

use std::sync::Arc;

use app::{App, Host};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use station::Station;
use store::{Store, check};
use sync::directory::Role;
use sync::ids::OfficerId;
use sync::laptop::{Input, Laptop as Engine, Outcome, RequestFailure};

use crate::world::{Laptop, OTHER_VILLAGE, PASSPHRASE, World};

/// Exchanges, the first two without an answer, until `most` answers are stored; then the process would die. The outcome,
/// if it ended before.
fn rounds(world: &World, laptop: &Laptop, most: usize) -> Option<Outcome> {
    let port = laptop.app.exchange().unwrap();
    let mut engine = Engine::new(port.link().unwrap().laptop);
    let mut input = Input::SyncRequested;
    let (mut unanswered, mut stored) = (2, 0);
    port.began();
    for _ in 0..10_000 {
        let effects = engine.handle(port.now_ms(), input);
        input = match (effects.finished, effects.load, effects.send, effects.store) {
            (Some(Outcome::Failed { .. }), ..) if stored == 0 => Input::SyncRequested,
            (Some(outcome), ..) => {
                port.ended(&outcome);
                return Some(outcome);
            }
            (None, Some(load), ..) => {
                let loaded = Box::new(port.load(&load).unwrap());
                Input::Loaded { ticket: load.ticket, loaded }
            }
            (None, None, Some(send), _) if unanswered > 0 => {
                unanswered -= 1;
                Input::RequestFailed { ticket: send.ticket, failure: RequestFailure::Interrupted }
            }
            (None, None, Some(send), _) => {
                let bytes = world.station.exchange(&send.bytes, laptop.host_now());
                Input::ResponseArrived { ticket: send.ticket, bytes }
            }
            (None, None, None, Some(store)) => {
                port.store(&store.batch).unwrap();
                stored += 1;
                if stored == most {
                    return None;
                }
                Input::Stored { ticket: store.ticket, result: Ok(()) }
            }
            (None, None, None, None) => panic!("the engine waits for nobody"),
        };
    }
    panic!("the exchange did not end");
}

/// The process dies and is started again.
fn killed(laptop: Laptop) -> Laptop {
    let Laptop { host, app, replica } = laptop;
    drop(app);
    let app = App::with_kdf(Arc::clone(&host) as Arc<dyn Host>, sync::crypto::KdfParams::FLOOR);
    let laptop = Laptop { host, app, replica };
    laptop.call("unlock", json!({ "replica": laptop.replica, "passphrase": PASSPHRASE }));
    laptop
}

/// Pulls in small pages, killed after each, until nothing is left; gives the laptop and how often it was killed.
fn pulled_to_the_end(world: &World, mut laptop: Laptop) -> (Laptop, usize) {
    for times in 0..200 {
        match rounds(world, &laptop, 1) {
            Some(Outcome::Done { .. }) => return (laptop, times),
            Some(other) => panic!("{other:?}"),
            None if older(&laptop) == 0 => {
                let outcome = world.sync(&laptop);
                assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
                return (laptop, times);
            }
            None => laptop = killed(laptop),
        }
    }
    panic!("the first sync does not end");
}

fn done(world: &World, laptop: &Laptop) {
    let outcome = world.sync(laptop);
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
}

/// Entries of older work still to come.
fn older(laptop: &Laptop) -> u64 {
    let status = laptop.call("sync_status", json!({}));
    status["older"].as_array().unwrap().iter().map(|one| one["entries"].as_u64().unwrap()).sum()
}

/// Turns a laptop off and reads what it shows; views made anew are the same.
fn dump(laptop: Laptop) -> Vec<String> {
    let folder = store::replica::folder(laptop.host.data_dir(), laptop.replica.parse().unwrap());
    let Laptop { host, app, .. } = laptop;
    drop(app);
    let key = store::keys::unlock(&folder, PASSPHRASE).unwrap();
    let store = Store::open(&folder, &key).unwrap();
    check::assert_rebuild_equals_live(&store);
    let dump = check::dump(&store).unwrap();
    drop(host);
    dump
}

/// An officer writes, another pulls whatever comes as it comes.
struct Beat {
    world: World,
    writer: Laptop,
    steady: Laptop,
}

impl Beat {
    fn new() -> Self {
        let world = World::new();
        let writer = world.officer(1, "陈国良", Role::Officer, &["QF-03"]);
        let steady = world.officer(2, "沈月琴", Role::Officer, &["QF-03"]);
        let (writer, steady) = (world.laptop(writer, "QF-07"), world.laptop(steady, "QF-08"));
        Self { world, writer, steady }
    }

    fn households(&self, from: u32, to: u32) {
        for number in from..to {
            self.writer.household(&format!("3 组 {number} 号"), &format!("赵{number}"), "13800005127");
        }
        self.synced();
    }

    fn synced(&self) {
        done(&self.world, &self.writer);
        done(&self.world, &self.steady);
    }

    fn dispute(&self, document: Option<&Value>, title: &str) -> Value {
        let (heads, fields) = match document {
            Some(document) => {
                let page = self.writer.call("dispute_open", json!({ "document": document }));
                (page["heads"].clone(), json!({ "title": title }))
            }
            None => (json!([]), json!({ "cell": "QF-03", "title": title, "category": "01" })),
        };
        let request = json!({ "document": document, "heads": heads, "fields": fields });
        let written = self.writer.call("dispute_save", request)["document"].clone();
        self.synced();
        written
    }

    fn newcomer(&self) -> Laptop {
        let officer: OfficerId = self.world.officer(9, "吴大伟", Role::Officer, &["QF-03"]);
        self.world.laptop(officer, "QF-09")
    }
}

#[test]
fn a_dispute_of_yesterday_opens_whole_after_the_first_page_while_nine_tenths_are_to_come() {
    let beat = Beat::new();
    let dispute = beat.dispute(None, "宅基地边界");
    beat.households(0, 120);
    beat.dispute(Some(&dispute), "宅基地边界，已约定日子");
    beat.households(120, 122);
    beat.dispute(Some(&dispute), "宅基地边界，昨日复查");

    let newcomer = beat.newcomer();
    assert!(rounds(&beat.world, &newcomer, 1).is_none());
    let (came, to_come) =
        (newcomer.call("household_count", json!({ "order": "address", "limit": 1 })), older(&newcomer));
    let all = to_come + came["count"].as_u64().unwrap() * 5;
    assert!(to_come * 10 > all * 8, "{to_come} of about {all}");
    let listed = newcomer.call("dispute_list", json!({ "filter": "open", "order": "newest", "limit": 10 }));
    assert_eq!(listed["rows"][0]["title"], "宅基地边界，昨日复查", "{listed}");
    let page = newcomer.call("dispute_open", json!({ "document": dispute }));
    assert_eq!(page["fields"]["title"], "宅基地边界，昨日复查");
    let history = newcomer.call("history", json!({ "document": dispute }));
    assert_eq!(history, beat.steady.call("history", json!({ "document": dispute })), "every change from the first on");
    assert!(history.as_array().unwrap().len() >= 3, "{history}");

    // figures say that they are not complete, and an import that it is early
    let report = newcomer.call("report_week", json!({}));
    assert_eq!(report["stands_on"]["to_come"], to_come);
    let register = STANDARD.encode("姓名,住址,网格\n赵荣江,3 组 27 号,QF-03");
    let inspected = newcomer.call("import_inspect", json!({ "name": "register.csv", "file_base64": register }));
    assert_eq!(inspected["before_first_sync"], true);

    // what takes other records along waits until they are here
    let household = newcomer.call("household_list", json!({ "order": "address", "limit": 1 }))["rows"][0].clone();
    let move_to = json!({ "household": household["document"], "to_cell": "QF-05" });
    assert_eq!(newcomer.fails("household_move_preview", move_to), "older_work_to_come");

    // work goes on meanwhile, both ways
    let (own, _) = newcomer.household("9 组 1 号", "新来的", "13800000009");
    beat.dispute(Some(&dispute), "宅基地边界，已结");
    let (newcomer, kills) = pulled_to_the_end(&beat.world, newcomer);
    assert!(kills >= 4, "killed {kills} times");
    assert_eq!(newcomer.call("report_week", json!({}))["stands_on"]["to_come"], 0);
    assert_eq!(newcomer.call("household_open", json!({ "document": own }))["document"], json!(own));
    beat.synced();
    assert_eq!(dump(newcomer), dump(beat.steady));
}

#[test]
fn a_station_restored_in_the_middle_of_a_first_sync_ends_with_everything_on_all() {
    let beat = Beat::new();
    beat.households(0, 40);
    let kept = tempfile::tempdir().unwrap();
    let Beat { world: World { station, folder }, writer, steady } = beat;
    drop(station);
    copy(folder.path(), kept.path());
    let beat = Beat { world: World { station: Station::open(folder.path()).unwrap(), folder }, writer, steady };
    beat.households(40, 70);
    let newcomer = beat.newcomer();
    assert!(rounds(&beat.world, &newcomer, 1).is_none());
    assert!(older(&newcomer) > 0);

    let Beat { world, writer, steady } = beat;
    drop(world);
    let beat = Beat { world: World { station: Station::open(kept.path()).unwrap(), folder: kept }, writer, steady };
    done(&beat.world, &newcomer);
    let causes: Vec<String> = beat.world.station.epochs().unwrap().into_iter().map(|one| one.cause).collect();
    assert_eq!(causes, ["founded", "noticed"]);
    assert_eq!(older(&newcomer), 0);
    for _ in 0..2 {
        beat.synced();
        done(&beat.world, &newcomer);
    }
    let shown = dump(newcomer);
    assert_eq!(shown.iter().filter(|row| row.starts_with("household |")).count(), 70);
    assert_eq!(shown, dump(beat.steady));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

fn moved(laptop: &Laptop, household: &str, to: &str) {
    let preview = laptop.call("household_move_preview", json!({ "household": household, "to_cell": to }));
    let request = json!({ "household": household, "to_cell": to, "heads": preview["heads"], "reason": "网格调整" });
    laptop.call("household_move", request);
}

fn erased(laptop: &Laptop, document: &str) {
    let preview = laptop.call("record_erase_preview", json!({ "document": document }));
    let request = json!({ "document": document, "heads": preview["heads"], "reason": "person_asked" });
    laptop.call("record_erase", request);
}

fn renamed(laptop: &Laptop, household: &str, phone: &str) {
    let heads = laptop.call("household_open", json!({ "document": household }))["heads"].clone();
    laptop.call("household_save", json!({ "document": household, "heads": heads, "fields": { "phone": phone } }));
}

#[test]
fn what_was_moved_in_moved_away_and_erased_is_where_it_belongs_when_it_comes_newest_first() {
    let world = World::new();
    let officer = |number, cells: &[&str]| world.officer(number, "民警", Role::Officer, cells);
    let (alice, bob) = (officer(1, &["QF-03"]), officer(2, &["QF-05"]));
    let (first, second) = (officer(8, &["QF-03"]), officer(9, &["QF-05"]));
    let chief = world.officer(3, "周海", Role::Chief, &["QF-03", "QF-05"]);
    let alice = world.laptop(alice, "QF-07");
    let (bob, chief) = (world.laptop(bob, "QF-08"), world.laptop(chief, "QF-01"));
    let all = || [&alice, &bob, &chief, &alice, &bob, &chief].into_iter().for_each(|one| done(&world, one));
    let fill = |from: u32, to: u32| {
        for number in from..to {
            alice.household(&format!("3 组 {number} 号"), &format!("钱{number}"), "13800000001");
            let fields = json!({ "kind": "family", "phone": "13800000002" });
            let request = json!({ "cell": "QF-05", "village": OTHER_VILLAGE, "address": format!("5 组 {number} 号"),
                "fields": fields, "head": { "name": format!("孙{number}"), "phone": "13800000002" } });
            bob.call("household_create", request);
        }
        all();
    };
    let home = |name: &str| alice.household(&format!("{name}的家"), name, "13800005127");
    let (away, back, gone, gone_away) = (home("搬走的"), home("搬回的"), home("删除的"), home("搬走又删除的"));
    fill(0, 25);
    moved(&alice, &away.0, "QF-05");
    moved(&alice, &back.0, "QF-05");
    moved(&alice, &gone_away.0, "QF-05");
    all();
    renamed(&bob, &away.0, "13800000003");
    fill(25, 50);
    moved(&bob, &back.0, "QF-03");
    erased(&chief, &gone.1);
    all();
    erased(&chief, &gone_away.1);
    renamed(&bob, &away.0, "13800000004");
    fill(50, 75);

    let newcomers = [(first, "QF-10"), (second, "QF-11")].map(|(officer, label)| world.laptop(officer, label));
    let [newer_alice, newer_bob] = newcomers.map(|newcomer| {
        let (laptop, kills) = pulled_to_the_end(&world, newcomer);
        assert!(kills > 2, "killed {kills} times");
        laptop
    });
    for laptop in [&newer_alice, &newer_bob] {
        assert_eq!(laptop.fails("resident_open", json!({ "document": gone_away.1 })), "record_erased");
    }
    for (laptop, other, household) in [(&newer_bob, &bob, &away.0), (&newer_alice, &alice, &back.0)] {
        let open = json!({ "document": household });
        assert_eq!(laptop.call("household_open", open.clone())["heads"], other.call("household_open", open)["heads"]);
    }
    assert_eq!(dump(newer_alice), dump(alice));
    assert_eq!(dump(newer_bob), dump(bob));
}
