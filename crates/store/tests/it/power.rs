//! The power is cut before any call to the disk; what was not synced by then is lost, in part or torn. What was called saved,
//! received or backed up is there afterwards, and the laptop goes on.

use std::collections::BTreeSet;

use rand::SeedableRng as _;
use rand::seq::IteratorRandom as _;
use rand_chacha::ChaCha8Rng;
use store::{Store, check, restore};

use crate::disk::{Cut, Kept, Mark, Watch, lay};
use crate::scene::{Deed, Scene};

const SHIFT: [Deed; 11] = [
    Deed::Save,
    Deed::SyncOut,
    Deed::Save,
    Deed::Import,
    Deed::SyncIn,
    Deed::Checkpoint,
    Deed::Save,
    Deed::Backup,
    Deed::Save,
    Deed::Checkpoint,
    Deed::SyncOut,
];

/// Moments at which the power is cut; three things may be found after each.
fn moments() -> usize {
    std::env::var("FENGQIAO_PROOF_CUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(50)
}

/// How the writer syncs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writer {
    AsShipped,
    /// `synchronous=NORMAL`: a commit does not wait for the disk.
    Lazy,
}

/// Plays a shift once to count its calls, then once more with cuts. Gives the scene with its cuts.
fn shift(writer: Writer, moments: usize, seed: u64) -> (Scene, Vec<Cut>) {
    let total = play(writer, &BTreeSet::new(), seed).2;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let at = (1..=total).sample(&mut rng, moments).into_iter().collect();
    let (scene, cuts, _) = play(writer, &at, seed);
    (scene, cuts)
}

fn play(writer: Writer, at: &BTreeSet<u64>, seed: u64) -> (Scene, Vec<Cut>, u64) {
    let mut scene = Scene::new();
    let watch = Watch::on(scene.laptop.folder.path());
    watch.cut_at(at.clone(), seed);
    if writer == Writer::Lazy {
        scene.laptop.store.sync_lazily_for_tests().unwrap();
    }
    for deed in SHIFT {
        scene.perform(deed, &watch).unwrap();
    }
    (scene, watch.cuts(), watch.calls())
}

#[test]
fn what_was_called_durable_survives_a_power_cut_at_any_call() {
    let (scene, cuts) = shift(Writer::AsShipped, moments(), 1);
    let mut kinds = BTreeSet::new();
    let mut promised = 0;
    for cut in &cuts {
        let folder = tempfile::tempdir().unwrap();
        lay(&cut.tree, scene.laptop.folder.path(), folder.path());
        kinds.insert((cut.kept as u8, cut.mark.exchanges));
        promised += cut.mark.promised;
        scene.assert_kept(folder, cut.mark);
    }
    // the cuts were real: in every phase, of every kind
    assert!(cuts.len() >= 100 && kinds.len() >= 9 && promised > cuts.len(), "{kinds:?}");
    println!("power cuts: {} survived, {promised} promises asked for", cuts.len());
}

#[test]
fn a_restored_replica_survives_a_power_cut_at_any_call() {
    let scene = Scene::new();
    let backup = scene.laptop.store.backup(&scene.laptop.folder.path().join("backups"), "b").unwrap().path;
    let restore = |at: BTreeSet<u64>| {
        let data = tempfile::tempdir().unwrap();
        let watch = Watch::on(data.path());
        watch.cut_at(at, 3);
        let random = crate::keys::random();
        let restored =
            restore::into_new(&backup, data.path(), crate::keys::PASSPHRASE, &crate::backups::new(&random)).unwrap();
        watch.mark(Mark { promised: 1, exchanges: 0 });
        restored.store.set_certified().unwrap();
        drop(restored);
        (watch.calls(), watch.cuts(), data)
    };
    let total = restore(BTreeSet::new()).0;
    let (_, cuts, data) = restore((1..=total).step_by(7).chain(total - 12..=total).collect());
    let mut promised = 0;
    for cut in &cuts {
        let found = tempfile::tempdir().unwrap();
        lay(&cut.tree, data.path(), found.path());
        let replicas = store::replica::list(found.path()).unwrap();
        promised += cut.mark.promised;
        // not promised yet: nothing, or something that is not taken for a replica
        for (replica, _) in &replicas {
            let store = Store::open(&store::replica::folder(found.path(), *replica), &scene.laptop.key).unwrap();
            check::assert_rebuild_equals_live(&store);
        }
        assert!(cut.mark.promised <= replicas.len(), "call {} {:?}", cut.call, cut.kept);
    }
    assert!(promised > 9, "{promised}");
}

#[test]
fn a_store_that_does_not_wait_for_its_disk_is_caught() {
    let (scene, cuts) = shift(Writer::Lazy, 60, 2);
    let mut caught = 0;
    for cut in cuts.iter().filter(|cut| cut.kept == Kept::Nothing) {
        let folder = tempfile::tempdir().unwrap();
        lay(&cut.tree, scene.laptop.folder.path(), folder.path());
        caught += usize::from(!scene.lost(folder.path(), cut.mark.promised).is_empty());
    }
    assert!(caught > 10, "{caught}");
    println!("synchronous=NORMAL: {caught} of 60 cuts lost what was called saved");
}
