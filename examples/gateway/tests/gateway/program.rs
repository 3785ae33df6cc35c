//! The program, started on ports of its own, and requests to it.

use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// What a busy machine may need for anything.
pub(crate) const SLACK: Duration = Duration::from_secs(20);

/// The process. Dropping it ends it.
pub(crate) struct Program {
    process: Child,
    /// Kept open: a program whose output nobody can read stops.
    printed: Lines<BufReader<ChildStdout>>,
    pub(crate) gateway: String,
    /// The service behind it, where it is the program's own.
    pub(crate) upstream: String,
}

impl Program {
    pub(crate) async fn start() -> Self {
        let mut program = Self::run(&[]).await;
        while program.upstream.is_empty() {
            let line = program.next_line().await;
            if let Some((_, rest)) = line.split_once("The service behind it, at ") {
                program.upstream = rest.split(',').next().map(str::to_owned).unwrap_or_default();
            }
        }
        program
    }

    pub(crate) async fn start_with(config: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = format!("{}/gateway-{number}.toml", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(&path, config).expect("there is room for a file");
        Self::run(&[&path]).await
    }

    async fn run(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_example-gateway"))
            .args(arguments)
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let printed = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let mut program = Self { process, printed, gateway: String::new(), upstream: String::new() };
        let line = program.next_line().await;
        let address = line.strip_prefix("listening on ").and_then(|line| line.split([';', ',']).next());
        program.gateway = address.map(str::to_owned).expect("it prints its address");
        program
    }

    async fn next_line(&mut self) -> String {
        self.printed.next_line().await.expect("it prints text").expect("it prints more")
    }

    #[cfg(unix)]
    pub(crate) async fn terminate(&self) {
        let id = self.process.id().expect("it runs").to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.expect("there is `kill`").success());
    }

    #[cfg(unix)]
    pub(crate) async fn wait(&mut self) -> ExitStatus {
        timeout(SLACK, self.process.wait()).await.expect("it ends").expect("it can be asked")
    }
}

/// On a connection of its own.
pub(crate) async fn send(request: Request<Body>) -> Response<Incoming> {
    let client: Client<HttpConnector, Body> =
        Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
    timeout(SLACK, client.request(request)).await.expect("it answers in time").expect("it answers")
}

pub(crate) fn header<'a, B>(response: &'a Response<B>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

pub(crate) async fn read(response: Response<Incoming>) -> String {
    let body = timeout(SLACK, response.into_body().collect()).await.expect("it ends in time");
    String::from_utf8(body.expect("a whole body").to_bytes().to_vec()).expect("text")
}
