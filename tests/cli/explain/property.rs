//! For random pages, requests and policies, the exit status is 0 if and only if the model of a browser reads the response.

use std::collections::HashSet;
use std::convert::Infallible;
use std::future::ready;

use http::{Request as HttpRequest, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde::Serialize;
use tower::{Layer, service_fn};
use tower_cors::browser::{Browser, Credentials, FetchError, InvalidRequest, Request};
use tower_cors::{CorsLayer, CorsPolicy};

use super::{explain, file};

const ORIGINS: [&str; 8] = [
    "https://app.example.com",
    "https://*.example.com",
    "http://localhost:*",
    "http://api.example.com",
    "capacitor://localhost",
    "https://xn--bcher-kva.example",
    "https://app.example.com:8443",
    "*",
];

const PAGES: [&str; 14] = [
    "https://app.example.com",
    "https://app.example.com:8443/index.html",
    "http://app.example.com",
    "https://x.example.com",
    "https://api.example.com",
    "https://stranger.example",
    "https://appexample.com",
    "https://bücher.example",
    "http://localhost:4000",
    "http://api.example.com",
    "capacitor://localhost",
    "capacitor://MyApp",
    "data:text/html,x",
    "null",
];

const URLS: [&str; 6] = [
    "https://api.example.com/items",
    "https://api.example.net/items?q=a|b",
    "http://localhost:4000/",
    "https://app.example.com:8443/x",
    "https://user@api.example.com/",
    "/items",
];

const METHODS: [&str; 11] =
    ["GET", "HEAD", "POST", "PUT", "put", "PATCH", "patch", "Custom", "CUSTOM", "OPTIONS", "TRACE"];

const HEADERS: [&str; 10] = [
    "authorization: Bearer x",
    "content-type: application/json",
    "content-type: text/plain",
    "accept: a/b",
    "accept: \"",
    "x-request-id: 1",
    "x-p-1: ü",
    "x-b",
    "cookie: a=b",
    "range: bytes=0-9",
];

#[derive(Debug, Serialize)]
struct List {
    cors: Vec<CorsPolicy>,
}

#[derive(Debug)]
struct Asked {
    page: &'static str,
    url: &'static str,
    method: &'static str,
    headers: Vec<&'static str>,
    credentials: &'static str,
}

/// How the request is given.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Flags,
    /// Flags, and the answer is one JSON document.
    Json,
    /// A call of `fetch` as a page has it.
    Fetch,
}

impl Asked {
    fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let split = |header: &'static str| header.split_once(": ").unwrap_or((header, "value"));
        self.headers.iter().copied().map(split)
    }

    fn call(&self) -> String {
        let headers: serde_json::Map<_, _> =
            self.headers().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let options =
            serde_json::json!({ "method": self.method, "headers": headers, "credentials": self.credentials });
        format!("fetch({}, {options})", serde_json::Value::from(self.url))
    }
}

fn policy() -> impl Strategy<Value = CorsPolicy> {
    let lists = (
        subsequence(&ORIGINS[..], 1..4),
        subsequence(vec!["PUT", "PATCH", "Custom", "OPTIONS", "*"], 0..3),
        subsequence(vec!["authorization", "content-type", "x-request-id", "x-p-*", "*"], 0..4),
    );
    let switches = (any::<bool>(), any::<bool>(), any::<bool>());
    let policy = |((origins, methods, headers), (credentials, null, reject))| {
        CorsPolicy::builder()
            .allow_origins::<Vec<&str>>(origins)
            .allow_methods::<Vec<&str>>(methods)
            .allow_headers::<Vec<&str>>(headers)
            .allow_credentials(credentials)
            .dangerously_allow_null_origin(null)
            .dangerously_allow_insecure_origins(true)
            .reject_disallowed_origins(reject)
            .build()
            .ok()
    };
    (lists, switches).prop_filter_map("a policy", policy)
}

fn asked() -> impl Strategy<Value = Asked> {
    let headers = subsequence(&HEADERS[..], 0..4).prop_filter("one line for each name", |headers| {
        let names: HashSet<_> = headers.iter().filter_map(|header| header.split(':').next()).collect();
        names.len() == headers.len()
    });
    let modes = select(vec!["same-origin", "omit", "include"]);
    let parts = (select(&PAGES[..]), select(&URLS[..]), select(&METHODS[..]), headers, modes);
    parts.prop_map(|(page, url, method, headers, credentials)| Asked {
        page,
        url,
        method,
        headers,
        credentials,
    })
}

/// Whether the model of a browser reads the response of a service behind the policies.
fn is_read(policies: &[CorsPolicy], asked: &Asked) -> bool {
    let layer = match policies {
        [policy] => CorsLayer::new(policy),
        _ => CorsLayer::first_match(policies.iter().cloned()),
    };
    let mut app =
        layer.layer(service_fn(|_: HttpRequest<String>| ready(Ok::<_, Infallible>(Response::new(())))));
    let mode = match asked.credentials {
        "omit" => Credentials::Omit,
        "include" => Credentials::Include,
        _ => Credentials::SameOrigin,
    };
    let mut request = Request::new(asked.method, asked.url).credentials(mode);
    for (name, value) in asked.headers() {
        // The model gets the string of a page as bytes.
        let value: Vec<u8> = value.chars().map(|char| u8::try_from(char).expect("Latin 1")).collect();
        request = request.header(name, value);
    }
    // The server of a relative URL is not the page's.
    let origin = asked.url.split_once("://").map(|(scheme, rest)| {
        let authority = rest.split('/').next().unwrap_or_default();
        format!("{scheme}://{}", authority.rsplit('@').next().unwrap_or_default())
    });
    let mut browser = Browser::at(asked.page);
    if let Some(origin) = origin {
        browser = browser.server(origin);
    }
    match tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
        .block_on(browser.fetch(&mut app, request))
    {
        Ok(_) => true,
        Err(
            FetchError::Blocked(_)
            | FetchError::Invalid(InvalidRequest::ForbiddenMethod(_) | InvalidRequest::UrlCredentials(_)),
        ) => false,
        Err(other) => panic!("{other}: {asked:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn the_exit_status_is_0_exactly_where_the_model_of_a_browser_reads_the_response(
        policies in prop_oneof![3 => vec(policy(), 1), 1 => vec(policy(), 2..4)],
        asked in asked(),
        form in select(vec![Form::Flags, Form::Json, Form::Fetch]),
    ) {
        // In a copied call, a cookie means that the request had credentials.
        prop_assume!(form != Form::Fetch || asked.headers.iter().all(|header| !header.starts_with("cookie")));
        let expected = is_read(&policies, &asked);
        let policy = file("property.toml", toml::to_string(&List { cors: policies }).expect("TOML"));
        let mut arguments = vec![policy.as_str(), "--origin", asked.page];
        let mut input = String::new();
        if form == Form::Fetch {
            arguments.push("-");
            input = asked.call();
        } else {
            arguments.extend(["--url", asked.url, "--method", asked.method, "--credentials", asked.credentials]);
            asked.headers.iter().for_each(|header| arguments.extend(["--header", header]));
        }
        if form == Form::Json {
            arguments.push("--json");
        }
        let ran = explain(&arguments, &input);
        prop_assert_eq!(ran.status, i32::from(!expected), "{:?}: {}{}{}", asked, input, ran.output, ran.errors);
        if form == Form::Json {
            let document: serde_json::Value = serde_json::from_str(&ran.output).expect("JSON");
            prop_assert_eq!(&document["readable"], &serde_json::Value::Bool(expected));
        }
    }
}
