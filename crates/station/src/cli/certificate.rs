//! `certificate`: the server's key, and another one without visiting a laptop.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{CliFault, Out};
use crate::http::now_ms;
use crate::renewal::{Hearers, Switched};
use crate::station::Station;

#[derive(Subcommand)]
pub(super) enum CertificateCommand {
    /// Show the pins of the key in use and of the next one.
    Show,
    /// Make another server key and announce its pin in the directory.
    Prepare,
    /// Take the announced key. The server has to be started again.
    Switch(Switch),
}

#[derive(Args)]
pub(super) struct Switch {
    /// Also when laptops have not heard of it; they need a new enrolment file then.
    #[arg(long)]
    leave_behind: bool,
}

pub(super) fn certificates(dir: &Path, command: &CertificateCommand, out: Out) -> Result<(), CliFault> {
    match command {
        CertificateCommand::Show => show(dir, out),
        CertificateCommand::Prepare => prepare(dir, out),
        CertificateCommand::Switch(args) => switch(dir, args, out),
    }
}

fn show(dir: &Path, out: Out) -> Result<(), CliFault> {
    let state = Station::open(dir)?.certificate_state()?;
    let mut lines = vec![format!("Server key pin (SHA-256): {}", state.pin)];
    if let Some(next) = state.next {
        lines.push(format!("Next key pin: {next}; laptops that have not heard: {}", state.not_heard.len()));
    }
    let value = json!({
        "pin": state.pin.to_string(),
        "next": state.next.map(|next| next.to_string()),
        "not_heard": state.not_heard.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    Ok(out.say(&lines, &value)?)
}

fn prepare(dir: &Path, out: Out) -> Result<(), CliFault> {
    let station = Station::open(dir)?;
    let next = station.certificates()?.next_server(station.id())?;
    let pin = next.pin()?;
    let version = station.prepare_certificate(&next, now_ms())?;
    let lines = [
        format!("Next key pin (SHA-256): {pin}; directory version {version}"),
        "Laptops hear of it when they sync. Then: certificate switch, and start the server again.".to_owned(),
    ];
    Ok(out.say(&lines, &json!({ "next": pin.to_string(), "directory_version": version }))?)
}

fn switch(dir: &Path, args: &Switch, out: Out) -> Result<(), CliFault> {
    let hearers = if args.leave_behind { Hearers::Some } else { Hearers::All };
    match Station::open(dir)?.switch_certificate(hearers, now_ms())? {
        Switched::NothingPrepared => Err(CliFault::NothingPrepared),
        Switched::NotHeard(replicas) => Err(CliFault::NotHeard { count: replicas.len() }),
        Switched::Done { directory_version, pin } => {
            let lines = [
                format!("Server key pin (SHA-256): {pin}; directory version {directory_version}"),
                "The server takes the key when it is started again.".to_owned(),
            ];
            Ok(out.say(&lines, &json!({ "pin": pin.to_string(), "directory_version": directory_version }))?)
        }
    }
}
