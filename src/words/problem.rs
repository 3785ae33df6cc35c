//! Why an origin, a method or a header of a policy is refused: what follows the value.

use std::fmt;

use crate::header::HeaderProblem;
use crate::method::MethodProblem;
use crate::origin::OriginProblem;
use crate::quoted::Quoted;

impl fmt::Display for OriginProblem {
    /// What follows the value: "`https://example.com/` ends with a slash".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty. Write an origin such as `https://app.example.com`",
            Self::Null => {
                "is what sandboxed frames of any site send. To allow all of them, use `dangerously_allow_null_origin`"
            }
            Self::Whitespace => "contains white space",
            Self::List => "contains a comma. Write each origin as a separate value",
            Self::NoScheme => "has no scheme. An origin starts with a scheme such as `https://`",
            Self::InvalidScheme => "has an invalid scheme",
            Self::OpaqueScheme => {
                "can never match: browsers send `null` for pages of this scheme. Serve them over http or https, from \
                 `localhost` for example"
            }
            Self::UpperCase => "has upper-case letters, but browsers write origins in lower case",
            Self::Unicode => {
                "has characters beyond ASCII, but browsers write such names in punycode (`xn--...`)"
            }
            Self::UserInfo => "has a user name, which an origin never has",
            Self::TrailingSlash => "ends with a slash, but an origin ends with its host or port",
            Self::Path => {
                "has a path, but an origin ends with its host or port. Paths are matched by the router"
            }
            Self::Query => "has a query, but an origin ends with its host or port",
            Self::Fragment => "has a fragment, but an origin ends with its host or port",
            Self::Wildcard => "is not valid: `*` is only allowed as `*.` before a domain, as `:*`, or alone",
            Self::NoHost => "has no host",
            Self::EmptyLabel => "has two dots in a row, or a dot in front",
            Self::LabelTooLong => "has a label longer than 63 bytes, the limit for domains",
            Self::HostTooLong => "has a host longer than 253 bytes, or leaves no room for a label in front of it",
            Self::SchemeTooLong => "has a scheme longer than 32 bytes",
            Self::NumericLastLabel => "ends with a number, which only an IPv4 address does",
            Self::Ipv4NotDottedQuad => {
                "is an IPv4 address, but not in the form `127.0.0.1` that browsers send"
            }
            Self::InvalidIpv6 => "has a colon or brackets, but not an IPv6 address in brackets",
            Self::Ipv6NotCompressed => "is an IPv6 address, but not in the short form that browsers send",
            Self::Ipv6Zone => "is an IPv6 address with a zone, which only has a meaning on one machine",
            Self::Ipv4Mapped => "is an IPv4 address written as IPv6",
            Self::InvalidPort => "has a port that is not a number, or that starts with a zero",
            Self::PortOutOfRange => "has a port outside 1 to 65535",
            Self::DefaultPort => "names the scheme's default port, which browsers leave out",
            Self::InvalidCharacter(char) => {
                let char = *char;
                return write!(f, "has {} in its host, where it is not allowed", Quoted(char.encode_utf8(&mut [0; 4])));
            }
            Self::Insecure => {
                "is not encrypted, so anyone on the network could act with a visitor's credentials. Use https, or \
                 `dangerously_allow_insecure_origins`"
            }
            Self::PublicSuffix => {
                "matches hosts of strangers, who could act with a visitor's credentials. Put a domain of yours after the \
                 `*.`, or use `dangerously_allow_public_suffixes`"
            }
            Self::AnyExtension => {
                "matches every extension that a visitor has installed, and each could act with the visitor's credentials. \
                 Name the extension, or use `dangerously_allow_public_suffixes`"
            }
        })
    }
}

impl std::error::Error for OriginProblem {}

impl fmt::Display for MethodProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAToken => {
                "is not a valid method: spaces, commas and characters beyond ASCII are not allowed. Write each method as a \
                 separate value"
            }
            Self::Forbidden => "cannot be used by any page, so allowing it has no effect. Remove it",
            Self::WrongCase => "is in the wrong case: methods are case-sensitive",
            Self::Wildcard => "contains a `*`, which is only allowed alone, for any method",
        })
    }
}

impl fmt::Display for HeaderProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAFieldName => {
                "is not a valid header name: spaces, commas, colons and characters beyond ASCII are not allowed. Write each \
                 name as a separate value"
            }
            Self::Wildcard => {
                "is not valid: `*` is only allowed alone, for any header, and in `allow_headers` at the end of a prefix"
            }
            Self::ForbiddenToRequest => "is set by the browser and cannot be requested. Remove it",
            Self::ForbiddenToExpose => "can never be read by a page. Remove it",
            Self::CorsResponse => "is a CORS response header, which this layer sets. Remove it",
            Self::CorsRequest => "is a CORS request header, not a response header. Remove it",
        })
    }
}
