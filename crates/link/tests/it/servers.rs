//! What may be at the other end: the station, a portal, a bad line, nothing.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use station::Station;
use station::http::Serving;
use sync::limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

pub(crate) fn url(address: SocketAddr) -> String {
    format!("https://{address}")
}

/// A port on which nothing listens any more.
pub(crate) fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The station's real server. Its port is known before the station issues enrolments.
pub(crate) fn reserve() -> (TcpListener, SocketAddr) {
    listener()
}

pub(crate) fn serve(station: Arc<Station>, listener: TcpListener) {
    let tls = station.certificates().unwrap().server_config().unwrap();
    tokio::spawn(station::http::serve(Serving::new(station, listener, tls), std::future::pending()));
}

/// What a server answers that is not the station.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Says {
    LogInPage,
    Redirect,
    EndlessAnswer,
    Nothing,
}

async fn say(what: Says) -> axum::response::Response {
    match what {
        Says::LogInPage => {
            ([(header::CONTENT_TYPE, "text/html")], "<html><body>请登录无线网络</body></html>").into_response()
        }
        Says::Redirect => (StatusCode::FOUND, [(header::LOCATION, "https://127.0.0.1:1/login")]).into_response(),
        Says::EndlessAnswer => Body::from(vec![b' '; limits::RESPONSE_BYTES_MAX + 1]).into_response(),
        Says::Nothing => std::future::pending().await,
    }
}

/// A server that is not the station, under the given TLS set-up.
pub(crate) fn impostor(tls: Arc<ServerConfig>, what: Says) -> SocketAddr {
    let (listener, address) = listener();
    let app = Router::new().fallback(move || say(what));
    let server = axum_server::from_tcp_rustls(listener, RustlsConfig::from_config(tls)).unwrap();
    tokio::spawn(server.serve(app.into_make_service()));
    address
}

/// The same without TLS.
pub(crate) fn plain_impostor(what: Says) -> SocketAddr {
    let (listener, address) = listener();
    let app = Router::new().fallback(move || say(what));
    tokio::spawn(axum_server::from_tcp(listener).unwrap().serve(app.into_make_service()));
    address
}

/// TLS of somebody who has nothing to do with stations.
pub(crate) fn foreign_tls() -> Arc<ServerConfig> {
    let made = rcgen::generate_simple_self_signed(vec!["wifi.example".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    Arc::new(config)
}

/// A line that cuts connections after so many bytes, the first `cuts` of them.
pub(crate) struct BadLine {
    pub(crate) address: SocketAddr,
    pub(crate) carried: Arc<AtomicUsize>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Direction {
    ToStation,
    ToLaptop,
}

pub(crate) fn bad_line(to: SocketAddr, direction: Direction, after_bytes: u64, cuts: usize) -> BadLine {
    let (listener, address) = listener();
    let carried = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&carried);
    tokio::spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        while let Ok((laptop, _)) = listener.accept().await {
            let number = count.fetch_add(1, Ordering::SeqCst);
            let allowed = if number < cuts { after_bytes } else { u64::MAX };
            tokio::spawn(carry(laptop, to, direction, allowed));
        }
    });
    BadLine { address, carried }
}

async fn carry(laptop: TcpStream, to: SocketAddr, direction: Direction, allowed: u64) {
    let Ok(station) = TcpStream::connect(to).await else { return };
    let (up, down) = match direction {
        Direction::ToStation => (allowed, u64::MAX),
        Direction::ToLaptop => (u64::MAX, allowed),
    };
    let (from_laptop, to_laptop) = laptop.into_split();
    let (from_station, to_station) = station.into_split();
    // Whichever side ends first, both are dropped: that is the cut.
    tokio::select! {
        () = pump(from_laptop, to_station, up) => {}
        () = pump(from_station, to_laptop, down) => {}
    }
}

async fn pump(mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin, allowed: u64) {
    let left = AtomicU64::new(allowed);
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let rest = left.load(Ordering::Relaxed);
        let take = usize::try_from(rest).unwrap_or(usize::MAX).min(count);
        if to.write_all(&buffer[..take]).await.is_err() || take < count {
            return;
        }
        left.store(rest - take as u64, Ordering::Relaxed);
    }
}
