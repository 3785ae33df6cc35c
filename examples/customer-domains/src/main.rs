//! A booking widget on customers' own domains. The domains are in a database; one policy says what their pages may do.
//!
//! `cargo run -p example-customer-domains` prints its address and what to try.

mod app;
mod database;
mod domains;
#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use database::Database;
use domains::Domains;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = Database::in_memory()?;
    database.add_customer("acme", "token-of-acme")?;
    let app = app::router(&Arc::new(Domains::new(database)))?;

    // `PORT=0` takes any free port.
    let port = std::env::var("PORT").map_or(Ok(3012), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap_or_else(|error| {
        eprintln!(
            "cannot listen on port {port}: {error}. Choose another: PORT=4001 cargo run -p example-customer-domains"
        );
        std::process::exit(1)
    });
    print_what_to_try(listener.local_addr()?);
    // Ctrl-C: requests that have begun are answered first.
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, app).with_graceful_shutdown(interrupted).await?;
    Ok(())
}

fn print_what_to_try(address: SocketAddr) {
    println!(
        "listening on http://{address}; try:

# Our own site is in the policy. The database is not queried:
curl -i http://{address}/slots -H 'Origin: https://www.bookings.example'

# A customer's site that is not registered yet: the database is queried, and the page may not read the answer.
curl -i http://{address}/slots -H 'Origin: https://shop.acme.example'

# The customer registers it. From now on, its pages may read; the second time, the database is not queried:
curl -i -X PUT http://{address}/domains -H 'Authorization: Bearer token-of-acme' -d 'https://shop.acme.example'
curl -i http://{address}/slots -H 'Origin: https://shop.acme.example'

# Its page's browser sends a preflight before it books:
curl -i -X OPTIONS http://{address}/slots -H 'Origin: https://shop.acme.example' -H 'Access-Control-Request-Method: PUT'

# The customer removes the site. The next request is refused:
curl -i -X DELETE http://{address}/domains -H 'Authorization: Bearer token-of-acme' -d 'https://shop.acme.example'
curl -i http://{address}/slots -H 'Origin: https://shop.acme.example'

# An origin that the policy would not allow cannot be registered:
curl -i -X PUT http://{address}/domains -H 'Authorization: Bearer token-of-acme' -d 'https://Shop.acme.example/'
curl -i -X PUT http://{address}/domains -H 'Authorization: Bearer token-of-acme' -d 'http://shop.acme.example'
"
    );
}
