use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::any;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use tower::ServiceExt;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::{Built, NotBuilt, Rival, block_on};
use crate::policy::{APP, Headers, Origins, Policy, Switch};
use crate::service::{Layered, PATHS, handle};

pub(super) const RIVAL: Rival = Rival {
    name: "tower-http",
    subdomains: "predicate",
    careless: "`very_permissive`",
    is_elsewhere: false,
    build,
};

fn build(policy: &Policy) -> Built {
    let origins = match &policy.origins {
        Origins::List(origins) => {
            AllowOrigin::list(origins.iter().map(|origin| HeaderValue::from_str(origin).expect("a value")))
        }
        Origins::Any => AllowOrigin::any(),
        Origins::Below(domain) => {
            let ending = format!(".{domain}");
            AllowOrigin::predicate(move |origin, _| origin.as_bytes().ends_with(ending.as_bytes()))
        }
        Origins::Careless => return Ok(layered(app().layer(CorsLayer::very_permissive()))),
        Origins::LookedUp => AllowOrigin::async_predicate(|origin: HeaderValue, _: &Parts| async move {
            tokio::task::yield_now().await;
            origin == APP
        }),
    };
    let headers = match &policy.headers {
        Headers::List(names) => AllowHeaders::list(
            names.iter().map(|name| HeaderName::from_bytes(name.as_bytes()).expect("a name")),
        ),
        // `Any` panics beside credentials.
        Headers::Any if policy.credentials => AllowHeaders::mirror_request(),
        Headers::Any => AllowHeaders::any(),
    };
    let layer = CorsLayer::new()
        .allow_origin(origins)
        .allow_credentials(policy.credentials)
        .allow_methods(methods(policy))
        .allow_headers(headers)
        .max_age(policy.max_age);
    match policy.switch {
        None => Ok(layered(app().layer(layer))),
        Some(Switch::PrivateNetwork) => Ok(layered(app().layer(layer.allow_private_network(true)))),
        Some(Switch::Reject | Switch::ServedAt) => Err(NotBuilt::Absent),
    }
}

pub(super) fn methods(policy: &Policy) -> Vec<Method> {
    policy.methods.iter().map(|method| method.parse().expect("a method")).collect()
}

/// The service as an axum router.
pub(super) fn app() -> Router {
    PATHS.into_iter().fold(Router::new(), |router, path| {
        let answer = async |request: Request| {
            let reply = handle(request.uri().path());
            let mut response = Response::new(Body::empty());
            *response.headers_mut() = reply.headers;
            if reply.is_error { Err(StatusCode::INTERNAL_SERVER_ERROR) } else { Ok(response) }
        };
        router.route(path, any(answer))
    })
}

pub(super) fn layered(app: Router) -> Box<dyn Layered> {
    Box::new(Axum(app))
}

struct Axum(Router);

impl Layered for Axum {
    fn call(&self, request: http::Request<()>) -> (StatusCode, HeaderMap) {
        let request = request.map(|()| Body::empty());
        let Ok(response) = block_on(self.0.clone().oneshot(request));
        let (parts, _) = response.into_parts();
        (parts.status, parts.headers)
    }
}
