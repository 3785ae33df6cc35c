//! Intended settings have no warnings: false alarms teach people to ignore them.

use tower_cors::CorsPolicy;

use super::warnings;
use crate::support::{allow_app, assert_rows};

#[rustfmt::skip]
const ORIGINS: [&str; 33] = [
    "https://*.preview.example.com", "http://localhost:*", "http://127.0.0.1:5173", "http://[::1]:5173",
    "http://192.168.1.5:3000", "http://10.0.0.1", "http://raspberrypi.local",
    "http://host.docker.internal:3000", "http://app.localhost:3000", "https://intranet",
    "https://intranet:8443", "https://my_branch.preview.test", "https://localhost", "https://localhost.",
    "https://xn--mnchen-3ya.example", "chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba",
    "moz-extension://01234567-89ab-cdef-0123-456789abcdef", "moz-extension://*",
    "safari-web-extension://0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "capacitor://localhost",
    "ionic://localhost", "sonic://app", "tauri://localhost", "tauris://app", "http://tauri.localhost",
    "app://localhost", "apps://localhost", "electron://altair", "vscode-webview://abc",
    "ms-appx-web://com.example", "shttp://example.com", "hxxps://example.com", "my-app://home",
];

/// The IANA registry without headers that no page can send, and other headers in use.
#[rustfmt::skip]
const METHODS: [&str; 57] = [
    "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "DELETE", "GET", "HEAD", "LABEL",
    "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE",
    "OPTIONS", "ORDERPATCH", "PATCH", "POST", "PRI", "PROPFIND", "PROPPATCH", "PUT", "QUERY", "REBIND",
    "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF",
    "VERSION-CONTROL", "PURGE", "BAN", "REFRESH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "M-SEARCH",
    "DESCRIBE", "SOURCE", "READ", "CREATE", "SET", "LIST", "BATCH", "WATCH", "FETCH", "PUSH", "PULL",
    "custom",
];

#[rustfmt::skip]
const REQUEST_HEADERS: [&str; 68] = [
    "accept", "accept-language", "authorization", "cache-control", "content-language", "content-type",
    "content-md5", "content-digest", "repr-digest", "digest", "want-digest", "if-match", "if-none-match",
    "if-modified-since", "if-unmodified-since", "if-range", "range", "pragma", "user-agent", "priority",
    "prefer", "depth", "destination", "overwrite", "timeout", "lock-token", "if", "authentication",
    "auth-token", "token", "csrf-token", "xsrf-token", "x-csrf-token", "x-csrftoken", "x-xsrf-token",
    "x-requested-with", "x-api-key", "x-apikey", "api-key", "apikey", "x-request-id", "x-requestid",
    "request-id", "x-correlation-id", "baggage", "traceparent", "tracestate", "b3", "sentry-trace",
    "idempotency-key", "last-event-id", "mcp-session-id", "mcp-protocol-version", "grpc-timeout",
    "x-grpc-web", "x-user-agent", "connect-protocol-version", "tus-resumable", "upload-length",
    "upload-offset", "upload-metadata", "x-http-method-override", "anthropic-version",
    "openai-organization", "x-stainless-*", "x-foo", "content-type-options", "contents",
];

#[rustfmt::skip]
const RESPONSE_HEADERS: [&str; 36] = [
    "etag", "link", "location", "retry-after", "content-disposition", "content-encoding", "content-range",
    "content-length", "content-location", "accept-ranges", "date", "age", "vary", "www-authenticate",
    "server-timing", "x-total-count", "total-count", "x-request-id", "ratelimit", "ratelimit-limit",
    "ratelimit-policy", "ratelimit-remaining", "ratelimit-reset", "x-ratelimit-limit",
    "x-ratelimit-remaining", "x-ratelimit-reset", "grpc-status", "grpc-message", "mcp-session-id",
    "upload-offset", "deprecation", "sunset", "content-security-policy", "timing-allow-origin",
    "last-modified", "expires",
];

#[test]
fn what_people_mean_is_not_told() {
    let none = Vec::<String>::new;
    // Each origin alone: some origins of the list cover others.
    assert_rows(ORIGINS.map(|origin| (origin, warnings(CorsPolicy::builder().allow_origin(origin)), none())));
    // Together: among the other methods of WebDAV, `UPDATE` is one of them.
    let lists = [
        ("methods", allow_app().allow_methods(METHODS)),
        ("request headers", allow_app().allow_headers(REQUEST_HEADERS)),
        ("response headers", allow_app().expose_headers(RESPONSE_HEADERS)),
        (
            "varying headers",
            allow_app().vary_by(REQUEST_HEADERS.into_iter().filter(|name| !name.ends_with('*'))),
        ),
    ];
    assert_rows(lists.map(|(list, policy)| (list, warnings(policy), none())));
}
