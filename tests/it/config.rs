//! Policies from configuration files and environment variables.

mod formats;
mod mistakes;
mod places;
mod schema;

use std::collections::HashMap;
use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;
use tower_cors::{CorsPolicy, CorsPolicyBuilder};

#[derive(Debug, Deserialize)]
struct Settings {
    cors: CorsPolicy,
}

const TOML: &str = r#"
allow_origins     = ["https://app.example.com", "https://*.example.com", "http://localhost:*"]
allow_origin_regexes = ['https://pr-\d{1,5}\.preview\.example\.com']
allow_credentials = true
allow_methods     = ["PUT", "PATCH"]
allow_headers     = ["authorization", "x-stainless-*"]
expose_headers    = ["x-request-id"]
max_age           = 600
preflight_status  = 200
vary_by           = ["x-tenant"]
reject_disallowed_origins = true
served_at = ["https://api.example.com", "http://localhost:3000"]
dangerously_allow_insecure_origins = true
dangerously_allow_public_suffixes  = true
dangerously_allow_null_origin      = true
"#;

fn as_in_toml() -> CorsPolicyBuilder {
    CorsPolicy::builder()
        .allow_origins(["https://app.example.com", "https://*.example.com", "http://localhost:*"])
        .allow_origin_regex(r"https://pr-\d{1,5}\.preview\.example\.com")
        .allow_credentials(true)
        .allow_methods(["PUT", "PATCH"])
        .allow_headers(["authorization", "x-stainless-*"])
        .expose_headers(["x-request-id"])
        .max_age(Duration::from_secs(600))
        .preflight_status(StatusCode::OK)
        .vary_by(["x-tenant"])
        .reject_disallowed_origins(true)
        .served_at(["https://api.example.com", "http://localhost:3000"])
        .dangerously_allow_insecure_origins(true)
        .dangerously_allow_public_suffixes(true)
        .dangerously_allow_null_origin(true)
}

#[test]
fn every_field_is_read_from_toml() -> Result<(), Box<dyn std::error::Error>> {
    assert_eq!(toml::from_str::<CorsPolicyBuilder>(TOML)?, as_in_toml());
    assert_eq!(toml::from_str::<CorsPolicy>(TOML)?, as_in_toml().build()?);
    Ok(())
}

#[test]
fn a_predicate_is_not_written() -> Result<(), Box<dyn std::error::Error>> {
    let policy = CorsPolicy::builder().allow_origin_if(|_, _| true).build()?;
    let error = serde_json::to_string(&policy).expect_err("a predicate is code");
    assert_eq!(error.to_string(), "a predicate of `allow_origin_if` is code and cannot be serialized");
    Ok(())
}

#[test]
fn lists_are_lists_or_strings_with_commas() -> Result<(), Box<dyn std::error::Error>> {
    let read = |json: &str| serde_json::from_str::<CorsPolicyBuilder>(json);
    let two = CorsPolicy::builder().allow_origins(["https://a.example", "https://b.example"]);
    assert_eq!(read(r#"{"allow_origins": ["https://a.example", "https://b.example"]}"#)?, two);
    assert_eq!(read(r#"{"allow_origins": "https://a.example, https://b.example"}"#)?, two);
    assert_eq!(read(r#"{"allow_origins": " https://a.example ,https://b.example "}"#)?, two);
    assert_eq!(read(r#"{"allow_origins": "*"}"#)?, CorsPolicy::builder().allow_any_origin());
    assert_eq!(read(r#"{"allow_origins": ""}"#)?, CorsPolicy::builder());
    assert_eq!(read("{}")?, CorsPolicy::builder());
    Ok(())
}

#[test]
fn one_string_is_one_expression_whatever_commas_it_has() -> Result<(), Box<dyn std::error::Error>> {
    let read = |json: &str| serde_json::from_str::<CorsPolicyBuilder>(json);
    let one = CorsPolicy::builder().allow_origin_regex(r"https://[a-z]{2,5}\.example\.com");
    assert_eq!(read(r#"{"allow_origin_regexes": "https://[a-z]{2,5}\\.example\\.com"}"#)?, one);
    assert_eq!(read(r#"{"allow_origin_regexes": " https://[a-z]{2,5}\\.example\\.com\n"}"#)?, one);
    assert_eq!(read(r#"{"allow_origin_regexes": ["https://[a-z]{2,5}\\.example\\.com"]}"#)?, one);
    assert_eq!(read(r#"{"allow_origin_regexes": ""}"#)?, CorsPolicy::builder());
    assert_eq!(toml::to_string(&CorsPolicy::builder())?.matches("regex").count(), 0);
    Ok(())
}

#[test]
fn a_missing_value_between_commas_is_an_issue() {
    let error =
        serde_json::from_str::<CorsPolicy>(r#"{"allow_origins": "https://a.example,,https://b.example,"}"#)
            .expect_err("two values are missing");
    assert_eq!(error.to_string().matches("allow_origins: `` is empty").count(), 2, "{error}");
}

#[test]
fn an_unset_variable_allows_nothing() {
    for json in ["{}", r#"{"allow_origins": ""}"#, r#"{"allow_origins": []}"#] {
        let error = serde_json::from_str::<CorsPolicy>(json).expect_err("no origin");
        assert!(
            error.to_string().starts_with("the CORS policy has an issue: allow_origins: no origin"),
            "{error}"
        );
    }
}

#[test]
fn a_max_age_is_seconds_or_has_a_unit() -> Result<(), Box<dyn std::error::Error>> {
    for (text, seconds) in
        [("600", 600), ("\"600\"", 600), ("\"10m\"", 600), ("\"1h 30m\"", 5400), ("0", 0), ("\"0s\"", 0)]
    {
        let builder: CorsPolicyBuilder = serde_json::from_str(&format!("{{\"max_age\": {text}}}"))?;
        assert_eq!(builder, CorsPolicy::builder().max_age(Duration::from_secs(seconds)), "{text}");
    }
    assert_eq!(serde_json::from_str::<CorsPolicyBuilder>(r#"{"max_age": null}"#)?, CorsPolicy::builder());
    Ok(())
}

#[test]
fn every_issue_is_in_the_error() {
    let error = toml::from_str::<Settings>(
        "[cors]
        allow_origins = ['https://a.example/', 'https://B.example']
        allow_methods = 'PUT, patch'
        preflight_status = 42
        ",
    )
    .expect_err("four mistakes");
    let message = error.to_string();
    for part in [
        "the CORS policy has 4 issues:",
        "did you mean `https://a.example`?",
        "did you mean `https://b.example`?",
        "did you mean `PATCH`?",
        "preflight_status: 42 is not a success status",
    ] {
        assert!(message.contains(part), "{part} in {message}");
    }
}

#[test]
fn a_policy_is_read_from_environment_variables() -> Result<(), Box<dyn std::error::Error>> {
    let variables = HashMap::from(
        [
            ("APP_CORS__ALLOW_ORIGINS", "https://app.example.com, https://*.example.com, http://localhost:*"),
            ("APP_CORS__ALLOW_ORIGIN_REGEXES", r"https://pr-\d{1,5}\.preview\.example\.com"),
            ("APP_CORS__ALLOW_CREDENTIALS", "true"),
            ("APP_CORS__ALLOW_METHODS", "PUT,PATCH"),
            ("APP_CORS__ALLOW_HEADERS", "authorization,x-stainless-*"),
            ("APP_CORS__EXPOSE_HEADERS", "x-request-id"),
            ("APP_CORS__MAX_AGE", "10m"),
            ("APP_CORS__PREFLIGHT_STATUS", "200"),
            ("APP_CORS__VARY_BY", "x-tenant"),
            ("APP_CORS__REJECT_DISALLOWED_ORIGINS", "true"),
            ("APP_CORS__SERVED_AT", "https://api.example.com, http://localhost:3000"),
            ("APP_CORS__DANGEROUSLY_ALLOW_INSECURE_ORIGINS", "true"),
            ("APP_CORS__DANGEROUSLY_ALLOW_PUBLIC_SUFFIXES", "true"),
            ("APP_CORS__DANGEROUSLY_ALLOW_NULL_ORIGIN", "true"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let environment = config::Environment::with_prefix("APP").prefix_separator("_").separator("__");
    let settings: Settings = config::Config::builder()
        .add_source(environment.source(Some(variables)))
        .build()?
        .try_deserialize()?;
    assert_eq!(settings.cors, as_in_toml().build()?);
    Ok(())
}
