//! Other layers have the mistakes that they are known for. This crate's layer has no findings.

use std::convert::Infallible;
use std::future::ready;

use http::{HeaderValue, Method, Request, Response, StatusCode};
use tower::{Layer, Service, service_fn};
use tower_cors::{CorsLayer, CorsPolicy};
use tower_http::cors::{AllowOrigin, CorsLayer as TowerHttp};

use super::server::Server;
use super::{PAGE, findings, probe_json};

/// A service with one path and two methods, behind a layer.
fn behind<L>(layer: &L) -> Server
where
    L: Layer<Service_>,
    L::Service:
        Service<Request<String>, Response = Response<String>, Error = Infallible> + Clone + Send + 'static,
{
    Server::service(layer.layer(service_fn(answer as Answer)))
}

type Answer = fn(Request<String>) -> std::future::Ready<Result<Response<String>, Infallible>>;
type Service_ = tower::util::ServiceFn<Answer>;

fn answer(request: Request<String>) -> std::future::Ready<Result<Response<String>, Infallible>> {
    let mut response = Response::new(String::new());
    let (parts, _) = request.into_parts();
    *response.status_mut() = match (parts.uri.path(), &parts.method) {
        ("/v1/items", &Method::GET | &Method::PUT) => StatusCode::OK,
        ("/v1/items", _) => StatusCode::METHOD_NOT_ALLOWED,
        _ => StatusCode::NOT_FOUND,
    };
    ready(Ok(response))
}

fn assert_finds(name: &str, server: &Server, arguments: &[&str], expected: &[&str]) {
    let (status, document) = probe_json(server, arguments);
    let kinds: Vec<_> = findings(&document).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, expected, "{name}: {document:#}");
    assert_eq!(status, i32::from(!expected.is_empty()), "{name}: {document:#}");
}

const ANY: &[&str] = &["any-origin-with-credentials", "null-origin-with-credentials"];

#[test]
fn tower_http_that_is_very_permissive_allows_any_origin_with_credentials() {
    let server = behind(&TowerHttp::very_permissive());
    assert_finds("very_permissive", &server, &[], ANY);
    assert_finds(
        "very_permissive",
        &server,
        &["--method", "PUT", "--credentials", "--header", "x-a: 1"],
        ANY,
    );
}

#[test]
fn tower_http_that_is_permissive_is_a_public_api() {
    let server = behind(&TowerHttp::permissive());
    assert_finds("permissive", &server, &[], &[]);
    assert_finds("permissive", &server, &["--method", "PUT", "--header", "x-a: 1"], &[]);
}

#[test]
fn a_predicate_with_ends_with_allows_a_strangers_domain() {
    let by = |is_allowed: fn(&[u8]) -> bool| {
        let origin = AllowOrigin::predicate(move |origin: &HeaderValue, _| is_allowed(origin.as_bytes()));
        behind(&TowerHttp::new().allow_origin(origin).allow_credentials(true))
    };
    let server = by(|origin| origin.ends_with(b"example.com"));
    assert_finds("ends_with", &server, &[], &["origin-as-suffix", "insecure-scheme"]);
    let server = by(|origin| origin.starts_with(b"https://") && origin.ends_with(b".example.com"));
    assert_finds("ends_with a dot", &server, &[], &[]);
    // `^https://app.example.com`, as an expression: its dots are not escaped, and its end is not anchored.
    let server = by(|origin| {
        let fixed = |from: usize, text: &[u8]| origin.get(from..from + text.len()) == Some(text);
        fixed(0, b"https://app") && fixed(12, b"example") && fixed(20, b"com")
    });
    assert_finds("unanchored", &server, &[], &["origin-as-prefix", "unescaped-dot", "another-port"]);
}

#[test]
fn nothing_is_found_in_this_crates_policies() {
    let listed = || {
        CorsPolicy::builder()
            .allow_origins([PAGE, "https://*.preview.example.com", "http://localhost:*"])
            .allow_credentials(true)
            .allow_methods(["PUT", "DELETE"])
            .allow_headers(["authorization", "content-type"])
            .expose_headers(["x-request-id"])
            .max_age(std::time::Duration::from_secs(600))
    };
    let any = || CorsPolicy::builder().allow_any_origin().allow_any_method().allow_any_header();
    let cases = [
        ("of the example axum", listed()),
        (
            "any methods and headers, with credentials",
            listed().allow_any_method().allow_any_header().expose_all_headers(),
        ),
        ("rejecting", listed().reject_disallowed_origins(true)),
        ("a wildcard that covers the page", listed().allow_origin("https://*.example.com")),
        ("any", any()),
        (
            "any, all exposed, kept for a day",
            any().expose_all_headers().max_age(std::time::Duration::from_secs(86_400)),
        ),
        ("a status of its own", listed().preflight_status(StatusCode::OK)),
    ];
    for (name, policy) in cases {
        let server = behind(&CorsLayer::new(policy.build().expect("a policy")));
        assert_finds(name, &server, &[], &[]);
        assert_finds(name, &server, &["--method", "PUT", "--header", "content-type: application/json"], &[]);
    }
    let pages = ["http://localhost:5173", "https://pr-7.preview.example.com"];
    let server = behind(&CorsLayer::new(listed().build().expect("a policy")));
    for page in pages {
        let ran = super::probe(&server, &["--origin", page, "--credentials", "--method", "PUT"]);
        assert_eq!(ran.status, 0, "{}", ran.output);
    }
}

#[test]
fn an_allowed_header_that_any_covers_is_not_authorization() {
    let any = CorsPolicy::builder().allow_any_origin().allow_any_header().build().expect("a policy");
    let (status, document) =
        probe_json(&behind(&CorsLayer::new(any)), &["--header", "authorization: Bearer t"]);
    assert_eq!((status, findings(&document)), (1, vec![]));
    let blocked = document["page"]["blocked"].as_str().expect("a message");
    assert!(blocked.contains("`*` does not cover it"), "{blocked}");
}
