//! One request over HTTPS: to the pinned server only, through no proxy, following no redirect, bounded in time and size.
//! Says what kind of failure it was. Must not know what the bytes mean.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use failpoint::{Point, reached};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Client, StatusCode, redirect, retry};
use sync::ids::Hash;
use sync::laptop::RequestFailure;
use sync::limits;

use crate::pin::{self, PinFault, Pins};

/// Path of the exchange on a station server.
const SYNC_PATH: &str = "/sync/v1";

const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.fengqiao.sync");

/// Name, connection and TLS together; over 2G with losses they take eight seconds.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(25);

/// Silence of the server after which it is given up; the upload of a request at the smallest budget fits in.
const STALL_TIMEOUT: Duration = Duration::from_secs(90);

/// A whole request; shorter than the engine's patience, so that this end knows why.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(280);

/// An idle connection is dropped before the server drops it, or the next request would meet a closing door.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);

/// Sent data that nobody acknowledges for this long means the line is dead.
const SILENT_LINE_TIMEOUT: Duration = Duration::from_secs(40);

/// Bytes over the line in this attempt.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    out: AtomicU64,
    received: AtomicU64,
}

impl Meter {
    pub(crate) fn reset(&self) {
        self.out.store(0, Ordering::Relaxed);
        self.received.store(0, Ordering::Relaxed);
    }

    /// Bytes sent and bytes received.
    pub(crate) fn read(&self) -> (u64, u64) {
        (self.out.load(Ordering::Relaxed), self.received.load(Ordering::Relaxed))
    }
}

/// Why there is no answer of the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineFault {
    /// As the engine knows it.
    Request(RequestFailure),
    /// Something answered, but nothing that speaks our protocol: a captive portal, another service on the port.
    SomethingElse,
}

impl LineFault {
    /// Of the failures of several addresses the one that tells most is kept.
    fn telling(self) -> u8 {
        match self {
            Self::Request(RequestFailure::Unreachable) => 0,
            Self::Request(RequestFailure::Timeout) => 1,
            Self::Request(RequestFailure::Status { .. }) => 2,
            Self::SomethingElse => 3,
            Self::Request(RequestFailure::TooLong) => 4,
            Self::Request(RequestFailure::Interrupted) => 5,
            Self::Request(RequestFailure::PinMismatch) => 6,
        }
    }
}

/// The way to a station: its addresses and the keys believed.
pub(crate) struct Line {
    client: Client,
    servers: Vec<String>,
    pins: Pins,
}

impl Line {
    /// A way to the given addresses. Opens nothing yet. Nothing when TLS cannot be set up at all.
    pub(crate) fn new(servers: Vec<String>, keys: Vec<Hash>) -> Option<Self> {
        let pins = Pins::default();
        pins.believe(keys);
        let tls = pin::client_config(pins.clone()).inspect_err(|fault| tracing::error!(%fault, "TLS")).ok()?;
        let builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(true)
            .no_proxy()
            .http1_only()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(STALL_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tcp_nodelay(true);
        #[cfg(target_os = "linux")]
        let builder = builder.tcp_user_timeout(SILENT_LINE_TIMEOUT);
        #[cfg(not(target_os = "linux"))]
        let builder = builder.tcp_keepalive(SILENT_LINE_TIMEOUT);
        let client = builder.build().inspect_err(|fault| tracing::error!(%fault, "HTTP client")).ok()?;
        Some(Self { client, servers, pins })
    }

    /// Believes these keys from now on: the directory has named others.
    pub(crate) fn believe(&self, keys: Vec<Hash>) {
        self.pins.believe(keys);
    }

    /// Sends to the addresses in order until one takes the request.
    pub(crate) async fn post(&self, bytes: Vec<u8>, meter: &Meter) -> Result<Vec<u8>, LineFault> {
        let mut worst = LineFault::Request(RequestFailure::Unreachable);
        for server in &self.servers {
            match self.post_to(server, bytes.clone(), meter).await {
                Ok(answer) => return Ok(answer),
                Err(fault) => {
                    tracing::debug!(%server, ?fault, "no answer");
                    if fault.telling() > worst.telling() {
                        worst = fault;
                    }
                }
            }
        }
        Err(worst)
    }

    async fn post_to(&self, server: &str, bytes: Vec<u8>, meter: &Meter) -> Result<Vec<u8>, LineFault> {
        let sent = bytes.len() as u64;
        let url = format!("{}{SYNC_PATH}", server.trim_end_matches('/'));
        let request = self.client.post(url).header(CONTENT_TYPE, MEDIA_TYPE).body(bytes);
        reached(Point::RequestReady);
        let mut response = request.send().await.map_err(|fault| sort(&fault))?;
        meter.out.fetch_add(sent, Ordering::Relaxed);
        if response.status() != StatusCode::OK {
            return Err(LineFault::Request(RequestFailure::Status { code: response.status().as_u16() }));
        }
        let mut answer = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|fault| sort_body(&fault))? {
            meter.received.fetch_add(piece.len() as u64, Ordering::Relaxed);
            if answer.len() + piece.len() > limits::RESPONSE_BYTES_MAX {
                return Err(LineFault::Request(RequestFailure::TooLong));
            }
            answer.extend_from_slice(&piece);
        }
        reached(Point::AnswerRead);
        Ok(answer)
    }
}

/// What a failure before the answer's body was.
fn sort(fault: &reqwest::Error) -> LineFault {
    match tls_fault(fault) {
        Some(TlsFault::AnotherStation) => LineFault::Request(RequestFailure::PinMismatch),
        Some(TlsFault::NotAStation) => LineFault::SomethingElse,
        None if fault.is_timeout() => LineFault::Request(RequestFailure::Timeout),
        None if fault.is_connect() => LineFault::Request(RequestFailure::Unreachable),
        // The connection stood, so whoever is there cut it or speaks something that is not HTTP.
        None => LineFault::Request(RequestFailure::Interrupted),
    }
}

fn sort_body(fault: &reqwest::Error) -> LineFault {
    let failure = if fault.is_timeout() { RequestFailure::Timeout } else { RequestFailure::Interrupted };
    LineFault::Request(failure)
}

enum TlsFault {
    AnotherStation,
    NotAStation,
}

/// The TLS library's error somewhere below an error. An I/O error hides what it wraps from `source`, so it is asked itself.
fn tls_fault(fault: &(dyn Error + 'static)) -> Option<TlsFault> {
    let mut at: Option<&(dyn Error + 'static)> = Some(fault);
    while let Some(error) = at {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(sort_tls(tls));
        }
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        at = match wrapped {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn sort_tls(tls: &rustls::Error) -> TlsFault {
    if let rustls::Error::InvalidCertificate(rustls::CertificateError::Other(other)) = tls
        && other.0.downcast_ref::<PinFault>() == Some(&PinFault::AnotherStation)
    {
        return TlsFault::AnotherStation;
    }
    // Another certificate, or no TLS at all on this port.
    TlsFault::NotAStation
}
