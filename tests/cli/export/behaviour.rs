//! Compares the proxy with the layer: the same cases, the same attacks, and arbitrary policies.

use std::time::Duration;

use futures_util::{StreamExt as _, future, stream};
use http::{HeaderValue, Request};
use serde::Deserialize;
use toml::{Table, Value};
use tower::ServiceExt as _;
use tower_cors::Denial;
use tower_cors::browser::Browser;

use super::arbitrary;
use super::proxy::Proxy;
use super::same::Said;
use super::stand::{DATA, Place, Stand};
use crate::data::case::{Case, Step};
use crate::data::exchange::Exchange;
use crate::data::model::{request, seen};
use crate::data::outcome::Blocked;
use crate::data::service::Record;

/// The parts of the files of attacks that are sent here.
#[derive(Deserialize)]
struct Attacks {
    policies: std::collections::BTreeMap<String, Table>,
    origins: Vec<Origins>,
}

#[derive(Deserialize)]
struct Origins {
    allowed: Vec<String>,
    #[serde(default)]
    refused: Vec<Value>,
}

impl Origins {
    fn lines(&self) -> impl Iterator<Item = Vec<Vec<u8>>> {
        let refused = self.refused.iter().map(|lines| match lines {
            Value::Array(lines) => lines.iter().filter_map(Value::as_str).map(bytes).collect(),
            line => line.as_str().map(bytes).into_iter().collect(),
        });
        self.allowed.iter().map(|line| vec![bytes(line)]).chain(refused)
    }
}

/// Headers that proxies add themselves.
const OF_A_PROXY: [&str; 5] = ["server", "alt-svc", "via", "accept-ranges", "x-envoy-upstream-service-time"];

/// How many differences are printed.
const MAX_TOLD: usize = 12;

/// How many requests are under way at once.
const CONCURRENT: usize = 32;

#[derive(Deserialize)]
struct Asked {
    preflights: Vec<Preflights>,
}

#[derive(Deserialize)]
struct Preflights {
    allowed: Vec<Vec<String>>,
    refused: Vec<Vec<String>>,
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_means_what_the_layer_means() {
    means_what_the_layer_means(Proxy::Nginx).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_means_what_the_layer_means() {
    means_what_the_layer_means(Proxy::Caddy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn haproxy_means_what_the_layer_means() {
    means_what_the_layer_means(Proxy::Haproxy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn envoy_means_what_the_layer_means() {
    means_what_the_layer_means(Proxy::Envoy).await;
}

/// No service listens behind the proxies: the page must also be able to read a proxy's own error.
#[tokio::test(flavor = "multi_thread")]
async fn errors_of_a_proxy_itself_are_decorated() {
    for proxy in [Proxy::Nginx, Proxy::Caddy, Proxy::Haproxy, Proxy::Envoy] {
        if proxy.version().is_none() {
            eprintln!("{} is not installed", proxy.name());
            continue;
        }
        let rules: Table = "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true\nexpose_headers = [\"x-a\"]".parse().expect("a policy");
        // The proxy's own address. Nothing listens on this port.
        let stand = Stand::new(proxy, vec![rules], Some(&format!("{}:1", proxy.host(1))), 1).await;
        let place = &stand.places[0];
        for origin in ["https://app.example.com", "https://evil.example"] {
            let request = Request::get("/").header("origin", origin).body(String::new()).expect("a request");
            let Ok(response) = place.proxy.clone().oneshot(request.clone()).await;
            let Ok(expected) = place.layer.clone().oneshot(request).await;
            assert!(response.status().is_server_error(), "{response:?}");
            assert_eq!(
                Said::by(&response).headers,
                Said::by(&expected)
                    .headers
                    .into_iter()
                    .map(|(name, mut values)| {
                        // Headers of the service, which is absent here.
                        values.retain(|value| !value.starts_with("accept"));
                        (name, values)
                    })
                    .collect(),
                "{}",
                proxy.name()
            );
        }
    }
}

async fn means_what_the_layer_means(proxy: Proxy) {
    let Some(version) = proxy.version() else {
        eprintln!("{} is not installed", proxy.name());
        return;
    };
    let attacks: Attacks =
        toml::from_str(include_str!("../../data/attacks/origins.toml")).expect("a file of attacks");
    let asked: Asked =
        toml::from_str(include_str!("../../data/attacks/preflights.toml")).expect("a file of attacks");
    let hostile: Vec<Table> =
        attacks.policies.into_values().filter(|rules| !rules.contains_key("predicate")).collect();
    let preflights = preflight_policies();
    let arbitrary = arbitrary::policies();
    let mut policies: Vec<Table> = DATA.cases.iter().filter_map(|case| case.rules.clone()).collect();
    policies.extend(DATA.raw.iter().map(|case| case.rules.clone()));
    policies.extend(hostile.iter().chain(&preflights).chain(&arbitrary).cloned());
    let mut once: Vec<Table> = Vec::new();
    for rules in policies {
        if !once.contains(&rules) {
            once.push(rules);
        }
    }
    let stand = Stand::new(proxy, once, None, 0).await;
    let mut told = Vec::new();
    let mut cases = 0;
    for case in &DATA.cases {
        if case.name == BEYOND_THE_LIMIT || is_never_passed_on(proxy, case) {
            continue;
        }
        if let Some(place) = case.rules.as_ref().and_then(|rules| stand.place(rules)) {
            cases += 1;
            told.extend(difference_for_a_page(case, place).await);
        }
    }
    // nginx before 1.23 reads the first of two lines.
    let reads_one_line = version.contains("nginx/1.22") || version.contains("nginx/1.18");
    let sent = |rules: &Table| {
        let Some(place) = stand.place(rules) else { return Vec::new() };
        let mut sent = Vec::new();
        let own = arbitrary::origins(&place.policy.to_builder());
        let of_attacks = attacks.origins.iter().flat_map(Origins::lines).filter(|_| hostile.contains(rules));
        // Envoy ignores an empty line beside another one.
        let joins_lines = |lines: &[Vec<u8>]| {
            !reads_one_line && (proxy != Proxy::Envoy || lines.iter().all(|line| !line.is_empty()))
        };
        let is_read = |lines: &Vec<_>| lines.len() == 1 || joins_lines(lines);
        // The same code decorates another `OPTIONS` and a `GET`: one of them is enough.
        let own =
            own.iter().enumerate().map(|(nth, lines)| (if nth == 0 { 3 } else { 2 }, origin_requests(lines)));
        sent.extend(own.flat_map(|(count, requests)| requests.into_iter().take(count)));
        let of_attacks = of_attacks.filter(is_read).map(|lines| origin_requests(&lines));
        sent.extend(of_attacks.flat_map(|requests| requests.into_iter().take(2)));
        let of_attacks =
            asked.preflights.iter().flat_map(|class| class.allowed.iter().chain(&class.refused)).cloned();
        let of_attacks = of_attacks.filter(|_| preflights.contains(rules));
        let own = arbitrary::asked(&place.policy.to_builder());
        sent.extend(own.into_iter().chain(of_attacks).map(|list| preflight(place, &list)));
        sent.into_iter().map(|request| (place, request)).collect()
    };
    let sent: Vec<_> = hostile.iter().chain(&preflights).chain(&arbitrary).flat_map(sent).collect();
    let requests = sent.len();
    let differences = stream::iter(sent).map(|(place, request)| difference_for(place, request));
    told.extend(differences.buffer_unordered(CONCURRENT).filter_map(future::ready).collect::<Vec<_>>().await);
    told.truncate(MAX_TOLD);
    assert!(told.is_empty(), "{}\n{}", proxy.name(), told.join("\n"));
    assert!(
        cases > 150 && requests > 1000 && stand.places.len() > 50,
        "{cases} {requests} {} {}",
        stand.places.len(),
        stand.refused
    );
}

/// Each proxy has its own limit on the length of a preflight.
const BEYOND_THE_LIMIT: &str = "headers::seventy headers of one request are more than a policy reads";

/// Whether the proxy answers with its own error whatever its configuration: it does not know the method.
fn is_never_passed_on(proxy: Proxy, case: &Case) -> bool {
    let is_unknown = |step: &Step| {
        let method = &step.ask.method;
        let has_other_bytes = method.bytes().any(|byte| !matches!(byte, b'A'..=b'Z' | b'-' | b'_'));
        match proxy {
            Proxy::Nginx => has_other_bytes,
            Proxy::Envoy => has_other_bytes || method == "QUERY",
            Proxy::Caddy | Proxy::Haproxy => false,
        }
    };
    case.steps.iter().any(is_unknown)
}

/// As in the trials of the attacks, with more echoed names.
fn preflight_policies() -> Vec<Table> {
    let texts = [
        r#"allow_headers = ["x-a", "x-b", "x-p-*"]
        allow_methods = ["PUT", "PURGE"]"#,
        r#"allow_headers = ["*"]
        allow_methods = ["*"]"#,
        r#"allow_headers = ["*", "authorization"]"#,
        r#"allow_headers = ["auth*", "x*"]"#,
    ];
    texts
        .map(|text| {
            format!("allow_origins = [\"https://app.example.com\"]\nallow_credentials = true\n{text}")
        })
        .map(|text| text.parse().expect("a policy"))
        .to_vec()
}

/// What a page gets through the proxy and through the layer.
async fn difference_for_a_page(case: &Case, place: &Place) -> Vec<String> {
    let mut told = Vec::new();
    let mut browsers = [(); 2].map(|()| {
        let browser = Browser::at(&case.page).server(&case.server);
        if case.has_cookie() { browser.cookie("session=1") } else { browser }
    });
    for step in &case.steps {
        let mut got = Vec::new();
        for (browser, app) in browsers.iter_mut().zip([&place.layer, &place.proxy]) {
            browser.advance(Duration::from_secs(step.wait));
            let result = browser.fetch(&mut app.clone(), request(case, &step.ask)).await;
            let mut seen = seen(result, &Record::default());
            // The proxy's own headers.
            seen.readable.retain(|name| !OF_A_PROXY.contains(&name.as_str()));
            let exchanges: Vec<_> = browser
                .log()
                .iter()
                .map(Exchange::of_log)
                .map(|exchange| (exchange.request, Said::of(exchange.status, exchange.response)))
                .collect::<Vec<_>>();
            got.push((seen, exchanges));
        }
        let is_blocked = |reason: &str| got[0].0.blocked == Blocked::For(reason.to_owned());
        if is_blocked("header-not-allowed") {
            // The proxy echoes requested names only if all of them are allowed.
            for (_, said) in got.iter_mut().flat_map(|(_, exchanges)| exchanges) {
                said.headers.remove("access-control-allow-headers");
            }
        }
        if got[0] != got[1] {
            told.push(format!("{}\n  layer: {:?}\n  proxy: {:?}", case.name, got[0], got[1]));
        }
    }
    told
}

/// A request of each kind.
fn origin_requests(lines: &[Vec<u8>]) -> Vec<Request<String>> {
    let sendable: Option<Vec<HeaderValue>> =
        lines.iter().map(|line| HeaderValue::from_bytes(line.trim_ascii()).ok()).collect();
    let Some(lines) = sendable else { return Vec::new() };
    let of = |method: &str, path: &str, is_preflight: bool| {
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost:4000");
        for line in &lines {
            request = request.header("origin", line);
        }
        if is_preflight {
            request = request.header("access-control-request-method", "PUT");
        }
        request.body(String::new()).expect("a request")
    };
    vec![of("GET", "/", false), of("OPTIONS", "/", true), of("OPTIONS", "/error", false)]
}

fn preflight(place: &Place, list: &[String]) -> Request<String> {
    let page = arbitrary::origins(&place.policy.to_builder()).into_iter().next().expect("an origin");
    let mut request = Request::builder().method("OPTIONS").uri("/").header("host", "localhost:4000");
    request = request.header("origin", page[0].as_slice());
    for (index, value) in list.iter().enumerate() {
        let name =
            if index == 0 { "access-control-request-method" } else { "access-control-request-headers" };
        if let Ok(value) = HeaderValue::from_bytes(bytes(value).trim_ascii()) {
            request = request.header(name, value);
        }
    }
    request.body(String::new()).expect("a request")
}

async fn difference_for(place: &Place, request: Request<String>) -> Option<String> {
    let Ok(layer) = place.layer.clone().oneshot(request.clone()).await;
    let Ok(proxy) = place.proxy.clone().oneshot(request.clone()).await;
    let denial = place.policy.decide(&request).denial().map(Denial::kind);
    let why = difference(&request, denial, &Said::by(&layer), &Said::by(&proxy))?;
    let shown = format!("{request:?}").chars().take(600).collect::<String>();
    Some(format!("{why}: {:?}\n  {shown}\n  layer: {layer:?}\n  proxy: {proxy:?}", place.rules))
}

/// The differences. The proxy may refuse requests that no browser sends, and need not echo names in an answer that a browser
/// refuses anyway.
fn difference(
    request: &Request<String>,
    denial: Option<&str>,
    layer: &Said,
    proxy: &Said,
) -> Option<&'static str> {
    if !proxy.doubled.is_empty() {
        return Some("a header is there twice");
    }
    let lines = |name: &str| request.headers().get_all(name).iter().collect::<Vec<_>>();
    // nginx ignores an empty line.
    let is_empty = |name: &str| lines(name).iter().any(|value| value.is_empty());
    let origin = |said: &Said| said.headers.get("access-control-allow-origin").cloned();
    let is_no_preflight =
        (is_empty("origin") || is_empty("access-control-request-method")) && origin(layer) == origin(proxy);
    let is_unread = matches!(proxy.status, 400 | 414 | 431 | 494) && proxy.is_refusal();
    if layer == proxy || is_unread || is_no_preflight {
        return None;
    }
    let echoed = |said: &Said| said.headers.get("access-control-allow-headers").cloned().unwrap_or_default();
    let is_same_but_for_the_echo = || {
        let headers = |said: &Said| {
            let mut headers = said.headers.clone();
            headers.remove("access-control-allow-headers");
            headers
        };
        layer.status == proxy.status && headers(layer) == headers(proxy)
    };
    match denial {
        // Each proxy has its own limit.
        Some("too-many-headers" | "method-too-long") => None,
        Some(
            "origin-not-allowed" | "null-origin" | "malformed-origin" | "several-origins" | "foreign-host",
        ) => Some("not the same"),
        // The proxy echoes requested names only if all of them are allowed and on one line.
        Some(_) if is_same_but_for_the_echo() && echoed(proxy).is_subset(&echoed(layer)) => None,
        None if is_same_but_for_the_echo() && echoed(proxy).is_subset(&echoed(layer)) => {
            let is_split = lines("access-control-request-headers").len() > 1;
            (!is_split).then_some("less is allowed")
        }
        _ => Some("not the same"),
    }
}

/// As in the trials of the attacks: `{3*ab}` is `ababab`, and `{xff}` is the byte 0xff. Any other brace stands for itself.
fn bytes(text: &str) -> Vec<u8> {
    let Some((before, rest)) = text.split_once('{') else { return text.as_bytes().to_vec() };
    let written = rest.split_once('}').and_then(|(inside, after)| {
        let byte = inside.strip_prefix('x').filter(|digits| digits.len() == 2);
        if let Some(byte) = byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            return Some((vec![byte], after));
        }
        let (times, repeated) = inside.split_once('*')?;
        Some((repeated.repeat(times.parse().ok()?).into_bytes(), after))
    });
    let (written, after) = written.unwrap_or_else(|| (vec![b'{'], rest));
    [before.as_bytes().to_vec(), written, bytes(after)].concat()
}
