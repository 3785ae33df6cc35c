//! What to do with the response to a request that is not a preflight.

use http::Method;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, HeaderMap,
    HeaderName, HeaderValue,
};

use super::Denial;
use super::origin::Verdict;
use crate::header::{Vary, is_readable_by_scripts, list, set};
use crate::policy::CorsPolicy;
use crate::policy::answers::{self, Exposed};
use crate::policy::rules::WILDCARD;

/// What to do with the response to a request that is not a preflight: a CORS request, or one without `Origin`.
#[derive(Clone, Debug)]
pub struct Actual {
    decoration: Decoration,
    denial: Option<Denial>,
}

impl Actual {
    /// Why the browser will keep the response from the page, if so. Same-origin requests are not denied, even if their origin is
    /// not listed: CORS does not apply to them.
    #[must_use]
    pub fn denial(&self) -> Option<&Denial> {
        self.denial.as_ref()
    }

    /// Adds the policy's CORS headers to a response, whatever its status.
    ///
    /// It replaces `Access-Control-Allow-Origin`, `Access-Control-Allow-Credentials` and `Access-Control-Expose-Headers` of the
    /// service, or removes them where the policy grants nothing. `Vary` keeps the names that it has.
    ///
    /// If you chose the policy by a request header, add that header to `Vary`: a policy adds only the headers that it depends on
    /// itself.
    #[inline]
    pub fn decorate(self, headers: &mut HeaderMap) {
        self.decoration.apply(headers, None);
    }

    #[inline]
    pub(super) fn new(
        policy: &CorsPolicy,
        verdict: Verdict<'_, '_>,
        vary: Vary,
        denial: Option<Denial>,
    ) -> Self {
        let allow_origin = match verdict {
            _ if policy.rules().origins.are_any() => Some(WILDCARD),
            Verdict::Allowed(origin, _) => Some(origin.clone()),
            Verdict::NoOrigin | Verdict::Refused | Verdict::Unknown => None,
        };
        let grant = allow_origin.map(|allow_origin| Grant { allow_origin, policy: policy.clone() });
        Self { decoration: Decoration { vary, grant }, denial }
    }

    /// The decision without a policy: nothing is granted.
    pub(super) fn ungranted(method: &Method, denial: Option<Denial>) -> Self {
        let vary = if *method == Method::OPTIONS { Vary::options() } else { Vary::origin() };
        Self { decoration: Decoration { vary, grant: None }, denial }
    }

    pub(crate) fn into_decoration(self) -> Decoration {
        self.decoration
    }
}

/// The headers for a response: the rest of a decision, once its denial was reported.
#[derive(Clone, Debug)]
pub(crate) struct Decoration {
    vary: Vary,
    /// `None` for most requests, which then need no reference to the policy.
    grant: Option<Grant>,
}

/// Permission to read the response, and its headers.
#[derive(Clone, Debug)]
struct Grant {
    allow_origin: HeaderValue,
    policy: CorsPolicy,
}

impl Decoration {
    /// `selected_by` names the headers by which the policy was selected, if it was. Another request may get another policy, so
    /// even `*` then varies by the origin, and by these headers.
    ///
    /// Returns the origin to which the service itself granted its response, if the policy does not grant it to the same one.
    #[inline]
    pub(crate) fn apply(self, headers: &mut HeaderMap, selected_by: Option<&Vary>) -> Option<HeaderValue> {
        let removed = remove_grants(headers);
        match (&self.vary, &self.grant) {
            (Vary::Nothing, Some(grant)) if selected_by.is_some() => {
                grant.policy.answers().varying.where_selected().merge_into(headers);
            }
            (vary, _) => vary.merge_into(headers),
        }
        if let Some(grant) = self.grant {
            grant.apply(headers);
        }
        if let Some(selected_by) = selected_by {
            selected_by.merge_into(headers);
        }
        removed.filter(|removed| headers.get(ACCESS_CONTROL_ALLOW_ORIGIN) != Some(removed))
    }
}

impl Grant {
    fn apply(self, headers: &mut HeaderMap) {
        let exposed = match &self.policy.answers().exposed {
            Exposed::Nothing => None,
            Exposed::List(names) => Some(names.clone()),
            Exposed::AllOfResponse => readable_headers(headers),
        };
        set(headers, ACCESS_CONTROL_ALLOW_ORIGIN, self.allow_origin);
        if self.policy.rules().origins.with_credentials() {
            set(headers, ACCESS_CONTROL_ALLOW_CREDENTIALS, answers::TRUE);
        }
        if let Some(names) = exposed {
            set(headers, ACCESS_CONTROL_EXPOSE_HEADERS, names);
        }
    }
}

/// Removes the service's own grants, and returns the origin that they were for.
#[inline]
fn remove_grants(headers: &mut HeaderMap) -> Option<HeaderValue> {
    const GRANTS: [HeaderName; 3] =
        [ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_EXPOSE_HEADERS];
    // Grants of a service are rare, and a walk over the few names of a response costs less than three look-ups.
    if !headers.keys().any(|name| GRANTS.contains(name)) {
        return None;
    }
    let [allow_origin, _, _] = GRANTS.map(|name| headers.remove(name));
    allow_origin
}

/// All headers that `*` exposes without credentials (Fetch, main fetch, step 14.2). With credentials, `*` is the name of a
/// header.
fn readable_headers(headers: &HeaderMap) -> Option<HeaderValue> {
    let names = headers.keys().map(HeaderName::as_str).filter(|name| is_readable_by_scripts(name));
    list(&names.collect::<Vec<_>>())
}
