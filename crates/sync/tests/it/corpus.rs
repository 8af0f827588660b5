//! Every input the fuzzers keep, and small injuries of each, through every decoder. The fuzzers themselves:
//! `cargo xtask fuzz`.

use std::path::PathBuf;

#[path = "../../../../fuzz/src/targets.rs"]
mod targets;

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn every_input_of_the_corpora_is_stood_by_every_decoder() {
    let mut tried = 0;
    for (name, target) in targets::TARGETS {
        let inputs = corpus(name);
        assert!(inputs.len() >= 2, "{name}");
        for bytes in inputs {
            for at in 0..bytes.len().min(300) {
                let mut injured = bytes.clone();
                injured[at] ^= 1 << (at % 8);
                target(&injured);
                target(&bytes[..at]);
                tried += 2;
            }
            target(&bytes);
            // the inputs of one decoder are also strangers to the others
            for (_, other) in targets::TARGETS {
                other(&bytes);
            }
        }
    }
    assert!(tried > 1_000);
}
