//! A rate limit and authentication around the CORS layer, with answers that pages can still read.
//!
//! Code that answers early, outside the layer, asks the policy itself: it lets preflights pass, which carry no token and
//! must not be counted, and adds the CORS headers to its 401 and 429 as the layer would.
//! `cargo run -p example-early-answers` prints what to try.

mod limit;
#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use limit::{Client, Limit};
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tower_cors::{CorsLayer, CorsPolicy};

/// In practice, this is in a secret store.
const TOKEN: &str = "Bearer secret";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `PORT=0` takes any free port.
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap_or_else(|error| {
        eprintln!("cannot listen on port {port}: {error}. Choose another: PORT=4001 cargo run -p example-early-answers");
        std::process::exit(1)
    });
    print_what_to_try(listener.local_addr()?);
    // Ctrl-C: requests that have begun are answered first.
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, app()?.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(interrupted)
        .await?;
    Ok(())
}

fn app() -> Result<Router, tower_cors::PolicyError> {
    let policy = CorsPolicy::builder()
        .allow_origin("https://app.example.com")
        .allow_headers(["authorization"])
        // Without this, the page could not read when to try again.
        .expose_headers([header::RETRY_AFTER])
        .build()?;
    let edge = Edge { policy: policy.clone(), limit: Arc::default() };
    Ok(Router::new()
        .route("/items", get(|| async { "tea, coffee" }))
        .layer(CorsLayer::from(policy))
        // Around the layer, as a gateway or a third-party library may have to be.
        .layer(from_fn_with_state(edge, answer_early)))
}

/// Everything in front of the service.
#[derive(Clone)]
struct Edge {
    policy: CorsPolicy,
    limit: Arc<Limit>,
}

async fn answer_early(
    State(edge): State<Edge>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let actual = match edge.policy.decide(&request).answer() {
        Ok(actual) => actual,
        // A preflight carries no token, and is answered here as the layer would answer it.
        Err(answer) => return answer.map(|()| Body::empty()),
    };
    match edge.refuse(peer, &request) {
        // The layer inside adds its headers to responses of the service.
        None => next.run(request).await,
        Some(mut response) => {
            actual.decorate(response.headers_mut());
            response
        }
    }
}

impl Edge {
    /// Counts a request before it checks the token, so guesses are limited too: past the limit, even the right one gets 429.
    fn refuse(&self, peer: SocketAddr, request: &Request) -> Option<Response> {
        if let Err(wait) = self.limit.count(Client::at(peer.ip()), Instant::now()) {
            let retry_after = [(header::RETRY_AFTER, wait.as_secs().max(1).to_string())];
            return Some((StatusCode::TOO_MANY_REQUESTS, retry_after, "too many requests").into_response());
        }
        if !has_token(request) {
            let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
            return Some((StatusCode::UNAUTHORIZED, challenge, "a token is needed").into_response());
        }
        None
    }
}

/// The time that this takes reveals only the length of the token. Text of another length is not read.
fn has_token(request: &Request) -> bool {
    let given = request.headers().get(header::AUTHORIZATION);
    given.is_some_and(|given| given.as_bytes().ct_eq(TOKEN.as_bytes()).into())
}

fn print_what_to_try(address: SocketAddr) {
    println!("listening on http://{address}; try:

# Without a token: 401, which the page can read. The fourth time within ten seconds: 429.
curl -i http://{address}/items -H 'Origin: https://app.example.com'

# A preflight needs no token and is not counted:
curl -i -X OPTIONS http://{address}/items -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: GET' -H 'Access-Control-Request-Headers: authorization'

# With the token:
curl -i http://{address}/items -H 'Origin: https://app.example.com' -H 'Authorization: Bearer secret'
");
}
