//! The CORS-preflight request: whether one is needed, what it requests, and what its answer allows.

use std::time::Duration;

use http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::blocked::Reason;
use super::cache::{Cache, Grant};
use super::cors_check::cors_check;
use super::header_list::{extract_delta_seconds, extract_list, get};
use super::in_flight::InFlight;
use super::shown::shown;
use crate::browser::tables::method;

/// Fetch, CORS-preflight fetch, step 7.9: how long an answer without a valid max-age is cached, in seconds.
const DEFAULT_MAX_AGE: u64 = 5;

/// Fetch, main fetch, step 12: whether a request to another origin needs a preflight.
pub(super) fn is_needed(request: &InFlight) -> bool {
    request.use_cors_preflight
        || !method::is_safelisted(&request.method)
        || !request.unsafe_names().is_empty()
}

/// Fetch, HTTP fetch, step 4.1: whether the cache makes the preflight unnecessary.
pub(super) fn is_cached(cache: &Cache, request: &InFlight, now: Duration) -> bool {
    let asks_for_method = !method::is_safelisted(&request.method) || request.use_cors_preflight;
    (!asks_for_method || cache.matches_method(request, now))
        && request.unsafe_names().iter().all(|name| cache.matches_header_name(name, request, now))
}

/// Fetch, CORS-preflight fetch, steps 2 to 5.
pub(super) fn headers(request: &InFlight) -> HeaderMap {
    let mut headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("*/*"))]);
    // Methods and header names are tokens, and every token can be a header value.
    if let Ok(method) = HeaderValue::from_str(request.method.as_str()) {
        headers.insert(ACCESS_CONTROL_REQUEST_METHOD, method);
    }
    let names = request.unsafe_names();
    // Step 5: names separated by a comma without a space; no header at all if there are no names.
    if let (false, Ok(names)) = (names.is_empty(), HeaderValue::try_from(names.join(","))) {
        headers.insert(ACCESS_CONTROL_REQUEST_HEADERS, names);
    }
    headers
}

/// Fetch, CORS-preflight fetch, steps 7 and 8. `limit` is the browser's own limit on max-age.
pub(super) fn check(
    request: &InFlight,
    status: StatusCode,
    response: &HeaderMap,
    limit: Duration,
) -> Result<Grant, Reason> {
    // Step 7. The CORS check uses the request's credentials mode, not the preflight's own. The status of a
    // redirect is not an ok status.
    cors_check(request, response)?;
    if !status.is_success() {
        return Err(Reason::PreflightStatus { status });
    }
    // Steps 7.1 to 7.3.
    let list = |name: HeaderName| {
        extract_list(response, &name).map_err(|_| {
            let value = get(response, &name).as_deref().map(shown).unwrap_or_default();
            Reason::MalformedList { name, value }
        })
    };
    let methods = list(ACCESS_CONTROL_ALLOW_METHODS)?;
    let header_names = list(ACCESS_CONTROL_ALLOW_HEADERS)?.unwrap_or_default();
    // Step 7.4.
    let method = request.method.as_str();
    let methods = match methods {
        None if request.use_cors_preflight => vec![method.to_owned()],
        methods => methods.unwrap_or_default(),
    };
    let is_wildcard = |list: &[String]| list.iter().any(|item| item == "*");
    // Step 7.5. Methods are compared byte for byte.
    let wildcard = is_wildcard(&methods);
    if !methods.iter().any(|allowed| allowed == method)
        && !method::is_safelisted(&request.method)
        && (request.is_credentialed() || !wildcard)
    {
        return Err(Reason::MethodNotAllowed { method: request.method.clone(), wildcard });
    }
    // Steps 7.6 and 7.7. Step 7.6 is for `Authorization`, which no wildcard covers.
    let wildcard = is_wildcard(&header_names);
    let is_listed = |name: &str| header_names.iter().any(|allowed| allowed.eq_ignore_ascii_case(name));
    let is_covered = |name: &str| wildcard && !request.is_credentialed() && name != "authorization";
    let mut refused = request.unsafe_names();
    refused.retain(|name| !is_listed(name) && !is_covered(name));
    if let Some(name) = refused.into_iter().find_map(|name| name.parse().ok()) {
        return Err(Reason::HeaderNotAllowed { name, wildcard });
    }
    // Steps 7.8 to 7.10.
    let max_age = extract_delta_seconds(response, &ACCESS_CONTROL_MAX_AGE).unwrap_or(DEFAULT_MAX_AGE);
    Ok(Grant { methods, header_names, max_age: Duration::from_secs(max_age).min(limit) })
}

#[cfg(test)]
mod tests {
    use super::super::in_flight::tests::by_way_of;
    use super::super::modes::Credentials::{self, Include, SameOrigin};
    use super::*;

    const PAGE: &str = "https://app.example.com";
    const LIMIT: Duration = Duration::from_secs(600);

    fn request(method: &str, names: &[&'static str], credentials: Credentials) -> InFlight {
        let names = names.iter().map(|name| (HeaderName::from_static(name), HeaderValue::from_static("1")));
        let mut request = by_way_of(PAGE, &["https://api.example.com"], credentials);
        request.method = method.parse().unwrap();
        request.headers = names.collect();
        request
    }

    fn flagged(mut request: InFlight) -> InFlight {
        request.use_cors_preflight = true;
        request
    }

    fn response(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let fixed = [("access-control-allow-origin", PAGE), ("access-control-allow-credentials", "true")];
        fixed
            .iter()
            .chain(lines)
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    const METHODS: &str = "access-control-allow-methods";
    const HEADERS: &str = "access-control-allow-headers";
    const MAX_AGE: &str = "access-control-max-age";

    fn method_refused(method: &str, wildcard: bool) -> Reason {
        Reason::MethodNotAllowed { method: method.parse().unwrap(), wildcard }
    }

    fn header_refused(name: &'static str, wildcard: bool) -> Reason {
        Reason::HeaderNotAllowed { name: HeaderName::from_static(name), wildcard }
    }

    #[test]
    fn the_answer_must_list_the_method_and_each_unsafe_header() {
        type Case = (
            &'static str,
            &'static [&'static str],
            Credentials,
            &'static [(&'static str, &'static str)],
            Option<Reason>,
        );
        let cases: Vec<Case> = vec![
            ("PUT", &[], SameOrigin, &[(METHODS, "PUT")], None),
            ("PUT", &[], SameOrigin, &[(METHODS, "DELETE"), (METHODS, " PUT ")], None),
            ("PUT", &[], SameOrigin, &[(METHODS, "*")], None),
            ("PUT", &[], SameOrigin, &[], Some(method_refused("PUT", false))),
            ("PUT", &[], SameOrigin, &[(METHODS, "")], Some(method_refused("PUT", false))),
            ("PUT", &[], SameOrigin, &[(METHODS, "put")], Some(method_refused("PUT", false))),
            ("patch", &[], SameOrigin, &[(METHODS, "PATCH")], Some(method_refused("patch", false))),
            ("patch", &[], SameOrigin, &[(METHODS, "patch")], None),
            ("PUT", &[], Include, &[(METHODS, "*")], Some(method_refused("PUT", true))),
            ("PUT", &[], Include, &[(METHODS, "*, PUT")], None),
            ("*", &[], Include, &[(METHODS, "*")], None),
            ("POST", &["x-a"], SameOrigin, &[(HEADERS, "x-a")], None),
            ("POST", &["x-a"], SameOrigin, &[(METHODS, "PUT"), (HEADERS, "X-A")], None),
            ("POST", &["x-a"], SameOrigin, &[(HEADERS, "*")], None),
            ("POST", &["x-a"], SameOrigin, &[], Some(header_refused("x-a", false))),
            ("POST", &["x-a", "x-b"], SameOrigin, &[(HEADERS, "x-a")], Some(header_refused("x-b", false))),
            ("POST", &["x-a", "x-b"], SameOrigin, &[(HEADERS, "x-b"), (HEADERS, "x-a")], None),
            ("POST", &["x-a"], Include, &[(HEADERS, "*")], Some(header_refused("x-a", true))),
            (
                "POST",
                &["authorization"],
                SameOrigin,
                &[(HEADERS, "*")],
                Some(header_refused("authorization", true)),
            ),
            ("POST", &["authorization"], SameOrigin, &[(HEADERS, "*, Authorization")], None),
            ("POST", &["authorization", "x-a"], SameOrigin, &[(HEADERS, "authorization, *")], None),
            ("POST", &["authorization"], Include, &[(HEADERS, "authorization")], None),
            ("PUT", &["x-a"], SameOrigin, &[(HEADERS, "*")], Some(method_refused("PUT", false))),
        ];
        for (method, names, credentials, lines, reason) in cases {
            let outcome =
                check(&request(method, names, credentials), StatusCode::NO_CONTENT, &response(lines), LIMIT);
            assert_eq!(outcome.err(), reason, "{method} {names:?} {credentials:?} {lines:?}");
        }
    }

    #[test]
    fn a_malformed_list_fails_the_preflight_even_where_nothing_needs_it() {
        for (name, value) in [(METHODS, "PUT DELETE"), (HEADERS, "x-a; x-b")] {
            let outcome =
                check(&request("POST", &[], SameOrigin), StatusCode::OK, &response(&[(name, value)]), LIMIT);
            let name = HeaderName::from_static(name);
            assert_eq!(outcome, Err(Reason::MalformedList { name, value: value.to_owned() }));
        }
    }

    #[test]
    fn the_status_must_be_ok_and_the_origin_is_looked_at_first() {
        let put = request("PUT", &[], SameOrigin);
        for status in [200, 204, 299, 301, 307, 304, 401, 403, 404, 405, 500] {
            let status = StatusCode::from_u16(status).unwrap();
            let outcome = check(&put, status, &response(&[(METHODS, "PUT")]), LIMIT);
            let refused = Some(Reason::PreflightStatus { status });
            assert_eq!(outcome.err(), if status.is_success() { None } else { refused }, "{status}");
        }
        assert_eq!(
            check(&put, StatusCode::UNAUTHORIZED, &HeaderMap::new(), LIMIT),
            Err(Reason::AllowOriginMissing)
        );
    }

    #[test]
    fn max_age_is_5_seconds_by_default_and_limited() {
        let cases: [(&[(&str, &str)], u64); 7] = [
            (&[], 5),
            (&[(MAX_AGE, "0")], 0),
            (&[(MAX_AGE, "60")], 60),
            (&[(MAX_AGE, "-1")], 5),
            (&[(MAX_AGE, "ten")], 5),
            (&[(MAX_AGE, "60"), (MAX_AGE, "60")], 5),
            (&[(MAX_AGE, "86400")], 600),
        ];
        for (lines, seconds) in cases {
            let grant =
                check(&request("GET", &[], SameOrigin), StatusCode::OK, &response(lines), LIMIT).unwrap();
            assert_eq!(grant.max_age, Duration::from_secs(seconds), "{lines:?}");
        }
    }

    #[test]
    fn the_use_cors_preflight_flag_stands_in_for_an_absent_method_list() {
        let flagged = flagged(request("PUT", &[], SameOrigin));
        let grant = check(&flagged, StatusCode::OK, &response(&[]), LIMIT).unwrap();
        assert_eq!(grant.methods, ["PUT"]);
        let empty = check(&flagged, StatusCode::OK, &response(&[(METHODS, "")]), LIMIT);
        assert_eq!(empty, Err(method_refused("PUT", false)));
    }

    #[test]
    fn the_request_names_its_method_and_its_unsafe_headers() {
        let asked = headers(&request("patch", &["x-b", "accept", "x-a"], SameOrigin));
        assert_eq!(asked[ACCESS_CONTROL_REQUEST_METHOD], "patch");
        assert_eq!(asked[ACCESS_CONTROL_REQUEST_HEADERS], "x-a,x-b");
        assert_eq!(asked[ACCEPT], "*/*");
        let none = headers(&request("PUT", &["accept"], SameOrigin));
        assert!(!none.contains_key(ACCESS_CONTROL_REQUEST_HEADERS));
    }

    #[test]
    fn simple_requests_need_none() {
        for (method, names, flag, needed) in [
            ("GET", &[][..], false, false),
            ("POST", &["accept"], false, false),
            ("POST", &[], true, true),
            ("HEAD", &["x-a"], false, true),
            ("PUT", &[], false, true),
            ("OPTIONS", &[], false, true),
            ("QUERY", &[], false, true),
        ] {
            let request = request(method, names, SameOrigin);
            let request = if flag { flagged(request) } else { request };
            assert_eq!(is_needed(&request), needed, "{method} {names:?} {flag}");
        }
    }
}
