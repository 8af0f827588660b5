//! The station's certificates: its own authority and the server certificate under it, and the pin of the server's key.
//! Names and dates in them are for people; laptops believe the pinned key only. Must not know what is served.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rcgen::{ExtendedKeyUsagePurpose, PublicKeyData};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sync::crypto;
use sync::ids::{Hash, StationId};
use zeroize::Zeroizing;

/// Organisation in every certificate of a station. Proves nothing; lets a laptop say "another station" rather than
/// "something else answered" when the pin does not match.
pub const ORGANISATION: &str = "Fengqiao station";

/// Why certificates could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    /// Making a key or certificate failed.
    #[error("certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The TLS library does not take the key or certificate.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The stored key is not one.
    #[error("the stored TLS key is not a key")]
    KeyUnreadable,
}

/// Keys and certificates as stored; the private keys are PKCS#8.
pub struct Certificates {
    /// The authority's certificate (DER).
    pub authority: Vec<u8>,
    /// The authority's private key.
    pub authority_key: Zeroizing<Vec<u8>>,
    /// The server's certificate (DER).
    pub server: Vec<u8>,
    /// The server's private key. It persists: laptops pin it.
    pub server_key: Zeroizing<Vec<u8>>,
}

impl Certificates {
    /// Makes an authority and a server certificate. The keys come from the system's randomness inside the TLS library.
    ///
    /// # Errors
    /// [`TlsFault::Certificate`].
    pub fn generate(station: StationId) -> Result<Self, TlsFault> {
        let authority_key = KeyPair::generate()?;
        let params = authority_params(station)?;
        let authority = params.self_signed(&authority_key)?.der().to_vec();
        let (server, server_key) = new_server(station, &params, &authority_key)?;
        Ok(Self { authority, authority_key: Zeroizing::new(authority_key.serialize_der()), server, server_key })
    }

    /// Another server key with its certificate under the same authority.
    ///
    /// # Errors
    /// [`TlsFault`].
    pub fn next_server(&self, station: StationId) -> Result<Self, TlsFault> {
        let der = PrivatePkcs8KeyDer::from(self.authority_key.as_slice());
        let authority_key = KeyPair::from_pkcs8_der_and_sign_algo(&der, &rcgen::PKCS_ECDSA_P256_SHA256)
            .map_err(|_| TlsFault::KeyUnreadable)?;
        let (server, server_key) = new_server(station, &authority_params(station)?, &authority_key)?;
        Ok(Self { authority: self.authority.clone(), authority_key: self.authority_key.clone(), server, server_key })
    }

    /// SHA-256 of the server key's SubjectPublicKeyInfo: what enrolment files carry.
    ///
    /// # Errors
    /// [`TlsFault::KeyUnreadable`].
    pub fn pin(&self) -> Result<Hash, TlsFault> {
        let der = PrivatePkcs8KeyDer::from(self.server_key.as_slice());
        let pair = KeyPair::from_pkcs8_der_and_sign_algo(&der, &rcgen::PKCS_ECDSA_P256_SHA256)
            .map_err(|_| TlsFault::KeyUnreadable)?;
        Ok(crypto::sha256(&pair.subject_public_key_info()))
    }

    /// The server side of TLS 1.2 and 1.3 with ring, HTTP/1.1 only.
    ///
    /// # Errors
    /// [`TlsFault::Tls`].
    pub fn server_config(&self) -> Result<Arc<ServerConfig>, TlsFault> {
        let chain = vec![CertificateDer::from(self.server.clone()), CertificateDer::from(self.authority.clone())];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.server_key.to_vec()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// The same each time: what a certificate says of its issuer follows from it and the issuer's key.
fn authority_params(station: StationId) -> Result<CertificateParams, TlsFault> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = name(station, "authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn new_server(
    station: StationId,
    authority: &CertificateParams,
    authority_key: &KeyPair,
) -> Result<(Vec<u8>, Zeroizing<Vec<u8>>), TlsFault> {
    let server_key = KeyPair::generate()?;
    let names = vec!["fengqiao-station".to_owned(), "localhost".to_owned(), "127.0.0.1".to_owned()];
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = name(station, "server");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let issuer = Issuer::from_params(authority, authority_key);
    let server = params.signed_by(&server_key, &issuer)?.der().to_vec();
    Ok((server, Zeroizing::new(server_key.serialize_der())))
}

fn name(station: StationId, part: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, ORGANISATION);
    name.push(DnType::CommonName, format!("{station} {part}"));
    name
}
