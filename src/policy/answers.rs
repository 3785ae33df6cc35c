//! The header values of a policy's answers, written once.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderValue,
};
use http::{Method, StatusCode};

use super::rules::{ExposedHeaders, MethodRules, Rules, WILDCARD};
use crate::header::{Vary, list, set};
use crate::method;
use crate::spec::ANY;

/// Fetch, [`Access-Control-Allow-Credentials`](https://fetch.spec.whatwg.org/#http-access-control-allow-credentials): in
/// exactly this spelling.
pub(crate) const TRUE: HeaderValue = HeaderValue::from_static("true");

/// The parts of a policy's answers that are the same for every request.
pub(crate) struct Answers {
    pub(crate) varying: Varying,
    pub(crate) exposed: Exposed,
    pub(crate) preflight_status: StatusCode,
    /// For a preflight from an allowed origin. Its `Access-Control-Allow-Origin` is `*`, which is replaced unless the policy
    /// allows any origin.
    pub(crate) granted_preflight: HeaderMap,
    /// For any other preflight.
    pub(crate) refused_preflight: HeaderMap,
    /// The requested method is echoed, since no list can say "any": with credentials, `*` is an ordinary method.
    pub(crate) echoes_method: bool,
    /// The requested names are echoed: prefixes are not in the standard, and with credentials `*` is an ordinary name.
    pub(crate) echoes_headers: bool,
}

/// The values of `Vary`, each with the names that the policy adds.
pub(crate) struct Varying {
    usual: Vary,
    by_site: Vary,
    options: Vary,
    options_by_site: Vary,
    where_selected: Vary,
}

/// The value of `Access-Control-Expose-Headers`.
#[derive(Clone, Debug)]
pub(crate) enum Exposed {
    Nothing,
    List(HeaderValue),
    /// The names of all headers of a response: the meaning of `*` without credentials. With credentials, `*` is an ordinary
    /// name.
    AllOfResponse,
}

/// The parts of a policy that are compiled to answers only.
pub(crate) struct Grants<'a> {
    pub(crate) exposed: &'a ExposedHeaders,
    /// Seconds.
    pub(crate) max_age: Option<u64>,
    pub(crate) preflight_status: StatusCode,
    pub(crate) vary_by: &'a [String],
}

impl Answers {
    pub(crate) fn new(rules: &Rules, grants: &Grants<'_>) -> Self {
        let varying = Varying::new(rules.origins.are_any(), grants.vary_by);
        let with_credentials = rules.origins.with_credentials();
        Self {
            exposed: exposed(grants.exposed, with_credentials),
            preflight_status: grants.preflight_status,
            granted_preflight: granted_preflight(rules, grants, &varying.options),
            refused_preflight: refused_preflight(&varying.options),
            varying,
            echoes_method: with_credentials && matches!(rules.methods, MethodRules::Any),
            echoes_headers: rules.headers.has_prefixes() || (with_credentials && rules.headers.are_any()),
        }
    }
}

impl Varying {
    fn new(any_origin: bool, vary_by: &[String]) -> Self {
        let where_selected = Vary::origin().and(vary_by);
        Self {
            usual: if any_origin { Vary::Nothing } else { where_selected.clone() },
            by_site: Vary::origin_and_site().and(vary_by),
            options: Vary::options().and(vary_by),
            options_by_site: Vary::options_and_site().and(vary_by),
            where_selected,
        }
    }

    /// The `Vary` of the response to a request. `by_site`: whether the request was rejected, or would have been if it were not
    /// same-origin.
    #[inline]
    pub(crate) fn of(&self, method: &Method, by_site: bool) -> &Vary {
        match (*method == Method::OPTIONS, by_site) {
            (false, false) => &self.usual,
            (false, true) => &self.by_site,
            (true, false) => &self.options,
            (true, true) => &self.options_by_site,
        }
    }

    /// The usual `Vary` where the origin selects the policy: then even `*` varies by the origin.
    pub(crate) fn where_selected(&self) -> &Vary {
        &self.where_selected
    }
}

/// The headers of a refused preflight. A granted one has them too.
pub(crate) fn refused_preflight(vary: &Vary) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(1);
    vary.merge_into(&mut headers);
    headers
}

fn granted_preflight(rules: &Rules, grants: &Grants<'_>, vary: &Vary) -> HeaderMap {
    let with_credentials = rules.origins.with_credentials();
    let mut headers = HeaderMap::with_capacity(6);
    vary.merge_into(&mut headers);
    set(&mut headers, ACCESS_CONTROL_ALLOW_ORIGIN, WILDCARD);
    if with_credentials {
        set(&mut headers, ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    }
    if let Some(methods) = methods(&rules.methods, with_credentials) {
        set(&mut headers, ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    // Without the names that are echoed for each preflight.
    let mut names = rules.headers.names().to_vec();
    if rules.headers.are_any() && !with_credentials {
        names.insert(0, ANY.to_owned());
    }
    if let Some(names) = list(&names) {
        set(&mut headers, ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
    if let Some(seconds) = grants.max_age {
        set(&mut headers, ACCESS_CONTROL_MAX_AGE, HeaderValue::from(seconds));
    }
    headers
}

/// An empty list is written as the safelisted methods, which are allowed anyway: without the header, a preflight that was sent
/// because of an upload listener would allow any method (Fetch, CORS-preflight fetch, step 7.4).
fn methods(rules: &MethodRules, with_credentials: bool) -> Option<HeaderValue> {
    match rules {
        MethodRules::Any if !with_credentials => Some(WILDCARD),
        MethodRules::Listed(methods) if !methods.is_empty() => list(methods),
        MethodRules::Any | MethodRules::Listed(_) => list(&method::SAFELISTED),
    }
}

fn exposed(exposed: &ExposedHeaders, with_credentials: bool) -> Exposed {
    match exposed {
        ExposedHeaders::All if with_credentials => Exposed::AllOfResponse,
        ExposedHeaders::All => Exposed::List(WILDCARD),
        ExposedHeaders::Listed(names) => list(names).map_or(Exposed::Nothing, Exposed::List),
    }
}
