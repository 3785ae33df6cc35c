//! Names that have a meaning in the standard, and the names that a policy may list.

use http::HeaderName;

/// Fetch Metadata, [`Sec-Fetch-Site`](https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header).
pub(crate) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Fetch, [forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header): no script can set them,
/// so no preflight requests them. The prefixes `proxy-` and `sec-` are forbidden too.
const FORBIDDEN_TO_REQUEST: [&str; 21] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

const FORBIDDEN_PREFIXES: [&str; 2] = ["proxy-", "sec-"];

/// Fetch, [forbidden response-header name](https://fetch.spec.whatwg.org/#forbidden-response-header-name): no script can
/// read them, whatever is exposed.
const FORBIDDEN_TO_EXPOSE: [&str; 2] = ["set-cookie", "set-cookie2"];

/// Fetch, [CORS-safelisted response-header name](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name): scripts
/// can read them, exposed or not.
const SAFELISTED_TO_EXPOSE: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// Fetch, [HTTP responses of the CORS protocol](https://fetch.spec.whatwg.org/#http-responses).
const CORS_RESPONSE: [&str; 6] = [
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
];

/// Fetch, [HTTP requests of the CORS protocol](https://fetch.spec.whatwg.org/#http-requests).
const CORS_REQUEST: [&str; 3] = ["access-control-request-headers", "access-control-request-method", "origin"];

/// Why a configured header name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HeaderProblem {
    /// It is empty, or contains a byte that is not allowed in a field name: RFC 9110, section 5.1.
    NotAFieldName,
    /// It has a `*` that is not allowed. A lone `*` is allowed except in `vary_by`; a `*` at the end of a prefix only in
    /// `allow_headers`.
    Wildcard,
    /// Browsers set it themselves, and scripts cannot: `Cookie`, `Origin`, `Sec-*`.
    ForbiddenToRequest,
    /// Scripts can never read it: `Set-Cookie`.
    ForbiddenToExpose,
    /// It is a header of CORS responses: `Access-Control-Allow-Origin`.
    CorsResponse,
    /// It is a header of CORS requests: `Access-Control-Request-Method`, `Origin`.
    CorsRequest,
}

impl HeaderProblem {
    /// A stable name, for programs.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::NotAFieldName => "header-not-a-field-name",
            Self::Wildcard => "header-wildcard",
            Self::ForbiddenToRequest => "header-forbidden-to-request",
            Self::ForbiddenToExpose => "header-forbidden-to-expose",
            Self::CorsResponse => "header-cors-response",
            Self::CorsRequest => "header-cors-request",
        }
    }
}

/// Checks a name, or a prefix with its `*`, that a policy allows pages to send. The entry is lowercase.
pub(crate) fn check_requested(entry: &str) -> Result<(), HeaderProblem> {
    entry.strip_suffix('*').map_or_else(|| check_requested_name(entry), check_requested_prefix)
}

/// Checks a lowercase name alone.
pub(crate) fn check_requested_name(name: &str) -> Result<(), HeaderProblem> {
    check_name(name)?;
    let is_forbidden = FORBIDDEN_PREFIXES.into_iter().any(|prefix| name.starts_with(prefix));
    if is_forbidden || FORBIDDEN_TO_REQUEST.contains(&name) {
        Err(HeaderProblem::ForbiddenToRequest)
    } else if CORS_RESPONSE.contains(&name) {
        Err(HeaderProblem::CorsResponse)
    } else {
        Ok(())
    }
}

/// A prefix is refused if everything that it covers would be refused.
fn check_requested_prefix(prefix: &str) -> Result<(), HeaderProblem> {
    check_name(prefix)?;
    let covers_only = |refused: &str| prefix.starts_with(refused);
    if FORBIDDEN_PREFIXES.into_iter().any(covers_only) {
        Err(HeaderProblem::ForbiddenToRequest)
    } else if covers_only("access-control-") {
        Err(HeaderProblem::CorsResponse)
    } else {
        Ok(())
    }
}

/// Checks a name that a policy allows pages to read. The name is lowercase.
pub(crate) fn check_exposed(name: &str) -> Result<(), HeaderProblem> {
    check_name(name)?;
    if FORBIDDEN_TO_EXPOSE.contains(&name) {
        Err(HeaderProblem::ForbiddenToExpose)
    } else if CORS_REQUEST.contains(&name) {
        Err(HeaderProblem::CorsRequest)
    } else {
        Ok(())
    }
}

/// Checks a name that the policy's answer varies by.
pub(crate) fn check_varying(name: &str) -> Result<(), HeaderProblem> {
    check_name(name)
}

/// Whether exposing a response header with this lowercase name is useful to a page: it can never read the forbidden ones,
/// and those of CORS are for the browser.
pub(crate) fn is_readable_by_scripts(name: &str) -> bool {
    !FORBIDDEN_TO_EXPOSE.contains(&name) && !CORS_RESPONSE.contains(&name)
}

/// Whether scripts can read a response header with this lowercase name even if no policy exposes it.
pub(crate) fn is_safelisted_to_expose(name: &str) -> bool {
    SAFELISTED_TO_EXPOSE.contains(&name)
}

fn check_name(name: &str) -> Result<(), HeaderProblem> {
    if name.contains('*') {
        // `*` is a token byte, but in these lists a browser takes a lone `*` for a wildcard.
        Err(HeaderProblem::Wildcard)
    } else {
        HeaderName::from_bytes(name.as_bytes()).map(|_| ()).map_err(|_| HeaderProblem::NotAFieldName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requested_names_are_checked() {
        let cases = [
            ("authorization", Ok(())),
            ("content-type", Ok(())),
            ("accept", Ok(())),
            ("user-agent", Ok(())),
            ("x-stainless-*", Ok(())),
            ("x-*", Ok(())),
            ("access-*", Ok(())),
            ("c*", Ok(())),
            ("cookie-*", Ok(())),
            ("", Err(HeaderProblem::NotAFieldName)),
            ("x y", Err(HeaderProblem::NotAFieldName)),
            ("x:y", Err(HeaderProblem::NotAFieldName)),
            ("x-ü", Err(HeaderProblem::NotAFieldName)),
            ("a,b", Err(HeaderProblem::NotAFieldName)),
            ("x-*-id", Err(HeaderProblem::Wildcard)),
            ("*-id", Err(HeaderProblem::Wildcard)),
            ("x-**", Err(HeaderProblem::Wildcard)),
            ("cookie", Err(HeaderProblem::ForbiddenToRequest)),
            ("origin", Err(HeaderProblem::ForbiddenToRequest)),
            ("sec-fetch-site", Err(HeaderProblem::ForbiddenToRequest)),
            ("sec-*", Err(HeaderProblem::ForbiddenToRequest)),
            ("proxy-x*", Err(HeaderProblem::ForbiddenToRequest)),
            ("access-control-request-method", Err(HeaderProblem::ForbiddenToRequest)),
            ("access-control-allow-origin", Err(HeaderProblem::CorsResponse)),
            ("access-control-max-age", Err(HeaderProblem::CorsResponse)),
            ("access-control-*", Err(HeaderProblem::CorsResponse)),
        ];
        for (name, expected) in cases {
            assert_eq!(check_requested(name), expected, "{name:?}");
        }
    }

    #[test]
    fn exposed_names_are_checked() {
        let cases = [
            ("x-request-id", Ok(())),
            ("cache-control", Ok(())),
            ("www-authenticate", Ok(())),
            ("", Err(HeaderProblem::NotAFieldName)),
            ("x-*", Err(HeaderProblem::Wildcard)),
            ("set-cookie", Err(HeaderProblem::ForbiddenToExpose)),
            ("set-cookie2", Err(HeaderProblem::ForbiddenToExpose)),
            ("origin", Err(HeaderProblem::CorsRequest)),
            ("access-control-request-headers", Err(HeaderProblem::CorsRequest)),
        ];
        for (name, expected) in cases {
            assert_eq!(check_exposed(name), expected, "{name:?}");
        }
    }
}
