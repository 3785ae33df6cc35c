//! Attacks in the preflight of an allowed page.

use http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS};
use http::{HeaderValue, Request};
use tower_cors::{CorsPolicy, Decision, Denial};

use super::Attack;
use super::format::Preflights;
use super::notation::bytes;

const PAGE: &str = "https://app.example.com";

/// The longest list in an answer, besides the policy's own list: names under a prefix are echoed as far as
/// they are read.
const MAX_LIST_LEN: usize = 4096;

impl Attack for Preflights {
    fn class(&self) -> &str {
        &self.class
    }

    fn seen(&self) -> &[String] {
        &self.seen
    }

    fn refused(&self) -> usize {
        self.refused.len() + self.unsendable.len()
    }

    fn allowed(&self) -> usize {
        self.allowed.len()
    }

    fn wrong(&self) -> Vec<String> {
        let policy = policy();
        let allowed = self.allowed.iter().map(|asked| (asked, None));
        let refused = self.refused.iter().map(|asked| (asked, Some(self.denial.as_str())));
        let sent = allowed.chain(refused).filter_map(|(asked, denial)| wrong(&policy, asked, denial));
        let sendable = self.unsendable.iter().filter(|value| HeaderValue::from_bytes(&bytes(value)).is_ok());
        sent.chain(sendable.map(|value| format!("a header can hold {value:?}"))).collect()
    }
}

/// A prefix among the headers, so that some names are echoed.
fn policy() -> CorsPolicy {
    CorsPolicy::builder()
        .allow_origin(PAGE)
        .allow_credentials(true)
        .allow_methods(["PUT", "PURGE"])
        .allow_headers(["x-a", "x-b", "x-p-*"])
        .build()
        .expect("a policy")
}

fn wrong(policy: &CorsPolicy, asked: &[String], denial: Option<&str>) -> Option<String> {
    let request = request(asked);
    let decision = policy.decide(&request);
    let seen = decision.denial().map(Denial::kind);
    if seen != denial {
        return Some(format!("{asked:?}: {seen:?} instead of {denial:?}"));
    }
    let Decision::Preflight(preflight) = decision else {
        return Some(format!("{asked:?} is no preflight"));
    };
    let response = preflight.into_response(());
    let lists = [ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS];
    let values = lists.iter().flat_map(|name| response.headers().get_all(name));
    let is_list = |value: &HeaderValue| {
        let is_name = |name: &str| http::HeaderName::from_bytes(name.trim().as_bytes()).is_ok();
        value.len() <= MAX_LIST_LEN && value.to_str().is_ok_and(|text| text.split(',').all(is_name))
    };
    let unchecked: Vec<_> = values.filter(|value| !is_list(value)).collect();
    (!unchecked.is_empty()).then(|| format!("{asked:?}: {unchecked:?}"))
}

fn request(asked: &[String]) -> Request<()> {
    let (method, lines) = asked.split_first().expect("a method");
    let mut request = Request::builder()
        .method("OPTIONS")
        .header("origin", PAGE)
        .header("access-control-request-method", bytes(method));
    for line in lines {
        request = request.header("access-control-request-headers", bytes(line));
    }
    request.body(()).expect("a request")
}
