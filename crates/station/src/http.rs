//! The station on the network: one route that hands bytes to [`Station::exchange`], and those for watching it.
//! Owns limits and timeouts of connections. Must not know what the bytes say, and logs nothing about persons.

mod guard;

use std::future::poll_fn;
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::TokioTimer;
use rustls::ServerConfig;
use sync::limits;
use tokio::sync::Semaphore;

use crate::Station;
use guard::Guard;

/// Path of the exchange.
pub const SYNC_PATH: &str = "/sync/v1";

/// Media type of requests and answers.
pub const MEDIA_TYPE: &str = "application/vnd.fengqiao.sync";

/// Bytes of a request's head.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// How many, and how long.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Connections at once.
    pub connections_max: usize,
    /// Requests being answered at once; others wait with their body read.
    pub exchanges_max: usize,
    /// How long a request waits for its turn before it is told to come back.
    pub turn_timeout: Duration,
    /// A request's head must arrive within this; also how long an idle connection is kept.
    pub head_timeout: Duration,
    /// The TLS handshake must finish within this.
    pub handshake_timeout: Duration,
    /// Silence in the middle of a body after which the request is given up.
    pub body_stall_timeout: Duration,
    /// A whole body must arrive within this.
    pub body_timeout: Duration,
    /// How long open requests may finish after the order to stop.
    pub grace: Duration,
    /// With less free space than this the station says that it is not ready; it still takes what fits.
    pub disk_reserve_bytes: u64,
}

impl Default for Bounds {
    /// Thirty laptops with two connections each and four to spare; a handshake over 2G with losses takes four seconds, the
    /// largest request at 100 kbit/s less than six minutes; bodies in memory stay below 256 MiB; a day's work of a station
    /// is a tenth of the reserve.
    fn default() -> Self {
        Self {
            connections_max: 64,
            exchanges_max: 8,
            turn_timeout: Duration::from_secs(30),
            head_timeout: Duration::from_secs(20),
            handshake_timeout: Duration::from_secs(20),
            body_stall_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(420),
            grace: Duration::from_secs(10),
            disk_reserve_bytes: 256 * 1024 * 1024,
        }
    }
}

/// What is served where.
pub struct Serving {
    station: Arc<Station>,
    /// Where laptops come.
    listener: TcpListener,
    /// Keys and certificates for them.
    tls: Arc<ServerConfig>,
    /// Where metrics and health are read without TLS.
    watch: Option<TcpListener>,
    bounds: Bounds,
}

impl Serving {
    /// With the usual limits, without metrics.
    #[must_use]
    pub fn new(station: Arc<Station>, listener: TcpListener, tls: Arc<ServerConfig>) -> Self {
        Self { station, listener, tls, watch: None, bounds: Bounds::default() }
    }

    /// With limits of one's own.
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// With metrics and health told without TLS, to this machine alone.
    ///
    /// # Errors
    /// [`ServeFault::NotLoopback`] for any other address.
    pub fn watched_on(self, watch: TcpListener) -> Result<Self, ServeFault> {
        let address = watch.local_addr()?;
        if !address.ip().is_loopback() {
            return Err(ServeFault::NotLoopback { address });
        }
        Ok(Self { watch: Some(watch), ..self })
    }
}

/// Why serving ended badly.
#[derive(Debug, thiserror::Error)]
pub enum ServeFault {
    /// The listening socket could not be used.
    #[error("listening: {0}")]
    Socket(#[from] std::io::Error),
    /// Metrics would be read from elsewhere.
    #[error("metrics and health are told on a loopback address only, not on {address}")]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
}

/// Serves until `stop` is ready, lets open requests finish, and leaves one database file without a write-ahead log.
///
/// # Errors
/// [`ServeFault`].
pub async fn serve(serving: Serving, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeFault> {
    let Serving { station, listener, tls, watch, bounds } = serving;
    let (handle, watching): (Handle<SocketAddr>, Handle<SocketAddr>) = (Handle::new(), Handle::new());
    let (stopper, watch_stopper) = (handle.clone(), watching.clone());
    let waiting = tokio::spawn(async move {
        stop.await;
        tracing::info!(event = "stopping", connections = stopper.connection_count());
        stopper.graceful_shutdown(Some(bounds.grace));
        watch_stopper.shutdown();
    });
    let watcher = watch.map(|socket| {
        let router = watch_router(Arc::clone(&station), bounds);
        tokio::spawn(async move {
            socket.set_nonblocking(true)?;
            let mut server = axum_server::from_tcp(socket)?.handle(watching).http1_only();
            server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(bounds.head_timeout);
            server.serve(router.into_make_service()).await
        })
    });
    listener.set_nonblocking(true)?;
    let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(tls))
        .handshake_timeout(bounds.handshake_timeout)
        .acceptor(Guard::new(bounds.connections_max));
    let mut server = axum_server::from_tcp(listener)?.acceptor(acceptor).handle(handle).http1_only();
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head_timeout)
        .max_buf_size(HEAD_BYTES_MAX);
    let result = server.serve(router(Arc::clone(&station), bounds).into_make_service()).await;
    waiting.abort();
    if let Some(watcher) = watcher {
        watcher.abort();
    }
    let settled = tokio::task::spawn_blocking(move || station.checkpoint()).await;
    if let Ok(Err(fault)) = settled {
        tracing::warn!(event = "checkpoint_failed", %fault);
    }
    Ok(result?)
}

/// What the handlers share.
#[derive(Clone)]
struct Served {
    station: Arc<Station>,
    turns: Arc<Semaphore>,
    bounds: Bounds,
}

fn router(station: Arc<Station>, bounds: Bounds) -> Router {
    watched(Router::new().route(SYNC_PATH, post(exchange)), station, bounds)
}

fn watch_router(station: Arc<Station>, bounds: Bounds) -> Router {
    watched(Router::new().route("/metrics", get(metrics)), station, bounds)
}

fn watched(router: Router<Served>, station: Arc<Station>, bounds: Bounds) -> Router {
    let turns = Arc::new(Semaphore::new(bounds.exchanges_max));
    let health = router.route("/health/live", get(live)).route("/health/ready", get(ready));
    health.with_state(Served { station, turns, bounds })
}

async fn live() -> Response {
    json(StatusCode::OK, "{\"status\":\"alive\"}".to_owned())
}

async fn metrics(State(served): State<Served>) -> Response {
    match tokio::task::spawn_blocking(move || served.station.metrics()).await {
        Ok(Ok(text)) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Ok(Err(fault)) => {
            tracing::error!(event = "metrics_failed", %fault);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn ready(State(served): State<Served>) -> Response {
    let checked = tokio::task::spawn_blocking(move || served.station.readiness()).await;
    match checked {
        Ok(Ok(ready)) => {
            let (status, word) = if ready.disk_available_bytes < served.bounds.disk_reserve_bytes {
                tracing::error!(event = "disk_low", available_bytes = ready.disk_available_bytes);
                (StatusCode::SERVICE_UNAVAILABLE, "disk_low")
            } else {
                (StatusCode::OK, "ready")
            };
            let value = serde_json::json!({
                "status": word,
                "station": ready.station.to_string(),
                "directory_version": ready.directory_version,
                "disk_available_bytes": ready.disk_available_bytes,
            });
            json(status, value.to_string())
        }
        Ok(Err(fault)) => {
            tracing::error!(event = "not_ready", %fault);
            json(StatusCode::SERVICE_UNAVAILABLE, "{\"status\":\"unavailable\"}".to_owned())
        }
        Err(_) => json(StatusCode::SERVICE_UNAVAILABLE, "{\"status\":\"unavailable\"}".to_owned()),
    }
}

fn json(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn exchange(State(served): State<Served>, request: Request) -> Response {
    let Served { station, turns, bounds } = served;
    let reading = read_body(request.into_body(), bounds.body_stall_timeout);
    let bytes = match tokio::time::timeout(bounds.body_timeout, reading).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(fault)) => return refuse(&station, fault),
        Err(_) => return refuse(&station, BodyFault::Slow),
    };
    let Ok(Ok(turn)) = tokio::time::timeout(bounds.turn_timeout, turns.acquire_owned()).await else {
        tracing::warn!(event = "exchanges_full", bytes_in = bytes.len());
        station.meter().exchanged("no_turn");
        return answered(station.busy(now_ms()));
    };
    let began = Instant::now();
    let bytes_in = bytes.len();
    station.meter().began(bytes_in);
    let meter = Arc::clone(&station);
    // The turn goes along: a client that hangs up does not free it before the work is done.
    let working = tokio::task::spawn_blocking(move || {
        let answer = station.exchange(&bytes, now_ms());
        drop(turn);
        answer
    });
    let outcome = working.await;
    let took = began.elapsed();
    meter.meter().ended(outcome.as_ref().map_or(0, Vec::len), took);
    match outcome {
        Ok(answer) => {
            let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            tracing::info!(event = "exchange", bytes_in, bytes_out = answer.len(), took_ms);
            answered(answer)
        }
        Err(_) => {
            tracing::error!(event = "exchange_broke", bytes_in);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn answered(answer: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(answer));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Why a body was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BodyFault {
    TooLarge,
    Slow,
    Cut,
}

fn refuse(station: &Station, fault: BodyFault) -> Response {
    tracing::warn!(event = "body_refused", ?fault);
    let (status, reason) = match fault {
        BodyFault::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        BodyFault::Slow => (StatusCode::REQUEST_TIMEOUT, "slow"),
        BodyFault::Cut => (StatusCode::BAD_REQUEST, "cut"),
    };
    station.meter().body_refused(reason);
    (status, [(header::CONNECTION, "close")]).into_response()
}

/// Reads a body piece by piece: bounded, and given up when it stalls.
async fn read_body(mut body: Body, stall: Duration) -> Result<Vec<u8>, BodyFault> {
    if body.size_hint().lower() > limits::REQUEST_BYTES_MAX as u64 {
        return Err(BodyFault::TooLarge);
    }
    let mut bytes = Vec::new();
    loop {
        let next = poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let frame = match tokio::time::timeout(stall, next).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) => return Err(BodyFault::Cut),
            Ok(None) => return Ok(bytes),
            Err(_) => return Err(BodyFault::Slow),
        };
        if let Ok(data) = frame.into_data() {
            if bytes.len() + data.len() > limits::REQUEST_BYTES_MAX {
                return Err(BodyFault::TooLarge);
            }
            bytes.extend_from_slice(&data);
        }
    }
}

/// The system clock, UTC milliseconds.
#[must_use]
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map(|age| age.as_millis()).unwrap_or_default();
    i64::try_from(since).unwrap_or(i64::MAX)
}
