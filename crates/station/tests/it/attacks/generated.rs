//! Attacks from a seed: damaged requests, damaged answers, and damaged entries under an honest chain and signature. None is
//! taken for what it is not, none grows the process, none touches another laptop.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use sync::wire::Coding;

use super::answers::{fooled, unharmed, victim};
use super::{GROWTH_MAX_KIB, Scene, Template, bodies, memory_kib, unaffected};
use crate::kit::{act_id, cell, document_id};

/// Damaged inputs of each of the three kinds.
fn inputs() -> u64 {
    std::env::var("FENGQIAO_PROOF_INPUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(4_000)
}

/// One to four injuries: a bit, a byte, a cut, a piece put in, a piece doubled, a length made huge.
pub(super) fn damage(rng: &mut ChaCha8Rng, bytes: &mut Vec<u8>) {
    for _ in 0..rng.random_range(1..=4) {
        if bytes.is_empty() {
            return;
        }
        let at = rng.random_range(0..bytes.len());
        match rng.random_range(0..7) {
            0 => bytes[at] ^= 1 << rng.random_range(0..8),
            1 => bytes[at] = rng.random(),
            2 => bytes.truncate(at),
            3 => {
                let piece: Vec<u8> = (0..rng.random_range(1..12)).map(|_| rng.random()).collect();
                bytes.splice(at..at, piece);
            }
            4 => {
                let end = rng.random_range(at..bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => {
                bytes.remove(at);
            }
            _ => {
                let end = (at + 4).min(bytes.len());
                bytes[at..end].fill(0xff);
            }
        }
    }
}

#[test]
fn damaged_requests_are_refused_whole() {
    let template = Template::new();
    let mut scene = template.scene();
    let honest = scene.two.clone();
    scene.one.write(&cell("A"), document_id(12), "phone", "1");
    let good =
        [Coding::Plain, Coding::Zstd].map(|coding| scene.request(scene.unsent()).encode(None, &scene.one.key, coding));
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    memory_kib();
    let low = memory_kib();
    for number in 0..inputs() {
        rest(&mut scene, number);
        let good = &good[usize::from(number % 2 == 1)];
        let mut bytes = good.clone();
        damage(&mut rng, &mut bytes);
        // the reserved byte and an injury that heals another leave an honest request
        if bytes == *good || (bytes.len() == good.len() && bytes[..7] == good[..7] && bytes[8..] == good[8..]) {
            continue;
        }
        let met = scene.send(&bytes);
        assert!(met.starts_with("request "), "input {number}: {met}");
    }
    let growth = memory_kib().saturating_sub(low);
    assert!(growth <= GROWTH_MAX_KIB, "{growth} KiB");
    unaffected(&template, &scene.station, honest, "damaged requests");
    println!("{} damaged requests refused, {growth} KiB", inputs());
}

#[test]
fn damaged_answers_leave_a_laptop_with_what_the_station_signed() {
    let template = Template::new();
    let mut scene = template.scene();
    let honest = victim(&mut scene);
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    memory_kib();
    let low = memory_kib();
    let mut failed = 0;
    for number in 0..inputs() {
        rest(&mut scene, number);
        let mut attacked = honest.clone();
        let coding = if number % 2 == 0 { Coding::Plain } else { Coding::Zstd };
        let injury = std::cell::RefCell::new(&mut rng);
        let met = fooled(&scene, &mut attacked, |_, response| {
            let mut bytes = response.encode(coding);
            damage(&mut injury.borrow_mut(), &mut bytes);
            bytes
        });
        failed += u64::from(met != "done");
        if number % 50 == 0 {
            unharmed(&scene, attacked, "a damaged answer");
        }
    }
    let growth = memory_kib().saturating_sub(low);
    assert!(growth <= GROWTH_MAX_KIB, "{growth} KiB");
    assert!(failed > inputs() * 8 / 10, "{failed}");
    println!("{} damaged answers, {failed} ended a sync, {growth} KiB", inputs());
}

#[test]
fn damaged_entries_under_an_honest_signature_are_set_aside_or_read_by_everybody() {
    let template = Template::new();
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let good = bodies::put(7, 1, &[], "户主在家");
    memory_kib();
    let low = memory_kib();
    let (mut refused, mut taken) = (0_u64, 0_u64);
    let mut scene = template.scene();
    for number in 0..inputs() / 2 {
        rest(&mut scene, number);
        let mut body = good.clone();
        damage(&mut rng, &mut body);
        if number % 2 == 0 {
            bodies::mend(&mut body);
        }
        let met = scene.try_entry(body, |header| {
            header.document = document_id(10_000 + number);
            header.act = act_id(10_000 + number);
        });
        refused += u64::from(met.starts_with("entry "));
        taken += u64::from(met.starts_with("1 accepted"));
        assert!(met.starts_with("entry ") || met == "1 accepted" || met == "frame malformed", "input {number}: {met}");
        if met == "frame malformed" {
            scene.one.lane.pop();
        } else {
            settle(&mut scene);
        }
    }
    let growth = memory_kib().saturating_sub(low);
    assert!(growth <= GROWTH_MAX_KIB, "{growth} KiB");
    // what the station took is sound automerge: the other laptop reads all of it
    let mut other = scene.two.clone();
    other.complete(&scene.station);
    assert_eq!(other.log_of(&cell("A")).len() as u64, 6 + taken);
    assert!(refused > inputs() / 4, "{refused}");
    println!("{} damaged entries: {refused} set aside, {taken} sound all the same, {growth} KiB", inputs() / 2);
}

/// A laptop that asks so often would be told to wait.
fn rest(scene: &mut Scene, number: u64) {
    if number % 100 == 99 {
        scene.restart();
    }
}

/// The laptop takes note that the station has its lane.
fn settle(scene: &mut Scene) {
    let known = crate::hostile::receipts_after(&scene.station, &scene.one);
    scene.one.receipts.extend(known);
}
