//! The header values of a policy's answers, written once.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderName, HeaderValue, VARY,
};

use super::rules::{ExposedHeaders, Rules};
use crate::header::{Vary, vary_line};
use crate::method;

/// What stands for any origin, method or header in a response.
pub(crate) const WILDCARD: HeaderValue = HeaderValue::from_static("*");

/// Fetch, [`Access-Control-Allow-Credentials`](https://fetch.spec.whatwg.org/#http-access-control-allow-credentials):
/// this very spelling.
pub(crate) const TRUE: HeaderValue = HeaderValue::from_static("true");

/// What the answer to a preflight depends on.
const PREFLIGHT_VARY: &str = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/// A policy's answers, as far as they are the same for every request.
pub(crate) struct Wire {
    /// For responses to other requests than preflights.
    pub(crate) vary: Vary,
    /// The same where the policy was chosen for the request, among others.
    pub(crate) vary_of_chosen: Vary,
    pub(crate) exposed: Exposed,
    /// For a preflight from an allowed origin. `Access-Control-Allow-Origin` is `*` in it, to be replaced where the
    /// policy does not allow any.
    pub(crate) granted_preflight: HeaderMap,
    /// For any other preflight.
    pub(crate) refused_preflight: HeaderMap,
}

/// What `Access-Control-Expose-Headers` says.
#[derive(Clone, Debug)]
pub(crate) enum Exposed {
    Nothing,
    List(HeaderValue),
    /// The names of the headers that a response carries: what `*` would mean, were it not a name with credentials.
    AllOfResponse,
}

pub(super) fn compile(rules: &Rules) -> Wire {
    let refused_preflight = refused_preflight(&rules.vary_by);
    let mut granted_preflight = HeaderMap::with_capacity(6);
    granted_preflight.extend(refused_preflight.clone());
    granted_preflight.insert(ACCESS_CONTROL_ALLOW_ORIGIN, WILDCARD);
    if rules.credentials {
        granted_preflight.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    }
    granted_preflight.insert(ACCESS_CONTROL_ALLOW_METHODS, methods(rules));
    if let Some(headers) = headers(rules) {
        granted_preflight.insert(ACCESS_CONTROL_ALLOW_HEADERS, headers);
    }
    if let Some(seconds) = rules.max_age {
        granted_preflight.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from(seconds));
    }
    let vary_of_chosen = Vary::by_origin_and(&rules.vary_by);
    Wire {
        vary: if rules.origins.any { Vary::Nothing } else { vary_of_chosen.clone() },
        vary_of_chosen,
        exposed: exposed(rules),
        granted_preflight,
        refused_preflight,
    }
}

/// What a refused preflight says, and a granted one too: some caches store answers to OPTIONS. `vary_by` is what a policy adds.
pub(crate) fn refused_preflight(vary_by: &[HeaderName]) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(1);
    headers.insert(VARY, vary_line(PREFLIGHT_VARY, vary_by));
    headers
}

/// An empty list is written as the safelisted methods, which it allows anyway: without the header, a preflight that was
/// sent for the sake of an upload listener would let any method pass (Fetch, CORS-preflight fetch, step 7.4).
fn methods(rules: &Rules) -> HeaderValue {
    match rules.methods.listed.as_slice() {
        [] if rules.methods.any && !rules.credentials => WILDCARD,
        [] => list(method::SAFELISTED),
        listed => list(listed.iter().map(String::as_str)),
    }
}

/// Without what [is written out](Rules::writes_headers_out) for each preflight.
fn headers(rules: &Rules) -> Option<HeaderValue> {
    let wildcard = (rules.headers.any() && !rules.credentials).then_some("*");
    let mut names = wildcard.into_iter().chain(rules.headers.names()).peekable();
    names.peek().is_some().then(|| list(names))
}

fn exposed(rules: &Rules) -> Exposed {
    match &rules.exposed {
        ExposedHeaders::All if rules.credentials => Exposed::AllOfResponse,
        ExposedHeaders::All => Exposed::List(WILDCARD),
        ExposedHeaders::Named(names) if names.is_empty() => Exposed::Nothing,
        ExposedHeaders::Named(names) => Exposed::List(list(names.iter().map(String::as_str))),
    }
}

/// A list of tokens: RFC 9110, section 5.6.1. No token holds a byte that a field value may not hold.
pub(crate) fn list<'a>(tokens: impl IntoIterator<Item = &'a str>) -> HeaderValue {
    let mut list = String::new();
    for token in tokens {
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(token);
    }
    HeaderValue::try_from(list).unwrap_or_else(|_| HeaderValue::from_static(""))
}
