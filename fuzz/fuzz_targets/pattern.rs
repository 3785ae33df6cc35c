//! Trust boundary: an origin in a configuration, perhaps a tenant's.

#![no_main]

use http::{HeaderValue, Request, Uri, header::ORIGIN};
use libfuzzer_sys::fuzz_target;
use tower_cors::{CorsPolicy, Origin, OriginPattern, OriginProblem, Problem};
use tower_cors_fuzz::config::Config;
use tower_cors_fuzz::{message, reason, url_crate, without_final_newline};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(without_final_newline(data)) else {
        return;
    };
    url_crate::assert_builder_agrees(text);
    let pattern = text.parse::<OriginPattern>();
    match &pattern {
        Ok(pattern) => {
            assert_eq!(pattern.as_str(), text);
            assert_eq!(pattern.to_string(), text);
            assert_something_matches(pattern);
            assert_all_types_say_the_same(pattern);
        }
        Err(problem) => {
            message::assert_is_fit_for_a_log(problem);
            reason::assert_is_true(text, problem);
        }
    }
    for config in configs(text) {
        let is_accepted = pattern.is_ok() || text == "*" || (text == "null" && config.allow_null_origin);
        assert_policy_says_why(text, &config, is_accepted);
    }
});

/// Only the text, with each set of switches that affects origins.
fn configs(text: &str) -> impl Iterator<Item = Config> {
    (0..16).map(move |switches| Config {
        origins: vec![text.to_owned()],
        credentials: switches & 1 != 0,
        allow_insecure_origins: switches & 2 != 0,
        allow_public_suffixes: switches & 4 != 0,
        allow_null_origin: switches & 8 != 0,
        ..Config::default()
    })
}

/// A policy with the text builds, or gives each reason once.
fn assert_policy_says_why(text: &str, config: &Config, is_accepted: bool) {
    let Err(error) = config.builder().build() else {
        assert!(is_accepted, "{text:?} is no pattern, but a policy has it");
        return;
    };
    let issues: Vec<_> = error.issues().collect();
    for issue in &issues {
        message::assert_is_fit_for_a_log(issue);
        config.assert_suggestion_is_accepted(issue);
    }
    if !is_accepted {
        assert_eq!(issues.len(), 1, "{error}");
        assert_eq!(issues[0].value(), Some(text));
        return;
    }
    assert!(config.credentials, "{error}");
    for (index, issue) in issues.iter().enumerate() {
        assert!(!issues[..index].contains(issue), "{error}");
        let is_about_credentials = match issue.problem() {
            Problem::AnyOriginWithCredentials => text == "*",
            Problem::Origin(
                OriginProblem::Insecure
                | OriginProblem::InsecurePrivateAddress
                | OriginProblem::InsecureSingleLabel
                | OriginProblem::InsecureDockerHost
                | OriginProblem::InsecureUnspecified,
            ) => !config.allow_insecure_origins,
            Problem::Origin(
                OriginProblem::PublicSuffix
                | OriginProblem::PublicSuffixBelow(_)
                | OriginProblem::AnyExtension,
            ) => !config.allow_public_suffixes,
            _ => false,
        };
        assert!(is_about_credentials, "{error}");
    }
}

/// Every accepted pattern can match: an origin made from it is valid, and is allowed.
fn assert_something_matches(pattern: &OriginPattern) {
    let origin = pattern.as_str().replace(":*", ":1").replace("://*", "://a");
    assert!(Origin::parse(&origin).is_ok(), "{origin} is made of {pattern}");
    let policy = CorsPolicy::builder().allow_origin(pattern).build().expect("a policy without credentials");
    let mut request = Request::new(());
    request.headers_mut().insert(ORIGIN, HeaderValue::from_str(&origin).expect("it is an origin"));
    assert_eq!(policy.decide(&request).denial(), None, "{origin} by {pattern}");
}

fn assert_all_types_say_the_same(pattern: &OriginPattern) {
    let policy = CorsPolicy::builder().allow_origin(pattern).build();
    let value = HeaderValue::from_str(pattern.as_str()).expect("a pattern is ASCII");
    assert_eq!(CorsPolicy::builder().allow_origin(value).build(), policy);
    if let Ok(uri) = pattern.as_str().parse::<Uri>() {
        assert_eq!(CorsPolicy::builder().allow_origin(uri).build(), policy);
    }
}
