//! Requests, responses of services, and policies: each with a size that can be doubled.

use std::hint::black_box;

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder, Decision, Explanation};

/// Work to count, with its input.
pub(crate) struct Input(pub(crate) Box<dyn FnOnce()>);

pub(crate) const APP: &str = "https://app.example.com";
pub(crate) const ORIGIN: &str = "origin";
pub(crate) const METHOD: &str = "access-control-request-method";
pub(crate) const HEADERS: &str = "access-control-request-headers";

/// Its name, and a function that makes it in a size.
type Row = (&'static str, fn(usize) -> Input);

pub(crate) const INPUTS: [Row; 44] = [
    ("an Origin of many labels", |size| {
        requested(every_rule(), "GET", [(ORIGIN, format!("https://{}example.com", "a.".repeat(8 * size)))])
    }),
    ("an Origin of one label", |size| {
        requested(every_rule(), "GET", [(ORIGIN, format!("https://{}.example.com", "a".repeat(8 * size)))])
    }),
    ("an Origin of bytes", |size| requested(every_rule(), "GET", [(ORIGIN, "\u{ff}".repeat(8 * size))])),
    ("Origin lines", |size| requested(every_rule(), "GET", lines(ORIGIN, size, |_| APP.to_owned()))),
    ("an Origin that is like many rules", |size| {
        let origins = (0..size).map(|number| format!("https://app{number}.example.com"));
        requested(allow(origins), "GET", [(ORIGIN, "https://apq.example.com".to_owned())])
    }),
    ("an Origin below many wildcards", |size| {
        let origins = (0..size).map(|number| format!("https://*.a{number}.example.com"));
        requested(allow(origins), "GET", [(ORIGIN, "https://x.a7.example.com".to_owned())])
    }),
    ("a policy of each origin", |size| {
        let policies = (0..size / 2).map(|number| built(allow([format!("https://a{number}.example.com")])));
        let policies: Vec<_> = policies.collect();
        let request = request("GET", [(ORIGIN, "https://stranger.example".to_owned())]);
        input(move || Explanation::by_first_match(&policies, &request).to_string())
    }),
    ("a Host", |size| {
        requested(rejecting(), "GET", [(ORIGIN, other()), ("host", "stranger.example".repeat(8 * size))])
    }),
    ("a Host, where the own are known", |size| {
        requested(served(0), "GET", [("host", "stranger.example".repeat(8 * size))])
    }),
    ("Host lines, where the own are known", |size| {
        requested(served(0), "GET", lines("host", size, |_| "localhost:3000".to_owned()))
    }),
    ("a Host among many of the own", |size| {
        requested(served(size), "POST", [("host", "a7.example.com".to_owned()), (ORIGIN, other())])
    }),
    ("a policy of many own origins", |size| compiled(served(size))),
    ("mistakes in the own origins", |size| {
        refused(allow([APP]).served_at((0..size).map(|number| format!("A{number}.example.com/path"))))
    }),
    ("Host lines", |size| {
        let hosts = lines("host", size, |_| "stranger.example".to_owned());
        requested(rejecting(), "GET", hosts.chain([(ORIGIN, other())]))
    }),
    ("a Sec-Fetch-Site", |size| {
        requested(
            rejecting(),
            "GET",
            [(ORIGIN, other()), ("sec-fetch-site", "same-origin,".repeat(8 * size))],
        )
    }),
    ("cookies", |size| {
        requested(every_rule(), "GET", [(ORIGIN, APP.to_owned()), ("cookie", "a=b;".repeat(8 * size))])
    }),
    ("a requested method, any allowed", |size| preflight(any(), [(METHOD, "M".repeat(8 * size))])),
    ("a requested method, echoed", |size| preflight(echoing(), [(METHOD, "M".repeat(8 * size))])),
    ("a requested method, like many", |size| {
        let methods = (0..size).map(|number| format!("METHOD{number}"));
        preflight(allow([APP]).allow_methods(methods), [(METHOD, "METHOD".to_owned())])
    }),
    ("lines of a requested method", |size| preflight(echoing(), lines(METHOD, size, |_| "PUT".to_owned()))),
    ("a requested header, any allowed", |size| preflight_for(any(), "x".repeat(8 * size))),
    ("a requested header, echoed", |size| preflight_for(echoing(), "x".repeat(8 * size))),
    ("requested headers, any allowed", |size| preflight_for(any(), "x-a,".repeat(8 * size))),
    ("requested headers, echoed", |size| preflight_for(echoing(), "x-a,".repeat(8 * size))),
    ("requested headers, listed and below a prefix", |size| {
        let policy = allow([APP]).allow_headers(names("x-listed", size)).allow_headers(["x-p-*"]);
        preflight_for(policy, joined("x-p-", size))
    }),
    ("requested headers, one below a prefix and one not", |size| {
        let policy = allow([APP]).allow_headers(names("x-listed", size)).allow_headers(["x-p-*"]);
        let pairs = (0..size / 2).map(|number| format!("x-p-{number},x-q-{number}"));
        preflight_for(policy, pairs.collect::<Vec<_>>().join(","))
    }),
    ("requested headers, each like one that is listed", |size| {
        preflight_for(allow([APP]).allow_headers(names("x-listed-", size)), joined("x-liste-", size))
    }),
    ("requested headers, the same one", |size| {
        let policy = allow([APP]).allow_headers(names("x-listed", size)).allow_headers(["x-p-*"]);
        preflight_for(policy, "x-p-a,".repeat(8 * size))
    }),
    ("requested headers, below many prefixes", |size| {
        let prefixes = names("x-p", size).map(|name| format!("{name}-*"));
        preflight_for(allow([APP]).allow_headers(prefixes), "x-p7-a,x-p9-b".to_owned())
    }),
    ("commas for requested headers", |size| preflight_for(echoing(), ",".repeat(8 * size))),
    ("lines of requested headers", |size| {
        preflight(echoing(), lines(HEADERS, size, |number| format!("x-{number}")).chain([put()]))
    }),
    ("a response of many headers, all exposed", |size| {
        let policy = allow([APP]).allow_credentials(true).expose_all_headers();
        decorated(policy, names("x-own", size).map(|name| (name, "1".to_owned())))
    }),
    ("a response with many lines of Vary", |size| {
        decorated(allow([APP]), (0..size).map(|number| ("vary".to_owned(), format!("X-{number}"))))
    }),
    ("a response with a long Vary", |size| {
        decorated(allow([APP]), [("vary".to_owned(), joined("x-", size))])
    }),
    ("a policy of many origins", |size| {
        compiled(allow((0..size).map(|number| format!("https://a{number}.example.com"))))
    }),
    ("a policy of many wildcards", |size| {
        compiled(allow((0..size).map(|number| format!("https://*.a{number}.example.com:*"))))
    }),
    ("a policy of wildcards below wildcards", |size| {
        compiled(allow((0..size).map(|number| format!("https://*.{}example.com", "a.".repeat(number % 100)))))
    }),
    ("a policy of many methods", |size| {
        compiled(allow([APP]).allow_methods((0..size).map(|number| format!("METHOD{number}"))))
    }),
    ("a policy of many headers and prefixes", |size| {
        let prefixes = names("x-p", size).map(|name| format!("{name}-*"));
        compiled(allow([APP]).allow_headers(names("x-n", size)).allow_headers(prefixes))
    }),
    ("a policy of prefixes of prefixes", |size| {
        let prefixes = (0..size).map(|number| format!("x-{}*", "p".repeat(number % 100)));
        compiled(allow([APP]).allow_headers(prefixes))
    }),
    ("a policy that exposes many headers", |size| compiled(allow([APP]).expose_headers(names("x-e", size)))),
    ("a policy that varies by many headers", |size| compiled(allow([APP]).vary_by(names("x-v", size)))),
    ("mistakes", |size| {
        let origins = (0..size).map(|number| format!("https://A{number}.example.com/path"));
        refused(allow(origins).allow_headers(names("cookie ", size)).allow_methods(names("pat ch", size)))
    }),
    ("long mistakes", |size| {
        let long =
            ["https://", "https://\u{fc}", "x://", "*", "https://a.", "[", "https://a@", "xn--", "\u{0}"];
        let long = long.map(|start| format!("{start}{}", "a\u{fc}.".repeat(size)));
        refused(allow(long.clone()).allow_headers(long.clone()).allow_methods(long.clone()).vary_by(long))
    }),
];

pub(crate) fn allow(origins: impl IntoIterator<Item = impl Into<String>>) -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origins(origins.into_iter().map(Into::into))
}

/// Rules of all kinds, so an origin is compared in every way.
pub(crate) fn every_rule() -> CorsPolicyBuilder {
    allow([APP, "https://*.example.com", "http://localhost:*", "chrome-extension://*"])
        .allow_origin_if(|origin, _| origin.host().ends_with(".allowed.example"))
}

pub(crate) fn rejecting() -> CorsPolicyBuilder {
    every_rule().reject_disallowed_origins(true)
}

/// Rules of all kinds for the service's own origins, and this many names.
fn served(size: usize) -> CorsPolicyBuilder {
    let own = (0..size).map(|number| format!("https://a{number}.example.com"));
    rejecting().served_at(["http://localhost:*", "https://*.example.org"]).served_at(own)
}

pub(crate) fn any() -> CorsPolicyBuilder {
    allow(["*"]).allow_any_method().allow_any_header()
}

pub(crate) fn echoing() -> CorsPolicyBuilder {
    allow([APP]).allow_credentials(true).allow_any_method().allow_any_header()
}

pub(crate) fn other() -> String {
    "https://stranger.example".to_owned()
}

fn names(start: &str, count: usize) -> impl Iterator<Item = String> + use<'_> {
    (0..count).map(move |number| format!("{start}{number}"))
}

fn joined(start: &str, count: usize) -> String {
    names(start, count).collect::<Vec<_>>().join(",")
}

pub(crate) type Line = (&'static str, String);

pub(crate) fn lines(
    name: &'static str,
    count: usize,
    value: impl Fn(usize) -> String,
) -> impl Iterator<Item = Line> {
    (0..count).map(move |number| (name, value(number)))
}

pub(crate) fn put() -> Line {
    (METHOD, "PUT".to_owned())
}

pub(crate) fn preflight_for(policy: CorsPolicyBuilder, headers: String) -> Input {
    preflight(policy, [put(), (HEADERS, headers)])
}

pub(crate) fn preflight(policy: CorsPolicyBuilder, headers: impl IntoIterator<Item = Line>) -> Input {
    requested(policy, "OPTIONS", headers.into_iter().chain([(ORIGIN, APP.to_owned())]))
}

/// All work for a request: decision, answer, explanation and log.
pub(crate) fn requested(
    policy: CorsPolicyBuilder,
    method: &str,
    headers: impl IntoIterator<Item = Line>,
) -> Input {
    let (policy, request) = (built(policy), request(method, headers));
    input(move || {
        let answer = match policy.decide(&request) {
            Decision::Actual(actual) => {
                let mut headers = HeaderMap::new();
                actual.decorate(&mut headers);
                headers
            }
            decision => {
                decision.answer().map_or_else(|answer| answer.headers().clone(), |_| HeaderMap::new())
            }
        };
        (answer, policy.explain(&request).to_string())
    })
}

fn request(method: &str, headers: impl IntoIterator<Item = Line>) -> Request<()> {
    let mut request = Request::builder().method(method).uri("/").body(()).expect("a request");
    for (name, value) in headers {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a value");
        request.headers_mut().append(name, value);
    }
    request
}

pub(crate) fn decorated(
    policy: CorsPolicyBuilder,
    headers: impl IntoIterator<Item = (String, String)>,
) -> Input {
    let policy = built(policy);
    let mut response = Response::new(());
    for (name, value) in headers {
        let name: HeaderName = name.parse().expect("a name");
        response.headers_mut().append(name, value.parse().expect("a value"));
    }
    let request = request("GET", [(ORIGIN, APP.to_owned())]);
    input(move || {
        if let Decision::Actual(actual) = policy.decide(&request) {
            actual.decorate(response.headers_mut());
        }
        response
    })
}

fn built(policy: CorsPolicyBuilder) -> CorsPolicy {
    policy.build().expect("a policy")
}

/// All work for a policy: build, compare, serialize, put into a layer.
pub(crate) fn compiled(policy: CorsPolicyBuilder) -> Input {
    input(move || {
        let policy = built(policy);
        let same = built(policy.to_builder());
        assert!(policy == same);
        (format!("{policy:?}"), CorsLayer::first_match([policy, same]))
    })
}

fn refused(policy: CorsPolicyBuilder) -> Input {
    input(move || policy.build().expect_err("mistakes").to_string())
}

pub(crate) fn input<T>(work: impl FnOnce() -> T + 'static) -> Input {
    Input(Box::new(move || drop(black_box(work()))))
}
