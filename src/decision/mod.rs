//! The whole protocol as one pure function: from a policy and a request's head to what is to be done.

mod actual;
mod denial;
mod explain;
mod origin;
mod preflight;

use http::header::ORIGIN;
use http::{Response, StatusCode};

pub use self::actual::Actual;
pub(crate) use self::actual::Decoration;
pub use self::denial::Denial;
pub use self::explain::{Explanation, Outcome, Remedy, Step};
use self::origin::Verdict;
pub use self::preflight::Preflight;
pub(crate) use self::preflight::is_preflight;
use self::preflight::is_preflight_if_cors;
use crate::header::Vary;
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

/// What is to be done about a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Decision {
    /// It is a CORS-preflight request: answer it now, without the service.
    Preflight(Preflight),
    /// The policy [rejects disallowed origins](crate::CorsPolicyBuilder::reject_disallowed_origins), and this is one:
    /// answer it now, without the service.
    Rejected(Rejected),
    /// Any other request: call the service, then decorate its response.
    Actual(Actual),
}

impl Decision {
    /// Why a browser will be refused, if it will be.
    #[must_use]
    pub fn denial(&self) -> Option<&Denial> {
        match self {
            Self::Preflight(preflight) => preflight.denial(),
            Self::Rejected(rejected) => Some(rejected.denial()),
            Self::Actual(actual) => actual.denial(),
        }
    }
}

/// The answer to a request that the service is not to see: 403, with nothing in it that a page could read.
#[derive(Clone, Debug)]
pub struct Rejected {
    vary: Vary,
    denial: Denial,
}

impl Rejected {
    /// Why the request is rejected.
    #[must_use]
    pub fn denial(&self) -> &Denial {
        &self.denial
    }

    /// The response, with the body that it is given.
    #[must_use]
    pub fn into_response<B>(self, body: B) -> Response<B> {
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::FORBIDDEN;
        self.vary.merge_into(response.headers_mut());
        response
    }
}

impl CorsPolicy {
    /// Decides what is to be done about a request: the whole CORS protocol, as the server has it, in one pure function.
    ///
    /// This is what the layer calls. Call it yourself where a layer does not reach: in a rate limiter that answers before
    /// the service, or without tower.
    ///
    /// ```
    /// use http::{HeaderMap, Request};
    /// use tower_cors::{CorsPolicy, Decision};
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let request = Request::get("/").header("origin", "https://app.example.com").body(())?;
    ///
    /// let Decision::Actual(actual) = policy.decide(&request) else { panic!("it is no preflight") };
    /// let mut headers = HeaderMap::new();
    /// actual.decorate(&mut headers);
    /// assert_eq!(headers["access-control-allow-origin"], "https://app.example.com");
    /// assert_eq!(headers["vary"], "Origin");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Implements Fetch, [CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol).
    #[must_use]
    pub fn decide<'a>(&self, request: impl Into<RequestHead<'a>>) -> Decision {
        self.decide_with_reason(request.into(), true)
    }

    /// The same decision. Whether it names the reason of a denial where nothing but logs depends on it is for the caller to
    /// say: to find it out takes longer than to refuse.
    #[inline]
    pub(crate) fn decide_with_reason(&self, request: RequestHead<'_>, wants_reason: bool) -> Decision {
        self.decide_on(Verdict::of(request, &self.rules().origins), request, wants_reason)
    }

    #[inline]
    fn decide_on(&self, verdict: Verdict<'_>, request: RequestHead<'_>, wants_reason: bool) -> Decision {
        let rules = self.rules();
        if !matches!(verdict, Verdict::NoOrigin) && is_preflight_if_cors(request) {
            return Decision::Preflight(Preflight::answer(self, request, verdict, wants_reason));
        }
        // Where any origin is allowed the response says `*`, which even a malformed one may read.
        let is_refused = matches!(verdict, Verdict::Refused) && !rules.origins.any;
        let denial = if is_refused && (wants_reason || rules.reject_disallowed_origins) {
            origin::cross_origin_denial(request)
        } else {
            None
        };
        match denial {
            Some(denial) if rules.reject_disallowed_origins => {
                Decision::Rejected(Rejected { vary: self.wire().vary.clone(), denial })
            }
            _ => Decision::Actual(Actual::new(self, verdict, denial)),
        }
    }
}

/// Decides by the first policy that allows the request's origin; where none does, or there is no origin, by the last one.
pub(crate) fn decide_by_first_match(
    policies: &[CorsPolicy],
    request: RequestHead<'_>,
    wants_reason: bool,
) -> Decision {
    match first_match(policies, request) {
        Some((_, policy, verdict)) => policy.decide_on(verdict, request, wants_reason),
        None => decide_without_policy(request),
    }
}

/// The policy that decides, with its place in the list and what it says of the origin.
#[inline]
fn first_match<'p, 'r>(
    policies: &'p [CorsPolicy],
    request: RequestHead<'r>,
) -> Option<(usize, &'p CorsPolicy, Verdict<'r>)> {
    let mut chosen = None;
    for (index, policy) in policies.iter().enumerate() {
        // Asked once: a predicate may count, or change its mind.
        let verdict = Verdict::of(request, &policy.rules().origins);
        chosen = Some((index, policy, verdict));
        if matches!(verdict, Verdict::Allowed(_)) {
            break;
        }
    }
    chosen
}

/// Decides where no policy applies: nothing is granted, and a preflight is refused as any other one is.
pub(crate) fn decide_without_policy(request: RequestHead<'_>) -> Decision {
    if is_preflight(request) {
        return Decision::Preflight(Preflight::without_policy());
    }
    let is_denied = request.headers().contains_key(ORIGIN) && origin::cross_origin_denial(request).is_some();
    Decision::Actual(Actual::ungranted(is_denied.then_some(Denial::NoPolicy)))
}
