//! Keys, signatures, sealing and derivation do what the rest of the product relies on.

use minicbor::{Decode, Encode};
use sync::crypto::{
    BoxSecretKey, KdfFault, KdfParams, SealFault, SignKey, Signable, SignatureFault, Signed, hash, keyed_hash, open,
    open_box, seal, seal_box, sha256,
};
use sync::ids::{Hash, ScopeId, ScopeKind};

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Apple(#[n(0)] u32);

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Pear(#[n(0)] u32);

impl Signable for Apple {
    const DOMAIN: &'static str = "apple";
    const BYTES_MAX: usize = 16;
}

impl Signable for Pear {
    const DOMAIN: &'static str = "pear";
    const BYTES_MAX: usize = 16;
}

#[test]
fn a_signature_holds_for_its_kind_key_and_bytes_only() {
    let (key, other) = (SignKey::from_seed(&[1; 32]), SignKey::from_seed(&[2; 32]));
    let signed = Signed::sign(&Apple(5), &key);
    assert_eq!(signed.clone().verify(&key.public()).unwrap().into_value(), Apple(5));
    assert_eq!(signed.clone().verify(&other.public()).unwrap_err(), SignatureFault::Wrong);
    let as_pear = Signed::<Pear>::from_bytes(&signed.to_bytes()).unwrap();
    assert_eq!(as_pear.verify(&key.public()).unwrap_err(), SignatureFault::Wrong);
    let mut bytes = signed.to_bytes();
    bytes[3] ^= 1;
    let changed = Signed::<Apple>::from_bytes(&bytes).map(|changed| changed.verify(&key.public()).is_ok());
    assert!(!matches!(changed, Ok(true)));
}

#[test]
fn hashes_of_split_parts_differ() {
    assert_ne!(hash("x", &[b"ab", b"c"]), hash("x", &[b"a", b"bc"]));
    assert_ne!(hash("x", &[b"a"]), hash("y", &[b"a"]));
    assert_ne!(keyed_hash(&[1; 32], "x", b"a"), keyed_hash(&[2; 32], "x", b"a"));
    let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(sha256(b"abc"), known.parse::<Hash>().unwrap());
}

#[test]
fn sealed_bytes_open_with_the_same_key_and_context_only() {
    let sealed = seal(&[1; 32], [2; 24], b"context", b"plain");
    assert_eq!(open(&[1; 32], b"context", &sealed).unwrap().as_slice(), b"plain");
    assert_eq!(open(&[3; 32], b"context", &sealed).unwrap_err(), SealFault::WrongKeyOrDamaged);
    assert_eq!(open(&[1; 32], b"other", &sealed).unwrap_err(), SealFault::WrongKeyOrDamaged);
    assert_eq!(open(&[1; 32], b"context", &sealed[..20]).unwrap_err(), SealFault::TooShort);
}

#[test]
fn a_box_opens_with_the_recovery_key_only() {
    let (key, other) = (BoxSecretKey::from_seed([1; 32]), BoxSecretKey::from_seed([2; 32]));
    let sealed = seal_box(&key.public(), [3; 32], b"data key", b"plain");
    assert_eq!(open_box(&key, b"data key", &sealed).unwrap().as_slice(), b"plain");
    assert!(open_box(&other, b"data key", &sealed).is_err());
    assert!(open_box(&key, b"another", &sealed).is_err());
    let again = BoxSecretKey::from_seed(*key.seed());
    assert!(open_box(&again, b"data key", &sealed).is_ok());
    let mut zero_point = sealed;
    zero_point[..32].fill(0);
    assert_eq!(open_box(&key, b"data key", &zero_point).unwrap_err(), SealFault::WrongKeyOrDamaged);
}

#[test]
fn key_derivation_has_a_floor_and_a_ceiling() {
    assert_eq!(KdfParams::new(64 * 1024 - 1, 3, 1), Err(KdfFault::ParamsOutOfBounds));
    assert_eq!(KdfParams::new(64 * 1024, 0, 1), Err(KdfFault::ParamsOutOfBounds));
    assert_eq!(KdfParams::new(u32::MAX, 3, 1), Err(KdfFault::ParamsOutOfBounds));
    assert_eq!((KdfParams::DEFAULT.memory_kib(), KdfParams::DEFAULT.passes()), (256 * 1024, 3));
    let key = KdfParams::FLOOR.derive(b"passphrase", &[1; 16]).unwrap();
    assert_ne!(*key, *KdfParams::FLOOR.derive(b"passphrase", &[2; 16]).unwrap());
    assert_ne!(*key, *KdfParams::FLOOR.derive(b"passphrasf", &[1; 16]).unwrap());
}

#[test]
fn scope_names_are_checked_and_say_what_they_mean() {
    for good in ["station", "cell:A", "cell:330681-01:sensitive"] {
        assert_eq!(good.parse::<ScopeId>().unwrap().to_string(), good);
    }
    let long = format!("cell:{}", "a".repeat(65));
    for bad in ["", "Station", "cell:", "cell::sensitive", "cell:a b", "cell:a:b", "cell:a:sensitive:x", long.as_str()]
    {
        assert!(bad.parse::<ScopeId>().is_err(), "{bad}");
    }
    let kind = "cell:A:sensitive".parse::<ScopeId>().unwrap().kind();
    assert_eq!(kind, ScopeKind::Sensitive { code: "A".to_owned() });
}
