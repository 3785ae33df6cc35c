//! `reject_disallowed_origins`: 403 before the service runs, and the requests that are not rejected.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::{Request, Response};
use hyper::body::Incoming;
use tower::{Layer, service_fn};
use tower_cors::{CorsLayer, CorsPolicyBuilder};

use crate::net::Server;
use crate::support::{
    APP, App, PREFLIGHT_VARY, REJECTION_VARY, SAFELISTED_METHODS, STRANGER, VARY, allow_app, assert_headers,
    assert_headers_of, assert_refused, assert_rows, header_set, headers_of, preflight, request,
};

fn rejecting() -> CorsPolicyBuilder {
    allow_app().allow_credentials(true).expose_headers(["x-a"]).reject_disallowed_origins(true)
}

#[tokio::test]
async fn a_request_from_a_disallowed_origin_is_rejected_before_the_service() {
    let app = App::new(rejecting());
    let requests = [
        request("GET", &[("origin", STRANGER)]),
        request("POST", &[("origin", STRANGER), ("host", "api.example.com")]),
        request("GET", &[("origin", "null")]),
        request("GET", &[("origin", "")]),
        request("GET", &[("origin", APP), ("origin", APP)]),
        request("GET", &[("origin", "https://APP.example.com")]),
    ];
    for request in requests {
        let case = format!("{request:?}");
        let response = app.send_unserved(request).await;
        assert_eq!(response.status(), 403, "{case}");
        assert_headers_of(&response, &[REJECTION_VARY], &case);
    }
    let response = app.send_unserved(request("OPTIONS", &[("origin", STRANGER)])).await;
    assert_eq!(response.status(), 403);
    let (_, of_options) = PREFLIGHT_VARY;
    assert_headers(&response, &[("vary", &format!("{of_options}, Sec-Fetch-Site"))]);
}

#[tokio::test]
async fn the_names_of_vary_by_are_on_a_rejection() {
    let app = App::new(rejecting().vary_by(["x-tenant"]));
    let response = app.send_unserved(request("GET", &[("origin", STRANGER)])).await;
    assert_eq!(response.status(), 403);
    assert_headers(&response, &[("vary", "Origin, Sec-Fetch-Site, X-Tenant")]);
}

#[tokio::test]
async fn without_the_switch_the_service_runs() {
    let app = App::new(allow_app());
    let response = app.send_served(request("POST", &[("origin", STRANGER)])).await;
    assert_headers(&response, &[("vary", "Origin")]);
}

#[tokio::test]
async fn allowed_origins_and_preflights_are_answered_as_ever() {
    let app = App::new(rejecting());
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    assert_headers(
        &response,
        &[
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-origin", APP),
            ("access-control-expose-headers", "x-a"),
            ("vary", "Origin"),
        ],
    );
    let response = app.send_unserved(preflight("GET", &[])).await;
    assert_eq!(response.status(), 204);
    assert_headers(
        &response,
        &[
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-origin", APP),
            SAFELISTED_METHODS,
            PREFLIGHT_VARY,
        ],
    );
    let refused = request("OPTIONS", &[("origin", STRANGER), ("access-control-request-method", "GET")]);
    assert_refused(&app.send_unserved(refused).await, "a preflight");
}

#[tokio::test]
async fn requests_without_origin_and_same_origin_ones_are_spared_and_granted_nothing() {
    let app = App::new(rejecting());
    let cases: [&[(&str, &str)]; 9] = [
        &[],
        &[("host", "api.example.com")],
        &[("origin", STRANGER), ("sec-fetch-site", "same-origin")],
        // A form post of a page under `no-referrer`.
        &[("origin", "null"), ("sec-fetch-site", "same-origin")],
        &[("origin", "https://api.example.com"), ("host", "api.example.com")],
        &[("origin", "https://api.example.com"), ("host", "API.example.com:443")],
        &[("origin", "http://api.example.com:8080"), ("host", "api.example.com:8080")],
        &[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")],
        &[("origin", "http://[::1]"), ("host", "[::1]:80")],
    ];
    for headers in cases {
        let response = app.send_served(request("POST", headers)).await;
        let vary = if headers.iter().any(|(name, _)| *name == "origin") { REJECTION_VARY } else { VARY };
        assert_headers_of(&response, &[vary], &format!("{headers:?}"));
    }
}

#[tokio::test]
async fn what_only_resembles_a_same_origin_request_is_rejected() {
    let app = App::new(rejecting());
    let cases: [&[(&str, &str)]; 21] = [
        &[("origin", STRANGER), ("sec-fetch-site", "cross-site")],
        &[("origin", STRANGER), ("sec-fetch-site", "same-site")],
        &[("origin", STRANGER), ("sec-fetch-site", "none")],
        &[("origin", STRANGER), ("sec-fetch-site", "Same-Origin")],
        &[("origin", STRANGER), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        &[("origin", STRANGER), ("sec-fetch-site", "same-origin, cross-site")],
        &[("origin", "https://api.example.com"), ("host", "api.example.com:8443")],
        &[("origin", "https://api.example.com:8443"), ("host", "api.example.com")],
        &[("origin", "https://api.example.com:8443"), ("host", "api.example.com:8443:443")],
        &[("origin", "https://api.example.com"), ("host", "api.example.com:+443")],
        &[("origin", "https://api.example.com"), ("host", "api.example.com:0443")],
        &[("origin", "https://example.com"), ("host", "api.example.com")],
        &[("origin", "http://api.example.com"), ("host", "api.example.com:443")],
        &[("origin", STRANGER), ("host", "stranger.example"), ("host", "api.example.com")],
        // The same host, but the browser says that the page is of another site: its scheme differs.
        &[
            ("origin", "http://api.example.com"),
            ("host", "api.example.com"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[
            ("origin", "https://api.example.com"),
            ("host", "api.example.com"),
            ("sec-fetch-site", "same-site"),
        ],
        &[("origin", "https://api.example.com"), ("host", "api.example.com"), ("sec-fetch-site", "")],
        // Pages of these schemes are never the service's, whatever their host.
        &[("origin", "capacitor://localhost"), ("host", "localhost")],
        &[("origin", "chrome-extension://localhost"), ("host", "localhost")],
        &[("origin", "tauri://localhost:80"), ("host", "localhost:80")],
        // The same host, but not spelled as an origin: no browser sent it.
        &[("origin", "https://API.example.com"), ("host", "api.example.com")],
    ];
    let mut rows = Vec::new();
    for headers in cases {
        let before = app.runs();
        let response = app.send(request("POST", headers)).await;
        let seen =
            (app.runs() - before, response.status().as_u16(), headers_of(&response), response.into_body());
        rows.push((format!("{headers:?}"), seen, (0, 403, header_set(&[REJECTION_VARY]), String::new())));
    }
    assert_rows(rows);
}

#[tokio::test]
async fn the_authority_of_the_target_counts_before_the_host() {
    let app = App::new(rejecting());
    let send = async |origin, target: &str, host| {
        let mut request = request("POST", &[("origin", origin), ("host", host)]);
        *request.uri_mut() = target.parse().expect("a target");
        app.send(request).await.status().as_u16()
    };
    assert_eq!(send(STRANGER, "https://api.example.com/", "stranger.example").await, 403);
    assert_eq!(send("https://api.example.com", "https://api.example.com/", "stranger.example").await, 200);
    // The scheme of the target counts too, if it has one.
    assert_eq!(send("http://api.example.com", "https://api.example.com/", "api.example.com").await, 403);
    assert_eq!(send("https://api.example.com", "http://api.example.com/", "api.example.com").await, 403);
    assert_eq!(
        send("https://api.example.com", "https://user@api.example.com/", "api.example.com").await,
        403
    );
}

/// A service behind the layer on a socket, and the number of its runs.
async fn server() -> (Server, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    let service = service_fn(move |_: Request<Incoming>| {
        counter.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Ok::<_, Infallible>(Response::new(String::new())))
    });
    (Server::hyper(CorsLayer::from(rejecting().build().expect("a policy")).layer(service)).await, runs)
}

#[tokio::test]
async fn the_host_of_a_request_over_http_1_spares_it() {
    let (server, runs) = server().await;
    let address = server.address;
    let own = format!("http://{address}");
    assert_eq!(server.send(request("POST", &[("origin", &own)])).await.status(), 200);
    assert_eq!(server.send(request("POST", &[("origin", STRANGER)])).await.status(), 403);
    // Another port of the same machine is another origin.
    assert_eq!(server.send(request("POST", &[("origin", "http://127.0.0.1")])).await.status(), 403);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_authority_of_a_request_over_http_2_spares_it() {
    let (server, runs) = server().await;
    let own = format!("http://{}", server.address);
    let response = server.send_h2(request("POST", &[("origin", &own)])).await;
    assert_eq!((response.status().as_u16(), response.version()), (200, http::Version::HTTP_2));
    assert_headers(&response, &[REJECTION_VARY]);
    let response = server.send_h2(request("POST", &[("origin", STRANGER)])).await;
    assert_eq!(response.status(), 403);
    assert_headers(&response, &[REJECTION_VARY]);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}
