//! Responses to requests that are not preflights.

use std::future::ready;

use http::{Request, Response};
use tower::{Layer, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder};

use crate::support::{
    APP, App, PREFLIGHT_VARY, STRANGER, VARY, allow_app, assert_headers, assert_headers_of, request,
};

#[tokio::test]
async fn an_allowed_origin_is_echoed() {
    let app = App::answering(allow_app(), &[("content-type", "text/plain"), ("x-request-id", "7")]);
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PROPFIND", "OPTIONS"] {
        let response = app.send_served(request(method, &[("origin", APP)])).await;
        assert_headers_of(
            &response,
            &[
                ("access-control-allow-origin", APP),
                ("content-type", "text/plain"),
                if method == "OPTIONS" { PREFLIGHT_VARY } else { VARY },
                ("x-request-id", "7"),
            ],
            method,
        );
    }
}

#[tokio::test]
async fn credentials_and_exposed_headers_are_sent_to_the_allowed_origin_only() {
    let policy = allow_app()
        .allow_credentials(true)
        .expose_headers(["X-Request-Id", "etag", "x-request-id"])
        .allow_methods(["PUT"])
        .allow_headers(["x-a"])
        .max_age(std::time::Duration::from_secs(600));
    let app = App::new(policy);
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    assert_headers(
        &response,
        &[
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-origin", APP),
            ("access-control-expose-headers", "x-request-id, etag"),
            ("vary", "Origin"),
        ],
    );
    for request in [request("GET", &[("origin", STRANGER)]), request::<&str>("GET", &[])] {
        assert_headers(&app.send_served(request).await, &[("vary", "Origin")]);
    }
}

#[tokio::test]
async fn one_request_leaves_nothing_behind_for_the_next() {
    let app = App::new(CorsPolicy::builder().allow_origins([APP, "https://other.example"]));
    for _ in 0..2 {
        for origin in [APP, "https://other.example"] {
            let response = app.send_served(request("GET", &[("origin", origin)])).await;
            assert_headers(&response, &[("access-control-allow-origin", origin), ("vary", "Origin")]);
        }
        let response = app.send_served(request("GET", &[("origin", STRANGER)])).await;
        assert_headers(&response, &[("vary", "Origin")]);
    }
}

/// The headers of a service with its own CORS, some of them twice.
const OPINIONATED: [(&str, &str); 6] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-origin", "https://stranger.example"),
    ("access-control-allow-credentials", "true"),
    ("access-control-expose-headers", "x-secret"),
    ("access-control-expose-headers", "*"),
    ("x-other", "kept"),
];

#[tokio::test]
async fn what_the_service_grants_is_replaced_for_an_allowed_origin() {
    let cases: [(CorsPolicyBuilder, &[(&str, &str)]); 4] = [
        (allow_app(), &[]),
        (allow_app().expose_headers(["x-a"]), &[("access-control-expose-headers", "x-a")]),
        (allow_app().allow_credentials(true), &[("access-control-allow-credentials", "true")]),
        (
            allow_app().allow_credentials(true).expose_headers(["x-a", "x-b"]),
            &[("access-control-allow-credentials", "true"), ("access-control-expose-headers", "x-a, x-b")],
        ),
    ];
    for (policy, granted) in cases {
        let app = App::answering(policy, &OPINIONATED);
        let response = app.send_served(request("GET", &[("origin", APP)])).await;
        let always = [("access-control-allow-origin", APP), ("vary", "Origin"), ("x-other", "kept")];
        assert_headers(&response, &[granted, &always].concat());
    }
}

#[tokio::test]
async fn what_the_service_grants_is_removed_where_the_policy_grants_nothing() {
    let app = App::answering(allow_app().allow_credentials(true).expose_headers(["x-a"]), &OPINIONATED);
    let requests = [
        request::<&str>("GET", &[]),
        request("GET", &[("origin", STRANGER)]),
        request("GET", &[("origin", "null")]),
        request("GET", &[("origin", "")]),
        request("GET", &[("origin", APP), ("origin", APP)]),
    ];
    for request in requests {
        let response = app.send_served(request).await;
        assert_headers(&response, &[VARY, ("x-other", "kept")]);
    }
    let response = app.send_served(request::<&str>("OPTIONS", &[])).await;
    assert_headers(&response, &[PREFLIGHT_VARY, ("x-other", "kept")]);
}

#[tokio::test]
async fn what_the_service_grants_is_replaced_by_a_policy_for_any_origin() {
    let app = App::answering(CorsPolicy::builder().allow_any_origin(), &OPINIONATED);
    for request in [request("GET", &[("origin", STRANGER)]), request::<&str>("GET", &[])] {
        let response = app.send_served(request).await;
        assert_headers(&response, &[("access-control-allow-origin", "*"), ("x-other", "kept")]);
    }
}

#[tokio::test]
async fn any_origin_is_a_star_on_every_response_with_the_exposed_headers_and_without_vary() {
    let policy = CorsPolicy::builder().allow_origins(["*", APP]).expose_headers(["x-a", "x-b"]);
    let app = App::new(policy);
    let requests = [
        request("GET", &[("origin", APP)]),
        request("GET", &[("origin", STRANGER)]),
        request("GET", &[("origin", "null")]),
        request("POST", &[("origin", "null")]),
        request("GET", &[("origin", "")]),
        request("GET", &[("origin", APP), ("origin", APP)]),
        request::<&str>("GET", &[]),
    ];
    let granted = [("access-control-allow-origin", "*"), ("access-control-expose-headers", "x-a, x-b")];
    for request in requests {
        assert_headers(&app.send_served(request).await, &granted);
    }
    // With `Access-Control-Request-Method`, it would be a preflight.
    let response = app.send_served(request::<&str>("OPTIONS", &[])).await;
    assert_headers(&response, &[&granted[..], &[PREFLIGHT_VARY]].concat());
}

#[tokio::test]
async fn null_is_allowed_by_its_switch_alone() {
    for policy in [
        allow_app(),
        CorsPolicy::builder().allow_origin_if(|_, _| true),
        CorsPolicy::builder().allow_origins(["https://*.example.com:*", "moz-extension://*"]),
    ] {
        let app = App::new(policy.clone());
        let response = app.send_served(request("GET", &[("origin", "null")])).await;
        assert_headers(&response, &[("vary", "Origin")]);
        let app = App::new(policy.dangerously_allow_null_origin(true));
        let response = app.send_served(request("GET", &[("origin", "null")])).await;
        assert_headers(&response, &[("access-control-allow-origin", "null"), ("vary", "Origin")]);
    }
}

#[tokio::test]
async fn all_headers_are_exposed_with_a_star_without_credentials() {
    let app = App::answering(allow_app().expose_all_headers(), &[("x-a", "1")]);
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    assert_headers(
        &response,
        &[
            ("access-control-allow-origin", APP),
            ("access-control-expose-headers", "*"),
            ("vary", "Origin"),
            ("x-a", "1"),
        ],
    );
}

#[tokio::test]
async fn all_headers_are_exposed_by_name_with_credentials() {
    let policy = || allow_app().expose_all_headers().allow_credentials(true);
    let sent = [
        ("x-a", "1"),
        ("x-a", "2"),
        ("set-cookie", "id=1"),
        ("access-control-expose-headers", "x-old"),
        ("etag", "\"1\""),
    ];
    let response = App::answering(policy(), &sent).send_served(request("GET", &[("origin", APP)])).await;
    let mut names = list(&response, "access-control-expose-headers");
    names.sort();
    // Each name once, without those that scripts can never read and without the headers of CORS.
    assert_eq!(names, ["etag", "vary", "x-a"]);
    let listed = response.headers()["access-control-expose-headers"].to_str().expect("text").to_owned();
    assert_headers(
        &response,
        &[
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-origin", APP),
            ("access-control-expose-headers", &listed),
            ("etag", "\"1\""),
            ("set-cookie", "id=1"),
            ("vary", "Origin"),
            ("x-a", "1"),
            ("x-a", "2"),
        ],
    );
    // The list is for this response, and only the allowed origin gets one.
    let app = App::answering(policy(), &[("x-b", "1")]);
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    let mut names = list(&response, "access-control-expose-headers");
    names.sort();
    assert_eq!(names, ["vary", "x-b"]);
    let response = app.send_served(request("GET", &[("origin", STRANGER)])).await;
    assert_headers(&response, &[("vary", "Origin"), ("x-b", "1")]);
}

fn list(response: &Response<String>, name: &str) -> Vec<String> {
    let value = response.headers()[name].to_str().expect("text");
    value.split(", ").map(str::to_owned).collect()
}

#[tokio::test]
async fn the_answer_is_decorated_whatever_its_status() {
    for status in [200, 204, 206, 301, 304, 400, 401, 403, 404, 405, 413, 429, 500, 503] {
        let layer = CorsLayer::from(allow_app().build().expect("a policy"));
        let service = layer.layer(service_fn(move |_: Request<String>| {
            ready(Response::builder().status(status).header("x-a", "1").body("kept".to_owned()))
        }));
        let response = service.oneshot(request("GET", &[("origin", APP)])).await.expect("a response");
        assert_eq!((response.status().as_u16(), response.body().as_str()), (status, "kept"));
        assert_headers(&response, &[("access-control-allow-origin", APP), ("vary", "Origin"), ("x-a", "1")]);
    }
}

#[derive(Debug, PartialEq)]
struct OutOfOrder(u32);

#[tokio::test]
async fn an_error_of_the_service_passes_through_as_it_is() {
    let layer = CorsLayer::from(allow_app().build().expect("a policy"));
    let service =
        layer.layer(service_fn(|_: Request<String>| ready(Err::<Response<String>, _>(OutOfOrder(7)))));
    for request in [request("GET", &[("origin", APP)]), request::<&str>("GET", &[])] {
        let error = service.clone().oneshot(request).await.expect_err("the service's error");
        assert_eq!(error, OutOfOrder(7));
    }
}

#[tokio::test]
async fn the_request_reaches_the_service_unchanged() {
    let layer = CorsLayer::from(allow_app().build().expect("a policy"));
    let service = layer
        .layer(service_fn(|request: Request<String>| ready(Ok::<_, OutOfOrder>(Response::new(request)))));
    let headers =
        [("origin", APP), ("access-control-request-method", "PUT"), ("cookie", "a=1"), ("cookie", "b=2")];
    let mut sent = request("POST", &headers);
    "the body".clone_into(sent.body_mut());
    sent.extensions_mut().insert(7_u32);
    let received = service.oneshot(sent.clone()).await.expect("a response").into_body();
    assert_eq!(received.headers(), sent.headers());
    assert_eq!(
        (received.method(), received.uri(), received.body()),
        (sent.method(), sent.uri(), sent.body())
    );
    assert_eq!(received.extensions().get::<u32>(), Some(&7));
}
