//! HTTP-redirect fetch: where a redirect leads, and what it changes in the request.

use http::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE, LOCATION,
};
use http::{HeaderMap, Method, StatusCode};

use super::blocked::Reason;
use super::header_list::get;
use super::http_url::{HttpUrl, UrlError};
use super::in_flight::{InFlight, Tainting};
use super::shown::shown;

/// Fetch, HTTP-redirect fetch, step 7.
const MAX_REDIRECTS: usize = 20;

/// What comes after a response with a redirect status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// There is no `Location`: the response is like any other.
    Respond,
    /// The changed request is fetched.
    Fetch { keeps_body: bool },
}

/// Fetch, "redirect status".
pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Fetch, "HTTP-redirect fetch", up to its last step, which fetches again.
pub(super) fn follow(
    request: &mut InFlight,
    status: StatusCode,
    response: &HeaderMap,
) -> Result<Next, Reason> {
    // Steps 3 to 6.
    let Some(url) = location_url(request, response)? else { return Ok(Next::Respond) };
    // Steps 7 and 8.
    if request.redirect_count() == MAX_REDIRECTS {
        return Err(Reason::TooManyRedirects);
    }
    // Steps 9 and 10.
    let is_foreign = !request.origin.is_same_origin(&url);
    if url.includes_credentials() && (is_foreign || request.tainting == Tainting::Cors) {
        return Err(Reason::RedirectCredentials);
    }
    // Step 11 is for bodies that can be read only once, which a `Request` here cannot have. Step 12.
    let method = &request.method;
    let becomes_get = match status {
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => *method == Method::POST,
        StatusCode::SEE_OTHER => *method != Method::GET && *method != Method::HEAD,
        _ => false,
    };
    if becomes_get {
        request.method = Method::GET;
        for name in [CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE] {
            request.headers.remove(name);
        }
    }
    // Step 13.
    if request.current_url().origin() != url.origin() {
        request.headers.remove(AUTHORIZATION);
    }
    // Step 18.
    request.append_url(url);
    Ok(Next::Fetch { keeps_body: !becomes_get })
}

/// Fetch, "location URL" of a response, and HTTP-redirect fetch, steps 4 to 6.
fn location_url(request: &InFlight, response: &HeaderMap) -> Result<Option<HttpUrl>, Reason> {
    let Some(value) = get(response, &LOCATION) else { return Ok(None) };
    let malformed = || Reason::RedirectLocation { value: shown(&value) };
    // Two lines cannot be one URL.
    if response.get_all(LOCATION).iter().count() > 1 {
        return Err(malformed());
    }
    // Browsers read bytes beyond ASCII as UTF-8.
    let location = String::from_utf8_lossy(&value);
    match HttpUrl::parse(&location, Some(request.current_url())) {
        Ok(url) => Ok(Some(url)),
        Err(UrlError::Malformed) => Err(malformed()),
        Err(UrlError::Scheme(scheme)) => Err(Reason::RedirectScheme { scheme }),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::super::in_flight::tests::by_way_of;
    use super::super::modes::Credentials::SameOrigin;
    use super::*;

    const PAGE: &str = "https://a.example";

    fn to(locations: &[&'static str]) -> HeaderMap {
        locations.iter().map(|location| (LOCATION, HeaderValue::from_static(location))).collect()
    }

    fn status(code: u16) -> StatusCode {
        StatusCode::from_u16(code).unwrap()
    }

    #[test]
    fn methods_change_as_they_always_did() {
        for (code, before, after, keeps_body) in [
            (301, "POST", "GET", false),
            (302, "POST", "GET", false),
            (303, "POST", "GET", false),
            (307, "POST", "POST", true),
            (308, "POST", "POST", true),
            (301, "PUT", "PUT", true),
            (302, "DELETE", "DELETE", true),
            (303, "PUT", "GET", false),
            (303, "HEAD", "HEAD", true),
            (303, "GET", "GET", true),
            (302, "HEAD", "HEAD", true),
        ] {
            let mut request = by_way_of(PAGE, &["https://b.example/"], SameOrigin);
            request.method = before.parse().unwrap();
            request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
            assert_eq!(follow(&mut request, status(code), &to(&["/x"])), Ok(Next::Fetch { keeps_body }));
            assert_eq!(request.method.as_str(), after, "{code} {before}");
            assert_eq!(request.headers.contains_key(CONTENT_TYPE), keeps_body, "{code} {before}");
            assert_eq!(request.current_url().to_string(), "https://b.example/x");
        }
    }

    #[test]
    fn authorization_stays_with_its_origin() {
        for (location, stays) in [
            ("/x", true),
            ("https://b.example/x", true),
            ("https://c.example/", false),
            ("http://b.example/", false),
        ] {
            let mut request = by_way_of(PAGE, &["https://b.example/"], SameOrigin);
            request.headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer t"));
            request.headers.insert(HeaderName::from_static("x-a"), HeaderValue::from_static("1"));
            follow(&mut request, status(302), &to(&[location])).unwrap();
            assert_eq!(request.headers.contains_key(AUTHORIZATION), stays, "{location}");
            assert!(request.headers.contains_key("x-a"), "{location}");
        }
    }

    #[test]
    fn bad_locations_are_refused() {
        let malformed = |value: &str| Err(Reason::RedirectLocation { value: value.to_owned() });
        let cases = [
            (&["https://"][..], malformed("https://")),
            (&["/x", "/x"], malformed("/x, /x")),
            (&["data:,x"], Err(Reason::RedirectScheme { scheme: "data".to_owned() })),
            (&["https://u:p@c.example/"], Err(Reason::RedirectCredentials)),
            (&[], Ok(Next::Respond)),
        ];
        for (locations, outcome) in cases {
            let mut request = by_way_of(PAGE, &["https://b.example/"], SameOrigin);
            assert_eq!(follow(&mut request, status(302), &to(locations)), outcome, "{locations:?}");
        }
    }

    #[test]
    fn credentials_in_a_url_pass_from_the_page_to_its_own_origin_only() {
        let own = to(&["https://u:p@a.example/"]);
        let mut request = by_way_of(PAGE, &["https://a.example/"], SameOrigin);
        assert_eq!(follow(&mut request, status(302), &own), Ok(Next::Fetch { keeps_body: true }));

        let mut tainted = by_way_of(PAGE, &["https://b.example/"], SameOrigin);
        tainted.tainting = Tainting::Cors;
        assert_eq!(follow(&mut tainted, status(302), &own), Err(Reason::RedirectCredentials));
    }

    #[test]
    fn the_twentieth_redirect_is_the_last() {
        let mut request = by_way_of(PAGE, &["https://b.example/"], SameOrigin);
        for _ in 0..MAX_REDIRECTS {
            assert_eq!(follow(&mut request, status(302), &to(&["/x"])), Ok(Next::Fetch { keeps_body: true }));
        }
        assert_eq!(follow(&mut request, status(302), &to(&["/x"])), Err(Reason::TooManyRedirects));
    }
}
