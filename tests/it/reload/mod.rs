//! Replacing a layer's policy: one policy for each request, whatever is stored meanwhile.

mod blocking;
mod soak;

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};

use http::{HeaderMap, Request, Response, StatusCode, header};
use tokio::sync::watch;
use tower::{Layer, Service, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, Denial};

use crate::support::{
    APP, App, PREFLIGHT_VARY, REJECTION_VARY, SAFELISTED_METHODS, STRANGER, allow_app, assert_headers,
    assert_headers_of, assert_refused, preflight, preflight_from, request,
};

const ADMIN: &str = "https://admin.example.com";

/// Allows one page, with credentials, and rejects all others.
fn app_only() -> CorsPolicy {
    let policy = allow_app()
        .allow_credentials(true)
        .allow_methods(["PUT"])
        .expose_headers(["x-old"])
        .reject_disallowed_origins(true);
    policy.build().expect("a policy")
}

/// Allows another one.
fn admin_only() -> CorsPolicy {
    CorsPolicy::builder().allow_origin(ADMIN).expose_headers(["x-new"]).build().expect("a policy")
}

fn anyone() -> CorsPolicy {
    CorsPolicy::builder().allow_any_origin().build().expect("a policy")
}

/// Checks a response by [`app_only`] to a request from the page that it allows.
fn assert_by_app_only<B>(response: &Response<B>, case: &str) {
    let expected = [
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-origin", APP),
        ("access-control-expose-headers", "x-old"),
        ("vary", "Origin"),
    ];
    assert_eq!(response.status(), 200, "{case}");
    assert_headers_of(response, &expected, case);
}

/// Checks a response by [`admin_only`] to the same request.
fn assert_by_admin_only<B>(response: &Response<B>, case: &str) {
    assert_eq!(response.status(), 200, "{case}");
    assert_headers_of(response, &[("vary", "Origin")], case);
}

/// A service that answers at once.
fn served(_: Request<String>) -> Ready<Result<Response<String>, Infallible>> {
    ready(Ok(Response::new("served".to_owned())))
}

/// All parts of a response that a layer decides.
fn head<B>(response: &Response<B>) -> (StatusCode, &HeaderMap) {
    (response.status(), response.headers())
}

#[tokio::test]
async fn a_stored_policy_decides_the_next_request() {
    let (layer, handle) = CorsLayer::reloadable(app_only());
    let app = App::behind(&layer, &[]);
    assert_by_app_only(&app.send_served(request("GET", &[("origin", APP)])).await, "");
    let rejected = app.send_unserved(request("GET", &[("origin", ADMIN)])).await;
    assert_eq!(rejected.status(), 403);
    assert_headers(&rejected, &[REJECTION_VARY]);
    assert_refused(&app.send_unserved(preflight_from(ADMIN, "GET")).await, "");

    handle.store(admin_only());
    assert_by_admin_only(&app.send_served(request("GET", &[("origin", APP)])).await, "");
    assert_refused(&app.send_unserved(preflight_from(APP, "PUT")).await, "");
    let admin = ("access-control-allow-origin", ADMIN);
    assert_headers(
        &app.send_served(request("GET", &[("origin", ADMIN)])).await,
        &[admin, ("access-control-expose-headers", "x-new"), ("vary", "Origin")],
    );
    let response = app.send_unserved(preflight_from(ADMIN, "GET")).await;
    assert_eq!(response.status(), 204);
    assert_headers(&response, &[admin, SAFELISTED_METHODS, PREFLIGHT_VARY]);
}

#[tokio::test]
async fn clones_of_layer_service_and_handle_share_one_policy() {
    let (layer, handle) = CorsLayer::reloadable(app_only());
    let service = layer.layer(service_fn(served));
    let mut services = [layer.clone().layer(service_fn(served)), service.clone(), service];
    for (handle, new) in [(handle.clone(), true), (handle.clone(), false), (handle, true)] {
        handle.store(if new { admin_only() } else { app_only() });
        for (index, service) in services.iter_mut().enumerate() {
            let Ok(response) = service.call(request("GET", &[("origin", APP)])).await;
            let assert = if new { assert_by_admin_only } else { assert_by_app_only };
            assert(&response, &format!("service {index}"));
        }
    }
}

#[test]
fn load_gives_what_was_stored() {
    let (layer, handle) = CorsLayer::reloadable(app_only());
    assert_eq!(handle.load(), app_only());
    let clone = handle.clone();
    clone.store(admin_only());
    assert_eq!(handle.load(), admin_only());
    drop(layer);
    handle.store(anyone());
    assert_eq!(clone.load(), anyone());
}

#[tokio::test]
async fn the_layer_goes_on_with_what_it_has_when_the_last_handle_is_dropped() {
    let (layer, handle) = CorsLayer::reloadable(app_only());
    let app = App::behind(&layer, &[]);
    handle.store(admin_only());
    drop(handle);
    for _ in 0..2 {
        assert_by_admin_only(&app.send_served(request("GET", &[("origin", APP)])).await, "");
    }
}

#[tokio::test]
async fn vary_is_that_of_the_policy_as_if_it_were_fixed() {
    let (layer, handle) = CorsLayer::reloadable(anyone());
    let app = App::behind(&layer, &[("vary", "Accept")]);
    let any = [("access-control-allow-origin", "*"), ("vary", "Accept")];
    for headers in [vec![], vec![("origin", APP)], vec![("origin", STRANGER)]] {
        let request = request("GET", &headers);
        assert_headers(&app.send_served(request.clone()).await, &any);

        handle.store(admin_only());
        assert_headers(&app.send_served(request).await, &[("vary", "Accept"), ("vary", "Origin")]);
        handle.store(anyone());
    }
    let by_tenant = allow_app().vary_by(["x-tenant"]).build().expect("a policy");
    handle.store(by_tenant);
    let response = app.send_served(request::<&str>("GET", &[])).await;
    assert_headers(&response, &[("vary", "Accept"), ("vary", "Origin"), ("vary", "X-Tenant")]);
}

#[tokio::test]
async fn the_hook_hears_of_denials_by_the_policy_of_the_moment() {
    let heard: Arc<Mutex<Vec<Denial>>> = Arc::default();
    let hook = Arc::clone(&heard);
    let (layer, handle) = CorsLayer::reloadable(app_only());
    let layer = layer.on_denial(move |denial, _| hook.lock().expect("no panic").push(*denial));
    let app = App::behind(&layer, &[]);
    let heard_of = async |request| {
        app.send(request).await;
        std::mem::take(&mut *heard.lock().expect("no panic"))
    };
    assert_eq!(heard_of(request("GET", &[("origin", APP)])).await, []);
    assert_eq!(heard_of(request("GET", &[("origin", STRANGER)])).await, [Denial::OriginNotAllowed]);
    handle.store(admin_only());
    assert_eq!(heard_of(request("GET", &[("origin", APP)])).await, [Denial::OriginNotAllowed]);
    assert_eq!(heard_of(preflight_from(ADMIN, "PUT")).await, [Denial::MethodNotAllowed]);
    handle.store(anyone());
    assert_eq!(heard_of(request("GET", &[("origin", STRANGER)])).await, []);
}

#[tokio::test]
async fn what_is_set_on_the_layer_holds_for_every_policy() {
    let (layer, handle) = CorsLayer::reloadable(app_only());
    let layer = layer.vary_by([header::ACCEPT_LANGUAGE]).expect("a name").empty_body(|| "made".to_owned());
    let mut service = layer.layer(service_fn(served));
    let any = ("access-control-allow-origin", "*");
    let vary = [("vary", "Origin"), ("vary", "Accept-Language")];
    for (policy, granted) in [(anyone(), Some(any)), (admin_only(), None)] {
        handle.store(policy);
        let Ok(response) = service.call(request("GET", &[("origin", STRANGER)])).await;
        assert_headers(&response, &[granted.as_slice(), &vary].concat());
        let Ok(response) = service.call(preflight_from(STRANGER, "GET")).await;
        assert_eq!(response.body(), "made");
        let methods = granted.map(|_| SAFELISTED_METHODS);
        let vary = [PREFLIGHT_VARY, ("vary", "Accept-Language")];
        assert_headers(&response, &[granted.as_slice(), methods.as_slice(), &vary].concat());
    }
}

#[tokio::test]
async fn a_request_is_answered_by_the_policy_that_decided_it() {
    let credentials = ("access-control-allow-credentials", "true");
    let origin = ("access-control-allow-origin", APP);
    let exposed = ("access-control-expose-headers", "x-old");
    let methods = ("access-control-allow-methods", "PUT");
    let vary = ("vary", "Origin");
    let cases: [(Request<String>, u16, &[_]); 6] = [
        (request("GET", &[("origin", APP)]), 200, &[credentials, origin, exposed, vary]),
        (request::<&str>("GET", &[]), 200, &[vary]),
        (request("GET", &[("origin", STRANGER)]), 403, &[REJECTION_VARY]),
        (preflight("PUT", &[]), 204, &[credentials, methods, origin, PREFLIGHT_VARY]),
        (preflight("DELETE", &[]), 204, &[credentials, methods, origin, PREFLIGHT_VARY]),
        (preflight_from(STRANGER, "PUT"), 403, &[PREFLIGHT_VARY]),
    ];
    for (request, status, headers) in cases {
        let case = format!("{request:?}");
        let (layer, handle) = CorsLayer::reloadable(app_only());
        let (gate, closed) = watch::channel(true);
        let mut service = layer.layer(service_fn(|_| {
            let mut closed = closed.clone();
            async move {
                closed.wait_for(|closed| !closed).await.expect("a gate");
                Ok::<_, Infallible>(Response::new(String::new()))
            }
        }));
        let response = service.call(request.clone());
        handle.store(anyone());
        gate.send_replace(false);
        let Ok(response) = response.await;
        assert_eq!(response.status(), status, "{case}");
        assert_headers_of(&response, headers, &case);

        let Ok(next) = service.call(request.clone()).await;
        let Ok(expected) = CorsLayer::from(anyone()).layer(service_fn(served)).call(request).await;
        assert_eq!(head(&next), head(&expected), "{case}");
        assert_ne!(head(&next), head(&response), "{case}");
    }
}

#[test]
fn a_replaced_policy_is_freed_with_the_last_response_that_it_decided() {
    let token = Arc::new(());
    let held = Arc::clone(&token);
    let policy = CorsPolicy::builder().allow_origin_if(move |_, _| Arc::strong_count(&held) > 0);
    let (layer, handle) = CorsLayer::reloadable(policy.build().expect("a policy"));
    let response = layer.layer(service_fn(served)).call(request("GET", &[("origin", APP)]));
    handle.store(anyone());
    assert_eq!(Arc::strong_count(&token), 2);
    drop(response);
    assert_eq!(Arc::strong_count(&token), 1);
}
