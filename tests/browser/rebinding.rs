//! DNS rebinding, played: a page whose name first leads to the attacker's server and then to ours.
//!
//! To a browser this is the same whether a name server's answer changes or what listens behind the address does, so the name is
//! mapped to this machine once, and a switch stands at the port.

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

/// A page without anything in it, of the attacker's or of our own.
const PAGE: &str = "<!doctype html><meta charset=utf-8><title>page</title>";

/// What a page does with the server that its own name leads to: neither needs a preflight, as both are same-origin.
const ATTACK: &str = "
    const done = arguments[arguments.length - 1];
    const ask = (path, init) => fetch(path, init).then(async (response) => [response.status, await response.text()]);
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    Promise.all([ask('/tools', {}), ask('/call', json)]).then(done, (error) => done(String(error)));
";

/// Our server, what listens in front of it, and how often it ran.
struct Scene {
    port: u16,
    /// Whether the name leads to our server by now.
    rebound: Arc<AtomicBool>,
    runs: Arc<AtomicUsize>,
}

impl Scene {
    /// `policy` is told the port that our server is reached at.
    async fn start(policy: impl FnOnce(u16) -> CorsPolicyBuilder) -> Result<Self, Failed> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let (rebound, runs) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        // Each answer on a connection of its own: the next one goes where the switch says.
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

    /// What the attacker's page reads once its name leads to our server, and how often that one ran for it.
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

/// Hands each connection on when its first bytes come: browsers open some before they need them.
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

/// Nobody but the server's own pages may call it.
fn policy() -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origin("https://app.example.com").reject_disallowed_origins(true)
}

/// The attack succeeds against a server that only looks at origins, and fails against one that knows its own names, whose own page
/// goes on as before.
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
