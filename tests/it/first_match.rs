//! `first_match`: the first policy that allows the origin decides, else the last one.

mod property;

use std::sync::{Arc, Mutex};

use http::HeaderMap;
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder, Denial};

use crate::support::{
    APP, App, CREDENTIALS, PREFLIGHT_VARY, REJECTION_VARY, SAFELISTED_METHODS, STRANGER, VARY, allow_app,
    assert_headers, assert_headers_of, assert_refused, built, preflight, preflight_from, request,
};

type Headers<'a> = &'a [(&'a str, &'a str)];

const ANYONE: (&str, &str) = ("access-control-allow-origin", "*");

fn partners() -> CorsPolicy {
    built(allow_app().allow_credentials(true).allow_methods(["PUT"]).expose_headers(["x-partner"]))
}

fn public() -> CorsPolicy {
    built(CorsPolicy::builder().allow_any_origin().expose_headers(["x-public"]))
}

#[tokio::test]
async fn partners_have_credentials_and_everybody_else_has_not() {
    let app = App::behind(&CorsLayer::first_match([partners(), public()]), &[]);
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    assert_headers(
        &response,
        &[
            CREDENTIALS,
            ("access-control-allow-origin", APP),
            ("access-control-expose-headers", "x-partner"),
            VARY,
        ],
    );
    let anyone: [&[(&str, &str)]; 7] = [
        &[("origin", STRANGER)],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", "https://APP.example.com")],
        &[("origin", "https://app.example.com/")],
        // A cache may read either of the two, so neither is a partner's.
        &[("origin", APP), ("origin", APP)],
        &[],
    ];
    for headers in anyone {
        for method in ["GET", "POST", "OPTIONS"] {
            let response = app.send_served(request(method, headers)).await;
            let vary = if method == "OPTIONS" { PREFLIGHT_VARY } else { VARY };
            let expected = [ANYONE, ("access-control-expose-headers", "x-public"), vary];
            assert_headers_of(&response, &expected, &format!("{method} {headers:?}"));
        }
    }
}

#[tokio::test]
async fn a_preflight_is_answered_by_the_policy_of_its_origin() {
    let app = App::behind(&CorsLayer::first_match([partners(), public()]), &[]);
    let response = app.send_unserved(preflight_from(APP, "PUT")).await;
    assert_eq!(response.status(), 204);
    assert_headers(
        &response,
        &[
            CREDENTIALS,
            ("access-control-allow-methods", "PUT"),
            ("access-control-allow-origin", APP),
            PREFLIGHT_VARY,
        ],
    );
    for origin in [STRANGER, "null"] {
        let response = app.send_unserved(preflight_from(origin, "PUT")).await;
        assert_eq!(response.status(), 204, "{origin}");
        assert_headers_of(&response, &[ANYONE, SAFELISTED_METHODS, PREFLIGHT_VARY], origin);
    }
    // A policy that allows any origin also refuses origins that no browser sends.
    for origin in ["", "https://APP.example.com"] {
        assert_refused(&app.send_unserved(preflight_from(origin, "PUT")).await, origin);
    }
    let mut twice = preflight_from(APP, "PUT");
    twice.headers_mut().append("origin", APP.parse().expect("a value"));
    assert_refused(&app.send_unserved(twice).await, "two origins");
    // Without `Origin` it is not a preflight, so the service answers.
    let response = app.send_served(request("OPTIONS", &[("access-control-request-method", "PUT")])).await;
    assert_headers(&response, &[ANYONE, ("access-control-expose-headers", "x-public"), PREFLIGHT_VARY]);
}

#[tokio::test]
async fn where_no_policy_allows_the_origin_the_last_one_refuses_it() {
    let first = built(CorsPolicy::builder().allow_origin("https://first.example.com"));
    let app = App::behind(&CorsLayer::first_match([first, partners()]), &[CREDENTIALS, ANYONE]);
    let cases: [&[(&str, &str)]; 5] =
        [&[("origin", STRANGER)], &[("origin", "null")], &[("origin", "")], &[("origin", APP); 2], &[]];
    for headers in cases {
        let response = app.send_served(request("GET", headers)).await;
        assert_headers_of(&response, &[VARY], &format!("{headers:?}"));
    }
    assert_refused(&app.send_unserved(preflight_from(STRANGER, "PUT")).await, "a stranger's preflight");
}

#[tokio::test]
async fn the_order_decides() {
    let narrow = || built(allow_app().expose_headers(["x-narrow"]));
    let wide =
        || built(CorsPolicy::builder().allow_origin("https://*.example.com").expose_headers(["x-wide"]));
    for (policies, exposed) in [([narrow(), wide()], "x-narrow"), ([wide(), narrow()], "x-wide")] {
        let app = App::behind(&CorsLayer::first_match(policies), &[]);
        let response = app.send_served(request("GET", &[("origin", APP)])).await;
        let expected =
            [("access-control-allow-origin", APP), ("access-control-expose-headers", exposed), VARY];
        assert_headers(&response, &expected);
    }
    // After a policy that allows any origin, nobody is a partner.
    let app = App::behind(&CorsLayer::first_match([public(), partners()]), &[]);
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    assert_headers(&response, &[ANYONE, ("access-control-expose-headers", "x-public"), VARY]);
}

#[tokio::test]
async fn one_policy_alone_differs_from_a_fixed_one_by_the_vary_of_any_origin() {
    let requests = || {
        [
            request::<&str>("GET", &[]),
            request("GET", &[("origin", APP)]),
            request("GET", &[("origin", STRANGER)]),
            preflight_from(APP, "PUT"),
            preflight_from(STRANGER, "PUT"),
        ]
    };
    for policy in [partners(), public()] {
        let fixed = App::behind(&CorsLayer::from(&policy), &[]);
        let listed = App::behind(&CorsLayer::first_match([policy.clone()]), &[]);
        for (one, same) in requests().into_iter().zip(requests()) {
            let case = format!("{one:?}");
            let (mut expected, response) = (fixed.send(one).await, listed.send(same).await);
            expected.headers_mut().entry("vary").or_insert(VARY.1.parse().expect("a value"));
            assert_eq!(response.status(), expected.status(), "{case}");
            assert_eq!(response.headers(), expected.headers(), "{case}");
        }
    }
}

#[tokio::test]
async fn an_empty_list_grants_nothing() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hook = Arc::clone(&heard);
    let layer = CorsLayer::first_match([]).on_denial(move |denial, _| {
        hook.lock().expect("no panic").push(*denial);
    });
    let app =
        App::behind(&layer, &[ANYONE, CREDENTIALS, ("access-control-expose-headers", "*"), ("x-a", "b")]);
    for headers in [&[("origin", APP)][..], &[]] {
        let response = app.send_served(request("GET", headers)).await;
        assert_headers(&response, &[VARY, ("x-a", "b")]);
    }
    assert_refused(&app.send_unserved(preflight("GET", &[])).await, "a preflight");
    assert_eq!(*heard.lock().expect("no panic"), [Denial::NoPolicy, Denial::NoPolicy]);
}

#[tokio::test]
async fn a_list_is_read_from_toml() {
    #[derive(serde::Deserialize)]
    struct Settings {
        cors: Vec<CorsPolicy>,
    }
    let settings: Settings = toml::from_str(
        r#"
        [[cors]]
        allow_origins = ["https://app.example.com"]
        allow_credentials = true

        [[cors]]
        allow_origins = "*"
        "#,
    )
    .expect("two policies");
    let app = App::behind(&CorsLayer::first_match(settings.cors), &[]);
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    assert_headers(&response, &[CREDENTIALS, ("access-control-allow-origin", APP), VARY]);
    let response = app.send_served(request("GET", &[("origin", STRANGER)])).await;
    assert_headers(&response, &[ANYONE, VARY]);
}

#[tokio::test]
async fn every_response_varies_by_what_any_of_the_policies_varies_by() {
    let policies = || {
        [
            built(allow_app().vary_by(["x-tenant", "origin"])),
            built(CorsPolicy::builder().allow_origin("https://b.example").vary_by(["X-Region", "x-tenant"])),
            built(CorsPolicy::builder().allow_any_origin().vary_by(["Accept-Language"])),
        ]
    };
    let names = ["Origin", "X-Tenant", "X-Region", "Accept-Language"];
    // `Vary` of the service, and of the layer's response: the order of the names does not matter.
    let services: [(Headers<'_>, &[&str]); 4] = [
        (&[], &[]),
        (&[("vary", "Accept-Encoding")], &["Accept-Encoding"]),
        (&[("vary", "x-region"), ("vary", "Cookie, ORIGIN")], &["x-region", "Cookie", "ORIGIN"]),
        (&[("vary", "*")], &["*"]),
    ];
    for (service, kept) in services {
        let app = App::behind(&CorsLayer::first_match(policies()), service);
        for headers in
            [&[("origin", APP)][..], &[("origin", "https://b.example")], &[("origin", STRANGER)], &[]]
        {
            let response = app.send_served(request("GET", headers)).await;
            assert_members(response.headers(), kept, &names, &format!("{headers:?}, {service:?}"));
        }
    }
    let app = App::behind(&CorsLayer::first_match(policies()), &[]);
    let names = [&names[..], &["Access-Control-Request-Method", "Access-Control-Request-Headers"]].concat();
    for origin in [APP, "https://b.example", STRANGER] {
        let response = app.send_unserved(preflight_from(origin, "PUT")).await;
        assert_members(response.headers(), &[], &names, &format!("a preflight from {origin}"));
    }
}

/// Checks that `Vary` has the service's names in their order, then each further name once.
#[track_caller]
fn assert_members(headers: &HeaderMap, kept: &[&str], names: &[&str], case: &str) {
    let lines = headers.get_all("vary").iter().map(|line| line.to_str().expect("text"));
    let members: Vec<&str> = lines.flat_map(|line| line.split(", ")).collect();
    assert_eq!(&members[..kept.len()], kept, "{case}");
    let mut added: Vec<_> = members[kept.len()..].iter().map(|name| name.to_lowercase()).collect();
    let said = |name: &&&str| !kept.iter().any(|kept| *kept == "*" || kept.eq_ignore_ascii_case(name));
    let mut missing: Vec<_> = names.iter().filter(said).map(|name| name.to_lowercase()).collect();
    added.sort();
    missing.sort();
    assert_eq!(added, missing, "{case}");
}

/// A policy with a predicate that allows one host and records its calls.
fn asking(
    name: &'static str,
    host: &'static str,
    asked: &Arc<Mutex<Vec<&'static str>>>,
) -> CorsPolicyBuilder {
    let asked = Arc::clone(asked);
    CorsPolicy::builder().allow_origin_if(move |origin, _| {
        asked.lock().expect("no panic").push(name);
        origin.host() == host
    })
}

#[tokio::test]
async fn predicates_are_asked_once_in_order_and_not_behind_the_first_match() {
    let asked = Arc::default();
    let policies = [("a", "a.example"), ("b", "b.example"), ("c", "c.example")]
        .map(|(name, host)| built(asking(name, host, &asked)));
    let layer = CorsLayer::first_match(policies).on_denial(|_, _| {});
    let app = App::behind(&layer, &[]);
    let cases: [(&str, &[&str]); 6] = [
        ("https://a.example", &["a"]),
        ("https://b.example", &["a", "b"]),
        ("https://c.example", &["a", "b", "c"]),
        (STRANGER, &["a", "b", "c"]),
        ("null", &[]),
        ("https://A.example", &[]),
    ];
    for (origin, expected) in cases {
        for request in [request("GET", &[("origin", origin)]), preflight_from(origin, "PUT")] {
            asked.lock().expect("no panic").clear();
            app.send(request).await;
            assert_eq!(*asked.lock().expect("no panic"), expected, "{origin}");
        }
    }
    asked.lock().expect("no panic").clear();
    app.send(request::<&str>("GET", &[])).await;
    app.send(request("GET", &[("origin", "https://a.example"), ("origin", "https://a.example")])).await;
    assert_eq!(*asked.lock().expect("no panic"), [""; 0]);
}

#[tokio::test]
async fn a_predicate_that_changes_its_mind_is_held_to_its_first_word() {
    let calls = Mutex::new(0);
    let once = CorsPolicy::builder().allow_origin_if(move |_, _| {
        let mut calls = calls.lock().expect("no panic");
        *calls += 1;
        *calls == 1
    });
    let app = App::behind(&CorsLayer::first_match([built(once), partners()]), &[]);
    let response = app.send_served(request("GET", &[("origin", STRANGER)])).await;
    assert_headers(&response, &[("access-control-allow-origin", STRANGER), VARY]);
    let response = app.send_served(request("GET", &[("origin", STRANGER)])).await;
    assert_headers(&response, &[VARY]);
}

#[tokio::test]
async fn any_policy_can_reject_what_no_policy_allows() {
    let first = || built(CorsPolicy::builder().allow_origin("https://first.example.com").vary_by(["x-a"]));
    let rejecting = || built(allow_app().reject_disallowed_origins(true));
    let first_origin = "https://first.example.com";
    let (rejecting_last, rejecting_first) = ([first(), rejecting()], [rejecting(), first()]);
    for policies in [rejecting_last, rejecting_first] {
        let app = App::behind(&CorsLayer::first_match(policies), &[]);
        for headers in [&[("origin", STRANGER)][..], &[("origin", "null")], &[("origin", APP); 2]] {
            let response = app.send_unserved(request("POST", headers)).await;
            assert_eq!(response.status(), 403, "{headers:?}");
            assert_eq!(members(response.headers()), ["origin", "sec-fetch-site", "x-a"], "{headers:?}");
            assert_eq!(response.headers().keys_len(), 1, "{headers:?}");
        }
        for origin in [first_origin, APP] {
            let response = app.send_served(request("POST", &[("origin", origin)])).await;
            assert_eq!(response.headers()["access-control-allow-origin"], origin);
            assert_eq!(members(response.headers()), ["origin", "x-a"], "{origin}");
        }
        let own = [("origin", "https://api.example.com"), ("host", "api.example.com")];
        let response = app.send_served(request("POST", &own)).await;
        assert_eq!(members(response.headers()), ["origin", "sec-fetch-site", "x-a"]);
        let response = app.send_served(request::<&str>("POST", &[])).await;
        assert_eq!(members(response.headers()), ["origin", "x-a"]);
    }
}

#[tokio::test]
async fn a_malformed_origin_is_rejected_though_the_last_policy_allows_any() {
    let rejecting = || built(allow_app().reject_disallowed_origins(true));
    let app = App::behind(&CorsLayer::first_match([rejecting(), public()]), &[]);
    for headers in [&[("origin", "")][..], &[("origin", "https://APP.example.com")], &[("origin", APP); 2]] {
        let response = app.send_unserved(request("POST", headers)).await;
        assert_eq!(response.status(), 403, "{headers:?}");
        assert_headers_of(&response, &[REJECTION_VARY], &format!("{headers:?}"));
    }
    // `*` is for strangers, and for pages with an opaque origin.
    for origin in [STRANGER, "null"] {
        let response = app.send_served(request("POST", &[("origin", origin)])).await;
        assert_headers(&response, &[ANYONE, ("access-control-expose-headers", "x-public"), VARY]);
    }
}

#[tokio::test]
async fn same_origin_requests_are_granted_and_denied_nothing() {
    let heard = Arc::new(Mutex::new(0));
    let hook = Arc::clone(&heard);
    let layer =
        CorsLayer::first_match([partners()]).on_denial(move |_, _| *hook.lock().expect("no panic") += 1);
    let app = App::behind(&layer, &[]);
    let cases: [&[(&str, &str)]; 2] = [
        &[("origin", "https://api.example.com"), ("host", "api.example.com")],
        &[("origin", "null"), ("sec-fetch-site", "same-origin")],
    ];
    for headers in cases {
        assert_headers(&app.send_served(request("POST", headers)).await, &[VARY]);
    }
    assert_eq!(*heard.lock().expect("no panic"), 0);
}

/// The names in `Vary`, in lower case and sorted.
fn members(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all("vary").iter().map(|line| line.to_str().expect("text"));
    let mut members: Vec<_> = lines.flat_map(|line| line.split(", ")).map(str::to_lowercase).collect();
    members.sort();
    members
}
