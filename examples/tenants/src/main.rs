//! An API for ten thousand tenants, each with its own policy in a database, which its admin page can edit.
//!
//! `cargo run -p example-tenants` prints its address and what to try.

mod api;
#[cfg(test)]
mod tests;

use std::net::Ipv4Addr;

use api::{Database, Policies};
use tokio::net::TcpListener;

const TENANTS: u32 = 10_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policies = Policies::new(Database::with_tenants(TENANTS)?);

    // `PORT=0` takes any free port.
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap_or_else(|error| {
        eprintln!(
            "cannot listen on port {port}: {error}. Choose another: PORT=4001 cargo run -p example-tenants"
        );
        std::process::exit(1)
    });
    print_what_to_try(listener.local_addr()?.port());
    // Ctrl-C: requests that have begun are answered first.
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, api::router(policies)).with_graceful_shutdown(interrupted).await?;
    Ok(())
}

fn print_what_to_try(port: u16) {
    println!("listening on http://t0.localhost:{port} to http://t{}.localhost:{port}; try:

# A tenant's page reads its own API; the second time, nothing is printed here, because the cache answers:
curl -i http://t7.localhost:{port}/ -H 'Origin: https://t7.example.com'

# At another tenant's API, it may not read the answer:
curl -i http://t8.localhost:{port}/ -H 'Origin: https://t7.example.com'

# The preflight of its admin page before it edits the policy; then it reads the policy:
curl -i -X OPTIONS http://t7.localhost:{port}/cors -H 'Origin: https://t7.example.com' -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: authorization,content-type'
curl -i http://t7.localhost:{port}/cors -H 'Origin: https://t7.example.com' -H 'Authorization: Bearer token-of-t7'

# For a policy with mistakes, the answer lists them all:
curl -i -X PUT http://t7.localhost:{port}/cors -H 'Origin: https://t7.example.com' -H 'Authorization: Bearer token-of-t7' -H 'Content-Type: application/json' -d '{{\"allow_origins\": [\"https://T7.example.com/\"], \"allow_methods\": [\"patch\"], \"dangerously_allow_null_origin\": true}}'

# A valid policy decides about the next request:
curl -i -X PUT http://t7.localhost:{port}/cors -H 'Origin: https://t7.example.com' -H 'Authorization: Bearer token-of-t7' -H 'Content-Type: application/json' -d '{{\"allow_origins\": [\"https://app.example.com\"]}}'
curl -i http://t7.localhost:{port}/ -H 'Origin: https://app.example.com'

# For an unknown tenant, nothing is granted:
curl -i http://nobody.localhost:{port}/ -H 'Origin: https://app.example.com'
", TENANTS - 1);
}
