//! A request on its way: Fetch's "request", as far as CORS depends on it.

use http::{HeaderMap, Method};

use super::http_url::HttpUrl;
use super::modes::Credentials;
use super::origin::Origin;
use crate::browser::tables::safelist;

/// Fetch's "request", while it is fetched. Redirects change it.
#[derive(Debug, Clone)]
pub(in crate::browser) struct InFlight {
    /// The page's origin.
    pub(in crate::browser) origin: Origin,
    pub(in crate::browser) method: Method,
    /// The script's headers, and `Accept`. The browser adds its own headers when it sends a request.
    pub(in crate::browser) headers: HeaderMap,
    pub(in crate::browser) credentials: Credentials,
    pub(in crate::browser) use_cors_preflight: bool,
    pub(super) tainting: Tainting,
    current: HttpUrl,
    /// The URL list without its last URL.
    earlier: Vec<HttpUrl>,
}

/// Fetch, "response tainting".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tainting {
    Basic,
    Cors,
}

impl InFlight {
    pub(in crate::browser) fn new(
        origin: Origin,
        method: Method,
        url: HttpUrl,
        headers: HeaderMap,
        credentials: Credentials,
        use_cors_preflight: bool,
    ) -> Self {
        Self {
            origin,
            method,
            headers,
            credentials,
            use_cors_preflight,
            tainting: Tainting::Basic,
            current: url,
            earlier: Vec::new(),
        }
    }

    pub(in crate::browser) fn current_url(&self) -> &HttpUrl {
        &self.current
    }

    /// Fetch, "URL list".
    pub(super) fn url_list(&self) -> impl Iterator<Item = &HttpUrl> {
        self.earlier.iter().chain([&self.current])
    }

    pub(super) fn append_url(&mut self, url: HttpUrl) {
        self.earlier.push(std::mem::replace(&mut self.current, url));
    }

    /// Fetch, "redirect count".
    pub(super) fn redirect_count(&self) -> usize {
        self.earlier.len()
    }

    /// Fetch, "serializing a request origin".
    pub(super) fn serialized_origin(&self) -> String {
        if self.is_redirect_tainted() { "null".to_owned() } else { self.origin.to_string() }
    }

    /// Whether Fetch's "redirect-taint" is other than "same-origin": some URL in the chain had neither the page's origin
    /// nor the origin of the URL that it led to.
    fn is_redirect_tainted(&self) -> bool {
        self.url_list()
            .zip(self.url_list().skip(1))
            .any(|(last, url)| url.origin() != last.origin() && !self.origin.is_same_origin(last))
    }

    /// Whether the credentials mode is "include", which makes all checks stricter.
    pub(super) fn is_credentialed(&self) -> bool {
        self.credentials == Credentials::Include
    }

    /// Fetch, HTTP-network-or-cache fetch, step 8.3: whether cookies are sent with the request.
    pub(super) fn includes_credentials(&self) -> bool {
        match self.credentials {
            Credentials::Include => true,
            Credentials::SameOrigin => self.tainting == Tainting::Basic,
            Credentials::Omit => false,
        }
    }

    /// Fetch, "CORS-unsafe request-header names", with this request's header list.
    pub(super) fn unsafe_names(&self) -> Vec<String> {
        safelist::unsafe_names(&self.headers)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A request from `page` to the last of `urls`, by way of the others.
    pub(in super::super) fn by_way_of(page: &str, urls: &[&str], credentials: Credentials) -> InFlight {
        let mut urls = urls.iter().map(|url| HttpUrl::parse(url, None).unwrap());
        let mut request = InFlight::new(
            Origin::of_page(page).unwrap(),
            Method::GET,
            urls.next().unwrap(),
            HeaderMap::new(),
            credentials,
            false,
        );
        urls.for_each(|url| request.append_url(url));
        request
    }

    #[test]
    fn a_redirect_between_two_foreign_origins_makes_the_origin_null() {
        let (page, b, c) = ("https://a.example", "https://b.example", "https://c.example");
        let cases: &[(&[&str], &str)] = &[
            (&[b], page),
            (&[b, b], page),
            (&[page, b], page),
            (&[page, b, b], page),
            (&[b, c], "null"),
            (&[page, b, c], "null"),
            (&[b, page], "null"),
            (&[b, c, c], "null"),
            (&[page, b, page, b], "null"),
            (&[b, "http://b.example"], "null"),
            (&[b, "https://b.example:8443"], "null"),
        ];
        for (urls, origin) in cases {
            assert_eq!(
                by_way_of(page, urls, Credentials::SameOrigin).serialized_origin(),
                *origin,
                "{urls:?}"
            );
        }
        assert_eq!(by_way_of("null", &[b], Credentials::SameOrigin).serialized_origin(), "null");
    }

    #[test]
    fn credentials_follow_the_mode_and_the_tainting() {
        use Credentials::{Include, Omit, SameOrigin};
        use Tainting::{Basic, Cors};
        for (mode, tainting, included) in [
            (Include, Basic, true),
            (Include, Cors, true),
            (SameOrigin, Basic, true),
            (SameOrigin, Cors, false),
            (Omit, Basic, false),
            (Omit, Cors, false),
        ] {
            let mut request = by_way_of("https://a.example", &["https://b.example"], mode);
            request.tainting = tainting;
            assert_eq!(request.includes_credentials(), included, "{mode:?} {tainting:?}");
        }
    }
}
