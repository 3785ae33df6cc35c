//! What was found at each step of the protocol.

use std::fmt;

use crate::header::HeaderProblem;
use crate::origin::{Difference, Nearest};
use crate::protocol::{AllowedBy, Fact, Selection};
use crate::quoted::Quoted;

impl fmt::Display for Fact {
    #[expect(
        clippy::too_many_lines,
        clippy::match_same_arms,
        reason = "a table: each fact with its sentence"
    )]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CorsRequest => "it has an `Origin`",
            Self::NoOrigin { any: false } => "no `Origin`, so not a CORS request: nothing is granted",
            Self::NoOrigin { any: true } => {
                "no `Origin`, so not a CORS request; the response still says `Access-Control-Allow-Origin: *`"
            }

            Self::Preflight => "the layer answers it, and the service does not see it",
            Self::PlainOptions => {
                "a plain OPTIONS: it has no `Access-Control-Request-Method`, so it reaches the service"
            }
            Self::NotPreflight => "not a preflight: the service answers, and the layer adds the CORS headers",

            Self::PolicySelected { place, count, reason } => {
                let reason = match reason {
                    Selection::AllowsOrigin => "it is the first that allows the origin",
                    Selection::NoneAllows => "it is the last one, and no policy allows the origin",
                    Selection::NoOrigin => "it is the last one, and there is no `Origin`",
                    Selection::ForeignHost => "it is the first that rejects the host",
                };
                return write!(f, "policy {place} of {count} decides: {reason}");
            }
            Self::NoPolicy => "no policy applies to the request, so nothing is granted",

            Self::SerializedOrigin => "in the form that browsers send",
            Self::MalformedOrigin { text, problem: Some(problem) } => {
                return write!(f, "{} {problem}", Quoted(text));
            }
            Self::MalformedOrigin { text, problem: None } => return write!(f, "{} is not ASCII", Quoted(text)),
            Self::SeveralOrigins { count } => {
                return write!(f, "the request has {count} `Origin` lines, and only one is allowed");
            }

            Self::OriginAllowed(AllowedBy::Any) => "`*` allows it",
            Self::OriginAllowed(AllowedBy::Name) => "it is listed",
            Self::OriginAllowed(AllowedBy::Pattern(pattern)) => return write!(f, "{} covers it", Quoted(pattern)),
            Self::OriginAllowed(AllowedBy::Regex(text)) => {
                return write!(f, "the regular expression {} matches it", Quoted(text));
            }
            Self::OriginAllowed(AllowedBy::Predicate) => "a predicate of `allow_origin_if` allows it",
            Self::OriginAllowed(AllowedBy::NullSwitch) => "`dangerously_allow_null_origin` allows it",
            Self::NullOrigin => {
                "sandboxed frames, `file:` and `data:` pages and some redirected requests of any site send `null`; no other \
                 rule covers it"
            }
            Self::OriginNotAllowed { nearest: Some(nearest), .. } => return nearest.fmt(f),
            Self::OriginNotAllowed { nearest: None, has_predicate: false } => "no rule is similar to it",
            Self::OriginNotAllowed { nearest: None, has_predicate: true } => {
                "no rule is similar to it, and no predicate of `allow_origin_if` allows it"
            }
            Self::ReadableByAll => "the response says `*`, so every page may read it",
            Self::SameOrigin => "same-origin request: CORS does not apply",
            Self::Rejected => {
                "`reject_disallowed_origins` is on: the layer answers 403, and the service does not see the request"
            }

            Self::OwnHost => "an origin in `served_at` has this host",
            Self::ForeignHost { nearest: Some(nearest), .. } => {
                return write!(f, "no origin in `served_at` has this host; the nearest is {}", Quoted(&nearest.pattern));
            }
            Self::ForeignHost { nearest: None, .. } => {
                "no origin in `served_at` has this host, or a similar one: a proxy changed the `Host`, a program called the \
                 service by another name, or a stranger's name points to this server (DNS rebinding)"
            }
            Self::NoHost => "the request has no `Host`",
            Self::SeveralHosts { count } => {
                return write!(f, "the request has {count} `Host` lines, and only one is allowed");
            }
            Self::Misdirected => {
                "`reject_disallowed_origins` is on: the layer answers 421, and the service does not see the request"
            }

            Self::MethodSafelisted => "CORS-safelisted, so it need not be listed",
            Self::MethodListed => "it is listed",
            Self::AnyMethod => "`*` allows it",
            Self::SeveralMethods => "the request has more than one `Access-Control-Request-Method` line",
            Self::MalformedMethod(method) => return write!(f, "{} is not a valid method", Quoted(method)),
            Self::MethodTooLong { bytes } => {
                return write!(f, "longer than {bytes} bytes, and no method of that length is listed");
            }
            Self::ForbiddenMethod(method) => return write!(f, "no page may use {}", Quoted(method)),
            Self::MethodInOtherCase { method, known } => {
                let (method, known) = (Quoted(method), Quoted(known));
                return write!(f, "{method} is not the same as {known}: methods are case-sensitive");
            }
            Self::MethodNotListed { near: Some(near), method, .. } => return not_listed_but_near(f, method, near),
            Self::MethodNotListed { near: None, has_list: true, method } => return not_listed(f, method),
            Self::MethodNotListed { near: None, has_list: false, .. } => {
                "no method is listed, so only `GET`, `HEAD` and `POST` pass"
            }

            Self::NoHeaders => "none requested",
            Self::HeadersAllowed => "allowed",
            Self::MalformedHeaders => "a part of `Access-Control-Request-Headers` is not a header name",
            Self::TooManyHeaders { names, bytes } => {
                return write!(f, "more than this policy reads: {names} names and {bytes} bytes");
            }
            Self::HeaderRefused { name, problem } => {
                let name = Quoted(name);
                return match problem {
                    HeaderProblem::ForbiddenToRequest => write!(f, "only the browser itself sets {name}; a page cannot"),
                    HeaderProblem::CorsResponse => {
                        write!(f, "{name} is a response header, which the page sets on its request by mistake")
                    }
                    HeaderProblem::Wildcard => write!(f, "{name} has a `*` in it and cannot be listed"),
                    _ => write!(f, "{name} is not a valid header name"),
                };
            }
            Self::AuthorizationNotListed => "`Authorization` must be listed by name; `*` does not cover it",
            Self::HeaderNotListed { near: Some(near), name } => return not_listed_but_near(f, name, near),
            Self::HeaderNotListed { near: None, name } => return not_listed(f, name),

            Self::CredentialsAllowed(true) => "allowed: a page may use `credentials: \"include\"`",
            Self::CredentialsRead { allowed: true, .. } => "allowed",
            Self::CredentialsRead { allowed: false, has_cookies: true } => {
                "the request carries cookies, and the policy does not allow credentials: if the page \
                 used `credentials: \"include\"`, the browser does not let it read the response"
            }
            Self::CredentialsAllowed(false) | Self::CredentialsRead { allowed: false, has_cookies: false } => {
                "not allowed: a page that uses `credentials: \"include\"` is refused"
            }
            Self::MaxAge(None) => "not set: browsers ask again after 5 s",
            Self::MaxAge(Some(0)) => "browsers ask before every request",
            Self::MaxAge(Some(seconds)) => {
                return write!(
                    f,
                    "browsers may cache this answer for {seconds} s, even after the policy changes"
                );
            }
            Self::Exposed(None) => "a page can read all of them, except `Set-Cookie`",
            Self::Exposed(Some(names)) => return exposed(f, names),
        })
    }
}

/// The most names that a sentence lists.
const MAX_NAMES: usize = 20;

fn exposed(f: &mut fmt::Formatter<'_>, names: &[String]) -> fmt::Result {
    let Some((last, others)) = names.split_last() else {
        return f.write_str(
            "none are exposed: a page can read only the CORS-safelisted ones, such as `Content-Type`",
        );
    };
    f.write_str("a page can read the CORS-safelisted ones")?;
    for name in others.iter().take(MAX_NAMES - 1) {
        write!(f, ", {}", Quoted(name))?;
    }
    match names.len().checked_sub(MAX_NAMES) {
        None | Some(0) => write!(f, " and {}", Quoted(last)),
        Some(hidden) => write!(f, " and {} more", hidden + 1),
    }
}

fn not_listed(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    write!(f, "{} is not listed", Quoted(name))
}

fn not_listed_but_near(f: &mut fmt::Formatter<'_>, name: &str, near: &str) -> fmt::Result {
    let (name, near) = (Quoted(name), Quoted(near));
    write!(f, "{name} is not listed, but similar to {near}, which is. Check for a typo")
}

/// What is allowed, and how the origin differs.
impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rule, host, scheme) = (Quoted(&self.pattern), Quoted(&self.host), Quoted(&self.scheme));
        let port = Port(self.port);
        match self.difference {
            Difference::Port => write!(f, "{rule} is allowed, but not with {port}"),
            Difference::Scheme => write!(f, "{rule} is allowed, but not with the scheme {scheme}"),
            Difference::SchemeAndPort => {
                write!(f, "{rule} is allowed, but not with the scheme {scheme} and {port}")
            }
            Difference::Apex => write!(f, "{rule} does not cover the domain itself"),
            Difference::TrailingDot if self.host.ends_with('.') => {
                write!(f, "{rule} is allowed; a dot at the end makes it another host")
            }
            Difference::TrailingDot => {
                write!(f, "{rule} is allowed; without the dot at the end it is another host")
            }
            Difference::MissingWww => write!(f, "{rule} is allowed; without `www.` it is another host"),
            Difference::AddedWww => write!(f, "{rule} is allowed; with `www.` it is another host"),
            Difference::Subdomain => write!(f, "{rule} is allowed, but not its subdomains"),
            Difference::Sibling => write!(f, "{rule} is allowed; {host} is another host of the same domain"),
            Difference::LabelBoundary => {
                write!(f, "{host} ends like {rule}, but is another domain, perhaps a look-alike")
            }
            Difference::Typo => {
                write!(f, "similar to {rule}, which is allowed. Check for a typo or a look-alike")
            }
        }
    }
}

struct Port(Option<u16>);

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(port) => write!(f, "the port {port}"),
            None => f.write_str("the default port"),
        }
    }
}
