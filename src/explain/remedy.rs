//! How to fix a failure.

use http::header::AUTHORIZATION;

use crate::check::{accepts_origin, accepts_served_at, suggest_secure};
use crate::origin::{Nearest, Origin, suggest};
use crate::policy::CorsPolicy;
use crate::policy::rules::Origins;
use crate::protocol::Fact;

/// A change that fixes one failed [`Step`](crate::Step): in the policy, the page, the client or a proxy. Its `Display` says what to
/// do.
///
/// No remedy allows more than the request needs. For a typo or a look-alike of an allowed value, the page is to change, not the
/// policy. For any other origin that is not near an allowed one, the page comes first; allowing the origin is the last remedy, and
/// only for the owner of its site.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// The page: serve it at this origin, which the policy allows.
    ServePageAt(String),
    /// The page: serve it at an origin that the policy allows.
    UseAllowedOrigin,
    /// The policy, if the site is yours: [`allow_origin`](crate::CorsPolicyBuilder::allow_origin) with this origin.
    AllowOrigin(String),
    /// The page: serve it at this origin, since a policy like this one cannot allow the page's present origin. And the policy, if the
    /// site is yours: [`allow_origin`](crate::CorsPolicyBuilder::allow_origin) with the new origin.
    ServeAndAllow(String),
    /// The policy: [`dangerously_allow_null_origin`](crate::CorsPolicyBuilder::dangerously_allow_null_origin), which lets in the
    /// sandboxed frames of every web site.
    AllowNullOrigin,
    /// The page: it needs an origin that the policy allows. Serve it over http or https instead of `file:` or `data:`, give its frame
    /// `allow-same-origin`, and avoid redirects from one origin to another.
    GiveOrigin,
    /// The client or a proxy: send exactly one `Origin` line.
    SendOneOrigin,
    /// The client: send an `Origin` as browsers spell it. This one was probably meant.
    RespellOrigin(Option<String>),
    /// The client or a proxy: send exactly one `Host`, one that [`served_at`](crate::CorsPolicyBuilder::served_at) names, such as
    /// this one. A proxy in front must pass on the `Host` that it received; a health check by address must set it.
    SendOwnHost(Option<String>),
    /// The policy, only if the host is yours: [`served_at`](crate::CorsPolicyBuilder::served_at) with this origin.
    ServeAt(String),
    /// The policy: [`allow_methods`](crate::CorsPolicyBuilder::allow_methods) with this method.
    AllowMethod(String),
    /// The page: spell the method like this.
    RespellMethod(String),
    /// The page: request exactly one method, one that pages may use.
    UseAnotherMethod,
    /// The policy: [`allow_headers`](crate::CorsPolicyBuilder::allow_headers) with this name.
    AllowHeader(String),
    /// The page: spell the header's name as the policy lists it.
    #[non_exhaustive]
    RespellHeader {
        /// The page's spelling.
        name: String,
        /// The policy's spelling.
        listed: String,
    },
    /// The page: do not send this header, which no policy can allow.
    LeaveOutHeader(String),
    /// The client: send a list of header names.
    SendHeaderNames,
    /// The page: send fewer headers that need permission.
    #[non_exhaustive]
    SendFewerHeaders {
        /// How many names the policy reads, over all lines.
        names: usize,
        /// How many bytes the policy reads.
        bytes: usize,
    },
    /// The server: add a policy for this request to the list or the look-up.
    FindPolicy,
}

impl Remedy {
    /// A stable name, for programs.
    ///
    /// ```
    /// assert_eq!(tower_cors::Remedy::AllowMethod("PUT".to_owned()).kind(), "allow-method");
    /// ```
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ServePageAt(_) => "serve-page-at",
            Self::UseAllowedOrigin => "use-allowed-origin",
            Self::AllowOrigin(_) => "allow-origin",
            Self::ServeAndAllow(_) => "serve-and-allow",
            Self::AllowNullOrigin => "allow-null-origin",
            Self::GiveOrigin => "give-origin",
            Self::SendOneOrigin => "send-one-origin",
            Self::RespellOrigin(_) => "respell-origin",
            Self::SendOwnHost(_) => "send-own-host",
            Self::ServeAt(_) => "serve-at",
            Self::AllowMethod(_) => "allow-method",
            Self::RespellMethod(_) => "respell-method",
            Self::UseAnotherMethod => "use-another-method",
            Self::AllowHeader(_) => "allow-header",
            Self::RespellHeader { .. } => "respell-header",
            Self::LeaveOutHeader(_) => "leave-out-header",
            Self::SendHeaderNames => "send-header-names",
            Self::SendFewerHeaders { .. } => "send-fewer-headers",
            Self::FindPolicy => "find-policy",
        }
    }

    /// The origin, host, method or header that the change is about, if there is one. It can be text of the request: escape it before
    /// you show it.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::ServePageAt(value)
            | Self::AllowOrigin(value)
            | Self::ServeAndAllow(value)
            | Self::ServeAt(value)
            | Self::AllowMethod(value)
            | Self::RespellMethod(value)
            | Self::AllowHeader(value)
            | Self::RespellHeader { listed: value, .. }
            | Self::LeaveOutHeader(value) => Some(value),
            Self::RespellOrigin(value) | Self::SendOwnHost(value) => value.as_deref(),
            _ => None,
        }
    }

    /// How to fix a failure, the safest remedy first. `about` is the part of the request that was compared.
    pub(super) fn of(policy: Option<&CorsPolicy>, failure: &Fact, about: &[u8]) -> Vec<Self> {
        let Some(policy) = policy else {
            return vec![Self::FindPolicy];
        };
        vec![match failure {
            Fact::OriginNotAllowed { nearest, .. } => return of_origin(policy, nearest.as_ref(), about),
            Fact::NullOrigin => return vec![Self::GiveOrigin, Self::AllowNullOrigin],
            Fact::SeveralOrigins { .. } => Self::SendOneOrigin,
            Fact::MalformedOrigin { .. } => Self::RespellOrigin(meant(about)),
            Fact::ForeignHost { origin, nearest } => {
                return of_host(policy, origin.as_deref(), nearest.as_ref());
            }
            Fact::NoHost | Fact::SeveralHosts { .. } => Self::SendOwnHost(own_host(policy, None)),
            Fact::MethodInOtherCase { known, .. } | Fact::MethodNotListed { near: Some(known), .. } => {
                Self::RespellMethod(known.clone())
            }
            // `*` would allow every method.
            Fact::MethodNotListed { near: None, method, .. } if !method.contains('*') => {
                Self::AllowMethod(method.clone())
            }
            Fact::HeaderNotListed { near: Some(listed), name } => {
                Self::RespellHeader { name: name.clone(), listed: listed.clone() }
            }
            Fact::HeaderNotListed { near: None, name } => Self::AllowHeader(name.clone()),
            Fact::AuthorizationNotListed => Self::AllowHeader(AUTHORIZATION.to_string()),
            Fact::HeaderRefused { name, .. } => Self::LeaveOutHeader(name.clone()),
            Fact::MalformedHeaders => Self::SendHeaderNames,
            Fact::TooManyHeaders { names, bytes } => Self::SendFewerHeaders { names: *names, bytes: *bytes },
            _ => Self::UseAnotherMethod,
        }]
    }
}

/// For an origin that no rule allows.
fn of_origin(policy: &CorsPolicy, nearest: Option<&Nearest>, about: &[u8]) -> Vec<Remedy> {
    let Some(origin) = Origin::from_bytes(about) else {
        return vec![Remedy::UseAllowedOrigin];
    };
    match nearest {
        // Only the origin that it looks like; never advise to allow the look-alike.
        Some(nearest) if nearest.is_look_alike() => vec![match Origin::parse(&nearest.pattern) {
            Ok(allowed) => Remedy::ServePageAt(allowed.to_string()),
            Err(_) => Remedy::UseAllowedOrigin,
        }],
        Some(_) => vec![allowance(policy, origin)],
        None => match allowance(policy, origin) {
            Remedy::UseAllowedOrigin => vec![Remedy::UseAllowedOrigin],
            allowance => vec![Remedy::UseAllowedOrigin, allowance],
        },
    }
}

/// How to allow an origin: as it is, if a policy like this one accepts it.
fn allowance(policy: &CorsPolicy, origin: Origin<'_>) -> Remedy {
    if accepts_origin(policy.spec(), origin.as_str()) {
        return Remedy::AllowOrigin(origin.to_string());
    }
    match suggest_secure(policy.spec(), origin.as_str()) {
        Some(candidate) if lists(policy, &candidate) => Remedy::ServePageAt(candidate),
        Some(candidate) => Remedy::ServeAndAllow(candidate),
        None => Remedy::UseAllowedOrigin,
    }
}

/// For a host that is not the service's. Never advise to add a look-alike.
fn of_host(policy: &CorsPolicy, origin: Option<&str>, nearest: Option<&Nearest>) -> Vec<Remedy> {
    let is_look_alike = nearest.is_some_and(Nearest::is_look_alike);
    let origin = origin.filter(|origin| !is_look_alike && accepts_served_at(policy.spec(), origin));
    let send = Remedy::SendOwnHost(own_host(policy, nearest));
    [send].into_iter().chain(origin.map(|origin| Remedy::ServeAt(origin.to_owned()))).collect()
}

/// One of the service's own hosts: the nearest, or else the first.
fn own_host(policy: &CorsPolicy, nearest: Option<&Nearest>) -> Option<String> {
    let patterns = policy.rules().origins.served_at()?.origins().patterns();
    let nearest = nearest.map(|nearest| nearest.pattern.as_str());
    let origin = nearest.into_iter().chain(patterns).find_map(|text| Origin::parse(text).ok())?;
    Some(origin.authority().to_owned())
}

/// Whether a listed rule allows an origin. Predicates are not called: one may count its calls.
fn lists(policy: &CorsPolicy, origin: &str) -> bool {
    let Origins::Listed(rules) = &policy.rules().origins else {
        return true;
    };
    let covers = |origin| rules.matching_pattern(&origin).is_some();
    rules.set.contains_exact(origin.as_bytes()) || Origin::parse(origin).is_ok_and(covers)
}

/// The origin that was probably meant by a malformed one.
fn meant(about: &[u8]) -> Option<String> {
    let meant = suggest(std::str::from_utf8(about).ok()?)?;
    Origin::parse(&meant).is_ok().then_some(meant)
}
