//! `recover`: a forgotten passphrase. Opens the recovery wrap of a laptop's key file and wraps the data key again under a
//! temporary passphrase; the officer sets his own after unlocking. Mirrors the laptop's `keys.cbor`, format 1.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use minicbor::{Decode, Encode};
use serde_json::json;
use sync::crypto::{self, BoxPublicKey, KdfParams};
use sync::enrolment::EnrolmentCode;
use sync::ids::ReplicaId;

use super::code::CodeArgs;
use super::{CliFault, Out, random};
use crate::fault::StationFault;
use crate::key::create_private;
use crate::station::Station;

/// Longest key file that is read, bytes.
const KEY_FILE_BYTES_MAX: usize = 16 * 1024;

const FORMAT: u32 = 1;

#[derive(Args)]
pub(super) struct Recover {
    /// The laptop's keys.cbor, or a copy of it.
    #[arg(long)]
    keys: PathBuf,
    /// The key file to write; it replaces the laptop's. It must not exist.
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    code: CodeArgs,
}

#[derive(Encode, Decode)]
struct Label {
    #[n(0)]
    officer_name: String,
    #[n(1)]
    laptop: String,
    #[n(2)]
    station_name: String,
    #[n(3)]
    made_up: bool,
}

#[derive(Encode, Decode)]
struct KeyFile {
    #[n(0)]
    format: u32,
    #[n(1)]
    replica: ReplicaId,
    #[n(2)]
    label: Label,
    #[n(3)]
    params: KdfParams,
    #[cbor(n(4), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[cbor(n(5), with = "minicbor::bytes")]
    by_passphrase: Vec<u8>,
    #[n(6)]
    recovery: BoxPublicKey,
    #[cbor(n(7), with = "minicbor::bytes")]
    by_recovery: Vec<u8>,
}

pub(super) fn recover(dir: &Path, args: &Recover, out: Out) -> Result<(), CliFault> {
    let station = Station::open(dir)?;
    let not_keys = || CliFault::NotAKeyFile { path: args.keys.clone() };
    let bytes = std::fs::read(&args.keys).map_err(|source| CliFault::File { path: args.keys.clone(), source })?;
    if bytes.len() > KEY_FILE_BYTES_MAX {
        return Err(not_keys());
    }
    let mut file: KeyFile = minicbor::decode(&bytes).map_err(|_| not_keys())?;
    if file.format != FORMAT {
        return Err(not_keys());
    }
    if file.recovery != station.directory()?.recovery_key {
        return Err(CliFault::KeyFileOfAnother { path: args.keys.clone() });
    }
    let code = args.code.read(out)?;
    let secret = station.recovery_key(&code)?;
    let context = [b"fengqiao data key 1".as_slice(), file.replica.as_bytes()].concat();
    let data_key = crypto::open_box(&secret, &context, &file.by_recovery).map_err(|_| not_keys())?;

    let passphrase = EnrolmentCode::from_random(random()?).to_string();
    file.salt = random()?;
    let wrapping_key = file.params.derive(passphrase.as_bytes(), &file.salt).map_err(StationFault::from)?;
    file.by_passphrase = crypto::seal(&wrapping_key, random()?, &context, &data_key);
    let written = minicbor::to_vec(&file).map_err(|_| not_keys())?;
    let in_file = |source| CliFault::File { path: args.out.clone(), source };
    let mut target = create_private(&args.out).map_err(in_file)?;
    target.write_all(&written).and_then(|()| target.sync_all()).map_err(in_file)?;

    let lines = [
        format!("Laptop {} of {}: {}", file.label.laptop, file.label.officer_name, args.out.display()),
        format!("Temporary passphrase: {passphrase}"),
        "Put the file in the place of the laptop's keys.cbor, unlock, and set a new passphrase.".to_owned(),
    ];
    let value = json!({
        "replica": file.replica.to_string(),
        "laptop": file.label.laptop,
        "file": args.out,
        "passphrase": passphrase,
    });
    Ok(out.say(&lines, &value)?)
}
