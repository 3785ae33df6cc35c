//! `Vary`: on every response of a policy that distinguishes origins, merged into the service's own.

use tower_cors::{CorsLayer, CorsPolicy};

use crate::support::{APP, App, STRANGER, allow_app, assert_headers, assert_headers_of, preflight, request};

/// The `Vary` lines of a service, and those of the layer's response: with `Origin`, and with `Origin` and
/// `X-Tenant`.
type Case = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

const CASES: [Case; 12] = [
    (&[], &["Origin"], &["Origin, X-Tenant"]),
    (&["Accept"], &["Accept", "Origin"], &["Accept", "Origin", "X-Tenant"]),
    (
        &["Accept-Encoding", "Cookie"],
        &["Accept-Encoding", "Cookie", "Origin"],
        &["Accept-Encoding", "Cookie", "Origin", "X-Tenant"],
    ),
    (&["origin"], &["origin"], &["origin", "X-Tenant"]),
    (&["Accept", "a, ORIGIN ,b"], &["Accept", "a, ORIGIN ,b"], &["Accept", "a, ORIGIN ,b", "X-Tenant"]),
    (&["x-tenant"], &["x-tenant", "Origin"], &["x-tenant", "Origin"]),
    (&["X-Tenant, Origin"], &["X-Tenant, Origin"], &["X-Tenant, Origin"]),
    (&["*"], &["*"], &["*"]),
    (&["Accept", "*"], &["Accept", "*"], &["Accept", "*"]),
    (&["Accept, *"], &["Accept, *"], &["Accept, *"]),
    (&["X-Origin"], &["X-Origin", "Origin"], &["X-Origin", "Origin", "X-Tenant"]),
    (&[""], &["", "Origin"], &["", "Origin", "X-Tenant"]),
];

#[tokio::test]
async fn vary_is_merged_into_that_of_the_service_for_every_request() {
    for (inner, with_origin, with_tenant) in CASES {
        let inner: Vec<_> = inner.iter().map(|line| ("vary", *line)).collect();
        for (vary_by, expected) in [(None, with_origin), (Some("x-tenant"), with_tenant)] {
            let app = App::answering(allow_app().vary_by(vary_by), &inner);
            let expected: Vec<_> = expected.iter().map(|line| ("vary", *line)).collect();
            let case = format!("{inner:?} by {vary_by:?}");

            for request in [
                request::<&str>("GET", &[]),
                request("GET", &[("origin", STRANGER)]),
                request("GET", &[("origin", "")]),
            ] {
                assert_headers_of(&app.send_served(request).await, &expected, &case);
            }
            let response = app.send_served(request("GET", &[("origin", APP)])).await;
            let mut expected = expected;
            expected.push(("access-control-allow-origin", APP));
            assert_headers_of(&response, &expected, &case);
        }
    }
}

#[tokio::test]
async fn a_vary_in_the_request_is_of_no_interest() {
    let app = App::new(allow_app());
    let response = app.send_served(request("GET", &[("origin", STRANGER), ("vary", "*")])).await;
    assert_headers(&response, &[("vary", "Origin")]);
}

#[tokio::test]
async fn the_vary_of_the_service_is_left_alone_where_any_origin_is_allowed() {
    for (inner, ..) in CASES {
        let inner: Vec<_> = inner.iter().map(|line| ("vary", *line)).collect();
        let app = App::answering(CorsPolicy::builder().allow_any_origin().vary_by(["x-tenant"]), &inner);
        let mut expected = inner;
        expected.push(("access-control-allow-origin", "*"));
        for request in [request::<&str>("GET", &[]), request("GET", &[("origin", APP)])] {
            assert_headers(&app.send_served(request).await, &expected);
        }
    }
}

#[tokio::test]
async fn names_of_vary_by_are_written_once_and_on_preflights_too() {
    let policy = allow_app().vary_by(["X-Tenant", "origin", "x-tenant", "Accept-Language"]);
    let app = App::new(policy);
    let response = app.send_served(request::<&str>("GET", &[])).await;
    assert_headers(&response, &[("vary", "Origin, X-Tenant, Accept-Language")]);

    let expected =
        "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, X-Tenant, Accept-Language";
    let refused = request("OPTIONS", &[("origin", STRANGER), ("access-control-request-method", "PUT")]);
    assert_headers(&app.send_unserved(refused).await, &[("vary", expected)]);
    let response = app.send_unserved(preflight("GET", &[])).await;
    assert_eq!(response.headers()["vary"], expected);
    assert_eq!(response.headers().get_all("vary").iter().count(), 1);
}

#[test]
fn the_layer_refuses_the_names_that_a_policy_refuses() {
    let layer = || CorsLayer::per_request(|_| None);
    assert!(layer().vary_by(["x-tenant".to_owned()]).is_ok());
    assert!(layer().vary_by([http::header::ACCEPT]).is_ok());
    let policy = || CorsPolicy::builder().allow_any_origin();
    for names in [&["*"][..], &["x-a", "x b", ""], &["x-tenant:"], &["x-*", "*"]] {
        let error = layer().vary_by(names).expect_err("a wrong name");
        assert_eq!(Some(error), policy().vary_by(names).build().err(), "{names:?}");
    }
}
