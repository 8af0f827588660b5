//! Strange input through the front door: registers, requests and settings that were damaged. Each is read or refused with an
//! error that is not our defect, and the app goes on.

use app::ErrorKind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use sync::directory::Role;

use crate::permits;
use crate::world::{Laptop, VILLAGE, World};

fn inputs(usual: u32) -> u32 {
    std::env::var("FENGQIAO_PROOF_INPUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn laptop(world: &World) -> Laptop {
    world.laptop(world.officer(1, "陈国良", Role::Officer, &["QF-03"]), "QF-07")
}

fn damage(rng: &mut ChaCha8Rng, bytes: &mut Vec<u8>) {
    for _ in 0..rng.random_range(1..=6) {
        let at = rng.random_range(0..bytes.len().max(1));
        match rng.random_range(0..5) {
            0 if at < bytes.len() => bytes[at] ^= 1 << rng.random_range(0..8),
            1 => bytes.truncate(at),
            2 => {
                let piece = ["\"", ",", "\n", "\r", "\0", "=1+1", "姓名", "\u{feff}", ";", "\t"].choose(rng).unwrap();
                bytes.splice(at.min(bytes.len())..at.min(bytes.len()), piece.bytes());
            }
            3 if at < bytes.len() => bytes[at] = rng.random(),
            _ => {
                let end = rng.random_range(at.min(bytes.len())..=bytes.len());
                let piece = bytes[at.min(end)..end].to_vec();
                bytes.extend(piece);
            }
        }
    }
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in ["姓名", "与户主关系", "户号", "联系电话", "住址", "网格"].iter().enumerate()
    {
        sheet.write(0, u16::try_from(column).unwrap(), *heading).unwrap();
        sheet.write(1, u16::try_from(column).unwrap(), "赵荣江").unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_damaged_register_is_read_or_refused_and_never_our_defect() {
    let world = World::new();
    let laptop = laptop(&world);
    let csv = "姓名,公民身份号码,与户主关系,户号,联系电话,住址,网格\n赵荣江,,户主,H1,13800005127,3 组 27 号,QF-03\n";
    let wholes = [("register.csv", csv.as_bytes().to_vec()), ("register.xlsx", workbook())];
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let (mut read, mut refused) = (0, 0);
    for number in 0..inputs(400) {
        let (name, whole) = wholes.choose(&mut rng).unwrap();
        let mut bytes = whole.clone();
        damage(&mut rng, &mut bytes);
        let request = json!({ "name": name, "file_base64": STANDARD.encode(&bytes) });
        let inspected = laptop.app.call("import_inspect", request);
        let outcome = inspected.and_then(|inspected| {
            let sheet = &inspected["sheets"][0];
            laptop.app.call(
                "import_dry_run",
                json!({ "import": inspected["import"], "sheet": sheet["name"], "mapping": sheet["mapping"],
                        "cell": null, "village": VILLAGE }),
            )
        });
        match outcome {
            Ok(_) => read += 1,
            Err(error) => {
                assert_ne!(error.kind, ErrorKind::Defect, "input {number}: {error:?}");
                refused += 1;
            }
        }
    }
    assert!(read > 0 && refused > 0, "{read} {refused}");
    laptop.sound();
    println!("{read} damaged registers read, {refused} refused");
}

/// Values that a request should not have in a place, or not there.
fn odd(rng: &mut ChaCha8Rng) -> Value {
    let nested = (0..rng.random_range(1..60)).fold(json!(0), |inner, _| json!([inner]));
    let texts =
        ["", "\u{0}", "\u{202e}\u{feff}", "=1+1", "2026-02-30", "00000000-0000-0000-0000-000000000000", "%_*\"'\\"];
    match rng.random_range(0..10) {
        0 => Value::Null,
        1 => json!(rng.random::<bool>()),
        2 => json!([-1_i64, 0, i64::MAX, i64::MIN, 1 << 53].choose(rng)),
        3 => json!(u64::MAX),
        4 => json!(1e308),
        5 => json!("长".repeat(rng.random_range(1..70_000))),
        6 => nested,
        7 => json!({ "a": { "b": [] } }),
        _ => json!(texts.choose(rng)),
    }
}

/// Changes one place of a value, however deep.
fn disturb(rng: &mut ChaCha8Rng, value: &mut Value) {
    match value {
        Value::Object(map) if !map.is_empty() && rng.random_range(0..5) > 0 => {
            let key = map.keys().nth(rng.random_range(0..map.len())).unwrap().clone();
            match rng.random_range(0..6) {
                0 => drop(map.remove(&key)),
                1 => drop(map.insert(format!("{key}/{}", "x".repeat(rng.random_range(0..300))), odd(rng))),
                _ => disturb(rng, map.get_mut(&key).unwrap()),
            }
        }
        Value::Array(list) if !list.is_empty() && rng.random() => {
            let at = rng.random_range(0..list.len());
            disturb(rng, &mut list[at]);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            *value = odd(rng);
        }
    }
}

#[test]
fn a_damaged_request_of_any_command_is_answered_or_refused_and_never_our_defect() {
    let world = World::new();
    let laptop = world.laptop(world.officer(1, "方守正", Role::Chief, &["QF-03", "QF-05"]), "QF-01");
    let table = permits::table(&permits::records(&laptop));
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    let (mut answered, mut refused) = (0, 0);
    for _ in 0..inputs(3_000) {
        let (command, (_, request)) = table.iter().nth(rng.random_range(0..table.len())).unwrap();
        let mut request = request.clone();
        for _ in 0..rng.random_range(1..=3) {
            disturb(&mut rng, &mut request);
        }
        match laptop.app.call(command, request.clone()) {
            Ok(_) => answered += 1,
            Err(error) => {
                let short: String = request.to_string().chars().take(400).collect();
                // a request that cannot be read is the screens' defect, not the handler's
                let read = error.code != "bad_request";
                assert!(!read || error.kind != ErrorKind::Defect, "{command} {short}: {error:?}");
                refused += 1;
            }
        }
    }
    laptop.sound();
    assert!(answered > 100 && refused > 100, "{answered} answered, {refused} refused");
    println!("requests: {answered} answered, {refused} refused");
}
