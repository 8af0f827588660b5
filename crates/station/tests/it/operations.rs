//! `docs/operations.md` is run from top to bottom, as the keeper of a station would.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use station::Station;
use station::http::SYNC_PATH;
use sync::crypto::{self, KdfParams};
use sync::enrolment::{self, EnrolmentCode};
use tempfile::TempDir;

use crate::bundle::bundle;
use crate::command_line::key_file;
use crate::kit::{Disk, cell, document_id, replica_id};
use crate::server::{Server, client, post, runtime};

/// Commands of the system that the page may name; they are not ours to test.
const OF_THE_SYSTEM: [&str; 6] = ["install", "useradd", "systemctl", "journalctl", "curl", "#"];

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// What the page asks for, in order.
enum Step {
    /// Lines for a shell.
    Run(String),
    /// The command that runs the server.
    Serve(String),
    /// Lines for the machine's own tools.
    System(String),
    /// Something a laptop does meanwhile.
    Meanwhile(String),
}

fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(word) = line.strip_prefix("<!-- test: ") {
            steps.push(Step::Meanwhile(word.trim_end_matches(" -->").to_owned()));
        }
        let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let block = block.join("\n");
        steps.push(match kind {
            "sh" => Step::Run(block),
            "sh serve" => Step::Serve(block),
            "sh system" => Step::System(block),
            other => panic!("a block of kind {other}"),
        });
    }
    steps
}

/// The keeper's machine, moved into one folder.
struct Machine {
    folder: TempDir,
    code: Option<String>,
    recovery_code: Option<String>,
    laptop: Option<Disk>,
    act: String,
}

impl Machine {
    fn station(&self) -> PathBuf {
        self.folder.path().join("var/lib/fengqiao")
    }

    /// Paths of the page in the folder of the test, and its words in capitals.
    fn here(&self, text: &str) -> String {
        let root = self.folder.path().display();
        text.replace("/var/lib/fengqiao", &format!("{root}/var/lib/fengqiao"))
            .replace("/srv/fengqiao-backup", &format!("{root}/srv/fengqiao-backup"))
            .replace("/media/stick", &format!("{root}/media/stick"))
            .replace("REPLICA", &self.laptop.as_ref().map(|one| one.replica.to_string()).unwrap_or_default())
            .replace("ACT", &self.act)
    }

    /// Runs a block with the newest code ready to be typed, and keeps codes that are printed.
    fn run(&mut self, block: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_fengqiao-station"));
        let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
        let mut said = String::new();
        for line in self.here(block).lines() {
            let mut child = Command::new("sh")
                .args(["-euc", line])
                .env("PATH", &path)
                .current_dir(self.folder.path())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let typed = if line.contains("recover ") { &self.recovery_code } else { &self.code };
            // Most commands ask for nothing and may have gone already.
            let _ = writeln!(child.stdin.take().unwrap(), "{}", typed.clone().unwrap_or_default());
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
            said.push_str(&String::from_utf8(output.stdout).unwrap());
        }
        for line in said.lines() {
            if let Some(code) = line.strip_prefix("Recovery code: ") {
                self.recovery_code = Some(code.to_owned());
                self.code = Some(code.to_owned());
            } else if let Some(code) = line.strip_prefix("Backup code: ") {
                self.code = Some(code.to_owned());
            }
        }
        said
    }

    /// The server comes up as on the page, is healthy, serves what the page names, and goes when told to.
    fn serve(&self, line: &str, metrics: &BTreeSet<String>) {
        let line = self.here(line).replace("0.0.0.0:8443", "127.0.0.1:0").replace("127.0.0.1:9464", "127.0.0.1:0");
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_fengqiao-station"));
        command.args(&words[1..]).stderr(Stdio::null());
        let mut server = Server::run(command);
        let (watch, runtime) = (server.watch.clone().unwrap(), runtime());
        let client = client(&Station::open(&self.station()).unwrap());
        let read = |path: &str| {
            let sent = client.get(format!("{watch}{path}")).send();
            runtime.block_on(async { sent.await.unwrap().error_for_status().unwrap().text().await.unwrap() })
        };
        assert!(read("/health/ready").contains("\"ready\""));
        read("/health/live");
        let answer = runtime.block_on(post(&client, server.url(SYNC_PATH), b"no request".to_vec()));
        assert!(answer.is_ok());
        let told = read("/metrics");
        for name in metrics {
            let family = name.trim_end_matches("_total").trim_end_matches("_bucket");
            assert!(told.contains(&format!("# TYPE {family} ")), "{name} is on the page and not in\n{told}");
        }
        assert!(server.order("TERM").success());
    }

    fn meanwhile(&mut self, what: &str, said: &str) {
        let station = Station::open(&self.station()).unwrap();
        match what {
            "the laptop works" => {
                let code: EnrolmentCode =
                    said.lines().find_map(|line| line.strip_prefix("Code: ")).unwrap().parse().unwrap();
                let file = std::fs::read(self.folder.path().join("QF-07.fqenrol")).unwrap();
                let mut laptop = Disk::enrolled(&enrolment::open_file(&file, &code).unwrap().enrolment, 1);
                laptop.write(&cell("QF-01"), document_id(1), "name", "一");
                laptop.write(&cell("QF-99"), document_id(2), "name", "二");
                laptop.complete(&station);
                self.laptop = Some(laptop);
                self.act = station.set_aside().unwrap()[0].act.to_string();
                let recovery = station.directory().unwrap().recovery_key;
                let context = [b"fengqiao data key 1".as_slice(), replica_id(1).as_bytes()].concat();
                let by_recovery = crypto::seal_box(&recovery, [6; 32], &context, &[5; 32]);
                let keys = key_file(replica_id(1), KdfParams::FLOOR, recovery, &by_recovery);
                std::fs::write(self.folder.path().join("keys.cbor"), keys).unwrap();
            }
            "the laptop writes a stick" => {
                let bundles = self.folder.path().join("media/stick/fengqiao");
                std::fs::create_dir_all(&bundles).unwrap();
                std::fs::write(bundles.join("QF-07.fqout"), bundle(self.laptop.as_ref().unwrap(), 1)).unwrap();
            }
            "the laptop syncs" => {
                let laptop = self.laptop.as_mut().unwrap();
                laptop.complete(&station);
                laptop.complete(&station);
            }
            other => panic!("{other}"),
        }
    }
}

/// Names of metrics on the page.
fn metrics(page: &str) -> BTreeSet<String> {
    let words = page.split(|one: char| !(one.is_ascii_alphanumeric() || one == '_'));
    words.filter(|word| word.starts_with("fengqiao_")).map(str::to_owned).collect()
}

#[test]
fn every_command_of_the_operations_page_works_in_its_order() {
    let page = std::fs::read_to_string(docs().join("operations.md")).unwrap();
    let metrics = metrics(&page);
    assert!(metrics.len() > 8);
    let folder = TempDir::new().unwrap();
    std::fs::create_dir_all(folder.path().join("srv/fengqiao-backup")).unwrap();
    std::fs::create_dir_all(folder.path().join("media/stick")).unwrap();
    let mut machine = Machine { folder, code: None, recovery_code: None, laptop: None, act: String::new() };
    let (mut said, mut commands) = (String::new(), BTreeSet::new());
    for step in steps(&page) {
        match step {
            Step::Run(block) => {
                commands.extend(block.lines().map(str::to_owned));
                said = machine.run(&block);
            }
            Step::Serve(line) => {
                // A laptop has to have been there for every metric to be told.
                commands.insert(line.clone());
            }
            Step::System(block) => {
                let known = |line: &&str| OF_THE_SYSTEM.iter().any(|word| line.starts_with(word));
                assert!(block.lines().all(|line| known(&line)), "{block}");
            }
            Step::Meanwhile(what) => machine.meanwhile(&what, &said),
        }
    }
    let serve = commands.iter().find(|line| line.contains(" serve ")).unwrap();
    machine.serve(serve, &metrics);
    let act = std::fs::read_to_string(machine.folder.path().join("act.json")).unwrap();
    assert!(act.contains(&machine.act));
    for (unit, command) in [("fengqiao-station.service", " serve "), ("fengqiao-backup.service", " backup ")] {
        let text = std::fs::read_to_string(docs().join("systemd").join(unit)).unwrap();
        let start = text.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/bin/")).unwrap();
        assert!(start.contains(command) && commands.contains(start), "{unit} runs what the page does not: {start}");
    }
}
