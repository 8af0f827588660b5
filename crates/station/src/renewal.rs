//! Another key for the server without visiting a laptop: the next key's pin is announced in the signed directory first, and
//! the server takes the key when the laptops have heard. Must not know how certificates are made.

use failpoint::{Point, reached};
use rusqlite::{OptionalExtension, TransactionBehavior};
use sync::directory::ReplicaState;
use sync::ids::{Hash, ReplicaId};
use zeroize::Zeroizing;

use crate::fault::StationFault;
use crate::station::{self, Station};
use crate::tls::Certificates;

/// Keys of the server, now and next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateState {
    /// Pin of the key in use.
    pub pin: Hash,
    /// Pin of the key that is announced.
    pub next: Option<Hash>,
    /// Active laptops that have not heard of it yet.
    pub not_heard: Vec<ReplicaId>,
}

/// Which laptops must have heard of the next key before it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hearers {
    /// Every active one.
    All,
    /// Whoever has; the others need a new enrolment file.
    Some,
}

/// What became of the order to take the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Switched {
    /// The server takes it at its next start.
    Done {
        /// The directory version that drops the old pin.
        directory_version: u64,
        /// The pin from now on.
        pin: Hash,
    },
    /// None was announced.
    NothingPrepared,
    /// These laptops would be shut out.
    NotHeard(Vec<ReplicaId>),
}

impl Station {
    /// Keys of the server, now and next.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn certificate_state(&self) -> Result<CertificateState, StationFault> {
        let certificates = self.certificates()?;
        let pin = certificates.pin()?;
        let Some(next) = self.next_certificates(certificates)? else {
            return Ok(CertificateState { pin, next: None, not_heard: Vec::new() });
        };
        Ok(CertificateState { pin, next: Some(next.pin()?), not_heard: self.not_heard()? })
    }

    /// Announces a server key; the one announced before, if any, is forgotten. Gives the directory version that names it.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn prepare_certificate(&self, next: &Certificates, now_ms: i64) -> Result<u64, StationFault> {
        let current = self.certificates()?.pin()?;
        let pin = next.pin()?;
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (version, ()) = self.edit_within(&transaction, "certificate prepare", now_ms, |directory| {
            directory.tls_pins = vec![current, pin];
            Ok(())
        })?;
        station::put_setting(&transaction, "tls_next", &next.server)?;
        station::put_setting(&transaction, "tls_next_key", &next.server_key)?;
        station::put_setting(&transaction, "tls_next_version", &version.to_be_bytes())?;
        reached(Point::CertificateWritten);
        transaction.commit()?;
        Ok(version)
    }

    /// Takes the announced key and drops the old one's pin.
    ///
    /// # Errors
    /// [`StationFault`]; nothing is changed then.
    pub fn switch_certificate(&self, hearers: Hearers, now_ms: i64) -> Result<Switched, StationFault> {
        let Some(next) = self.next_certificates(self.certificates()?)? else {
            return Ok(Switched::NothingPrepared);
        };
        let pin = next.pin()?;
        let not_heard = self.not_heard()?;
        if hearers == Hearers::All && !not_heard.is_empty() {
            return Ok(Switched::NotHeard(not_heard));
        }
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (directory_version, ()) = self.edit_within(&transaction, "certificate switch", now_ms, |directory| {
            directory.tls_pins = vec![pin];
            Ok(())
        })?;
        station::put_setting(&transaction, "tls_server", &next.server)?;
        station::put_setting(&transaction, "tls_server_key", &next.server_key)?;
        transaction
            .execute("DELETE FROM setting WHERE name IN ('tls_next', 'tls_next_key', 'tls_next_version')", [])?;
        reached(Point::SwitchWritten);
        transaction.commit()?;
        Ok(Switched::Done { directory_version, pin })
    }

    fn next_certificates(&self, current: Certificates) -> Result<Option<Certificates>, StationFault> {
        let connection = self.lock();
        let get = |name: &str| {
            connection
                .query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get::<_, Vec<u8>>(0))
                .optional()
        };
        let (Some(server), Some(server_key)) = (get("tls_next")?, get("tls_next_key")?.map(Zeroizing::new)) else {
            return Ok(None);
        };
        Ok(Some(Certificates { server, server_key, ..current }))
    }

    /// Active laptops whose newest directory does not name the announced pin yet.
    fn not_heard(&self) -> Result<Vec<ReplicaId>, StationFault> {
        let needed = {
            let bytes = station::setting(&self.lock(), "tls_next_version")?;
            u64::from_be_bytes(station::fixed(&bytes, "version of the next key")?)
        };
        let active = ReplicaState::Active.code();
        let waiting = self.replicas()?;
        let deaf = waiting.iter().filter(|one| one.state == active && one.directory_version < Some(needed));
        Ok(deaf.map(|one| one.replica).collect())
    }
}
