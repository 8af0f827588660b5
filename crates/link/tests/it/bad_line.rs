//! The real driver and the real server with a bad line between them: cut at any byte, silent, slow, behind a log-in page.

use std::net::SocketAddr;
use std::sync::Arc;

use link::Signal;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use simulate::proxy::{Pace, Proxy, Trouble};
use sync::laptop::{FailReason, Outcome, RequestFailure};
use sync::limits;

use crate::kit::{Disk, cell, document_id};
use crate::line::{Scene, laptop, not_ours, scene};
use crate::port::{Office, is_done, reason};
use crate::servers::url;

/// What TLS and HTTP add to the bytes of one request: a handshake, headers, records.
const WRAPPING: u64 = 4 * 1024;
/// Tries that bring a sync home over a line that is calm again.
const TRIES: u32 = 4;

fn cuts() -> u64 {
    std::env::var("FENGQIAO_PROOF_CUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

fn line(scene: &Scene, pace: Pace, plan: impl FnMut(u64) -> Trouble + Send + 'static) -> Proxy {
    let to: SocketAddr = scene.enrolment.servers[0].trim_start_matches("https://").parse().unwrap();
    Proxy::start("127.0.0.1:0".parse().unwrap(), to, pace, plan).unwrap()
}

fn office(scene: &Scene, disk: Disk, proxy: &Proxy) -> Office {
    Office::open_at(disk, vec![url(proxy.address())], vec![scene.enrolment.tls_pin])
}

/// Text that does not compress.
fn text(rng: &mut ChaCha8Rng) -> String {
    (0..12).map(|_| sync::crypto::sha256(&rng.random::<u64>().to_be_bytes()).to_string()).collect()
}

/// Syncs until it is done.
async fn home(office: &mut Office) {
    for _ in 0..TRIES {
        office.tell(Signal::MaybeOnline).await;
        if is_done(&office.ended().await) {
            return;
        }
    }
    panic!("a calm line does not bring the sync home");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_cut_again_and_again_costs_one_frame_a_cut_and_loses_nothing() {
    let scene = scene();
    let proxy = line(&scene, Pace::default(), |_| Trouble::Calm);
    let mut office = office(&scene, laptop(&scene.enrolment, 1), &proxy);
    assert!(is_done(&office.sync().await));
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let (mut made, mut dearest, mut written) = (0, 0, 1_u64);
    while made < cuts() {
        for _ in 0..rng.random_range(1..12) {
            written += 1;
            let text = text(&mut rng);
            office.port.disk.lock().unwrap().write(&cell("A"), document_id(written), "notes", &text);
        }
        let trouble = if rng.random() {
            Trouble::CutUp(rng.random_range(0..12_000))
        } else {
            Trouble::CutDown(rng.random_range(0..3_000))
        };
        proxy.replan(move |_| trouble);
        proxy.drop_connections();
        let before = proxy.carried().up();
        let outcome = office.sync().await;
        let lost = proxy.carried().up() - before;
        proxy.replan(|_| Trouble::Calm);
        proxy.drop_connections();
        if is_done(&outcome) {
            continue;
        }
        made += 1;
        let tries = |why| matches!(why, RequestFailure::Interrupted | RequestFailure::Unreachable);
        assert!(matches!(reason(&outcome), FailReason::Request(why) if tries(why)), "{outcome:?}");
        dearest = dearest.max(lost);
        home(&mut office).await;
        assert_eq!(office.receipts_through(), written);
    }
    assert!(dearest <= limits::FRAME_BYTES_MAX as u64 + WRAPPING, "{dearest} bytes went twice");
    assert_eq!(scene.station.replicas().unwrap()[0].entries, written);
    let disk = office.port.disk.lock().unwrap();
    assert_eq!((disk.log_of(&cell("A")).len() as u64, disk.refused().len()), (written, 0));
    println!("{made} cuts: {written} entries at the station once each, {dearest} bytes went twice at most");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_of_work_over_a_line_that_is_cut_every_few_kilobytes_arrives() {
    let scene = scene();
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    let proxy = line(&scene, Pace::default(), move |_| Trouble::CutUp(rng.random_range(30_000..90_000)));
    let entries = 400;
    let mut office = office(&scene, laptop(&scene.enrolment, entries), &proxy);
    let mut tries = 0;
    let mut outcome = office.sync().await;
    while !is_done(&outcome) {
        tries += 1;
        assert!(tries < 60, "{outcome:?}");
        office.tell(Signal::MaybeOnline).await;
        outcome = office.ended().await;
    }
    assert_eq!(office.receipts_through(), entries);
    assert_eq!(scene.station.replicas().unwrap()[0].entries, entries);
    println!("{entries} entries, {tries} cuts, {} bytes up", proxy.carried().up());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_falls_silent_is_left_by_the_officer_and_the_next_try_is_whole() {
    let scene = scene();
    let proxy =
        line(&scene, Pace::default(), |number| if number == 0 { Trouble::Silent(2_000) } else { Trouble::Calm });
    let mut office = office(&scene, laptop(&scene.enrolment, 20), &proxy);
    office.tell(Signal::Now).await;
    while proxy.carried().down() < 2_000 {
        tokio::task::yield_now().await;
    }
    office.tell(Signal::Cancel).await;
    assert!(matches!(office.ended().await, Outcome::Cancelled { .. }));
    assert!(is_done(&office.sync().await));
    assert_eq!(office.receipts_through(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_at_the_edge_of_reach_is_enough_for_a_shift() {
    let scene = scene();
    let proxy = line(&scene, Pace::EDGE, |_| Trouble::Calm);
    let mut office = office(&scene, laptop(&scene.enrolment, 37), &proxy);
    let began = std::time::Instant::now();
    assert!(is_done(&office.sync().await));
    assert_eq!((office.receipts_through(), proxy.carried().connections()), (37, 1));
    let (up, down) = (proxy.carried().up(), proxy.carried().down());
    println!("37 entries over 200 kbit/s and 600 ms: {up} bytes up, {down} down, {} ms", began.elapsed().as_millis());
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_log_in_page_nothing_is_sent_and_afterwards_everything() {
    let scene = scene();
    let proxy = line(&scene, Pace::default(), |number| if number == 0 { Trouble::Portal } else { Trouble::Calm });
    let mut office = office(&scene, laptop(&scene.enrolment, 5), &proxy);
    let outcome = office.sync().await;
    assert!(not_ours(&outcome), "{outcome:?}");
    assert_eq!(proxy.carried().up(), 0);
    home(&mut office).await;
    assert_eq!(Arc::clone(&scene.station).replicas().unwrap()[0].entries, 5);
}
