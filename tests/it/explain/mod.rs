//! `CorsPolicy::explain`: every step with its reason.

mod advice;
mod mending;
mod whole;

use http::Request;
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Explanation, Outcome, Remedy};

use crate::support::{APP, STRANGER, allow_app, assert_rows, preflight, request};

fn explain(policy: CorsPolicyBuilder, request: &Request<String>) -> Explanation {
    policy.build().expect("a policy").explain(request)
}

/// The details and remedies of the steps that failed.
fn failures(explanation: &Explanation) -> Vec<(String, Vec<String>)> {
    let failed = explanation.steps().iter().filter(|step| step.outcome() == Outcome::Failed);
    let remedies = |remedies: &[Remedy]| remedies.iter().map(ToString::to_string).collect();
    failed.map(|step| (step.detail(), remedies(step.remedies()))).collect()
}

fn get(origin: &str) -> Request<String> {
    request("GET", &[("origin", origin)])
}

type Failure<'a> = (CorsPolicyBuilder, Request<String>, &'a str, &'a [&'a str]);

#[track_caller]
fn assert_failures<'a>(cases: impl IntoIterator<Item = Failure<'a>>) {
    assert_rows(cases.into_iter().map(|(policy, request, detail, remedies)| {
        let expected = [(detail.to_owned(), remedies.iter().map(ToString::to_string).collect())];
        (format!("{request:.200?}"), failures(&explain(policy, &request)), expected)
    }));
}

#[test]
fn an_origin_that_is_not_allowed_is_compared_with_the_nearest_rule() {
    let with_credentials = || allow_app().allow_credentials(true);
    let cases: [Failure<'_>; 7] = [
        (
            allow_app(),
            get("https://app.example.com:8443"),
            "`https://app.example.com` is allowed, but not with the port 8443",
            &["if this page is yours, add `https://app.example.com:8443` to `allow_origins`"],
        ),
        (
            allow_app(),
            get("http://app.example.com"),
            "`https://app.example.com` is allowed, but not with the scheme `http`",
            &["if this page is yours, add `http://app.example.com` to `allow_origins`"],
        ),
        (
            with_credentials(),
            get("http://app.example.com"),
            "`https://app.example.com` is allowed, but not with the scheme `http`",
            &["serve the page from `https://app.example.com`, which is allowed"],
        ),
        (
            with_credentials(),
            get("http://stranger.example:443"),
            "no rule is similar to it",
            &[
                "serve the page from an origin that the policy allows",
                "if this page is yours, serve it from `https://stranger.example`, and add `https://stranger.example` to `allow_origins`",
            ],
        ),
        (
            allow_app(),
            get("https://[::ffff:7f00:1]"),
            "no rule is similar to it",
            &["serve the page from an origin that the policy allows"],
        ),
        (
            CorsPolicy::builder().allow_origin("https://*.example.com"),
            get("https://example.com"),
            "`https://*.example.com` does not cover the domain itself",
            &["if this page is yours, add `https://example.com` to `allow_origins`"],
        ),
        (
            allow_app().allow_origin_if(|_, _| false),
            get(STRANGER),
            "no rule is similar to it, and no predicate of `allow_origin_if` allows it",
            &[
                "serve the page from an origin that the policy allows",
                "if this page is yours, add `https://stranger.example` to `allow_origins`",
            ],
        ),
    ];
    assert_failures(cases);
}

#[test]
fn an_origin_that_no_rule_covers_is_explained() {
    let cases: [Failure<'_>; 5] = [
        (
            allow_app(),
            get("null"),
            "sandboxed frames, `file:` and `data:` pages and some redirected requests of any site send `null`; no other rule covers it",
            &[
                "give the page an origin that the policy allows: serve it over https, give its frame `allow-same-origin`, and do not redirect its requests to another origin",
                "use `dangerously_allow_null_origin`, which allows sandboxed frames of every site",
            ],
        ),
        (
            allow_app(),
            get("https://app.example.com/"),
            "`https://app.example.com/` ends with a slash, but an origin ends with its host or port",
            &["send `https://app.example.com` as `Origin`"],
        ),
        (
            allow_app(),
            get("https://*.example.com"),
            "`https://*.example.com` is not valid: `*` is only allowed as `*.` before a domain, as `:*`, or alone",
            &["send an `Origin` as browsers do, such as `https://app.example.com`"],
        ),
        (
            allow_app(),
            request("GET", &[("origin", &b"https://caf\xe9.example"[..])]),
            "`https://caf\u{fffd}.example` is not ASCII",
            &["send an `Origin` as browsers do, such as `https://app.example.com`"],
        ),
        (
            allow_app(),
            request("GET", &[("origin", APP), ("origin", APP)]),
            "the request has 2 `Origin` lines, and only one is allowed",
            &["send exactly one `Origin` line: a client or a proxy adds a second one"],
        ),
    ];
    assert_failures(cases);
}

#[test]
fn a_method_that_does_not_pass_is_explained() {
    let cases: [Failure<'_>; 8] = [
        (
            allow_app().allow_methods(["PATCH"]),
            preflight("patch", &[]),
            "`patch` is not the same as `PATCH`: methods are case-sensitive",
            &["change the page's method to `PATCH`"],
        ),
        (
            allow_app(),
            preflight("Patch", &[]),
            "`Patch` is not the same as `PATCH`: methods are case-sensitive",
            &["change the page's method to `PATCH`"],
        ),
        (
            allow_app(),
            preflight("PUT", &[]),
            "no method is listed, so only `GET`, `HEAD` and `POST` pass",
            &["add `PUT` to `allow_methods`"],
        ),
        (
            allow_app().allow_methods(["PROPFIND"]),
            preflight("PROPFIN", &[]),
            "`PROPFIN` is not listed, but similar to `PROPFIND`, which is. Check for a typo",
            &["change the page's method to `PROPFIND`"],
        ),
        (
            allow_app().allow_methods(["PUT"]),
            preflight("P*", &[]),
            "`P*` is not listed",
            &["change the page's method to exactly one that pages may use, such as `POST`"],
        ),
        (
            allow_app().allow_any_method(),
            preflight("TRACE", &[]),
            "no page may use `TRACE`",
            &["change the page's method to exactly one that pages may use, such as `POST`"],
        ),
        (
            allow_app(),
            preflight("P T", &[]),
            "`P T` is not a valid method",
            &["change the page's method to exactly one that pages may use, such as `POST`"],
        ),
        (
            allow_app(),
            request(
                "OPTIONS",
                &[
                    ("origin", APP),
                    ("access-control-request-method", "PUT"),
                    ("access-control-request-method", "PUT"),
                ],
            ),
            "the request has more than one `Access-Control-Request-Method` line",
            &["change the page's method to exactly one that pages may use, such as `POST`"],
        ),
    ];
    assert_failures(cases);
}

#[test]
fn a_header_that_does_not_pass_is_explained() {
    let cases: [Failure<'_>; 7] = [
        (
            allow_app().allow_headers(["x-request-id"]),
            preflight("GET", &["X-RequestId"]),
            "`x-requestid` is not listed, but similar to `x-request-id`, which is. Check for a typo",
            &["change the page's header `x-requestid` to `x-request-id`"],
        ),
        (allow_app(), preflight("GET", &["x-a"]), "`x-a` is not listed", &["add `x-a` to `allow_headers`"]),
        (
            allow_app().allow_any_header(),
            preflight("GET", &["authorization"]),
            "`Authorization` must be listed by name; `*` does not cover it",
            &["add `authorization` to `allow_headers`"],
        ),
        (
            allow_app(),
            preflight("GET", &["Access-Control-Allow-Origin"]),
            "`access-control-allow-origin` is a response header, which the page sets on its request by mistake",
            &["remove `access-control-allow-origin` from the page's request"],
        ),
        (
            allow_app(),
            preflight("GET", &["cookie"]),
            "only the browser itself sets `cookie`; a page cannot",
            &["remove `cookie` from the page's request"],
        ),
        (
            allow_app().allow_any_header(),
            preflight("GET", &["x a"]),
            "a part of `Access-Control-Request-Headers` is not a header name",
            &["send a list of header names in `Access-Control-Request-Headers`, as browsers do"],
        ),
        (
            allow_app().allow_headers(["x-a"]),
            preflight("GET", &[&",".repeat(65)]),
            "more than this policy reads: 65 names and 2053 bytes",
            &["send at most 65 custom headers from the page, with 2053 bytes of names"],
        ),
    ];
    assert_failures(cases);
}
