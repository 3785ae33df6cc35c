//! Filtered responses: what a script may see of a response.

use http::header::ACCESS_CONTROL_EXPOSE_HEADERS;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::header_list::{extract_list, get};
use super::in_flight::{InFlight, Tainting};
use super::stage::Preflight;
use crate::browser::tables::forbidden::is_response_header_name as is_forbidden;
use crate::browser::tables::safelist;

/// How much of a response a script sees: `response.type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseType {
    /// From the page's own origin: everything except cookies.
    Basic,
    /// From another origin, which allowed it: the safelisted headers and the exposed ones.
    Cors,
    /// A redirect that is not followed, in the redirect mode "manual": nothing.
    OpaqueRedirect,
}

/// Fetch, "filtered response".
#[derive(Debug, Clone)]
pub(in crate::browser) struct Filtered<R> {
    pub(in crate::browser) kind: ResponseType,
    pub(in crate::browser) url: String,
    pub(in crate::browser) redirected: bool,
    /// The status that the server sent. A script sees 0 for an opaque redirect.
    pub(in crate::browser) status: StatusCode,
    /// The headers that a script can read, each with its lines joined.
    pub(in crate::browser) headers: HeaderMap,
    /// All headers that the server sent, to explain why the page cannot read one.
    pub(in crate::browser) all_headers: HeaderMap,
    pub(in crate::browser) credentialed: bool,
    pub(in crate::browser) preflight: Preflight,
    pub(in crate::browser) body: R,
}

impl<R> Filtered<R> {
    /// Fetch, main fetch, step 14.
    pub(super) fn new(request: &InFlight, preflight: Preflight, response: http::Response<R>) -> Self {
        let (internal, body) = response.into_parts();
        let kind = match request.tainting {
            Tainting::Basic => ResponseType::Basic,
            Tainting::Cors => ResponseType::Cors,
        };
        let exposed = Exposed::by(request, &internal.headers);
        let headers = combined(&internal.headers, |name| {
            !is_forbidden(name.as_str())
                && (kind == ResponseType::Basic
                    || safelist::RESPONSE_HEADERS.contains(name)
                    || exposed.contains(name))
        });
        Self {
            kind,
            url: request.current_url().to_string(),
            redirected: request.redirect_count() > 0,
            status: internal.status,
            headers,
            all_headers: internal.headers,
            credentialed: request.is_credentialed(),
            preflight,
            body,
        }
    }

    /// Fetch, "opaque-redirect filtered response".
    pub(super) fn opaque_redirect(
        request: &InFlight,
        preflight: Preflight,
        response: http::Response<R>,
    ) -> Self {
        let filtered = Self::new(request, preflight, response);
        Self { kind: ResponseType::OpaqueRedirect, headers: HeaderMap::new(), ..filtered }
    }
}

/// Fetch, "CORS-exposed header-name list".
enum Exposed {
    All,
    Listed(Vec<String>),
}

impl Exposed {
    /// Fetch, main fetch, step 14.1. A list that cannot be parsed exposes nothing.
    fn by(request: &InFlight, response: &HeaderMap) -> Self {
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

/// The headers that `keep` accepts, each with its lines joined, as `Headers.get` does.
fn combined(headers: &HeaderMap, keep: impl Fn(&HeaderName) -> bool) -> HeaderMap {
    let kept = headers.keys().filter(|name| keep(name));
    kept.filter_map(|name| Some((name.clone(), HeaderValue::from_bytes(&get(headers, name)?).ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::in_flight::tests::by_way_of;
    use super::super::modes::Credentials::{self, Include, SameOrigin};
    use super::safelist::RESPONSE_HEADERS;
    use super::*;

    fn response(tainting: Tainting, credentials: Credentials, expose: &[&'static str]) -> Filtered<()> {
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
        let mut request = by_way_of("https://a.example", &["https://b.example/x"], credentials);
        request.tainting = tainting;
        Filtered::new(&request, Preflight::NotNeeded, response)
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
                response.headers.keys().filter(|name| !RESPONSE_HEADERS.contains(name)).collect();
            names.sort_by_key(|name| name.as_str());
            assert_eq!(names, *readable, "{credentials:?} {expose:?}");
            assert!(RESPONSE_HEADERS.iter().all(|name| response.headers.contains_key(name)));
        }
    }

    #[test]
    fn a_page_reads_all_headers_of_its_own_origin_but_cookies() {
        let response = response(Tainting::Basic, SameOrigin, &[]);
        assert_eq!(response.kind, ResponseType::Basic);
        assert_eq!(response.headers.len(), RESPONSE_HEADERS.len() + 2);
        assert!(!response.headers.contains_key("set-cookie"));
    }

    #[test]
    fn lines_of_one_name_are_joined() {
        assert_eq!(response(Tainting::Cors, SameOrigin, &["x-a"]).headers["x-a"], "1, 2");
    }

    #[test]
    fn an_opaque_redirect_shows_nothing() {
        let mut response = http::Response::new(());
        *response.status_mut() = StatusCode::FOUND;
        response.headers_mut().insert("x-a", HeaderValue::from_static("1"));
        let request = by_way_of("https://a.example", &["https://a.example/"], SameOrigin);
        let filtered = Filtered::opaque_redirect(&request, Preflight::NotNeeded, response);
        assert_eq!((filtered.kind, filtered.status), (ResponseType::OpaqueRedirect, StatusCode::FOUND));
        assert_eq!((filtered.headers.len(), filtered.all_headers.len()), (0, 1));
    }
}
