//! The station on the network: one route that hands bytes to [`Station::exchange`], and two for watching it.
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

use crate::Station;
use guard::Guard;

/// Path of the exchange.
pub const SYNC_PATH: &str = "/sync/v1";

/// Media type of requests and answers.
pub const MEDIA_TYPE: &str = "application/vnd.fengqiao.sync";

/// Connections at once: thirty laptops with two each, and four to spare.
const CONNECTIONS_MAX: usize = 64;

/// A request's head must arrive within this; also how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);

/// The TLS handshake must finish within this; over 2G with losses it takes four seconds.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(20);

/// Silence in the middle of a body after which the request is given up.
const BODY_STALL_TIMEOUT: Duration = Duration::from_secs(30);

/// A whole body must arrive within this: the largest request at 100 kbit/s and some.
const BODY_TIMEOUT: Duration = Duration::from_secs(420);

/// Bytes of a request's head.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// How long open requests may finish after the order to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Why serving ended badly.
#[derive(Debug, thiserror::Error)]
pub enum ServeFault {
    /// The listening socket could not be used.
    #[error("listening: {0}")]
    Socket(#[from] std::io::Error),
}

/// Serves until `stop` is ready, then lets open requests finish.
///
/// # Errors
/// [`ServeFault`].
pub async fn serve(
    station: Arc<Station>,
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeFault> {
    listener.set_nonblocking(true)?;
    let handle: Handle<SocketAddr> = Handle::new();
    let stopper = handle.clone();
    let waiting = tokio::spawn(async move {
        stop.await;
        tracing::info!(event = "stopping", connections = stopper.connection_count());
        stopper.graceful_shutdown(Some(GRACE));
    });
    let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(tls))
        .handshake_timeout(HANDSHAKE_TIMEOUT)
        .acceptor(Guard::new(CONNECTIONS_MAX));
    let mut server = axum_server::from_tcp(listener)?.acceptor(acceptor).handle(handle).http1_only();
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_BYTES_MAX);
    let result = server.serve(router(station).into_make_service()).await;
    waiting.abort();
    Ok(result?)
}

fn router(station: Arc<Station>) -> Router {
    Router::new()
        .route(SYNC_PATH, post(exchange))
        .route("/health", get(health))
        .route("/ready", get(ready))
        .with_state(station)
}

async fn health() -> Response {
    json(StatusCode::OK, "{\"status\":\"alive\"}".to_owned())
}

async fn ready(State(station): State<Arc<Station>>) -> Response {
    let checked = tokio::task::spawn_blocking(move || station.readiness()).await;
    match checked {
        Ok(Ok(ready)) => json(
            StatusCode::OK,
            format!(
                "{{\"status\":\"ready\",\"station\":\"{}\",\"directory_version\":{}}}",
                ready.station, ready.directory_version
            ),
        ),
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

async fn exchange(State(station): State<Arc<Station>>, request: Request) -> Response {
    let began = Instant::now();
    let bytes = match tokio::time::timeout(BODY_TIMEOUT, read_body(request.into_body())).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(fault)) => return refuse(fault),
        Err(_) => return refuse(BodyFault::Slow),
    };
    let bytes_in = bytes.len();
    let answered = tokio::task::spawn_blocking(move || station.exchange(&bytes, now_ms())).await;
    match answered {
        Ok(answer) => {
            let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(event = "exchange", bytes_in, bytes_out = answer.len(), took_ms);
            let mut response = Response::new(Body::from(answer));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(_) => {
            tracing::error!(event = "exchange_broke", bytes_in);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Why a body was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BodyFault {
    TooLarge,
    Slow,
    Cut,
}

fn refuse(fault: BodyFault) -> Response {
    tracing::warn!(event = "body_refused", ?fault);
    let status = match fault {
        BodyFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        BodyFault::Slow => StatusCode::REQUEST_TIMEOUT,
        BodyFault::Cut => StatusCode::BAD_REQUEST,
    };
    (status, [(header::CONNECTION, "close")]).into_response()
}

/// Reads a body piece by piece: bounded, and given up when it stalls.
async fn read_body(mut body: Body) -> Result<Vec<u8>, BodyFault> {
    if body.size_hint().lower() > limits::REQUEST_BYTES_MAX as u64 {
        return Err(BodyFault::TooLarge);
    }
    let mut bytes = Vec::new();
    loop {
        let next = poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let frame = match tokio::time::timeout(BODY_STALL_TIMEOUT, next).await {
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
