//! Who may speak to the loopback server, and what every answer says about itself. Any web page on this machine can send
//! requests to 127.0.0.1: the Host header unmasks a name that was bound to 127.0.0.1 elsewhere (DNS rebinding), the Origin
//! header unmasks a page of another site, the token keeps out other users of the machine.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::rpc::{BODY_BYTES_MAX, refusal, too_large};
use crate::server::Loopback;

/// The header a call carries its token in.
pub(crate) const TOKEN_HEADER: &str = "x-fengqiao-token";

/// Nothing but what came with the program runs, and nothing leaves. Style attributes are needed by charts.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/// Headers of every answer.
const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (header::CACHE_CONTROL, "no-cache"),
];

/// Lets a request pass when it comes from this machine's own page.
pub(crate) async fn own_page_only(State(server): State<Loopback>, request: Request, next: Next) -> Response {
    let mut answer = match foreign(request.headers(), server.port()) {
        None => next.run(request).await,
        Some((status, code)) => refusal(status, code),
    };
    for (name, value) in HEADERS {
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer
}

/// Lets a call pass when it has the token and announces no more than is allowed; before its body is read.
pub(crate) async fn admitted_only(State(server): State<Loopback>, request: Request, next: Next) -> Response {
    let given = request.headers().get(TOKEN_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !server.token().fits(given) {
        return refusal(StatusCode::UNAUTHORIZED, "token_wrong");
    }
    match announced_bytes(request.headers()) {
        Some(bytes) if bytes > BODY_BYTES_MAX => too_large(),
        Some(_) | None => next.run(request).await,
    }
}

/// The length a request announces. One that announces none is counted while it is read.
fn announced_bytes(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Why a request is not from our own page.
fn foreign(headers: &HeaderMap, port: u16) -> Option<(StatusCode, &'static str)> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let host = text(header::HOST).unwrap_or_default();
    if headers.get_all(header::HOST).iter().count() != 1 || !ours.iter().any(|own| own == host) {
        return Some((StatusCode::MISDIRECTED_REQUEST, "host_foreign"));
    }
    let origin_is_ours = match headers.contains_key(header::ORIGIN) {
        true => text(header::ORIGIN).is_some_and(|origin| origin.strip_prefix("http://") == Some(host)),
        false => true,
    };
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let site_is_ours = site.is_none_or(|site| ["same-origin", "none"].contains(&site));
    (!origin_is_ours || !site_is_ours).then_some((StatusCode::FORBIDDEN, "origin_foreign"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        list.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_our_own_page_on_our_own_port_may_speak() {
        let judge = |list: &[_]| foreign(&headers(list), 4000).map(|(_, code)| code);
        assert_eq!(judge(&[("host", "127.0.0.1:4000")]), None);
        assert_eq!(judge(&[("host", "localhost:4000"), ("origin", "http://localhost:4000")]), None);
        assert_eq!(judge(&[("host", "127.0.0.1:4000"), ("sec-fetch-site", "same-origin")]), None);
        for list in [&[][..], &[("host", "evil.example:4000")], &[("host", "127.0.0.1:4001")], &[("host", "127.0.0.1")]]
        {
            assert_eq!(judge(list), Some("host_foreign"), "{list:?}");
        }
        for origin in ["http://evil.example", "https://127.0.0.1:4000", "null", "http://127.0.0.1:4001"] {
            assert_eq!(judge(&[("host", "127.0.0.1:4000"), ("origin", origin)]), Some("origin_foreign"), "{origin}");
        }
        assert_eq!(judge(&[("host", "127.0.0.1:4000"), ("sec-fetch-site", "cross-site")]), Some("origin_foreign"));
    }
}
