//! Which methods and headers a preflight passes with, and how the lists are written.

use tower_cors::{CorsPolicyBuilder, Denial};

use crate::support::{
    APP, App, PREFLIGHT_VARY, allow_app, assert_refused, assert_rows, denial, header_not_allowed, header_set,
    headers_of, preflight, request,
};

const METHODS: &str = "GET, HEAD, POST";

/// A preflight, and the expected answer.
struct Case {
    method: &'static str,
    headers: &'static [&'static str],
    allow_methods: &'static str,
    allow_headers: Option<&'static str>,
    denial: Option<Denial>,
}

/// Checks the status, the whole header set, the denial, and that the service does not run.
async fn check(policy: fn() -> CorsPolicyBuilder, credentials: bool, cases: impl IntoIterator<Item = Case>) {
    let policy = policy().allow_credentials(credentials);
    let app = App::new(policy.clone());
    let policy = policy.build().expect("a policy");
    let mut rows = Vec::new();
    for Case { method, headers, allow_methods, allow_headers, denial: expected } in cases {
        let response = app.send_unserved(preflight(method, headers)).await;
        let mut set =
            vec![("access-control-allow-origin", APP), ("access-control-allow-methods", allow_methods)];
        set.extend(allow_headers.map(|list| ("access-control-allow-headers", list)));
        set.extend(credentials.then_some(("access-control-allow-credentials", "true")));
        set.push(PREFLIGHT_VARY);
        let denial = denial(&policy, &preflight(method, headers));
        rows.push((
            format!("{method} {headers:?}, credentials: {credentials}"),
            (response.status().as_u16(), headers_of(&response), denial),
            (204, header_set(&set), expected),
        ));
    }
    assert_rows(rows);
}

#[tokio::test]
async fn listed_methods_pass_to_the_letter_and_the_list_is_always_whole() {
    let cases = |allow_methods| {
        [
            ("GET", None),
            ("HEAD", None),
            ("POST", None),
            ("PUT", None),
            ("PATCH", None),
            ("m-search", None),
            ("patch", Some(Denial::MethodNotAllowed)),
            ("get", Some(Denial::MethodNotAllowed)),
            ("M-SEARCH", Some(Denial::MethodNotAllowed)),
            ("DELETE", Some(Denial::MethodNotAllowed)),
            ("OPTIONS", Some(Denial::MethodNotAllowed)),
            ("*", Some(Denial::MethodNotAllowed)),
            ("CONNECT", Some(Denial::ForbiddenMethod)),
            ("Trace", Some(Denial::ForbiddenMethod)),
            ("TRACK", Some(Denial::ForbiddenMethod)),
        ]
        .map(|(method, denial)| Case {
            method,
            headers: &[],
            allow_methods,
            allow_headers: None,
            denial,
        })
    };
    for credentials in [false, true] {
        let policy = || allow_app().allow_methods(["PUT", "PATCH", "m-search", "PUT"]);
        check(policy, credentials, cases("PUT, PATCH, m-search")).await;
    }
}

#[tokio::test]
async fn any_method_is_a_star_without_credentials() {
    let case =
        |method, denial| Case { method, headers: &[], allow_methods: "*", allow_headers: None, denial };
    let cases = [
        case("GET", None),
        case("PUT", None),
        case("patch", None),
        case("x!#$%&'*+-.^_`|~9", None),
        case("TRACE", Some(Denial::ForbiddenMethod)),
        case("connect", Some(Denial::ForbiddenMethod)),
        case("P@T", Some(Denial::MalformedMethod)),
    ];
    check(|| allow_app().allow_any_method(), false, cases).await;
}

#[tokio::test]
async fn any_method_is_echoed_with_credentials() {
    let case = |method, allow_methods, denial| Case {
        method,
        headers: &[],
        allow_methods,
        allow_headers: None,
        denial,
    };
    let cases = [
        case("GET", METHODS, None),
        case("PUT", "PUT", None),
        case("patch", "patch", None),
        case("x!#$%&'*+-.^_`|~9", "x!#$%&'*+-.^_`|~9", None),
        case("TRACE", METHODS, Some(Denial::ForbiddenMethod)),
        case("connect", METHODS, Some(Denial::ForbiddenMethod)),
        case("tRaCk", METHODS, Some(Denial::ForbiddenMethod)),
        case("P@T", METHODS, Some(Denial::MalformedMethod)),
        case("PUT, DELETE", METHODS, Some(Denial::MalformedMethod)),
    ];
    check(|| allow_app().allow_methods(["*", "PUT"]), true, cases).await;
}

fn headers_case(
    headers: &'static [&'static str],
    allow_headers: Option<&'static str>,
    denial: Option<Denial>,
) -> Case {
    Case { method: "GET", headers, allow_methods: METHODS, allow_headers, denial }
}

#[tokio::test]
async fn listed_headers_pass_in_any_order_case_and_number_of_lines() {
    let list = Some("authorization, x-a, x-b");
    let cases: [(&'static [&'static str], Option<Denial>); 21] = [
        (&[], None),
        (&[""], None),
        (&["", ""], None),
        (&[","], None),
        (&["x-a"], None),
        (&["x-a,x-b"], None),
        (&["x-b,x-a"], None),
        (&["X-B, X-a"], None),
        (&["x-a,x-a,X-A"], None),
        (&["x-a", "x-b"], None),
        (&["x-b,", ",authorization", ""], None),
        (&[" x-a ,\tx-b\t, Authorization"], None),
        (&["x-a, x-c"], Some(header_not_allowed(1))),
        (&["x-a", "x-c"], Some(header_not_allowed(1))),
        (&["x-"], Some(header_not_allowed(0))),
        (&["x-aa"], Some(header_not_allowed(0))),
        (&["*"], Some(header_not_allowed(0))),
        (&["x-a x-b"], Some(Denial::MalformedHeaders)),
        (&["x-a;x-b"], Some(Denial::MalformedHeaders)),
        (&["\"x-a\""], Some(Denial::MalformedHeaders)),
        (&["x-a, x@b"], Some(Denial::MalformedHeaders)),
    ];
    for credentials in [false, true] {
        let policy = || allow_app().allow_headers(["x-b", "Authorization", "X-A", "x-a"]);
        check(policy, credentials, cases.map(|(lines, denial)| headers_case(lines, list, denial))).await;
    }
}

#[tokio::test]
async fn any_header_is_a_star_without_credentials_and_does_not_cover_authorization() {
    let star = Some("*");
    let cases = [
        headers_case(&[], star, None),
        headers_case(&["x-a, x-b"], star, None),
        headers_case(&["x-a, authorization"], star, Some(Denial::AuthorizationNotListed)),
        headers_case(&["AUTHORIZATION"], star, Some(Denial::AuthorizationNotListed)),
        headers_case(&["x a"], star, Some(Denial::MalformedHeaders)),
    ];
    check(|| allow_app().allow_any_header(), false, cases).await;
}

#[tokio::test]
async fn authorization_is_written_beside_the_star() {
    let list = Some("*, authorization");
    let cases = [
        headers_case(&[], list, None),
        headers_case(&["x-a, authorization"], list, None),
        headers_case(&["Authorization"], list, None),
    ];
    check(|| allow_app().allow_headers(["*", "Authorization", "x-covered"]), false, cases).await;
}

#[tokio::test]
async fn any_header_is_written_out_with_credentials() {
    let cases = [
        headers_case(&[], None, None),
        headers_case(&["", ","], None, None),
        headers_case(&["x-b,x-a"], Some("x-b, x-a"), None),
        headers_case(&["X-B", " x-a,x-b"], Some("x-b, x-a"), None),
        headers_case(&["x-a,authorization"], Some("x-a"), Some(Denial::AuthorizationNotListed)),
        headers_case(&["authorization,x-a"], Some("x-a"), Some(Denial::AuthorizationNotListed)),
        headers_case(&["authorization"], None, Some(Denial::AuthorizationNotListed)),
        headers_case(&["x-a,x b,x-c"], Some("x-a, x-c"), Some(Denial::MalformedHeaders)),
    ];
    check(|| allow_app().allow_any_header(), true, cases).await;
}

#[tokio::test]
async fn authorization_is_written_before_what_any_header_covers() {
    let cases = [
        headers_case(&[], Some("authorization"), None),
        headers_case(&["authorization"], Some("authorization"), None),
        headers_case(&["x-a,authorization"], Some("authorization, x-a"), None),
    ];
    check(|| allow_app().allow_headers(["*", "authorization"]), true, cases).await;
}

#[tokio::test]
async fn what_a_prefix_covers_is_written_out_behind_the_list() {
    let cases = || {
        [
            headers_case(&[], Some("x-a"), None),
            headers_case(&["x-a"], Some("x-a"), None),
            headers_case(&["x-stainless-os"], Some("x-a, x-stainless-os"), None),
            headers_case(
                &["X-Stainless-Os,x-a", "x-stainless-lang,x-stainless-os"],
                Some("x-a, x-stainless-os, x-stainless-lang"),
                None,
            ),
            headers_case(&["x-stainless-"], Some("x-a, x-stainless-"), None),
            headers_case(&["x-stainless"], Some("x-a"), Some(header_not_allowed(0))),
            headers_case(
                &["x-other,x-stainless-os"],
                Some("x-a, x-stainless-os"),
                Some(header_not_allowed(0)),
            ),
            headers_case(
                &["x-stainless-os,x-stainless-a b,x-stainless-\"c\""],
                Some("x-a, x-stainless-os"),
                Some(Denial::MalformedHeaders),
            ),
        ]
    };
    for credentials in [false, true] {
        check(|| allow_app().allow_headers(["x-stainless-*", "x-a"]), credentials, cases()).await;
    }
}

#[tokio::test]
async fn a_prefix_does_not_cover_authorization() {
    let cases = [
        headers_case(&["authorization"], None, Some(header_not_allowed(0))),
        headers_case(&["auth-token"], Some("auth-token"), None),
    ];
    check(|| allow_app().allow_headers(["auth*"]), false, cases).await;
}

#[tokio::test]
async fn the_method_is_the_denial_that_is_told_first() {
    let policy = allow_app().build().expect("a policy");
    assert_eq!(denial(&policy, &preflight("PUT", &["x-a"])), Some(Denial::MethodNotAllowed));
    let stranger = [("origin", "null"), ("access-control-request-method", "PUT")];
    assert_eq!(denial(&policy, &request("OPTIONS", &stranger)), Some(Denial::NullOrigin));
}

/// The limits of `src/header/requested.rs` for a policy that lists only `x-a`: 64 elements and 2048 bytes, plus 1 and 5
/// for the list itself.
#[tokio::test]
async fn requested_headers_are_read_up_to_the_limits_and_refused_past_them() {
    let app = App::new(allow_app().allow_headers(["x-a"]));
    let most_elements = vec!["x-a"; 65].join(",");
    // A line counts one byte more than its length.
    let most_bytes = format!("x-a,{}x-a", " ".repeat(2048 + 5 - 1 - 7));
    for value in [most_elements.as_str(), most_bytes.as_str(), ",".repeat(64).as_str()] {
        let response = app.send_unserved(preflight("GET", &[value])).await;
        assert_eq!(response.status(), 204, "{value}");
    }
    for value in [format!("{most_elements},"), format!("{most_bytes} "), ",".repeat(65), "x".repeat(1 << 16)]
    {
        assert_refused(&app.send_unserved(preflight("GET", &[&value])).await, &value);
    }
    let policy = allow_app().allow_headers(["x-a"]).build().expect("a policy");
    assert_eq!(denial(&policy, &preflight("GET", &[&",".repeat(65)])), Some(Denial::TooManyHeaders));
    // Empty lines count as well.
    let lines = vec![""; 2054];
    assert_refused(&app.send_unserved(preflight("GET", &lines)).await, "2054 empty lines");
}
