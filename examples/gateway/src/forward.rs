//! A request on its way to the service, and its answer on the way back. Bodies are streamed in both directions.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{StatusCode, Uri, Version, header};
use axum::response::{IntoResponse, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

use crate::config::Upstream;
use crate::{headers, upgrade};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// A service for one route.
#[derive(Clone)]
pub(crate) struct Forward {
    client: Client<HttpConnector, Body>,
    upstream: Upstream,
}

impl Forward {
    pub(crate) fn new(upstream: Upstream) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        Self { client: Client::builder(TokioExecutor::new()).build(connector), upstream }
    }

    async fn forward(self, mut request: Request) -> Response {
        let change = headers::upgrade(request.headers());
        // Before the request is taken apart.
        let client_side = change.is_some().then(|| hyper::upgrade::on(&mut request));

        let client = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|client| client.0.ip());
        headers::remove_hop_by_hop(request.headers_mut());
        headers::forwarded(request.headers_mut(), client, &self.upstream.authority);
        if let Some(protocol) = change {
            upgrade::ask(request.headers_mut(), protocol);
        }
        let target = Uri::builder().scheme("http").authority(self.upstream.authority.clone());
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        match target.path_and_query(path).build() {
            Ok(uri) => *request.uri_mut() = uri,
            Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
        }
        *request.version_mut() = Version::HTTP_11;

        let answer = match timeout(self.upstream.timeout, self.client.request(request)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                eprintln!("{}: {error}", self.upstream.authority);
                return (StatusCode::BAD_GATEWAY, "the service cannot be reached\n").into_response();
            }
            Err(_) => {
                return (StatusCode::GATEWAY_TIMEOUT, "the service did not answer in time\n").into_response();
            }
        };
        if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
            return match client_side {
                Some(client_side) => upgrade::join(client_side, answer),
                None => {
                    (StatusCode::BAD_GATEWAY, "the service changed the protocol unasked\n").into_response()
                }
            };
        }
        let mut answer = answer.map(Body::new);
        headers::remove_hop_by_hop(answer.headers_mut());
        // The gateway has its own.
        answer.headers_mut().remove(header::DATE);
        answer
    }
}

impl tower_service::Service<Request> for Forward {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let this = self.clone();
        Box::pin(async move { Ok(this.forward(request).await) })
    }
}
