//! kill -9 of a station, before any call to its disk and between any two requests. The process that is killed is this test
//! program, started again as a station that takes requests from a pipe; two laptops go on with whatever comes up again.

use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use station::Station;
use sync::laptop::{Outcome, RequestFailure};
use tempfile::TempDir;

use crate::disk::{Fault, Watch};
use crate::durable::Laptops;
use crate::kit::{self, NOW_MS, cell, document_id};

const FOLDER: &str = "FENGQIAO_PROOF_FOLDER";
const CALL: &str = "FENGQIAO_PROOF_CALL";
/// Answers follow this on the pipe, where the test runner writes as well.
const MARK: &[u8] = b"\x00answer\x00";
/// Calls to the disk of one request, roughly.
const CALLS_MOST: u64 = 160;

fn kills() -> u64 {
    std::env::var("FENGQIAO_PROOF_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(120)
}

#[test]
fn a_station_answers_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return no_station_in_an_empty_folder() };
    let watch = Watch::on(folder.as_ref());
    if let Some(call) = std::env::var(CALL).ok().and_then(|text| text.parse().ok()) {
        watch.fail_at(call, Fault::Kill);
    }
    let station = Station::open(folder.as_ref()).unwrap();
    let (mut requests, mut answers) = (std::io::stdin().lock(), std::io::stdout());
    let mut length = [0; 4];
    while requests.read_exact(&mut length).is_ok() {
        let mut request = vec![0; u32::from_be_bytes(length) as usize];
        requests.read_exact(&mut request).unwrap();
        let answer = station.exchange(&request, NOW_MS);
        let length = u32::try_from(answer.len()).unwrap().to_be_bytes();
        answers.write_all(&[MARK, &length, &answer].concat()).unwrap();
        answers.flush().unwrap();
    }
    std::process::exit(0);
}

fn no_station_in_an_empty_folder() {
    assert!(Station::open(TempDir::new().unwrap().path()).is_err());
}

/// A station in another process.
struct Process(Child);

impl Process {
    fn start(folder: &Path, call: Option<u64>) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "kill::a_station_answers_until_it_is_killed", "--nocapture"]).env(FOLDER, folder);
        if let Some(call) = call {
            command.env(CALL, call.to_string());
        }
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        Self(pipes.spawn().unwrap())
    }

    /// A request over the pipe; the answer, unless it dies.
    fn exchange(&mut self, request: &[u8]) -> Option<Vec<u8>> {
        let length = u32::try_from(request.len()).unwrap().to_be_bytes();
        let into = self.0.stdin.as_mut().unwrap();
        into.write_all(&[&length, request].concat()).ok()?;
        into.flush().ok()?;
        let from = self.0.stdout.as_mut().unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(MARK) {
            let mut byte = [0];
            from.read_exact(&mut byte).ok()?;
            seen.extend_from_slice(&byte);
        }
        let mut length = [0; 4];
        from.read_exact(&mut length).ok()?;
        let mut answer = vec![0; u32::from_be_bytes(length) as usize];
        from.read_exact(&mut answer).ok()?;
        Some(answer)
    }

    fn end(mut self) -> bool {
        let _ = self.0.kill();
        self.0.wait().unwrap().signal() == Some(9)
    }
}

#[test]
fn what_has_a_receipt_survives_kill_9_of_the_station_at_any_call_and_between_requests() {
    let dir = TempDir::new().unwrap();
    let station = kit::found(dir.path());
    let mut laptops = Laptops::of(&station);
    drop(station);
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let (mut died_inside, mut killed) = (0, 0);
    for number in 0..kills() {
        laptops.one.write(&cell("A"), document_id(number), "name", "一");
        laptops.two.write(&cell("A"), document_id(number), "phone", "二");
        let at_a_call = number % 2 == 0;
        let mut process = Process::start(dir.path(), at_a_call.then(|| rng.random_range(1..CALLS_MOST)));
        let mut answers_left = if at_a_call { u32::MAX } else { rng.random_range(0..3) };
        for laptop in [&mut laptops.one, &mut laptops.two] {
            let outcome = laptop.sync(|bytes| {
                if answers_left == 0 {
                    let _ = process.0.kill();
                }
                answers_left = answers_left.saturating_sub(1);
                process.exchange(&bytes).ok_or(RequestFailure::Interrupted)
            });
            died_inside += u32::from(!matches!(outcome, Outcome::Done { .. }));
        }
        killed += u64::from(process.end());
        // every tenth time the station is looked into; the laptops of the look go their own way
        if number % 10 == 0 {
            let copy = TempDir::new().unwrap();
            for entry in std::fs::read_dir(dir.path()).unwrap() {
                let path = entry.unwrap().path();
                std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
            }
            laptops.assert_kept(&Station::open(copy.path()).unwrap());
        }
    }
    let station = Station::open(dir.path()).unwrap();
    laptops.assert_kept(&station);
    assert!(killed == kills() && died_inside > 20, "{killed} killed, {died_inside} exchanges cut");
    println!("station: {killed} times kill -9, {died_inside} exchanges cut by it");
}
