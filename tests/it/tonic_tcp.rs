//! tonic over TCP: gRPC-web from a page, and gRPC from elsewhere.

use bytes::Bytes;
use http::{Request, Response};
use tonic::transport::Endpoint;
use tonic::transport::server::TcpIncoming;
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_web::GrpcWebLayer;
use tower_cors::CorsLayer;

use crate::net::Server;
use crate::support::{
    APP, PREFLIGHT_VARY, SAFELISTED_METHODS, STRANGER, allow_app, assert_headers, assert_refused, preflight,
    request,
};

const CHECK: &str = "/grpc.health.v1.Health/Check";

/// tonic-health's service with the one service `known`, for gRPC and gRPC-web.
async fn serve() -> Server {
    let policy = allow_app()
        .allow_headers(["x-grpc-web", "content-type", "grpc-timeout"])
        .expose_headers(["grpc-status", "grpc-message"]);
    let cors = CorsLayer::from(policy.build().expect("a policy"));
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_service_status("known", ServingStatus::Serving).await;
    Server::start(|listener| async {
        tonic::transport::Server::builder()
            .accept_http1(true)
            .layer(cors)
            .layer(GrpcWebLayer::new())
            .add_service(health)
            .serve_with_incoming(TcpIncoming::from(listener))
            .await
            .expect("tonic serves");
    })
    .await
}

fn to_check<B>(request: Request<B>) -> Request<B> {
    let (mut parts, body) = request.into_parts();
    parts.uri = http::Uri::from_static(CHECK);
    Request::from_parts(parts, body)
}

/// A gRPC-web call of a page: a frame with a `HealthCheckRequest`, which has only the service's name.
fn call(origin: Option<&str>, service: &str) -> Request<Bytes> {
    let mut headers =
        vec![("content-type", "application/grpc-web+proto"), ("x-grpc-web", "1"), ("grpc-timeout", "10S")];
    headers.extend(origin.map(|origin| ("origin", origin)));
    let length = u8::try_from(service.len()).expect("a short name");
    let mut message = vec![0x0a, length];
    message.extend_from_slice(service.as_bytes());
    let mut frame = vec![0, 0, 0, 0, length + 2];
    frame.append(&mut message);
    to_check(request("POST", &headers).map(|_| Bytes::from(frame)))
}

/// The headers of every answer to the allowed page.
const GRANTED: [(&str, &str); 3] = [
    ("access-control-allow-origin", APP),
    ("access-control-expose-headers", "grpc-status, grpc-message"),
    ("vary", "Origin"),
];

#[tokio::test]
async fn the_preflight_of_a_grpc_web_call_is_answered() {
    let server = serve().await;
    let response = server.send(to_check(preflight("POST", &["content-type,grpc-timeout,x-grpc-web"]))).await;
    assert_eq!((response.status().as_u16(), &response.body()[..]), (204, &b""[..]));
    assert_headers(
        &response,
        &[
            ("access-control-allow-headers", "content-type, grpc-timeout, x-grpc-web"),
            SAFELISTED_METHODS,
            ("access-control-allow-origin", APP),
            PREFLIGHT_VARY,
        ],
    );
    let headers = [("origin", STRANGER), ("access-control-request-method", "POST")];
    assert_refused(&server.send(to_check(request("OPTIONS", &headers))).await, "a stranger");
}

#[tokio::test]
async fn a_grpc_web_call_over_http_1_is_decorated() {
    let server = serve().await;
    let response = server.send(call(Some(APP), "known")).await;
    assert_eq!(response.status(), 200);
    let framing = [("content-type", "application/grpc-web+proto"), ("transfer-encoding", "chunked")];
    assert_headers(&response, &[&GRANTED[..], &framing].concat());
    // A frame with a `HealthCheckResponse` that says `SERVING`, and one with the trailers.
    let (message, trailers) = response.body().split_at(7);
    assert_eq!(message, [0, 0, 0, 0, 2, 0x08, 1]);
    assert_eq!(trailers[0], 0x80);
    assert!(String::from_utf8_lossy(trailers).contains("grpc-status:0"), "{trailers:?}");
}

#[tokio::test]
async fn a_grpc_error_is_decorated_so_that_the_page_can_read_it() {
    let server = serve().await;
    let response = server.send(call(Some(APP), "unknown")).await;
    assert_grpc_error(&response, &GRANTED);
    // A page that is not allowed gets the same without the grant, and so does a client that is not a page.
    for origin in [Some(STRANGER), None] {
        let response = server.send(call(origin, "unknown")).await;
        assert_grpc_error(&response, &[("vary", "Origin")]);
    }
}

fn assert_grpc_error(response: &Response<Bytes>, decoration: &[(&str, &str)]) {
    assert_eq!(response.status(), 200);
    let error = [
        ("content-type", "application/grpc-web+proto"),
        ("grpc-message", "service%20not%20registered"),
        ("grpc-status", "5"),
    ];
    assert_headers(response, &[&error[..], decoration].concat());
}

#[tokio::test]
async fn a_grpc_client_is_served_through_the_layer() {
    let server = serve().await;
    let endpoint = Endpoint::try_from(format!("http://{}", server.address)).expect("a URI");
    let mut client = HealthClient::new(endpoint.connect().await.expect("a connection"));
    let check = |service: &str| HealthCheckRequest { service: service.to_owned() };
    let response = client.check(check("known")).await.expect("an answer");
    assert_eq!(response.metadata().get("vary").expect("vary"), "Origin");
    assert_eq!(
        response.into_inner().status(),
        tonic_health::pb::health_check_response::ServingStatus::Serving
    );
    let status = client.check(check("unknown")).await.expect_err("an error");
    assert_eq!(status.code(), tonic::Code::NotFound);
}
