//! Functions that select no policy, or panic.

use tower_cors::{CorsLayer, Denial};

use super::{at, by_tenant, listening, policy_of};
use crate::support::{
    APP, App, OWN_CORS, PREFLIGHT_VARY, VARY, assert_headers_of, assert_refused, preflight, request,
};

#[tokio::test]
async fn no_policy_and_a_panic_grant_nothing() {
    let tenant_vary = ("vary", "X-Tenant");
    for (tenant, denial) in [("nobody", Denial::NoPolicy), ("broken", Denial::LookupPanicked)] {
        let (layer, heard) = listening(by_tenant());
        let app = App::behind(&layer, &OWN_CORS);
        let origins: [&[&str]; 5] = [&[APP], &["https://red.example"], &["null"], &[""], &[APP, APP]];
        for lines in origins {
            let mut headers: Vec<_> = lines.iter().map(|origin| ("origin", *origin)).collect();
            headers.push(("x-tenant", tenant));
            let case = format!("{headers:?}");
            let response = app.send_served(at("/actual", request("GET", &headers))).await;
            assert_headers_of(&response, &[VARY, tenant_vary, ("x-own", "1")], &case);
            // The service answers an `OPTIONS` that is not a preflight.
            let response = app.send_served(at("/actual", request("OPTIONS", &headers))).await;
            assert_headers_of(&response, &[PREFLIGHT_VARY, tenant_vary, ("x-own", "1")], &case);

            headers.push(("access-control-request-method", "GET"));
            let response = app.send_unserved(at("/preflight", request("OPTIONS", &headers))).await;
            assert_eq!(response.status(), 403, "{case}");
            assert_headers_of(&response, &[PREFLIGHT_VARY, tenant_vary], &case);

            let denied = ["/actual", "/actual", "/preflight"].map(|path| (denial, path.to_owned()));
            assert_eq!(std::mem::take(&mut *heard.lock().expect("no panic")), denied, "{case}");
        }
    }
}

#[tokio::test]
async fn without_a_policy_a_preflight_is_refused_as_by_a_policy() {
    let app = App::behind(&CorsLayer::per_request(|_| None), &[]);
    assert_refused(&app.send_unserved(preflight("GET", &[])).await, "no policy");
    let other = App::behind(&CorsLayer::per_request(|_| Some(policy_of("red"))), &[]);
    assert_refused(&other.send_unserved(preflight("GET", &[])).await, "another origin");
}

#[tokio::test]
async fn requests_that_are_no_cors_requests_are_not_denied_without_a_policy() {
    let (layer, heard) = listening(CorsLayer::per_request(|_| None));
    let app = App::behind(&layer, &OWN_CORS);
    let cases: [&[(&str, &str)]; 5] = [
        &[],
        &[("host", "api.example.com")],
        &[("access-control-request-method", "GET")],
        &[("origin", "https://api.example.com"), ("host", "api.example.com")],
        &[("origin", "null"), ("sec-fetch-site", "same-origin")],
    ];
    for headers in cases {
        for method in ["GET", "POST", "OPTIONS"] {
            let response = app.send_served(request(method, headers)).await;
            let vary = if method == "OPTIONS" { PREFLIGHT_VARY } else { VARY };
            assert_headers_of(&response, &[vary, ("x-own", "1")], &format!("{method} {headers:?}"));
        }
    }
    assert_eq!(*heard.lock().expect("no panic"), []);
}
