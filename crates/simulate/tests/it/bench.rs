//! The bench runs through on a small scale and leaves every figure it promises.

use std::process::Command;

use serde_json::Value;

#[test]
fn the_bench_ends_with_every_promised_figure() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("figures.json");
    let output = Command::new(env!("CARGO_BIN_EXE_fengqiao-simulate"))
        .args(["bench", "shift", "--residents", "250", "--import-rows", "40", "--json"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let figures: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    for key in [
        "save_p99_ms",
        "save_control_p99_ms",
        "list_p99_ms",
        "search_p99_ms",
        "import_10k_seconds",
        "import_peak_mb",
        "rebuild_100k_seconds",
        "start_seconds",
        "rss_mb",
    ] {
        assert!(figures[key].as_f64().is_some_and(|value| value > 0.0), "{key} of {figures}");
    }
    assert_eq!(figures["start_documents_opened"], 0);
}
