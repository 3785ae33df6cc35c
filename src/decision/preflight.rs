//! The answer to a CORS-preflight request.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, ORIGIN,
};
use http::{Method, Response, StatusCode};

use super::Denial;
use super::origin::{self, Verdict};
use crate::header::{Allowance, Malformed, Requested};
use crate::method;
use crate::policy::CorsPolicy;
use crate::policy::rules::{MethodRules, Rules};
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

    /// The refusal where no policy applies: what every refused preflight is answered with.
    pub(super) fn without_policy() -> Self {
        let headers = wire::refused_preflight(&[]);
        Self { status: StatusCode::FORBIDDEN, headers, denial: Some(Denial::NoPolicy) }
    }

    /// `wants_reason` is what [`CorsPolicy::decide_with_reason`] is asked with.
    pub(super) fn answer(
        policy: &CorsPolicy,
        request: RequestHead<'_>,
        verdict: Verdict<'_>,
        wants_reason: bool,
    ) -> Self {
        let (rules, wire) = (policy.rules(), policy.wire());
        let refuse =
            |denial| Self { status: StatusCode::FORBIDDEN, headers: wire.refused_preflight.clone(), denial };
        let Verdict::Allowed(allowed_origin) = verdict else {
            return refuse(wants_reason.then(|| origin::denial(request)));
        };
        let requested_headers = request.headers().get_all(ACCESS_CONTROL_REQUEST_HEADERS);
        let Ok(requested_headers) = Requested::new(requested_headers, rules.headers.limits()) else {
            // More than a browser could be allowed: said plainly, as the list itself might let it pass.
            return refuse(Some(Denial::TooManyHeaders));
        };
        let mut headers = wire.granted_preflight.clone();
        if let (false, Some(value)) = (rules.origins.any, headers.get_mut(ACCESS_CONTROL_ALLOW_ORIGIN)) {
            // In its place: to insert into a map that is full makes it grow first, even where the name is there.
            *value = allowed_origin.clone();
        }
        let mut answer = Self { status: rules.preflight_status, headers, denial: None };
        // Whole lists are the same for every request, so that what this one asks for is of interest to a log alone.
        if wants_reason || rules.writes_method_out() || rules.writes_headers_out() {
            let method = answer.allow_method(request, rules);
            let headers = answer.allow_headers(&requested_headers, rules);
            // Browsers look at the method first: Fetch, CORS-preflight fetch, steps 7.5 to 7.7.
            answer.denial = method.and(headers).err();
        }
        answer
    }

    /// Works out whether the requested method passes, and echoes it where no list says so.
    fn allow_method(&mut self, request: RequestHead<'_>, rules: &Rules) -> Result<(), Denial> {
        let mut lines = request.headers().get_all(ACCESS_CONTROL_REQUEST_METHOD).iter();
        let (Some(value), None) = (lines.next(), lines.next()) else {
            return Err(Denial::MalformedMethod);
        };
        let allowance = method_allowance(value.as_bytes(), &rules.methods)?;
        if allowance == MethodAllowance::Covered && rules.writes_method_out() {
            self.headers.insert(ACCESS_CONTROL_ALLOW_METHODS, value.clone());
        }
        Ok(())
    }

    /// Works out whether the requested headers pass, and lists those that are allowed by no list.
    fn allow_headers(&mut self, requested: &Requested<'_>, rules: &Rules) -> Result<(), Denial> {
        let mut result = Ok(());
        let mut unlisted: Vec<String> = Vec::new();
        let outcome = requested.for_each(|name| match rules.headers.allowance(name) {
            Allowance::Listed => {}
            Allowance::Covered => {
                // A token, so that it is text. There are no more than the limits let in.
                let name = String::from_utf8_lossy(name).to_ascii_lowercase();
                if rules.writes_headers_out() && !unlisted.contains(&name) {
                    unlisted.push(name);
                }
            }
            Allowance::None if rules.headers.any() => {
                result = result.and(Err(Denial::AuthorizationNotListed));
            }
            Allowance::None => result = result.and(Err(Denial::HeaderNotAllowed)),
        });
        if !unlisted.is_empty() {
            let names = rules.headers.names().chain(unlisted.iter().map(String::as_str));
            self.headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wire::list(names));
        }
        result.and(outcome.map_err(|Malformed| Denial::MalformedHeaders))
    }
}

/// Why a requested method passes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MethodAllowance {
    /// CORS-safelisted: no list has to name it.
    Safelisted,
    Listed,
    /// Any method is allowed.
    Covered,
}

/// Fetch, CORS-preflight fetch, step 7.5.
pub(super) fn method_allowance(method: &[u8], rules: &MethodRules) -> Result<MethodAllowance, Denial> {
    if method::is_safelisted(method) {
        Ok(MethodAllowance::Safelisted)
    } else if rules.lists(method) {
        Ok(MethodAllowance::Listed)
    } else if !method::is_token(method) {
        Err(Denial::MalformedMethod)
    } else if method::is_forbidden(method) {
        Err(Denial::ForbiddenMethod)
    } else if rules.any {
        Ok(MethodAllowance::Covered)
    } else {
        Err(Denial::MethodNotAllowed)
    }
}

/// Fetch, [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request). Any other `OPTIONS` is for the
/// service. Several lines of a header still are that header: what they mean is decided later.
pub(crate) fn is_preflight(request: RequestHead<'_>) -> bool {
    is_preflight_if_cors(request) && request.headers().contains_key(ORIGIN)
}

/// The same of a request that is known to have an `Origin`.
#[inline]
pub(super) fn is_preflight_if_cors(request: RequestHead<'_>) -> bool {
    *request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}
