//! `init`: a new station in an empty folder.

use std::path::Path;

use clap::Args;
use serde_json::json;
use sync::crypto::KdfParams;
use sync::directory::DataKind;
use sync::enrolment::EnrolmentCode;
use sync::ids::StationId;

use super::{CliFault, Out, new_uuid, random};
use crate::founding::{Founding, FoundingSeeds};
use crate::http::now_ms;
use crate::station::Station;
use crate::tls::Certificates;

#[derive(Args)]
pub(super) struct Init {
    /// The station's name, e.g. 青枫派出所.
    #[arg(long)]
    name: String,
    /// Code of the division the station serves.
    #[arg(long)]
    division: String,
    /// Every record will be made up; every screen says so.
    #[arg(long)]
    made_up: bool,
}

pub(super) fn init(dir: &Path, args: &Init, out: Out) -> Result<(), CliFault> {
    let station = StationId(new_uuid()?);
    let code = EnrolmentCode::from_random(random()?);
    let certificates = Certificates::generate(station)?;
    let pin = certificates.pin()?;
    let founding = Founding {
        station,
        name: args.name.clone(),
        division: args.division.clone(),
        data_kind: if args.made_up { DataKind::MadeUp } else { DataKind::Real },
        recovery_code: code.clone(),
        kdf: KdfParams::DEFAULT,
        certificates: Some(certificates),
        seeds: FoundingSeeds {
            database_key: random()?,
            signing: random()?,
            recovery: random()?,
            recovery_salt: random()?,
            recovery_nonce: random()?,
        },
    };
    let founded = Station::create(dir, founding, now_ms())?;
    let directory = founded.directory()?;
    let key_file = dir.join(crate::key::KEY_FILE);
    let lines = [
        format!("Station {station}, {}, directory version {}", directory.station_name, directory.version),
        format!("Server key pin (SHA-256): {pin}"),
        format!("The database opens with {}; keep a copy of it apart from the database.", key_file.display()),
        format!("Recovery code: {code}"),
        "The code opens laptops whose passphrase was forgotten. It is not kept here: write it down, put it in the safe."
            .to_owned(),
    ];
    let value = json!({
        "station": station.to_string(),
        "name": directory.station_name,
        "directory_version": directory.version,
        "pin": pin.to_string(),
        "key_file": key_file,
        "recovery_code": code.to_string(),
    });
    Ok(out.say(&lines, &value)?)
}
