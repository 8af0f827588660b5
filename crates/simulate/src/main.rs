//! `fengqiao-simulate`: made-up registers and stations, faults, measurements.

use std::process::ExitCode;

fn main() -> ExitCode {
    simulate::cli::main()
}
