//! The key file: two ways in, no third.

use store::keys::{self, NewKeys, ProfileLabel};
use store::{DataKey, Store, StoreError};
use sync::crypto::{BoxSecretKey, KdfParams};

use crate::support::Laptop;

pub(crate) const PASSPHRASE: &str = "青枫-2026 八个字以上";

fn label() -> ProfileLabel {
    ProfileLabel {
        officer_name: "周远山".into(),
        laptop: "QF-07".into(),
        station_name: "青枫派出所".into(),
        made_up: true,
    }
}

fn recovery() -> BoxSecretKey {
    BoxSecretKey::from_seed([5; 32])
}

/// Deterministic bytes that differ from call to call.
pub(crate) fn random() -> impl Fn(&mut [u8]) {
    let count = std::cell::Cell::new(0_u8);
    move |bytes: &mut [u8]| {
        count.set(count.get().wrapping_add(37));
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::try_from(at % 256).unwrap().wrapping_mul(7).wrapping_add(count.get());
        }
    }
}

pub(crate) fn give_keys(laptop: &Laptop) {
    let new = NewKeys {
        replica: laptop.replica,
        label: label(),
        passphrase: PASSPHRASE,
        params: KdfParams::FLOOR,
        recovery: recovery().public(),
    };
    keys::create(laptop.folder.path(), &new, &laptop.key, &random()).unwrap();
}

#[test]
fn passphrase_and_recovery_key_open_the_same_database() {
    let laptop = Laptop::new(1);
    give_keys(&laptop);
    let folder = laptop.folder.path();
    for key in [keys::unlock(folder, PASSPHRASE).unwrap(), keys::recover(folder, &recovery()).unwrap()] {
        assert!(Store::open(folder, &key).is_ok());
    }
    assert!(matches!(keys::unlock(folder, "another"), Err(StoreError::WrongPassphrase)));
    assert!(matches!(keys::recover(folder, &BoxSecretKey::from_seed([6; 32])), Err(StoreError::NotOurFile)));
    assert_eq!(keys::label(folder).unwrap(), (laptop.replica, label()));
    laptop.assert_sound();
}

#[test]
fn a_changed_passphrase_opens_and_the_old_one_does_not() {
    let laptop = Laptop::new(1);
    give_keys(&laptop);
    let folder = laptop.folder.path();
    let wrong = keys::change_passphrase(folder, "another", "new", KdfParams::FLOOR, &random());
    assert!(matches!(wrong, Err(StoreError::WrongPassphrase)));
    keys::change_passphrase(folder, PASSPHRASE, "竹仁街的新口令", KdfParams::FLOOR, &random()).unwrap();
    assert!(matches!(keys::unlock(folder, PASSPHRASE), Err(StoreError::WrongPassphrase)));
    let key = keys::unlock(folder, "竹仁街的新口令").unwrap();
    assert!(Store::open(folder, &key).is_ok());
    let key = keys::recover(folder, &recovery()).unwrap();
    keys::set_passphrase(folder, &key, "忘了又设的口令", KdfParams::FLOOR, &random()).unwrap();
    assert!(keys::unlock(folder, "忘了又设的口令").is_ok());
    assert!(!folder.join("keys.part").exists());
    laptop.assert_sound();
}

#[test]
fn a_damaged_key_file_is_named_as_such() {
    let laptop = Laptop::new(1);
    assert!(matches!(keys::unlock(laptop.folder.path(), PASSPHRASE), Err(StoreError::Missing)));
    give_keys(&laptop);
    let path = laptop.folder.path().join(keys::FILE);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    assert!(matches!(keys::unlock(laptop.folder.path(), PASSPHRASE), Err(StoreError::KeyFileDamaged)));
    std::fs::write(&path, vec![0; 100_000]).unwrap();
    assert!(matches!(keys::label(laptop.folder.path()), Err(StoreError::KeyFileDamaged)));
    let twice = NewKeys {
        replica: laptop.replica,
        label: label(),
        passphrase: "x",
        params: KdfParams::FLOOR,
        recovery: recovery().public(),
    };
    let again = keys::create(laptop.folder.path(), &twice, &DataKey::new([1; 32]), &random());
    assert!(matches!(again, Err(StoreError::AlreadyExists)));
    laptop.assert_sound();
}
