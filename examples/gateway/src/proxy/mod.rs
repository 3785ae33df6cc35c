//! Sends a request to an upstream, and its answer back, while both still arrive.

mod body;
mod hop;
mod problem;
mod sender;
mod tunnel;

use std::net::IpAddr;
use std::pin::pin;

use axum::body::Body;
use axum::http::uri::{Authority, PathAndQuery, Scheme};
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, Uri, Version, header};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::upgrade;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, ResponseFuture};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::sleep;

use self::body::{Timed, Upload};
use self::problem::Failure;
pub(crate) use self::problem::Problem;
use crate::config::Timeouts;

/// How much an upstream may send as the head of an answer.
const MAX_HEAD: usize = 64 * 1024;

pub(crate) struct Proxy {
    client: Client<HttpConnector, Body>,
    timeouts: Timeouts,
}

impl Proxy {
    pub(crate) fn new(timeouts: Timeouts) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(timeouts.connect));
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .http1_max_buf_size(MAX_HEAD)
            .build(connector);
        Self { client, timeouts }
    }

    pub(crate) async fn forward(
        &self,
        client: IpAddr,
        upstream: &Authority,
        mut request: Request<Body>,
    ) -> Response<Body> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let upgraded = hop::asks_for_websocket(&request).then(|| upgrade::on(&mut request));
        let answer = match prepare(&mut request, client, upstream, upgraded.is_some()) {
            Ok(()) => self.send(request).await,
            Err(failure) => Err(failure),
        };
        let answer = answer.and_then(|answer| self.hand_back(answer, upstream, upgraded));
        answer.unwrap_or_else(|failure| {
            // The client may have written anything in the path, so it is escaped.
            eprintln!("{method} {path:?} to {upstream}: {failure}");
            failure.into_response()
        })
    }

    /// Waits for the head of the answer, which may come before the request's body has ended.
    async fn send(&self, request: Request<Body>) -> Result<Response<Incoming>, Failure> {
        let upload = Upload::default();
        let request = request.map(|body| Body::new(Timed::upload(body, self.timeouts.idle, upload.clone())));
        let sending: ResponseFuture = self.client.request(request);
        let mut sending = pin!(sending);
        loop {
            tokio::select! {
                answer = &mut sending => return answer.map_err(Failure::of_request),
                // A long upload is not a late answer: the time runs only while it is the upstream's turn.
                () = upload.changed() => {}
                () = sleep(self.timeouts.head), if !upload.waits_for_client() => return Err(Failure::Late),
            }
        }
    }

    fn hand_back(
        &self,
        mut answer: Response<Incoming>,
        upstream: &Authority,
        upgraded: Option<upgrade::OnUpgrade>,
    ) -> Result<Response<Body>, Failure> {
        let switches = answer.status() == StatusCode::SWITCHING_PROTOCOLS;
        let agreed = switches && hop::names_websocket(answer.headers());
        hop::remove(answer.headers_mut());
        // The version of this connection, whatever the upstream speaks.
        *answer.version_mut() = Version::HTTP_11;
        sender::redirect_here(answer.headers_mut(), upstream);
        match upgraded {
            Some(client) if agreed => {
                hop::ask_for_websocket(answer.headers_mut());
                let upstream = upgrade::on(&mut answer);
                tokio::spawn(tunnel::run(client, upstream, self.timeouts.idle));
            }
            _ if switches => return Err(Failure::SwitchedUnasked),
            _ => {}
        }
        Ok(answer.map(|body| Body::new(Timed::download(body, self.timeouts.idle))))
    }
}

/// Turns a request to the gateway into one to the upstream.
fn prepare(
    request: &mut Request<Body>,
    client: IpAddr,
    upstream: &Authority,
    asks_for_websocket: bool,
) -> Result<(), Failure> {
    if request.method() == Method::CONNECT {
        return Err(Failure::Tunnel);
    }
    let host = sender::host(request).ok_or(Failure::NoHost)?;
    hop::remove(request.headers_mut());
    if asks_for_websocket {
        hop::ask_for_websocket(request.headers_mut());
    }
    sender::introduce(request.headers_mut(), client, &host);

    // The upstream sees its own name, as if it were called directly: virtual hosts work, and a check against DNS rebinding.
    // The name that the client wrote is in `X-Forwarded-Host`.
    let host = HeaderValue::from_str(upstream.as_str()).expect("an authority is a header's value");
    request.headers_mut().insert(header::HOST, host);
    let mut parts = std::mem::take(request.uri_mut()).into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(upstream.clone());
    parts.path_and_query.get_or_insert(PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from_parts(parts).expect("it has all three parts");
    *request.version_mut() = Version::HTTP_11;
    Ok(())
}
