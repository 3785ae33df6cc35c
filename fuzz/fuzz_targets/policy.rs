//! Trust boundary: a whole configuration.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Place, PolicyCheck, PolicyError};
use tower_cors_fuzz::case::Case;
use tower_cors_fuzz::config::Config;
use tower_cors_fuzz::message;

/// How many issues a message lists.
const PRINTED_ISSUES: usize = 20;

fuzz_target!(|data: &[u8]| {
    let config = Case::parse(data).config;
    match config.builder().build() {
        Ok(policy) => {
            assert_to_builder_gives_it_back(&policy);
            assert_json_gives_it_back(&config, &policy);
        }
        Err(error) => {
            assert_issues_help(&config, &error);
            assert_json_says_the_same(&config, &error);
        }
    }
});

/// The text form: equal policies may be written in different ways.
fn assert_to_builder_gives_it_back(policy: &CorsPolicy) {
    let again = policy.to_builder().build();
    assert_eq!(again.as_ref(), Ok(policy), "to_builder gives the policy back");
    assert_eq!(again.map(|again| again.to_builder()), Ok(policy.to_builder()), "what is written stays");
}

fn assert_json_gives_it_back(config: &Config, policy: &CorsPolicy) {
    let json = serde_json::to_string(policy);
    // Beside `*`, a predicate has no effect, and is not kept.
    if !config.origins_with.is_empty() && !config.allows_any_origin() {
        assert!(json.is_err(), "a predicate is code");
        return;
    }
    let json = json.expect("a policy without predicates is data");
    let read: CorsPolicy = serde_json::from_str(&json).expect("it was written by the crate");
    assert_eq!(read, *policy, "{json}");
    assert_eq!(serde_json::to_string(&read).ok(), Some(json), "it is written the same again");
}

fn assert_issues_help(config: &Config, error: &PolicyError) {
    assert!(error.issues().next().is_some(), "an error has an issue");
    for issue in error.issues() {
        message::assert_is_fit_for_a_log(issue);
        config.assert_suggestion_is_accepted(issue);
    }
    let lines = error.to_string().lines().count();
    let expected = match error.issues().count() {
        1 => 1,
        issues @ ..=PRINTED_ISSUES => issues + 1,
        _ => PRINTED_ISSUES + 2,
    };
    assert_eq!(lines, expected, "a line for each issue, as far as they are printed: {error}");
}

/// A builder with any values can be serialized, and is refused for the same reasons when it is read.
fn assert_json_says_the_same(config: &Config, error: &PolicyError) {
    let Ok(json) = serde_json::to_string(&config.builder()) else {
        assert!(!config.origins_with.is_empty(), "a builder without predicates is data");
        return;
    };
    let read: CorsPolicyBuilder = serde_json::from_str(&json).expect("it was written by the crate");
    assert_eq!(read.build().as_ref(), Err(error), "{json}");
    let message = serde_json::from_str::<CorsPolicy>(&json).expect_err("the same policy").to_string();
    assert!(message.starts_with(&error.to_string()), "{message}");
    assert_check_says_where(&json, error);
}

/// The same, with places: an element of a list is the value that the issue is about.
fn assert_check_says_where(json: &str, error: &PolicyError) {
    let check: PolicyCheck = serde_json::from_str(json).expect("a table");
    let errors = check.findings().filter(|finding| finding.is_error()).map(ToString::to_string);
    assert!(errors.eq(error.issues().map(ToString::to_string)), "{json}");
    let written: serde_json::Value = serde_json::from_str(json).expect("it was written by the crate");
    for finding in check.findings() {
        message::assert_is_fit_for_a_log(finding);
        let Some(value) = finding.value() else { continue };
        let Place::Element { element, .. } = finding.place() else {
            panic!("{finding} has no place in {json}")
        };
        let field = finding.field().expect("no field is unknown");
        assert_eq!(written[field][element], value, "{json}");
    }
}
