//! The CORS check: may this page see this response?

use http::HeaderMap;
use http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN};

use super::blocked::Reason;
use super::header_list::get;
use super::in_flight::InFlight;
use super::shown::shown;

/// Fetch, "CORS check".
pub(super) fn cors_check(request: &InFlight, response: &HeaderMap) -> Result<(), Reason> {
    // Steps 1 and 2. Two lines make one value with a comma, which is not an origin.
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
            Reason::AllowOriginMismatch { value: shown(&origin) }
        });
    }
    // Step 5.
    if !request.is_credentialed() {
        return Ok(());
    }
    // Steps 6 to 8: the literal `true`, nothing else.
    match get(response, &ACCESS_CONTROL_ALLOW_CREDENTIALS) {
        Some(credentials) if credentials == b"true" => Ok(()),
        credentials => Err(Reason::AllowCredentials { value: credentials.as_deref().map(shown) }),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::super::in_flight::tests::by_way_of;
    use super::super::modes::Credentials::{self, Include, Omit, SameOrigin};
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
            let request = by_way_of(PAGE, &["https://api.example.com"], credentials);
            assert_eq!(cors_check(&request, &response), outcome, "{credentials:?} {response:?}");
        }
    }

    #[test]
    fn null_is_a_value_like_any_other() {
        let response =
            HeaderMap::from_iter([(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("null"))]);
        let opaque = by_way_of("null", &["https://api.example.com"], SameOrigin);
        assert_eq!(cors_check(&opaque, &response), Ok(()));
        let tainted = by_way_of(PAGE, &["https://b.example", "https://c.example"], SameOrigin);
        assert_eq!(cors_check(&tainted, &response), Ok(()));
    }
}
