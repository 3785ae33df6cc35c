//! A reverse proxy that adds CORS to services without it, or with wrong headers. From the same origin it serves a site,
//! and its pages need no CORS to call the API.
//!
//! What goes where, and the policy of each route, is `gateway.toml`, beside this file. `cargo run -p example-gateway`
//! starts it with a service to stand behind it, and prints what to try. `cargo run -p example-gateway -- gateway.toml`
//! takes your own file.

mod config;
mod demo;
mod gateway;
mod proxy;
mod serve;

use std::net::Ipv4Addr;
use std::path::Path;
use std::{env, process};

use tokio::net::TcpListener;

use config::Config;

const SAMPLE: &str = include_str!("gateway.toml");

/// The upstream in the sample. The demo's upstream replaces it.
const SAMPLE_UPSTREAM: &str = "127.0.0.1:9000";

/// The parent of the sample's folders.
const SAMPLE_FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Before anything listens, so no signal ends the program in between.
    let end = serve::interrupted()?;
    // `PORT=0` takes any free ports.
    let port = env::var("PORT").map_or(Ok(3010), |port| port.parse())?;

    let (listener, config) = if let Some(file) = env::args_os().nth(1) {
        let config = or_exit(Config::read(Path::new(&file)));
        let listener = listen(port, 0).await;
        println!("listening on http://{}", listener.local_addr()?);
        (listener, config)
    } else {
        let [listener, upstream, elsewhere] =
            [listen(port, 0).await, listen(port, 1).await, listen(port, 2).await];
        let upstream_address = upstream.local_addr()?;
        demo::print_what_to_try([listener.local_addr()?, upstream_address, elsewhere.local_addr()?]);
        tokio::spawn(axum::serve(upstream, demo::upstream()).into_future());
        tokio::spawn(axum::serve(elsewhere, demo::page_elsewhere(SAMPLE_FOLDER)).into_future());
        let text = SAMPLE.replace(SAMPLE_UPSTREAM, &upstream_address.to_string());
        (listener, or_exit(Config::parse(&text, Path::new(SAMPLE_FOLDER))))
    };
    for warning in config.warnings() {
        eprintln!("{warning}");
    }
    let patience = config.timeouts.idle;
    serve::until(end, listener, gateway::app(config), patience).await;
    Ok(())
}

/// Mistakes in the file end the program here: all of them are listed.
fn or_exit(config: Result<Config, Vec<String>>) -> Config {
    config.unwrap_or_else(|mistakes| {
        for mistake in mistakes {
            eprintln!("{mistake}");
        }
        process::exit(1)
    })
}

async fn listen(first: u16, offset: u16) -> TcpListener {
    let port = if first == 0 { 0 } else { first.saturating_add(offset) };
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap_or_else(|error| {
        eprintln!(
            "cannot listen on port {port}: {error}. Choose another: PORT=4001 cargo run -p example-gateway"
        );
        process::exit(1)
    })
}
