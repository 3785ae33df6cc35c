//! What is good to know about the response of an allowed request.

use http::header::COOKIE;

use super::Step;
use crate::policy::CorsPolicy;
use crate::policy::rules::{ExposedHeaders, Rules};
use crate::request::RequestHead;

pub(super) fn explain(policy: &CorsPolicy, request: RequestHead<'_>, steps: &mut Vec<Step>) {
    let rules = policy.rules();
    steps.push(credentials(request, rules));
    steps.push(exposed(rules));
}

/// No decision reads a cookie. But whoever asks why a browser says no should be told what it will make of one.
fn credentials(request: RequestHead<'_>, rules: &Rules) -> Step {
    let detail = match (rules.credentials, request.headers().contains_key(COOKIE)) {
        (true, _) => "they are allowed",
        (false, true) => {
            "the request carries cookies, and the policy does not allow credentials: if the page asked with \
             `credentials: \"include\"`, its browser keeps the response from it"
        }
        (false, false) => "they are not allowed: a page that uses `credentials: \"include\"` is refused",
    };
    Step::note("credentials", "https://fetch.spec.whatwg.org/#http-access-control-allow-credentials", detail)
}

fn exposed(rules: &Rules) -> Step {
    let detail = match &rules.exposed {
        ExposedHeaders::All => "a page can read all of them, but `Set-Cookie`".to_owned(),
        ExposedHeaders::Named(names) if names.is_empty() => {
            "none is exposed, so that a page can read the CORS-safelisted ones alone, such as `Content-Type`"
                .to_owned()
        }
        ExposedHeaders::Named(names) => {
            format!("beside the CORS-safelisted ones a page can read {} by name", names.len())
        }
    };
    Step::note(
        "response headers",
        "https://fetch.spec.whatwg.org/#http-access-control-expose-headers",
        detail,
    )
}
