//! Why an origin, a method or a header of a policy is refused: what follows the value.

use std::fmt;

use crate::header::HeaderProblem;
use crate::method::MethodProblem;
use crate::origin::OriginProblem;
use crate::quoted::Quoted;

impl fmt::Display for OriginProblem {
    /// What follows the value: "`https://example.com/` ends with a slash".
    #[expect(clippy::too_many_lines, reason = "a table: one sentence a problem")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => {
                "is empty. Check for an extra comma, or write an origin such as `https://app.example.com`"
            }
            Self::Null => {
                "is the origin of sandboxed frames on any site. To allow all of them, use `dangerously_allow_null_origin`"
            }
            Self::Whitespace => "contains white space. Remove it, or write each origin as a separate value",
            Self::List => {
                "contains more than one origin. Write each as a separate value; in an environment variable, put commas between them"
            }
            Self::TrailingSeparator => "ends with a comma or semicolon. Remove it",
            Self::Quotes => "has quotes around it. Remove them; in an environment variable, write origins without quotes, with commas between them",
            Self::JsonList => {
                "looks like a JSON list. In an environment variable, write origins without brackets or quotes, with commas between them"
            }
            Self::RegularExpression => {
                "looks like a regular expression. Move it to `allow_origin_regexes`, or write `https://*.example.com` for all subdomains \
                 of your domain"
            }
            Self::Backslash => "contains a backslash, which browsers read as a slash. Write `://` after the scheme, and nothing after the host or port",
            Self::NoSlashes => "does not have `://` after its scheme",
            Self::NoScheme => "has no scheme. An origin starts with a scheme such as `https://`",
            Self::InvalidScheme => "has an invalid scheme",
            Self::OpaqueScheme => {
                "can never match: browsers send `null` for pages of this scheme. Serve them over http or https, from \
                 `localhost` for example"
            }
            Self::WebSocketScheme => {
                "can never match: the `Origin` of a WebSocket is the origin of the page that opens it, over http or https"
            }
            Self::FtpScheme => "can never match: browsers do not open pages over ftp",
            Self::UpperCase => "has upper-case letters, but browsers write origins in lower case",
            Self::Unicode => {
                "has characters beyond ASCII, but browsers write such names in punycode (`xn--...`)"
            }
            Self::UserInfo => "has a user name, but an origin has only a scheme, a host and a port",
            Self::TrailingSlash => "ends with a slash, but an origin ends with its host or port",
            Self::Path => {
                "has a path, but an origin ends with its host or port. Paths are matched by the router"
            }
            Self::Query => "has a query, but an origin ends with its host or port",
            Self::Fragment => "has a fragment, but an origin ends with its host or port",
            Self::PartialWildcard => {
                "has a `*` that covers only part of a label. On a shared domain, a stranger could register a name that matches. \
                 List the origins, or check the whole host in `allow_origin_if`"
            }
            Self::Wildcard => "is not valid: `*` is only allowed as `*.` before a domain, as `:*`, or alone",
            Self::NoHost => "has no host",
            Self::EmptyLabel => "has two dots in a row in its host, or only a dot",
            Self::LeadingDot => {
                "has a dot before its host. Write `*.` for all subdomains, or no dot for the host alone"
            }
            Self::InvalidPunycode => "can never match: a label starts with `xn--`, but is not valid punycode",
            Self::LabelTooLong => "has a label longer than 63 bytes, the limit for domains",
            Self::HostTooLong => "has a host longer than 253 bytes, or one so long that no label fits in place of its `*`",
            Self::SchemeTooLong => "has a scheme longer than 32 bytes",
            Self::NumericLastLabel => "has a host that ends with a number, but is not an IPv4 address",
            Self::Ipv4NotDottedQuad => {
                "is an IPv4 address, but not in the form `127.0.0.1` that browsers send"
            }
            Self::InvalidIpv6 => {
                "has a colon or brackets in its host, but not an IPv6 address in brackets. Write one as `http://[::1]:3000`"
            }
            Self::Ipv6NotCompressed => "is an IPv6 address, but not in the short form that browsers send",
            Self::Ipv6Zone => {
                "is an IPv6 address with a zone, which browsers do not accept. Remove the zone"
            }
            Self::Ipv4Mapped => "is an IPv4 address written as IPv6. Write the IPv4 address",
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
            Self::InsecurePrivateAddress => {
                "is an address in a private network and is not encrypted, so anyone on that network could act with a visitor's \
                 credentials. Serve the page from a host name with https, or, if you trust the network, use \
                 `dangerously_allow_insecure_origins`"
            }
            Self::InsecureSingleLabel => {
                "is a name that only resolves in a private network, such as a container's, and is not encrypted. If the page is \
                 opened on the same machine, list the `http://localhost` origin that the browser shows; otherwise use a host \
                 name with https, or `dangerously_allow_insecure_origins`"
            }
            Self::InsecureDockerHost => {
                "is Docker's name for the host machine, used inside containers, and is not encrypted. A browser on that \
                 machine opens the page at `http://localhost`: list that origin, with its port. If users really open pages \
                 at this name, use `dangerously_allow_insecure_origins`"
            }
            Self::InsecureUnspecified => {
                "is an address for a server to listen on, and is not encrypted. A browser on the same machine opens the page \
                 at `http://localhost`: list that origin, with its port. If users really open pages at this address, use \
                 `dangerously_allow_insecure_origins`"
            }
            Self::PublicSuffix => {
                "matches hosts of strangers, who could act with a visitor's credentials. Put your own domain after \
                 the `*.`, or use `dangerously_allow_public_suffixes`"
            }
            Self::PublicSuffixBelow(suffix) => {
                return write!(
                    f,
                    "matches hosts of strangers, who can have names below {} and could act with a visitor's credentials. Put \
                     a narrower domain of your own after the `*.`, list each origin, or use `dangerously_allow_public_suffixes`",
                    Quoted(suffix)
                );
            }
            Self::AnyExtension => {
                "matches every extension that a visitor has installed, and each could act with the visitor's credentials. \
                 Name the extension, or use `dangerously_allow_public_suffixes`"
            }
            Self::NotHttp => {
                "cannot be the origin of an HTTP service. Write an origin at which users open this service, such as \
                 `https://api.example.com` or `http://localhost:3000`"
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
            Self::Wildcard => "contains a `*`, which is only allowed alone, to allow any method",
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
                "is not valid: `*` is only allowed alone, to allow any header, and in `allow_headers` at the end of a prefix"
            }
            Self::ForbiddenToRequest => "is set by the browser and cannot be requested. Remove it",
            Self::ForbiddenToExpose => "can never be read by a page. Remove it",
            Self::CorsResponse => "is a CORS response header, which this layer sets. Remove it",
            Self::CorsRequest => "is a CORS request header, not a response header. Remove it",
        })
    }
}
