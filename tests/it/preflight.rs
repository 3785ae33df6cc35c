//! CORS-preflight requests, and the answers to them.

use std::time::Duration;

use http::StatusCode;
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Denial};

use crate::support::{
    APP, App, PREFLIGHT_VARY, SAFELISTED_METHODS, STRANGER, allow_app, assert_headers, assert_refused,
    denial, is_preflight, preflight, request,
};

#[tokio::test]
async fn a_plain_options_reaches_the_service() {
    let app = App::answering(allow_app(), &[("allow", "GET, OPTIONS")]);
    let response = app.send_served(request::<&str>("OPTIONS", &[])).await;
    assert_headers(&response, &[("allow", "GET, OPTIONS"), PREFLIGHT_VARY]);
}

#[tokio::test]
async fn an_options_with_an_origin_only_reaches_the_service_and_is_decorated() {
    let app = App::answering(allow_app(), &[("allow", "GET, OPTIONS")]);
    let response = app.send_served(request("OPTIONS", &[("origin", APP)])).await;
    assert_headers(
        &response,
        &[("access-control-allow-origin", APP), ("allow", "GET, OPTIONS"), PREFLIGHT_VARY],
    );
}

#[tokio::test]
async fn an_options_with_a_requested_method_but_no_origin_reaches_the_service() {
    let app = App::new(allow_app());
    let requested = [("access-control-request-method", "PUT"), ("access-control-request-headers", "x-a")];
    let response = app.send_served(request("OPTIONS", &requested)).await;
    assert_headers(&response, &[PREFLIGHT_VARY]);
}

#[tokio::test]
async fn another_method_with_a_requested_method_reaches_the_service() {
    let app = App::new(allow_app());
    for method in ["GET", "POST", "options", "PROPFIND"] {
        let headers = [("origin", APP), ("access-control-request-method", "PUT")];
        let response = app.send_served(request(method, &headers)).await;
        assert_headers(&response, &[("access-control-allow-origin", APP), ("vary", "Origin")]);
    }
}

#[tokio::test]
async fn an_allowed_preflight_is_answered_with_the_whole_policy() {
    let policy = allow_app()
        .allow_credentials(true)
        .allow_methods(["PUT", "DELETE"])
        .allow_headers(["authorization", "Content-Type"])
        .expose_headers(["x-request-id"])
        .max_age(Duration::from_secs(600));
    let app = App::new(policy);
    // The same answer to every request.
    let requests = [
        preflight("PUT", &["authorization"]),
        preflight("GET", &[]),
        preflight("PATCH", &["x-unknown"]),
        preflight("PATCH", &[]),
    ];
    for request in requests {
        let response = app.send_unserved(request).await;
        assert_eq!(response.status(), 204);
        assert_headers(
            &response,
            &[
                ("access-control-allow-credentials", "true"),
                ("access-control-allow-headers", "authorization, content-type"),
                ("access-control-allow-methods", "PUT, DELETE"),
                ("access-control-allow-origin", APP),
                ("access-control-max-age", "600"),
                PREFLIGHT_VARY,
            ],
        );
    }
}

#[tokio::test]
async fn a_policy_that_lists_nothing_answers_with_the_safelisted_methods() {
    let app = App::new(allow_app());
    let response = app.send_unserved(preflight("POST", &[])).await;
    assert_eq!(response.status(), 204);
    assert_headers(&response, &[("access-control-allow-origin", APP), SAFELISTED_METHODS, PREFLIGHT_VARY]);
}

#[tokio::test]
async fn the_status_of_an_allowed_preflight_is_the_policys() {
    for status in [StatusCode::OK, StatusCode::NO_CONTENT, StatusCode::IM_USED] {
        let app = App::new(allow_app().preflight_status(status));
        let response = app.send_unserved(preflight("PUT", &[])).await;
        assert_eq!(response.status(), status);
        assert_headers(
            &response,
            &[("access-control-allow-origin", APP), SAFELISTED_METHODS, PREFLIGHT_VARY],
        );
        // A refusal does not have the policy's `preflight_status`.
        let refused = request("OPTIONS", &[("origin", STRANGER), ("access-control-request-method", "PUT")]);
        assert_refused(&app.send_unserved(refused).await, "");
    }
}

#[tokio::test]
async fn max_age_is_sent_in_whole_seconds_if_it_is_set() {
    let cases: [(Option<Duration>, Option<&str>); 5] = [
        (None, None),
        (Some(Duration::ZERO), Some("0")),
        (Some(Duration::from_millis(1_999)), Some("1")),
        (Some(Duration::from_secs(600)), Some("600")),
        (Some(Duration::from_secs(86_400)), Some("86400")),
    ];
    for (max_age, expected) in cases {
        let policy = match max_age {
            Some(max_age) => allow_app().max_age(max_age),
            None => allow_app(),
        };
        let response = App::new(policy).send_unserved(preflight("GET", &[])).await;
        let mut headers = vec![("access-control-allow-origin", APP), SAFELISTED_METHODS, PREFLIGHT_VARY];
        headers.extend(expected.map(|seconds| ("access-control-max-age", seconds)));
        assert_headers(&response, &headers);
    }
}

#[tokio::test]
async fn a_preflight_of_a_policy_for_any_origin_is_answered_with_a_star() {
    let app =
        App::new(CorsPolicy::builder().allow_any_origin().expose_headers(["x-a"]).vary_by(["x-tenant"]));
    for origin in [APP, STRANGER, "null"] {
        let headers = [("origin", origin), ("access-control-request-method", "GET")];
        let response = app.send_unserved(request("OPTIONS", &headers)).await;
        assert_eq!(response.status(), 204);
        assert_headers(
            &response,
            &[
                ("access-control-allow-origin", "*"),
                SAFELISTED_METHODS,
                ("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, X-Tenant"),
            ],
        );
    }
}

#[tokio::test]
async fn a_preflight_from_another_origin_is_refused_with_nothing_but_vary() {
    let app = App::new(full_policy());
    for origin in
        [STRANGER, "https://example.com", "https://app.example.com:8443", "http://app.example.com", "null"]
    {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "PUT"),
            ("access-control-request-headers", "x-a, x-b-c"),
        ];
        assert_refused(&app.send_unserved(request("OPTIONS", &headers)).await, origin);
    }
}

#[tokio::test]
async fn the_same_preflight_gets_the_same_answer_after_one_that_was_refused() {
    let app = App::new(full_policy());
    let before = app.send_unserved(preflight("PUT", &["x-b-c"])).await;
    for request in [
        preflight("TRACE", &["@"]),
        preflight("DELETE", &["x-b-d"]),
        request("OPTIONS", &[("origin", "null")]),
    ] {
        app.send(request).await;
    }
    let after = app.send_unserved(preflight("PUT", &["x-b-c"])).await;
    assert_eq!(before.headers(), after.headers());
}

#[tokio::test]
async fn two_requested_method_lines_are_a_preflight_with_a_method_that_is_not_allowed() {
    let app = App::new(full_policy());
    let policy = full_policy().build().expect("a policy");
    for second in ["PUT", "GET", ""] {
        let requested = [
            ("origin", APP),
            ("access-control-request-method", "PUT"),
            ("access-control-request-method", second),
        ];
        assert!(is_preflight(&policy, &request("OPTIONS", &requested)));
        assert_eq!(denial(&policy, &request("OPTIONS", &requested)), Some(Denial::MalformedMethod));
        // The origin is allowed, so the lists are sent; neither line is echoed.
        let response = app.send_unserved(request("OPTIONS", &requested)).await;
        assert_eq!(response.status(), 204);
        assert_headers(&response, &FULL_POLICY_ECHOES_NOTHING);
    }
}

#[tokio::test]
async fn a_requested_method_that_is_no_token_makes_a_preflight_all_the_same() {
    let policy = full_policy().build().expect("a policy");
    let app = App::new(full_policy());
    let values: [&[u8]; 6] = [b"", b"PUT DELETE", b"PUT,DELETE", b"P\xdcT", b"\"PUT\"", b"PUT:"];
    for value in values {
        let requested = [("origin", APP.as_bytes()), ("access-control-request-method", value)];
        assert_eq!(denial(&policy, &request("OPTIONS", &requested)), Some(Denial::MalformedMethod));
        let response = app.send_unserved(request("OPTIONS", &requested)).await;
        assert_eq!(response.status(), 204);
        assert_headers(&response, &FULL_POLICY_ECHOES_NOTHING);
    }
}

#[tokio::test]
async fn neither_path_nor_cookies_nor_authorization_decide_anything() {
    let app = App::new(full_policy());
    let expected = app.send_unserved(preflight("PUT", &["x-a"])).await;
    for target in ["/", "/v1/%2e%2e/admin", "/a//b?origin=null#", "*", "http://other.example/a"] {
        let mut request = preflight("PUT", &["x-a"]);
        *request.uri_mut() = target.parse().expect("a target");
        for (name, value) in [("cookie", "id=1"), ("authorization", "Bearer secret")] {
            request.headers_mut().insert(name, http::HeaderValue::from_static(value));
        }
        let response = app.send_unserved(request).await;
        assert_eq!(
            (response.status(), response.headers()),
            (expected.status(), expected.headers()),
            "{target}"
        );
    }
}

/// Browsers have replaced this header with a permission prompt: Local Network Access.
#[tokio::test]
async fn private_network_access_is_never_granted() {
    let app = App::new(full_policy());
    let expected = app.send_unserved(preflight("PUT", &[])).await;
    let mut request = preflight("PUT", &[]);
    for name in ["access-control-request-private-network", "access-control-request-local-network"] {
        request.headers_mut().insert(name, http::HeaderValue::from_static("true"));
    }
    assert_eq!(app.send_unserved(request).await.headers(), expected.headers());
}

/// Any method with credentials, and a prefix: both make an answer depend on the request.
fn full_policy() -> CorsPolicyBuilder {
    allow_app().allow_credentials(true).allow_any_method().allow_headers(["x-a", "x-b-*"])
}

/// Its answer to a preflight without anything to echo.
const FULL_POLICY_ECHOES_NOTHING: [(&str, &str); 5] = [
    ("access-control-allow-credentials", "true"),
    ("access-control-allow-headers", "x-a"),
    SAFELISTED_METHODS,
    ("access-control-allow-origin", APP),
    PREFLIGHT_VARY,
];
