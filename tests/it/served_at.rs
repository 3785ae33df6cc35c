//! `served_at`: 421 for requests to a foreign host, and which requests are then same-origin.

mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::{Request, StatusCode};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder, Denial, Explanation};

use crate::support::{
    APP, App, PREFLIGHT_VARY, STRANGER, VARY, allow_app, assert_headers, assert_rows, built, denial,
    header_set, headers_of, preflight, preflight_from, request,
};

type Headers<'a> = &'a [(&'a str, &'a str)];

/// A server on a developer's machine that is also public.
fn local() -> CorsPolicyBuilder {
    allow_app().reject_disallowed_origins(true).served_at([
        "http://localhost:3000",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
        "https://mcp.example.com",
    ])
}

fn sent_to(method: &str, target: &str, headers: &[(&str, &str)]) -> Request<String> {
    let mut request = request(method, headers);
    *request.uri_mut() = target.parse().expect("a target");
    request
}

#[tokio::test]
async fn a_request_is_served_under_the_own_names_and_under_no_other() {
    let cases: [(&str, &[&str], u16); 27] = [
        ("/", &["localhost:3000"], 200),
        ("/", &["LocalHost:3000"], 200),
        ("/", &["127.0.0.1:3000"], 200),
        ("/", &["[::1]:3000"], 200),
        ("/", &["mcp.example.com"], 200),
        ("/", &["MCP.EXAMPLE.COM"], 200),
        ("/", &["mcp.example.com:443"], 200),
        ("/", &["mcp.example.com:80"], 421),
        ("/", &["mcp.example.com."], 421),
        ("/", &["localhost.:3000"], 421),
        ("/", &["localhost"], 421),
        ("/", &["localhost:3001"], 421),
        ("/", &["localhost:03000"], 421),
        ("/", &["127.0.0.2:3000"], 421),
        ("/", &["127.1:3000"], 421),
        ("/", &["[::]:3000"], 421),
        ("/", &["[0:0:0:0:0:0:0:1]:3000"], 421),
        ("/", &["evil.example:3000"], 421),
        ("/", &["localhost.evil.example:3000"], 421),
        ("/", &["evil.example:3000@localhost:3000"], 421),
        ("/", &[""], 421),
        ("/", &[], 421),
        ("/", &["localhost:3000", "localhost:3000"], 421),
        // Absolute form and HTTP/2: whatever the `Host` says, or how often.
        ("http://localhost:3000/", &["evil.example"], 200),
        ("https://mcp.example.com/", &[], 200),
        ("http://evil.example:3000/", &["localhost:3000"], 421),
        ("http://user@localhost:3000/", &["localhost:3000"], 421),
    ];
    let app = App::new(local());
    let mut rows = Vec::new();
    for (target, hosts, status) in cases {
        let hosts: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
        for method in ["GET", "POST"] {
            let runs = app.runs();
            let response = app.send(sent_to(method, target, &hosts)).await;
            let ran = app.runs() - runs;
            let seen = (response.status().as_u16(), ran, headers_of(&response));
            let expected = (status, usize::from(status == 200), header_set(&[VARY]));
            rows.push((format!("{method} {target} {hosts:?}"), seen, expected));
        }
    }
    assert_rows(rows);
}

#[tokio::test]
async fn a_foreign_host_is_turned_away_whatever_else_the_request_says() {
    let app = App::new(local().vary_by(["x-tenant"]).allow_credentials(true));
    let host = ("host", "evil.example:3000");
    let usual = [("vary", "Origin, X-Tenant")];
    let options = format!("{}, X-Tenant", PREFLIGHT_VARY.1);
    let of_options = [("vary", options.as_str())];
    let cases: [(&str, Headers<'_>, Headers<'_>); 9] = [
        ("GET", &[host], &usual),
        // A POST of a page after DNS rebinding: it is same-origin with its own name.
        ("POST", &[host, ("origin", "http://evil.example:3000"), ("sec-fetch-site", "same-origin")], &usual),
        ("POST", &[host, ("origin", APP)], &usual),
        ("GET", &[host, ("origin", STRANGER)], &usual),
        ("GET", &[host, ("origin", "http://localhost:3000")], &usual),
        (
            "GET",
            &[host, ("x-forwarded-host", "localhost:3000"), ("forwarded", "host=\"localhost:3000\"")],
            &usual,
        ),
        ("OPTIONS", &[host], &of_options),
        ("OPTIONS", &[host, ("origin", APP), ("access-control-request-method", "PUT")], &of_options),
        ("OPTIONS", &[host, ("origin", STRANGER), ("access-control-request-method", "PUT")], &of_options),
    ];
    for (method, headers, vary) in cases {
        let response = app.send_unserved(request(method, headers)).await;
        assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{method} {headers:?}");
        assert_headers(&response, vary);
    }
}

#[tokio::test]
async fn same_origin_is_an_own_origin_at_its_own_authority_and_nothing_else_is_believed() {
    let own = "http://localhost:3000";
    let cases: [(&str, &str, Headers<'_>, u16); 17] = [
        ("http://localhost:3000", "localhost:3000", &[], 200),
        ("http://localhost:3000", "LOCALHOST:3000", &[], 200),
        ("http://[::1]:3000", "[::1]:3000", &[], 200),
        ("https://mcp.example.com", "mcp.example.com", &[], 200),
        ("https://mcp.example.com", "mcp.example.com:443", &[], 200),
        // `Sec-Fetch-Site` is not read: the service's own origins decide.
        (own, "localhost:3000", &[("sec-fetch-site", "cross-site")], 200),
        (own, "localhost:3000", &[("sec-fetch-site", "same-origin")], 200),
        (STRANGER, "localhost:3000", &[("sec-fetch-site", "same-origin")], 403),
        ("null", "localhost:3000", &[("sec-fetch-site", "same-origin")], 403),
        // Another port or name of the same machine is another application.
        ("http://localhost:3001", "localhost:3000", &[], 403),
        ("http://localhost", "localhost:3000", &[], 403),
        ("http://127.0.0.1:3000", "localhost:3000", &[], 403),
        // The scheme counts, whatever the target's is.
        ("https://localhost:3000", "localhost:3000", &[], 403),
        ("http://mcp.example.com", "mcp.example.com", &[], 403),
        ("http://mcp.example.com", "mcp.example.com", &[("sec-fetch-site", "same-origin")], 403),
        ("http://LOCALHOST:3000", "LOCALHOST:3000", &[], 403),
        (APP, "localhost:3000", &[], 200),
    ];
    let app = App::new(local());
    let mut rows = Vec::new();
    for (origin, host, headers, status) in cases {
        let headers = [&[("origin", origin), ("host", host)], headers].concat();
        let runs = app.runs();
        let response = app.send(request("POST", &headers)).await;
        // No `Sec-Fetch-Site` in `Vary`: it decides nothing.
        let vary = response.headers()["vary"].to_str().expect("text").to_owned();
        let seen = (response.status().as_u16(), app.runs() - runs, vary);
        rows.push((format!("{headers:?}"), seen, (status, usize::from(status == 200), "Origin".to_owned())));
    }
    assert_rows(rows);
    // Behind a proxy that ends TLS, the target has another scheme.
    let proxied = sent_to("POST", "http://mcp.example.com/", &[("origin", "https://mcp.example.com")]);
    assert_eq!(app.send(proxied).await.status(), 200);
    let rejected =
        app.send_unserved(request("OPTIONS", &[("origin", STRANGER), ("host", "localhost:3000")])).await;
    assert_eq!(rejected.status(), 403);
    assert_headers(&rejected, &[PREFLIGHT_VARY]);
}

#[tokio::test]
async fn patterns_are_those_of_allowed_origins() {
    let cases: [(&str, &str, u16); 10] = [
        ("http://localhost:*", "localhost", 200),
        ("http://localhost:*", "localhost:65535", 200),
        ("http://localhost:*", "localhost:65536", 421),
        ("http://localhost:*", "app.localhost", 421),
        ("https://*.example.com", "a.b.example.com", 200),
        ("https://*.example.com", "A.Example.COM:443", 200),
        ("https://*.example.com", "example.com", 421),
        ("https://*.example.com", "evilexample.com", 421),
        ("https://*.example.com:*", "a.example.com:8443", 200),
        ("https://example.com.", "example.com.", 200),
    ];
    let mut rows = Vec::new();
    for (pattern, host, status) in cases {
        let app = App::new(allow_app().reject_disallowed_origins(true).served_at([pattern]));
        let seen = app.send(request("GET", &[("host", host)])).await.status().as_u16();
        rows.push((format!("{pattern} {host}"), seen, status));
    }
    assert_rows(rows);
}

#[tokio::test]
async fn without_rejection_nothing_is_rejected_and_what_is_same_origin_is_known_all_the_same() {
    let policy = || local().reject_disallowed_origins(false);
    let app = App::new(policy());
    for headers in [
        &[("host", "evil.example:3000")][..],
        &[],
        &[("host", "evil.example:3000"), ("origin", "http://evil.example:3000")],
    ] {
        let response = app.send_served(request("POST", headers)).await;
        assert_headers(&response, &[VARY]);
    }
    assert_eq!(app.send_unserved(preflight("GET", &[])).await.status(), 204);
    let site = ("sec-fetch-site", "same-origin");
    let cases: [(Headers<'_>, Option<Denial>); 5] = [
        (&[("host", "evil.example:3000")], None),
        (&[("host", "localhost:3000"), ("origin", "http://localhost:3000")], None),
        (&[("host", "localhost:3000"), ("origin", "http://localhost:3001")], Some(Denial::OriginNotAllowed)),
        (
            &[("host", "evil.example:3000"), ("origin", "http://evil.example:3000"), site],
            Some(Denial::OriginNotAllowed),
        ),
        (&[("host", "localhost:3000"), ("origin", "null"), site], Some(Denial::NullOrigin)),
    ];
    let policy = built(policy());
    assert_rows(cases.map(|(headers, expected)| {
        (format!("{headers:?}"), denial(&policy, &request("POST", headers)), expected)
    }));
}

#[test]
fn a_foreign_host_has_a_denial_of_its_own() {
    let policy = built(local());
    let foreign = request("GET", &[("host", "evil.example")]);
    assert_eq!(denial(&policy, &foreign), Some(Denial::ForeignHost));
    assert_eq!(denial(&policy, &preflight_from(APP, "GET")), Some(Denial::ForeignHost));
    assert_eq!(
        (Denial::ForeignHost.kind(), Denial::ForeignHost.field()),
        ("foreign-host", Some("served_at"))
    );
}

#[tokio::test]
async fn no_predicate_is_asked_about_what_was_sent_to_somebody_else() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let app = App::new(local().allow_origin_if(move |_, _| counter.fetch_add(1, Ordering::SeqCst) > 100));
    for (host, expected) in [("evil.example", 0), ("localhost:3000", 1)] {
        app.send_unserved(request("POST", &[("origin", STRANGER), ("host", host)])).await;
        assert_eq!(asked.load(Ordering::SeqCst), expected, "{host}");
    }
}

/// The own origins of each of two policies.
type Own<'a> = [Option<&'a str>; 2];

/// A policy for this page, which rejects if own origins are given.
fn for_page(origin: &str, served_at: Option<&str>) -> CorsPolicy {
    let policy = CorsPolicy::builder().allow_origin(origin);
    built(
        policy
            .reject_disallowed_origins(served_at.is_some())
            .served_at(served_at.filter(|own| !own.is_empty())),
    )
}

#[tokio::test]
async fn in_a_list_nothing_is_let_in_that_one_of_the_policies_rejects() {
    const OTHER: &str = "https://other.example";
    let (own, page) = ("https://api.example.com", ("origin", "https://api.example.com"));
    let host = ("host", "api.example.com");
    let evil = ("host", "evil.example");
    let site = ("sec-fetch-site", "same-origin");
    // `None` rejects nothing; an empty list rejects only by origin.
    let cases: [(&str, Own<'_>, Headers<'_>, u16, &str); 14] = [
        ("both", [Some(own); 2], &[host], 200, "Origin"),
        ("both", [Some(own); 2], &[evil], 421, "Origin"),
        ("first", [Some(own), None], &[evil], 421, "Origin"),
        ("last", [None, Some(own)], &[evil], 421, "Origin"),
        // The first policy allows the origin; the last one can still reject.
        ("last, allowed by the first", [None, Some(own)], &[evil, ("origin", APP)], 421, "Origin"),
        ("last, allowed by the first", [None, Some(own)], &[host, ("origin", APP)], 200, "Origin"),
        ("different names", [Some(own), Some("https://b.example")], &[host], 421, "Origin"),
        ("none", [None, None], &[evil], 200, "Origin"),
        // Same-origin according to every policy that rejects.
        ("first", [Some(own), None], &[host, page], 200, "Origin"),
        ("first", [Some(own), None], &[host, ("origin", STRANGER), site], 403, "Origin"),
        ("last", [None, Some(own)], &[host, page], 200, "Origin"),
        (
            "one by names, one by site",
            [Some(own), Some("")],
            &[host, page, site],
            200,
            "Origin, Sec-Fetch-Site",
        ),
        (
            "one by names, one by site",
            [Some(own), Some("")],
            &[host, ("origin", STRANGER), site],
            403,
            "Origin, Sec-Fetch-Site",
        ),
        (
            "one by site, one by names",
            [Some(""), Some(own)],
            &[host, page, ("sec-fetch-site", "cross-site")],
            403,
            "Origin, Sec-Fetch-Site",
        ),
    ];
    let mut rows = Vec::new();
    for (case, [first, last], headers, status, vary) in cases {
        let layer = CorsLayer::first_match([for_page(APP, first), for_page(OTHER, last)]);
        let app = App::behind(&layer, &[]);
        let response = app.send(request("POST", headers)).await;
        let seen_vary = response.headers()["vary"].to_str().expect("text").to_owned();
        let seen = (response.status().as_u16(), app.runs(), seen_vary);
        rows.push((
            format!("{case} {headers:?}"),
            seen,
            (status, usize::from(status == 200), vary.to_owned()),
        ));
    }
    assert_rows(rows);
}

#[tokio::test]
async fn every_source_of_a_policy_turns_a_foreign_host_away() {
    let policy = built(local());
    let (found, awaited) = (policy.clone(), policy.clone());
    let layers = [
        ("reloadable", CorsLayer::reloadable(policy.clone()).0),
        ("first match", CorsLayer::first_match([policy])),
        ("per request", CorsLayer::per_request(move |_| Some(found.clone()))),
        (
            "per request, at once",
            CorsLayer::per_request_async(move |_| std::future::ready(Some(awaited.clone()))),
        ),
    ];
    for (source, layer) in layers {
        let app = App::behind(&layer, &[]);
        let response = app.send_unserved(request("GET", &[("host", "evil.example:3000")])).await;
        assert_eq!(response.status(), 421, "{source}");
        app.send_served(request("GET", &[("host", "localhost:3000")])).await;
    }
}

#[test]
fn an_explanation_says_what_a_proxy_and_a_health_check_have_to_do() {
    let policy = built(local());
    let explained = policy.explain(&request("GET", &[("host", "10.0.0.7:3000")])).to_string();
    assert_eq!(
        explained,
        "\
refused: the request was sent to a host that is not in `served_at`
  FAIL  host: `10.0.0.7:3000`
          no origin in `served_at` has this host, or a similar one: a proxy changed the `Host`, a program called the service by another name, or a stranger's name points to this server (DNS rebinding)
          fix: send one `Host` that is in `served_at`, such as `localhost:3000`: a proxy must pass `Host` on unchanged, and a health check by IP address must set it
          or: only if this host is yours, and users or programs call the service by it, add `http://10.0.0.7:3000` to `served_at`
          see https://www.rfc-editor.org/rfc/rfc9110#section-7.4
  note  rejection
          `reject_disallowed_origins` is on: the layer answers 421, and the service does not see the request
"
    );
    let own = policy.explain(&request("GET", &[("host", "localhost:3000")]));
    let first = own.steps().first().expect("a step");
    assert_eq!((first.kind(), first.detail()), ("host", "an origin in `served_at` has this host".to_owned()));
    assert_eq!(own.to_string().lines().next(), Some("CORS does not apply to this request"));
}

/// The advice about a host, in both remedies.
fn advice(host: &str) -> Vec<(&'static str, Option<String>)> {
    let policy = allow_app().reject_disallowed_origins(true).served_at([
        "http://localhost:3000",
        "https://api.example.com",
        "https://*.tenants.example",
    ]);
    let explanation = built(policy).explain(&request("GET", &[("host", host)]));
    let steps = explanation.steps().iter().flat_map(tower_cors::Step::remedies);
    steps.map(|remedy| (remedy.kind(), remedy.value().map(str::to_owned))).collect()
}

#[test]
fn no_stranger_is_advised_to_be_served_as_an_own_name() {
    let send = |host: &str| ("send-own-host", Some(host.to_owned()));
    let serve = |origin: &str| ("serve-at", Some(origin.to_owned()));
    let cases = [
        ("localhost:3001", vec![send("localhost:3000"), serve("http://localhost:3001")]),
        ("api.example.com.", vec![send("api.example.com"), serve("https://api.example.com.")]),
        ("10.0.0.7", vec![send("localhost:3000"), serve("http://10.0.0.7")]),
        ("api.internal:8080", vec![send("localhost:3000"), serve("https://api.internal:8080")]),
        // Look-alikes and typos are never suggested as own origins.
        ("api.exarnple.com", vec![send("api.example.com")]),
        ("eviltenants.example", vec![send("localhost:3000")]),
        // A host that cannot be part of an origin cannot be listed.
        ("*", vec![send("localhost:3000")]),
        ("*.example", vec![send("localhost:3000")]),
        ("a b", vec![send("localhost:3000")]),
        ("", vec![send("localhost:3000")]),
    ];
    assert_rows(cases.map(|(host, expected)| (host, advice(host), expected)));
    // A list of wildcards has no name to give as an example.
    let policy = built(allow_app().reject_disallowed_origins(true).served_at(["http://localhost:*"]));
    let explanation = policy.explain(&request::<&str>("GET", &[]));
    assert!(
        explanation.remedies().map(|remedy| (remedy.kind(), remedy.value())).eq([("send-own-host", None)])
    );
}

#[test]
fn of_a_list_the_policy_that_rejects_the_host_is_named() {
    let policies = [for_page(APP, None), for_page(APP, Some("https://api.example.com"))];
    let explanation = Explanation::by_first_match(&policies, &request("GET", &[("host", "evil.example")]));
    let selection = explanation.steps().iter().find(|step| step.kind() == "policy").expect("a selection");
    assert_eq!(selection.detail(), "policy 2 of 2 decides: it is the first that rejects the host");
    assert_eq!(explanation.denial(), Some(&Denial::ForeignHost));
}
