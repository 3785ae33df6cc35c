//! `allow_origin_if`: what a predicate gets, and the effect of its answer.

use std::sync::{Arc, Mutex};

use tower_cors::{CorsPolicy, CorsPolicyBuilder};

use crate::support::{APP, App, assert_headers, assert_refused, request};

/// Allows `https` origins of tenants, and records the origins that the predicate gets.
fn tenants(asked: &Arc<Mutex<Vec<String>>>) -> CorsPolicyBuilder {
    let asked = Arc::clone(asked);
    let policy = CorsPolicy::builder().allow_origin_if(move |origin, request| {
        asked.lock().expect("no panic").push(origin.to_string());
        let tenant = request.headers().get("x-tenant").and_then(|tenant| tenant.to_str().ok());
        origin.scheme() == "https" && tenant.is_some_and(|tenant| origin.host().starts_with(tenant))
    });
    policy.vary_by(["x-tenant"])
}

#[tokio::test]
async fn a_function_decides_by_the_whole_request_and_vary_says_so() {
    let app = App::new(tenants(&Arc::default()));
    let origin = "https://blue.tenant.example";
    let vary = ("vary", "Origin, X-Tenant");
    let response = app.send_served(request("GET", &[("origin", origin), ("x-tenant", "blue")])).await;
    assert_headers(&response, &[("access-control-allow-origin", origin), vary]);
    for tenant in ["green", ""] {
        let response =
            app.send_served(request("GET", &[("origin", "https://b.example"), ("x-tenant", tenant)])).await;
        let expected: &[_] = if tenant.is_empty() {
            &[("access-control-allow-origin", "https://b.example"), vary]
        } else {
            &[vary]
        };
        assert_headers(&response, expected);
    }
    let response = app.send_served(request("GET", &[("origin", origin)])).await;
    assert_headers(&response, &[vary]);
}

#[tokio::test]
async fn a_function_is_asked_about_well_formed_origins_only() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let app = App::new(tenants(&asked));
    for origin in [
        "null",
        "",
        "https://Blue.example",
        "https://blue.example/",
        "blue.example",
        "https://[blue.example]",
    ] {
        let headers = [("origin", origin), ("x-tenant", "blue")];
        let response = app.send_served(request("GET", &headers)).await;
        assert_headers(&response, &[("vary", "Origin, X-Tenant")]);
    }
    let both = [("origin", APP), ("origin", APP)];
    app.send_served(request("GET", &both)).await;
    app.send_served(request::<&str>("GET", &[])).await;
    assert_eq!(*asked.lock().expect("no panic"), [""; 0]);

    app.send_served(request("GET", &[("origin", "https://blue.example:8443")])).await;
    assert_eq!(*asked.lock().expect("no panic"), ["https://blue.example:8443"]);
}

#[tokio::test]
async fn a_function_is_asked_once_for_a_request_and_not_where_a_pattern_matches() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let app = App::new(tenants(&asked).allow_origin(APP).allow_credentials(true));
    app.send_served(request("GET", &[("origin", APP)])).await;
    assert_eq!(*asked.lock().expect("no panic"), [""; 0]);
    let stranger = [("origin", "https://stranger.example"), ("access-control-request-method", "PUT")];
    let response = app.send_unserved(request("OPTIONS", &stranger)).await;
    assert_eq!(response.status(), 403);
    assert_eq!(*asked.lock().expect("no panic"), ["https://stranger.example"]);
}

#[tokio::test]
async fn a_preflight_is_allowed_by_a_function_and_refused_by_it() {
    let app = App::new(CorsPolicy::builder().allow_origin_if(|origin, _| origin.port() == Some(8443)));
    let preflight =
        |origin| request("OPTIONS", &[("origin", origin), ("access-control-request-method", "GET")]);
    let response = app.send_unserved(preflight("https://a.example:8443")).await;
    assert_eq!(response.status(), 204);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example:8443");
    assert_refused(&app.send_unserved(preflight("https://a.example")).await, "another port");
}

#[tokio::test]
async fn any_of_several_functions_may_allow_an_origin() {
    let policy = CorsPolicy::builder()
        .allow_origin_if(|origin, _| origin.host() == "a.example")
        .allow_origin_if(|origin, _| origin.host() == "b.example");
    let app = App::new(policy);
    for (origin, allowed) in
        [("https://a.example", true), ("https://b.example", true), ("https://c.example", false)]
    {
        let response = app.send_served(request("GET", &[("origin", origin)])).await;
        assert_eq!(response.headers().contains_key("access-control-allow-origin"), allowed, "{origin}");
    }
}
