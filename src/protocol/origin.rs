//! The `Origin` header of a request, judged by the policy's rules.

use http::header::{HeaderValue, ORIGIN};

use super::Denial;
use super::listener::{AllowedBy, Fact, Listener, Outcome};
use crate::origin::{Origin, nearest};
use crate::policy::CorsPolicy;
use crate::policy::rules::{NULL, OriginRule, Origins};
use crate::quoted::text;
use crate::request::RequestHead;

/// What the rules say about a request's origin.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verdict<'r, 'p> {
    /// No `Origin`, so not a CORS request.
    NoOrigin,
    /// Allowed, with the header to echo, and the rule.
    Allowed(&'r HeaderValue, OriginRule<'p>),
    Refused,
    /// The look-up of the origin panicked.
    Unknown,
}

impl<'r, 'p> Verdict<'r, 'p> {
    #[inline]
    pub(super) fn of(request: RequestHead<'r>, origins: &'p Origins) -> Self {
        let mut lines = request.headers().get_all(ORIGIN).iter();
        match (lines.next(), lines.next()) {
            (None, _) => Self::NoOrigin,
            (Some(value), None) => match origins.allowing(value.as_bytes(), request) {
                Some(rule) => Self::Allowed(value, rule),
                None => Self::Refused,
            },
            // RFC 6454, section 7.3: one line at most. A cache and the service might each read another one.
            (Some(_), Some(_)) => Self::Refused,
        }
    }

    /// The denial of a request from an origin that is not allowed.
    pub(super) fn denial(self, named: Result<Origin<'_>, Denial>) -> Denial {
        match (self, named) {
            (Self::Unknown, _) => Denial::LookupPanicked,
            (_, named) => named.err().unwrap_or(Denial::OriginNotAllowed),
        }
    }
}

/// The origin that a request names, or why no rule could allow it.
pub(super) fn named(request: RequestHead<'_>) -> Result<Origin<'_>, Denial> {
    let mut lines = request.headers().get_all(ORIGIN).iter();
    match (lines.next(), lines.next()) {
        (Some(_), Some(_)) => Err(Denial::SeveralOrigins),
        (Some(value), None) if value == NULL => Err(Denial::NullOrigin),
        (value, _) => {
            value.and_then(|value| Origin::from_bytes(value.as_bytes())).ok_or(Denial::MalformedOrigin)
        }
    }
}

pub(super) fn tell_allowed(value: &HeaderValue, rule: OriginRule<'_>, listener: &mut impl Listener) {
    let value = value.as_bytes();
    if value != NULL.as_bytes() {
        listener.hear(Outcome::Passed, Some(value), || Fact::SerializedOrigin);
    }
    listener.hear(Outcome::Passed, Some(value), || {
        Fact::OriginAllowed(match rule {
            OriginRule::Any => AllowedBy::Any,
            OriginRule::Listed => AllowedBy::Name,
            OriginRule::Wildcard(pattern) => AllowedBy::Pattern(pattern.to_owned()),
            OriginRule::Regex(text) => AllowedBy::Regex(text.to_owned()),
            OriginRule::Predicate => AllowedBy::Predicate,
            OriginRule::Null => AllowedBy::NullSwitch,
        })
    });
}

/// `outcome` says whether the refusal matters for the decision.
pub(super) fn tell_refused(
    policy: &CorsPolicy,
    request: RequestHead<'_>,
    named: Result<Origin<'_>, Denial>,
    outcome: Outcome,
    listener: &mut impl Listener,
) {
    let value = request.headers().get(ORIGIN).map(HeaderValue::as_bytes);
    match named {
        Ok(origin) => {
            listener.hear(Outcome::Passed, value, || Fact::SerializedOrigin);
            listener.hear(outcome, value, || {
                let (patterns, predicates) = policy.origins();
                Fact::OriginNotAllowed {
                    nearest: nearest(origin, patterns),
                    has_predicate: !predicates.is_empty(),
                }
            });
        }
        Err(Denial::NullOrigin) => listener.hear(outcome, value, || Fact::NullOrigin),
        Err(Denial::SeveralOrigins) => listener.hear(outcome, value, || Fact::SeveralOrigins {
            count: request.headers().get_all(ORIGIN).iter().count(),
        }),
        Err(_) => listener.hear(outcome, value, || {
            let value = value.unwrap_or_default();
            let problem = std::str::from_utf8(value).ok().and_then(|text| Origin::parse(text).err());
            Fact::MalformedOrigin { text: text(value).into_owned(), problem }
        }),
    }
}
