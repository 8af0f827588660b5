//! Laptops: enrolment files, the list of who was here when, revocation.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use sync::crypto::KdfParams;
use sync::enrolment::{self, EnrolmentCode};
use sync::ids::{Hash, ReplicaId};
use sync::limits;

use super::out::{instant, table};
use super::{CliFault, Out, new_uuid, random};
use crate::edit;
use crate::fault::StationFault;
use crate::http::now_ms;
use crate::key::create_private;
use crate::station::{Issue, Station};

#[derive(Args)]
pub(super) struct Enrol {
    /// Police number or id of the officer.
    #[arg(long)]
    officer: String,
    /// What the laptop is called, e.g. QF-07.
    #[arg(long)]
    laptop: String,
    /// Address of the server, e.g. https://10.1.2.3:8443; several in order of preference.
    #[arg(long = "url", value_name = "URL", required = true)]
    urls: Vec<String>,
    /// The file to write. It must not exist.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Args)]
pub(super) struct Who {
    /// Only laptops not seen for so many days.
    #[arg(long, default_value_t = 0)]
    pub(super) days: u32,
}

#[derive(Subcommand)]
pub(super) enum ReplicaCommand {
    /// List laptops, enrolled and still to be.
    List,
    /// Revoke a laptop: its entries are set aside from now on.
    Revoke(Revoke),
    /// Show the branches of a lane that copies of a disk have written.
    Branches(Branches),
    /// Decide on a frozen laptop: one branch goes on as its lane, the others are carried over by their laptops as new ones.
    Thaw(Thaw),
}

#[derive(Args)]
pub(super) struct Branches {
    /// Id of the replica.
    replica: String,
}

#[derive(Args)]
pub(super) struct Thaw {
    /// Id of the replica.
    replica: String,
    /// The branch that goes on: the beginning of its last entry's hash, as `branches` shows it.
    #[arg(long, value_name = "HEAD")]
    keep: String,
}

#[derive(Args)]
pub(super) struct Revoke {
    /// Id of the replica.
    replica: String,
    /// Why.
    #[arg(long)]
    reason: RevokeReason,
}

/// Why a laptop is revoked; kept in the log of the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RevokeReason {
    Lost,
    Stolen,
    Replaced,
    OfficerLeft,
}

impl RevokeReason {
    fn code(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Stolen => "stolen",
            Self::Replaced => "replaced",
            Self::OfficerLeft => "officer-left",
        }
    }
}

pub(super) fn replicas(dir: &Path, command: &ReplicaCommand, out: Out) -> Result<(), CliFault> {
    match command {
        ReplicaCommand::List => list(dir, 0, out),
        ReplicaCommand::Revoke(args) => revoke(dir, args, out),
        ReplicaCommand::Branches(args) => branches(dir, &args.replica, out),
        ReplicaCommand::Thaw(args) => thaw(dir, args, out),
    }
}

pub(super) fn enrol(dir: &Path, args: &Enrol, out: Out) -> Result<(), CliFault> {
    if args.urls.len() > limits::SERVERS_MAX {
        return Err(CliFault::TooManyUrls { max: limits::SERVERS_MAX });
    }
    let servers: Vec<String> = args.urls.iter().map(|url| server_url(url)).collect::<Result<_, _>>()?;
    let station = Station::open(dir)?;
    let directory = station.directory()?;
    let officer = edit::find_officer(&directory, &args.officer)?;
    let in_file = |source| CliFault::File { path: args.out.clone(), source };
    // The file is made first: a token is given out only when there is a place for it.
    let mut file = create_private(&args.out).map_err(in_file)?;
    let replica = ReplicaId(new_uuid()?);
    let issue = Issue { officer: officer.id, laptop_label: args.laptop.clone(), replica, token: random()?, servers };
    let code = EnrolmentCode::from_random(random()?);
    let made = station.issue(&issue, now_ms()).map_err(CliFault::from).and_then(|enrolment| {
        enrolment::write_file(&enrolment, &code, KdfParams::DEFAULT, random()?, random()?)
            .map_err(|fault| StationFault::from(fault).into())
    });
    let written = made.and_then(|bytes| file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(in_file));
    if let Err(fault) = written {
        // An empty file would only mislead; the fault itself is what counts.
        let _ = std::fs::remove_file(&args.out);
        return Err(fault);
    }
    let lines = [
        format!(
            "Enrolment of {} ({}) for laptop {}: {}",
            officer.name,
            officer.police_number,
            args.laptop,
            args.out.display()
        ),
        format!("Code: {code}"),
        "Tell the code separately from the file. The file works once.".to_owned(),
    ];
    let value = json!({
        "officer": officer.id.to_string(),
        "laptop": args.laptop,
        "replica": replica.to_string(),
        "file": args.out,
        "code": code.to_string(),
    });
    Ok(out.say(&lines, &value)?)
}

/// `https://host:port` without a path; the path of the exchange is the laptop's to know.
fn server_url(url: &str) -> Result<String, CliFault> {
    let fault = || CliFault::Url { url: url.to_owned() };
    let trimmed = url.trim().trim_end_matches('/');
    let host = trimmed.strip_prefix("https://").ok_or_else(fault)?;
    let plain = !host.is_empty()
        && host.len() <= 255
        && host.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '.' | '-' | ':' | '[' | ']'));
    if plain { Ok(trimmed.to_owned()) } else { Err(fault()) }
}

/// How far a laptop's clock is ahead of the station's: `+2d 03:00`, `-00:05`, or a dash while nobody knows.
fn clock(ahead_ms: Option<i64>) -> String {
    let Some(ahead_ms) = ahead_ms else { return "-".to_owned() };
    let minutes = ahead_ms.unsigned_abs().saturating_add(30_000) / 60_000;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let sign = if ahead_ms < 0 { '-' } else { '+' };
    if days == 0 { format!("{sign}{hours:02}:{minutes:02}") } else { format!("{sign}{days}d {hours:02}:{minutes:02}") }
}

/// Lists laptops; with `days`, those not seen for so long.
pub(super) fn list(dir: &Path, days: u32, out: Out) -> Result<(), CliFault> {
    let since_ms = now_ms().saturating_sub(i64::from(days) * 86_400_000);
    let mut accounts = Station::open(dir)?.replicas()?;
    accounts.retain(|one| days == 0 || one.seen_at_ms.is_none_or(|seen| seen < since_ms));
    let head = [
        "SEEN",
        "LAPTOP",
        "OFFICER",
        "STATE",
        "CLOCK",
        "ENTRIES",
        "SET ASIDE",
        "BEHIND",
        "DIRECTORY",
        "REUSED",
        "REPLICA",
    ];
    let number = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    let rows: Vec<Vec<String>> = accounts
        .iter()
        .map(|one| {
            vec![
                instant(one.seen_at_ms),
                one.laptop_label.clone(),
                one.officer_name.clone(),
                one.state.to_owned(),
                clock(one.clock_ahead_ms),
                one.entries.to_string(),
                one.set_aside.to_string(),
                number(one.behind),
                number(one.directory_version),
                one.refused_uses.to_string(),
                one.replica.to_string(),
            ]
        })
        .collect();
    let value: Vec<Value> = accounts
        .iter()
        .map(|one| {
            json!({
                "replica": one.replica.to_string(),
                "officer": one.officer.to_string(),
                "officer_name": one.officer_name,
                "laptop": one.laptop_label,
                "state": one.state,
                "certified_at": one.certified_at_ms,
                "seen_at": one.seen_at_ms,
                "clock_ahead_ms": one.clock_ahead_ms,
                "directory_version": one.directory_version,
                "entries": one.entries,
                "set_aside": one.set_aside,
                "behind": one.behind,
                "refused_uses": one.refused_uses,
            })
        })
        .collect();
    Ok(out.say(&table(&head, &rows), &Value::from(value))?)
}

fn revoke(dir: &Path, args: &Revoke, out: Out) -> Result<(), CliFault> {
    let replica = replica_id(&args.replica)?;
    let reason = args.reason.code();
    let station = Station::open(dir)?;
    let act = format!("replica revoke {replica} {reason}");
    let (version, ()) = station.edit(&act, now_ms(), |directory| edit::revoke(directory, replica))?;
    let lines = [format!("Replica {replica} is revoked ({reason}); directory version {version}")];
    let value = json!({ "replica": replica.to_string(), "reason": reason, "directory_version": version });
    Ok(out.say(&lines, &value)?)
}

fn replica_id(text: &str) -> Result<ReplicaId, CliFault> {
    text.parse().map_err(|fault| CliFault::Id { text: text.to_owned(), fault })
}

/// Of a hash, as much as a person types.
fn short(hash: Hash) -> String {
    hash.to_string().chars().take(12).collect()
}

fn branches(dir: &Path, replica: &str, out: Out) -> Result<(), CliFault> {
    let branches = Station::open(dir)?.branches(replica_id(replica)?)?;
    let head = ["HEAD", "ENTRIES", "BRANCHED AFTER", "SET ASIDE", "RECEIVED", "FOLLOWED"];
    let rows: Vec<Vec<String>> = branches
        .iter()
        .map(|one| {
            vec![
                short(one.head.hash),
                one.head.index.to_string(),
                one.from.to_string(),
                one.set_aside.to_string(),
                instant(Some(one.received_at_ms)),
                if one.followed { "yes" } else { "-" }.to_owned(),
            ]
        })
        .collect();
    let value: Vec<Value> = branches
        .iter()
        .map(|one| {
            json!({
                "head": one.head.hash.to_string(),
                "entries": one.head.index,
                "branched_after": one.from,
                "set_aside": one.set_aside,
                "received_at": one.received_at_ms,
                "followed": one.followed,
            })
        })
        .collect();
    Ok(out.say(&table(&head, &rows), &Value::from(value))?)
}

fn thaw(dir: &Path, args: &Thaw, out: Out) -> Result<(), CliFault> {
    let replica = replica_id(&args.replica)?;
    let done = Station::open(dir)?.thaw(replica, &args.keep, now_ms())?;
    let lines = [format!(
        "Replica {replica} goes on at entry {} ({}); {} kept entries judged; directory version {}",
        done.head.index,
        short(done.head.hash),
        done.judged,
        done.directory_version
    )];
    let value = json!({
        "replica": replica.to_string(),
        "head": done.head.hash.to_string(),
        "entries": done.head.index,
        "judged": done.judged,
        "directory_version": done.directory_version,
    });
    Ok(out.say(&lines, &value)?)
}
