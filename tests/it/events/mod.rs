//! The feature `tracing`: the events of a log.

mod beside_denials;
mod capture;
mod replaced;
mod shadow;
mod written_log;

use std::sync::{Arc, Mutex};

use axum::Router;
use http::Request;
use serde_json::{Value, json};
use tower_cors::{CorsLayer, CorsPolicyBuilder};
use tracing::Level;

use self::capture::{Capture, listen};
use crate::net::Server;
use crate::support::{APP, App, STRANGER, allow_app, preflight, request};

fn behind(policy: CorsPolicyBuilder) -> App {
    App::behind(&CorsLayer::from(policy.build().expect("a policy")), &[])
}

fn get(origin: &str) -> Request<String> {
    request("GET", &[("origin", origin)])
}

#[tokio::test]
async fn each_denial_is_one_event_with_typed_fields() {
    let long = format!("{}{}", "X".repeat(80), "...");
    let cases = [
        (allow_app(), get(STRANGER), "origin-not-allowed", STRANGER, "GET", "allow_origins", false),
        (allow_app(), get("null"), "null-origin", "null", "GET", "allow_origins", false),
        (allow_app(), get(""), "malformed-origin", "", "GET", "allow_origins", false),
        (
            allow_app(),
            request("GET", &[("origin", APP), ("origin", STRANGER)]),
            "several-origins",
            APP,
            "GET",
            "allow_origins",
            false,
        ),
        (
            allow_app().reject_disallowed_origins(true),
            request("DELETE", &[("origin", STRANGER)]),
            "origin-not-allowed",
            STRANGER,
            "DELETE",
            "allow_origins",
            false,
        ),
        (allow_app(), preflight("PUT", &[]), "method-not-allowed", APP, "PUT", "allow_methods", true),
        (allow_app(), preflight("TRACE", &[]), "forbidden-method", APP, "TRACE", "allow_methods", true),
        (allow_app(), preflight("P T", &[]), "malformed-method", APP, "P T", "allow_methods", true),
        (allow_app(), preflight(&"X".repeat(999), &[]), "method-too-long", APP, &long, "allow_methods", true),
        (allow_app(), preflight("GET", &["x-a"]), "header-not-allowed", APP, "GET", "allow_headers", true),
        (
            allow_app().allow_any_header(),
            preflight("GET", &["authorization"]),
            "authorization-not-listed",
            APP,
            "GET",
            "allow_headers",
            true,
        ),
        (allow_app(), preflight("GET", &["?x"]), "malformed-headers", APP, "GET", "allow_headers", true),
        (
            allow_app(),
            preflight("GET", &[&",".repeat(999)]),
            "too-many-headers",
            APP,
            "GET",
            "allow_headers",
            true,
        ),
    ];
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    for (policy, request, kind, origin, method, rule, is_preflight) in cases {
        behind(policy).send(request).await;
        let events = capture.take_at(Level::DEBUG);
        let [event] = events.as_slice() else { panic!("{kind}: {events:?}") };
        let mut event = event.clone();
        let message = event.as_object_mut().expect("fields").remove("message").expect("a message");
        assert!(message.as_str().expect("text").starts_with("denied: "), "{message}");
        let fields = event.as_object_mut().expect("fields");
        // These have their own test.
        fields.remove("header");
        fields.remove("headers");
        let expected = json!({
            "kind": kind, "origin": origin, "method": method, "path": "/", "rule": rule, "preflight": is_preflight,
        });
        assert_eq!(event, expected);
    }
}

#[tokio::test]
async fn a_foreign_host_is_told_once_at_warn_and_each_time_at_debug() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let app = behind(allow_app().reject_disallowed_origins(true).served_at(["https://api.example.com"]));
    let warning = |host: &str, origin: &str| {
        let message = "refused a new host: the request was sent to a host that is not in `served_at`. If the host is yours, add \
                       its origin to `served_at`; if a proxy set it, make the proxy pass `Host` on unchanged";
        (
            Level::WARN,
            json!({"message": message, "kind": "foreign-host", "origin": origin, "host": host, "suppressed": 0}),
        )
    };
    let denied = |host: &str, origin: &str, method: &str, is_preflight: bool| {
        let message = "denied: the request was sent to a host that is not in `served_at`";
        (
            Level::DEBUG,
            json!({
                "message": message, "kind": "foreign-host", "origin": origin, "host": host, "method": method, "path": "/",
                "rule": "served_at", "preflight": is_preflight,
            }),
        )
    };
    let rebound = |host: &str| request("GET", &[("host", host)]);
    app.send(rebound("evil.example")).await;
    assert_eq!(capture.take(), [denied("evil.example", "", "GET", false), warning("evil.example", "")]);
    app.send(rebound("evil.example")).await;
    assert_eq!(capture.take(), [denied("evil.example", "", "GET", false)]);
    app.send(rebound("b\u{85}\u{e9}")).await;
    assert_eq!(capture.take(), [denied("b\\u{85}é", "", "GET", false), warning("b\\u{85}é", "")]);
    // A preflight without any.
    app.send(preflight("PUT", &[])).await;
    assert_eq!(capture.take(), [denied("", APP, "PUT", true), warning("", APP)]);
}

/// The lines of requested headers and the target of a preflight, and the fields `header`, `headers` and `path` of its event.
type Told<'a> = (&'a [&'a str], &'a str, Option<&'a str>, Option<&'a str>, &'a str);

#[tokio::test]
async fn a_denial_has_the_requested_headers_and_the_path_without_its_query() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let cut = |text: &str| format!("{}...", &text[..80]);
    let (long_name, long_path) = ("x".repeat(999), format!("/{}", "p".repeat(999)));
    let many = vec!["x-a"; 60].join(",");
    let cases: [Told<'_>; 8] = [
        (&[], "/", None, None, "/"),
        (&["x-a,x-b,x-c"], "/v1/items?token=secret", Some("x-b"), Some("x-a,x-b,x-c"), "/v1/items"),
        (&["x-a", "X-B"], "/", Some("X-B"), Some("x-a, X-B"), "/"),
        (&["x-a,\u{85}x b"], "/a%0Ab", None, Some("x-a,\\u{85}x b"), "/a%0Ab"),
        (&[&many, "x-b"], "/", Some("x-b"), Some(&cut(&many)), "/"),
        (&[&long_name], &long_path, Some(&cut(&long_name)), Some(&cut(&long_name)), &cut(&long_path)),
        (&[&",".repeat(999)], "/", None, Some(&cut(&",".repeat(999))), "/"),
        // Not all of many lines are joined.
        (&["x-b"; 60], "/", Some("x-b"), Some(&cut(&vec!["x-b"; 60].join(", "))), "/"),
    ];
    for (lines, target, header, headers, path) in cases {
        let mut request = preflight("PUT", lines);
        *request.uri_mut() = target.parse().expect("a URI");
        behind(allow_app().allow_headers(["x-a"]).allow_methods(["PUT"]).reject_disallowed_origins(true))
            .send(request.clone())
            .await;
        let events = capture.take_at(Level::DEBUG);
        if lines.is_empty() {
            assert_eq!(events, [] as [Value; 0]);
            continue;
        }
        let [event] = events.as_slice() else { panic!("{lines:?}: {events:?}") };
        let seen = ["header", "headers", "path"].map(|field| event.get(field).cloned());
        let expected = [header, headers, Some(path)].map(|value| value.map(Value::from));
        assert_eq!(seen, expected, "{lines:?}");
    }
    // They do not matter without a preflight.
    let request = request("GET", &[("origin", STRANGER), ("access-control-request-headers", "x-a")]);
    behind(allow_app()).send(request).await;
    assert_eq!(capture.take_at(Level::DEBUG)[0].get("headers"), None);
}

#[tokio::test]
async fn where_there_is_no_policy_no_rule_is_named() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    App::behind(&CorsLayer::per_request(|_| None), &[]).send(get(APP)).await;
    let later = CorsLayer::per_request_async(|_| async {
        tokio::task::yield_now().await;
        None
    });
    App::behind(&later, &[]).send(get(APP)).await;
    App::behind(&CorsLayer::first_match([]), &[]).send(get(APP)).await;
    let expected = json!({
        "message": "denied: no policy applies to the request",
        "kind": "no-policy", "origin": APP, "method": "GET", "path": "/", "preflight": false,
    });
    assert_eq!(capture.take_at(Level::DEBUG), [expected.clone(), expected.clone(), expected]);
}

#[tokio::test]
async fn a_newly_refused_origin_is_warned_about_once() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let app = behind(allow_app());
    for origin in [STRANGER, STRANGER, "null", STRANGER, "null"] {
        app.send(get(origin)).await;
    }
    // A refused method is not about the origin.
    app.send(preflight("PUT", &[])).await;
    let warning =
        |kind, origin, message| json!({"kind": kind, "origin": origin, "suppressed": 0, "message": message});
    assert_eq!(
        capture.take_at(Level::WARN),
        [
            warning(
                "origin-not-allowed",
                STRANGER,
                "refused a new origin: the policy does not allow the origin. If the page is yours, allow its origin"
            ),
            warning(
                "null-origin",
                "null",
                "refused a new origin: the policy does not allow the origin `null`, which sandboxed and redirected pages send"
            ),
        ]
    );
}

#[tokio::test]
async fn random_origins_do_not_fill_the_log() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let app = behind(allow_app());
    for index in 0..500 {
        app.send(get(&format!("https://{index}.example"))).await;
    }
    assert_eq!(capture.take_at(Level::WARN).len(), 10);
}

#[tokio::test]
async fn what_passes_is_told_to_a_trace_alone() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let app = behind(allow_app());
    app.send(get(APP)).await;
    app.send(preflight("GET", &[])).await;
    app.send(request::<&str>("GET", &[])).await;
    app.send(request::<&str>("OPTIONS", &[])).await;
    let passed =
        |preflight| (Level::TRACE, json!({"message": "passed", "origin": APP, "preflight": preflight}));
    assert_eq!(capture.take(), [passed(false), passed(true)]);

    let own = request("POST", &[("origin", "https://api.example.com"), ("host", "api.example.com")]);
    app.send(own).await;
    assert!(
        capture.take().iter().all(|(level, _)| *level == Level::TRACE),
        "a same-origin request is no refusal"
    );
}

#[tokio::test]
async fn the_hook_is_called_beside_the_log() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let heard = Arc::new(Mutex::new(0));
    let hook = Arc::clone(&heard);
    let policy = allow_app().build().expect("a policy");
    let layer = CorsLayer::from(policy).on_denial(move |_, _| *hook.lock().expect("no panic") += 1);
    App::behind(&layer, &[]).send(get(STRANGER)).await;
    assert_eq!(*heard.lock().expect("no panic"), 1);
    assert_eq!(capture.take().len(), 2);
}

#[tokio::test]
async fn a_served_request_is_told_where_it_is_served() {
    let capture = Capture::default();
    // The server's tasks run on this test's own thread.
    let _guard = listen(capture.clone());
    let policy = allow_app().build().expect("a policy");
    let server = Server::axum(Router::new().layer(CorsLayer::from(policy))).await;
    server.send(get(STRANGER)).await;
    assert_eq!(capture.take_at(Level::DEBUG).len(), 1);
}
