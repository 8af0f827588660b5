//! The loopback server: routes and their guards. Bound to 127.0.0.1, never to another address.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use app::{App, Event};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, http::HeaderValue, http::header};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::events::Hub;
use crate::guard::{admitted_only, own_page_only};
use crate::rpc::{BODY_BYTES_MAX, call, refusal};
use crate::screens::Screens;
use crate::token::Token;

/// Binds 127.0.0.1; port 0 takes a free one.
///
/// # Errors
/// What the system says when the port is taken.
pub async fn bind(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await
}

/// What is served.
pub struct Serving {
    /// The app.
    pub app: Arc<App>,
    /// What it tells: `app.subscribe()`.
    pub events: Receiver<Event>,
    /// Who may call.
    pub token: Token,
    /// The screens.
    pub screens: Screens,
}

/// Everything an answer needs. Cheap to clone.
#[derive(Clone)]
pub struct Loopback {
    app: Arc<App>,
    hub: Hub,
    token: Token,
    screens: Screens,
    port: u16,
    stop: watch::Receiver<bool>,
}

impl Loopback {
    /// Serves an app until `stop` resolves; open event streams are ended, running calls are finished.
    ///
    /// # Errors
    /// What the system says about the listener.
    pub async fn serve(
        serving: Serving,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let port = listener.local_addr()?.port();
        let Serving { app, events, token, screens } = serving;
        let hub = Hub::over(events);
        let (stopping, stopped) = watch::channel(false);
        let server = Self { app, hub, token, screens, port, stop: stopped };
        let until = async move {
            stop.await;
            // Nobody left to hear it is fine.
            let _ = stopping.send(true);
        };
        axum::serve(listener, server.router()).with_graceful_shutdown(until).await
    }

    fn router(self) -> Router {
        let calls = Router::new()
            .route("/rpc/{command}", post(call))
            .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .route_layer(from_fn_with_state(self.clone(), admitted_only))
            .route("/events", get(events))
            .layer(map_response(never_kept));
        let screens = self.screens.clone();
        screens.serve(calls).layer(from_fn_with_state(self.clone(), own_page_only)).with_state(self)
    }

    pub(crate) fn app(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    pub(crate) fn token(&self) -> &Token {
        &self.token
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

/// `GET /events?token=…`: an event source cannot send headers, so the token stands in the address.
async fn events(State(server): State<Loopback>, Query(query): Query<Vec<(String, String)>>) -> Response {
    let given = query.iter().find(|(key, _)| key == "token").map_or("", |(_, value)| value.as_str());
    match server.token.fits(given) {
        true => server.hub.stream(server.stop.clone()).into_response(),
        false => refusal(StatusCode::UNAUTHORIZED, "token_wrong"),
    }
}

/// Records must not stay in the browser's cache.
async fn never_kept(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
