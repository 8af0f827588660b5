//! What the machine says of this process: memory now, the highest it was, processors. Linux; elsewhere zeros, never guesses.

/// Bytes of a megabyte, as memory is counted.
const KIB_OF_A_MIB: f64 = 1_024.0;

fn status(key: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    let kib: f64 = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0.0);
    kib / KIB_OF_A_MIB
}

/// Resident memory now, MiB.
pub(super) fn resident_mb() -> f64 {
    status("VmRSS:")
}

/// The highest resident memory since [`forget_peak`], MiB.
pub(super) fn peak_mb() -> f64 {
    status("VmHWM:")
}

/// Begins a new measurement of the peak. Where the system refuses, the peak counts from the start of the process, which
/// can only be higher.
pub(super) fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Processors of the machine.
pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Rounded to two digits behind the point.
pub(super) fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
