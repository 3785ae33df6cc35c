//! hyper without a framework, over HTTP/1.1 and cleartext HTTP/2.

use std::convert::Infallible;
use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode, Version};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tower::{Layer, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder};

use crate::net::Server;
use crate::support::{
    APP, PREFLIGHT_VARY, REJECTION_VARY, SAFELISTED_METHODS, STRANGER, allow_app, assert_headers,
    assert_refused, preflight, request,
};

/// A body without `Default`, as in many hand-written services.
struct Once(Option<Bytes>);

impl Body for Once {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |data| data.len() as u64))
    }
}

async fn serve(policy: CorsPolicyBuilder) -> Server {
    let layer = CorsLayer::from(policy.build().expect("a policy")).empty_body(|| Once(None));
    let service = service_fn(|request: Request<Incoming>| {
        let status = match request.uri().path() {
            "/" => StatusCode::OK,
            _ => StatusCode::NOT_FOUND,
        };
        let body = Once(Some(Bytes::from(format!("{} served", request.method()))));
        ready(Ok::<_, Infallible>(Response::builder().status(status).body(body).expect("a response")))
    });
    Server::hyper(layer.layer(service)).await
}

#[tokio::test]
async fn a_body_without_default_is_answered_with_over_http_1_and_http_2() {
    let server = serve(allow_app().reject_disallowed_origins(true)).await;
    let stranger = [("origin", STRANGER), ("access-control-request-method", "PUT")];
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let send = async |request: Request<String>| {
            let response = match version {
                Version::HTTP_2 => server.send_h2(request).await,
                _ => server.send(request).await,
            };
            assert_eq!(response.version(), version);
            response
        };
        let response = send(preflight("GET", &[])).await;
        assert_eq!((response.status().as_u16(), &response.body()[..]), (204, &b""[..]));
        assert_headers(
            &response,
            &[("access-control-allow-origin", APP), SAFELISTED_METHODS, PREFLIGHT_VARY],
        );

        let response = send(request("OPTIONS", &stranger)).await;
        assert_eq!(response.body(), "");
        assert_refused(&response, "a stranger's preflight");

        let response = send(request("POST", &stranger)).await;
        assert_eq!((response.status().as_u16(), &response.body()[..]), (403, &b""[..]));
        assert_headers(&response, &[REJECTION_VARY]);

        let response = send(request("OPTIONS", &[("origin", APP)])).await;
        assert_eq!((response.status().as_u16(), &response.body()[..]), (200, &b"OPTIONS served"[..]));
        assert_headers(&response, &[("access-control-allow-origin", APP), PREFLIGHT_VARY]);

        let response = send(request::<&str>("GET", &[])).await;
        assert_eq!(response.body(), "GET served");
        assert_headers(&response, &[("vary", "Origin")]);
    }
}

#[tokio::test]
async fn the_length_of_an_answer_is_said_where_http_allows_it() {
    let server = serve(allow_app()).await;
    let response = server.send(preflight("GET", &[])).await;
    // RFC 9110, section 8.6: none in a 204.
    assert_eq!((response.status().as_u16(), response.headers().get("content-length")), (204, None));
    let server = serve(allow_app().preflight_status(StatusCode::OK)).await;
    let response = server.send(preflight("GET", &[])).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-length"]),
        (200, &"0".parse().expect("a value"))
    );
    assert_headers(&response, &[("access-control-allow-origin", APP), SAFELISTED_METHODS, PREFLIGHT_VARY]);
}

#[tokio::test]
async fn a_connection_is_good_for_further_requests_after_a_preflight() {
    let server = serve(allow_app()).await;
    let stream = TcpStream::connect(server.address).await.expect("a connection");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("a connection");
    tokio::spawn(connection);
    for (request, status, body) in [
        (preflight("GET", &[]), 204, ""),
        (request("GET", &[("origin", APP)]), 200, "GET served"),
        (preflight("GET", &["x-unknown"]), 204, ""),
        (request("POST", &[("origin", STRANGER)]), 200, "POST served"),
    ] {
        sender.ready().await.expect("the connection is open");
        let response = sender.send_request(request).await.expect("a response");
        assert_eq!(response.status(), status);
        assert_eq!(response.into_body().collect().await.expect("a body").to_bytes(), body);
    }
}

/// How many requests are in the service at the same time.
const AT_ONCE: usize = 64;

#[tokio::test]
async fn requests_at_the_same_time_do_not_see_each_others_headers() {
    let all_arrived = Arc::new(Barrier::new(AT_ONCE));
    let service = service_fn(move |request: Request<Incoming>| {
        let all_arrived = Arc::clone(&all_arrived);
        async move {
            let own = request.headers()["x-own"].clone();
            all_arrived.wait().await;
            Ok::<_, Infallible>(
                Response::builder().header("x-own", own).body(String::new()).expect("a response"),
            )
        }
    });
    let policy = CorsPolicy::builder()
        .allow_origin("https://*.example.com")
        .allow_credentials(true)
        .expose_all_headers();
    let layer = CorsLayer::from(policy.build().expect("a policy"));
    let server = Arc::new(Server::hyper(layer.layer(service)).await);

    let mut requests = JoinSet::new();
    for index in 0..AT_ONCE {
        let server = Arc::clone(&server);
        requests.spawn(async move {
            let (own, origin) = (index.to_string(), format!("https://page-{index}.example.com"));
            // Three kinds of requests, over both versions of HTTP.
            let allowed = index % 3 == 0;
            let headers: &[(&str, &str)] = match index % 3 {
                0 => &[("x-own", &own), ("origin", &origin)],
                1 => &[("x-own", &own), ("origin", STRANGER)],
                _ => &[("x-own", &own)],
            };
            let request = request("GET", headers);
            let response =
                if index % 2 == 0 { server.send(request).await } else { server.send_h2(request).await };
            let mut expected = vec![("vary", "Origin"), ("x-own", &own)];
            if allowed {
                expected.push(("access-control-allow-credentials", "true"));
                expected.push(("access-control-allow-origin", &origin));
                expected.push(("access-control-expose-headers", "x-own, vary"));
            }
            assert_headers(&response, &expected);
        });
    }
    while let Some(outcome) = requests.join_next().await {
        outcome.expect("every request got its own headers");
    }
}
