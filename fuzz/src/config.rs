//! A policy's raw values, as a fuzz input has them.

use std::time::Duration;

use http::StatusCode;
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Issue, Origin};

/// The values of a builder, kept for the checks.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub origins: Vec<String>,
    /// Texts: a predicate allows an origin that contains one of them.
    pub origins_with: Vec<String>,
    pub credentials: bool,
    pub methods: Vec<String>,
    pub headers: Vec<String>,
    pub exposed: Vec<String>,
    pub max_age: Option<Duration>,
    pub preflight_status: Option<StatusCode>,
    pub vary_by: Vec<String>,
    pub reject_disallowed_origins: bool,
    pub served_at: Vec<String>,
    pub allow_insecure_origins: bool,
    pub allow_public_suffixes: bool,
    pub allow_null_origin: bool,
}

impl Config {
    /// Reads a line of a [case](crate::case); an unknown key changes nothing.
    pub fn read(&mut self, key: &[u8], value: &[u8]) {
        // A value may have line breaks, but a line cannot.
        let text = || String::from_utf8_lossy(value).replace("\\n", "\n");
        match key {
            b"allow_origins" => self.origins.push(text()),
            b"allow_origin_if" => self.origins_with.push(text()),
            b"allow_credentials" => self.credentials = true,
            b"allow_methods" => self.methods.push(text()),
            b"allow_headers" => self.headers.push(text()),
            b"expose_headers" => self.exposed.push(text()),
            b"max_age" => self.max_age = text().parse().ok().and_then(seconds),
            b"preflight_status" => self.preflight_status = StatusCode::from_bytes(value).ok(),
            b"vary_by" => self.vary_by.push(text()),
            b"reject_disallowed_origins" => self.reject_disallowed_origins = true,
            b"served_at" => self.served_at.push(text()),
            b"dangerously_allow_insecure_origins" => self.allow_insecure_origins = true,
            b"dangerously_allow_public_suffixes" => self.allow_public_suffixes = true,
            b"dangerously_allow_null_origin" => self.allow_null_origin = true,
            _ => {}
        }
    }

    pub fn builder(&self) -> CorsPolicyBuilder {
        let mut builder = CorsPolicy::builder()
            .allow_origins(&self.origins)
            .allow_credentials(self.credentials)
            .allow_methods(&self.methods)
            .allow_headers(&self.headers)
            .expose_headers(&self.exposed)
            .vary_by(&self.vary_by)
            .reject_disallowed_origins(self.reject_disallowed_origins)
            .served_at(&self.served_at)
            .dangerously_allow_insecure_origins(self.allow_insecure_origins)
            .dangerously_allow_public_suffixes(self.allow_public_suffixes)
            .dangerously_allow_null_origin(self.allow_null_origin);
        for text in self.origins_with.clone() {
            builder = builder.allow_origin_if(move |origin, _| {
                assert_eq!(
                    Origin::parse(origin.as_str()),
                    Ok(*origin),
                    "a predicate sees only checked origins"
                );
                origin.as_str().contains(&text)
            });
        }
        if let Some(max_age) = self.max_age {
            builder = builder.max_age(max_age);
        }
        if let Some(status) = self.preflight_status {
            builder = builder.preflight_status(status);
        }
        builder
    }

    pub fn allows_any_origin(&self) -> bool {
        self.origins.iter().any(|origin| origin == "*")
    }

    /// Replaces the issue's value by its suggestion, and checks that this is accepted.
    pub fn assert_suggestion_is_accepted(&self, issue: &Issue) {
        let (Some(value), Some(suggestion)) = (issue.value(), issue.suggestion()) else {
            return;
        };
        let mut mended = self.clone();
        for entry in mended.list_mut(issue).iter_mut().filter(|entry| *entry == value) {
            suggestion.clone_into(entry);
        }
        let Err(error) = mended.builder().build() else {
            return;
        };
        let refusal =
            error.issues().find(|other| other.field() == issue.field() && other.value() == Some(suggestion));
        assert!(refusal.is_none(), "of `{issue:?}` the suggestion is refused: {refusal:?}");
    }

    fn list_mut(&mut self, issue: &Issue) -> &mut Vec<String> {
        match issue.field() {
            "allow_origins" => &mut self.origins,
            "allow_methods" => &mut self.methods,
            "allow_headers" => &mut self.headers,
            "expose_headers" => &mut self.exposed,
            "vary_by" => &mut self.vary_by,
            "served_at" => &mut self.served_at,
            field => unreachable!("`{field}` has no list"),
        }
    }
}

/// Seconds, with a fraction or without.
fn seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}
