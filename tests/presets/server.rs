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

/// Each client runs in its own frame, since some replace `fetch`, and never in the driver's realm, since some check whether an error is
/// a `TypeError`.
const PAGE: &str = "<!doctype html><meta charset=utf-8><title>page</title><link rel=icon href=data:,><body>
<script>
function runClients(runs) {
  return Promise.all(runs.map(runClient));
}
async function runClient([page, bases]) {
  const frame = document.createElement('iframe');
  frame.src = '/page';
  await new Promise((resolve) => {
    frame.onload = resolve;
    document.body.append(frame);
  });
  return JSON.parse(await frame.contentWindow.runHere(page, bases));
}
async function runHere(page, bases) {
  const { run } = await import(`/bundles/${page}.js`);
  return JSON.stringify(await run(bases));
}
</script>";
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
            let address = Address::of(request.uri().path());
            policies.get(&(address.client.to_owned(), address.variant.to_owned())).cloned()
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

/// The name of a preset's variant in addresses: the first one has all names, each other one lacks one of them.
pub(crate) fn variant(index: usize) -> String {
    index.checked_sub(1).map_or_else(|| "all".to_owned(), |lacks| format!("without-{lacks}"))
}

/// By the client and the variant.
fn policies(origin: &str) -> Result<HashMap<(String, String), CorsPolicy>, PolicyError> {
    let mut policies = HashMap::new();
    for client in &CLIENTS {
        let all = CorsPolicy::builder().allow_origin(origin).with(client.preset).build()?;
        policies.insert((client.page.to_owned(), variant(0)), all);
        for (index, entry) in client.preset.entries().enumerate() {
            let without = without(client.preset, entry, origin)?;
            policies.insert((client.page.to_owned(), variant(index + 1)), without);
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

/// `/{client}/{variant}/{fact}/{what the client puts after its base URL}`, where `/.well-known/{name}` may be in front: RFC 8615 has it
/// at the root.
struct Address<'a> {
    well_known: Option<&'a str>,
    client: &'a str,
    variant: &'a str,
    fact: &'a str,
    rest: &'a str,
}

impl<'a> Address<'a> {
    fn of(path: &'a str) -> Self {
        let (well_known, path) =
            match path.strip_prefix("/.well-known/").and_then(|path| path.split_once('/')) {
                Some((name, path)) => (Some(name), path),
                None => (None, &path[1..]),
            };
        let mut segments = path.splitn(4, '/');
        let [client, variant, fact, rest] = std::array::from_fn(|_| segments.next().unwrap_or_default());
        Self { well_known, client, variant, fact, rest }
    }
}

async fn respond(State(attempts): State<Attempts>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else { return StatusCode::BAD_REQUEST.into_response() };
    let path = head.uri.path();
    let Address { well_known, client, variant, fact, rest } = Address::of(path);
    let Some(client) = CLIENTS.iter().find(|known| known.page == client) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let host = head.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let base = format!("http://{host}/{}/{variant}/{fact}", client.page);
    let rest = well_known.map_or_else(|| rest.to_owned(), |name| format!(".well-known/{name}/{rest}"));
    let attempt = {
        let mut attempts = attempts.lock().expect("no panic");
        let attempt = attempts.entry((head.method.clone(), path.to_owned())).or_default();
        *attempt += 1;
        *attempt
    };
    (client.stand_in)(&Asked {
        method: head.method.clone(),
        base: &base,
        path: &rest,
        headers: &head.headers,
        body: &body,
        fact,
        attempt,
    })
}
