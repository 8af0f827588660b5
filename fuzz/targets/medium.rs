//! `medium` under libFuzzer; what it must stand is in `src/targets.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(init: fengqiao_fuzz::quiet(), |bytes: &[u8]| fengqiao_fuzz::run("medium", bytes));
