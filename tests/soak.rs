//! Faults: real servers under load, while everything around the layer fails.
//!
//! Six layers, one for each source of policies, with axum behind them, get requests over HTTP/1.1, HTTP/2 and WebSocket over both. The
//! clients are pages and attackers; connections break at any byte; services fail, panic and hang; policies are replaced and looked up
//! meanwhile. All the time:
//!
//! - nothing panics, in the layer or elsewhere, except on purpose;
//! - every answer, of a service or of the layer, is complete and as one policy says, which was the layer's policy during the request;
//! - memory does not grow, and nothing that was started is left at the end.
//!
//! The default run takes some seconds. A longer run, which prints its counts at the end:
//!
//! ```sh
//! TOWER_CORS_SOAK=10m cargo test --release --all-features --test soak
//! ```
//!
//! `TOWER_CORS_SEED` is the random seed, which each run prints. It determines the requests, but not the time of their answers.

mod soak {
    pub(crate) mod ask;
    pub(crate) mod attacks;
    pub(crate) mod clients;
    pub(crate) mod cut;
    pub(crate) mod live;
    pub(crate) mod memory;
    #[path = "../cases/attacks/notation.rs"]
    pub(crate) mod notation;
    #[allow(dead_code, unreachable_pub, reason = "the benches use another part of it")]
    #[path = "../support/origins.rs"]
    pub(crate) mod origins;
    pub(crate) mod panics;
    pub(crate) mod quiet;
    pub(crate) mod server;
    pub(crate) mod sources;
    pub(crate) mod tally;
    pub(crate) mod world;
}

use std::env;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};
use soak::clients;
use soak::live::Live;
use soak::memory::{self, Use};
use soak::origins::Random;
use soak::panics;
use soak::quiet::judging;
use soak::server::serve;
use soak::sources::{Source, layer};
use soak::tally::{Kind, Tally};
use soak::world::World;
use tokio::runtime::Builder;
use tokio::time::sleep;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// How many connections there are at the same time, at least.
const CLIENTS: u64 = 24;

/// How long everything may take to end after the clients are gone.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() {
    let trials = vec![
        Trial::test("a head by no policy or by two is seen", judging::sees_what_is_torn),
        Trial::test("the policies that take turns can be told apart", judging::tells_versions_apart),
        Trial::test("the layer holds under load, whatever fails", the_layer_holds_under_load_whatever_fails),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn the_layer_holds_under_load_whatever_fails() -> Result<(), Failed> {
    let time = time(&env::var("TOWER_CORS_SOAK").unwrap_or("10s".to_owned()))?;
    let seed = env::var("TOWER_CORS_SEED").map_or(Ok(1), |seed| seed.parse())?;
    panics::count();
    listen();
    let runtime = Builder::new_multi_thread().worker_threads(4).enable_all().build()?;
    let failures = runtime.block_on(soak_for(time, seed));
    runtime.shutdown_timeout(PATIENCE);
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n\n").into()) }
}

/// Discards the layer's log, but still formats it.
fn listen() {
    let ours = Targets::new().with_target("tower_cors", Level::TRACE);
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::sink).with_filter(ours);
    tracing_subscriber::registry().with(log).init();
}

/// `10s`, `30m`, `2h`.
fn time(text: &str) -> Result<Duration, Failed> {
    let wrong = || format!("TOWER_CORS_SOAK: `{text}` is not a time such as `30s`, `10m` or `2h`");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(wrong().into()),
    };
    Ok(Duration::from_secs(number.parse::<u64>().map_err(|_| wrong())? * seconds))
}

/// The failure.
async fn soak_for(time: Duration, seed: u64) -> Vec<String> {
    let (live, tally) = (Live::default(), Tally::default());
    let (mut servers, mut handle) = (Vec::new(), None);
    for source in Source::ALL {
        let (layer, its_handle) = layer(source, &live);
        handle = handle.or(its_handle);
        let heard = tally.clone();
        let layer = layer.on_denial(move |_, _| heard.add(Kind::DenialHeard));
        servers.push((source, serve(source, layer, &live).await));
    }
    let world = Arc::new(World::new(servers, live, tally));

    let storing = Arc::clone(&world);
    let handle = handle.expect("a reloadable layer");
    let stores = thread::spawn(move || storing.stores.store_until(&storing.is_over, &handle, &storing.live));
    let sampling = Arc::clone(&world);
    let samples = thread::spawn(move || memory::sample_until(&sampling.is_over));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (world, random) = (Arc::clone(&world), Random::new(seed * CLIENTS + client));
            tokio::spawn(async move { clients::run(&world, random).await })
        })
        .collect();

    let start = Instant::now();
    while start.elapsed() < time && !world.is_over() {
        sleep(Duration::from_millis(50)).await;
    }
    world.is_over.store(true, SeqCst);
    for client in clients {
        // The panic hook counts its panic.
        let _ = client.await;
    }
    stores.join().expect("no panic");
    let memory = Use::of(&samples.join().expect("no panic"));
    let end = Instant::now();
    while world.live.left() > 0 && end.elapsed() < PATIENCE {
        sleep(Duration::from_millis(10)).await;
    }

    println!("\n{:.1} s from seed {seed}", start.elapsed().as_secs_f64());
    print!("{}", world.tally);
    println!("{:>12} panics on purpose", panics::expected());
    println!("{:>12} policies stored", world.stores.done());
    if let Some(Use { warm, end }) = memory {
        println!("{warm:>12} KiB after the warm-up\n{end:>12} KiB at the end");
    }
    verdict(&world, memory)
}

fn verdict(world: &World, memory: Option<Use>) -> Vec<String> {
    let mut failures = std::mem::take(&mut *world.failures.lock().expect("no panic"));
    failures.extend(panics::take_others());
    if world.live.left() > 0 {
        failures.push(format!("what is left, with one policy that should be: {}", world.live));
    }
    if let Some(grown) = memory.filter(|memory| !memory.is_flat()) {
        failures.push(format!("memory has grown: {grown:?} (KiB)"));
    }
    let missing = world.tally.missing();
    if !missing.is_empty() && failures.is_empty() {
        failures.push(format!("the time is too short for {missing:?}"));
    }
    failures
}
