//! `CorsLayer::per_request`: a function picks the policy.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{HeaderName, Request, Response};
use tower::{Layer, ServiceBuilder, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, Denial, RequestHead};

use crate::net::Server;
use crate::support::{
    APP, App, PREFLIGHT_VARY, SAFELISTED_METHODS, STRANGER, allow_app, assert_headers, assert_headers_of,
    assert_refused, preflight, request,
};

const TENANT: HeaderName = HeaderName::from_static("x-tenant");
const VARY: (&str, &str) = ("vary", "Origin");

/// What a service that knows no policy might say.
const OWN_GRANTS: [(&str, &str); 3] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-credentials", "true"),
    ("access-control-expose-headers", "*"),
];

fn allowing(origin: &str) -> CorsPolicy {
    CorsPolicy::builder().allow_origin(origin).build().expect("a policy")
}

/// The tenants `a` and `b`, each with a page of its own.
fn tenants() -> HashMap<&'static str, CorsPolicy> {
    HashMap::from([("a", allowing("https://a.example")), ("b", allowing("https://b.example"))])
}

/// By the first label of the host that the request was sent to.
fn by_host(request: RequestHead<'_>) -> Option<CorsPolicy> {
    let header = || request.headers().get("host").and_then(|host| host.to_str().ok());
    let host = request.uri().authority().map(http::uri::Authority::as_str).or_else(header)?;
    tenants().get(host.split('.').next()?).cloned()
}

#[tokio::test]
async fn no_policy_grants_nothing() {
    let app = App::behind(&CorsLayer::per_request(|_| None), &OWN_GRANTS);
    for headers in [&[("origin", APP)][..], &[("origin", "null")], &[("origin", "")], &[]] {
        let response = app.send_served(request("GET", headers)).await;
        assert_headers_of(&response, &[VARY], &format!("{headers:?}"));
    }
    assert_refused(&app.send_unserved(preflight("GET", &[])).await, "no policy");
    // No preflight: the service's own affair.
    app.send_served(request("OPTIONS", &[("origin", APP)])).await;
    app.send_served(request("OPTIONS", &[("access-control-request-method", "PUT")])).await;
}

#[tokio::test]
async fn a_look_up_that_panics_has_found_no_policy() {
    let app = App::behind(&CorsLayer::per_request(|_| panic!("on purpose")), &OWN_GRANTS);
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    assert_headers(&response, &[VARY]);
    assert_refused(&app.send_unserved(preflight("GET", &[])).await, "no policy");
}

#[tokio::test]
async fn over_http_2_a_look_up_that_panics_is_nobody_elses_affair() {
    let layer = CorsLayer::per_request(|request| {
        assert_ne!(request.uri().path(), "/panic", "on purpose");
        Some(allowing(APP))
    });
    let server = Server::axum(Router::new().fallback(|| async { "served" }).layer(layer)).await;
    let (panicking, other) = tokio::join!(
        server.send_h2(Request::get("/panic").header("origin", APP).body("").expect("a request")),
        server.send_h2(Request::get("/").header("origin", APP).body("").expect("a request")),
    );
    assert_eq!(panicking.body(), "served");
    assert!(!panicking.headers().contains_key("access-control-allow-origin"));
    assert_eq!(other.headers()["access-control-allow-origin"], APP);
}

#[tokio::test]
async fn the_hook_is_told_of_a_missing_policy_once() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let hook = Arc::clone(&told);
    let layer = CorsLayer::per_request(|_| None).on_denial(move |denial, request| {
        hook.lock().expect("no panic").push((*denial, request.method().to_string()));
    });
    let app = App::behind(&layer, &[]);
    app.send_served(request("GET", &[("origin", APP)])).await;
    app.send_unserved(preflight("PUT", &[])).await;
    // Neither asks CORS: no origin, and a page's own server.
    app.send_served(request::<&str>("GET", &[])).await;
    app.send_served(request("POST", &[("origin", APP), ("host", "app.example.com")])).await;
    let expected = [(Denial::NoPolicy, "GET".to_owned()), (Denial::NoPolicy, "OPTIONS".to_owned())];
    assert_eq!(*told.lock().expect("no panic"), expected);
    assert_eq!(Denial::NoPolicy.kind(), "no-policy");
    assert_eq!(Denial::NoPolicy.to_string(), "no policy applies to the request");
}

#[tokio::test]
async fn a_tenant_is_found_by_the_host_of_http_1() {
    let server = Server::axum(Router::new().layer(CorsLayer::per_request(by_host))).await;
    for (host, origin, allowed) in [
        ("a.api.example.com", "https://a.example", true),
        ("a.api.example.com", "https://b.example", false),
        ("b.api.example.com", "https://b.example", true),
        ("c.api.example.com", "https://a.example", false),
    ] {
        let request =
            Request::get("/").header("host", host).header("origin", origin).body("").expect("a request");
        let response = server.send(request).await;
        let mut expected = vec![VARY];
        expected.extend(allowed.then_some(("access-control-allow-origin", origin)));
        assert_headers_of(&response, &expected, &format!("{origin} at {host}"));
    }
}

/// hyper gives HTTP/2's `:authority` as the authority of the URI, and no `Host`.
#[tokio::test]
async fn a_tenant_is_found_by_the_authority_of_http_2() {
    let app = App::behind(&CorsLayer::per_request(by_host), &[]);
    let mut request = request("GET", &[("origin", "https://b.example")]);
    *request.uri_mut() = "https://b.api.example.com/".parse().expect("a URI");
    let response = app.send_served(request).await;
    assert_headers(&response, &[VARY, ("access-control-allow-origin", "https://b.example")]);
}

#[tokio::test]
async fn a_policy_is_found_where_an_outer_layer_has_put_it() {
    let layer = CorsLayer::per_request(|request| request.extensions().get::<CorsPolicy>().cloned());
    let app = Router::new().route("/", get(|| async { "served" })).layer(
        ServiceBuilder::new()
            .map_request(|mut request: Request<Body>| {
                if request.uri().path() == "/" {
                    request.extensions_mut().insert(allowing(APP));
                }
                request
            })
            .layer(layer),
    );
    let server = Server::axum(app).await;
    let send = |path: &str| Request::get(path).header("origin", APP).body("").expect("a request");
    let response = server.send(send("/")).await;
    assert_headers(
        &response,
        &[VARY, ("access-control-allow-origin", APP), ("content-type", "text/plain; charset=utf-8")],
    );
    assert_headers(&server.send(send("/other")).await, &[VARY]);
}

#[tokio::test]
async fn interleaved_requests_are_decorated_by_their_own_policies() {
    let app = App::behind(&CorsLayer::per_request(by_host), &[]);
    let requests = (0..200).map(|index| {
        let (tenant, page) = (["a", "b", "c"][index % 3], ["a", "b"][index / 3 % 2]);
        (tenant, page, format!("{tenant}.api.example.com"), format!("https://{page}.example"))
    });
    for (tenant, page, host, origin) in requests {
        let response = app.send_served(request("GET", &[("origin", &origin), ("host", &host)])).await;
        let mut expected = vec![VARY];
        expected.extend((tenant == page).then_some(("access-control-allow-origin", origin.as_str())));
        assert_headers_of(&response, &expected, &host);
    }
}

#[tokio::test]
async fn a_policy_for_any_origin_varies_once_it_is_one_of_several() {
    let any = CorsPolicy::builder().allow_any_origin().vary_by(["x-tenant"]).build().expect("a policy");
    let app = App::behind(&CorsLayer::per_request(move |_| Some(any.clone())), &[("vary", "accept")]);
    let response = app.send_served(request("GET", &[("origin", STRANGER)])).await;
    assert_headers(
        &response,
        &[("vary", "accept"), ("vary", "Origin"), ("vary", "X-Tenant"), ("access-control-allow-origin", "*")],
    );
    let response = app.send_unserved(preflight("GET", &[])).await;
    let vary = ("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, X-Tenant");
    assert_headers(&response, &[vary, ("access-control-allow-origin", "*"), SAFELISTED_METHODS]);
}

#[tokio::test]
async fn what_the_look_up_looks_at_is_on_every_response() {
    let by_header = |request: RequestHead<'_>| {
        let tenant = request.headers().get(TENANT)?.to_str().ok()?;
        tenants().get(tenant).cloned()
    };
    let app = App::behind(&CorsLayer::per_request(by_header).vary_by([TENANT]), &[]);
    let vary = [VARY, ("vary", "X-Tenant")];
    let allowed = [vary[0], vary[1], ("access-control-allow-origin", "https://a.example")];

    let response =
        app.send_served(request("GET", &[("origin", "https://a.example"), ("x-tenant", "a")])).await;
    assert_headers(&response, &allowed);
    for headers in [&[("origin", "https://a.example")][..], &[("x-tenant", "a")], &[("x-tenant", "c")], &[]] {
        let response = app.send_served(request("GET", headers)).await;
        let mut lines: Vec<_> = response.headers().get_all("vary").iter().collect();
        lines.sort();
        assert!(lines == ["Origin", "X-Tenant"] || lines == ["Origin, X-Tenant"], "{headers:?}: {lines:?}");
    }
    let response = app.send_unserved(preflight("GET", &[])).await;
    assert_headers(&response, &[PREFLIGHT_VARY, ("vary", "X-Tenant")]);
}

#[tokio::test]
async fn names_are_added_to_what_the_choice_looks_at_already() {
    let policy = allow_app().vary_by(["x-plan"]).build().expect("a policy");
    let layer = CorsLayer::first_match([policy]).vary_by([TENANT, TENANT]).vary_by([TENANT]);
    let response = App::behind(&layer, &[]).send_served(request::<&str>("GET", &[])).await;
    assert_headers(&response, &[("vary", "Origin, X-Plan"), ("vary", "X-Tenant")]);
    // A layer with one policy varies by them as well.
    let public = CorsPolicy::builder().allow_any_origin().build().expect("a policy");
    let app = App::behind(&CorsLayer::from(public).vary_by([TENANT]), &[]);
    let response = app.send_served(request::<&str>("GET", &[])).await;
    assert_headers(&response, &[VARY, ("vary", "X-Tenant"), ("access-control-allow-origin", "*")]);
}

#[tokio::test]
async fn a_policy_that_rejects_keeps_the_service_from_running() {
    let policy = allow_app().reject_disallowed_origins(true).build().expect("a policy");
    let app = App::behind(&CorsLayer::per_request(move |_| Some(policy.clone())), &[]);
    let response = app.send_unserved(request("GET", &[("origin", STRANGER)])).await;
    assert_eq!(response.status(), 403);
    assert_headers(&response, &[VARY]);
}

#[tokio::test]
async fn bodies_without_a_default_are_made() {
    let layer = CorsLayer::per_request(|_| None).empty_body(|| "made");
    let served = service_fn(|_: Request<String>| async { Ok::<_, Infallible>(Response::new("served")) });
    let Ok(response) = layer.layer(served).oneshot(preflight("GET", &[])).await;
    assert_refused(&response, "no policy");
    assert_eq!(*response.body(), "made");
}
