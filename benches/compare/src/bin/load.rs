//! Requests per second and latencies through a real server: axum on loopback, keep-alive connections, without a layer,
//! with tower-cors and with tower-http in turn. `--quick` takes a fraction of the time.
//!
//! Two more show where the rest of the time goes: a layer that does nothing, for which axum clones and boxes the service for each request,
//! and one that writes the same headers by hand, which the server must send and the client must read.
//!
//! Server and clients share the machine, and other programs may run on it, so figures have a meaning only relative to each other: each run
//! is compared with the bare service's run of the same round, and the table has the median of these shares. It has two: by the clock, and
//! by the processor time of server and clients, which other programs affect less.

use std::env;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::routing::get;
use http_body_util::BodyExt;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tower_cors_compare::requests::{Kind, PATH, Requests};
use tower_cors_compare::stats::Summary;
use tower_cors_compare::{layers, processor};
use tower_layer::Identity;

const CONNECTIONS: usize = 16;

const SIZES: [u32; 3] = [1, 1000, 100_000];

/// Copying a longer list for every request would take too long.
const MOST_OF_TOWER_HTTP: u32 = 1000;

type Error = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Error> {
    let is_quick = env::args().any(|argument| argument == "--quick");
    let (rounds, duration) =
        if is_quick { (1, Duration::from_millis(100)) } else { (101, Duration::from_millis(200)) };
    let server = runtime()?;
    let client = runtime()?;
    println!("{CONNECTIONS} connections, allowed requests; medians of {rounds} rounds of {duration:?}.\n");
    println!(
        "| origins | layer      | requests / second |     ± | of bare |    ± | by processor |    ± |    p50 |    p99 |"
    );
    println!(
        "| ------: | :--------- | ----------------: | ----: | ------: | ---: | -----------: | ---: | -----: | -----: |"
    );
    for size in SIZES {
        let mut routers = vec![
            ("none", router(), false),
            ("tower-cors", router().layer(layers::ours(size)), true),
            ("by hand", router().layer(layers::floor(size)), true),
            ("empty", router().layer(Identity::new()), false),
        ];
        if size <= MOST_OF_TOWER_HTTP {
            routers.push(("tower-http", router().layer(layers::tower_http(size)), true));
        }
        let mut servers = Vec::new();
        for (name, router, is_cors) in routers {
            servers.push((name, server.block_on(serve(router))?, is_cors, Vec::new()));
        }
        // Always in this order: each follows a different one, so its caches are cold.
        for _ in 0..rounds {
            for (_, address, is_cors, results) in &mut servers {
                results.push(client.block_on(load(*address, size, *is_cors, duration))?);
            }
        }
        let (.., bare) = &servers[0];
        for (name, .., results) in &servers {
            print(size, name, results, bare);
        }
    }
    Ok(())
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

fn router() -> Router {
    Router::new().route(PATH, get(async || "[]"))
}

async fn serve(router: Router) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// The latencies of all requests of one round, sorted.
struct Round {
    latencies: Vec<Duration>,
    elapsed: Duration,
    /// For server and clients; `None` if the system does not report it.
    processor: Option<Duration>,
}

impl Round {
    fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// Requests per second of processor time; `NaN` if the system does not report it.
    fn processor_rate(&self) -> f64 {
        let seconds = self.processor.map_or(f64::NAN, |processor| processor.as_secs_f64());
        self.latencies.len() as f64 / seconds
    }

    fn percentile(&self, percent: usize) -> f64 {
        let index = (self.latencies.len() - 1) * percent / 100;
        self.latencies[index].as_secs_f64() * 1e6
    }
}

async fn load(address: SocketAddr, size: u32, is_cors: bool, duration: Duration) -> Result<Round, Error> {
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(Client::open(address, size, is_cors).await?);
    }
    let (start, processor) = (Instant::now(), processor::time());
    let connections: Vec<_> = connections
        .into_iter()
        .map(|connection| tokio::spawn(connection.send_until(start + duration)))
        .collect();
    let mut latencies = Vec::new();
    for connection in connections {
        latencies.extend(connection.await??);
    }
    let elapsed = start.elapsed();
    let processor = processor::time().zip(processor).and_then(|(end, start)| end.checked_sub(start));
    latencies.sort();
    Ok(Round { latencies, elapsed, processor })
}

/// A connection that has been used.
struct Client {
    sender: SendRequest<Body>,
    requests: Requests,
    is_cors: bool,
}

impl Client {
    async fn open(address: SocketAddr, size: u32, is_cors: bool) -> Result<Self, Error> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let mut client = Self { sender, requests: Requests::new(size), is_cors };
        client.send().await?;
        Ok(client)
    }

    async fn send_until(mut self, end: Instant) -> Result<Vec<Duration>, Error> {
        let mut latencies = Vec::new();
        while Instant::now() < end {
            latencies.push(self.send().await?);
        }
        Ok(latencies)
    }

    async fn send(&mut self) -> Result<Duration, Error> {
        let request = self.requests.next(Kind::Allowed);
        self.sender.ready().await?;
        let start = Instant::now();
        let response = self.sender.send_request(request).await?;
        assert_eq!(response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN), self.is_cors);
        response.into_body().collect().await?;
        Ok(start.elapsed())
    }
}

fn print(size: u32, name: &str, rounds: &[Round], bare: &[Round]) {
    let median = |figure: &dyn Fn(&Round) -> f64| Summary::of(rounds.iter().map(figure).collect());
    let rate = median(&Round::rate);
    let share = |rate: &dyn Fn(&Round) -> f64| {
        let neighbours = rounds.iter().zip(bare);
        let shares = neighbours.map(|(round, bare)| 100.0 * rate(round) / rate(bare));
        Summary::of(shares.collect())
    };
    let (by_clock, by_processor) = (share(&Round::rate), share(&Round::processor_rate));
    println!(
        "| {size:>7} | {name:<10} | {:>17.0} | {:>5.0} | {:>5.1} % | {:>4.1} | {:>10.1} % | {:>4.1} | {:>3.0} µs | {:>3.0} µs |",
        rate.median,
        rate.spread,
        by_clock.median,
        by_clock.spread,
        by_processor.median,
        by_processor.spread,
        median(&|round| round.percentile(50)).median,
        median(&|round| round.percentile(99)).median,
    );
}
