//! The policy for all measurements. Only its origins vary.

use std::time::Duration;

use tower_cors::CorsPolicy;

pub const METHODS: [&str; 2] = ["PUT", "DELETE"];
pub const HEADERS: [&str; 3] = ["authorization", "content-type", "x-request-id"];
pub const EXPOSED: &str = "x-request-id";
pub const MAX_AGE: Duration = Duration::from_secs(600);

pub fn policy(origins: impl IntoIterator<Item = String>) -> CorsPolicy {
    CorsPolicy::builder()
        .allow_origins(origins)
        .allow_credentials(true)
        .allow_methods(METHODS)
        .allow_headers(HEADERS)
        .expose_headers([EXPOSED])
        .max_age(MAX_AGE)
        .build()
        .expect("a policy")
}
