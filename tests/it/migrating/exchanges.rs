//! The requests, the service, and the parts of an answer that are compared.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response};
use tower::{Service, ServiceExt};

use super::policies::{Origins, Policy};
use crate::support::{APP, STRANGER};

/// The lines of `Origin`.
const ORIGINS: [&[&str]; 11] = [
    &[],
    &[APP],
    &[STRANGER],
    &["null"],
    &[""],
    &["HTTPS://APP.EXAMPLE.COM"],
    &["https://app.example.com/"],
    // Both have the end of an allowed origin.
    &["https://stranger.example/.example.com"],
    &["https://b\u{fc}cher.example.com"],
    &[APP, APP],
    &[APP, STRANGER],
];

/// All requests except preflights.
const ACTUAL: [(&str, &str); 12] = [
    ("GET", "/"),
    ("HEAD", "/"),
    ("POST", "/"),
    ("PUT", "/"),
    ("PATCH", "/"),
    ("GET", "/vary"),
    ("GET", "/vary-by-origin"),
    ("GET", "/vary-by-all"),
    ("GET", "/own-cors"),
    ("PUT", "/own-cors"),
    ("GET", "/missing"),
    ("GET", "/broken"),
];

/// `OPTIONS` to these paths: the lines of `Access-Control-Request-Method` and of `Access-Control-Request-Headers`.
const OPTIONS: [(&str, &[&str], &[&str]); 29] = [
    ("/", &[], &[]),
    ("/own-cors", &[], &[]),
    ("/vary", &[], &[]),
    ("/missing", &[], &["x-a"]),
    ("/", &["GET"], &[]),
    ("/", &["POST"], &["content-type"]),
    ("/", &["PUT"], &[]),
    ("/", &["PUT"], &[""]),
    ("/", &["PUT"], &["x-a"]),
    ("/", &["PUT"], &["X-A"]),
    ("/", &["PUT"], &["content-type,x-a"]),
    ("/", &["PUT"], &["x-a \t, content-type"]),
    ("/", &["PUT"], &["x-a", "content-type"]),
    ("/", &["PUT"], &["x-a,,x-a"]),
    ("/", &["PUT"], &["x-b"]),
    ("/", &["PUT"], &["authorization"]),
    ("/", &["PUT"], &["authorization,x-b"]),
    ("/", &["PUT"], &["a b"]),
    ("/", &["PUT"], &["x-b,(c)"]),
    ("/", &["PATCH"], &[]),
    ("/", &["put"], &[]),
    ("/", &["PROPFIND"], &["depth"]),
    ("/", &["CONNECT"], &[]),
    ("/", &["TRACE"], &[]),
    ("/", &["P T"], &[]),
    ("/", &[""], &[]),
    ("/", &["PUT", "DELETE"], &[]),
    ("/own-cors", &["PUT"], &["x-a"]),
    ("/broken", &["PUT"], &["x-a"]),
];

/// More names than any of the policies reads.
const TOO_MANY_NAMES: usize = 200;

/// A request, as data.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) method: &'static str,
    path: &'static str,
    pub(super) origin: &'static [&'static str],
    pub(super) requested_method: &'static [&'static str],
    pub(super) requested_headers: Vec<String>,
    asks_for_private_network: bool,
}

pub(super) fn cases() -> Vec<Case> {
    let too_many: Vec<_> = (0..TOO_MANY_NAMES).map(|number| format!("x-{number}")).collect();
    let mut cases = Vec::new();
    for origin in ORIGINS {
        let case = |method, path| Case {
            method,
            path,
            origin,
            requested_method: &[],
            requested_headers: Vec::new(),
            asks_for_private_network: false,
        };
        cases.extend(ACTUAL.map(|(method, path)| case(method, path)));
        cases.extend(OPTIONS.map(|(path, requested_method, requested_headers)| Case {
            requested_method,
            requested_headers: requested_headers.iter().map(|line| (*line).to_owned()).collect(),
            ..case("OPTIONS", path)
        }));
        let put = || Case { requested_method: &["PUT"], ..case("OPTIONS", "/") };
        cases.push(Case { requested_headers: vec![too_many.join(",")], ..put() });
        cases.push(Case { asks_for_private_network: true, ..put() });
    }
    cases
}

/// The sender of a request, by its `Origin` lines.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Sender {
    Nobody,
    /// [`APP`], which every policy allows.
    App,
    /// [`STRANGER`], which only "any" allows.
    Stranger,
    Null,
    Malformed,
    Several,
}

impl Case {
    pub(super) fn sender(&self) -> Sender {
        match self.origin {
            [] => Sender::Nobody,
            [APP] => Sender::App,
            [STRANGER] => Sender::Stranger,
            ["null"] => Sender::Null,
            [_] => Sender::Malformed,
            [_, _, ..] => Sender::Several,
        }
    }

    pub(super) fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && !self.origin.is_empty() && !self.requested_method.is_empty()
    }

    pub(super) fn has_too_many_names(&self) -> bool {
        self.requested_headers.iter().map(|line| line.split(',').count()).sum::<usize>() >= TOO_MANY_NAMES
    }

    pub(super) fn request(&self) -> Request<String> {
        let mut builder = Request::builder().method(self.method).uri(self.path);
        let headers =
            self.requested_headers.iter().map(|line| ("access-control-request-headers", line.as_str()));
        let headers = headers
            .chain(self.origin.iter().map(|line| ("origin", *line)))
            .chain(self.requested_method.iter().map(|line| ("access-control-request-method", *line)))
            .chain(
                self.asks_for_private_network.then_some(("access-control-request-private-network", "true")),
            );
        for (name, value) in headers {
            builder = builder.header(name, value.as_bytes());
        }
        builder.body(String::new()).expect("a request")
    }

    /// The same request with another method.
    pub(super) fn as_get(&self) -> Request<String> {
        Self { method: "GET", ..self.clone() }.request()
    }

    /// The lines of a header that the service sets on its response to this request.
    pub(super) fn set_by_service(&self, name: &str) -> Vec<String> {
        let headers = served(self.path).1;
        let lines = headers.iter().filter(|(header, _)| *header == name);
        lines.map(|(_, value)| (*value).to_owned()).collect()
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = self.request();
        write!(f, "{} {} {:?}", request.method(), request.uri(), request.headers())
    }
}

/// A request, under a policy.
pub(super) struct Exchange {
    pub(super) policy: Policy,
    pub(super) case: Case,
    /// tower-http's answer if the request's method were `GET`.
    pub(super) to_get: Answer,
}

impl Exchange {
    /// Whether it is a preflight from an origin that the policy allows. "Any" allows any origin, but not any
    /// bytes.
    pub(super) fn is_granted_preflight(&self) -> bool {
        let is_allowed = match self.case.sender() {
            Sender::App => true,
            Sender::Stranger | Sender::Null => self.policy.origins == Origins::Any,
            Sender::Nobody | Sender::Malformed | Sender::Several => false,
        };
        self.case.is_preflight() && is_allowed
    }

    /// Whether it is another request, with a response that the page may not read.
    pub(super) fn is_ungranted_actual(&self) -> bool {
        !self.case.is_preflight() && self.policy.origins != Origins::Any && self.case.sender() != Sender::App
    }
}

/// The compared parts of an answer: all of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The lines of each name.
    pub(super) headers: BTreeMap<String, Vec<String>>,
    body: String,
    runs_of_the_service: usize,
}

impl Answer {
    pub(super) fn lines(&self, name: &str) -> &[String] {
        self.headers.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Sends a request to a service behind a layer.
pub(super) async fn send<S>(layer: impl FnOnce(App) -> S, request: Request<String>) -> Answer
where
    S: Service<Request<String>, Response = Response<String>, Error = Infallible>,
{
    let app = App::default();
    let runs = Arc::clone(&app.runs);
    let Ok(response) = layer(app).oneshot(request).await;
    let mut headers = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in response.headers() {
        let line = String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers.entry(name.to_string()).or_default().push(line);
    }
    Answer {
        status: response.status().as_u16(),
        headers,
        body: response.into_body(),
        runs_of_the_service: runs.load(Ordering::SeqCst),
    }
}

/// A service that answers by path.
#[derive(Clone, Default)]
pub(super) struct App {
    runs: Arc<AtomicUsize>,
}

/// A status, and headers.
fn served(path: &str) -> (u16, &'static [(&'static str, &'static str)]) {
    match path {
        "/vary" => (200, &[("x-request-id", "7"), ("vary", "accept-encoding")]),
        "/vary-by-origin" => (200, &[("vary", "accept"), ("vary", "X-Tenant, ORIGIN")]),
        "/vary-by-all" => (200, &[("vary", "*")]),
        "/own-cors" => (
            200,
            &[
                ("access-control-allow-origin", "https://own.example"),
                ("access-control-allow-credentials", "true"),
                // As if two layers had set it.
                ("access-control-allow-credentials", "true"),
                ("access-control-expose-headers", "x-own"),
                ("x-own", "1"),
            ],
        ),
        "/missing" => (404, &[("x-request-id", "8")]),
        "/broken" => (500, &[("x-request-id", "9")]),
        _ => (200, &[("x-request-id", "7"), ("etag", "\"7\"")]),
    }
}

impl Service<Request<String>> for App {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        self.runs.fetch_add(1, Ordering::SeqCst);
        let (status, headers) = served(request.uri().path());
        let mut response = Response::new("served".to_owned());
        *response.status_mut() = status.try_into().expect("a status");
        *response.headers_mut() = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .fold(HeaderMap::new(), |mut map, (name, value)| {
                map.append(name, value);
                map
            });
        ready(Ok(response))
    }
}
