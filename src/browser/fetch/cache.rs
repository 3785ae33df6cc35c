//! The CORS-preflight cache: what the answers to earlier preflights allow.

use std::time::Duration;

use super::http_url::HttpUrl;
use super::in_flight::InFlight;

/// Fetch, "CORS-preflight cache". Only one page fills it, so the network partition key is always the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Cache {
    entries: Vec<Entry>,
}

/// What the answer to a preflight allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) methods: Vec<String>,
    pub(super) header_names: Vec<String>,
    pub(super) max_age: Duration,
}

/// Fetch, "cache entry".
#[derive(Debug, Clone)]
struct Entry {
    origin: String,
    url: HttpUrl,
    credentials: bool,
    permitted: Permitted,
    /// When its max-age is over, on the browser's clock.
    expires: Duration,
}

/// A method or a header name, or `*` for either.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Permitted {
    Method(String),
    HeaderName(String),
}

impl Cache {
    /// Fetch, "method cache entry match".
    pub(super) fn matches_method(&self, request: &InFlight, now: Duration) -> bool {
        self.matches(request, now, |permitted| {
            matches!(permitted, Permitted::Method(method) if method == "*" || method == request.method.as_str())
        })
    }

    /// Fetch, "header-name cache entry match". A wildcard does not cover `Authorization`.
    pub(super) fn matches_header_name(&self, name: &str, request: &InFlight, now: Duration) -> bool {
        self.matches(request, now, |permitted| match permitted {
            Permitted::HeaderName(permitted) if permitted == "*" => name != "authorization",
            Permitted::HeaderName(permitted) => permitted.eq_ignore_ascii_case(name),
            Permitted::Method(_) => false,
        })
    }

    /// Fetch, CORS-preflight fetch, steps 7.12 to 7.15.
    ///
    /// An existing entry is renewed: it lives for the new max-age from now on, as in browsers (the standard does not say
    /// from when). A wildcard in the answer to a credentialed request is not stored: it did not count for that request, but
    /// the standard would match it as a wildcard later on. Browsers do not do that, and may forget entries at any time.
    pub(super) fn store(&mut self, request: &InFlight, grant: Grant, now: Duration) {
        let expires = now.saturating_add(grant.max_age);
        let origin = request.serialized_origin();
        let (url, credentials) = (request.current_url(), request.is_credentialed());
        self.entries.retain(|entry| entry.expires > now);
        let methods = grant.methods.into_iter().map(Permitted::Method);
        let header_names = grant.header_names.into_iter().map(Permitted::HeaderName);
        for permitted in methods.chain(header_names) {
            let (Permitted::Method(name) | Permitted::HeaderName(name)) = &permitted;
            if name == "*" && credentials {
                continue;
            }
            self.entries.retain(|entry| {
                let is_same = entry.permitted == permitted && entry.credentials == credentials;
                !(is_same && entry.is_for(&origin, url))
            });
            let (origin, url) = (origin.clone(), url.clone());
            self.entries.push(Entry { origin, url, credentials, permitted, expires });
        }
    }

    /// Fetch, "clear cache entries".
    pub(super) fn clear(&mut self, request: &InFlight) {
        let origin = request.serialized_origin();
        self.entries.retain(|entry| !entry.is_for(&origin, request.current_url()));
    }

    /// Fetch, "cache entry match".
    fn matches(&self, request: &InFlight, now: Duration, permits: impl Fn(&Permitted) -> bool) -> bool {
        let origin = request.serialized_origin();
        self.entries.iter().any(|entry| {
            entry.expires > now
                && entry.is_for(&origin, request.current_url())
                && (entry.credentials || !request.is_credentialed())
                && permits(&entry.permitted)
        })
    }
}

impl Entry {
    fn is_for(&self, origin: &str, url: &HttpUrl) -> bool {
        self.origin == origin && self.url == *url
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::super::in_flight::tests::by_way_of;
    use super::super::modes::Credentials::{self, Include, Omit, SameOrigin};
    use super::*;

    const PAGE: &str = "https://app.example.com";
    const SERVER: &str = "https://api.example.com/a";
    const MINUTE: Duration = Duration::from_secs(60);

    fn request(page: &str, url: &str, credentials: Credentials, method: Method) -> InFlight {
        let mut request = by_way_of(page, &[url], credentials);
        request.method = method;
        request
    }

    fn filled(credentials: Credentials, methods: &[&str], header_names: &[&str]) -> Cache {
        let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect();
        let mut cache = Cache::default();
        let grant = Grant { methods: owned(methods), header_names: owned(header_names), max_age: MINUTE };
        cache.store(&request(PAGE, SERVER, credentials, Method::PUT), grant, Duration::ZERO);
        cache
    }

    #[test]
    fn an_entry_is_for_one_origin_url_and_method() {
        let cache = filled(SameOrigin, &["PUT"], &[]);
        for (page, url, method, found) in [
            (PAGE, SERVER, Method::PUT, true),
            (PAGE, SERVER, Method::DELETE, false),
            ("https://other.example", SERVER, Method::PUT, false),
            ("null", SERVER, Method::PUT, false),
            (PAGE, "https://api.example.com/b", Method::PUT, false),
            (PAGE, "https://api.example.com/a?q", Method::PUT, false),
            (PAGE, "https://api.example.com/a#f", Method::PUT, true),
        ] {
            let request = request(page, url, SameOrigin, method.clone());
            assert_eq!(cache.matches_method(&request, Duration::ZERO), found, "{page} {url} {method}");
        }
    }

    #[test]
    fn an_entry_stored_without_credentials_does_not_serve_a_request_with_them() {
        for (stored, used, found) in [
            (SameOrigin, Omit, true),
            (Omit, SameOrigin, true),
            (Include, SameOrigin, true),
            (Include, Include, true),
            (SameOrigin, Include, false),
        ] {
            let cache = filled(stored, &["PUT"], &[]);
            let request = request(PAGE, SERVER, used, Method::PUT);
            assert_eq!(cache.matches_method(&request, Duration::ZERO), found, "{stored:?} {used:?}");
        }
    }

    #[test]
    fn header_names_match_in_any_case_and_a_wildcard_stands_for_all_but_authorization() {
        for (stored, name, found) in [
            ("X-A", "x-a", true),
            ("x-a", "x-b", false),
            ("*", "x-b", true),
            ("*", "authorization", false),
            ("Authorization", "authorization", true),
        ] {
            let cache = filled(SameOrigin, &[], &[stored]);
            let request = request(PAGE, SERVER, SameOrigin, Method::GET);
            assert_eq!(cache.matches_header_name(name, &request, Duration::ZERO), found, "{stored} {name}");
        }
    }

    #[test]
    fn a_wildcard_is_kept_without_credentials_only() {
        let plain = request(PAGE, SERVER, SameOrigin, Method::DELETE);
        assert!(filled(SameOrigin, &["*"], &[]).matches_method(&plain, Duration::ZERO));
        let with_credentials = request(PAGE, SERVER, Include, Method::DELETE);
        assert!(!filled(Include, &["*", "PUT"], &[]).matches_method(&with_credentials, Duration::ZERO));
    }

    #[test]
    fn an_entry_lives_as_long_as_its_max_age() {
        let cache = filled(SameOrigin, &["PUT"], &["x-a"]);
        let request = request(PAGE, SERVER, SameOrigin, Method::PUT);
        assert!(cache.matches_method(&request, Duration::from_secs(59)));
        assert!(!cache.matches_method(&request, MINUTE));
        assert!(!cache.matches_header_name("x-a", &request, MINUTE));
    }

    #[test]
    fn storing_again_renews_an_entry() {
        let mut cache = filled(SameOrigin, &["PUT"], &[]);
        let request = request(PAGE, SERVER, SameOrigin, Method::PUT);
        let grant = |max_age| Grant { methods: vec!["PUT".to_owned()], header_names: Vec::new(), max_age };
        cache.store(&request, grant(MINUTE), MINUTE / 2);
        assert!(cache.matches_method(&request, MINUTE));
        assert_eq!(cache.entries.len(), 1);
        cache.store(&request, grant(Duration::ZERO), MINUTE);
        assert!(!cache.matches_method(&request, MINUTE));
    }

    #[test]
    fn what_has_expired_is_removed() {
        let mut cache = filled(SameOrigin, &["PUT"], &["x-a"]);
        let request = request(PAGE, SERVER, SameOrigin, Method::PUT);
        let grant = Grant { methods: vec!["DELETE".to_owned()], header_names: Vec::new(), max_age: MINUTE };
        cache.store(&request, grant, MINUTE);
        assert_eq!(cache.entries.len(), 1);
    }

    #[test]
    fn clearing_removes_what_is_for_the_same_origin_and_url() {
        let mut cache = filled(Include, &["PUT"], &["x-a"]);
        let put = request(PAGE, SERVER, SameOrigin, Method::PUT);
        cache.clear(&request("https://other.example", SERVER, SameOrigin, Method::PUT));
        cache.clear(&request(PAGE, "https://api.example.com/b", SameOrigin, Method::PUT));
        assert!(cache.matches_method(&put, Duration::ZERO));
        cache.clear(&put);
        assert!(!cache.matches_method(&put, Duration::ZERO));
        assert!(cache.entries.is_empty());
    }
}
