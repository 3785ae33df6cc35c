//! A reverse proxy that puts a policy in front of a service that knows nothing of CORS, or that sets its own wrong headers.
//!
//! `cargo run -p example-gateway` prints what to try; `cargo run -p example-gateway -- gateway.toml` takes a file of yours. The
//! gateway also serves a page from its own origin. That page calls the same API, and needs no CORS for it: page and API have
//! one origin. `vite.config.js` does the same with the development server of Vite.

mod config;
mod forward;
mod headers;
mod serve;
mod upgrade;
mod upstream;

use std::error::Error;
use std::process::ExitCode;

use axum::Router;
use config::{Config, Target};
use forward::Forward;
use serve::{interrupted, listen};
use tower_cors::CorsLayer;
use tower_http::services::ServeDir;

/// Each route has its policy. A route without one is for pages of the gateway's own origin.
const CONFIG: &str = r#"
[[routes]]
path     = "/api"                            # and all below it
upstream = "{upstream}"
seconds  = 2                                 # until its answer begins

[routes.cors]
allow_origins     = ["https://app.example.com", "http://localhost:5173"]
allow_credentials = true
allow_methods     = ["PUT", "DELETE"]
allow_headers     = ["authorization", "content-type"]
expose_headers    = ["x-request-id"]

[[routes]]
path     = "/public"
upstream = "{upstream}"

[routes.cors]
allow_origins = "*"

[[routes]]
path     = "/live"                           # WebSockets: CORS does not keep strangers out, this does
upstream = "{upstream}"

[routes.cors]
allow_origins             = ["https://app.example.com", "http://localhost:5173"]
reject_disallowed_origins = true

[[routes]]
path  = "/"
files = "{files}"
"#;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let end = interrupted()?;
    // `PORT=0` takes any free ports.
    let port = std::env::var("PORT").map_or(Ok(4200), |port| port.parse())?;
    let listener = listen(port, 0).await?;
    let address = listener.local_addr()?;
    let config = if let Some(path) = std::env::args().nth(1) {
        println!("listening on http://{address}, with the routes of {path}");
        Config::read(&std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?)?
    } else {
        let service = listen(port, 1).await?;
        let upstream = format!("http://{}", service.local_addr()?);
        print_what_to_try(&address.to_string(), &upstream);
        tokio::spawn(async { axum::serve(service, upstream::app()).await });
        let files = concat!(env!("CARGO_MANIFEST_DIR"), "/site").replace('\\', "/");
        Config::read(&CONFIG.replace("{upstream}", &upstream).replace("{files}", &files))?
    };
    serve::until(end, listener, app(config)).await
}

fn app(config: Config) -> Router {
    config.routes.into_iter().fold(Router::new(), |app, route| {
        let below = route.below();
        let routes = match route.target {
            Target::Upstream(upstream) => {
                let forward = Forward::new(upstream);
                Router::new().route_service(&route.path, forward.clone()).route_service(&below, forward)
            }
            Target::Files(folder) if route.path == "/" => {
                Router::new().fallback_service(ServeDir::new(folder))
            }
            Target::Files(folder) => Router::new().nest_service(&route.path, ServeDir::new(folder)),
        };
        app.merge(match route.cors {
            // Around this route alone. What the service says about CORS is replaced.
            Some(policy) => routes.layer(CorsLayer::from(policy)),
            None => routes,
        })
    })
}

fn print_what_to_try(gateway: &str, upstream: &str) {
    println!(
        "listening on http://{gateway}; open it in a browser, or try:

# The service behind it, at {upstream}, doubles its headers and allows everybody, with credentials:
curl -i {upstream}/api/wrong -H 'Origin: https://stranger.example'

# Through the gateway, an allowed page reads it, and a stranger does not:
curl -i http://{gateway}/api/wrong -H 'Origin: https://app.example.com'
curl -i http://{gateway}/api/wrong -H 'Origin: https://stranger.example'

# The gateway answers preflights, of which the service knows nothing:
curl -i -X OPTIONS http://{gateway}/api/items -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT'

# Another route, another policy:
curl -i http://{gateway}/public/items -H 'Origin: https://stranger.example'

# A stream, word by word, and an error that pages can read, as the service does not answer in time:
curl -N http://{gateway}/api/stream
curl -i http://{gateway}/api/hang -H 'Origin: https://app.example.com'

# A WebSocket handshake of a stranger's page:
curl -i http://{gateway}/live -H 'Origin: https://stranger.example' -H 'Connection: Upgrade' -H 'Upgrade: websocket'

Ctrl-C ends it; PORT=5200 before the command takes other ports.
"
    );
}
