//! Trust boundary: a request, and the response of the service behind the layer.

#![no_main]

use std::sync::mpsc;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap,
    HeaderName, ORIGIN, VARY,
};
use http::{Method, Response, StatusCode};
use libfuzzer_sys::fuzz_target;
use tower_cors::{CorsLayer, CorsPolicy, Decision, Denial, Explanation, Origin, Outcome, Step};
use tower_cors_fuzz::case::Case;
use tower_cors_fuzz::config::Config;
use tower_cors_fuzz::{message, naive, service};

/// What every response to `OPTIONS` varies by.
const OPTIONS_VARY: [&str; 3] = ["origin", "access-control-request-method", "access-control-request-headers"];

fuzz_target!(|data: &[u8]| {
    let case = Case::parse(data);
    let Ok(policy) = case.config.builder().build() else {
        return;
    };
    assert_layer_does_what_is_decided(&policy, &case);
    let decision = policy.decide(&case.request);
    if let Some(denial) = decision.denial() {
        message::assert_is_fit_for_a_log(denial);
        assert!(denial.kind().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
    }
    assert_explanation_agrees(&policy.explain(&case.request), &decision);
    match decision {
        Decision::Preflight(preflight) => {
            assert_eq!(case.request.method(), Method::OPTIONS);
            assert!(case.request.headers().contains_key(ORIGIN));
            let response = preflight.into_response(());
            assert_answer(&case, response.status(), response.headers());
        }
        Decision::Rejected(rejected) => {
            assert!(case.config.reject_disallowed_origins);
            let is_foreign = *rejected.denial() == Denial::ForeignHost;
            assert!(is_foreign || case.request.headers().contains_key(ORIGIN));
            let response = rejected.into_response(());
            let status = if is_foreign { StatusCode::MISDIRECTED_REQUEST } else { StatusCode::FORBIDDEN };
            assert_eq!(response.status(), status);
            assert_eq!(response.headers().keys().collect::<Vec<_>>(), [VARY]);
            // A policy with `served_at` ignores other headers.
            let looks_at_site = case.config.served_at.is_empty();
            let names = [ORIGIN.as_str(), "sec-fetch-site"];
            let names = if looks_at_site { &names[..] } else { &names[..1] };
            assert_varies(&case.config, names, &HeaderMap::new(), response.headers());
        }
        Decision::Actual(actual) => {
            let mut headers = case.response.clone();
            actual.decorate(&mut headers);
            assert_decoration(&case, &headers);

            let Decision::Actual(again) = policy.decide(&case.request) else {
                panic!("the same request gets the same decision");
            };
            let mut twice = headers.clone();
            again.decorate(&mut twice);
            assert_eq!(twice, headers, "a second layer with the same policy changes nothing");
        }
        _ => panic!("an unknown decision"),
    }
});

/// A step fails if and only if a browser will be refused, and each failed step has a fix.
fn assert_explanation_agrees(explanation: &Explanation, decision: &Decision) {
    assert_eq!(explanation.denial(), decision.denial());
    let failed = |step: &&Step| step.outcome() == Outcome::Failed;
    assert_eq!(explanation.steps().iter().any(|step| failed(&step)), decision.denial().is_some());
    assert!(explanation.steps().iter().all(|step| step.remedies().is_empty() != failed(&step)));
    for line in explanation.to_string().lines() {
        message::assert_is_fit_for_a_log(&line);
    }
}

/// The layer, with or without a hook, does what the decision says.
fn assert_layer_does_what_is_decided(policy: &CorsPolicy, case: &Case) {
    let decision = policy.decide(&case.request);
    let denial = decision.denial().copied();
    let expected = match decision {
        Decision::Preflight(preflight) => preflight.into_response(false),
        Decision::Rejected(rejected) => rejected.into_response(false),
        Decision::Actual(actual) => {
            let mut response = Response::new(true);
            *response.headers_mut() = case.response.clone();
            actual.decorate(response.headers_mut());
            response
        }
        _ => panic!("an unknown decision"),
    };
    let (told, denials) = mpsc::channel();
    let silent = CorsLayer::from(policy);
    let hooked = silent.clone().on_denial(move |denial, _| told.send(*denial).expect("it is read below"));
    for layer in [silent, hooked] {
        let response = service::call(&layer, case.request.clone(), &case.response);
        assert_eq!(whole(&response), whole(&expected));
    }
    assert!(denials.try_iter().eq(denial), "the hook is told once");
}

/// The compared parts of a response: the body says whether the service ran.
fn whole(response: &Response<bool>) -> (StatusCode, &HeaderMap, bool) {
    (response.status(), response.headers(), *response.body())
}

/// A preflight's answer has only the headers that it may have.
fn assert_answer(case: &Case, status: StatusCode, headers: &HeaderMap) {
    assert_varies(&case.config, &OPTIONS_VARY, &HeaderMap::new(), headers);
    if status == StatusCode::FORBIDDEN {
        assert_eq!(headers.keys().collect::<Vec<_>>(), [VARY], "a refusal grants nothing");
        return;
    }
    assert_eq!(status, case.config.preflight_status.unwrap_or(StatusCode::NO_CONTENT));
    assert!(headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
    assert_grant(case, headers);
    assert_are_tokens(headers, &ACCESS_CONTROL_ALLOW_METHODS);
    assert_are_tokens(headers, &ACCESS_CONTROL_ALLOW_HEADERS);
    let allowed = [
        VARY,
        ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_MAX_AGE,
    ];
    for name in headers.keys() {
        assert!(allowed.contains(name), "{name}");
        assert_eq!(headers.get_all(name).iter().count(), 1, "{name}");
    }
}

/// The service's response does not change, except for the CORS headers.
fn assert_decoration(case: &Case, headers: &HeaderMap) {
    assert_grant(case, headers);
    assert_are_tokens(headers, &ACCESS_CONTROL_EXPOSE_HEADERS);
    if !headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        assert!(!headers.contains_key(ACCESS_CONTROL_EXPOSE_HEADERS));
    }
    let decided =
        [VARY, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_EXPOSE_HEADERS];
    for name in headers.keys().chain(case.response.keys()).filter(|name| !decided.contains(name)) {
        assert!(headers.get_all(name).iter().eq(case.response.get_all(name)), "{name} is the service's");
    }
    if case.request.method() == Method::OPTIONS {
        assert_varies(&case.config, &OPTIONS_VARY, &case.response, headers);
    } else if case.config.allows_any_origin() {
        assert!(headers.get_all(VARY).iter().eq(case.response.get_all(VARY)), "nothing varies");
    } else {
        assert_varies(&case.config, &["origin"], &case.response, headers);
    }
}

/// What is granted: at most one origin, which is the request's only `Origin` line, or any.
fn assert_grant(case: &Case, headers: &HeaderMap) {
    let config = &case.config;
    let mut granted = headers.get_all(ACCESS_CONTROL_ALLOW_ORIGIN).iter();
    let mut credentials = headers.get_all(ACCESS_CONTROL_ALLOW_CREDENTIALS).iter();
    let Some(origin) = granted.next() else {
        assert_eq!(credentials.next(), None, "no credentials without an origin");
        return;
    };
    assert_eq!(granted.next(), None, "never two origins");
    assert_eq!(origin == "*", config.allows_any_origin());
    if origin == "*" {
        assert_eq!(credentials.next(), None, "never any origin with credentials");
    } else {
        let requested: Vec<_> = case.request.headers().get_all(ORIGIN).iter().collect();
        assert_eq!(requested, [origin]);
        let origin = origin.to_str().expect("an origin is ASCII");
        let is_null = origin == "null" && config.allow_null_origin;
        assert!(is_null || Origin::parse(origin).is_ok(), "{origin}");
        assert_eq!(credentials.next().is_some_and(|value| value == "true"), config.credentials);
        assert_eq!(credentials.next(), None);
    }
}

fn assert_are_tokens(headers: &HeaderMap, name: &HeaderName) {
    let mut lines = headers.get_all(name).iter();
    let Some(line) = lines.next() else {
        return;
    };
    assert_eq!(lines.next(), None, "{name} is one line");
    let list = line.to_str().expect("a list of tokens is ASCII");
    for member in list.split(", ") {
        assert!(naive::is_token(member), "{name}: {list}");
    }
}

/// The service's lines are still there, line for line; the policy's names are there once.
fn assert_varies(config: &Config, names: &[&str], before: &HeaderMap, headers: &HeaderMap) {
    let before: Vec<_> = before.get_all(VARY).iter().collect();
    let lines: Vec<_> = headers.get_all(VARY).iter().collect();
    assert!(lines.starts_with(&before), "{before:?} is lost in {lines:?}");

    let had = naive::members(before.iter().copied());
    let added = naive::members(lines[before.len()..].iter().copied());
    if had.iter().any(|member| member == "*") {
        assert!(added.is_empty(), "`*` is everything");
        return;
    }
    for name in names.iter().copied().chain(config.vary_by.iter().map(String::as_str)) {
        let is_name = |member: &&String| member.eq_ignore_ascii_case(name);
        let is_new = !had.iter().any(|member| is_name(&member));
        assert_eq!(added.iter().filter(is_name).count(), usize::from(is_new), "{name} in {lines:?}");
    }
}
