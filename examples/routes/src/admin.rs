//! Administration, with its own page. This router has its own policy, with its authentication inside the layer.

use axum::Router;
use axum::extract::{Path, Request};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::delete;
use tower_cors::{CorsLayer, CorsPolicy, PolicyError};

pub(crate) fn router() -> Result<Router, PolicyError> {
    let policy = CorsPolicy::builder()
        .allow_origin("https://admin.example.com")
        .allow_methods(["DELETE"])
        .allow_headers(["authorization"])
        .build()?;
    Ok(Router::new()
        .route("/users/{id}", delete(remove))
        .layer(from_fn(authenticate))
        // Around the authentication: a preflight has no credentials, and pages must be able to read a 401.
        .layer(CorsLayer::new(policy)))
}

async fn remove(Path(id): Path<u32>) -> String {
    format!("user {id} is gone\n")
}

async fn authenticate(request: Request, next: Next) -> Response {
    match request.headers().get(header::AUTHORIZATION) {
        Some(token) if token == "Bearer secret" => next.run(request).await,
        _ => (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response(),
    }
}
