//! Ten thousand policies in a database, a cache, and their editor.

mod database;
mod http;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderValue, Method, Request, Response};
use serde_json::{Value, json};
use tower_cors::CorsPolicy;

use self::http::{
    APP, CREDENTIALS, PREFLIGHT_VARY, STRANGER, VARY, assert_headers, assert_headers_of, request, send,
};
use crate::api::{self, Database, MAX_POLICY, Policies};

/// All of them, filled once. Each test has tenants of its own.
static TEN_THOUSAND: LazyLock<Arc<Policies>> = LazyLock::new(|| with_tenants(10_000));

/// How long a test waits for an event.
const PATIENCE: Duration = Duration::from_secs(5);

const JSON: (&str, &str) = ("content-type", "application/json");
const PROBLEM: (&str, &str) = ("content-type", "application/problem+json");

/// axum adds it wherever a route does not have the method. Browsers ignore it in a preflight's answer.
const ALLOW_OF_AXUM: (&str, &str) = ("allow", "GET,HEAD");

fn with_tenants(count: u32) -> Arc<Policies> {
    Policies::new(Database::with_tenants(count).expect("a database"))
}

fn serve(policies: &Arc<Policies>) -> Router {
    api::router(Arc::clone(policies))
}

fn page_of(tenant: &str) -> String {
    format!("https://{tenant}.example.com")
}

fn at(path: &str, mut request: Request<String>) -> Request<String> {
    *request.uri_mut() = path.parse().expect("a path");
    request
}

/// A page reads the API of a tenant.
fn get(tenant: &str, origin: &str) -> Request<String> {
    request("GET", &[("host", &*format!("{tenant}.localhost:3000")), ("origin", origin)])
}

/// A tenant's page reads or edits the tenant's policy.
fn cors(method: &str, tenant: &str, body: impl Into<String>) -> Request<String> {
    let (host, page) = (format!("{tenant}.localhost:3000"), page_of(tenant));
    let token = format!("Bearer token-of-{tenant}");
    let headers = [("host", &*host), ("origin", &*page), ("authorization", &*token), JSON];
    at("/cors", request(method, &headers)).map(|_| body.into())
}

/// Checks that a tenant's page may read an answer, which has these other headers.
#[track_caller]
fn assert_readable(response: &Response<Bytes>, tenant: &str, other: &[(&str, &str)]) {
    let page = page_of(tenant);
    let granted = [("access-control-allow-origin", &*page), CREDENTIALS, VARY];
    assert_headers_of(response, &[&granted[..], other].concat(), tenant);
}

fn json(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).expect("JSON")
}

#[tokio::test]
async fn each_tenant_has_its_own_policy_and_no_other() {
    const OWN: [&str; 4] = ["t0", "t7", "t4999", "t9999"];
    let app = serve(&TEN_THOUSAND);
    for tenant in OWN {
        for page in OWN {
            let response = send(&app, get(tenant, &page_of(page))).await;
            assert_eq!(json(&response)["tenant"], tenant);
            let mut preflight = get(tenant, &page_of(page));
            *preflight.method_mut() = Method::OPTIONS;
            preflight.headers_mut().insert("access-control-request-method", "PUT".parse().expect("a value"));
            let preflight = send(&app, preflight).await;
            if page == tenant {
                assert_readable(&response, tenant, &[JSON]);
                assert_eq!(preflight.status(), 204);
                let page = page_of(page);
                assert_headers(
                    &preflight,
                    &[
                        ("access-control-allow-origin", &page),
                        CREDENTIALS,
                        ("access-control-allow-methods", "PUT"),
                        ("access-control-allow-headers", "authorization, content-type"),
                        PREFLIGHT_VARY,
                        ALLOW_OF_AXUM,
                    ],
                );
            } else {
                assert_headers_of(&response, &[JSON, VARY], &format!("{page} at {tenant}"));
                assert_eq!(preflight.status(), 403);
                assert_headers(&preflight, &[PREFLIGHT_VARY, ALLOW_OF_AXUM]);
            }
        }
    }
}

#[tokio::test]
async fn whoever_is_no_tenant_is_granted_nothing() {
    let app = serve(&TEN_THOUSAND);
    for tenant in ["t10000", "nobody", "-", "t07"] {
        let response = send(&app, get(tenant, &page_of(tenant))).await;
        assert_headers_of(&response, &[JSON, VARY], tenant);
    }
    let long = "a".repeat(64);
    for host in [
        "localhost",
        "t7.example.com",
        "t7.localhost.example",
        "T7.localhost",
        "a.t7.localhost",
        &format!("{long}.localhost"),
    ] {
        let response = send(&app, request("GET", &[("host", host), ("origin", APP)])).await;
        assert_eq!(response.status(), 404, "{host}");
        assert_headers_of(&response, &[PROBLEM, VARY], host);
    }
}

#[tokio::test]
async fn an_edit_is_what_the_next_request_is_decided_by() {
    let app = serve(&TEN_THOUSAND);
    // Cached first.
    assert_readable(&send(&app, get("t100", &page_of("t100"))).await, "t100", &[JSON]);
    for (origins, granted, refused) in [
        (json!(["https://t100.example.com", APP]), APP, STRANGER),
        (json!(["https://t100.example.com", STRANGER]), STRANGER, APP),
        // The last edit locks the page out: only then is its answer kept from it.
        (json!([APP]), APP, "https://t100.example.com"),
    ] {
        let policy = json!({"allow_origins": origins, "allow_credentials": true});
        let response = send(&app, cors("PUT", "t100", policy.to_string())).await;
        assert_eq!((response.status().as_u16(), &response.body()[..]), (204, &b""[..]));
        assert_readable(&response, "t100", &[]);

        let response = send(&app, get("t100", granted)).await;
        assert_headers(&response, &[("access-control-allow-origin", granted), CREDENTIALS, JSON, VARY]);
        assert_headers(&send(&app, get("t100", refused)).await, &[JSON, VARY]);
    }
    // Nobody else's has changed.
    assert_readable(&send(&app, get("t101", &page_of("t101"))).await, "t101", &[JSON]);
    assert_headers(&send(&app, get("t101", APP)).await, &[JSON, VARY]);
}

#[tokio::test]
async fn a_policy_that_is_read_can_be_written_back() {
    let app = serve(&TEN_THOUSAND);
    for _ in 0..2 {
        let read = send(&app, cors("GET", "t200", "")).await;
        assert_eq!(read.status(), 200);
        assert_readable(&read, "t200", &[JSON]);
        let policy: CorsPolicy = serde_json::from_slice(read.body()).expect("a policy");
        assert_eq!(
            policy,
            CorsPolicy::builder()
                .allow_origin("https://t200.example.com")
                .allow_credentials(true)
                .allow_methods(["PUT"])
                .allow_headers(["authorization", "content-type"])
                .build()
                .expect("a policy")
        );
        // The second time with every field, as it was stored: also the dangerous ones, which are off.
        let written = String::from_utf8(read.body().to_vec()).expect("text");
        assert_eq!(send(&app, cors("PUT", "t200", written)).await.status(), 204);
    }
    let read = send(&app, cors("GET", "t200", "")).await;
    assert_eq!(json(&read)["dangerously_allow_null_origin"], false);
}

#[tokio::test]
async fn each_issue_is_in_the_problem_document_and_nothing_is_stored() {
    let app = serve(&TEN_THOUSAND);
    let policy = json!({
        "allow_origins": ["https://App.example.com/", "http://app.example.com"],
        "allow_credentials": true,
        "allow_methods": ["patch"],
        "allow_headers": ["cookie"],
        "max_age": "2d",
        "dangerously_allow_insecure_origins": true,
        "dangerously_allow_null_origin": null,
    });
    let response = send(&app, cors("PUT", "t300", policy.to_string())).await;
    assert_eq!(response.status(), 422);
    assert_readable(&response, "t300", &[PROBLEM]);
    assert_eq!(
        json(&response),
        json!({
            "type": "https://api.example.com/problems/invalid-cors-policy",
            "title": "The CORS policy cannot be used",
            "status": 422,
            "detail": "It has 7 issues to fix; nothing was stored.",
            "errors": [
                {
                    "field": "allow_origins",
                    "value": "https://App.example.com/",
                    "detail": "allow_origins: `https://App.example.com/` has upper-case letters, but browsers write origins in \
                               lower case; did you mean `https://app.example.com`?",
                    "suggestion": "https://app.example.com",
                },
                {
                    "field": "allow_origins",
                    "value": "http://app.example.com",
                    "detail": "allow_origins: `http://app.example.com` is not encrypted, so anyone on the network could act with a visitor's credentials. Use https, or `dangerously_allow_insecure_origins`; did you mean \
                               `https://app.example.com`?",
                    "suggestion": "https://app.example.com",
                },
                {
                    "field": "allow_methods",
                    "value": "patch",
                    "detail": "allow_methods: `patch` is in the wrong case: methods are case-sensitive; did you mean `PATCH`?",
                    "suggestion": "PATCH",
                },
                {
                    "field": "allow_headers",
                    "value": "cookie",
                    "detail": "allow_headers: `cookie` is set by the browser and cannot be requested. Remove it",
                    "suggestion": null,
                },
                {
                    "field": "max_age",
                    "value": null,
                    "detail": "max_age: 172800 s is longer than any browser caches. Use at most 86400 s (a day)",
                    "suggestion": null,
                },
                {
                    "field": "dangerously_allow_insecure_origins",
                    "value": null,
                    "detail": "dangerously_allow_insecure_origins: tenants may not set this. Remove it",
                    "suggestion": null,
                },
                {
                    "field": "dangerously_allow_null_origin",
                    "value": null,
                    "detail": "dangerously_allow_null_origin: tenants may not set this. Remove it",
                    "suggestion": null,
                },
            ],
        })
    );
    assert_readable(&send(&app, get("t300", &page_of("t300"))).await, "t300", &[JSON]);
}

#[tokio::test]
async fn no_dangerous_field_can_be_set() {
    let app = serve(&TEN_THOUSAND);
    for field in [
        "dangerously_allow_insecure_origins",
        "dangerously_allow_public_suffixes",
        "dangerously_allow_null_origin",
        // One that is not there yet.
        "dangerously_allow_everything",
    ] {
        for value in [json!(true), json!("true"), json!(1)] {
            let policy = json!({"allow_origins": [APP], field: value});
            let response = send(&app, cors("PUT", "t310", policy.to_string())).await;
            assert_eq!(response.status(), 422);
            assert_eq!(
                json(&response),
                json!({
                    "type": "https://api.example.com/problems/invalid-cors-policy",
                    "title": "The CORS policy cannot be used",
                    "status": 422,
                    "detail": "It has 1 issue to fix; nothing was stored.",
                    "errors": [{
                        "field": field,
                        "value": null,
                        "detail": format!("{field}: tenants may not set this. Remove it"),
                        "suggestion": null,
                    }],
                })
            );
        }
    }
    // Twice: the last one counts.
    let twice = r#"{"allow_origins": "null", "dangerously_allow_null_origin": true, "dangerously_allow_null_origin": false}"#;
    assert_eq!(send(&app, cors("PUT", "t310", twice)).await.status(), 422);
    assert_readable(&send(&app, get("t310", &page_of("t310"))).await, "t310", &[JSON]);
}

#[tokio::test]
async fn without_the_tenants_token_the_page_reads_a_401() {
    let app = serve(&TEN_THOUSAND);
    let tokens: [&[&str]; 7] = [
        &[],
        &[""],
        &["Bearer "],
        &["Bearer token-of-t401"],
        &["Bearer token-of-t400 "],
        &["token-of-t400"],
        &["Basic token-of-t400"],
    ];
    for given in tokens {
        for method in ["GET", "PUT"] {
            // Without a valid token, the body is not even read.
            let mut request = cors(method, "t400", "?".repeat(MAX_POLICY + 1));
            request.headers_mut().remove("authorization");
            for token in given {
                // hyper trims what is around a value.
                let token =
                    token.strip_suffix(' ').map_or((*token).to_owned(), |token| format!("{token}\u{a0}"));
                request
                    .headers_mut()
                    .append("authorization", HeaderValue::from_bytes(token.as_bytes()).expect("a value"));
            }
            let response = send(&app, request).await;
            assert_eq!(response.status(), 401, "{given:?}");
            assert_readable(&response, "t400", &[PROBLEM, ("www-authenticate", "Bearer")]);
            let expected = json!({
                "type": "about:blank",
                "title": "Unauthorized",
                "status": 401,
                "detail": "send the tenant's token as `Authorization: Bearer`",
            });
            assert_eq!(json(&response), expected);
        }
    }
    let mut lower = cors("GET", "t400", "");
    lower.headers_mut().insert("authorization", "bearer token-of-t400".parse().expect("a value"));
    assert_eq!(send(&app, lower).await.status(), 200);

    // The same for an unknown tenant, but without CORS headers.
    let response = send(&app, cors("GET", "nobody", "")).await;
    assert_eq!(response.status(), 401);
    assert_headers(&response, &[PROBLEM, ("www-authenticate", "Bearer"), VARY]);
}

#[tokio::test]
async fn what_is_no_policy_in_json_comes_back_as_a_problem() {
    let app = serve(&TEN_THOUSAND);
    let cases: [(&str, u16, &str, &str); 7] = [
        ("", 400, "Bad Request", "EOF while parsing"),
        ("{", 400, "Bad Request", "EOF while parsing"),
        ("{\"allow_origins\": [}", 400, "Bad Request", "expected value"),
        ("[]", 422, "Unprocessable Entity", "expected a map"),
        ("{\"allow_origin\": \"*\"}", 422, "Unprocessable Entity", "unknown field `allow_origin`"),
        ("{\"allow_origins\": 1}", 422, "Unprocessable Entity", "Use a list of strings"),
        ("{\"allow_origins\": [\"*\"], \"max_age\": -1}", 422, "Unprocessable Entity", "a number of seconds"),
    ];
    for (body, status, title, detail) in cases {
        let response = send(&app, cors("PUT", "t500", body)).await;
        assert_eq!(response.status(), status, "{body}");
        assert_readable(&response, "t500", &[PROBLEM]);
        let mut problem = json(&response);
        let told = problem.as_object_mut().and_then(|problem| problem.remove("detail")).expect("a detail");
        assert!(told.as_str().expect("text").contains(detail), "{told}");
        assert_eq!(problem, json!({"type": "about:blank", "title": title, "status": status}));
    }
    let mut form = cors("PUT", "t500", "{}");
    form.headers_mut().insert("content-type", "text/plain".parse().expect("a value"));
    let response = send(&app, form).await;
    assert_eq!(response.status(), 415);
    assert_readable(&response, "t500", &[PROBLEM]);
}

#[tokio::test]
async fn a_policy_is_read_to_the_limit_and_not_one_byte_past_it() {
    let app = serve(&TEN_THOUSAND);
    let policy = json!({"allow_origins": [page_of("t600")], "allow_credentials": true}).to_string();
    let padded = |length| format!("{policy:length$}");
    assert_eq!(send(&app, cors("PUT", "t600", padded(MAX_POLICY))).await.status(), 204);
    let response = send(&app, cors("PUT", "t600", padded(MAX_POLICY + 1))).await;
    assert_eq!(response.status(), 413);
    assert_readable(&response, "t600", &[PROBLEM]);
    assert_eq!(json(&response)["title"], "Payload Too Large");
}
