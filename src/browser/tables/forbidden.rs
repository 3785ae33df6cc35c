//! Headers that scripts can neither set nor read: forbidden request-headers and response-headers.

use http::HeaderName;

use super::bytes::trim_tab_or_space;
use super::method;

/// Fetch, "forbidden request-header", step 1. The policy has its own table on purpose: with a shared one, this model could
/// not find a name that is missing in it.
const NAMES: [&str; 21] = [
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

/// Fetch, "forbidden request-header", step 3.
const METHOD_OVERRIDES: [&str; 3] = ["x-http-method", "x-http-method-override", "x-method-override"];

/// Fetch, "forbidden request-header".
pub(in crate::browser) fn is_request_header(name: &HeaderName, value: &[u8]) -> bool {
    let name = name.as_str();
    NAMES.contains(&name)
        || name.starts_with("proxy-")
        || name.starts_with("sec-")
        || (METHOD_OVERRIDES.contains(&name) && split(value).any(method_is_forbidden))
}

/// Fetch, "forbidden response-header name".
pub(in crate::browser) fn is_response_header_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("set-cookie") || name.eq_ignore_ascii_case("set-cookie2")
}

fn method_is_forbidden(method: &[u8]) -> bool {
    std::str::from_utf8(method).is_ok_and(method::is_forbidden)
}

/// Fetch, "get, decode, and split": at each comma that is outside quotes.
fn split(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    let mut escaped = false;
    value
        .split(move |byte| {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ => return *byte == b',' && !quoted,
            }
            false
        })
        .map(trim_tab_or_space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_keep_some_request_headers_to_themselves() {
        let cases: &[(&str, &[u8], bool)] = &[
            ("Cookie", b"a=1", true),
            ("Origin", b"https://a.example", true),
            ("Host", b"a.example", true),
            ("Content-Length", b"1", true),
            ("Access-Control-Request-Method", b"PUT", true),
            ("Access-Control-Allow-Origin", b"*", false),
            ("Sec-Fetch-Site", b"same-origin", true),
            ("Sec-Anything", b"", true),
            ("Secret", b"", false),
            ("Proxy-Authorization", b"", true),
            ("Proxy", b"", false),
            ("Authorization", b"", false),
            ("User-Agent", b"", false),
            ("X-HTTP-Method-Override", b"PUT", false),
            ("X-HTTP-Method-Override", b"trace", true),
            ("X-HTTP-Method", b"GET ,\tTRACK", true),
            ("X-Method-Override", b"\"GET, TRACE\"", false),
            ("X-Method-Override", b"\"a\\\", b\", CONNECT", true),
            ("X-Method-Override", b"\xe9", false),
        ];
        for (name, value, forbidden) in cases {
            let header: HeaderName = name.parse().unwrap();
            assert_eq!(is_request_header(&header, value), *forbidden, "{name}: {}", value.escape_ascii());
        }
    }

    #[test]
    fn the_table_is_sorted_and_in_lower_case() {
        assert!(NAMES.is_sorted());
        assert!(NAMES.iter().all(|name| *name == name.to_ascii_lowercase()));
    }

    #[test]
    fn set_cookie_is_never_read() {
        for (name, forbidden) in [("Set-Cookie", true), ("set-cookie2", true), ("cookie", false)] {
            assert_eq!(is_response_header_name(name), forbidden, "{name}");
        }
    }
}
