//! An API with its policy in a file, applied whenever the file changes.
//!
//! `cargo run -p example-reload` writes one to start from, and prints where it is, its own address, and what to try.
//! `cargo run -p example-reload -- cors.toml` takes your own file.

#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;
use std::{env, fs, io, process, thread};

use axum::Router;
use axum::routing::get;
use notify::event::{AccessKind, AccessMode, Event, EventKind};
use notify::{RecursiveMode, Watcher};
use tokio::net::TcpListener;
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder, PolicyHandle};

const SAMPLE: &str = r#"allow_origins = ["https://app.example.com"]
allow_methods = ["PUT"]
max_age       = "10m"
"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given = env::args_os().nth(1).map(PathBuf::from);
    let path = given.clone().map_or_else(write_sample, Ok)?;

    // A mistake in the file ends the program here, and only here.
    let policy = read(&path).unwrap_or_else(|mistakes| {
        for mistake in mistakes {
            eprintln!("{}: {mistake}", path.display());
        }
        process::exit(1)
    });
    let (cors, handle) = CorsLayer::reloadable(policy);
    watch(&path, handle, |line| eprintln!("{line}"))?;

    // `PORT=0` takes any free port.
    let port = env::var("PORT").map_or(Ok(3002), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap_or_else(|error| {
        eprintln!(
            "cannot listen on port {port}: {error}. Choose another: PORT=4001 cargo run -p example-reload"
        );
        process::exit(1)
    });
    let address = listener.local_addr()?;
    println!("listening on http://{address}, with the policy of {}", path.display());
    if given.is_none() {
        print_what_to_try(address, &path);
    }
    // Ctrl-C: requests that have begun are answered first.
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, app(cors)).with_graceful_shutdown(interrupted).await?;
    Ok(())
}

fn app(cors: CorsLayer) -> Router {
    Router::new().route("/", get(async || "tea, coffee\n")).layer(cors)
}

/// The policy in a file, or everything that is wrong with it.
fn read(path: &Path) -> Result<CorsPolicy, Vec<String>> {
    let text = fs::read_to_string(path).map_err(|error| vec![format!("it cannot be read: {error}")])?;
    // Reads a builder first and builds it second, to get its issues one by one.
    let builder: CorsPolicyBuilder =
        toml::from_str(&text).map_err(|error| vec![error.to_string().trim_end().to_owned()])?;
    builder.build().map_err(|error| error.issues().map(ToString::to_string).collect())
}

/// Files are often written in several steps, so wait this long after a change before reading. A program that needs longer
/// should write elsewhere and rename the file.
const SETTLE: Duration = Duration::from_millis(100);

/// Some changes cause no event: on a network file system, or when a directory above the file is replaced.
const READ_AT_LEAST_EVERY: Duration = Duration::from_secs(60);

/// The same while the file is not in effect.
const RETRY_EVERY: Duration = Duration::from_secs(1);

/// Applies a file's policy whenever it changes, until the process ends.
///
/// If anything is wrong with it, the policy does not change, and `report` gets each mistake.
fn watch(path: &Path, handle: PolicyHandle, report: impl Fn(&str) + Send + 'static) -> notify::Result<()> {
    let path = std::path::absolute(path)?;
    // Watches the directory, because editors replace the file by another one. So does Kubernetes with a mounted ConfigMap:
    // there the file is a symlink that stays, through another one, `..data`, which is replaced.
    let directory = path.parent().unwrap_or(&path).to_owned();
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if !event.as_ref().is_ok_and(is_by_reader) {
            // Whatever the event, read the file.
            let _ = sender.send(event.map(drop));
        }
    })?;
    watcher.watch(&directory, RecursiveMode::NonRecursive)?;

    thread::spawn(move || {
        let mut last = Ok(handle.load());
        loop {
            let found = match last {
                Ok(_) => read(&path),
                // The directory may have been replaced by another one.
                Err(_) => watch_again(&mut watcher, &directory).and_then(|()| read(&path)),
            };
            if found != last {
                match &found {
                    Ok(policy) => {
                        let change = handle.load().difference(policy);
                        handle.store(policy.clone());
                        report(&format!("{}: the new policy is in effect: {change}", path.display()));
                    }
                    Err(mistakes) => {
                        for mistake in mistakes {
                            report(&format!("{}: {mistake}", path.display()));
                        }
                        report(&format!("{}: the policy has not changed", path.display()));
                    }
                }
            }
            let patience = if found.is_ok() { READ_AT_LEAST_EVERY } else { RETRY_EVERY };
            last = found;

            let first = changes.recv_timeout(patience);
            thread::sleep(SETTLE);
            for error in first.into_iter().chain(changes.try_iter()).filter_map(Result::err) {
                report(&format!("{}: {error}", directory.display()));
            }
        }
    });
    Ok(())
}

fn watch_again(watcher: &mut impl Watcher, directory: &Path) -> Result<(), Vec<String>> {
    // Fails if it was removed.
    let _ = watcher.unwatch(directory);
    watcher
        .watch(directory, RecursiveMode::NonRecursive)
        .map_err(|error| vec![format!("its directory cannot be watched: {error}")])
}

/// Opening, reading and closing a file also cause events: [`read`] itself causes these.
fn is_by_reader(event: &Event) -> bool {
    matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
}

/// In a new directory.
fn write_sample() -> io::Result<PathBuf> {
    let directory = env::temp_dir().join(format!("tower-cors-{}", process::id()));
    fs::create_dir(&directory)?;
    let path = directory.join("cors.toml");
    fs::write(&path, SAMPLE)?;
    Ok(path)
}

fn print_what_to_try(address: SocketAddr, path: &Path) {
    let path = path.display();
    println!(
        "
# A page that is allowed, and one that is not:
curl -i http://{address}/ -H 'Origin: https://app.example.com'
curl -i http://{address}/ -H 'Origin: https://admin.example.com'

# Allow the other one instead, and ask again:
echo 'allow_origins = [\"https://admin.example.com\"]' > '{path}'

# Make mistakes: they are listed here, and the policy does not change:
echo 'allow_origins = [\"https://app.example.com/\", \"*.example.com\"]' > '{path}'

# Correct them:
echo 'allow_origins = [\"https://app.example.com\", \"https://*.example.com\"]' > '{path}'
"
    );
}
