//! Properties of every decision, for any policy and any bytes in a request.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tower_cors::{CorsPolicy, Decision, Origin};

/// Patterns that match or nearly match the origins below.
const PATTERNS: [&str; 12] = [
    "https://a.example",
    "https://b.example",
    "http://localhost:3000",
    "http://localhost:*",
    "https://*.a.example",
    "https://*.example.com:*",
    "https://[2001:db8::1]",
    "http://127.0.0.1:8080",
    "chrome-extension://*",
    "tauri://localhost",
    "https://a.example.",
    "*",
];

const ORIGINS: [&str; 20] = [
    "https://a.example",
    "https://b.example",
    "https://a.example.",
    "https://a.example:443",
    "https://a.example/",
    "https://A.example",
    "http://a.example",
    "https://x.a.example",
    "https://xa.example",
    "https://a.example.evil.test",
    "https://x.y.example.com:8443",
    "http://localhost",
    "http://localhost:3000",
    "http://localhost:03000",
    "https://[2001:db8::1]",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "tauri://localhost",
    "null",
    "*",
    "",
];

pub(crate) fn policy() -> impl Strategy<Value = CorsPolicy> {
    let lists = (
        vec(select(&PATTERNS[..]), 0..5),
        vec(select(&["PUT", "PATCH", "custom", "*"][..]), 0..3),
        vec(select(&["authorization", "x-a", "X-B", "x-p-*", "*"][..]), 0..4),
        vec(select(&["x-request-id", "ETag", "*"][..]), 0..3),
        vec(select(&["x-tenant", "Origin"][..]), 0..2),
    );
    let predicate = prop_oneof![3 => Just(false), 1 => Just(true)];
    let switches = (any::<bool>(), any::<bool>(), any::<bool>(), predicate);
    (lists, switches, proptest::option::of(0_u64..=86_400)).prop_filter_map(
        "a policy",
        |((origins, methods, headers, exposed, vary_by), (credentials, null, reject, predicate), max_age)| {
            let mut builder = CorsPolicy::builder()
                .allow_origins(origins)
                .allow_methods(methods)
                .allow_headers(headers)
                .expose_headers(exposed)
                .vary_by(vary_by)
                .allow_credentials(credentials)
                .dangerously_allow_public_suffixes(true)
                .dangerously_allow_null_origin(null)
                .reject_disallowed_origins(reject);
            if predicate {
                builder = builder.allow_origin_if(|origin, _| origin.host().ends_with('a'));
            }
            if let Some(seconds) = max_age {
                builder = builder.max_age(std::time::Duration::from_secs(seconds));
            }
            builder.build().ok()
        },
    )
}

/// Bytes that a header may hold.
fn field_value() -> impl Strategy<Value = HeaderValue> {
    vec(any::<u8>(), 0..40).prop_filter_map("a field value", |bytes| HeaderValue::from_bytes(&bytes).ok())
}

fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = HeaderValue> {
    prop_oneof![4 => select(texts).prop_map(HeaderValue::from_static), 1 => field_value()]
}

pub(crate) fn request() -> impl Strategy<Value = Request<()>> {
    let method = select(vec![
        Method::GET,
        Method::POST,
        Method::OPTIONS,
        Method::OPTIONS,
        Method::OPTIONS,
        Method::PUT,
    ]);
    let origins = prop_oneof![1 => vec(one_of(&ORIGINS), 0..1), 8 => vec(one_of(&ORIGINS), 1..2), 1 => vec(one_of(&ORIGINS), 2..4)];
    let methods = vec(one_of(&["PUT", "PATCH", "patch", "GET", "TRACE", "custom", "*", ""]), 0..3);
    let headers = vec(
        one_of(&["", "x-a", "x-a,x-b", "X-P-Q, x-p-q,x-p-r", "authorization", "x-c", "a b", ",,,"]),
        0..3,
    );
    let fetch_site = proptest::option::of(one_of(&["same-origin", "cross-site"]));
    (method, origins, methods, headers, fetch_site).prop_map(
        |(method, origins, methods, headers, fetch_site)| {
            let mut request = Request::new(());
            *request.method_mut() = method;
            let lines = [
                (ORIGIN, origins),
                (ACCESS_CONTROL_REQUEST_METHOD, methods),
                (ACCESS_CONTROL_REQUEST_HEADERS, headers),
                (HeaderName::from_static("sec-fetch-site"), fetch_site.into_iter().collect()),
            ];
            for (name, values) in lines {
                for value in values {
                    request.headers_mut().append(&name, value);
                }
            }
            request
        },
    )
}

/// Headers that a service may have set.
fn service_headers() -> impl Strategy<Value = HeaderMap> {
    let names = [
        VARY,
        ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderName::from_static("etag"),
        HeaderName::from_static("set-cookie"),
    ];
    let value = one_of(&["*", "Accept", "accept, Origin", "x", "true", "https://a.example"]);
    vec((select(names.to_vec()), value), 0..6).prop_map(headers_of)
}

/// Keeps several lines of one name, which `collect` would not.
fn headers_of(lines: Vec<(HeaderName, HeaderValue)>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(name, value);
    }
    headers
}

/// The status and headers of the response, and whether the service ran.
fn answer(decision: Decision, service: &HeaderMap) -> (StatusCode, HeaderMap, bool) {
    let answered = |response: http::Response<()>| (response.status(), response.headers().clone(), false);
    match decision {
        Decision::Preflight(preflight) => answered(preflight.into_response(())),
        Decision::Rejected(rejected) => answered(rejected.into_response(())),
        Decision::Actual(actual) => {
            let mut headers = service.clone();
            actual.decorate(&mut headers);
            (StatusCode::OK, headers, true)
        }
        _ => unreachable!("there are three kinds of decision"),
    }
}

fn members<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a [u8]> {
    let lines = headers.get_all(name).into_iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii)).collect()
}

fn is_token(bytes: &[u8]) -> bool {
    Method::from_bytes(bytes).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_request_breaks_the_rules_of_the_protocol(
        policy in policy(),
        request in request(),
        service in service_headers(),
    ) {
        let decision = policy.decide(&request);
        let is_preflight = matches!(decision, Decision::Preflight(_));
        let denied = decision.denial().copied();
        let (status, headers, service_ran) = answer(decision, &service);
        let origins: Vec<_> = request.headers().get_all(ORIGIN).iter().collect();

        // The service sees everything except preflights and rejected requests.
        let has = |name| request.headers().contains_key(name);
        prop_assert_eq!(
            is_preflight,
            request.method() == Method::OPTIONS && has(ORIGIN) && has(ACCESS_CONTROL_REQUEST_METHOD)
        );
        prop_assert_eq!(service_ran, !is_preflight && status != StatusCode::FORBIDDEN);

        // Never two, and only `*` or the one allowed, well-formed origin.
        let allow_origin: Vec<_> = headers.get_all(ACCESS_CONTROL_ALLOW_ORIGIN).iter().collect();
        prop_assert!(allow_origin.len() <= 1);
        let any = allow_origin.first().is_some_and(|value| *value == "*");
        if let (Some(value), false) = (allow_origin.first(), any) {
            prop_assert_eq!(&origins, &vec![*value]);
            let text = value.to_str().expect("ASCII");
            prop_assert!(Origin::parse(text).is_ok() || text == "null");
        }

        // Credentials: the literal `true`, and never with any origin.
        let credentials: Vec<_> = headers.get_all(ACCESS_CONTROL_ALLOW_CREDENTIALS).iter().collect();
        prop_assert!(credentials.is_empty() || credentials == ["true"]);
        prop_assert!(credentials.is_empty() || (!allow_origin.is_empty() && !any));

        // Nothing is sent that is not granted.
        if allow_origin.is_empty() {
            prop_assert!(headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{:?}", headers);
        }
        if is_preflight {
            prop_assert_eq!(status == StatusCode::FORBIDDEN, allow_origin.is_empty());
            for name in [ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS] {
                prop_assert!(members(&headers, &name).into_iter().all(is_token), "{:?}", headers);
            }
        }

        // `Vary`: the service's names, and those that the answer depends on.
        let vary = members(&headers, &VARY);
        let varies_by = |name: &str| vary.iter().any(|member| member.eq_ignore_ascii_case(name.as_bytes()) || *member == b"*");
        if service_ran {
            let before = members(&service, &VARY);
            prop_assert_eq!(&vary[..before.len()], &before[..], "what the service said stays, in its order");
            prop_assert!(any || varies_by("origin"), "{:?}", headers);
        } else {
            prop_assert!(varies_by("origin"));
        }
        if is_preflight {
            prop_assert!(varies_by("access-control-request-method") && varies_by("access-control-request-headers"));
        }

        // The decision names a reason exactly where a browser would find one.
        if denied.is_none() && !origins.is_empty() && !any && allow_origin.is_empty() {
            let same_origin = request.headers().get("sec-fetch-site").is_some_and(|site| site == "same-origin");
            prop_assert!(same_origin, "an origin is refused without a reason");
        }

        // Requests do not affect each other.
        let (again, headers_again, _) = answer(policy.decide(&request), &service);
        prop_assert_eq!((again, headers_again), (status, headers));
    }

    #[test]
    fn a_policy_is_what_its_builder_says(policy in policy()) {
        let rebuilt = policy.to_builder().build();
        prop_assert_eq!(rebuilt.as_ref(), Ok(&policy));
        prop_assert_eq!(rebuilt.map(|policy| policy.to_builder()), Ok(policy.to_builder()));
    }

    #[test]
    fn a_builder_never_panics_and_its_suggestions_are_accepted(texts in vec("(https?://|[a-z*]{0,3}[:/]{0,3})?\\PC{0,20}", 1..4)) {
        let Err(error) = CorsPolicy::builder().allow_origins(&texts).allow_methods(&texts).allow_headers(&texts).build() else {
            return Ok(());
        };
        for issue in error.issues() {
            prop_assert!(!issue.to_string().contains(char::is_control));
            if let Some(suggestion) = issue.suggestion() {
                let open = CorsPolicy::builder().allow_any_origin();
                let accepted = match issue.field() {
                    "allow_origins" => open.allow_origin(suggestion),
                    "allow_methods" => open.allow_methods([suggestion]),
                    _ => open.allow_headers([suggestion]),
                };
                prop_assert!(accepted.build().is_ok(), "{}", issue);
            }
        }
    }

    #[test]
    fn a_pattern_prints_what_was_parsed(text in "(https?|tauri|moz-extension)://(\\*\\.)?[a-c0-9.]{1,12}(:\\*|:[0-9]{1,5})?") {
        if let Ok(pattern) = text.parse::<tower_cors::OriginPattern>() {
            prop_assert_eq!(pattern.to_string(), text);
        }
    }
}
