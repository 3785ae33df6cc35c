//! What answers outside the layer: all headers of it, and as a page sees it.

mod http;
mod limit;

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request as AxumRequest;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{Request, Response, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use tower_cors::browser::{self, Browser};
use tower_cors::{CorsLayer, CorsPolicy};

use self::http::{APP, PREFLIGHT_VARY, STRANGER, assert_headers};

const READABLE: [(&str, &str); 3] = [
    ("vary", "Origin"),
    ("access-control-allow-origin", APP),
    ("access-control-expose-headers", "retry-after"),
];
const TEXT: (&str, &str) = ("content-type", "text/plain; charset=utf-8");

const HERE: [u8; 4] = [192, 0, 2, 1];
const ELSEWHERE: [u8; 4] = [192, 0, 2, 2];

/// A service whose clients have sent nothing yet, as one of them sees it.
fn app() -> Router {
    seen_from(HERE, &super::app().expect("a policy"))
}

/// The same service, and what it counts, for another client.
fn seen_from(address: [u8; 4], app: &Router) -> Router {
    app.clone().layer(MockConnectInfo(SocketAddr::from((address, 1))))
}

async fn send(app: &Router, method: &str, headers: &[(&str, &str)]) -> Response<Bytes> {
    let mut request = Request::builder().method(method).uri("/items");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    http::send(app, request.body(String::new()).expect("a request")).await
}

#[tokio::test]
async fn early_answers_can_be_read_by_the_page_that_is_allowed() {
    let service = super::app().expect("a policy");
    let app = seen_from(HERE, &service);
    let without_token = [("origin", APP)];
    for _ in 0..3 {
        let response = send(&app, "GET", &without_token).await;
        assert_eq!(response.status(), 401);
        let own = [TEXT, ("www-authenticate", "Bearer")];
        assert_headers(&response, &[&READABLE[..], &own].concat());
    }
    let response = send(&app, "GET", &without_token).await;
    assert_eq!(response.status(), 429);
    let retry_after = response.headers()["retry-after"].to_str().expect("text").to_owned();
    assert!((1..=10).contains(&retry_after.parse::<u32>().expect("seconds")), "{retry_after}");
    assert_headers(&response, &[&READABLE[..], &[TEXT, ("retry-after", &retry_after)]].concat());

    // A stranger's browser is told nothing; another client has a count of its own.
    let app = seen_from(ELSEWHERE, &service);
    let response = send(&app, "GET", &[("origin", STRANGER), ("authorization", "Bearer wrong")]).await;
    assert_eq!(response.status(), 401);
    assert_headers(&response, &[READABLE[0], TEXT, ("www-authenticate", "Bearer")]);
}

#[tokio::test]
async fn only_the_token_itself_passes() {
    for (authorization, status) in [
        ("Bearer secret", 200),
        ("Bearer secreT", 401),
        ("Bearer secre", 401),
        ("Bearer secret2", 401),
        ("", 401),
    ] {
        let response = send(&app(), "GET", &[("authorization", authorization)]).await;
        assert_eq!(response.status(), status, "{authorization:?}");
    }
}

#[tokio::test]
async fn guesses_are_limited_even_the_right_one() {
    let app = app();
    for guess in ["1", "2", "3"] {
        let guess = format!("Bearer {guess}");
        assert_eq!(send(&app, "GET", &[("authorization", &guess)]).await.status(), 401);
    }
    for guess in ["4", "secret"] {
        let guess = format!("Bearer {guess}");
        assert_eq!(send(&app, "GET", &[("authorization", &guess)]).await.status(), 429, "{guess}");
    }
}

#[tokio::test]
async fn preflights_need_no_token_and_are_not_counted() {
    let app = app();
    for _ in 0..20 {
        let headers = [
            ("origin", APP),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "authorization"),
        ];
        let response = send(&app, "OPTIONS", &headers).await;
        assert_eq!(response.status(), 204);
        // `allow` is axum's.
        let allowed = [
            READABLE[1],
            ("access-control-allow-methods", "GET, HEAD, POST"),
            ("access-control-allow-headers", "authorization"),
            ("allow", "GET,HEAD"),
        ];
        assert_headers(&response, &[&[PREFLIGHT_VARY][..], &allowed].concat());
    }
    let with_token = [("origin", APP), ("authorization", "Bearer secret")];
    for _ in 0..3 {
        let response = send(&app, "GET", &with_token).await;
        assert_eq!((response.status(), response.body().as_ref()), (StatusCode::OK, &b"tea, coffee"[..]));
        // By the layer inside, and once.
        assert_headers(&response, &[&READABLE[..], &[TEXT]].concat());
    }
    assert_eq!(send(&app, "GET", &with_token).await.status(), 429);
}

#[tokio::test]
async fn a_page_reads_the_status_and_when_to_come_back() {
    let mut app = app();
    let mut page = Browser::at(APP);
    let list = || browser::Request::get("/items").header("authorization", "Bearer secret");
    for _ in 0..3 {
        assert_eq!(page.fetch(&mut app, list()).await.expect("it is readable").status(), 200);
    }
    let response = page.fetch(&mut app, list()).await.expect("it is readable");
    assert_eq!(response.status(), 429);
    assert!(response.headers().contains_key("retry-after"));
    assert!(!response.headers().contains_key("www-authenticate"), "it is not exposed");

    let blocked = Browser::at(STRANGER).fetch(&mut app, browser::Request::get("/items")).await;
    blocked.expect_err("a stranger reads nothing");
}

/// Wrong, on purpose: the same limit, which does not ask the policy.
#[tokio::test]
async fn an_early_answer_that_asks_no_policy_is_a_network_error_to_the_page() {
    async fn limit(_: AxumRequest, _: Next) -> StatusCode {
        StatusCode::TOO_MANY_REQUESTS
    }
    let policy = CorsPolicy::builder().allow_origin(APP).build().expect("a policy");
    let mut app = Router::new()
        .route("/items", get(|| async { "tea, coffee" }))
        .layer(CorsLayer::from(policy))
        .layer(from_fn(limit));
    Browser::at(APP)
        .fetch(&mut app, browser::Request::get("/items"))
        .await
        .expect_err("no status, no reason");
}
