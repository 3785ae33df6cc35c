//! What is wrong with a policy: the issues, and every message that a user reads about one.

use std::fmt;
use std::time::Duration;

use crate::header::HeaderProblem;
use crate::method::MethodProblem;
use crate::origin::OriginProblem;
use crate::quoted::Quoted;

use super::rules::MAX_MAX_AGE;

/// Everything that is wrong with a policy, found in one go.
///
/// Its `Display` lists every issue with what to do about it; [`issues`](Self::issues) gives them as data.
///
/// ```
/// use tower_cors::CorsPolicy;
///
/// let error = CorsPolicy::builder()
///     .allow_origins(["https://Example.com/", "http://localhost:80"])
///     .allow_methods(["patch"])
///     .build()
///     .expect_err("three mistakes");
/// assert_eq!(error.issues().count(), 3);
/// assert_eq!(
///     error.to_string(),
///     "the CORS policy has 3 issues:
///  1. allow_origins: `https://Example.com/` has upper-case letters, but browsers write origins in lower case; did you mean `https://example.com`?
///  2. allow_origins: `http://localhost:80` names the scheme's default port, which browsers leave out; did you mean `http://localhost`?
///  3. allow_methods: `patch` is in the wrong case: methods are case-sensitive; did you mean `PATCH`?"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// Never empty.
    issues: Vec<Issue>,
}

impl PolicyError {
    pub(super) fn new(issues: Vec<Issue>) -> Self {
        Self { issues }
    }

    /// The issues, in the order of the builder's fields and of each field's values.
    pub fn issues(&self) -> impl Iterator<Item = &Issue> {
        self.issues.iter()
    }
}

impl std::error::Error for PolicyError {}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [issue] = self.issues.as_slice() {
            return write!(f, "the CORS policy has an issue: {issue}");
        }
        write!(f, "the CORS policy has {} issues:", self.issues.len())?;
        for (index, issue) in self.issues.iter().enumerate() {
            write!(f, "\n{:2}. {issue}", index + 1)?;
        }
        Ok(())
    }
}

/// One thing that is wrong with a policy: which field, which value, why, and what was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Issue {
    /// The policy allows no origin, by no rule. An empty list is a mistake more often than a wish; whoever wants no CORS
    /// leaves the layer out.
    NoOrigin,
    /// An origin is none, can never match, or is dangerous with credentials.
    Origin {
        /// What was configured.
        value: String,
        /// Why it is refused.
        reason: OriginProblem,
        /// An accepted pattern that may have been meant.
        suggestion: Option<String>,
    },
    /// The origins are more than 4 GiB of text.
    TooManyOrigins,
    /// Any origin, and credentials: every site could act as its visitor.
    AnyOriginWithCredentials,
    /// A method is none, or can never match.
    Method {
        /// What was configured.
        value: String,
        /// Why it is refused.
        reason: MethodProblem,
        /// An accepted method that may have been meant.
        suggestion: Option<String>,
    },
    /// A name in `allow_headers` is none, or can never match.
    RequestHeader {
        /// What was configured.
        value: String,
        /// Why it is refused.
        reason: HeaderProblem,
        /// An accepted name that may have been meant.
        suggestion: Option<String>,
    },
    /// A name in `expose_headers` is none, or can never be read.
    ExposedHeader {
        /// What was configured.
        value: String,
        /// Why it is refused.
        reason: HeaderProblem,
        /// An accepted name that may have been meant.
        suggestion: Option<String>,
    },
    /// The max-age is longer than any browser honours.
    MaxAge {
        /// What was configured.
        value: Duration,
    },
    /// The status of preflight responses is not one that browsers take for a success.
    PreflightStatus {
        /// What was configured.
        value: u16,
    },
    /// A name in `vary_by` is none.
    VaryHeader {
        /// What was configured.
        value: String,
        /// Why it is refused.
        reason: HeaderProblem,
        /// An accepted name that may have been meant.
        suggestion: Option<String>,
    },
    /// Disallowed origins are to be rejected, but none is disallowed.
    RejectsNoOrigin,
}

impl Issue {
    /// The builder's method, which is also the field of a configuration file, that the issue is about.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::NoOrigin | Self::Origin { .. } | Self::TooManyOrigins => "allow_origins",
            Self::AnyOriginWithCredentials => "allow_credentials",
            Self::Method { .. } => "allow_methods",
            Self::RequestHeader { .. } => "allow_headers",
            Self::ExposedHeader { .. } => "expose_headers",
            Self::MaxAge { .. } => "max_age",
            Self::PreflightStatus { .. } => "preflight_status",
            Self::VaryHeader { .. } => "vary_by",
            Self::RejectsNoOrigin => "reject_disallowed_origins",
        }
    }

    /// The configured text that the issue is about, as it was given, where it is about one of a list's values.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Origin { value, .. }
            | Self::Method { value, .. }
            | Self::RequestHeader { value, .. }
            | Self::ExposedHeader { value, .. }
            | Self::VaryHeader { value, .. } => Some(value),
            _ => None,
        }
    }

    /// What was probably meant: a value that is accepted in the place of the refused one.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Origin { suggestion, .. }
            | Self::Method { suggestion, .. }
            | Self::RequestHeader { suggestion, .. }
            | Self::ExposedHeader { suggestion, .. }
            | Self::VaryHeader { suggestion, .. } => suggestion.as_deref(),
            _ => None,
        }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.field())?;
        match self {
            Self::NoOrigin => f.write_str(
                "no origin is allowed; name the origins of your pages, for example `https://app.example.com`, or leave the \
                 CORS layer out",
            )?,
            Self::Origin { value, reason, .. } => write!(f, "{} {reason}", Quoted(value))?,
            Self::TooManyOrigins => f.write_str("the origins are more than 4 GiB of text; use a predicate")?,
            Self::AnyOriginWithCredentials => f.write_str(
                "credentials cannot go with any origin (`*`): every web site could read what its visitors may read here; \
                 name the origins of your pages",
            )?,
            Self::Method { value, reason, .. } => write!(f, "{} {reason}", Quoted(value))?,
            Self::RequestHeader { value, reason, .. }
            | Self::ExposedHeader { value, reason, .. }
            | Self::VaryHeader { value, reason, .. } => write!(f, "{} {reason}", Quoted(value))?,
            Self::MaxAge { value } => write!(
                f,
                "{} s is more than any browser honours; use at most {} s (a day)",
                value.as_secs(),
                MAX_MAX_AGE.as_secs()
            )?,
            Self::PreflightStatus { value } => {
                write!(f, "{value} is no success, so that every preflight would fail; use a status from 200 to 299")?;
            }
            Self::RejectsNoOrigin => f.write_str(
                "nothing would be rejected, as any origin is allowed (`*`); name the origins of your pages, or leave it off",
            )?,
        }
        match self.suggestion() {
            Some(suggestion) => write!(f, "; did you mean {}?", Quoted(suggestion)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for OriginProblem {}

impl fmt::Display for OriginProblem {
    /// What follows the value: "`https://example.com/` ends with a slash".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match self {
            Self::Empty => "is empty; write an origin such as `https://app.example.com`",
            Self::Null => {
                "is what sandboxed frames of any web site send; if all of them are welcome, use \
                 `dangerously_allow_null_origin`"
            }
            Self::Whitespace => "has white space in it",
            Self::List => "has a comma in it; give each origin as a value of its own",
            Self::NoScheme => "has no scheme: an origin starts with `https://` or the like",
            Self::InvalidScheme => "starts with something that is no scheme",
            Self::OpaqueScheme => {
                "can never match: browsers send `null` for pages of this scheme; serve them over http or https, from \
                 `localhost` for example"
            }
            Self::UpperCase => "has upper-case letters, but browsers write origins in lower case",
            Self::Unicode => {
                "has letters beyond ASCII, but browsers write such names in punycode (`xn--...`)"
            }
            Self::UserInfo => "has a user name in it, which no origin has",
            Self::TrailingSlash => "ends with a slash, but an origin ends with its host or port",
            Self::Path => {
                "has a path, but an origin ends with its host or port; the router decides about paths"
            }
            Self::Query => "has a query, but an origin ends with its host or port",
            Self::Fragment => "has a fragment, but an origin ends with its host or port",
            Self::Wildcard => {
                "has a `*` where none can be: `https://*.example.com` and `http://localhost:*` are the two forms, and a \
                 lone `*` means any origin"
            }
            Self::NoHost => "has no host",
            Self::EmptyLabel => "has two dots in a row, or one in front",
            Self::LabelTooLong => "has a label of more than 63 bytes, which no domain has",
            Self::HostTooLong => "has a host of more than 253 bytes, or no room for a label in front of it",
            Self::SchemeTooLong => "has a scheme of more than 32 bytes",
            Self::NumericLastLabel => "ends with a number, which only an IPv4 address does",
            Self::Ipv4NotDottedQuad => {
                "is an IPv4 address, but not in the form `127.0.0.1` that browsers send"
            }
            Self::InvalidIpv6 => "has a colon or brackets, but no IPv6 address in brackets",
            Self::Ipv6NotCompressed => "is an IPv6 address, but not in the short form that browsers send",
            Self::Ipv6Zone => "is an IPv6 address with a zone, which means something on one machine alone",
            Self::Ipv4Mapped => "is an IPv4 address written as IPv6",
            Self::InvalidPort => "has a port that is no number, or starts with a zero",
            Self::PortOutOfRange => "has a port that is not between 1 and 65535",
            Self::DefaultPort => "names the scheme's default port, which browsers leave out",
            Self::InvalidCharacter(char) => {
                return write!(
                    f,
                    "has {} in its host, which no host has",
                    Quoted(char.encode_utf8(&mut [0; 4]))
                );
            }
            Self::Insecure => {
                "is not encrypted, so that anyone on the network could act with a visitor's credentials; use https, or \
                 `dangerously_allow_insecure_origins`"
            }
            Self::PublicSuffix => {
                "matches hosts of strangers, who could act with a visitor's credentials; put a domain of yours below the \
                 `*.`, or use `dangerously_allow_public_suffixes`"
            }
            Self::AnyExtension => {
                "matches whatever extensions a visitor has installed, which could act with the visitor's credentials; \
                 name the extension, or use `dangerously_allow_public_suffixes`"
            }
        };
        f.write_str(sentence)
    }
}

impl fmt::Display for MethodProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAToken => "is no method: a method has no spaces, commas or letters beyond ASCII; give each as a value of its own",
            Self::Forbidden => "is forbidden to every page, so that allowing it does nothing",
            Self::WrongCase => "is in the wrong case: methods are case-sensitive",
            Self::Wildcard => "has a `*` in it, but only a lone `*` has a meaning: any method",
        })
    }
}

impl fmt::Display for HeaderProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAFieldName => {
                "is no header name: a name has no spaces, commas, colons or letters beyond ASCII; give each as a value of its own"
            }
            Self::Wildcard => {
                "has a `*` where none can be: a lone `*` means any, and in `allow_headers` a trailing one makes a prefix"
            }
            Self::ForbiddenToRequest => {
                "is set by browsers, not by pages, so that no preflight ever asks for it; leave it out"
            }
            Self::ForbiddenToExpose => "can be read by no page, whatever is exposed; leave it out",
            Self::CorsResponse => "is a header of CORS responses, which this layer sets; leave it out",
            Self::CorsRequest => "is a header of CORS requests, not of responses; leave it out",
        })
    }
}
