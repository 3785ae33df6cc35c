//! Routes with their own policies, inside a layer for all others.
//!
//! `cargo run -p example-routes` prints its address and what to try.

mod admin;
mod shutdown;

use std::net::{Ipv4Addr, SocketAddr};

use axum::extract::{MatchedPath, Path};
use axum::http::StatusCode;
use axum::routing::{delete, get};
use axum::{Json, Router};
use tokio::net::TcpListener;
use tower_cors::{CorsLayer, CorsPolicy, PolicyError, RequestHead};

fn app() -> Result<Router, PolicyError> {
    // The application's own pages.
    let app = CorsPolicy::builder()
        .allow_origins(["https://app.example.com", "http://localhost:*"])
        .allow_credentials(true)
        .allow_methods(["DELETE"])
        .build()?;
    // Any page may read this, but not with its visitor's credentials.
    let anyone = CorsPolicy::builder().allow_any_origin().build()?;

    Ok(Router::new()
        .route("/items", get(list))
        .route("/items/{id}", delete(remove))
        // A route with a policy of its own. `MethodRouter::layer` also gets the preflight; `route_layer` would not.
        .route("/feed", get(feed).layer(CorsLayer::new(anyone)))
        // A router with its own policy, which this file does not need to know.
        .nest("/admin", admin::router()?)
        // Last, so outermost: it covers every other route, and requests without a route.
        .layer(CorsLayer::new(app).leave_to_inner(has_own_policy)))
}

/// Whether the route that matched has a layer of its own. Without this, the layer around it would answer its preflights, and
/// replace what it grants.
fn has_own_policy(request: RequestHead<'_>) -> bool {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    route.is_some_and(|route| route == "/feed" || route.starts_with("/admin/"))
}

async fn list() -> Json<[&'static str; 2]> {
    Json(["tea", "coffee"])
}

async fn remove(Path(_id): Path<u32>) -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn feed() -> &'static str {
    "news for everyone\n"
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `PORT=0` takes any free port.
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap_or_else(|error| {
        eprintln!(
            "cannot listen on port {port}: {error}. Choose another: PORT=4001 cargo run -p example-routes"
        );
        std::process::exit(1)
    });
    let interrupted = shutdown::interrupted()?;
    print_what_to_try(listener.local_addr()?);
    axum::serve(listener, app()?).with_graceful_shutdown(interrupted).await?;
    Ok(())
}

fn print_what_to_try(address: SocketAddr) {
    println!("listening on http://{address}; try:

# The application's page reads its items, with credentials:
curl -i http://{address}/items -H 'Origin: https://app.example.com'

# Any page reads the feed, without credentials:
curl -i http://{address}/feed -H 'Origin: https://blog.example.com'

# The administration's page may delete a user, and the application's page may not:
curl -i -X OPTIONS http://{address}/admin/users/1 -H 'Origin: https://admin.example.com' -H 'Access-Control-Request-Method: DELETE' -H 'Access-Control-Request-Headers: authorization'
curl -i -X OPTIONS http://{address}/admin/users/1 -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: DELETE'

# It can read that it must log in:
curl -i -X DELETE http://{address}/admin/users/1 -H 'Origin: https://admin.example.com'
curl -i -X DELETE http://{address}/admin/users/1 -H 'Origin: https://admin.example.com' -H 'Authorization: Bearer secret'

# Requests without a route have the application's policy:
curl -i http://{address}/admin/nowhere -H 'Origin: https://app.example.com'
");
}
