//! Leases: how long laptops show records without having reached the station, and codes that extend one of them.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::json;
use sync::directory::station_day;
use sync::ids::ReplicaId;
use sync::lease::{EXTENSION_DAYS_MAX, LEASE_DAYS_DEFAULT};

use super::{CliFault, Out};
use crate::edit::check_day;
use crate::fault::StationFault;
use crate::http::now_ms;
use crate::station::Station;

const DAY_MS: i64 = 86_400_000;

#[derive(Subcommand)]
pub(super) enum LeaseCommand {
    /// Set how many days a laptop shows records without having reached the station; 0 for no end.
    Days(DaysOf),
    /// Make the code that extends one laptop's lease. Tell it to the officer; it works once.
    Extend(Extend),
}

#[derive(Args)]
pub(super) struct DaysOf {
    /// Days, at most 3650.
    #[arg(value_parser = clap::value_parser!(u32).range(0..=3650))]
    days: u32,
}

#[derive(Args)]
pub(super) struct Extend {
    /// Id of the replica.
    #[arg(long)]
    replica: String,
    /// Days to add.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=i64::from(EXTENSION_DAYS_MAX)))]
    days: u32,
    /// The day the lease ends as the laptop shows it, YYYY-MM-DD. When absent: reckoned from its last contact.
    #[arg(long)]
    ends_on: Option<String>,
}

pub(super) fn lease(dir: &Path, command: &LeaseCommand, out: Out) -> Result<(), CliFault> {
    match command {
        LeaseCommand::Days(args) => days(dir, args, out),
        LeaseCommand::Extend(args) => extend(dir, args, out),
    }
}

fn days(dir: &Path, args: &DaysOf, out: Out) -> Result<(), CliFault> {
    let station = Station::open(dir)?;
    let act = format!("lease-days {}", args.days);
    let (version, ()) = station.edit(&act, now_ms(), |directory| {
        directory.lease_days = Some(args.days);
        Ok(())
    })?;
    let lines =
        [format!("Laptops show records for {} days without a contact. Directory version {version}.", args.days)];
    Ok(out.say(&lines, &json!({ "days": args.days, "directory_version": version }))?)
}

fn extend(dir: &Path, args: &Extend, out: Out) -> Result<(), CliFault> {
    let station = Station::open(dir)?;
    let replica: ReplicaId =
        args.replica.parse().map_err(|fault| CliFault::Id { text: args.replica.clone(), fault })?;
    let accounts = station.replicas()?;
    let account = accounts
        .iter()
        .find(|one| one.replica == replica)
        .ok_or_else(|| CliFault::from(StationFault::from(crate::edit::EditFault::ReplicaUnknown { replica })))?;
    let ends_on = match &args.ends_on {
        Some(day) => {
            check_day(day).map_err(StationFault::from)?;
            day.clone()
        }
        None => {
            let given = station.directory()?.lease_days.unwrap_or(LEASE_DAYS_DEFAULT);
            let seen = account.seen_at_ms.unwrap_or_else(now_ms);
            station_day(seen.saturating_add(i64::from(given).saturating_mul(DAY_MS)))
        }
    };
    let code = station.lease_key(replica).code(&ends_on, args.days).to_string();
    let lines = [
        format!(
            "Laptop {} of {}: {} more days for a lease that ends on {ends_on}.",
            account.laptop_label, account.officer_name, args.days
        ),
        format!("Code: {code}"),
        "It fits that laptop and that day only, once.".to_owned(),
    ];
    let value = json!({ "replica": replica.to_string(), "ends_on": ends_on, "days": args.days, "code": code });
    Ok(out.say(&lines, &value)?)
}
