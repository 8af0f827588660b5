//! Codes that go to the screens as they are: each has its words in both languages.

use std::path::Path;

use serde_json::Value;
use sync::receipt::RefusalReason;
use sync::wire::RequestRefusal;

fn messages(language: &str, file: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/i18n").join(language).join(file);
    serde_json::from_slice(&std::fs::read(root).unwrap()).unwrap()
}

#[test]
fn every_refusal_of_the_station_has_its_words() {
    for language in ["zh", "en"] {
        let sync = messages(language, "sync.json");
        for refusal in RequestRefusal::KNOWN {
            assert!(sync["refusal"][refusal.code()].is_string(), "{language} {}", refusal.code());
        }
        for reason in RefusalReason::KNOWN {
            assert!(sync["reason"][reason.code()].is_string(), "{language} {}", reason.code());
        }
    }
}

#[test]
fn every_cause_of_going_on_as_a_new_replica_has_its_words() {
    for language in ["zh", "en"] {
        let sync = messages(language, "sync.json");
        for cause in ["backup", "copy"] {
            assert!(sync["succeeded"][cause].is_string(), "{language} {cause}");
        }
        assert!(messages(language, "settings.json")["actions"]["succeed"].is_string());
    }
}
