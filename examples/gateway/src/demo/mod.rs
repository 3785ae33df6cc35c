//! What runs beside the gateway if no file is given: a service behind it, and a page of another origin.

mod upstream;

use std::net::SocketAddr;

use axum::Router;
use tower_http::services::ServeDir;

pub(crate) use upstream::app as upstream;

const VITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vite");

/// The same page as the gateway's own, from another origin.
pub(crate) fn page_elsewhere(folder: &str) -> Router {
    Router::new().fallback_service(ServeDir::new(format!("{folder}/site")))
}

pub(crate) fn print_what_to_try([gateway, upstream, elsewhere]: [SocketAddr; 3]) {
    let there = elsewhere.port();
    println!(
        "listening on http://{gateway}; open in a browser:

http://{gateway}/  the site: page and API have one origin, so CORS does not apply
http://localhost:{there}/?api=http://{gateway}  the same page from another origin, which the policy allows
http://127.0.0.1:{there}/?api=http://{gateway}  the same page from an origin that it does not allow
http://localhost:{there}/?api=http://{upstream}  without the gateway: a service without CORS, or with wrong headers

# The service sends the header twice, which browsers refuse. The gateway replaces both:
curl -i http://{upstream}/v1/doubled -H 'Origin: https://app.example.com'
curl -i http://{gateway}/v1/doubled -H 'Origin: https://app.example.com'

# The service does not answer preflights; the gateway does:
curl -i -X OPTIONS http://{gateway}/v1/chat -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: content-type'

# Bodies stream: word by word, as the service writes them.
curl -iN http://{gateway}/v1/chat -H 'Origin: https://app.example.com' -H 'Content-Type: application/json' -d '{{\"prompt\":\"hello\"}}'

# The request as the service sees it: its own Host, the client's address, and no connection headers.
curl -s http://{gateway}/v1/echo -H 'Connection: x-secret' -H 'X-Secret: 1' -H 'X-Forwarded-For: 192.0.2.1'

# A page that is not allowed cannot reach the service, not even by WebSocket:
curl -i http://{gateway}/v1/live -H 'Origin: https://stranger.example' -H 'Connection: upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='

# The same page and service behind a development server, if you have npm:
cd {VITE} && npm install && UPSTREAM=http://{upstream} npm start

# Your own routes: write a file like src/gateway.toml.
cargo run -p example-gateway -- gateway.toml

Ctrl-C ends it."
    );
}
