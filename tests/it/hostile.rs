//! `Origin` and `Access-Control-Request-Headers` as no browser sends them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tower::{Layer, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder, Denial};

use crate::net::Server;
use crate::support::{
    APP, App, PREFLIGHT_VARY, SAFELISTED_METHODS, VARY, allow_app, assert_headers, assert_headers_of,
    assert_refused, assert_rows, denial, header_set, headers_of, preflight, request,
};

/// Malformed origins that each contain a part of an allowed one.
const MALFORMED: [&[u8]; 39] = [
    b"",
    b"*",
    b"NULL",
    b"nullnull",
    b"null, null",
    b"https://app.example.com, https://app.example.com",
    b"https://app.example.com,https://stranger.example",
    b"https://app.example.com https://stranger.example",
    b"https://app.ex\xe4mple.com",
    b"https://\xffapp.example.com",
    b"https://b\xc3\xbccher.example.com",
    b"https://App.example.com",
    b"HTTPS://app.example.com",
    b"https://app.example.com/",
    b"https://app.example.com/path",
    b"https://app.example.com?",
    b"https://app.example.com#",
    b"https://app.example.com:443",
    b"https://app.example.com:",
    b"https://app.example.com:0",
    b"https://app.example.com:08443",
    b"https://app.example.com:65536",
    b"https://app.example.com:*",
    b"https://*.example.com",
    b"https://user@app.example.com",
    b"https://stranger.example/.example.com",
    b"https://stranger.example\\.example.com",
    b"https://stranger.example?.example.com",
    b"https://stranger.example#.example.com",
    b"https://stranger.example:80.example.com",
    b"https://[app.example.com]",
    b"https://..example.com",
    b"https://a%2e.example.com",
    b"app.example.com",
    b"ws://app.example.com",
    b"wss://app.example.com",
    b"ftp://app.example.com",
    b"Capacitor://MyApp",
    b"capacitor://My App",
];

/// Well-formed origins that nearly match the rules of [`policies`].
const NEAR_MISSES: [&str; 9] = [
    "http://app.example.com",
    "https://app.example.com.",
    "https://app.example.com:8443",
    "https://example.com",
    "https://a.b.example.com.stranger.example",
    "https://notexample.com",
    "https://xapp.example.com.example",
    "http://localhost.stranger.example",
    "https://localhost:3000",
];

/// An exact rule, wildcards for hosts and ports, and both together.
fn policies() -> [CorsPolicyBuilder; 3] {
    let wildcards = ["https://*.sub.example.com", "http://localhost:*", "https://*.wild.example:*"];
    [
        allow_app(),
        CorsPolicy::builder().allow_origins(wildcards),
        allow_app()
            .allow_origins(wildcards)
            .allow_credentials(true)
            .allow_any_method()
            .allow_headers(["x-*"]),
    ]
}

/// Rules that allow every well-formed origin below `example.com`, and every origin that a predicate gets.
fn lenient(asked: &Arc<AtomicUsize>) -> CorsPolicyBuilder {
    let asked = Arc::clone(asked);
    CorsPolicy::builder().allow_origins(["https://*.example.com", "https://*.example.com:*"]).allow_origin_if(
        move |_, _| {
            asked.fetch_add(1, Ordering::SeqCst);
            true
        },
    )
}

/// Sends an actual request and a preflight with each of these origins. Both must be refused, and never echo it.
async fn check_refused(app: &App, origins: &[impl AsRef<[u8]>]) {
    let mut rows = Vec::new();
    for origin in origins.iter().map(AsRef::as_ref) {
        let actual = app.send_served(request("GET", &[("origin", origin)])).await;
        let method: &[u8] = b"PUT";
        let headers = [("origin", origin), ("access-control-request-method", method)];
        let preflight = app.send_unserved(request("OPTIONS", &headers)).await;
        rows.push((
            origin.escape_ascii(),
            (headers_of(&actual), preflight.status().as_u16(), headers_of(&preflight)),
            (header_set(&[VARY]), 403, header_set(&[PREFLIGHT_VARY])),
        ));
    }
    assert_rows(rows);
}

/// Why the policy refuses an actual request with each of these origins.
fn check_denial(policy: &CorsPolicy, origins: &[impl AsRef<[u8]>], expected: Denial) {
    assert_rows(origins.iter().map(AsRef::as_ref).map(|origin| {
        (origin.escape_ascii(), denial(policy, &request("GET", &[("origin", origin)])), Some(expected))
    }));
}

#[tokio::test]
async fn origins_that_are_none_match_no_rule_and_are_never_echoed() {
    for policy in policies() {
        check_refused(&App::new(policy), &MALFORMED).await;
    }
}

#[tokio::test]
async fn origins_that_are_none_match_no_lenient_rule_and_no_predicate_sees_them() {
    let asked = Arc::new(AtomicUsize::new(0));
    let app = App::new(lenient(&asked));
    let policy = lenient(&asked).build().expect("a policy");
    check_refused(&app, &MALFORMED).await;
    check_denial(&policy, &MALFORMED, Denial::MalformedOrigin);
    check_refused(&app, &["null"]).await;
    check_denial(&policy, &["null"], Denial::NullOrigin);
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    // The predicate does run and allow well-formed origins.
    let response = app.send_served(request("GET", &[("origin", "https://stranger.example")])).await;
    assert_eq!(response.headers()["access-control-allow-origin"], "https://stranger.example");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn origins_that_come_close_match_no_rule() {
    for policy in policies() {
        check_refused(&App::new(policy.clone()), &NEAR_MISSES).await;
        check_denial(&policy.build().expect("a policy"), &NEAR_MISSES, Denial::OriginNotAllowed);
    }
}

#[tokio::test]
async fn origins_that_wildcards_cover_are_echoed_byte_for_byte() {
    let app = App::new(policies()[1].clone());
    for origin in [
        "https://a.sub.example.com",
        "https://a.b.sub.example.com",
        "https://xn--bcher-kva.sub.example.com",
        "http://localhost",
        "http://localhost:3000",
        "https://a_b.wild.example:8443",
    ] {
        let response = app.send_served(request("GET", &[("origin", origin)])).await;
        assert_headers(&response, &[("access-control-allow-origin", origin), ("vary", "Origin")]);
    }
}

#[tokio::test]
async fn two_rules_do_not_make_a_third() {
    let app = App::new(CorsPolicy::builder().allow_origins([
        "https://foo.example",
        "https://bar.example",
        "https://*.foo.example",
        "https://*.bar.example:*",
        "https://a.b.example:8443",
        "http://a.c.example",
    ]));
    let origins = [
        "https://barfoo.example",
        "https://foobar.example",
        "https://a.barfoo.example",
        "https://a.foo.example:8443",
        "https://bar.example:8443",
        "https://foo.example.bar",
        "https://a.b.example",
        "http://a.b.example:8443",
        "https://a.c.example",
        "http://a.foo.example",
    ];
    check_refused(&app, &origins).await;
}

#[tokio::test]
async fn two_origin_lines_are_refused_even_if_they_say_the_same() {
    let asked = Arc::new(AtomicUsize::new(0));
    for second in [APP, "https://stranger.example", "null", ""] {
        let headers = [("origin", APP), ("origin", second), ("access-control-request-method", "PUT")];
        for policy in [allow_app(), lenient(&asked)] {
            let app = App::new(policy.clone());
            let response = app.send_served(request("GET", &headers)).await;
            assert_headers(&response, &[("vary", "Origin")]);
            assert_refused(&app.send_unserved(request("OPTIONS", &headers)).await, second);
            let policy = policy.build().expect("a policy");
            assert_eq!(denial(&policy, &request("GET", &headers)), Some(Denial::SeveralOrigins));
        }
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn two_origin_lines_and_non_ascii_bytes_are_refused_over_tcp() {
    let (server, runs) = counting_server(allow_app()).await;
    let heads: [&[u8]; 4] = [
        b"GET / HTTP/1.1\norigin: https://app.example.com\norigin: https://app.example.com",
        b"GET / HTTP/1.1\norigin: https://app.ex\xe4mple.com",
        b"GET / HTTP/1.1\norigin:",
        b"GET / HTTP/1.1\norigin: \xff\xfe",
    ];
    for (index, head) in heads.into_iter().enumerate() {
        let response = server.send_raw(head).await;
        assert_eq!((response.status().as_u16(), &response.body()[..]), (200, &b"served"[..]));
        assert_headers_of(&response, &[("vary", "Origin")], &head.escape_ascii().to_string());
        assert_eq!(runs.load(Ordering::SeqCst), index + 1);
        let method = b"OPTIONS / HTTP/1.1\naccess-control-request-method: PUT\n".as_slice();
        let lines = header_lines(head);
        assert_refused(&server.send_raw(&[method, lines].concat()).await, "");
        assert_eq!(runs.load(Ordering::SeqCst), index + 1, "a preflight reached the service");
    }
    // White space around a value is not part of it.
    let response = server.send_raw(b"GET / HTTP/1.1\norigin:   https://app.example.com \t").await;
    assert_headers(&response, &[("access-control-allow-origin", APP), ("vary", "Origin")]);
}

#[tokio::test]
async fn an_origin_of_64_kib_is_refused_over_tcp() {
    let asked = Arc::new(AtomicUsize::new(0));
    let (server, runs) = counting_server(lenient(&asked)).await;
    let labels = "a.".repeat(1 << 15);
    let origin = format!("https://{labels}example.com");
    let response = server.send_raw(format!("GET / HTTP/1.1\norigin: {origin}").as_bytes()).await;
    assert_eq!(response.status(), 200);
    assert_headers(&response, &[("vary", "Origin")]);
    let head = format!("OPTIONS / HTTP/1.1\norigin: {origin}\naccess-control-request-method: GET");
    assert_refused(&server.send_raw(head.as_bytes()).await, "64 KiB");
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    assert_eq!(asked.load(Ordering::SeqCst), 0, "a predicate saw an origin that is too long");
}

#[tokio::test]
async fn a_requested_method_is_read_at_its_limit_and_not_one_past_it() {
    const LIMIT: usize = 64;
    let long = "M".repeat(LIMIT + 1);
    let policies = [
        ("any", allow_app().allow_any_method(), Ok(())),
        ("echoed", allow_app().allow_any_method().allow_credentials(true), Ok(())),
        ("listed", allow_app().allow_methods(["PUT"]), Err(Denial::MethodNotAllowed)),
        ("not listed", allow_app(), Err(Denial::MethodNotAllowed)),
    ];
    for (case, policy, at_the_limit) in policies {
        let app = App::new(policy.clone());
        let policy = policy.build().expect("a policy");
        let longest = preflight(&long[1..], &[]);
        assert_eq!(denial(&policy, &longest), at_the_limit.err(), "{case}");
        assert_eq!(app.send_unserved(longest).await.status(), 204, "{case}");
        for length in [LIMIT + 1, 400_000] {
            let too_long = preflight(&"M".repeat(length), &[]);
            assert_eq!(denial(&policy, &too_long), Some(Denial::MethodTooLong), "{case}");
            assert_refused(&app.send_unserved(too_long).await, case);
        }
    }
    // The policy's own list has no limit.
    let listing = allow_app().allow_methods([&long]).build().expect("a policy");
    assert_eq!(denial(&listing, &preflight(&long, &[])), None);
    assert_eq!(denial(&listing, &preflight(&format!("{long}M"), &[])), Some(Denial::MethodTooLong));
}

#[test]
fn a_listed_name_that_was_meant_is_looked_for_up_to_a_limit() {
    const LIMIT: usize = 16;
    let policy = allow_app().allow_headers(["x-requested-page"]).build().expect("a policy");
    let names: Vec<_> = (b'a'..=b'q').map(|last| format!("x-requested-pag{}", char::from(last))).collect();
    let names: Vec<_> = names.iter().filter(|name| *name != "x-requested-page").collect();
    assert_eq!(names.len(), LIMIT);
    let compared = |names: &[&String]| {
        let list = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(",");
        let explanation = policy.explain(&preflight("GET", &[&list]));
        let remedies = explanation.remedies().map(tower_cors::Remedy::kind);
        remedies.filter(|kind| *kind == "respell-header").count()
    };
    assert_eq!(compared(&names), LIMIT);
    let one_more = "x-requested-pagz".to_owned();
    assert_eq!(compared(&[&names[..], &[&one_more]].concat()), LIMIT);
}

#[tokio::test]
async fn requested_headers_of_a_mebibyte_are_refused() {
    let values = [",".repeat(1 << 20), "x-a,".repeat(1 << 18), " ".repeat(1 << 20), "x".repeat(1 << 20)];
    let policies = [
        allow_app(),
        allow_app().allow_any_header(),
        allow_app().allow_any_header().allow_credentials(true),
        allow_app().allow_headers(["x-*"]),
    ];
    for policy in policies {
        let app = App::new(policy.clone());
        let policy = policy.build().expect("a policy");
        for value in &values {
            assert_refused(&app.send_unserved(preflight("GET", &[value])).await, &value[..4]);
            assert_eq!(denial(&policy, &preflight("GET", &[value])), Some(Denial::TooManyHeaders));
        }
    }
}

#[tokio::test]
async fn requested_headers_of_a_mebibyte_are_refused_over_tcp() {
    let (server, runs) = counting_server(allow_app().allow_headers(["x-a"])).await;
    let head = |requested: &str| {
        format!("OPTIONS / HTTP/1.1\norigin: {APP}\naccess-control-request-method: GET\n{requested}")
    };
    let commas = format!("access-control-request-headers: {}", ",".repeat(1 << 20));
    assert_refused(&server.send_raw(head(&commas).as_bytes()).await, "commas");
    // A split list is read over all its lines.
    let split = "access-control-request-headers: x-a\naccess-control-request-headers:\n\
                 Access-Control-Request-Headers:  X-A ,";
    let response = server.send_raw(head(split).as_bytes()).await;
    assert_eq!(response.status(), 204);
    assert_headers(
        &response,
        &[
            ("access-control-allow-headers", "x-a"),
            SAFELISTED_METHODS,
            ("access-control-allow-origin", APP),
            PREFLIGHT_VARY,
        ],
    );
    assert_eq!(runs.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn bytes_that_are_no_header_name_are_never_echoed() {
    let values: [&[u8]; 5] = [b"x-\xff", b"x-a\xc3\xbc", b"x-a: b", b"x-<script>", b"x-a,x-b\xa0,\xa0x-c"];
    for (credentials, policy) in [
        (true, allow_app().allow_any_header().allow_credentials(true)),
        (false, allow_app().allow_headers(["x-*"])),
    ] {
        let app = App::new(policy.clone());
        let policy = policy.build().expect("a policy");
        for value in values {
            let headers = [
                ("origin", APP.as_bytes()),
                ("access-control-request-method", b"GET"),
                ("access-control-request-headers", value),
            ];
            let response = app.send_unserved(request("OPTIONS", &headers)).await;
            let mut set = vec![("access-control-allow-origin", APP), SAFELISTED_METHODS, PREFLIGHT_VARY];
            set.extend(credentials.then_some(("access-control-allow-credentials", "true")));
            // Only the last value has a complete name beside a malformed one.
            set.extend(value.starts_with(b"x-a,").then_some(("access-control-allow-headers", "x-a")));
            assert_headers_of(&response, &set, &value.escape_ascii().to_string());
            assert_eq!(denial(&policy, &request("OPTIONS", &headers)), Some(Denial::MalformedHeaders));
        }
    }
}

async fn counting_server(policy: CorsPolicyBuilder) -> (Server, Arc<AtomicUsize>) {
    let layer = CorsLayer::from(policy.build().expect("a policy"));
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    let service = service_fn(move |_: http::Request<hyper::body::Incoming>| {
        counter.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Ok::<_, std::convert::Infallible>(http::Response::new("served".to_owned())))
    });
    (Server::hyper(layer.layer(service)).await, runs)
}

/// The header lines of a request's head.
fn header_lines(head: &[u8]) -> &[u8] {
    let newline = head.iter().position(|byte| *byte == b'\n').expect("header lines");
    &head[newline + 1..]
}
