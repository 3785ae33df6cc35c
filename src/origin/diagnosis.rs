//! Why a text is not a valid origin: the reasons, and which one to report.

use super::host::{self, Host, MAX_DOMAIN_LEN, MAX_LABEL_LEN};
use super::{
    MAX_SCHEME_LEN, default_port, has_opaque_origin, is_scheme, is_web_socket, parse_port, split_port,
    written,
};

/// Why a configured origin is refused. Its `Display` is the sentence that a [`PolicyError`] prints.
///
/// [`PolicyError`]: crate::PolicyError
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OriginProblem {
    /// The text is empty.
    Empty,
    /// The text is `null`, which sandboxed pages and redirected requests of any site send.
    Null,
    /// It contains white space: ` https://example.com`.
    Whitespace,
    /// It is a list of origins, separated by commas, semicolons or white space: `https://a.example;https://b.example`.
    List,
    /// It ends with a list separator: `https://a.example,`.
    TrailingSeparator,
    /// It has quotes: `"https://a.example"`.
    Quotes,
    /// It is all or part of a JSON list: `["https://a.example"]`.
    JsonList,
    /// It is a regular expression: `^https://.*\.example\.com$`.
    RegularExpression,
    /// It has a backslash, which browsers read as a slash: `https://example.com\`.
    Backslash,
    /// It has no scheme: `example.com`, `//example.com`.
    NoScheme,
    /// Its scheme is not followed by `://`: `https//example.com`, `https:/example.com`.
    NoSlashes,
    /// Its scheme is invalid: `1a://example.com`.
    InvalidScheme,
    /// Pages of its scheme send `null`: `file:`, `about:`, `data:`, `blob:`, `javascript:`.
    OpaqueScheme,
    /// It is the URL of a WebSocket: `wss://example.com`. The `Origin` of a WebSocket is the origin of its page.
    WebSocketScheme,
    /// Its scheme is `ftp:`, which browsers do not open pages over.
    FtpScheme,
    /// It has an upper-case letter: `https://Example.com`.
    UpperCase,
    /// It is not ASCII: `https://bücher.example`.
    Unicode,
    /// It has a user name or a password: `https://user@example.com`.
    UserInfo,
    /// It ends with a slash: `https://example.com/`.
    TrailingSlash,
    /// It has a path: `https://example.com/app`.
    Path,
    /// It has a query: `https://example.com?q`.
    Query,
    /// It has a fragment: `https://example.com#top`.
    Fragment,
    /// A `*` is part of a label: `https://app-*.example.com`.
    PartialWildcard,
    /// It has a `*` where none is allowed. A pattern may have `*.` before a domain, `:*` as the port, and `*` as the host of an
    /// extension; an [`Origin`](crate::Origin) has no `*`.
    Wildcard,
    /// It has no host: `https://`.
    NoHost,
    /// Its host has an empty label: `https://a..example`.
    EmptyLabel,
    /// Its host starts with a dot, as the domain of a cookie may: `https://.example.com`.
    LeadingDot,
    /// A label of its host starts with `xn--` but is not the ASCII form of any name: `https://xn--a.example`.
    InvalidPunycode,
    /// A label of its host is longer than 63 bytes.
    LabelTooLong,
    /// Its host is longer than 253 bytes.
    HostTooLong,
    /// Its scheme is longer than 32 bytes.
    SchemeTooLong,
    /// The last label of its domain is a number, which only an IPv4 address may have: `https://example.1`.
    NumericLastLabel,
    /// It is an IPv4 address, but not a dotted quad without leading zeros: `http://127.1`, `http://127.0.0.01`.
    Ipv4NotDottedQuad,
    /// Its brackets do not hold an IPv6 address: `https://[example.com]`.
    InvalidIpv6,
    /// It is an IPv6 address that browsers write shorter: `http://[0:0:0:0:0:0:0:1]`.
    Ipv6NotCompressed,
    /// It is an IPv6 address with a zone: `http://[fe80::1%25eth0]`.
    Ipv6Zone,
    /// It is an IPv4 address written as IPv6: `http://[::ffff:7f00:1]`.
    Ipv4Mapped,
    /// Its port is invalid: `https://example.com:`, `https://example.com:080`.
    InvalidPort,
    /// Its port is 0 or above 65535.
    PortOutOfRange,
    /// Its port is the scheme's default, which browsers omit: `https://example.com:443`.
    DefaultPort,
    /// It contains a character that is not allowed in a host: `https://exa%6dple.com`.
    InvalidCharacter(char),
    /// With credentials: it is plain `http:`, so others on the network can read and change its pages and their requests.
    Insecure,
    /// The same, for an address in a private network: `http://192.168.1.5:3000`.
    InsecurePrivateAddress,
    /// The same, for a host of one label, such as a container's name: `http://frontend:3000`.
    InsecureSingleLabel,
    /// The same, for a name that only resolves in Docker containers: `http://host.docker.internal:3000`.
    InsecureDockerHost,
    /// The same, for an address that servers listen on, and that no page has: `http://0.0.0.0:3000`.
    InsecureUnspecified,
    /// With credentials, or in [`served_at`](crate::CorsPolicyBuilder::served_at): its wildcard is right before a public suffix, so it
    /// matches hosts of strangers: `https://*.github.io`.
    PublicSuffix,
    /// The same, for a domain with a public suffix below it, which is the value: `https://*.amazonaws.com` matches hosts of strangers
    /// below `s3.amazonaws.com`.
    PublicSuffixBelow(Box<str>),
    /// With credentials: it matches every extension that a visitor has installed.
    AnyExtension,
    /// In [`served_at`](crate::CorsPolicyBuilder::served_at): its scheme is neither `http` nor `https`: `capacitor://localhost`.
    NotHttp,
}

impl OriginProblem {
    /// A stable name, for programs.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Empty => "origin-empty",
            Self::Null => "origin-null",
            Self::Whitespace => "origin-whitespace",
            Self::List => "origin-list",
            Self::TrailingSeparator => "origin-trailing-separator",
            Self::Quotes => "origin-quotes",
            Self::JsonList => "origin-json-list",
            Self::RegularExpression => "origin-regular-expression",
            Self::Backslash => "origin-backslash",
            Self::NoScheme => "origin-no-scheme",
            Self::NoSlashes => "origin-no-slashes",
            Self::InvalidScheme => "origin-invalid-scheme",
            Self::OpaqueScheme => "origin-opaque-scheme",
            Self::WebSocketScheme => "origin-web-socket-scheme",
            Self::FtpScheme => "origin-ftp-scheme",
            Self::UpperCase => "origin-upper-case",
            Self::Unicode => "origin-unicode",
            Self::UserInfo => "origin-user-info",
            Self::TrailingSlash => "origin-trailing-slash",
            Self::Path => "origin-path",
            Self::Query => "origin-query",
            Self::Fragment => "origin-fragment",
            Self::PartialWildcard => "origin-partial-wildcard",
            Self::Wildcard => "origin-wildcard",
            Self::NoHost => "origin-no-host",
            Self::EmptyLabel => "origin-empty-label",
            Self::LeadingDot => "origin-leading-dot",
            Self::InvalidPunycode => "origin-invalid-punycode",
            Self::LabelTooLong => "origin-label-too-long",
            Self::HostTooLong => "origin-host-too-long",
            Self::SchemeTooLong => "origin-scheme-too-long",
            Self::NumericLastLabel => "origin-numeric-last-label",
            Self::Ipv4NotDottedQuad => "origin-ipv4-not-dotted-quad",
            Self::InvalidIpv6 => "origin-invalid-ipv6",
            Self::Ipv6NotCompressed => "origin-ipv6-not-compressed",
            Self::Ipv6Zone => "origin-ipv6-zone",
            Self::Ipv4Mapped => "origin-ipv4-mapped",
            Self::InvalidPort => "origin-invalid-port",
            Self::PortOutOfRange => "origin-port-out-of-range",
            Self::DefaultPort => "origin-default-port",
            Self::InvalidCharacter(_) => "origin-invalid-character",
            Self::Insecure => "origin-insecure",
            Self::InsecurePrivateAddress => "origin-insecure-private-address",
            Self::InsecureSingleLabel => "origin-insecure-single-label",
            Self::InsecureDockerHost => "origin-insecure-docker-host",
            Self::InsecureUnspecified => "origin-insecure-unspecified",
            Self::PublicSuffix => "origin-public-suffix",
            Self::PublicSuffixBelow(_) => "origin-public-suffix-below",
            Self::AnyExtension => "origin-any-extension",
            Self::NotHttp => "origin-not-http",
        }
    }
}

/// The first reason why a text is not a valid origin, in the order in which a reader would find them.
pub(super) fn diagnose(text: &str) -> OriginProblem {
    if text.is_empty() {
        return OriginProblem::Empty;
    }
    if text == "null" {
        return OriginProblem::Null;
    }
    if text == "*" {
        return OriginProblem::Wildcard;
    }
    if let Some(problem) = diagnose_format(text) {
        return problem;
    }
    if let Some(problem) = text.split_once(':').and_then(|(scheme, _)| diagnose_known_scheme(scheme)) {
        return problem;
    }
    if written::lacks_slashes(text) {
        return OriginProblem::NoSlashes;
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return OriginProblem::NoScheme;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    diagnose_scheme(scheme)
        .or_else(|| diagnose_spelling(scheme, authority))
        .or_else(|| diagnose_tail(&rest[authority.len()..]))
        .unwrap_or_else(|| diagnose_authority(scheme, authority))
}

/// Problems with the text around an origin, or between several: quotes, separators, brackets.
fn diagnose_format(text: &str) -> Option<OriginProblem> {
    if written::is_json_list(text) {
        Some(OriginProblem::JsonList)
    } else if written::has_quotes(text) {
        Some(OriginProblem::Quotes)
    } else if written::is_regular_expression(text) {
        Some(OriginProblem::RegularExpression)
    } else if written::is_list(text) {
        Some(OriginProblem::List)
    } else if text.trim().ends_with(written::SEPARATORS) {
        Some(OriginProblem::TrailingSeparator)
    } else if text.contains(char::is_whitespace) {
        Some(OriginProblem::Whitespace)
    } else if text.contains('\\') {
        Some(OriginProblem::Backslash)
    } else {
        None
    }
}

fn diagnose_known_scheme(scheme: &str) -> Option<OriginProblem> {
    match scheme.to_ascii_lowercase().as_str() {
        scheme if has_opaque_origin(scheme) => Some(OriginProblem::OpaqueScheme),
        scheme if is_web_socket(scheme) => Some(OriginProblem::WebSocketScheme),
        "ftp" => Some(OriginProblem::FtpScheme),
        _ => None,
    }
}

fn diagnose_scheme(scheme: &str) -> Option<OriginProblem> {
    if scheme.is_empty() {
        Some(OriginProblem::NoScheme)
    } else if scheme.contains('*') {
        Some(OriginProblem::Wildcard)
    } else if is_scheme(scheme) {
        None
    } else if is_scheme(&scheme.to_ascii_lowercase()) {
        Some(OriginProblem::UpperCase)
    } else if scheme.len() > MAX_SCHEME_LEN {
        Some(OriginProblem::SchemeTooLong)
    } else {
        Some(OriginProblem::InvalidScheme)
    }
}

fn diagnose_spelling(scheme: &str, authority: &str) -> Option<OriginProblem> {
    if authority.is_empty() {
        Some(OriginProblem::NoHost)
    } else if authority.contains('@') {
        Some(OriginProblem::UserInfo)
    } else if default_port(scheme).is_none() {
        // An opaque host has no other spelling.
        None
    } else if !authority.is_ascii() {
        Some(OriginProblem::Unicode)
    } else if authority.contains(|letter: char| letter.is_ascii_uppercase()) {
        Some(OriginProblem::UpperCase)
    } else {
        None
    }
}

fn diagnose_tail(tail: &str) -> Option<OriginProblem> {
    match tail.as_bytes() {
        [] => None,
        b"/" => Some(OriginProblem::TrailingSlash),
        [b'/', ..] => Some(OriginProblem::Path),
        [b'?', ..] => Some(OriginProblem::Query),
        _ => Some(OriginProblem::Fragment),
    }
}

fn diagnose_authority(scheme: &str, authority: &str) -> OriginProblem {
    let (host, port) = split_port(authority);
    let without_wildcards = host.strip_prefix("*.").unwrap_or(host);
    if without_wildcards.split('.').any(|label| label.len() > 1 && label.contains('*')) {
        return OriginProblem::PartialWildcard;
    }
    if without_wildcards.contains('*') || port.is_some_and(|port| port.contains('*') && port != "*") {
        return OriginProblem::Wildcard;
    }
    if !host.starts_with('[') && port.is_some_and(|port| port.contains(':')) {
        return OriginProblem::InvalidIpv6;
    }
    if host.is_empty() {
        return OriginProblem::NoHost;
    }
    if without_wildcards != host && host_is_address(without_wildcards, scheme) {
        return OriginProblem::Wildcard;
    }
    if Host::parse(without_wildcards, default_port(scheme).is_some()).is_none() {
        return diagnose_host(scheme, without_wildcards);
    }
    match port {
        Some(port) if port != "*" => diagnose_port(scheme, port),
        // The only problem left if every part is well-formed.
        _ => OriginProblem::HostTooLong,
    }
}

fn host_is_address(host: &str, scheme: &str) -> bool {
    matches!(Host::parse(host, default_port(scheme).is_some()), Some(Host::Ipv4(_) | Host::Ipv6(_)))
}

fn diagnose_host(scheme: &str, host: &str) -> OriginProblem {
    if host.starts_with('[') || host.contains([']', ':']) {
        return diagnose_ipv6(host);
    }
    let special = default_port(scheme).is_some();
    if let Some(character) = host.chars().find(|char| *char != '.' && !is_label_char(*char, special)) {
        return OriginProblem::InvalidCharacter(character);
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    if name.starts_with('.') && name.len() > 1 && !name.contains("..") {
        OriginProblem::LeadingDot
    } else if name.split('.').any(str::is_empty) {
        OriginProblem::EmptyLabel
    } else if name.split('.').any(|label| label.len() > MAX_LABEL_LEN) {
        OriginProblem::LabelTooLong
    } else if name.len() > MAX_DOMAIN_LEN {
        OriginProblem::HostTooLong
    } else if name.split('.').all(host::ends_in_a_number) {
        OriginProblem::Ipv4NotDottedQuad
    } else {
        OriginProblem::NumericLastLabel
    }
}

fn diagnose_ipv6(host: &str) -> OriginProblem {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<std::net::Ipv6Addr>() {
        Ok(address) if address.to_ipv4_mapped().is_some() => OriginProblem::Ipv4Mapped,
        Ok(_) if host.starts_with('[') && host.ends_with(']') => OriginProblem::Ipv6NotCompressed,
        _ if address.contains('%') => OriginProblem::Ipv6Zone,
        _ => OriginProblem::InvalidIpv6,
    }
}

fn diagnose_port(scheme: &str, port: &str) -> OriginProblem {
    match parse_port(port) {
        Some(port) if default_port(scheme) == Some(port) => OriginProblem::DefaultPort,
        _ if port == "0" || (port.len() >= 5 && parse_digits(port)) => OriginProblem::PortOutOfRange,
        _ => OriginProblem::InvalidPort,
    }
}

fn parse_digits(port: &str) -> bool {
    !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_label_char(char: char, special: bool) -> bool {
    u8::try_from(char).is_ok_and(|byte| host::is_label_byte(byte, special))
}
