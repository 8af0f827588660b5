//! `fengqiao-station`: the station server and its administration. Everything is in [`station::cli`].

fn main() -> std::process::ExitCode {
    station::cli::main()
}
