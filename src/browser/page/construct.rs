//! The constructor of Fetch's `Request`: from a script's arguments to a request that can be sent.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::error::InvalidRequest;
use super::request::Request;
use crate::browser::fetch::{BodySource, HttpUrl, InFlight, Origin, Redirect, UrlError, shown};
use crate::browser::tables::bytes::trim_tab_or_space;
use crate::browser::tables::{forbidden, method};

/// A request that can be sent.
pub(super) struct Parts<B> {
    pub(super) request: InFlight,
    /// The root of the server under test.
    pub(super) server: HttpUrl,
    pub(super) redirect: Redirect,
    pub(super) body: Option<BodySource<B>>,
}

impl<B> Request<B> {
    /// Checks the arguments as the constructor of Fetch's `Request` does, and makes a request that can be sent.
    pub(super) fn into_parts(self, page: &str, server: &str) -> Result<Parts<B>, InvalidRequest> {
        let Self { head, body } = self;
        if let Some(mistake) = head.mistake {
            return Err(mistake);
        }
        let shown = |text: &str| shown(text.as_bytes());
        let origin = Origin::of_page(page).ok_or_else(|| InvalidRequest::Page(shown(page)))?;
        let root = HttpUrl::parse(server, None)
            .and_then(|server| HttpUrl::parse("/", Some(&server)))
            .map_err(|_| InvalidRequest::Server(shown(server)))?;
        let url = HttpUrl::parse(&head.url, Some(&root)).map_err(|error| match error {
            UrlError::Malformed => InvalidRequest::Url(shown(&head.url)),
            UrlError::Scheme(scheme) => InvalidRequest::Scheme(scheme),
        })?;
        if url.includes_credentials() {
            return Err(InvalidRequest::UrlCredentials(url.to_string()));
        }
        if method::is_forbidden(head.method.as_str()) {
            return Err(InvalidRequest::ForbiddenMethod(head.method));
        }
        let method = method::normalize(&head.method);
        if body.is_some() && (method == Method::GET || method == Method::HEAD) {
            return Err(InvalidRequest::Body(method));
        }
        let headers = header_list(head.headers, head.body_type);
        let request = InFlight::new(origin, method, url, headers, head.credentials, head.use_cors_preflight);
        Ok(Parts { request, server: root, redirect: head.redirect, body })
    }
}

/// The request's header list: the headers that a script may set, and those of every fetch.
fn header_list(set: Vec<(HeaderName, HeaderValue)>, body_type: Option<HeaderValue>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in set {
        // Headers, "append": step 1 removes white space around a value, step 2 drops a forbidden request-header.
        if forbidden::is_request_header(&name, value.as_bytes()) {
            continue;
        }
        if let Ok(value) = HeaderValue::from_bytes(trim_tab_or_space(value.as_bytes())) {
            headers.append(name, value);
        }
    }
    if let (Some(body_type), false) = (body_type, headers.contains_key(CONTENT_TYPE)) {
        headers.insert(CONTENT_TYPE, body_type);
    }
    // Fetch, "fetch", step 12.
    if !headers.contains_key(ACCEPT) {
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts<B>(request: Request<B>) -> Result<Parts<B>, InvalidRequest> {
        request.into_parts("https://app.example.com", "https://api.example.com/base/")
    }

    fn mistake<B>(request: Request<B>) -> InvalidRequest {
        parts(request).err().unwrap()
    }

    #[test]
    fn urls_are_relative_to_the_root_of_the_server() {
        for (given, url) in [
            ("/v1", "https://api.example.com/v1"),
            ("v1?q", "https://api.example.com/v1?q"),
            ("", "https://api.example.com/"),
            ("http://other.example:3000/x#f", "http://other.example:3000/x"),
        ] {
            assert_eq!(parts(Request::get(given)).unwrap().request.current_url().to_string(), url);
        }
    }

    #[test]
    fn mistakes_are_told_apart() {
        assert_eq!(mistake(Request::get("https://")), InvalidRequest::Url("https://".to_owned()));
        assert_eq!(mistake(Request::get("data:,x")), InvalidRequest::Scheme("data".to_owned()));
        assert_eq!(
            mistake(Request::get("https://u:p@a.example/")),
            InvalidRequest::UrlCredentials("https://a.example/".to_owned())
        );
        assert!(matches!(mistake(Request::new("GET /", "/")), InvalidRequest::Method(_)));
        assert_eq!(
            mistake(Request::new("trace", "/")),
            InvalidRequest::ForbiddenMethod("trace".parse().unwrap())
        );
        assert!(matches!(mistake(Request::get("/").header("a b", "1")), InvalidRequest::Header(_)));
        assert!(matches!(mistake(Request::get("/").header("a", "1\n2")), InvalidRequest::Header(_)));
        assert_eq!(mistake(Request::get("/").body(())), InvalidRequest::Body(Method::GET));
        assert_eq!(mistake(Request::new("head", "/").text("")), InvalidRequest::Body(Method::HEAD));
        let invalid = Request::get("/").into_parts("app.example.com", "https://api.example.com");
        assert_eq!(invalid.err(), Some(InvalidRequest::Page("app.example.com".to_owned())));
        let invalid = Request::get("/").into_parts("null", "api.example.com");
        assert_eq!(invalid.err(), Some(InvalidRequest::Server("api.example.com".to_owned())));
    }

    #[test]
    fn the_first_mistake_is_reported() {
        let request = Request::new("a b", "/").header("c d", "1");
        assert!(matches!(mistake(request), InvalidRequest::Method(_)));
    }

    #[test]
    fn forbidden_headers_are_dropped_and_values_trimmed() {
        let request = Request::get("/")
            .header("cookie", "a=1")
            .header("origin", "https://evil.example")
            .header("sec-fetch-site", "same-origin")
            .header("x-a", " 1\t")
            .header("x-a", "2");
        let headers = parts(request).unwrap().request.headers;
        let expected = [("accept", "*/*"), ("x-a", "1"), ("x-a", "2")];
        let mut sent: Vec<_> =
            headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        sent.sort_unstable();
        assert_eq!(sent, expected);
    }

    #[test]
    fn a_text_brings_its_type_unless_a_header_names_one() {
        let content_type = |request| parts(request).unwrap().request.headers.get(CONTENT_TYPE).cloned();
        assert_eq!(content_type(Request::post("/").text("x")).unwrap(), "text/plain;charset=UTF-8");
        let json = Request::post("/").text("{}").header("content-type", "application/json");
        assert_eq!(content_type(json).unwrap(), "application/json");
        assert_eq!(content_type(Request::post("/").body(String::new())), None);
        assert_eq!(content_type(Request::post("/").text("x").no_body()), None);
    }
}
