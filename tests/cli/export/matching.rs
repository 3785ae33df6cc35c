//! Models of the matchers of a gateway and of an HTTP API, from their documentation: of the crate's attacks they let nothing
//! through that the layer refuses. `behaviour` tests the real Envoy.

use std::collections::BTreeMap;

use http::Request;
use serde::Deserialize;
use serde_json::Value;
use toml::Table;
use tower_cors::{CorsPolicy, CorsPolicyBuilder};

use super::arbitrary;
use super::vendors::export;

#[derive(Deserialize)]
struct Attacks {
    policies: BTreeMap<String, Table>,
    origins: Vec<Origins>,
}

#[derive(Deserialize)]
struct Origins {
    allowed: Vec<String>,
    #[serde(default)]
    refused: Vec<toml::Value>,
}

/// An origin as a browser writes it, in parts: a scheme, a host of labels, and a port where it is not the scheme's own.
struct Parts<'o> {
    scheme: &'o str,
    host: &'o str,
    port: &'o str,
}

impl<'o> Parts<'o> {
    fn of(origin: &'o str) -> Option<Self> {
        let (scheme, authority) = origin.split_once("://")?;
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
        Some(Self { scheme, host, port: if port.is_empty() { port_of(scheme) } else { port } })
    }

    fn is_written_by_a_browser(&self, origin: &str) -> bool {
        // Only web origins: a gateway supports no others.
        url::Url::parse(origin).is_ok_and(|url| {
            url.origin().ascii_serialization() == origin && matches!(self.scheme, "http" | "https")
        })
    }
}

fn port_of(scheme: &str) -> &'static str {
    if scheme == "http" { "80" } else { "443" }
}

/// The specification of `HTTPCORSFilter`: `*` stands for any number of labels to the left, and a missing port for the scheme's own.
fn gateway_lets_through(allowed: &str, origin: &str) -> bool {
    if allowed == "*" {
        return true;
    }
    let (Some(rule), Some(asked)) = (Parts::of(allowed), Parts::of(origin)) else { return false };
    let is_host = match rule.host.strip_prefix('*') {
        Some(suffix) => asked.host.strip_suffix(suffix).is_some_and(are_labels) && asked.host.len() <= 253,
        None => rule.host == asked.host,
    };
    asked.is_written_by_a_browser(origin) && rule.scheme == asked.scheme && rule.port == asked.port && is_host
}

/// Labels of the DNS: RFC 1035, section 2.3.4, and RFC 2181, section 11, limited to host names.
fn are_labels(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_of_a_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=63).contains(&label.len()) && label.bytes().all(is_of_a_host)
    };
    text.split('.').all(is_label)
}

/// The guide to HTTP APIs: a whole origin, any, or any with a scheme.
fn aws_lets_through(allowed: &str, origin: &str) -> bool {
    match allowed {
        "*" => true,
        "https://*" | "http://*" => origin.starts_with(allowed.trim_end_matches('*')),
        _ => allowed == origin,
    }
}

fn attacks() -> Attacks {
    toml::from_str(include_str!("../../data/attacks/origins.toml")).expect("a file of attacks")
}

/// Its origins, one line each. No matcher joins several lines.
fn origins(attacks: &Attacks) -> Vec<String> {
    let mut origins = Vec::new();
    for class in &attacks.origins {
        origins.extend(class.allowed.iter().cloned());
        origins.extend(class.refused.iter().filter_map(toml::Value::as_str).map(str::to_owned));
    }
    origins
}

fn layer_lets_through(policy: &CorsPolicy, origin: &str) -> Option<bool> {
    let request = Request::get("/").header("origin", origin).body(()).ok()?;
    Some(policy.decide(&request).denial().is_none())
}

fn nothing_more_is_let_through(
    target: &str,
    lists: impl Fn(&str) -> Vec<String>,
    lets_through: impl Fn(&str, &str) -> bool,
) {
    let attacks = attacks();
    let of_attacks = origins(&attacks);
    let policies = attacks.policies.values().filter(|rules| !rules.contains_key("predicate")).cloned();
    let (mut passed, mut refused) = (0, 0);
    for rules in policies.chain(arbitrary::policies()) {
        let Some(exported) = export(&rules, target) else { continue };
        let whole: CorsPolicyBuilder = rules.clone().try_into().expect("a policy's fields");
        let own = arbitrary::origins(&whole).into_iter().flatten();
        let own = own.filter_map(|origin| String::from_utf8(origin).ok());
        let policy = whole.build().expect("a policy");
        let allowed = lists(&exported.text);
        for origin in of_attacks.iter().cloned().chain(own) {
            let Some(expected) = layer_lets_through(&policy, &origin) else { continue };
            let is_let_through = allowed.iter().any(|allowed| lets_through(allowed, &origin));
            assert!(expected || !is_let_through, "{target}: {origin} by {allowed:?}");
            if is_let_through {
                passed += 1;
            } else {
                refused += 1;
            }
        }
    }
    assert!(passed > 20 && refused > 2000, "{target}: {passed} {refused}");
}

#[test]
fn a_gateway_lets_nothing_through_that_the_layer_refuses() {
    let lists = |text: &str| {
        let route: Value = serde_yaml_ng::from_str(text).expect("YAML");
        texts(&route["spec"]["rules"][0]["filters"][0]["cors"]["allowOrigins"])
    };
    nothing_more_is_let_through("gateway-api", lists, gateway_lets_through);
}

#[test]
fn an_http_api_lets_nothing_through_that_the_layer_refuses() {
    let lists = |text: &str| {
        let cors: Value = serde_json::from_str(text).expect("JSON");
        texts(&cors["AllowOrigins"])
    };
    nothing_more_is_let_through("aws-http-api", lists, aws_lets_through);
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// The models notice patterns that let more through than the policy. These are not exported.
#[test]
fn the_models_know_what_is_more_than_the_policy() {
    assert!(gateway_lets_through("https://*.example.com", "https://a.b.example.com"));
    assert!(!gateway_lets_through("https://*.example.com", "https://example.com"));
    assert!(!gateway_lets_through("https://*.example.com", "https://a.example.com:8443"));
    assert!(aws_lets_through("https://*", "https://evil.test"));
    assert!(!aws_lets_through("https://a.example", "https://a.example.evil.test"));
}
