//! What is to be done to the response of any other request.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, HeaderMap,
    HeaderName, HeaderValue,
};

use super::Denial;
use super::origin::Verdict;
use crate::header::is_readable_by_scripts;
use crate::policy::CorsPolicy;
use crate::policy::rules::ExposedHeaders;
use crate::policy::wire;

/// What is to be done to the response of a request that is no preflight: a CORS request, or one without `Origin`.
#[derive(Clone, Debug)]
pub struct Actual {
    policy: CorsPolicy,
    /// `Access-Control-Allow-Origin`, if the response may be read.
    allow_origin: Option<HeaderValue>,
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
    pub fn decorate(self, headers: &mut HeaderMap) {
        let (rules, wire) = (self.policy.rules(), self.policy.wire());
        if let Some(vary) = &wire.vary {
            vary.merge_into(headers);
        }
        remove_grants(headers);
        let Some(allow_origin) = self.allow_origin else {
            return;
        };
        let exposed = match &rules.exposed {
            ExposedHeaders::All if rules.credentials => readable_headers(headers),
            _ => wire.exposed.clone(),
        };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allow_origin);
        if rules.credentials {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, wire::TRUE);
        }
        if let Some(exposed) = exposed {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }

    pub(super) fn new(policy: &CorsPolicy, verdict: Verdict<'_>, denial: Option<Denial>) -> Self {
        let allow_origin = match verdict {
            _ if policy.rules().origins.any => Some(wire::WILDCARD),
            Verdict::Allowed(origin) => Some(origin.clone()),
            Verdict::NoOrigin | Verdict::Refused => None,
        };
        Self { policy: policy.clone(), allow_origin, denial }
    }
}

/// Takes away what the service has granted by itself.
fn remove_grants(headers: &mut HeaderMap) {
    const GRANTS: [HeaderName; 3] =
        [ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_EXPOSE_HEADERS];
    // There is hardly ever one, and a walk over a response's few names costs less than three look-ups.
    if headers.keys().any(|name| GRANTS.contains(name)) {
        for name in GRANTS {
            headers.remove(name);
        }
    }
}

/// What `*` would mean, were it not the name of a header with credentials: Fetch, main fetch, step 14.2.
fn readable_headers(headers: &HeaderMap) -> Option<HeaderValue> {
    let names = headers.keys().map(HeaderName::as_str).filter(|name| is_readable_by_scripts(name));
    let mut names = names.peekable();
    names.peek().is_some().then(|| wire::list(names))
}
