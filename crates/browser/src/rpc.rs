//! One call: reads the request, runs the command on a thread that may block, writes the answer or the error.

use std::collections::BTreeMap;

use app::{ErrorKind, WireError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::server::Loopback;

/// Longest request: a register file of 32 MiB as base64 with what stands around it.
pub(crate) const BODY_BYTES_MAX: usize = (32 << 20) + (64 << 10);

/// `POST /rpc/<command>`.
pub(crate) async fn call(
    State(server): State<Loopback>,
    Path(command): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => return too_large(),
        Err(_) => return refusal(StatusCode::BAD_REQUEST, "bad_request"),
    };
    let app = server.app();
    let done = tokio::task::spawn_blocking(move || {
        let payload = match body.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&body).map_err(|_| bad_request(&command))?,
        };
        app.call(&command, payload)
    });
    match done.await {
        Ok(Ok(value)) => Json(value).into_response(),
        Ok(Err(error)) => failed(error),
        // The handler panicked; the session's own guard has told the log what and where.
        Err(_) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "defect"),
    }
}

/// An error as the app gave it, with the HTTP status that fits its kind.
fn failed(error: WireError) -> Response {
    let status = match (error.code.as_str(), error.kind) {
        ("unknown_command", _) => StatusCode::NOT_FOUND,
        ("bad_request", _) => StatusCode::BAD_REQUEST,
        (_, ErrorKind::Rejected) => StatusCode::UNPROCESSABLE_ENTITY,
        (_, ErrorKind::Conflict) => StatusCode::CONFLICT,
        (_, ErrorKind::Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
        (_, ErrorKind::Defect) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, Json(error)).into_response()
}

fn bad_request(command: &str) -> WireError {
    let args = BTreeMap::from([("command".to_owned(), command.chars().take(60).collect())]);
    WireError { code: "bad_request".to_owned(), args, kind: ErrorKind::Defect, incident: None }
}

/// The request is longer than allowed.
pub(crate) fn too_large() -> Response {
    let args =
        BTreeMap::from([("what".to_owned(), "request".to_owned()), ("max".to_owned(), BODY_BYTES_MAX.to_string())]);
    let error = WireError { code: "too_large".to_owned(), args, kind: ErrorKind::Rejected, incident: None };
    (StatusCode::PAYLOAD_TOO_LARGE, Json(error)).into_response()
}

/// An answer of the host itself: a code without arguments.
pub(crate) fn refusal(status: StatusCode, code: &str) -> Response {
    let kind = if status.is_server_error() { ErrorKind::Defect } else { ErrorKind::Rejected };
    let error = WireError { code: code.to_owned(), args: BTreeMap::new(), kind, incident: None };
    (status, Json(error)).into_response()
}
