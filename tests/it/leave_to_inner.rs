//! `leave_to_inner`: a layer that lets another one, nearer to the service, decide.

use std::convert::Infallible;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::MatchedPath;
use axum::routing::get;
use http::{Request, Response};
use tower::{Layer, ServiceBuilder, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, RequestHead};
use tower_http::validate_request::ValidateRequestHeaderLayer;

use crate::net::Server;
use crate::placement::authenticate;
use crate::support::{
    APP, OWN_CORS, PREFLIGHT_VARY, SAFELISTED_METHODS, STRANGER, VARY, allow_app, assert_headers,
    assert_headers_of, assert_refused, assert_rows, built, headers_of, preflight, preflight_from, request,
};

const PARTNER: &str = "https://partner.example";

fn at(path: &str, mut request: Request<String>) -> Request<String> {
    *request.uri_mut() = path.parse().expect("a path");
    request
}

fn is_inner(request: RequestHead<'_>) -> bool {
    request.uri().path() == "/inner"
}

/// A policy for [`PARTNER`] alone.
fn inner() -> CorsLayer {
    let policy = CorsPolicy::builder().allow_origin(PARTNER).allow_credentials(true).allow_methods(["PUT"]);
    CorsLayer::new(built(policy.expose_headers(["x-inner"])))
}

/// Each source of a policy, for [`APP`] alone.
fn outer() -> [(&'static str, CorsLayer); 4] {
    let policy = built(allow_app().allow_methods(["PATCH"]).reject_disallowed_origins(true));
    let (selected, found) = (policy.clone(), policy.clone());
    [
        ("one policy", CorsLayer::new(&policy)),
        ("first_match", CorsLayer::first_match([policy])),
        ("per_request", CorsLayer::per_request(move |_| Some(selected.clone()))),
        (
            "per_request_async",
            CorsLayer::per_request_async(move |_| {
                let found = found.clone();
                async move {
                    tokio::task::yield_now().await;
                    Some(found)
                }
            }),
        ),
    ]
}

/// Every kind of request, from a page that the inner policy allows, from one that the outer policy allows, and from a stranger.
fn questions() -> Vec<Request<String>> {
    [PARTNER, APP, STRANGER, "null"]
        .into_iter()
        .flat_map(|origin| {
            let actual = ["GET", "PUT", "OPTIONS"].map(|method| request(method, &[("origin", origin)]));
            let preflights = ["GET", "PUT", "PATCH"].map(|method| preflight_from(origin, method));
            actual.into_iter().chain(preflights)
        })
        .chain([request::<&str>("GET", &[])])
        .collect()
}

/// Over TCP: the answer of an inner layer through an outer one is the same as its answer alone, header by header. If the outer layer
/// selects its policy, `Vary` also has the headers that it selects by.
#[tokio::test]
async fn what_is_left_is_answered_as_by_the_inner_layer_alone() {
    let router =
        || Router::new().route("/inner", get(|| async { "inner" }).put(|| async { "put" })).layer(inner());
    let alone = Server::axum(router()).await;
    for (source, layer) in outer() {
        let both = Server::axum(router().layer(layer.leave_to_inner(is_inner))).await;
        let mut rows = Vec::new();
        for question in questions() {
            let case = format!("{source}: {} {:?}", question.method(), question.headers());
            let expected = alone.send(at("/inner", question.clone())).await;
            let seen = both.send(at("/inner", question)).await;
            let [seen, expected] =
                [seen, expected].map(|answer| (answer.status(), headers_of(&answer), answer.into_body()));
            rows.push((case, seen, expected));
        }
        assert_rows(rows);
    }
}

#[tokio::test]
async fn everything_else_is_answered_by_the_outer_layer() {
    let router =
        Router::new().route("/inner", get(|| async { "inner" })).route("/else", get(|| async { "else" }));
    for (source, layer) in outer() {
        let plain = Server::axum(router.clone().layer(layer.clone())).await;
        let leaving = Server::axum(router.clone().layer(layer.leave_to_inner(is_inner))).await;
        for path in ["/else", "/missing"] {
            let mut rows = Vec::new();
            for question in questions() {
                let case = format!("{source}: {path} {} {:?}", question.method(), question.headers());
                let seen = leaving.send(at(path, question.clone())).await;
                let expected = plain.send(at(path, question)).await;
                rows.push((
                    case,
                    (seen.status(), headers_of(&seen)),
                    (expected.status(), headers_of(&expected)),
                ));
            }
            assert_rows(rows);
        }
    }
}

/// The reason for `leave_to_inner`.
#[tokio::test]
async fn without_it_the_outer_policy_has_the_last_word() {
    let service = inner().layer(service_fn(|_: Request<String>| {
        ready(Ok::<_, Infallible>(Response::new("served".to_owned())))
    }));
    let both = CorsLayer::new(built(allow_app())).layer(service);
    let Ok(response) = both.clone().oneshot(preflight_from(PARTNER, "PUT")).await;
    assert_refused(&response, "the inner layer never sees it");
    let Ok(response) = both.oneshot(request("GET", &[("origin", PARTNER)])).await;
    assert_headers(&response, &[VARY]);
}

/// A service without its own layer, whose routes are left to it anyway: nothing is added, and nothing is removed.
#[tokio::test]
async fn without_an_inner_layer_nothing_is_granted_and_the_service_sees_the_preflight() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    let layer = CorsLayer::new(built(CorsPolicy::builder().allow_any_origin())).leave_to_inner(is_inner);
    let service = layer.layer(service_fn(move |request: Request<String>| {
        counter.fetch_add(1, Ordering::SeqCst);
        let mut response = Response::new(String::new());
        for (name, value) in OWN_CORS.into_iter().filter(|_| request.headers().contains_key("x-own")) {
            response.headers_mut().insert(name, http::HeaderValue::from_static(value));
        }
        ready(Ok::<_, Infallible>(response))
    }));
    for request in [preflight("PUT", &[]), request("GET", &[("origin", APP)])] {
        let Ok(response) = service.clone().oneshot(at("/inner", request)).await;
        assert_headers(&response, &[]);
    }
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    // Written by hand, it works like any inner policy.
    let by_hand = request("GET", &[("origin", APP), ("x-own", "1")]);
    let Ok(response) = service.oneshot(at("/inner", by_hand)).await;
    assert_headers(&response, &OWN_CORS);
}

#[tokio::test]
async fn what_is_left_is_no_denial_of_the_outer_layer() {
    let denials = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&denials);
    let layer = CorsLayer::new(built(allow_app().reject_disallowed_origins(true)))
        .on_denial(move |_, _| {
            counter.fetch_add(1, Ordering::SeqCst);
        })
        .leave_to_inner(is_inner);
    let service = layer
        .layer(service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(Response::new(String::new())))));
    for (path, status, count) in [("/inner", 200, 0), ("/else", 403, 1)] {
        let Ok(response) = service.clone().oneshot(at(path, request("GET", &[("origin", STRANGER)]))).await;
        assert_eq!((response.status().as_u16(), denials.load(Ordering::SeqCst)), (status, count), "{path}");
    }
}

/// It fails closed: if something between the layers refuses the preflight, the outer policy does not grant it, since the inner policy
/// might not.
#[tokio::test]
async fn authentication_between_the_layers_refuses_a_preflight_that_is_left() {
    let service = ServiceBuilder::new()
        .layer(CorsLayer::new(built(CorsPolicy::builder().allow_any_origin())).leave_to_inner(is_inner))
        .layer(ValidateRequestHeaderLayer::custom(authenticate::<String>))
        .layer(inner())
        .service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(Response::new(String::new()))));
    for origin in [PARTNER, APP] {
        let Ok(response) = service.clone().oneshot(at("/inner", preflight_from(origin, "PUT"))).await;
        assert_eq!(response.status(), 401, "{origin}");
        assert_headers_of(&response, &[("www-authenticate", "Bearer")], origin);
    }
}

#[tokio::test]
async fn a_header_that_the_choice_looks_at_is_in_vary_of_what_is_left_too() {
    let layer = CorsLayer::new(built(allow_app()))
        .leave_to_inner(|request| request.headers().contains_key("x-inner"))
        .vary_by(["X-Inner"])
        .expect("a name");
    let service = layer
        .layer(inner().layer(service_fn(|_: Request<String>| {
            ready(Ok::<_, Infallible>(Response::new(String::new())))
        })));
    let Ok(left) = service.clone().oneshot(request("GET", &[("origin", APP), ("x-inner", "1")])).await;
    let vary = ["Origin", "X-Inner"].map(|line| ("vary", line));
    assert_headers(&left, &vary);
    let Ok(decided) = service.clone().oneshot(request("GET", &[("origin", APP)])).await;
    assert_headers(&decided, &[&[("access-control-allow-origin", APP)], &vary[..]].concat());
    let Ok(preflighted) = service.oneshot(preflight("GET", &[])).await;
    let own = ("vary", "X-Inner");
    assert_headers(
        &preflighted,
        &[("access-control-allow-origin", APP), SAFELISTED_METHODS, PREFLIGHT_VARY, own],
    );
}

/// As in the documentation: the route that matched, a 404 below the same prefix, and a path that only looks similar.
#[tokio::test]
async fn in_axum_the_route_that_matched_says_what_is_left() {
    let nested = Router::new().route("/users", get(|| async { "users" })).layer(inner());
    let outer = CorsLayer::new(built(allow_app())).leave_to_inner(|request| {
        request.extensions().get::<MatchedPath>().is_some_and(|path| path.as_str().starts_with("/inner/"))
    });
    let alike = Router::new().route("/innermost", get(|| async { "innermost" }));
    let server = Server::axum(alike.nest("/inner", nested).layer(outer)).await;
    let who = async |path| {
        let mut allowed = Vec::new();
        for origin in [APP, PARTNER] {
            let response = server.send(at(path, request("GET", &[("origin", origin)]))).await;
            allowed.extend(response.headers().contains_key("access-control-allow-origin").then_some(origin));
        }
        allowed
    };
    assert_eq!(who("/inner/users").await, [PARTNER]);
    assert_eq!(who("/inner/missing").await, [APP], "no route, so no policy of one");
    assert_eq!(who("/innermost").await, [APP]);
}
