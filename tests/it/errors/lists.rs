//! Refusals of other values than origins: methods, headers, the max-age, the status.

use std::time::Duration;

use http::StatusCode;
use tower_cors::CorsPolicy;

use super::{assert_cases, issues};
use crate::support::Sentence;
use crate::support::assert_rows;

#[test]
fn a_method_that_could_never_match_is_refused() {
    let no_method = "is not a valid method: spaces, commas and characters beyond ASCII are not allowed. Write each method as a separate value";
    let forbidden = "cannot be used by any page, so allowing it has no effect. Remove it";
    let case = "is in the wrong case: methods are case-sensitive";
    let wildcard = "contains a `*`, which is only allowed alone, to allow any method";
    let cases: &[Sentence] = &[
        ("", no_method, None),
        ("PUT,DELETE", no_method, None),
        (" put", no_method, Some("PUT")),
        ("TRACE", forbidden, None),
        ("connect", forbidden, None),
        ("patch", case, Some("PATCH")),
        ("Get", case, Some("GET")),
        ("P*", wildcard, None),
    ];
    assert_cases("allow_methods", cases, |method| {
        CorsPolicy::builder().allow_any_origin().allow_methods([method])
    });
}

#[test]
fn a_header_that_could_never_match_is_refused() {
    let no_name = "is not a valid header name: spaces, commas, colons and characters beyond ASCII are not allowed. Write each name as a separate value";
    let wildcard = "is not valid: `*` is only allowed alone, to allow any header, and in `allow_headers` at the end of a prefix";
    let set_by_browsers = "is set by the browser and cannot be requested. Remove it";
    let response = "is a CORS response header, which this layer sets. Remove it";
    let unreadable = "can never be read by a page. Remove it";
    let request = "is a CORS request header, not a response header. Remove it";
    let requested: &[Sentence] = &[
        ("", no_name, None),
        ("X-A, X-B", no_name, None),
        ("X-A:", no_name, Some("x-a")),
        (" X-A", no_name, Some("x-a")),
        ("X-*-Id", wildcard, None),
        ("Cookie", set_by_browsers, None),
        ("Sec-Fetch-Site", set_by_browsers, None),
        ("Access-Control-Allow-Origin", response, None),
    ];
    let exposed: &[Sentence] = &[
        ("x y", no_name, None),
        ("X-Request-Id:", no_name, Some("x-request-id")),
        ("x-*", wildcard, None),
        ("Set-Cookie", unreadable, None),
        ("Access-Control-Request-Method", request, None),
        ("Origin", request, None),
    ];
    let varying: &[Sentence] = &[("x y", no_name, None), ("*", wildcard, None)];
    let any = || CorsPolicy::builder().allow_any_origin();
    assert_cases("allow_headers", requested, |name| any().allow_headers([name]));
    assert_cases("expose_headers", exposed, |name| any().expose_headers([name]));
    assert_cases("vary_by", varying, |name| any().vary_by([name]));
}

#[test]
fn a_max_age_is_accepted_up_to_a_day() {
    let max_age = |seconds| CorsPolicy::builder().allow_any_origin().max_age(Duration::from_secs(seconds));
    assert_eq!(issues(max_age(0)), [""; 0]);
    assert_eq!(issues(max_age(86_400)), [""; 0]);
    let and_a_half = Duration::from_millis(86_400_500);
    assert_eq!(issues(CorsPolicy::builder().allow_any_origin().max_age(and_a_half)), [""; 0]);
    assert_eq!(
        issues(max_age(86_401)),
        ["max_age: 86401 s is longer than any browser caches. Use at most 86400 s (a day)"]
    );
    assert_eq!(issues(CorsPolicy::builder().allow_any_origin().max_age(Duration::MAX)).len(), 1);
}

#[test]
fn a_preflight_status_is_accepted_from_200_to_299() {
    let status = |code| {
        let code = StatusCode::from_u16(code).expect("a status");
        CorsPolicy::builder().allow_any_origin().preflight_status(code)
    };
    assert_rows([200, 204, 299].map(|code| (code, issues(status(code)), [""; 0])));
    assert_rows([100, 199, 300, 404, 999].map(|code| {
        let expected = format!(
            "preflight_status: {code} is not a success status, so every preflight would fail. Use 200 to 299"
        );
        (code, issues(status(code)), [expected])
    }));
}
