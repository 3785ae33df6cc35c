//! Starts the server and the page, and prints what to try.

mod serve;

use example_mcp::token::METADATA_PATH;
use example_mcp::{app, page, policy};
use rmcp::transport::StreamableHttpServerConfig;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The page has the next port, and so another origin. `PORT=0` takes any two free ports.
    let port = std::env::var("PORT").map_or(Ok(3003), |port| port.parse())?;
    let [(server, port), (site, page_port)] = serve::listen(port).await.unwrap_or_else(|error| {
        eprintln!("{error}");
        std::process::exit(1)
    });
    let here = [format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}")];
    let page = format!("http://localhost:{page_port}");

    let mcp = StreamableHttpServerConfig::default();
    let end = mcp.cancellation_token.clone();
    let app = app(policy(&here, &page)?, &here[0], mcp);
    let interrupted = serve::interrupted()?;
    print_what_to_try(&here[0], &page);

    let ended = end.clone();
    tokio::spawn(async move {
        interrupted.await;
        // Also ends the streams, which otherwise stay open as long as their clients.
        end.cancel();
    });
    let servers = [(server, app), (site, page::app(&here[0]))];
    serve::until(|| ended.clone().cancelled_owned(), servers).await
}

/// The first message of a session, in the older versions of the protocol.
const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"curl","version":"1"}}}"#;

fn print_what_to_try(here: &str, page: &str) {
    println!(
        "listening on {here}/mcp, for the page {page}: open that in a browser, or try:

# Without a token: 401, with the address of the metadata. The page can read both.
curl -i {here}/mcp -H 'Origin: {page}'
curl -i {here}{METADATA_PATH} -H 'Origin: {page}'

# The preflight of the page's browser before a tool call:
curl -i -X OPTIONS {here}/mcp -H 'Origin: {page}' -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: authorization,content-type,mcp-method,mcp-name,mcp-protocol-version'

# The client's first message. The page can read the session ID:
curl -i {here}/mcp -H 'Origin: {page}' -H 'Authorization: Bearer secret' -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -d '{INITIALIZE}'

# A stranger's page is refused, even if it has the token:
curl -i {here}/mcp -H 'Origin: http://stranger.example' -H 'Authorization: Bearer secret'

# So is a page at an attacker's host name that points to this machine, which sends no Origin:
curl -i {here}/mcp -H 'Host: rebound.example' -H 'Authorization: Bearer secret'
"
    );
}
