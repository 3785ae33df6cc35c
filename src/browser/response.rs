//! What a script sees of a response.

use http::header::{
    ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, EXPIRES,
    LAST_MODIFIED, PRAGMA,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use thiserror::Error;

use super::check::quoted;
use super::forbidden::is_response_header_name as is_forbidden;
use super::headers::{extract_list, get};
use super::preflight::Preflight;
use super::state::{State, Tainting};

/// Fetch, "CORS-safelisted response-header name", but for what the response itself exposes.
const SAFELISTED: [HeaderName; 7] =
    [CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, EXPIRES, LAST_MODIFIED, PRAGMA];

/// A response as a script sees it: Fetch's filtered response.
#[derive(Debug, Clone)]
pub struct Response<R> {
    kind: ResponseType,
    url: String,
    redirected: bool,
    status: u16,
    headers: HeaderMap,
    /// All headers that the server sent, to explain why one cannot be read.
    all_headers: HeaderMap,
    credentialed: bool,
    preflight: Preflight,
    body: R,
}

/// How much of a response a script sees: `response.type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseType {
    /// From the page's own origin: everything but cookies.
    Basic,
    /// From another origin, which allowed it: the safelisted headers and those that are exposed.
    Cors,
    /// A redirect that is not followed, in the redirect mode "manual": nothing.
    OpaqueRedirect,
}

impl<R> Response<R> {
    /// Fetch, main fetch, step 14.
    pub(super) fn filtered(request: &State, preflight: Preflight, response: http::Response<R>) -> Self {
        let (internal, body) = response.into_parts();
        let kind = match request.tainting {
            Tainting::Basic => ResponseType::Basic,
            Tainting::Cors => ResponseType::Cors,
        };
        let exposed = Exposed::by(request, &internal.headers);
        let headers = combined(&internal.headers, |name| {
            !is_forbidden(name.as_str())
                && (kind == ResponseType::Basic || SAFELISTED.contains(name) || exposed.contains(name))
        });
        Self {
            kind,
            url: request.current_url().to_string(),
            redirected: request.redirect_count() > 0,
            status: internal.status.as_u16(),
            headers,
            all_headers: internal.headers,
            credentialed: request.is_credentialed(),
            preflight,
            body,
        }
    }

    /// Fetch, "opaque-redirect filtered response".
    pub(super) fn opaque_redirect(
        request: &State,
        preflight: Preflight,
        response: http::Response<R>,
    ) -> Self {
        let filtered = Self::filtered(request, preflight, response);
        Self { kind: ResponseType::OpaqueRedirect, status: 0, headers: HeaderMap::new(), ..filtered }
    }

    /// `response.type`.
    #[must_use]
    pub fn response_type(&self) -> ResponseType {
        self.kind
    }

    /// `response.status`: 0 for [`ResponseType::OpaqueRedirect`].
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// `response.ok`: whether the status is one from 200 to 299.
    #[must_use]
    pub fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// `response.url`: the URL after all redirects.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `response.redirected`.
    #[must_use]
    pub fn redirected(&self) -> bool {
        self.redirected
    }

    /// Whether a preflight was sent, for this fetch with all its redirects.
    #[must_use]
    pub fn preflight(&self) -> Preflight {
        self.preflight
    }

    /// `response.headers`: those that the page can read. Each name is there once, its lines joined with `, `.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// `response.headers.get(name)`: the value of a header that the page can read, if it is visible ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The value of a header that the page must be able to read, or why it cannot.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] says whether the server did not send the header, or CORS hides it, and what to change.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use http::{Request as HttpRequest, Response};
    /// use tower_cors::browser::{Browser, Request};
    ///
    /// let mut app = tower::service_fn(|_: HttpRequest<String>| async {
    ///     let response = Response::builder().header("access-control-allow-origin", "*");
    ///     response.header("x-request-id", "7").header("content-type", "text/plain").body(())
    /// });
    ///
    /// let response = Browser::at("https://app.example.com").fetch(&mut app, Request::get("/")).await?;
    /// assert_eq!(response.readable("content-type")?, "text/plain");
    /// assert_eq!(
    ///     response.readable("x-request-id").unwrap_err().to_string(),
    ///     "the page cannot read `x-request-id`: add it to the exposed headers (`Access-Control-Expose-Headers`)"
    /// );
    /// # Ok(())
    /// # }
    /// ```
    pub fn readable(&self, name: &str) -> Result<&HeaderValue, Unreadable> {
        if let Some(value) = self.headers.get(name) {
            return Ok(value);
        }
        let shown = quoted(name.as_bytes());
        Err(if self.kind == ResponseType::OpaqueRedirect {
            Unreadable::OpaqueRedirect(shown)
        } else if is_forbidden(name) {
            Unreadable::Forbidden(shown)
        } else if !self.all_headers.contains_key(name) {
            Unreadable::Absent(shown)
        } else {
            match extract_list(&self.all_headers, &ACCESS_CONTROL_EXPOSE_HEADERS) {
                Err(_) => Unreadable::MalformedList(shown),
                Ok(Some(list)) if self.credentialed && list.iter().any(|name| name == "*") => {
                    Unreadable::Wildcard(shown)
                }
                Ok(_) => Unreadable::NotExposed(shown),
            }
        })
    }

    /// The body that the server sent.
    ///
    /// A script sees none of it for [`ResponseType::OpaqueRedirect`].
    #[must_use]
    pub fn body(&self) -> &R {
        &self.body
    }

    /// The body that the server sent, owned.
    #[must_use]
    pub fn into_body(self) -> R {
        self.body
    }
}

/// Why a page cannot read a header. Each has the name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// The response does not have it. CORS has no part in that.
    #[error("the response has no `{0}`: CORS hides nothing here, the server did not send it")]
    Absent(String),
    /// `Access-Control-Expose-Headers` does not list it.
    #[error("the page cannot read `{0}`: add it to the exposed headers (`Access-Control-Expose-Headers`)")]
    NotExposed(String),
    /// `Access-Control-Expose-Headers` is `*`, which does not count in the credentials mode "include".
    #[error(
        "the page cannot read `{0}`: `Access-Control-Expose-Headers: *` is no wildcard for requests with credentials, \
         list the name"
    )]
    Wildcard(String),
    /// `Access-Control-Expose-Headers` is no list of names, so that it exposes nothing.
    #[error(
        "the page cannot read `{0}`: `Access-Control-Expose-Headers` is no list of names, separated by commas"
    )]
    MalformedList(String),
    /// No script can ever read it: `Set-Cookie`.
    #[error("no script can read `{0}`, whatever the server says")]
    Forbidden(String),
    /// The response is a redirect, in the redirect mode "manual".
    #[error("the page cannot read `{0}`: a redirect that is not followed shows nothing")]
    OpaqueRedirect(String),
}

/// Fetch, "CORS-exposed header-name list".
enum Exposed {
    All,
    Listed(Vec<String>),
}

impl Exposed {
    /// Fetch, main fetch, step 14.1. A list that cannot be parsed exposes nothing.
    fn by(request: &State, response: &HeaderMap) -> Self {
        let list = extract_list(response, &ACCESS_CONTROL_EXPOSE_HEADERS).ok().flatten().unwrap_or_default();
        if !request.is_credentialed() && list.iter().any(|name| name == "*") {
            Self::All
        } else {
            Self::Listed(list)
        }
    }

    fn contains(&self, name: &HeaderName) -> bool {
        match self {
            Self::All => true,
            Self::Listed(list) => list.iter().any(|listed| listed.eq_ignore_ascii_case(name.as_str())),
        }
    }
}

/// The headers that `keep` names, each with its lines joined, as `Headers.get` does.
fn combined(headers: &HeaderMap, keep: impl Fn(&HeaderName) -> bool) -> HeaderMap {
    let kept = headers.keys().filter(|name| keep(name));
    kept.filter_map(|name| Some((name.clone(), HeaderValue::from_bytes(&get(headers, name)?).ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::request::Credentials::{self, Include, SameOrigin};
    use super::super::state::tests::state;
    use super::*;

    fn response(tainting: Tainting, credentials: Credentials, expose: &[&'static str]) -> Response<()> {
        let mut response = http::Response::new(());
        let lines = [
            ("cache-control", "no-store"),
            ("content-language", "en"),
            ("content-length", "0"),
            ("content-type", "text/plain"),
            ("expires", "0"),
            ("last-modified", "0"),
            ("pragma", "no-cache"),
            ("set-cookie", "a=1"),
            ("set-cookie2", "a=1"),
            ("x-a", "1"),
            ("x-a", "2"),
            ("*", "star"),
        ];
        for (name, value) in lines {
            response.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        for list in expose {
            response.headers_mut().append(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(list));
        }
        let mut request = state("https://a.example", &["https://b.example/x"], credentials);
        request.tainting = tainting;
        Response::filtered(&request, Preflight::NotNeeded, response)
    }

    #[test]
    fn a_page_reads_the_safelisted_headers_and_those_that_are_exposed() {
        const ALL: &[&str] = &["*", "access-control-expose-headers", "x-a"];
        let cases: &[(Credentials, &[&str], &[&str])] = &[
            (SameOrigin, &[], &[]),
            (SameOrigin, &[""], &[]),
            (SameOrigin, &["X-A"], &["x-a"]),
            (SameOrigin, &["x-b", "x-a, set-cookie, Set-Cookie2"], &["x-a"]),
            (SameOrigin, &["*"], ALL),
            (SameOrigin, &["x-b, *"], ALL),
            (SameOrigin, &["x-a x-b"], &[]),
            (SameOrigin, &["*", "x a"], &[]),
            (Include, &["x-a"], &["x-a"]),
            (Include, &["*"], &["*"]),
        ];
        for (credentials, expose, readable) in cases {
            let response = response(Tainting::Cors, *credentials, expose);
            let mut names: Vec<_> =
                response.headers().keys().filter(|name| !SAFELISTED.contains(name)).collect();
            names.sort_by_key(|name| name.as_str());
            assert_eq!(names, *readable, "{credentials:?} {expose:?}");
            assert!(SAFELISTED.iter().all(|name| response.headers().contains_key(name)));
        }
    }

    #[test]
    fn a_page_reads_all_headers_of_its_own_origin_but_cookies() {
        let response = response(Tainting::Basic, SameOrigin, &[]);
        assert_eq!(response.response_type(), ResponseType::Basic);
        assert_eq!(response.headers().len(), SAFELISTED.len() + 2);
        assert!(!response.headers().contains_key("set-cookie"));
    }

    #[test]
    fn lines_of_one_name_are_joined() {
        assert_eq!(response(Tainting::Cors, SameOrigin, &["x-a"]).header("X-A"), Some("1, 2"));
    }

    #[test]
    fn it_is_said_why_a_header_cannot_be_read() {
        let owned = ToOwned::to_owned;
        let cases = [
            (SameOrigin, &[][..], "x-b", Unreadable::Absent(owned("x-b"))),
            (SameOrigin, &[], "a b", Unreadable::Absent(owned("a b"))),
            (SameOrigin, &["x-b"], "x-a", Unreadable::NotExposed(owned("x-a"))),
            (SameOrigin, &["*"], "Set-Cookie", Unreadable::Forbidden(owned("Set-Cookie"))),
            (SameOrigin, &["x-a x-b"], "x-a", Unreadable::MalformedList(owned("x-a"))),
            (Include, &["*"], "x-a", Unreadable::Wildcard(owned("x-a"))),
        ];
        for (credentials, expose, name, reason) in cases {
            let response = response(Tainting::Cors, credentials, expose);
            assert_eq!(response.readable(name).err(), Some(reason), "{name} {expose:?}");
        }
    }

    #[test]
    fn an_opaque_redirect_shows_nothing() {
        let mut response = http::Response::new(());
        *response.status_mut() = http::StatusCode::FOUND;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        let request = state("https://a.example", &["https://a.example/"], SameOrigin);
        let response = Response::opaque_redirect(&request, Preflight::NotNeeded, response);
        assert_eq!((response.status(), response.ok(), response.headers().len()), (0, false, 0));
        let hidden = response.readable("content-type").unwrap_err();
        assert_eq!(hidden, Unreadable::OpaqueRedirect("content-type".to_owned()));
    }
}
