//! A record erased: nothing of it is left in any live file of the station or of a laptop, free pages included.

use std::path::{Path, PathBuf};

use app::Host;
use rusqlite::Connection;
use serde_json::{Value, json};
use sync::directory::Role;
use sync::laptop::Outcome;

use crate::test_host::BEGIN_MS;
use crate::world::{Laptop, PASSPHRASE, World};

/// The key the station of these tests was founded with.
const STATION_KEY: [u8; 32] = [1; 32];
/// In every text field of the resident; single characters are looked for too, because search keeps them apart.
const CANARIES: [&str; 10] =
    ["龘靐齉", "龘", "靐", "齉", "虪虋曾", "爨爩茶厂", "灪龖路9号", "鱻麤备注", "13911122233", "籱饢补记"];

struct Four {
    world: World,
    alice: Laptop,
    dave: Laptop,
    bob: Laptop,
    chief: Laptop,
}

impl Four {
    fn new() -> Self {
        let world = World::new();
        let alice = world.officer(1, "陈国良", Role::Officer, &["QF-03"]);
        let dave = world.officer(4, "吴大伟", Role::Officer, &["QF-03"]);
        let bob = world.officer(2, "沈月琴", Role::Officer, &["QF-05"]);
        let chief = world.officer(3, "周海", Role::Chief, &["QF-03", "QF-05"]);
        Self {
            alice: world.laptop(alice, "QF-07"),
            dave: world.laptop(dave, "QF-09"),
            bob: world.laptop(bob, "QF-08"),
            chief: world.laptop(chief, "QF-01"),
            world,
        }
    }

    fn all(&self) -> [&Laptop; 4] {
        [&self.alice, &self.dave, &self.bob, &self.chief]
    }

    fn sync(&self, laptop: &Laptop) {
        let outcome = self.world.sync(laptop);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }

    fn sync_all(&self) {
        for laptop in self.all() {
            self.sync(laptop);
        }
    }
}

/// Every page of a database in the clear, free ones included.
#[expect(unsafe_code, reason = "SQLite gives the pages of a file only through its C interface")]
fn pages(path: &Path, key_hex: &str) -> Vec<u8> {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(&format!("PRAGMA key = \"x'{key_hex}'\";")).unwrap();
    let mut size = 0;
    // SAFETY: the connection is open for the whole call; the bytes are copied before they are freed
    unsafe {
        let bytes = rusqlite::ffi::sqlite3_serialize(conn.handle(), c"main".as_ptr(), &raw mut size, 0);
        assert!(!bytes.is_null());
        let copy = std::slice::from_raw_parts(bytes, usize::try_from(size).unwrap()).to_vec();
        rusqlite::ffi::sqlite3_free(bytes.cast());
        copy
    }
}

fn laptop_file(laptop: &Laptop) -> (PathBuf, String) {
    let folder = store::replica::folder(laptop.host.data_dir(), laptop.replica.parse().unwrap());
    let key = store::keys::unlock(&folder, PASSPHRASE).unwrap();
    (folder.join("main.db"), key.hex_for_tests().to_string())
}

fn found(bytes: &[u8]) -> Vec<&'static str> {
    let holds = |canary: &&str| bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
    CANARIES.into_iter().filter(holds).collect()
}

fn in_laptop(laptop: &Laptop) -> Vec<&'static str> {
    let (path, key) = laptop_file(laptop);
    found(&pages(&path, &key))
}

fn in_station(world: &World) -> Vec<&'static str> {
    let hex: String = STATION_KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    let file = std::fs::read_dir(world.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "db" || ending == "sqlite"))
        .unwrap();
    found(&pages(&file, &hex))
}

fn resident_of(laptop: &Laptop) -> (String, String) {
    let (household, _) = laptop.household("3 组 27 号", "赵荣江", "13800005127");
    let fields = json!({
        "name": "龘靐齉", "former_name": "虪虋曾", "employer": "爨爩茶厂", "registered_address": "灪龖路9号",
        "notes": "鱻麤备注", "phone": "13911122233",
    });
    let member = json!({ "household": household, "relation": "97", "from_on": "2026-01-01", "fields": fields });
    let written = laptop.call("member_add", member);
    (household, written["document"].as_str().unwrap().to_owned())
}

fn erase(laptop: &Laptop, document: &str) -> Value {
    let preview = laptop.call("record_erase_preview", json!({ "document": document }));
    let request = json!({ "document": document, "heads": preview["heads"], "reason": "person_asked" });
    laptop.call("record_erase", request)
}

#[test]
fn what_was_erased_is_in_no_live_file_of_station_and_laptops() {
    let four = Four::new();
    let (household, resident) = resident_of(&four.alice);
    four.sync_all();
    // a draft, a reason of the audit, an edit of which the station never heard, a move to another cell
    let draft = json!({ "key": format!("resident/{resident}"), "json": "{\"name\":\"龘靐齉\"}" });
    four.dave.call("draft_put", draft);
    four.dave.call("reveal", json!({ "document": resident, "key": "phone", "reason": "找龘靐齉核对" }));
    let heads = four.dave.call("resident_open", json!({ "document": resident }))["heads"].clone();
    let save = json!({ "document": resident, "heads": heads, "fields": { "notes": "籱饢补记" } });
    four.dave.call("resident_save", save);
    let preview = four.chief.call("household_move_preview", json!({ "household": household, "to_cell": "QF-05" }));
    four.chief.call(
        "household_move",
        json!({ "household": household, "to_cell": "QF-05", "heads": preview["heads"], "reason": "网格调整" }),
    );
    four.sync(&four.chief);
    four.sync(&four.bob);
    four.sync(&four.alice);
    for laptop in [&four.alice, &four.dave, &four.bob, &four.chief] {
        assert!(in_laptop(laptop).contains(&"龘靐齉"), "the search for canaries finds nothing before the erasure");
    }
    assert!(in_station(&four.world).contains(&"龘靐齉"));

    assert_eq!(erase(&four.chief, &resident)["records"], 2);
    assert_eq!(four.chief.fails("resident_open", json!({ "document": resident })), "not_found");
    four.sync(&four.chief);
    four.sync_all();
    four.sync_all();
    for laptop in four.all() {
        let name = laptop.call("session_status", json!({}))["profile"]["officer"].clone();
        assert_eq!(in_laptop(laptop), Vec::<&str>::new(), "{name}");
        assert_eq!(laptop.call("status_bar", json!({}))["unsent"], 0);
        assert_eq!(laptop.fails("resident_open", json!({ "document": resident })), "record_erased");
        assert_eq!(laptop.call("erased_list", json!({}))["rows"][0]["reason"], "person_asked");
        laptop.sound();
    }
    assert_eq!(in_station(&four.world), Vec::<&str>::new());
    let aside = four.dave.call("set_aside_list", json!({}));
    assert_eq!(aside["rows"][0]["reason"], "document_erased", "{aside}");
    // the household lives on where it went
    assert_eq!(
        four.bob.call("household_open", json!({ "document": household }))["members"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn a_laptop_that_comes_later_gets_headers_and_no_contents() {
    let four = Four::new();
    let (household, resident) = resident_of(&four.alice);
    four.sync(&four.alice);
    four.sync(&four.chief);
    erase(&four.chief, &resident);
    four.sync(&four.chief);
    four.sync(&four.dave);
    assert_eq!(in_laptop(&four.dave), Vec::<&str>::new());
    assert_eq!(four.dave.fails("resident_open", json!({ "document": resident })), "record_erased");
    assert_eq!(
        four.dave.call("household_open", json!({ "document": household }))["members"].as_array().unwrap().len(),
        1
    );
    four.dave.sound();
}

#[test]
fn only_the_chief_erases_and_only_what_he_saw() {
    let four = Four::new();
    let (_, resident) = resident_of(&four.alice);
    let ask = json!({ "document": resident, "heads": [], "reason": "mistaken" });
    assert_eq!(four.alice.fails("record_erase", ask.clone()), "denied_role");
    assert_eq!(four.chief.fails("record_erase_preview", json!({ "document": resident })), "not_found");
    four.sync(&four.alice);
    four.sync(&four.chief);
    assert_eq!(four.chief.fails("record_erase", ask), "stale_form");
    let wrong = json!({ "document": resident, "heads": [], "reason": "because" });
    assert_eq!(four.chief.fails("record_erase", wrong), "bad_request");
    four.chief.sound();
}

#[test]
fn an_act_that_fell_with_an_erased_record_is_written_again_without_it() {
    let four = Four::new();
    let (household, _) = resident_of(&four.alice);
    four.sync_all();
    four.sync_all();
    let fields = json!({
        "household": household, "kind": "11", "at": BEGIN_MS, "notes": "门口电线老化", "next_on": "2026-12-20",
    });
    four.dave.call("visit_save", json!({ "heads": [], "fields": fields }));
    erase(&four.chief, &household);
    four.sync(&four.chief);
    four.sync(&four.dave);
    let aside = four.dave.call("set_aside_list", json!({}));
    let row = &aside["rows"][0];
    assert_eq!((&row["reason"], &row["rewritten_at"]), (&json!("document_erased"), &Value::Null), "{aside}");
    // the visit is told as one; what was erased has no kind any more
    let kinds: Vec<_> = row["records"].as_array().unwrap().iter().map(|record| record["kind"].clone()).collect();
    assert!(kinds.contains(&json!("visit")) && kinds.contains(&json!("")), "{aside}");
    assert_eq!(four.dave.call("visit_list", json!({ "limit": 5 }))["rows"].as_array().unwrap().len(), 0);

    let again = four.dave.call("set_aside_rewrite", json!({ "act": row["act"], "without": [household] }));
    let visit = again["documents"][0].clone();
    assert_eq!(four.dave.call("visit_open", json!({ "document": visit }))["fields"]["notes"], "门口电线老化");
    let rewrite = json!({ "act": row["act"], "without": [] });
    assert_eq!(four.dave.fails("set_aside_rewrite", rewrite), "act_rewritten");
    four.sync(&four.dave);
    assert!(four.dave.call("set_aside_list", json!({}))["rows"][0]["rewritten_at"].is_i64());
    assert_eq!(four.dave.call("set_aside_list", json!({}))["rows"].as_array().unwrap().len(), 1);
    four.sync(&four.alice);
    assert_eq!(four.alice.call("visit_open", json!({ "document": visit }))["fields"]["notes"], "门口电线老化");
    four.dave.sound();
}
