//! The only place that writes to the terminal.

use std::io::Write;

/// Writes a line to standard output. A closed pipe is not an error of ours.
pub(crate) fn line(text: &str) {
    let mut stream = std::io::stdout().lock();
    let _ = writeln!(stream, "{text}");
    let _ = stream.flush();
}

/// Writes a line to standard error.
pub(crate) fn problem(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Announces the beginning of something that takes time.
pub(crate) fn heading(text: &str) {
    line(&format!("\n== {text}"));
}
