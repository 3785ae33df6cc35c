//! The answer to a CORS-preflight request.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
};
use http::{Method, Response, StatusCode};

use super::Denial;
use super::listener::{Fact, Listener, Outcome};
use super::origin::{self, Verdict};
use crate::header::{Allowance, HeaderRules, Malformed, Requested, Vary, check_requested_name, list, set};
use crate::method;
use crate::policy::CorsPolicy;
use crate::policy::answers;
use crate::policy::rules::MethodRules;
use crate::request::RequestHead;
use crate::seen::Seen;
use crate::typo;

/// The answer to a CORS-preflight request, ready to send. Do not call the service for this request.
///
/// It has the policy's whole lists, whatever was requested: the browser compares them with the request itself, shows in its
/// console what is missing, and may cache them for later requests. If the origin is not allowed, or the request is too long
/// to read, the answer is a 403 without CORS headers.
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

    /// The response, with this body, which should be empty.
    #[must_use]
    pub fn into_response<B>(self, body: B) -> Response<B> {
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    /// The refusal without a policy: the same answer as any refused preflight.
    pub(super) fn without_policy(reason: Denial) -> Self {
        let headers = answers::refused_preflight(&Vary::options());
        Self { status: StatusCode::FORBIDDEN, headers, denial: Some(reason) }
    }

    pub(super) fn answer<L: Listener>(
        policy: &CorsPolicy,
        verdict: Verdict<'_, '_>,
        request: RequestHead<'_>,
        listener: &mut L,
    ) -> Self {
        let (rules, answers) = (policy.rules(), policy.answers());
        let written = |headers: &HeaderMap| if L::WANTS_ANSWER { headers.clone() } else { HeaderMap::new() };
        let refuse = |denial| Self {
            status: StatusCode::FORBIDDEN,
            headers: written(&answers.refused_preflight),
            denial,
        };
        let Verdict::Allowed(allowed_origin, rule) = verdict else {
            return refuse(listener.wants_reason().then(|| {
                let named = origin::named(request);
                origin::tell_refused(policy, request, named, Outcome::Failed, listener);
                verdict.denial(named)
            }));
        };
        origin::tell_allowed(allowed_origin, rule, listener);
        let requested_method = single_method(request);
        if requested_method.is_some_and(|method| !rules.methods.reads(method.as_bytes())) {
            // An explicit refusal, because a browser that compares with the whole list might let the method pass.
            let fact = || Fact::MethodTooLong { bytes: method::MAX_REQUESTED_BYTES };
            listener.hear(Outcome::Failed, None, fact);
            return refuse(Some(Denial::MethodTooLong));
        }
        let lines = request.headers().get_all(ACCESS_CONTROL_REQUEST_HEADERS);
        let limits = rules.headers.limits();
        let Ok(requested_headers) = Requested::new(lines, limits) else {
            // An explicit refusal, for the same reason.
            let fact = || Fact::TooManyHeaders { names: limits.elements(), bytes: limits.bytes() };
            listener.hear(Outcome::Failed, None, fact);
            return refuse(Some(Denial::TooManyHeaders));
        };
        let mut headers = written(&answers.granted_preflight);
        if let (false, Some(value)) = (rules.origins.are_any(), headers.get_mut(ACCESS_CONTROL_ALLOW_ORIGIN))
        {
            // Replaced in place: an insertion into a full map makes it grow, even if the name is already there.
            *value = allowed_origin.clone();
        }
        let mut answer = Self { status: answers.preflight_status, headers, denial: None };
        // The lists are the same for every request, so only a log needs what this one requests.
        if listener.wants_reason() || answers.echoes_method || answers.echoes_headers {
            let method = answer.allow_method(requested_method, policy, listener);
            let headers = answer.allow_headers(&requested_headers, policy, listener);
            // Browsers check the method first: Fetch, CORS-preflight fetch, steps 7.5 to 7.7.
            answer.denial = method.and(headers).err();
        }
        answer
    }

    /// Finds out whether the requested method is allowed, and echoes it if no list can name it.
    fn allow_method<L: Listener>(
        &mut self,
        requested: Option<&HeaderValue>,
        policy: &CorsPolicy,
        listener: &mut L,
    ) -> Result<(), Denial> {
        let Some(value) = requested else {
            listener.hear(Outcome::Failed, None, || Fact::SeveralMethods);
            return Err(Denial::MalformedMethod);
        };
        let about = Some(value.as_bytes());
        let rules = &policy.rules().methods;
        match method_allowance(value.as_bytes(), rules) {
            Ok(allowance) => {
                listener.hear(Outcome::Passed, about, || match allowance {
                    MethodAllowance::Safelisted => Fact::MethodSafelisted,
                    MethodAllowance::Listed => Fact::MethodListed,
                    MethodAllowance::Covered => Fact::AnyMethod,
                });
                let echoes = L::WANTS_ANSWER && policy.answers().echoes_method;
                if echoes && allowance == MethodAllowance::Covered {
                    set(&mut self.headers, ACCESS_CONTROL_ALLOW_METHODS, value.clone());
                }
                Ok(())
            }
            Err(denial) => {
                listener.hear(Outcome::Failed, about, || {
                    let method = String::from_utf8_lossy(value.as_bytes()).into_owned();
                    match denial {
                        Denial::ForbiddenMethod => Fact::ForbiddenMethod(method),
                        Denial::MethodNotAllowed => unlisted_method(method, rules.listed()),
                        _ => Fact::MalformedMethod(method),
                    }
                });
                Err(denial)
            }
        }
    }

    /// Finds out whether the requested headers are allowed, and adds allowed ones that are not in the policy's list.
    fn allow_headers<L: Listener>(
        &mut self,
        requested: &Requested<'_>,
        policy: &CorsPolicy,
        listener: &mut L,
    ) -> Result<(), Denial> {
        let rules = &policy.rules().headers;
        let echoes = L::WANTS_ANSWER && policy.answers().echoes_headers;
        let mut result = Ok(());
        let mut count = 0;
        let mut refused = 0;
        let mut seen = Seen::default();
        let mut unlisted: Vec<String> = Vec::new();
        let outcome = requested.for_each(|name| {
            let nth = count;
            count += 1;
            let allowance = rules.allowance(name);
            if allowance == Allowance::None {
                refused += 1;
                listener.hear(Outcome::Failed, Some(name), || {
                    unlisted_header(name, rules, refused <= MAX_COMPARED_HEADERS)
                });
                let is_authorization = rules.are_any();
                let denial = if is_authorization {
                    Denial::AuthorizationNotListed
                } else {
                    Denial::HeaderNotAllowed { nth }
                };
                result = result.and(Err(denial));
                return;
            }
            listener.hear(Outcome::Passed, Some(name), || Fact::HeadersAllowed);
            if allowance == Allowance::Covered && echoes {
                // A token, so it is text. The limits bound how many there are.
                let name = String::from_utf8_lossy(name).to_ascii_lowercase();
                if seen.is_new(&name) {
                    unlisted.push(name);
                }
            }
        });
        if !unlisted.is_empty() {
            let names = [rules.names(), &unlisted].concat();
            if let Some(names) = list(&names) {
                set(&mut self.headers, ACCESS_CONTROL_ALLOW_HEADERS, names);
            }
        }
        match outcome {
            Err(Malformed) => listener.hear(Outcome::Failed, None, || Fact::MalformedHeaders),
            Ok(()) if count == 0 => listener.hear(Outcome::Passed, None, || Fact::NoHeaders),
            Ok(()) => {}
        }
        result.and(outcome.map_err(|Malformed| Denial::MalformedHeaders))
    }
}

/// Why a method is not allowed: its case, a typo, or it is not listed.
fn unlisted_method(method: String, listed: &[String]) -> Fact {
    let allowed = || listed.iter().map(String::as_str).chain(method::SAFELISTED);
    let in_other_case = allowed().find(|known| known.eq_ignore_ascii_case(&method));
    match in_other_case.or_else(|| method::well_known(&method)) {
        Some(known) if known != method => Fact::MethodInOtherCase { known: known.to_owned(), method },
        _ => {
            // A registered method is not a typo of another one: `LOCK` is near `UNLOCK`.
            let near = if method::is_registered(&method) { None } else { typo::meant(&method, allowed()) };
            let near = near.map(str::to_owned);
            Fact::MethodNotListed { near, has_list: !listed.is_empty(), method }
        }
    }
}

/// How many refused headers are compared with listed names that were probably meant: each is compared with the whole list.
const MAX_COMPARED_HEADERS: usize = 16;

/// Why a header is not allowed: it never can be, a typo, or it is not listed.
fn unlisted_header(name: &[u8], rules: &HeaderRules, is_compared: bool) -> Fact {
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    match check_requested_name(&name) {
        Err(problem) => Fact::HeaderRefused { name, problem },
        // The only header that "any" does not cover.
        Ok(()) if rules.are_any() => Fact::AuthorizationNotListed,
        Ok(()) => {
            let near =
                if is_compared { typo::meant(&name, rules.names().iter().map(String::as_str)) } else { None };
            Fact::HeaderNotListed { near: near.map(str::to_owned), name }
        }
    }
}

/// Why a requested method passes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MethodAllowance {
    /// CORS-safelisted: it need not be listed.
    Safelisted,
    Listed,
    /// Any method is allowed.
    Covered,
}

/// The value of `Access-Control-Request-Method`, unless there are several.
fn single_method(request: RequestHead<'_>) -> Option<&HeaderValue> {
    let mut lines = request.headers().get_all(ACCESS_CONTROL_REQUEST_METHOD).iter();
    lines.next().filter(|_| lines.next().is_none())
}

/// Fetch, CORS-preflight fetch, step 7.5.
fn method_allowance(method: &[u8], rules: &MethodRules) -> Result<MethodAllowance, Denial> {
    if method::is_safelisted(method) {
        Ok(MethodAllowance::Safelisted)
    } else if rules.lists(method) {
        Ok(MethodAllowance::Listed)
    } else if !method::is_token(method) {
        Err(Denial::MalformedMethod)
    } else if method::is_forbidden(method) {
        Err(Denial::ForbiddenMethod)
    } else if matches!(rules, MethodRules::Any) {
        Ok(MethodAllowance::Covered)
    } else {
        Err(Denial::MethodNotAllowed)
    }
}

/// Fetch, [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request). Any other `OPTIONS` is for the
/// service. A header with several lines counts as present here; later steps judge its value.
pub(crate) fn is_preflight(request: RequestHead<'_>) -> bool {
    has_requested_method(request) && request.headers().contains_key(ORIGIN)
}

/// The same, for a request that is known to have an `Origin`.
#[inline]
pub(super) fn has_requested_method(request: RequestHead<'_>) -> bool {
    *request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}
