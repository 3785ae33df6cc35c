use std::time::Duration;

use http::StatusCode;
use tower_cors::{CorsPolicy, PolicyError, preset};

pub fn policy() -> Result<CorsPolicy, PolicyError> {
    CorsPolicy::builder()
        .allow_origins([
            "https://app.example.com",
            "https://*.preview.example.com",
            "https://*.github.io",
            "http://a.example",
        ])
        .allow_credentials(true)
        .allow_methods(["PUT", "it's"])
        .allow_headers(["x-tenant"])
        .expose_headers(["x-request-id"])
        .max_age(Duration::from_secs(600))
        .preflight_status(StatusCode::from_u16(200).expect("it is a status"))
        .vary_by(["x-tenant"])
        .reject_disallowed_origins(true)
        .served_at(["https://api.example.com"])
        .with(preset::OPENAI_JS)
        .with(preset::MCP)
        .dangerously_allow_insecure_origins(true)
        .dangerously_allow_public_suffixes(true)
        .dangerously_allow_null_origin(true)
        .build()
}
