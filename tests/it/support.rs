//! Requests, a service that counts its runs, and the comparison of whole header sets and whole tables.

use std::convert::Infallible;
use std::fmt::{Debug, Display};
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use http::{HeaderMap, Request, Response, header};
use tower::{Layer, Service, ServiceExt};
use tower_cors::{Cors, CorsLayer, CorsPolicy, CorsPolicyBuilder, Decision, Denial};

/// The page that most policies here allow.
pub(crate) const APP: &str = "https://app.example.com";

/// A page that no policy here allows.
pub(crate) const STRANGER: &str = "https://stranger.example";

/// The `Vary` of every other response of a policy that does not allow any origin, or was chosen for the request.
pub(crate) const VARY: (&str, &str) = ("vary", "Origin");

/// The `Vary` of a request from a disallowed origin, if the policy rejects these; also of a same-origin one, which it does
/// not reject.
pub(crate) const REJECTION_VARY: (&str, &str) = ("vary", "Origin, Sec-Fetch-Site");

/// The `Vary` of every `OPTIONS`, preflight or not.
pub(crate) const PREFLIGHT_VARY: (&str, &str) =
    ("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

/// The `Access-Control-Allow-Methods` of a policy that lists no method.
pub(crate) const SAFELISTED_METHODS: (&str, &str) = ("access-control-allow-methods", "GET, HEAD, POST");

pub(crate) const CREDENTIALS: (&str, &str) = ("access-control-allow-credentials", "true");

/// CORS headers that a service sets itself.
pub(crate) const OWN_CORS: [(&str, &str); 4] = [
    ("access-control-allow-origin", "*"),
    CREDENTIALS,
    ("access-control-expose-headers", "*"),
    ("x-own", "1"),
];

pub(crate) fn built(policy: CorsPolicyBuilder) -> CorsPolicy {
    policy.build().expect("a policy")
}

/// A policy that allows [`APP`], to be added to.
pub(crate) fn allow_app() -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origin(APP)
}

/// A request without a body. Values are bytes, since hostile ones are not text.
pub(crate) fn request<V: AsRef<[u8]>>(method: &str, headers: &[(&str, V)]) -> Request<String> {
    let mut builder = Request::builder().method(method).uri("/");
    for (name, value) in headers {
        builder = builder.header(*name, value.as_ref());
    }
    builder.body(String::new()).expect("a request")
}

/// A preflight from any page.
pub(crate) fn preflight_from(origin: &str, method: &str) -> Request<String> {
    request("OPTIONS", &[("origin", origin), ("access-control-request-method", method)])
}

/// A preflight from [`APP`] for a method and, if there are any, for headers.
pub(crate) fn preflight(method: &str, requested_headers: &[&str]) -> Request<String> {
    let mut headers = vec![("origin", APP), ("access-control-request-method", method)];
    headers.extend(requested_headers.iter().map(|line| ("access-control-request-headers", *line)));
    request("OPTIONS", &headers)
}

/// The denial of a request.
pub(crate) fn denial<B>(policy: &CorsPolicy, request: &Request<B>) -> Option<Denial> {
    policy.decide(request).denial().copied()
}

/// The denial of the requested header at this place, counted from 0. Only the crate itself makes one.
pub(crate) fn header_not_allowed(nth: usize) -> Denial {
    let policy = built(allow_app().allow_headers(["x-listed"]));
    denial(&policy, &preflight("GET", &[&format!("{}x-unlisted", "x-listed,".repeat(nth))]))
        .expect("a denial")
}

/// Whether a policy takes a request for a preflight.
pub(crate) fn is_preflight<B>(policy: &CorsPolicy, request: &Request<B>) -> bool {
    matches!(policy.decide(request), Decision::Preflight(_))
}

/// A service behind the layer that counts how often it runs.
pub(crate) struct App {
    service: Cors<Counting>,
    runs: Arc<AtomicUsize>,
}

impl App {
    /// Behind this policy, a service that answers only with `served`.
    pub(crate) fn new(policy: CorsPolicyBuilder) -> Self {
        Self::answering(policy, &[])
    }

    /// Behind this policy, a service that answers with these headers.
    pub(crate) fn answering(policy: CorsPolicyBuilder, headers: &[(&'static str, &'static str)]) -> Self {
        Self::behind(&CorsLayer::from(built(policy)), headers)
    }

    /// Behind this layer, a service that answers with these headers.
    pub(crate) fn behind(layer: &CorsLayer, headers: &[(&'static str, &'static str)]) -> Self {
        let runs = Arc::new(AtomicUsize::new(0));
        let mut response = HeaderMap::new();
        for (name, value) in headers {
            response.append(*name, header::HeaderValue::from_static(value));
        }
        Self { service: layer.layer(Counting { runs: Arc::clone(&runs), response }), runs }
    }

    pub(crate) async fn send(&self, request: Request<String>) -> Response<String> {
        let Ok(response) = self.service.clone().oneshot(request).await;
        response
    }

    /// Sends a request that the layer must answer itself: checks that the service did not run and the body is empty.
    pub(crate) async fn send_unserved(&self, request: Request<String>) -> Response<String> {
        let before = self.runs();
        let response = self.send(request).await;
        assert_eq!(self.runs(), before, "the service ran");
        assert_eq!(response.body(), "");
        response
    }

    /// Sends a request that must reach the service: checks that it ran once and that the answer is its own.
    pub(crate) async fn send_served(&self, request: Request<String>) -> Response<String> {
        let before = self.runs();
        let response = self.send(request).await;
        assert_eq!(self.runs(), before + 1, "the service did not run once");
        assert_eq!(response.body(), "served");
        assert_eq!(response.status(), 200);
        response
    }

    pub(crate) fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }
}

#[derive(Clone)]
struct Counting {
    runs: Arc<AtomicUsize>,
    response: HeaderMap,
}

impl Service<Request<String>> for Counting {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<String>) -> Self::Future {
        self.runs.fetch_add(1, Ordering::SeqCst);
        let mut response = Response::new("served".to_owned());
        *response.headers_mut() = self.response.clone();
        ready(Ok(response))
    }
}

/// Checks all headers of a response, and the order of the values of each name. Additional headers fail like missing ones.
///
/// `date` and `content-length` are ignored: hyper writes them.
#[track_caller]
pub(crate) fn assert_headers<B>(response: &Response<B>, expected: &[(&str, &str)]) {
    assert_headers_of(response, expected, "");
}

/// The same for one of several cases, named in the message.
#[track_caller]
pub(crate) fn assert_headers_of<B>(response: &Response<B>, expected: &[(&str, &str)], case: &str) {
    assert_eq!(headers_of(response), header_set(expected), "{case}");
}

/// Names and values, sorted by name; several lines of one name stay in their order.
pub(crate) type HeaderSet = Vec<(String, String)>;

/// All headers of a response except those that hyper writes.
pub(crate) fn headers_of<B>(response: &Response<B>) -> HeaderSet {
    let written_by_hyper = [header::DATE, header::CONTENT_LENGTH];
    let headers = response.headers().iter().filter(|(name, _)| !written_by_hyper.contains(name));
    let headers: Vec<_> =
        headers.map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()))).collect();
    header_set(&headers)
}

pub(crate) fn header_set(headers: &[(&str, impl AsRef<str>)]) -> HeaderSet {
    let mut set: HeaderSet =
        headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_ref().to_owned())).collect();
    set.sort_by(|left, right| left.0.cmp(&right.0));
    set
}

/// Compares the actual and the expected value in every row of a table, and panics once with all rows that differ: all
/// failures together tell more about a bug than the first one.
#[track_caller]
pub(crate) fn assert_rows<S, E>(rows: impl IntoIterator<Item = (impl Display, S, E)>)
where
    S: PartialEq<E> + Debug,
    E: Debug,
{
    let (mut count, mut wrong) = (0, Vec::new());
    for (row, seen, expected) in rows {
        count += 1;
        if seen != expected {
            wrong.push(format!("{row}\n    seen: {seen:?}\n    expected: {expected:?}"));
        }
    }
    assert!(count > 0, "the table is empty");
    assert!(wrong.is_empty(), "{} of {count} rows:\n{}", wrong.len(), wrong.join("\n"));
}

/// Checks a refused preflight: 403, and nothing but `Vary`.
#[track_caller]
pub(crate) fn assert_refused<B>(response: &Response<B>, case: &str) {
    assert_eq!(response.status(), 403, "{case}");
    assert_headers_of(response, &[PREFLIGHT_VARY], case);
}

/// A value, the sentence after it without "did you mean", and the value that was probably meant.
pub(crate) type Sentence = (&'static str, &'static str, Option<&'static str>);

/// Each value alone gets this sentence, and its suggestion gets none.
#[track_caller]
pub(crate) fn assert_sentences(field: &str, cases: &[Sentence], told: impl Fn(&str) -> Vec<String>) {
    let mut rows = Vec::new();
    for (value, sentence, suggestion) in cases {
        let mut expected = format!("{field}: `{value}` {sentence}");
        if let Some(suggestion) = suggestion {
            expected = format!("{expected}; did you mean `{suggestion}`?");
            rows.push((format!("the suggestion for `{value}`"), told(suggestion), vec![]));
        }
        rows.push((format!("`{value}`"), told(value), vec![expected]));
    }
    assert_rows(rows);
}
