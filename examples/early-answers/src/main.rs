//! A rate limit and authentication around the CORS layer, whose answers pages can read all the same.
//!
//! What answers early, outside the layer, asks the policy itself: it lets preflights be, which carry no token and must not be
//! counted, and decorates its 401 and 429 as the layer would. `cargo run -p example-early-answers` prints what to try.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_cors::{CorsLayer, CorsPolicy};

/// What would be in a secret store.
const TOKEN: &str = "Bearer secret";

/// How many requests a client may send in a [`WINDOW`].
const MOST_REQUESTS: u32 = 3;

const WINDOW: Duration = Duration::from_secs(10);

/// How many clients are told apart in a window; those beyond it share one count.
const MOST_CLIENTS: usize = 10_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `PORT=0` takes any free port.
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    print_what_to_try(listener.local_addr()?);
    axum::serve(listener, app()?).await?;
    Ok(())
}

fn app() -> Result<Router, tower_cors::PolicyError> {
    let policy = CorsPolicy::builder()
        .allow_origin("https://app.example.com")
        .allow_headers(["authorization"])
        // Or the page could not read when to come back.
        .expose_headers([header::RETRY_AFTER])
        .build()?;
    let edge = Edge { policy: policy.clone(), clients: Arc::default() };
    Ok(Router::new()
        .route("/items", get(|| async { "tea, coffee" }))
        .layer(CorsLayer::from(policy))
        // Around the layer, as a gateway or a library of somebody else may have to be.
        .layer(from_fn_with_state(edge, answer_early)))
}

/// Everything that stands in front of the service.
#[derive(Clone)]
struct Edge {
    policy: CorsPolicy,
    clients: Arc<Mutex<Clients>>,
}

async fn answer_early(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    let actual = match edge.policy.decide(&request).answer() {
        Ok(actual) => actual,
        // A preflight carries no token, and is answered here as the layer would answer it.
        Err(answer) => return answer.map(|()| Body::empty()),
    };
    match edge.refuse(&request) {
        // The layer inside decorates what passes.
        None => next.run(request).await,
        Some(mut response) => {
            actual.decorate(response.headers_mut());
            response
        }
    }
}

impl Edge {
    fn refuse(&self, request: &Request) -> Option<Response> {
        let token = request.headers().get(header::AUTHORIZATION);
        let client = token.map(|token| token.as_bytes().to_vec()).unwrap_or_default();
        if let Err(wait) = count(&self.clients, client, Instant::now()) {
            let retry_after = [(header::RETRY_AFTER, wait.as_secs().max(1).to_string())];
            return Some((StatusCode::TOO_MANY_REQUESTS, retry_after, "too many requests").into_response());
        }
        if token.is_none_or(|token| token != TOKEN) {
            let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
            return Some((StatusCode::UNAUTHORIZED, challenge, "a token is needed").into_response());
        }
        None
    }
}

#[derive(Default)]
struct Clients {
    window_start: Option<Instant>,
    counts: HashMap<Vec<u8>, u32>,
}

/// Counts a request of a client; says how long to wait if it is one too many.
fn count(clients: &Mutex<Clients>, client: Vec<u8>, now: Instant) -> Result<(), Duration> {
    let mut clients = clients.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let window_start = *clients.window_start.get_or_insert(now);
    let passed = now.duration_since(window_start);
    if passed >= WINDOW {
        *clients = Clients { window_start: Some(now), counts: HashMap::new() };
    }
    let is_known = clients.counts.contains_key(&client);
    let client = if is_known || clients.counts.len() < MOST_CLIENTS { client } else { Vec::new() };
    let count = clients.counts.entry(client).or_default();
    *count += 1;
    if *count > MOST_REQUESTS { Err(WINDOW.saturating_sub(passed)) } else { Ok(()) }
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
