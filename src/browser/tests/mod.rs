//! Whole fetches against small servers: what goes out, what comes back, and what is kept.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use tower_service::Service;

use super::Credentials::{Include, Omit, SameOrigin};
use super::{
    Blocked, Browser, Engine, Exchange, FetchError, Preflight, Reason, Redirect, Request, ResponseType,
    Stage, Unreadable,
};

mod caching;
mod redirects;
mod single;

const PAGE: &str = "https://app.example.com";
const API: &str = "https://api.example.com";

type Answer = http::Response<String>;

/// A service that answers each request by a closure.
fn server(
    answer: impl FnMut(http::Request<String>) -> Answer,
) -> impl Service<http::Request<String>, Response = Answer, Error = Infallible> {
    let mut answer = answer;
    tower::service_fn(move |request| -> Ready<Result<Answer, Infallible>> { ready(Ok(answer(request))) })
}

fn answer(status: u16, headers: &[(&'static str, &str)]) -> Answer {
    let builder = http::Response::builder().status(status);
    headers
        .iter()
        .fold(builder, |builder, (name, value)| builder.header(*name, *value))
        .body(String::new())
        .unwrap()
}

/// A server that allows everything to `PAGE`, with credentials, for a minute.
fn open(request: &http::Request<String>) -> Answer {
    let lists: &[(&str, &str)] = if is_preflight(request) {
        &[
            ("access-control-allow-methods", "PUT, DELETE"),
            ("access-control-allow-headers", "x-a, authorization"),
            ("access-control-max-age", "60"),
        ]
    } else {
        &[]
    };
    let origin = request.headers().get("origin").map_or("", |origin| origin.to_str().unwrap());
    let shared = [("access-control-allow-origin", origin), ("access-control-allow-credentials", "true")];
    answer(200, &[&shared, lists].concat())
}

fn is_preflight(request: &http::Request<String>) -> bool {
    *request.method() == Method::OPTIONS && request.headers().contains_key("access-control-request-method")
}

fn page() -> Browser {
    Browser::at(PAGE).server(API)
}

/// Each request that was sent: its method, its path, and whether it is a preflight.
fn sent(browser: &Browser) -> Vec<String> {
    let line = |exchange: &Exchange| {
        let mark = if exchange.is_preflight() { " preflight" } else { "" };
        format!("{} {}{mark}", exchange.method(), exchange.url())
    };
    browser.log().iter().map(line).collect()
}

fn pairs(headers: &HeaderMap) -> Vec<(&str, &str)> {
    let mut pairs: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    pairs.sort_unstable();
    pairs
}
