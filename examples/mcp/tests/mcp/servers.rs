//! The servers of a test: pages, and the example with a policy of the test's choice, which remembers what it was asked.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, Response};
use axum::routing::get;
use rmcp::transport::StreamableHttpServerConfig;
use tokio::net::TcpListener;
use tower_cors::CorsPolicy;

/// Pages on an origin of their own, with the bundles of the clients. The server allows one of two.
pub(crate) struct Site {
    pub(crate) page: String,
    pub(crate) stranger: String,
}

impl Site {
    pub(crate) async fn start(bundles: PathBuf) -> Self {
        let bundle = async move |Path(name): Path<String>| {
            let script = fs::read(bundles.join(name)).expect("there is such a bundle");
            ([(header::CONTENT_TYPE, "text/javascript")], script)
        };
        let pages = Router::new()
            .route("/play", get(async || Html(include_str!("../client/play.html"))))
            .route("/bundles/{name}", get(bundle));
        let origin = async |pages: Router| {
            let listener = listen().await;
            let port = listener.local_addr().expect("an address").port();
            tokio::spawn(axum::serve(listener, pages).into_future());
            format!("http://localhost:{port}")
        };
        Self { page: origin(pages.clone()).await, stranger: origin(pages).await }
    }
}

/// The example.
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// A request, and how it was answered.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) status: u16,
}

impl Server {
    pub(crate) async fn start(policy: impl FnOnce(&[String]) -> CorsPolicy) -> Self {
        let listener = listen().await;
        let port = listener.local_addr().expect("an address").port();
        let here = [format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}")];
        let seen = Arc::default();
        let app = example_mcp::app(policy(&here), &here[0], StreamableHttpServerConfig::default())
            .layer(from_fn_with_state(Arc::clone(&seen), remember));
        tokio::spawn(axum::serve(listener, app).into_future());
        Self { port, seen }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}/mcp", self.port)
    }

    /// All requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no test panics with it").clone()
    }
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }
}

async fn remember(State(seen): State<Arc<Mutex<Vec<Seen>>>>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let headers = request.headers().clone();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    seen.lock().expect("no test panics with it").push(Seen { method, path, headers, status });
    response
}

async fn listen() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("there is a free port")
}
