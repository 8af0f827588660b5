//! `backup` and `restore`: making, listing and checking backups, the code that seals them, and bringing one back.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use sync::crypto::KdfParams;
use sync::directory::station_day;
use sync::enrolment::EnrolmentCode;

use super::code::CodeArgs;
use super::out::{instant, table};
use super::{CliFault, Out, random};
use crate::backup::{self, BackupSeeds};
use crate::fault::StationFault;
use crate::http::now_ms;
use crate::station::Station;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Backup {
    /// The file to write, which must not exist; or a folder, in which it is named by station and time.
    #[arg(long, required = true)]
    out: Option<PathBuf>,
    /// Remove backups of this station in the same folder that are older than so many days.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    keep_days: Option<u32>,
    #[command(subcommand)]
    command: Option<BackupCommand>,
}

#[derive(Subcommand)]
enum BackupCommand {
    /// List the backups that were made and found whole.
    List,
    /// Open a backup with its code and read it to the end; nothing is written.
    Check(From),
    /// Seal backups by a new code from now on. Older files keep theirs.
    NewCode,
}

#[derive(Args)]
pub(super) struct From {
    /// The backup.
    #[arg(long)]
    from: PathBuf,
    #[command(flatten)]
    code: CodeArgs,
}

pub(super) fn backup(dir: &Path, args: &Backup, out: Out) -> Result<(), CliFault> {
    match (&args.command, &args.out) {
        (Some(BackupCommand::List), _) => list(dir, out),
        (Some(BackupCommand::Check(from)), _) => check(from, out),
        (Some(BackupCommand::NewCode), _) => new_code(dir, out),
        (None, Some(target)) => make(dir, target, args.keep_days, out),
        // clap asks for one of them.
        (None, None) => Ok(()),
    }
}

fn make(dir: &Path, target: &Path, keep_days: Option<u32>, out: Out) -> Result<(), CliFault> {
    let now_ms = now_ms();
    let station = Station::open(dir)?.id();
    let path = if target.is_dir() { target.join(named(&station.to_string(), now_ms)) } else { target.to_owned() };
    let seeds = BackupSeeds { chunk_key: random()?, nonce: random()? };
    let made = backup::make(dir, &path, &seeds, now_ms)?;
    let removed = match keep_days {
        Some(days) => backup::remove_aged(&path, station, days, now_ms).map_err(StationFault::from)?,
        None => Vec::new(),
    };
    let facts = &made.facts;
    let mut lines = vec![
        format!("Backup {}: {} bytes, read back and whole", made.path.display(), made.bytes),
        format!("It holds {} entries of {} laptops, {}", facts.entries, facts.lanes, instant(Some(made.made_at_ms))),
    ];
    lines.extend(removed.iter().map(|path| format!("Removed {}", path.display())));
    let value = json!({
        "file": made.path,
        "bytes": made.bytes,
        "made_at": made.made_at_ms,
        "entries": facts.entries,
        "lanes": facts.lanes,
        "epoch": facts.epoch,
        "directory_version": facts.directory_version,
        "removed": removed,
    });
    Ok(out.say(&lines, &value)?)
}

/// `fengqiao-0198c0de-20261121-080000.fqbackup`, by the station's time.
fn named(station: &str, now_ms: i64) -> String {
    let seconds = now_ms.saturating_add(8 * 3_600_000).div_euclid(1000).rem_euclid(86_400);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let day = station_day(now_ms).replace('-', "");
    let station = station.split('-').next().unwrap_or_default();
    format!("fengqiao-{station}-{day}-{hour:02}{minute:02}{second:02}.{}", backup::SUFFIX)
}

fn list(dir: &Path, out: Out) -> Result<(), CliFault> {
    let backups = Station::open(dir)?.backups()?;
    let rows: Vec<Vec<String>> = backups
        .iter()
        .map(|one| {
            vec![
                instant(Some(one.at_ms)),
                one.file_name.clone(),
                one.bytes.to_string(),
                one.entries.to_string(),
                one.epoch.to_string(),
                one.directory_version.to_string(),
            ]
        })
        .collect();
    let value: Vec<Value> = backups
        .iter()
        .map(|one| {
            json!({
                "made_at": one.at_ms,
                "file_name": one.file_name,
                "bytes": one.bytes,
                "entries": one.entries,
                "epoch": one.epoch,
                "directory_version": one.directory_version,
            })
        })
        .collect();
    let head = ["MADE", "FILE", "BYTES", "ENTRIES", "EPOCH", "DIRECTORY"];
    Ok(out.say(&table(&head, &rows), &Value::from(value))?)
}

fn check(args: &From, out: Out) -> Result<(), CliFault> {
    let code = args.code.read(out)?;
    let found = backup::check(&args.from, &code).map_err(StationFault::from)?;
    let lines = [
        format!("{} is whole and the code opens it", args.from.display()),
        format!(
            "Station {}, {}: {} entries of {} laptops, directory version {}",
            found.label.station,
            instant(Some(found.label.made_at_ms)),
            found.facts.entries,
            found.facts.lanes,
            found.facts.directory_version
        ),
    ];
    let value = json!({
        "station": found.label.station.to_string(),
        "made_at": found.label.made_at_ms,
        "entries": found.facts.entries,
        "lanes": found.facts.lanes,
        "epoch": found.facts.epoch,
        "directory_version": found.facts.directory_version,
    });
    Ok(out.say(&lines, &value)?)
}

fn new_code(dir: &Path, out: Out) -> Result<(), CliFault> {
    let code = EnrolmentCode::from_random(random()?);
    Station::open(dir)?.set_backup_code(&code, KdfParams::DEFAULT, random()?)?;
    let lines = [
        format!("Backup code: {code}"),
        "Backups made from now on open with this code only. It is not kept here: write it down, put it in the safe."
            .to_owned(),
        "Older backups open with the code of their time; keep it until they have aged out.".to_owned(),
    ];
    Ok(out.say(&lines, &json!({ "backup_code": code.to_string() }))?)
}

pub(super) fn restore(dir: &Path, args: &From, out: Out) -> Result<(), CliFault> {
    let code = args.code.read(out)?;
    let restored = backup::restore(&args.from, &code, dir, now_ms())?;
    let made = instant(Some(restored.made_at_ms));
    let lines = [
        format!("Restored into {}: {} entries as of {made}", dir.display(), restored.entries),
        format!("Log epoch {} begins; directory version {}", restored.epoch, restored.directory_version),
        "Next: stop the old server for good, start this one, and let every laptop sync once. They bring what is newer"
            .to_owned(),
        "than the backup, revocations too. Change nothing in the directory before they have; `status` shows who has been"
            .to_owned(),
        "here and what came back. Then make a backup.".to_owned(),
    ];
    let value = json!({
        "dir": dir,
        "made_at": restored.made_at_ms,
        "restored_at": restored.restored_at_ms,
        "entries": restored.entries,
        "epoch": restored.epoch,
        "directory_version": restored.directory_version,
    });
    Ok(out.say(&lines, &value)?)
}
