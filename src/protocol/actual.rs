//! What is to be done to the response of any other request.

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

/// What is to be done to the response of a request that is no preflight: a CORS request, or one without `Origin`.
#[derive(Clone, Debug)]
pub struct Actual {
    decoration: Decoration,
    denial: Option<Denial>,
}

impl Actual {
    /// Why the browser will keep the response from the page, if so. Same-origin requests are not CORS's business: they are
    /// not denied, whether or not their origin is listed.
    #[must_use]
    pub fn denial(&self) -> Option<&Denial> {
        self.denial.as_ref()
    }

    /// Makes a response's headers say what the policy says, whatever its status.
    ///
    /// `Access-Control-Allow-Origin`, `-Credentials` and `-Expose-Headers` that the service set are replaced, or removed
    /// where the policy grants nothing; `Vary` keeps what it has.
    ///
    /// Where you chose the policy by something in the request, add what you chose it by to `Vary`: a policy knows only
    /// what it depends on itself.
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

    /// The decision where there is no policy: nothing is granted.
    pub(super) fn ungranted(method: &Method, denial: Option<Denial>) -> Self {
        let vary = if *method == Method::OPTIONS { Vary::options() } else { Vary::origin() };
        Self { decoration: Decoration { vary, grant: None }, denial }
    }

    pub(crate) fn into_decoration(self) -> Decoration {
        self.decoration
    }
}

/// What a response's headers are to say: all that is left of a decision once its denial was heard.
#[derive(Clone, Debug)]
pub(crate) struct Decoration {
    vary: Vary,
    /// `None` of most requests: they need not share the policy.
    grant: Option<Grant>,
}

/// That the response may be read, and what of it.
#[derive(Clone, Debug)]
struct Grant {
    allow_origin: HeaderValue,
    policy: CorsPolicy,
}

impl Decoration {
    /// `selected_by` is what the selection of the policy looked at, where it was selected: another request would have had another
    /// policy, so that even `*` varies by the origin, and by that.
    ///
    /// Returns the origin that the service itself had granted its response to, where that is not what the policy says.
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

/// Takes away what the service has granted by itself, and returns to whom that was.
#[inline]
fn remove_grants(headers: &mut HeaderMap) -> Option<HeaderValue> {
    const GRANTS: [HeaderName; 3] =
        [ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_EXPOSE_HEADERS];
    // There is hardly ever one, and a walk over a response's few names costs less than three look-ups.
    if !headers.keys().any(|name| GRANTS.contains(name)) {
        return None;
    }
    let [allow_origin, _, _] = GRANTS.map(|name| headers.remove(name));
    allow_origin
}

/// What `*` would mean, were it not the name of a header with credentials: Fetch, main fetch, step 14.2.
fn readable_headers(headers: &HeaderMap) -> Option<HeaderValue> {
    let names = headers.keys().map(HeaderName::as_str).filter(|name| is_readable_by_scripts(name));
    list(&names.collect::<Vec<_>>())
}
