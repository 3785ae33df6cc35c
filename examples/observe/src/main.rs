//! An API that any page may use today, and what to know before a list replaces "any": which pages use it, with which methods and
//! headers, and what the list would change.
//!
//! `cargo run -p example-observe` prints its addresses and what to try. `cargo run -p example-observe -- cors.toml` tries
//! out your own policy.

mod app;
mod numbers;
mod tally;
mod used;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs, process};

use app::Observed;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;
use tower_cors::CorsPolicy;

/// The planned policy, until there is a file: the one page that everybody knows.
const SAMPLE: &str = r#"allow_origins = ["https://app.example.com"]
allow_methods = ["PUT"]
allow_headers = ["content-type"]
"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = env::args_os().nth(1);
    let text = file.as_ref().map_or_else(|| Ok(SAMPLE.to_owned()), fs::read_to_string)?;
    let shadow: CorsPolicy = toml::from_str(&text).unwrap_or_else(|error| {
        eprintln!("{error}");
        process::exit(1)
    });
    let numbers = PrometheusBuilder::new().install_recorder()?;
    let observed = Arc::new(Observed::default());

    // `PORT=0` takes any free ports.
    let port: u16 = env::var("PORT").map_or(Ok(3013), |port| port.parse())?;
    let api = listen(port).await;
    // No page should read the numbers, so they have their own address.
    let inside = listen(if port == 0 { 0 } else { port + 1 }).await;
    print_what_to_try(api.local_addr()?, inside.local_addr()?);

    let every = env::var("EVERY").map_or(Ok(300), |seconds| seconds.parse())?;
    tokio::spawn(print_every(Duration::from_secs(every), Arc::clone(&observed)));
    let inside = axum::serve(inside, app::inside(numbers, Arc::clone(&observed)));
    tokio::spawn(inside.into_future());
    // Ctrl-C: requests that have begun are answered first.
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(api, app::api(shadow, &observed)?).with_graceful_shutdown(interrupted).await?;
    println!("{}", observed.used());
    Ok(())
}

async fn listen(port: u16) -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap_or_else(|error| {
        eprintln!(
            "cannot listen on port {port}: {error}. Choose others: PORT=4001 cargo run -p example-observe"
        );
        process::exit(1)
    })
}

async fn print_every(period: Duration, observed: Arc<Observed>) {
    loop {
        tokio::time::sleep(period).await;
        println!("{}", observed.used());
    }
}

fn print_what_to_try(api: SocketAddr, inside: SocketAddr) {
    println!(
        "listening on http://{api}, and for operators on http://{inside}; try:

# Pages that use the API. The last one is a look-alike:
curl -i http://{api}/items -H 'Origin: https://app.example.com'
curl -i -X OPTIONS http://{api}/items -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: content-type'
curl -i -X OPTIONS http://{api}/items -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: DELETE' -H 'Access-Control-Request-Headers: x-trace'
curl -i http://{api}/items -H 'Origin: https://app.exarnple.com'

# What pages really used, as a policy file; also printed every 300 seconds (`EVERY=60`), and at Ctrl-C:
curl http://{inside}/used

# The numbers, for Prometheus. `prometheus/` has alerts, and a dashboard for Grafana:
curl http://{inside}/metrics
"
    );
}
