//! Writes a bundle on a stick: the lane beyond the last receipt, signed, sealed to the station. The key of the answer is in
//! the database before the file has its name.

use std::fs;
use std::path::Path;

use ::sync::bundle::{OUT_SUFFIX, OutHead};
use ::sync::ids::BundleId;
use ::sync::laptop::{FailReason, Packing, Pending, Rest};
use store::AuditAction;
use store::bundle::{NewBundle, pending};

use super::disk::{Writing, io_fault};
use super::medium::{self, Medium};
use crate::contract::bundle::{BundleWriteRequest, BundleWritten};
use crate::error::AppError;
use crate::event::locked;
use crate::exchange::{credential, laptop_config};
use crate::host::{random, secret};
use crate::session::Session;

/// Writes one. Like sending it needs no permit: nobody but the station can read it.
///
/// # Errors
/// [`AppError::FolderUnusable`], [`AppError::MediumNotRegistered`], [`AppError::MediumWithdrawn`], [`AppError::MediumFull`],
/// [`AppError::MediumReadOnly`], [`AppError::MediumFailed`], [`AppError::BundleFault`], faults of the disk.
pub(crate) fn run(session: &Session, request: BundleWriteRequest) -> Result<BundleWritten, AppError> {
    let _turn = locked(&session.by_hand);
    let medium = medium::of(session, Path::new(request.folder.trim()))?;
    session.audit(AuditAction::Export, None, Some("bundle"), Some(&medium.label))?;
    match write(session, &medium) {
        Err(AppError::BundleFault { reason }) if reason == "lane_forked" => {
            session.succeed()?;
            Err(AppError::BundleFault { reason })
        }
        other => other,
    }
}

fn write(session: &Session, medium: &Medium) -> Result<BundleWritten, AppError> {
    let (bundle, at) = (BundleId(session.fresh_id()), session.now_ms());
    let (messages, reply_key) = (secret::<32>(&*session.host), secret::<32>(&*session.host));
    let config = laptop_config(session)?;
    let head = OutHead {
        station: config.station,
        replica: config.replica,
        public_key: config.key.public(),
        bundle,
        made_at_ms: at,
    };
    let folder = medium.top.join(super::FOLDER);
    fs::create_dir_all(&folder).map_err(|fault| io_fault(&fault))?;
    let name = name(session, at, bundle);
    let mut file = Writing::begin(folder.join(&name))?;
    let keys = (&*messages, &*reply_key, random(&*session.host));
    let (beginning, mut writer) = head.begin(&config.key, &session.directory().bundle_key, keys);
    file.put(&beginning)?;

    let asked = session.store.read(pending)?.and_then(|bytes| Pending::from_bytes(&bytes).ok()).unwrap_or_default();
    let mut packing = Packing::new(config.clone(), asked.clone());
    let mut entries = 0_u64;
    loop {
        let loaded = session.store.load(&packing.load(), credential(session)?)?;
        let packed = packing.pack(loaded, at).map_err(fault)?;
        entries = entries.saturating_add(packed.entries);
        file.put(&writer.message(&packed.bytes))?;
        if packed.rest == Rest::Nothing {
            break;
        }
    }
    file.put(&writer.finish())?;
    let bytes = file.flush()?;
    session.store.bundle_put(&NewBundle {
        bundle,
        replica: config.replica,
        at,
        medium: medium.label.clone(),
        file: name,
        entries,
        bytes,
        reply_key,
        asked: asked.to_bytes(),
    })?;
    let path = file.name()?;
    Ok(BundleWritten { path: path.display().to_string(), medium: medium.label.clone(), entries, bytes })
}

fn fault(reason: FailReason) -> AppError {
    AppError::BundleFault { reason: reason.code().to_owned() }
}

/// The laptop, the hour, and a tail that no two bundles share.
fn name(session: &Session, at: i64, bundle: BundleId) -> String {
    let laptop: String =
        session.laptop.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).take(40).collect();
    let stamp = domain::week::local_time(at).map(|at| at.format("%Y%m%d-%H%M%S").to_string()).unwrap_or_default();
    let tail: String = bundle.uuid().simple().to_string().chars().rev().take(4).collect();
    format!("{laptop}-{stamp}-{tail}.{OUT_SUFFIX}")
}
