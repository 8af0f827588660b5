//! An enrolment file opens with its code and says clearly why not; its token works once.

use proptest::prelude::*;
use sync::crypto::{KdfParams, SignKey, Signed};
use sync::directory::{DirectoryFault, ReplicaState, token_hash};
use sync::enrolment::{
    self, CertificateRefusal, CertificateVerdict, CodeFault, Enrolment, EnrolmentCode, EnrolmentFault, IssuedToken,
    SelfSignedRequest,
};
use sync::ids::{Hash, StationId};

use crate::kit::{self, NOW_MS};

pub(crate) fn sample() -> Enrolment {
    Enrolment {
        station: kit::station_id(),
        station_key: kit::station_public(),
        servers: vec!["https://10.0.0.1:8443".to_owned()],
        tls_pin: Hash([4; 32]),
        directory: kit::signed_directory(),
        officer: kit::officer_id(1),
        replica: kit::replica_id(100),
        laptop_label: "一号本".to_owned(),
        token: [9; 32],
        lease_key: [11; 32],
    }
}

pub(crate) fn code() -> EnrolmentCode {
    EnrolmentCode::from_random([3, 1, 4, 1, 5, 9, 2, 6, 5, 35, 8, 9])
}

pub(crate) fn file() -> Vec<u8> {
    enrolment::write_file(&sample(), &code(), KdfParams::FLOOR, [5; 16], [6; 24]).unwrap()
}

#[test]
fn a_file_opens_with_its_code_as_people_type_it() {
    let file = file();
    assert_eq!(code().to_string(), "3141-5926-5389");
    for typed in
        ["3141-5926-5389", "314159265389", " 31 41 5926 5389 ", "３１４１－５９２６－５３８９", "3I4l-5926-5389"]
    {
        let opened = enrolment::open_file(&file, &typed.parse().unwrap()).unwrap();
        assert_eq!(opened.enrolment, sample());
        assert_eq!(opened.directory.version, 7);
    }
}

#[test]
fn every_way_a_file_can_be_wrong_has_its_own_word() {
    let file = file();
    let fault = |bytes: &[u8]| enrolment::open_file(bytes, &code()).unwrap_err();
    assert_eq!(fault(b"PK\x03\x04 a spreadsheet"), EnrolmentFault::NotAnEnrolmentFile);
    assert_eq!(fault(&[]), EnrolmentFault::NotAnEnrolmentFile);
    assert_eq!(fault(&file[..file.len() - 5]), EnrolmentFault::Damaged);
    let mut newer = file.clone();
    newer[7] = 2;
    assert_eq!(fault(&newer), EnrolmentFault::NewerVersion { found: 2, known: 1 });
    let mut flipped = file.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    assert_eq!(fault(&flipped), EnrolmentFault::Damaged);
    let wrong = "0000-0000-0000".parse().unwrap();
    assert_eq!(enrolment::open_file(&file, &wrong).unwrap_err(), EnrolmentFault::WrongCode);
}

#[test]
fn a_file_whose_directory_is_not_the_stations_is_refused() {
    let mut lying = sample();
    lying.directory = Signed::sign(&kit::directory(), &SignKey::from_seed(&[8; 32]));
    let file = enrolment::write_file(&lying, &code(), KdfParams::FLOOR, [5; 16], [6; 24]).unwrap();
    let fault = enrolment::open_file(&file, &code()).unwrap_err();
    assert!(matches!(fault, EnrolmentFault::Directory(DirectoryFault::Signature(_))));
    let mut stranger = sample();
    stranger.officer = kit::officer_id(77);
    let file = enrolment::write_file(&stranger, &code(), KdfParams::FLOOR, [5; 16], [6; 24]).unwrap();
    assert_eq!(enrolment::open_file(&file, &code()).unwrap_err(), EnrolmentFault::OfficerUnknown);
}

#[test]
fn codes_say_what_is_wrong_with_them() {
    assert_eq!("3141".parse::<EnrolmentCode>().unwrap_err(), CodeFault::Length { count: 4 });
    assert_eq!("3141-5926-53U9".parse::<EnrolmentCode>().unwrap_err(), CodeFault::Character);
    assert_eq!(format!("{:?}", code()), "EnrolmentCode(..)");
}

fn issued() -> IssuedToken {
    IssuedToken {
        token_hash: token_hash(&[9; 32]),
        officer: kit::officer_id(1),
        replica: kit::replica_id(100),
        laptop_label: "一号本".to_owned(),
    }
}

fn request(token: [u8; 32], key: &SignKey) -> SelfSignedRequest {
    SelfSignedRequest::sign(kit::station_id(), kit::replica_id(100), token, key)
}

#[test]
fn a_token_certifies_one_key_and_a_lost_answer_may_be_asked_for_again() {
    let (key, second) = (kit::replica_key(100), kit::replica_key(101));
    let mut directory = kit::directory();
    let asked = request([9; 32], &key).verify().unwrap();
    let judge = |asked, directory: &_| enrolment::judge_certificate(asked, directory, Some(&issued()), NOW_MS);
    let Ok(CertificateVerdict::Certify { replica, used }) = judge(&asked, &directory) else {
        panic!("not certified");
    };
    assert_eq!((replica.public_key, replica.officer), (key.public(), kit::officer_id(1)));
    directory.replicas.push(replica);
    directory.enrolments.push(used);
    assert_eq!(judge(&asked, &directory), Ok(CertificateVerdict::AlreadyCertified));
    let other_key = request([9; 32], &second).verify().unwrap();
    assert_eq!(judge(&other_key, &directory), Err(CertificateRefusal::TokenUsed));
    directory.replicas.last_mut().unwrap().state = ReplicaState::Revoked;
    assert_eq!(judge(&asked, &directory), Err(CertificateRefusal::Revoked));
    directory.replicas.pop();
    assert_eq!(judge(&asked, &directory), Err(CertificateRefusal::TokenUsed));
}

#[test]
fn unknown_tokens_other_stations_and_borrowed_keys_are_refused() {
    let key = kit::replica_key(100);
    let directory = kit::directory();
    let asked = request([8; 32], &key).verify().unwrap();
    for memory in [None, Some(&issued())] {
        let verdict = enrolment::judge_certificate(&asked, &directory, memory, NOW_MS);
        assert_eq!(verdict, Err(CertificateRefusal::TokenUnknown));
    }
    let elsewhere = SelfSignedRequest::sign(StationId(kit::uuid(1, 2)), kit::replica_id(100), [9; 32], &key);
    let verdict = enrolment::judge_certificate(&elsewhere.verify().unwrap(), &directory, Some(&issued()), NOW_MS);
    assert_eq!(verdict, Err(CertificateRefusal::AnotherStation));
    let mut borrowed = request([9; 32], &key);
    borrowed.public_key = kit::replica_key(1).public();
    assert!(borrowed.verify().is_err());
}

proptest! {
    #[test]
    fn any_code_reads_back_as_it_is_shown(random in any::<[u8; 12]>()) {
        let code = EnrolmentCode::from_random(random);
        prop_assert!(code.to_string().to_lowercase().parse::<EnrolmentCode>().unwrap() == code);
    }

    #[test]
    fn any_text_as_a_code_never_panics(text in any::<String>()) {
        let _ = text.parse::<EnrolmentCode>();
    }
}
