//! A backup reads back; restored it is another replica, and unsent work goes with it.

use domain::kind::Kind;
use store::restore::{self, NewReplica};
use store::{StoreError, replica};
use sync::crypto::KdfParams;
use sync::ids::ReplicaId;
use sync::lane::{self, Replaces};
use sync::laptop::LoadFrom;

use crate::keys::{PASSPHRASE, give_keys, random};
use crate::support::{Laptop, Station, load, set};

pub(crate) fn new(random: store::Random<'_>) -> NewReplica<'_> {
    NewReplica {
        replica: ReplicaId::from_bytes([42; 16]),
        signing_key: zeroize::Zeroizing::new([43; 32]),
        params: KdfParams::FLOOR,
        now_ms: 1,
        random,
    }
}

#[test]
fn a_restored_backup_is_a_new_replica_with_the_unsent_work() {
    let (alice, mut station) = (Laptop::new(1), Station::new());
    give_keys(&alice);
    let sent = alice.create(Kind::Resident, &[set("name", "赵荣江")]);
    station.sync(&alice);
    alice.edit(sent.document, &[set("phone", "1")]);
    alice.create(Kind::Visit, &[set("notes", "户主在家")]);
    let data = tempfile::tempdir().unwrap();
    let made = alice.store.backup(&data.path().join("backups"), "青枫-07").unwrap();
    assert!(made.entries == 3 && made.bytes > 4096 && made.path.ends_with("青枫-07.fqbackup"));
    assert!(matches!(alice.store.backup(&data.path().join("backups"), "青枫-07"), Err(StoreError::AlreadyExists)));

    let random = random();
    let wrong = restore::into_new(&made.path, data.path(), "another", &new(&random));
    assert!(matches!(wrong, Err(StoreError::WrongPassphrase)));
    let restored = restore::into_new(&made.path, data.path(), PASSPHRASE, &new(&random)).unwrap();
    assert_eq!((restored.carried, restored.predecessor.replica), (2, alice.replica));
    let identity = restored.store.identity().unwrap();
    assert_eq!(
        (identity.replica, identity.predecessor, identity.certified),
        (ReplicaId::from_bytes([42; 16]), Some(alice.replica), false)
    );
    assert_eq!(store::check::dump(&restored.store).unwrap(), alice.dump());
    store::check::assert_rebuild_equals_live(&restored.store);

    let load = load(LoadFrom::Outbox, u64::MAX);
    let entries = restored.store.load(&load, None).unwrap().entries;
    let headers: Vec<_> = entries.iter().map(|entry| entry.read_header().unwrap()).collect();
    let replaces: Vec<_> = headers.iter().map(|header| header.replaces).collect();
    assert_eq!(replaces, [2, 3].map(|index| Some(Replaces { replica: alice.replica, index })));
    assert_eq!(headers[1].prev, lane::header_hash(&entries[0].header));
    let checked = restored.store.verify(&mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    assert!(checked.bad_entries.is_empty() && checked.differences == 0);
    assert_eq!(replica::list(data.path()).unwrap().len(), 1);
    assert!(matches!(
        restore::into_new(&made.path, data.path(), PASSPHRASE, &new(&random)),
        Err(StoreError::AlreadyExists)
    ));
    alice.assert_sound();
}

#[test]
fn what_was_carried_over_and_also_came_from_the_old_lane_is_kept_once() {
    let (alice, mut station) = (Laptop::new(1), Station::new());
    give_keys(&alice);
    alice.create(Kind::Visit, &[set("notes", "户主在家")]);
    let data = tempfile::tempdir().unwrap();
    let made = alice.store.backup(data.path(), "b").unwrap();
    // the old laptop was only mislaid and syncs after all
    station.sync(&alice);
    let random = random();
    let restored = restore::into_new(&made.path, data.path(), PASSPHRASE, &new(&random)).unwrap();
    let again = Laptop {
        folder: tempfile::tempdir().unwrap(),
        store: restored.store,
        replica: ReplicaId::from_bytes([42; 16]),
        ..Laptop::new(3)
    };
    let applied = station.pull(&again);
    assert_eq!((applied.fetched, applied.quarantined), (0, 0));
    assert_eq!(again.dump(), alice.dump());
    again.assert_sound();
}

#[test]
fn a_folder_that_is_no_backup_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let random = random();
    let refused = restore::into_new(data.path(), data.path(), PASSPHRASE, &new(&random));
    assert!(matches!(refused, Err(StoreError::NotABackup)));
}
