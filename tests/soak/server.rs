//! axum behind each layer, served by hyper over HTTP/1.1 and HTTP/2 with WebSocket over both, and a service between layer and router
//! that fails in every way.

use std::error::Error;
use std::future::{Future, pending, ready};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::any;
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use http::{HeaderValue, Request};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::task::yield_now;
use tower::{Layer, Service, ServiceExt};
use tower_cors::CorsLayer;

use super::ask::{PIECE, body};
use super::live::{Live, One};
use super::panics::panic_on_purpose;
use super::sources::{ID, Source, own_headers};

/// Longer than the attackers' requests, so all of them reach the layer.
const LONGEST_HEAD: u32 = 1 << 20;

type BoxError = Box<dyn Error + Send + Sync>;

/// Serves as long as the runtime lives.
pub(crate) async fn serve(source: Source, layer: CorsLayer, live: &Live) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (router, live) = (router(live), live.clone());
    if source == Source::InRouter {
        let service = Faulty { router: router.layer(layer), live: live.clone() };
        tokio::spawn(accept(listener, service, live));
    } else {
        let service = layer.layer(Faulty { router, live: live.clone() });
        tokio::spawn(accept(listener, service, live));
    }
    address
}

async fn accept<S>(listener: TcpListener, service: S, live: Live)
where
    S: Service<Request<Incoming>, Response = Response, Error = BoxError> + Clone + Send + 'static,
    S::Future: Send,
{
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // The connection is already gone.
            continue;
        };
        let (service, one) = (TowerToHyperService::new(service.clone()), live.connections.one());
        tokio::spawn(async move {
            let _one = one;
            let mut builder = auto::Builder::new(TokioExecutor::new());
            builder.http2().enable_connect_protocol().max_header_list_size(LONGEST_HEAD);
            // The client broke the connection, or requested the fault that did.
            let _ = stream.set_nodelay(true);
            let _ = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).await;
        });
    }
}

/// Faults that a router does not have, in front of a router.
#[derive(Clone, Debug)]
struct Faulty {
    router: Router,
    live: Live,
}

impl Service<Request<Incoming>> for Faulty {
    type Response = Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let one = self.live.calls.one();
        let path = request.uri().path();
        if path == "/panic-at-once" {
            panic_on_purpose("a service that is called");
        }
        if path == "/fail" {
            return Box::pin(ready(Err("the service has failed".into())));
        }
        let fault = ["/panic", "/hang", "/fail-later"].into_iter().find(|fault| path == *fault);
        let router = self.router.clone();
        Box::pin(async move {
            let _one = one;
            match fault {
                Some("/panic") => {
                    yield_now().await;
                    panic_on_purpose("a service that is polled")
                }
                Some("/fail-later") => {
                    yield_now().await;
                    Err("the service has failed".into())
                }
                Some(_) => pending().await,
                None => {
                    let Ok(response) = router.oneshot(request.map(Body::new)).await;
                    Ok(response)
                }
            }
        })
    }
}

fn router(live: &Live) -> Router {
    Router::new()
        .route("/answer/{length}/{seed}", any(async |Path((length, seed))| body(seed, length)))
        .route("/stream/{length}/{seed}", any(streamed))
        .route("/broken/{length}/{seed}", any(broken))
        .route("/echo", any(async |body: Bytes| body))
        .route("/socket", any(socket))
        .layer(from_fn(with_own_headers))
        .with_state(live.clone())
}

async fn with_own_headers(request: Request<Body>, next: Next) -> Response {
    let id = request.headers().get(ID).cloned().unwrap_or_else(|| HeaderValue::from_static(""));
    let mut response = next.run(request).await;
    response.headers_mut().extend(own_headers(&id));
    response
}

fn pieces(length: u32, seed: u32, one: One) -> impl Stream<Item = Result<Bytes, BoxError>> {
    let bytes = body(seed, length);
    let pieces = (0..bytes.len()).step_by(PIECE as usize);
    stream::iter(pieces).then(move |start| {
        let _one = &one;
        let piece = bytes.slice(start..bytes.len().min(start + PIECE as usize));
        async move {
            yield_now().await;
            Ok(piece)
        }
    })
}

async fn streamed(State(live): State<Live>, Path((length, seed)): Path<(u32, u32)>) -> Body {
    Body::from_stream(pieces(length, seed, live.bodies.one()))
}

/// Ends in the middle of a body.
async fn broken(State(live): State<Live>, Path((length, seed)): Path<(u32, u32)>) -> Body {
    let error = stream::once(ready(Err("the body has failed".into())));
    Body::from_stream(pieces(length, seed, live.bodies.one()).chain(error))
}

async fn socket(State(live): State<Live>, upgrade: WebSocketUpgrade) -> Response {
    let one = live.sockets.one();
    upgrade.on_upgrade(async move |socket| {
        let _one = one;
        say_back(socket).await;
    })
}

async fn say_back(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            return;
        }
    }
}
