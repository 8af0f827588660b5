//! The real laptop and the real station with a line between them that is cut again and again, at any byte, both ways.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use simulate::proxy::{Pace, Proxy, Trouble};
use sync::limits;
use tempfile::TempDir;

use crate::programs::{Keeper, Laptop};

/// What a cut costs at most: a request is sent again as a whole, with the handshake and headers around it.
const RESENT_BYTES_MAX: u64 = limits::SEND_BUDGET_START_BYTES + 4 * 1024;
/// Where cuts come, in bytes from the laptop and from the station.
const CUT_UP: u64 = 40_000;
const CUT_DOWN: u64 = 4_000;

fn cuts() -> u64 {
    std::env::var("FENGQIAO_PROOF_CUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

/// A station with one officer, and his laptop, which reaches it by a line.
struct Village {
    _folder: TempDir,
    keeper: Keeper,
    laptop: Laptop,
    other: Laptop,
    line: Proxy,
    household: Value,
}

impl Village {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let mut keeper = Keeper::over(&folder.path().join("station"));
        keeper.must(&["init", "--name", "青枫派出所", "--division", "330681100000", "--made-up"]);
        keeper.must(&["cell", "add", "--code", "QF-01", "--name", "青枫一格", "--village", "330681100201:枫源村"]);
        for (name, number) in [("郑和平", "010001"), ("沈雨晴", "010002")] {
            keeper.must(&["officer", "add", "--name", name, "--number", number, "--role", "officer"]);
            keeper.must(&["assign", "--officer", number, "--scope", "cell:QF-01", "--from", "2026-01-01"]);
        }
        keeper.serve(None);
        let to = keeper.address.parse().unwrap();
        let line = Proxy::start("127.0.0.1:0".parse().unwrap(), to, Pace::default(), |_| Trouble::Calm).unwrap();
        let enrolled = |number: &str, url: &str| {
            let mut laptop = Laptop::over(&folder.path().join(number));
            laptop.start(None).unwrap();
            let file = folder.path().join(format!("{number}.fqenrol"));
            laptop.enrol(&keeper.enrol(number, number, url, &file)).unwrap();
            laptop.home();
            laptop
        };
        let (laptop, other) =
            (enrolled("010001", &format!("https://{}", line.address())), enrolled("010002", &keeper.url()));
        let asked = json!({
            "cell": "QF-01", "village": "330681100201", "address": "3 组 27 号",
            "fields": { "kind": "family" }, "head": { "name": "赵荣江" },
        });
        let household = laptop.must("household_create", &asked)["document"].clone();
        laptop.home();
        Self { _folder: folder, keeper, laptop, other, line, household }
    }

    fn visit(&self, notes: &str) {
        let fields = json!({ "household": self.household, "kind": "11", "at": 1_767_225_600_000_i64, "notes": notes });
        self.laptop.must("visit_save", &json!({ "document": null, "heads": [], "fields": fields }));
    }
}

/// Text that does not compress, of so many characters.
fn text(rng: &mut ChaCha8Rng, length: usize) -> String {
    let hashes = (0..length.div_ceil(64)).map(|_| sync::crypto::sha256(&rng.random::<u64>().to_be_bytes()).to_string());
    hashes.collect::<String>().chars().take(length).collect()
}

/// Every visit's notes on a laptop, sorted.
pub(crate) fn notes(laptop: &Laptop) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = laptop.must("visit_list", &json!({ "after": after, "limit": 200 }));
        let rows = page["rows"].as_array().unwrap();
        all.extend(rows.iter().map(|row| row["notes"].as_str().unwrap_or_default().to_owned()));
        after = page["next"].clone();
        if after.is_null() {
            all.sort();
            return all;
        }
    }
}

#[test]
fn a_line_cut_at_any_byte_between_the_real_programs_loses_nothing_doubles_nothing_and_costs_one_request() {
    let village = Village::new();
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let (mut made, mut dearest, mut resent, mut written) = (0, 0, 0, Vec::new());
    while made < cuts() {
        for _ in 0..rng.random_range(1..8) {
            let length = rng.random_range(60..3_900);
            written.push(text(&mut rng, length));
            village.visit(written.last().unwrap());
        }
        let trouble = if rng.random() {
            Trouble::CutUp(rng.random_range(0..CUT_UP))
        } else {
            Trouble::CutDown(rng.random_range(0..CUT_DOWN))
        };
        village.line.replan(move |_| trouble);
        village.line.drop_connections();
        let before = village.line.carried().up();
        let end = village.laptop.sync().unwrap();
        let lost = village.line.carried().up() - before;
        village.line.replan(|_| Trouble::Calm);
        village.line.drop_connections();
        if end == "complete" {
            continue;
        }
        assert!(["interrupted", "unreachable"].contains(&end.as_str()), "{end}");
        made += 1;
        (dearest, resent) = (dearest.max(lost), resent + lost);
        // work that stays here for a while makes the next request longer
        if made % 5 != 0 {
            village.laptop.home();
        }
    }
    village.laptop.home();
    written.sort();
    assert_eq!(notes(&village.laptop), written);
    village.other.home();
    assert_eq!(notes(&village.other), written);
    let received = village.laptop.must("sync_status", &json!({}))["received_total"].as_u64().unwrap();
    assert_eq!(village.keeper.entries(), received);
    assert!(dearest <= RESENT_BYTES_MAX, "{dearest} bytes went twice");
    println!(
        "{made} cuts, {} visits, {received} entries once each; {dearest} bytes went twice at most, {} in the mean",
        written.len(),
        resent / made
    );
}
