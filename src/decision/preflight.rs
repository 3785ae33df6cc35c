//! The answer to a CORS-preflight request.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
};
use http::{Method, Response, StatusCode};

use super::Denial;
use super::origin::{self, Verdict};
use crate::header::{Allowance, Requested, RequestedProblem};
use crate::method;
use crate::policy::CorsPolicy;
use crate::policy::rules::Rules;
use crate::policy::wire;
use crate::request::RequestHead;

/// The answer to a CORS-preflight request, ready to be sent; the service is not to see the request.
///
/// It carries the policy's whole lists, whatever was asked for: the browser compares them with the request itself, says
/// in its console what is missing, and remembers them for the next request.
#[derive(Clone, Debug)]
pub struct Preflight {
    status: StatusCode,
    headers: HeaderMap,
    denial: Option<Denial>,
}

impl Preflight {
    /// Why the browser will not send the request that this preflight is for, if so.
    #[must_use]
    pub fn denial(&self) -> Option<&Denial> {
        self.denial.as_ref()
    }

    /// The response, with the body that it is given: an empty one.
    #[must_use]
    pub fn into_response<B>(self, body: B) -> Response<B> {
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    pub(super) fn answer(policy: &CorsPolicy, request: RequestHead<'_>, verdict: Verdict<'_>) -> Self {
        let (rules, wire) = (policy.rules(), policy.wire());
        let refuse = |denial| Self {
            status: StatusCode::FORBIDDEN,
            headers: wire.refused_preflight.clone(),
            denial: Some(denial),
        };
        let allowed_origin = match verdict {
            Verdict::Allowed(origin) => origin,
            Verdict::Refused | Verdict::NoOrigin => return refuse(origin::denial(request)),
        };
        let Ok(headers) = Headers::judge(request, rules) else {
            // More than a browser could be allowed: said plainly, as the list itself might let it pass.
            return refuse(Denial::TooManyHeaders);
        };
        let method = requested_method(request, rules);

        let mut answer = wire.granted_preflight.clone();
        if let (false, Some(value)) = (rules.origins.any, answer.get_mut(ACCESS_CONTROL_ALLOW_ORIGIN)) {
            // In its place: to insert into a map that is full makes it grow first, even where the name is there.
            *value = allowed_origin.clone();
        }
        if let Ok(Some(method)) = method {
            answer.insert(ACCESS_CONTROL_ALLOW_METHODS, method.clone());
        }
        if !headers.covered.is_empty() {
            let covered = headers.covered.iter().map(String::as_str);
            answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, wire::list(rules.headers.names().chain(covered)));
        }
        // Browsers look at the method first: Fetch, CORS-preflight fetch, steps 7.5 to 7.7.
        let denial = method.err().or(headers.denial);
        Self { status: rules.preflight_status, headers: answer, denial }
    }
}

/// Fetch, [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request). Any other `OPTIONS` is for the
/// service. Several lines of a header still are that header: what they mean is decided later.
#[inline]
pub(super) fn is_preflight(request: RequestHead<'_>) -> bool {
    *request.method() == Method::OPTIONS
        && request.headers().contains_key(ORIGIN)
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Whether the requested method passes, and the header to echo where no list says so.
fn requested_method<'a>(request: RequestHead<'a>, rules: &Rules) -> Result<Option<&'a HeaderValue>, Denial> {
    let mut lines = request.headers().get_all(ACCESS_CONTROL_REQUEST_METHOD).iter();
    let (Some(value), None) = (lines.next(), lines.next()) else {
        return Err(Denial::MalformedMethod);
    };
    let method = value.as_bytes();
    if method::is_safelisted(method) || rules.methods.lists(method) {
        Ok(None)
    } else if !method::is_token(method) {
        Err(Denial::MalformedMethod)
    } else if method::is_forbidden(method) {
        Err(Denial::ForbiddenMethod)
    } else if rules.methods.any {
        // With credentials a browser takes `*` for the name of a method: Fetch, CORS-preflight fetch, step 7.5.
        Ok(rules.credentials.then_some(value))
    } else {
        Err(Denial::MethodNotAllowed)
    }
}

/// What the rules say of the requested headers.
#[derive(Default)]
struct Headers {
    denial: Option<Denial>,
    /// Lowercase names that are allowed but on no list, each once: covered by a prefix, or by "any" with credentials.
    covered: Vec<String>,
}

struct OverLimit;

impl Headers {
    fn judge(request: RequestHead<'_>, rules: &Rules) -> Result<Self, OverLimit> {
        let requested =
            Requested::new(request.headers().get_all(ACCESS_CONTROL_REQUEST_HEADERS), rules.headers.limits());
        let writes_out = rules.headers.has_prefixes() || (rules.headers.any() && rules.credentials);
        let mut judged = Self::default();
        let outcome = requested.for_each(|name| {
            match rules.headers.allowance(name) {
                Allowance::Covered if writes_out => judged.add_covered(name),
                Allowance::Listed | Allowance::Covered => {}
                Allowance::None if rules.headers.any() => judged.deny(Denial::AuthorizationNotListed),
                Allowance::None => judged.deny(Denial::HeaderNotAllowed),
            }
            // After a refusal only names that are to be written out are of interest.
            judged.denial.is_none() || writes_out
        });
        match outcome {
            Err(RequestedProblem::OverLimit) => return Err(OverLimit),
            Err(RequestedProblem::Malformed) => judged.deny(Denial::MalformedHeaders),
            Ok(()) => {}
        }
        Ok(judged)
    }

    fn deny(&mut self, denial: Denial) {
        self.denial.get_or_insert(denial);
    }

    /// The name is a token, so that it is text. There are no more than the limits let in.
    fn add_covered(&mut self, name: &[u8]) {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        if !self.covered.contains(&name) {
            self.covered.push(name);
        }
    }
}
