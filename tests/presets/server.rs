//! A real server on loopback: the page with the clients, and at another origin the stand-ins behind the layer.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use libtest_mimic::Failed;
use tokio::net::TcpListener;
use tower_cors::preset::{Preset, PresetEntry};
use tower_cors::{CorsLayer, CorsPolicy, PolicyError, RequestHead};

use super::clients::CLIENTS;
use super::stand_ins::Asked;

/// The variant of a preset that has all of its names. The others are called after the place of the one that they lack.
pub(crate) const ALL: &str = "all";

const PAGE: &str = "<!doctype html><meta charset=utf-8><title>page</title><link rel=icon href=data:,>";
const MAX_BODY: usize = 1 << 20;

/// Serves as long as the runtime lives.
pub(crate) struct Server {
    pub(crate) page: String,
    pub(crate) api: String,
}

/// How often each address was asked with each method.
type Attempts = Arc<Mutex<HashMap<(Method, String), usize>>>;

impl Server {
    pub(crate) async fn start(bundles: PathBuf) -> Result<Self, Failed> {
        let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let (pages, api) = (bind().await?, bind().await?);
        let origin = |listener: &TcpListener| {
            listener.local_addr().map(|address| format!("http://localhost:{}", address.port()))
        };
        let server = Self { page: origin(&pages)?, api: origin(&api)? };
        let policies = policies(&server.page)?;
        let policy_of = move |request: RequestHead<'_>| {
            let mut segments = request.uri().path().split('/').skip(1);
            let key = (segments.next()?.to_owned(), segments.next()?.to_owned());
            policies.get(&key).cloned()
        };
        let apis = Router::new()
            .fallback(respond)
            .with_state(Attempts::default())
            .layer(CorsLayer::per_request(policy_of));
        let page = Router::new()
            .route("/page", get(|| async { Html(PAGE) }))
            .route("/bundles/{file}", get(bundle))
            .with_state(Arc::new(bundles));
        tokio::spawn(axum::serve(pages, page).into_future());
        tokio::spawn(axum::serve(api, apis).into_future());
        Ok(server)
    }
}

/// By the client and the variant.
fn policies(origin: &str) -> Result<HashMap<(String, String), CorsPolicy>, PolicyError> {
    let mut policies = HashMap::new();
    for client in &CLIENTS {
        let all = CorsPolicy::builder().allow_origin(origin).with(client.preset).build()?;
        policies.insert((client.page.to_owned(), ALL.to_owned()), all);
        for (index, entry) in client.preset.entries().enumerate() {
            let without = without(client.preset, entry, origin)?;
            policies.insert((client.page.to_owned(), index.to_string()), without);
        }
    }
    Ok(policies)
}

fn without(preset: Preset, entry: PresetEntry, origin: &str) -> Result<CorsPolicy, PolicyError> {
    let rest = |field: &'static str| {
        let others = preset.entries().filter(move |other| *other != entry && other.field() == field);
        others.map(|other| other.name())
    };
    CorsPolicy::builder()
        .allow_origin(origin)
        .allow_methods(rest("allow_methods"))
        .allow_headers(rest("allow_headers"))
        .expose_headers(rest("expose_headers"))
        .build()
}

async fn bundle(State(bundles): State<Arc<PathBuf>>, Path(file): Path<String>) -> Response {
    match std::fs::read(bundles.join(file)) {
        Ok(script) => ([(header::CONTENT_TYPE, "text/javascript")], script).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `/{client}/{variant}/{fact}/{what the client puts after its base URL}`
async fn respond(State(attempts): State<Attempts>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else { return StatusCode::BAD_REQUEST.into_response() };
    let path = head.uri.path();
    let mut segments = path.splitn(5, '/').skip(1);
    let [client, _, fact, rest] = std::array::from_fn(|_| segments.next().unwrap_or_default());
    let Some(client) = CLIENTS.iter().find(|known| known.page == client) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let attempt = {
        let mut attempts = attempts.lock().expect("no panic");
        let attempt = attempts.entry((head.method.clone(), path.to_owned())).or_default();
        *attempt += 1;
        *attempt
    };
    (client.stand_in)(&Asked {
        method: head.method.clone(),
        path: rest,
        headers: &head.headers,
        body: &body,
        fact,
        attempt,
    })
}
