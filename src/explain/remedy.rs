//! What would fix a failure.

use http::header::AUTHORIZATION;

use crate::check::{accepts_origin, accepts_served_at, suggest_secure};
use crate::origin::{Nearest, Origin, suggest};
use crate::policy::CorsPolicy;
use crate::policy::rules::Origins;
use crate::protocol::Fact;

/// A change that fixes one failed [`Step`](crate::Step): of the policy, or of what the page sends. Its `Display` says what to do.
///
/// No remedy allows more than the request asks for. A stranger, a look-alike and a slip of the hand are fixed in the page; a new
/// origin is advised last, and only to those who own its site.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// The page: serve it at this origin, which the policy allows.
    ServePageAt(String),
    /// The page: serve it at an origin that the policy allows.
    UseAllowedOrigin,
    /// The policy, if the site is yours: [`allow_origin`](crate::CorsPolicyBuilder::allow_origin) with this origin.
    AllowOrigin(String),
    /// The page: serve it at this origin, as a policy like this one may not allow the one that it has; and the policy, if the site
    /// is yours: [`allow_origin`](crate::CorsPolicyBuilder::allow_origin) with it.
    ServeAndAllow(String),
    /// The policy: [`dangerously_allow_null_origin`](crate::CorsPolicyBuilder::dangerously_allow_null_origin), which lets the
    /// sandboxed frames of every web site in.
    AllowNullOrigin,
    /// The page: it needs an origin that the policy allows. Serve it over http or https instead of `file:` or `data:`, give its
    /// frame `allow-same-origin`, and send its requests where they are not redirected from one origin to another.
    GiveOrigin,
    /// The client or a proxy: exactly one `Origin` line.
    SendOneOrigin,
    /// The client: an `Origin` as browsers spell it; this one was probably meant.
    RespellOrigin(Option<String>),
    /// The client or a proxy: exactly one `Host`, and one that [`served_at`](crate::CorsPolicyBuilder::served_at) names, such as this
    /// one. A proxy in front has to pass on the `Host` that it got; a health check by address has to set one.
    SendOwnHost(Option<String>),
    /// The policy, only if the host is yours: [`served_at`](crate::CorsPolicyBuilder::served_at) with this origin.
    ServeAt(String),
    /// The policy: [`allow_methods`](crate::CorsPolicyBuilder::allow_methods) with this method.
    AllowMethod(String),
    /// The page: this spelling of the method.
    RespellMethod(String),
    /// The page: exactly one method, and one that pages may use.
    UseAnotherMethod,
    /// The policy: [`allow_headers`](crate::CorsPolicyBuilder::allow_headers) with this name.
    AllowHeader(String),
    /// The page: this spelling of the header's name.
    #[non_exhaustive]
    RespellHeader {
        /// As the page has it.
        name: String,
        /// As the policy lists it.
        listed: String,
    },
    /// The page: not this header, which no policy can allow.
    LeaveOutHeader(String),
    /// The client: a list of header names.
    SendHeaderNames,
    /// The page: fewer headers of its own.
    #[non_exhaustive]
    SendFewerHeaders {
        /// How many the policy reads, over all lines.
        names: usize,
        /// How many bytes it reads.
        bytes: usize,
    },
    /// The server: a policy for this request, in the list or from the look-up.
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

    /// The origin, host, method or header that the change is about, if there is one. It is as the request has it: escape it before it
    /// is shown.
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

    /// What would fix a failure, the safest first. `about` is the part of the request that was compared.
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
        // The one that is looked like; not a word of allowing the other.
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

/// How to allow an origin: as it is, if a policy like this one may.
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

/// For a host that is not the service's. The names that strangers make look like it are not advised to be added.
fn of_host(policy: &CorsPolicy, origin: Option<&str>, nearest: Option<&Nearest>) -> Vec<Remedy> {
    let is_look_alike = nearest.is_some_and(Nearest::is_look_alike);
    let origin = origin.filter(|origin| !is_look_alike && accepts_served_at(policy.spec(), origin));
    let send = Remedy::SendOwnHost(own_host(policy, nearest));
    [send].into_iter().chain(origin.map(|origin| Remedy::ServeAt(origin.to_owned()))).collect()
}

/// One of the service's own hosts: the one that comes near, or the first.
fn own_host(policy: &CorsPolicy, nearest: Option<&Nearest>) -> Option<String> {
    let patterns = policy.rules().origins.served_at()?.origins().patterns();
    let nearest = nearest.map(|nearest| nearest.pattern.as_str());
    let origin = nearest.into_iter().chain(patterns).find_map(|text| Origin::parse(text).ok())?;
    Some(origin.authority().to_owned())
}

/// Whether a rule that is written down allows an origin. No predicate is asked: it may count.
fn lists(policy: &CorsPolicy, origin: &str) -> bool {
    let Origins::Listed(rules) = &policy.rules().origins else {
        return true;
    };
    let covers = |origin| rules.matching_pattern(&origin).is_some();
    rules.set.contains_exact(origin.as_bytes()) || Origin::parse(origin).is_ok_and(covers)
}

/// The origin that a malformed one was probably meant to be.
fn meant(about: &[u8]) -> Option<String> {
    let meant = suggest(std::str::from_utf8(about).ok()?)?;
    Origin::parse(&meant).is_ok().then_some(meant)
}
