//! Policies to start from, each a button on the page.

use serde::Serialize;

use super::Origins;

#[derive(Serialize)]
pub(super) struct Example {
    name: &'static str,
    toml: String,
}

/// The policy that is in effect at first.
pub(super) fn first(origins: &Origins) -> String {
    let page = &origins.page;
    format!(
        r#"allow_origins     = ["{page}"]
allow_credentials = true
allow_methods     = ["PUT"]
allow_headers     = ["content-type", "authorization"]
expose_headers    = ["x-request-id"]
max_age           = "10m"
"#
    )
}

pub(super) fn all(origins: &Origins) -> Vec<Example> {
    let example = |name, toml: String| Example { name, toml };
    vec![
        example("One page", first(origins)),
        example("Any local port", any_local_port()),
        example("Everyone, no cookies", everyone()),
        example("Strangers rejected", strangers_rejected(origins)),
        example("Full of mistakes", full_of_mistakes(origins)),
    ]
}

fn any_local_port() -> String {
    r#"allow_origins     = ["http://localhost:*"]
allow_credentials = true
allow_methods     = ["PUT", "DELETE"]
allow_headers     = ["content-type", "authorization", "x-*"]
expose_headers    = "*"
max_age           = "10m"
"#
    .to_owned()
}

fn everyone() -> String {
    r#"allow_origins  = "*"
allow_methods  = "*"
allow_headers  = ["*", "authorization"]
expose_headers = "*"
max_age        = "1h"
"#
    .to_owned()
}

fn strangers_rejected(origins: &Origins) -> String {
    format!("{}\n# 403 before the service runs\nreject_disallowed_origins = true\n", first(origins))
}

fn full_of_mistakes(origins: &Origins) -> String {
    let Origins { page, stranger, .. } = origins;
    let without_scheme = stranger.trim_start_matches("http://");
    format!(
        r#"allow_origins     = ["{page}/",
                     "{without_scheme}",
                     "https://*.dev"]
allow_credentials = true
allow_methods     = ["patch"]
allow_headers     = ["content-type", "cookie"]
expose_headers    = ["set-cookie"]
max_age           = "30 days"
"#
    )
}
