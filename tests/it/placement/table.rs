//! The table of `src/docs/placements.md`: each cell is compared with a server's answer over TCP.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodRouter, get};
use bytes::Bytes;
use http::{HeaderMap, Response};
use tower::Layer;
use tower_cors::CorsLayer;

use super::{at, items};
use crate::net::Server;
use crate::support::{APP, allow_app, assert_rows, built, preflight, request};

const DOCUMENT: &str = include_str!("../../../src/docs/placements.md");

/// Adds a fallback to a router, or adds none.
type Fallback = fn(Router) -> Router;

/// Where the layer goes in a router for `GET /inner/items`, which may have a fallback.
type Placement = (&'static str, fn(CorsLayer, Fallback) -> Router);

const PLACEMENTS: [Placement; 11] = [
    ("`Router::layer`, after the routes", |cors, fallback| fallback(routes(get(items))).layer(cors)),
    ("`Router::layer`, before the routes", |cors, fallback| {
        fallback(Router::new().layer(cors).route("/inner/items", get(items)))
    }),
    ("`Router::route_layer`", |cors, fallback| fallback(routes(get(items))).route_layer(cors)),
    ("`MethodRouter::layer`", |cors, fallback| fallback(routes(get(items).layer(cors)))),
    ("`MethodRouter::route_layer`", |cors, fallback| fallback(routes(get(items).route_layer(cors)))),
    ("`Handler::layer`", |cors, fallback| fallback(routes(get(Handler::layer(items, cors))))),
    ("`merge` of a router with the layer", |cors, fallback| {
        fallback(Router::new()).merge(routes(get(items)).layer(cors))
    }),
    ("`merge` into a router with the layer", |cors, fallback| {
        fallback(Router::new()).layer(cors).merge(routes(get(items)))
    }),
    ("`nest` of a router with the layer", |cors, fallback| {
        Router::new().nest("/inner", fallback(nested()).layer(cors))
    }),
    ("`nest_service` of a router with the layer", |cors, fallback| {
        Router::new().nest_service("/inner", fallback(nested()).layer(cors))
    }),
    ("`CorsLayer::layer`, around the router as a service", |cors, fallback| {
        Router::new().fallback_service(cors.layer(fallback(routes(get(items)))))
    }),
];

const COLUMNS: [&str; 7] =
    ["preflight", "response", "its 405", "404", "`fallback`", "inside another layer", "which leaves it"];

fn routes(methods: MethodRouter) -> Router {
    Router::new().route("/inner/items", methods)
}

/// The same router, nested at `/inner`.
fn nested() -> Router {
    Router::new().route("/items", get(items))
}

/// A layer that can be identified by what it allows.
fn cors(name: &str) -> CorsLayer {
    CorsLayer::new(built(allow_app().allow_methods([name]).expose_headers([name])))
}

/// A server's answer to the request of each column.
async fn row((_, router): Placement) -> [String; 7] {
    let alone = Server::axum(router(cors("INNER"), |router| router)).await;
    let with_fallback = Server::axum(router(cors("INNER"), |router| router.fallback(items))).await;
    let inside = |outer| Server::axum(router(cors("INNER"), |router| router).layer(outer));
    let plain = inside(cors("OUTER")).await;
    let leaving =
        inside(cors("OUTER").leave_to_inner(|request| request.uri().path().starts_with("/inner/"))).await;
    [
        answered(&preflight_to(&alone).await),
        readable(&send(&alone, "GET", "/inner/items", 200).await),
        readable(&send(&alone, "DELETE", "/inner/items", 405).await),
        readable(&send(&alone, "GET", "/inner/missing", 404).await),
        readable(&send(&with_fallback, "GET", "/inner/missing", 200).await),
        who_decides(&plain).await,
        who_decides(&leaving).await,
    ]
}

async fn preflight_to(server: &Server) -> Response<Bytes> {
    server.send(at("/inner/items", preflight("GET", &[]))).await
}

async fn send(server: &Server, method: &str, path: &str, status: u16) -> Response<Bytes> {
    let response = server.send(at(path, request(method, &[("origin", APP)]))).await;
    assert_eq!(response.status(), status, "{method} {path}");
    response
}

fn answered(response: &Response<Bytes>) -> String {
    match response.status().as_u16() {
        204 => "answered".to_owned(),
        refused => {
            assert!(!response.headers().contains_key("access-control-allow-origin"));
            refused.to_string()
        }
    }
}

fn readable(response: &Response<Bytes>) -> String {
    let granted = response.headers().contains_key("access-control-allow-origin");
    if granted { "readable" } else { "unreadable" }.to_owned()
}

/// The layer of the preflight's answer, and the layer of the response.
async fn who_decides(server: &Server) -> String {
    let whose = |headers: &HeaderMap, name: &str| match headers.get(name).map(|value| value.to_str()) {
        Some(Ok("INNER" | "inner")) => "inner",
        Some(Ok("OUTER" | "outer")) => "outer",
        None => "nobody",
        Some(other) => panic!("{other:?}"),
    };
    let preflight = preflight_to(server).await;
    let response = send(server, "GET", "/inner/items", 200).await;
    let preflight = whose(preflight.headers(), "access-control-allow-methods");
    let response = whose(response.headers(), "access-control-expose-headers");
    if preflight == response { preflight.to_owned() } else { format!("{preflight}, {response}") }
}

/// The cells of the document's table, with its head.
fn table() -> Vec<Vec<&'static str>> {
    let lines = DOCUMENT.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---"));
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[tokio::test]
async fn each_cell_of_the_table_is_what_a_server_says() {
    let table = table();
    let [head, rows @ ..] = table.as_slice() else { panic!("a table") };
    assert_eq!(head[1..], COLUMNS);
    let placements: Vec<_> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(placements, PLACEMENTS.map(|(name, _)| name));

    let mut cells = Vec::new();
    for (placement, documented) in PLACEMENTS.into_iter().zip(rows) {
        let seen = row(placement).await;
        assert_eq!(documented.len(), 1 + seen.len(), "{}", placement.0);
        for ((column, seen), documented) in COLUMNS.into_iter().zip(seen).zip(&documented[1..]) {
            cells.push((format!("{}: {column}", placement.0), seen, (*documented).to_owned()));
        }
    }
    assert_rows(cells);
}
