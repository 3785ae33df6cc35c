//! axum's own server, over TCP.

use std::convert::Infallible;
use std::future::ready;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use http::StatusCode;
use http_body::Frame;
use http_body_util::BodyExt;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tower_cors::CorsLayer;

use crate::net::Server;
use crate::support::{
    APP, PREFLIGHT_VARY, STRANGER, VARY, allow_app, assert_headers, assert_headers_of, preflight, request,
};

const TEXT: (&str, &str) = ("content-type", "text/plain; charset=utf-8");

/// `Router::layer` puts the layer around each part of a route, also around its answer to other methods, and axum
/// adds `Allow` to that answer. Browsers ignore it in the answer to a preflight.
const ALLOW_OF_AXUM: (&str, &str) = ("allow", "GET,HEAD,POST");

fn cors() -> CorsLayer {
    let policy = allow_app()
        .allow_credentials(true)
        .allow_methods(["PUT"])
        .allow_headers(["content-type"])
        .expose_headers(["x-request-id"])
        .max_age(Duration::from_secs(600));
    CorsLayer::from(policy.build().expect("a policy"))
}

async fn echo(body: Bytes) -> Bytes {
    body
}

async fn serve() -> Server {
    let app = Router::new()
        .route("/", get(|| ready("served")).post(echo))
        .route("/broken", get(|| ready(StatusCode::INTERNAL_SERVER_ERROR)))
        .route("/private", get(|| ready((StatusCode::UNAUTHORIZED, [("www-authenticate", "Bearer")]))))
        .route("/limited", post(echo).layer(DefaultBodyLimit::max(4)))
        .route("/options", axum::routing::options(|| ready(([("allow", "GET, OPTIONS")], "served"))));
    Server::axum(app.layer(cors())).await
}

#[tokio::test]
async fn a_preflight_is_answered_with_an_empty_204() {
    let server = serve().await;
    let response = server.send(preflight("PUT", &["content-type"])).await;
    assert_eq!(response.status(), 204);
    assert_eq!(response.body(), "");
    assert_headers(
        &response,
        &[
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-headers", "content-type"),
            ("access-control-allow-methods", "PUT"),
            ("access-control-allow-origin", APP),
            ("access-control-max-age", "600"),
            ALLOW_OF_AXUM,
            PREFLIGHT_VARY,
        ],
    );
    let stranger = request("OPTIONS", &[("origin", STRANGER), ("access-control-request-method", "PUT")]);
    let response = server.send(stranger).await;
    assert_eq!((response.status().as_u16(), &response.body()[..]), (403, &b""[..]));
    assert_headers(&response, &[ALLOW_OF_AXUM, PREFLIGHT_VARY]);
}

#[tokio::test]
async fn a_plain_options_reaches_the_handler() {
    let server = serve().await;
    let mut options = request("OPTIONS", &[("origin", APP)]);
    *options.uri_mut() = http::Uri::from_static("/options");
    let response = server.send(options).await;
    assert_eq!((response.status().as_u16(), &response.body()[..]), (200, &b"served"[..]));
    let mut expected = granted();
    expected.retain(|header| *header != VARY);
    expected.extend([("allow", "GET, OPTIONS"), TEXT, PREFLIGHT_VARY]);
    assert_headers(&response, &expected);
}

/// The headers for an allowed page on every response.
fn granted() -> Vec<(&'static str, &'static str)> {
    vec![
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-origin", APP),
        ("access-control-expose-headers", "x-request-id"),
        VARY,
    ]
}

/// A method, a path and a body; the status, and the headers that are not the layer's.
type Case = (&'static str, &'static str, &'static str, u16, &'static [(&'static str, &'static str)]);

#[tokio::test]
async fn every_status_is_decorated_for_the_allowed_page_and_for_no_other() {
    let server = serve().await;
    let cases: [Case; 6] = [
        ("GET", "/", "", 200, &[TEXT]),
        ("GET", "/private", "", 401, &[("www-authenticate", "Bearer")]),
        ("GET", "/missing", "", 404, &[]),
        ("DELETE", "/", "", 405, &[("allow", "GET,HEAD,POST")]),
        ("POST", "/limited", "abcdef", 413, &[TEXT]),
        ("GET", "/broken", "", 500, &[]),
    ];
    for (method, path, body, status, own) in cases {
        for origin in [Some(APP), Some(STRANGER), None] {
            let headers: Vec<_> = origin.map(|origin| ("origin", origin)).into_iter().collect();
            let mut request = request(method, &headers).map(|_| body.to_owned());
            *request.uri_mut() = path.parse().expect("a path");
            let response = server.send(request).await;
            let case = format!("{method} {path} from {origin:?}");
            assert_eq!(response.status(), status, "{case}");
            let mut expected = if origin == Some(APP) { granted() } else { vec![("vary", "Origin")] };
            expected.extend(own);
            assert_headers_of(&response, &expected, &case);
        }
    }
}

#[tokio::test]
async fn a_head_request_has_the_headers_of_a_get_and_no_body() {
    let server = serve().await;
    let response = server.send(request("HEAD", &[("origin", APP)])).await;
    assert_eq!((response.status().as_u16(), &response.body()[..]), (200, &b""[..]));
    assert_eq!(response.headers()["content-length"], "6");
    assert_headers(&response, &[granted(), vec![TEXT]].concat());
}

/// Makes a test that hangs fail. It does not synchronise anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// A body with one frame for each chunk that its channel gets.
struct Chunks(mpsc::Receiver<Bytes>);

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|chunk| chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}

#[tokio::test]
async fn events_pass_one_by_one() {
    let (events, chunks) = mpsc::channel(1);
    let chunks = Arc::new(Mutex::new(Some(Chunks(chunks))));
    let stream = get(move || {
        let chunks = chunks.lock().expect("no panic").take().expect("one request");
        ready(([("content-type", "text/event-stream")], Body::new(chunks)))
    });
    let server = Server::axum(Router::new().route("/", stream).layer(cors())).await;

    // There is no event yet: the head does not wait for the body.
    let head = timeout(PATIENCE, server.open(request("GET", &[("origin", APP)]))).await;
    let mut response = head.expect("the head waits for an event");
    let framing = ("transfer-encoding", "chunked");
    assert_headers(&response, &[granted(), vec![("content-type", "text/event-stream"), framing]].concat());
    // Each event is sent only after the one before it was read: a layer that waits for two would hang.
    for event in ["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"] {
        events.send(Bytes::from_static(event.as_bytes())).await.expect("the body is there");
        let frame = timeout(PATIENCE, response.frame()).await.expect("an event waits for the next one");
        let frame = frame.expect("a frame").expect("no error");
        assert_eq!(frame.into_data().expect("data"), event);
    }
    drop(events);
    assert!(response.frame().await.is_none(), "the stream ends with the handler's");
}
