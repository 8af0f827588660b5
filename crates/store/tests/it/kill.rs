//! kill -9 before any call to the disk and at any other moment. The process that is killed is this test program, started
//! again as a laptop at work over real files; what it had called durable is told over a pipe.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};

use rand::seq::IteratorRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::disk::{Fault, Mark, Watch};
use crate::scene::{Deed, Promise, Scene};

const FOLDER: &str = "FENGQIAO_PROOF_FOLDER";
const CALL: &str = "FENGQIAO_PROOF_CALL";
const WORK: [Deed; 8] =
    [Deed::Save, Deed::Import, Deed::Save, Deed::Backup, Deed::Save, Deed::Checkpoint, Deed::Save, Deed::Import];

/// Kills before a call; as many come at other moments.
fn kills() -> usize {
    std::env::var("FENGQIAO_PROOF_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

/// Does all the work there is, telling what it may promise.
fn work(scene: &mut Scene, watch: &Watch) {
    for deed in WORK {
        scene.perform(deed, watch).unwrap();
        for promise in scene.promises.drain(..) {
            println!("promise {}", promise.write());
        }
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn a_laptop_works_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        let mut scene = Scene::new();
        let watch = Watch::on(scene.laptop.folder.path());
        return work(&mut scene, &watch);
    };
    let watch = Watch::on(folder.as_ref());
    if let Some(call) = std::env::var(CALL).ok().and_then(|text| text.parse().ok()) {
        watch.fail_at(call, Fault::Kill);
    }
    let mut scene = Scene::over(folder.as_ref());
    work(&mut scene, &watch);
    println!("done {}", watch.calls());
    // a laptop that is switched off without a word
    std::process::exit(0);
}

fn start(folder: &std::path::Path, call: Option<u64>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "kill::a_laptop_works_until_it_is_killed", "--nocapture"]).env(FOLDER, folder);
    if let Some(call) = call {
        command.env(CALL, call.to_string());
    }
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Reads what a laptop tells, killing it after so many lines.
fn listen(child: &mut Child, lines: usize) -> Vec<String> {
    let mut told = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        told.push(line);
        if told.len() == lines {
            // SIGKILL; lines that were on their way count as well
            child.kill().unwrap();
        }
    }
    told
}

#[test]
fn what_was_called_saved_survives_kill_9_at_any_call_and_at_any_moment() {
    let mut template = Scene::new();
    template.laptop.store.checkpoint().unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let whole = template.copy();
    let told = listen(&mut start(whole.laptop.folder.path(), None), usize::MAX);
    let total: u64 = told.iter().find_map(|line| line.strip_prefix("done ")).unwrap().parse().unwrap();
    let calls: Vec<u64> = (1..total).sample(&mut rng, kills());
    let (mut killed, mut asked) = (0, 0);
    for kill in calls.iter().map(|call| Some(*call)).chain((0..kills()).map(|_| None)) {
        let scene = template.copy();
        let mut child = start(scene.laptop.folder.path(), kill);
        let lines = if kill.is_some() { usize::MAX } else { rng.random_range(1..told.len()) };
        let told = listen(&mut child, lines);
        killed += usize::from(child.wait().unwrap().signal() == Some(9));
        template.promises = told.iter().filter_map(|line| Promise::read(line.strip_prefix("promise ")?)).collect();
        asked += template.promises.len();
        let mark = Mark { promised: template.promises.len(), exchanges: 0 };
        let folder = scene.into_folder();
        template.assert_kept(folder, mark);
    }
    assert!(killed > kills() && asked > 10 * kills(), "{killed} killed, {asked} promises");
    println!("kill -9: {killed} killed, {asked} promises asked for");
}
