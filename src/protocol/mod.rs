//! The whole protocol as one pure function, from a policy and the head of a request to a decision.

mod actual;
mod denial;
mod door;
mod judgement;
mod listener;
mod lookup;
mod origin;
mod preflight;
mod selection;
mod site;

use http::header::ORIGIN;
use http::{Method, Response, StatusCode};

pub use self::actual::Actual;
pub(crate) use self::actual::Decoration;
pub use self::denial::Denial;
use self::door::Door;
pub(crate) use self::judgement::Judgement;
pub use self::listener::Outcome;
pub(crate) use self::listener::{AllowedBy, DecisionOnly, Fact, Listener, Selection};
pub(crate) use self::lookup::Answer;
use self::origin::Verdict;
pub use self::preflight::Preflight;
pub(crate) use self::preflight::is_preflight;
pub(crate) use self::selection::{decide_by_first_match, decide_without_policy};
#[cfg(feature = "tracing")]
pub(crate) use self::site::sent_to;
use crate::header::Vary;
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

/// What to do with a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Decision {
    /// It is a CORS-preflight request: answer it now, without the service.
    Preflight(Preflight),
    /// The policy [rejects disallowed origins](crate::CorsPolicyBuilder::reject_disallowed_origins), and this is one; or the request
    /// was sent to a host that is [not the service's](crate::CorsPolicyBuilder::served_at). Answer it now, without the service.
    Rejected(Rejected),
    /// Any other request: call the service, then decorate its response.
    Actual(Actual),
}

impl Decision {
    /// Why a browser will be refused, if so.
    #[must_use]
    pub fn denial(&self) -> Option<&Denial> {
        match self {
            Self::Preflight(preflight) => preflight.denial(),
            Self::Rejected(rejected) => Some(rejected.denial()),
            Self::Actual(actual) => actual.denial(),
        }
    }

    /// Either the decoration for the service's response, or the response to send instead of calling the service.
    ///
    /// This is all that code around a service needs, and it cannot call the service by mistake:
    ///
    /// ```
    /// use http::{Request, Response};
    /// use tower_cors::CorsPolicy;
    ///
    /// # fn serve(request: Request<()>) -> Response<()> { Response::new(()) }
    /// fn handle(policy: &CorsPolicy, request: Request<()>) -> Response<()> {
    ///     let actual = match policy.decide(&request).answer() {
    ///         Ok(actual) => actual,
    ///         Err(response) => return response,
    ///     };
    ///     let mut response = serve(request);
    ///     actual.decorate(response.headers_mut());
    ///     response
    /// }
    /// # let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// # let request = |method| Request::builder().method(method).header("origin", "https://app.example.com");
    /// # assert_eq!(handle(&policy, request("GET").body(())?).status(), 200);
    /// # let preflight = request("OPTIONS").header("access-control-request-method", "POST").body(())?;
    /// # assert_eq!(handle(&policy, preflight).status(), 204);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The answer to a CORS-preflight request, or to a rejected one. Do not call the service for these.
    #[inline]
    pub fn answer(self) -> Result<Actual, Response<()>> {
        match self {
            Self::Actual(actual) => Ok(actual),
            Self::Preflight(preflight) => Err(preflight.into_response(())),
            Self::Rejected(rejected) => Err(rejected.into_response(())),
        }
    }
}

/// The answer to a request that must not reach the service: 403, or 421 if the host is not the service's. A page can read nothing of
/// it.
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

    /// The response, with this body.
    #[must_use]
    pub fn into_response<B>(self, body: B) -> Response<B> {
        let mut response = Response::new(body);
        *response.status_mut() = match self.denial {
            // RFC 9110, section 15.5.20.
            Denial::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
            _ => StatusCode::FORBIDDEN,
        };
        self.vary.merge_into(response.headers_mut());
        response
    }
}

impl CorsPolicy {
    /// Decides what to do with a request: the server side of the CORS protocol in one function.
    ///
    /// The layer calls this. Call it yourself where no layer can be: in a rate limiter that answers before the service, or without
    /// tower.
    ///
    /// ```
    /// use http::{HeaderMap, Request};
    /// use tower_cors::{CorsPolicy, Decision};
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let request = Request::get("/").header("origin", "https://app.example.com").body(())?;
    ///
    /// let Decision::Actual(actual) = policy.decide(&request) else { panic!("not a preflight") };
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
        self.decide_heard_by(request.into(), &mut DecisionOnly { with_reason: true })
    }

    /// The same decision. Not generic, so a program has this code once, however many services it has.
    pub(crate) fn decide_heard_by(&self, request: RequestHead<'_>, listener: &mut DecisionOnly) -> Decision {
        self.walk_heard_by(request, listener)
    }

    #[inline]
    fn walk_heard_by(&self, request: RequestHead<'_>, listener: &mut impl Listener) -> Decision {
        let door = Door::of(self);
        if let Some(rejected) = door.misdirected(request, listener) {
            return rejected;
        }
        let verdict = Verdict::of(request, &self.rules().origins);
        tell_request(request, self.rules().origins.are_any(), listener);
        walk(self, verdict, door, request, listener)
    }
}

/// Reports what kind of request it is, whatever the policy. `any`: whether every response says `*`.
#[inline]
fn tell_request<L: Listener>(request: RequestHead<'_>, any: bool, listener: &mut L) {
    if !L::HEARS_FACTS {
        return;
    }
    let method = Some(request.method().as_str().as_bytes());
    match request.headers().get(ORIGIN) {
        None => return listener.hear(Outcome::Note, None, || Fact::NoOrigin { any }),
        Some(origin) => listener.hear(Outcome::Passed, Some(origin.as_bytes()), || Fact::CorsRequest),
    }
    if is_preflight(request) {
        listener.hear(Outcome::Passed, method, || Fact::Preflight);
    } else if *request.method() == Method::OPTIONS {
        listener.hear(Outcome::Note, method, || Fact::PlainOptions);
    } else {
        listener.hear(Outcome::Note, method, || Fact::NotPreflight);
    }
}

/// The walk after the verdict on the origin. The verdict is a parameter, since a predicate may count its calls or answer
/// differently. So is the door, since other policies may reject the request too.
#[inline]
fn walk<L: Listener>(
    policy: &CorsPolicy,
    verdict: Verdict<'_, '_>,
    door: Door<'_>,
    request: RequestHead<'_>,
    listener: &mut L,
) -> Decision {
    let rejects_disallowed = door.rejects();
    let denial = match verdict {
        Verdict::NoOrigin => None,
        _ if preflight::has_requested_method(request) => {
            return Decision::Preflight(Preflight::answer(policy, verdict, request, listener));
        }
        Verdict::Allowed(value, rule) => {
            origin::tell_allowed(value, rule, listener);
            None
        }
        Verdict::Refused | Verdict::Unknown => refuse(policy, verdict, door, request, listener),
    };
    let by_site = rejects_disallowed
        && !matches!(verdict, Verdict::NoOrigin | Verdict::Allowed(..))
        && door.looks_at_site();
    let vary = policy.answers().varying.of(request.method(), by_site).clone();
    match denial {
        Some(denial) if rejects_disallowed => {
            listener.hear(Outcome::Note, None, || Fact::Rejected);
            Decision::Rejected(Rejected { vary, denial })
        }
        _ if !L::WANTS_ANSWER => Decision::Actual(Actual::ungranted(request.method(), denial)),
        _ => Decision::Actual(Actual::new(policy, verdict, vary, denial)),
    }
}

/// Why a browser will keep the response from the page, for an origin that is not allowed. `None` if it will not, or if nobody wants
/// to know.
#[inline]
fn refuse(
    policy: &CorsPolicy,
    verdict: Verdict<'_, '_>,
    door: Door<'_>,
    request: RequestHead<'_>,
    listener: &mut impl Listener,
) -> Option<Denial> {
    let rejects_disallowed = door.rejects();
    if !listener.wants_reason() && !rejects_disallowed {
        return None;
    }
    let named = origin::named(request);
    let spared = if policy.rules().origins.are_any() && !rejects_disallowed {
        // The response says `*`, so even a page with a malformed origin may read it.
        Some(Fact::ReadableByAll)
    } else if door.is_same_origin(policy, request, named) {
        Some(Fact::SameOrigin)
    } else {
        None
    };
    let outcome = if spared.is_some() { Outcome::Note } else { Outcome::Failed };
    origin::tell_refused(policy, request, named, outcome, listener);
    match spared {
        Some(fact) => {
            listener.hear(Outcome::Note, None, || fact);
            None
        }
        None => Some(verdict.denial(named)),
    }
}
