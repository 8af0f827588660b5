//! A station and its laptops in one process, with virtual time. Owns setting up and driving; must not hold expectations.

use std::sync::Arc;

use app::{App, Port};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use station::edit::{add_cell, add_officer, assign};
use station::{Founding, FoundingSeeds, Issue, Station};
use sync::crypto::KdfParams;
use sync::directory::{AssignedTo, Assignment, DataKind, Officer, Role, Village};
use sync::enrolment::{EnrolmentCode, write_file};
use sync::ids::{OfficerId, ReplicaId, ScopeId, StationId};
use sync::laptop::{Input, Laptop as Engine, Outcome};
use uuid::Uuid;

use crate::test_host::{BEGIN_MS, TestHost};

pub(crate) const PASSPHRASE: &str = "枫桥 2026 shift";
pub(crate) const VILLAGE: &str = "330681001201";
pub(crate) const OTHER_VILLAGE: &str = "330681001202";

/// A station.
pub(crate) struct World {
    pub(crate) station: Station,
    pub(crate) folder: tempfile::TempDir,
}

/// A laptop, enrolled and unlocked.
pub(crate) struct Laptop {
    pub(crate) host: Arc<TestHost>,
    pub(crate) app: Arc<App>,
    pub(crate) replica: String,
}

impl World {
    /// A station with two cells of one village each.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let id = StationId::from_bytes([7; 16]);
        let founding = Founding {
            station: id,
            name: "枫溪派出所".into(),
            division: "330681".into(),
            data_kind: DataKind::MadeUp,
            recovery_code: EnrolmentCode::from_random([3; 12]),
            kdf: KdfParams::FLOOR,
            certificates: Some(station::tls::Certificates::generate(id).unwrap()),
            seeds: FoundingSeeds {
                database_key: [1; 32],
                signing: [2; 32],
                recovery: [3; 32],
                recovery_salt: [4; 16],
                recovery_nonce: [5; 24],
            },
        };
        let station = Station::create(folder.path(), founding, BEGIN_MS).unwrap();
        let world = Self { station, folder };
        world.cell("QF-03", "石桥头网格", VILLAGE, "石桥头村");
        world.cell("QF-05", "杨家坞网格", OTHER_VILLAGE, "杨家坞村");
        world
    }

    pub(crate) fn cell(&self, code: &str, name: &str, village: &str, village_name: &str) {
        let villages = [Village { code: village.into(), name: village_name.into() }];
        self.station.edit("cell", BEGIN_MS, |directory| add_cell(directory, code, name, &villages)).unwrap();
    }

    /// An officer who holds cells.
    pub(crate) fn officer(&self, number: u8, name: &str, role: Role, cells: &[&str]) -> OfficerId {
        let id = OfficerId::from_bytes([number; 16]);
        let officer = Officer { id, name: name.into(), police_number: format!("33{number:04}"), role };
        self.station.edit("officer", BEGIN_MS, |directory| add_officer(directory, officer)).unwrap();
        for cell in cells {
            let assignment = Assignment {
                officer: id,
                to: AssignedTo::Scope(ScopeId::cell(cell).unwrap()),
                from_on: "2020-01-01".into(),
                to_on: None,
            };
            self.station.edit("assign", BEGIN_MS, |directory| assign(directory, assignment)).unwrap();
        }
        id
    }

    /// The enrolment file of an officer's new laptop, in base64, and its code.
    pub(crate) fn enrolment(&self, officer: OfficerId, label: &str) -> (String, String) {
        let [tag, ..] = *officer.as_bytes();
        let issue = Issue {
            officer,
            laptop_label: label.into(),
            replica: ReplicaId(Uuid::from_bytes([tag.wrapping_add(100); 16])),
            token: [tag; 32],
            servers: vec!["https://127.0.0.1:1".into()],
        };
        let enrolment = self.station.issue(&issue, BEGIN_MS).unwrap();
        let code = EnrolmentCode::from_random([tag; 12]);
        let file = write_file(&enrolment, &code, KdfParams::FLOOR, [9; 16], [8; 24]).unwrap();
        (STANDARD.encode(file), code.to_string())
    }

    /// A laptop of an officer, unlocked.
    pub(crate) fn laptop(&self, officer: OfficerId, label: &str) -> Laptop {
        let [tag, ..] = *officer.as_bytes();
        self.enrolled(&self.enrolment(officer, label), u64::from(tag))
    }

    /// Two laptops that one enrolment file was opened on.
    pub(crate) fn twins(&self, officer: OfficerId, label: &str) -> [Laptop; 2] {
        let file = self.enrolment(officer, label);
        [201, 202].map(|seed| self.enrolled(&file, seed))
    }

    fn enrolled(&self, (file, code): &(String, String), seed: u64) -> Laptop {
        let host = TestHost::new(seed);
        let app = App::with_kdf(Arc::clone(&host) as Arc<dyn app::Host>, KdfParams::FLOOR);
        let laptop = Laptop { host, app, replica: String::new() };
        let profile = laptop.call("enrol", json!({ "file_base64": file, "code": code, "passphrase": PASSPHRASE }));
        let replica = profile["replica"].as_str().unwrap().to_owned();
        laptop.call("unlock", json!({ "replica": replica, "passphrase": PASSPHRASE }));
        Laptop { replica, ..laptop }
    }

    /// One exchange, until it ends.
    pub(crate) fn sync(&self, laptop: &Laptop) -> Outcome {
        let port = laptop.app.exchange().expect("unlocked");
        drive(&*port, |bytes| self.station.exchange(bytes, laptop.host_now()))
    }
}

/// Drives the engine over a port and a way to the station.
pub(crate) fn drive(port: &dyn Port, station: impl Fn(&[u8]) -> Vec<u8>) -> Outcome {
    let mut engine = Engine::new(port.link().unwrap().laptop);
    let mut input = Some(Input::SyncRequested);
    port.began();
    for _ in 0..10_000 {
        let effects = engine.handle(port.now_ms(), input.take().expect("the engine waits for nobody"));
        if let Some(progress) = &effects.progress {
            port.progress(progress, 0, 0);
        }
        if let Some(outcome) = effects.finished {
            port.ended(&outcome);
            return outcome;
        }
        input = if let Some(load) = effects.load {
            Some(match port.load(&load) {
                Ok(loaded) => Input::Loaded { ticket: load.ticket, loaded: Box::new(loaded) },
                Err(failure) => Input::LoadFailed { ticket: load.ticket, failure },
            })
        } else if let Some(send) = effects.send {
            Some(Input::ResponseArrived { ticket: send.ticket, bytes: station(&send.bytes) })
        } else {
            effects.store.map(|store| Input::Stored { ticket: store.ticket, result: port.store(&store.batch) })
        };
    }
    panic!("the exchange did not end");
}

impl Laptop {
    pub(crate) fn host_now(&self) -> i64 {
        use app::Host;
        self.host.now_ms()
    }

    /// A command that must succeed.
    pub(crate) fn call(&self, command: &str, request: Value) -> Value {
        self.app.call(command, request.clone()).unwrap_or_else(|error| panic!("{command} {request}: {error:?}"))
    }

    /// The code a command must fail with.
    pub(crate) fn fails(&self, command: &str, request: Value) -> String {
        match self.app.call(command, request) {
            Ok(value) => panic!("{command} answered {value}"),
            Err(error) => error.code,
        }
    }

    /// A household with its head: ids of both.
    pub(crate) fn household(&self, address: &str, head: &str, phone: &str) -> (String, String) {
        let written = self.call(
            "household_create",
            json!({
                "cell": "QF-03", "village": VILLAGE, "address": address,
                "fields": { "kind": "family", "phone": phone },
                "head": { "name": head, "phone": phone },
            }),
        );
        let household = written["document"].as_str().unwrap().to_owned();
        let page = self.call("household_open", json!({ "document": household }));
        let resident = page["members"][0]["resident"].as_str().unwrap().to_owned();
        (household, resident)
    }

    /// Waits for a job and gives how it ended.
    pub(crate) fn finish(&self, job: &Value) -> Value {
        let job = job["job"].as_str().unwrap();
        for _ in 0..200_000 {
            let status = self.call("job_status", json!({ "job": job }));
            if status["state"] != "running" {
                return status;
            }
            std::thread::yield_now();
        }
        panic!("the job did not end");
    }

    /// Views made anew equal the live ones, and the file is sound.
    pub(crate) fn sound(&self) {
        let started = self.call("data_check", json!({}));
        let ended = self.finish(&started);
        assert_eq!(ended["state"], "done", "{ended}");
        let checked = self.call("data_checked", started);
        assert_eq!((&checked["differences"], &checked["integrity_ok"]), (&json!(0), &json!(true)), "{checked}");
    }
}
