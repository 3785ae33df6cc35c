//! Where the layer goes: outermost. And what goes wrong elsewhere.

mod table;

use std::convert::Infallible;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get, post};
use http::{Request, Response, StatusCode};
use tower::{Layer, ServiceBuilder, ServiceExt, service_fn};
use tower_cors::CorsLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::validate_request::ValidateRequestHeaderLayer;

use crate::support::{
    APP, PREFLIGHT_VARY, SAFELISTED_METHODS, STRANGER, allow_app, assert_headers, assert_refused, preflight,
    request,
};

fn cors() -> CorsLayer {
    CorsLayer::from(
        allow_app().allow_methods(["PUT"]).allow_headers(["authorization"]).build().expect("a policy"),
    )
}

/// Passes requests with the right token, and answers others with 401.
pub(crate) fn authenticate<B: Default>(request: &mut Request<B>) -> Result<(), Response<B>> {
    match request.headers().get("authorization") {
        Some(token) if token == "Bearer secret" => Ok(()),
        _ => {
            let mut response = Response::new(B::default());
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            response.headers_mut().insert("www-authenticate", http::HeaderValue::from_static("Bearer"));
            Err(response)
        }
    }
}

async fn send(app: &Router, request: Request<impl Into<Body>>) -> Response<Body> {
    let Ok(response) = app.clone().oneshot(request.map(Into::into)).await;
    response
}

fn at(path: &str, request: Request<String>) -> Request<String> {
    let (mut parts, body) = request.into_parts();
    parts.uri = path.parse().expect("a path");
    Request::from_parts(parts, body)
}

const ANSWERED: [(&str, &str); 4] = [
    ("access-control-allow-headers", "authorization"),
    ("access-control-allow-methods", "PUT"),
    ("access-control-allow-origin", APP),
    PREFLIGHT_VARY,
];

#[tokio::test]
async fn outside_authentication_the_preflight_is_answered_and_the_refusal_is_readable() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    let service = ServiceBuilder::new()
        .layer(cors())
        .layer(ValidateRequestHeaderLayer::custom(authenticate::<String>))
        .service(service_fn(move |_: Request<String>| {
            counter.fetch_add(1, Ordering::SeqCst);
            ready(Ok::<_, Infallible>(Response::new(String::new())))
        }));

    let Ok(response) = service.clone().oneshot(preflight("PUT", &["authorization"])).await;
    assert_eq!(response.status(), 204);
    assert_headers(&response, &ANSWERED);

    let Ok(response) = service.clone().oneshot(request("PUT", &[("origin", APP)])).await;
    assert_eq!(response.status(), 401);
    assert_headers(
        &response,
        &[("access-control-allow-origin", APP), ("vary", "Origin"), ("www-authenticate", "Bearer")],
    );
    assert_eq!(runs.load(Ordering::SeqCst), 0);

    let authenticated = request("PUT", &[("origin", APP), ("authorization", "Bearer secret")]);
    let Ok(response) = service.oneshot(authenticated).await;
    assert_eq!(response.status(), 200);
    assert_headers(&response, &[("access-control-allow-origin", APP), ("vary", "Origin")]);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

/// Wrong on purpose.
#[tokio::test]
async fn inside_authentication_the_preflight_fails_and_the_refusal_cannot_be_read() {
    let inner = cors().layer(service_fn(|_: Request<String>| {
        ready(Ok::<_, Infallible>(Response::new("served".to_owned())))
    }));
    let service = ServiceBuilder::new()
        .layer(ValidateRequestHeaderLayer::custom(authenticate::<String>))
        .service(inner);
    // Browsers send no credentials with a preflight.
    for request in [preflight("PUT", &["authorization"]), request("PUT", &[("origin", APP)])] {
        let Ok(response) = service.clone().oneshot(request).await;
        assert_eq!(response.status(), 401);
        assert_headers(&response, &[("www-authenticate", "Bearer")]);
    }
}

#[tokio::test]
async fn around_the_router_every_route_method_and_fallback_is_covered() {
    let app = Router::new().route("/items", get(items)).layer(cors());
    let response = send(&app, at("/missing", preflight("PUT", &[]))).await;
    assert_eq!(response.status(), 204);
    assert_headers(&response, &ANSWERED);
    let response = send(&app, at("/items", preflight("PUT", &[]))).await;
    assert_eq!(response.status(), 204);
    // axum adds `Allow` to the answer for methods that a path lacks: see `axum_tcp`.
    assert_headers(&response, &[&ANSWERED[..], &[("allow", "GET,HEAD")]].concat());
    let response = send(&app, at("/missing", request("GET", &[("origin", APP)]))).await;
    assert_eq!(response.status(), 404);
    assert_headers(&response, &[("access-control-allow-origin", APP), ("vary", "Origin")]);
    let response = send(&app, at("/items", request("DELETE", &[("origin", APP)]))).await;
    assert_eq!(response.status(), 405);
    assert_headers(
        &response,
        &[("access-control-allow-origin", APP), ("allow", "GET,HEAD"), ("vary", "Origin")],
    );
}

#[tokio::test]
async fn around_the_whole_router_as_a_service_axum_adds_nothing() {
    let app = cors().layer(Router::new().route("/items", get(items)));
    for path in ["/items", "/missing"] {
        let preflight = at(path, preflight("PUT", &[])).map(Body::from);
        let Ok(response) = app.clone().oneshot(preflight).await;
        assert_eq!(response.status(), 204, "{path}");
        assert_headers(&response, &ANSWERED);
    }
    let stranger = request("OPTIONS", &[("origin", STRANGER), ("access-control-request-method", "PUT")]);
    let Ok(response) = app.oneshot(at("/items", stranger).map(Body::from)).await;
    assert_refused(&response, "a stranger");
}

/// Wrong on purpose.
#[tokio::test]
async fn around_a_handler_the_preflight_gets_a_405() {
    let around_methods = Router::new().route("/items", get(items).route_layer(cors()));
    let around_a_handler = Router::new().route("/items", get(axum::handler::Handler::layer(items, cors())));
    for app in [around_methods, around_a_handler] {
        // The method is routed before the request reaches the layer.
        let response = send(&app, at("/items", preflight("GET", &[]))).await;
        assert_eq!(response.status(), 405);
        assert_headers(&response, &[("allow", "GET,HEAD")]);
        // The mistake is hard to see, because requests without a preflight work.
        let response = send(&app, at("/items", request("GET", &[("origin", APP)]))).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["access-control-allow-origin"], APP);
    }
}

async fn echo(body: Bytes) -> Bytes {
    body
}

async fn items() -> &'static str {
    "items"
}

/// Wrong on purpose.
#[tokio::test]
async fn around_routes_alone_the_404_cannot_be_read() {
    let app = Router::new().route("/items", get(items)).route_layer(cors());
    for request in [preflight("GET", &[]), request("GET", &[("origin", APP)])] {
        let response = send(&app, at("/missing", request)).await;
        assert_eq!(response.status(), 404);
        assert_headers(&response, &[]);
    }
}

/// Wrong on purpose.
#[tokio::test]
async fn routes_that_are_added_after_the_layer_are_not_covered() {
    let app = Router::new().route("/before", get(items)).layer(cors()).route("/after", get(items));
    let response = send(&app, at("/before", preflight("GET", &[]))).await;
    assert_eq!(response.status(), 204);
    let response = send(&app, at("/after", preflight("GET", &[]))).await;
    assert_eq!(response.status(), 405);
    assert_headers(&response, &[("allow", "GET,HEAD")]);
}

#[tokio::test]
async fn outside_body_limits_the_413_can_be_read() {
    let app = Router::new().route("/items", post(echo)).layer(RequestBodyLimitLayer::new(4));
    let upload = || {
        let headers = [("origin", APP), ("content-length", "6")];
        request("POST", &headers).map(|_| "abcdef".to_owned())
    };
    let covered = app.clone().layer(cors());
    let response = send(&covered, at("/items", upload())).await;
    assert_eq!(response.status(), 413);
    assert_headers(
        &response,
        &[
            ("access-control-allow-origin", APP),
            ("content-type", "text/plain; charset=utf-8"),
            ("vary", "Origin"),
        ],
    );
    // Wrong on purpose: the limit around the layer.
    let limited =
        Router::new().route("/items", post(echo)).layer(cors()).layer(RequestBodyLimitLayer::new(4));
    let response = send(&limited, at("/items", upload())).await;
    assert_eq!(response.status(), 413);
    assert_headers(&response, &[("content-type", "text/plain; charset=utf-8")]);
}

#[tokio::test]
async fn the_router_decides_which_policy_covers_which_path() {
    let public =
        CorsLayer::from(tower_cors::CorsPolicy::builder().allow_any_origin().build().expect("a policy"));
    let app = Router::new()
        .nest("/public", Router::new().route("/", get(items)).layer(public))
        .nest("/private", Router::new().route("/", get(items)).layer(cors()));
    let stranger = [("origin", STRANGER), ("access-control-request-method", "GET")];
    let allow = ("allow", "GET,HEAD");
    let response = send(&app, at("/public", request("OPTIONS", &stranger))).await;
    assert_eq!(response.status(), 204);
    assert_headers(
        &response,
        &[("access-control-allow-origin", "*"), SAFELISTED_METHODS, allow, PREFLIGHT_VARY],
    );
    let response = send(&app, at("/private", request("OPTIONS", &stranger))).await;
    assert_eq!(response.status(), 403);
    assert_headers(&response, &[allow, PREFLIGHT_VARY]);
}
