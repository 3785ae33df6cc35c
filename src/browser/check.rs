//! The CORS check: may this page see this response?

use http::HeaderMap;
use http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN};

use super::blocked::Reason;
use super::headers::get;
use super::state::State;

/// Fetch, "CORS check".
pub(super) fn cors_check(request: &State, response: &HeaderMap) -> Result<(), Reason> {
    // Steps 1 and 2. Two lines make one value with a comma, which is no origin.
    let Some(origin) = get(response, &ACCESS_CONTROL_ALLOW_ORIGIN) else {
        return Err(Reason::AllowOriginMissing);
    };
    // Step 3.
    if !request.is_credentialed() && origin == b"*" {
        return Ok(());
    }
    // Step 4.
    if origin != request.serialized_origin().as_bytes() {
        return Err(if origin == b"*" {
            Reason::AllowOriginWildcard
        } else {
            Reason::AllowOriginMismatch { value: quoted(&origin) }
        });
    }
    // Step 5.
    if !request.is_credentialed() {
        return Ok(());
    }
    // Steps 6 to 8: the literal `true`, nothing else.
    match get(response, &ACCESS_CONTROL_ALLOW_CREDENTIALS) {
        Some(credentials) if credentials == b"true" => Ok(()),
        credentials => Err(Reason::AllowCredentials { value: credentials.as_deref().map(quoted) }),
    }
}

/// A header value as it can be shown: escaped, and cut where it is long.
pub(super) fn quoted(value: &[u8]) -> String {
    const MAX_SHOWN: usize = 200;
    let escaped = value.escape_ascii().to_string();
    match escaped.get(..MAX_SHOWN) {
        Some(start) if escaped.len() > MAX_SHOWN => format!("{start}..."),
        _ => escaped,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::super::request::Credentials::{self, Include, Omit, SameOrigin};
    use super::super::state::tests::state;
    use super::*;

    const PAGE: &str = "https://app.example.com";

    type Case = (Credentials, &'static [&'static str], &'static [&'static str], Result<(), Reason>);

    fn mismatch(value: &str) -> Result<(), Reason> {
        Err(Reason::AllowOriginMismatch { value: value.to_owned() })
    }

    fn not_true(value: &str) -> Result<(), Reason> {
        Err(Reason::AllowCredentials { value: Some(value.to_owned()) })
    }

    #[test]
    fn the_origin_is_compared_byte_for_byte() {
        let missing = Err(Reason::AllowOriginMissing);
        let cases: Vec<Case> = vec![
            (SameOrigin, &[PAGE], &[], Ok(())),
            (Omit, &[PAGE], &[], Ok(())),
            (SameOrigin, &["*"], &[], Ok(())),
            (Omit, &["*"], &["true"], Ok(())),
            (SameOrigin, &[" https://app.example.com\t"], &[], Ok(())),
            (SameOrigin, &[], &[], missing.clone()),
            (SameOrigin, &[], &["true"], missing),
            (SameOrigin, &[""], &[], mismatch("")),
            (SameOrigin, &["https://app.example.com/"], &[], mismatch("https://app.example.com/")),
            (SameOrigin, &["https://APP.example.com"], &[], mismatch("https://APP.example.com")),
            (SameOrigin, &["https://app.example.com:443"], &[], mismatch("https://app.example.com:443")),
            (SameOrigin, &["http://app.example.com"], &[], mismatch("http://app.example.com")),
            (SameOrigin, &["https://*.example.com"], &[], mismatch("https://*.example.com")),
            (SameOrigin, &["null"], &[], mismatch("null")),
            (SameOrigin, &[PAGE, PAGE], &[], mismatch("https://app.example.com, https://app.example.com")),
            (SameOrigin, &["*", "*"], &[], mismatch("*, *")),
            (SameOrigin, &[PAGE, "*"], &[], mismatch("https://app.example.com, *")),
            (Include, &["*"], &["true"], Err(Reason::AllowOriginWildcard)),
            (Include, &[PAGE], &["true"], Ok(())),
            (Include, &[PAGE], &[], Err(Reason::AllowCredentials { value: None })),
            (Include, &[PAGE], &["True"], not_true("True")),
            (Include, &[PAGE], &["1"], not_true("1")),
            (Include, &[PAGE], &[""], not_true("")),
            (Include, &[PAGE], &["true", "true"], not_true("true, true")),
        ];
        for (credentials, origins, allow_credentials, outcome) in cases {
            let mut response = HeaderMap::new();
            for origin in origins {
                response.append(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static(origin));
            }
            for value in allow_credentials {
                response.append(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static(value));
            }
            let request = state(PAGE, &["https://api.example.com"], credentials);
            assert_eq!(cors_check(&request, &response), outcome, "{credentials:?} {response:?}");
        }
    }

    #[test]
    fn null_is_a_value_like_any_other() {
        let response =
            HeaderMap::from_iter([(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("null"))]);
        let opaque = state("null", &["https://api.example.com"], SameOrigin);
        assert_eq!(cors_check(&opaque, &response), Ok(()));
        let tainted = state(PAGE, &["https://b.example", "https://c.example"], SameOrigin);
        assert_eq!(cors_check(&tainted, &response), Ok(()));
    }

    #[test]
    fn quoted_values_are_escaped_and_short() {
        assert_eq!(quoted(b"a\tb\xe9\""), "a\\tb\\xe9\\\"");
        assert_eq!(quoted(&[b'a'; 200]).len(), 200);
        assert_eq!(quoted(&[b'a'; 201]), format!("{}...", "a".repeat(200)));
    }
}
