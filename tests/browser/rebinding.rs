//! A simulation of DNS rebinding: the name of a page first leads to the attacker's server, then to ours.
//!
//! A browser cannot tell whether the answer of a name server changes or the server behind the address. So the name is mapped to
//! this machine once, and a switch listens on the port.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::Router;
use axum::http::header;
use axum::response::Html;
use axum::routing::{get, post};
use libtest_mimic::Failed;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder};

use super::driver::Driver;
use super::engine::NAME;

const SECRET: &str = "secret";

/// An empty page, the attacker's or our own.
const PAGE: &str = "<!doctype html><meta charset=utf-8><title>page</title>";

/// The requests of a page to the server of its own name. Both are same-origin, so neither needs a preflight.
const ATTACK: &str = "
    const done = arguments[arguments.length - 1];
    const ask = (path, init) => fetch(path, init).then(async (response) => [response.status, await response.text()]);
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    Promise.all([ask('/tools', {}), ask('/call', json)]).then(done, (error) => done(String(error)));
";

/// Our server, the switch in front of it, and how often the service ran.
struct Scene {
    port: u16,
    /// Whether the name leads to our server now.
    rebound: Arc<AtomicBool>,
    runs: Arc<AtomicUsize>,
}

impl Scene {
    /// `policy` gets the port of our server.
    async fn start(policy: impl FnOnce(u16) -> CorsPolicyBuilder) -> Result<Self, Failed> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let (rebound, runs) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        // Each answer has its own connection, so the switch decides about the next one.
        let page = || async { ([(header::CONNECTION, "close")], Html(PAGE)) };
        let attacker = serve(Router::new().fallback(page)).await?;
        let counter = Arc::clone(&runs);
        let secret = move || async move {
            counter.fetch_add(1, Ordering::SeqCst);
            SECRET
        };
        let routes = Router::new().route("/tools", get(secret.clone())).route("/call", post(secret));
        let layer = CorsLayer::from(policy(port).build()?);
        let ours = serve(routes.route("/", get(|| async { Html(PAGE) })).layer(layer)).await?;
        tokio::spawn(switch(listener, attacker, ours, Arc::clone(&rebound)));
        Ok(Self { port, rebound, runs })
    }

    /// What the attacker's page reads once its name leads to our server, and how often our service ran for it.
    async fn attack(&self, driver: &Driver) -> Result<(Value, usize), Failed> {
        self.rebound.store(false, Ordering::SeqCst);
        driver.client.goto(&format!("http://{NAME}:{}/", self.port)).await?;
        self.rebound.store(true, Ordering::SeqCst);
        self.ask(driver).await
    }

    /// What our own page reads, under our own name.
    async fn visit(&self, driver: &Driver) -> Result<(Value, usize), Failed> {
        self.rebound.store(true, Ordering::SeqCst);
        driver.client.goto(&format!("http://localhost:{}/", self.port)).await?;
        self.ask(driver).await
    }

    async fn ask(&self, driver: &Driver) -> Result<(Value, usize), Failed> {
        let before = self.runs.load(Ordering::SeqCst);
        let read = driver.client.execute_async(ATTACK, Vec::new()).await?;
        Ok((read, self.runs.load(Ordering::SeqCst) - before))
    }
}

async fn serve(router: Router) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(address)
}

/// Forwards each connection when its first bytes arrive: browsers open some before they need them.
async fn switch(listener: TcpListener, attacker: SocketAddr, ours: SocketAddr, rebound: Arc<AtomicBool>) {
    while let Ok((mut client, _)) = listener.accept().await {
        let rebound = Arc::clone(&rebound);
        tokio::spawn(async move {
            client.peek(&mut [0]).await?;
            let target = if rebound.load(Ordering::SeqCst) { ours } else { attacker };
            tokio::io::copy_bidirectional(&mut client, &mut TcpStream::connect(target).await?).await
        });
    }
}

/// Only the server's own pages may call it.
fn policy() -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origin("https://app.example.com").reject_disallowed_origins(true)
}

/// The attack succeeds against a server that only checks origins. It fails against one with `served_at`, and the server's own page
/// still works.
pub(crate) async fn play(driver: &Driver) -> Result<(), Failed> {
    let unprotected = Scene::start(|_| policy()).await?;
    let protected = Scene::start(|port| policy().served_at([format!("http://localhost:{port}")])).await?;
    let cases = [
        ("without `served_at`", unprotected.attack(driver).await?, (200, SECRET, 2)),
        ("with `served_at`", protected.attack(driver).await?, (421, "", 0)),
        ("under its own name", protected.visit(driver).await?, (200, SECRET, 2)),
    ];
    for (case, seen, (status, text, runs)) in cases {
        if seen != (json!([[status, text], [status, text]]), runs) {
            return Err(format!("{case}: {seen:?}").into());
        }
    }
    Ok(())
}
