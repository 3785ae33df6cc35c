//! The exchanges over the wire, as the model logs them and as a server sees them.

use std::collections::BTreeMap;

use http::{HeaderMap, request};
use tower_cors::browser;

/// The request headers with which a browser tells a server what CORS needs. `Cookie` stands for all
/// credentials.
const TELLING: [&str; 9] = [
    "access-control-request-headers",
    "access-control-request-method",
    "authorization",
    "content-type",
    "cookie",
    "origin",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
];

/// The relevant parts of a request, and its response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exchange {
    pub(crate) is_preflight: bool,
    pub(crate) method: String,
    /// Without its scheme, which a server does not get.
    pub(crate) url: String,
    pub(crate) request: BTreeMap<String, Vec<String>>,
    pub(crate) status: u16,
    /// `Vary` and all of `Access-Control-*`.
    pub(crate) response: BTreeMap<String, Vec<String>>,
}

impl Exchange {
    pub(crate) fn of_log(exchange: &browser::Exchange) -> Self {
        Self {
            is_preflight: exchange.is_preflight(),
            method: exchange.method().to_string(),
            url: exchange.url().split_once("://").map_or_else(String::new, |(_, rest)| rest.to_owned()),
            request: telling(exchange.request_headers()),
            status: exchange.status().as_u16(),
            response: cors(exchange.response_headers()),
        }
    }

    pub(super) fn of_http(request: &request::Parts, response: &http::Response<String>) -> Self {
        let host = request.headers.get("host").map(|host| host.to_str().unwrap_or_default());
        Self {
            is_preflight: request.headers.contains_key("access-control-request-method"),
            method: request.method.to_string(),
            url: format!("{}{}", host.unwrap_or_default(), request.uri),
            request: telling(&request.headers),
            status: response.status().as_u16(),
            response: cors(response.headers()),
        }
    }
}

impl Exchange {
    pub(crate) fn without(mut self, headers: &[String]) -> Self {
        self.request.retain(|name, _| !headers.contains(name));
        self.response.retain(|name, _| !headers.contains(name));
        self
    }
}

fn telling(headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    lines(headers, |name| TELLING.contains(&name))
}

pub(crate) fn cors(headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    lines(headers, |name| name == "vary" || name.starts_with("access-control-"))
}

fn lines(headers: &HeaderMap, is_wanted: impl Fn(&str) -> bool) -> BTreeMap<String, Vec<String>> {
    let mut lines = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in headers.iter().filter(|(name, _)| is_wanted(name.as_str())) {
        let line = String::from_utf8_lossy(value.as_bytes()).into_owned();
        lines.entry(name.as_str().to_owned()).or_default().push(line);
    }
    lines
}
