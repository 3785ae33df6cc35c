//! How many requests a client may send. Inside the CORS layer, so preflights are not counted and pages can read the 429.
//!
//! With one copy of the gateway, `tower_governor` does this too; it cannot count in Redis.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

use super::{ApiError, Gateway};
use crate::client::Client;

pub(super) async fn apply(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    gateway.store.count(Client::at(peer.ip())).await.map_err(|wait| {
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, "you have sent too many requests")
            .with_code("rate_limit_exceeded")
            .retry_after(wait)
    })?;
    Ok(next.run(request).await)
}
