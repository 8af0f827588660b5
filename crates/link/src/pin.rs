//! Which server is believed: the one whose key the enrolment file pins, whatever its certificate says of names and dates
//! (laptop clocks die). The handshake's signature is checked, so holding a copy of the certificate is worth nothing.
//! Must not know what is sent.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, SignatureScheme};
use sync::crypto;
use sync::ids::Hash;

/// Organisation that station servers write into their certificates. It proves nothing; it only chooses the message.
const STATION_ORGANISATION: &[u8] = b"Fengqiao station";

/// Whose key was shown instead of the pinned one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PinFault {
    /// Another station's, by what its certificate says.
    #[error("the server is another station")]
    AnotherStation,
    /// Something that does not even claim to be a station: a captive portal, an inspecting proxy.
    #[error("the server is not a station")]
    NotAStation,
}

/// The keys believed. They change while a laptop is at work: the station announces its next key in the directory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pins(Arc<RwLock<Vec<Hash>>>);

impl Pins {
    /// Believes these keys and no others from now on.
    pub(crate) fn believe(&self, keys: Vec<Hash>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    fn hold(&self, key: &Hash) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(key)
    }
}

/// TLS for a laptop that believes the given keys and no others.
pub(crate) fn client_config(pins: Pins) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = PinVerifier { pins, provider: Arc::clone(&provider) };
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

#[derive(Debug)]
struct PinVerifier {
    pins: Pins,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown = ParsedCertificate::try_from(end_entity)
            .map(|certificate| crypto::sha256(certificate.subject_public_key_info().as_ref()));
        match shown {
            Ok(key) if self.pins.hold(&key) => Ok(ServerCertVerified::assertion()),
            Ok(_) | Err(_) => Err(refuse(end_entity)),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn refuse(certificate: &[u8]) -> rustls::Error {
    let claims = certificate.windows(STATION_ORGANISATION.len()).any(|window| window == STATION_ORGANISATION);
    let fault = if claims { PinFault::AnotherStation } else { PinFault::NotAStation };
    CertificateError::Other(OtherError(Arc::new(fault))).into()
}
