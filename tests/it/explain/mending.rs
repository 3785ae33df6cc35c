//! For every denial, the change that fixes it is applied, and works.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::ready;
use std::slice::from_ref;
use std::sync::{Arc, Mutex};

use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderName, HeaderValue, ORIGIN,
};
use http::{HeaderMap, Method, Request, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tower::{Layer, Service, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder, Denial, Explanation, Outcome, Remedy};

use crate::browser_model::oracle::{MOST_ROUNDS, deciding};
use crate::support::{APP, STRANGER, allow_app, header_not_allowed};

proptest! {
    #[test]
    fn the_named_change_mends_every_denial(policies in lists(), request in requests()) {
        assert_is_explained(&policies, &request);
    }

    #[test]
    fn one_policy_explains_as_a_list_of_it(policy in policy(), request in requests()) {
        prop_assert_eq!(Explanation::by_first_match(from_ref(&policy), &request), policy.explain(&request));
    }
}

#[test]
fn every_denial_is_among_those_that_are_mended() {
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut kinds = BTreeSet::new();
    for _ in 0..3000 {
        let policies = lists().new_tree(&mut runner).expect("a list").current();
        let request = requests().new_tree(&mut runner).expect("a request").current();
        kinds.extend(denial(&policies, &request).as_ref().map(Denial::kind));
        assert_is_explained(&policies, &request);
    }
    // All except `LookupPanicked`: an explanation is for policies that were found.
    let all = [
        Denial::OriginNotAllowed,
        Denial::NullOrigin,
        Denial::MalformedOrigin,
        Denial::SeveralOrigins,
        Denial::ForeignHost,
        Denial::MethodNotAllowed,
        Denial::ForbiddenMethod,
        Denial::MalformedMethod,
        Denial::MethodTooLong,
        header_not_allowed(0),
        Denial::AuthorizationNotListed,
        Denial::MalformedHeaders,
        Denial::TooManyHeaders,
        Denial::NoPolicy,
    ];
    assert_eq!(kinds, all.iter().map(Denial::kind).collect());
}

/// Applies one remedy of each failed step, until the request passes.
fn mend(mut policies: Vec<CorsPolicy>, mut request: Request<()>, alternative: usize) -> Result<(), String> {
    for _ in 0..MOST_ROUNDS {
        let explanation = Explanation::by_first_match(&policies, &request);
        if explanation.denial() != denial(&policies, &request).as_ref() {
            return Err(format!("the layer says otherwise:\n{explanation}"));
        }
        let Some(denial) = explanation.denial() else {
            return Ok(());
        };
        let failed: Vec<_> =
            explanation.steps().iter().filter(|step| step.outcome() == Outcome::Failed).collect();
        if failed.is_empty() {
            return Err(format!("nothing failed, but: {denial}"));
        }
        let deciding = deciding(&policies, &request);
        for step in failed {
            let Some(remedy) = step.remedies().get(alternative).or(step.remedies().first()) else {
                return Err(format!("no remedy for: {}", step.detail()));
            };
            if *remedy == Remedy::FindPolicy {
                policies.push(allow_app().build().expect("a policy"));
            } else {
                let builder = apply(remedy, policies[deciding].to_builder(), request.headers_mut());
                policies[deciding] = builder.build().map_err(|error| format!("{remedy:?}: {error}"))?;
            }
        }
    }
    Err(format!("still refused:\n{}", Explanation::by_first_match(&policies, &request)))
}

/// The denial that the layer's hook gets.
fn denial(policies: &[CorsPolicy], request: &Request<()>) -> Option<Denial> {
    let told = Arc::new(Mutex::new(None));
    let hook = Arc::clone(&told);
    let layer = CorsLayer::first_match(policies.iter().cloned())
        .on_denial(move |denial, _| *hook.lock().expect("no panic") = Some(*denial));
    let service = service_fn(|_| ready(Ok::<_, Infallible>(Response::new(()))));
    drop(layer.layer(service).call(request.clone()));
    *told.lock().expect("no panic")
}

/// Applies a remedy.
pub(super) fn apply(
    remedy: &Remedy,
    policy: CorsPolicyBuilder,
    headers: &mut HeaderMap,
) -> CorsPolicyBuilder {
    let value = |text: &str| HeaderValue::from_str(text).expect("a value");
    match remedy {
        Remedy::AllowOrigin(origin) => return policy.allow_origin(origin.as_str()),
        Remedy::UseAllowedOrigin => drop(headers.insert(ORIGIN, value(allowed_origin(policy.clone())))),
        Remedy::ServeAndAllow(origin) => {
            headers.insert(ORIGIN, value(origin));
            return policy.allow_origin(origin.as_str());
        }
        Remedy::AllowNullOrigin => return policy.dangerously_allow_null_origin(true),
        Remedy::GiveOrigin | Remedy::RespellOrigin(None) => {
            drop(headers.insert(ORIGIN, value("https://app.example.com")));
        }
        Remedy::ServePageAt(origin) | Remedy::RespellOrigin(Some(origin)) => {
            drop(headers.insert(ORIGIN, value(origin)));
        }
        Remedy::SendOneOrigin => {
            let first = headers.get(ORIGIN).expect("an origin").clone();
            headers.insert(ORIGIN, first);
        }
        // [`policy`] names every name of this machine.
        Remedy::SendOwnHost(host) => {
            drop(headers.insert(HOST, value(host.as_deref().unwrap_or("localhost:1"))));
        }
        Remedy::ServeAt(origin) => return policy.served_at([origin.as_str()]),
        Remedy::AllowMethod(method) => return policy.allow_methods([method]),
        Remedy::RespellMethod(method) => drop(headers.insert(ACCESS_CONTROL_REQUEST_METHOD, value(method))),
        Remedy::UseAnotherMethod => drop(headers.insert(ACCESS_CONTROL_REQUEST_METHOD, value("POST"))),
        Remedy::AllowHeader(name) => return policy.allow_headers([name]),
        Remedy::RespellHeader { name, listed, .. } => {
            keep_names(headers, |kept| !kept.eq_ignore_ascii_case(name));
            headers.append(ACCESS_CONTROL_REQUEST_HEADERS, value(listed));
        }
        Remedy::LeaveOutHeader(name) => keep_names(headers, |kept| !kept.eq_ignore_ascii_case(name)),
        Remedy::SendHeaderNames => {
            keep_names(headers, |kept| kept.is_empty() || HeaderName::from_bytes(kept.as_bytes()).is_ok());
        }
        Remedy::SendFewerHeaders { names, bytes, .. } => {
            let (mut left, mut room) = (*names, *bytes);
            keep_names(headers, |kept| {
                let fits = left > 0 && kept.len() + 2 <= room;
                if fits {
                    (left, room) = (left - 1, room - kept.len() - 2);
                }
                fits
            });
        }
        _ => panic!("an unknown remedy"),
    }
    policy
}

/// An origin that every policy of [`policy`] allows.
fn allowed_origin(policy: CorsPolicyBuilder) -> &'static str {
    // Depends only on the origin, whatever the host.
    let policy = policy.reject_disallowed_origins(false).build().expect("a policy");
    let allows = |origin: &&str| {
        let request = Request::get("/").header(ORIGIN, *origin).body(()).expect("a request");
        policy.decide(&request).denial().is_none()
    };
    let origins = [APP, "https://a.example.com", "http://localhost:1", "https://predicate.example"];
    origins.into_iter().find(allows).expect("the predicate allows one")
}

fn keep_names(headers: &mut HeaderMap, mut keep: impl FnMut(&str) -> bool) {
    let lines = headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter();
    let text: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned()).collect();
    let names: Vec<_> =
        text.iter().flat_map(|line| line.split(',')).map(str::trim).filter(|name| keep(name)).collect();
    let line = HeaderValue::from_str(&names.join(",")).expect("names");
    headers.insert(ACCESS_CONTROL_REQUEST_HEADERS, line);
}

fn lists() -> impl Strategy<Value = Vec<CorsPolicy>> {
    prop_oneof![6 => vec(policy(), 1), 1 => vec(policy(), 0..4)]
}

/// The service's own origins. A host that a remedy suggests for one policy of a list must also be a host of the others. The first
/// entry alone gives no host to suggest.
const OWN: [&str; 4] =
    ["http://localhost:*", "https://app.example.com", "http://a.example:3000", "https://*.own.example"];

pub(super) fn policy() -> impl Strategy<Value = CorsPolicy> {
    let origins = [
        APP,
        "https://*.example.com",
        "http://localhost:*",
        "https://partner.example:8443",
        "chrome-extension://*",
        "*",
    ];
    let lists = (
        vec(select(origins.to_vec()), 0..4),
        vec(select(vec!["PUT", "PATCH", "custom", "*"]), 0..3),
        prop_oneof![3 => Just(vec![]), 1 => Just(OWN.to_vec()), 1 => Just(vec![OWN[0]])],
        prop_oneof![
            3 => vec(select(vec!["authorization", "x-a", "x-p-*", "*"]), 0..3),
            2 => Just(vec!["*"]),
        ],
    );
    let switches = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (lists, switches).prop_filter_map(
        "a policy",
        |((origins, methods, own, headers), (credentials, null, rejects, dangers))| {
            CorsPolicy::builder()
                .allow_origins(origins)
                .allow_origin_if(|origin, _| origin.host() == "predicate.example")
                .allow_methods(methods)
                .allow_headers(headers)
                .allow_credentials(credentials)
                .reject_disallowed_origins(rejects)
                .served_at(own)
                .dangerously_allow_null_origin(null)
                .dangerously_allow_insecure_origins(dangers)
                .dangerously_allow_public_suffixes(dangers)
                .build()
                .ok()
        },
    )
}

/// Usually one line, as browsers send it.
fn lines(line: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<Vec<u8>>> {
    let count = prop_oneof![8 => Just(1_usize), 1 => Just(0), 1 => Just(2)];
    (vec(line, 2), count).prop_map(|(mut lines, count)| {
        lines.truncate(count);
        lines
    })
}

pub(super) fn requests() -> impl Strategy<Value = Request<()>> {
    let origin = prop_oneof![
        8 => select(vec![
            APP, STRANGER, "https://app.example.com:8443", "http://app.example.com", "https://example.com", "null", "",
            "https://app.example.com/", "HTTPS://APP.EXAMPLE.COM", "https://bücher.example", "http://stranger.example:443",
            "https://[::ffff:7f00:1]", "http://[::ffff:a00:1]:8080", "chrome-extension://abc:1", "tauri://localhost",
            "https://predicate.example", "https://*.example.com", "ws://app.example.com", "ftp://app.example.com",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(prop_oneof![0x20_u8..0x7f, 0x80_u8..=0xff], 0..300),
    ];
    let method = prop_oneof![
        8 => select(vec!["GET", "PUT", "patch", "PATCH", "Custom", "custom", "TRACE", "P*", "*", "P T", "", "PROPFIND"])
            .prop_map(|text| text.as_bytes().to_vec()),
        1 => select(vec![64_usize, 65, 400]).prop_map(|count| b"M".repeat(count)),
        1 => vec(prop_oneof![0x20_u8..0x7f, 0x80_u8..=0xff], 0..40),
    ];
    let headers = prop_oneof![
        8 => vec(
            select(vec!["authorization", "x-a", "X-A", "x-p-1", "x-*", "*", "cookie", "sec-x", "access-control-allow-origin", "x b", ""]),
            0..6
        )
        .prop_map(|names| names.join(", ").into_bytes()),
        3 => Just(b"authorization".to_vec()),
        1 => select(vec![64_usize, 65, 66, 200]).prop_map(|count| "y,".repeat(count).into_bytes()),
        1 => select(vec![2040_usize, 2047, 2048, 2049, 5000]).prop_map(|count| "z".repeat(count).into_bytes()),
        1 => vec(prop_oneof![0x20_u8..0x7f, 0x80_u8..=0xff], 0..100),
    ];
    let host = prop_oneof![
        6 => select(vec![
            "app.example.com", "APP.example.com:443", "localhost:1", "localhost", "a.example:3001", "a.example:3000.", "a.exarnple:3000",
            "x.own.example", "evilown.example", "10.0.0.7:8080", "[::1]", "[0::1]", "evil.example", "evil.example:80", "a b", "",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(prop_oneof![0x20_u8..0x7f, 0x80_u8..=0xff], 0..300),
    ];
    (lines(origin), lines(method), lines(headers), any::<bool>(), lines(host)).prop_map(
        |(origins, methods, headers, is_options, hosts)| {
            let mut request = Request::new(());
            *request.method_mut() = if is_options { Method::OPTIONS } else { Method::GET };
            let mut add = |name: HeaderName, values: Vec<Vec<u8>>| {
                for value in values {
                    request
                        .headers_mut()
                        .append(name.clone(), HeaderValue::from_bytes(&value).expect("a value"));
                }
            };
            add(ORIGIN, origins);
            add(ACCESS_CONTROL_REQUEST_METHOD, methods);
            add(ACCESS_CONTROL_REQUEST_HEADERS, headers);
            add(HOST, hosts);
            request
        },
    )
}

fn assert_is_explained(policies: &[CorsPolicy], request: &Request<()>) {
    let explanation = Explanation::by_first_match(policies, request);
    assert_eq!(explanation.denial(), denial(policies, request).as_ref());
    let has_failed = explanation.steps().iter().any(|step| step.outcome() == Outcome::Failed);
    assert_eq!(has_failed, explanation.denial().is_some(), "{explanation}");
    assert_eq!(explanation.decided_by(), (!policies.is_empty()).then(|| deciding(policies, request)));
    for alternative in 0..2 {
        if let Err(problem) = mend(policies.to_vec(), request.clone(), alternative) {
            panic!("{problem}\n{policies:?}\n{request:?}");
        }
    }
}
