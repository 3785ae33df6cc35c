//! Real servers on 127.0.0.1, which end with the test, and clients over TCP.

use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tower::Service;

/// Larger than the requests of the hostile tests, so hyper passes all of them to the layer.
const LARGE_BUFFER: usize = 4 << 20;

/// A server with its own port. It ends when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    task: AbortHandle,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Runs the future that a closure makes of a bound listener.
    pub(crate) async fn start<F>(serve: impl FnOnce(TcpListener) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        // From here on the listener accepts connections: no client can be too early.
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        Self { address, task: tokio::spawn(serve(listener)).abort_handle() }
    }

    /// Serves a router with axum.
    pub(crate) async fn axum(app: Router) -> Self {
        Self::start(|listener| async { axum::serve(listener, app).await.expect("axum serves") }).await
    }

    /// Serves a tower service with hyper alone, over HTTP/1.1 and cleartext HTTP/2.
    pub(crate) async fn hyper<S, B>(service: S) -> Self
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<Box<dyn Error + Send + Sync>>,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        Self::start(|listener| async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let service = TowerToHyperService::new(service.clone());
                connections.spawn(async move {
                    let mut builder = auto::Builder::new(TokioExecutor::new());
                    builder.http1().max_buf_size(LARGE_BUFFER);
                    // These tests ignore clients that disconnect early.
                    let _ = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).await;
                });
            }
        })
        .await
    }

    /// Sends a request over HTTP/1.1. The client sets `Host`.
    pub(crate) async fn send(&self, request: Request<impl Into<Bytes>>) -> Response<Bytes> {
        collect(self.open(request).await).await
    }

    /// The same over cleartext HTTP/2. The client sets `:authority`.
    pub(crate) async fn send_h2(&self, request: Request<impl Into<Bytes>>) -> Response<Bytes> {
        let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
        collect(self.exchange(&client, request).await).await
    }

    /// Opens one HTTP/2 connection, for requests with their own `:authority`, and for concurrent ones.
    pub(crate) async fn connect_h2<B>(&self) -> http2::SendRequest<B>
    where
        B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + Unpin + 'static,
    {
        let stream = TcpStream::connect(self.address).await.expect("a connection");
        let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
        let (sender, connection) = handshake.await.expect("a connection");
        tokio::spawn(connection);
        sender
    }

    /// Sends a request, and returns the response with its body unread.
    pub(crate) async fn open(&self, request: Request<impl Into<Bytes>>) -> Response<Incoming> {
        let client = Client::builder(TokioExecutor::new()).build_http();
        self.exchange(&client, request).await
    }

    async fn exchange(
        &self,
        client: &Client<HttpConnector, Full<Bytes>>,
        request: Request<impl Into<Bytes>>,
    ) -> Response<Incoming> {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        parts.uri = format!("http://{}{path}", self.address).parse().expect("a URI");
        client.request(Request::from_parts(parts, Full::new(body.into()))).await.expect("a response")
    }

    /// Sends a request as bytes, for requests that clients refuse to send, and reads until the connection ends.
    ///
    /// `head` is the request line and the header lines, one per `\n`; `Host` and `Connection: close` are added.
    pub(crate) async fn send_raw(&self, head: &[u8]) -> Response<Bytes> {
        let address = self.address;
        let mut bytes = Vec::new();
        for (index, line) in head.split(|byte| *byte == b'\n').enumerate() {
            bytes.extend_from_slice(line);
            bytes.extend_from_slice(b"\r\n");
            if index == 0 {
                bytes.extend_from_slice(format!("host: {address}\r\nconnection: close\r\n").as_bytes());
            }
        }
        bytes.extend_from_slice(b"\r\n");
        self.send_bytes(&bytes).await
    }

    /// Sends exactly these bytes, which must ask to close the connection, and reads until it ends.
    pub(crate) async fn send_bytes(&self, bytes: impl AsRef<[u8]>) -> Response<Bytes> {
        let mut stream = TcpStream::connect(self.address).await.expect("a connection");
        stream.write_all(bytes.as_ref()).await.expect("the request is sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer");
        parse(&answer)
    }
}

/// Parses a response that is not chunked, without its `connection: close`, which the request asked for.
fn parse(answer: &[u8]) -> Response<Bytes> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("an end of the headers");
    let head = std::str::from_utf8(&answer[..end]).expect("text");
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
    let mut builder = Response::builder().status(status);
    for line in lines.filter(|line| *line != "connection: close") {
        let (name, value) = line.split_once(": ").expect("a header");
        builder = builder.header(name, value);
    }
    builder.body(Bytes::copy_from_slice(&answer[end + 4..])).expect("a response")
}

async fn collect(response: Response<Incoming>) -> Response<Bytes> {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes();
    Response::from_parts(parts, body)
}
