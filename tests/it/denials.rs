//! The hook for denials.

use std::sync::{Arc, Mutex};

use http::Request;
use tower_cors::{CorsLayer, CorsPolicyBuilder, Decision, Denial};

use crate::support::{
    APP, App, STRANGER, allow_app, assert_rows, header_not_allowed, preflight, preflight_from, request,
};

type Heard = Arc<Mutex<Vec<(Denial, String)>>>;

/// An application and what its hook heard: the denial, and the method of the request that it came with.
fn listening(policy: CorsPolicyBuilder) -> (App, Heard) {
    let heard = Heard::default();
    let hook = Arc::clone(&heard);
    let layer = CorsLayer::from(policy.build().expect("a policy")).on_denial(move |denial, request| {
        hook.lock().expect("no panic").push((*denial, request.method().to_string()));
    });
    (App::behind(&layer, &[]), heard)
}

#[tokio::test]
async fn the_hook_is_called_once_with_the_denial_of_each_kind() {
    let many = ",".repeat(1 << 12);
    let own = || allow_app().reject_disallowed_origins(true).served_at(["https://api.example.com"]);
    let any_header = || allow_app().allow_any_header();
    let cases: [(CorsPolicyBuilder, Request<String>, Denial, &str); 20] = [
        (
            allow_app(),
            request("GET", &[("origin", STRANGER)]),
            Denial::OriginNotAllowed,
            "origin-not-allowed",
        ),
        (allow_app(), preflight_from(STRANGER, "PUT"), Denial::OriginNotAllowed, "origin-not-allowed"),
        (allow_app(), request("POST", &[("origin", "null")]), Denial::NullOrigin, "null-origin"),
        (allow_app(), preflight_from("null", "PUT"), Denial::NullOrigin, "null-origin"),
        (allow_app(), request("GET", &[("origin", "")]), Denial::MalformedOrigin, "malformed-origin"),
        (allow_app(), preflight_from("https://a/", "PUT"), Denial::MalformedOrigin, "malformed-origin"),
        (
            allow_app(),
            request("GET", &[("origin", APP), ("origin", APP)]),
            Denial::SeveralOrigins,
            "several-origins",
        ),
        (own(), request("GET", &[("host", "evil.example")]), Denial::ForeignHost, "foreign-host"),
        (own(), preflight("PUT", &[]), Denial::ForeignHost, "foreign-host"),
        (allow_app(), preflight("PUT", &[]), Denial::MethodNotAllowed, "method-not-allowed"),
        (
            allow_app().allow_methods(["PATCH"]),
            preflight("patch", &[]),
            Denial::MethodNotAllowed,
            "method-not-allowed",
        ),
        (
            allow_app().allow_any_method(),
            preflight("TRACE", &[]),
            Denial::ForbiddenMethod,
            "forbidden-method",
        ),
        (allow_app().allow_any_method(), preflight("P T", &[]), Denial::MalformedMethod, "malformed-method"),
        (allow_app(), preflight("", &[]), Denial::MalformedMethod, "malformed-method"),
        (allow_app(), preflight(&"M".repeat(65), &[]), Denial::MethodTooLong, "method-too-long"),
        (allow_app(), preflight("GET", &["x-a"]), header_not_allowed(0), "header-not-allowed"),
        (
            any_header(),
            preflight("GET", &["Authorization"]),
            Denial::AuthorizationNotListed,
            "authorization-not-listed",
        ),
        (any_header(), preflight("GET", &["x a"]), Denial::MalformedHeaders, "malformed-headers"),
        (any_header(), preflight("GET", &[&many]), Denial::TooManyHeaders, "too-many-headers"),
        (
            allow_app().reject_disallowed_origins(true),
            request("GET", &[("origin", STRANGER)]),
            Denial::OriginNotAllowed,
            "origin-not-allowed",
        ),
    ];
    let mut rows = Vec::new();
    for (policy, request, denial, kind) in cases {
        let case = format!("{request:.200?}");
        let method = request.method().to_string();
        let (app, heard) = listening(policy);
        app.send(request).await;
        let heard = heard.lock().expect("no panic").clone();
        rows.push((case, (heard, denial.kind()), (vec![(denial, method)], kind)));
    }
    assert_rows(rows);
}

#[tokio::test]
async fn the_hook_can_name_the_refused_header() {
    let heard = Arc::new(Mutex::new(None));
    let send = |policy: CorsPolicyBuilder, request: Request<String>| {
        let hook = Arc::clone(&heard);
        let layer = CorsLayer::new(policy.build().expect("a policy")).on_denial(move |denial, request| {
            *hook.lock().expect("no panic") = denial.header(request).map(str::to_owned);
        });
        async move { App::behind(&layer, &[]).send(request).await }
    };
    let listed = || allow_app().allow_headers(["x-a", "x-p-*"]);
    let cases: [(CorsPolicyBuilder, &[&str], Option<&str>); 9] = [
        (listed(), &["x-a,x-b,x-c"], Some("x-b")),
        (listed(), &["x-a, ,\tX-B"], Some("X-B")),
        (listed(), &["x-a", "", "x-p-1,x-a", "x-c,x-b"], Some("x-c")),
        (listed(), &["cookie"], Some("cookie")),
        // A part that is not a name is not counted.
        (listed(), &["x a,x-b"], Some("x-b")),
        (listed(), &["x-a,x b"], None),
        (listed(), &[&"x-b,".repeat(999)], None),
        (allow_app().allow_any_header(), &["x-b,Authorization"], Some("authorization")),
        (allow_app(), &[], None),
    ];
    let mut rows = Vec::new();
    for (policy, lines, expected) in cases {
        *heard.lock().expect("no panic") = None;
        send(policy, preflight("GET", lines)).await;
        let header = heard.lock().expect("no panic").take();
        rows.push((format!("{lines:.200?}"), header, expected.map(str::to_owned)));
    }
    assert_rows(rows);
}

#[tokio::test]
async fn the_hook_is_not_called_for_what_browsers_are_not_refused() {
    let same_origin = [("origin", "https://api.example.com"), ("sec-fetch-site", "same-origin")];
    let same_host = [("origin", "https://api.example.com"), ("host", "api.example.com")];
    let requests = [
        request("GET", &[("origin", APP)]),
        request::<&str>("GET", &[]),
        request::<&str>("OPTIONS", &[]),
        preflight("GET", &[]),
        preflight("PUT", &["x-a"]),
        request("POST", &same_origin),
        request("POST", &same_host),
        request("POST", &[("origin", "null"), ("sec-fetch-site", "same-origin")]),
    ];
    let policy = || allow_app().allow_methods(["PUT"]).allow_headers(["x-a"]);
    for rejects in [false, true] {
        let (app, heard) = listening(policy().reject_disallowed_origins(rejects));
        for request in requests.clone() {
            app.send(request).await;
        }
        assert_eq!(*heard.lock().expect("no panic"), []);
    }
}

#[tokio::test]
async fn a_second_hook_replaces_the_first_one_and_leaves_clones_alone() {
    let calls: [Arc<Mutex<u32>>; 2] = Default::default();
    let count = |index: usize| {
        let calls = Arc::clone(&calls[index]);
        move |_: &Denial, _: tower_cors::RequestHead<'_>| *calls.lock().expect("no panic") += 1
    };
    let first = CorsLayer::from(allow_app().build().expect("a policy")).on_denial(count(0));
    let second = first.clone().on_denial(count(1));
    let counts = || [*calls[0].lock().expect("no panic"), *calls[1].lock().expect("no panic")];
    App::behind(&second, &[]).send(request("GET", &[("origin", STRANGER)])).await;
    assert_eq!(counts(), [0, 1]);
    App::behind(&first, &[]).send(request("GET", &[("origin", STRANGER)])).await;
    assert_eq!(counts(), [1, 1]);
}

#[tokio::test]
async fn the_hook_of_decisions_is_called_once_for_each_and_in_front_of_that_of_denials() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (of_decisions, of_denials) = (Arc::clone(&heard), Arc::clone(&heard));
    let policy = allow_app().reject_disallowed_origins(true).build().expect("a policy");
    let layer = CorsLayer::new(policy)
        .on_decision(move |decision, request| {
            let kind = match decision {
                Decision::Preflight(_) => "preflight",
                Decision::Rejected(_) => "rejected",
                _ => "actual",
            };
            let outcome = decision.denial().map_or("allowed", |denial| denial.kind());
            of_decisions.lock().expect("no panic").push(format!("{} {kind} {outcome}", request.method()));
        })
        .on_denial(move |denial, _| of_denials.lock().expect("no panic").push(denial.kind().to_owned()));
    let app = App::behind(&layer, &[]);
    let cases: [(Request<String>, &[&str]); 5] = [
        (request::<&str>("GET", &[]), &["GET actual allowed"]),
        (request("GET", &[("origin", APP)]), &["GET actual allowed"]),
        (request("PUT", &[("origin", STRANGER)]), &["PUT rejected origin-not-allowed", "origin-not-allowed"]),
        (preflight("GET", &[]), &["OPTIONS preflight allowed"]),
        (preflight("PUT", &[]), &["OPTIONS preflight method-not-allowed", "method-not-allowed"]),
    ];
    for (request, expected) in cases {
        app.send(request).await;
        assert_eq!(std::mem::take(&mut *heard.lock().expect("no panic")), expected);
    }
    App::behind(&layer.leave_to_inner(|_| true), &[]).send(request("PUT", &[("origin", STRANGER)])).await;
    assert_eq!(*heard.lock().expect("no panic"), [] as [String; 0]);
}
