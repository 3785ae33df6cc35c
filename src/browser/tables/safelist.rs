//! CORS-safelisted headers: what a page may send to another origin without a preflight, and may read without permission.

use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, EXPIRES,
    LAST_MODIFIED, PRAGMA, RANGE,
};
use http::{HeaderMap, HeaderName};

use super::bytes::is_token_byte;

/// Fetch, "CORS-safelisted response-header name", without the names that the response exposes.
pub(in crate::browser) const RESPONSE_HEADERS: [HeaderName; 7] =
    [CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, EXPIRES, LAST_MODIFIED, PRAGMA];

/// The longest value of a safelisted header.
const MAX_VALUE_LENGTH: usize = 128;
/// The most bytes that the values of all safelisted headers may have together.
const MAX_TOTAL_LENGTH: usize = 1024;

/// Fetch, "CORS-unsafe request-header names": what `Access-Control-Request-Headers` lists, in lower case, sorted,
/// each name once.
pub(in crate::browser) fn unsafe_names(headers: &HeaderMap) -> Vec<String> {
    let mut unsafe_names = Vec::new();
    let mut potentially_unsafe_names = Vec::new();
    let mut safelist_value_size = 0;
    // Step 4.
    for (name, value) in headers {
        if is_safelisted(name, value.as_bytes()) {
            potentially_unsafe_names.push(name.as_str().to_owned());
            safelist_value_size += value.len();
        } else {
            unsafe_names.push(name.as_str().to_owned());
        }
    }
    // Step 5: many short values could carry as much as a long one.
    if safelist_value_size > MAX_TOTAL_LENGTH {
        unsafe_names.append(&mut potentially_unsafe_names);
    }
    // Step 6. A `HeaderName` is in lower case already.
    unsafe_names.sort_unstable();
    unsafe_names.dedup();
    unsafe_names
}

/// Fetch, "CORS-safelisted request-header".
fn is_safelisted(name: &HeaderName, value: &[u8]) -> bool {
    // Step 1.
    if value.len() > MAX_VALUE_LENGTH {
        return false;
    }
    // Step 2.
    if *name == ACCEPT {
        !value.iter().any(|byte| is_unsafe_byte(*byte))
    } else if *name == ACCEPT_LANGUAGE || *name == CONTENT_LANGUAGE {
        value.iter().all(|byte| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(byte))
    } else if *name == CONTENT_TYPE {
        let essence = mime_essence(value);
        !value.iter().any(|byte| is_unsafe_byte(*byte))
            && essence.is_some_and(|essence| {
                ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]
                    .contains(&essence.as_str())
            })
    } else if *name == RANGE {
        is_single_range_with_start(value)
    } else {
        false
    }
}

/// Fetch, "CORS-unsafe request-header byte".
fn is_unsafe_byte(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t') || b"\"():<>?@[\\]{}\x7f".contains(&byte)
}

/// MIME Sniffing, "parse a MIME type", as far as its essence goes: parameters can be anything.
fn mime_essence(value: &[u8]) -> Option<String> {
    let value = value.trim_ascii();
    let slash = value.iter().position(|byte| *byte == b'/')?;
    let (kind, rest) = (&value[..slash], &value[slash + 1..]);
    let subtype = rest.split(|byte| *byte == b';').next()?.trim_ascii_end();
    let is_token = |part: &[u8]| !part.is_empty() && part.iter().all(|byte| is_token_byte(*byte));
    if !is_token(kind) || !is_token(subtype) {
        return None;
    }
    let essence: String = value[..=slash].iter().chain(subtype).map(|byte| char::from(*byte)).collect();
    Some(essence.to_ascii_lowercase())
}

/// Fetch, "parse a single range header value", without white space and with a start.
fn is_single_range_with_start(value: &[u8]) -> bool {
    let Some(range) = value.strip_prefix(b"bytes=") else { return false };
    let Some(dash) = range.iter().position(|byte| *byte == b'-') else { return false };
    let (start, end) = (&range[..dash], &range[dash + 1..]);
    let are_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if !are_digits(start) || !are_digits(end) || start.is_empty() {
        return false;
    }
    // Compares decimal numbers of any length: first by the number of digits, then by the digits.
    let significant = |part: &[u8]| {
        let digits = part.iter().copied().skip_while(|digit| *digit == b'0').collect::<Vec<u8>>();
        (digits.len(), digits)
    };
    end.is_empty() || significant(start) <= significant(end)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn headers(list: &[(&'static str, &[u8])]) -> HeaderMap {
        list.iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap()))
            .collect()
    }

    #[test]
    fn values_decide_whether_a_header_is_safelisted() {
        let cases: &[(&'static str, &[u8], bool)] = &[
            ("accept", b"application/json, */*;q=0.5", true),
            ("accept", b"", true),
            ("accept", b"text/html\tx", true),
            ("accept", b"\xe9", true),
            ("accept", b"a(b)", false),
            ("accept", b"a:b", false),
            ("accept", b"\"a\"", false),
            ("accept", b"{}", false),
            ("accept", b"a@b", false),
            ("accept", b"a?b", false),
            ("accept", b"[a]", false),
            ("accept", b"a\\b", false),
            ("accept", b"<a>", false),
            ("accept-language", b"en-GB, de;q=0.5, *", true),
            ("accept-language", b"en_GB", false),
            ("accept-language", b"en\tGB", false),
            ("content-language", b"de.x=1", true),
            ("content-language", b"de/x", false),
            ("content-type", b"text/plain", true),
            ("content-type", b"TEXT/Plain;charset=UTF-8", true),
            ("content-type", b" text/plain ; a=b", true),
            ("content-type", b"text/plain;\xe9", true),
            ("content-type", b"application/x-www-form-urlencoded", true),
            ("content-type", b"multipart/form-data; boundary=x", true),
            ("content-type", b"application/json", false),
            ("content-type", b"text/plain, application/json", false),
            ("content-type", b"text/plain; charset=\"utf-8\"", false),
            ("content-type", b"text /plain", false),
            ("content-type", b"text/", false),
            ("content-type", b"/plain", false),
            ("content-type", b"text", false),
            ("content-type", b"", false),
            ("range", b"bytes=0-", true),
            ("range", b"bytes=0-0", true),
            ("range", b"bytes=100-200", true),
            ("range", b"bytes=0009999999999999999999999999-10000000000000000000000000", true),
            ("range", b"bytes=200-100", false),
            ("range", b"bytes=-500", false),
            ("range", b"bytes=-", false),
            ("range", b"bytes=0-1,3-4", false),
            ("range", b"bytes = 0-1", false),
            ("range", b"bytes=0 -1", false),
            ("range", b"Bytes=0-1", false),
            ("range", b"items=0-1", false),
            ("range", b"", false),
            ("x-request-id", b"1", false),
            ("authorization", b"", false),
            ("save-data", b"on", false),
        ];
        for (name, value, safelisted) in cases {
            let name = HeaderName::from_static(name);
            assert_eq!(is_safelisted(&name, value), *safelisted, "{name}: {}", value.escape_ascii());
        }
    }

    #[test]
    fn a_value_of_128_bytes_is_the_longest() {
        for name in [ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE] {
            assert!(is_safelisted(&name, &[b'a'; MAX_VALUE_LENGTH]), "{name}");
            assert!(!is_safelisted(&name, &[b'a'; MAX_VALUE_LENGTH + 1]), "{name}");
        }
    }

    #[test]
    fn all_values_together_have_1024_bytes_at_most() {
        let full = [b'a'; MAX_VALUE_LENGTH];
        let eight: Vec<(&'static str, &[u8])> = vec![("accept", &full); MAX_TOTAL_LENGTH / MAX_VALUE_LENGTH];
        assert_eq!(unsafe_names(&headers(&eight)), [""; 0]);

        let mut more = eight.clone();
        more.push(("content-language", b"b"));
        assert_eq!(unsafe_names(&headers(&more)), ["accept", "content-language"]);
    }

    #[test]
    fn names_are_sorted_in_lower_case_and_unique() {
        let list = headers(&[
            ("x-b", b"1"),
            ("accept", b"*/*"),
            ("x-a", b"1"),
            ("x-b", b"2"),
            ("authorization", b"t"),
        ]);
        assert_eq!(unsafe_names(&list), ["authorization", "x-a", "x-b"]);
    }

    proptest! {
        #[test]
        fn a_safelisted_content_type_has_one_of_three_essences(value in "[a-z/;= ,+-]{0,40}") {
            let naive = value.trim().split(';').next().unwrap_or_default().trim_end().to_owned();
            let three = ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"];
            let expected = three.contains(&naive.as_str());
            prop_assert_eq!(is_safelisted(&CONTENT_TYPE, value.as_bytes()), expected);
        }
    }
}
