//! A laptop, its driver, and what it hears from the other end.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use link::Signal;
use station::Station;
use sync::enrolment::Enrolment;
use sync::ids::StationId;
use sync::laptop::{FailReason, Outcome, RequestFailure};
use sync::wire::WireFault;
use tempfile::TempDir;

use crate::kit::{self, Disk, cell, document_id};
use crate::port::{Office, is_done, reason};
use crate::servers::{self, Direction, Says, url};

pub(crate) struct Scene {
    _dir: TempDir,
    pub(crate) station: Arc<Station>,
    pub(crate) enrolment: Enrolment,
}

/// A served station and an enrolment for officer 1.
pub(crate) fn scene() -> Scene {
    let dir = TempDir::new().unwrap();
    let (listener, address) = servers::reserve();
    let station = Arc::new(kit::found(dir.path()));
    let enrolment = kit::issue(&station, 1, 1, vec![url(address)]);
    servers::serve(Arc::clone(&station), listener);
    Scene { _dir: dir, station, enrolment }
}

/// A laptop with entries whose text does not compress.
pub(crate) fn laptop(enrolment: &Enrolment, entries: u64) -> Disk {
    let mut disk = Disk::enrolled(enrolment, 1);
    for number in 0..entries {
        let text: String =
            (0..12).map(|part| sync::crypto::sha256(&(number * 100 + part).to_be_bytes()).to_string()).collect();
        disk.write(&cell("A"), document_id(number), "notes", &text);
    }
    disk
}

pub(crate) fn not_ours(outcome: &Outcome) -> bool {
    // The engine tries again by itself: a portal goes away once somebody has logged in.
    matches!(outcome, Outcome::Failed { reason: FailReason::Wire(WireFault::NotOurProtocol), retry_at_ms: Some(_), .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_written_reaches_the_station_and_comes_back_as_receipts() {
    let scene = scene();
    let mut office = Office::open(laptop(&scene.enrolment, 300), &scene.enrolment);
    let outcome = office.sync().await;
    let Outcome::Done { report } = &outcome else { panic!("{outcome:?}") };
    assert_eq!((report.receipted, report.refused), (300, 0));
    assert_eq!(office.receipts_through(), 300);
    assert_eq!(scene.station.replicas().unwrap()[0].entries, 300);
    // The bytes shown last are all that went over the line.
    assert_eq!(office.port.shown.lock().unwrap().last(), Some(&(report.bytes_sent, report.bytes_received)));

    office.port.disk.lock().unwrap().write(&cell("A"), document_id(1), "phone", "1");
    assert!(is_done(&office.sync().await));
    assert_eq!(office.receipts_through(), 301);
    assert_eq!(*office.port.begun.lock().unwrap(), 2);
    office.tell(Signal::Stop).await;
    office.task.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_is_sent_without_being_asked_for() {
    let scene = scene();
    let mut office = Office::open(laptop(&scene.enrolment, 1), &scene.enrolment);
    office.tell(Signal::NewWork).await;
    office.tell(Signal::NewWork).await;
    assert!(is_done(&office.ended().await));
    assert_eq!(office.receipts_through(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_stations_server_is_not_believed_and_gets_nothing() {
    let (scene, other) = (scene(), TempDir::new().unwrap());
    let elsewhere = Arc::new(kit::found_as(other.path(), StationId(kit::uuid(1, 2)), 2));
    let (listener, address) = servers::reserve();
    servers::serve(Arc::clone(&elsewhere), listener);
    let disk = laptop(&scene.enrolment, 1);
    let mut office = Office::open_at(disk, vec![url(address)], vec![scene.enrolment.tls_pin]);
    let outcome = office.sync().await;
    assert_eq!(reason(&outcome), FailReason::Request(RequestFailure::PinMismatch));
    assert_eq!(office.port.shown.lock().unwrap().iter().map(|shown| shown.0).max(), Some(0));
    assert!(elsewhere.replicas().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_with_its_own_certificate_is_told_apart_from_another_station() {
    let scene = scene();
    let portal = servers::impostor(servers::foreign_tls(), Says::LogInPage);
    let disk = laptop(&scene.enrolment, 1);
    let mut office = Office::open_at(disk, vec![url(portal)], vec![scene.enrolment.tls_pin]);
    let outcome = office.sync().await;
    assert!(not_ours(&outcome), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_page_is_not_the_station_even_under_the_right_key() {
    let scene = scene();
    let tls = scene.station.certificates().unwrap().server_config().unwrap();
    let page = servers::impostor(tls, Says::LogInPage);
    let disk = laptop(&scene.enrolment, 1);
    let mut office = Office::open_at(disk, vec![url(page)], vec![scene.enrolment.tls_pin]);
    let outcome = office.sync().await;
    assert!(not_ours(&outcome), "{outcome:?}");
    assert_eq!(office.receipts_through(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_not_the_station() {
    let scene = scene();
    let portal = servers::plain_impostor(Says::LogInPage);
    let disk = laptop(&scene.enrolment, 1);
    let mut office = Office::open_at(disk, vec![url(portal)], vec![scene.enrolment.tls_pin]);
    let outcome = office.sync().await;
    assert!(not_ours(&outcome), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed() {
    let scene = scene();
    let tls = scene.station.certificates().unwrap().server_config().unwrap();
    let redirect = servers::impostor(tls, Says::Redirect);
    let disk = laptop(&scene.enrolment, 1);
    let mut office = Office::open_at(disk, vec![url(redirect)], vec![scene.enrolment.tls_pin]);
    assert_eq!(reason(&office.sync().await), FailReason::Request(RequestFailure::Status { code: 302 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_is_cut_off() {
    let scene = scene();
    let tls = scene.station.certificates().unwrap().server_config().unwrap();
    let endless = servers::impostor(tls, Says::EndlessAnswer);
    let disk = laptop(&scene.enrolment, 1);
    let mut office = Office::open_at(disk, vec![url(endless)], vec![scene.enrolment.tls_pin]);
    assert_eq!(reason(&office.sync().await), FailReason::Request(RequestFailure::TooLong));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_unreachable_and_the_next_address_is_tried() {
    let scene = scene();
    let pins = vec![scene.enrolment.tls_pin];
    let disk = laptop(&scene.enrolment, 1);
    let mut office = Office::open_at(disk, vec![url(servers::nobody())], pins.clone());
    let outcome = office.sync().await;
    assert_eq!(reason(&outcome), FailReason::Request(RequestFailure::Unreachable));

    let mut servers = vec![url(servers::nobody())];
    servers.extend(scene.enrolment.servers.clone());
    let mut office = Office::open_at(laptop(&scene.enrolment, 2), servers, pins);
    assert!(is_done(&office.sync().await));
    assert_eq!(office.receipts_through(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_on_the_way_to_the_station_costs_nothing_but_the_cut_part() {
    let scene = scene();
    let to = scene.enrolment.servers[0].trim_start_matches("https://").parse().unwrap();
    let line = servers::bad_line(to, Direction::ToStation, 20_000, 1);
    let disk = laptop(&scene.enrolment, 100);
    let mut office = Office::open_at(disk, vec![url(line.address)], vec![scene.enrolment.tls_pin]);
    assert_eq!(reason(&office.sync().await), FailReason::Request(RequestFailure::Interrupted));
    assert_eq!(office.receipts_through(), 0);
    office.tell(Signal::MaybeOnline).await;
    assert!(is_done(&office.ended().await));
    assert_eq!(office.receipts_through(), 100);
    assert_eq!(scene.station.replicas().unwrap()[0].entries, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_in_the_middle_of_an_answer_is_resumed_and_nothing_comes_twice() {
    let scene = scene();
    let mut first = Office::open(laptop(&scene.enrolment, 200), &scene.enrolment);
    assert!(is_done(&first.sync().await));

    let enrolment = kit::issue(&scene.station, 2, 2, scene.enrolment.servers.clone());
    let to = scene.enrolment.servers[0].trim_start_matches("https://").parse().unwrap();
    let line = servers::bad_line(to, Direction::ToLaptop, 30_000, 2);
    let disk = Disk::enrolled(&enrolment, 2);
    let mut second = Office::open_at(disk, vec![url(line.address)], vec![enrolment.tls_pin]);
    let outcome = second.sync().await;
    assert_eq!(reason(&outcome), FailReason::Request(RequestFailure::Interrupted), "{outcome:?}");
    let mut tries = 1;
    loop {
        second.tell(Signal::MaybeOnline).await;
        tries += 1;
        if is_done(&second.ended().await) {
            break;
        }
        assert!(tries < 5);
    }
    assert_eq!(line.carried.load(Ordering::SeqCst), tries);
    let disk = second.port.disk.lock().unwrap();
    assert_eq!(disk.documents.len(), 200);
    assert_eq!(disk.log_of(&cell("A")).len(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_who_cancels_does_not_wait_for_a_silent_server() {
    let scene = scene();
    let tls = scene.station.certificates().unwrap().server_config().unwrap();
    let silent = servers::impostor(tls, Says::Nothing);
    let disk = laptop(&scene.enrolment, 1);
    let mut office = Office::open_at(disk, vec![url(silent)], vec![scene.enrolment.tls_pin]);
    office.tell(Signal::Now).await;
    office.tell(Signal::Cancel).await;
    assert!(matches!(office.ended().await, Outcome::Cancelled { .. }));
    office.tell(Signal::Stop).await;
    office.task.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_the_directory_names_later_is_believed_by_a_driver_at_work() {
    let scene = scene();
    let disk = laptop(&scene.enrolment, 1);
    let mut office = Office::open_at(disk, scene.enrolment.servers.clone(), vec![sync::ids::Hash([9; 32])]);
    assert_eq!(reason(&office.sync().await), FailReason::Request(RequestFailure::PinMismatch));
    *office.port.pins.lock().unwrap() = vec![scene.enrolment.tls_pin];
    // keys are looked at when an attempt has ended, beside the next one
    for _ in 0..20 {
        if is_done(&office.sync().await) {
            return;
        }
    }
    panic!("the key is never believed");
}
