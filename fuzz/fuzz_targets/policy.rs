//! Trust boundary: a whole configuration.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tower_cors::{CorsPolicy, CorsPolicyBuilder, PolicyError};
use tower_cors_fuzz::case::Case;
use tower_cors_fuzz::config::Config;
use tower_cors_fuzz::message;

fuzz_target!(|data: &[u8]| {
    let config = Case::parse(data).config;
    match config.builder().build() {
        Ok(policy) => {
            assert_eq!(policy.to_builder().build().as_ref(), Ok(&policy), "to_builder gives the policy back");
            assert_json_gives_it_back(&config, &policy);
        }
        Err(error) => {
            assert_issues_help(&config, &error);
            assert_json_says_the_same(&config, &error);
        }
    }
});

fn assert_json_gives_it_back(config: &Config, policy: &CorsPolicy) {
    let json = serde_json::to_string(policy);
    // Beside `*` a predicate decides nothing, and does not come back.
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
    let issues = error.issues().count();
    assert_eq!(lines, if issues == 1 { 1 } else { issues + 1 }, "a line for each issue: {error}");
}

/// A builder is written whatever its values are, and refused for the same reasons when it is read.
fn assert_json_says_the_same(config: &Config, error: &PolicyError) {
    let Ok(json) = serde_json::to_string(&config.builder()) else {
        assert!(!config.origins_with.is_empty(), "a builder without predicates is data");
        return;
    };
    let read: CorsPolicyBuilder = serde_json::from_str(&json).expect("it was written by the crate");
    assert_eq!(read.build().as_ref(), Err(error), "{json}");
    let message = serde_json::from_str::<CorsPolicy>(&json).expect_err("the same policy").to_string();
    assert!(message.starts_with(&error.to_string()), "{message}");
}
